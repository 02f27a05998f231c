//! One way to make a precondition true: every alternative decided.

use voidstate_language::Value;
use voidstate_language::ast::CompareOp;
use voidstate_language::node::Typed;

use super::bounds::Number;
use super::formula::{Formula, Spot, Step, Term, Unknown, Where};
use super::random::Random;

/// What one choice of alternatives asks for, by kind.
#[derive(Debug, Default)]
pub(crate) struct Plan<'f> {
    pub(crate) compares: Vec<(Term, CompareOp, Term)>,
    pub(crate) finite: Vec<&'f Spot>,
    pub(crate) not_nan: Vec<&'f Spot>,
    pub(crate) nan: Vec<&'f Spot>,
    pub(crate) truths: Vec<(&'f Spot, bool)>,
    pub(crate) tags: Vec<(&'f Spot, u32, bool)>,
    pub(crate) equals: Vec<(&'f Spot, &'f Typed)>,
    pub(crate) among: Vec<(&'f Spot, &'f Typed)>,
    pub(crate) same: Vec<(&'f Spot, &'f Spot)>,
    pub(crate) members: Vec<(&'f Spot, &'f Spot)>,
    pub(crate) parts: Vec<(&'f Spot, &'f Spot, Where)>,
    pub(crate) each: Vec<(&'f Spot, Option<&'f Term>, &'f Formula)>,
    /// An element is chosen once the length is known.
    pub(crate) some: Vec<(&'f Spot, &'f Formula)>,
    pub(crate) pairs: Vec<(&'f Spot, &'f Formula)>,
    pub(crate) sorted: Vec<&'f Spot>,
    pub(crate) distinct: Vec<(&'f Spot, &'f [Step])>,
}

impl<'f> Plan<'f> {
    /// Decides every alternative at random; false when what was decided is false.
    pub(crate) fn choose(
        &mut self,
        formula: &'f Formula,
        random: &mut Random,
        evaluate: &dyn Fn(&Typed) -> Option<Value>,
    ) -> bool {
        match formula {
            Formula::Fixed(typed, wanted) => {
                return matches!(evaluate(typed), Some(Value::Bool(is)) if is == *wanted);
            }
            Formula::True | Formula::Opaque => {}
            Formula::False => return false,
            Formula::And(parts) => {
                return parts.iter().all(|part| self.choose(part, random, evaluate));
            }
            Formula::Or(parts) => {
                return random
                    .pick(parts)
                    .is_some_and(|part| self.choose(part, random, evaluate));
            }
            Formula::Compare(a, op, b) => self.compares.push((a.clone(), *op, b.clone())),
            Formula::Order(a, CompareOp::Equal, b) => {
                self.same.push((a, b));
                self.compares.push((length(a), CompareOp::Equal, length(b)));
            }
            Formula::Order(..) => {}
            Formula::EachKnown(list, number, inner) => {
                if let Some(Value::List(items)) = evaluate(list) {
                    for item in items.iter() {
                        self.known(inner, *number, item, random);
                    }
                }
            }
            Formula::Finite(spot) => self.finite.push(spot),
            Formula::NotNan(spot) => self.not_nan.push(spot),
            Formula::IsNan(spot) => self.nan.push(spot),
            Formula::Truth(spot, value) => self.truths.push((spot, *value)),
            Formula::Tag(spot, tag, is) => self.tags.push((spot, *tag, *is)),
            Formula::Equals(spot, value) => self.equals.push((spot, value)),
            Formula::Among(spot, values) => self.among.push((spot, values)),
            Formula::Member(spot, list) => {
                self.members.push((spot, list));
                self.compares.push((
                    length(list),
                    CompareOp::GreaterEqual,
                    Term::Known(Number::Int(1)),
                ));
            }
            Formula::Part(spot, text, place) => {
                self.parts.push((spot, text, *place));
                self.compares
                    .push((length(spot), CompareOp::LessEqual, length(text)));
            }
            Formula::Each(list, at, inner) => {
                if let Some(at) = at {
                    let zero = Term::Known(Number::Int(0));
                    self.compares
                        .push((at.clone(), CompareOp::GreaterEqual, zero));
                    self.compares
                        .push((at.clone(), CompareOp::Less, length(list)));
                }
                self.each.push((list, at.as_ref(), inner));
            }
            Formula::Some(list, inner) => {
                self.some.push((list, inner));
                self.compares.push((
                    length(list),
                    CompareOp::GreaterEqual,
                    Term::Known(Number::Int(1)),
                ));
            }
            Formula::Pairs(list, inner) => self.pairs.push((list, inner)),
            Formula::Sorted(list) => self.sorted.push(list),
            Formula::Distinct(list, key) => self.distinct.push((list, key)),
        }
        true
    }

    /// The comparisons of a formula about one element of a known list; anything else is left to evaluation.
    fn known(&mut self, formula: &Formula, number: usize, item: &Value, random: &mut Random) {
        match formula {
            Formula::And(parts) => {
                for part in parts {
                    self.known(part, number, item, random);
                }
            }
            Formula::Or(parts) => {
                if let Some(part) = random.pick(parts) {
                    self.known(part, number, item, random);
                }
            }
            Formula::Compare(a, op, b) => {
                if let (Some(a), Some(b)) = (a.with(number, item), b.with(number, item)) {
                    self.compares.push((a, *op, b));
                }
            }
            _ => {}
        }
    }

    /// The list that it is an element of, or the map that it is a key of, when nothing else is asked of it: then it is
    /// taken from there, else it is put there.
    pub(crate) fn taken_from(&self, spot: &Spot) -> Option<&'f Spot> {
        let (_, list) = self.members.iter().find(|(x, _)| *x == spot)?;
        let asked = self.asks_inside(spot)
            || self.parts.iter().any(|(x, ..)| *x == spot)
            || self
                .compares
                .iter()
                .any(|(a, _, b)| a.reads(spot) || b.reads(spot));
        (!asked).then_some(*list)
    }

    /// Whether anything is asked of the parts of that list, text or map.
    pub(crate) fn asks_inside(&self, list: &Spot) -> bool {
        self.each.iter().any(|(l, ..)| *l == list)
            || self.some.iter().any(|(l, _)| *l == list)
            || self.pairs.iter().any(|(l, _)| *l == list)
            || self.sorted.contains(&list)
            || self.distinct.iter().any(|(l, _)| *l == list)
    }
}

fn length(spot: &Spot) -> Term {
    Term::Unknown(Unknown {
        spot: spot.clone(),
        length: true,
    })
}

/// `before.key < element.key` and its like: the key, whether equal keys are forbidden, whether it descends.
pub(crate) fn sorting<'f>(list: &Spot, inner: &'f Formula) -> Option<(&'f [Step], bool, bool)> {
    let (a, op, b) = match inner {
        Formula::Compare(Term::Unknown(a), op, Term::Unknown(b)) if !a.length && !b.length => {
            (&a.spot, *op, &b.spot)
        }
        Formula::Order(a, op, b) => (a, *op, b),
        _ => return None,
    };
    let (a, b) = (a.inside(list)?, b.inside(list)?);
    let (before_first, first, second) = match (a, b) {
        ([Step::Before, first @ ..], [Step::Element, second @ ..]) => (true, first, second),
        ([Step::Element, first @ ..], [Step::Before, second @ ..]) => (false, first, second),
        _ => return None,
    };
    if first != second {
        return None;
    }
    let (rising, strict) = match op {
        CompareOp::Less => (true, true),
        CompareOp::LessEqual => (true, false),
        CompareOp::Greater => (false, true),
        CompareOp::GreaterEqual => (false, false),
        _ => return None,
    };
    Some((first, strict, rising != before_first))
}
