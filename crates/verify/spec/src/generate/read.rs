//! Reading a checked condition as a [`Formula`] over the inputs.

mod elements;
mod pairs;
mod terms;

use super::formula::{Formula, Spot, Step, Term};
use voidstate_language::ast::BinaryOp;
use voidstate_language::node::{Arm, ArmPattern, Node, PlaceKind, Typed};
use voidstate_language::{Type, Value};

/// What a local name stands for.
#[derive(Debug, Clone)]
enum Bound {
    Spot(Spot),
    Term(Term),
    /// The position of an element of a list, less `shift`.
    Index {
        list: Spot,
        shift: i64,
    },
    /// A list of two: an element and the one after it.
    Window(Spot),
    /// The element of a known list, by the number of the quantifier, or a part of it.
    Given(usize, Vec<Step>),
    Nothing,
}

/// What the condition asks of the inputs. What cannot be constructed becomes [`Formula::Opaque`].
pub(crate) fn formula(condition: &Typed) -> Formula {
    Reader {
        locals: Vec::new(),
        at: None,
    }
    .formula(condition)
}

struct Reader {
    locals: Vec<Bound>,
    /// The list and position that the comparison at hand looks at.
    at: Option<(Spot, Term)>,
}

impl Reader {
    fn bind(&mut self, index: usize, bound: Bound) {
        self.locals.truncate(index);
        while self.locals.len() < index {
            self.locals.push(Bound::Nothing);
        }
        self.locals.push(bound);
    }

    fn formula(&mut self, typed: &Typed) -> Formula {
        if let Some(fixed) = self.fixed(typed) {
            return match fixed.node() {
                Node::Constant(Value::Bool(true)) => Formula::True,
                Node::Constant(Value::Bool(false)) => Formula::False,
                _ => Formula::Fixed(fixed, true),
            };
        }
        match typed.node() {
            Node::Not(part) => self.formula(part).negate(),
            Node::Binary(op, a, b) => self.connective(*op, a, b),
            Node::If(condition, then, otherwise) => {
                let condition = self.formula(condition);
                Formula::or(vec![
                    Formula::and(vec![condition.clone(), self.formula(then)]),
                    Formula::and(vec![condition.negate(), self.formula(otherwise)]),
                ])
            }
            Node::Compare { first, rest } => {
                let mut left = first;
                let mut parts = Vec::with_capacity(rest.len());
                for (op, right) in rest {
                    parts.push(self.pair(left, *op, right));
                    left = right;
                }
                Formula::and(parts)
            }
            Node::Let { local, value, body } => {
                let bound = self.bound(value);
                let depth = self.locals.len();
                self.bind(local.index, bound);
                let read = self.formula(body);
                self.locals.truncate(depth);
                read
            }
            Node::Match { of, arms } => self.matching(of, arms),
            Node::Define(define, arguments) => {
                let inner = arguments.iter().map(|a| self.bound(a)).collect();
                let outer = std::mem::replace(&mut self.locals, inner);
                let read = self.formula(&define.body);
                self.locals = outer;
                read
            }
            Node::Call(builtin, arguments) => self.call(builtin.name, arguments),
            _ => match self.spot(typed) {
                Some(spot) => self.looked_at(Formula::Truth(spot, true)),
                None => Formula::Opaque,
            },
        }
    }

    fn connective(&mut self, op: BinaryOp, a: &Typed, b: &Typed) -> Formula {
        let (a, b) = (self.formula(a), self.formula(b));
        match op {
            BinaryOp::And => Formula::and(vec![a, b]),
            BinaryOp::Or => Formula::or(vec![a, b]),
            BinaryOp::Implies => Formula::or(vec![a.negate(), b]),
            BinaryOp::Equivalent => Formula::or(vec![
                Formula::and(vec![a.clone(), b.clone()]),
                Formula::and(vec![a.negate(), b.negate()]),
            ]),
            _ => Formula::Opaque,
        }
    }

    fn matching(&mut self, of: &Typed, arms: &[Arm]) -> Formula {
        let Some(spot) = self.spot(of) else {
            return Formula::Opaque;
        };
        let depth = self.locals.len();
        let mut ways = Vec::with_capacity(arms.len());
        let mut earlier = Vec::new();
        for arm in arms {
            let (tag, bindings) = match &arm.pattern {
                ArmPattern::Any => (None, Vec::new()),
                ArmPattern::None => (Some(0), Vec::new()),
                ArmPattern::Some(local) => (Some(1), vec![(local.index, Step::Inner)]),
                ArmPattern::Variant(tag, locals) => {
                    let bindings = locals.iter().enumerate();
                    let bindings = bindings.map(|(i, l)| (l.index, Step::Payload(*tag, i)));
                    (Some(*tag), bindings.collect())
                }
                _ => return Formula::Opaque,
            };
            for (index, step) in bindings {
                self.bind(index, Bound::Spot(spot.step(step)));
            }
            let mut parts = match tag {
                Some(tag) => vec![Formula::Tag(spot.clone(), tag, true)],
                None => earlier
                    .iter()
                    .map(|tag| Formula::Tag(spot.clone(), *tag, false))
                    .collect(),
            };
            parts.push(self.formula(&arm.body));
            earlier.extend(tag);
            ways.push(Formula::and(parts));
            self.locals.truncate(depth);
        }
        Formula::or(ways)
    }

    fn bound(&mut self, value: &Typed) -> Bound {
        if let Node::Local(local) = value.node() {
            return self
                .locals
                .get(local.index)
                .cloned()
                .unwrap_or(Bound::Nothing);
        }
        let saved = self.at.take();
        let bound = match self.spot(value) {
            Some(spot) => Bound::Spot(spot),
            None => self.term(value).map_or(Bound::Nothing, Bound::Term),
        };
        // A position bound here would be lost.
        let bound = if self.at.is_some() {
            Bound::Nothing
        } else {
            bound
        };
        self.at = saved;
        bound
    }

    /// The expression itself, when it reads no input and nothing bound around it.
    fn fixed(&self, typed: &Typed) -> Option<Typed> {
        let mut fixed = true;
        typed.walk(&mut |part| {
            fixed &= match part.node() {
                Node::Place(place) => matches!(place.kind, PlaceKind::State | PlaceKind::OldState),
                // Locals are numbered from the outside: inside another binding they would not stand alone.
                Node::Local(local) => self.locals.is_empty() && local.index < 64,
                _ => true,
            };
        });
        fixed.then(|| typed.clone())
    }
}

const fn is_number(type_: &Type) -> bool {
    matches!(
        type_,
        Type::Int(_) | Type::Real(_) | Type::Duration | Type::Size
    )
}
