//! Proof that conditions cannot hold together, from the order of their numbers.
//!
//! Conditions become alternatives of literals; each alternative must contain bounds without a solution, a statement and
//! its opposite, or a value that equals two constants. What is not understood is a statement by its text. NaN is minded:
//! `not (a < b)` says `b <= a` only of reals that another literal of the alternative compares.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use voidstate_language::ast::{BinaryOp, CompareOp};
use voidstate_language::node::{Node, Typed};
use voidstate_language::{Type, Value};

use super::condition::{Condition, Values, keys};
use super::order::Order;

/// More alternatives are not followed.
const ALTERNATIVES_MAX: usize = 512;
/// Parts of one condition that are looked at; of a doubled condition (`<=>`, `if`) each part counts twice.
const READ_MAX: u32 = 4096;
/// Whole numbers beyond are not exact as reals.
const EXACT_MAX: f64 = 4_503_599_627_370_496.0;

/// Something simple that holds.
#[derive(Debug, Clone, PartialEq)]
enum Literal {
    /// `a - b <= c`, or `<`; both are numbers that compare.
    Bound {
        a: Term,
        b: Term,
        c: f64,
        strict: bool,
    },
    /// The same where both are known to compare.
    BoundIfOrdered {
        a: Term,
        b: Term,
        c: f64,
        strict: bool,
    },
    /// A statement.
    Says(String, bool),
    /// A value is, or is not, a constant.
    Is(String, Value, bool),
    /// A real is a number that compares, or is NaN.
    Compares(String, bool),
    /// Neither.
    False,
}

/// A number: by its text; `None` is zero.
#[derive(Debug, Clone, PartialEq)]
struct Term {
    name: Option<String>,
    real: bool,
}

type Alternatives = Vec<Vec<Literal>>;

