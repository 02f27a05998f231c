//! `soak`: the big counts, resumable, written down.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::{Error, Result, none_found};
use crate::shell::{self, Shell};
use crate::test;
use crate::verb::{Outcome, Verb, flag, option, unknown};

const PAGE: &str = "benches/soak.md";
const HEAD: &str = "\
# Long proofs

What `cargo xtask soak` ran, and where the next run goes on. One round is one run of the soak's tests with its seed; the
commit bears a `+` where the work tree differed from it.

| soak | seeds | rounds | commit | result |
|---|---|---:|---|---|
";

/// A set of tests that can be run with other seeds and more cases.
struct Soak {
    name: &'static str,
    what: &'static str,
    /// Arguments of `cargo test --profile ci`.
    tests: &'static [&'static str],
    env: &'static [(&'static str, &'static str)],
    /// Rounds of a full soak.
    rounds: u64,
}

const SOAKS: [Soak; 6] = [
    Soak {
        name: "anomaly-false-episodes",
        what: "false episodes of 150 quiet series, five noise families",
        tests: &["-p", "voidstate-anomaly", "--", "false_episode"],
        env: &[("VOIDSTATE_SOAK_SCALE", "10")],
        rounds: 100,
    },
    Soak {
        name: "timeseries-kill",
        what: "kill -9 while writing: nothing acknowledged is lost (50 kills a round)",
        tests: &["-p", "voidstate-timeseries", "--", "kill"],
        env: &[("VOIDSTATE_SOAK_SCALE", "10")],
        rounds: 1,
    },
    Soak {
        name: "registry-model",
        what: "the registry against its naive model",
        tests: &["-p", "voidstate-runtime", "--", "registry"],
        env: &[("VOIDSTATE_SOAK_SCALE", "10"), ("PROPTEST_CASES", "2560")],
        rounds: 100,
    },
    Soak {
        name: "protocol",
        what: "hostile protocol texts",
        tests: &["-p", "voidstate-protocol", "--", "hostile"],
        env: &[("VOIDSTATE_SOAK_SCALE", "10")],
        rounds: 100,
    },
    Soak {
        name: "language",
        what: "hostile specifications, as texts and as JSON (100,000 executions a round)",
        tests: &["-p", "voidstate-language", "--", "hostile"],
        env: &[("VOIDSTATE_SOAK_SCALE", "10")],
        rounds: 100,
    },
    Soak {
        name: "decoders",
        what: "hostile bytes for everything that reads bytes",
        tests: &[
            "-p",
            "voidstate-codec",
            "-p",
            "voidstate-timeseries",
            "-p",
            "voidstate-file",
            "-p",
            "voidstate-embed",
            "--",
            "decod",
            "hostile",
            "garbage",
            "corrupt",
            "truncat",
            "torn",
            "arbitrary",
            "never_panic",
        ],
        env: &[("VOIDSTATE_SOAK_SCALE", "10"), ("PROPTEST_CASES", "2560")],
        rounds: 100,
    },
];

pub(crate) const VERB: Verb = Verb {
    name: "soak",
    summary: "the long proofs: many seeds, resumable, results in benches/soak.md",
    help: "\
usage: cargo xtask soak [NAME] [--minutes N] [--list]

Runs one soak, or all of them, for N minutes each (at least one round) or for a full soak's rounds. A
round runs the soak's tests with the next seed in VOIDSTATE_SOAK_SEED and PROPTEST_RNG_SEED, scaled up by
VOIDSTATE_SOAK_SCALE and PROPTEST_CASES; CI runs the same tests unscaled. Every round is written down in
benches/soak.md at once (seeds, rounds, commit, result), and the next run goes on after the last seed
written there. A round that runs no test fails.",
    run,
};

