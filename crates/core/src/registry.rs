//! Who is there: tools and hooks.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Error, HookCategory, HookName, Result, ToolFactory, ToolId, ToolMeta};

/// The tools that are known. Called by the app; implemented by the runtime.
///
/// # Laws
/// - `get(id)` finds a tool after `register` and until `unregister`, and `list` holds each tool once, by id.
/// - The dependencies of all tools never form a cycle.
pub trait Registry: Send + Sync {
    /// Makes a tool known.
    ///
    /// # Errors
    /// Metadata that do not hold, an id that is taken, or a cycle of dependencies, with the cycle named.
    fn register(&self, factory: Arc<dyn ToolFactory>) -> Result<()>;

    /// Forgets a tool.
    ///
    /// # Errors
    /// Unknown tool, or another one depends on it.
    fn unregister(&self, tool: &ToolId) -> Result<()>;

    /// Puts another version of a tool, which depends on the same tools, in the place of the one that is known.
    ///
    /// # Errors
    /// Unknown tool, metadata that do not hold, or other dependencies; by default a registry cannot do it.
    fn replace(&self, factory: Arc<dyn ToolFactory>) -> Result<()> {
        let _ = factory;
        Err(Error::Unavailable {
            what: "replacing a tool",
            reason: "this registry only registers and forgets",
        })
    }

    /// The factory of a tool.
    fn get(&self, tool: &ToolId) -> Option<Arc<dyn ToolFactory>>;

    /// Metadata of all tools, by id.
    fn list(&self) -> Vec<ToolMeta>;

    /// Metadata of the tools whose id, name, category or description contains `text`, without regard to case.
    fn search(&self, text: &str) -> Vec<ToolMeta>;
}

/// Number of a hook: resolved once, then used for firing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HookId(pub u32);

/// What is known of a hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HookInfo {
    /// Its name.
    pub name: HookName,
    /// Its category.
    pub category: HookCategory,
    /// Whether firing it calls anybody.
    pub enabled: bool,
    /// How many callbacks it has.
    pub callbacks: usize,
    /// How often it fired.
    pub fired: u64,
}

/// The hooks that are known. Called by the app and by sources; implemented by the runtime.
pub trait Hooks: Send + Sync {
    /// Makes a hook known, or finds the one of that name.
    fn declare(&self, name: &HookName) -> HookId;

    /// Switches a hook on or off.
    ///
    /// # Errors
    /// Unknown hook.
    fn set_enabled(&self, hook: HookId, enabled: bool) -> Result<()>;

    /// All hooks, by name.
    fn list(&self) -> Vec<HookInfo>;
}
