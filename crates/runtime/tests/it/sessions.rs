//! Tools that talk in declared sessions.

pub(crate) mod kit;
mod lives;
mod refusals;
mod replays;
