//! Bounded search for values that satisfy conditions.

use std::collections::BTreeMap;

use voidstate_language::ast::{BinaryOp, CompareOp};
use voidstate_language::node::{Node, Typed};
use voidstate_language::{Steps, Type, Value};

use super::condition::{Condition, Key, Values, key, keys};
use super::pool::Dictionary;

/// A value that is looked for.
struct Slot<'a> {
    key: Key,
    pool: Vec<Value>,
    /// Conditions that can be told once it is chosen.
    told: Vec<Condition<'a>>,
    /// What conditions say that it equals, from values chosen before.
    equals: Vec<Hint<'a>>,
}

/// `slot == expr` or `len(slot) == expr`.
#[derive(Clone, Copy)]
struct Hint<'a> {
    expr: &'a Typed,
    before: bool,
    length: bool,
}

/// Outcome of a search.
pub(super) enum Searched {
    /// Some satisfy all of them.
    Found,
    /// Nothing does: every value there is was tried.
    Nothing,
    /// Nothing that was tried does.
    NotFound,
}

/// Looks for values; those of `fixed` are given.
pub(super) fn search(
    conditions: &[Condition<'_>],
    types: &BTreeMap<Key, Type>,
    fixed: &Values,
    evaluations_max: u64,
) -> Searched {
    let parts: Vec<Condition<'_>> = conditions.iter().flat_map(|c| c.conjuncts()).collect();
    let dictionary = Dictionary::of(conditions);
    let mut wanted: Vec<Key> = parts.iter().flat_map(Condition::keys).collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.retain(|k| !is_fixed(fixed, *k));
    let finite = wanted.iter().all(|k| types.get(k).is_some_and(is_finite));
    let mut slots: Vec<Slot<'_>> = Vec::new();
    for wanted_key in &wanted {
        let Some(type_) = types.get(wanted_key) else {
            return Searched::NotFound;
        };
        slots.push(Slot {
            key: *wanted_key,
            pool: dictionary.pool(type_),
            told: Vec::new(),
            equals: hints(&parts, *wanted_key, &wanted),
        });
    }
    let mut ready: Vec<Condition<'_>> = Vec::new();
    for part in &parts {
        let last = part
            .keys()
            .into_iter()
            .filter(|k| !is_fixed(fixed, *k))
            .max();
        match last.and_then(|last| slots.iter_mut().find(|s| s.key == last)) {
            Some(slot) => slot.told.push(*part),
            None => ready.push(*part),
        }
    }
    if !ready.iter().all(|c| c.holds(fixed)) {
        return Searched::Nothing;
    }
    let widest = slots.iter().map(|s| s.pool.len()).max().unwrap_or(0);
    let mut left = evaluations_max;
    for width in [3, 6, 12, 24, 48] {
        let mut values = fixed.clone();
        let mut walk = Walk {
            slots: &slots,
            width,
            left: &mut left,
        };
        if walk.from(0, &mut values) {
            return Searched::Found;
        }
        if left == 0 {
            break;
        }
        if width >= widest {
            return if finite {
                Searched::Nothing
            } else {
                Searched::NotFound
            };
        }
    }
    Searched::NotFound
}

/// Given values are at the front and are never `Bool(false)` fillers of another type; outputs and states are given as a
/// whole or not at all.
fn is_fixed(fixed: &Values, key: Key) -> bool {
    fixed.get(key).is_some()
}

/// Whether a pool holds every value of the type.
fn is_finite(type_: &Type) -> bool {
    match type_ {
        Type::Bool => true,
        Type::Enum(of) => of.variants.len() <= 12 && of.variants.iter().all(|(_, p)| p.is_empty()),
        _ => false,
    }
}

struct Walk<'w, 'a> {
    slots: &'w [Slot<'a>],
    width: usize,
    left: &'w mut u64,
}

impl Walk<'_, '_> {
    fn from(&mut self, at: usize, values: &mut Values) -> bool {
        let Some(slot) = self.slots.get(at) else {
            return true;
        };
        let mut candidates = slot.derived(values, self.left);
        candidates.extend(slot.pool.iter().take(self.width).cloned());
        for candidate in candidates {
            values.set(slot.key, candidate);
            let mut holds = true;
            for condition in &slot.told {
                if *self.left == 0 {
                    return false;
                }
                if !condition.holds_within(values, self.left) {
                    holds = false;
                    break;
                }
            }
            if holds && self.from(at + 1, values) {
                return true;
            }
            if *self.left == 0 {
                return false;
            }
        }
        false
    }
}

