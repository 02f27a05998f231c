//! Records: round trips, damage, golden bytes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod soak;

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde::{Deserialize, Serialize};
use voidstate_codec::{Error, HEADER_BYTES, Kind, PAYLOAD_BYTES_MAX, Schema, open};

const SCHEMA: Schema = Schema::new(Kind::new(b"TEST"), 3);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Shape {
    Nothing,
    Number(f64),
    Named { text: String, list: Vec<i64> },
    Nested(Vec<Shape>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Everything {
    shape: Shape,
    map: BTreeMap<String, u64>,
    option: Option<i128>,
    bytes: Vec<u8>,
    flag: bool,
}

fn shape() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![
        Just(Shape::Nothing),
        any::<i32>().prop_map(|n| Shape::Number(f64::from(n) / 7.0)),
        (".*", prop::collection::vec(any::<i64>(), 0..8))
            .prop_map(|(text, list)| Shape::Named { text, list }),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop::collection::vec(inner, 0..4).prop_map(Shape::Nested)
    })
}

fn everything() -> impl Strategy<Value = Everything> {
    let map = prop::collection::btree_map(".{0,8}", any::<u64>(), 0..6);
    (
        shape(),
        map,
        any::<Option<i128>>(),
        any::<Vec<u8>>(),
        any::<bool>(),
    )
        .prop_map(|(shape, map, option, bytes, flag)| Everything {
            shape,
            map,
            option,
            bytes,
            flag,
        })
}

/// The environment's configuration, which a soak moves and scales.
fn config() -> ProptestConfig {
    let own = ProptestConfig::default();
    ProptestConfig {
        cases: soak::cases(own.cases),
        rng_seed: match own.rng_seed {
            RngSeed::Fixed(seed) => RngSeed::Fixed(soak::seed(seed)),
            random => random,
        },
        ..own
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn round_trips(value in everything()) {
        let bytes = SCHEMA.encode(&value).unwrap();
        prop_assert_eq!(SCHEMA.decode::<Everything>(&bytes).unwrap(), value);
        let mut followed = bytes.clone();
        followed.extend_from_slice(b"more");
        prop_assert_eq!(SCHEMA.open(&followed).unwrap().bytes(), bytes.len());
        let refused = matches!(SCHEMA.decode::<Everything>(&followed), Err(Error::Trailing { bytes: 4, .. }));
        prop_assert!(refused);
    }

    #[test]
    fn every_flipped_bit_is_noticed(value in everything(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut bytes = SCHEMA.encode(&value).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(SCHEMA.decode::<Everything>(&bytes).is_err());
    }

    #[test]
    fn every_cut_is_noticed(value in everything(), at in any::<prop::sample::Index>()) {
        let bytes = SCHEMA.encode(&value).unwrap();
        let cut = at.index(bytes.len());
        let refused = matches!(SCHEMA.decode::<Everything>(&bytes[..cut]), Err(Error::Truncated { .. }));
        prop_assert!(refused);
    }

    #[test]
    fn hostile_bytes_are_errors(junk in any::<Vec<u8>>()) {
        prop_assert!(SCHEMA.decode::<Everything>(&junk).is_err());
        // A sound frame around a hostile payload: bytes that claim huge lengths must not be believed.
        let framed = frame(&junk);
        if let Ok(value) = SCHEMA.decode::<Everything>(&framed) {
            prop_assert!(SCHEMA.encode(&value).is_ok());
        }
    }
}

#[test]
fn a_few_strange_bytes_are_no_cut_record() {
    let strange = SCHEMA.decode::<Everything>(b"hello\n");
    assert!(
        matches!(
            strange,
            Err(Error::NotARecord {
                found: [b'h', b'e', b'l', b'l']
            })
        ),
        "{strange:?}"
    );
    for start in [&b""[..], b"VS", b"VS\x00\x01TE"] {
        let cut = SCHEMA.decode::<Everything>(start);
        assert!(matches!(cut, Err(Error::Truncated { .. })), "{cut:?}");
    }
}

/// A frame with a right checksum around any payload, made from the documented layout alone.
fn frame(payload: &[u8]) -> Vec<u8> {
    let mut bytes = b"VS\x00\x01TEST\x03\x00".to_vec();
    bytes.extend_from_slice(&u32::try_from(payload.len()).unwrap().to_le_bytes());
    let mut covered = bytes.clone();
    covered.extend_from_slice(payload);
    bytes.extend_from_slice(&crc32_bitwise(&covered).to_le_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// CRC-32 (IEEE 802.3), bit by bit, as an independent oracle.
fn crc32_bitwise(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}

#[test]
fn a_claimed_length_is_not_believed() {
    // A byte string of 2^60 bytes in a payload of nine bytes.
    let mut payload = vec![253];
    payload.extend_from_slice(&(1_u64 << 60).to_le_bytes());
    assert!(matches!(
        SCHEMA.decode::<Vec<u8>>(&frame(&payload)),
        Err(Error::Decode { .. })
    ));
    let mut huge = frame(&[]);
    huge[10..14].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(open(&huge), Err(Error::TooLarge { .. })));
}

#[test]
fn too_large_values_are_refused() {
    let error = SCHEMA
        .encode(&vec![0_u8; PAYLOAD_BYTES_MAX + 1])
        .unwrap_err();
    assert!(
        matches!(error, Error::TooLarge { .. } | Error::Encode(_)),
        "{error}"
    );
}

#[test]
fn kinds_and_versions_are_told_apart() {
    let bytes = SCHEMA.encode(&7_u8).unwrap();
    let other = Schema::new(Kind::new(b"ELSE"), 3);
    assert!(matches!(
        other.decode::<u8>(&bytes),
        Err(Error::Kind { .. })
    ));
    let newer = Schema::new(Kind::new(b"TEST"), 4);
    assert!(matches!(
        newer.decode::<u8>(&bytes),
        Err(Error::Version { found: 3, .. })
    ));
    let both = newer.reading_from(3);
    assert!(
        matches!(both.decode::<u8>(&bytes), Err(Error::Version { .. })),
        "decode reads the newest only"
    );
    let record = both.open(&bytes).unwrap();
    assert_eq!((record.version(), record.decode::<u8>().unwrap()), (3, 7));
    assert!(matches!(
        open(b"PK\x03\x04 not a record at all"),
        Err(Error::NotARecord { .. })
    ));
    assert_eq!(open(&bytes).unwrap().kind().to_string(), "TEST");
    assert_eq!(HEADER_BYTES, 18);
}

#[test]
fn golden_vectors() {
    let shape = Shape::Nested(vec![
        Shape::Nothing,
        Shape::Number(-0.1),
        Shape::Named {
            text: "ä".into(),
            list: vec![-1, 300],
        },
    ]);
    let map = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), u64::MAX)]);
    let value = Everything {
        shape,
        map,
        option: Some(-5),
        bytes: vec![0, 255],
        flag: true,
    };
    let bytes = SCHEMA.encode(&value).unwrap();
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/everything.v3.bin");
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        std::fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert_eq!(
        bytes,
        frame(&bytes[HEADER_BYTES..]),
        "the layout in the documentation is the layout in the bytes"
    );
    assert_eq!(
        SCHEMA
            .decode::<Everything>(&std::fs::read(&path).unwrap())
            .unwrap(),
        value
    );
}
