//! Small and telling values of a type.

use std::collections::BTreeSet;

use voidstate_language::node::Node;
use voidstate_language::{Type, Value};

use super::condition::Condition;

/// Constants of the conditions: what they compare with is worth a try.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    ints: BTreeSet<i64>,
    constants: BTreeSet<Value>,
    lengths: BTreeSet<usize>,
}

/// Longest list that is made because a clause speaks of its length.
const LENGTH_MAX: i64 = 40;
/// Most values per type.
const POOL_MAX: usize = 48;

impl Dictionary {
    pub(super) fn of(conditions: &[Condition<'_>]) -> Self {
        let mut out = Self::default();
        for condition in conditions {
            condition.expr.walk(&mut |part| {
                if let Node::Constant(value) = part.node() {
                    out.note(value);
                }
                if let Node::Define(define, _) = part.node() {
                    define.body.walk(&mut |inner| {
                        if let Node::Constant(value) = inner.node() {
                            out.note(value);
                        }
                    });
                }
            });
        }
        out
    }

    fn note(&mut self, value: &Value) {
        match value {
            Value::Int(i) | Value::Duration(i) | Value::Size(i) => {
                for near in [-1, 0, 1] {
                    self.ints.extend(i.checked_add(near));
                }
                for length in [i - i64::from(*i > i64::MIN), *i, i.saturating_add(1)] {
                    if (0..=LENGTH_MAX).contains(&length) {
                        self.lengths.extend(usize::try_from(length));
                    }
                }
            }
            Value::Real(x) => {
                for near in [*x, x.next_up(), x.next_down(), x + 1.0, x - 1.0, x / 2.0] {
                    self.constants.insert(Value::Real(near));
                }
            }
            Value::List(items) => {
                self.constants.insert(value.clone());
                items.iter().for_each(|item| self.note(item));
            }
            _ => {
                self.constants.insert(value.clone());
            }
        }
    }

    fn fitting(&self, type_: &Type) -> impl Iterator<Item = Value> {
        self.constants
            .iter()
            .filter(|c| c.type_fits(type_))
            .cloned()
    }

    /// Values of a type, the simplest first, without repetition.
    pub(super) fn pool(&self, type_: &Type) -> Vec<Value> {
        self.values(type_, 0)
    }

    fn values(&self, type_: &Type, depth: usize) -> Vec<Value> {
        let mut out = Vec::new();
        match type_ {
            Type::Bool => out.extend([true, false].map(Value::Bool)),
            Type::Int(_) => out.extend(self.whole(i64::MAX).map(Value::Int)),
            Type::Duration => out.extend(self.whole(1_000_000_000).map(Value::Duration)),
            Type::Size => out.extend(self.whole(1 << 20).map(Value::Size)),
            Type::Real(_) => {
                out.extend([1.0, 0.0, 0.5, 2.0, -1.0, 3.0].map(Value::Real));
                out.extend(self.fitting(type_));
                let ints = self.ints.iter().filter(|i| i.unsigned_abs() < 1 << 50);
                out.extend(ints.map(|i| Value::Real(*i as f64)));
                let edges = [
                    1e-12,
                    1e9,
                    f64::INFINITY,
                    f64::NEG_INFINITY,
                    f64::NAN,
                    f64::MAX,
                ];
                out.extend(edges.map(Value::Real));
            }
            Type::Text => {
                out.extend(["a", "", "ab", "b", "aa"].map(Value::text));
                out.extend(self.fitting(type_));
                out.extend(["aba", "A", " ", "é"].map(Value::text));
                out.extend(self.lengths.iter().map(|n| Value::text("x".repeat(*n))));
            }
            Type::Bytes => {
                out.extend([&b"a"[..], b"", b"ab"].map(Value::bytes));
                out.extend(self.fitting(type_));
                out.extend(self.lengths.iter().map(|n| Value::bytes(vec![b'x'; *n])));
            }
            Type::List(item) => self.lists(&mut out, type_, item, depth),
            Type::Map(key, value) => {
                let (keys, values) = (self.part(key, depth), self.part(value, depth));
                let pair =
                    |i: usize, j: usize| Some((keys.get(i)?.clone(), values.get(j)?.clone()));
                out.extend([(0, 0), (1, 0), (0, 1)].map(|(i, j)| Value::map(pair(i, j))));
                out.push(Value::map([]));
                out.extend(self.fitting(type_));
                out.push(Value::map([pair(0, 0), pair(1, 1)].into_iter().flatten()));
                out.push(Value::map(
                    [pair(0, 0), pair(1, 0), pair(2, 1)].into_iter().flatten(),
                ));
            }
            Type::Option(inner) => {
                let inner = self.part(inner, depth);
                out.extend(inner.first().cloned().map(Value::some));
                out.push(Value::Option(None));
                out.extend(inner.into_iter().skip(1).map(Value::some));
            }
            Type::Tuple(types) => {
                out.extend(self.rows(types.iter(), depth).into_iter().map(Value::tuple));
            }
            Type::Record(record) => {
                let types = record.fields.iter().map(|(_, t)| t);
                let rows = self.rows(types, depth);
                out.extend(
                    rows.into_iter()
                        .map(|row| Value::Record(record.clone(), row.into())),
                );
            }
            Type::Enum(of) => {
                for (number, (_, payload)) in (0_u32..).zip(&of.variants) {
                    let rows = self.rows(payload.iter(), depth);
                    let made = rows
                        .into_iter()
                        .map(|r| Value::Enum(of.clone(), number, r.into()));
                    out.extend(made.take(8));
                }
            }
        }
        let mut seen = BTreeSet::new();
        out.retain(|value| seen.insert(value.clone()));
        out.truncate(POOL_MAX);
        out
    }

    /// Whole numbers, `edge` near the end.
    fn whole(&self, edge: i64) -> impl Iterator<Item = i64> {
        [1, 0, 2, 3]
            .into_iter()
            .chain(self.ints.iter().copied())
            .chain([
                -1,
                5,
                10,
                100,
                4,
                7,
                -2,
                1000,
                1_000_000,
                edge,
                i64::MAX,
                i64::MIN,
            ])
    }

    fn part(&self, type_: &Type, depth: usize) -> Vec<Value> {
        if depth > 3 {
            return Vec::new();
        }
        let mut values = self.values(type_, depth + 1);
        values.truncate(12);
        values
    }

    /// Rows of parts: all first ones, then one of them varied at a time.
    fn rows<'t>(&self, types: impl Iterator<Item = &'t Type>, depth: usize) -> Vec<Vec<Value>> {
        let pools: Vec<Vec<Value>> = types.map(|t| self.part(t, depth)).collect();
        let Some(first) = pools
            .iter()
            .map(|p| p.first().cloned())
            .collect::<Option<Vec<_>>>()
        else {
            return Vec::new();
        };
        let mut rows = vec![first.clone()];
        for (i, pool) in pools.iter().enumerate() {
            for value in pool.iter().skip(1) {
                let mut row = first.clone();
                if let Some(slot) = row.get_mut(i) {
                    *slot = value.clone();
                }
                rows.push(row);
            }
        }
        for k in 1..4 {
            rows.extend(
                pools
                    .iter()
                    .map(|p| p.get(k).cloned())
                    .collect::<Option<Vec<_>>>(),
            );
        }
        rows
    }

