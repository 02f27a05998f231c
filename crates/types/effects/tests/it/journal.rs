//! Journals as bytes.

#![expect(
    clippy::disallowed_methods,
    reason = "the golden file is read and blessed here"
)]

use proptest::prelude::*;
use voidstate_effects::*;

use crate::programs::{Add, Ask, Step, Talk, Tell, World, steps, talk};

fn recorded(steps: &[Step], world: World) -> (Result<Vec<i64>, Error>, Journal) {
    let mut record = Record::new(world);
    let out = direct(&mut record, async |c| talk(c, steps).await);
    (out, record.into_journal())
}

fn sample() -> Journal {
    let steps = [
        Step::Add(40),
        Step::Ask("why".to_owned()),
        Step::Ask(String::new()),
        Step::TellThroughSubRow(f64::NAN),
    ];
    let world = World {
        aborts_at: Some(4),
        ..World::default()
    };
    let (out, journal) = recorded(&steps, world);
    assert!(matches!(out, Err(Error::Aborted { .. })));
    journal
}

fn hex(bytes: &[u8]) -> String {
    let lines = bytes.chunks(32).map(|line| {
        let mut text: String = line.iter().map(|b| format!("{b:02x}")).collect();
        text.push('\n');
        text
    });
    lines.collect()
}

#[test]
fn golden_journal() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/journal_v1.hex");
    let bytes = sample().to_bytes().unwrap();
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        std::fs::write(path, hex(&bytes)).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap();
    assert_eq!(hex(&bytes), golden, "the bytes of version 1 never change");
    let digits: Vec<u8> = golden.bytes().filter(u8::is_ascii_hexdigit).collect();
    let read: Vec<u8> = digits
        .chunks(2)
        .map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap())
        .collect();
    assert_eq!(Journal::from_bytes(&read).unwrap(), sample());
}

#[test]
fn every_cut_and_every_flipped_bit_is_noticed() {
    let bytes = sample().to_bytes().unwrap();
    for cut in 0..bytes.len() {
        assert!(Journal::from_bytes(&bytes[..cut]).is_err(), "cut at {cut}");
    }
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(Journal::from_bytes(&flipped).is_err(), "bit {bit}");
    }
    let mut longer = bytes.clone();
    longer.extend(&bytes);
    let error = Journal::from_bytes(&longer).unwrap_err();
    assert!(matches!(
        error,
        Error::Journal {
            what: "bytes follow the end",
            ..
        }
    ));
}

#[test]
fn lost_doubled_and_moved_blocks_are_noticed() {
    let journal = sample();
    let (mut encoder, head) = Encoder::head(&journal).unwrap();
    let blocks: Vec<Vec<u8>> = journal
        .entries()
        .chunks(2)
        .map(|entries| encoder.block(entries).unwrap())
        .collect();
    let end = encoder.end().unwrap();
    let of = |order: &[usize]| {
        let mut bytes = head.clone();
        order.iter().for_each(|b| bytes.extend(&blocks[*b]));
        bytes.extend(&end);
        Journal::from_bytes(&bytes)
    };
    assert_eq!(of(&[0, 1, 2]).unwrap(), journal);
    for order in [
        &[0, 1][..],
        &[1, 2],
        &[0, 0, 1, 2],
        &[1, 0, 2],
        &[0, 2, 1],
        &[],
    ] {
        assert!(matches!(of(order), Err(Error::Journal { .. })), "{order:?}");
    }
}

#[test]
fn another_version_is_refused_by_name() {
    use voidstate_codec::{Kind, Schema};
    let later = Schema::new(Kind::new(b"EFJH"), 2).encode(&["add"]).unwrap();
    let error = Journal::from_bytes(&later).unwrap_err();
    assert!(error.to_string().contains("version 2"), "{error}");
    let other = Schema::new(Kind::new(b"TOOL"), 1).encode(&["add"]).unwrap();
    let error = Journal::from_bytes(&other).unwrap_err();
    assert!(error.to_string().contains("kind TOOL"), "{error}");
}

#[test]
fn entries_by_hand_are_those_of_the_program() {
    let (_, of_program) = recorded(&[Step::Add(3), Step::Tell(0.5)], World::default());
    let mut by_hand = Journal::of::<Talk>();
    by_hand.append(&Add(3), &3).unwrap();
    by_hand.append(&Tell(0.5), &()).unwrap();
    assert_eq!(by_hand, of_program);
    let mut cursor = Cursor::new(&by_hand);
    assert!(matches!(
        cursor.answer(&Ask("x".into())),
        Err(Error::Diverged { at: 0, .. })
    ));
    assert_eq!(cursor.answer(&Add(3)).unwrap(), 3);
    assert!(matches!(
        cursor.finish(),
        Err(Error::Unperformed { at: 1, .. })
    ));
    cursor.answer(&Tell(0.5)).unwrap();
    cursor.finish().unwrap();
    assert!(matches!(
        cursor.answer(&Add(3)),
        Err(Error::Exhausted { at: 2, .. })
    ));
    let error = Journal::of::<row![Tell]>().append(&Add(1), &1).unwrap_err();
    assert!(matches!(error, Error::NotInRow { effect: "add", .. }));
}

#[test]
fn long_journals_are_written_in_blocks() {
    let mut journal = Journal::of::<row![Add]>();
    for n in 0..5000 {
        journal.append(&Add(n), &(n * 3)).unwrap();
    }
    let bytes = journal.to_bytes().unwrap();
    assert_eq!(Journal::from_bytes(&bytes).unwrap(), journal);
    // In parts, as it grows, it is the same.
    let (mut encoder, mut parts) = Encoder::head(&journal).unwrap();
    let mut growing = Journal::of::<row![Add]>();
    for entry in 0..5000 {
        growing.append(&Add(entry), &(entry * 3)).unwrap();
        if entry % 700 == 0 {
            parts.extend(encoder.block(&growing.drain()).unwrap());
            assert!(growing.is_empty());
        }
    }
    parts.extend(encoder.block(&growing.drain()).unwrap());
    parts.extend(encoder.end().unwrap());
    assert_eq!(Journal::from_bytes(&parts).unwrap(), journal);
}

proptest! {
    #[test]
    fn journals_round_trip(steps in steps(), aborts_at in prop::option::of(0_usize..20)) {
        let (_, journal) = recorded(&steps, World { aborts_at, ..World::default() });
        let bytes = journal.to_bytes().unwrap();
        prop_assert_eq!(Journal::from_bytes(&bytes).unwrap(), journal);
    }

    #[test]
    fn hostile_bytes_are_errors(bytes in prop::collection::vec(any::<u8>(), 0..300), at in 0_usize..400) {
        prop_assert!(Journal::from_bytes(&bytes).is_err());
        let mut spliced = sample().to_bytes().unwrap();
        let at = at.min(spliced.len());
        spliced.splice(at..at, bytes.iter().copied());
        prop_assert_eq!(Journal::from_bytes(&spliced).is_ok(), bytes.is_empty());
    }
}
