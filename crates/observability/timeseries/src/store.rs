//! The store: its parts, its locks, its life.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::JoinHandle;

use crate::background::Signal;
use crate::error::{Error, Result};
use crate::files;
use crate::log::Log;
use crate::notes::Notes;
use crate::options::Options;
use crate::state::State;

/// A time-series store in a directory of its own.
///
/// One process at a time has it open; within it, any number of threads read while others append. Closing (dropping) it
/// stops its two threads and forces what was appended onto the disk.
#[derive(Debug)]
pub struct SegmentStore {
    pub(crate) inner: Arc<Inner>,
    threads: Vec<JoinHandle<()>>,
    /// Removed when the store is closed.
    temporary: Option<PathBuf>,
}

/// What the store's threads share. Locks are taken in the order `syncing`, `writer`, `state`.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) dir: PathBuf,
    pub(crate) options: Options,
    pub(crate) notes: Notes,
    pub(crate) syncing: Mutex<()>,
    pub(crate) writer: Mutex<Writer>,
    pub(crate) state: RwLock<State>,
    pub(crate) signal: Signal,
    /// Held open for its lock.
    pub(crate) _lock: File,
    pub(crate) open_files: Arc<std::sync::atomic::AtomicUsize>,
}

/// What an append needs besides the state.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) generation: u64,
    pub(crate) wal: Log,
    pub(crate) catalogue: Log,
    pub(crate) findings: Option<(u64, Log)>,
    pub(crate) buffer: Vec<u8>,
    /// Files that were written and left since the last sync.
    pub(crate) left: Vec<Arc<File>>,
    /// Files were made since the last sync.
    pub(crate) names_dirty: bool,
}

impl Inner {
    pub(crate) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SegmentStore {
    /// Opens the store in `dir`, which is made (mode 0700, files 0600) where it is missing.
    ///
    /// Torn tails are cut and damaged parts skipped; [`status`](voidstate_core::StoreReader::status) tells them in its notes.
    /// Takes time proportional to the number of chunks and the length of the write-ahead log.
    ///
    /// # Errors
    /// [`Error::Locked`] when the store is in use, [`Error::Version`] when a newer program wrote it, [`Error::Option`],
    /// [`Error::NoSpace`] when a file must be made and there is no room for it, otherwise [`Error::Io`].
    pub fn open(dir: impl AsRef<Path>, options: Options) -> Result<Self> {
        options.check()?;
        let inner = Arc::new(crate::open::open(dir.as_ref(), options)?);
        inner.expire(None);
        let mut store = Self {
            inner,
            threads: Vec::new(),
            temporary: None,
        };
        store.spawn("voidstate-seal", crate::background::seal_loop)?;
        if !store.inner.options.sync_interval.is_zero() {
            store.spawn("voidstate-sync", crate::background::sync_loop)?;
        }
        Ok(store)
    }

    /// Opens a store in a new directory under the system's temporary directory, which is removed when the store is closed.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn temporary(options: Options) -> Result<Self> {
        static SERIAL: AtomicU64 = AtomicU64::new(0);
        let parent = std::env::temp_dir();
        let dir = loop {
            let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
            let dir = parent.join(format!("voidstate-{}-{serial}", std::process::id()));
            match files::make_new(&dir) {
                Err(Error::Io { cause, .. })
                    if cause.kind() == std::io::ErrorKind::AlreadyExists => {}
                made => break made.map(|()| dir)?,
            }
        };
        let mut store = Self::open(&dir, options)?;
        store.temporary = Some(dir);
        Ok(store)
    }

    /// The store's directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.dir
    }

    fn spawn(&mut self, name: &str, work: fn(&Inner)) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || work(&inner))
            .map_err(|e| Error::io("start a thread for", &self.inner.dir, e))?;
        self.threads.push(thread);
        Ok(())
    }
}

impl Drop for SegmentStore {
    fn drop(&mut self) {
        self.inner.signal.stop();
        for thread in self.threads.drain(..) {
            // A thread of the store does not panic; if it did, the log still holds what it worked on.
            let _ = thread.join();
        }
        if let Some(dir) = &self.temporary {
            let _ = std::fs::remove_dir_all(dir);
        } else {
            // Nobody is left to be told; what is not on the disk is with the operating system.
            let _ = self.inner.sync();
        }
    }
}
