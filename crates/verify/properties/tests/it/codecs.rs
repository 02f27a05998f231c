//! Encoders and decoders.

use proptest::collection::vec;
use proptest::prelude::*;
use voidstate_codec::{Kind, Schema};
use voidstate_properties::laws::{Codec, round_trip};

use crate::catalogue::{Entry, lawful, planted};

const RECORD: Schema = Schema::new(Kind::new(b"LAWS"), 1);
type Record = (Vec<u8>, String, Option<i64>);

fn lists() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..5)
}

/// One byte of length, then the bytes.
fn short_list(list: &Vec<u8>) -> Result<Vec<u8>, ()> {
    let length = list.len().to_le_bytes()[0];
    Ok([&[length], list.as_slice()].concat())
}

fn read_list(bytes: &[u8], exact: bool) -> Result<Vec<u8>, String> {
    let (length, rest) = bytes.split_first().ok_or("empty")?;
    let list = rest.get(..usize::from(*length)).ok_or("short")?;
    if exact && rest.len() > list.len() {
        return Err("long".to_owned());
    }
    Ok(list.to_vec())
}

/// Seven bits a byte, low first; zeros at the end are read too.
fn varint(mut n: u16) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let low = n.to_le_bytes()[0] & 0x7f;
        n >>= 7;
        if n == 0 {
            out.push(low);
            return out;
        }
        out.push(low | 0x80);
    }
}

fn read_varint(bytes: &[u8]) -> Result<u16, ()> {
    let mut n = 0_u32;
    for (i, byte) in bytes.iter().enumerate() {
        if i > 2 {
            return Err(());
        }
        n |= u32::from(byte & 0x7f) << (7 * i);
        let last = byte & 0x80 == 0;
        if last != (i + 1 == bytes.len()) {
            return Err(());
        }
    }
    if bytes.is_empty() {
        Err(())
    } else {
        u16::try_from(n).map_err(|_| ())
    }
}

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        lawful("records of voidstate-codec", |s| {
            let decode = |b: &[u8]| RECORD.decode::<Record>(b);
            let values = any::<Record>();
            let codec = Codec::default().checked();
            round_trip(
                s,
                &values,
                codec,
                |a| RECORD.encode(a),
                decode,
                PartialEq::eq,
            )
        }),
        lawful("fixed integers", |s| {
            let encode = |a: &u32| Ok::<_, ()>(a.to_be_bytes());
            let decode = |b: &[u8]| b.try_into().map(u32::from_be_bytes);
            let codec = Codec::default().canonical();
            round_trip(s, &any::<u32>(), codec, encode, decode, PartialEq::eq)
        }),
        lawful("texts", |s| {
            let encode = |a: &String| Ok::<_, ()>(a.clone());
            let decode = |b: &[u8]| String::from_utf8(b.to_vec());
            round_trip(
                s,
                &any::<String>(),
                Codec::unframed(),
                encode,
                decode,
                PartialEq::eq,
            )
        }),
        planted(
            "a decoder that ignores what follows",
            "suffixes are refused",
            |s| {
                let decode = |b: &[u8]| read_list(b, false);
                round_trip(
                    s,
                    &lists(),
                    Codec::default(),
                    short_list,
                    decode,
                    PartialEq::eq,
                )
            },
        ),
        planted("a length of three bits", "round trip", |s| {
            let decode = |b: &[u8]| read_list(b, true);
            let values = vec(Just(0_u8), 0..12);
            let encode = |a: &Vec<u8>| {
                let bytes = short_list(a)?;
                Ok::<_, ()>([&[bytes[0] & 7], &bytes[1..]].concat())
            };
            round_trip(s, &values, Codec::default(), encode, decode, PartialEq::eq)
        }),
        planted("a number with two spellings", "canonical form", |s| {
            let codec = Codec::default().canonical();
            let encode = |a: &u16| Ok::<_, ()>(varint(*a));
            round_trip(
                s,
                &(128_u16..300),
                codec,
                encode,
                read_varint,
                PartialEq::eq,
            )
        }),
        planted(
            "a decoder that trusts the length",
            "prefixes are refused",
            |s| {
                let decode = |b: &[u8]| Ok::<_, ()>(b[1..][..usize::from(b[0])].to_vec());
                round_trip(
                    s,
                    &lists(),
                    Codec::default(),
                    short_list,
                    decode,
                    PartialEq::eq,
                )
            },
        ),
        planted("a cut that reads as shorter", "prefixes are refused", |s| {
            let encode = |a: &Vec<u8>| Ok::<_, ()>(a.clone());
            let decode = |b: &[u8]| Ok::<_, ()>(b.to_vec());
            round_trip(s, &lists(), Codec::default(), encode, decode, PartialEq::eq)
        }),
        planted(
            "a checksum that overlooks a byte",
            "changed bits are refused",
            |s| {
                let encode = |a: &[u8; 3]| Ok::<_, ()>([a[0], a[1], a[2], a[0] ^ a[2]]);
                let decode = |b: &[u8]| match *b {
                    [x, y, z, sum] if sum == x ^ z => Ok([x, y, z]),
                    _ => Err(()),
                };
                let codec = Codec::default().checked();
                round_trip(s, &any::<[u8; 3]>(), codec, encode, decode, PartialEq::eq)
            },
        ),
    ]
}
