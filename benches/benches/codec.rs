//! Peer: postcard (compact serde format without kind, version or length; its CRC-32 flavour switched on).

use std::hint::black_box;

use serde::{Deserialize, Serialize};
use voidstate_benches::{Plan, pair, plan, report_pair, report_ratio};
use voidstate_codec::{Kind, Schema};

const SCHEMA: Schema = Schema::new(Kind::new(b"BNCH"), 1);

#[derive(Serialize, Deserialize)]
struct State {
    name: String,
    counts: Vec<u64>,
    levels: Vec<f64>,
    nested: Vec<(u32, Option<String>)>,
}

fn main() {
    let state = State {
        name: "host.cpu".to_owned(),
        counts: (0..256).map(|n| n * n).collect(),
        levels: (0..256).map(|n| f64::from(n) / 7.0).collect(),
        nested: (0..64)
            .map(|n| (n, (n % 3 == 0).then(|| format!("label {n}"))))
            .collect(),
    };
    let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let ours = SCHEMA.encode(&state).expect("encodes");
    let peer = postcard::to_stdvec_crc32(&state, crc.digest()).expect("encodes");
    let encode = pair(
        plan(Plan::USUAL),
        || {
            black_box(SCHEMA.encode(black_box(&state)).expect("encodes"));
        },
        || {
            black_box(postcard::to_stdvec_crc32(black_box(&state), crc.digest()).expect("encodes"));
        },
    );
    report_pair("codec", "encode", "postcard + CRC-32", encode);
    let decode = pair(
        plan(Plan::USUAL),
        || {
            black_box(SCHEMA.decode::<State>(black_box(&ours)).expect("decodes"));
        },
        || {
            black_box(
                postcard::from_bytes_crc32::<State>(black_box(&peer), crc.digest())
                    .expect("decodes"),
            );
        },
    );
    report_pair("codec", "decode", "postcard + CRC-32", decode);
    report_ratio("codec", "bytes", ours.len() as f64 / peer.len() as f64);
}
