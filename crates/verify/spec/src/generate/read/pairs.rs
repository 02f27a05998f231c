//! Comparisons of two sides.

use super::super::bounds::Number;
use super::super::formula::{Formula, Spot, Step, Term, Unknown, Where};
use super::super::walk;
use super::{Bound, Reader, is_number};
use voidstate_language::ast::CompareOp;
use voidstate_language::node::{Node, Typed};
use voidstate_language::{Type, Value};

impl Reader {
    /// Wraps what was read about `list[position]`.
    pub(super) fn looked_at(&mut self, inner: Formula) -> Formula {
        match self.at.take() {
            Some((list, at)) => Formula::Each(list, Some(at), Box::new(inner)),
            None => inner,
        }
    }

    pub(super) fn pair(&mut self, left: &Typed, op: CompareOp, right: &Typed) -> Formula {
        let saved = self.at.take();
        let read = self.pair_inside(left, op, right);
        let read = match read {
            Some(inner) => self.looked_at(inner),
            None => Formula::Opaque,
        };
        self.at = saved;
        read
    }

    pub(super) fn pair_inside(
        &mut self,
        left: &Typed,
        op: CompareOp,
        right: &Typed,
    ) -> Option<Formula> {
        if op == CompareOp::In {
            return self.within(left, right);
        }
        if let Some(rewritten) = self.magnitude(left, op, right) {
            return Some(rewritten);
        }
        if let Some(known) = self
            .idiom(left, op, right)
            .or_else(|| self.idiom(right, op, left))
        {
            return Some(known);
        }
        if is_number(left.type_()) {
            let (a, b) = (self.term(left)?, self.term(right)?);
            return Some(Formula::Compare(a, op, b));
        }
        let equal = match op {
            CompareOp::Equal => true,
            CompareOp::NotEqual => false,
            _ => {
                let (a, b) = (self.spot(left)?, self.spot(right)?);
                return Some(Formula::Order(a, op, b));
            }
        };
        match (self.fixed(left), self.fixed(right)) {
            (None, Some(value)) => {
                let spot = self.spot(left)?;
                Some(equals(spot, &value, equal))
            }
            (Some(value), None) => {
                let spot = self.spot(right)?;
                Some(equals(spot, &value, equal))
            }
            _ => {
                let (a, b) = (self.spot(left)?, self.spot(right)?);
                Some(Formula::Order(a, op, b))
            }
        }
    }

    /// `abs(x) < limit`
    pub(super) fn magnitude(
        &mut self,
        left: &Typed,
        op: CompareOp,
        right: &Typed,
    ) -> Option<Formula> {
        let Node::Call(builtin, arguments) = left.node() else {
            return None;
        };
        if builtin.name != "abs" || !matches!(op, CompareOp::Less | CompareOp::LessEqual) {
            return None;
        }
        let (x, limit) = (self.term(arguments.first()?)?, self.term(right)?);
        let negated = Term::Negate(Box::new(limit.clone()));
        let lower = if op == CompareOp::Less {
            CompareOp::Greater
        } else {
            CompareOp::GreaterEqual
        };
        Some(Formula::and(vec![
            Formula::Compare(x.clone(), op, limit),
            Formula::Compare(x, lower, negated),
        ]))
    }

    /// `sorted(xs) == xs`, `distinct(xs) == xs`, `len(distinct(xs)) == len(xs)`.
    pub(super) fn idiom(&mut self, left: &Typed, op: CompareOp, right: &Typed) -> Option<Formula> {
        if op != CompareOp::Equal {
            return None;
        }
        let Node::Call(builtin, arguments) = left.node() else {
            return None;
        };
        let of = arguments.first()?;
        match builtin.name {
            "sorted" => {
                let list = self.spot(of)?;
                (Some(&list) == self.spot(right).as_ref()).then_some(Formula::Sorted(list))
            }
            "distinct" => {
                let list = self.spot(of)?;
                (Some(&list) == self.spot(right).as_ref())
                    .then_some(Formula::Distinct(list, Vec::new()))
            }
            "len" => {
                let (Node::Call(inner, parts), Node::Call(outer, whole)) =
                    (of.node(), right.node())
                else {
                    return None;
                };
                if inner.name != "distinct" || outer.name != "len" {
                    return None;
                }
                self.spot(whole.first()?)?;
                self.distinct(parts.first()?)
            }
            _ => None,
        }
    }

