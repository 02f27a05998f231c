//! What concerns the whole engine: names, tools that are put in, what it says of itself.

use std::sync::Arc;

use voidstate_core::{Placement, SeriesId};

use super::{Placed, Player, config, meta_hash};
use crate::engine::names::Named;
use crate::engine::record::outcome::{Ending, Said};
use crate::engine::record::wire::{Chunk, EndWhy, Entry, SlotEntry};
use crate::engine::slot::{Slot, SlotPlan};
use crate::error::{Error, Result};

impl Player {
    pub(super) fn engine_chunk(&mut self, chunk: Chunk) -> Result<Option<Ending>> {
        for placed in chunk.entries {
            match placed.what {
                Entry::Hook(name) => {
                    let next = self.shared.names.hook_count();
                    if self.shared.names.hook(&name) != Some(next) {
                        return Err(self
                            .recording
                            .garbled("a hook is named twice or there are too many"));
                    }
                }
                Entry::Series(info) => {
                    let next = SeriesId(self.shared.names.series_count());
                    if self.shared.names.name(&info) != Named::Is(next) {
                        return Err(self
                            .recording
                            .garbled("a series is named twice or there are too many"));
                    }
                }
                Entry::Refined { series, info } => {
                    if self.shared.names.name(&info) != Named::Is(series) {
                        return Err(self
                            .recording
                            .garbled("more is said of a series than may be"));
                    }
                }
                Entry::Slot(slot) => self.put_in(*slot)?,
                Entry::Said(finding) => {
                    self.ordinal += 1;
                    self.engine.push(Said {
                        finding: *finding,
                        position: self.ordinal,
                        shard: usize::MAX,
                        ordinal: 0,
                    });
                }
                Entry::Lost { count, .. } => self.dropped = self.dropped.saturating_add(count),
                Entry::Source(_) | Entry::Life { .. } => {}
                Entry::End { why, at } => {
                    return Ok(Some(match why {
                        EndWhy::Finished => Ending::Whole,
                        EndWhy::Stopped(why) => Ending::Stopped { why, at },
                    }));
                }
                _ => {
                    return Err(self
                        .recording
                        .garbled("the engine's tape holds what happens to a shard"));
                }
            }
        }
        Ok(None)
    }

    fn put_in(&mut self, entry: SlotEntry) -> Result<()> {
        if !self.is_playing {
            return Ok(());
        }
        let refuse = |reason: String| {
            Err(Error::ReplayTool {
                tool: entry.tool.to_string(),
                reason,
            })
        };
        if !self.factories.contains_key(&entry.tool)
            && let Some(maker) = &self.otherwise
            && let Some(factory) = maker(&entry.tool, &entry.config)
        {
            let version = factory.meta().version.clone();
            let versions = self.factories.entry(entry.tool.clone()).or_default();
            versions.insert(version, factory);
        }
        let Some(versions) = self.factories.get(&entry.tool) else {
            return refuse(
                "this program has no such tool; use the one that made the recording".to_owned(),
            );
        };
        let Some(factory) = versions.get(&entry.version).cloned() else {
            let was = &entry.version;
            let here: Vec<_> = versions.keys().map(String::as_str).collect();
            let is = here.join(" and ");
            return refuse(format!(
                "it was recorded in version {was} and is here in version {is}; use the program that made the recording"
            ));
        };
        let meta = Arc::new(factory.meta().clone());
        if meta_hash(&*factory) != entry.meta_hash {
            return refuse(
                "it says something else about itself than when it was recorded; use the program that made the recording"
                    .to_owned(),
            );
        }
        let config = config(&factory, &entry.config)?;
        let shard = entry.shard as usize;
        let Some(place) = self.shared.shards.get(shard).cloned() else {
            return Err(self
                .recording
                .garbled("a tool is put on a shard that is not there"));
        };
        let known = |number: &u32| {
            self.slots
                .get(number)
                .map(|placed| Arc::clone(&placed.slot))
        };
        let dependencies: Vec<_> = entry.dependencies.iter().filter_map(known).collect();
        if dependencies.len() != meta.dependencies.len() || self.slots.contains_key(&entry.number) {
            return Err(self
                .recording
                .garbled("a tool is put in twice or before what it depends on"));
        }
        let slot = Arc::new(Slot::new(SlotPlan {
            number: entry.number,
            meta: Arc::clone(&meta),
            factory,
            shard,
            placement: Placement {
                shard: entry.placement.0 as usize,
                shards: (entry.placement.1 as usize).max(1),
            },
            dependencies,
            config,
            seed: self.shared.seed,
        }));
        match slot.create(entry.saved.as_deref()) {
            Ok(made) => slot.install(&self.shared, made, false),
            Err(error) => return refuse(format!("no instance of it can be made: {error}")),
        }
        let callbacks = slot.subscribe(&place)?;
        let mut all = place.slots().to_vec();
        all.push(Arc::clone(&slot));
        place.set_slots(all);
        let placed = Placed {
            slot,
            callbacks,
            has_left: false,
        };
        self.slots.insert(entry.number, placed);
        Ok(())
    }

    /// Takes away what is left of earlier instances of the same tool on the same shard: the next one is called.
    pub(super) fn clear_away(&mut self, next: &Slot) {
        let Some(place) = self.shared.shards.get(next.shard) else {
            return;
        };
        let is_gone = |placed: &Placed| {
            let slot = &placed.slot;
            placed.has_left
                && slot.shard == next.shard
                && slot.meta.id == next.meta.id
                && slot.number != next.number
        };
        for placed in self.slots.values_mut().filter(|placed| is_gone(placed)) {
            if placed.callbacks.is_empty() {
                continue;
            }
            placed.slot.set_active(false);
            for callback in placed.callbacks.drain(..) {
                // A callback that is gone already is what is wanted.
                let _ = place.bus.unregister(callback);
            }
            let all = place.slots();
            let others = all.iter().filter(|slot| slot.number != placed.slot.number);
            place.set_slots(others.cloned().collect());
        }
    }
}
