//! Files of recordings: their rights, their version, and what is said of damaged ones.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use voidstate_runtime::{Ending, Error, Recorder, Recording, Replay, Replayed, Result};

use super::busy::Habits;
use super::same::{Plan, run, tools};

const HEADER_BYTES: usize = 18;

fn plan() -> Plan {
    Plan {
        shards: 2,
        is_threaded: false,
        rounds: 60,
        queue_max: 4096,
        seed: 11,
        commands: vec![18, 30, 7, 40, 2, 9, 12],
        habits: Habits {
            is_wild: true,
            ..Habits::default()
        },
    }
}

fn read(bytes: &[u8]) -> Result<Replayed> {
    let recording = Recording::read(std::io::Cursor::new(bytes.to_vec()))?;
    Replay::of(recording).tools(tools(plan().habits)).run()
}

/// CRC-32 (IEEE), a bit at a time.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

/// Where each record begins.
fn records(bytes: &[u8]) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = 0;
    while let Some(length) = bytes.get(at + 10..at + 14) {
        starts.push(at);
        at += HEADER_BYTES + u32::from_le_bytes(length.try_into().unwrap()) as usize;
    }
    starts
}

/// Makes the checksum of the record at `start` right again.
fn seal(bytes: &mut [u8], start: usize) {
    let length = u32::from_le_bytes(bytes[start + 10..start + 14].try_into().unwrap()) as usize;
    let mut summed = bytes[start..start + 14].to_vec();
    summed.extend(&bytes[start + HEADER_BYTES..start + HEADER_BYTES + length]);
    bytes[start + 14..start + HEADER_BYTES].copy_from_slice(&checksum(&summed).to_le_bytes());
}

fn place(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("voidstate_record_{}_{name}", std::process::id()))
}

#[test]
fn a_recording_is_its_owners_alone_and_never_overwritten() {
    let path = place("rights");
    let _ = std::fs::remove_file(&path);
    drop(Recorder::create(&path).unwrap());
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = Recorder::create(&path).unwrap_err();
    assert!(
        matches!(again, Error::RecordingFile { doing: "made", .. }),
        "{again}"
    );
    std::fs::remove_file(&path).unwrap();
    let missing = Recording::open(&path).unwrap_err().to_string();
    assert!(missing.contains("cannot be opened"), "{missing}");
}

#[test]
fn a_recording_of_version_1_is_still_read() {
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let (bytes_at, lines_at) = (
        golden.join("recording_v1.bin"),
        golden.join("recording_v1.txt"),
    );
    let lines = |replayed: &Replayed| -> String {
        replayed
            .findings
            .iter()
            .map(|f| format!("{f:?}\n"))
            .collect()
    };
    let head = Recording::open(&bytes_at).unwrap().head().clone();
    assert_eq!((head.settings.shards, head.settings.seed), (2, 11));
    assert!(head.program.starts_with("voidstate-runtime "), "{head:?}");
    let replayed = read(&std::fs::read(&bytes_at).unwrap()).unwrap();
    assert!(replayed.is_identical(), "{:?}", replayed.divergence);
    assert!(replayed.signals > 100 && replayed.findings.len() > 20);
    assert_eq!(
        lines(&replayed),
        std::fs::read_to_string(&lines_at).unwrap()
    );
}

#[test]
fn a_recording_that_is_cut_anywhere_is_replayed_up_to_there() {
    let (_, bytes, _) = run(&plan());
    let starts = records(&bytes);
    let whole = read(&bytes).unwrap();
    assert_eq!(whole.ending, Ending::Whole);
    for cut in (0..bytes.len()).step_by(7).chain(starts.iter().copied()) {
        match read(&bytes[..cut]) {
            // The head is not whole.
            Err(error) => {
                assert!(cut < starts[1], "{error} at {cut} of {}", bytes.len());
                assert!(
                    matches!(error, Error::RecordingRecord { offset: 0, .. }),
                    "{error}"
                );
            }
            Ok(replayed) => {
                let offset = *starts.iter().filter(|start| **start <= cut).max().unwrap() as u64;
                assert_eq!(replayed.ending, Ending::Torn { offset }, "{cut}");
                assert!(replayed.is_identical(), "{cut}: {:?}", replayed.divergence);
                assert!(replayed.signals <= whole.signals);
            }
        }
    }
}

