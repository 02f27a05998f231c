//! Smaller values: every candidate is strictly smaller in one measure, so that shrinking ends.

use std::collections::BTreeMap;

use voidstate_language::{Type, Value};

/// How large a value is: first how many parts it has, then how far they are from zero. Well-founded.
pub(crate) fn measure(value: &Value) -> (u64, u128) {
    match value {
        Value::Bool(flag) => (0, u128::from(*flag)),
        Value::Int(i) | Value::Duration(i) | Value::Size(i) => (0, int(*i)),
        Value::Real(x) => (0, real(*x)),
        Value::Text(text) => text.chars().fold((0, 0), |(parts, far), c| {
            (parts + 1, far + u128::from(letter(c)))
        }),
        Value::Bytes(bytes) => bytes
            .iter()
            .fold((0, 0), |(parts, far), b| (parts + 1, far + u128::from(*b))),
        Value::List(items) => items
            .iter()
            .map(measure)
            .fold((0, 0), |sum, m| plus(sum, (m.0 + 1, m.1))),
        Value::Map(map) => map.iter().fold((0, 0), |sum, (k, v)| {
            let one = plus(measure(k), measure(v));
            plus(sum, (one.0 + 1, one.1))
        }),
        Value::Option(None) => (0, 0),
        Value::Option(Some(inner)) => {
            let (parts, far) = measure(inner);
            (parts + 1, far)
        }
        Value::Tuple(items) | Value::Record(_, items) => {
            items.iter().map(measure).fold((0, 0), plus)
        }
        Value::Enum(_, tag, items) => {
            let inner = items.iter().map(measure).fold((0, 0), plus);
            plus(inner, (u64::from(*tag), 0))
        }
    }
}

/// How large all of them are together.
pub(crate) fn measure_all<'v>(values: impl IntoIterator<Item = &'v Value>) -> (u64, u128) {
    values.into_iter().map(measure).fold((0, 0), plus)
}

const fn plus(a: (u64, u128), b: (u64, u128)) -> (u64, u128) {
    (a.0.saturating_add(b.0), a.1.saturating_add(b.1))
}

fn int(i: i64) -> u128 {
    u128::from(i.unsigned_abs()) * 2 + u128::from(i < 0)
}

/// Zero, whole numbers, numbers with one binary place, other numbers, infinities, NaN.
#[expect(clippy::float_cmp, reason = "exactly whole numbers are meant")]
fn real(x: f64) -> u128 {
    let sign = u128::from(x.is_sign_negative());
    if x.is_nan() {
        1 << 110
    } else if x.is_infinite() {
        (1 << 109) + sign
    } else if x == x.trunc() && x.abs() < 9e15 {
        super::bounds::whole(x).unsigned_abs() * 2 + sign
    } else if x * 2.0 == (x * 2.0).trunc() && x.abs() < 1e9 {
        (1 << 70) + super::bounds::whole(x * 2.0).unsigned_abs() * 2 + sign
    } else {
        (1 << 100) + u128::from(x.abs().to_bits()) * 2 + sign
    }
}

/// `a` is nearest, then the other letters, digits, and the rest by number.
fn letter(c: char) -> u32 {
    match c {
        'a'..='z' => u32::from(c) - u32::from('a'),
        '0'..='9' => 26 + u32::from(c) - u32::from('0'),
        'A'..='Z' => 36 + u32::from(c) - u32::from('A'),
        _ => 100 + u32::from(c),
    }
}

/// Values that are smaller, the smallest first, at most some dozens.
pub(crate) fn smaller(value: &Value) -> Vec<Value> {
    let size = measure(value);
    let mut all = Vec::new();
    candidates(value, &mut all);
    all.retain(|candidate| measure(candidate) < size);
    all.dedup();
    all
}