    /// No two elements of the list, or of a part of its elements, are equal.
    pub(super) fn distinct(&mut self, of: &Typed) -> Option<Formula> {
        if let Node::Call(map, parts) = of.node()
            && map.name == "map"
            && let [list, lambda] = parts.as_slice()
            && let Node::Lambda(lambda) = lambda.node()
            && let [parameter] = lambda.parameters.as_slice()
        {
            let list = self.spot(list)?;
            let depth = self.locals.len();
            self.bind(parameter.index, Bound::Spot(list.step(Step::Element)));
            let key = self.spot(&lambda.body);
            self.locals.truncate(depth);
            let key = key?;
            let inside = key.inside(&list)?;
            return Some(Formula::Distinct(list, inside.get(1..)?.to_vec()));
        }
        Some(Formula::Distinct(self.spot(of)?, Vec::new()))
    }

    /// `left in right`
    pub(super) fn within(&mut self, left: &Typed, right: &Typed) -> Option<Formula> {
        match right.node() {
            Node::Range(from, to) => {
                let (x, from, to) = (self.term(left)?, self.term(from)?, self.term(to)?);
                return Some(Formula::and(vec![
                    Formula::Compare(from, CompareOp::LessEqual, x.clone()),
                    Formula::Compare(x, CompareOp::Less, to),
                ]));
            }
            Node::List(items) if self.fixed(right).is_none() => {
                let ways = items
                    .iter()
                    .map(|item| self.pair(left, CompareOp::Equal, item))
                    .collect();
                return Some(Formula::or(ways));
            }
            Node::Call(keys, of) if keys.name == "keys" => return self.within(left, of.first()?),
            _ => {}
        }
        let part = self.spot(left)?;
        if let Some(known) = self.fixed(right) {
            return Some(Formula::Among(part, known));
        }
        let whole = self.spot(right)?;
        Some(match right.type_() {
            Type::Text | Type::Bytes => Formula::Part(part, whole, Where::Anywhere),
            _ => Formula::Member(part, whole),
        })
    }
}

pub(super) fn number_at(spot: Spot, typed: &Typed) -> Option<Term> {
    is_number(typed.type_()).then_some(Term::Unknown(Unknown {
        spot,
        length: false,
    }))
}

/// `spot == value` for a value that is known before the call.
pub(super) fn equals(spot: Spot, value: &Typed, equal: bool) -> Formula {
    match value.node() {
        Node::Constant(Value::Bool(flag)) => Formula::Truth(spot, *flag == equal),
        Node::Constant(Value::Option(None)) => Formula::Tag(spot, 0, equal),
        Node::Constant(Value::Enum(_, tag, payload)) if payload.is_empty() => {
            Formula::Tag(spot, *tag, equal)
        }
        Node::Variant(_, tag, payload) if payload.is_empty() => Formula::Tag(spot, *tag, equal),
        Node::Constant(constant) if !equal && walk::length(constant) == Some(0) => {
            some_length(spot)
        }
        Node::List(items) if !equal && items.is_empty() => some_length(spot),
        _ if equal => Formula::Equals(spot, value.clone()),
        _ => Formula::Opaque,
    }
}

pub(super) fn some_length(spot: Spot) -> Formula {
    let length = Term::Unknown(Unknown { spot, length: true });
    Formula::Compare(length, CompareOp::GreaterEqual, Term::Known(Number::Int(1)))
}

pub(super) fn is_two(size: &Typed) -> bool {
    matches!(size.node(), Node::Constant(Value::Int(2)))
}
