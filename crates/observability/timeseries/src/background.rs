//! The two threads: one moves full heads into segments, one forces appends onto the disk.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::files;
use crate::segment::Segment;
use crate::segment_write;
use crate::store::Inner;

/// Heads that may wait for their segments before appends wait too.
const WAITING_MAX: usize = 2;
/// How long after a failure the next try is made.
const RETRY: Duration = Duration::from_secs(1);

/// What the threads tell each other.
#[derive(Debug)]
pub(crate) struct Signal {
    inner: Mutex<Told>,
    changed: Condvar,
}

#[derive(Debug)]
struct Told {
    stop: bool,
    /// Heads that wait for their segments.
    waiting: usize,
    /// Why the last one could not be written.
    failure: Option<(String, bool)>,
}

impl Signal {
    pub(crate) const fn new(waiting: usize) -> Self {
        Self {
            inner: Mutex::new(Told {
                stop: false,
                waiting,
                failure: None,
            }),
            changed: Condvar::new(),
        }
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn stop(&self) {
        self.told().stop = true;
        self.changed.notify_all();
    }

    /// Another head waits.
    pub(crate) fn more(&self) {
        self.told().waiting += 1;
        self.changed.notify_all();
    }

    /// Waits until at most `most` heads wait.
    ///
    /// # Errors
    /// [`Error::Stalled`] when they cannot be written.
    pub(crate) fn wait_for(&self, most: usize) -> Result<()> {
        let mut told = self.told();
        while told.waiting > most {
            if let Some((reason, no_space)) = told.failure.clone() {
                return Err(Error::Stalled { reason, no_space });
            }
            told = self
                .changed
                .wait(told)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// Waits until few enough heads wait for another to be begun.
    pub(crate) fn wait_for_room(&self) -> Result<()> {
        self.wait_for(WAITING_MAX)
    }
}

/// Moves heads into segments until told to stop.
pub(crate) fn seal_loop(inner: &Inner) {
    let signal = &inner.signal;
    let mut told = signal.told();
    while !told.stop {
        if told.waiting == 0 {
            told = signal
                .changed
                .wait(told)
                .unwrap_or_else(PoisonError::into_inner);
            continue;
        }
        drop(told);
        let sealed = inner.seal_oldest();
        told = signal.told();
        match sealed {
            Ok(()) => {
                told.waiting = told.waiting.saturating_sub(1);
                told.failure = None;
                signal.changed.notify_all();
            }
            Err(error) => {
                inner.notes.say(format!(
                    "{error}; it is tried again every second, the log keeps the samples"
                ));
                told.failure = Some((error.to_string(), error.is_no_space()));
                signal.changed.notify_all();
                told = pause(signal, told, RETRY);
            }
        }
    }
}

/// Waits for `duration` or until told to stop.
fn pause<'a>(
    signal: &'a Signal,
    told: MutexGuard<'a, Told>,
    duration: Duration,
) -> MutexGuard<'a, Told> {
    signal
        .changed
        .wait_timeout_while(told, duration, |told| !told.stop)
        .unwrap_or_else(PoisonError::into_inner)
        .0
}

/// Forces appends onto the disk at the interval of the options until told to stop.
pub(crate) fn sync_loop(inner: &Inner) {
    let interval = inner.options.sync_interval;
    loop {
        let told = pause(&inner.signal, inner.signal.told(), interval);
        if told.stop {
            return;
        }
        drop(told);
        if let Err(error) = inner.sync() {
            inner.notes.say(format!(
                "{error}; a power loss may cost more than the last {interval:?}"
            ));
        }
    }
}

impl Inner {
    /// Writes the oldest waiting head as a segment, puts the segment in its place and removes its log.
    fn seal_oldest(&self) -> Result<()> {
        let Some(frozen) = self.read().frozen.front().map(Arc::clone) else {
            return Ok(());
        };
        let generation = frozen.head.generation;
        let path = files::segment(&self.dir, generation);
        let mut segment = None;
        if frozen.head.points() > 0 {
            segment_write::write(&frozen.head, self.options.chunk_points, &self.dir, &path)?;
            let mut faults = Vec::new();
            let read_back = Segment::open(&path, generation, &self.open_files, |note| {
                faults.push(note)
            })?;
            if let Some(fault) = faults.pop() {
                // The disk gave back something else: the log stays, the segment does not.
                files::remove(&path)?;
                return Err(Error::io("read back", &path, std::io::Error::other(fault)));
            }
            segment = Some(Arc::new(read_back));
        }
        {
            let mut state = self.write();
            if let Some(segment) = segment {
                let segments = Arc::make_mut(&mut state.segments);
                let at = segments.partition_point(|s| s.generation < generation);
                segments.insert(at, segment);
            }
            state.frozen.pop_front();
        }
        files::remove(&frozen.wal)?;
        self.expire(None);
        Ok(())
    }

    /// Forces everything that was acknowledged onto the disk.
    pub(crate) fn sync(&self) -> Result<()> {
        let _alone = self.syncing.lock().unwrap_or_else(PoisonError::into_inner);
        let (names_dirty, mut dirty) = {
            let mut writer = self.writer();
            // The catalogue comes first: points must not outlive the names of their series.
            let mut dirty: Vec<_> = writer.catalogue.take_dirty().into_iter().collect();
            dirty.append(&mut writer.left);
            dirty.extend(writer.wal.take_dirty());
            dirty.extend(
                writer
                    .findings
                    .as_mut()
                    .and_then(|(_, log)| log.take_dirty()),
            );
            (std::mem::take(&mut writer.names_dirty), dirty)
        };
        let names = if names_dirty {
            files::sync(&self.dir)
        } else {
            Ok(())
        };
        let result = names.and_then(|()| {
            dirty.iter().try_for_each(|file| {
                file.sync_data()
                    .map_err(|e| Error::io("sync", &self.dir, e))
            })
        });
        if result.is_err() {
            let mut writer = self.writer();
            writer.left.append(&mut dirty);
            writer.names_dirty |= names_dirty;
        }
        result
    }
}
