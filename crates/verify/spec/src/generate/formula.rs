//! What a precondition says about the parts of the inputs, in the few forms that values can be constructed from.

use voidstate_language::Value;
use voidstate_language::ast::CompareOp;
use voidstate_language::node::Typed;

use super::bounds::Number;
use super::walk;

/// One step into a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Step {
    /// A field of a record or a part of a tuple.
    Field(usize),
    /// The element of a list, or the character of a text, that is being drawn.
    Element,
    /// The element before that.
    Before,
    /// The element at the same position of another list.
    Parallel,
    /// The inside of an option.
    Inner,
    /// The key of the entry of a map that is being drawn.
    Key,
    /// The value of that entry.
    Entry,
    /// What an alternative of an enum carries.
    Payload(u32, usize),
}

/// A part of an input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Spot {
    pub(crate) input: usize,
    pub(crate) path: Vec<Step>,
}

impl Spot {
    pub(crate) const fn input(input: usize) -> Self {
        Self {
            input,
            path: Vec::new(),
        }
    }

    pub(crate) fn step(&self, step: Step) -> Self {
        let mut path = Vec::with_capacity(self.path.len() + 1);
        path.extend_from_slice(&self.path);
        path.push(step);
        Self {
            input: self.input,
            path,
        }
    }

    fn looks_back(&self) -> bool {
        self.path.contains(&Step::Before)
    }

    /// The list around the element at the same position.
    pub(crate) fn parallel(&self) -> Option<Self> {
        let at = self.path.iter().position(|s| *s == Step::Parallel)?;
        Some(Self {
            input: self.input,
            path: self.path.get(..at)?.to_vec(),
        })
    }

    /// The rest of the path when `self` lies in `outer`.
    pub(crate) fn inside(&self, outer: &Self) -> Option<&[Step]> {
        if self.input != outer.input {
            return None;
        }
        self.path.strip_prefix(outer.path.as_slice())
    }
}

/// A number that the solver may choose: a part of an input, or its length.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Unknown {
    pub(crate) spot: Spot,
    pub(crate) length: bool,
}

/// An arithmetic expression.
#[derive(Debug, Clone)]
pub(crate) enum Term {
    Known(Number),
    /// Reads no input; evaluated with the state at hand.
    Fixed(Typed),
    Unknown(Unknown),
    /// The position of the element that is being drawn.
    Position,
    /// A part of the element of a known list, inside [`Formula::EachKnown`] of that number.
    Given(usize, Vec<Step>),
    Binary(Arithmetic, Box<Term>, Box<Term>),
    Negate(Box<Term>),
    Real(Box<Term>),
}

impl Term {
    /// With the parts of that element of a known list.
    pub(crate) fn with(&self, number: usize, element: &Value) -> Option<Self> {
        Some(match self {
            Self::Given(n, path) if *n == number => {
                Self::Known(walk::number(&walk::part(element, path)?)?)
            }
            Self::Binary(op, a, b) => Self::Binary(
                *op,
                Box::new(a.with(number, element)?),
                Box::new(b.with(number, element)?),
            ),
            Self::Negate(a) => Self::Negate(Box::new(a.with(number, element)?)),
            Self::Real(a) => Self::Real(Box::new(a.with(number, element)?)),
            other => other.clone(),
        })
    }

    /// Whether it reads that number.
    pub(crate) fn reads(&self, spot: &Spot) -> bool {
        match self {
            Self::Known(_) | Self::Fixed(_) | Self::Given(..) | Self::Position => false,
            Self::Unknown(unknown) => !unknown.length && unknown.spot == *spot,
            Self::Binary(_, a, b) => a.reads(spot) || b.reads(spot),
            Self::Negate(a) | Self::Real(a) => a.reads(spot),
        }
    }

    /// Whether its value depends on where the element stands.
    fn is_positional(&self) -> bool {
        match self {
            Self::Position => true,
            Self::Known(_) | Self::Fixed(_) | Self::Given(..) => false,
            Self::Unknown(unknown) => unknown.spot.parallel().is_some(),
            Self::Binary(_, a, b) => a.is_positional() || b.is_positional(),
            Self::Negate(a) | Self::Real(a) => a.is_positional(),
        }
    }

    fn looks_back(&self) -> bool {
        match self {
            Self::Known(_) | Self::Fixed(_) | Self::Given(..) | Self::Position => false,
            Self::Unknown(unknown) => unknown.spot.looks_back(),
            Self::Binary(_, a, b) => a.looks_back() || b.looks_back(),
            Self::Negate(a) | Self::Real(a) => a.looks_back(),
        }
    }

