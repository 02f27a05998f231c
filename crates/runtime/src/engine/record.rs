//! Recording what happens to an engine, and replaying it.
//!
//! While recording, each shard's worker notes what happens to it in the order in which it happens: batches, ticks, when a
//! tool is called and when not any more, what a call asked through its context and what it was answered, instances made,
//! reconfigured, saved, dropped and abandoned. What concerns the whole engine (names, tools put in, losses, what it says of
//! itself) goes to a tape of its own, which is always written first. Replaying drives the same calls from the tapes: every
//! decision is imposed, every answer read, and the first operation that differs is told.

mod fault;
mod journal;
mod outcome;
mod pack;
mod player;
mod ration;
mod reader;
mod store;
mod tape;
mod wire;
mod writer;

pub(crate) use fault::{Fault, interned};
pub(crate) use journal::{Journal, hash64};
pub use outcome::{Divergence, Ending, Replayed};
pub use player::Replay;
pub(crate) use player::meta_hash;
pub(crate) use ration::Rationed;
pub use reader::Recording;
pub(crate) use store::JournalledStore;
pub(crate) use tape::{Note, ShardTape};
pub(crate) use wire::{Call, Entry, Rows, SlotEntry, Spoken};
pub use wire::{Head, Settings};
pub(crate) use writer::Tapes;
pub use writer::{Recorder, RecordingState};

/// Whether an engine lives, lives and is recorded, or lives again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Live,
    Recording,
    Replaying,
}

/// What a replay brings for the firing at hand, and what came of it.
#[derive(Debug, Default)]
pub(crate) struct Here {
    /// What was recorded of the calls at this position, by slot.
    pub(crate) calls: std::collections::BTreeMap<u32, Call>,
    /// Whether the call under way was recorded as failed.
    pub(crate) is_failed: bool,
    pub(crate) divergence: Option<Divergence>,
}

/// Ends the recording when the engine is gone, and tools that would outlive it elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Finisher(
    pub(crate) Option<std::sync::Arc<Tapes>>,
    pub(crate) std::sync::Weak<super::shared::Shared>,
);

impl Drop for Finisher {
    fn drop(&mut self) {
        if let Some(tapes) = &self.0 {
            let _ = tapes.finish();
        }
        // Handles keep what is shared, and what is shared keeps the tools.
        for slot in self
            .1
            .upgrade()
            .iter()
            .flat_map(|shared| shared.tools.all_slots())
        {
            slot.let_go();
        }
    }
}
