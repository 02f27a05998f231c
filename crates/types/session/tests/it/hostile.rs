//! Bytes that are no session.

use proptest::prelude::*;
use voidstate_session::wire::{Decoder, Encoder, FRAME_BYTES_MAX, Frame, Wire};
use voidstate_session::{Fault, Labelled};

use crate::protocols::coordination::Message;
use crate::protocols::{InitRequest, WorkComplete};

fn message() -> impl Strategy<Value = Message> {
    prop_oneof![
        any::<u32>().prop_map(|n| Message::Init(InitRequest(n))),
        (".{0,40}", any::<u64>()).prop_map(|(what, n)| Message::Start(what, n)),
        any::<u64>().prop_map(Message::Ask),
        any::<u64>().prop_map(|n| Message::Complete(WorkComplete(n))),
        any::<bool>().prop_map(|_| Message::Cancel),
    ]
}

/// Everything that can be read, and how it ended.
fn read(bytes: &[u8]) -> (Vec<Vec<u8>>, Option<Fault>) {
    let mut decoder = Decoder::new(FRAME_BYTES_MAX);
    decoder.push(bytes);
    let mut seen = Vec::new();
    loop {
        match decoder.take::<Message>() {
            Ok(Some(message)) => seen.push(message.pack().unwrap()),
            Ok(None) => return (seen, None),
            Err(fault) => return (seen, Some(fault)),
        }
    }
}

proptest! {
    #[test]
    fn messages_come_back_as_they_were(messages in prop::collection::vec(message(), 0..6)) {
        let mut encoder = Encoder::new(FRAME_BYTES_MAX);
        let mut decoder = Decoder::new(FRAME_BYTES_MAX);
        for message in &messages {
            decoder.push(&encoder.message(message).unwrap());
        }
        for message in &messages {
            let frame = Frame::of(message).unwrap();
            let found: Message = decoder.take().unwrap().unwrap();
            prop_assert_eq!(&Frame::of(&found).unwrap(), &frame);
            let again: Message = frame.read().unwrap();
            prop_assert_eq!(again.label(), message.label());
        }
        prop_assert!(decoder.take::<Message>().unwrap().is_none());
    }

    #[test]
    fn hostile_bytes_are_errors(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let (seen, _) = read(&bytes);
        prop_assert!(seen.is_empty());
    }

    #[test]
    fn a_flipped_bit_is_noticed(message in message(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut bytes = Encoder::new(FRAME_BYTES_MAX).message(&message).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        // A longer claim waits for bytes that never come; everything else is an error.
        let (seen, _) = read(&bytes);
        prop_assert!(seen.is_empty());
    }

    #[test]
    fn sound_frames_of_another_payload_are_errors(label in "[A-Z][a-z]{0,8}", payload in prop::collection::vec(any::<u8>(), 0..60)) {
        let frame = Frame { label, payload };
        let bytes = Encoder::new(FRAME_BYTES_MAX).message(&frame).unwrap();
        let (seen, fault) = read(&bytes);
        prop_assert!(seen.is_empty() && fault.is_some());
    }
}

#[test]
fn the_bytes_of_version_1_never_change() {
    let mut encoder = Encoder::new(FRAME_BYTES_MAX);
    let mut bytes = encoder
        .message(&Message::Start("count".to_owned(), 3))
        .unwrap();
    bytes.extend(
        encoder
            .leaving(&voidstate_session::Leaving::Cancelled("tool".into()))
            .unwrap(),
    );
    let shown: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/frames_v1.hex");
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        std::fs::write(path, format!("{shown}\n")).unwrap();
    }
    assert_eq!(shown, std::fs::read_to_string(path).unwrap().trim());
}
