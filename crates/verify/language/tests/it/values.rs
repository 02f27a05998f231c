//! Values as JSON and as source text.

use std::sync::Arc;

use proptest::prelude::*;
use voidstate_language::{EnumType, RecordType, Scope, Steps, Type, Value, compile};

fn point() -> Arc<RecordType> {
    Arc::new(RecordType {
        name: "Point".to_owned(),
        fields: vec![
            ("x".to_owned(), Type::Real(None)),
            ("tag".to_owned(), Type::Text),
        ],
    })
}

fn kind() -> Arc<EnumType> {
    Arc::new(EnumType {
        name: "Kind".to_owned(),
        variants: vec![
            ("normal".to_owned(), vec![]),
            ("off".to_owned(), vec![Type::Real(None), Type::Int(None)]),
        ],
    })
}

/// A type and a value of it.
fn typed_value() -> impl Strategy<Value = (Type, Value)> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(|b| (Type::Bool, Value::Bool(b))),
        prop_oneof![any::<i64>(), Just(i64::MIN)].prop_map(|i| (Type::Int(None), Value::Int(i))),
        prop_oneof![
            any::<f64>(),
            Just(-0.0),
            Just(f64::INFINITY),
            Just(f64::NEG_INFINITY),
            Just(f64::NAN)
        ]
        .prop_map(|x| (
            Type::Real(None),
            Value::Real(if x.is_nan() { f64::NAN } else { x })
        )),
        any::<String>().prop_map(|t| (Type::Text, Value::text(t))),
        any::<Vec<u8>>().prop_map(|b| (Type::Bytes, Value::bytes(b))),
        prop_oneof![any::<i64>(), -99_i64..99, Just(i64::MIN)]
            .prop_map(|i| (Type::Duration, Value::Duration(i))),
        any::<i64>().prop_map(|i| (Type::Size, Value::Size(i))),
        (any::<f64>(), any::<String>()).prop_map(|(x, t)| {
            let fields = [
                Value::Real(if x.is_nan() { 1.5 } else { x }),
                Value::text(t),
            ]
            .into();
            (Type::Record(point()), Value::Record(point(), fields))
        }),
        any::<Option<i64>>().prop_map(|i| {
            let value = match i {
                None => Value::Enum(kind(), 0, [].into()),
                Some(i) => Value::Enum(kind(), 1, [Value::Real(0.5), Value::Int(i)].into()),
            };
            (Type::Enum(kind()), value)
        }),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            (inner.clone(), 0_usize..3)
                .prop_map(|((t, v), n)| { (Type::List(Arc::new(t)), Value::list(vec![v; n])) }),
            (inner.clone(), any::<bool>()).prop_map(|((t, v), some)| {
                let value = if some { Value::some(v) } else { Value::none() };
                (Type::Option(Arc::new(t)), value)
            }),
            (inner.clone(), inner.clone()).prop_map(|((t, v), (u, w))| {
                (Type::Tuple([t, u].into()), Value::tuple([v, w]))
            }),
            (inner.clone(), inner).prop_map(|((t, v), (u, w))| {
                (Type::Map(Arc::new(t), Arc::new(u)), Value::map([(v, w)]))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        rng_seed: prop::test_runner::RngSeed::Fixed(0x7a1e),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn json_gives_the_value_back((type_, value) in typed_value()) {
        prop_assert!(value.type_fits(&type_));
        let json = value.to_json().to_string();
        let json = serde_json::from_str(&json).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(Value::from_json(&json, &type_), Ok(value));
    }

    #[test]
    fn the_text_of_a_value_is_its_source((type_, value) in typed_value()) {
        let source = format!(
            "record Point {{ x: real, tag: text }}\nenum Kind {{ normal, off(real, int) }}\n\
             tool t {{ input v: {type_}; example (v: {value}) => () }}"
        );
        let checked = compile(&source).map_err(|d| TestCaseError::fail(d.render(&source, "value", false)))?;
        prop_assert_eq!(&checked.tools[0].operations[0].examples[0].inputs[0], &value);
    }
}

/// Characters that a source may not hold as they are stand escaped in the text of a value.
#[test]
fn the_text_of_a_value_hides_nothing() {
    for c in [
        '\u{feff}', '\u{202e}', '\u{2066}', '\u{200e}', '\u{85}', '\u{7f}', '\u{1}',
    ] {
        let value = Value::text(c.to_string());
        let source = format!("tool t {{ input v: text; example (v: {value}) => () }}");
        let checked =
            compile(&source).unwrap_or_else(|d| panic!("{}", d.render(&source, "value", false)));
        assert_eq!(checked.tools[0].operations[0].examples[0].inputs[0], value);
    }
}

#[test]
fn nan_equals_nothing_and_is_the_same_as_itself() {
    let table = [
        ("x == x", false),
        ("x != x", true),
        ("x < 1.0 or x >= 1.0", false),
        ("same(x, x)", true),
        ("x in [x]", false),
        ("[x] == [x]", false),
        ("is_nan(max([1.0, x, 2.0]))", true),
        ("is_sorted([1.0, infinity, x])", true),
        ("unique([x, x])", false),
        ("len(distinct([0.0, -0.0]))  == 2", true),
        ("is_sorted([0.0, -0.0])", true),
        ("0.0 == -0.0 and not same(0.0, -0.0)", true),
        ("x ~= x within 1.0", false),
        ("infinity ~= infinity within 0.0", true),
        ("defined(round(x))", false),
        ("keys({2: 1, 1: 1}) == [1, 2]", true),
    ];
    for (text, expected) in table {
        let source = format!("tool t {{ input x: real; requires \"c\": {text} }}");
        let checked = compile(&source);
        let checked = checked.unwrap_or_else(|d| panic!("{}", d.render(&source, "nan", false)));
        let clause = &checked.tools[0].operations[0].requires[0];
        let inputs = [Value::Real(f64::NAN)];
        let scope = Scope {
            inputs: &inputs,
            ..Scope::default()
        };
        assert_eq!(
            clause.holds(&scope, &mut Steps::default()),
            Ok(expected),
            "{text}"
        );
    }
}

#[test]
fn wrong_json_is_refused() {
    let list = Type::List(Arc::new(Type::Int(None)));
    for (json, type_) in [
        ("[1, 2.5]", &list),
        ("[9223372036854775808]", &list),
        ("9007199254740993", &Type::Real(None)),
        ("\"0g\"", &Type::Bytes),
        ("\"abc\"", &Type::Bytes),
        ("{\"x\": 1}", &Type::Record(point())),
        (
            "{\"x\": 1, \"tag\": \"\", \"z\": 0}",
            &Type::Record(point()),
        ),
        ("\"of\"", &Type::Enum(kind())),
        ("{\"off\": [1]}", &Type::Enum(kind())),
        (
            "[[1, 1], [1, 2]]",
            &Type::Map(Arc::new(Type::Int(None)), Arc::new(Type::Int(None))),
        ),
        ("1", &Type::Option(Arc::new(Type::Int(None)))),
    ] {
        let parsed = serde_json::from_str(json).unwrap_or_default();
        assert!(
            Value::from_json(&parsed, type_).is_err(),
            "{json} as {type_}"
        );
    }
}
