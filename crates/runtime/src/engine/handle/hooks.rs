//! The hooks of all shards as one.

use std::collections::BTreeMap;

use voidstate_core::{Error, HookId, HookInfo, HookName, Hooks, Result};

use super::EngineHandle;
use crate::engine::record::Entry;

impl EngineHandle {
    /// Switches between two batches of each shard, where the recording can tell since when.
    fn set_enabled_on_workers(
        &self,
        hook: HookId,
        name: &HookName,
        is_enabled: bool,
    ) -> Result<()> {
        let switched = self.shared.shards.iter().map(|shard| {
            let name = name.clone();
            self.on_worker(shard, self.shared.policy.hang_after, move |frame| {
                let own = frame.shard.bus.declare(&name);
                let switched = frame.shard.bus.set_enabled(own.id(), is_enabled);
                let hook = hook.0;
                frame.note(|| Entry::Switched { hook, is_enabled });
                switched
            })
        });
        // Who does not answer in time does it when it can.
        for switched in switched.collect::<Vec<_>>().into_iter().flatten() {
            switched?;
        }
        Ok(())
    }
}

/// Switching reaches every shard, counts are sums.
impl Hooks for EngineHandle {
    /// The number of a hook; `HookId(u32::MAX)`, which no other method knows, when there are as many hooks as series
    /// are allowed.
    fn declare(&self, name: &HookName) -> HookId {
        let Some(hook) = self.shared.names.hook(name) else {
            return HookId(u32::MAX);
        };
        for shard in &self.shared.shards {
            shard.bus.declare(name);
        }
        HookId(hook)
    }

    fn set_enabled(&self, hook: HookId, enabled: bool) -> Result<()> {
        let name = self.shared.names.hook_name(hook.0);
        let name = name.ok_or_else(|| Error::Missing {
            kind: "hook",
            name: hook.0.to_string(),
        })?;
        if self
            .shared
            .tapes
            .as_ref()
            .is_some_and(|tapes| !tapes.is_over())
        {
            return self.set_enabled_on_workers(hook, name, enabled);
        }
        for shard in &self.shared.shards {
            let own = shard.bus.declare(name);
            shard.bus.set_enabled(own.id(), enabled)?;
        }
        Ok(())
    }

    fn list(&self) -> Vec<HookInfo> {
        let mut all: BTreeMap<HookName, HookInfo> = BTreeMap::new();
        for shard in &self.shared.shards {
            for info in shard.bus.list() {
                match all.get_mut(&info.name) {
                    Some(sum) => {
                        sum.fired += info.fired;
                        sum.callbacks = sum.callbacks.max(info.callbacks);
                        sum.enabled |= info.enabled;
                    }
                    None => {
                        all.insert(info.name.clone(), info);
                    }
                }
            }
        }
        all.into_values().collect()
    }
}
