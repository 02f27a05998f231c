//! Clauses as SMT-LIB 2.

use std::collections::{BTreeMap, BTreeSet};

use voidstate_language::ast::{BinaryOp, CompareOp};
use voidstate_language::node::{Lambda, Node, Typed};
use voidstate_language::{Type, Value};

use super::Problem;
use super::symbols::{Sort, Term, flat, infinity};
use crate::statics::{Condition, Key, Values, key, known, reflexive};

/// Parts that are translated per question.
const PARTS_MAX: u32 = 20_000;
/// Deepest nesting that is translated.
const DEPTH_MAX: usize = 40;
/// Longest formula; doubled parts (`let`, remainders) grow quickly.
const TEXT_MAX: usize = 100_000;

/// The conditions as a question, in their order.
pub(crate) fn problem(
    conditions: &[Condition<'_>],
    types: &BTreeMap<Key, Type>,
    fixed: &Values,
) -> Problem {
    let mut writer = Writer {
        problem: Problem::default(),
        declared: BTreeSet::new(),
        constants: Vec::new(),
        types,
        fixed,
        before: false,
        left: PARTS_MAX,
        depth: 0,
    };
    for condition in conditions {
        writer.before = condition.before;
        let assertion = writer.truth(condition.expr, &mut Vec::new());
        let assertion = if condition.negated {
            format!("(not {assertion})")
        } else {
            assertion
        };
        writer.problem.assertions.push(assertion);
    }
    writer.distinct();
    writer.problem
}

pub(super) struct Writer<'a> {
    /// How many more parts are translated; the rest is unknown.
    left: u32,
    /// Nesting so far.
    depth: usize,
    pub(super) problem: Problem,
    pub(super) declared: BTreeSet<String>,
    /// Things that are constants, with their names.
    pub(super) constants: Vec<(Value, String)>,
    pub(super) types: &'a BTreeMap<Key, Type>,
    pub(super) fixed: &'a Values,
    pub(super) before: bool,
}

/// Values bound around an expression, by number.
pub(super) type Bound = Vec<Term>;

