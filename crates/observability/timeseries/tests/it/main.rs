//! The store from outside.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::float_cmp, reason = "what is stored comes back bit for bit")]
#![allow(clippy::cast_possible_truncation, reason = "small numbers")]

mod basics;
mod damage;
mod findings;
mod full;
mod golden;
mod help;
mod kill;
mod model;
mod retention;
mod soak;
mod threads;
mod ui;
