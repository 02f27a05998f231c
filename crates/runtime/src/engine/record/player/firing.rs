//! What happens to one shard, in order: batches and ticks are fired, calls answered and compared.

use std::sync::Arc;

use voidstate_core::{Finding, Timestamp};

use super::{Player, is_between, is_of_calls};
use crate::engine::batch::Batch;
use crate::engine::lock;
use crate::engine::record::Here;
use crate::engine::record::outcome::{Divergence, Said};
use crate::engine::record::wire::{Call, Chunk, Entry, Op};
use crate::error::Result;

impl Player {
    pub(super) fn shard_chunk(&mut self, chunk: Chunk) -> Result<()> {
        let shard = chunk.tape as usize;
        let Some(reel) = self.reels.get_mut(shard) else {
            return Err(self
                .recording
                .garbled("something happens on a shard that is not there"));
        };
        for placed in chunk.entries {
            let Some(position) = reel.position.checked_add(placed.step) else {
                return Err(self.recording.garbled("a position is beyond any number"));
            };
            reel.position = position;
            if position <= chunk.through {
                let mut entry = placed.what;
                reel.memory.grow(&mut entry);
                reel.entries.push_back((position, entry));
            }
        }
        reel.through = reel.through.max(chunk.through);
        while let Some((position, entry)) = self.take(shard) {
            if self.reels.get(shard).is_none_or(|reel| reel.is_over) || self.divergence.is_some() {
                return Ok(());
            }
            match entry {
                Entry::Batch(packed) => {
                    let (series, hooks) = (
                        self.shared.names.series_count(),
                        self.shared.names.hook_count(),
                    );
                    let Some(reel) = self.reels.get_mut(shard) else {
                        return Ok(());
                    };
                    let batch = reel.memory.unpack(packed, series, hooks);
                    let (first, batch) = batch.map_err(|why| self.recording.garbled(why.0))?;
                    self.batch(shard, position, first, batch)?;
                }
                Entry::Tick => self.tick(shard, position)?,
                Entry::Cut => {
                    return Err(self.recording.garbled("a batch is cut that was not begun"));
                }
                entry => self.between(shard, position, entry)?,
            }
        }
        Ok(())
    }

    fn take(&mut self, shard: usize) -> Option<(u64, Entry)> {
        self.reels.get_mut(shard)?.entries.pop_front()
    }

    fn next_if(
        &mut self,
        shard: usize,
        position: u64,
        is_it: impl FnOnce(&Entry) -> bool,
    ) -> Option<Entry> {
        self.reels.get_mut(shard)?.next_if(position, is_it)
    }

    /// Fires a batch whose first signal comes after `position`.
    fn batch(&mut self, shard: usize, mut position: u64, first: u64, batch: Batch) -> Result<()> {
        let batch = Arc::new(batch);
        let (shards, number) = (self.shared.shards.len() as u64, shard as u64);
        let mut others = 0;
        for at in 0..batch.len() {
            loop {
                if let Some(entry) = self.next_if(shard, position, is_between) {
                    self.between(shard, position, entry)?;
                } else if self
                    .next_if(shard, position + 1, |e| matches!(e, Entry::Tick))
                    .is_some()
                {
                    position += 1;
                    self.tick(shard, position)?;
                } else {
                    break;
                }
                if self.divergence.is_some() {
                    return Ok(());
                }
            }
            if self
                .next_if(shard, position, |e| matches!(e, Entry::Cut))
                .is_some()
            {
                return Ok(());
            }
            let sequence = first
                .saturating_add(at as u64)
                .saturating_mul(shards)
                .saturating_add(number);
            let Some(reel) = self.reels.get_mut(shard) else {
                return Ok(());
            };
            position += 1;
            if position > reel.through || self.until.is_some_and(|until| sequence >= until) {
                reel.is_over = true;
                return Ok(());
            }
            let Some(item) = batch.item(at, others) else {
                return Ok(());
            };
            if matches!(item, crate::engine::batch::Item::Other(_)) {
                others += 1;
            }
            self.latest = self
                .latest
                .max(batch.time_of(item).unwrap_or(Timestamp::MIN));
            self.signals += 1;
            self.load(shard, position)?;
            if let (true, Some(worker)) = (self.is_playing, self.workers.get_mut(shard)) {
                worker.play_signal(&batch, item, sequence, position);
            }
            self.gather(shard, position);
            if self.divergence.is_some() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn tick(&mut self, shard: usize, position: u64) -> Result<()> {
        self.load(shard, position)?;
        if let (true, Some(worker)) = (self.is_playing, self.workers.get_mut(shard)) {
            worker.play_tick(position);
        }
        self.gather(shard, position);
        Ok(())
    }

    /// Brings what was recorded of the calls at a position into place.
    fn load(&mut self, shard: usize, position: u64) -> Result<()> {
        while let Some(entry) = self.next_if(shard, position, is_of_calls) {
            match entry {
                Entry::Flip { slot, is_active } => {
                    if let Some(slot) = self.slot(slot)? {
                        if is_active {
                            self.clear_away(&slot);
                        }
                        slot.set_active(is_active);
                    }
                }
                Entry::Call { slot, call } => self.expect(shard, position, slot, call)?,
                Entry::Abandoned { slot, .. } => {
                    if let Some(slot) = self.slot(slot)? {
                        slot.leave_body();
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Lets a call be answered from what was recorded of it.
    pub(super) fn expect(
        &mut self,
        shard: usize,
        position: u64,
        number: u32,
        call: Call,
    ) -> Result<()> {
        for op in &call.ops {
            if let Op::Emit(finding) = op {
                let said = self.at(shard, position, (**finding).clone());
                self.recorded.push(said);
            }
        }
        if self.slot(number)?.is_some()
            && let Some(worker) = self.workers.get(shard)
        {
            worker.here().borrow_mut().calls.insert(number, call);
        }
        Ok(())
    }

    fn at(&mut self, shard: usize, position: u64, finding: Finding) -> Said {
        self.ordinal += 1;
        Said {
            finding,
            position,
            shard,
            ordinal: self.ordinal,
        }
    }

    /// Takes what was said, and looks whether everything was done that was recorded.
    pub(super) fn gather(&mut self, shard: usize, position: u64) {
        let Some(place) = self.shared.shards.get(shard) else {
            return;
        };
        lock(&place.metrics).clear();
        let findings = std::mem::take(&mut *lock(&place.findings));
        for finding in findings {
            let said = self.at(shard, position, finding);
            self.said.push(said);
        }
        let Some(worker) = self.workers.get(shard) else {
            return;
        };
        let Here {
            calls, divergence, ..
        } = std::mem::take(&mut *worker.here().borrow_mut());
        let missed = calls.into_iter().next().and_then(|(number, call)| {
            let slot = &self.slots.get(&number)?.slot;
            Some(Divergence {
                tool: slot.meta.id.clone(),
                shard,
                call: position,
                recorded: call.told(),
                replayed: "no call".to_owned(),
            })
        });
        if self.divergence.is_none() {
            self.divergence = divergence.or(missed);
        }
    }
}
