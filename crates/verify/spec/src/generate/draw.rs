//! Values that satisfy a precondition: alternatives are decided, numbers and lengths solved, then parts filled in.

use voidstate_language::ast::CompareOp;
use voidstate_language::node::Typed;
use voidstate_language::{Type, Value};

use super::bounds::{Bounds, FINITE, INT, Number, REAL};
use super::class::{Class, End};
use super::formula::{Formula, Spot, Step, Term, Unknown};
use super::plan::Plan;
use super::pool::Pool;
use super::propose::{self, Sources};
use super::random::Random;
use super::shape::{Kind, Shape};
use super::solve::{System, Tree};
use super::walk;

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

    /// Puts the comparisons of the plan into the system. One that speaks of what is not known yet is left to evaluation.
    fn compare(
        &mut self,
        plan: &Plan<'_>,
        system: &mut System,
        unknowns: &[(Unknown, Type)],
    ) -> Option<()> {
        for (left, op, right) in &plan.compares {
            if let (Some(left), Some(right)) =
                (self.tree(left, unknowns), self.tree(right, unknowns))
            {
                system.require(left, *op, right);
            }
        }
        for (list, _) in &plan.distinct {
            if let Some(index) = unknowns
                .iter()
                .position(|(u, _)| u.length && u.spot == **list)
                && let Some((_, type_)) = unknowns.get(index)
                && let Some(most) = self.most_distinct(list, type_, plan)
            {
                system.narrow(index, Bounds::Int(0, most));
            }
        }
        Some(())
    }

    /// How many different elements there are at all, where that is few.
    fn most_distinct(&self, list: &Spot, type_: &Type, plan: &Plan<'_>) -> Option<i128> {
        let Type::List(element) = type_ else {
            return None;
        };
        match &**element {
            Type::Bool => Some(2),
            Type::Enum(of) if of.variants.iter().all(|(_, p)| p.is_empty()) => {
                i128::try_from(of.variants.len()).ok()
            }
            Type::Int(_) | Type::Duration | Type::Size => {
                let mut system = System::default();
                let spot = list.step(Step::Element);
                let unknown = Unknown {
                    spot,
                    length: false,
                };
                let unknowns = [(unknown, (**element).clone())];
                let index = system.unknown(INT);
                for (_, at, inner) in plan.each.iter().filter(|(l, ..)| *l == list) {
                    let mut parts = Vec::new();
                    conjuncts(inner, &mut parts);
                    for part in parts {
                        if let (None, Formula::Compare(a, op, b)) = (at, part)
                            && let (Some(a), Some(b)) =
                                (self.tree(a, &unknowns), self.tree(b, &unknowns))
                        {
                            system.require(a, *op, b);
                        }
                    }
                }
                system.propagate();
                match system.bounds.get(index)? {
                    Bounds::Int(low, high) => Some((high - low).saturating_add(1).max(0)),
                    Bounds::Real(..) => None,
                }
            }
            _ => None,
        }
    }

    /// The term over this level's unknowns; `None` when it speaks of something that has no number yet.
    fn tree(&self, term: &Term, unknowns: &[(Unknown, Type)]) -> Option<Tree> {
        Some(match term {
            Term::Known(number) => Tree::Known(*number),
            Term::Fixed(typed) => Tree::Known(walk::number(&(self.evaluate)(typed)?)?),
            Term::Given(..) => return None,
            Term::Position => {
                let position = *self.positions.last()?;
                Tree::Known(Number::Int(i128::try_from(position).ok()?))
            }
            Term::Unknown(unknown) => match unknowns.iter().position(|(u, _)| u == unknown) {
                Some(index) => Tree::Unknown(index),
                None => Tree::Known(self.known(unknown)?),
            },
            Term::Binary(op, a, b) => Tree::Binary(
                *op,
                Box::new(self.tree(a, unknowns)?),
                Box::new(self.tree(b, unknowns)?),
            ),
            Term::Negate(a) => Tree::Negate(Box::new(self.tree(a, unknowns)?)),
            Term::Real(a) => Tree::Real(Box::new(self.tree(a, unknowns)?)),
        })
    }

    /// A number that an outer level has fixed.
    fn known(&self, unknown: &Unknown) -> Option<Number> {
        if let Some((_, number)) = self.numbers.iter().rev().find(|(u, _)| u == unknown) {
            return Some(*number);
        }
        let (outer, value) = self
            .finished
            .iter()
            .rev()
            .find(|(spot, _)| unknown.spot.inside(spot).is_some())?;
        let position = self.positions.last().copied().unwrap_or(0);
        let part = walk::part_at(value, unknown.spot.inside(outer)?, position)?;
        if unknown.length {
            walk::length(&part).and_then(|n| i128::try_from(n).ok().map(Number::Int))
        } else {
            walk::number(&part)
        }
    }

    /// The number of a term that speaks only of what is known.
    pub(super) fn number(&self, term: &Term) -> Option<Number> {
        let tree = self.tree(term, &[])?;
        let mut system = System::default();
        let result = system.unknown(INT);
        system.require(Tree::Unknown(result), CompareOp::Equal, tree);
        system.propagate();
        system.bounds.get(result).map(|b| b.low())
    }

    fn solve(
        &mut self,
        mut system: System,
        unknowns: &[(Unknown, Type)],
        plan: &Plan<'_>,
        depth: usize,
    ) -> Option<Vec<Number>> {
        let longest = i128::try_from(shorter(self.longest, depth)).unwrap_or(8);
        // Lengths that nothing speaks about stay short; the others are bounded only where nothing else bounds them.
        for (index, (unknown, _)) in unknowns.iter().enumerate() {
            if unknown.length && !system.is_used(index) {
                system.narrow(index, Bounds::Int(0, longest));
            }
        }
        let never_nan: Vec<bool> = (0..unknowns.len())
            .map(|index| {
                system.is_used(index)
                    || unknowns.get(index).is_some_and(|(u, _)| {
                        plan.not_nan.contains(&&u.spot) || plan.finite.contains(&&u.spot)
                    })
            })
            .collect();
        let mut random = self.random.clone();
        let (words, pool, evenly) = (self.words, &*self.pool, self.evenly);
        let wishes = &self.wishes;
        let mut wanted: Vec<Option<Number>> = vec![None; unknowns.len()];
        let solved = system.solve(&mut random, &mut |random, index, bounds, attempt| {
            let Some((unknown, type_)) = unknowns.get(index) else {
                return bounds.low();
            };
            let nan = never_nan.get(index).copied().unwrap_or(true);
            let class = wishes
                .iter()
                .find(|w| w.spot == unknown.spot)
                .map(|w| w.class);
            if attempt < 2
                && let Some(number) = class.and_then(|class| match class {
                    Class::Number(end) if !(nan && end == End::Nan) => {
                        propose::of_class(end, bounds, random)
                    }
                    Class::Sequence(size, _) if unknown.length => {
                        Some(propose::length_of(size, bounds, longest, random))
                    }
                    _ => None,
                })
            {
                if let Some(slot) = wanted.get_mut(index) {
                    *slot = Some(number);
                }
                return clip(number, bounds);
            }
            let number = if unknown.length {
                propose::length(bounds, longest, random)
            } else if evenly {
                match bounds {
                    Bounds::Int(low, high) => Number::Int(
                        random.between(low.max(high.min(0) - 1000), high.min(low.max(0) + 1000)),
                    ),
                    bounds => propose::number(
                        type_,
                        bounds,
                        Sources {
                            words: &[],
                            drawn: &[],
                        },
                        random,
                    ),
                }
            } else {
                let sources = Sources {
                    words: words.of(type_),
                    drawn: pool.of(type_),
                };
                propose::number(type_, bounds, sources, random)
            };
            if nan && number.real().is_nan() {
                return bounds.low();
            }
            clip(number, bounds)
        });
        self.random = random;
        let solved = solved?;
        for (index, (unknown, _)) in unknowns.iter().enumerate() {
            let (Some(number), Some(Some(wanted))) = (solved.get(index), wanted.get(index)) else {
                continue;
            };
            let same = match (number, wanted) {
                (Number::Int(a), Number::Int(b)) => a == b,
                (a, b) => a.real().to_bits() == b.real().to_bits(),
            };
            if same {
                self.grant(&unknown.spot, |class| {
                    matches!(class, Class::Number(_) | Class::Sequence(..))
                });
            }
        }
        Some(solved)
    }
}

