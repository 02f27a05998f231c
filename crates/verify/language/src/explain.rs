//! Why a condition does not hold: the innermost part that fails, the values of its sides, and for which element.

use std::collections::BTreeMap;
use std::fmt;

use crate::ast::{BinaryOp, CompareOp};
use crate::eval::Machine;
use crate::eval::logic::as_lambda;
use crate::eval::order::{disorder, repeated};
use crate::node::{Lambda, Node, PlaceKind, Typed};
use crate::{CheckedClause, Error, Scope, Steps, Value, abbreviate};

/// Most names and sides that are shown.
const MANY: usize = 12;

/// Why a condition does not hold. Its [`Display`](fmt::Display) is one line, followed by one line per note, witness
/// and name.
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explanation {
    /// Whether the condition holds after all; nothing else is said then.
    pub holds: bool,
    /// The innermost part that decides, as source text.
    pub part: String,
    /// Whether that part should not have held (it stands under a `not`).
    pub negated: bool,
    /// Sides of the failed comparison, or arguments of the failed function: source text and value, long values cut in
    /// the middle. Literals are left out.
    pub sides: Vec<(String, String)>,
    /// Elements for which it fails, outermost first.
    pub witnesses: Vec<Witness>,
    /// What else helps, for example where a list is out of order.
    pub notes: Vec<String>,
    /// The inputs, outputs and state variables that the whole condition reads, with their values.
    pub names: Vec<(String, String)>,
    /// Why there is no value, where that is the reason.
    pub error: Option<Error>,
}

/// An element for which a condition over a list fails.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The list, as source text.
    pub list: String,
    /// Where the element stands.
    pub index: usize,
    /// Names bound to it, with their values.
    pub names: Vec<(String, String)>,
}

impl CheckedClause {
    /// Why it does not hold.
    ///
    /// Takes about as many steps as evaluation for each level of nesting; when they run out, what is known so far is
    /// said.
    #[must_use]
    pub fn explain(&self, scope: &Scope<'_>, steps: &mut Steps) -> Explanation {
        self.condition.explain(scope, steps)
    }
}

impl Typed {
    /// Why it does not hold, when it is a condition.
    #[must_use]
    pub fn explain(&self, scope: &Scope<'_>, steps: &mut Steps) -> Explanation {
        let mut explanation = Explanation::default();
        let mut machine = Machine::new(*scope, steps);
        let before = machine.mark();
        match machine.truth(self) {
            Ok(true) => {
                explanation.holds = true;
                return explanation;
            }
            Ok(false) => {}
            Err(error) => explanation.error = Some(*error),
        }
        machine.reset(before);
        if let Err(error) = descend(&mut machine, self, true, &mut explanation) {
            if explanation.part.is_empty() {
                explanation.part = self.to_string();
            }
            explanation.error.get_or_insert(*error);
        }
        for place in self.free_slots().into_iter().take(MANY) {
            if let Ok(value) = scope.get(&place) {
                let shown = match place.kind {
                    PlaceKind::Output => format!("output {}", place.name),
                    _ => place.to_string(),
                };
                explanation.names.push((shown, abbreviate::value(value)));
            }
        }
        explanation
    }
}

type Done = Result<(), Box<Error>>;

/// Walks to the part that decides. `wanted` is what the part should have been; it is not, or has no value.
fn descend(m: &mut Machine<'_>, typed: &Typed, wanted: bool, out: &mut Explanation) -> Done {
    out.part = typed.to_string();
    out.negated = !wanted;
    match typed.node() {
        Node::Not(inner) => descend(m, inner, !wanted, out),
        Node::Binary(op, left, right) => connective(m, (*op, left, right), wanted, out),
        Node::Compare { first, rest } => comparison(m, first, rest, wanted, out),
        Node::Approx {
            left,
            right,
            tolerance,
            ..
        } => {
            let values = sides(m, &[left, right, tolerance], out)?;
            if let [Value::List(a), Value::List(b), _] = values.as_slice() {
                apart(m, (a, b), typed, out)?;
            } else if let [Value::Real(a), Value::Real(b), _] = values.as_slice() {
                out.notes
                    .push(format!("they are {:?} apart", (a - b).abs()));
            }
            Ok(())
        }
        Node::If(condition, then, otherwise) => {
            let taken = if m.truth(condition)? { then } else { otherwise };
            descend(m, taken, wanted, out)
        }
        Node::Let { local, value, body } => {
            let value = m.eval(value)?;
            out.notes
                .push(format!("{} = {}", local.name, abbreviate::value(&value)));
            m.push(value);
            descend(m, body, wanted, out)
        }
        Node::Match { of, arms } => {
            let value = m.eval(of)?;
            out.notes
                .push(format!("{of} = {}", abbreviate::value(&value)));
            let body = m.choose(&value, arms)?;
            descend(m, body, wanted, out)
        }
        Node::Define(define, arguments) => {
            let _ = sides(m, &arguments.iter().collect::<Vec<_>>(), out)?;
            let call = typed.to_string();
            let shown = std::mem::take(&mut out.sides);
            out.notes.push(listed(&format!("in {call}"), &shown));
            m.enter(arguments)?;
            descend(m, &define.body, wanted, out)
        }
        Node::Call(builtin, arguments) => call(m, builtin.name, arguments, wanted, out),
        _ => sides(m, &[typed], out).map(|_| ()),
    }
}

