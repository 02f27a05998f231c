//! What happens to instances between two firings.

use super::{Player, config};
use crate::engine::lock;
use crate::engine::record::outcome::Divergence;
use crate::engine::record::wire::Entry;
use crate::error::Result;

impl Player {
    /// What happened between two firings.
    pub(super) fn between(&mut self, shard: usize, position: u64, entry: Entry) -> Result<()> {
        match entry {
            Entry::Finish { slot, call } => {
                self.expect(shard, position, slot, call)?;
                if let (Some(slot), Some(worker)) = (self.slot(slot)?, self.workers.get_mut(shard))
                {
                    worker.play_at(position);
                    slot.finish(worker.frame());
                }
                self.gather(shard, position);
                return Ok(());
            }
            Entry::Switched { hook, is_enabled } => {
                let (names, shards) = (&self.shared.names, &self.shared.shards);
                let (Some(name), Some(place)) = (names.hook_name(hook), shards.get(shard)) else {
                    return Err(self
                        .recording
                        .garbled("a hook is switched that nobody named"));
                };
                let own = place.bus.declare(name);
                return place.bus.set_enabled(own.id(), is_enabled);
            }
            Entry::Left { slot } => {
                if let Some(placed) = self.slots.get_mut(&slot) {
                    placed.has_left = true;
                }
                return Ok(());
            }
            _ => {}
        }
        let number = match &entry {
            Entry::Made { slot, .. }
            | Entry::Reconfigured { slot, .. }
            | Entry::Saved { slot }
            | Entry::Dropped { slot }
            | Entry::Abandoned { slot, .. } => *slot,
            Entry::Flip { .. } | Entry::Call { .. } => {
                return Err(self
                    .recording
                    .garbled("a call is recorded where nothing was fired"));
            }
            _ => {
                return Err(self
                    .recording
                    .garbled("a shard's tape holds what happens to the engine"));
            }
        };
        let (Some(slot), Some(worker)) = (self.slot(number)?, self.workers.get(shard)) else {
            return Ok(());
        };
        let frame = worker.frame();
        match entry {
            Entry::Made {
                config: given,
                saved,
                is_probing,
                ..
            } => {
                *lock(&slot.config) = config(&slot.factory, &given)?;
                match slot.create(saved.as_deref()) {
                    Ok(made) => slot.install(&self.shared, made, is_probing),
                    Err(error) => {
                        self.divergence.get_or_insert(Divergence {
                            tool: slot.meta.id.clone(),
                            shard,
                            call: position,
                            recorded: "a fresh instance".to_owned(),
                            replayed: format!("none: {error}"),
                        });
                    }
                }
            }
            Entry::Reconfigured {
                config: given,
                is_called,
                ..
            } => {
                let config = config(&slot.factory, &given)?;
                if is_called {
                    // Whether it takes it is its own affair, then as now.
                    let _ = slot.reconfigure(frame, &config);
                } else {
                    *lock(&slot.config) = config;
                }
            }
            Entry::Saved { .. } => {
                let _ = slot.with_instance(frame, |tool| tool.save());
            }
            Entry::Dropped { .. } => slot.drop_instance(frame),
            Entry::Abandoned { .. } => slot.leave_body(),
            _ => {}
        }
        Ok(())
    }
}
