//! The bounded queue between sources and a shard.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::batch::Batch;
use super::lock;

/// Why a batch was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Full,
    Closed,
}

/// What a reader got.
#[derive(Debug)]
pub(crate) enum Popped {
    Batch(Arc<Batch>),
    /// Nothing came in time, or somebody knocked.
    Nothing,
    /// Nothing will come any more.
    Closed,
}

#[derive(Debug, Default)]
struct Inner {
    batches: VecDeque<Arc<Batch>>,
    signals: usize,
    closed: bool,
    knocked: bool,
}

/// Batches in order, bounded by the number of their signals.
#[derive(Debug)]
pub(crate) struct Queue {
    inner: Mutex<Inner>,
    filled: Condvar,
    emptied: Condvar,
    signals_max: usize,
}

impl Queue {
    pub(crate) fn new(signals_max: usize) -> Self {
        Self {
            inner: Mutex::default(),
            filled: Condvar::new(),
            emptied: Condvar::new(),
            signals_max,
        }
    }

    /// Adds a batch. With `wait`, waits for room until closed.
    ///
    /// A batch larger than the queue is taken when the queue is empty.
    pub(crate) fn push(&self, batch: Arc<Batch>, wait: bool) -> Result<(), (Arc<Batch>, Refusal)> {
        let len = batch.len();
        let mut inner = lock(&self.inner);
        loop {
            if inner.closed {
                return Err((batch, Refusal::Closed));
            }
            if inner.signals == 0 || inner.signals + len <= self.signals_max {
                break;
            }
            if !wait {
                return Err((batch, Refusal::Full));
            }
            inner = self
                .emptied
                .wait(inner)
                .unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        inner.signals += len;
        inner.batches.push_back(batch);
        drop(inner);
        self.filled.notify_one();
        Ok(())
    }

    pub(crate) fn pop(&self, wait: Duration) -> Popped {
        let mut inner = lock(&self.inner);
        if inner.batches.is_empty() && !inner.closed && !inner.knocked && !wait.is_zero() {
            inner = self
                .filled
                .wait_timeout(inner, wait)
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .0;
        }
        inner.knocked = false;
        match inner.batches.pop_front() {
            Some(batch) => {
                inner.signals -= batch.len();
                drop(inner);
                self.emptied.notify_all();
                Popped::Batch(batch)
            }
            None if inner.closed => Popped::Closed,
            None => Popped::Nothing,
        }
    }

    /// Wakes the reader.
    pub(crate) fn knock(&self) {
        lock(&self.inner).knocked = true;
        self.filled.notify_all();
    }

    /// Takes no more; what is in it can still be read.
    pub(crate) fn close(&self) {
        lock(&self.inner).closed = true;
        self.filled.notify_all();
        self.emptied.notify_all();
    }

    /// Takes out everything that is left.
    pub(crate) fn drain(&self) -> Vec<Arc<Batch>> {
        let mut inner = lock(&self.inner);
        inner.signals = 0;
        let rest = inner.batches.drain(..).collect();
        drop(inner);
        self.emptied.notify_all();
        rest
    }

    /// Signals waiting.
    pub(crate) fn depth(&self) -> usize {
        lock(&self.inner).signals
    }
}
