//! Ordinary signals: a calm system, in which now and then something steps.

use std::collections::BTreeMap;

use voidstate_core::{
    AttributeValue, Attributes, Event, HookName, MetricName, Sample, SeriesInfo, SeriesKey, Signal,
    Span, SpanStatus, State, Timestamp, Unit,
    wellknown::{self, process},
};

use super::Step;
use super::random::Random;

/// Second at which ordinary streams begin.
const START_SECS: i64 = 1_700_000_000;
/// Hooks that carry samples in one stream, at most.
const SAMPLED_MAX: usize = 6;

/// What an ordinary stream is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// How long it is.
    pub(crate) seconds: i64,
    /// Seconds after the usual beginning at which it starts.
    pub(crate) delay: i64,
    /// Stands in the names of the series, so that two streams share none.
    pub(crate) name: &'static str,
    /// Series per hook.
    pub(crate) series: usize,
}

impl Plan {
    pub(crate) const fn of(seconds: i64) -> Self {
        Self {
            seconds,
            delay: 0,
            name: "",
            series: 2,
        }
    }
}

/// A series and how its numbers go.
struct Shape {
    info: SeriesInfo,
    level: f64,
    noise: f64,
    step: f64,
    /// Seconds from the first to the last of a step that passes.
    passes: (i64, i64),
    /// Second from which it stays at another level.
    stays: i64,
}

/// An ordinary stream over `hooks`.
pub(crate) fn stream(hooks: &[HookName], plan: Plan, random: &mut Random) -> Vec<Step> {
    let is = |name: &str| hooks.iter().find(|hook| hook.as_str() == name);
    let (processes, ticks) = (is(wellknown::HOST_PROCESS), is(wellknown::HOST_TICK));
    let mut sampled: Vec<&HookName> = hooks
        .iter()
        .filter(|hook| Some(*hook) != processes && Some(*hook) != ticks)
        .collect();
    while sampled.len() > SAMPLED_MAX {
        sampled.remove(random.below(sampled.len()));
    }
    let mut shapes = Vec::new();
    for (number, hook) in sampled.iter().enumerate() {
        for series in 0..plan.series.max(1) {
            shapes.extend(shape(hook, plan, number, series, random));
        }
    }
    let mut steps: Vec<Step> = shapes
        .iter()
        .map(|s| Step::Series(s.info.clone()))
        .collect();
    for second in 0..plan.seconds {
        let time = Timestamp::from_secs(START_SECS + plan.delay + second);
        for shape in &shapes {
            steps.push(sample(shape, second, time, random));
        }
        if second % 5 == 0 {
            let others = sampled
                .iter()
                .filter(|hook| !hook.as_str().starts_with("host."));
            others.for_each(|hook| steps.extend(happenings(hook, time, second, random)));
        }
        if let Some(hook) = processes {
            let busy = shapes.iter().any(|shape| shape.is_away(second));
            steps.extend(states(hook, time, busy, random));
        }
        if let Some(hook) = ticks {
            let event = Event {
                name: wellknown::HOST_TICK.to_owned(),
                time,
                attributes: Attributes::new(),
            };
            steps.push(Step::fire(hook.clone(), Signal::Event(event)));
        }
        steps.push(Step::Tick(time));
    }
    steps
}

impl Shape {
    fn is_away(&self, second: i64) -> bool {
        (self.passes.0..self.passes.1).contains(&second) || second >= self.stays
    }
}

fn shape(
    hook: &HookName,
    plan: Plan,
    number: usize,
    series: usize,
    random: &mut Random,
) -> Option<Shape> {
    let (metric, unit, level, noise, step, label) = match hook.as_str() {
        wellknown::HOST_CPU => (
            "host.cpu.busy_percent",
            Unit::Percent,
            8.0,
            1.0,
            70.0,
            "core",
        ),
        wellknown::HOST_MEMORY => ("host.memory.used_bytes", Unit::Bytes, 2e9, 2e5, 9e8, "node"),
        wellknown::HOST_DISK => {
            let metric = "host.disk.written_bytes_per_second";
            (metric, Unit::BytesPerSecond, 4e4, 2e3, 3e8, "device")
        }
        wellknown::HOST_NETWORK => {
            let metric = "host.network.received_bytes_per_second";
            (metric, Unit::BytesPerSecond, 1e5, 5e3, 9e7, "device")
        }
        wellknown::HOST_FILESYSTEM => (
            "host.filesystem.used_percent",
            Unit::Percent,
            40.0,
            0.1,
            50.0,
            "device",
        ),
        _ => ("", Unit::None, 100.0, 1.0, 80.0, "part"),
    };
    let metric = if metric.is_empty() {
        format!("{hook}.value")
    } else {
        metric.to_owned()
    };
    let label_value = format!("{}{series}", plan.name);
    let labels = (series > 0 || !plan.name.is_empty()).then_some((label, label_value));
    let metric = MetricName::sanitised(&metric);
    // The first series always shows both kinds of step; of the others some stay calm.
    let moves = (number == 0 && series == 0) || !random.once_in(3);
    let middle = plan.seconds * 2 / 5 + i64::try_from(random.below(8)).unwrap_or(0);
    let lasts = 8 + i64::try_from(random.below(12)).unwrap_or(0);
    Some(Shape {
        info: SeriesInfo {
            key: SeriesKey::new(metric, labels).ok()?,
            hook: hook.clone(),
            unit,
            limit: (unit == Unit::Bytes).then_some(8e9),
        },
        level: level * (1.0 + 0.2 * random.unit()),
        noise,
        step: if series.is_multiple_of(2) {
            step
        } else {
            step * 0.8
        },
        passes: if moves {
            (middle, middle + lasts)
        } else {
            (0, 0)
        },
        stays: if moves && random.once_in(2) {
            plan.seconds * 4 / 5
        } else {
            i64::MAX
        },
    })
}

