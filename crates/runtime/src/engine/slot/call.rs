//! Calls of a slot's instance: isolated, watched, timed, and taken over only when somebody waited for them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use voidstate_core::{Firing, Result, Tool};

use super::{Body, Slot};
use crate::engine::context::CallContext;
use crate::engine::failure::{Cause, Failure, Violation, discard, panic_message};
use crate::engine::frame::{Frame, Said, Scratch};
use crate::engine::lock;
use crate::engine::record::Mode;
use crate::engine::shard::Metric;

/// What a tool is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Signal = 0,
    Tick = 1,
    Finish = 2,
}

/// How many ticks without a failure end a probation in which no signal came.
const PROBED_TICKS: u32 = 3;

impl Body {
    /// A call went well. A good tick does not make up for bad signals.
    #[inline]
    fn forgive(&mut self, kind: Kind) {
        if let Some(in_a_row) = self.errors_in_a_row.get_mut(kind as usize) {
            *in_a_row = 0;
        }
    }

    /// Whether a call that went well ends the probation.
    #[inline]
    fn passes_probe(&mut self, kind: Kind) -> bool {
        if !self.is_probing {
            return false;
        }
        self.probed_ticks += u32::from(kind == Kind::Tick);
        let is_passed = kind == Kind::Signal || self.probed_ticks >= PROBED_TICKS;
        self.is_probing = !is_passed;
        is_passed
    }
}

impl Slot {
    /// Hands it the signal of the frame.
    #[inline]
    pub(crate) fn observe(&self, frame: &Frame) {
        if frame.stale.get() || !self.is_called(frame) {
            return;
        }
        let batch = frame.batch.borrow();
        let (Some(signal), Some(hook)) = (
            frame.signal(batch.as_deref()),
            frame.shared.names.hook_name(frame.hook.get()),
        ) else {
            return;
        };
        let firing = Firing {
            hook,
            signal,
            sequence: frame.sequence.get(),
        };
        self.call(frame, Kind::Signal, |tool, ctx| tool.observe(&firing, ctx));
    }

    #[inline]
    fn is_called(&self, frame: &Frame) -> bool {
        if frame.mode == Mode::Recording {
            return self.is_called_at(frame);
        }
        self.is_active()
    }

    pub(crate) fn tick(&self, frame: &Frame) {
        if self.is_called(frame) {
            self.call(frame, Kind::Tick, |tool, ctx| tool.tick(ctx));
        }
    }

    pub(crate) fn finish(&self, frame: &Frame) {
        if !self.is_hung() {
            self.call(frame, Kind::Finish, |tool, ctx| tool.finish(ctx));
        }
    }

