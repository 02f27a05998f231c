//! Protocols, endpoints, channels.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test owns its threads, files and sockets"
)]

mod cancelled;
mod crashes;
mod delegation;
mod endpoints;
mod families;
mod files;
mod hostile;
mod limits;
mod monitored;
mod protocols;
mod simulated;
mod transports;
mod ui;
