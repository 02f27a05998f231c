//! Traces: spans that belong together.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use voidstate_core::{Attributes, Span, SpanStatus, Timestamp};

use crate::Error;

/// Traces of one root and its descendants.
#[derive(Debug, Clone, PartialEq)]
pub struct Traces {
    /// How many spans, at least 1.
    pub spans: RangeInclusive<usize>,
    /// When the root starts.
    pub start: Timestamp,
    /// How long the root takes at most, at least 1 ns.
    pub duration_max: Duration,
    /// Names of spans; at least one.
    pub names: Vec<String>,
    /// How many spans in a hundred fail.
    pub failures_percent: u8,
}

impl Default for Traces {
    /// 1 to 20 spans within 2 seconds from the first of 2025 on, four names, 5 % failures.
    fn default() -> Self {
        Self {
            spans: 1..=20,
            start: Timestamp::from_secs(1_735_689_600),
            duration_max: Duration::from_secs(2),
            names: ["GET /", "query", "cache", "render"]
                .map(str::to_owned)
                .to_vec(),
            failures_percent: 5,
        }
    }
}

/// What is wrong with a trace.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TraceFault {
    /// Two spans have the same id.
    SameId,
    /// Spans of different traces.
    Strangers,
    /// A span ends before it starts.
    EndsBeforeStart,
    /// A parent that is not there.
    Orphan,
    /// Parents in a circle.
    Circle,
    /// Several roots, or none at all.
    Roots,
    /// A span that starts before its parent does: the clocks of two machines.
    Skew,
}

const FAULTS: [TraceFault; 7] = [
    TraceFault::SameId,
    TraceFault::Strangers,
    TraceFault::EndsBeforeStart,
    TraceFault::Orphan,
    TraceFault::Circle,
    TraceFault::Roots,
    TraceFault::Skew,
];

/// The first fault, in order of [`TraceFault`], or `None` for one tree of spans each of which starts within its parent.
/// O(n · depth).
#[must_use]
pub fn trace_fault(spans: &[Span]) -> Option<TraceFault> {
    let by_id: BTreeMap<u64, &Span> = spans.iter().map(|span| (span.span_id, span)).collect();
    if by_id.len() != spans.len() {
        return Some(TraceFault::SameId);
    }
    if spans
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a.trace_id != b.trace_id))
    {
        return Some(TraceFault::Strangers);
    }
    if spans.iter().any(|span| span.end < span.start) {
        return Some(TraceFault::EndsBeforeStart);
    }
    let parent = |span: &Span| span.parent.and_then(|id| by_id.get(&id).copied());
    if spans
        .iter()
        .any(|span| span.parent.is_some() && parent(span).is_none())
    {
        return Some(TraceFault::Orphan);
    }
    let ends = |span: &Span| {
        let up = std::iter::successors(Some(span), |span| parent(span));
        up.take(spans.len() + 1).count() <= spans.len()
    };
    if !spans.iter().all(ends) {
        return Some(TraceFault::Circle);
    }
    if spans.iter().filter(|span| span.parent.is_none()).count() != 1 {
        return Some(TraceFault::Roots);
    }
    let is_early = |span: &Span| parent(span).is_some_and(|parent| span.start < parent.start);
    spans.iter().any(is_early).then_some(TraceFault::Skew)
}

/// What one span draws.
#[derive(Debug, Clone)]
struct Draw {
    parent: Index,
    /// Shares of the parent's time: what passes before it starts, and what it takes of the rest.
    before: f64,
    takes: f64,
    name: Index,
    percent: u8,
}

impl Traces {
    fn check(&self) -> Result<(), Error> {
        let fail = |name, value, expected| {
            Err(Error::StrategyParameter {
                name,
                value,
                expected,
            })
        };
        if *self.spans.start() == 0 || self.spans.is_empty() {
            let expected = "at least 1 and at most the end of the range";
            return fail("spans", *self.spans.start() as f64, expected);
        }
        if self.names.is_empty() {
            return fail("names", 0.0, "at least one");
        }
        let nanos = i64::try_from(self.duration_max.as_nanos()).unwrap_or(0);
        let start = self.start.as_nanos();
        // Skewed spans start up to one duration early.
        let room = start.checked_add(nanos).and(start.checked_sub(nanos));
        if nanos < 1 || room.is_none() {
            let expected = "at least 1 ns, and so short that it fits into time";
            return fail("duration_max", self.duration_max.as_secs_f64(), expected);
        }
        Ok(())
    }

