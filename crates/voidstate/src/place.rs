//! Where the store is kept.

use std::path::PathBuf;

/// `$XDG_STATE_HOME/voidstate`, or `~/.local/state/voidstate`; `None` when neither variable names an absolute path.
pub(crate) fn default_store() -> Option<PathBuf> {
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute("XDG_STATE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/state")))
        .map(|state| state.join("voidstate"))
}
