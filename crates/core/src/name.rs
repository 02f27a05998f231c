//! Names: hooks, metrics, tools, labels.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::excerpt;
use crate::{Error, Result};

/// Longest name in bytes.
pub const NAME_BYTES_MAX: usize = 128;

/// Checks dotted segments of `[a-z0-9_]` (plus what `extra` allows), none of them empty.
fn check_dotted(kind: &'static str, text: &str, extra: fn(u8) -> bool) -> Result<()> {
    let reason = if text.is_empty() {
        "it is empty"
    } else if text.len() > NAME_BYTES_MAX {
        "it is longer than 128 bytes"
    } else if text.split('.').any(str::is_empty) {
        "a segment between dots is empty"
    } else if !text
        .bytes()
        .all(|b| b == b'.' || b == b'_' || b.is_ascii_lowercase() || b.is_ascii_digit() || extra(b))
    {
        "only dots and a-z, 0-9, _ are allowed (metrics also A-Z, -, / and :; tools also -)"
    } else {
        return Ok(());
    };
    Err(Error::Name {
        kind,
        text: excerpt(text),
        reason,
    })
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $extra:expr) => {
        $(#[$doc])*
        ///
        /// Cloning shares the text.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks and wraps `text`.
            ///
            /// # Errors
            /// [`Error::Name`] with the rule that it breaks.
            pub fn new(text: &str) -> Result<Self> {
                check_dotted($kind, text, $extra)?;
                Ok(Self(Arc::from(text)))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), &*self.0)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.as_ref().to_owned()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

name_type! {
    /// Name of a hook: dotted segments of `[a-z0-9_]`, as in `memory.after_allocation`.
    HookName, "hook", |_| false
}

name_type! {
    /// Name of a metric: dotted segments of `[A-Za-z0-9_:/-]`, as in `host.cpu.user`.
    MetricName, "metric", |b| b.is_ascii_uppercase() || matches!(b, b'-' | b'/' | b':')
}

name_type! {
    /// Identity of a tool: dotted segments of `[a-z0-9_-]`, as in `anomaly` or `acme.leak-finder`.
    ToolId, "tool", |b| b == b'-'
}

impl MetricName {
    /// The nearest valid name to any text: what is not allowed becomes `_`, and the length is cut.
    ///
    /// Two texts may be given the same name; keep the original in a label where that matters.
    #[must_use]
    pub fn sanitised(text: &str) -> Self {
        let mut out = String::with_capacity(text.len().min(NAME_BYTES_MAX));
        for c in text.trim().chars().take(NAME_BYTES_MAX) {
            let allowed = c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '/' | '-');
            if c == '.' && !(out.is_empty() || out.ends_with('.')) {
                out.push('.');
            } else {
                out.push(if allowed { c } else { '_' });
            }
        }
        if out.is_empty() || out.ends_with('.') {
            out.truncate(NAME_BYTES_MAX - 1);
            out.push('_');
        }
        Self(Arc::from(out))
    }
}

/// Which family a hook belongs to; the first segment of its name says it.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookCategory {
    /// `host.*`: the machine.
    Host,
    /// `vm.*`: cycles and instructions of a virtual machine.
    Vm,
    /// `memory.*`: allocations.
    Memory,
    /// `program.*`: a program watched from inside.
    Program,
    /// `otlp.*`: an OpenTelemetry producer.
    Otlp,
    /// `wasm.*`: a WebAssembly guest.
    Wasm,
    /// `file.*`: rows of a file or recording.
    File,
    /// `engine.*`: the engine itself.
    Engine,
    /// Anything else.
    Other,
}

impl HookName {
    /// The category that the first segment names.
    #[must_use]
    pub fn category(&self) -> HookCategory {
        match self.as_str().split('.').next() {
            Some("host") => HookCategory::Host,
            Some("vm") => HookCategory::Vm,
            Some("memory") => HookCategory::Memory,
            Some("program") => HookCategory::Program,
            Some("otlp") => HookCategory::Otlp,
            Some("wasm") => HookCategory::Wasm,
            Some("file") => HookCategory::File,
            Some("engine") => HookCategory::Engine,
            _ => HookCategory::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_dotted_segments() {
        for good in ["a", "host.cpu", "memory.after_allocation", "x.0.y"] {
            assert_eq!(HookName::new(good).unwrap().as_str(), good);
        }
        let long = "a".repeat(129);
        for bad in [
            "",
            ".",
            "a.",
            ".a",
            "a..b",
            "A",
            "a b",
            "a*",
            "ä",
            long.as_str(),
        ] {
            assert!(HookName::new(bad).is_err(), "{bad:?}");
        }
        assert!(MetricName::new("Node/CPU:user-time").is_ok());
        assert!(ToolId::new("acme.leak-finder").is_ok());
    }

    #[test]
    fn an_error_excerpt_stays_short_and_valid() {
        let error = HookName::new(&"ä".repeat(1000)).unwrap_err().to_string();
        assert!(error.len() < 300, "{error}");
    }

    #[test]
    fn categories_come_from_the_first_segment() {
        assert_eq!(
            HookName::new("host.cpu").unwrap().category(),
            HookCategory::Host
        );
        assert_eq!(
            HookName::new("hosts.cpu").unwrap().category(),
            HookCategory::Other
        );
    }
}
