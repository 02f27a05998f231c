//! Batches and times made small before they are written, and restored when they are read.

use voidstate_core::{Point, SeriesId, Timestamp};

use super::wire::{Call, Entry, Op, Packed};
use crate::engine::batch::Batch;

/// What both ends remember of one tape.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    series: i64,
    time: i64,
    now: i64,
    /// Bits of the last value by series.
    values: Vec<u64>,
}

/// Why a batch cannot be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Garbled(pub(crate) &'static str);

/// Most points that one batch may claim; more than any engine takes.
const POINTS_MAX: usize = 1 << 21;

impl Memory {
    /// Puts the bits in the place of the series' last ones, and gives those.
    fn replace(&mut self, series: u32, change: impl FnOnce(u64) -> u64) -> u64 {
        let at = series as usize;
        if self.values.len() <= at {
            self.values.resize(at + 1, 0);
        }
        let Some(place) = self.values.get_mut(at) else {
            return 0;
        };
        std::mem::replace(place, change(*place))
    }

    pub(crate) fn pack(&mut self, batch: &Batch, first: u64) -> Packed {
        let mut packed = Packed {
            first,
            source: u32::try_from(batch.source).unwrap_or(u32::MAX),
            series: Vec::new(),
            times: Vec::new(),
            values: Vec::with_capacity(batch.points.len() * 4),
            others: Vec::new(),
        };
        for point in &batch.points {
            let series = i64::from(point.series.0);
            match packed.series.last_mut() {
                Some((_, count)) if series == self.series + 1 => *count += 1,
                _ => packed.series.push((series - self.series, 1)),
            }
            self.series = series;
            let time = point.time.as_nanos();
            match packed.times.last_mut() {
                Some((_, count)) if time == self.time => *count += 1,
                _ => packed.times.push((time.wrapping_sub(self.time), 1)),
            }
            self.time = time;
            let bits = point.value.to_bits();
            let last = self.replace(point.series.0, |_| bits);
            put(&mut packed.values, (last ^ bits).swap_bytes());
        }
        packed.others = batch
            .placed_others()
            .map(|(before, hook, signal)| {
                let before = u32::try_from(before).unwrap_or(u32::MAX);
                (before, hook, signal.clone())
            })
            .collect();
        packed
    }

    /// Restores a batch; series and hooks must be below the counts.
    pub(crate) fn unpack(
        &mut self,
        packed: Packed,
        series_count: u32,
        hook_count: u32,
    ) -> Result<(u64, Batch), Garbled> {
        let mut ids = Vec::new();
        for (step, count) in packed.series {
            for nth in 0..count {
                let step = if nth == 0 { step } else { 1 };
                let next = self
                    .series
                    .checked_add(step)
                    .and_then(|s| u32::try_from(s).ok());
                let Some(next) = next.filter(|s| *s < series_count) else {
                    return Err(Garbled("a point names a series that nobody named before"));
                };
                self.series = i64::from(next);
                ids.push(SeriesId(next));
                if ids.len() > POINTS_MAX {
                    return Err(Garbled("a batch claims more points than an engine takes"));
                }
            }
        }
        let mut batch = Batch {
            source: packed.source as usize,
            ..Batch::default()
        };
        let mut times = packed.times.into_iter();
        let mut left = 0_u32;
        let mut values = packed.values.as_slice();
        for series in ids {
            while left == 0 {
                let Some((step, count)) = times.next() else {
                    return Err(Garbled("a batch has fewer times than points"));
                };
                self.time = self.time.wrapping_add(step);
                left = count;
            }
            left -= 1;
            let change =
                take(&mut values).ok_or(Garbled("a batch has fewer values than points"))?;
            let change = change.swap_bytes();
            let last = self.replace(series.0, |last| last ^ change);
            let value = f64::from_bits(last ^ change);
            batch.points.push(Point {
                series,
                time: Timestamp::from_nanos(self.time),
                value,
            });
        }
        if left > 0 || times.next().is_some() || !values.is_empty() {
            return Err(Garbled("a batch has more times or values than points"));
        }
        let mut before = 0;
        for (at, hook, signal) in packed.others {
            if at < before || at as usize > batch.points.len() || hook >= hook_count {
                return Err(Garbled("a signal of a batch has no place or no hook"));
            }
            before = at;
            batch.place_other(at as usize, hook, signal);
        }
        Ok((packed.first, batch))
    }

