//! The one error type that crosses the traits of this crate.

use crate::{Effect, EffectSet, LifecycleState};

/// What may go wrong between two rooms of the house.
///
/// Implementers of the traits keep their own typed errors and hand them over as [`Error::Store`], [`Error::Source`] or
/// [`Error::Sink`], with the cause kept in [`source`](std::error::Error::source).
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A text is not a valid name of its kind.
    #[error("{kind} {text:?} is not valid: {reason}")]
    Name {
        /// What kind of name was expected: "hook", "metric", "label", "tool".
        kind: &'static str,
        /// The text, cut to 128 bytes.
        text: String,
        /// Which rule it breaks and what would be accepted.
        reason: &'static str,
    },
    /// A selector or pattern could not be parsed.
    #[error("selector {text:?} is not valid at byte {at}: {reason}")]
    Selector {
        /// The whole text.
        text: String,
        /// Byte offset of the fault.
        at: usize,
        /// What was expected there.
        reason: &'static str,
    },
    /// A number lies outside its domain.
    #[error("{what} is {value}, outside {domain}")]
    Domain {
        /// What the number is.
        what: &'static str,
        /// The number.
        value: f64,
        /// The accepted domain.
        domain: &'static str,
    },
    /// A time range ends before it starts.
    #[error("time range ends at {end_ns} ns, before its start at {start_ns} ns")]
    Range {
        /// Start in nanoseconds since the epoch.
        start_ns: i64,
        /// End in nanoseconds since the epoch.
        end_ns: i64,
    },
    /// Something of that name is not there.
    #[error("no {kind} named {name:?}")]
    Missing {
        /// "tool", "hook", "series", "dependency".
        kind: &'static str,
        /// The name asked for.
        name: String,
    },
    /// Something of that name is there already.
    #[error("a {kind} named {name:?} is there already; unregister it first or choose another id")]
    Duplicate {
        /// "tool", "hook".
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// Dependencies or orderings form a cycle.
    #[error("{what} form a cycle: {}", cycle.join(" -> "))]
    Cycle {
        /// "dependencies" or "orderings".
        what: &'static str,
        /// The names along the cycle; the first is repeated at the end.
        cycle: Vec<String>,
    },
    /// A lifecycle transition that does not exist.
    #[error("tool {tool:?} is {from} and cannot be {verb}")]
    Transition {
        /// The tool.
        tool: String,
        /// Its present state.
        from: LifecycleState,
        /// What was asked for: "attached", "suspended", "resumed", "detached".
        verb: &'static str,
    },
    /// A tool used an effect that it did not declare.
    #[error(
        "tool {tool:?} used the effect {effect} without declaring it; add it to the tool's metadata"
    )]
    UndeclaredEffect {
        /// The tool.
        tool: String,
        /// The effect.
        effect: Effect,
    },
    /// The types of a tool allow other effects than its metadata names.
    #[error(
        "tool {tool:?} may do {} by its types, but its metadata says {}; make the metadata with `ToolMeta::typed`",
        some(*types), some(*metadata)
    )]
    EffectsDiffer {
        /// The tool.
        tool: String,
        /// What its types allow.
        types: EffectSet,
        /// What its metadata names.
        metadata: EffectSet,
    },
    /// A permission is missing.
    #[error("{holder:?} may not {action} {resource:?}; grant the permission or remove the request")]
    Denied {
        /// Who asked.
        holder: String,
        /// What it wanted to do.
        action: &'static str,
        /// To what.
        resource: String,
    },
    /// A configuration value is unknown or of the wrong type.
    #[error("configuration key {key:?}: {reason}")]
    Config {
        /// The key.
        key: String,
        /// What is wrong and what is accepted.
        reason: String,
    },
    /// A tool could not do its work.
    #[error("tool {tool:?}: {message}")]
    Tool {
        /// The tool.
        tool: String,
        /// What happened.
        message: String,
    },
    /// A source could not bring signals.
    #[error("source {source_name:?}: {message}")]
    Source {
        /// The source.
        source_name: String,
        /// What happened.
        message: String,
        /// The cause.
        #[source]
        cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// A sink could not take what it was given.
    #[error("sink {sink:?}: {message}")]
    Sink {
        /// The sink.
        sink: String,
        /// What happened.
        message: String,
        /// The cause.
        #[source]
        cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The store could not read or write.
    #[error("store: {message}")]
    Store {
        /// What happened.
        message: String,
        /// Whether the store has no room left (disk full, quota).
        no_space: bool,
        /// The cause.
        #[source]
        cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// A session could not go on, or never began.
    #[error("session {session:?}, role {role:?}: {reason}")]
    Session {
        /// The session.
        session: String,
        /// The role that asked; empty when it is not known.
        role: String,
        /// What stands in the way, and who brought it about.
        reason: String,
    },
    /// What did a tool's work is not there any more, so that calling it again cannot help: a process that ended. The engine
    /// suspends the tool at once and tries a fresh instance later.
    #[error("tool {tool:?} is gone: {reason}")]
    Gone {
        /// The tool.
        tool: String,
        /// What became of it, and while it did what.
        reason: String,
    },
    /// The implementation behind a trait does not offer this.
    #[error("{what} is not available here: {reason}")]
    Unavailable {
        /// What was asked for.
        what: &'static str,
        /// Why it is not there.
        reason: &'static str,
    },
}

/// Result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The effects, or "nothing".
fn some(effects: EffectSet) -> String {
    if effects.is_empty() {
        "nothing".to_owned()
    } else {
        effects.to_string()
    }
}

/// At most 128 bytes of `text`, cut at a character boundary, for error messages.
pub(crate) fn excerpt(text: &str) -> String {
    let mut end = text.len().min(128);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}
