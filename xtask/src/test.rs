//! `test`: unit, integration and documentation tests, counted.

use crate::error::{Error, Result};
use crate::shell::Shell;
use crate::verb::{Outcome, Tests, Verb};

pub(crate) const VERB: Verb = Verb {
    name: "test",
    summary: "all tests with the profile `ci`, then the documentation's examples",
    help: "\
usage: cargo xtask test [CARGO TEST ARGUMENTS]

Runs the tests of the workspace (or what the arguments choose, such as `-p voidstate-core`) with every
feature and the profile `ci`: with nextest where it is installed, else with `cargo test`; then the
examples in the documentation. Ends with a line `N passed, N failed`; no test at all is a failure.",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    let chosen: Vec<_> = if args.is_empty() {
        vec!["--workspace"]
    } else {
        args.iter().map(String::as_str).collect()
    };
    let mut commands = Vec::new();
    if has_nextest(shell) {
        let words = [
            "nextest",
            "run",
            "--cargo-profile",
            "ci",
            "--all-features",
            "--locked",
            "--no-fail-fast",
            "--no-tests",
            "pass",
        ];
        commands.push(shell.cargo(words.into_iter().chain(chosen.clone())));
    } else {
        let words = [
            "test",
            "--profile",
            "ci",
            "--all-features",
            "--locked",
            "--no-fail-fast",
            "--lib",
            "--bins",
            "--tests",
        ];
        commands.push(shell.cargo(words.into_iter().chain(chosen.clone())));
    }
    let words = [
        "test",
        "--doc",
        "--profile",
        "ci",
        "--all-features",
        "--locked",
        "--no-fail-fast",
    ];
    commands.push(shell.cargo(words.into_iter().chain(chosen)));

    let (mut total, mut failure) = (Tests::default(), None);
    for command in &mut commands {
        let ran = shell.attempt(command)?;
        let tests = count(&ran.output);
        total.passed += tests.passed;
        total.failed += tests.failed;
        // A program has no examples in its documentation to run.
        if !ran.ok
            && !ran
                .output
                .contains("error: no library targets found in package")
        {
            failure = failure.or(Some(ran.code));
        }
    }
    let line = closing_line(total);
    shell.say(&line);
    match failure {
        Some(code) => Err(Error::Command {
            command: format!("tests ({line})"),
            code,
        }),
        None if total.passed == 0 => Err(Error::malformed("tests", "no test ran")),
        None => Ok(Outcome::done(line)),
    }
}

/// Whether nextest can be called.
fn has_nextest(shell: &Shell) -> bool {
    shell
        .read(&mut shell.cargo(["nextest", "--version"]))
        .is_ok()
}

/// The line that says how many tests ran, in a form that any reader of logs knows.
pub(crate) fn closing_line(tests: Tests) -> String {
    format!("{} passed, {} failed", tests.passed, tests.failed)
}

/// Reads a closing line back out of a step's note.
pub(crate) fn read_closing_line(text: &str) -> Option<Tests> {
    let line = text
        .lines()
        .rev()
        .find(|l| l.contains(" passed, ") && l.ends_with(" failed"))?;
    let mut numbers = line.split(' ').filter_map(|w| w.parse().ok());
    Some(Tests {
        passed: numbers.next()?,
        failed: numbers.next()?,
    })
}

/// Sums the runners' closing lines: nextest's `Summary` and cargo's `test result`.
pub(crate) fn count(output: &str) -> Tests {
    let mut tests = Tests::default();
    for line in output.lines() {
        let line = line.trim();
        let nextest = line.starts_with("Summary [") && line.contains(" run: ");
        if !nextest && !line.starts_with("test result: ") {
            continue;
        }
        let words: Vec<_> = line
            .split([' ', ',', ';'])
            .filter(|w| !w.is_empty())
            .collect();
        for pair in words.windows(2) {
            let &[number, what] = pair else { continue };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match what {
                "passed" => tests.passed += number,
                "failed" | "timed" => tests.failed += number,
                _ => {}
            }
        }
    }
    tests
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_both_runners_are_summed() {
        let output = "\
     Summary [   0.006s] 7 tests run: 5 passed (1 slow), 1 failed, 1 timed out, 2 skipped
test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: FAILED. 0 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
say: 9 passed, 9 failed";
        assert_eq!(
            count(output),
            Tests {
                passed: 8,
                failed: 4
            }
        );
        assert_eq!(count(""), Tests::default());
    }

    #[test]
    fn the_closing_line_is_read_back() {
        let tests = Tests {
            passed: 12,
            failed: 3,
        };
        assert_eq!(
            read_closing_line(&format!("x\n{}\nafter", closing_line(tests))),
            Some(tests)
        );
        assert_eq!(read_closing_line("nothing"), None);
    }
}
