//! Reading: pieces from segments and memory, put together in order of time.

use std::time::Duration;

use voidstate_core::{
    Finding, Result as CoreResult, Selector, SeriesInfo, SeriesKey, Stamped, StoreReader,
    StoreStatus, TimeRange, Timestamp, Window,
};

use crate::aggregate::Aggregate;
use crate::error::Result;
use crate::head::sort_last_wins;
use crate::segment::{Part, Scratch};
use crate::segment_index::{Chunk, Times};
use crate::state::{Piece, groups};
use crate::store::{Inner, SegmentStore};
use crate::window::{Quantiles, Sums, Width};

impl StoreReader for SegmentStore {
    fn list(&self, selector: &Selector) -> CoreResult<Vec<SeriesInfo>> {
        Ok(self.inner.read().catalogue.list(selector))
    }

    /// A damaged chunk is left out and told in the status.
    fn range(&self, series: &SeriesKey, range: TimeRange) -> CoreResult<Vec<Stamped>> {
        let mut out = Vec::new();
        self.inner.scan(
            series,
            range,
            |_, _| false,
            |times, values| {
                out.extend(times.iter().zip(values).map(|(time, value)| Stamped {
                    time: Timestamp::from_nanos(*time),
                    value: *value,
                }));
            },
        )?;
        Ok(out)
    }

    /// A chunk that lies in one window is not read: its sums are in the index. The sum of a window depends on how its
    /// samples are spread over chunks by rounding only.
    fn windows(
        &self,
        series: &SeriesKey,
        range: TimeRange,
        window: Duration,
    ) -> CoreResult<Vec<Window>> {
        let width = Width::new(window)?;
        let sums = std::cell::RefCell::new(Sums::new(width));
        let whole = |chunk: &Chunk, times: &Times| {
            let number = width.number(times.start);
            let inside = number == width.number(times.end);
            if inside {
                sums.borrow_mut().add(number, chunk.aggregate(times.count));
            }
            inside
        };
        self.inner.scan(series, range, whole, |times, values| {
            let mut sums = sums.borrow_mut();
            width.cut(times, values, |number, part| {
                sums.add(number, Aggregate::of(part))
            });
        })?;
        Ok(sums.into_inner().finish())
    }

    fn quantiles(
        &self,
        series: &SeriesKey,
        range: TimeRange,
        window: Duration,
        q: &[f64],
    ) -> CoreResult<Vec<(Timestamp, Vec<f64>)>> {
        let width = Width::new(window)?;
        let mut quantiles = Quantiles::new(width, q)?;
        self.inner.scan(
            series,
            range,
            |_, _| false,
            |times, values| {
                width.cut(times, values, |number, part| quantiles.add(number, part));
            },
        )?;
        Ok(quantiles.finish())
    }

    /// An episode that goes on (opened or updated, without an end) overlaps everything after its start; the end of one that
    /// is over is its last instant.
    fn findings(&self, range: TimeRange) -> CoreResult<Vec<Finding>> {
        let places = self.inner.read().findings.select(range);
        let mut found = Vec::with_capacity(places.len());
        for place in places {
            match place.read()? {
                Ok(finding) => found.push(finding),
                Err(note) => self.inner.notes.say(note),
            }
        }
        Ok(found)
    }

    /// `samples` counts every stored sample; of samples with equal stamps that came in different segments, both.
    fn status(&self) -> StoreStatus {
        let state = self.inner.read();
        StoreStatus {
            place: self.inner.dir.display().to_string(),
            series: state.catalogue.len(),
            samples: state.samples(),
            bytes: state.bytes(),
            notes: self.inner.notes.all(),
        }
    }
}

impl Inner {
    /// Hands the samples of a series in `range`, in strict order of time, to `each`, a stretch at a time. A chunk that lies
    /// in the range and overlaps nothing else is first offered to `whole`, and read only when that declines.
    fn scan(
        &self,
        series: &SeriesKey,
        range: TimeRange,
        mut whole: impl FnMut(&Chunk, &Times) -> bool,
        mut each: impl FnMut(&[i64], &[f64]),
    ) -> Result<()> {
        let pieces = self.read().pieces(series, range);
        let mut scratch = Scratch::default();
        for group in groups(pieces) {
            if let [piece] = group.as_slice() {
                if let Piece::Chunk { chunk, times, .. } = piece
                    && range.start().as_nanos() <= times.start
                    && times.end < range.end().as_nanos()
                    && whole(chunk, times)
                {
                    continue;
                }
                self.piece(piece, range, &mut scratch, &mut each)?;
                continue;
            }
            let mut merged: Vec<(i64, f64)> = Vec::new();
            for piece in &group {
                self.piece(piece, range, &mut scratch, &mut |times, values| {
                    merged.extend(times.iter().copied().zip(values.iter().copied()));
                })?;
            }
            sort_last_wins(&mut merged);
            let (times, values): (Vec<i64>, Vec<f64>) = merged.into_iter().unzip();
            each(&times, &values);
        }
        Ok(())
    }

    /// Hands the part of a piece that lies in `range` to `each`; what is damaged is noted.
    fn piece(
        &self,
        piece: &Piece,
        range: TimeRange,
        scratch: &mut Scratch,
        each: &mut impl FnMut(&[i64], &[f64]),
    ) -> Result<()> {
        let (times, values): (&[i64], &[f64]) = match piece {
            Piece::Run(run) => (&run.times, &run.values),
            Piece::Chunk { segment, chunk, .. } => match segment.read(chunk, scratch)? {
                Part::Sound(()) => (&scratch.times, &scratch.values),
                Part::Gone => return Ok(()),
                Part::Damaged(note) => {
                    self.notes.say(note);
                    return Ok(());
                }
            },
        };
        let from = times.partition_point(|t| *t < range.start().as_nanos());
        let to = times.partition_point(|t| *t < range.end().as_nanos());
        if let (Some(times @ [_, ..]), Some(values)) = (times.get(from..to), values.get(from..to)) {
            each(times, values);
        }
        Ok(())
    }
}
