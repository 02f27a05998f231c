//! The life of a tool in the engine.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Attributes, Result, ToolId};

/// Where a tool is in its life: registered → attached ⇄ suspended → detached.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "snake_case")]
pub enum LifecycleState {
    /// Known, never attached.
    Registered,
    /// Called for the signals it subscribes to.
    Attached,
    /// Not called for now.
    Suspended {
        /// Why, in a sentence.
        reason: String,
        /// Whether the engine tries again by itself.
        retried: bool,
    },
    /// Not called any more.
    Detached,
}

impl fmt::Display for LifecycleState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registered => f.write_str("registered"),
            Self::Attached => f.write_str("attached"),
            Self::Suspended { reason, .. } => write!(f, "suspended ({reason})"),
            Self::Detached => f.write_str("detached"),
        }
    }
}

/// Moves tools through their lives. Called by the app; implemented by the runtime.
pub trait Lifecycle: Send + Sync {
    /// Calls it from now on. Its dependencies must be attached.
    ///
    /// # Errors
    /// Unknown tool, a transition that does not exist, a dependency missing, suspended or failed (with the chain).
    fn attach(&self, tool: &ToolId) -> Result<()>;

    /// Stops calling it, and the tools that depend on it, for now.
    ///
    /// # Errors
    /// Unknown tool, or a transition that does not exist.
    fn suspend(&self, tool: &ToolId, reason: &str) -> Result<()>;

    /// Calls it again.
    ///
    /// # Errors
    /// Unknown tool, a transition that does not exist, or a dependency that is not attached.
    fn resume(&self, tool: &ToolId) -> Result<()>;

    /// Lets it finish and stops calling it.
    ///
    /// # Errors
    /// Unknown tool, a transition that does not exist, or a tool that depends on it is attached.
    fn detach(&self, tool: &ToolId) -> Result<()>;

    /// Gives it a new configuration while running.
    ///
    /// # Errors
    /// Unknown tool, or a configuration that it does not accept; it then goes on with the old one.
    fn reconfigure(&self, tool: &ToolId, config: &Attributes) -> Result<()>;

    /// Where it is in its life.
    ///
    /// # Errors
    /// Unknown tool.
    fn state(&self, tool: &ToolId) -> Result<LifecycleState>;
}
