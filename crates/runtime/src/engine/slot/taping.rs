//! A slot's calls while they are recorded or replayed.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use voidstate_core::{Result, SeriesId, SeriesInfo};

use super::{Kind, Slot};
use crate::bus::{CallbackId, CallbackSpec};
use crate::engine::frame::{Frame, Scratch};
use crate::engine::lock;
use crate::engine::record::{Call, Divergence, Entry, Mode, SlotEntry, meta_hash};
use crate::engine::shard::Shard;

impl Slot {
    /// Whether it is called at this position, decided once for each position and noted when it changes.
    #[cold]
    pub(super) fn is_called_at(&self, frame: &Frame) -> bool {
        let position = frame.position.get();
        if self.seen_at.load(Ordering::Relaxed) == position {
            return self.seen_active.load(Ordering::Relaxed);
        }
        self.seen_at.store(position, Ordering::Relaxed);
        let is_active = self.is_active();
        if self.seen_active.swap(is_active, Ordering::Relaxed) != is_active {
            let slot = self.number;
            frame.note(|| Entry::Flip { slot, is_active });
        }
        is_active
    }

    /// Begins the journal of a call.
    #[cold]
    pub(super) fn open_journal(&self, frame: &Frame, scratch: &Scratch) {
        if frame.mode == Mode::Recording {
            return scratch.journal.record();
        }
        let here = frame.here.borrow_mut().calls.remove(&self.number);
        let call = here.unwrap_or_default();
        frame.here.borrow_mut().is_failed = call.is_failed;
        scratch.journal.replay(call.ops);
    }

    /// Notes, or compares, what a call did that somebody waited for.
    #[cold]
    pub(super) fn close_journal(
        &self,
        frame: &Frame,
        kind: Kind,
        is_failed: bool,
        scratch: &Scratch,
    ) {
        if frame.mode == Mode::Replaying {
            return self.compare(frame, is_failed, scratch);
        }
        let ops = scratch.journal.take();
        let is_finish = kind == Kind::Finish;
        if ops.is_empty() && !is_failed && !is_finish {
            return;
        }
        if let Some(tape) = frame.tape() {
            let call = Call { ops, is_failed };
            tape.note_call(frame.position.get(), self.number, call, is_finish);
        }
    }

    /// Notes that what did its work went away, in a call or between calls.
    #[cold]
    pub(super) fn note_gone(&self, frame: &Frame, is_call: bool) {
        let slot = self.number;
        frame.note(|| Entry::Abandoned { slot, is_call });
    }

    fn compare(&self, frame: &Frame, is_failed: bool, scratch: &Scratch) {
        let mut here = frame.here.borrow_mut();
        let outcome = |is_failed| {
            if is_failed {
                "a failure for which it is suspended"
            } else {
                "no such failure"
            }
        };
        let difference = scratch.journal.divergence().or_else(|| {
            (here.is_failed != is_failed).then(|| {
                (
                    outcome(here.is_failed).to_owned(),
                    outcome(is_failed).to_owned(),
                )
            })
        });
        if let Some((recorded, replayed)) = difference {
            here.divergence.get_or_insert(Divergence {
                tool: self.meta.id.clone(),
                shard: self.shard,
                call: frame.position.get(),
                recorded,
                replayed,
            });
        }
    }

    /// What a recorded or replayed call sees of a series.
    #[cold]
    pub(crate) fn series_at<'f>(
        &self,
        frame: &'f Frame,
        scratch: &Scratch,
        id: SeriesId,
    ) -> Option<&'f SeriesInfo> {
        let names = &frame.shared.names;
        let tape = frame.shard.tape.as_ref()?;
        if frame.mode == Mode::Recording {
            let (edition, info) = names.edition(id);
            scratch.journal.saw(id, tape.edition(id), edition);
            return info;
        }
        if let Some(edition) = scratch.journal.edition(id) {
            tape.set_edition(id, edition);
        }
        names.info_at(id, tape.edition(id))
    }

    /// What is noted of it when it is put in.
    pub(crate) fn entry(&self, saved: Option<Vec<u8>>) -> Entry {
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Entry::Slot(Box::new(SlotEntry {
            number: self.number,
            tool: self.meta.id.clone(),
            version: self.meta.version.clone(),
            meta_hash: meta_hash(&*self.factory),
            shard: small(self.shard),
            placement: (small(self.placement.shard), small(self.placement.shards)),
            dependencies: self.dependencies.iter().map(|slot| slot.number).collect(),
            config: lock(&self.config).values().clone(),
            saved,
        }))
    }

    /// Has the slot called where its tool subscribes. Nothing is left behind when that fails.
    pub(crate) fn subscribe(self: &Arc<Self>, shard: &Shard) -> Result<Vec<CallbackId>> {
        let mut callbacks = Vec::new();
        for subscription in &self.meta.subscriptions {
            let mut after = subscription.after.clone();
            after.extend(self.meta.dependencies.iter().cloned());
            let spec = CallbackSpec {
                owner: self.meta.id.clone(),
                pattern: subscription.pattern.clone(),
                priority: subscription.priority,
                after,
            };
            let called = Arc::clone(self);
            let subscribed = shard
                .bus
                .subscribe(spec, move |frame: &Frame| called.observe(frame));
            match subscribed {
                Ok(id) => callbacks.push(id),
                Err(error) => {
                    for id in callbacks {
                        // A callback that is gone already is what is wanted.
                        let _ = shard.bus.unregister(id);
                    }
                    return Err(error.into());
                }
            }
        }
        Ok(callbacks)
    }
}