    /// Turns clock readings into distances from the last one.
    pub(crate) fn shrink(&mut self, entry: &mut Entry) {
        let last = &mut self.now;
        times_of(entry, |now| {
            let distance = now.wrapping_sub(*last);
            *last = *now;
            *now = distance;
        });
    }

    /// The reverse of [`shrink`](Self::shrink).
    pub(crate) fn grow(&mut self, entry: &mut Entry) {
        let last = &mut self.now;
        times_of(entry, |now| {
            *now = now.wrapping_add(*last);
            *last = *now;
        });
    }
}

fn times_of(entry: &mut Entry, mut change: impl FnMut(&mut i64)) {
    let (Entry::Call { call, .. } | Entry::Finish { call, .. }) = entry else {
        return;
    };
    let Call { ops, .. } = call;
    for op in ops {
        if let Op::Now(now) = op {
            change(now);
        }
    }
}

/// Seven bits a byte, the lowest first.
fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push((number & 0x7f) as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..70).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        let part = u64::from(first & 0x7f);
        if shift == 63 && part > 1 {
            return None;
        }
        number |= part << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use voidstate_core::{Attributes, Event, Signal};

    use super::*;

    fn event(time: i64) -> Signal {
        Signal::Event(Event {
            name: "e".to_owned(),
            time: Timestamp::from_nanos(time),
            attributes: Attributes::new(),
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_batch_reads_back_as_it_was(
            rows in prop::collection::vec(
                (0_u32..40, any::<i64>(), any::<u64>(), 0_u8..4), 0..60),
        ) {
            let (mut writer, mut reader) = (Memory::default(), Memory::default());
            for rows in rows.chunks(17) {
                let mut batch = Batch { source: 3, ..Batch::default() };
                for (series, time, bits, kind) in rows {
                    if *kind == 0 {
                        batch.push_other(series % 5, event(*time));
                    } else {
                        batch.points.push(Point {
                            series: SeriesId(*series),
                            time: Timestamp::from_nanos(*time),
                            value: f64::from_bits(*bits),
                        });
                    }
                }
                let packed = writer.pack(&batch, 9);
                let (first, back) = reader.unpack(packed, 40, 5).unwrap();
                prop_assert_eq!(first, 9);
                prop_assert_eq!(back.len(), batch.len());
                let bits = |b: &Batch| -> Vec<_> {
                    b.points.iter().map(|p| (p.series, p.time, p.value.to_bits())).collect()
                };
                prop_assert_eq!(bits(&back), bits(&batch));
                let others = |b: &Batch| -> Vec<_> {
                    b.placed_others().map(|(at, hook, s)| (at, hook, s.clone())).collect()
                };
                prop_assert_eq!(others(&back), others(&batch));
            }
        }

        #[test]
        fn hostile_batches_are_errors(
            series in prop::collection::vec((any::<i64>(), any::<u32>()), 0..4),
            times in prop::collection::vec((any::<i64>(), any::<u32>()), 0..4),
            values in prop::collection::vec(any::<u8>(), 0..40),
            others in prop::collection::vec((any::<u32>(), any::<u32>()), 0..4),
        ) {
            let others = others.into_iter().map(|(at, hook)| (at, hook, event(0))).collect();
            let packed = Packed { first: 0, source: 0, series, times, values, others };
            let _ = Memory::default().unpack(packed, 1 << 20, 8);
        }
    }

    #[test]
    fn numbers_of_seven_bits_a_byte_read_back() {
        for number in [0, 1, 127, 128, 300, u64::MAX, 1 << 63] {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            assert_eq!(take(&mut bytes.as_slice()), Some(number));
        }
        assert_eq!(take(&mut [0xff; 10].as_slice()), None);
        assert_eq!(take(&mut [0x80].as_slice()), None);
    }
}
