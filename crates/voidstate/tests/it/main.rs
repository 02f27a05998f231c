//! The program as its users meet it, and the rooms as they fit together.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod analyze;
mod equiv;
mod hardship;
mod isolation;
mod papers;
mod program;
mod quiet;
mod records;
mod replay;
mod settings;
mod tools;
mod watch;