fn run(shell: &Shell, args: &[String]) -> Result<Outcome> {
    let mut args = args.to_vec();
    if flag(&mut args, "--list") {
        SOAKS.iter().for_each(|s| {
            shell.say(format_args!(
                "{:24} {:4} rounds  {}",
                s.name, s.rounds, s.what
            ))
        });
        return Ok(Outcome::done(format!("{} soaks", SOAKS.len())));
    }
    let minutes = option(&mut args, "--minutes")?
        .map(|m| minutes(&m))
        .transpose()?;
    let chosen: Vec<&Soak> = match args.as_slice() {
        [] => SOAKS.iter().collect(),
        [name] => vec![find(name)?],
        [_, extra, ..] => return Err(unknown(extra)),
    };
    let mut problems = Vec::new();
    let mut rounds = 0;
    for soak in chosen {
        match one(shell, soak, minutes) {
            Ok(done) => rounds += done,
            Err(error) => problems.push(format!("{}: {error}", soak.name)),
        }
    }
    none_found(VERB.name, problems)?;
    Ok(Outcome::done(format!("{rounds} rounds")))
}

fn find(name: &str) -> Result<&'static Soak> {
    let names = || SOAKS.iter().map(|s| s.name).collect::<Vec<_>>().join(", ");
    SOAKS
        .iter()
        .find(|s| s.name == name)
        .ok_or_else(|| Error::Usage(format!("no soak `{name}`; there are {}", names())))
}

fn minutes(text: &str) -> Result<Duration> {
    let value = text
        .parse::<f64>()
        .ok()
        .filter(|m| *m > 0.0 && *m < 100_000.0);
    value
        .map(|m| Duration::from_secs_f64(m * 60.0))
        .ok_or_else(|| Error::Usage(format!("`--minutes {text}` is no time")))
}

/// Runs rounds until time or count are used up; stops at the first that fails.
fn one(shell: &Shell, soak: &Soak, limit: Option<Duration>) -> Result<u64> {
    let path = shell.root().join(PAGE);
    let commit = commit(shell)?;
    let start = Instant::now();
    let mut done = 0;
    while limit.map_or(done < soak.rounds, |limit| {
        done == 0 || start.elapsed() < limit
    }) {
        let page = Page::load(&path)?;
        let seed = page.next_seed(soak.name);
        let ran = round(shell, soak, seed);
        let result = if ran.is_ok() {
            "ok".to_owned()
        } else {
            format!("FAILED at seed {seed}")
        };
        shell::write_file(&path, &page.with(soak.name, seed, &commit, &result).text())?;
        ran?;
        done += 1;
    }
    Ok(done)
}

fn round(shell: &Shell, soak: &Soak, seed: u64) -> Result<()> {
    let mut command = shell.cargo(
        [
            "test",
            "--profile",
            "ci",
            "--locked",
            "--all-features",
            "--lib",
            "--bins",
            "--tests",
        ]
        .iter()
        .chain(soak.tests),
    );
    command.envs(soak.env.iter().copied());
    command
        .env("VOIDSTATE_SOAK_SEED", seed.to_string())
        .env("PROPTEST_RNG_SEED", seed.to_string());
    let output = shell.run(&mut command)?;
    if test::count(&output).passed == 0 {
        return Err(Error::malformed(
            soak.name,
            "no test bears the names it looks for",
        ));
    }
    Ok(())
}

/// The commit that runs, with a `+` where the work tree differs (this page aside).
fn commit(shell: &Shell) -> Result<String> {
    let id = shell.read(&mut shell.git(&["rev-parse", "--short=12", "HEAD"]))?;
    let changed = shell.read(&mut shell.git(&[
        "status",
        "--porcelain",
        "--",
        ".",
        ":(exclude)benches/soak.md",
    ]))?;
    Ok(format!(
        "{}{}",
        id.trim(),
        if changed.trim().is_empty() { "" } else { "+" }
    ))
}

/// What is written down so far.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Page {
    rows: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    soak: String,
    first: u64,
    last: u64,
    commit: String,
    result: String,
}

