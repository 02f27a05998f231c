//! Tool registry, hook bus, lifecycle and engine.
#![deny(unsafe_code)]

mod bus;
mod error;
mod registry;

pub use bus::{
    CallbackId, CallbackInfo, CallbackSpec, Hook, HookBus, LatencySummary, Ticket, Waited,
};
pub use error::{Error, Result};
pub use registry::ToolRegistry;