#[test]
fn a_changed_bit_is_noticed() {
    let (_, bytes, _) = run(&plan());
    let starts = records(&bytes);
    for at in (0..bytes.len()).step_by(5) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        let start = *starts.iter().filter(|start| **start <= at).max().unwrap() as u64;
        match read(&damaged) {
            Err(Error::RecordingRecord { offset, .. }) => assert_eq!(offset, start, "{at}"),
            Err(other) => panic!("{at}: {other}"),
            // What was damaged could be the half-written last record, or its length reaches beyond the end.
            Ok(replayed) => assert_eq!(replayed.ending, Ending::Torn { offset: start }, "{at}"),
        }
    }
}

#[test]
fn files_of_others_and_of_the_future_are_refused_by_name() {
    let of = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
    assert!(of(b"").contains("cut off"), "{}", of(b""));
    assert!(of(b"time,value\n1,2\n3,4\n5,6\n").contains("not a voidstate record"));
    let (_, mut bytes, _) = run(&plan());
    let other = voidstate_codec::Schema::new(voidstate_codec::Kind::new(b"OTHR"), 1);
    let foreign = other.encode(&7_u64).unwrap();
    assert!(of(&foreign).contains("kind OTHR"), "{}", of(&foreign));
    bytes[8] = 2;
    seal(&mut bytes, 0);
    let future = of(&bytes);
    assert!(
        future.contains("version 2") && future.contains("byte 0"),
        "{future}"
    );
    assert!(future.contains("use the program that made it"), "{future}");
}

#[test]
fn hostile_recordings_are_errors() {
    let (_, bytes, _) = run(&plan());
    let starts = records(&bytes);
    let bytes = Arc::new(bytes);
    let config = ProptestConfig {
        cases: crate::soak::cases(400),
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(crate::soak::seed(43)),
        ..ProptestConfig::default()
    };
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4);
    proptest!(config, |(changes in changes, swap in any::<(prop::sample::Index, bool)>())| {
        let mut hostile = bytes.to_vec();
        for (at, byte) in &changes {
            let at = at.index(hostile.len());
            let start = *starts.iter().filter(|start| **start <= at).max().unwrap();
            // Lengths stay, so that the record is still one.
            if at >= start + HEADER_BYTES {
                hostile[at] = *byte;
                seal(&mut hostile, start);
            }
        }
        if swap.1 {
            // A record that comes twice, or not at all.
            let nth = 1 + swap.0.index(starts.len() - 1);
            let end = starts.get(nth + 1).copied().unwrap_or(hostile.len());
            let record = hostile[starts[nth]..end].to_vec();
            if changes.len() == 2 {
                hostile.drain(starts[nth]..end);
            } else {
                hostile.splice(end..end, record);
            }
        }
        // Whatever it says: an outcome, without panic and without end.
        let _ = read(&hostile);
    });
}

/// Bytes that stand in a record as they are: a tuple carries no length.
struct Verbatim(Vec<u8>);

impl serde::Serialize for Verbatim {
    fn serialize<S: serde::Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        use serde::ser::SerializeTuple;
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        self.0
            .iter()
            .try_for_each(|byte| tuple.serialize_element(byte))?;
        tuple.end()
    }
}

#[test]
fn a_record_that_claims_too_much_memory_is_an_error() {
    let (_, mut bytes, _) = run(&plan());
    let second = records(&bytes)[1];
    bytes.truncate(second);
    // Shard 0, up to 0, and many ticks: two bytes each in the file, a hundred in memory.
    let count = 4_000_000_u32;
    let mut payload = vec![0, 0, 252];
    payload.extend(count.to_le_bytes());
    payload.extend([0, 1].repeat(count as usize));
    let chunk = voidstate_codec::Schema::new(voidstate_codec::Kind::new(b"VRCH"), 1);
    bytes.extend(chunk.encode(&Verbatim(payload)).unwrap());
    let error = read(&bytes).unwrap_err();
    assert!(
        matches!(error, Error::RecordingRecord { offset, .. } if offset == second as u64),
        "{error}"
    );
    let text = error.to_string();
    assert!(text.contains("more than 256 MiB of memory"), "{text}");
}
