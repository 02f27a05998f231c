//! The observer: what a program starts to be watched.

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use crate::wire::Hello;
use crate::{Error, ring, server, socket};

static RUNNING: AtomicBool = AtomicBool::new(false);

/// Keeps this program watchable as long as it lives; one per process.
///
/// Dropping it sends what is still in the ring (waiting at most 200 ms for slow watchers), closes the socket and removes
/// its file.
#[derive(Debug)]
#[must_use = "the program can be watched only as long as its observer lives"]
pub struct Observer {
    path: PathBuf,
    identity: Option<(u64, u64)>,
    wake: Option<UnixStream>,
    thread: Option<JoinHandle<()>>,
}

/// How an [`Observer`] is started.
#[derive(Debug, Clone, Default)]
#[must_use = "nothing happens before `start`"]
pub struct ObserverBuilder {
    path: Option<PathBuf>,
    program: Option<String>,
}

/// Starts an observer with the usual socket: `$XDG_RUNTIME_DIR/voidstate-NAME.sock`, NAME being the executable's.
///
/// # Errors
/// Those of [`ObserverBuilder::start`].
pub fn observer() -> Result<Observer, Error> {
    Observer::builder().start()
}

impl Observer {
    /// Starts with the defaults and takes other wishes.
    pub fn builder() -> ObserverBuilder {
        ObserverBuilder::default()
    }

    /// The socket to attach to.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl ObserverBuilder {
    /// Listens at `path` (at most 107 bytes) instead of the usual place.
    pub fn socket(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The name under which the program is shown, 1 to 128 bytes; the executable's when it is not said.
    pub fn program(mut self, name: impl Into<String>) -> Self {
        self.program = Some(name.into());
        self
    }

    /// Opens the socket (mode 0600) and starts the thread that serves watchers. A stale socket file is removed only when
    /// nobody listens on it.
    ///
    /// # Errors
    /// [`Error::Running`], [`Error::InUse`], [`Error::NotASocket`], [`Error::UnsafeFolder`], [`Error::Bind`],
    /// [`Error::Thread`], [`Error::ProgramName`].
    pub fn start(self) -> Result<Observer, Error> {
        let program = self.program.unwrap_or_else(executable_name);
        if program.is_empty() || program.len() > 128 {
            return Err(Error::ProgramName {
                bytes: program.len(),
            });
        }
        let path = match self.path {
            Some(path) => path,
            None => socket::default_socket(&program)?,
        };
        if RUNNING.swap(true, Ordering::AcqRel) {
            return Err(Error::Running);
        }
        launch(path, program).inspect_err(|_| RUNNING.store(false, Ordering::Release))
    }
}

fn launch(path: PathBuf, program: String) -> Result<Observer, Error> {
    let listener = socket::listen(&path)?;
    let identity = socket::identity(&path);
    ring::open();
    let hello = Hello {
        program,
        pid: std::process::id(),
    };
    let (wake, woken) = UnixStream::pair().map_err(Error::Thread)?;
    let serve = move || server::run(&listener, &woken, &hello);
    let thread = std::thread::Builder::new()
        .name("voidstate-embed".to_owned())
        .spawn(serve)
        .map_err(Error::Thread)?;
    Ok(Observer {
        path,
        identity,
        wake: Some(wake),
        thread: Some(thread),
    })
}

/// The executable's file name, cut to what a program's name may have.
fn executable_name() -> String {
    let path = std::env::current_exe().unwrap_or_default();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let end = name.floor_char_boundary(64);
    match name.get(..end) {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => "program".to_owned(),
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        drop(self.wake.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was told by the panic hook already.
            let _told = thread.join();
        }
        if self.identity.is_some() && self.identity == socket::identity(&self.path) {
            let _gone_already = std::fs::remove_file(&self.path);
        }
        RUNNING.store(false, Ordering::Release);
    }
}
