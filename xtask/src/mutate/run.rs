//! One build of a copy with every fault in it, then one run of the tests per fault.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::instrument::{self, Mutant};
use super::{Target, instrumented, report};
use crate::error::{Error, Result};
use crate::shell::{self, Shell};

/// Runs side by side.
const LANES: usize = 2;
/// A run that takes this many times the faultless one's time, and some seconds, does not end.
const PATIENCE: u32 = 5;
const GRACE: Duration = Duration::from_secs(3);
/// Builds in which faults that do not compile are thrown out.
const BUILDS_MAX: usize = 12;

/// What became of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// A test failed or crashed.
    Killed,
    /// The tests did not end.
    Hung,
    /// Every test passed.
    Survived,
    /// No test came by.
    Unreached,
}

/// Every fault that compiles with what became of it.
pub(crate) struct Found {
    pub(crate) fates: Vec<(Mutant, Fate)>,
}

pub(crate) fn run(shell: &Shell, target: &Target<'_>) -> Result<Found> {
    let copy = shell.root().join("target/mutate/tree");
    copy_tree(shell, &copy)?;
    let (mut mutants, refused, program) = build(shell, target, &copy)?;
    if let Some(said) = &target.again {
        mutants.retain(|mutant| {
            let shown = report::shown(mutant);
            said.lines().any(|line| line.contains(&shown))
        });
    }
    if mutants.is_empty() {
        return Err(Error::malformed(
            target.sources.display().to_string(),
            "holds no place for a fault",
        ));
    }
    let seen_file = copy.join("../seen");
    drop(std::fs::remove_file(&seen_file));
    let directory = copy.join(
        target
            .package
            .dir
            .strip_prefix(shell.root())
            .unwrap_or(Path::new(".")),
    );
    let job = Job {
        program,
        directory,
        filter: target.filter.clone(),
    };
    let baseline = job.baseline(&seen_file)?;
    let text = std::fs::read_to_string(&seen_file).unwrap_or_default();
    let seen: BTreeSet<usize> = text.lines().filter_map(|l| l.parse().ok()).collect();
    shell.say(format_args!(
        "{} faults in one build, {} do not compile, {} are reached; a run takes {:.1} s",
        mutants.len(),
        refused,
        seen.len(),
        baseline.as_secs_f64()
    ));
    let patience = baseline * PATIENCE + GRACE;
    let next = std::sync::atomic::AtomicUsize::new(0);
    let done = std::sync::atomic::AtomicUsize::new(0);
    let fates = std::sync::Mutex::new(mutants.iter().map(|_| None).collect::<Vec<_>>());
    std::thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(mutant) = mutants.get(at) else { break };
                    let fate = if seen.contains(&mutant.id) {
                        job.with_fault(mutant.id, patience)
                    } else {
                        Ok(Fate::Unreached)
                    };
                    let mut fates = fates
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner);
                    if let Some(slot) = fates.get_mut(at) {
                        *slot = Some(fate);
                    }
                    drop(fates);
                    done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
        // The shell speaks from this thread alone.
        let mut told = Instant::now();
        while done.load(std::sync::atomic::Ordering::Relaxed) < mutants.len() {
            std::thread::sleep(Duration::from_millis(50));
            if told.elapsed() > Duration::from_secs(15) {
                told = Instant::now();
                let done = done.load(std::sync::atomic::Ordering::Relaxed);
                shell.say(format_args!("  {done} of {} faults tried", mutants.len()));
            }
        }
    });
    let fates = fates
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut found = Vec::new();
    for (mutant, fate) in mutants.into_iter().zip(fates) {
        let fate = fate.ok_or_else(|| Error::malformed("mutants", "one was not run"))??;
        found.push((mutant, fate));
    }
    Ok(Found { fates: found })
}

/// The tests' program and how it is called.
struct Job {
    program: PathBuf,
    directory: PathBuf,
    filter: String,
}

