//! One observer and one watcher in this process, one test at a time.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use voidstate_core::{Next, Source, Timestamp};
use voidstate_embed::{AttachSource, Observer, is_watched};

use crate::collect::Collect;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

pub(crate) struct Stage {
    pub(crate) observer: Option<Observer>,
    pub(crate) source: Option<AttachSource>,
    pub(crate) seen: Collect,
    pub(crate) now: Timestamp,
    folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Stage {
    /// An observer without a watcher.
    pub(crate) fn dark() -> Self {
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        let observer = Observer::builder()
            .socket(folder.path().join("s"))
            .program("tests")
            .start()
            .unwrap();
        let now = Timestamp::from_secs(1_000);
        Self {
            observer: Some(observer),
            source: None,
            seen: Collect::default(),
            now,
            folder,
            _turn: turn,
        }
    }

    /// An observer and a watcher that is attached.
    pub(crate) fn lit() -> Self {
        let mut stage = Self::dark();
        stage.attach();
        stage
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("s")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn attach(&mut self) {
        self.source = Some(AttachSource::connect(self.path()).unwrap());
        self.until(|stage| {
            is_watched() && stage.source.as_ref().is_some_and(|s| s.program().is_some())
        });
    }

    /// Polls once; the engine's clock goes on as the source wishes.
    pub(crate) fn poll(&mut self) -> Next {
        let source = self.source.as_mut().unwrap();
        let start = Instant::now();
        let next = source.poll(self.now, &mut self.seen).unwrap();
        assert!(start.elapsed() < Duration::from_secs(1), "a poll waits");
        if let Next::At(time) = next {
            self.now = self.now.max(time);
        }
        next
    }

    /// Polls until `done` or 20 s.
    pub(crate) fn until(&mut self, done: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !done(self) {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "nothing came: {:?}",
                self.seen
            );
            self.poll();
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}
