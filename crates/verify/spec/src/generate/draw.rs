//! Values that satisfy a precondition: alternatives are decided, numbers and lengths solved, then parts filled in.

mod numbers;
mod order;

use super::bounds::{Bounds, FINITE, INT, Number, REAL};
use super::class::Class;
use super::formula::{Formula, Spot, Step, Unknown};
use super::plan::Plan;
use super::pool::Pool;
use super::random::Random;
use super::shape::{Kind, Shape};
use super::solve::System;
use super::walk;
use order::order;
use voidstate_language::node::Typed;
use voidstate_language::{Type, Value};

/// What a case asks for, and whether it was given.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) spot: Spot,
    pub(crate) class: Class,
    pub(crate) granted: bool,
}

/// One drawing of inputs.
pub(crate) struct Draw<'a> {
    pub(crate) random: Random,
    /// The specification's literals.
    pub(crate) words: &'a Pool,
    /// Values of this case, for repetition.
    pub(crate) pool: &'a mut Pool,
    /// Evaluates what reads no input.
    pub(crate) evaluate: &'a dyn Fn(&Typed) -> Option<Value>,
    pub(crate) wishes: Vec<Wish>,
    pub(crate) longest: usize,
    /// Numbers of the levels that are being filled.
    pub(super) numbers: Vec<(Unknown, Number)>,
    /// Parts that are finished.
    pub(super) finished: Vec<(Spot, Value)>,
    pub(super) positions: Vec<usize>,
    /// Draw numbers evenly: what was drawn before must not come again.
    pub(super) evenly: bool,
}

/// Tries for a whole set of inputs.
const TRIES: usize = 12;

impl<'a> Draw<'a> {
    pub(crate) const fn new(
        random: Random,
        words: &'a Pool,
        pool: &'a mut Pool,
        evaluate: &'a dyn Fn(&Typed) -> Option<Value>,
        longest: usize,
    ) -> Self {
        Self {
            random,
            words,
            pool,
            evaluate,
            wishes: Vec::new(),
            longest,
            numbers: Vec::new(),
            finished: Vec::new(),
            positions: Vec::new(),
            evenly: false,
        }
    }

    /// One value per type; `None` when nothing that satisfies the formulas was found.
    pub(crate) fn inputs(&mut self, types: &[Type], formulas: &[&Formula]) -> Option<Vec<Value>> {
        let roots: Vec<(Spot, &Type)> = types
            .iter()
            .enumerate()
            .map(|(i, t)| (Spot::input(i), t))
            .collect();
        for _ in 0..TRIES {
            for wish in &mut self.wishes {
                wish.granted = false;
            }
            self.numbers.clear();
            self.finished.clear();
            self.positions.clear();
            if let Some(values) = self.level(&roots, formulas, 0) {
                for (type_, value) in types.iter().zip(&values) {
                    self.pool.add(type_, value);
                }
                return Some(values);
            }
        }
        None
    }

    /// Values of parts that are drawn together; what lies inside lists is drawn level by level.
    pub(super) fn level(
        &mut self,
        roots: &[(Spot, &Type)],
        formulas: &[&Formula],
        depth: usize,
    ) -> Option<Vec<Value>> {
        let mut plan = Plan::default();
        if !formulas
            .iter()
            .all(|f| plan.choose(f, &mut self.random, self.evaluate))
        {
            return None;
        }
        let mut system = System::default();
        let mut unknowns: Vec<(Unknown, Type)> = Vec::new();
        let mut shapes = Vec::with_capacity(roots.len());
        for (spot, type_) in roots {
            shapes.push(self.shape(spot, type_, &plan, &mut system, &mut unknowns)?);
        }
        self.compare(&plan, &mut system, &unknowns)?;
        let numbers = self.solve(system, &unknowns, &plan, depth)?;
        let mark = self.numbers.len();
        let finished = self.finished.len();
        for ((unknown, _), number) in unknowns.iter().zip(&numbers) {
            self.numbers.push((unknown.clone(), *number));
        }
        let values = self.fill_all(roots, &shapes, &numbers, &plan, depth);
        self.numbers.truncate(mark);
        if depth > 0 || values.is_none() {
            self.finished.truncate(finished);
        }
        values
    }

