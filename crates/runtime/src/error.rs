//! What may go wrong in the runtime.

/// What may go wrong in the runtime.
///
/// Converts into [`voidstate_core::Error`], which is what the traits of core return.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No hook of that number is declared on this bus.
    #[error("no hook has the number {id}; numbers come from `declare` on the same bus")]
    HookUnknown {
        /// The number asked for.
        id: u32,
    },
    /// No callback of that number is registered on this bus.
    #[error("no callback has the number {id}; it was unregistered or belongs to another bus")]
    CallbackUnknown {
        /// The number asked for.
        id: u64,
    },
    /// Orderings between tools form a cycle.
    #[error("orderings form a cycle: {}; drop one `after` along it", cycle.join(" after "))]
    OrderingCycle {
        /// Tools along the cycle, each to be called after the next; the first is repeated at the end.
        cycle: Vec<String>,
    },
    /// A callback is to be called after a tool that has no callback.
    #[error(
        "{owner:?} must be called after {missing:?}, which has no callback; attach {missing:?} first or drop the ordering"
    )]
    OrderingMissing {
        /// Owner of the callback.
        owner: String,
        /// The tool that is not there.
        missing: String,
    },
    /// No tool of that id is registered.
    #[error("no tool {tool:?} is registered; register it first or correct the id")]
    ToolUnknown {
        /// The id asked for.
        tool: String,
    },
    /// A tool of that id is registered already.
    #[error("a tool {tool:?} is registered already; unregister it first or choose another id")]
    ToolTaken {
        /// The id.
        tool: String,
    },
    /// Another tool depends on it.
    #[error("tool {tool:?} is needed by {}; unregister those first", by.join(", "))]
    ToolNeeded {
        /// The tool that was to go.
        tool: String,
        /// Tools that depend on it directly.
        by: Vec<String>,
    },
    /// A new version depends on other tools than the one it would replace.
    #[error(
        "the new version of tool {tool:?} depends on other tools; unregister the old one and register the new"
    )]
    DependenciesDiffer {
        /// The tool.
        tool: String,
    },
    /// Dependencies form a cycle.
    #[error("dependencies form a cycle: {}; drop one dependency along it", cycle.join(" -> "))]
    DependencyCycle {
        /// Tools along the cycle; the first is repeated at the end.
        cycle: Vec<String>,
    },
    /// A tool depends on one that is not registered.
    #[error("dependency {missing:?} is not registered (needed along {}); register it first", chain.join(" -> "))]
    DependencyMissing {
        /// The tool that is not there.
        missing: String,
        /// From the tool that was asked for to the missing one.
        chain: Vec<String>,
    },
    /// A tool has another number of dependencies than it must have.
    #[error(
        "tool {tool:?} must have exactly {declared} dependencies and has {given} different ones; give exactly {declared}"
    )]
    DependencyCount {
        /// The tool.
        tool: String,
        /// How many it must have.
        declared: usize,
        /// How many different ones it has.
        given: usize,
    },
    /// The tools declare more than their budget allows.
    #[error(
        "the tools together may use {spent} {what} where their budget is {limit}; leave one out, lower what they declare or raise the budget"
    )]
    OverBudget {
        /// "bytes" of memory, or "nanoseconds" for one signal through all of them.
        what: &'static str,
        /// What the budget allows.
        limit: u64,
        /// What they declare; the largest number when the sum is larger still.
        spent: u64,
    },
    /// A setting of the engine lies outside its domain.
    #[error("{name} is {value}, expected {domain}")]
    Setting {
        /// What is set.
        name: &'static str,
        /// The value given.
        value: usize,
        /// What is accepted.
        domain: &'static str,
    },
    /// The system gave no thread.
    #[error(
        "a thread of the engine could not be made; lower the number of shards or raise the limit of threads"
    )]
    Thread {
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The file of a recording cannot be used.
    #[error(
        "recording {place} cannot be {doing}: {cause}; name another file or check its directory"
    )]
    RecordingFile {
        /// Which file.
        place: String,
        /// What was tried: "made", "opened", "read", "written".
        doing: &'static str,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The head of a recording cannot be encoded.
    #[error("recording cannot be begun: {0}; give the program a shorter name")]
    RecordingEncode(#[source] voidstate_codec::Error),
    /// A record of a recording is damaged, foreign or of another version.
    #[error(
        "recording {place} cannot be read from byte {offset} on: {cause}; use the program that made it, or a sound copy"
    )]
    RecordingRecord {
        /// Which file.
        place: String,
        /// Where the record begins.
        offset: u64,
        /// What is wrong with it.
        #[source]
        cause: voidstate_codec::Error,
    },
    /// A recording says something that cannot be.
    #[error("recording {place} makes no sense after byte {offset}: {what}; use a sound copy")]
    RecordingGarbled {
        /// Which file.
        place: String,
        /// Where the last sound record begins or ends.
        offset: u64,
        /// What cannot be.
        what: &'static str,
    },
    /// A tool of a recording cannot be replayed.
    #[error("tool {tool:?} cannot be replayed: {reason}")]
    ReplayTool {
        /// Which tool.
        tool: String,
        /// Why, and what to do.
        reason: String,
    },
    /// The pipes between a tool's process and the engine cannot be used.
    #[error(
        "the link with the engine cannot be {doing}: {cause}; an engine starts tool hosts, with pipes of its own"
    )]
    HostPipe {
        /// What was tried: "opened", "read", "written", "watched".
        doing: &'static str,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// What came from the engine is no frame, or what should go to it does not fit in one.
    #[error(
        "no frame of the link with the engine: {what}; an engine of the same version starts tool hosts"
    )]
    HostFrame {
        /// What is wrong with it.
        what: String,
    },
    /// The engine did not keep the protocol between it and a tool's process.
    #[error(
        "the protocol with the engine is broken: {what}; an engine of the same version starts tool hosts"
    )]
    HostProtocol {
        /// What came, and what was expected.
        what: String,
    },
    /// A replay asked what time it is.
    #[error(
        "the replay asked for the present time, which it has not; report this with the recording"
    )]
    ReplayAsked,
    /// An error of the vocabulary.
    #[error(transparent)]
    Core(#[from] voidstate_core::Error),
}

