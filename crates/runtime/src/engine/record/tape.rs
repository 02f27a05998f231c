//! Where what happens is noted: by each shard's worker in the order in which it happened to it, and by the whole engine.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use voidstate_core::SeriesId;

use super::wire::{Call, ENGINE_TAPE, Entry, Op, Spoken};
use super::writer::Tapes;
use crate::engine::batch::Batch;
use crate::engine::lock;
use crate::engine::sessions::weigh_all;

/// After so many bytes, or so long, a tape is handed to the writer.
const FLUSH_BYTES: usize = 64 << 10;
const FLUSH_EVERY: Duration = Duration::from_millis(200);

/// Something noted, before it is made small.
#[derive(Debug)]
pub(crate) enum Note {
    Batch(u64, Arc<Batch>),
    Entry(Entry),
}

impl Note {
    /// About how many bytes it holds in memory.
    fn weight(&self) -> usize {
        let entry = match self {
            Self::Batch(_, batch) => {
                return 64 + batch.points.len() * 24 + batch.others.len() * 256;
            }
            Self::Entry(entry) => entry,
        };
        64 + match entry {
            Entry::Call { call, .. } | Entry::Finish { call, .. } => weight_of(call),
            Entry::Made { saved, .. } => 256 + saved.as_ref().map_or(0, Vec::len),
            Entry::Slot(slot) => 512 + slot.saved.as_ref().map_or(0, Vec::len),
            Entry::Said(_) => 1024,
            Entry::Series(_) | Entry::Refined { .. } | Entry::Reconfigured { .. } => 256,
            _ => 0,
        }
    }
}

fn weight_of(call: &Call) -> usize {
    let weigh = |op: &Op| match op {
        Op::ReadState {
            answer: Ok(Some(bytes)),
            ..
        }
        | Op::ReadFile {
            answer: Ok(bytes), ..
        } => 64 + bytes.len(),
        Op::Emit(_) => 1024,
        // Rows are counted coarsely: a store's answers are kept whole.
        Op::ReadStore {
            answer: Ok(rows), ..
        } => 64 + rows.weight(),
        Op::Session {
            answer: Ok(Spoken::Received(Some(message))),
            ..
        } => 128 + weigh_all(&message.payload),
        _ => 64,
    };
    call.ops.iter().map(weigh).sum()
}

/// What was noted and not yet handed on.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) tape: u32,
    pub(crate) through: u64,
    pub(crate) notes: Vec<(u64, Note)>,
    pub(crate) weight: usize,
}

impl Pending {
    pub(crate) const fn new(tape: u32) -> Self {
        Self {
            tape,
            through: 0,
            notes: Vec::new(),
            weight: 0,
        }
    }

    pub(crate) fn add(&mut self, position: u64, note: Note) {
        self.weight += note.weight();
        self.notes.push((position, note));
    }

    pub(crate) fn take(&mut self) -> Self {
        let tape = self.tape;
        std::mem::replace(self, Self::new(tape))
    }
}

/// The tape of one shard. Written by whoever works for the shard: its worker, a successor, or the watchdog between the two.
#[derive(Debug)]
pub(crate) struct ShardTape {
    pending: Mutex<Pending>,
    flushed: Mutex<Instant>,
    /// Which edition of what is known of a series was last seen here; the first where it is not in it.
    editions: Mutex<HashMap<SeriesId, u32>>,
}

/// The edition of a series that is taken for granted.
pub(crate) const FIRST_EDITION: u32 = 1;

impl ShardTape {
    pub(crate) fn new(shard: usize) -> Self {
        Self {
            pending: Mutex::new(Pending::new(
                u32::try_from(shard).unwrap_or(ENGINE_TAPE - 1),
            )),
            flushed: Mutex::new(Instant::now()),
            editions: Mutex::default(),
        }
    }

    pub(crate) fn note(&self, position: u64, note: Note) {
        lock(&self.pending).add(position, note);
    }

    /// Notes what a call did, and takes over the editions that it saw.
    pub(crate) fn note_call(&self, position: u64, slot: u32, call: Call, is_finish: bool) {
        for op in &call.ops {
            if let Op::Series { series, edition } = op {
                lock(&self.editions).insert(*series, *edition);
            }
        }
        let entry = if is_finish {
            Entry::Finish { slot, call }
        } else {
            Entry::Call { slot, call }
        };
        self.note(position, Note::Entry(entry));
    }

    pub(crate) fn edition(&self, series: SeriesId) -> u32 {
        let editions = lock(&self.editions);
        editions.get(&series).copied().unwrap_or(FIRST_EDITION)
    }

    pub(crate) fn set_edition(&self, series: SeriesId, edition: u32) {
        lock(&self.editions).insert(series, edition);
    }

    /// Hands on what was noted when there is much of it, or some for a while. Everything up to `through` must be there.
    pub(crate) fn flush_in_time(&self, tapes: &Tapes, through: u64) {
        let (weight, is_empty) = {
            let pending = lock(&self.pending);
            (pending.weight, pending.notes.is_empty())
        };
        let is_due = weight >= FLUSH_BYTES || lock(&self.flushed).elapsed() >= FLUSH_EVERY;
        if is_due && !is_empty {
            self.flush(tapes, through);
        }
    }

    pub(crate) fn flush(&self, tapes: &Tapes, through: u64) {
        *lock(&self.flushed) = Instant::now();
        let mut pending = lock(&self.pending).take();
        pending.through = through;
        tapes.push(pending);
    }
}
