//! Starting, ending and burying child processes.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rustix::io::ioctl_fionbio;
use rustix::process::{Pid, Signal, kill_process_group};

use super::Living;
use super::descriptors::keep_three;
use crate::engine::lock;

/// How long a process that was killed may take to be gone before it is left to be buried later.
const BURIED_WITHIN: Duration = Duration::from_secs(1);

/// Children that were killed and had not ended yet, for instance because the disk holds them.
static UNBURIED: Mutex<Vec<Child>> = Mutex::new(Vec::new());

/// Our ends of a child's pipes; none of them blocks.
#[derive(Debug)]
pub(super) struct Pipes {
    pub(super) to: OwnedFd,
    pub(super) from: OwnedFd,
    pub(super) errors: Option<OwnedFd>,
}

/// A child process and the list of the living in which it stands.
#[derive(Debug)]
pub(super) struct Process {
    child: Option<Child>,
    id: u32,
    living: Living,
}

/// Starts a process with nothing but its three pipes and the environment given.
pub(super) fn spawn(
    program: &Path,
    args: &[OsString],
    env: &[(OsString, OsString)],
    living: &Living,
) -> io::Result<(Process, Pipes)> {
    lock(&UNBURIED).retain_mut(|child| matches!(child.try_wait(), Ok(None)));
    let mut command = Command::new(program);
    command
        .args(args)
        .env_clear()
        .envs(env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // What a terminal sends to the engine is for the engine to act on.
        .process_group(0);
    keep_three(&mut command);
    let mut child = command.spawn()?;
    let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let id = child.id();
    lock(living).insert(id);
    let process = Process {
        id,
        child: Some(child),
        living: Living::clone(living),
    };
    let (Some(to), Some(from), Some(errors)) = pipes else {
        return Err(io::Error::other("it has no pipes"));
    };
    let pipes = Pipes::new(to.into(), from.into(), Some(errors.into()))?;
    Ok((process, pipes))
}

impl Pipes {
    pub(super) fn new(to: OwnedFd, from: OwnedFd, errors: Option<OwnedFd>) -> io::Result<Self> {
        for end in [Some(&to), Some(&from), errors.as_ref()]
            .into_iter()
            .flatten()
        {
            ioctl_fionbio(end, true)?;
        }
        Ok(Self { to, from, errors })
    }
}

impl Process {
    /// How it ended, if it does so within `patience`.
    pub(super) fn ended(&mut self, patience: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + patience;
        let child = self.child.as_mut()?;
        let mut pause = Duration::from_micros(50);
        loop {
            match child.try_wait() {
                Ok(Some(status)) => {
                    self.child = None;
                    lock(&self.living).remove(&self.id);
                    return Some(status);
                }
                Ok(None) if Instant::now() < until => std::thread::sleep(pause),
                _ => return None,
            }
            pause = (pause * 2).min(Duration::from_millis(5));
        }
    }

    /// Kills it with whatever it started, and buries it.
    pub(super) fn kill(&mut self) {
        let Some(child) = &mut self.child else { return };
        // Not waited for yet, so the number is still its own.
        let group = i32::try_from(self.id).ok().and_then(Pid::from_raw);
        let killed = group.map(|group| kill_process_group(group, Signal::KILL));
        if !matches!(killed, Some(Ok(()))) {
            // It ended by itself meanwhile, or will be waited for below.
            let _ = child.kill();
        }
        if self.ended(BURIED_WITHIN).is_none() {
            lock(&UNBURIED).extend(self.child.take());
            lock(&self.living).remove(&self.id);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// How a process ended, in words.
pub(super) fn told(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("was killed by signal {signal}"),
        (None, Some(code)) => format!("ended with exit code {code}"),
        (None, None) => format!("ended ({status})"),
    }
}
