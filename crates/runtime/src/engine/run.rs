//! Running an engine: on threads, to the end, or in line.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use voidstate_core::Source;

use super::builder::EngineBuilder;
use super::feeder::Feeder;
use super::handle::EngineHandle;
use super::inline::InlineEngine;
use super::lock;
use super::polling::{Bell, feed};
use super::record::Finisher;
use super::shard::Phase;
use super::shared::Shared;
use super::stats::{DropReason, Report};
use super::watchdog::{Crew, Watchdog, Whistle, spawn_worker};
use crate::error::{Error, Result};

/// An engine that is put together but does not move yet.
#[derive(Debug)]
pub struct Engine {
    handle: EngineHandle,
    sources: Sources,
    finisher: Finisher,
}

struct Sources(Vec<Box<dyn Source>>);

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} sources", self.0.len())
    }
}

impl Engine {
    /// Starts to put one together.
    #[must_use]
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    pub(crate) fn new(
        handle: EngineHandle,
        sources: Vec<Box<dyn Source>>,
        finisher: Finisher,
    ) -> Self {
        Self {
            handle,
            sources: Sources(sources),
            finisher,
        }
    }

    /// Steers it, also once it runs.
    #[must_use]
    pub fn handle(&self) -> EngineHandle {
        self.handle.clone()
    }

    /// Runs on the caller's thread, step by step. Results do not depend on threads; a tool that hangs is not noticed.
    #[must_use]
    pub fn inline(self) -> InlineEngine {
        InlineEngine::new(self.handle.shared, self.sources.0, self.finisher)
    }

    /// Runs on the caller's thread until every source is done, then drains.
    #[must_use]
    pub fn run_inline(self) -> Report {
        let mut inline = self.inline();
        while inline.step() {}
        inline.finish()
    }

    /// Runs on threads until every source is done, then drains.
    ///
    /// # Errors
    /// [`Error::Thread`] when a thread cannot be made.
    pub fn run_to_end(self) -> Result<Report> {
        Ok(self.start()?.wait())
    }

    /// Starts a thread per source, a thread per shard, one for the sinks and one that watches.
    ///
    /// # Errors
    /// [`Error::Thread`] when a thread cannot be made; the threads made before are stopped.
    pub fn start(self) -> Result<RunningEngine> {
        let shared = self.handle.shared;
        shared.is_threaded.store(true, Ordering::Release);
        let mut running = RunningEngine {
            crew: Arc::default(),
            sources: Vec::new(),
            sinks: None,
            watchdog: None,
            whistle: Arc::default(),
            bell: Arc::default(),
            is_stopped: false,
            finisher: self.finisher,
            shared,
        };
        match running.start(self.sources.0) {
            Ok(()) => Ok(running),
            Err(cause) => {
                running.end();
                Err(Error::Thread { cause })
            }
        }
    }
}

/// An engine that runs on threads. Dropping it stops it as [`stop`](Self::stop) does.
#[derive(Debug)]
pub struct RunningEngine {
    shared: Arc<Shared>,
    crew: Arc<Mutex<Crew>>,
    sources: Vec<(String, JoinHandle<()>)>,
    sinks: Option<JoinHandle<()>>,
    watchdog: Option<JoinHandle<()>>,
    whistle: Arc<Whistle>,
    bell: Arc<Bell>,
    is_stopped: bool,
    finisher: Finisher,
}

impl RunningEngine {
    fn start(&mut self, sources: Vec<Box<dyn Source>>) -> std::io::Result<()> {
        let named = |name: String| std::thread::Builder::new().name(name);
        if let Some(sinks) = self.shared.sinks.take() {
            let shared = Arc::clone(&self.shared);
            let run = move || shared.sinks.run(sinks, &shared.names, &shared.pool);
            self.sinks = Some(named("sinks".to_owned()).spawn(run)?);
        }
        for shard in &self.shared.shards {
            let worker = spawn_worker(&self.shared, shard, false)?;
            lock(&self.crew).workers.push(worker);
        }
        let watchdog = Watchdog::new(Arc::clone(&self.shared), Arc::clone(&self.crew));
        let whistle = Arc::clone(&self.whistle);
        let run = move || watchdog.run(&whistle);
        self.watchdog = Some(named("watchdog".to_owned()).spawn(run)?);
        for (number, source) in sources.into_iter().enumerate() {
            let feeder = Feeder::new(Arc::clone(&self.shared), number);
            let (shared, bell) = (Arc::clone(&self.shared), Arc::clone(&self.bell));
            let name = source.info().name;
            let run = move || {
                feed(&shared, &bell, source, feeder);
                if let Some(counts) = shared.sources.get(number) {
                    counts.set_done();
                }
                bell.ring();
            };
            let thread = named(format!("source-{number}")).spawn(run)?;
            self.sources.push((name, thread));
        }
        Ok(())
    }

    /// Steers it.
    #[must_use]
    pub fn handle(&self) -> EngineHandle {
        EngineHandle {
            shared: Arc::clone(&self.shared),
        }
    }

