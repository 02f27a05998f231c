//! Integration tests of the runtime.

mod bus;
mod engine;