fn sample(shape: &Shape, second: i64, time: Timestamp, random: &mut Random) -> Step {
    let away = if shape.is_away(second) {
        shape.step
    } else {
        0.0
    };
    let value = shape.level + away + shape.noise * random.noise();
    let value = if shape.info.unit == Unit::Percent {
        value.clamp(0.0, 100.0)
    } else {
        value
    };
    let signal = Signal::Sample(Sample {
        series: shape.info.key.clone(),
        time,
        value,
    });
    Step::fire(shape.info.hook.clone(), signal)
}

fn attributes<const N: usize>(pairs: [(&str, AttributeValue); N]) -> Attributes {
    let named = pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    named.collect()
}

/// Two processes, of which one uses much while something is away from its level.
fn states(hook: &HookName, time: Timestamp, busy: bool, random: &mut Random) -> [Step; 2] {
    let state = |pid: i64, comm: &str, cpu: f64, rss: i64, written: f64| {
        let variables = attributes([
            (process::PID, pid.into()),
            (process::COMM, comm.into()),
            (process::CPU_PERCENT, cpu.into()),
            (process::RSS_BYTES, rss.into()),
            (process::RSS_CHANGE, 0.0.into()),
            (process::WRITE_RATE, written.into()),
            (
                process::STARTED,
                AttributeValue::Int(1_600_000_000_000_000_000),
            ),
        ]);
        let name = wellknown::HOST_PROCESS.to_owned();
        let signal = Signal::State(State {
            name,
            time,
            variables,
        });
        Step::fire(hook.clone(), signal)
    };
    let (cpu, rss, written) = if busy {
        (95.0, 900 << 20, 3e8)
    } else {
        (1.0, 10 << 20, 0.0)
    };
    [
        state(4242, "worker", cpu + random.unit(), rss, written),
        state(17, "idle", 0.1, 1 << 20, 0.0),
    ]
}

/// What may happen at a hook that carries more than samples: an event, a span, a state.
fn happenings(hook: &HookName, time: Timestamp, second: i64, random: &mut Random) -> [Step; 3] {
    let amount = AttributeValue::Real(10.0 + random.noise());
    let event = Event {
        name: hook.to_string(),
        time,
        attributes: attributes([("amount", amount.clone()), ("ok", true.into())]),
    };
    let span = Span {
        trace_id: u128::from(random.bits()),
        span_id: random.bits() | 1,
        parent: None,
        name: "work".to_owned(),
        start: time,
        end: Timestamp::from_nanos(time.as_nanos().saturating_add(1_000_000)),
        status: if random.once_in(50) {
            SpanStatus::Error
        } else {
            SpanStatus::Ok
        },
        attributes: attributes([("amount", amount.clone())]),
    };
    let variables = BTreeMap::from([
        ("amount".to_owned(), amount),
        ("count".to_owned(), AttributeValue::Int(second)),
    ]);
    let state = State {
        name: hook.to_string(),
        time,
        variables,
    };
    [
        Signal::Event(event),
        Signal::Span(span),
        Signal::State(state),
    ]
    .map(|signal| Step::fire(hook.clone(), signal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_the_same_for_the_same_seed_and_steps() {
        let hooks: Vec<HookName> = ["host.cpu", "host.process", "host.tick", "vm.after_cycle"]
            .map(|name| HookName::new(name).unwrap())
            .to_vec();
        let draw = |seed| stream(&hooks, Plan::of(60), &mut Random::new(seed));
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        let values = draw(1).into_iter().filter_map(|step| match step {
            Step::Fire {
                signal: Signal::Sample(sample),
                ..
            } if sample.series.to_string() == "host.cpu.busy_percent" => Some(sample.value),
            _ => None,
        });
        let values: Vec<f64> = values.collect();
        assert_eq!(values.len(), 60);
        assert!(values.iter().any(|v| *v > 60.0) && values.iter().any(|v| *v < 20.0));
    }
}