fn candidates(value: &Value, all: &mut Vec<Value>) {
    match value {
        Value::Bool(_) => all.push(Value::Bool(false)),
        Value::Int(i) => all.extend(ints(*i).into_iter().map(Value::Int)),
        Value::Duration(i) => all.extend(ints(*i).into_iter().map(Value::Duration)),
        Value::Size(i) => all.extend(ints(*i).into_iter().map(Value::Size)),
        Value::Real(x) => all.extend(reals(*x).into_iter().map(Value::Real)),
        Value::Text(text) => {
            let letters: Vec<char> = text.chars().collect();
            let put = |letters: Vec<char>| Value::text(String::from_iter(letters));
            all.extend(without(&letters).into_iter().map(put));
            for (i, c) in letters.iter().enumerate().take(16) {
                for simple in ['a', 'b'] {
                    if letter(simple) < letter(*c) {
                        all.push(put(replaced(&letters, i, simple)));
                    }
                }
            }
        }
        Value::Bytes(bytes) => {
            all.extend(without(bytes).into_iter().map(Value::bytes));
            for (i, b) in bytes.iter().enumerate().take(16) {
                for simple in [0, 1, b / 2] {
                    all.push(Value::bytes(replaced(bytes, i, simple)));
                }
            }
        }
        Value::List(items) => {
            all.extend(without(items).into_iter().map(Value::list));
            for (i, item) in items.iter().enumerate().take(24) {
                let inner = smaller(item).into_iter().take(8);
                all.extend(inner.map(|item| Value::list(replaced(items, i, item))));
            }
        }
        Value::Map(map) => {
            let entries: Vec<(Value, Value)> =
                map.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
            all.extend(without(&entries).into_iter().map(Value::map));
            for (i, (k, v)) in entries.iter().enumerate().take(8) {
                for key in smaller(k).into_iter().take(4) {
                    let changed: BTreeMap<_, _> = replaced(&entries, i, (key, v.clone()))
                        .into_iter()
                        .collect();
                    all.push(Value::map(changed));
                }
                for entry in smaller(v).into_iter().take(4) {
                    all.push(Value::map(replaced(&entries, i, (k.clone(), entry))));
                }
            }
        }
        Value::Option(None) => {}
        Value::Option(Some(inner)) => {
            all.push(Value::none());
            all.extend(smaller(inner).into_iter().map(Value::some));
        }
        Value::Tuple(items) => each_part(items, all, |items| Value::Tuple(items.into())),
        Value::Record(of, items) => {
            each_part(items, all, |items| Value::Record(of.clone(), items.into()));
        }
        Value::Enum(of, tag, items) => {
            for (earlier, (_, payload)) in (0..*tag).zip(&of.variants) {
                let payload: Vec<Value> = payload.iter().map(smallest).collect();
                all.push(Value::Enum(of.clone(), earlier, payload.into()));
            }
            each_part(items, all, |items| {
                Value::Enum(of.clone(), *tag, items.into())
            });
        }
    }
}

fn each_part(items: &[Value], all: &mut Vec<Value>, put: impl Fn(Vec<Value>) -> Value) {
    for (i, item) in items.iter().enumerate() {
        for item in smaller(item) {
            all.push(put(replaced(items, i, item)));
        }
    }
}

/// The smallest value of a type.
fn smallest(type_: &Type) -> Value {
    match type_ {
        Type::Bool => Value::Bool(false),
        Type::Int(_) => Value::Int(0),
        Type::Real(_) => Value::Real(0.0),
        Type::Text => Value::text(""),
        Type::Bytes => Value::bytes(Vec::new()),
        Type::Duration => Value::Duration(0),
        Type::Size => Value::Size(0),
        Type::List(_) => Value::list([]),
        Type::Map(..) => Value::map([]),
        Type::Option(_) => Value::none(),
        Type::Tuple(parts) => Value::Tuple(parts.iter().map(smallest).collect()),
        Type::Record(of) => Value::Record(
            of.clone(),
            of.fields.iter().map(|(_, t)| smallest(t)).collect(),
        ),
        Type::Enum(of) => {
            let payload = of.variants.first().map(|(_, types)| types.as_slice());
            let payload = payload.unwrap_or_default().iter().map(smallest).collect();
            Value::Enum(of.clone(), 0, payload)
        }
    }
}

