//! Names, constants and things of a question.

use std::fmt::Write as _;

use voidstate_language::node::{Node, PlaceKind, Typed};
use voidstate_language::{Type, Value};

use super::translate::{Bound, Writer};
use crate::statics::{Key, Part, key};

/// A translated expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Term {
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
    pub(super) const fn size(&self) -> usize {
        match self {
            Self::Bool(text) | Self::Int(text) | Self::Thing(text) => text.len(),
            Self::Real { nan, value } => nan.len() + value.len(),
        }
    }
}

/// What the solver makes of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Bool,
    Int,
    Real,
    Thing,
}

impl Sort {
    pub(super) const fn of(type_: &Type) -> Self {
        match type_ {
            Type::Bool => Self::Bool,
            Type::Int(_) | Type::Duration | Type::Size => Self::Int,
            Type::Real(_) => Self::Real,
            _ => Self::Thing,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Bool => "Bool",
            Self::Int => "Int",
            Self::Real => "Real",
            Self::Thing => "Thing",
        }
    }
}

/// Where infinity stands among the solver's reals: 2^1024.
pub(super) fn infinity() -> String {
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

impl Writer<'_> {
    pub(super) fn place(&mut self, key: Key) -> Term {
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

    pub(super) fn declare(&mut self, name: &str, sorts: &[Sort], result: &str) {
        if self.declared.insert(name.to_owned()) {
            let sorts: Vec<&str> = sorts.iter().map(|s| s.name()).collect();
            self.problem.declarations.push(format!(
                "(declare-fun {name} ({}) {result})",
                sorts.join(" ")
            ));
        }
    }

    /// What is not understood: the same symbol wherever the text and the places in it are the same.
    pub(super) fn opaque(&mut self, expr: &Typed, bound: &Bound, sort: Sort) -> Term {
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

    pub(super) fn length(&mut self, thing: &str) -> String {
        let first = !self.declared.contains("length");
        self.declare("length", &[Sort::Thing], "Int");
        if first {
            self.problem
                .facts
                .push("(forall ((t Thing)) (>= (length t) 0))".to_owned());
        }
        format!("(length {thing})")
    }

    pub(super) fn element(&mut self, of: &str, at: &str, sort: Sort) -> Term {
        let things = [Term::Thing(of.to_owned()), Term::Int(at.to_owned())];
        self.named(&format!("element_{}", sort.name()), sort, &things)
    }

    pub(super) fn constant(&mut self, value: &Value) -> Term {
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
    pub(super) fn distinct(&mut self) {
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
pub(super) fn flat(terms: &[Term]) -> (Vec<Sort>, Vec<String>) {
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
