//! The engine, from outside.

mod flow;
mod hangs;
mod kit;
mod lives;
pub(crate) mod memory;
mod model;
mod saving;
mod typed;
