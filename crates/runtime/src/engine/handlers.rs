//! What stands behind the tools' contexts.

use std::collections::BTreeMap;
use std::sync::Arc;

use voidstate_core::{ManualClock, Timestamp};

/// Files by path.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// What stands behind the effects of the tools; [`EngineBuilder::record`](super::EngineBuilder::record) notes what either
/// answers, and [`Replay`](super::Replay) answers from the notes.
#[non_exhaustive]
#[derive(Debug, Clone, Default)]
pub enum Handlers {
    /// The machine: its clock, its files; state and store as the builder was told.
    #[default]
    Production,
    /// Nothing of the machine, so that every run is the same.
    Test(TestWorld),
}

/// A world for tests: a clock that moves when told to, files in memory, state that begins empty. Random numbers come from
/// the builder's seed, here as in production.
#[derive(Debug, Clone)]
pub struct TestWorld {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) files: Files,
}

impl TestWorld {
    /// A world whose clock stands at `start`, without files.
    #[must_use]
    pub fn at(start: Timestamp) -> Self {
        Self {
            clock: Arc::new(ManualClock::new(start)),
            files: Files::new(),
        }
    }

    /// Adds a file; tools still need the permission to read it.
    #[must_use]
    pub fn file(mut self, path: &str, content: &[u8]) -> Self {
        self.files.insert(path.to_owned(), content.to_vec());
        self
    }

    /// Its clock, to move it.
    #[must_use]
    pub fn clock(&self) -> Arc<ManualClock> {
        Arc::clone(&self.clock)
    }
}
