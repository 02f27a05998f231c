//! Configuration: keys, values that fit and values that do not.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::Index;
use voidstate_core::{AttributeValue, Attributes, ConfigField, ConfigKind};

use super::{Sizes, text};

fn kind() -> impl Strategy<Value = ConfigKind> + Clone {
    let whole = prop_oneof![3 => -100..100_i64, 1 => any::<i64>()];
    let real = || prop_oneof![3 => -100.0..100.0_f64, 1 => -1e300..1e300_f64];
    prop_oneof![
        Just(ConfigKind::Bool),
        (whole.clone(), whole).prop_map(|(a, b)| ConfigKind::Int {
            min: a.min(b),
            max: a.max(b),
        }),
        (real(), real()).prop_map(|(a, b)| ConfigKind::Real {
            min: a.min(b),
            max: a.max(b),
        }),
        Just(ConfigKind::Text),
    ]
}

/// A value that a key of that kind accepts, the ends of its range often. Shrinks towards the lower end.
fn fitting(kind: ConfigKind, sizes: Sizes) -> BoxedStrategy<AttributeValue> {
    match kind {
        ConfigKind::Bool => any::<bool>().prop_map(AttributeValue::Bool).boxed(),
        ConfigKind::Int { min, max } => prop_oneof![2 => min..=max, 1 => Just(max)]
            .prop_map(AttributeValue::Int)
            .boxed(),
        ConfigKind::Real { min, max } => {
            // Rounding may lead out of the range by a hair.
            let within =
                (0.0..=1.0_f64).prop_map(move |share| (min + (max - min) * share).clamp(min, max));
            prop_oneof![1 => Just(min), 2 => within, 1 => Just(max)]
                .prop_map(AttributeValue::Real)
                .boxed()
        }
        _ => text(sizes.text_chars_max)
            .prop_map(AttributeValue::Text)
            .boxed(),
    }
}

/// A value that a key of that kind does not accept: of another kind, out of range, NaN.
fn misfitting(kind: ConfigKind) -> BoxedStrategy<AttributeValue> {
    let list = Just(AttributeValue::List(Vec::new()));
    let bytes = vec(any::<u8>(), 0..4).prop_map(AttributeValue::Bytes);
    let others = prop_oneof![list, bytes, Just(AttributeValue::Map(Attributes::new()))];
    let below_or_above = |low: Option<i64>, high: Option<i64>| {
        let ends = low.into_iter().chain(high).map(AttributeValue::Int);
        let ends: Vec<_> = ends.collect();
        match ends.is_empty() {
            true => Just(AttributeValue::Real(0.5)).boxed(),
            false => prop::sample::select(ends).boxed(),
        }
    };
    match kind {
        ConfigKind::Bool => {
            let numbers = (0..=1_i64).prop_map(AttributeValue::Int);
            prop_oneof![
                others,
                numbers,
                Just(AttributeValue::Text("true".to_owned()))
            ]
            .boxed()
        }
        ConfigKind::Int { min, max } => prop_oneof![
            others,
            below_or_above(min.checked_sub(1), max.checked_add(1)),
            Just(AttributeValue::Text(min.to_string())),
            Just(AttributeValue::Real(min as f64)),
        ]
        .boxed(),
        ConfigKind::Real { min, max } => prop_oneof![
            others,
            prop::sample::select(vec![
                f64::NAN,
                f64::INFINITY,
                f64::NEG_INFINITY,
                min.next_down(),
                max.next_up(),
            ])
            .prop_map(AttributeValue::Real),
            Just(AttributeValue::Text(min.to_string())),
        ]
        .boxed(),
        _ => prop_oneof![others, any::<bool>().prop_map(AttributeValue::Bool)].boxed(),
    }
}

/// Keys whose default fits.
pub fn config_field(sizes: Sizes) -> impl Strategy<Value = ConfigField> + Clone {
    ("[a-z_]{1,10}", kind(), text(sizes.text_chars_max)).prop_flat_map(
        move |(name, kind, description)| {
            fitting(kind, sizes).prop_map(move |default| ConfigField {
                name: name.clone(),
                kind,
                default,
                description: description.clone(),
            })
        },
    )
}

/// Several keys with different names, by name.
pub fn config_fields(sizes: Sizes) -> impl Strategy<Value = Vec<ConfigField>> + Clone {
    vec(config_field(sizes), 0..=sizes.items_max).prop_map(|fields| {
        let by_name: BTreeMap<String, ConfigField> = fields
            .into_iter()
            .map(|field| (field.name.clone(), field))
            .collect();
        by_name.into_values().collect()
    })
}

/// Keys and a configuration that they accept: some given, the others left to their defaults.
pub fn fitting_config(sizes: Sizes) -> BoxedStrategy<(Vec<ConfigField>, Attributes)> {
    config_fields(sizes)
        .prop_flat_map(move |fields| {
            let given: Vec<_> = fields
                .iter()
                .map(|field| {
                    let name = field.name.clone();
                    prop::option::of(fitting(field.kind, sizes))
                        .prop_map(move |value| value.map(|value| (name.clone(), value)))
                        .boxed()
                })
                .collect();
            (Just(fields), given)
        })
        .prop_map(|(fields, given)| (fields, given.into_iter().flatten().collect()))
        .boxed()
}

/// Keys and a configuration that is wrong at exactly one key, whose name comes last: a value that does not fit, or a
/// key that nobody declared.
pub fn misfitting_value(sizes: Sizes) -> BoxedStrategy<(Vec<ConfigField>, Attributes, String)> {
    let unknown = btree_map(
        "[A-Z]{1,6}",
        any::<i64>().prop_map(AttributeValue::Int),
        1..2,
    );
    (
        fitting_config(sizes),
        any::<Index>(),
        unknown,
        any::<bool>(),
    )
        .prop_flat_map(|((fields, given), at, unknown, is_known)| {
            let chosen = match fields.is_empty() || !is_known {
                true => None,
                false => fields.get(at.index(fields.len())),
            };
            let wrong = match chosen {
                Some(field) => {
                    let name = field.name.clone();
                    misfitting(field.kind)
                        .prop_map(move |value| (name.clone(), value))
                        .boxed()
                }
                // Declared keys have no capital letters.
                None => prop::sample::select(unknown.into_iter().collect::<Vec<_>>()).boxed(),
            };
            (Just(fields), Just(given), wrong)
        })
        .prop_map(|(fields, mut given, (name, value))| {
            given.insert(name.clone(), value);
            (fields, given, name)
        })
        .boxed()
}
