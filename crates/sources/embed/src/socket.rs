//! Sockets in the file system: opening them for their owner alone, and reaching them without waiting.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, Mode};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};

use crate::Error;

/// Connections that wait for the serving thread.
const BACKLOG: i32 = 16;

fn new_socket() -> io::Result<rustix::fd::OwnedFd> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    Ok(rustix::net::socket_with(
        AddressFamily::UNIX,
        SocketType::STREAM,
        flags,
        None,
    )?)
}

/// Connects without waiting; a listener whose backlog is full is `WouldBlock`.
pub(crate) fn connect(path: &Path) -> io::Result<UnixStream> {
    let socket = new_socket()?;
    rustix::net::connect(&socket, &SocketAddrUnix::new(path)?)?;
    Ok(UnixStream::from(socket))
}

/// The mode is set before the socket gets its name, so that there is no moment at which others may connect.
fn bind(path: &Path) -> io::Result<UnixListener> {
    let socket = new_socket()?;
    #[cfg(target_os = "linux")]
    rustix::fs::fchmod(&socket, Mode::RUSR | Mode::WUSR)?;
    rustix::net::bind(&socket, &SocketAddrUnix::new(path)?)?;
    let opened = (|| {
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        Ok(rustix::net::listen(&socket, BACKLOG)?)
    })();
    if let Err(error) = opened {
        let _nothing_better_to_do = fs::remove_file(path);
        return Err(error);
    }
    Ok(UnixListener::from(socket))
}

/// Opens a listening socket for its owner alone. A socket file on which nobody listens is replaced; anything else that
/// is there is left alone.
pub(crate) fn listen(path: &Path) -> Result<UnixListener, Error> {
    let refused = |cause: io::Error| Error::Bind {
        path: path.to_owned(),
        cause,
    };
    match bind(path) {
        Ok(listener) => return Ok(listener),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
        Err(error) => return Err(refused(error)),
    }
    // Two programs that find the same stale file must not remove each other's new socket.
    let _lock = lock_folder(path).map_err(refused)?;
    match fs::symlink_metadata(path) {
        Ok(found) if !found.file_type().is_socket() => {
            return Err(Error::NotASocket {
                path: path.to_owned(),
            });
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return bind(path).map_err(refused);
        }
        Err(error) => return Err(refused(error)),
    }
    match connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
        Ok(_) => {
            return Err(Error::InUse {
                path: path.to_owned(),
            });
        }
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            return Err(Error::InUse {
                path: path.to_owned(),
            });
        }
        Err(error) => return Err(refused(error)),
    }
    fs::remove_file(path).map_err(refused)?;
    bind(path).map_err(refused)
}

fn lock_folder(path: &Path) -> io::Result<fs::File> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."));
    let folder = fs::File::open(parent)?;
    for _ in 0..50 {
        match rustix::fs::flock(&folder, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(folder),
            Err(rustix::io::Errno::WOULDBLOCK) => std::thread::sleep(Duration::from_millis(20)),
            Err(error) => return Err(error.into()),
        }
    }
    Err(io::Error::new(
        io::ErrorKind::TimedOut,
        "its folder is locked by another program",
    ))
}

/// Where a program of that name listens when nobody says otherwise: `$XDG_RUNTIME_DIR/voidstate-NAME.sock`, or, without
/// that variable, a folder of the user's own under the system's temporary folder.
///
/// # Errors
/// [`Error::UnsafeFolder`] when that folder belongs to somebody else or is open to others; [`Error::Bind`] when it
/// cannot be made.
pub fn default_socket(program: &str) -> Result<PathBuf, Error> {
    let allowed = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
            c
        } else {
            '_'
        }
    };
    let file = format!(
        "voidstate-{}.sock",
        program.chars().take(64).map(allowed).collect::<String>()
    );
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    if let Some(folder) = runtime.filter(|folder| folder.is_absolute()) {
        return Ok(folder.join(file));
    }
    let user = rustix::process::getuid().as_raw();
    let folder = std::env::temp_dir().join(format!("voidstate-{user}"));
    private_folder(&folder, user)?;
    Ok(folder.join(file))
}

fn private_folder(folder: &Path, user: u32) -> Result<(), Error> {
    let refused = |cause: io::Error| Error::Bind {
        path: folder.to_owned(),
        cause,
    };
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(refused(error)),
    }
    let found = fs::symlink_metadata(folder).map_err(refused)?;
    if found.is_dir() && found.uid() == user && found.mode().trailing_zeros() >= 6 {
        return Ok(());
    }
    Err(Error::UnsafeFolder {
        path: folder.to_owned(),
    })
}

/// The file behind a path, to recognise it again.
pub(crate) fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::symlink_metadata(path)
        .ok()
        .map(|found| (found.dev(), found.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sock");
        let _listener = listen(&path).unwrap();
        assert_eq!(fs::symlink_metadata(&path).unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_stale_socket_is_replaced_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sock");
        drop(listen(&path).unwrap());
        let alive = listen(&path).unwrap();
        assert!(matches!(listen(&path), Err(Error::InUse { .. })));
        assert!(connect(&path).is_ok(), "the living socket was not touched");
        drop(alive);
        let file = folder.path().join("precious");
        fs::write(&file, "text").unwrap();
        assert!(matches!(listen(&file), Err(Error::NotASocket { .. })));
        assert_eq!(fs::read_to_string(&file).unwrap(), "text");
        assert!(matches!(
            listen(&folder.path().join("no/such")),
            Err(Error::Bind { .. })
        ));
        assert!(matches!(
            listen(&folder.path().join("x".repeat(200))),
            Err(Error::Bind { .. })
        ));
    }

    #[test]
    fn an_open_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let user = rustix::process::getuid().as_raw();
        let inner = folder.path().join("mine");
        assert!(private_folder(&inner, user).is_ok());
        fs::set_permissions(&inner, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(
            private_folder(&inner, user),
            Err(Error::UnsafeFolder { .. })
        ));
    }
}
