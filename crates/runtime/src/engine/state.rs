//! Where tools' durable values are kept.

use std::collections::HashMap;
use std::sync::Mutex;

use voidstate_core::{Result, ToolId};

use super::lock;

/// Keeps bytes by tool, shard and key. Called by the engine; implemented here in memory by [`MemoryState`], which is
/// what an engine has unless it is given another. Nothing here writes to disk: for state that outlives the process,
/// implement it.
///
/// The engine keeps the saved instance of a tool under a key that starts with a dot; tools cannot use such keys.
pub trait StateStore: Send + Sync {
    /// What was last written; `None` when nothing was, or nothing of length zero was written since.
    ///
    /// # Errors
    /// When the place cannot be read.
    fn read(&self, tool: &ToolId, shard: usize, key: &str) -> Result<Option<Vec<u8>>>;

    /// Replaces the value; an empty one removes it.
    ///
    /// # Errors
    /// When the place cannot be written; the old value then stays.
    fn write(&self, tool: &ToolId, shard: usize, key: &str, value: &[u8]) -> Result<()>;
}

type Key = (ToolId, usize, String);

/// Keeps values as long as the process lives.
#[derive(Debug, Default)]
pub struct MemoryState(Mutex<HashMap<Key, Vec<u8>>>);

impl StateStore for MemoryState {
    fn read(&self, tool: &ToolId, shard: usize, key: &str) -> Result<Option<Vec<u8>>> {
        let key = (tool.clone(), shard, key.to_owned());
        Ok(lock(&self.0).get(&key).cloned())
    }

    fn write(&self, tool: &ToolId, shard: usize, key: &str, value: &[u8]) -> Result<()> {
        let key = (tool.clone(), shard, key.to_owned());
        if value.is_empty() {
            lock(&self.0).remove(&key);
        } else {
            lock(&self.0).insert(key, value.to_vec());
        }
        Ok(())
    }
}
