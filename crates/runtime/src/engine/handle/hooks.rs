//! The hooks of all shards as one.

use std::collections::BTreeMap;

use voidstate_core::{Error, HookId, HookInfo, HookName, Hooks, Result};

use super::EngineHandle;

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
