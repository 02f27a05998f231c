//! The vocabulary in binary records: rooms that do not know each other.

use serde::ser::{Serialize, SerializeTuple, Serializer};
use voidstate_codec::{Kind, Schema};
use voidstate_core::{AttributeValue, Event, Signal, Timestamp, ToolMeta};

const SCHEMA: Schema = Schema::new(Kind::new(b"TEST"), 1);

#[test]
fn signals_and_metadata_survive_binary_records() {
    let list = AttributeValue::List(vec![
        1_i64.into(),
        f64::INFINITY.into(),
        AttributeValue::Bytes(vec![0]),
    ]);
    let attributes = [("list".to_owned(), list), ("text".to_owned(), "ä".into())].into();
    let signals = vec![Signal::Event(Event {
        name: "deploy".into(),
        time: Timestamp::MIN,
        attributes,
    })];
    let bytes = SCHEMA.encode(&signals).unwrap();
    assert_eq!(SCHEMA.decode::<Vec<Signal>>(&bytes).unwrap(), signals);
    let meta = ToolMeta::new("a", "host.**", "d").unwrap();
    assert_eq!(
        SCHEMA
            .decode::<ToolMeta>(&SCHEMA.encode(&meta).unwrap())
            .unwrap(),
        meta
    );
}

/// Bytes that stand in a record as they are: a tuple carries no length.
struct Verbatim(Vec<u8>);

impl Serialize for Verbatim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        self.0
            .iter()
            .try_for_each(|byte| tuple.serialize_element(byte))?;
        tuple.end()
    }
}

#[test]
fn claimed_nesting_does_not_use_up_the_stack() {
    // Variant 5 is a list; each level is a list of one list, the innermost is empty.
    for (levels, fits) in [(16_usize, true), (18, false), (1_000_000, false)] {
        let mut payload = [5_u8, 1].repeat(levels - 1);
        payload.extend([5, 0]);
        let framed = SCHEMA.encode(&Verbatim(payload)).unwrap();
        assert_eq!(
            SCHEMA.decode::<AttributeValue>(&framed).is_ok(),
            fits,
            "{levels} levels"
        );
    }
}
