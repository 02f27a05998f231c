//! A segment on the disk: opened by its index, read a block at a time.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use crate::aggregate::Aggregate;
use crate::bytes::Cursor;
use crate::column::{COLUMN_POINTS_MAX, take_times, take_values};
use crate::error::{Error, Result};
use crate::header::{self, FileKind, HEADER_BYTES, Header};
use crate::segment_index::{
    BLOCK_HEAD_BYTES, Chunk, FOOTER_BYTES, Index, TIMES, Times, VALUES, block_checksum, footer,
};

/// Files that are kept open at most; further segments are opened for every read.
pub(crate) const OPEN_FILES_MAX: usize = 128;

/// A segment that can be read.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) generation: u64,
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) index: Index,
    pub(crate) samples: u64,
    /// Earliest and latest stamp.
    pub(crate) start: i64,
    pub(crate) end: i64,
    /// Median over chunks of their earliest stamps: the segment's time, which no single stamp moves.
    pub(crate) typical: i64,
    file: OnceLock<File>,
    open_files: Arc<AtomicUsize>,
    /// Retention removed the file.
    pub(crate) gone: AtomicBool,
}

/// What became of reading a part.
#[derive(Debug)]
pub(crate) enum Part<T> {
    /// It is there.
    Sound(T),
    /// It is damaged: what, and where.
    Damaged(String),
    /// Retention removed the segment in the meantime.
    Gone,
}

/// Buffers that are used again from block to block.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    block: Vec<u8>,
    pub(crate) times: Vec<i64>,
    pub(crate) values: Vec<f64>,
}

impl Segment {
    /// Opens a segment by its index, or where that is damaged by walking through its blocks, which `note` is told.
    pub(crate) fn open(
        path: &Path,
        generation: u64,
        open_files: &Arc<AtomicUsize>,
        mut note: impl FnMut(String),
    ) -> Result<Self> {
        let failed = |verb| move |e| Error::io(verb, path, e);
        let file = File::open(path).map_err(failed("open"))?;
        let bytes = file.metadata().map_err(failed("examine"))?.len();
        let mut head = [0; HEADER_BYTES];
        let have = HEADER_BYTES.min(usize::try_from(bytes).unwrap_or(HEADER_BYTES));
        let head = head.get_mut(..have).unwrap_or_default();
        file.read_exact_at(head, 0).map_err(failed("read"))?;
        match header::check(head, FileKind::Segment, generation) {
            Header::Sound => {}
            Header::Newer(found) => {
                return Err(Error::Version {
                    path: path.to_owned(),
                    found,
                    newest: header::VERSION,
                });
            }
            Header::Damaged(reason) => note(format!("{}: {reason}", path.display())),
        }
        let index = match read_index(&file, bytes, generation).map_err(failed("read"))? {
            Some(index) => index,
            None => {
                let (index, end) = rebuild(&file, bytes, generation).map_err(failed("read"))?;
                note(format!(
                    "{}: its index is damaged; {} chunks up to byte {end} of {bytes} were found without it",
                    path.display(),
                    index.chunks.len()
                ));
                index
            }
        };
        let mut starts: Vec<i64> = index
            .chunks
            .iter()
            .filter_map(|c| Some(index.times.get(c.times as usize)?.start))
            .collect();
        starts.sort_unstable();
        Ok(Self {
            generation,
            path: path.to_owned(),
            bytes,
            samples: index
                .chunks
                .iter()
                .map(|c| index.count(c))
                .map(u64::from)
                .sum(),
            start: starts.first().copied().unwrap_or(i64::MAX),
            end: index
                .chunks
                .iter()
                .filter_map(|c| index.times.get(c.times as usize))
                .map(|t| t.end)
                .max()
                .unwrap_or(i64::MIN),
            typical: starts.get(starts.len() / 2).copied().unwrap_or(i64::MIN),
            index,
            file: OnceLock::new(),
            open_files: Arc::clone(open_files),
            gone: AtomicBool::new(false),
        })
    }

