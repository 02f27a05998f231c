//! Hostile signals: ordinary ones, damaged in every way that the types allow.

use std::collections::BTreeMap;

use voidstate_core::{
    AttributeValue, Attributes, Event, HookName, MetricName, Sample, SeriesKey, Signal, Span,
    SpanStatus, State, Timestamp, wellknown::process,
};

use super::Step;
use super::random::Random;

const NUMBERS: [f64; 13] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.0,
    -0.0,
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    5e-324,
    1e308,
    -1e300,
    9_007_199_254_740_993.0,
    -1.0,
];

const TEXTS: [&str; 7] = [
    "",
    "\0",
    "\u{1b}[2J\u{1b}[31m",
    "\u{202e}txet",
    "\n\r\t",
    "e\u{301}\u{301}\u{301}",
    "{\"a\":[}`$(:)`",
];

/// A number that nobody expects.
pub(crate) fn number(random: &mut Random) -> f64 {
    match random.pick(&NUMBERS) {
        Some(number) if !random.once_in(4) => *number,
        _ => f64::from_bits(random.bits()),
    }
}

fn text(random: &mut Random) -> String {
    match random.below(100) {
        0 => "x".repeat(1 << 16),
        1..10 => "\u{e4}".repeat(64),
        _ => random.pick(&TEXTS).copied().unwrap_or_default().to_owned(),
    }
}

fn value(random: &mut Random, depth: usize) -> AttributeValue {
    let kinds = if depth == 0 { 5 } else { 7 };
    match random.below(kinds) {
        0 => random.once_in(2).into(),
        1 => AttributeValue::Int(random.whole()),
        2 => AttributeValue::Real(number(random)),
        3 => text(random).into(),
        4 => AttributeValue::Bytes(vec![0xff; random.below(64)]),
        5 => AttributeValue::List(
            (0..random.below(4))
                .map(|_| value(random, depth - 1))
                .collect(),
        ),
        _ => AttributeValue::Map(attributes(random, depth - 1)),
    }
}

fn attributes(random: &mut Random, depth: usize) -> Attributes {
    if random.once_in(40) {
        return (0..1000).map(|n| (format!("a{n}"), n.into())).collect();
    }
    (0..random.below(5))
        .map(|n| {
            let name = if random.once_in(3) {
                text(random)
            } else {
                format!("a{n}")
            };
            (name, value(random, depth))
        })
        .collect()
}

fn time(near: Timestamp, random: &mut Random) -> Timestamp {
    let nanos = near.as_nanos();
    Timestamp::from_nanos(match random.below(6) {
        0 => random.whole(),
        1 => nanos.saturating_sub(3_600_000_000_000),
        2 => nanos.saturating_add(86_400_000_000_000),
        3 => nanos.saturating_add(1),
        4 => nanos.saturating_sub(1),
        _ => nanos,
    })
}

/// Damages about one step in `once_in` of an ordinary stream; the rest stays as it was.
pub(crate) fn damage(
    steps: Vec<Step>,
    foreign: &[HookName],
    once_in: usize,
    random: &mut Random,
) -> Vec<Step> {
    let mut out = Vec::with_capacity(steps.len() + steps.len() / 4);
    for step in steps {
        if !random.once_in(once_in.max(1)) {
            out.push(step);
            continue;
        }
        match step {
            Step::Series(info) => {
                if !random.once_in(2) {
                    let limit = Some(number(random));
                    out.push(Step::Series(voidstate_core::SeriesInfo { limit, ..info }));
                }
            }
            Step::Tick(at) => out.push(Step::Tick(time(at, random))),
            Step::Fire { hook, signal, .. } => fire(hook, signal, foreign, &mut out, random),
        }
    }
    out
}

fn fire(
    hook: HookName,
    mut signal: Signal,
    foreign: &[HookName],
    out: &mut Vec<Step>,
    random: &mut Random,
) {
    let unnumbered = random.once_in(10);
    match random.below(8) {
        // The same twice.
        0 => out.push(Step::fire(hook.clone(), signal.clone())),
        // Another kind than the hook carries.
        1 => signal = other(signal.time(), random),
        // A hook that it did not ask for.
        2 => {
            let hook = random.pick(foreign).unwrap_or(&hook).clone();
            out.push(Step::fire(hook, signal));
            return;
        }
        // Nothing comes at all.
        3 => return,
        4 => set_time(&mut signal, random),
        _ => contents(&mut signal, random),
    }
    out.push(Step::Fire {
        hook,
        signal,
        unnumbered,
    });
}

