//! gzip and Zstandard, whole, concatenated, cut and corrupted.

use std::io::{Read, Write};

use proptest::prelude::*;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use voidstate_file::{Compression, Error, Options, Reader, Reason};

use crate::{drain, open};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

fn table(rows: usize) -> String {
    let row = |i| {
        format!(
            "2014-04-01 {:02}:{:02}:{:02},{}.5\n",
            i / 3600,
            i / 60 % 60,
            i % 60,
            i * 31 % 977
        )
    };
    format!(
        "timestamp,value\n{}",
        (0..rows).map(row).collect::<String>()
    )
}

/// Hands over a few bytes at a time.
struct Trickle(std::io::Cursor<Vec<u8>>, usize);

impl Read for Trickle {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let count = buf.len().min(self.1);
        self.0.read(&mut buf[..count])
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::soak::cases(24), failure_persistence: None, rng_seed: prop::test_runner::RngSeed::Fixed(crate::soak::seed(1)), ..ProptestConfig::default() })]

    #[test]
    fn compression_changes_nothing(rows in 1_usize..3000, at in 0.0_f64..1.0, step in 1_usize..5000) {
        let text = table(rows).into_bytes();
        let plain = drain(&mut open(&text).unwrap()).0;
        prop_assert_eq!(plain.len(), rows);
        let (head, tail) = text.split_at((text.len() as f64 * at) as usize);
        let skippable = [&[0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3][..]].concat();
        for (bytes, compression) in [
            (gzip(&text), Compression::Gzip),
            ([gzip(head), gzip(tail)].concat(), Compression::Gzip),
            (zstd(&text), Compression::Zstd),
            ([skippable.clone(), zstd(head), skippable.clone(), zstd(tail), skippable].concat(), Compression::Zstd),
            (text.clone(), Compression::None),
        ] {
            let stream = Trickle(std::io::Cursor::new(bytes), step);
            let mut reader = Reader::from_stream(stream, "trickle", &Options::default()).unwrap();
            prop_assert_eq!(reader.layout().compression, compression);
            let (rows, error) = drain(&mut reader);
            prop_assert!(error.is_none(), "{:?}", error);
            prop_assert_eq!(&rows, &plain);
        }
    }

    #[test]
    fn a_cut_stream_gives_whole_rows_and_an_error(rows in 1500_usize..6000, at in 0.0_f64..1.0) {
        let text = table(rows).into_bytes();
        let plain = drain(&mut open(&text).unwrap()).0;
        for whole in [gzip(&text), zstd(&text)] {
            let keep = 5 + ((whole.len() - 6) as f64 * at) as usize;
            let cut = &whole[..keep];
            match open(cut) {
                Err(Error::Damaged { rows: 0, .. }) => {}
                Err(error) => prop_assert!(false, "{}", error),
                Ok(mut reader) => {
                    let (rows, error) = drain(&mut reader);
                    prop_assert!(matches!(error, Some(Error::Damaged { .. })), "{:?}", error);
                    prop_assert_eq!(&rows[..], &plain[..rows.len()]);
                    prop_assert!(reader.next_row().unwrap().is_none());
                    let cut_off = reader.stats().bad.iter().all(|bad| bad.reason == Reason::CutOff);
                    prop_assert!(cut_off && reader.stats().bad_rows <= 1);
                }
            }
        }
    }

    #[test]
    fn a_changed_byte_is_an_error_or_no_matter(rows in 1_usize..2000, at in 0.0_f64..1.0, bit in 0_u8..8) {
        let text = table(rows).into_bytes();
        let plain = drain(&mut open(&text).unwrap()).0;
        for mut bytes in [gzip(&text), zstd(&text)] {
            let index = ((bytes.len() - 1) as f64 * at) as usize;
            bytes[index] ^= 1 << bit;
            if let Ok(mut reader) = open(&bytes) {
                let (rows, error) = drain(&mut reader);
                prop_assert!(error.is_some() || rows == plain || reader.layout().compression == Compression::None);
            }
        }
    }
}

#[test]
fn a_bomb_is_streamed() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(b"v\n1\n").unwrap();
    let nines = vec![b'9'; 1 << 20];
    for _ in 0..64 {
        encoder.write_all(&nines).unwrap();
    }
    encoder.write_all(b"\n2\n").unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    let mut reader = open(&bomb).unwrap();
    assert_eq!(drain(&mut reader).0.len(), 2);
    assert_eq!(
        (reader.stats().bad_rows, reader.stats().bytes),
        (1, (64 << 20) + 7)
    );
}

#[test]
fn compressed_twice_is_said() {
    let error = open(&gzip(&gzip(b"v\n1\n"))).unwrap_err();
    assert!(error.to_string().contains("compressed twice"), "{error}");
}
