//! The index of a segment: where its columns and chunks stand, and what the chunks sum up to.

use crate::aggregate::Aggregate;
use crate::bytes::{Cursor, put_number, put_varint, put_zigzag};
use crate::column::COLUMN_POINTS_MAX;

/// With what a segment ends.
const END_MAGIC: u32 = u32::from_le_bytes(*b"VSSF");
/// Bytes of the footer: offset and length of the index, its checksum, the magic.
pub(crate) const FOOTER_BYTES: usize = 20;
/// Bytes before a block's body: kind, length, checksum.
pub(crate) const BLOCK_HEAD_BYTES: usize = 9;

/// Kind of a block that holds a column of stamps.
pub(crate) const TIMES: u8 = b'T';
/// Kind of a block that holds the numbers of a chunk.
pub(crate) const VALUES: u8 = b'V';

/// A column of stamps, shared by chunks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Times {
    pub(crate) offset: u64,
    /// Bytes of the block's body.
    pub(crate) bytes: u32,
    pub(crate) count: u32,
    pub(crate) start: i64,
    /// The latest stamp, which is in the column.
    pub(crate) end: i64,
}

/// A chunk: the numbers of one series at the stamps of one column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunk {
    pub(crate) id: u32,
    /// Which column of stamps.
    pub(crate) times: u32,
    pub(crate) offset: u64,
    /// Bytes of the block's body.
    pub(crate) bytes: u32,
    pub(crate) nans: u32,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) sum: f64,
    pub(crate) first: f64,
    pub(crate) last: f64,
}

/// The index of a segment: chunks in order of series, then of time.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) times: Vec<Times>,
    pub(crate) chunks: Vec<Chunk>,
}

impl Chunk {
    pub(crate) const fn aggregate(&self, count: u32) -> Aggregate {
        Aggregate {
            count: (count as u64).saturating_sub(self.nans as u64),
            nans: self.nans as u64,
            min: self.min,
            max: self.max,
            sum: self.sum,
            first: self.first,
            last: self.last,
        }
    }
}

/// CRC-32 of a block: the segment's generation, the kind, the length, the body.
pub(crate) fn block_checksum(generation: u64, kind: u8, body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&generation.to_le_bytes());
    hasher.update(&[kind]);
    hasher.update(&(body.len() as u64).to_le_bytes());
    hasher.update(body);
    hasher.finalize()
}

impl Index {
    /// Index and footer, to stand at `offset`; `None` over 4 GiB.
    pub(crate) fn encode(&self, generation: u64, offset: u64) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        put_varint(&mut out, self.times.len() as u64);
        let mut before = 0_u64;
        for times in &self.times {
            put_varint(&mut out, times.offset.wrapping_sub(before));
            put_varint(&mut out, u64::from(times.bytes));
            put_varint(&mut out, u64::from(times.count));
            put_zigzag(&mut out, times.start);
            put_varint(
                &mut out,
                times.end.wrapping_sub(times.start).cast_unsigned(),
            );
            before = times.offset;
        }
        put_varint(&mut out, self.chunks.len() as u64);
        let (mut id, mut before) = (0_u32, 0_u64);
        for chunk in &self.chunks {
            put_varint(&mut out, u64::from(chunk.id.wrapping_sub(id)));
            put_varint(&mut out, u64::from(chunk.times));
            put_varint(&mut out, chunk.offset.wrapping_sub(before));
            put_varint(&mut out, u64::from(chunk.bytes));
            put_varint(&mut out, u64::from(chunk.nans));
            put_number(&mut out, chunk.min, 0.0);
            put_number(&mut out, chunk.max, chunk.min);
            put_number(&mut out, chunk.sum, 0.0);
            put_number(&mut out, chunk.first, chunk.min);
            put_number(&mut out, chunk.last, chunk.first);
            (id, before) = (chunk.id, chunk.offset);
        }
        let crc = block_checksum(generation, b'I', &out);
        let bytes = u32::try_from(out.len()).ok()?;
        out.extend_from_slice(&offset.to_le_bytes());
        out.extend_from_slice(&bytes.to_le_bytes());
        out.extend_from_slice(&crc.to_le_bytes());
        out.extend_from_slice(&END_MAGIC.to_le_bytes());
        Some(out)
    }

    /// Reads the index; `None` when the bytes are not the index of generation `generation`
    /// whose blocks end at `offset`.
    pub(crate) fn decode(generation: u64, bytes: &[u8], crc: u32, offset: u64) -> Option<Self> {
        (block_checksum(generation, b'I', bytes) == crc).then_some(())?;
        let mut cursor = Cursor::new(bytes);
        let mut index = Self::default();
        // Every entry takes bytes, so that a forged number of entries cannot take memory.
        let mut before = 0_u64;
        for _ in 0..cursor.varint()? {
            let at = before.checked_add(cursor.varint()?)?;
            let (bytes, count) = (cursor.small()?, cursor.small()?);
            let start = cursor.zigzag()?;
            let end = start.checked_add_unsigned(cursor.varint()?)?;
            let inside = at.checked_add(u64::from(bytes))? <= offset;
            if !inside || count == 0 || count as usize > COLUMN_POINTS_MAX {
                return None;
            }
            index.times.push(Times {
                offset: at,
                bytes,
                count,
                start,
                end,
            });
            before = at;
        }
        let (mut id, mut before) = (0_u32, 0_u64);
        for _ in 0..cursor.varint()? {
            id = id.checked_add(cursor.small()?)?;
            let times = cursor.small()?;
            before = before.checked_add(cursor.varint()?)?;
            let (bytes, nans) = (cursor.small()?, cursor.small()?);
            let min = cursor.number(0.0)?;
            let max = cursor.number(min)?;
            let sum = cursor.number(0.0)?;
            let first = cursor.number(min)?;
            let last = cursor.number(first)?;
            let count = index.times.get(times as usize)?.count;
            let inside = before.checked_add(u64::from(bytes))? <= offset;
            if !inside || nans > count {
                return None;
            }
            index.chunks.push(Chunk {
                id,
                times,
                offset: before,
                bytes,
                nans,
                min,
                max,
                sum,
                first,
                last,
            });
        }
        cursor.is_empty().then_some(index)
    }
}

/// Offset, length and checksum of the index, as a footer tells them.
pub(crate) fn footer(bytes: &[u8]) -> Option<(u64, u32, u32)> {
    let mut cursor = Cursor::new(bytes);
    let (offset, len, crc) = (cursor.u64()?, cursor.u32()?, cursor.u32()?);
    (cursor.u32()? == END_MAGIC).then_some((offset, len, crc))
}