impl Slot<'_> {
    /// Values that the conditions name.
    fn derived(&self, values: &Values, left: &mut u64) -> Vec<Value> {
        let mut out = Vec::new();
        for hint in &self.equals {
            let mut steps = Steps::new(20_000);
            let value = hint.expr.eval(&values.scope(hint.before), &mut steps);
            *left = left.saturating_sub(steps.used() / 500);
            let Ok(value) = value else {
                continue;
            };
            match (hint.length, value) {
                (false, value) => {
                    if let Value::Int(i) = value {
                        out.extend([i, i.saturating_add(1), i.saturating_sub(1)].map(Value::Int));
                    } else {
                        out.push(value);
                    }
                }
                (true, Value::Int(n @ 0..=200)) => {
                    let n = usize::try_from(n).unwrap_or(0);
                    out.extend(self.pool.iter().filter_map(|v| of_length(v, n)).take(4));
                }
                _ => {}
            }
        }
        out
    }
}

/// The value made longer or shorter.
fn of_length(value: &Value, n: usize) -> Option<Value> {
    match value {
        Value::List(items) if n == 0 => Some(Value::list(items.iter().take(0).cloned())),
        Value::List(items) if !items.is_empty() => {
            Some(Value::list(items.iter().cycle().take(n).cloned()))
        }
        Value::Text(text) if n == 0 || !text.is_empty() => Some(Value::text(
            text.chars().cycle().take(n).collect::<String>(),
        )),
        Value::Bytes(bytes) if n == 0 || !bytes.is_empty() => Some(Value::bytes(
            bytes.iter().copied().cycle().take(n).collect::<Vec<u8>>(),
        )),
        _ => None,
    }
}

/// What the conditions say that a value equals, as far as it is made of values before it.
fn hints<'a>(parts: &[Condition<'a>], wanted: Key, order: &[Key]) -> Vec<Hint<'a>> {
    let mut out = Vec::new();
    for part in parts.iter().filter(|p| !p.negated) {
        let mut pairs: Vec<(&'a Typed, &'a Typed)> = Vec::new();
        equalities(part.expr, &mut pairs);
        for (a, b) in pairs {
            for (side, other) in [(a, b), (b, a)] {
                let later = keys(other, part.before)
                    .into_iter()
                    .any(|k| k >= wanted && order.contains(&k));
                if later {
                    continue;
                }
                let is_it =
                    |e: &Typed| matches!(e.node(), Node::Place(p) if key(p, part.before) == wanted);
                let length = match side.node() {
                    Node::Call(builtin, arguments) if builtin.name == "len" => {
                        arguments.first().is_some_and(is_it)
                    }
                    _ => false,
                };
                if length || is_it(side) {
                    out.push(Hint {
                        expr: other,
                        before: part.before,
                        length,
                    });
                }
            }
        }
    }
    out
}

/// Pairs that are said to be equal anywhere in a condition, outside of anything that binds names.
fn equalities<'a>(expr: &'a Typed, out: &mut Vec<(&'a Typed, &'a Typed)>) {
    match expr.node() {
        Node::Compare { first, rest } => {
            let mut left = first;
            for (op, right) in rest {
                // The ends of an order are telling values too.
                if *op != CompareOp::In && *op != CompareOp::NotEqual {
                    out.push((left, right));
                }
                left = right;
            }
        }
        Node::Approx { left, right, .. } => out.push((left, right)),
        Node::Binary(BinaryOp::Equivalent, a, b) => out.push((a, b)),
        Node::Binary(BinaryOp::And | BinaryOp::Or | BinaryOp::Implies, a, b) => {
            equalities(a, out);
            equalities(b, out);
        }
        Node::If(_, a, b) => {
            equalities(a, out);
            equalities(b, out);
        }
        _ => {}
    }
}

/// A few different values of `wanted` that satisfy the conditions; constants of `besides` are worth a try too.
pub(super) fn various(
    conditions: &[Condition<'_>],
    besides: &[Condition<'_>],
    wanted: &[Key],
    types: &BTreeMap<Key, Type>,
    evaluations_max: u64,
    count: usize,
) -> Vec<Values> {
    let mut all = conditions.to_vec();
    all.extend(besides);
    let dictionary = Dictionary::of(&all);
    let pools: Vec<Vec<Value>> = wanted
        .iter()
        .map(|k| types.get(k).map(|t| dictionary.pool(t)).unwrap_or_default())
        .collect();
    let mut out: Vec<Values> = Vec::new();
    let widest = pools.iter().map(Vec::len).max().unwrap_or(0);
    let mut left = evaluations_max;
    // Walks all pools at once, each at a pace of its own, so that the rows differ in everything.
    for round in 0..widest * 4 {
        if out.len() >= count || left == 0 {
            break;
        }
        let mut values = Values::default();
        for (i, (k, pool)) in wanted.iter().zip(&pools).enumerate() {
            let Some(value) = pool.get(round * (i + 1) % pool.len().max(1)) else {
                return out;
            };
            values.set(*k, value.clone());
        }
        let fits = conditions.iter().all(|c| {
            // What also depends on the state is asked later.
            c.keys().iter().any(|k| k.part != super::Part::Input)
                || c.holds_within(&values, &mut left)
        });
        if fits && !out.contains(&values) {
            out.push(values);
        }
    }
    out
}
