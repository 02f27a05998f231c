//! What a verb is, and what it answers.

use crate::error::{Error, Result};
use crate::shell::Shell;

/// One thing that `cargo xtask` can do.
pub(crate) struct Verb {
    pub(crate) name: &'static str,
    /// One line for the list of verbs.
    pub(crate) summary: &'static str,
    /// Usage, then what it does.
    pub(crate) help: &'static str,
    pub(crate) run: fn(&Shell, &[String]) -> Result<Outcome>,
}

/// Tests counted in the closing lines of the runners.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tests {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

/// How a verb ended that did not fail.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// What was done, in a few words.
    pub(crate) note: String,
    /// Something was left out: said aloud, never counted as checked.
    pub(crate) skipped: bool,
}

impl Outcome {
    /// Everything was done.
    pub(crate) fn done(note: impl Into<String>) -> Self {
        Self {
            note: note.into(),
            skipped: false,
        }
    }

    /// Some or all of it could not be done here.
    pub(crate) fn skipped(why: impl Into<String>) -> Self {
        Self {
            note: why.into(),
            skipped: true,
        }
    }
}

/// For verbs without arguments.
pub(crate) fn no_arguments(args: &[String]) -> Result<()> {
    args.first().map_or(Ok(()), |a| Err(unknown(a)))
}

/// Takes the flag out of the arguments; says whether it was there.
pub(crate) fn flag(args: &mut Vec<String>, name: &str) -> bool {
    let before = args.len();
    args.retain(|a| a != name);
    args.len() != before
}

/// Takes `name VALUE` or `name=VALUE` out of the arguments.
pub(crate) fn option(args: &mut Vec<String>, name: &str) -> Result<Option<String>> {
    let Some(at) = args
        .iter()
        .position(|a| a == name || a.strip_prefix(name).is_some_and(|r| r.starts_with('=')))
    else {
        return Ok(None);
    };
    let word = args.remove(at);
    if let Some((_, value)) = word.split_once('=') {
        return Ok(Some(value.to_owned()));
    }
    if at < args.len() && !args[at].starts_with("--") {
        return Ok(Some(args.remove(at)));
    }
    Err(Error::Usage(format!("`{name}` needs a value")))
}

/// An argument that nobody knows.
pub(crate) fn unknown(argument: &str) -> Error {
    Error::Usage(format!("unknown argument `{argument}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_are_taken_in_both_spellings() {
        let mut args = words("name --minutes 5 --quick");
        assert_eq!(
            option(&mut args, "--minutes").unwrap().as_deref(),
            Some("5")
        );
        assert!(flag(&mut args, "--quick"));
        assert_eq!(args, words("name"));
        let mut args = words("--layer=tools");
        assert_eq!(
            option(&mut args, "--layer").unwrap().as_deref(),
            Some("tools")
        );
        assert!(option(&mut words("--minutes"), "--minutes").is_err());
        assert!(option(&mut words("--minutes --quick"), "--minutes").is_err());
        assert_eq!(
            option(&mut words("--minutes-x 3"), "--minutes").unwrap(),
            None
        );
        assert!(no_arguments(&words("x")).is_err());
    }
}
