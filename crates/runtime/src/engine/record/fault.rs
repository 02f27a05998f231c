//! Errors of the vocabulary in a form that can be kept.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use voidstate_core::{Effect, Error, LifecycleState};

/// How many different fixed texts of recordings are kept; further ones read as [`OTHER`].
const TEXTS_MAX: usize = 4096;
const TEXT_BYTES_MAX: usize = 1024;
const OTHER: &str = "told in the recording";

/// An [`Error`] that can be kept; its causes become part of the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Fault {
    Name(String, String, String),
    Selector(String, u64, String),
    Domain(String, f64, String),
    Range(i64, i64),
    Missing(String, String),
    Duplicate(String, String),
    Cycle(String, Vec<String>),
    Transition(String, LifecycleState, String),
    UndeclaredEffect(String, Effect),
    Denied(String, String, String),
    Config(String, String),
    Tool(String, String),
    Source(String, String, Option<String>),
    Sink(String, String, Option<String>),
    Store(String, bool, Option<String>),
    Unavailable(String, String),
    Session(String, String, String),
    Gone(String, String),
}

type Cause = Option<Box<dyn std::error::Error + Send + Sync>>;

fn told(cause: &Cause) -> Option<String> {
    cause.as_ref().map(ToString::to_string)
}

fn cause(text: Option<String>) -> Cause {
    text.map(Into::into)
}

/// The fixed text that reads the same, unless too many different ones were asked for already.
pub(crate) fn interned(text: &str) -> Option<&'static str> {
    let kept = fixed(text);
    (kept == text).then_some(kept)
}

/// The fixed text that reads the same. Each is kept once, for good; there is a limit, so that a hostile recording takes no
/// more than a few megabytes.
fn fixed(text: &str) -> &'static str {
    static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = texts.get(text) {
        return known;
    }
    if texts.len() >= TEXTS_MAX || text.len() > TEXT_BYTES_MAX {
        return OTHER;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    texts.insert(kept);
    kept
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        let text = |t: &str| t.to_owned();
        match error {
            Error::Name {
                kind,
                text: t,
                reason,
            } => Self::Name(text(kind), t.clone(), text(reason)),
            Error::Selector {
                text: t,
                at,
                reason,
            } => Self::Selector(t.clone(), *at as u64, text(reason)),
            Error::Domain {
                what,
                value,
                domain,
            } => Self::Domain(text(what), *value, text(domain)),
            Error::Range { start_ns, end_ns } => Self::Range(*start_ns, *end_ns),
            Error::Missing { kind, name } => Self::Missing(text(kind), name.clone()),
            Error::Duplicate { kind, name } => Self::Duplicate(text(kind), name.clone()),
            Error::Cycle { what, cycle } => Self::Cycle(text(what), cycle.clone()),
            Error::Transition { tool, from, verb } => {
                Self::Transition(tool.clone(), from.clone(), text(verb))
            }
            Error::UndeclaredEffect { tool, effect } => {
                Self::UndeclaredEffect(tool.clone(), *effect)
            }
            Error::Denied {
                holder,
                action,
                resource,
            } => Self::Denied(holder.clone(), text(action), resource.clone()),
            Error::Config { key, reason } => Self::Config(key.clone(), reason.clone()),
            Error::Tool { tool, message } => Self::Tool(tool.clone(), message.clone()),
            Error::Source {
                source_name,
                message,
                cause,
            } => Self::Source(source_name.clone(), message.clone(), told(cause)),
            Error::Sink {
                sink,
                message,
                cause,
            } => Self::Sink(sink.clone(), message.clone(), told(cause)),
            Error::Store {
                message,
                no_space,
                cause,
            } => Self::Store(message.clone(), *no_space, told(cause)),
            Error::Unavailable { what, reason } => Self::Unavailable(text(what), text(reason)),
            Error::Session {
                session,
                role,
                reason,
            } => Self::Session(session.clone(), role.clone(), reason.clone()),
            Error::Gone { tool, reason } => Self::Gone(tool.clone(), reason.clone()),
            other => Self::Tool(String::new(), other.to_string()),
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Name(kind, text, reason) => Self::Name {
                kind: fixed(&kind),
                text,
                reason: fixed(&reason),
            },
            Fault::Selector(text, at, reason) => Self::Selector {
                text,
                at: usize::try_from(at).unwrap_or(usize::MAX),
                reason: fixed(&reason),
            },
            Fault::Domain(what, value, domain) => Self::Domain {
                what: fixed(&what),
                value,
                domain: fixed(&domain),
            },
            Fault::Range(start_ns, end_ns) => Self::Range { start_ns, end_ns },
            Fault::Missing(kind, name) => Self::Missing {
                kind: fixed(&kind),
                name,
            },
            Fault::Duplicate(kind, name) => Self::Duplicate {
                kind: fixed(&kind),
                name,
            },
            Fault::Cycle(what, cycle) => Self::Cycle {
                what: fixed(&what),
                cycle,
            },
            Fault::Transition(tool, from, verb) => Self::Transition {
                tool,
                from,
                verb: fixed(&verb),
            },
            Fault::UndeclaredEffect(tool, effect) => Self::UndeclaredEffect { tool, effect },
            Fault::Denied(holder, action, resource) => Self::Denied {
                holder,
                action: fixed(&action),
                resource,
            },
            Fault::Config(key, reason) => Self::Config { key, reason },
            Fault::Tool(tool, message) => Self::Tool { tool, message },
            Fault::Source(source_name, message, text) => Self::Source {
                source_name,
                message,
                cause: cause(text),
            },
            Fault::Sink(sink, message, text) => Self::Sink {
                sink,
                message,
                cause: cause(text),
            },
            Fault::Store(message, no_space, text) => Self::Store {
                message,
                no_space,
                cause: cause(text),
            },
            Fault::Unavailable(what, reason) => Self::Unavailable {
                what: fixed(&what),
                reason: fixed(&reason),
            },
            Fault::Session(session, role, reason) => Self::Session {
                session,
                role,
                reason,
            },
            Fault::Gone(tool, reason) => Self::Gone { tool, reason },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_the_same_after_it_was_kept() {
        let errors = [
            Error::Denied {
                holder: "t".into(),
                action: "read the file",
                resource: "/x".into(),
            },
            Error::Store {
                message: "m".into(),
                no_space: true,
                cause: Some("deep".into()),
            },
            Error::Unavailable {
                what: "the store",
                reason: "the engine runs without one",
            },
            Error::Session {
                session: "s".into(),
                role: "r".into(),
                reason: "why".into(),
            },
            Error::Gone {
                tool: "t".into(),
                reason: "why".into(),
            },
            Error::Domain {
                what: "q",
                value: 2.0,
                domain: "[0, 1]",
            },
        ];
        for error in errors {
            let back = Error::from(Fault::from(&error));
            assert_eq!(format!("{back:?}"), format!("{error:?}"));
        }
    }
}
