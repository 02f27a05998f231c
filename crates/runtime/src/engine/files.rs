//! Reading files for tools, within their permissions.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
use voidstate_core::{Action, Error, Permission, Result, ToolId};

use super::handlers::Files;

/// Reads at most `bytes_max` bytes of `path` when the real path of the file, links followed, is permitted.
///
/// The file is opened by its real path without following links again, so a link that is swapped in between fails.
pub(crate) fn read(
    tool: &ToolId,
    permissions: &[Permission],
    path: &str,
    bytes_max: usize,
) -> Result<Vec<u8>> {
    let denied = || Error::Denied {
        holder: tool.to_string(),
        action: "read the file",
        resource: path.to_owned(),
    };
    if !path.starts_with('/') {
        return Err(denied());
    }
    let real = match std::fs::canonicalize(path) {
        Ok(real) => real,
        // Whether a file exists is not told to those who may not read it.
        Err(_) if !is_permitted(permissions, Path::new(path)) => return Err(denied()),
        Err(error) => return Err(unreadable(tool, path, &error)),
    };
    if !is_permitted(permissions, &real) {
        return Err(denied());
    }
    read_real(&real, bytes_max).map_err(|error| unreadable(tool, path, &error))
}

/// The same from files in memory, where a path is what it is.
pub(crate) fn read_from(
    files: &Files,
    tool: &ToolId,
    permissions: &[Permission],
    path: &str,
    bytes_max: usize,
) -> Result<Vec<u8>> {
    if !path.starts_with('/') || !is_permitted(permissions, Path::new(path)) {
        return Err(Error::Denied {
            holder: tool.to_string(),
            action: "read the file",
            resource: path.to_owned(),
        });
    }
    match files.get(path) {
        Some(content) => Ok(content.iter().take(bytes_max).copied().collect()),
        None => Err(unreadable(tool, path, &io::ErrorKind::NotFound.into())),
    }
}

fn is_permitted(permissions: &[Permission], path: &Path) -> bool {
    let Some(text) = path.to_str() else {
        return false;
    };
    if text.split('/').any(|part| part == "..") {
        return false;
    }
    let dotted = text.trim_matches('/').replace('/', ".");
    let mut reads = permissions.iter().filter(|p| p.action == Action::ReadFile);
    reads.any(|p| p.resource.matches(&dotted))
}

fn read_real(real: &PathBuf, bytes_max: usize) -> io::Result<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let resolve = ResolveFlags::NO_SYMLINKS;
    let file = match openat2(CWD, real, flags, Mode::empty(), resolve) {
        Ok(descriptor) => File::from(descriptor),
        // Kernels before 5.6 lack the call: only the last part is then safe from a swap.
        Err(rustix::io::Errno::NOSYS) => {
            let flags = flags | OFlags::NOFOLLOW;
            File::from(rustix::fs::open(real, flags, Mode::empty())?)
        }
        Err(error) => return Err(error.into()),
    };
    if !file.metadata()?.is_file() {
        let reason = "it is not a regular file";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    let mut bytes = Vec::new();
    file.take(bytes_max as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(tool: &ToolId, path: &str, error: &io::Error) -> Error {
    Error::Tool {
        tool: tool.to_string(),
        message: format!("file {path:?} cannot be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use voidstate_core::Glob;

    use super::*;

    fn permission(glob: &str) -> Vec<Permission> {
        vec![Permission {
            action: Action::ReadFile,
            resource: Glob::new(glob).unwrap(),
        }]
    }

    #[test]
    fn links_do_not_widen_a_permission() {
        let directory =
            std::env::temp_dir().join(format!("voidstate_files_{}", std::process::id()));
        let inside = directory.join("inside");
        std::fs::create_dir_all(&inside).unwrap();
        std::fs::write(directory.join("secret"), b"secret").unwrap();
        std::fs::write(inside.join("open"), b"open text").unwrap();
        let link = inside.join("link");
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(directory.join("secret"), &link).unwrap();
        let real = std::fs::canonicalize(&inside).unwrap();
        let glob = format!(
            "{}.*",
            real.to_str().unwrap().trim_matches('/').replace('/', ".")
        );
        let tool = ToolId::new("reader").unwrap();
        let attempt =
            |path: &Path, max| read(&tool, &permission(&glob), path.to_str().unwrap(), max);
        assert_eq!(attempt(&inside.join("open"), 100).unwrap(), b"open text");
        assert_eq!(attempt(&inside.join("open"), 4).unwrap(), b"open");
        for escape in ["link", "../secret", "../inside/../secret"] {
            let denied = attempt(&inside.join(escape), 100).unwrap_err();
            assert!(matches!(denied, Error::Denied { .. }), "{escape}: {denied}");
        }
        let missing = attempt(&inside.join("missing"), 100).unwrap_err();
        assert!(matches!(missing, Error::Tool { .. }), "{missing}");
        let hidden = attempt(&directory.join("missing"), 100).unwrap_err();
        assert!(matches!(hidden, Error::Denied { .. }), "{hidden}");
        assert!(read(&tool, &permission("**"), "relative", 1).is_err());
        assert!(read(&tool, &permission("**"), "/proc", 1).is_err());
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