fn ints(i: i64) -> Vec<i64> {
    let mut all = vec![0, 1, -1, 2];
    if i < 0 {
        all.extend(i.checked_neg());
    }
    // Nearer and nearer to the number itself.
    let mut distance = i / 2;
    while distance != 0 {
        all.push(i - distance);
        distance /= 2;
    }
    // Past what divisibility forbids.
    all.extend([2, 3, 10].map(|step| i - step * i.signum()));
    all
}

fn reals(x: f64) -> Vec<f64> {
    let mut all = vec![0.0, 1.0, -1.0, 2.0, 0.5];
    if x.is_finite() {
        all.extend([
            x.abs(),
            x.trunc(),
            x.round(),
            (x / 2.0).trunc(),
            x - x.signum(),
            x / 2.0,
        ]);
        all.push((x * 2.0).round() / 2.0);
    } else {
        all.extend([f64::MAX, f64::INFINITY]);
    }
    all
}

/// The items without a half, a quarter, an eighth …, down to single items.
fn without<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let mut all = Vec::new();
    let mut width = items.len();
    while width > 0 {
        let mut start = 0;
        while start < items.len() && all.len() < 64 {
            let end = (start + width).min(items.len());
            let (before, after) = (items.get(..start), items.get(end..));
            if let (Some(before), Some(after)) = (before, after) {
                all.push([before, after].concat());
            }
            start += width;
        }
        width /= 2;
    }
    all
}

fn replaced<T: Clone>(items: &[T], at: usize, with: T) -> Vec<T> {
    let mut items = items.to_vec();
    if let Some(slot) = items.get_mut(at) {
        *slot = with;
    }
    items
}

/// Smaller sets of inputs: one input smaller, the same element taken out of several lists of one length, one number
/// replaced wherever it stands.
pub(crate) fn smaller_inputs(inputs: &[Value]) -> Vec<Vec<Value>> {
    let mut all = Vec::new();
    for (i, input) in inputs.iter().enumerate() {
        all.extend(smaller(input).into_iter().map(|v| replaced(inputs, i, v)));
    }
    together(inputs, &mut all);
    let mut scalars = Vec::new();
    inputs.iter().for_each(|input| collect(input, &mut scalars));
    scalars.sort();
    let repeated: Vec<Value> = scalars
        .chunk_by(|a, b| a == b)
        .filter(|run| run.len() > 1)
        .filter_map(|run| run.first().cloned())
        .collect();
    for old in repeated {
        for new in smaller(&old).into_iter().take(8) {
            all.push(inputs.iter().map(|v| swapped(v, &old, &new)).collect());
        }
    }
    let size = measure_all(inputs);
    all.retain(|candidate| measure_all(candidate) < size);
    all
}

/// Takes the same position out of every list of the same length.
fn together(inputs: &[Value], all: &mut Vec<Vec<Value>>) {
    let mut lengths: Vec<usize> = inputs
        .iter()
        .filter_map(|v| match v {
            Value::List(items) => Some(items.len()),
            _ => None,
        })
        .collect();
    lengths.sort_unstable();
    let shared: Vec<usize> = lengths
        .chunk_by(|a, b| a == b)
        .filter(|run| run.len() > 1)
        .filter_map(|run| run.first().copied())
        .collect();
    for length in shared {
        for at in 0..length.min(32) {
            let shorter = inputs.iter().map(|v| match v {
                Value::List(items) if items.len() == length => {
                    let kept = items.iter().enumerate().filter(|(i, _)| *i != at);
                    Value::list(kept.map(|(_, v)| v.clone()).collect::<Vec<_>>())
                }
                other => other.clone(),
            });
            all.push(shorter.collect());
        }
    }
}

