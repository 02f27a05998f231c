//! Reading a checked condition as a [`Formula`] over the inputs.

use voidstate_language::ast::{BinaryOp, CompareOp};
use voidstate_language::node::{Arm, ArmPattern, Node, PlaceKind, Typed};
use voidstate_language::{Type, Value};

use super::bounds::Number;
use super::formula::{Arithmetic, Formula, Spot, Step, Term, Unknown, Where};
use super::walk;

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

    /// The part of an input that the expression is.
    fn spot(&mut self, typed: &Typed) -> Option<Spot> {
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

    fn indexed(&mut self, of: &Typed, index: &Typed) -> Option<Spot> {
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
    fn offset(&self, index: &Typed) -> Option<(Spot, i64)> {
        let (local, plus) = shifted(index)?;
        match self.locals.get(local)? {
            Bound::Index { list, shift } => Some((list.clone(), plus.checked_sub(*shift)?)),
            _ => None,
        }
    }

    fn term(&mut self, typed: &Typed) -> Option<Term> {
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
    fn given(&self, typed: &Typed) -> Option<(usize, Vec<Step>)> {
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

    /// Wraps what was read about `list[position]`.
    fn looked_at(&mut self, inner: Formula) -> Formula {
        match self.at.take() {
            Some((list, at)) => Formula::Each(list, Some(at), Box::new(inner)),
            None => inner,
        }
    }

    fn pair(&mut self, left: &Typed, op: CompareOp, right: &Typed) -> Formula {
        let saved = self.at.take();
        let read = self.pair_inside(left, op, right);
        let read = match read {
            Some(inner) => self.looked_at(inner),
            None => Formula::Opaque,
        };
        self.at = saved;
        read
    }

    fn pair_inside(&mut self, left: &Typed, op: CompareOp, right: &Typed) -> Option<Formula> {
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
    fn magnitude(&mut self, left: &Typed, op: CompareOp, right: &Typed) -> Option<Formula> {
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
    fn idiom(&mut self, left: &Typed, op: CompareOp, right: &Typed) -> Option<Formula> {
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
    fn distinct(&mut self, of: &Typed) -> Option<Formula> {
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
    fn within(&mut self, left: &Typed, right: &Typed) -> Option<Formula> {
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

    fn call(&mut self, name: &str, arguments: &[Typed]) -> Formula {
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

    fn end(&mut self, whole: &Typed, part: &Typed, place: Where) -> Option<Formula> {
        let (whole, part) = (self.spot(whole)?, self.spot(part)?);
        Some(Formula::Part(part, whole, place))
    }

    /// `all(list, |x| …)` and `any(list, |x| …)`.
    fn quantified(&mut self, over: &Typed, lambda: &Typed, all: bool) -> Option<Formula> {
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
    fn elements(&mut self, over: &Typed, body: &Typed, parameters: &[usize]) -> Option<Bindings> {
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

    fn entries(&mut self, of: &Typed, step: Step) -> Option<Bindings> {
        let list = self.spot(of)?;
        Some(Bindings {
            bounds: vec![Bound::Spot(list.step(step))],
            list,
        })
    }

    /// `zip(xs, drop(xs, 1))`: neighbours; `zip(xs, ys)`: elements at the same position.
    fn zipped(&mut self, a: &Typed, b: &Typed) -> Option<Bindings> {
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
    fn run_over(&mut self, body: &Typed, parameter: usize) -> Option<(Spot, i64)> {
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

struct Bindings {
    list: Spot,
    bounds: Vec<Bound>,
}

/// Splits conjunctions, and says whether neighbours are compared.
fn quantify(list: Spot, inner: Formula, all: bool) -> Formula {
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

/// `i`, `i + 1`, `i - 1`: the local and what is added.
fn shifted(index: &Typed) -> Option<(usize, i64)> {
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

fn is_two(size: &Typed) -> bool {
    matches!(size.node(), Node::Constant(Value::Int(2)))
}

const fn is_number(type_: &Type) -> bool {
    matches!(
        type_,
        Type::Int(_) | Type::Real(_) | Type::Duration | Type::Size
    )
}

fn number_at(spot: Spot, typed: &Typed) -> Option<Term> {
    is_number(typed.type_()).then_some(Term::Unknown(Unknown {
        spot,
        length: false,
    }))
}

/// `spot == value` for a value that is known before the call.
fn equals(spot: Spot, value: &Typed, equal: bool) -> Formula {
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

fn some_length(spot: Spot) -> Formula {
    let length = Term::Unknown(Unknown { spot, length: true });
    Formula::Compare(length, CompareOp::GreaterEqual, Term::Known(Number::Int(1)))
}