    fn lists(&self, out: &mut Vec<Value>, type_: &Type, item: &Type, depth: usize) {
        let items = self.part(item, depth);
        let list = |picks: &[usize]| -> Option<Value> {
            let picked: Option<Vec<Value>> = picks.iter().map(|i| items.get(*i).cloned()).collect();
            picked.map(Value::list)
        };
        out.extend(list(&[0]));
        out.push(Value::list([]));
        for picks in [&[1][..], &[0, 1], &[1, 0], &[0, 0], &[1, 0, 2], &[0, 1, 2]] {
            out.extend(list(picks));
        }
        out.extend(self.fitting(type_));
        let mut ordered = items.clone();
        ordered.sort();
        out.push(Value::list(ordered.iter().take(3).cloned()));
        out.push(Value::list(ordered.iter().rev().take(3).cloned()));
        for n in self.lengths.iter().filter(|n| **n > 1) {
            out.extend(list(&vec![0; *n]));
            if ordered.len() >= *n {
                out.push(Value::list(ordered.iter().take(*n).cloned()));
            }
            let counted: Vec<Value> = match item {
                Type::Int(_) => (0_i64..).take(*n).map(Value::Int).collect(),
                Type::Real(_) => (0_i32..)
                    .take(*n)
                    .map(|i| Value::Real(f64::from(i)))
                    .collect(),
                _ => Vec::new(),
            };
            if counted.len() == *n {
                out.push(Value::list(counted));
            }
        }
        out.extend((2..items.len()).filter_map(|i| list(&[i])));
    }
}
