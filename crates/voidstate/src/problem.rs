//! What is told when something does not work, in four parts: what, where, why, what to do next.

use std::fmt;
use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All went well.
    Ok = 0,
    /// A finding at or above `--fail-on`.
    Finding = 1,
    /// The command line was not understood, or asks for what cannot be done.
    Usage = 2,
    /// The input cannot be used.
    Input = 3,
    /// Something may not or cannot be read.
    Permission = 4,
    /// A fault of the program.
    Internal = 70,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Something that does not work.
#[derive(Debug)]
pub(crate) struct Problem {
    exit: Exit,
    what: String,
    place: String,
    why: String,
    next: String,
    broken_pipe: bool,
}

impl Problem {
    /// `what` went wrong at `place` because of `why`; `next` is what the user can do.
    pub(crate) fn new(
        exit: Exit,
        what: impl Into<String>,
        place: impl Into<String>,
        why: impl fmt::Display,
        next: impl Into<String>,
    ) -> Self {
        Self {
            exit,
            what: what.into(),
            place: place.into(),
            why: why.to_string(),
            next: next.into(),
            broken_pipe: false,
        }
    }

    /// A fault of the program itself.
    pub(crate) fn internal(place: &str, why: impl fmt::Display) -> Self {
        let next = "run `voidstate doctor` and report its output together with this message";
        Self::new(
            Exit::Internal,
            "voidstate could not do its work",
            place,
            why,
            next,
        )
    }

    /// The output cannot be written.
    pub(crate) fn output(error: &std::io::Error) -> Self {
        let next = "check where standard output goes and whether there is room";
        let mut problem = Self::new(
            Exit::Internal,
            "the output cannot be written",
            "standard output",
            error,
            next,
        );
        problem.broken_pipe = error.kind() == std::io::ErrorKind::BrokenPipe;
        problem
    }

    pub(crate) const fn exit(&self) -> Exit {
        self.exit
    }

    pub(crate) const fn is_broken_pipe(&self) -> bool {
        self.broken_pipe
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "error: {}\n  where: {}\n  why:   {}\n  try:   {}",
            self.what, self.place, self.why, self.next
        )
    }
}

/// `error` and its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = next.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_four_parts() {
        let text = Problem::new(Exit::Input, "a", "b", "c", "d").to_string();
        assert_eq!(text, "error: a\n  where: b\n  why:   c\n  try:   d");
    }
}
