//! The numbers of a level: from relations to a solution.

use super::super::bounds::{Bounds, INT, Number};
use super::super::class::{Class, End};
use super::super::formula::{Formula, Spot, Step, Term, Unknown};
use super::super::plan::Plan;
use super::super::propose::Sources;
use super::super::solve::{System, Tree};
use super::super::{propose, walk};
use super::order::conjuncts;
use super::{Draw, shorter};
use voidstate_language::Type;
use voidstate_language::ast::CompareOp;

impl Draw<'_> {
    /// Puts the comparisons of the plan into the system. One that speaks of what is not known yet is left to evaluation.
    pub(super) fn compare(
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
    pub(super) fn most_distinct(&self, list: &Spot, type_: &Type, plan: &Plan<'_>) -> Option<i128> {
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
    pub(super) fn tree(&self, term: &Term, unknowns: &[(Unknown, Type)]) -> Option<Tree> {
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
    pub(super) fn known(&self, unknown: &Unknown) -> Option<Number> {
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
    pub(in crate::generate) fn number(&self, term: &Term) -> Option<Number> {
        let tree = self.tree(term, &[])?;
        let mut system = System::default();
        let result = system.unknown(INT);
        system.require(Tree::Unknown(result), CompareOp::Equal, tree);
        system.propagate();
        system.bounds.get(result).map(|b| b.low())
    }

    pub(super) fn solve(
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
pub(super) fn clip(number: Number, bounds: Bounds) -> Number {
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