/// Result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<Error> for voidstate_core::Error {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Core(error) => error,
            Error::HookUnknown { id } => Self::Missing {
                kind: "hook",
                name: id.to_string(),
            },
            Error::CallbackUnknown { id } => Self::Missing {
                kind: "callback",
                name: id.to_string(),
            },
            Error::ToolUnknown { tool } => Self::Missing {
                kind: "tool",
                name: tool,
            },
            Error::ToolTaken { tool } => Self::Duplicate {
                kind: "tool",
                name: tool,
            },
            Error::OrderingCycle { cycle } => Self::Cycle {
                what: "orderings",
                cycle,
            },
            Error::DependencyCycle { cycle } => Self::Cycle {
                what: "dependencies",
                cycle,
            },
            Error::OrderingMissing { owner, .. } => Self::Tool {
                tool: owner,
                message,
            },
            Error::DependencyMissing { ref chain, .. } => Self::Tool {
                tool: chain.first().cloned().unwrap_or_default(),
                message,
            },
            Error::Setting {
                name,
                value,
                domain,
            } => Self::Domain {
                what: name,
                value: value as f64,
                domain,
            },
            Error::Thread { .. } => Self::Unavailable {
                what: "a thread of the engine",
                reason: "the system gave none; lower the number of shards or raise the limit of threads",
            },
            Error::OverBudget { what, spent, .. } => Self::Domain {
                what,
                value: spent as f64,
                domain: "the budget of the tools together",
            },
            Error::ToolNeeded { tool, .. }
            | Error::DependenciesDiffer { tool }
            | Error::DependencyCount { tool, .. }
            | Error::ReplayTool { tool, .. } => Self::Tool { tool, message },
            Error::RecordingFile { place, .. }
            | Error::RecordingRecord { place, .. }
            | Error::RecordingGarbled { place, .. } => Self::Source {
                source_name: place,
                message,
                cause: None,
            },
            Error::HostPipe { .. } | Error::HostFrame { .. } | Error::HostProtocol { .. } => {
                Self::Tool {
                    tool: String::new(),
                    message,
                }
            }
            Error::RecordingEncode(_) | Error::ReplayAsked => Self::Source {
                source_name: "recording".to_owned(),
                message,
                cause: None,
            },
        }
    }
}
