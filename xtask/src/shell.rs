//! Running commands: their output is shown or kept as it comes, and always returned.

use std::cell::RefCell;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Error, Result};

/// Where a verb works and where its words go.
pub(crate) struct Shell {
    root: PathBuf,
    out: RefCell<Box<dyn Write>>,
    terminal: bool,
}

impl Shell {
    /// A shell that speaks to standard output.
    pub(crate) fn new(root: PathBuf) -> Self {
        Self {
            root,
            out: RefCell::new(Box::new(io::stdout())),
            terminal: io::stdout().is_terminal(),
        }
    }

    /// A shell in the same place that writes everything to the file `log`.
    pub(crate) fn logged(&self, log: &Path) -> Result<Self> {
        if let Some(parent) = log.parent() {
            std::fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
        }
        let file = File::create(log).map_err(Error::io("create", log))?;
        Ok(Self {
            root: self.root.clone(),
            out: RefCell::new(Box::new(file)),
            terminal: false,
        })
    }

    /// A shell in the same place that says nothing.
    #[cfg(test)]
    pub(crate) fn silent(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
            out: RefCell::new(Box::new(io::sink())),
            terminal: false,
        }
    }

    /// The workspace's directory.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Says one line. A reader that has gone away does not stop a check.
    pub(crate) fn say(&self, line: impl Display) {
        let mut out = self.out.borrow_mut();
        drop(writeln!(out, "{line}").and_then(|()| out.flush()));
    }

    /// `cargo ARGS…` in the workspace, without what an outer `cargo run` put into the environment.
    pub(crate) fn cargo<I: AsRef<str>>(&self, args: impl IntoIterator<Item = I>) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .current_dir(&self.root)
            .args(args.into_iter().map(|a| a.as_ref().to_owned()));
        for (key, _) in std::env::vars_os() {
            let name = key.to_string_lossy();
            if [
                "CARGO_PKG_",
                "CARGO_BIN_",
                "CARGO_MANIFEST_",
                "NEXTEST",
                "__NEXTEST",
            ]
            .iter()
            .any(|p| name.starts_with(p))
            {
                command.env_remove(&key);
            }
        }
        command.env(
            "CARGO_TERM_COLOR",
            if self.terminal { "always" } else { "never" },
        );
        command
    }

    /// Runs a command; a non-zero exit is an error. Returns its output (both streams, as they came).
    pub(crate) fn run(&self, command: &mut Command) -> Result<String> {
        let ran = self.attempt(command)?;
        if ran.ok {
            Ok(ran.output)
        } else {
            Err(Error::Command {
                command: spelled(command),
                code: ran.code,
            })
        }
    }

    /// Runs a command; a non-zero exit is an answer too.
    pub(crate) fn attempt(&self, command: &mut Command) -> Result<Ran> {
        let name = spelled(command);
        self.say(format_args!("$ {name}"));
        let start = |source| Error::Start {
            command: name.clone(),
            source,
        };
        let (mut reader, writer) = io::pipe().map_err(start)?;
        command
            .stdin(Stdio::null())
            .stdout(writer.try_clone().map_err(start)?)
            .stderr(writer);
        let child = command.spawn();
        // The command holds the pipe's writing ends; they must go before the reader can see the end.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = child.map_err(start)?;
        let mut output = Vec::new();
        let mut chunk = vec![0_u8; 16 * 1024];
        loop {
            match reader.read(&mut chunk) {
                Ok(0) => break,
                Ok(n) => {
                    let bytes = chunk.get(..n).unwrap_or_default();
                    output.extend_from_slice(bytes);
                    let mut out = self.out.borrow_mut();
                    drop(out.write_all(bytes).and_then(|()| out.flush()));
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(start(e)),
            }
        }
        let status = child.wait().map_err(start)?;
        let code = status
            .code()
            .map_or_else(|| status.to_string(), |c| format!("exit code {c}"));
        Ok(Ran {
            ok: status.success(),
            code,
            output: plain(&String::from_utf8_lossy(&output)),
        })
    }

    /// Standard output of a command whose words nobody needs to see.
    pub(crate) fn read(&self, command: &mut Command) -> Result<String> {
        let name = spelled(command);
        let output = command
            .stdin(Stdio::null())
            .output()
            .map_err(|source| Error::Start {
                command: name.clone(),
                source,
            })?;
        if output.status.success() {
            return String::from_utf8(output.stdout).map_err(|e| Error::malformed(name, e));
        }
        let why = String::from_utf8_lossy(&output.stderr);
        Err(Error::Command {
            command: name,
            code: format!("{}: {}", output.status, why.trim()),
        })
    }

    /// `git ARGS…` in the workspace.
    pub(crate) fn git(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.current_dir(&self.root).args(args);
        command
    }
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) ok: bool,
    pub(crate) code: String,
    /// Both streams as they came, without colours.
    pub(crate) output: String,
}

/// Whether this runs where nobody looks at a screen and everything must be there.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|v| !v.is_empty() && v != "false" && v != "0")
}

/// The file's text.
pub(crate) fn read_file(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(Error::io("read", path))
}

/// The file's text, whatever its bytes.
pub(crate) fn read_lossy(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes a file, making the directories above it.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
    }
    std::fs::write(path, text).map_err(Error::io("write", path))
}

/// A command as one would type it.
fn spelled(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program
        .file_name()
        .unwrap_or(command.get_program())
        .to_string_lossy()
        .into_owned();
    let words = command.get_args().map(|a| a.to_string_lossy().into_owned());
    std::iter::once(name)
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Text without terminal colour sequences.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' && chars.next_if_eq(&'[').is_some() {
            while chars.next().is_some_and(|c| !c.is_ascii_alphabetic()) {}
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_captured_and_its_failure_is_named() {
        let shell = Shell::silent(Path::new("."));
        let out = shell
            .run(Command::new("sh").args(["-c", "echo one; echo two >&2"]))
            .unwrap();
        assert_eq!(out, "one\ntwo\n");
        let error = shell
            .run(Command::new("sh").args(["-c", "exit 3"]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("exit code 3"), "{error}");
        let error = shell
            .run(&mut Command::new("no-such-program-at-all"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("cannot start `no-such-program-at-all`"),
            "{error}"
        );
    }

    #[test]
    fn colours_are_taken_out() {
        assert_eq!(plain("\u{1b}[1m\u{1b}[32mok\u{1b}[0m."), "ok.");
        assert_eq!(plain("a\u{1b}[3"), "a");
    }
}
