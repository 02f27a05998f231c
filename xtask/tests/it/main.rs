//! The program as it is called, on workspaces made for the purpose.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod ci;
mod layers;
mod new;
mod scratch;
mod ways_round;
