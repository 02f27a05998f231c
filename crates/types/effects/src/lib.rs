//! Effects: one program text, many interpretations.

#![forbid(unsafe_code)]

mod cap;
mod direct;
mod error;
mod interp;
mod journal;
mod member;
mod record;
mod replay;
mod row;
pub mod standard;

pub use cap::{Cap, Narrow, Perform};
pub use direct::{Direct, direct};
pub use error::Error;
pub use interp::{Answer, End, Flow, Handler, Interp, MayAbort, On, answer, flow};
pub use journal::{Encoder, Entry, Journal, Journalled, Key, Outcome, Recordable, TEXT_BYTES_MAX};
pub use member::{Embed, Has, Here, There};
pub use record::Record;
pub use replay::{Cursor, Replay, replay};
pub use row::{Cons, Effect, Nil, ROW_EFFECTS_MAX, Row, RowEffects, Sum, Void};
