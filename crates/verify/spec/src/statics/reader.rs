//! Conditions as alternatives of literals.

use std::cell::Cell;

use voidstate_language::ast::{BinaryOp, CompareOp};
use voidstate_language::node::{Node, PlaceKind, Typed};
use voidstate_language::{Type, Value};

use super::condition::Values;
use super::known::known;

/// More alternatives are not followed.
const ALTERNATIVES_MAX: usize = 512;
/// Parts of one condition that are looked at; of a doubled condition (`<=>`, `if`) each part counts twice.
const READ_MAX: u32 = 4096;
/// Whole numbers beyond are not exact as reals.
const EXACT_MAX: f64 = 4_503_599_627_370_496.0;

/// Something simple that holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
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
pub(super) struct Term {
    pub(super) name: Option<String>,
    pub(super) real: bool,
}

pub(super) type Alternatives = Vec<Vec<Literal>>;

/// Alternatives of both at once; those of the first alone when there would be too many.
pub(super) fn both(a: &[Vec<Literal>], b: &[Vec<Literal>]) -> Alternatives {
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

/// Reads one condition.
pub(super) struct Reader<'a> {
    /// How many more parts are looked at.
    left: Cell<u32>,
    before: bool,
    fixed: &'a Values,
}

impl<'a> Reader<'a> {
    /// Of a condition that is looked at before or after the call.
    pub(super) const fn new(before: bool, fixed: &'a Values) -> Self {
        Self {
            left: Cell::new(READ_MAX),
            before,
            fixed,
        }
    }

    /// The alternatives under which the expression is true, or false.
    pub(super) fn read(&self, expr: &Typed, positive: bool) -> Alternatives {
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
        let state = expr.free_slots().iter().any(|p| p.kind == PlaceKind::State);
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