    /// Fills in the roots, each after what it is made of.
    fn fill_all(
        &mut self,
        roots: &[(Spot, &Type)],
        shapes: &[Shape],
        numbers: &[Number],
        plan: &Plan<'_>,
        depth: usize,
    ) -> Option<Vec<Value>> {
        let mut values: Vec<Option<Value>> = vec![None; roots.len()];
        for index in order(roots, plan) {
            let (spot, _) = roots.get(index)?;
            let value = self.fill(shapes.get(index)?, numbers, plan, depth)?;
            self.finished.push((spot.clone(), value.clone()));
            *values.get_mut(index)? = Some(value);
        }
        values.into_iter().collect()
    }

    /// Decides tags and flags, and makes an unknown of every number and length that is not inside a list.
    fn shape(
        &mut self,
        spot: &Spot,
        type_: &Type,
        plan: &Plan<'_>,
        system: &mut System,
        unknowns: &mut Vec<(Unknown, Type)>,
    ) -> Option<Shape> {
        let mut unknown = |length: bool, bounds: Bounds| {
            unknowns.push((
                Unknown {
                    spot: spot.clone(),
                    length,
                },
                type_.clone(),
            ));
            system.unknown(bounds)
        };
        let kind = match type_ {
            _ if self.is_given(spot, plan) && !is_sequence(type_) => {
                let value = self.given(spot, plan)?;
                if let Some(number) = walk::number(&value) {
                    let index = unknown(false, Bounds::point(number));
                    Kind::Number(index)
                } else {
                    Kind::Done(value)
                }
            }
            Type::Bool => Kind::Done(Value::Bool(self.flag(spot, plan))),
            Type::Int(_) | Type::Duration | Type::Size => Kind::Number(unknown(false, INT)),
            Type::Real(_) if plan.nan.contains(&spot) => Kind::Done(Value::Real(f64::NAN)),
            Type::Real(_) if plan.finite.contains(&spot) => Kind::Number(unknown(false, FINITE)),
            Type::Real(_) => Kind::Number(unknown(false, REAL)),
            Type::Text | Type::Bytes | Type::List(_) | Type::Map(..) => {
                let longest = i128::try_from(self.longest.max(1) << 10).unwrap_or(i128::MAX);
                Kind::Sequence(unknown(true, Bounds::Int(0, longest)))
            }
            Type::Tuple(parts) => {
                let mut inner = Vec::with_capacity(parts.len());
                for (i, part) in parts.iter().enumerate() {
                    let spot = spot.step(Step::Field(i));
                    inner.push(self.shape(&spot, part, plan, system, unknowns)?);
                }
                Kind::Parts(inner)
            }
            Type::Record(of) => {
                let mut inner = Vec::with_capacity(of.fields.len());
                for (i, (_, part)) in of.fields.iter().enumerate() {
                    let spot = spot.step(Step::Field(i));
                    inner.push(self.shape(&spot, part, plan, system, unknowns)?);
                }
                Kind::Parts(inner)
            }
            Type::Option(inner) => {
                if self.tag(spot, 2, plan)? == 0 {
                    Kind::Done(Value::none())
                } else {
                    let spot = spot.step(Step::Inner);
                    let shape = self.shape(&spot, inner, plan, system, unknowns)?;
                    Kind::Some(Box::new(shape))
                }
            }
            Type::Enum(of) => {
                let tag = self.tag(spot, of.variants.len(), plan)?;
                let number = u32::try_from(tag).unwrap_or(0);
                let (_, types) = of.variants.get(tag)?;
                let mut inner = Vec::with_capacity(types.len());
                for (i, part) in types.iter().enumerate() {
                    let spot = spot.step(Step::Payload(number, i));
                    inner.push(self.shape(&spot, part, plan, system, unknowns)?);
                }
                Kind::Variant(number, inner)
            }
        };
        Some(Shape {
            spot: spot.clone(),
            type_: type_.clone(),
            kind,
        })
    }