    /// Whether every source is done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.sources.iter().all(|(_, thread)| thread.is_finished())
    }

    /// Waits until every source is done (or `timeout` has passed, or somebody asked to stop); true when they are.
    #[must_use]
    pub fn wait_for_sources(&self, timeout: Duration) -> bool {
        let until = Instant::now().checked_add(timeout);
        let own = self.shared.own_source();
        let is_done = || {
            self.shared
                .sources
                .iter()
                .take(own)
                .all(super::shared::SourceCounts::is_done)
        };
        loop {
            let left = until.map_or(Duration::from_secs(3600), |until| {
                until.saturating_duration_since(Instant::now())
            });
            let is_over = || is_done() || self.shared.is_stopping.load(Ordering::Acquire);
            if is_over() || left.is_zero() {
                return is_done();
            }
            self.bell.wait(left, is_over);
        }
    }

    /// Tells sources to return as soon as they can, without waiting for anything.
    pub fn request_stop(&self) {
        self.shared.is_stopping.store(true, Ordering::Release);
        self.bell.ring();
    }

    /// Waits until every source is done, then drains as [`stop`](Self::stop) does.
    #[must_use]
    pub fn wait(mut self) -> Report {
        let _ = self.wait_for_sources(Duration::MAX);
        self.end()
    }

    /// Stops the sources, drains the queues, lets the tools finish, flushes the sinks and joins the threads, within the
    /// policy's time; what is left over is counted and told.
    #[must_use]
    pub fn stop(mut self) -> Report {
        self.end()
    }

    fn end(&mut self) -> Report {
        self.is_stopped = true;
        let mut leftovers = Vec::new();
        let within = self.shared.policy.drain_within;
        self.request_stop();
        let deadline = Instant::now().checked_add(within);
        let mut sources = std::mem::take(&mut self.sources);
        join_all(&mut sources, deadline);
        for shard in &self.shared.shards {
            shard.queue.close();
        }
        // A source that waited for room is free now, and needs a moment to notice.
        let moment = Instant::now().checked_add(Duration::from_millis(200));
        join_all(&mut sources, deadline.max(moment));
        leftovers.extend(
            sources
                .into_iter()
                .map(|(name, _)| format!("source {name} did not return")),
        );
        if !self.workers_end(deadline) {
            self.shared.is_aborting.store(true, Ordering::Release);
            self.shared.sinks.close();
            let grace = self.shared.policy.hang_after * 2 + Duration::from_secs(1);
            if !self.workers_end(Instant::now().checked_add(grace)) {
                leftovers.push("a shard did not come to its end".to_owned());
            }
        }
        for shard in &self.shared.shards {
            for batch in shard.queue.drain() {
                if let Some(counts) = self.shared.sources.get(batch.source) {
                    counts.drop_signals(DropReason::Shutdown, batch.len() as u64);
                }
            }
        }
        self.whistle.blow();
        if let Some(watchdog) = self.watchdog.take() {
            let _ = watchdog.join();
        }
        leftovers.extend(self.end_recording());
        self.last_words();
        self.shared.sinks.close();
        if let Some(sinks) = self.sinks.take() {
            let mut sinks = vec![("sinks".to_owned(), sinks)];
            let deadline = deadline.max(Instant::now().checked_add(Duration::from_secs(1)));
            join_all(&mut sinks, deadline);
            if !sinks.is_empty() {
                self.shared.sinks.abandon();
                leftovers.push("a sink did not return".to_owned());
            }
        }
        let mut crew = lock(&self.crew);
        crew.abandoned.retain(|(thread, _)| !thread.is_finished());
        for (_, tool) in &crew.abandoned {
            leftovers.push(format!("a thread hangs in tool {tool}"));
        }
        self.shared
            .abandoned
            .store(crew.abandoned.len(), Ordering::Relaxed);
        drop(crew);
        Report {
            stats: self.shared.stats(),
            leftovers,
        }
    }

    /// Writes what is left of the recording. A shard that did not come to its end is written up to the call that it hangs in.
    fn end_recording(&self) -> Option<String> {
        let tapes = self.finisher.0.as_ref()?;
        for shard in &self.shared.shards {
            if let Some(tape) = &shard.tape {
                let position = shard.position.load(Ordering::Acquire);
                let is_amid = matches!(shard.phase(), Phase::Firing | Phase::Ticking);
                tape.flush(tapes, position.saturating_sub(u64::from(is_amid)));
            }
        }
        let is_finished = tapes.finish();
        self.shared.tell_recording();
        (!is_finished).then(|| "the recorder did not return".to_owned())
    }

    /// Whether every worker ended in time. Replacements may come while we wait.
    fn workers_end(&self, deadline: Option<Instant>) -> bool {
        loop {
            let is_over = lock(&self.crew).workers.iter().all(JoinHandle::is_finished);
            if is_over || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return is_over;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn last_words(&self) {
        let health = self.shared.take_health();
        if !health.is_empty() {
            let shared = &self.shared;
            shared.sinks.send_urgent(health);
        }
    }
}

impl Drop for RunningEngine {
    fn drop(&mut self) {
        if !self.is_stopped {
            self.end();
        }
    }
}

/// Joins what ends in time and leaves the rest.
fn join_all(threads: &mut Vec<(String, JoinHandle<()>)>, deadline: Option<Instant>) {
    loop {
        threads.retain(|(_, thread)| !thread.is_finished());
        if threads.is_empty() || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
