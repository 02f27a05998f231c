//! `ci`: every check, one table.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::shell::{self, Shell};
use crate::test;
use crate::verb::{Outcome, Tests, Verb, flag};
use crate::{build, deny, doc, layers, lint, perf, pick, rooms, spec};

/// Lines of a failing step's output that are shown; the whole is in its log.
const LINES_SHOWN_MAX: usize = 300;

pub(crate) const VERB: Verb = Verb {
    name: "ci",
    summary: "everything that must hold before a change lands",
    help: "\
usage: cargo xtask ci [--allow-dirty] [STEP…]

Runs the steps build, format, text, clippy, layers, rooms, spec, deny, test, doc, package, pick and perf
(quick), or those named. Each step's output goes to target/ci-logs/STEP.log; a failing step's is shown.
A failed step does not keep the others from running, except that nothing is built after a failed build.
Ends with a table of step, minutes and result, the total, and the line `N passed, N failed` of the tests.
--allow-dirty packages a work tree with changes that are not committed.",
    run,
};

/// One line of the table.
struct Step {
    name: &'static str,
    /// Whether it is pointless when the app does not build.
    compiles: bool,
    run: fn(&Shell, &Plan) -> Result<Outcome>,
}

struct Plan {
    allow_dirty: bool,
}

const STEPS: [Step; 13] = [
    Step {
        name: "build",
        compiles: true,
        run: |shell, _| verb(shell, &build::VERB, &[]),
    },
    Step {
        name: "format",
        compiles: false,
        run: |shell, _| verb(shell, &lint::VERB, &["format"]),
    },
    Step {
        name: "text",
        compiles: false,
        run: |shell, _| verb(shell, &lint::VERB, &["text"]),
    },
    Step {
        name: "clippy",
        compiles: true,
        run: |shell, _| verb(shell, &lint::VERB, &["clippy"]),
    },
    Step {
        name: "layers",
        compiles: false,
        run: |shell, _| verb(shell, &layers::VERB, &[]),
    },
    Step {
        name: "rooms",
        compiles: false,
        run: |shell, _| verb(shell, &rooms::VERB, &[]),
    },
    Step {
        name: "spec",
        compiles: false,
        run: |shell, _| verb(shell, &spec::VERB, &[]),
    },
    Step {
        name: "deny",
        compiles: false,
        run: |shell, _| verb(shell, &deny::VERB, &[]),
    },
    Step {
        name: "test",
        compiles: true,
        run: |shell, _| verb(shell, &test::VERB, &[]),
    },
    Step {
        name: "doc",
        compiles: true,
        run: |shell, _| verb(shell, &doc::VERB, &[]),
    },
    Step {
        name: "package",
        compiles: false,
        run: package,
    },
    Step {
        name: "pick",
        compiles: true,
        run: |shell, _| verb(shell, &pick::VERB, &[]),
    },
    Step {
        name: "perf",
        compiles: true,
        run: |shell, _| verb(shell, &perf::VERB, &["--quick"]),
    },
];

fn verb(shell: &Shell, verb: &Verb, args: &[&str]) -> Result<Outcome> {
    (verb.run)(
        shell,
        &args.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>(),
    )
}

/// Every crate can be packaged as it would be published.
fn package(shell: &Shell, plan: &Plan) -> Result<Outcome> {
    let mut words = vec![
        "package",
        "--workspace",
        "--exclude",
        "xtask",
        "--no-verify",
        "--locked",
    ];
    words.extend(plan.allow_dirty.then_some("--allow-dirty"));
    let output = shell.run(&mut shell.cargo(words))?;
    let packed = output
        .lines()
        .filter(|l| l.trim_start().starts_with("Packaged "))
        .count();
    Ok(Outcome::done(format!("{packed} crates")))
}

/// How a step ended.
enum Ended {
    Well(Outcome),
    Failed(String),
    NotRun,
}

