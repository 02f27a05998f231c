//! A store in memory that holds what was fired so far, for tools that read one.

use std::collections::BTreeMap;
use std::time::Duration;

use voidstate_core::{
    Error, Finding, Result, Selector, SeriesInfo, SeriesKey, Stamped, StoreReader, StoreStatus,
    TimeRange, Timestamp, Window,
};

/// Samples by series and time; of several at one time the last one counts.
#[derive(Debug, Default)]
pub(crate) struct MemoryStore {
    series: BTreeMap<SeriesKey, (SeriesInfo, BTreeMap<Timestamp, f64>)>,
    findings: BTreeMap<u64, Finding>,
}

impl MemoryStore {
    pub(crate) fn sample(&mut self, info: &SeriesInfo, time: Timestamp, value: f64) {
        let fresh = || (info.clone(), BTreeMap::new());
        let entry = self.series.entry(info.key.clone()).or_insert_with(fresh);
        entry.1.insert(time, value);
    }

    pub(crate) fn finding(&mut self, finding: &Finding) {
        self.findings.insert(finding.episode, finding.clone());
    }

    /// The samples of each window that holds any, by its start.
    fn split(
        &self,
        series: &SeriesKey,
        range: TimeRange,
        window: Duration,
    ) -> Result<BTreeMap<i64, Vec<f64>>> {
        let nanos = i64::try_from(window.as_nanos()).unwrap_or(i64::MAX);
        if nanos == 0 {
            return Err(Error::Domain {
                what: "window",
                value: 0.0,
                domain: "more than 0 s",
            });
        }
        let mut windows: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
        for sample in self.range(series, range)? {
            let at = sample.time.as_nanos();
            let start = at.saturating_sub(at.rem_euclid(nanos));
            windows.entry(start).or_default().push(sample.value);
        }
        Ok(windows)
    }
}

impl StoreReader for MemoryStore {
    fn list(&self, selector: &Selector) -> Result<Vec<SeriesInfo>> {
        let selected = self.series.values().map(|(info, _)| info);
        Ok(selected
            .filter(|info| selector.matches(&info.key))
            .cloned()
            .collect())
    }

    fn range(&self, series: &SeriesKey, range: TimeRange) -> Result<Vec<Stamped>> {
        let Some((_, samples)) = self.series.get(series) else {
            return Ok(Vec::new());
        };
        Ok(samples
            .range(range.start()..range.end())
            .map(|(&time, &value)| Stamped { time, value })
            .collect())
    }

    fn windows(
        &self,
        series: &SeriesKey,
        range: TimeRange,
        window: Duration,
    ) -> Result<Vec<Window>> {
        let windows = self.split(series, range, window)?;
        Ok(windows
            .into_iter()
            .map(|(start, values)| summary(start, &values))
            .collect())
    }

    fn quantiles(
        &self,
        series: &SeriesKey,
        range: TimeRange,
        window: Duration,
        q: &[f64],
    ) -> Result<Vec<(Timestamp, Vec<f64>)>> {
        if let Some(&bad) = q.iter().find(|q| !(0.0..=1.0).contains(*q)) {
            return Err(Error::Domain {
                what: "quantile",
                value: bad,
                domain: "[0, 1]",
            });
        }
        let windows = self.split(series, range, window)?;
        Ok(windows
            .into_iter()
            .filter_map(|(start, mut values)| {
                values.retain(|v| !v.is_nan());
                values.sort_by(f64::total_cmp);
                let at = q
                    .iter()
                    .map(|q| quantile(&values, *q))
                    .collect::<Option<_>>()?;
                Some((Timestamp::from_nanos(start), at))
            })
            .collect())
    }

    fn findings(&self, range: TimeRange) -> Result<Vec<Finding>> {
        let overlaps = |finding: &&Finding| {
            finding.start < range.end() && finding.end.is_none_or(|end| end >= range.start())
        };
        let mut found: Vec<Finding> = self.findings.values().filter(overlaps).cloned().collect();
        found.sort_by_key(|finding| finding.start);
        Ok(found)
    }

    fn status(&self) -> StoreStatus {
        let samples: usize = self.series.values().map(|(_, samples)| samples.len()).sum();
        StoreStatus {
            place: "memory".to_owned(),
            series: self.series.len() as u64,
            samples: samples as u64,
            bytes: samples as u64 * 16,
            notes: Vec::new(),
        }
    }
}

fn summary(start: i64, values: &[f64]) -> Window {
    let numbers = || values.iter().copied().filter(|v| !v.is_nan());
    let count = numbers().count() as u64;
    Window {
        start: Timestamp::from_nanos(start),
        count,
        nans: values.len() as u64 - count,
        min: numbers().fold(f64::NAN, f64::min),
        max: numbers().fold(f64::NAN, f64::max),
        sum: numbers().sum(),
    }
}

/// Linear interpolation between order statistics; `None` without a value.
fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let at = q * (sorted.len().checked_sub(1)?) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the length"
    )]
    let below = at.floor() as usize;
    let low = *sorted.get(below)?;
    let high = *sorted.get(below + 1).unwrap_or(&low);
    Some(low + (high - low) * (at - below as f64))
}

#[cfg(test)]
mod tests {
    use voidstate_core::{HookName, MetricName, Unit};

    use super::*;

    #[test]
    fn windows_and_quantiles_are_those_of_the_samples() {
        let info = SeriesInfo {
            key: SeriesKey::plain(MetricName::new("a").unwrap()),
            hook: HookName::new("host.a").unwrap(),
            unit: Unit::None,
            limit: None,
        };
        let mut store = MemoryStore::default();
        for (second, value) in [(0, 1.0), (1, f64::NAN), (2, 3.0), (10, 7.0)] {
            store.sample(&info, Timestamp::from_secs(second), value);
        }
        let window = Duration::from_secs(10);
        let windows = store.windows(&info.key, TimeRange::ALL, window).unwrap();
        assert_eq!((windows[0].count, windows[0].nans), (2, 1));
        assert!((windows[0].mean() - 2.0).abs() < 1e-12 && windows[1].max >= 7.0);
        let half = store
            .quantiles(&info.key, TimeRange::ALL, window, &[0.5])
            .unwrap();
        assert!((half[0].1[0] - 2.0).abs() < 1e-12);
        let all = Selector::all().unwrap();
        assert_eq!(store.list(&all).unwrap().first(), Some(&info));
        assert!(
            store
                .windows(&info.key, TimeRange::ALL, Duration::ZERO)
                .is_err()
        );
        assert!(
            store
                .quantiles(&info.key, TimeRange::ALL, window, &[2.0])
                .is_err()
        );
        assert_eq!(store.status().samples, 4);
    }
}