    /// Calls the instance under the eyes of the watchdog; `None` when nobody was called or nobody waits any more.
    ///
    /// Each position calls it at most once, so that a firing can be gone through again after a hang.
    #[inline]
    fn call(
        &self,
        frame: &Frame,
        kind: Kind,
        work: impl FnOnce(&mut dyn Tool, &mut CallContext<'_>) -> Result<()>,
    ) -> Option<()> {
        let beat = &frame.shard.beat;
        let ticket = beat.begin(self.number);
        let (Some(mut guard), Ok(mut scratch)) = (self.body(), frame.scratch.try_borrow_mut())
        else {
            return self.close(frame, ticket);
        };
        let body = &mut *guard;
        let position = frame.position.get();
        let Some(instance) = body
            .instance
            .as_deref_mut()
            .filter(|_| body.last < position)
        else {
            drop(guard);
            return self.close(frame, ticket);
        };
        body.last = position;
        if !self.dependencies.is_empty() {
            self.listen(position, &mut scratch);
        }
        let is_taped = frame.mode != Mode::Live;
        if is_taped {
            self.open_journal(frame, &scratch);
        }
        let timed = frame.timer.start();
        let entered = body.owner.as_ref().map(|owner| owner.enter());
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            work(
                instance,
                &mut CallContext {
                    frame,
                    slot: self,
                    scratch: &mut scratch,
                    random: &mut body.random,
                    ticket,
                },
            )
        }));
        let failure = match outcome {
            Ok(Ok(())) if scratch.violation.is_none() => {
                body.forgive(kind);
                None
            }
            outcome => self.failed(frame, kind, body, outcome, scratch.violation.take()),
        };
        let is_gone = failure.as_ref().is_some_and(|f| f.cause == Cause::Gone);
        if failure.is_some() {
            // Inside the call still: a destructor may panic or hang as well.
            discard(body.instance.take());
        }
        drop(entered);
        if !beat.end(ticket) {
            frame.stale.set(true);
            scratch.clear();
            discard(body.instance.take());
            return None;
        }
        if is_gone && frame.mode != Mode::Replaying {
            // As with a call that is abandoned: nobody takes over what it said before, and a replay does not make it.
            scratch.clear();
            self.note_gone(frame, kind != Kind::Finish);
        } else if is_taped {
            self.close_journal(frame, kind, failure.is_some(), &scratch);
        }
        self.counts.calls.bump(1);
        if let Some((start, stands_for)) = timed {
            self.time(frame, start.elapsed(), stands_for);
        }
        self.take_over(frame, position, body, &mut scratch);
        let is_recovered = failure.is_none() && body.passes_probe(kind);
        drop(guard);
        drop(scratch);
        if let Some(failure) = failure {
            frame
                .shared
                .tools
                .failed(&frame.shared, self, failure, frame.moment());
        } else if is_recovered {
            frame
                .shared
                .tools
                .recovered(&frame.shared, self, frame.moment());
        }
        Some(())
    }

    fn close(&self, frame: &Frame, ticket: u64) -> Option<()> {
        if !frame.shard.beat.end(ticket) {
            frame.stale.set(true);
        }
        None
    }

    fn listen(&self, position: u64, scratch: &mut Scratch) {
        scratch.heard.resize_with(
            self.dependencies.len().max(scratch.heard.len()),
            Said::default,
        );
        for (dependency, heard) in self.dependencies.iter().zip(&mut scratch.heard) {
            dependency.tell(position, heard);
        }
    }

    #[cold]
    fn failed(
        &self,
        frame: &Frame,
        kind: Kind,
        body: &mut Body,
        outcome: std::thread::Result<Result<()>>,
        violation: Option<Violation>,
    ) -> Option<Failure> {
        let failure = |cause, reason| Some(Failure { cause, reason });
        let what = || match frame.shared.names.hook_name(frame.hook.get()) {
            Some(hook) => format!(" at {hook}"),
            None => String::new(),
        };
        let error = match outcome {
            Err(payload) => {
                self.counts.panics.bump(1);
                let reason = format!("it panicked{}: {}", what(), panic_message(&*payload));
                discard(payload);
                return failure(Cause::Panic, reason);
            }
            Ok(outcome) => outcome.err(),
        };
        if error.is_some() {
            self.counts.errors.bump(1);
        }
        if let Some(gone) = error.as_ref().and_then(Failure::gone) {
            return Some(gone);
        }
        if let Some(violation) = violation {
            return Some(violation.into());
        }
        let error = error?;
        let limit = frame.shared.policy.errors_max.max(1);
        let in_a_row = body.errors_in_a_row.get_mut(kind as usize)?;
        *in_a_row += 1;
        if *in_a_row < limit && !body.is_probing {
            return None;
        }
        let times = match *in_a_row {
            1 => "once".to_owned(),
            times => format!("{times} times in a row"),
        };
        failure(
            Cause::Errors,
            format!("it failed {times}, last{}: {error}", what()),
        )
    }

    fn time(&self, frame: &Frame, elapsed: std::time::Duration, stands_for: u64) {
        let nanos = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
        frame.timer.timed(nanos);
        self.counts.busy_ns.bump(nanos.saturating_mul(stands_for));
        self.counts.latency.record(nanos);
        if elapsed > self.meta.budget.time_per_signal {
            self.counts.slow.bump(1);
        }
    }

    /// Takes over what the tool said in a call that somebody waited for.
    #[inline]
    fn take_over(&self, frame: &Frame, position: u64, body: &mut Body, scratch: &mut Scratch) {
        let is_silent = scratch.findings.is_empty() && scratch.metrics.is_empty();
        if is_silent && scratch.outputs.is_empty() {
            return;
        }
        if self.has_dependents() {
            if body.said_at != position {
                body.said.clear();
                body.said_at = position;
            }
            body.said.findings.extend_from_slice(&scratch.findings);
            body.said.outputs.append(&mut scratch.outputs);
        }
        if !scratch.findings.is_empty() {
            lock(&frame.shard.findings).append(&mut scratch.findings);
        }
        if frame.mode == Mode::Replaying {
            // What is published was recorded with the other signals.
            scratch.metrics.clear();
        }
        if !scratch.metrics.is_empty() {
            let time = frame.now();
            let slot = frame.slot(self.number);
            let metrics = scratch.metrics.drain(..).filter_map(|(name, like, value)| {
                Some(Metric {
                    slot: Arc::clone(slot.as_ref()?),
                    name,
                    like,
                    time,
                    value,
                })
            });
            lock(&frame.shard.metrics).extend(metrics);
        }
        scratch.clear();
    }
}
