//! Protocols, endpoints, channels.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod endpoints;
