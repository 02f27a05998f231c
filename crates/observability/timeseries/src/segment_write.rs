//! Writing a segment: the whole of a head at once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::aggregate::Aggregate;
use crate::bytes::put_varint;
use crate::column::{put_times, put_values};
use crate::error::{Error, Result};
use crate::files;
use crate::head::Head;
use crate::header::{self, FileKind, HEADER_BYTES};
use crate::log::private;
use crate::segment_index::{BLOCK_HEAD_BYTES, Chunk, Index, TIMES, Times, VALUES, block_checksum};

/// Writes `head` as the segment `path`: under another name first, forced onto the disk, then renamed, so that the segment is
/// there as a whole or not at all.
pub(crate) fn write(head: &Head, chunk_points: usize, dir: &Path, path: &Path) -> Result<()> {
    let unfinished = files::unfinished(path);
    files::remove(&unfinished)?;
    let written = write_file(head, chunk_points, &unfinished).and_then(|()| {
        std::fs::rename(&unfinished, path).map_err(|e| Error::io("rename", &unfinished, e))?;
        files::sync(dir)
    });
    if written.is_err() {
        // What is left of it takes room that may be what lacks.
        let _ = files::remove(&unfinished);
    }
    written
}

fn write_file(head: &Head, chunk_points: usize, path: &Path) -> Result<()> {
    let file = private()
        .create_new(true)
        .open(path)
        .map_err(|e| Error::io("create", path, e))?;
    let mut writer = Writer {
        out: BufWriter::with_capacity(128 << 10, file),
        path,
        generation: head.generation,
        at: HEADER_BYTES as u64,
        index: Index::default(),
        columns: HashMap::new(),
        hasher: RandomState::new(),
        body: Vec::new(),
    };
    writer.put(&header::encode(FileKind::Segment, head.generation))?;
    for id in head.ids() {
        let run = head.run(id);
        // Parts of equal size, of about the points that are aimed at.
        let parts = ((run.times.len() + chunk_points / 2) / chunk_points).max(1);
        let size = run.times.len().div_ceil(parts).max(1);
        match (run.times, run.values) {
            (Cow::Borrowed(times), values) => {
                for (times, values) in times.chunks(size).zip(values.chunks(size)) {
                    writer.chunk(id, Cow::Borrowed(times), values)?;
                }
            }
            (Cow::Owned(times), values) => {
                for (times, values) in times.chunks(size).zip(values.chunks(size)) {
                    writer.chunk(id, Cow::Owned(times.to_vec()), values)?;
                }
            }
        }
    }
    writer.finish()
}

/// The number of a column and its stamps.
type Column<'a> = (u32, Cow<'a, [i64]>);

/// A segment on its way to the disk.
struct Writer<'a> {
    out: BufWriter<File>,
    path: &'a Path,
    generation: u64,
    /// Where the next block goes.
    at: u64,
    index: Index,
    /// Columns of stamps by hash: most series are sampled together and share them.
    columns: HashMap<u64, Vec<Column<'a>>>,
    hasher: RandomState,
    body: Vec<u8>,
}

impl<'a> Writer<'a> {
    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.out
            .write_all(bytes)
            .map_err(|e| Error::io("write", self.path, e))
    }

    /// Writes `self.body` as a block; gives its offset and the bytes of its body.
    fn block(&mut self, kind: u8) -> Result<(u64, u32)> {
        let bytes = u32::try_from(self.body.len()).map_err(|_| Error::Limit {
            what: "bytes of a block",
            value: self.body.len() as u64,
            limit: u64::from(u32::MAX),
            advice: "; lower chunk_points",
        })?;
        let crc = block_checksum(self.generation, kind, &self.body);
        let body = std::mem::take(&mut self.body);
        self.put(&[kind])?;
        self.put(&bytes.to_le_bytes())?;
        self.put(&crc.to_le_bytes())?;
        self.put(&body)?;
        self.body = body;
        let at = self.at;
        self.at += (BLOCK_HEAD_BYTES + self.body.len()) as u64;
        Ok((at, bytes))
    }

    fn chunk(&mut self, id: u32, times: Cow<'a, [i64]>, values: &[f64]) -> Result<()> {
        let count = times.len() as u64;
        let column = self.column(times)?;
        let offset = self
            .index
            .times
            .get(column as usize)
            .map_or(0, |t| t.offset);
        self.body.clear();
        put_varint(&mut self.body, u64::from(id));
        put_varint(&mut self.body, count);
        put_varint(&mut self.body, offset);
        put_values(values, &mut self.body);
        let (offset, bytes) = self.block(VALUES)?;
        let sums = Aggregate::of(values);
        self.index.chunks.push(Chunk {
            id,
            times: column,
            offset,
            bytes,
            nans: u32::try_from(sums.nans).unwrap_or(u32::MAX),
            min: sums.min,
            max: sums.max,
            sum: sums.sum,
            first: sums.first,
            last: sums.last,
        });
        Ok(())
    }

    /// The number of the column with these stamps, which is written where it is new.
    fn column(&mut self, times: Cow<'a, [i64]>) -> Result<u32> {
        let hash = self.hasher.hash_one(&times);
        let known = self
            .columns
            .get(&hash)
            .and_then(|known| known.iter().find(|(_, t)| *t == times));
        if let Some((number, _)) = known {
            return Ok(*number);
        }
        self.body.clear();
        put_varint(&mut self.body, times.len() as u64);
        put_times(&times, &mut self.body);
        let (offset, bytes) = self.block(TIMES)?;
        let number = u32::try_from(self.index.times.len()).unwrap_or(u32::MAX);
        self.index.times.push(Times {
            offset,
            bytes,
            count: u32::try_from(times.len()).unwrap_or(u32::MAX),
            start: times.first().copied().unwrap_or(0),
            end: times.last().copied().unwrap_or(0),
        });
        self.columns.entry(hash).or_default().push((number, times));
        Ok(number)
    }

    fn finish(mut self) -> Result<()> {
        let index = self
            .index
            .encode(self.generation, self.at)
            .ok_or(Error::Limit {
                what: "bytes of an index",
                value: u64::from(u32::MAX),
                limit: u64::from(u32::MAX),
                advice: "; raise chunk_points",
            })?;
        self.put(&index)?;
        self.out
            .flush()
            .map_err(|e| Error::io("write", self.path, e))?;
        self.out
            .get_ref()
            .sync_data()
            .map_err(|e| Error::io("sync", self.path, e))
    }
}
