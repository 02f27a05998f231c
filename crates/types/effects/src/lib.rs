//! Effects: one program text, many interpretations.

#![forbid(unsafe_code)]

mod asynchronous;
mod branch;
mod cap;
mod direct;
mod erased;
mod error;
mod fault;
mod interp;
mod journal;
mod limit;
mod member;
mod record;
mod replay;
mod row;
mod seeded;
mod send;
mod simulated;
pub mod standard;
mod suspended;
mod trace;
mod with;

pub use asynchronous::{
    Async, AsyncAnswer, AsyncHandler, AsyncInterp, SendAsyncInterp, answer_async, run_async,
};
pub use branch::{Branch, Difference, What, compare};
pub use cap::{Cap, Narrow, Perform};
pub use direct::{Direct, direct};
pub use erased::{DynCap, Erased, Program, program};
pub use error::Error;
pub use fault::{Fault, Faulty, FaultyRow};
pub use interp::{Answer, End, Flow, Handler, Interp, MayAbort, On, answer, flow};
pub use journal::{Encoder, Entry, Journal, Journalled, Key, Outcome, Recordable, TEXT_BYTES_MAX};
pub use limit::Limit;
pub use member::{Embed, Has, Here, There};
pub use record::Record;
pub use replay::{Cursor, Replay, replay};
pub use row::{Cons, Effect, Nil, ROW_EFFECTS_MAX, Row, RowEffects, Shown, Sum, Void};
pub use send::{SendCap, SendPerform};
pub use simulated::{Settings, Simulated};
pub use suspended::{Exchange, Local, Resume, Shared, Suspended, Turn, suspend, suspend_send};
pub use trace::{Trace, Traced};
pub use with::{SendHandler, With};