impl Job {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(&self.directory)
            .arg(&self.filter)
            .env("CARGO_MANIFEST_DIR", &self.directory)
            .env_remove("VOIDSTATE_SPEC_REPORT")
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null());
        command
    }

    /// The faultless run: it must pass, and leaves which faults were asked about.
    fn baseline(&self, seen: &Path) -> Result<Duration> {
        let mut took = Duration::MAX;
        for mode in [Some(seen), None] {
            let mut command = self.command();
            if let Some(seen) = mode {
                command
                    .env("VOIDSTATE_MUTANT", usize::MAX.to_string())
                    .env("VOIDSTATE_MUTANT_SEEN", seen);
            }
            let start = Instant::now();
            let output = command.output().map_err(|source| Error::Start {
                command: self.program.display().to_string(),
                source,
            })?;
            took = start.elapsed();
            let text = String::from_utf8_lossy(&output.stdout);
            if !output.status.success() {
                return Err(Error::malformed(
                    "the tests without a fault",
                    format!("do not pass:\n{text}"),
                ));
            }
            if crate::test::count(&text).passed == 0 {
                return Err(Error::malformed(
                    format!("the filter `{}`", self.filter),
                    "fits no test of the crate",
                ));
            }
        }
        Ok(took)
    }

    fn with_fault(&self, id: usize, patience: Duration) -> Result<Fate> {
        let start_error = |source| Error::Start {
            command: self.program.display().to_string(),
            source,
        };
        let mut child = self
            .command()
            .env("VOIDSTATE_MUTANT", id.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(start_error)?;
        let start = Instant::now();
        loop {
            if let Some(status) = child.try_wait().map_err(start_error)? {
                return Ok(if status.success() {
                    Fate::Survived
                } else {
                    Fate::Killed
                });
            }
            if start.elapsed() > patience {
                drop(child.kill());
                drop(child.wait());
                return Ok(Fate::Hung);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Builds until everything that is left compiles.
fn build(shell: &Shell, target: &Target<'_>, copy: &Path) -> Result<(Vec<Mutant>, usize, PathBuf)> {
    let mut refused = BTreeSet::new();
    for _ in 0..BUILDS_MAX {
        let (texts, mutants) = instrumented(shell.root(), target, &refused)?;
        for (below, text) in &texts {
            shell::write_file(&copy.join(below), text)?;
        }
        shell.say(format_args!("building {} faults …", mutants.len()));
        let output = shell
            .cargo([
                "test",
                "--profile",
                "ci",
                "--all-features",
                "--no-run",
                "--message-format",
                "json",
                "--test",
                "it",
                "-p",
                &target.package.name,
            ])
            .current_dir(copy)
            .env("CARGO_TARGET_DIR", copy.join("../target"))
            .env("RUSTFLAGS", "--cap-lints allow")
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|source| Error::Start {
                command: "cargo test --no-run".to_owned(),
                source,
            })?;
        let messages = String::from_utf8_lossy(&output.stdout);
        if output.status.success() {
            let program = program(&messages)
                .ok_or_else(|| Error::malformed("cargo", "built no test program `it`"))?;
            return Ok((mutants, refused.len(), program));
        }
        let before = refused.len();
        let errors = errors(&messages);
        for (below, text) in &texts {
            let regions = instrument::regions(text)
                .map_err(|e| Error::malformed(below.display().to_string(), e))?;
            let here = errors
                .iter()
                .filter(|(file, _, _)| below.ends_with(file) || file.ends_with(below));
            refused.extend(here.filter_map(|(_, byte, _)| instrument::at(&regions, *byte)));
        }
        if refused.len() == before {
            let first = errors.first().map_or("", |(_, _, text)| text);
            return Err(Error::malformed(
                "the copy with faults",
                format!("does not compile, and no fault is to blame:\n{first}"),
            ));
        }
    }
    Err(Error::malformed(
        "the copy with faults",
        format!("does not compile after {BUILDS_MAX} builds"),
    ))
}

/// File, byte and rendered text of every error.
fn errors(messages: &str) -> Vec<(PathBuf, usize, String)> {
    let mut found = Vec::new();
    for line in messages.lines() {
        let Ok(value) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let message = &value["message"];
        if message["level"] != "error" {
            continue;
        }
        let rendered = message["rendered"].as_str().unwrap_or_default();
        for span in message["spans"].as_array().into_iter().flatten() {
            if span["is_primary"] != true {
                continue;
            }
            let (Some(file), Some(byte)) =
                (span["file_name"].as_str(), span["byte_start"].as_u64())
            else {
                continue;
            };
            found.push((
                PathBuf::from(file),
                usize::try_from(byte).unwrap_or(usize::MAX),
                rendered.to_owned(),
            ));
        }
    }
    found
}

/// The test program `it` among the compiler's messages.
fn program(messages: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|v| v["target"]["name"] == "it" && v["profile"]["test"] == true)
        .filter_map(|v| v["executable"].as_str().map(PathBuf::from))
        .next_back()
}

/// Copies what git knows of, and what it does not ignore, leaving files alone that are the same.
fn copy_tree(shell: &Shell, copy: &Path) -> Result<()> {
    let listed = shell.read(&mut shell.git(&[
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let wanted: BTreeSet<PathBuf> = listed.split('\0').map(PathBuf::from).collect();
    for below in wanted.iter().filter(|p| !p.as_os_str().is_empty()) {
        let (from, to) = (shell.root().join(below), copy.join(below));
        if !from.is_file() {
            continue;
        }
        let bytes = std::fs::read(&from).map_err(Error::io("read", &from))?;
        if std::fs::read(&to).is_ok_and(|old| old == bytes) {
            continue;
        }
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
        }
        std::fs::write(&to, bytes).map_err(Error::io("write", &to))?;
    }
    Ok(())
}
