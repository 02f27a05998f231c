//! Session types.
#![forbid(unsafe_code)]

pub mod blocking;
mod channel;
mod clock;
mod error;
mod link;
pub mod memory;
pub mod monitor;
pub mod simulated;
#[cfg(feature = "tokio")]
pub mod tokio;
pub mod wire;

pub use channel::{BoxChannel, Channel, Labelled, Leaving};
pub use clock::{Clock, ManualClock};
pub use error::{Error, Fault};
pub use link::{Heard, Link, Role, STASH_MESSAGES_MAX};
pub use voidstate_session_macros::{protocol, protocol_file};
