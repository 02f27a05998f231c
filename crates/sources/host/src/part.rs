//! What can be read here, as `doctor` tells it.

/// One part of the machine, and whether it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name, as in `host.pressure`.
    pub name: &'static str,
    /// Whether it can be read.
    pub readable: bool,
    /// Why not.
    pub reason: Option<String>,
    /// What is hidden while it cannot be read.
    pub effect: &'static str,
    /// The command that would change it, where there is one.
    pub fix: Option<String>,
}