/// The conditions, by number, that cannot hold together; as few as dropping one after the other leaves.
pub(super) fn refute(conditions: &[Condition<'_>], fixed: &Values) -> Option<Vec<usize>> {
    let all: Vec<Alternatives> = conditions
        .iter()
        .map(|c| {
            Reader {
                before: c.before,
                fixed,
                left: READ_MAX.into(),
            }
            .read(c.expr, !c.negated)
        })
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

/// Alternatives of both at once; those of the first alone when there would be too many.
fn both(a: &[Vec<Literal>], b: &[Vec<Literal>]) -> Alternatives {
    if a.len().saturating_mul(b.len()) > ALTERNATIVES_MAX {
        return a.to_vec();
    }
    let mut out = Vec::new();
    for x in a {
        for y in b {
            let mut literals = x.clone();
            literals.extend(y.iter().cloned());
            out.push(literals);
        }
    }
    out
}

fn either(mut a: Alternatives, b: Alternatives) -> Alternatives {
    a.extend(b);
    if a.len() > ALTERNATIVES_MAX {
        vec![Vec::new()]
    } else {
        a
    }
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

/// Whether values of the type are equal to themselves.
pub(crate) fn reflexive(type_: &Type) -> bool {
    match type_ {
        Type::Real(_) => false,
        Type::List(item) | Type::Option(item) => reflexive(item),
        Type::Map(key, value) => reflexive(key) && reflexive(value),
        Type::Tuple(parts) => parts.iter().all(reflexive),
        Type::Record(record) => record.fields.iter().all(|(_, t)| reflexive(t)),
        Type::Enum(of) => of.variants.iter().all(|(_, p)| p.iter().all(reflexive)),
        _ => true,
    }
}

struct Reader<'a> {
    /// How many more parts are looked at.
    left: Cell<u32>,
    before: bool,
    fixed: &'a Values,
}

impl Reader<'_> {
    /// The alternatives under which the expression is true, or false.
    fn read(&self, expr: &Typed, positive: bool) -> Alternatives {
        let Some(left) = self.left.get().checked_sub(1) else {
            // Anything may be.
            return vec![Vec::new()];
        };
        self.left.set(left);
        if let Some(value) = self.known(expr) {
            return match value {
                Value::Bool(b) if b == positive => vec![Vec::new()],
                Value::Bool(_) => vec![vec![Literal::False]],
                _ => vec![Vec::new()],
            };
        }
        match expr.node() {
            Node::Not(inner) => self.read(inner, !positive),
            Node::Binary(op @ (BinaryOp::And | BinaryOp::Or | BinaryOp::Implies), a, b) => {
                // `a and b`, `not (a or b)`, `not (a => b)` are conjunctions.
                let a = self.read(
                    a,
                    if *op == BinaryOp::Implies {
                        !positive
                    } else {
                        positive
                    },
                );
                let b = self.read(b, positive);
                if (*op == BinaryOp::And) == positive {
                    both(&a, &b)
                } else {
                    either(a, b)
                }
            }
            Node::Binary(BinaryOp::Equivalent, a, b) => either(
                both(&self.read(a, true), &self.read(b, positive)),
                both(&self.read(a, false), &self.read(b, !positive)),
            ),
            Node::If(condition, a, b) => either(
                both(&self.read(condition, true), &self.read(a, positive)),
                both(&self.read(condition, false), &self.read(b, positive)),
            ),
            Node::Compare { first, rest } => {
                let mut left = first;
                let mut out: Alternatives = if positive {
                    vec![Vec::new()]
                } else {
                    Vec::new()
                };
                for (op, right) in rest {
                    let pair = self.pair(left, *op, right, positive);
                    out = if positive {
                        both(&out, &pair)
                    } else {
                        either(out, pair)
                    };
                    left = right;
                }
                out
            }
            Node::Call(builtin, arguments) => {
                let mut literals = vec![Literal::Says(self.text(expr), positive)];
                let list = match builtin.name {
                    // Something is in the list.
                    "any" | "contains" => arguments.first(),
                    _ => None,
                };
                if let (Some(list), true) = (list, positive) {
                    let name = Some(format!("len({})", self.text(list)));
                    let (a, b) = (
                        Term {
                            name: None,
                            real: false,
                        },
                        Term { name, real: false },
                    );
                    literals.push(Literal::Bound {
                        a,
                        b,
                        c: -1.0,
                        strict: false,
                    });
                }
                match (builtin.name, arguments.first(), positive) {
                    ("is_none", Some(of), _) => {
                        literals = vec![Literal::Says(
                            format!("is_some({})", self.text(of)),
                            !positive,
                        )];
                    }
                    ("is_nan", Some(x), _) => {
                        literals.push(Literal::Compares(self.text(x), !positive))
                    }
                    ("is_finite", Some(x), true) => {
                        literals.push(Literal::Compares(self.text(x), true))
                    }
                    _ => {}
                }
                vec![literals]
            }
            _ => vec![vec![Literal::Says(self.text(expr), positive)]],
        }
    }

    fn pair(&self, left: &Typed, op: CompareOp, right: &Typed, positive: bool) -> Alternatives {
        use CompareOp::{Equal, Greater, GreaterEqual, In, Less, LessEqual, NotEqual};
        let number = |e: &Typed| {
            matches!(
                e.type_(),
                Type::Int(_) | Type::Real(_) | Type::Duration | Type::Size
            )
        };
        if op == In {
            return self.member(left, right, positive);
        }
        if !number(left) {
            return self.constants(left, op, right, positive);
        }
        let (Some((a, c)), Some((b, d))) = (self.term(left), self.term(right)) else {
            return vec![vec![]];
        };
        let ordered = !(a.real || b.real);
        // a + c < b + d is a - b < d - c.
        let less = |a: &Term, b: &Term, c: f64, strict: bool, sure: bool| {
            let (c, strict) = if strict && !a.real && !b.real {
                (c - 1.0, false)
            } else {
                (c, strict)
            };
            let (a, b) = (a.clone(), b.clone());
            if sure || ordered {
                Literal::Bound { a, b, c, strict }
            } else {
                Literal::BoundIfOrdered { a, b, c, strict }
            }
        };
        let forth = |strict| less(&a, &b, d - c, strict, positive);
        let back = |strict| less(&b, &a, c - d, strict, positive);
        match (op, positive) {
            (Less, true) | (GreaterEqual, false) => vec![vec![forth(true)]],
            (LessEqual, true) | (Greater, false) => vec![vec![forth(false)]],
            (Greater, true) | (LessEqual, false) => vec![vec![back(true)]],
            (GreaterEqual, true) | (Less, false) => vec![vec![back(false)]],
            (Equal, true) => vec![vec![forth(false), back(false)]],
            // What is not equal may be NaN.
            (NotEqual, false) => vec![vec![
                less(&a, &b, d - c, false, true),
                less(&b, &a, c - d, false, true),
            ]],
            (NotEqual, true) | (Equal, false) => {
                if ordered {
                    vec![vec![forth(true)], vec![back(true)]]
                } else {
                    vec![Vec::new()]
                }
            }
            (In, _) => vec![Vec::new()],
        }
    }

    /// `x in from..to`, `x in [1, 2]`.
    fn member(&self, left: &Typed, right: &Typed, positive: bool) -> Alternatives {
        if let Node::Range(from, to) = right.node() {
            let low = self.pair(from, CompareOp::LessEqual, left, positive);
            let high = self.pair(left, CompareOp::Less, to, positive);
            return if positive {
                both(&low, &high)
            } else {
                either(low, high)
            };
        }
        let text = format!("{} in {}", self.text(left), self.text(right));
        let mut literals = vec![Literal::Says(text, positive)];
        if positive {
            let name = Some(format!("len({})", self.text(right)));
            let (a, b) = (
                Term {
                    name: None,
                    real: false,
                },
                Term { name, real: false },
            );
            // A text holds the empty text even when it is empty.
            if !matches!(right.type_(), Type::Text) {
                literals.push(Literal::Bound {
                    a,
                    b,
                    c: -1.0,
                    strict: false,
                });
            }
        }
        vec![literals]
    }

    /// Equality of what is no number.
    fn constants(
        &self,
        left: &Typed,
        op: CompareOp,
        right: &Typed,
        positive: bool,
    ) -> Alternatives {
        let equal = match op {
            CompareOp::Equal => positive,
            CompareOp::NotEqual => !positive,
            _ => {
                let text = format!("{} {op:?} {}", self.text(left), self.text(right));
                return vec![vec![Literal::Says(text, positive)]];
            }
        };
        for (side, other) in [(left, right), (right, left)] {
            let Some(value) = self.known(other) else {
                continue;
            };
            return match value {
                Value::Bool(b) => self.read(side, equal == b),
                Value::Option(None) => {
                    vec![vec![Literal::Says(
                        format!("is_some({})", self.text(side)),
                        !equal,
                    )]]
                }
                value if reflexive(side.type_()) => {
                    vec![vec![Literal::Is(self.text(side), value, equal)]]
                }
                _ => vec![Vec::new()],
            };
        }
        let (mut a, mut b) = (self.text(left), self.text(right));
        if b < a {
            std::mem::swap(&mut a, &mut b);
        }
        if a == b && reflexive(left.type_()) {
            return vec![if equal {
                Vec::new()
            } else {
                vec![Literal::False]
            }];
        }
        let mut literals = vec![Literal::Says(format!("{a} == {b}"), equal)];
        if equal
            && matches!(
                left.type_(),
                Type::List(_) | Type::Text | Type::Bytes | Type::Map(..)
            )
        {
            let term = |t: &str| Term {
                name: Some(format!("len({t})")),
                real: false,
            };
            let (a, b) = (term(&a), term(&b));
            literals.push(Literal::Bound {
                a: a.clone(),
                b: b.clone(),
                c: 0.0,
                strict: false,
            });
            literals.push(Literal::Bound {
                a: b,
                b: a,
                c: 0.0,
                strict: false,
            });
        }
        vec![literals]
    }

    /// A number as a named one and a constant; `None` when it cannot be told exactly.
    fn term(&self, expr: &Typed) -> Option<(Term, f64)> {
        let real = matches!(expr.type_(), Type::Real(_));
        if let Some(value) = self.known(expr) {
            let c = match value {
                #[expect(clippy::cast_precision_loss, reason = "checked to be exact below")]
                Value::Int(i) | Value::Duration(i) | Value::Size(i) => i as f64,
                Value::Real(x) => x,
                _ => return None,
            };
            let exact = c.is_finite() && (real || c.abs() < EXACT_MAX);
            return exact.then_some((
                Term {
                    name: None,
                    real: false,
                },
                c,
            ));
        }
        if let (Node::Binary(op @ (BinaryOp::Add | BinaryOp::Subtract), a, b), false) =
            (expr.node(), real)
        {
            let constant = |e: &Typed| match self.term(e) {
                Some((Term { name: None, .. }, c)) => Some(c),
                _ => None,
            };
            let shifted = if let Some(c) = constant(b) {
                let c = if *op == BinaryOp::Add { c } else { -c };
                self.term(a).map(|(t, d)| (t, c + d))
            } else if let (Some(c), BinaryOp::Add) = (constant(a), op) {
                self.term(b).map(|(t, d)| (t, c + d))
            } else {
                None
            };
            if let Some((term, c)) = shifted {
                return (c.abs() < EXACT_MAX).then_some((term, c));
            }
        }
        let name = Some(self.text(expr));
        Some((Term { name, real }, 0.0))
    }

    /// The expression as a text in which equal places look equal, whenever the condition is looked at.
    fn text(&self, expr: &Typed) -> String {
        let state = expr
            .free_slots()
            .iter()
            .any(|p| p.kind == voidstate_language::node::PlaceKind::State);
        if state && self.before {
            format!("before: {expr}")
        } else {
            expr.to_string()
        }
    }

    /// Its value when it depends on nothing that is open.
    fn known(&self, expr: &Typed) -> Option<Value> {
        known(expr, self.before, self.fixed)
    }
}

/// The value of an expression that reads only constants and given values; `None` where it has none.
pub(crate) fn known(expr: &Typed, before: bool, fixed: &Values) -> Option<Value> {
    if let Node::Constant(value) = expr.node() {
        return Some(value.clone());
    }
    let mut closed = true;
    let mut bound: Vec<usize> = Vec::new();
    closed_under(expr, &mut bound, &mut closed);
    if !closed
        || !keys(expr, before)
            .into_iter()
            .all(|k| fixed.get(k).is_some())
    {
        return None;
    }
    let mut steps = voidstate_language::Steps::new(200_000);
    expr.eval(&fixed.scope(before), &mut steps).ok()
}

/// Whether everything bound is bound within the expression.
fn closed_under(expr: &Typed, bound: &mut Vec<usize>, closed: &mut bool) {
    let depth = bound.len();
    match expr.node() {
        Node::Local(local) => *closed &= bound.contains(&local.index),
        Node::Let { local, value, body } => {
            closed_under(value, bound, closed);
            bound.push(local.index);
            closed_under(body, bound, closed);
        }
        Node::Lambda(lambda) => {
            bound.extend(lambda.parameters.iter().map(|p| p.index));
            closed_under(&lambda.body, bound, closed);
        }
        Node::Match { of, arms } => {
            use voidstate_language::node::ArmPattern;
            closed_under(of, bound, closed);
            for arm in arms {
                let depth = bound.len();
                match &arm.pattern {
                    ArmPattern::Some(local) => bound.push(local.index),
                    ArmPattern::Variant(_, locals) => bound.extend(locals.iter().map(|l| l.index)),
                    _ => {}
                }
                closed_under(&arm.body, bound, closed);
                bound.truncate(depth);
            }
        }
        _ => {
            for child in expr.children() {
                closed_under(child, bound, closed);
            }
        }
    }
    bound.truncate(depth);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use voidstate_language::compile;

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
