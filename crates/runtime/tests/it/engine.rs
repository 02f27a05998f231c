//! The engine, from outside.

mod flow;
mod hangs;
mod kit;
mod lives;
mod memory;
mod model;
mod saving;
