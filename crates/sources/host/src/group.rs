//! Gauges and counters of one device, as series.

use voidstate_core::{HookName, MetricName, SeriesId, SeriesInfo, SeriesKey, Unit};

use crate::tick::{Moment, Tick};

/// Rates above this are not of this world (a petabyte per second); the counter jumped.
pub(crate) const RATE_MAX: f64 = 1e15;

/// How a number becomes a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// As it is.
    Gauge,
    /// Increase per second of a counter; a decrease is a reset.
    Rate,
    /// Increase per second of a counter of 32 bits; a decrease of more than half its range is a wrap.
    Rate32,
}

/// One metric of a group.
#[derive(Debug)]
pub(crate) struct Metric {
    pub(crate) name: &'static str,
    pub(crate) unit: Unit,
    pub(crate) kind: Kind,
    /// The number, or its rate, is multiplied by this.
    pub(crate) scale: f64,
}

impl Metric {
    pub(crate) const fn new(name: &'static str, unit: Unit, kind: Kind, scale: f64) -> Self {
        Self {
            name,
            unit,
            kind,
            scale,
        }
    }

    pub(crate) const fn gauge(name: &'static str, unit: Unit) -> Self {
        Self::new(name, unit, Kind::Gauge, 1.0)
    }

    pub(crate) const fn rate(name: &'static str) -> Self {
        Self::new(name, Unit::PerSecond, Kind::Rate, 1.0)
    }
}

/// What was read for one metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Reading {
    /// Nothing.
    Missing,
    /// A number as it is.
    Gauge(f64),
    /// A counter.
    Counter(u64),
}

impl From<Option<u64>> for Reading {
    fn from(counter: Option<u64>) -> Self {
        counter.map_or(Self::Missing, Self::Counter)
    }
}

/// A number of this crate's series: registered at its first sample.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Slot {
    id: Option<SeriesId>,
    limit: Option<f64>,
    refused: bool,
}

