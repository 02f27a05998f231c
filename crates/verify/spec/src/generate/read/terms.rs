//! Places and numbers that an expression names.

use super::super::bounds::Number;
use super::super::formula::{Arithmetic, Spot, Step, Term, Unknown};
use super::super::walk;
use super::pairs::number_at;
use super::{Bound, Reader, is_number};
use voidstate_language::ast::BinaryOp;
use voidstate_language::node::{Node, PlaceKind, Typed};
use voidstate_language::{Type, Value};

impl Reader {
    /// The part of an input that the expression is.
    pub(super) fn spot(&mut self, typed: &Typed) -> Option<Spot> {
        match typed.node() {
            Node::Place(place) if matches!(place.kind, PlaceKind::Input | PlaceKind::OldInput) => {
                Some(Spot::input(place.index))
            }
            Node::Local(local) => match self.locals.get(local.index)? {
                Bound::Spot(spot) => Some(spot.clone()),
                _ => None,
            },
            Node::Member(of, number) => Some(self.spot(of)?.step(Step::Field(*number))),
            Node::Index(of, index) => self.indexed(of, index),
            _ => None,
        }
    }

    pub(super) fn indexed(&mut self, of: &Typed, index: &Typed) -> Option<Spot> {
        if let Node::Local(local) = of.node()
            && let Some(Bound::Window(list)) = self.locals.get(local.index)
        {
            return match index.node() {
                Node::Constant(Value::Int(0)) => Some(list.step(Step::Before)),
                Node::Constant(Value::Int(1)) => Some(list.step(Step::Element)),
                _ => None,
            };
        }
        if !matches!(of.type_(), Type::List(_)) {
            return None;
        }
        let list = self.spot(of)?;
        if let Some((running, offset)) = self.offset(index) {
            return match (running == list, offset) {
                (true, 0) => Some(list.step(Step::Element)),
                (true, -1) => Some(list.step(Step::Before)),
                (false, 0) => Some(list.step(Step::Parallel)),
                _ => None,
            };
        }
        let saved = self.at.take();
        let term = self.term(index);
        if self.at.is_some() {
            self.at = saved;
            return None;
        }
        let term = term?;
        match saved {
            Some((other, at)) if other != list || format!("{at:?}") != format!("{term:?}") => {
                self.at = Some((other, at));
                None
            }
            _ => {
                self.at = Some((list.clone(), term));
                Some(list.step(Step::Element))
            }
        }
    }

    /// `i`, `i + 1` or `i - 1` for a running position: the list it runs over, and how far from the element.
    pub(super) fn offset(&self, index: &Typed) -> Option<(Spot, i64)> {
        let (local, plus) = shifted(index)?;
        match self.locals.get(local)? {
            Bound::Index { list, shift } => Some((list.clone(), plus.checked_sub(*shift)?)),
            _ => None,
        }
    }

    pub(super) fn term(&mut self, typed: &Typed) -> Option<Term> {
        if let Node::Constant(value) = typed.node() {
            return walk::number(value).map(Term::Known);
        }
        if let Some(fixed) = self.fixed(typed) {
            return is_number(typed.type_()).then_some(Term::Fixed(fixed));
        }
        match typed.node() {
            Node::Local(local) => match self.locals.get(local.index)?.clone() {
                Bound::Spot(spot) => number_at(spot, typed),
                Bound::Term(term) => Some(term),
                Bound::Index { shift, .. } => Some(Term::Binary(
                    Arithmetic::Subtract,
                    Box::new(Term::Position),
                    Box::new(Term::Known(Number::Int(i128::from(shift)))),
                )),
                Bound::Given(number, path) => {
                    is_number(typed.type_()).then_some(Term::Given(number, path))
                }
                Bound::Window(_) | Bound::Nothing => None,
            },
            Node::Negate(part) => Some(Term::Negate(Box::new(self.term(part)?))),
            Node::Binary(op, a, b) => {
                let op = match op {
                    BinaryOp::Add => Arithmetic::Add,
                    BinaryOp::Subtract => Arithmetic::Subtract,
                    BinaryOp::Multiply => Arithmetic::Multiply,
                    BinaryOp::Divide => Arithmetic::Divide,
                    BinaryOp::Remainder => Arithmetic::Remainder,
                    _ => return None,
                };
                let (a, b) = (self.term(a)?, self.term(b)?);
                Some(Term::Binary(op, Box::new(a), Box::new(b)))
            }
            Node::Call(builtin, arguments) => match (builtin.name, arguments.as_slice()) {
                ("len", [of]) => {
                    let spot = match of.node() {
                        Node::Call(inner, parts)
                            if matches!(inner.name, "keys" | "values" | "chars") =>
                        {
                            self.spot(parts.first()?)?
                        }
                        _ => self.spot(of)?,
                    };
                    Some(Term::Unknown(Unknown { spot, length: true }))
                }
                ("real", [of]) => Some(Term::Real(Box::new(self.term(of)?))),
                _ => None,
            },
            Node::Let { local, value, body } => {
                let bound = self.bound(value);
                let depth = self.locals.len();
                self.bind(local.index, bound);
                let read = self.term(body);
                self.locals.truncate(depth);
                read
            }
            Node::Define(define, arguments) => {
                let inner = arguments.iter().map(|a| self.bound(a)).collect();
                let outer = std::mem::replace(&mut self.locals, inner);
                let read = self.term(&define.body);
                self.locals = outer;
                read
            }
            _ => {
                if let Some((number, path)) = self.given(typed) {
                    return is_number(typed.type_()).then_some(Term::Given(number, path));
                }
                let spot = self.spot(typed)?;
                number_at(spot, typed)
            }
        }
    }

    /// A part of the element of a known list.
    pub(super) fn given(&self, typed: &Typed) -> Option<(usize, Vec<Step>)> {
        match typed.node() {
            Node::Local(local) => match self.locals.get(local.index)? {
                Bound::Given(number, path) => Some((*number, path.clone())),
                _ => None,
            },
            Node::Member(of, number) => {
                let (quantifier, mut path) = self.given(of)?;
                path.push(Step::Field(*number));
                Some((quantifier, path))
            }
            _ => None,
        }
    }
}

/// `i`, `i + 1`, `i - 1`: the local and what is added.
pub(super) fn shifted(index: &Typed) -> Option<(usize, i64)> {
    match index.node() {
        Node::Local(local) => Some((local.index, 0)),
        Node::Binary(op, a, b) => {
            let (Node::Local(local), Node::Constant(Value::Int(by))) = (a.node(), b.node()) else {
                return None;
            };
            match op {
                BinaryOp::Add => Some((local.index, *by)),
                BinaryOp::Subtract => Some((local.index, by.checked_neg()?)),
                _ => None,
            }
        }
        _ => None,
    }
}
