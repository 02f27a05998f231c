//! What the tool cannot work with.

use voidstate_core::ToolId;

/// Why the tool could not be made or restored.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The detector refused its settings.
    #[error("detector settings are not accepted: {0}")]
    Settings(#[from] voidstate_anomaly::Error),
    /// Saved state cannot be read.
    #[error("saved state cannot be read: {0}")]
    State(#[from] voidstate_codec::Error),
    /// Saved state contradicts itself.
    #[error("saved state names {keys} series but holds numbers up to {highest}")]
    Inconsistent {
        /// Series named.
        keys: usize,
        /// Highest series number held.
        highest: usize,
    },
}

impl Error {
    pub(crate) fn into_core(self, tool: &ToolId) -> voidstate_core::Error {
        voidstate_core::Error::Tool {
            tool: tool.to_string(),
            message: self.to_string(),
        }
    }
}