impl Page {
    fn load(path: &Path) -> Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(|why| Error::malformed(PAGE, why)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Self { rows: Vec::new() }),
            Err(e) => Err(Error::io("read", path)(e)),
        }
    }

    /// A line that cannot be read is an error: seeds are never run twice in silence.
    fn parse(text: &str) -> std::result::Result<Self, String> {
        let table = text.lines().filter(|l| l.starts_with('|')).skip(2);
        let rows = table.map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            let bad = || format!("cannot read the line `{line}`");
            let &[soak, seeds, rounds, commit, result] = cells.as_slice() else {
                return Err(bad());
            };
            let (first, last) = seeds.split_once("..=").ok_or_else(bad)?;
            let (first, last) = (
                first.parse().map_err(|_| bad())?,
                last.parse().map_err(|_| bad())?,
            );
            let count = last - u64::min(first, last) + 1;
            if first > last || rounds.parse() != Ok(count) {
                return Err(bad());
            }
            Ok(Line {
                soak: soak.to_owned(),
                first,
                last,
                commit: commit.to_owned(),
                result: result.to_owned(),
            })
        });
        Ok(Self {
            rows: rows.collect::<std::result::Result<_, _>>()?,
        })
    }

    fn next_seed(&self, soak: &str) -> u64 {
        self.rows
            .iter()
            .filter(|r| r.soak == soak)
            .map(|r| r.last + 1)
            .max()
            .unwrap_or(1)
    }

    /// The page with one more round: a longer last line, or a new one.
    fn with(mut self, soak: &str, seed: u64, commit: &str, result: &str) -> Self {
        let same = |r: &&mut Line| {
            r.soak == soak && r.commit == commit && r.result == result && r.last + 1 == seed
        };
        match self
            .rows
            .iter_mut()
            .rev()
            .find(|r| r.soak == soak)
            .filter(same)
        {
            Some(row) => row.last = seed,
            None => self.rows.push(Line {
                soak: soak.to_owned(),
                first: seed,
                last: seed,
                commit: commit.to_owned(),
                result: result.to_owned(),
            }),
        }
        self
    }

    fn text(&self) -> String {
        let row = |r: &Line| {
            let rounds = r.last - r.first + 1;
            format!(
                "| {} | {}..={} | {rounds} | {} | {} |\n",
                r.soak, r.first, r.last, r.commit, r.result
            )
        };
        self.rows
            .iter()
            .map(row)
            .fold(HEAD.to_owned(), |page, row| page + &row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_on_where_the_last_one_ended() {
        let mut page = Page { rows: Vec::new() };
        for seed in 1..=3 {
            assert_eq!(page.next_seed("a"), seed);
            page = page.with("a", seed, "c1", "ok");
        }
        page = page
            .with("b", 1, "c1", "ok")
            .with("a", 4, "c1", "FAILED at seed 4")
            .with("a", 5, "c2", "ok");
        assert_eq!(
            (
                page.next_seed("a"),
                page.next_seed("b"),
                page.next_seed("c")
            ),
            (6, 2, 1)
        );
        assert!(
            page.text().contains("| a | 1..=3 | 3 | c1 | ok |\n"),
            "{}",
            page.text()
        );
        assert_eq!(page.rows.len(), 4);
        assert_eq!(Page::parse(&page.text()).unwrap(), page);
    }

    #[test]
    fn a_page_that_cannot_be_read_is_not_guessed_at() {
        for row in [
            "| a | 1-3 | 3 | c | ok |",
            "| a | 3..=1 | 1 | c | ok |",
            "| a | 1..=3 | 2 | c | ok |",
            "| a |",
        ] {
            assert!(Page::parse(&format!("{HEAD}{row}\n")).is_err(), "{row}");
        }
        assert!(
            minutes("0").is_err()
                && minutes("nan").is_err()
                && minutes("inf").is_err()
                && minutes("x").is_err()
        );
        assert_eq!(minutes("0.5").unwrap(), Duration::from_secs(30));
        assert!(find("no-such").is_err());
    }
}
