//! An engine on the caller's thread.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use voidstate_core::{Next, Source, Timestamp};

use super::failure::discard;
use super::feeder::Feeder;
use super::handle::EngineHandle;
use super::lock;
use super::polling::{Polled, poll};
use super::record::Finisher;
use super::shared::Shared;
use super::sinks::Parcel;
use super::stats::Report;
use super::worker::Worker;

struct Fed {
    source: Box<dyn Source>,
    feeder: Feeder,
    due: Timestamp,
}

/// An engine that moves only when told to, on the caller's thread.
///
/// With a simulated clock and a seed, the same sources and tools give the same results, bit for bit. There is no
/// watchdog here: a tool that hangs hangs the caller, and time budgets are not enforced, for they would make results
/// depend on the machine; memory budgets are.
pub struct InlineEngine {
    shared: Arc<Shared>,
    sources: Vec<Option<Fed>>,
    /// Room for the workers, used again at each step.
    room: Vec<Worker>,
    finisher: Finisher,
}

impl std::fmt::Debug for InlineEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InlineEngine").finish_non_exhaustive()
    }
}

impl InlineEngine {
    pub(crate) fn new(
        shared: Arc<Shared>,
        sources: Vec<Box<dyn Source>>,
        finisher: Finisher,
    ) -> Self {
        let fed = |(number, source)| {
            Some(Fed {
                source,
                feeder: Feeder::new(Arc::clone(&shared), number),
                due: Timestamp::MIN,
            })
        };
        Self {
            sources: sources.into_iter().enumerate().map(fed).collect(),
            room: Vec::new(),
            finisher,
            shared,
        }
    }

    /// Steers it between steps.
    #[must_use]
    pub fn handle(&self) -> EngineHandle {
        EngineHandle {
            shared: Arc::clone(&self.shared),
        }
    }

    /// Polls each source that is due, in order of addition; when none is, lets the clock run to the next second or the
    /// next due source, whichever is earlier. False when every source is done.
    pub fn step(&mut self) -> bool {
        let now = self.shared.clock.now();
        let mut workers = self.unpark();
        let mut is_idle = true;
        for (number, place) in self.sources.iter_mut().enumerate() {
            let Some(fed) = place.as_mut().filter(|fed| fed.due <= now) else {
                continue;
            };
            is_idle = false;
            fed.feeder.inline = Some(std::mem::take(&mut workers));
            let polled = poll(&self.shared, &mut *fed.source, now, &mut fed.feeder);
            workers = fed.feeder.inline.take().unwrap_or_default();
            match polled {
                Polled::Next(Next::Now) => fed.due = now,
                Polled::Next(Next::At(time)) => fed.due = time,
                Polled::Next(_) | Polled::Failed => {
                    if let Some(fed) = place.take() {
                        discard(fed.source);
                    }
                    if let Some(counts) = self.shared.sources.get(number) {
                        counts.set_done();
                    }
                }
            }
        }
        for worker in &mut workers {
            let _ = worker.between();
        }
        self.park(workers);
        let next = self.sources.iter().flatten().map(|fed| fed.due).min();
        let Some(next) = next else { return false };
        if is_idle {
            let left = next.since(self.shared.clock.now());
            self.shared.clock.sleep(left.min(Duration::from_secs(1)));
        }
        true
    }

    fn unpark(&mut self) -> Vec<Worker> {
        let mut workers = std::mem::take(&mut self.room);
        let parked = self.shared.parked.iter();
        workers.extend(parked.filter_map(|worker| lock(worker).take()));
        workers
    }

    fn park(&mut self, mut workers: Vec<Worker>) {
        for (place, worker) in self.shared.parked.iter().zip(workers.drain(..)) {
            *lock(place) = Some(worker);
        }
        self.room = workers;
    }

    /// Lets the tools finish, flushes the sinks and tells how it went. Sources that are not done are dropped.
    #[must_use]
    pub fn finish(mut self) -> Report {
        self.shared.is_stopping.store(true, Ordering::Release);
        let mut leftovers = Vec::new();
        for fed in self.sources.drain(..).flatten() {
            leftovers.push(format!(
                "source {} was not at its end",
                fed.source.info().name
            ));
            discard(fed.source);
        }
        let mut workers = self.unpark();
        for worker in &mut workers {
            let _ = worker.between();
            let _ = worker.finish();
        }
        self.park(workers);
        if let Some(tapes) = &self.finisher.0 {
            if !tapes.finish() {
                leftovers.push("the recorder did not return".to_owned());
            }
            self.shared.tell_recording();
        }
        let health = self.shared.take_health();
        if !health.is_empty() {
            let parcel = Parcel::Findings(health);
            self.shared
                .sinks
                .send(parcel, &self.shared.names, &self.shared.pool);
        }
        Report {
            stats: self.shared.stats(),
            leftovers,
        }
    }
}
