//! The write-ahead log: one record per append.

use voidstate_core::{Point, SeriesId, Timestamp};

use crate::bytes::{Cursor, put_varint, put_zigzag};
use crate::error::{Error, Result};
use crate::log::{Frame, Framing};

/// With what every record starts.
pub(crate) const MAGIC: [u8; 4] = *b"VSR1";
/// Bytes before a record's payload.
const HEAD_BYTES: usize = 12;
/// Most points of one append.
pub const APPEND_POINTS_MAX: usize = 1 << 20;
/// Largest payload: every point in a group of its own, with the longest integers.
const PAYLOAD_BYTES_MAX: usize = APPEND_POINTS_MAX * 24;

/// How the records of generation `generation` are told from garbage.
pub(crate) fn framing(generation: u64) -> Framing<impl Fn(&[u8]) -> Frame> {
    let judge = move |bytes: &[u8]| {
        let mut cursor = Cursor::new(bytes);
        let (Some(magic), Some(len), Some(crc)) = (cursor.u32(), cursor.u32(), cursor.u32()) else {
            return Frame::Needs(HEAD_BYTES);
        };
        let len = len as usize;
        if magic.to_le_bytes() != MAGIC || len > PAYLOAD_BYTES_MAX {
            return Frame::Bad(0);
        }
        match cursor.rest().get(..len) {
            None => Frame::Needs(HEAD_BYTES + len),
            Some(payload) if checksum(generation, payload) == crc => Frame::Sound(HEAD_BYTES + len),
            Some(_) => Frame::Bad(len),
        }
    };
    Framing {
        magic: MAGIC,
        judge,
    }
}

/// CRC-32 of generation, length and payload: a record does not pass in another file.
fn checksum(generation: u64, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&generation.to_le_bytes());
    hasher.update(&(payload.len() as u64).to_le_bytes());
    hasher.update(payload);
    hasher.finalize()
}

/// Makes `out` the record of `points`. A NaN becomes the quiet NaN without payload.
pub(crate) fn encode(generation: u64, points: &[Point], out: &mut Vec<u8>) -> Result<()> {
    if points.len() > APPEND_POINTS_MAX {
        return Err(Error::Limit {
            what: "number of points of one append",
            value: points.len() as u64,
            limit: APPEND_POINTS_MAX as u64,
            advice: "; append in parts",
        });
    }
    out.clear();
    out.resize(HEAD_BYTES, 0);
    let mut before = 0_i64;
    for group in points.chunk_by(|a, b| a.time == b.time) {
        let time = group.first().map_or(0, |p| p.time.as_nanos());
        put_zigzag(out, time.wrapping_sub(before));
        put_varint(out, group.len() as u64);
        before = time;
        let mut next = 0_i64;
        for point in group {
            let id = i64::from(point.series.0);
            let value = plain(point.value).to_le_bytes();
            // The usual distance makes the usual record one fixed copy.
            if id == next {
                let [a, b, c, d, e, f, g, h] = value;
                out.extend_from_slice(&[0, a, b, c, d, e, f, g, h]);
            } else {
                put_zigzag(out, id - next);
                out.extend_from_slice(&value);
            }
            next = id + 1;
        }
    }
    let payload = out.get(HEAD_BYTES..).unwrap_or_default();
    let len = u32::try_from(payload.len()).map_err(|_| Error::Limit {
        what: "bytes of one append",
        value: payload.len() as u64,
        limit: PAYLOAD_BYTES_MAX as u64,
        advice: "; append in parts",
    })?;
    let crc = checksum(generation, payload);
    let head = MAGIC
        .into_iter()
        .chain(len.to_le_bytes())
        .chain(crc.to_le_bytes());
    out.iter_mut().zip(head).for_each(|(to, from)| *to = from);
    Ok(())
}

/// `value`, or the one NaN that is stored.
pub(crate) const fn plain(value: f64) -> f64 {
    if value.is_nan() { f64::NAN } else { value }
}

/// Hands every point of a sound record to `each`; `None` when the payload is not one, which only a forger can bring about.
pub(crate) fn decode(record: &[u8], mut each: impl FnMut(Point)) -> Option<()> {
    let mut cursor = Cursor::new(record.get(HEAD_BYTES..)?);
    let mut time = 0_i64;
    while !cursor.is_empty() {
        time = time.wrapping_add(cursor.zigzag()?);
        let mut next = 0_i64;
        for _ in 0..cursor.varint()? {
            let id = next.checked_add(cursor.zigzag()?)?;
            let value = plain(cursor.f64()?);
            each(Point {
                series: SeriesId(u32::try_from(id).ok()?),
                time: Timestamp::from_nanos(time),
                value,
            });
            next = id + 1;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points() -> impl Strategy<Value = Vec<Point>> {
        let time = prop_oneof![0..4_i64, any::<i64>()];
        let point = (prop_oneof![0..9_u32, any::<u32>()], time, any::<u64>()).prop_map(
            |(id, time, bits)| Point {
                series: SeriesId(id),
                time: Timestamp::from_nanos(time),
                value: f64::from_bits(bits),
            },
        );
        prop::collection::vec(point, 0..60)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn records_read_back_and_notice_damage(points in points(), at: prop::sample::Index, bit in 0..8_u32) {
            let mut bytes = Vec::new();
            encode(3, &points, &mut bytes).unwrap();
            prop_assert_eq!((framing(3).judge)(&bytes), Frame::Sound(bytes.len()));
            prop_assert!(matches!((framing(4).judge)(&bytes), Frame::Bad(_)));
            let mut back = Vec::new();
            prop_assert_eq!(decode(&bytes, |p| back.push(p)), Some(()));
            prop_assert_eq!(back.len(), points.len());
            for (a, b) in back.iter().zip(&points) {
                prop_assert_eq!((a.series, a.time), (b.series, b.time));
                prop_assert_eq!(a.value.to_bits(), plain(b.value).to_bits());
            }
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            prop_assert!(!matches!((framing(3).judge)(&bytes), Frame::Sound(_)));
        }

        #[test]
        fn hostile_records_do_not_panic(bytes: Vec<u8>) {
            let _ = decode(&bytes, |_| ());
        }
    }
}
