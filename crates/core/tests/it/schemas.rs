//! The hand-written JSON schemas accept exactly what the code accepts.

use proptest::prelude::*;
use serde_json::{Value, json};
use voidstate_core::{Finding, Signal};

use crate::strategies::{finding, signal};

fn schema(name: &str) -> jsonschema::Validator {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../specs/schema")
        .join(name);
    let text = std::fs::read_to_string(path).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

/// Every object and array inside `value`, by JSON pointer.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                places(
                    inner,
                    &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
                    out,
                );
            }
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(i, inner)| places(inner, &format!("{at}/{i}"), out));
        }
        _ => {}
    }
}

/// One structural fault at one place: a key removed, a key added, a value of another type. (Serde also reads a record
/// from an array of its fields; that form is not part of the schema and is not tried.)
fn mutate(value: &Value, place: &str, fault: u8, which: usize) -> Value {
    let mut copy = value.clone();
    let target = copy.pointer_mut(place).unwrap();
    match (fault, &mut *target) {
        (0, Value::Object(map)) if !map.is_empty() => {
            let key = map.keys().nth(which % map.len()).unwrap().clone();
            map.remove(&key);
        }
        (1, Value::Object(map)) => {
            map.insert("surprise".to_owned(), json!(1));
        }
        (2, _) => *target = json!([{}]),
        (3, _) => *target = json!("other"),
        (4, _) => *target = Value::Null,
        (5, _) => *target = json!(-7),
        _ => *target = json!({}),
    }
    copy
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn schemas_agree_with_the_code(signal in signal(), finding in finding(), place in any::<prop::sample::Index>(),
                                   fault in 0..7_u8, which in any::<usize>()) {
        thread_local! {
            static SCHEMAS: (jsonschema::Validator, jsonschema::Validator) =
                (schema("signal.schema.json"), schema("finding.schema.json"));
        }
        let (signal, finding) = (serde_json::to_value(&signal).unwrap(), serde_json::to_value(&finding).unwrap());
        SCHEMAS.with(|(signals, findings)| {
            prop_assert!(signals.is_valid(&signal), "{}", signal);
            prop_assert!(findings.is_valid(&finding), "{}", finding);
            let mut at = Vec::new();
            places(&signal, "", &mut at);
            let broken = mutate(&signal, &at[place.index(at.len())], fault, which);
            let code = serde_json::from_value::<Signal>(broken.clone()).is_ok();
            prop_assert_eq!(code, signals.is_valid(&broken), "{}", broken);
            at.clear();
            places(&finding, "", &mut at);
            let broken = mutate(&finding, &at[place.index(at.len())], fault, which);
            let code = serde_json::from_value::<Finding>(broken.clone()).is_ok();
            prop_assert_eq!(code, findings.is_valid(&broken), "{}", broken);
            Ok(())
        })?;
    }
}
