//! Spans of observed functions, sync and async.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::Display;
use std::future::{Future, poll_fn};
use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use std::time::Instant;

use voidstate_core::SpanStatus;

use crate::ring::{self, Record, SpanRecord};
use crate::site::Site;
use crate::value::{Owned, cut};

thread_local! {
    /// Trace and span that this thread is in.
    static CURRENT: Cell<Option<(u128, u64)>> = const { Cell::new(None) };
    static GENERATOR: Cell<u64> = const { Cell::new(0) };
}

/// An identifier that is not zero: `SplitMix64` (Steele, Lea, Flood 2014) from a seed of the operating system per thread.
pub(crate) fn fresh_id() -> u64 {
    let mut state = GENERATOR.with(Cell::get);
    if state == 0 {
        state = RandomState::new().hash_one(0_u8) | 1;
    }
    state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    GENERATOR.with(|generator| generator.set(state));
    let mut z = state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)).max(1)
}

pub(crate) fn fresh_trace() -> u128 {
    (u128::from(fresh_id()) << 64) | u128::from(fresh_id())
}

/// A span that runs.
#[derive(Debug)]
struct Running {
    site: &'static Site,
    trace_id: u128,
    span_id: u64,
    parent: Option<u64>,
    start_ns: i64,
    clock: Instant,
    was_panicking: bool,
    status: SpanStatus,
    note: Option<(&'static str, Owned)>,
}

impl Running {
    fn new(site: &'static Site) -> Self {
        let parent = CURRENT.with(Cell::get);
        Self {
            site,
            trace_id: parent.map_or_else(fresh_trace, |(trace, _)| trace),
            span_id: fresh_id(),
            parent: parent.map(|(_, span)| span),
            start_ns: ring::now_ns(),
            clock: Instant::now(),
            was_panicking: std::thread::panicking(),
            status: SpanStatus::Unset,
            note: None,
        }
    }

    /// The end is the start plus a monotonic duration: a clock that is set back cannot turn the span around.
    fn finish(mut self) {
        let took = self.clock.elapsed();
        if std::thread::panicking() && !self.was_panicking {
            self.status = SpanStatus::Error;
            self.note = Some(("panicked", Owned::Bool(true)));
        }
        self.site.count(took, self.status == SpanStatus::Error);
        ring::outside(|| {
            let took_ns = i64::try_from(took.as_nanos()).unwrap_or(i64::MAX);
            ring::push(Record::Span(Box::new(SpanRecord {
                trace_id: self.trace_id,
                span_id: self.span_id,
                parent: self.parent,
                name: Cow::Borrowed(self.site.name()),
                start: self.start_ns,
                end: self.start_ns.saturating_add(took_ns),
                status: self.status,
                attributes: self
                    .note
                    .take()
                    .into_iter()
                    .map(|(key, value)| (Cow::Borrowed(key), value))
                    .collect(),
            })));
        });
    }
}

/// What an observed function holds while it runs.
#[derive(Debug)]
pub struct SpanGuard(Option<(Running, Option<(u128, u64)>)>);

/// Begins a span when somebody watches.
#[inline]
#[must_use]
pub fn enter(site: &'static Site) -> SpanGuard {
    if ring::is_watched() {
        SpanGuard(Some(begin(site)))
    } else {
        SpanGuard(None)
    }
}

#[cold]
fn begin(site: &'static Site) -> (Running, Option<(u128, u64)>) {
    let running = Running::new(site);
    let before = CURRENT.with(|current| current.replace(Some((running.trace_id, running.span_id))));
    (running, before)
}

impl SpanGuard {
    /// Notes how the function ended.
    #[inline]
    pub fn result<T, E>(&mut self, result: &Result<T, E>) {
        if let Self(Some((running, _))) = self {
            running.status = status(result);
        }
    }

    /// Notes how the function ended, with the error's text.
    #[inline]
    pub fn result_with_text<T, E: Display>(&mut self, result: &Result<T, E>) {
        if let Self(Some((running, _))) = self {
            running.status = status(result);
            running.note = note(result);
        }
    }
}

impl Drop for SpanGuard {
    #[inline]
    fn drop(&mut self) {
        if let Some((running, before)) = self.0.take() {
            let _thread_ends = CURRENT.try_with(|current| current.set(before));
            running.finish();
        }
    }
}

/// How a result ended.
const fn status<T, E>(result: &Result<T, E>) -> SpanStatus {
    if result.is_ok() {
        SpanStatus::Ok
    } else {
        SpanStatus::Error
    }
}

fn note<T, E: Display>(result: &Result<T, E>) -> Option<(&'static str, Owned)> {
    let error = result.as_ref().err()?;
    Some(("error", Owned::Text(cut(&error.to_string()).into_owned())))
}

/// The span of a future: it begins at the first poll and ends when the future is done or dropped.
#[derive(Debug)]
pub struct AsyncSpan {
    running: Option<Running>,
    done: bool,
}

/// Reads from what an observed future brought how it ended.
type Judge<T> = fn(&mut AsyncSpan, &T);

impl AsyncSpan {
    /// Notes how the future ended.
    pub fn result<T, E>(&mut self, result: &Result<T, E>) {
        if let Some(running) = &mut self.running {
            running.status = status(result);
        }
    }

    /// Notes how the future ended, with the error's text.
    pub fn result_with_text<T, E: Display>(&mut self, result: &Result<T, E>) {
        if let Some(running) = &mut self.running {
            running.status = status(result);
            running.note = note(result);
        }
    }

    /// Ends without a word on how.
    pub fn plain<T>(&mut self, _: &T) {}
}

impl Drop for AsyncSpan {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            if !self.done {
                running.note = Some(("cancelled", Owned::Bool(true)));
            }
            running.finish();
        }
    }
}

/// While it lives, the thread is in the span.
struct Entered(Option<(u128, u64)>);

impl Drop for Entered {
    fn drop(&mut self) {
        let _thread_ends = CURRENT.try_with(|current| current.set(self.0));
    }
}

/// Runs an observed future; what the attribute makes of an `async fn`.
pub async fn observe<F: Future>(
    site: &'static Site,
    future: F,
    judge: Judge<F::Output>,
) -> F::Output {
    let running = ring::is_watched().then(|| Running::new(site));
    let inside = running
        .as_ref()
        .map(|running| (running.trace_id, running.span_id));
    // Declared before the future: the future is dropped first, inside the span.
    let mut span = AsyncSpan {
        running,
        done: false,
    };
    let mut future = pin!(future);
    let output = poll_fn(|context| {
        let _entered =
            inside.map(|ids| Entered(CURRENT.with(|current| current.replace(Some(ids)))));
        future.as_mut().poll(context)
    })
    .await;
    span.done = true;
    if span.running.is_some() {
        judge(&mut span, &output);
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_not_zero_and_do_not_repeat() {
        let mut ids: Vec<u64> = (0..10_000).map(|_| fresh_id()).collect();
        ids.extend(
            std::thread::spawn(|| (0..10_000).map(|_| fresh_id()).collect::<Vec<_>>())
                .join()
                .unwrap(),
        );
        assert!(!ids.contains(&0));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 20_000);
    }
}
