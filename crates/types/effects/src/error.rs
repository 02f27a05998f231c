//! Why a program did not come to its end.

use std::borrow::Cow;

/// Why a program did not come to its end, or a journal was refused.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A handler, or the program itself, gave up.
    #[error("program was aborted: {reason}")]
    Aborted {
        /// Why.
        reason: Cow<'static, str>,
    },
    /// The program awaits something that no handler answers.
    #[error(
        "program awaits what no handler answers: a future of its own under a runner that does not wait (use `run_async`), or an answer to another operation"
    )]
    Stalled,
    /// The program did something else than when it was recorded.
    #[error("operation {at} is not the recorded one: recorded {recorded}, performed {performed}")]
    Diverged {
        /// Which operation, counted from 0.
        at: u64,
        /// What the journal holds there.
        recorded: Box<str>,
        /// What the program performed.
        performed: Box<str>,
    },
    /// The program goes on after the end of the journal.
    #[error("journal ends after {at} operations, and the program performs {performed}")]
    Exhausted {
        /// How many operations the journal holds.
        at: u64,
        /// What the program performed.
        performed: Box<str>,
    },
    /// The program ended before the journal did.
    #[error("program ended after {at} operations, where the journal holds {recorded}")]
    Unperformed {
        /// Which operation, counted from 0.
        at: u64,
        /// What the journal holds there.
        recorded: Box<str>,
    },
    /// The journal was written by a program with another row.
    #[error("journal is of the row [{found}], this program has the row [{expected}]")]
    Row {
        /// Effects that the journal names.
        found: Box<str>,
        /// Effects of the program.
        expected: Box<str>,
    },
    /// The effect is not one of the journal's row.
    #[error("effect {effect} is not in the journal's row [{row}]")]
    NotInRow {
        /// The effect.
        effect: &'static str,
        /// Effects that the journal names.
        row: Box<str>,
    },
    /// The bytes are no journal, were cut off, or their records do not follow one another.
    #[error("not a whole journal: {what}, at byte {byte}")]
    Journal {
        /// What is wrong.
        what: &'static str,
        /// Where the record starts that is wrong.
        byte: u64,
    },
    /// A record of the journal, an operation or an answer cannot be encoded or decoded.
    #[error("{what}: {cause}")]
    Codec {
        /// Which one.
        what: Cow<'static, str>,
        /// What the codec says.
        #[source]
        cause: Box<voidstate_codec::Error>,
    },
    /// The program performed more than it may.
    #[error("{effect} was performed more than {limit} times")]
    Limit {
        /// The effect, or `any effect`.
        effect: &'static str,
        /// How often it may be performed.
        limit: u64,
    },
    /// A setting is outside its domain.
    #[error("{what} is {value}, which is not {domain}")]
    Setting {
        /// Which setting.
        what: &'static str,
        /// Its value.
        value: Box<str>,
        /// What it may be.
        domain: &'static str,
    },
}

impl Error {
    /// An abort for a reason.
    #[must_use]
    pub fn aborted(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Aborted {
            reason: reason.into(),
        }
    }

    pub(crate) fn codec(
        what: impl Into<Cow<'static, str>>,
    ) -> impl FnOnce(voidstate_codec::Error) -> Self {
        let what = what.into();
        move |cause| Self::Codec {
            what,
            cause: Box::new(cause),
        }
    }
}
