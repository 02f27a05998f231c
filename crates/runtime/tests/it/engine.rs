//! The engine, from outside.

pub(crate) mod flow;
mod hangs;
pub(crate) mod kit;
mod lives;
pub(crate) mod memory;
mod model;
mod saving;
mod typed;
mod upgrade;
