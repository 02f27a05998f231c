//! Channels of tokio: its mpsc, framed streams such as TCP, and its clock.

mod framed;
mod mpsc;
mod time;
#[cfg(feature = "tls")]
pub mod tls;

pub use framed::{Framed, framed};
pub use mpsc::{Mpsc, mpsc};
pub use time::TokioClock;
