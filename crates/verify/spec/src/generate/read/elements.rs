//! Functions of lists and what is said of every element.

use super::super::formula::{Formula, Spot, Step, Where};
use super::pairs::is_two;
use super::terms::shifted;
use super::{Bound, Reader};
use voidstate_language::Value;
use voidstate_language::node::{Node, Typed};

impl Reader {
    pub(super) fn call(&mut self, name: &str, arguments: &[Typed]) -> Formula {
        let saved = self.at.take();
        let read = match (name, arguments) {
            ("all", [list, lambda]) => self.quantified(list, lambda, true),
            ("any", [list, lambda]) => self.quantified(list, lambda, false),
            ("is_finite", [x]) => self.spot(x).map(Formula::Finite),
            ("is_nan", [x]) => self.spot(x).map(Formula::IsNan),
            ("is_some", [x]) => self.spot(x).map(|spot| Formula::Tag(spot, 1, true)),
            ("is_none", [x]) => self.spot(x).map(|spot| Formula::Tag(spot, 0, true)),
            ("is_sorted", [list]) => self.spot(list).map(Formula::Sorted),
            ("unique", [list]) => self.distinct(list),
            ("contains", [whole, part]) => self.within(part, whole),
            ("starts_with", [whole, part]) => self.end(whole, part, Where::Start),
            ("ends_with", [whole, part]) => self.end(whole, part, Where::End),
            _ => None,
        };
        let read = match read {
            Some(inner) => self.looked_at(inner),
            None => Formula::Opaque,
        };
        self.at = saved;
        read
    }

    pub(super) fn end(&mut self, whole: &Typed, part: &Typed, place: Where) -> Option<Formula> {
        let (whole, part) = (self.spot(whole)?, self.spot(part)?);
        Some(Formula::Part(part, whole, place))
    }

    /// `all(list, |x| …)` and `any(list, |x| …)`.
    pub(super) fn quantified(
        &mut self,
        over: &Typed,
        lambda: &Typed,
        all: bool,
    ) -> Option<Formula> {
        let Node::Lambda(lambda) = lambda.node() else {
            return None;
        };
        let depth = self.locals.len();
        if all
            && let Some(known) = self.fixed(over)
            && let [parameter] = lambda.parameters.as_slice()
            && !matches!(known.node(), Node::Range(..))
        {
            let number = parameter.index;
            self.bind(number, Bound::Given(number, Vec::new()));
            let inner = self.formula(&lambda.body);
            self.locals.truncate(depth);
            return Some(Formula::EachKnown(known, number, Box::new(inner)));
        }
        let bindings = self.elements(
            over,
            &lambda.body,
            &lambda
                .parameters
                .iter()
                .map(|p| p.index)
                .collect::<Vec<_>>(),
        )?;
        for (parameter, bound) in lambda.parameters.iter().zip(bindings.bounds) {
            self.bind(parameter.index, bound);
        }
        let inner = self.formula(&lambda.body);
        self.locals.truncate(depth);
        Some(quantify(bindings.list, inner, all))
    }

    /// What the parameters of a lambda over that list stand for.
    pub(super) fn elements(
        &mut self,
        over: &Typed,
        body: &Typed,
        parameters: &[usize],
    ) -> Option<Bindings> {
        match over.node() {
            Node::Range(..) => {
                let (list, shift) = self.run_over(body, *parameters.first()?)?;
                Some(Bindings {
                    bounds: vec![Bound::Index {
                        list: list.clone(),
                        shift,
                    }],
                    list,
                })
            }
            Node::Call(builtin, parts) => match (builtin.name, parts.as_slice()) {
                ("keys", [map]) => self.entries(map, Step::Key),
                ("values", [map]) => self.entries(map, Step::Entry),
                ("chars", [text]) => self.entries(text, Step::Element),
                ("windows", [list, size]) if is_two(size) => {
                    let list = self.spot(list)?;
                    Some(Bindings {
                        bounds: vec![Bound::Window(list.clone())],
                        list,
                    })
                }
                ("zip", [a, b]) if parameters.len() == 2 => self.zipped(a, b),
                ("enumerate", [list]) if parameters.len() == 2 => {
                    let list = self.spot(list)?;
                    Some(Bindings {
                        bounds: vec![
                            Bound::Index {
                                list: list.clone(),
                                shift: 0,
                            },
                            Bound::Spot(list.step(Step::Element)),
                        ],
                        list,
                    })
                }
                _ => None,
            },
            _ => self.entries(over, Step::Element),
        }
    }

    pub(super) fn entries(&mut self, of: &Typed, step: Step) -> Option<Bindings> {
        let list = self.spot(of)?;
        Some(Bindings {
            bounds: vec![Bound::Spot(list.step(step))],
            list,
        })
    }

    /// `zip(xs, drop(xs, 1))`: neighbours; `zip(xs, ys)`: elements at the same position.
    pub(super) fn zipped(&mut self, a: &Typed, b: &Typed) -> Option<Bindings> {
        let first = self.spot(a)?;
        if let Node::Call(drop, parts) = b.node() {
            let [list, count] = parts.as_slice() else {
                return None;
            };
            let one = matches!(count.node(), Node::Constant(Value::Int(1)));
            if drop.name != "drop" || !one || self.spot(list)? != first {
                return None;
            }
            let bounds = [Step::Before, Step::Element].map(|step| Bound::Spot(first.step(step)));
            return Some(Bindings {
                bounds: bounds.to_vec(),
                list: first,
            });
        }
        let list = self.spot(b)?;
        Some(Bindings {
            bounds: vec![
                Bound::Spot(first.step(Step::Parallel)),
                Bound::Spot(list.step(Step::Element)),
            ],
            list,
        })
    }

    /// The list that a running position is used for, and the greatest distance that is added to it there. Of several
    /// lists the last input counts: the others are drawn before it.
    pub(super) fn run_over(&mut self, body: &Typed, parameter: usize) -> Option<(Spot, i64)> {
        let mut uses: Vec<(Typed, i64)> = Vec::new();
        body.walk(&mut |part| {
            if let Node::Index(of, index) = part.node()
                && let Some((local, plus)) = shifted(index)
                && local == parameter
            {
                uses.push((of.clone(), plus));
            }
        });
        let mut found: Option<(Spot, i64)> = None;
        for (of, plus) in uses {
            let Some(list) = self.spot(&of) else { continue };
            found = match found {
                Some((best, shift)) if best == list => Some((best, shift.max(plus))),
                Some((best, shift)) if best > list => Some((best, shift)),
                _ => Some((list, plus)),
            };
        }
        found
    }
}

pub(super) struct Bindings {
    list: Spot,
    bounds: Vec<Bound>,
}

/// Splits conjunctions, and says whether neighbours are compared.
pub(super) fn quantify(list: Spot, inner: Formula, all: bool) -> Formula {
    if !all {
        return match inner {
            Formula::Opaque => Formula::Opaque,
            inner => Formula::Some(list, Box::new(inner)),
        };
    }
    match inner {
        Formula::And(parts) => Formula::and(
            parts
                .into_iter()
                .map(|part| quantify(list.clone(), part, true))
                .collect(),
        ),
        Formula::True => Formula::True,
        Formula::Opaque => Formula::Opaque,
        inner if inner.looks_back() => Formula::Pairs(list, Box::new(inner)),
        inner => Formula::Each(list, None, Box::new(inner)),
    }
}
