//! The solver as another process.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::Problem;

/// A solver that reads SMT-LIB 2 from its standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solver {
    program: OsString,
    /// How long it may think about one question.
    pub timeout: Duration,
}

/// What it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// There may be a solution.
    Satisfiable,
    /// There is none: the assertions of these numbers exclude each other.
    Unsatisfiable(Vec<usize>),
    /// It ran out of time, gave up or could not be run.
    Unknown,
}

impl Solver {
    /// The `z3` of the path, when there is one that answers.
    #[must_use]
    pub fn find() -> Option<Self> {
        Self::named("z3")
    }

    /// A program that understands z3's options, when it answers.
    #[must_use]
    pub fn named(program: impl Into<OsString>) -> Option<Self> {
        let solver = Self {
            program: program.into(),
            timeout: Duration::from_secs(2),
        };
        let contradiction = Problem {
            assertions: vec!["false".to_owned()],
            ..Problem::default()
        };
        (solver.solve(&contradiction) == Verdict::Unsatisfiable(vec![0])).then_some(solver)
    }

    /// Asks one question.
    #[must_use]
    pub fn solve(&self, problem: &Problem) -> Verdict {
        match self.run(&problem.script(self.timeout)) {
            Some(answer) => read(&answer),
            None => Verdict::Unknown,
        }
    }

    fn run(&self, script: &str) -> Option<String> {
        // The solver's own limit comes first; this one is for when it does not keep to it.
        let seconds = self.timeout.as_secs() + 3;
        let mut child = Command::new(&self.program)
            .args(["-in", "-smt2"])
            .arg(format!("-T:{seconds}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        if let Some(mut stdin) = child.stdin.take() {
            // A solver that stops reading has said what it has to say.
            let _ = stdin.write_all(script.as_bytes());
        }
        let output = child.wait_with_output().ok()?;
        String::from_utf8(output.stdout).ok()
    }
}

/// Reads the answer; anything unexpected is [`Verdict::Unknown`].
fn read(answer: &str) -> Verdict {
    let mut lines = answer.lines().map(str::trim);
    match lines.next() {
        Some("sat") => Verdict::Satisfiable,
        Some("unsat") => {
            let rest: String = lines.collect::<Vec<_>>().join(" ");
            let names = rest.trim().trim_start_matches('(').trim_end_matches(')');
            let core: Option<Vec<usize>> = names
                .split_whitespace()
                .map(|name| name.strip_prefix('c')?.parse().ok())
                .collect();
            match core {
                Some(mut core) => {
                    core.sort_unstable();
                    Verdict::Unsatisfiable(core)
                }
                None => Verdict::Unknown,
            }
        }
        _ => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        assert_eq!(read("sat\n(error \"no core\")"), Verdict::Satisfiable);
        assert_eq!(read("unsat\n(c2 c0)\n"), Verdict::Unsatisfiable(vec![0, 2]));
        assert_eq!(read("unsat\n()"), Verdict::Unsatisfiable(vec![]));
        assert_eq!(read("unknown\n"), Verdict::Unknown);
        assert_eq!(read("timeout"), Verdict::Unknown);
        assert_eq!(read(""), Verdict::Unknown);
        assert_eq!(read("(error \"line 1\")\nunsat\n(c0)"), Verdict::Unknown);
        assert_eq!(read("unsat\n(d0)"), Verdict::Unknown);
    }

    #[test]
    fn a_program_that_is_no_solver_is_none() {
        assert_eq!(Solver::named("no-such-solver-anywhere"), None);
        assert_eq!(Solver::named("true"), None);
        assert_eq!(Solver::named("cat"), None);
    }
}
