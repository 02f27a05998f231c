//! Counted instructions, by valgrind's callgrind.

use std::ffi::OsString;
use std::hint::black_box;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use super::ComplexityError;

/// Runs `work` so that [`Callgrind`] counts its instructions; each call is one count. Does nothing else, and nothing at
/// all outside valgrind. A region inside a region is not counted.
pub fn region<R>(work: impl FnOnce() -> R) -> R {
    let result = voidstate_counted_region(work);
    voidstate_region_end(1);
    result
}

// Callgrind finds both by their names.
#[inline(never)]
fn voidstate_counted_region<R>(work: impl FnOnce() -> R) -> R {
    black_box(work())
}

#[inline(never)]
fn voidstate_region_end(mark: u64) {
    black_box(mark);
}

/// A program to be run under callgrind that calls [`region`] once per count.
///
/// A test binary may run itself: an ignored test calls the regions, another test starts
/// [`current_exe`](std::env::current_exe) with its name.
#[derive(Debug, Clone)]
pub struct Callgrind {
    valgrind: OsString,
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
}

impl Callgrind {
    /// Of that program, with the `valgrind` of the path.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            valgrind: "valgrind".into(),
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
        }
    }

    /// Another valgrind.
    #[must_use]
    pub fn valgrind(mut self, program: impl Into<OsString>) -> Self {
        self.valgrind = program.into();
        self
    }

    /// A further argument of the program.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// A variable of the program's environment.
    #[must_use]
    pub fn environment(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Instructions of each [`region`] in the order of the calls. The program runs about fifty times as long as it
    /// would alone.
    ///
    /// # Errors
    /// [`ComplexityError::NoCallgrind`] when valgrind cannot be started, [`ComplexityError::ProgramFailed`] when the
    /// program ends with an error, [`ComplexityError::NoCalls`] when it calls no region, and
    /// [`ComplexityError::Unreadable`] when callgrind's files are not what they should be.
    pub fn counts(&self) -> Result<Vec<u64>, ComplexityError> {
        let room = Room::new()?;
        let out = room.path.join("out");
        let mut out_option = OsString::from("--callgrind-out-file=");
        out_option.push(&out);
        let mut command = Command::new(&self.valgrind);
        command
            .args([
                "--tool=callgrind",
                "--toggle-collect=*voidstate_counted_region*",
            ])
            .arg("--dump-before=*voidstate_region_end*")
            .arg(out_option)
            .arg(&self.program)
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(k, v)| (k, v)));
        let output = command.output().map_err(|e| ComplexityError::NoCallgrind {
            program: self.valgrind.to_string_lossy().into_owned(),
            reason: match e.kind() {
                ErrorKind::NotFound => "there is no such program".to_owned(),
                _ => e.to_string(),
            },
        })?;
        let program = self.program.display().to_string();
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            let lines: Vec<&str> = text.lines().collect();
            let tail = lines
                .get(lines.len().saturating_sub(8)..)
                .unwrap_or_default();
            return Err(ComplexityError::ProgramFailed {
                program,
                status: output.status.to_string(),
                stderr: tail.join(" / "),
            });
        }
        let mut counts = Vec::new();
        loop {
            let dump = room.path.join(format!("out.{}", counts.len() + 1));
            match std::fs::read_to_string(&dump) {
                Ok(text) => counts.push(total(&dump, &text)?),
                Err(e) if e.kind() == ErrorKind::NotFound => break,
                Err(e) => return Err(unreadable(&dump, e.to_string())),
            }
        }
        if counts.is_empty() {
            return Err(ComplexityError::NoCalls { program });
        }
        Ok(counts)
    }
}

/// The instructions of one dump.
fn total(path: &Path, text: &str) -> Result<u64, ComplexityError> {
    if !text.lines().any(|line| line.trim() == "events: Ir") {
        return Err(unreadable(
            path,
            "it does not count instructions alone".to_owned(),
        ));
    }
    // An empty dump says nothing of totals.
    let Some(line) = text.lines().find_map(|line| line.strip_prefix("totals:")) else {
        return Err(unreadable(path, "it has no line `totals:`".to_owned()));
    };
    line.trim()
        .parse()
        .map_err(|_| unreadable(path, format!("`{}` is no count", line.trim())))
}

fn unreadable(path: &Path, reason: String) -> ComplexityError {
    ComplexityError::Unreadable {
        path: path.display().to_string(),
        reason,
    }
}

/// A directory that goes when it is dropped.
struct Room {
    path: PathBuf,
}

impl Room {
    fn new() -> Result<Self, ComplexityError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("voidstate-callgrind-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        match std::fs::create_dir(&path) {
            Ok(()) => Ok(Self { path }),
            Err(e) => Err(unreadable(&path, e.to_string())),
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // What cannot be removed from the temporary directory is left to whoever cleans it.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_read() {
        let path = Path::new("out.1");
        assert_eq!(total(path, "events: Ir\nfn=(1)\ntotals: 42\n").unwrap(), 42);
        for bad in [
            "",
            "events: Ir\n",
            "events: Ir\ntotals: x\n",
            "events: Ir Dr\ntotals: 1 2\n",
        ] {
            let error = total(path, bad).unwrap_err();
            assert!(error.to_string().starts_with("out.1: "), "{error}");
        }
    }

    #[test]
    fn a_missing_valgrind_is_told() {
        let run = Callgrind::new("true").valgrind("no-such-valgrind-anywhere");
        let error = run.counts().unwrap_err();
        assert!(
            matches!(error, ComplexityError::NoCallgrind { .. }),
            "{error}"
        );
    }

    #[test]
    fn a_region_is_only_its_work() {
        assert_eq!(region(|| 7), 7);
    }
}
