//! Columns: the stamps or the numbers of a chunk, compressed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pco::data_types::Number;
use pco::wrapped::{FileCompressor, FileDecompressor};
use pco::{ChunkConfig, PagingSpec};

use crate::bytes::{Cursor, put_varint, put_zigzag};

/// Most values of a column.
pub(crate) const COLUMN_POINTS_MAX: usize = 1 << 18;

const STEPPED: u8 = 0;
const CONSTANT: u8 = 0;
const RAW: u8 = 1;
const PACKED: u8 = 2;

/// Appends stamps: one step with exceptions where most distances are equal, otherwise packed.
pub(crate) fn put_times(times: &[i64], out: &mut Vec<u8>) {
    let (Some(&start), second) = (times.first(), times.get(1)) else {
        return;
    };
    let step = second.map_or(0, |_| usual_step(times));
    let distances = || times.windows(2).map(distance);
    let odd = distances().filter(|d| *d != step).count();
    if odd > times.len() / 8 + 1 {
        let start = out.len();
        out.push(PACKED);
        if pack(times, out).is_some() {
            return;
        }
        out.truncate(start);
    }
    out.push(STEPPED);
    out.extend_from_slice(&start.to_le_bytes());
    put_zigzag(out, step);
    put_varint(out, odd as u64);
    let mut since = 0_u64;
    for d in distances() {
        if d == step {
            since += 1;
        } else {
            put_varint(out, since);
            put_zigzag(out, d);
            since = 0;
        }
    }
}

fn distance(pair: &[i64]) -> i64 {
    match pair {
        [a, b] => b.wrapping_sub(*a),
        _ => 0,
    }
}

/// The distance that more than half have, if there is one (Boyer and Moore's vote).
fn usual_step(times: &[i64]) -> i64 {
    let (mut step, mut votes) = (0, 0_u64);
    for d in times.windows(2).map(distance) {
        if votes == 0 {
            (step, votes) = (d, 1);
        } else if d == step {
            votes += 1;
        } else {
            votes -= 1;
        }
    }
    step
}

/// Reads `count` stamps, which must ascend strictly; `None` when the bytes are not such a column.
pub(crate) fn take_times(bytes: &[u8], count: usize, out: &mut Vec<i64>) -> Option<()> {
    out.clear();
    if count == 0 || count > COLUMN_POINTS_MAX {
        return None;
    }
    let mut cursor = Cursor::new(bytes);
    if cursor.u8()? == PACKED {
        out.resize(count, 0);
        unpack(cursor.rest(), out)?;
    } else {
        let (mut at, step) = (cursor.i64()?, cursor.zigzag()?);
        let exceptions = cursor.varint()?;
        out.reserve(count);
        out.push(at);
        for _ in 0..exceptions {
            let regular = usize::try_from(cursor.varint()?).ok()?;
            if regular >= count - out.len() {
                return None;
            }
            at = run(at, step, regular, out);
            at = at.wrapping_add(cursor.zigzag()?);
            out.push(at);
        }
        run(at, step, count - out.len(), out);
        cursor.is_empty().then_some(())?;
    }
    // Counted without leaving the loop, which the compiler makes wide.
    let later = out.get(1..).unwrap_or_default();
    let unordered = out.iter().zip(later).filter(|(a, b)| a >= b).count();
    (unordered == 0).then_some(())
}

/// Appends `count` stamps at `step` after `at`; gives the last.
fn run(mut at: i64, step: i64, count: usize, out: &mut Vec<i64>) -> i64 {
    let from = out.len();
    out.resize(from + count, 0);
    for slot in out.iter_mut().skip(from) {
        at = at.wrapping_add(step);
        *slot = at;
    }
    at
}

/// Appends numbers, bit for bit.
pub(crate) fn put_values(values: &[f64], out: &mut Vec<u8>) {
    let Some(first) = values.first() else {
        return;
    };
    if values.iter().all(|v| v.to_bits() == first.to_bits()) {
        out.push(CONSTANT);
        out.extend_from_slice(&first.to_le_bytes());
        return;
    }
    let start = out.len();
    out.push(PACKED);
    if pack(values, out).is_none() || out.len() - start > 1 + values.len() * 8 {
        out.truncate(start);
        out.push(RAW);
        values
            .iter()
            .for_each(|v| out.extend_from_slice(&v.to_le_bytes()));
    }
}