impl Writer<'_> {
    /// A condition as a formula.
    fn truth(&mut self, expr: &Typed, bound: &mut Bound) -> String {
        match self.term(expr, bound) {
            Term::Bool(text) => text,
            _ => self.unknown_truth(expr, bound),
        }
    }

    fn unknown_truth(&mut self, expr: &Typed, bound: &Bound) -> String {
        match self.opaque(expr, bound, Sort::Bool) {
            Term::Bool(text) => text,
            _ => "true".to_owned(),
        }
    }

    fn term(&mut self, expr: &Typed, bound: &mut Bound) -> Term {
        if self.depth >= DEPTH_MAX || self.left == 0 {
            return self.opaque(expr, bound, Sort::of(expr.type_()));
        }
        self.left -= 1;
        self.depth += 1;
        let term = self.understood(expr, bound);
        self.depth -= 1;
        if term.size() > TEXT_MAX {
            return self.opaque(expr, bound, Sort::of(expr.type_()));
        }
        term
    }

    fn understood(&mut self, expr: &Typed, bound: &mut Bound) -> Term {
        if let Some(value) = known(expr, self.before, self.fixed) {
            return self.constant(&value);
        }
        match expr.node() {
            Node::Constant(value) => self.constant(value),
            Node::Place(place) => self.place(key(place, self.before)),
            Node::Local(local) => match bound.get(local.index) {
                Some(term) => term.clone(),
                None => self.opaque(expr, bound, Sort::of(expr.type_())),
            },
            Node::Not(inner) => Term::Bool(format!("(not {})", self.truth(inner, bound))),
            Node::Negate(inner) => match self.term(inner, bound) {
                Term::Int(i) => Term::Int(format!("(- {i})")),
                Term::Real { nan, value } => Term::Real {
                    nan,
                    value: format!("(- {value})"),
                },
                _ => self.opaque(expr, bound, Sort::of(expr.type_())),
            },
            Node::Binary(op, a, b) => self.binary(expr, *op, a, b, bound),
            Node::Compare { first, rest } => {
                let mut pairs = Vec::new();
                let mut left = first;
                for (op, right) in rest {
                    pairs.push(self.pair(left, *op, right, bound));
                    left = right;
                }
                Term::Bool(format!("(and true {})", pairs.join(" ")))
            }
            Node::If(condition, a, b) => {
                let condition = self.truth(condition, bound);
                let ite = |a: &str, b: &str| format!("(ite {condition} {a} {b})");
                match (self.term(a, bound), self.term(b, bound)) {
                    (Term::Bool(a), Term::Bool(b)) => Term::Bool(ite(&a, &b)),
                    (Term::Int(a), Term::Int(b)) => Term::Int(ite(&a, &b)),
                    (Term::Thing(a), Term::Thing(b)) => Term::Thing(ite(&a, &b)),
                    (Term::Real { nan: m, value: a }, Term::Real { nan: n, value: b }) => {
                        Term::Real {
                            nan: ite(&m, &n),
                            value: ite(&a, &b),
                        }
                    }
                    _ => self.opaque(expr, bound, Sort::of(expr.type_())),
                }
            }
            Node::Let { local, value, body } => {
                let value = self.term(value, bound);
                if local.index != bound.len() {
                    return self.opaque(expr, bound, Sort::of(expr.type_()));
                }
                bound.push(value);
                let body = self.term(body, bound);
                bound.pop();
                body
            }
            Node::Define(define, arguments) => {
                let mut inner: Bound = arguments.iter().map(|a| self.term(a, bound)).collect();
                self.term(&define.body, &mut inner)
            }
            Node::Index(of, index) if !matches!(of.type_(), Type::Map(..)) => {
                match (self.term(of, bound), self.term(index, bound)) {
                    (Term::Thing(of), Term::Int(index)) => {
                        self.element(&of, &index, Sort::of(expr.type_()))
                    }
                    _ => self.opaque(expr, bound, Sort::of(expr.type_())),
                }
            }
            Node::Call(builtin, arguments) => self.call(expr, builtin.name, arguments, bound),
            _ => self.opaque(expr, bound, Sort::of(expr.type_())),
        }
    }

    fn binary(
        &mut self,
        expr: &Typed,
        op: BinaryOp,
        a: &Typed,
        b: &Typed,
        bound: &mut Bound,
    ) -> Term {
        let word = match op {
            BinaryOp::And => "and",
            BinaryOp::Or => "or",
            BinaryOp::Implies => "=>",
            BinaryOp::Equivalent => "=",
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide | BinaryOp::Remainder | BinaryOp::Concat => "",
        };
        match (self.term(a, bound), self.term(b, bound)) {
            (Term::Bool(a), Term::Bool(b)) => Term::Bool(format!("({word} {a} {b})")),
            (Term::Int(a), Term::Int(b))
                if !word.is_empty() && Sort::of(expr.type_()) == Sort::Int =>
            {
                Term::Int(format!("({word} {a} {b})"))
            }
            (Term::Int(x), Term::Int(y)) if Sort::of(expr.type_()) == Sort::Int => {
                let divisor = known(b, self.before, self.fixed);
                if !matches!(divisor, Some(Value::Int(d)) if d != 0) {
                    return self.opaque(expr, bound, Sort::Int);
                }
                // The language divides towards zero, the solver so that nothing negative remains.
                let quotient = format!("(ite (>= {x} 0) (div {x} {y}) (- (div (- {x}) {y})))");
                Term::Int(if op == BinaryOp::Divide {
                    quotient
                } else {
                    format!("(- {x} (* {y} {quotient}))")
                })
            }
            (Term::Thing(x), Term::Thing(y)) if op == BinaryOp::Concat => {
                let whole = self.opaque(expr, bound, Sort::Thing);
                if let (Term::Thing(whole), true) = (&whole, bound.is_empty()) {
                    let (x, y, whole) = (self.length(&x), self.length(&y), self.length(whole));
                    self.problem.facts.push(format!("(= {whole} (+ {x} {y}))"));
                }
                whole
            }
            // Reals round: what comes of their arithmetic is unknown.
            _ => self.opaque(expr, bound, Sort::of(expr.type_())),
        }
    }

    fn pair(&mut self, left: &Typed, op: CompareOp, right: &Typed, bound: &mut Bound) -> String {
        if op == CompareOp::In {
            return self.member(left, right, bound);
        }
        let word = match op {
            CompareOp::Equal | CompareOp::NotEqual | CompareOp::In => "=",
            CompareOp::Less => "<",
            CompareOp::LessEqual => "<=",
            CompareOp::Greater => ">",
            CompareOp::GreaterEqual => ">=",
        };
        let holds = match (self.term(left, bound), self.term(right, bound)) {
            (Term::Int(a), Term::Int(b)) => format!("({word} {a} {b})"),
            (Term::Real { nan: m, value: a }, Term::Real { nan: n, value: b }) => {
                format!("(and (not {m}) (not {n}) ({word} {a} {b}))")
            }
            (Term::Bool(a), Term::Bool(b)) if word == "=" => format!("(= {a} {b})"),
            (Term::Thing(a), Term::Thing(b)) if word == "=" && reflexive(left.type_()) => {
                format!("(= {a} {b})")
            }
            (Term::Thing(a), Term::Thing(b)) => {
                let name = if word == "=" { "same" } else { "order" };
                let name = format!("{name}{}", if word == "=" { "" } else { word })
                    .replace('<', "_lt")
                    .replace('>', "_gt")
                    .replace("=", "_eq");
                self.declare(&name, &[Sort::Thing, Sort::Thing], "Bool");
                let same = format!("({name} {a} {b})");
                if word == "=" && matches!(left.type_(), Type::List(_)) && bound.is_empty() {
                    let (a, b) = (self.length(&a), self.length(&b));
                    self.problem.facts.push(format!("(=> {same} (= {a} {b}))"));
                }
                same
            }
            _ => "true".to_owned(),
        };
        if op == CompareOp::NotEqual {
            format!("(not {holds})")
        } else {
            holds
        }
    }

    fn member(&mut self, left: &Typed, right: &Typed, bound: &mut Bound) -> String {
        if let Node::Range(from, to) = right.node() {
            let low = self.pair(from, CompareOp::LessEqual, left, bound);
            let high = self.pair(left, CompareOp::Less, to, bound);
            return format!("(and {low} {high})");
        }
        let (Term::Thing(list), Type::List(item)) = (self.term(right, bound), right.type_()) else {
            self.term(left, bound);
            return self.unknown_membership(left, right, bound);
        };
        if !reflexive(item) {
            return self.unknown_membership(left, right, bound);
        }
        let at = format!("i{}", bound.len());
        let element = self.element(&list, &at, Sort::of(item));
        let length = self.length(&list);
        let equal = match (self.term(left, bound), element) {
            (Term::Bool(a), Term::Bool(b))
            | (Term::Int(a), Term::Int(b))
            | (Term::Thing(a), Term::Thing(b)) => {
                format!("(= {a} {b})")
            }
            _ => "true".to_owned(),
        };
        format!("(exists (({at} Int)) (and (<= 0 {at}) (< {at} {length}) {equal}))")
    }

    fn unknown_membership(&mut self, left: &Typed, right: &Typed, bound: &mut Bound) -> String {
        let arguments = [self.term(left, bound), self.term(right, bound)];
        let (sorts, texts) = flat(&arguments);
        let name = format!(
            "in_{}",
            sorts.iter().map(|s| s.name()).collect::<Vec<_>>().join("_")
        );
        self.declare(&name, &sorts, "Bool");
        format!("({name} {})", texts.join(" "))
    }

    fn call(&mut self, expr: &Typed, name: &str, arguments: &[Typed], bound: &mut Bound) -> Term {
        let sort = Sort::of(expr.type_());
        match (name, arguments) {
            ("len", [of]) => match self.term(of, bound) {
                Term::Thing(of) => Term::Int(self.length(&of)),
                _ => self.opaque(expr, bound, sort),
            },
            ("all" | "any", [list, test]) => {
                let Node::Lambda(lambda) = test.node() else {
                    return self.opaque(expr, bound, sort);
                };
                match self.quantified(name == "all", list, lambda, bound) {
                    Some(text) => Term::Bool(text),
                    None => self.opaque(expr, bound, sort),
                }
            }
            ("is_some", [of]) => Term::Bool(self.is_some(of, bound)),
            ("is_none", [of]) => Term::Bool(format!("(not {})", self.is_some(of, bound))),
            ("is_nan", [x]) => match self.term(x, bound) {
                Term::Real { nan, .. } => Term::Bool(nan),
                _ => self.opaque(expr, bound, sort),
            },
            ("is_finite", [x]) => match self.term(x, bound) {
                Term::Real { nan, value } => {
                    let end = infinity();
                    Term::Bool(format!(
                        "(and (not {nan}) (< {value} {end}) (< (- {end}) {value}))"
                    ))
                }
                _ => self.opaque(expr, bound, sort),
            },
            ("abs", [x]) => match self.term(x, bound) {
                Term::Int(i) => Term::Int(format!("(ite (>= {i} 0) {i} (- {i}))")),
                Term::Real { nan, value } => Term::Real {
                    value: format!("(ite (>= {value} 0.0) {value} (- {value}))"),
                    nan,
                },
                _ => self.opaque(expr, bound, sort),
            },
            ("min" | "max", [a, b]) => match (self.term(a, bound), self.term(b, bound)) {
                (Term::Int(a), Term::Int(b)) => {
                    let word = if name == "min" { "<=" } else { ">=" };
                    Term::Int(format!("(ite ({word} {a} {b}) {a} {b})"))
                }
                _ => self.opaque(expr, bound, sort),
            },
            ("count", [list, _]) => {
                let counted = self.opaque(expr, bound, sort);
                if let (Term::Int(count), true, Term::Thing(list)) =
                    (&counted, bound.is_empty(), self.term(list, bound))
                {
                    let length = self.length(&list);
                    self.problem.facts.push(format!("(<= 0 {count} {length})"));
                }
                counted
            }
            _ => self.opaque(expr, bound, sort),
        }
    }

    fn is_some(&mut self, of: &Typed, bound: &mut Bound) -> String {
        match self.term(of, bound) {
            Term::Thing(of) => {
                self.declare("is_some", &[Sort::Thing], "Bool");
                format!("(is_some {of})")
            }
            _ => "true".to_owned(),
        }
    }

    /// `all(list, |x| …)` and `any` over the positions of the list, or over the numbers of a range.
    fn quantified(
        &mut self,
        all: bool,
        list: &Typed,
        lambda: &Lambda,
        bound: &mut Bound,
    ) -> Option<String> {
        let [parameter] = lambda.parameters.as_slice() else {
            return None;
        };
        if lambda.unpack || parameter.index != bound.len() {
            return None;
        }
        let at = format!("i{}", bound.len());
        let (within, element) = if let Node::Range(from, to) = list.node() {
            let (Term::Int(from), Term::Int(to)) = (self.term(from, bound), self.term(to, bound))
            else {
                return None;
            };
            (
                format!("(and (<= {from} {at}) (< {at} {to}))"),
                Term::Int(at.clone()),
            )
        } else {
            let (Term::Thing(things), Type::List(item)) = (self.term(list, bound), list.type_())
            else {
                return None;
            };
            let length = self.length(&things);
            let element = self.element(&things, &at, Sort::of(item));
            (format!("(and (<= 0 {at}) (< {at} {length}))"), element)
        };
        bound.push(element);
        let body = self.truth(&lambda.body, bound);
        bound.pop();
        Some(if all {
            format!("(forall (({at} Int)) (=> {within} {body}))")
        } else {
            format!("(exists (({at} Int)) (and {within} {body}))")
        })
    }
}