fn connective(
    m: &mut Machine<'_>,
    (op, left, right): (BinaryOp, &Typed, &Typed),
    wanted: bool,
    out: &mut Explanation,
) -> Done {
    let mark = m.mark();
    let first = m.truth(left);
    let Ok(first) = first else {
        m.reset(mark);
        return descend(m, left, wanted, out);
    };
    match (op, wanted) {
        (BinaryOp::And, true) => descend(m, if first { right } else { left }, true, out),
        (BinaryOp::Or, false) => descend(m, if first { left } else { right }, false, out),
        (BinaryOp::Implies, true) => {
            out.notes.push(format!("{left} holds"));
            descend(m, right, true, out)
        }
        (BinaryOp::Implies, false) if !first => descend(m, left, true, out),
        (BinaryOp::Implies, false) => descend(m, right, false, out),
        (BinaryOp::Or, true) => {
            out.notes.push(format!("{left} does not hold either"));
            descend(m, right, true, out)
        }
        (BinaryOp::And | BinaryOp::Equivalent, _) => sides(m, &[left, right], out).map(|_| ()),
        _ => Ok(()),
    }
}

fn comparison(
    m: &mut Machine<'_>,
    first: &Typed,
    rest: &[(CompareOp, Typed)],
    wanted: bool,
    out: &mut Explanation,
) -> Done {
    let mut left = first;
    for (op, right) in rest {
        let (a, b) = {
            let mark = out.sides.len();
            let values = sides(m, &[left, right], out)?;
            let [a, b] = values.as_slice() else {
                return Ok(());
            };
            let holds = m.pair(*op, a, b)?;
            if wanted && holds {
                out.sides.truncate(mark);
                left = right;
                continue;
            }
            (a.clone(), b.clone())
        };
        if wanted {
            let op = crate::node::comparison(*op);
            out.part = format!("{left} {op} {right}");
            differ(m, &a, &b, out)?;
            return counted(m, &[left, right], out);
        }
        left = right;
    }
    out.sides.dedup();
    Ok(())
}

/// Where two unequal lists differ first.
fn differ(m: &mut Machine<'_>, a: &Value, b: &Value, out: &mut Explanation) -> Done {
    let (Value::List(a), Value::List(b)) = (a, b) else {
        return Ok(());
    };
    for (i, (x, y)) in a.iter().zip(b.iter()).enumerate() {
        if !m.equal(x, y)? {
            let (x, y) = (abbreviate::value(x), abbreviate::value(y));
            out.notes
                .push(format!("they differ first at {i}: {x} and {y}"));
            return Ok(());
        }
    }
    if a.len() != b.len() {
        let note = format!("their lengths are {} and {}", a.len(), b.len());
        out.notes.push(note);
    }
    Ok(())
}

/// Which elements a `count` counted.
fn counted(m: &mut Machine<'_>, parts: &[&Typed], out: &mut Explanation) -> Done {
    for part in parts {
        let Node::Call(builtin, arguments) = part.node() else {
            continue;
        };
        if builtin.name != "count" {
            continue;
        }
        let (elements, lambda) = m.over("count", arguments)?;
        let mut places = Vec::new();
        for i in 0..elements.len() {
            if let Some(element) = elements.get(i)
                && m.test(lambda, element)?
            {
                places.push(i.to_string());
                if places.len() > MANY {
                    places.push("…".to_owned());
                    break;
                }
            }
        }
        let places = if places.is_empty() {
            "no element".to_owned()
        } else {
            format!("elements {}", places.join(", "))
        };
        out.notes.push(format!("{part} counts {places}"));
    }
    Ok(())
}

/// Where two lists are further apart than they may be.
fn apart(
    m: &mut Machine<'_>,
    (a, b): (&[Value], &[Value]),
    typed: &Typed,
    out: &mut Explanation,
) -> Done {
    let Node::Approx {
        tolerance,
        relative,
        ..
    } = typed.node()
    else {
        return Ok(());
    };
    if a.len() != b.len() {
        let note = format!("their lengths are {} and {}", a.len(), b.len());
        out.notes.push(note);
        return Ok(());
    }
    let tolerance = m.eval(tolerance)?;
    for (i, (x, y)) in a.iter().zip(b).enumerate() {
        if !m.near(x, y, &tolerance, *relative)? {
            out.notes
                .push(format!("they are apart first at {i}: {x} and {y}"));
            break;
        }
    }
    Ok(())
}

