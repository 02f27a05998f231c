//! Clauses as SMT-LIB 2.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use voidstate_language::ast::{BinaryOp, CompareOp};
use voidstate_language::node::{Lambda, Node, PlaceKind, Typed};
use voidstate_language::{Type, Value};

use super::Problem;
use crate::statics::{Condition, Key, Part, Values, key, known, reflexive};

/// A translated expression.
#[derive(Debug, Clone, PartialEq)]
enum Term {
    Bool(String),
    Int(String),
    /// Whether it is NaN, and the number when it is not; infinities are numbers beyond all others.
    Real {
        nan: String,
        value: String,
    },
    /// Anything else.
    Thing(String),
}

impl Term {
    const fn size(&self) -> usize {
        match self {
            Self::Bool(text) | Self::Int(text) | Self::Thing(text) => text.len(),
            Self::Real { nan, value } => nan.len() + value.len(),
        }
    }
}

/// Parts that are translated per question.
const PARTS_MAX: u32 = 20_000;
/// Deepest nesting that is translated.
const DEPTH_MAX: usize = 40;
/// Longest formula; doubled parts (`let`, remainders) grow quickly.
const TEXT_MAX: usize = 100_000;

/// What the solver makes of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Bool,
    Int,
    Real,
    Thing,
}

impl Sort {
    const fn of(type_: &Type) -> Self {
        match type_ {
            Type::Bool => Self::Bool,
            Type::Int(_) | Type::Duration | Type::Size => Self::Int,
            Type::Real(_) => Self::Real,
            _ => Self::Thing,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Bool => "Bool",
            Self::Int => "Int",
            Self::Real => "Real",
            Self::Thing => "Thing",
        }
    }
}

/// Where infinity stands among the solver's reals: 2^1024.
fn infinity() -> String {
    static TEXT: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    TEXT.get_or_init(|| {
        // f64::MAX is (2 - 2^-52) * 2^1023: doubling its digits' power of two exactly is left to the solver.
        let mut text = String::from("(* 2.0 ");
        let _ = write!(text, "{}", decimal(2.0_f64.powi(1023)));
        text.push(')');
        text
    })
    .clone()
}

/// The exact value of a finite real.
fn decimal(x: f64) -> String {
    let text = format!("{:.1100}", x.abs());
    let text = text.trim_end_matches('0');
    let text = if text.ends_with('.') {
        format!("{text}0")
    } else {
        text.to_owned()
    };
    if x < 0.0 { format!("(- {text})") } else { text }
}

fn int(i: i64) -> String {
    if i < 0 {
        format!("(- {})", i.unsigned_abs())
    } else {
        i.to_string()
    }
}

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

struct Writer<'a> {
    /// How many more parts are translated; the rest is unknown.
    left: u32,
    /// Nesting so far.
    depth: usize,
    problem: Problem,
    declared: BTreeSet<String>,
    /// Things that are constants, with their names.
    constants: Vec<(Value, String)>,
    types: &'a BTreeMap<Key, Type>,
    fixed: &'a Values,
    before: bool,
}