    /// Calls `visit` with every list of which the element at the same position is read.
    pub(crate) fn parallels(&self, visit: &mut dyn FnMut(&Spot)) {
        match self {
            Self::Known(_) | Self::Fixed(_) | Self::Given(..) | Self::Position => {}
            Self::Unknown(unknown) => {
                if let Some(list) = unknown.spot.parallel() {
                    visit(&list);
                }
            }
            Self::Binary(_, a, b) => {
                a.parallels(visit);
                b.parallels(visit);
            }
            Self::Negate(a) | Self::Real(a) => a.parallels(visit),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// Where a text lies within another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    Start,
    End,
    Anywhere,
}

/// What must hold.
#[derive(Debug, Clone)]
pub(crate) enum Formula {
    True,
    False,
    /// Cannot be constructed; evaluation decides.
    Opaque,
    /// Reads no input: true or false with the state at hand, and which of them is asked for.
    Fixed(Typed, bool),
    And(Vec<Formula>),
    Or(Vec<Formula>),
    /// Never with `in`.
    Compare(Term, CompareOp, Term),
    /// Two parts that are no numbers, compared in the order of values.
    Order(Spot, CompareOp, Spot),
    Finite(Spot),
    NotNan(Spot),
    IsNan(Spot),
    Truth(Spot, bool),
    /// The alternative of an enum by number, or of an option: 0 none, 1 some.
    Tag(Spot, u32, bool),
    Equals(Spot, Typed),
    /// In a list, the keys of a map, or a text, that no input has a say in.
    Among(Spot, Typed),
    /// Equal to some element of that list or some key of that map.
    Member(Spot, Spot),
    /// A text, bytes or list within another.
    Part(Spot, Spot, Where),
    /// Holds for every element (entry, character), or for the one at that position.
    Each(Spot, Option<Term>, Box<Formula>),
    /// Holds for every element of a list that no input has a say in.
    EachKnown(Typed, usize, Box<Formula>),
    /// Holds for some element.
    Some(Spot, Box<Formula>),
    /// Holds for every element and the one before it.
    Pairs(Spot, Box<Formula>),
    Sorted(Spot),
    /// No two elements are equal in that part.
    Distinct(Spot, Vec<Step>),
}

impl Formula {
    pub(crate) fn and(parts: Vec<Self>) -> Self {
        let mut all = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::True => {}
                Self::False => return Self::False,
                Self::And(inner) => all.extend(inner),
                other => all.push(other),
            }
        }
        match all.len() {
            0 => Self::True,
            1 => all.swap_remove(0),
            _ => Self::And(all),
        }
    }

    pub(crate) fn or(parts: Vec<Self>) -> Self {
        let mut all = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::False => {}
                Self::True => return Self::True,
                Self::Or(inner) => all.extend(inner),
                other => all.push(other),
            }
        }
        match all.len() {
            0 => Self::False,
            1 => all.swap_remove(0),
            _ => Self::Or(all),
        }
    }

    /// Whether it speaks of the element before.
    pub(crate) fn looks_back(&self) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::looks_back),
            Self::Compare(a, _, b) => a.looks_back() || b.looks_back(),
            Self::Order(a, _, b) | Self::Member(a, b) | Self::Part(a, b, _) => {
                a.looks_back() || b.looks_back()
            }
            Self::Finite(spot)
            | Self::NotNan(spot)
            | Self::IsNan(spot)
            | Self::Truth(spot, _)
            | Self::Tag(spot, ..)
            | Self::Equals(spot, _)
            | Self::Among(spot, _) => spot.looks_back(),
            Self::Each(list, _, inner) | Self::Some(list, inner) | Self::Pairs(list, inner) => {
                list.looks_back() || inner.looks_back()
            }
            _ => false,
        }
    }

    /// Whether it asks for something else at another position.
    pub(crate) fn is_positional(&self) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::is_positional),
            Self::Compare(a, _, b) => a.is_positional() || b.is_positional(),
            Self::Order(a, _, b) => a.parallel().is_some() || b.parallel().is_some(),
            Self::Each(_, _, inner) | Self::Some(_, inner) | Self::Pairs(_, inner) => {
                inner.is_positional()
            }
            _ => false,
        }
    }

    /// Something that makes `self` false; it may ask for more than is needed.
    pub(crate) fn negate(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::And(parts) => Self::or(parts.into_iter().map(Self::negate).collect()),
            Self::Or(parts) => Self::and(parts.into_iter().map(Self::negate).collect()),
            Self::Compare(a, op, b) => {
                opposite(op).map_or(Self::Opaque, |op| Self::Compare(a, op, b))
            }
            Self::Order(a, op, b) => opposite(op).map_or(Self::Opaque, |op| Self::Order(a, op, b)),
            Self::NotNan(spot) => Self::IsNan(spot),
            Self::IsNan(spot) => Self::NotNan(spot),
            Self::Truth(spot, value) => Self::Truth(spot, !value),
            Self::Tag(spot, tag, is) => Self::Tag(spot, tag, !is),
            Self::Each(list, None, inner) => Self::Some(list, Box::new(inner.negate())),
            Self::Each(list, at, inner) => Self::Each(list, at, Box::new(inner.negate())),
            Self::Some(list, inner) => Self::Each(list, None, Box::new(inner.negate())),
            Self::Fixed(typed, wanted) => Self::Fixed(typed, !wanted),
            Self::Opaque
            | Self::EachKnown(..)
            | Self::Finite(_)
            | Self::Equals(..)
            | Self::Among(..)
            | Self::Member(..)
            | Self::Part(..)
            | Self::Pairs(..)
            | Self::Sorted(_)
            | Self::Distinct(..) => Self::Opaque,
        }
    }
}

pub(crate) const fn opposite(op: CompareOp) -> Option<CompareOp> {
    Some(match op {
        CompareOp::Equal => CompareOp::NotEqual,
        CompareOp::NotEqual => CompareOp::Equal,
        CompareOp::Less => CompareOp::GreaterEqual,
        CompareOp::LessEqual => CompareOp::Greater,
        CompareOp::Greater => CompareOp::LessEqual,
        CompareOp::GreaterEqual => CompareOp::Less,
        CompareOp::In => return None,
    })
}