fn call(
    m: &mut Machine<'_>,
    name: &'static str,
    arguments: &[Typed],
    wanted: bool,
    out: &mut Explanation,
) -> Done {
    if let ("all" | "any", [list, lambda]) = (name, arguments) {
        let lambda = as_lambda(name, lambda)?;
        return quantified(m, (name, list, lambda), wanted, out);
    }
    let values = sides(m, &arguments.iter().collect::<Vec<_>>(), out)?;
    let note = match (name, values.as_slice()) {
        ("is_sorted", [Value::List(items)]) => disorder(items).and_then(|i| {
            let (a, b) = (items.get(i)?, items.get(i + 1)?);
            let (a, b) = (abbreviate::value(a), abbreviate::value(b));
            Some(format!("out of order at {i}: {a} before {b}"))
        }),
        ("unique", [Value::List(items)]) => repeated(items).and_then(|(i, j)| {
            let shown = abbreviate::value(items.get(i)?);
            Some(format!("{shown} stands at {i} and at {j}"))
        }),
        ("permutation" | "subset", [Value::List(a), Value::List(b)]) => surplus(name, a, b),
        _ => None,
    };
    out.notes.extend(note);
    Ok(())
}

/// A value that one list holds more often than the other.
fn surplus(name: &str, a: &[Value], b: &[Value]) -> Option<String> {
    let mut counts: BTreeMap<&Value, (usize, usize)> = BTreeMap::new();
    for value in a {
        counts.entry(value).or_default().0 += 1;
    }
    for value in b {
        counts.entry(value).or_default().1 += 1;
    }
    let wrong = |(n, k): (usize, usize)| {
        if name == "subset" {
            n > 0 && k == 0
        } else {
            n != k
        }
    };
    let (value, (n, k)) = counts.into_iter().find(|(_, both)| wrong(*both))?;
    let shown = abbreviate::value(value);
    Some(format!(
        "{shown} is {n} times in the first and {k} times in the second"
    ))
}

/// The element that decides an `all` or an `any`.
fn quantified(
    m: &mut Machine<'_>,
    (name, list, lambda): (&str, &Typed, &Lambda),
    wanted: bool,
    out: &mut Explanation,
) -> Done {
    let elements = m.elements(list)?;
    // An `all` that fails has an element that fails; an `any` that holds one that holds.
    let decisive = name == "any";
    if wanted == decisive {
        let passes = if decisive { "passes" } else { "fails" };
        let note = format!("none of the {} elements of {list} {passes}", elements.len());
        out.notes.push(note);
        if elements.len() != 1 {
            return Ok(());
        }
    }
    for index in 0..elements.len() {
        let Some(element) = elements.get(index) else {
            break;
        };
        let mark = m.mark();
        let holds = m.test(lambda, element.clone());
        m.reset(mark);
        let decides = match holds {
            Ok(holds) => holds != wanted,
            Err(_) => true,
        };
        if !decides {
            continue;
        }
        let bound: Vec<Value> = match &element {
            Value::Tuple(parts) if lambda.unpack => parts.to_vec(),
            other => vec![other.clone()],
        };
        let names = lambda.parameters.iter().zip(&bound);
        out.witnesses.push(Witness {
            list: list.to_string(),
            index,
            names: names
                .map(|(local, value)| (local.name.to_string(), abbreviate::value(value)))
                .collect(),
        });
        m.bind(lambda, element)?;
        return descend(m, &lambda.body, wanted, out);
    }
    Ok(())
}

/// The values of some parts; those that are no literals are shown.
fn sides(
    m: &mut Machine<'_>,
    parts: &[&Typed],
    out: &mut Explanation,
) -> Result<Vec<Value>, Box<Error>> {
    let mut values = Vec::new();
    for part in parts {
        if matches!(part.node(), Node::Lambda(_)) {
            continue;
        }
        let mark = m.mark();
        match m.eval(part) {
            Ok(value) => {
                if !matches!(part.node(), Node::Constant(_)) {
                    let shown = (part.to_string(), abbreviate::value(&value));
                    if !out.sides.contains(&shown) && out.sides.len() < MANY {
                        out.sides.push(shown);
                    }
                }
                values.push(value);
            }
            Err(error) => {
                m.reset(mark);
                let shown = (part.to_string(), "no value".to_owned());
                out.sides.push(shown);
                return Err(error);
            }
        }
    }
    Ok(values)
}

fn listed(what: &str, names: &[(String, String)]) -> String {
    let names: Vec<String> = names.iter().map(|(n, v)| format!("{n} = {v}")).collect();
    if names.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {}", names.join(", "))
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.holds {
            return f.write_str("it holds");
        }
        let verb = match (&self.error, self.negated) {
            (Some(_), _) => "has no value",
            (None, true) => "holds, and should not",
            (None, false) => "does not hold",
        };
        write!(
            f,
            "{}",
            listed(&format!("`{}` {verb}", self.part), &self.sides)
        )?;
        if let Some(error) = &self.error {
            write!(f, "\n  because {error}")?;
        }
        for witness in &self.witnesses {
            let place = format!("at element {} of {}", witness.index, witness.list);
            write!(f, "\n  {}", listed(&place, &witness.names))?;
        }
        for note in &self.notes {
            write!(f, "\n  {note}")?;
        }
        for (name, value) in &self.names {
            write!(f, "\n  where {name} = {value}")?;
        }
        Ok(())
    }
}