/// Numbers, and the texts, that a value is made of.
fn collect(value: &Value, into: &mut Vec<Value>) {
    match value {
        Value::Int(_) | Value::Real(_) | Value::Duration(_) | Value::Size(_) | Value::Text(_) => {
            into.push(value.clone());
        }
        Value::List(items)
        | Value::Tuple(items)
        | Value::Record(_, items)
        | Value::Enum(_, _, items) => {
            items.iter().take(64).for_each(|item| collect(item, into));
        }
        Value::Option(Some(inner)) => collect(inner, into),
        Value::Map(map) => map.iter().take(16).for_each(|(k, v)| {
            collect(k, into);
            collect(v, into);
        }),
        _ => {}
    }
}

fn swapped(value: &Value, old: &Value, new: &Value) -> Value {
    if value == old {
        return new.clone();
    }
    let all = |items: &[Value]| items.iter().map(|item| swapped(item, old, new)).collect();
    match value {
        Value::List(items) => Value::List(all(items)),
        Value::Tuple(items) => Value::Tuple(all(items)),
        Value::Record(of, items) => Value::Record(of.clone(), all(items)),
        Value::Enum(of, tag, items) => Value::Enum(of.clone(), *tag, all(items)),
        Value::Option(Some(inner)) => Value::some(swapped(inner, old, new)),
        Value::Map(map) => Value::map(
            map.iter()
                .map(|(k, v)| (swapped(k, old, new), swapped(v, old, new)))
                .collect::<Vec<_>>(),
        ),
        other => other.clone(),
    }
}

/// Takes the first candidate that still fails, until none does or `budget` candidates were tried.
pub(crate) fn shrink<T>(
    start: T,
    budget: &mut usize,
    candidates: impl Fn(&T) -> Vec<T>,
    mut fails: impl FnMut(&T) -> bool,
) -> T {
    let mut best = start;
    'again: loop {
        for candidate in candidates(&best) {
            if *budget == 0 {
                return best;
            }
            *budget -= 1;
            if fails(&candidate) {
                best = candidate;
                continue 'again;
            }
        }
        return best;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            any::<f64>().prop_map(Value::Real),
            "[a-c éß]{0,5}".prop_map(Value::text),
            proptest::collection::vec(any::<u8>(), 0..5).prop_map(Value::bytes),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::list),
                proptest::collection::vec(inner.clone(), 2..4).prop_map(Value::tuple),
                proptest::option::of(inner.clone())
                    .prop_map(|v| v.map_or_else(Value::none, Value::some)),
                proptest::collection::vec((any::<i64>().prop_map(Value::Int), inner), 0..4)
                    .prop_map(Value::map),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn every_candidate_is_smaller(value in values()) {
            let size = measure(&value);
            for candidate in smaller(&value) {
                prop_assert!(measure(&candidate) < size, "{candidate:?} from {value:?}");
            }
        }

        #[test]
        fn shrinking_ends_at_the_least(value in values()) {
            let mut budget = 100_000;
            let least = shrink(value, &mut budget, smaller, |_| true);
            prop_assert!(budget > 0);
            prop_assert_eq!(smaller(&least), Vec::<Value>::new());
        }

        #[test]
        fn thresholds_are_found_exactly(limit in 1_i64..100_000, start in 0_i64..i64::MAX / 2) {
            let mut budget = 100_000;
            let least = shrink(
                Value::Int(limit + start),
                &mut budget,
                smaller,
                |v| matches!(v, Value::Int(i) if *i >= limit),
            );
            prop_assert_eq!(least, Value::Int(limit));
        }
    }

    #[test]
    fn lists_of_one_length_shrink_together() {
        let list = |n: i64| Value::list((0..n).map(Value::Int).collect::<Vec<_>>());
        let mut budget = 10_000;
        let least = shrink(
            vec![list(6), list(6)],
            &mut budget,
            |inputs| smaller_inputs(inputs),
            |inputs| match inputs.as_slice() {
                [Value::List(a), Value::List(b)] => a.len() == b.len() && a.len() >= 2,
                _ => false,
            },
        );
        assert_eq!(measure_all(&least).0, 4);
    }
}