/// Reads `count` numbers; `None` when the bytes are not such a column.
pub(crate) fn take_values(bytes: &[u8], count: usize, out: &mut Vec<f64>) -> Option<()> {
    out.clear();
    if count == 0 || count > COLUMN_POINTS_MAX {
        return None;
    }
    let mut cursor = Cursor::new(bytes);
    match cursor.u8()? {
        CONSTANT => {
            out.resize(count, cursor.f64()?);
            cursor.is_empty().then_some(())
        }
        RAW => {
            for _ in 0..count {
                out.push(cursor.f64()?);
            }
            cursor.is_empty().then_some(())
        }
        PACKED => {
            out.resize(count, 0.0);
            unpack(cursor.rest(), out)
        }
        _ => None,
    }
}

/// Appends what the codec makes of `numbers`; `None` when it cannot, with anything appended. Nobody knows of such numbers,
/// but a panic here would end the sealing of every series.
fn pack<T: Number>(numbers: &[T], out: &mut Vec<u8>) -> Option<()> {
    let config = ChunkConfig::default()
        .with_paging_spec(PagingSpec::Exact(vec![numbers.len()]))
        .with_compression_level(LEVEL);
    let files = FileCompressor::default();
    let mut write = || -> pco::errors::PcoResult<()> {
        files.write_header(&mut *out)?;
        let mut chunk = files.chunk_compressor(numbers, &config)?;
        chunk.write_meta(&mut *out)?;
        chunk.write_page(0, &mut *out)?;
        Ok(())
    };
    matches!(catch_unwind(AssertUnwindSafe(&mut write)), Ok(Ok(()))).then_some(())
}

const LEVEL: usize = 8;

/// Fills `out`. The bytes passed a checksum, so that only a forger can bring the codec to an error, or to a panic, which is
/// caught.
fn unpack<T: Number>(bytes: &[u8], out: &mut [T]) -> Option<()> {
    let count = out.len();
    let mut read = || -> pco::errors::PcoResult<bool> {
        let (files, rest) = FileDecompressor::new(bytes)?;
        let (mut chunk, rest) = files.chunk_decompressor::<T, _>(rest)?;
        let mut page = chunk.page_decompressor(rest, count)?;
        let progress = page.read(out)?;
        Ok(progress.n_processed == count && progress.finished && page.into_src().is_empty())
    };
    matches!(catch_unwind(AssertUnwindSafe(&mut read)), Ok(Ok(true))).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn times_survive(times: &[i64]) -> usize {
        let (mut bytes, mut back) = (Vec::new(), Vec::new());
        put_times(times, &mut bytes);
        assert_eq!(take_times(&bytes, times.len(), &mut back), Some(()));
        assert_eq!(back, times);
        bytes.len()
    }

    fn values_survive(values: &[f64]) -> usize {
        let (mut bytes, mut back) = (Vec::new(), Vec::new());
        put_values(values, &mut bytes);
        assert_eq!(take_values(&bytes, values.len(), &mut back), Some(()));
        let bits = |v: &[f64]| v.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&back), bits(values));
        bytes.len()
    }

    #[test]
    fn regular_stamps_cost_next_to_nothing() {
        let regular: Vec<i64> = (0..1024).map(|i| i * 1_000_000_000).collect();
        assert!(times_survive(&regular) <= 16);
        let mut late = regular;
        late[500] += 340_000_000;
        late.remove(700);
        assert!(times_survive(&late) <= 48);
    }

    #[test]
    fn extremes_survive() {
        times_survive(&[i64::MIN, 0, i64::MAX]);
        times_survive(&[i64::MIN, i64::MAX]);
        times_survive(&[i64::MAX]);
        values_survive(&[
            -0.0,
            0.0,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MIN_POSITIVE / 2.0,
        ]);
        assert!(values_survive(&[1.5; 1000]) <= 9);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]
        #[test]
        fn columns_read_back(mut times in prop::collection::vec(any::<i64>(), 1..200), values in prop::collection::vec(any::<u64>().prop_map(f64::from_bits), 1..200)) {
            times.sort_unstable();
            times.dedup();
            times_survive(&times);
            values_survive(&values);
        }

        #[test]
        fn hostile_columns_are_refused_or_read(bytes: Vec<u8>, count in 0..2000_usize) {
            let mut times = Vec::new();
            if take_times(&bytes, count, &mut times).is_some() {
                prop_assert_eq!(times.len(), count);
            }
            let mut values = Vec::new();
            if take_values(&bytes, count, &mut values).is_some() {
                prop_assert_eq!(values.len(), count);
            }
        }
    }
}
