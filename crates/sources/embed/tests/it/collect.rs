//! An emitter that keeps everything.

use voidstate_core::{Emitter, Event, HookName, SeriesId, SeriesInfo, Signal, Span, Timestamp};

/// What a source brought.
#[derive(Debug, Default)]
pub(crate) struct Collect {
    pub(crate) series: Vec<SeriesInfo>,
    pub(crate) samples: Vec<(SeriesId, Timestamp, f64)>,
    pub(crate) signals: Vec<(HookName, Signal)>,
    pub(crate) rejected: Vec<(u64, String)>,
    pub(crate) degraded: Vec<(String, String)>,
}

#[allow(dead_code, reason = "each of its two homes uses its own part")]
impl Collect {
    pub(crate) fn events(&self, hook: &str) -> Vec<&Event> {
        let of = |(at, signal): &'_ (HookName, Signal)| {
            at.as_str() == hook && matches!(signal, Signal::Event(_))
        };
        let events = self.signals.iter().filter(|pair| of(pair));
        events
            .filter_map(|(_, signal)| {
                if let Signal::Event(event) = signal {
                    Some(event)
                } else {
                    None
                }
            })
            .collect()
    }

    pub(crate) fn spans(&self, name: &str) -> Vec<&Span> {
        let spans = self.signals.iter().filter_map(|(_, s)| {
            if let Signal::Span(span) = s {
                Some(span)
            } else {
                None
            }
        });
        spans.filter(|span| span.name.ends_with(name)).collect()
    }

    /// Values of the series whose text starts so.
    pub(crate) fn values(&self, series: &str) -> Vec<f64> {
        let is = |id: SeriesId| {
            self.series
                .get(id.0 as usize)
                .is_some_and(|i| i.key.to_string().starts_with(series))
        };
        self.samples
            .iter()
            .filter(|(id, ..)| is(*id))
            .map(|(_, _, value)| *value)
            .collect()
    }

    pub(crate) fn rejections(&self, part: &str) -> u64 {
        self.rejected
            .iter()
            .filter(|(_, reason)| reason.contains(part))
            .map(|(count, _)| count)
            .sum()
    }
}

impl Emitter for Collect {
    fn series(&mut self, info: &SeriesInfo) -> SeriesId {
        let at = self
            .series
            .iter()
            .position(|known| known.key == info.key)
            .unwrap_or_else(|| {
                self.series.push(info.clone());
                self.series.len() - 1
            });
        SeriesId(u32::try_from(at).unwrap())
    }

    fn sample(&mut self, series: SeriesId, time: Timestamp, value: f64) {
        self.samples.push((series, time, value));
    }

    fn signal(&mut self, hook: &HookName, signal: Signal) {
        self.signals.push((hook.clone(), signal));
    }

    fn rejected(&mut self, count: u64, reason: &str) {
        self.rejected.push((count, reason.to_owned()));
    }

    fn degraded(&mut self, part: &str, reason: &str) {
        self.degraded.push((part.to_owned(), reason.to_owned()));
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}
