//! Verification: every byte of a store is read and held against its checksums.

use std::path::Path;
use std::sync::atomic::Ordering;

use crate::aggregate::Aggregate;
use crate::catalogue;
use crate::error::{Error, Result};
use crate::files;
use crate::header::FileKind;
use crate::log::{Frame, Framing, Log};
use crate::segment::{Part, Scratch, Segment};
use crate::segment_index::Chunk;
use crate::store::SegmentStore;
use crate::wal;

/// What [`SegmentStore::verify`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// How many files were read.
    pub files: u64,
    /// How many sound records of logs.
    pub records: u64,
    /// How many sound chunks.
    pub chunks: u64,
    /// How many samples the sound chunks hold.
    pub samples: u64,
    /// What is wrong, in sentences; empty when all is well.
    pub faults: Vec<String>,
}

impl SegmentStore {
    /// Reads everything that was stored when it was called and holds it against checksums, and the sums of chunks against
    /// their samples. Appends and reads go on meanwhile. Takes about as long as reading every series.
    ///
    /// # Errors
    /// [`Error::Io`] when the system cannot read; what is damaged is no error but a fault of the report.
    pub fn verify(&self) -> Result<VerifyReport> {
        let mut report = VerifyReport::default();
        let dir = &self.inner.dir;
        let (segments, wals, findings, catalogue_bytes) = {
            // Lengths of logs are taken together, so that nothing half-written is judged.
            let writer = self.inner.writer();
            let state = self.inner.read();
            let mut wals: Vec<_> = state
                .frozen
                .iter()
                .map(|f| (f.head.generation, f.wal_bytes))
                .collect();
            wals.push((writer.generation, writer.wal.len()));
            let findings: Vec<_> = state
                .findings
                .logs
                .iter()
                .map(|(number, log)| (*number, log.bytes))
                .collect();
            (
                state.segments.clone(),
                wals,
                findings,
                writer.catalogue.len(),
            )
        };
        let records = catalogue::framing();
        report.log(
            &files::catalogue(dir),
            FileKind::Catalogue,
            0,
            catalogue_bytes,
            &records,
        )?;
        for (generation, bytes) in wals {
            let path = files::wal(dir, generation);
            report.log(
                &path,
                FileKind::Wal,
                generation,
                bytes,
                &wal::framing(generation),
            )?;
        }
        for (number, bytes) in findings {
            let path = files::findings(dir, number);
            report.log(&path, FileKind::Findings, number, bytes, &records)?;
        }
        let mut scratch = Scratch::default();
        for segment in segments.iter() {
            report.segment(segment, &mut scratch)?;
        }
        Ok(report)
    }
}

impl VerifyReport {
    fn log<F: Fn(&[u8]) -> Frame>(
        &mut self,
        path: &Path,
        kind: FileKind,
        generation: u64,
        bytes: u64,
        framing: &Framing<F>,
    ) -> Result<()> {
        match Log::inspect(path, kind, generation, bytes, framing, |fault| {
            self.faults.push(fault)
        }) {
            Ok(records) => {
                self.files += 1;
                self.records += records;
                Ok(())
            }
            // Its segment took its place, or retention removed it.
            Err(Error::Io { cause, .. })
                if cause.kind() == std::io::ErrorKind::NotFound && kind != FileKind::Catalogue =>
            {
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn segment(&mut self, segment: &Segment, scratch: &mut Scratch) -> Result<()> {
        if segment.gone.load(Ordering::Acquire) {
            return Ok(());
        }
        let reopened = Segment::open(
            &segment.path,
            segment.generation,
            &Default::default(),
            |fault| self.faults.push(fault),
        );
        match reopened {
            Err(Error::Io { cause, .. })
                if cause.kind() == std::io::ErrorKind::NotFound
                    && segment.gone.load(Ordering::Acquire) =>
            {
                return Ok(());
            }
            other => other.map(drop)?,
        }
        self.files += 1;
        for chunk in &segment.index.chunks {
            match segment.read(chunk, scratch)? {
                Part::Gone => return Ok(()),
                Part::Damaged(fault) => self.faults.push(fault),
                Part::Sound(()) if agrees(chunk, &scratch.values) => {
                    self.chunks += 1;
                    self.samples += scratch.values.len() as u64;
                }
                Part::Sound(()) => self.faults.push(format!(
                    "{}: the sums of the chunk at byte {} are not those of its samples",
                    segment.path.display(),
                    chunk.offset
                )),
            }
        }
        Ok(())
    }
}

/// Whether the index sums a chunk up as its samples do.
fn agrees(chunk: &Chunk, values: &[f64]) -> bool {
    let sums = Aggregate::of(values);
    let bits = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
    u64::from(chunk.nans) == sums.nans
        && bits(chunk.min, sums.min)
        && bits(chunk.max, sums.max)
        && bits(chunk.sum, sums.sum)
        && bits(chunk.first, sums.first)
        && bits(chunk.last, sums.last)
}