/// Into the bounds; NaN stays what it is.
fn clip(number: Number, bounds: Bounds) -> Number {
    match (number, bounds) {
        (Number::Int(i), Bounds::Int(low, high)) => Number::Int(i.clamp(low, high.max(low))),
        (Number::Real(x), Bounds::Real(low, high)) if !x.is_nan() => {
            // `max` may turn -0 into 0.
            if x < low {
                Number::Real(low)
            } else if x > high {
                Number::Real(high)
            } else {
                number
            }
        }
        _ => number,
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

fn conjuncts<'f>(formula: &'f Formula, into: &mut Vec<&'f Formula>) {
    match formula {
        Formula::And(parts) => parts.iter().for_each(|part| conjuncts(part, into)),
        other => into.push(other),
    }
}

/// Roots such that what is planted into another comes first; in their own order otherwise.
fn order(roots: &[(Spot, &Type)], plan: &Plan<'_>) -> Vec<usize> {
    let root_of = |spot: &Spot| {
        roots
            .iter()
            .position(|(root, _)| spot.inside(root).is_some())
    };
    let mut after: Vec<(usize, usize)> = Vec::new();
    let mut edge = |first: &Spot, then: &Spot| {
        if let (Some(first), Some(then)) = (root_of(first), root_of(then))
            && first != then
        {
            after.push((first, then));
        }
    };
    for (part, whole) in &plan.members {
        match plan.taken_from(part) {
            Some(_) => edge(whole, part),
            None => edge(part, whole),
        }
    }
    for (part, whole, _) in &plan.parts {
        edge(part, whole);
    }
    for (a, b) in &plan.same {
        edge(a, b);
    }
    for (list, _, inner) in &plan.each {
        containers(inner, &mut |whole| edge(whole, list));
    }
    for (list, inner) in plan.some.iter().chain(&plan.pairs) {
        containers(inner, &mut |whole| edge(whole, list));
    }
    let mut left: Vec<usize> = (0..roots.len()).collect();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = left
            .iter()
            .position(|r| !after.iter().any(|(a, b)| b == r && left.contains(a)));
        // In a circle the first goes first, and evaluation decides.
        ordered.push(left.remove(free.unwrap_or(0)));
    }
    ordered
}

/// Lists and texts that the formula takes its elements from.
fn containers(formula: &Formula, visit: &mut dyn FnMut(&Spot)) {
    match formula {
        Formula::Compare(a, _, b) => {
            a.parallels(visit);
            b.parallels(visit);
        }
        Formula::And(parts) | Formula::Or(parts) => {
            parts.iter().for_each(|part| containers(part, visit));
        }
        Formula::Member(_, whole) | Formula::Part(_, whole, _) => visit(whole),
        Formula::Order(a, _, b) => {
            visit(a);
            visit(b);
        }
        Formula::Each(_, _, inner) | Formula::Some(_, inner) | Formula::Pairs(_, inner) => {
            containers(inner, visit);
        }
        _ => {}
    }
}
