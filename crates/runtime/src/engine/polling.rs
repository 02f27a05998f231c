//! Polling sources until they are done.

use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use voidstate_core::{Next, Severity, Source, Stage, Timestamp};

use super::failure::{discard, panic_message};
use super::feeder::Feeder;
use super::lock;
use super::shared::Shared;

/// Wakes sources that wait for their time, and whoever waits for sources.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    lock: Mutex<()>,
    rung: Condvar,
}

impl Bell {
    pub(crate) fn ring(&self) {
        let _held = lock(&self.lock);
        self.rung.notify_all();
    }

    /// Waits for `duration` or until rung with `is_over` true.
    pub(crate) fn wait(&self, duration: Duration, is_over: impl Fn() -> bool) {
        let held = lock(&self.lock);
        if !is_over() {
            let _woken = self
                .rung
                .wait_timeout(held, duration)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// What came of polling a source.
pub(crate) enum Polled {
    Next(Next),
    Failed,
}

/// Polls a source once, with its failures told and counted.
pub(crate) fn poll(
    shared: &Shared,
    source: &mut dyn Source,
    now: Timestamp,
    feeder: &mut Feeder,
) -> Polled {
    let polled =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| source.poll(now, feeder)));
    feeder.flush();
    let reason = match polled {
        Ok(Ok(next)) => return Polled::Next(next),
        Ok(Err(error)) => error.to_string(),
        Err(payload) => {
            let message = panic_message(&*payload);
            discard(payload);
            format!("it panicked: {message}")
        }
    };
    if let Some(counts) = feeder.counts() {
        let sentence = format!("source {} ended: {reason}", counts.name);
        counts.fail(reason);
        shared.say(
            shared.new_episode(),
            Stage::Instant,
            Severity::Critical,
            sentence,
            None,
        );
    }
    Polled::Failed
}

/// Polls a source until it is done or the engine stops.
pub(crate) fn feed(shared: &Shared, bell: &Bell, mut source: Box<dyn Source>, mut feeder: Feeder) {
    let is_over = || shared.is_stopping.load(Ordering::Acquire);
    while !is_over() {
        let now = shared.clock.now();
        match poll(shared, &mut *source, now, &mut feeder) {
            Polled::Next(Next::Now) => {}
            Polled::Next(Next::At(time)) => wait_until(shared, bell, time, is_over),
            Polled::Next(_) | Polled::Failed => break,
        }
    }
    discard(source);
}

fn wait_until(shared: &Shared, bell: &Bell, time: Timestamp, is_over: impl Fn() -> bool) {
    loop {
        let left = time.since(shared.clock.now());
        if left.is_zero() || is_over() {
            return;
        }
        if shared.is_real_time {
            // Looked at again at least once a second: the wall clock may be set.
            bell.wait(left.min(Duration::from_secs(1)), &is_over);
        } else {
            shared.clock.sleep(left);
        }
    }
}