    /// The chunks of one series, in order of time, with their columns of stamps.
    pub(crate) fn chunks(&self, id: u32) -> impl Iterator<Item = (&Chunk, &Times)> {
        let from = self.index.chunks.partition_point(|c| c.id < id);
        let rest = self.index.chunks.get(from..).unwrap_or_default();
        rest.iter()
            .take_while(move |c| c.id == id)
            .filter_map(|c| Some((c, self.index.times.get(c.times as usize)?)))
    }

    /// Reads the stamps of a chunk and its numbers into `scratch`.
    pub(crate) fn read(&self, chunk: &Chunk, scratch: &mut Scratch) -> Result<Part<()>> {
        let Some(times) = self.index.times.get(chunk.times as usize) else {
            return Ok(self.damaged("a chunk without stamps", chunk.offset));
        };
        let read = self.with_file(|file| {
            let Scratch {
                block,
                times: stamps,
                values,
            } = scratch;
            if !read_block(
                file,
                self.generation,
                TIMES,
                times.offset,
                times.bytes,
                block,
            )? || times_of(block, times, stamps).is_none()
            {
                return Ok(Some(("stamps", times.offset)));
            }
            if !read_block(
                file,
                self.generation,
                VALUES,
                chunk.offset,
                chunk.bytes,
                block,
            )? || values_of(block, chunk.id, times, values).is_none()
            {
                return Ok(Some(("numbers", chunk.offset)));
            }
            Ok(None)
        });
        match read {
            Ok(None) => Ok(Part::Sound(())),
            Ok(Some((what, offset))) => Ok(self.damaged(what, offset)),
            Err(_) if self.gone.load(Ordering::Acquire) => Ok(Part::Gone),
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                Ok(self.damaged("the end", chunk.offset))
            }
            Err(e) => Err(Error::io("read", &self.path, e)),
        }
    }

    fn damaged<T>(&self, what: &str, offset: u64) -> Part<T> {
        Part::Damaged(format!(
            "{}: {what} at byte {offset} are damaged; the chunk was skipped",
            self.path.display()
        ))
    }

    fn with_file<T>(&self, work: impl FnOnce(&File) -> std::io::Result<T>) -> std::io::Result<T> {
        if let Some(file) = self.file.get() {
            return work(file);
        }
        let file = File::open(&self.path)?;
        let room = self
            .open_files
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| {
                (n < OPEN_FILES_MAX).then_some(n + 1)
            });
        if room.is_err() {
            return work(&file);
        }
        if let Err(file) = self.file.set(file) {
            // Another reader was faster.
            self.open_files.fetch_sub(1, Ordering::AcqRel);
            return work(&file);
        }
        match self.file.get() {
            Some(file) => work(file),
            None => work(&File::open(&self.path)?),
        }
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        if self.file.get().is_some() {
            self.open_files.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

impl Index {
    /// How many points a chunk has.
    pub(crate) fn count(&self, chunk: &Chunk) -> u32 {
        self.times.get(chunk.times as usize).map_or(0, |t| t.count)
    }
}

/// The index, where footer and checksum are sound.
fn read_index(file: &File, bytes: u64, generation: u64) -> std::io::Result<Option<Index>> {
    let mut end = [0; FOOTER_BYTES];
    let Some(at) = bytes.checked_sub(FOOTER_BYTES as u64) else {
        return Ok(None);
    };
    file.read_exact_at(&mut end, at)?;
    let Some((offset, len, crc)) = footer(&end) else {
        return Ok(None);
    };
    if offset.checked_add(u64::from(len)) != Some(at) {
        return Ok(None);
    }
    let mut body = vec![0; len as usize];
    file.read_exact_at(&mut body, offset)?;
    Ok(Index::decode(generation, &body, crc, offset))
}

/// Walks through the blocks from the first on, as far as they follow each other; gives the end of the last.
fn rebuild(file: &File, bytes: u64, generation: u64) -> std::io::Result<(Index, u64)> {
    let mut index = Index::default();
    let (mut at, mut sound_to) = (HEADER_BYTES as u64, HEADER_BYTES as u64);
    let mut scratch = Scratch::default();
    while at + BLOCK_HEAD_BYTES as u64 <= bytes {
        let mut head = [0; BLOCK_HEAD_BYTES];
        file.read_exact_at(&mut head, at)?;
        let mut cursor = Cursor::new(&head);
        let (Some(kind), Some(len)) = (cursor.u8(), cursor.u32()) else {
            break;
        };
        let next = at + BLOCK_HEAD_BYTES as u64 + u64::from(len);
        if next > bytes || !matches!(kind, TIMES | VALUES) {
            break;
        }
        if read_block(file, generation, kind, at, len, &mut scratch.block)? {
            sound_to = next;
            let _ = enter(&mut index, kind, at, len, &mut scratch);
        }
        at = next;
    }
    let starts: Vec<i64> = index.times.iter().map(|t| t.start).collect();
    index
        .chunks
        .sort_by_key(|c| (c.id, starts.get(c.times as usize).copied()));
    Ok((index, sound_to))
}

/// Enters a sound block into an index that is being rebuilt.
fn enter(
    index: &mut Index,
    kind: u8,
    offset: u64,
    bytes: u32,
    scratch: &mut Scratch,
) -> Option<()> {
    let Scratch {
        block,
        times: stamps,
        values,
    } = scratch;
    let mut cursor = Cursor::new(block);
    if kind == TIMES {
        let count = cursor
            .small()
            .filter(|c| *c as usize <= COLUMN_POINTS_MAX)?;
        take_times(cursor.rest(), count as usize, stamps)?;
        let (start, end) = (*stamps.first()?, *stamps.last()?);
        index.times.push(Times {
            offset,
            bytes,
            count,
            start,
            end,
        });
        return Some(());
    }
    let (id, _, column) = (cursor.small()?, cursor.small()?, cursor.varint()?);
    let times = index
        .times
        .binary_search_by_key(&column, |t| t.offset)
        .ok()?;
    values_of(block, id, index.times.get(times)?, values)?;
    let sums = Aggregate::of(values);
    index.chunks.push(Chunk {
        id,
        times: u32::try_from(times).ok()?,
        offset,
        bytes,
        nans: u32::try_from(sums.nans).ok()?,
        min: sums.min,
        max: sums.max,
        sum: sums.sum,
        first: sums.first,
        last: sums.last,
    });
    Some(())
}

/// Reads a block's body into `block`; false when it is damaged.
fn read_block(
    file: &File,
    generation: u64,
    kind: u8,
    offset: u64,
    bytes: u32,
    block: &mut Vec<u8>,
) -> std::io::Result<bool> {
    block.resize(BLOCK_HEAD_BYTES + bytes as usize, 0);
    file.read_exact_at(block, offset)?;
    let mut cursor = Cursor::new(block);
    let head = (cursor.u8(), cursor.u32(), cursor.u32());
    let body = cursor.rest();
    let sound = head
        == (
            Some(kind),
            Some(bytes),
            Some(block_checksum(generation, kind, body)),
        );
    block.drain(..BLOCK_HEAD_BYTES);
    Ok(sound)
}

fn times_of(body: &[u8], times: &Times, out: &mut Vec<i64>) -> Option<()> {
    let mut cursor = Cursor::new(body);
    (cursor.small()? == times.count).then_some(())?;
    take_times(cursor.rest(), times.count as usize, out)?;
    (out.first() == Some(&times.start) && out.last() == Some(&times.end)).then_some(())
}

fn values_of(body: &[u8], id: u32, times: &Times, out: &mut Vec<f64>) -> Option<()> {
    let mut cursor = Cursor::new(body);
    let same =
        cursor.small()? == id && cursor.small()? == times.count && cursor.varint()? == times.offset;
    same.then_some(())?;
    take_values(cursor.rest(), times.count as usize, out)
}
