//! What can be read here, what not, why, and the command that would change it.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::files::is_procfs;
use crate::text::complete;
use crate::tick::unreadable;
use crate::{HostConfig, Part};

/// Capabilities that let an ordinary user see what the processes of others read and write.
const FIX_OTHERS: &str =
    "sudo setcap cap_sys_ptrace,cap_dac_read_search+ep \"$(command -v voidstate)\"";
const FIX_PRESSURE: &str = "sudo grubby --update-kernel=ALL --args=psi=1 && sudo reboot  \
    # without grubby: add psi=1 to GRUB_CMDLINE_LINUX in /etc/default/grub, then sudo update-grub && sudo reboot";

/// Name, file, what is hidden without it.
const FILES: [(&str, &str, &str); 15] = [
    (
        "host.cpu",
        "stat",
        "processor time per mode and core, context switches, interrupts, forks, run queue",
    ),
    ("host.cpu.load", "loadavg", "load and number of threads"),
    (
        "host.uptime",
        "uptime",
        "rates while the wall clock is being set",
    ),
    (
        "host.kernel.open_files",
        "sys/fs/file-nr",
        "file descriptors in use",
    ),
    ("host.memory", "meminfo", "memory and swap levels"),
    (
        "host.memory.flow",
        "vmstat",
        "page faults, paging, swapping, out-of-memory kills",
    ),
    ("host.disk", "diskstats", "reads, writes and load of disks"),
    ("host.filesystem", "mounts", "how full file systems are"),
    (
        "host.network",
        "net/dev",
        "traffic, errors and drops of interfaces",
    ),
    (
        "host.network.tcp_udp",
        "net/snmp",
        "connections, retransmits, resets, UDP errors",
    ),
    (
        "host.network.tcp_extended",
        "net/netstat",
        "listen drops and time-outs",
    ),
    ("host.network.sockets", "net/sockstat", "sockets in use"),
    (
        "host.pressure.cpu",
        "pressure/cpu",
        "how long tasks wait for a processor",
    ),
    (
        "host.pressure.io",
        "pressure/io",
        "how long tasks wait for storage",
    ),
    (
        "host.pressure.memory",
        "pressure/memory",
        "how long tasks wait for memory",
    ),
];

/// Tries to read every part once, about 2 ms.
///
/// It reads below the roots of `config` and changes nothing.
#[must_use]
pub fn doctor(config: &HostConfig) -> Vec<Part> {
    let root = config.proc_root.as_path();
    let live = is_procfs(root);
    let mut parts: Vec<Part> = FILES
        .iter()
        .map(|(name, file, effect)| file_part(root, live, name, file, effect))
        .collect();
    if !live {
        for part in parts
            .iter_mut()
            .filter(|part| part.name == "host.filesystem")
        {
            part.readable = false;
            part.reason.get_or_insert_with(|| {
                format!(
                    "{} is not a mounted procfs, so sizes are not known",
                    root.display()
                )
            });
        }
    }
    let pids = pids(root);
    parts.push(processes(root, &pids));
    parts.push(processes_io(root, &pids));
    parts
}

/// Whether anything at all can be read below `root`; else why the first part cannot.
pub(crate) fn anything(root: &Path) -> Result<(), String> {
    let mut first = None;
    for (_, file, _) in FILES {
        match try_read(&root.join(file)) {
            Ok(()) => return Ok(()),
            Err((_, reason)) => first = first.or(Some(reason)),
        }
    }
    let process = pids(root)
        .iter()
        .any(|pid| try_read(&pid.join("stat")).is_ok());
    let none = || format!("{} shows no process", root.display());
    if process {
        Ok(())
    } else {
        Err(first.unwrap_or_else(none))
    }
}

fn file_part(
    root: &Path,
    live: bool,
    name: &'static str,
    file: &str,
    effect: &'static str,
) -> Part {
    let path = root.join(file);
    let outcome = try_read(&path);
    let fix = match &outcome {
        Ok(()) => None,
        Err((Some(io::ErrorKind::PermissionDenied), _)) => Some(format!(
            "sudo setcap cap_dac_read_search+ep \"$(command -v voidstate)\"  # then compare: ls -l {}",
            path.display()
        )),
        Err(_) if file.starts_with("pressure/") => Some(FIX_PRESSURE.to_owned()),
        Err(_) if !live => Some(format!("sudo mount -t proc proc {}", root.display())),
        Err(_) => None,
    };
    Part {
        name,
        readable: outcome.is_ok(),
        reason: outcome.err().map(|(_, reason)| reason),
        effect,
        fix,
    }
}

/// The kind of the system's error, if it was one, and the reason in words.
fn try_read(path: &Path) -> Result<(), (Option<io::ErrorKind>, String)> {
    let mut text = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(64 << 10).read_to_end(&mut text))
        .map_err(|error| (Some(error.kind()), unreadable(path, &error)))?;
    let (lines, _) = complete(&text);
    if lines.is_empty() {
        return Err((None, format!("{} holds no line", path.display())));
    }
    Ok(())
}

fn pids(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter(|entry| {
            entry
                .file_name()
                .as_encoded_bytes()
                .iter()
                .all(u8::is_ascii_digit)
        })
        .map(|entry| entry.path())
        .collect()
}

fn processes(root: &Path, pids: &[PathBuf]) -> Part {
    let seen = pids
        .iter()
        .filter(|pid| try_read(&pid.join("stat")).is_ok())
        .count();
    // With hidepid only the processes of this user are shown, so the first process is missing.
    let all = root.join("1/stat").exists();
    let (reason, fix) = if seen == 0 {
        let reason = format!("{} shows no process", root.display());
        (
            Some(reason),
            Some(format!("sudo mount -t proc proc {}", root.display())),
        )
    } else if all {
        (None, None)
    } else {
        let reason = format!("only {seen} processes are shown, as with the mount option hidepid");
        (
            Some(reason),
            Some(format!(
                "sudo mount -o remount,hidepid=0 {}",
                root.display()
            )),
        )
    };
    Part {
        name: "host.process",
        readable: seen > 0,
        reason,
        effect: "which processes use the processors and the memory",
        fix,
    }
}

fn processes_io(root: &Path, pids: &[PathBuf]) -> Part {
    let mut denied = 0_usize;
    let mut readable = 0_usize;
    let mut missing = None;
    for pid in pids {
        match try_read(&pid.join("io")) {
            Ok(()) => readable += 1,
            Err((Some(io::ErrorKind::PermissionDenied), _)) => denied += 1,
            Err((_, reason)) => missing = Some(reason),
        }
    }
    let total = denied + readable;
    let (reason, fix) = if denied > 0 {
        let reason = format!("permission denied for {denied} of {total} processes");
        (Some(reason), Some(FIX_OTHERS.to_owned()))
    } else if readable == 0 {
        let none = format!("{} shows no process", root.display());
        (Some(missing.unwrap_or(none)), None)
    } else {
        (None, None)
    };
    Part {
        name: "host.process.io",
        readable: denied == 0 && readable > 0,
        reason,
        effect: "which processes read and write storage",
        fix,
    }
}