    fn drawn(&self, least: usize) -> BoxedStrategy<Vec<Span>> {
        let draw = (
            any::<Index>(),
            0.0..=1.0_f64,
            0.0..=1.0_f64,
            any::<Index>(),
            0..100_u8,
        );
        let draw = draw.prop_map(|(parent, before, takes, name, percent)| Draw {
            parent,
            before,
            takes,
            name,
            percent,
        });
        let most = (*self.spans.end()).max(least);
        let spans = vec(draw, (*self.spans.start()).max(least)..=most);
        let ids = (1..=u128::MAX, 0..u64::MAX / 2);
        let traces = self.clone();
        (ids, spans)
            .prop_map(move |((trace_id, first), draws)| {
                let mut spans: Vec<Span> = Vec::with_capacity(draws.len());
                for (id, draw) in (first + 1..).zip(&draws) {
                    let parent = match spans.is_empty() {
                        true => None,
                        false => spans.get(draw.parent.index(spans.len())),
                    };
                    spans.push(traces.span(trace_id, id, draw, parent));
                }
                spans
            })
            .boxed()
    }

    fn span(&self, trace_id: u128, span_id: u64, draw: &Draw, parent: Option<&Span>) -> Span {
        let (from, room) = match parent {
            Some(parent) => (parent.start, parent.end.since(parent.start)),
            None => (self.start, self.duration_max),
        };
        // A root starts when it is told to.
        let before = if parent.is_some() { draw.before } else { 0.0 };
        let share = |time: Duration, share: f64| time.mul_f64(share).min(time);
        let start = from.saturating_add(share(room, before));
        let rest = room.saturating_sub(start.since(from));
        Span {
            trace_id,
            span_id,
            parent: parent.map(|parent| parent.span_id),
            name: self
                .names
                .get(draw.name.index(self.names.len()))
                .cloned()
                .unwrap_or_default(),
            start,
            end: start.saturating_add(share(rest, draw.takes)),
            status: match draw.percent {
                percent if percent >= 100_u8.saturating_sub(self.failures_percent) => {
                    SpanStatus::Error
                }
                percent if percent % 2 == 1 => SpanStatus::Ok,
                _ => SpanStatus::Unset,
            },
            attributes: Attributes::new(),
        }
    }

    /// Whole traces, in the order in which exporters send them: by their ends. Shrinks towards a root alone.
    ///
    /// # Errors
    /// [`Error::StrategyParameter`] for a parameter out of range.
    pub fn strategy(&self) -> Result<BoxedStrategy<Vec<Span>>, Error> {
        self.check()?;
        Ok(self.drawn(1).prop_map(by_end).boxed())
    }

    /// Traces of at least two spans with one fault, the one that [`trace_fault`] finds.
    ///
    /// # Errors
    /// [`Error::StrategyParameter`] for a parameter out of range.
    pub fn broken(&self) -> Result<BoxedStrategy<(Vec<Span>, TraceFault)>, Error> {
        self.check()?;
        let duration_max = self.duration_max;
        let broken = (self.drawn(2), any::<Index>(), select(FAULTS.to_vec()));
        let broken = broken.prop_map(move |(mut spans, at, fault)| {
            spoil(&mut spans, at, fault, duration_max);
            (by_end(spans), fault)
        });
        Ok(broken.boxed())
    }
}

fn by_end(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| (span.end, span.span_id));
    spans
}

/// Puts a fault into a whole trace of at least two spans, the root first.
fn spoil(spans: &mut [Span], at: Index, fault: TraceFault, duration_max: Duration) {
    let Some((root, others)) = spans.split_first_mut() else {
        return;
    };
    if others.is_empty() {
        return;
    }
    let at = at.index(others.len());
    let parent_start = {
        let parent = others.get(at).and_then(|span| span.parent);
        let found = others.iter().find(|span| Some(span.span_id) == parent);
        found.map_or(root.start, |parent| parent.start)
    };
    let Some(span) = others.get_mut(at) else {
        return;
    };
    match fault {
        TraceFault::SameId => span.span_id = root.span_id,
        TraceFault::Strangers => span.trace_id = root.trace_id ^ 1,
        TraceFault::EndsBeforeStart => {
            span.end = span.start.saturating_sub(Duration::from_nanos(1));
        }
        // Ids are below half of the range.
        TraceFault::Orphan => span.parent = Some(u64::MAX),
        TraceFault::Circle => root.parent = Some(span.span_id),
        TraceFault::Roots => span.parent = None,
        TraceFault::Skew => {
            let early = span
                .start
                .since(parent_start)
                .saturating_add(Duration::from_nanos(1));
            let by = early.max(duration_max.min(Duration::from_millis(1)));
            span.start = span.start.saturating_sub(by);
            span.end = span.end.saturating_sub(by);
        }
    }
}