fn set_time(signal: &mut Signal, random: &mut Random) {
    match signal {
        Signal::Sample(sample) => sample.time = time(sample.time, random),
        Signal::Event(event) => event.time = time(event.time, random),
        Signal::State(state) => state.time = time(state.time, random),
        Signal::Span(span) => {
            span.start = time(span.start, random);
            span.end = time(span.start, random);
        }
        _ => {}
    }
}

fn contents(signal: &mut Signal, random: &mut Random) {
    match signal {
        Signal::Sample(sample) => {
            sample.value = number(random);
            if random.once_in(8) {
                let labels = [("device", text(random)), ("file", text(random))];
                // Texts that are too long for a label leave the series as it was.
                if let Ok(key) = SeriesKey::new(sample.series.metric().clone(), labels) {
                    sample.series = key;
                }
            }
        }
        Signal::Event(event) => {
            event.name = text(random);
            event.attributes = attributes(random, 3);
        }
        Signal::Span(span) => {
            span.parent = Some(span.span_id);
            span.name = text(random);
            span.end = Timestamp::from_nanos(random.whole());
            span.attributes = attributes(random, 3);
        }
        Signal::State(state) => variables(state, random),
        _ => {}
    }
}

/// Keeps the names that a tool looks for, with values that it does not expect.
fn variables(state: &mut State, random: &mut Random) {
    if random.once_in(6) {
        state.variables = attributes(random, 3);
        return;
    }
    for (name, old) in &mut state.variables {
        if random.once_in(3) {
            let keeps_kind = name == process::COMM || random.once_in(2);
            *old = match old {
                AttributeValue::Text(_) if keeps_kind => text(random).into(),
                AttributeValue::Int(_) if keeps_kind => AttributeValue::Int(random.whole()),
                AttributeValue::Real(_) if keeps_kind => AttributeValue::Real(number(random)),
                _ => value(random, 2),
            };
        }
    }
}

/// Any signal of any kind.
fn other(near: Timestamp, random: &mut Random) -> Signal {
    let time = time(near, random);
    match random.below(4) {
        0 => Signal::Sample(Sample {
            series: SeriesKey::plain(MetricName::sanitised(&text(random))),
            time,
            value: number(random),
        }),
        1 => Signal::Event(Event {
            name: text(random),
            time,
            attributes: attributes(random, 2),
        }),
        2 => Signal::Span(Span {
            trace_id: 0,
            span_id: 0,
            parent: Some(0),
            name: text(random),
            start: time,
            end: Timestamp::from_nanos(random.whole()),
            status: SpanStatus::Unset,
            attributes: attributes(random, 2),
        }),
        _ => Signal::State(State {
            name: text(random),
            time,
            variables: attributes(random, 2),
        }),
    }
}

/// The same stream from a system that gives its devices and files names that nobody expects.
pub(crate) fn renamed(steps: Vec<Step>, random: &mut Random) -> Vec<Step> {
    let mut names: BTreeMap<SeriesKey, SeriesKey> = BTreeMap::new();
    let mut rename = |key: &mut SeriesKey| {
        let other = names.entry(key.clone()).or_insert_with(|| {
            let labels = [
                ("device", text(random)),
                ("core", text(random)),
                ("column", text(random)),
            ];
            SeriesKey::new(key.metric().clone(), labels).unwrap_or_else(|_| key.clone())
        });
        *key = other.clone();
    };
    let rename = |mut step: Step| {
        match &mut step {
            Step::Series(info) => rename(&mut info.key),
            Step::Fire {
                signal: Signal::Sample(sample),
                ..
            } => rename(&mut sample.series),
            Step::Fire { .. } | Step::Tick(_) => {}
        }
        step
    };
    steps.into_iter().map(rename).collect()
}

/// Very many series, each with two samples.
pub(crate) fn crowd(hook: &HookName, series: usize) -> Vec<Step> {
    let metric = MetricName::sanitised(&format!("{hook}.crowd"));
    let keys: Vec<SeriesKey> = (0..series)
        .filter_map(|n| SeriesKey::new(metric.clone(), [("n", n.to_string())]).ok())
        .collect();
    let mut steps = Vec::with_capacity(series * 2 + 2);
    for second in 0..2 {
        let time = Timestamp::from_secs(1_700_000_000 + second);
        for (value, key) in keys.iter().enumerate() {
            let sample = Sample {
                series: key.clone(),
                time,
                value: value as f64,
            };
            steps.push(Step::fire(hook.clone(), Signal::Sample(sample)));
        }
        steps.push(Step::Tick(time));
    }
    steps
}