/// Values bound around an expression, by number.
type Bound = Vec<Term>;

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

    fn place(&mut self, key: Key) -> Term {
        let letter = match key.part {
            Part::Input => "in",
            Part::OldState => "old",
            Part::Output => "out",
            Part::State => "st",
        };
        let name = format!("{letter}{}", key.index);
        let sort = self.types.get(&key).map_or(Sort::Thing, Sort::of);
        let fresh =
            !self.declared.contains(&name) && !self.declared.contains(&format!("{name}_nan"));
        let term = self.named(&name, sort, &[]);
        if fresh {
            match &term {
                Term::Int(i) => {
                    self.problem.facts.push(format!(
                        "(<= (- {}) {i} {})",
                        i64::MIN.unsigned_abs(),
                        i64::MAX
                    ));
                }
                Term::Real { value, .. } => {
                    let end = infinity();
                    self.problem
                        .facts
                        .push(format!("(<= (- {end}) {value} {end})"));
                }
                Term::Thing(thing) => {
                    self.length(&thing.clone());
                }
                Term::Bool(_) => {}
            }
        }
        term
    }

    /// A symbol applied to arguments.
    fn named(&mut self, name: &str, sort: Sort, arguments: &[Term]) -> Term {
        let (sorts, texts) = flat(arguments);
        let apply = |name: &str| {
            if texts.is_empty() {
                name.to_owned()
            } else {
                format!("({name} {})", texts.join(" "))
            }
        };
        match sort {
            Sort::Real => {
                let nan = format!("{name}_nan");
                self.declare(&nan, &sorts, "Bool");
                self.declare(name, &sorts, "Real");
                Term::Real {
                    nan: apply(&nan),
                    value: apply(name),
                }
            }
            Sort::Bool => {
                self.declare(name, &sorts, "Bool");
                Term::Bool(apply(name))
            }
            Sort::Int => {
                self.declare(name, &sorts, "Int");
                Term::Int(apply(name))
            }
            Sort::Thing => {
                self.declare(name, &sorts, "Thing");
                Term::Thing(apply(name))
            }
        }
    }

    fn declare(&mut self, name: &str, sorts: &[Sort], result: &str) {
        if self.declared.insert(name.to_owned()) {
            let sorts: Vec<&str> = sorts.iter().map(|s| s.name()).collect();
            self.problem.declarations.push(format!(
                "(declare-fun {name} ({}) {result})",
                sorts.join(" ")
            ));
        }
    }

    /// What is not understood: the same symbol wherever the text and the places in it are the same.
    fn opaque(&mut self, expr: &Typed, bound: &Bound, sort: Sort) -> Term {
        let mut locals: Vec<usize> = Vec::new();
        expr.walk(&mut |part| {
            if let Node::Local(local) = part.node()
                && local.index < bound.len()
                && !locals.contains(&local.index)
            {
                locals.push(local.index);
            }
        });
        let mut name = expr.to_string();
        for place in expr.free_slots() {
            let state = place.kind == PlaceKind::State && self.before;
            let place = key(&place, self.before);
            let _ = write!(name, " {place:?}{}", if state { " before" } else { "" });
        }
        let name: String = name
            .chars()
            .map(|c| {
                if c == '|' || c == '\\' || c.is_control() {
                    '!'
                } else {
                    c
                }
            })
            .collect();
        let arguments: Vec<Term> = locals
            .iter()
            .filter_map(|i| bound.get(*i).cloned())
            .collect();
        let (sorts, _) = flat(&arguments);
        let sorts: Vec<&str> = sorts.iter().map(|s| s.name()).collect();
        // Long names are told apart by a number.
        let mut short: String = name.chars().take(60).collect();
        let _ = write!(
            short,
            " {:016x} {} {}",
            fnv(&name),
            sorts.join(" "),
            sort.name()
        );
        let quoted = format!("|{short}|");
        match sort {
            Sort::Real => {
                let (nan, value) = (format!("|{short} nan|"), quoted);
                let (sorts, texts) = flat(&arguments);
                self.declare(&nan, &sorts, "Bool");
                self.declare(&value, &sorts, "Real");
                let apply = |name: String| {
                    if texts.is_empty() {
                        name
                    } else {
                        format!("({name} {})", texts.join(" "))
                    }
                };
                Term::Real {
                    nan: apply(nan),
                    value: apply(value),
                }
            }
            _ => self.named(&quoted, sort, &arguments),
        }
    }

    fn length(&mut self, thing: &str) -> String {
        let first = !self.declared.contains("length");
        self.declare("length", &[Sort::Thing], "Int");
        if first {
            self.problem
                .facts
                .push("(forall ((t Thing)) (>= (length t) 0))".to_owned());
        }
        format!("(length {thing})")
    }

    fn element(&mut self, of: &str, at: &str, sort: Sort) -> Term {
        let things = [Term::Thing(of.to_owned()), Term::Int(at.to_owned())];
        self.named(&format!("element_{}", sort.name()), sort, &things)
    }

    fn constant(&mut self, value: &Value) -> Term {
        match value {
            Value::Bool(b) => Term::Bool(b.to_string()),
            Value::Int(i) | Value::Duration(i) | Value::Size(i) => Term::Int(int(*i)),
            Value::Real(x) if x.is_nan() => Term::Real {
                nan: "true".to_owned(),
                value: "0.0".to_owned(),
            },
            Value::Real(x) => Term::Real {
                nan: "false".to_owned(),
                value: match (x.is_finite(), *x > 0.0) {
                    (true, _) => decimal(*x),
                    (false, true) => infinity(),
                    (false, false) => format!("(- {})", infinity()),
                },
            },
            thing => Term::Thing(self.constant_thing(thing)),
        }
    }

    /// A constant text, list, option, …: what is known of it are its length and its parts.
    fn constant_thing(&mut self, value: &Value) -> String {
        if let Some((_, name)) = self.constants.iter().find(|(known, _)| known == value) {
            return name.clone();
        }
        let name = format!("k{}", self.constants.len());
        self.constants.push((value.clone(), name.clone()));
        self.declare(&name, &[], "Thing");
        let length = match value {
            Value::Text(text) => Some(text.chars().count()),
            Value::Bytes(bytes) => Some(bytes.len()),
            Value::List(items) => Some(items.len()),
            Value::Map(map) => Some(map.len()),
            _ => None,
        };
        if let Some(length) = length {
            let text = self.length(&name);
            self.problem.facts.push(format!("(= {text} {length})"));
        }
        match value {
            Value::List(items) => {
                for (i, item) in items.iter().enumerate().take(64) {
                    let term = self.constant(item);
                    let sort = match &term {
                        Term::Bool(_) => Sort::Bool,
                        Term::Int(_) => Sort::Int,
                        Term::Real { .. } => Sort::Real,
                        Term::Thing(_) => Sort::Thing,
                    };
                    let fact = match (self.element(&name, &i.to_string(), sort), term) {
                        (Term::Real { nan: m, value: a }, Term::Real { nan: n, value: b }) => {
                            format!("(and (= {m} {n}) (=> (not {n}) (= {a} {b})))")
                        }
                        (
                            Term::Bool(a) | Term::Int(a) | Term::Thing(a),
                            Term::Bool(b) | Term::Int(b) | Term::Thing(b),
                        ) => format!("(= {a} {b})"),
                        _ => continue,
                    };
                    self.problem.facts.push(fact);
                }
            }
            Value::Option(inner) => {
                self.declare("is_some", &[Sort::Thing], "Bool");
                let fact = format!("(= (is_some {name}) {})", inner.is_some());
                self.problem.facts.push(fact);
            }
            _ => {}
        }
        name
    }

    /// Different constants are different things.
    fn distinct(&mut self) {
        let names: Vec<&str> = self
            .constants
            .iter()
            .map(|(_, name)| name.as_str())
            .collect();
        if names.len() > 1 {
            self.problem
                .facts
                .push(format!("(distinct {})", names.join(" ")));
        }
    }
}

/// Terms as arguments: a real is two.
fn flat(terms: &[Term]) -> (Vec<Sort>, Vec<String>) {
    let mut sorts = Vec::new();
    let mut texts = Vec::new();
    for term in terms {
        match term {
            Term::Bool(text) => {
                sorts.push(Sort::Bool);
                texts.push(text.clone());
            }
            Term::Int(text) => {
                sorts.push(Sort::Int);
                texts.push(text.clone());
            }
            Term::Thing(text) => {
                sorts.push(Sort::Thing);
                texts.push(text.clone());
            }
            Term::Real { nan, value } => {
                sorts.extend([Sort::Bool, Sort::Real]);
                texts.extend([nan.clone(), value.clone()]);
            }
        }
    }
    (sorts, texts)
}

/// FNV-1a.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
    })
}
