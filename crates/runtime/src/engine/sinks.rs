//! Handing points and findings to the sinks.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use voidstate_core::{Finding, Result, Sink};

use super::batch::{Batch, Pool};
use super::count::Count;
use super::failure::{discard, panic_message};
use super::lock;
use super::names::Names;
use super::stats::SinkStats;

/// Something for the sinks.
#[derive(Debug)]
pub(crate) enum Parcel {
    Points(Arc<Batch>),
    Findings(Vec<Finding>),
}

#[derive(Debug, Default)]
struct SinkCounts {
    name: String,
    points: Count,
    findings: Count,
    points_failed: Count,
    findings_failed: Count,
    last_error: Mutex<Option<String>>,
}

#[derive(Debug, Default)]
struct Parcels {
    waiting: VecDeque<Parcel>,
    is_closed: bool,
}

/// The sinks and the queue in front of them.
pub(crate) struct Sinks {
    counts: Vec<SinkCounts>,
    /// The sinks themselves, unless a thread of their own has them.
    here: Mutex<Option<Vec<Box<dyn Sink>>>>,
    parcels: Mutex<Parcels>,
    filled: Condvar,
    emptied: Condvar,
    parcels_max: usize,
}

impl std::fmt::Debug for Sinks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sinks").finish_non_exhaustive()
    }
}

impl Sinks {
    pub(crate) fn new(sinks: Vec<Box<dyn Sink>>, parcels_max: usize) -> Self {
        let counts = sinks.iter().map(|sink| SinkCounts {
            name: sink.name().to_owned(),
            ..SinkCounts::default()
        });
        Self {
            counts: counts.collect(),
            here: Mutex::new(Some(sinks)),
            parcels: Mutex::new(Parcels {
                waiting: VecDeque::with_capacity(parcels_max),
                is_closed: false,
            }),
            filled: Condvar::new(),
            emptied: Condvar::new(),
            parcels_max,
        }
    }

    /// Takes the sinks away for a thread of their own; from now on parcels queue up for it.
    pub(crate) fn take(&self) -> Option<Vec<Box<dyn Sink>>> {
        lock(&self.here).take()
    }

    /// Hands a parcel over: at once where the sinks are here, otherwise through the queue, waiting for room.
    pub(crate) fn send(&self, parcel: Parcel, names: &Names, pool: &Pool) {
        if let Some(sinks) = lock(&self.here).as_mut() {
            self.deliver(sinks, parcel, names, pool);
            return;
        }
        let mut parcels = lock(&self.parcels);
        while parcels.waiting.len() >= self.parcels_max && !parcels.is_closed {
            parcels = self
                .emptied
                .wait(parcels)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if parcels.is_closed {
            drop(parcels);
            self.count_lost(&parcel);
            return;
        }
        parcels.waiting.push_back(parcel);
        drop(parcels);
        self.filled.notify_one();
    }

    /// Queues findings about the observer itself, whether there is room or not: they are few, and whoever says them must
    /// not wait for a sink.
    pub(crate) fn send_urgent(&self, findings: Vec<Finding>) {
        let parcel = Parcel::Findings(findings);
        let mut parcels = lock(&self.parcels);
        if parcels.is_closed {
            drop(parcels);
            return self.count_lost(&parcel);
        }
        parcels.waiting.push_back(parcel);
        drop(parcels);
        self.filled.notify_one();
    }

    /// Nobody will take it: counted as failed with every sink.
    fn count_lost(&self, parcel: &Parcel) {
        for counts in &self.counts {
            match parcel {
                Parcel::Points(batch) => counts.points_failed.add(batch.points.len() as u64),
                Parcel::Findings(findings) => counts.findings_failed.add(findings.len() as u64),
            }
            lock(&counts.last_error)
                .get_or_insert_with(|| "the engine shut down before it took everything".to_owned());
        }
    }

    /// Delivers parcels until the queue is closed and empty.
    pub(crate) fn run(&self, mut sinks: Vec<Box<dyn Sink>>, names: &Names, pool: &Pool) {
        loop {
            let mut parcels = lock(&self.parcels);
            let parcel = loop {
                if let Some(parcel) = parcels.waiting.pop_front() {
                    break parcel;
                }
                if parcels.is_closed {
                    return;
                }
                parcels = self
                    .filled
                    .wait(parcels)
                    .unwrap_or_else(PoisonError::into_inner);
            };
            drop(parcels);
            self.emptied.notify_all();
            self.deliver(&mut sinks, parcel, names, pool);
        }
    }

    pub(crate) fn close(&self) {
        lock(&self.parcels).is_closed = true;
        self.filled.notify_all();
        self.emptied.notify_all();
    }

    /// Gives up what still waits, counted as failed.
    pub(crate) fn abandon(&self) {
        let rest: Vec<_> = lock(&self.parcels).waiting.drain(..).collect();
        for parcel in &rest {
            self.count_lost(parcel);
        }
    }

    fn deliver(&self, sinks: &mut [Box<dyn Sink>], parcel: Parcel, names: &Names, pool: &Pool) {
        for (sink, counts) in sinks.iter_mut().zip(&self.counts) {
            match &parcel {
                Parcel::Points(batch) => {
                    let taken = guarded(counts, || sink.points(&batch.points, names));
                    let count = batch.points.len() as u64;
                    if taken {
                        &counts.points
                    } else {
                        &counts.points_failed
                    }
                    .add(count);
                }
                Parcel::Findings(findings) => {
                    for finding in findings {
                        let taken = guarded(counts, || sink.finding(finding));
                        if taken {
                            &counts.findings
                        } else {
                            &counts.findings_failed
                        }
                        .add(1);
                    }
                }
            }
            guarded(counts, || sink.flush());
        }
        if let Parcel::Points(batch) = parcel {
            pool.give(batch);
        }
    }

    pub(crate) fn stats(&self) -> Vec<SinkStats> {
        let stats = |counts: &SinkCounts| SinkStats {
            name: counts.name.clone(),
            points: counts.points.get(),
            findings: counts.findings.get(),
            points_failed: counts.points_failed.get(),
            findings_failed: counts.findings_failed.get(),
            last_error: lock(&counts.last_error).clone(),
        };
        self.counts.iter().map(stats).collect()
    }
}

fn guarded(counts: &SinkCounts, work: impl FnOnce() -> Result<()>) -> bool {
    let error = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(())) => return true,
        Ok(Err(error)) => error.to_string(),
        Err(payload) => {
            let message = format!("it panicked: {}", panic_message(&*payload));
            discard(payload);
            message
        }
    };
    *lock(&counts.last_error) = Some(error);
    false
}
