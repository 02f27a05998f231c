//! Writing: log first, then memory.

use std::sync::Arc;

use voidstate_core::{
    Error as CoreError, Finding, Point, Result as CoreResult, SeriesId, SeriesInfo, StoreWriter,
    Timestamp,
};

use crate::catalogue;
use crate::error::Result;
use crate::files;
use crate::findings::{self, FindingLog, LOG_BYTES_MAX};
use crate::head::Head;
use crate::header::FileKind;
use crate::log::Log;
use crate::state::{Frozen, State};
use crate::store::{Inner, SegmentStore, Writer};
use crate::transaction::{Acknowledged, Extent, transact};
use crate::wal;

impl StoreWriter for SegmentStore {
    fn series(&self, info: &SeriesInfo) -> CoreResult<SeriesId> {
        Ok(self.inner.series(info)?)
    }

    /// Also [`Error::Domain`](CoreError::Domain) for a point at [`Timestamp::MAX`], which no half-open range can hold.
    /// Costs one `write(2)`. Waits only while more than two full heads wait for their segments, which takes more than
    /// ten million points per second.
    fn append(&self, points: &[Point]) -> CoreResult<()> {
        if points.is_empty() {
            return Ok(());
        }
        let mut writer = self.inner.writer();
        check(&self.inner.read(), points)?;
        self.inner.make_room(&mut writer)?;
        self.inner.append(&mut writer, points)?;
        Ok(())
    }

    fn append_finding(&self, finding: &Finding) -> CoreResult<()> {
        Ok(self.inner.append_finding(finding)?)
    }

    fn sync(&self) -> CoreResult<()> {
        Ok(self.inner.sync()?)
    }
}

/// Refuses points that could not be read back.
fn check(state: &State, points: &[Point]) -> CoreResult<()> {
    for point in points {
        if !state.catalogue.knows(point.series.0) {
            return Err(CoreError::Missing {
                kind: "series",
                name: format!("number {}", point.series.0),
            });
        }
        if point.time == Timestamp::MAX {
            return Err(CoreError::Domain {
                what: "time of a point in seconds",
                value: point.time.as_secs_f64(),
                domain: "times before Timestamp::MAX, which no half-open range holds",
            });
        }
    }
    Ok(())
}

impl SegmentStore {
    /// Moves everything that was appended into segments and waits for it; the write-ahead log is empty afterwards.
    ///
    /// # Errors
    /// [`Error::Stalled`](crate::Error::Stalled) when a segment cannot be written, otherwise those of appending.
    pub fn compact(&self) -> Result<()> {
        let mut writer = self.inner.writer();
        if self.inner.read().head.points() > 0 {
            self.inner.rotate(&mut writer)?;
        }
        drop(writer);
        self.inner.signal.wait_for(0)
    }
}

impl Inner {
    fn series(&self, info: &SeriesInfo) -> Result<SeriesId> {
        let known = |state: &State| {
            state
                .catalogue
                .id(&info.key)
                .filter(|id| state.catalogue.holds(*id, info))
        };
        if let Some(id) = known(&self.read()) {
            return Ok(SeriesId(id));
        }
        let mut writer = self.writer();
        let id = {
            let state = self.read();
            match (known(&state), state.catalogue.id(&info.key)) {
                (Some(id), _) => return Ok(SeriesId(id)),
                (None, Some(id)) => SeriesId(id),
                (None, None) => state.catalogue.next()?,
            }
        };
        let record = catalogue::encode(id, info)?;
        self.transact(&mut writer.catalogue, &record, |acknowledged, extent| {
            let mut state = self.write();
            state.catalogue_bytes = extent.end;
            state.catalogue.enter(acknowledged, id.0, info.clone());
            id
        })
    }

    /// Writes a record, keeps it as safely as the options ask for, and has memory take it in; or none of all that.
    fn transact<R>(
        &self,
        log: &mut Log,
        record: &[u8],
        take_in: impl FnOnce(Acknowledged, Extent) -> R,
    ) -> Result<R> {
        transact(log, record, |written| {
            match written.keep(self.options.sync_interval.is_zero()) {
                Ok(kept) => kept.publish(take_in),
                Err(taken_back) => taken_back.tell(),
            }
        })
    }

    fn append(&self, writer: &mut Writer, points: &[Point]) -> Result<()> {
        wal::encode(writer.generation, points, &mut writer.buffer)?;
        self.transact(&mut writer.wal, &writer.buffer, |acknowledged, extent| {
            let mut state = self.write();
            state.wal_bytes = extent.end;
            let points = points.iter();
            points.for_each(|point| state.head.push(acknowledged, *point));
        })?;
        // One huge append must not hold its memory for ever.
        writer.buffer.shrink_to(1 << 20);
        Ok(())
    }

    /// Begins a new head where the present one is full, and waits while too many wait for their segments.
    fn make_room(&self, writer: &mut Writer) -> Result<()> {
        let full = {
            let state = self.read();
            let aim = (self.options.chunk_points as u64).saturating_mul(state.head.active());
            let aim = aim.max(self.options.head_points_min as u64);
            let enough =
                state.head.points() >= aim || writer.wal.len() >= self.options.wal_bytes_max;
            enough && state.head.points() > 0
        };
        if full {
            self.signal.wait_for_room()?;
            self.rotate(writer)?;
        }
        Ok(())
    }

    /// Hands the present head to the sealing thread and begins a new one with a new log.
    fn rotate(&self, writer: &mut Writer) -> Result<()> {
        let generation = writer.generation + 1;
        let fresh = Log::create(
            &files::wal(&self.dir, generation),
            FileKind::Wal,
            generation,
        )?;
        let mut full = std::mem::replace(&mut writer.wal, fresh);
        writer.left.extend(full.take_dirty());
        writer.generation = generation;
        writer.names_dirty = true;
        {
            let mut state = self.write();
            let head = std::mem::replace(&mut state.head, Head::new(generation));
            state.wal_bytes = writer.wal.len();
            state.frozen.push_back(Arc::new(Frozen {
                head,
                wal: full.path().to_owned(),
                wal_bytes: full.len(),
            }));
        }
        self.signal.more();
        Ok(())
    }

    fn append_finding(&self, finding: &Finding) -> Result<()> {
        let record = findings::encode(finding)?;
        let mut guard = self.writer();
        let writer = &mut *guard;
        let number = match &writer.findings {
            Some((number, log)) if log.len() < LOG_BYTES_MAX => *number,
            present => {
                let number = present.as_ref().map_or(1, |(number, _)| number + 1);
                let path = files::findings(&self.dir, number);
                let log = Log::create(&path, FileKind::Findings, number)?;
                let entry = FindingLog {
                    path,
                    file: Arc::clone(log.file()),
                    bytes: log.len(),
                };
                self.write().findings.logs.insert(number, entry);
                writer.names_dirty = true;
                if let Some((_, mut full)) = writer.findings.replace((number, log)) {
                    writer.left.extend(full.take_dirty());
                }
                number
            }
        };
        if let Some((_, log)) = &mut writer.findings {
            self.transact(log, &record, |acknowledged, extent| {
                let mut state = self.write();
                state.findings.enter(acknowledged, finding, number, extent);
            })?;
        }
        Ok(())
    }
}
