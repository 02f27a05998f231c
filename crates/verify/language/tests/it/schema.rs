//! The JSON schema says what the code takes.

use std::cell::OnceCell;

use proptest::prelude::*;
use serde_json::{Value, json};
use voidstate_language::{SCHEMA, from_json, to_json};

use crate::documents::document;
use crate::parsing::{TOUR, read};
use crate::soak;

pub(crate) fn is_valid(value: &Value) -> bool {
    thread_local! {
        static VALIDATOR: OnceCell<jsonschema::Validator> = const { OnceCell::new() };
    }
    VALIDATOR.with(|v| {
        v.get_or_init(|| jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap())
            .is_valid(value)
    })
}

#[test]
fn the_schema_beside_the_others_is_the_same() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../specs/schema/spec.schema.json"
    );
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        std::fs::write(path, SCHEMA).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), SCHEMA);
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: prop::test_runner::RngSeed::Fixed(soak::seed(4)),
        ..ProptestConfig::with_cases(soak::cases(200))
    })]

    #[test]
    fn every_document_fits_the_schema(d in document()) {
        prop_assert!(is_valid(&to_json(&d)));
    }
}

/// A document around an expression.
fn with(expr: &Value) -> Value {
    json!({"items": [{"kind": {"define": {
        "name": "f", "parameters": [], "result": {"kind": "bool"}, "body": expr
    }}}]})
}

fn member(kind: &Value) -> Value {
    json!({"items": [{"kind": {"tool": {"name": "t", "body": [{"kind": kind}]}}}]})
}

#[test]
fn wrong_json_is_refused_by_schema_and_code() {
    let x = json!({"name": "x"});
    let cases = [
        json!(null),
        json!([]),
        json!({}),
        json!({"items": [], "more": 1}),
        json!({"items": [{"kind": "tool"}]}),
        json!({"items": [], "comments": ["a\nb"]}),
        json!({"items": [], "comments": ["a "]}),
        json!({"items": [], "comments": ["a\u{202e}"]}),
        json!({"items": [{"kind": {"record": {"name": "small", "fields": []}}}]}),
        json!({"items": [{"kind": {"enum": {"name": "E", "variants": []}}}]}),
        json!({"items": [{"kind": {"tool": {"name": "let", "body": []}}}]}),
        json!({"items": [{"kind": {"tool": {"name": "two words", "body": []}}}]}),
        with(&json!({"name": "a b"})),
        with(&json!({"name": "_"})),
        with(&json!({"name": "state"})),
        with(&json!({"name": "then"})),
        with(&json!({"tuple": [x]})),
        with(&json!({"tuple": []})),
        with(&json!({"binary": ["plus", x, x]})),
        with(&json!({"binary": ["add", x]})),
        with(&json!({"binary": ["add", x, x, x]})),
        with(&json!({"compare": {"first": x, "rest": []}})),
        with(&json!({"lambda": {"parameters": [], "body": x}})),
        with(&json!({"match": {"of": x, "arms": []}})),
        with(
            &json!({"match": {"of": x, "arms": [{"pattern": {"variant": {"variant": "_", "bindings": []}}, "body": x}]}}),
        ),
        with(&json!({"literal": {"int": 1.5}})),
        with(&json!({"literal": {"int": 9_223_372_036_854_775_808_u64}})),
        with(&json!({"literal": {"real": null}})),
        with(&json!({"literal": {"bytes": [256]}})),
        with(&json!({"literal": {"quantity": {"digits": 1, "decimals": 19, "unit": "seconds"}}})),
        with(&json!({"literal": {"quantity": {"digits": i64::MIN, "unit": "seconds"}}})),
        with(&json!({"literal": {"quantity": {"digits": 1, "unit": "ms"}}})),
        with(&json!({"record": {"name": "r", "fields": []}})),
        with(&json!({"variant": {"of": "k", "variant": "a", "arguments": []}})),
        with(&json!({"name": "x", "some": "none"})),
        with(&json!({"unknown": x})),
        member(&json!({"effects": ["none"]})),
        member(&json!({"complexity": {"operation": "f", "bound": {"sum": [{"constant": 1}]}}})),
        member(&json!({"complexity": {"operation": "f", "bound": {"variable": "log"}}})),
        member(
            &json!({"operation": {"name": "o", "body": [{"kind": {"operation": {"name": "p", "body": []}}}]}}),
        ),
        member(&json!({"clause": {"kind": "promises", "label": "l", "condition": x}})),
    ];
    for case in cases {
        assert!(!is_valid(&case), "the schema takes {case}");
        let refused = from_json(&case.to_string()).expect_err(&case.to_string());
        assert!(refused.has_errors() && !refused.to_string().is_empty());
    }
    assert!(is_valid(&with(&x)) && from_json(&with(&x).to_string()).is_ok());
    assert!(is_valid(&to_json(&read(TOUR))));
}

#[test]
fn json_that_is_none_is_refused_where_it_breaks() {
    let good = to_json(&read(TOUR)).to_string();
    for cut in (0..good.len()).step_by(97) {
        assert!(from_json(&good[..cut]).is_err());
    }
    for text in [
        "",
        "nul",
        "{\"items\":[]} x",
        "{\"items\":[],\"items\":[]}",
        "\u{feff}{\"items\":[]}",
        "1e999",
    ] {
        assert!(from_json(text).is_err(), "{text}");
    }
    let text = "{\n  \"items\": [],\n  \"more\": 1\n}";
    let shown = from_json(text).unwrap_err().render(text, "x.json", false);
    assert!(
        shown.contains("x.json:3") && shown.contains("unknown field `more`"),
        "{shown}"
    );
}