struct Line {
    name: &'static str,
    took: Duration,
    ended: Ended,
}

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    let mut args = args.to_vec();
    let plan = Plan {
        allow_dirty: flag(&mut args, "--allow-dirty"),
    };
    if let Some(unknown) = args.iter().find(|a| !STEPS.iter().any(|s| s.name == *a)) {
        return Err(Error::Usage(format!("no step `{unknown}`")));
    }
    let steps: Vec<_> = STEPS
        .iter()
        .filter(|s| args.is_empty() || args.iter().any(|a| a == s.name))
        .collect();
    let start = Instant::now();
    let mut lines: Vec<Line> = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        shell.say(format_args!(
            "[{}/{}] {}",
            number + 1,
            steps.len(),
            step.name
        ));
        let broken = lines
            .iter()
            .any(|l| l.name == "build" && matches!(l.ended, Ended::Failed(_)));
        if broken && step.compiles {
            lines.push(Line {
                name: step.name,
                took: Duration::ZERO,
                ended: Ended::NotRun,
            });
            continue;
        }
        let log = shell
            .root()
            .join(format!("target/ci-logs/{}.log", step.name));
        let (began, quiet) = (Instant::now(), shell.logged(&log)?);
        let ended = match (step.run)(&quiet, &plan) {
            Ok(outcome) => {
                quiet.say(&outcome.note);
                Ended::Well(outcome)
            }
            Err(error) => {
                quiet.say(&error);
                shell.say(shown(&shell::read_lossy(&log)?, &log));
                Ended::Failed(error.to_string())
            }
        };
        lines.push(Line {
            name: step.name,
            took: began.elapsed(),
            ended,
        });
    }
    shell.say(table(&lines, start.elapsed()));
    if lines
        .iter()
        .any(|l| l.name == "test" && !matches!(l.ended, Ended::NotRun))
    {
        shell.say(test::closing_line(tests(&lines)));
    }
    let failed: Vec<_> = lines
        .iter()
        .filter(|l| !matches!(l.ended, Ended::Well(_)))
        .map(|l| l.name.to_owned())
        .collect();
    if failed.is_empty() {
        Ok(Outcome::done("all steps passed"))
    } else {
        Err(Error::Found {
            rule: "ci, steps that did not pass",
            problems: failed,
        })
    }
}

/// The end of a failing step's output.
fn shown(log: &str, path: &Path) -> String {
    let lines: Vec<_> = log.lines().collect();
    let cut = lines.len().saturating_sub(LINES_SHOWN_MAX);
    let note = if cut == 0 {
        String::new()
    } else {
        format!("({cut} lines before these are in {})\n", path.display())
    };
    note + &lines.get(cut..).unwrap_or_default().join("\n")
}

/// Tests counted by the step `test`, whether it passed or not.
fn tests(lines: &[Line]) -> Tests {
    let of = |line: &Line| match &line.ended {
        Ended::Well(outcome) => test::read_closing_line(&outcome.note),
        Ended::Failed(error) => error.split(['(', ')']).find_map(test::read_closing_line),
        Ended::NotRun => None,
    };
    lines
        .iter()
        .filter(|l| l.name == "test")
        .find_map(of)
        .unwrap_or_default()
}

fn table(lines: &[Line], total: Duration) -> String {
    let mut text = format!("\n{:10} {:>7}  result\n", "step", "minutes");
    let minutes = |d: Duration| d.as_secs_f64() / 60.0;
    for line in lines {
        let result = match &line.ended {
            Ended::Well(outcome) if outcome.skipped => format!("SKIPPED IN PART: {}", outcome.note),
            Ended::Well(outcome) => format!("ok: {}", outcome.note),
            Ended::Failed(error) => format!("FAILED: {}", error.lines().next().unwrap_or_default()),
            Ended::NotRun => "NOT RUN: the build failed".to_owned(),
        };
        text.push_str(&format!(
            "{:10} {:>7.2}  {result}\n",
            line.name,
            minutes(line.took)
        ));
    }
    text + &format!("{:10} {:>7.2}\n", "total", minutes(total))
}

#[cfg(test)]
mod tests_of_ci {
    use super::*;

    fn line(name: &'static str, ended: Ended) -> Line {
        Line {
            name,
            took: Duration::from_secs(90),
            ended,
        }
    }

    #[test]
    fn the_table_names_what_failed_was_left_out_or_not_run() {
        let lines = [
            line(
                "build",
                Ended::Failed("`cargo build` ended with exit code 101\nmore".to_owned()),
            ),
            line("deny", Ended::Well(Outcome::skipped("no database"))),
            line("test", Ended::NotRun),
        ];
        let text = table(&lines, Duration::from_secs(180));
        for part in [
            "build         1.50  FAILED: `cargo build` ended",
            "SKIPPED IN PART: no database",
            "NOT RUN",
            "total         3.00",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("more"));
    }

    #[test]
    fn tests_are_counted_whether_they_pass_or_not() {
        let passed = [line(
            "test",
            Ended::Well(Outcome::done("12 passed, 0 failed")),
        )];
        assert_eq!(
            tests(&passed),
            Tests {
                passed: 12,
                failed: 0
            }
        );
        let error = Error::Command {
            command: "tests (10 passed, 2 failed)".to_owned(),
            code: "exit code 100".to_owned(),
        };
        let failed = [line("test", Ended::Failed(error.to_string()))];
        assert_eq!(
            tests(&failed),
            Tests {
                passed: 10,
                failed: 2
            }
        );
        assert_eq!(tests(&[]), Tests::default());
    }

    #[test]
    fn long_output_is_cut_at_its_start_and_says_so() {
        let log: String = (0..LINES_SHOWN_MAX + 5)
            .map(|n| format!("line {n}\n"))
            .collect();
        let text = shown(&log, Path::new("x.log"));
        assert!(text.starts_with("(5 lines before these are in x.log)\nline 5\n"));
        assert_eq!(shown("a\nb", Path::new("x.log")), "a\nb");
    }
}
