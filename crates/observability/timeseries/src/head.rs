//! The points of one generation that are not in a segment yet, in memory; the write-ahead log holds the same.

use std::borrow::Cow;

use voidstate_core::{Point, TimeRange};

use crate::transaction::Acknowledged;

/// Points of one series in the order in which they came.
#[derive(Debug, Default)]
struct Series {
    times: Vec<i64>,
    values: Vec<f64>,
    /// A stamp came that is not later than the one before.
    unordered: bool,
}

/// Points of all series of one generation.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) generation: u64,
    series: Vec<Series>,
    points: u64,
    active: u64,
}

/// Points of one series in strict order of time.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub(crate) times: Cow<'a, [i64]>,
    pub(crate) values: Cow<'a, [f64]>,
}

impl Head {
    pub(crate) const fn new(generation: u64) -> Self {
        Self {
            generation,
            series: Vec::new(),
            points: 0,
            active: 0,
        }
    }

    pub(crate) const fn points(&self) -> u64 {
        self.points
    }

    /// How many series have a point.
    pub(crate) const fn active(&self) -> u64 {
        self.active
    }

    /// Adds a point that the log holds; its series number is one that the catalogue knows, which bounds the table.
    pub(crate) fn push(&mut self, _: Acknowledged, point: Point) {
        let at = point.series.0 as usize;
        if at >= self.series.len() {
            self.series.resize_with(at + 1, Series::default);
        }
        if let Some(series) = self.series.get_mut(at) {
            let time = point.time.as_nanos();
            match series.times.last() {
                None => self.active += 1,
                Some(last) => series.unordered |= *last >= time,
            }
            series.times.push(time);
            series.values.push(crate::wal::plain(point.value));
            self.points += 1;
        }
    }

    /// Numbers of the series that have a point.
    pub(crate) fn ids(&self) -> impl Iterator<Item = u32> {
        (0..)
            .zip(&self.series)
            .filter(|(_, series)| !series.times.is_empty())
            .map(|(id, _)| id)
    }

    /// Points of one series in strict order of time; of equal stamps the last that came.
    pub(crate) fn run(&self, id: u32) -> Run<'_> {
        let Some(series) = self.series.get(id as usize) else {
            return Run::empty();
        };
        if series.unordered {
            let mut points: Vec<(i64, f64)> = series
                .times
                .iter()
                .copied()
                .zip(series.values.iter().copied())
                .collect();
            sort_last_wins(&mut points);
            let (times, values): (Vec<_>, Vec<_>) = points.into_iter().unzip();
            return Run {
                times: times.into(),
                values: values.into(),
            };
        }
        Run {
            times: Cow::Borrowed(&series.times),
            values: Cow::Borrowed(&series.values),
        }
    }
}

impl Run<'_> {
    const fn empty() -> Self {
        Self {
            times: Cow::Borrowed(&[]),
            values: Cow::Borrowed(&[]),
        }
    }

    /// The part that lies in `range`, detached.
    pub(crate) fn within(&self, range: TimeRange) -> Option<Run<'static>> {
        let from = self
            .times
            .partition_point(|t| *t < range.start().as_nanos());
        let to = self.times.partition_point(|t| *t < range.end().as_nanos());
        let times = self.times.get(from..to).filter(|t| !t.is_empty())?;
        let values = self.values.get(from..to)?;
        Some(Run {
            times: Cow::Owned(times.to_vec()),
            values: Cow::Owned(values.to_vec()),
        })
    }
}

/// Sorts by time and keeps, of equal stamps, the last in the present order.
pub(crate) fn sort_last_wins(points: &mut Vec<(i64, f64)>) {
    points.sort_by_key(|(time, _)| *time);
    // `dedup_by` hands (later, earlier) and removes the later: move its value down first.
    points.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            earlier.1 = later.1;
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use voidstate_core::{SeriesId, Timestamp};

    #[test]
    fn the_last_of_equal_stamps_is_seen() {
        let mut head = Head::new(1);
        for (time, value) in [(5, 1.0), (3, 2.0), (5, 3.0), (4, 4.0), (3, 5.0)] {
            head.push(
                Acknowledged::on_disk(),
                Point {
                    series: SeriesId(2),
                    time: Timestamp::from_nanos(time),
                    value,
                },
            );
        }
        let run = head.run(2);
        assert_eq!(&*run.times, [3, 4, 5]);
        assert_eq!(&*run.values, [5.0, 4.0, 3.0]);
        assert_eq!(head.ids().collect::<Vec<_>>(), [2]);
        assert_eq!((head.points(), head.active()), (5, 1));
        assert!(head.run(9).times.is_empty());
    }
}