/// Labels of a group.
pub(crate) type Labels = Vec<(&'static str, String)>;

impl Slot {
    /// Sets the value that the series cannot pass; a new one is told with the next sample.
    pub(crate) fn limit(&mut self, limit: Option<f64>) {
        if self.limit.map(f64::to_bits) != limit.map(f64::to_bits) {
            self.limit = limit;
            self.id = None;
        }
    }

    /// Gives out a sample.
    pub(crate) fn sample(
        &mut self,
        tick: &mut Tick<'_>,
        hook: &HookName,
        metric: &Metric,
        labels: impl FnOnce() -> Labels,
        value: f64,
    ) {
        if self.refused || !value.is_finite() {
            return;
        }
        let id = match self.id {
            Some(id) => id,
            None => {
                let key = SeriesKey::new(
                    MetricName::sanitised(metric.name),
                    labels().iter().map(|(name, value)| (*name, value.as_str())),
                );
                let key = match key {
                    Ok(key) => key,
                    Err(error) => {
                        self.refused = true;
                        tick.degraded("host", error.to_string());
                        return;
                    }
                };
                let limit = match metric.unit {
                    Unit::Percent => Some(100.0),
                    _ => self.limit,
                };
                let id = tick.out.series(&SeriesInfo {
                    key,
                    hook: hook.clone(),
                    unit: metric.unit,
                    limit,
                });
                self.id = Some(id);
                id
            }
        };
        tick.sample(id, value);
    }
}

/// The series of one device.
#[derive(Debug)]
pub(crate) struct Group {
    metrics: &'static [Metric],
    labels: Labels,
    slots: Vec<(Slot, Option<u64>)>,
    /// When the counters were read.
    read: Option<Moment>,
}

impl Group {
    pub(crate) fn new(metrics: &'static [Metric], labels: Labels) -> Self {
        Self {
            metrics,
            labels,
            slots: vec![(Slot::default(), None); metrics.len()],
            read: None,
        }
    }

    /// Sets the limit of the metric at `index`.
    pub(crate) fn limit(&mut self, index: usize, limit: Option<f64>) {
        if let Some((slot, _)) = self.slots.get_mut(index) {
            slot.limit(limit);
        }
    }

    /// Whether this tick has been given already.
    pub(crate) fn is_current(&self, tick: &Tick<'_>) -> bool {
        self.read == Some(tick.moment)
    }

    /// Takes the readings of one tick, in order of the metrics.
    ///
    /// When one counter went back, the device was reset or replaced: the others count from anew as well, even those
    /// that have passed their old value since, so no rate of this tick is given.
    pub(crate) fn update(&mut self, tick: &mut Tick<'_>, hook: &HookName, readings: &[Reading]) {
        let elapsed = self.read.and_then(|before| tick.moment.since(before));
        let mut deltas = vec![None; self.slots.len()];
        let mut reset = false;
        for (((metric, (_, previous)), reading), delta) in self
            .metrics
            .iter()
            .zip(&mut self.slots)
            .zip(readings)
            .zip(&mut deltas)
        {
            let now = match *reading {
                Reading::Counter(now) => Some(now),
                _ => None,
            };
            if let (Some(before), Some(now)) = (*previous, now) {
                match increase(metric.kind, before, now) {
                    Some(increase) => *delta = Some(increase),
                    None => reset = true,
                }
            }
            *previous = now;
        }
        self.read = Some(tick.moment);
        if reset && elapsed.is_some() {
            tick.out.rejected(1, &self.reset_reason());
        }
        for (((metric, (slot, _)), reading), delta) in self
            .metrics
            .iter()
            .zip(&mut self.slots)
            .zip(readings)
            .zip(deltas)
        {
            let value = match (*reading, delta, elapsed) {
                (Reading::Gauge(value), ..) => value * metric.scale,
                (Reading::Counter(_), Some(delta), Some(elapsed)) if !reset => {
                    delta as f64 * metric.scale / elapsed
                }
                _ => continue,
            };
            if value > RATE_MAX && metric.kind != Kind::Gauge {
                let reason = format!("{} jumped by more than 1e15 a second", metric.name);
                tick.out.rejected(1, &reason);
                continue;
            }
            let value = match metric.unit {
                // Two clocks that are read microseconds apart make 100.02 of a full 100.
                Unit::Percent => value.min(100.0),
                _ => value,
            };
            slot.sample(tick, hook, metric, || self.labels.clone(), value);
        }
    }

    fn reset_reason(&self) -> String {
        let family = self
            .metrics
            .first()
            .map_or("host", |metric| metric.name)
            .rsplit_once('.')
            .map_or("host", |(family, _)| family);
        let device: String = self
            .labels
            .iter()
            .map(|(_, value)| format!(" {value:?}"))
            .collect();
        format!("counters of {family}{device} went back; no rates for this tick")
    }
}

/// How far a counter has moved; none when it was reset.
fn increase(kind: Kind, before: u64, now: u64) -> Option<u64> {
    const RANGE: u64 = 1 << 32;
    if let Some(increase) = now.checked_sub(before) {
        return Some(increase);
    }
    let wraps = kind == Kind::Rate32 && before < RANGE && before - now > RANGE / 2;
    wraps.then(|| now + RANGE - before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_of_32_bits_wraps_and_any_other_resets() {
        assert_eq!(increase(Kind::Rate, 5, 9), Some(4));
        assert_eq!(increase(Kind::Rate, 9, 5), None);
        assert_eq!(increase(Kind::Rate, u64::MAX, 3), None);
        assert_eq!(increase(Kind::Rate32, u64::from(u32::MAX), 3), Some(4));
        assert_eq!(increase(Kind::Rate32, 1000, 3), None);
        assert_eq!(increase(Kind::Rate32, 1 << 40, 3), None);
        assert_eq!(increase(Kind::Rate, 0, u64::MAX), Some(u64::MAX));
    }
}
