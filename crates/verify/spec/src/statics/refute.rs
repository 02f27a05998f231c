//! Proof that conditions cannot hold together, from the order of their numbers.
//!
//! Conditions become alternatives of literals; each alternative must contain bounds without a solution, a statement and
//! its opposite, or a value that equals two constants. What is not understood is a statement by its text. NaN is minded:
//! `not (a < b)` says `b <= a` only of reals that another literal of the alternative compares.

use std::collections::{BTreeMap, BTreeSet};

use voidstate_language::Value;

use super::condition::{Condition, Values};
use super::order::Order;
use super::reader::{Alternatives, Literal, Reader, Term, both};

/// The conditions, by number, that cannot hold together; as few as dropping one after the other leaves.
pub(super) fn refute(conditions: &[Condition<'_>], fixed: &Values) -> Option<Vec<usize>> {
    let all: Vec<Alternatives> = conditions
        .iter()
        .map(|c| Reader::new(c.before, fixed).read(c.expr, !c.negated))
        .collect();
    let mut core: Vec<usize> = (0..all.len()).collect();
    if !impossible(&all, &core) {
        return None;
    }
    for i in 0..all.len() {
        let without: Vec<usize> = core.iter().copied().filter(|j| *j != i).collect();
        if impossible(&all, &without) {
            core = without;
        }
    }
    Some(core)
}

fn impossible(all: &[Alternatives], chosen: &[usize]) -> bool {
    let mut product: Alternatives = vec![Vec::new()];
    for i in chosen {
        product = both(&product, all.get(*i).map_or(&[], Vec::as_slice));
    }
    product.iter().all(|literals| contradict(literals))
}

fn contradict(literals: &[Literal]) -> bool {
    let mut order = Order::default();
    let mut says: BTreeMap<&str, bool> = BTreeMap::new();
    let mut is: BTreeMap<&str, &Value> = BTreeMap::new();
    let mut ordered: BTreeSet<&str> = BTreeSet::new();
    for literal in literals {
        match literal {
            Literal::False => return true,
            Literal::Says(text, value) => {
                if says
                    .insert(text, *value)
                    .is_some_and(|before| before != *value)
                {
                    return true;
                }
            }
            Literal::Is(text, value, true) => {
                if is.insert(text, value).is_some_and(|before| before != value) {
                    return true;
                }
                if let Some(length) = length(value) {
                    let name = format!("len({text})");
                    order.bound(Some(&name), None, length, false);
                    order.bound(None, Some(&name), -length, false);
                }
            }
            Literal::Bound { a, b, .. } => {
                ordered.extend([a, b].into_iter().filter_map(|t| t.name.as_deref()));
            }
            Literal::Compares(name, true) => {
                ordered.insert(name);
            }
            Literal::Is(_, _, false)
            | Literal::BoundIfOrdered { .. }
            | Literal::Compares(_, false) => {}
        }
    }
    let nan = |literal: &Literal| matches!(literal, Literal::Compares(name, false) if ordered.contains(name.as_str()));
    if literals.iter().any(nan) {
        return true;
    }
    for literal in literals {
        let (a, b, c, strict) = match literal {
            Literal::Bound { a, b, c, strict } => (a, b, *c, *strict),
            Literal::BoundIfOrdered { a, b, c, strict } => {
                let compares =
                    |t: &Term| !t.real || t.name.as_deref().is_none_or(|n| ordered.contains(n));
                if !compares(a) || !compares(b) {
                    continue;
                }
                (a, b, *c, *strict)
            }
            Literal::Is(text, value, false) => {
                if is.get(text.as_str()) == Some(&value) {
                    return true;
                }
                continue;
            }
            _ => continue,
        };
        order.bound(a.name.as_deref(), b.name.as_deref(), c, strict);
        for term in [a, b] {
            if let Some(name) = term.name.as_deref()
                && (name.starts_with("len(") || name.starts_with("count("))
            {
                order.bound(None, Some(name), 0.0, false);
            }
        }
    }
    order.impossible()
}

#[expect(clippy::cast_precision_loss, reason = "lengths of constants are small")]
fn length(value: &Value) -> Option<f64> {
    Some(match value {
        Value::Text(text) => text.chars().count() as f64,
        Value::Bytes(bytes) => bytes.len() as f64,
        Value::List(items) => items.len() as f64,
        Value::Map(map) => map.len() as f64,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use voidstate_language::{Type, compile};

    use super::super::condition::{Key, Part};
    use super::*;
    use crate::smt::{self, Solver, Verdict};

    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 20) as usize % limit
        }

        fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
            of[self.below(of.len())]
        }

        fn clause(&mut self, depth: usize) -> String {
            let op = self.pick(&["<", "<=", "==", "!=", ">", ">="]);
            if depth > 0 && self.below(2) == 0 {
                let (a, b) = (self.clause(depth - 1), self.clause(depth - 1));
                return match self.below(5) {
                    0 => format!("not ({a})"),
                    1 => format!("(({a}) <=> ({b}))"),
                    k => format!("(({a}) {} ({b}))", ["and", "or", "=>"][k - 2]),
                };
            }
            match self.below(9) {
                0..=2 => {
                    let a = self.pick(&["x", "y", "x + 1", "y - 2", "len(xs)", "abs(x)", "x / 2"]);
                    let b = self.pick(&["x", "y", "0", "3", "-1", "x + y", "len(xs) + 1"]);
                    format!("{a} {op} {b}")
                }
                3..=5 => {
                    let a = self.pick(&["r", "s", "abs(r)"]);
                    let b = self.pick(&["r", "s", "0.5", "1.0", "infinity", "nan"]);
                    format!("{a} {op} {b}")
                }
                6 => self
                    .pick(&["is_nan(r)", "is_finite(r)", "is_finite(s)"])
                    .to_owned(),
                7 => self
                    .pick(&[
                        "x in 0..3",
                        "x in xs",
                        "xs == []",
                        "xs != [1]",
                        "any(xs, |e| e > 1)",
                    ])
                    .to_owned(),
                _ => self
                    .pick(&[
                        "all(xs, |e| e > 0)",
                        "all(0..len(xs), |i| xs[i] >= x)",
                        "0 <= x < 2",
                    ])
                    .to_owned(),
            }
        }
    }

    /// Whether some of many values satisfies all.
    fn possible(conditions: &[Condition<'_>]) -> bool {
        let reals = [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            -1.0,
            0.0,
            0.5,
            0.75,
            1.0,
            2.0,
        ];
        let lists: [&[i64]; 6] = [&[], &[1], &[0], &[2, 3], &[-1, 1], &[1, 2, 3]];
        let mut values = Values::default();
        for x in -4..6 {
            for y in -4..6 {
                for (r, s) in reals
                    .iter()
                    .flat_map(|r| reals.iter().map(move |s| (*r, *s)))
                {
                    for list in lists {
                        values.inputs = vec![
                            Value::Int(x),
                            Value::Int(y),
                            Value::Real(r),
                            Value::Real(s),
                            Value::list(list.iter().copied().map(Value::Int)),
                        ];
                        if conditions.iter().all(|c| c.holds(&values)) {
                            return true;
                        }
                    }
                }
            }
        }
        false
    }

    #[test]
    fn what_has_a_solution_is_never_refuted() {
        let mut random = Random(0x1234_5678_9abc_def1);
        let solver = Solver::find();
        let (mut refuted, mut unsatisfiable) = (0, 0);
        for round in 0..400 {
            let count = 1 + random.below(4);
            let clauses: Vec<String> = (0..count)
                .map(|i| format!("  requires \"c{i}\": {}\n", random.clause(1)))
                .collect();
            let source = format!(
                "tool t {{\n  input x: int\n  input y: int\n  input r: real\n  input s: real\n  input xs: [int]\n{}}}\n",
                clauses.concat()
            );
            let checked =
                compile(&source).unwrap_or_else(|d| panic!("{}", d.render(&source, "t", false)));
            let operation = &checked.tools[0].operations[0];
            let conditions: Vec<Condition<'_>> =
                operation.requires.iter().map(Condition::before).collect();
            let core = refute(&conditions, &Values::default());
            let by_solver = solver.as_ref().filter(|_| round % 8 == 0).map(|solver| {
                let types: BTreeMap<Key, Type> = (0..)
                    .zip(&operation.inputs)
                    .map(|(index, slot)| {
                        (
                            Key {
                                part: Part::Input,
                                index,
                            },
                            slot.type_.clone(),
                        )
                    })
                    .collect();
                solver.solve(&smt::problem(&conditions, &types, &Values::default()))
            });
            let by_solver = matches!(by_solver, Some(Verdict::Unsatisfiable(_)));
            refuted += usize::from(core.is_some());
            unsatisfiable += usize::from(by_solver);
            if core.is_some() || by_solver {
                assert!(!possible(&conditions), "{source}{core:?} {by_solver}");
            }
        }
        assert!(refuted > 20, "{refuted}");
        assert!(solver.is_none() || unsatisfiable > 2, "{unsatisfiable}");
    }
}