    /// Whether the plan says that it is some known value.
    pub(super) fn is_given(&self, spot: &Spot, plan: &Plan<'_>) -> bool {
        plan.equals.iter().any(|(s, _)| *s == spot) || plan.among.iter().any(|(s, _)| *s == spot)
    }

    /// The known value that the plan asks for, or one of the known ones.
    pub(super) fn given(&mut self, spot: &Spot, plan: &Plan<'_>) -> Option<Value> {
        if let Some((_, value)) = plan.equals.iter().find(|(s, _)| *s == spot) {
            return (self.evaluate)(value);
        }
        let (_, values) = plan.among.iter().find(|(s, _)| *s == spot)?;
        match (self.evaluate)(values)? {
            Value::List(items) => self.random.pick(&items).cloned(),
            Value::Map(map) => map.keys().nth(self.random.below(map.len())).cloned(),
            Value::Text(text) => {
                let letters: Vec<char> = text.chars().collect();
                let letter = self.random.pick(&letters)?;
                Some(Value::text(letter.to_string()))
            }
            _ => None,
        }
    }

    fn flag(&mut self, spot: &Spot, plan: &Plan<'_>) -> bool {
        if let Some((_, value)) = plan.truths.iter().find(|(s, _)| *s == spot) {
            let value = *value;
            self.grant(spot, |class| class == Class::Flag(value));
            return value;
        }
        let wished = self.wish(spot);
        let value = match wished {
            Some(Class::Flag(flag)) => flag,
            _ => self.random.chance(1, 2),
        };
        self.grant(spot, |class| class == Class::Flag(value));
        value
    }

    fn tag(&mut self, spot: &Spot, count: usize, plan: &Plan<'_>) -> Option<usize> {
        let allowed: Vec<usize> = (0..count)
            .filter(|tag| {
                plan.tags.iter().all(|(s, t, is)| {
                    *s != spot || (usize::try_from(*t).is_ok_and(|t| t == *tag) == *is)
                })
            })
            .collect();
        let wished = match self.wish(spot) {
            Some(Class::Tag(tag)) => usize::try_from(tag).ok().filter(|t| allowed.contains(t)),
            _ => None,
        };
        // An option is mostly there.
        let tag = match wished {
            Some(tag) => tag,
            None if count == 2 && allowed.len() == 2 && self.random.chance(1, 2) => 1,
            None => *self.random.pick(&allowed)?,
        };
        self.grant(
            spot,
            |class| matches!(class, Class::Tag(t) if usize::try_from(t).is_ok_and(|t| t == tag)),
        );
        Some(tag)
    }

    pub(super) fn wish(&self, spot: &Spot) -> Option<Class> {
        self.wishes
            .iter()
            .find(|wish| wish.spot == *spot)
            .map(|wish| wish.class)
    }

    pub(super) fn grant(&mut self, spot: &Spot, fits: impl Fn(Class) -> bool) {
        for wish in &mut self.wishes {
            if wish.spot == *spot && fits(wish.class) {
                wish.granted = true;
            }
        }
    }
}

const fn is_sequence(type_: &Type) -> bool {
    matches!(
        type_,
        Type::Text | Type::Bytes | Type::List(_) | Type::Map(..)
    )
}

/// Lists in lists are shorter.
pub(super) const fn shorter(longest: usize, depth: usize) -> usize {
    let shift = if depth > 8 { 16 } else { depth * 2 };
    let short = longest >> shift;
    if short < 2 { 2 } else { short }
}
