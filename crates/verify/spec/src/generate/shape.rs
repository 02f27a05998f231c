//! A value whose alternatives are decided and whose numbers are not.

use voidstate_language::Type;
use voidstate_language::Value;

use super::formula::Spot;

/// One part.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) spot: Spot,
    pub(crate) type_: Type,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Done(Value),
    /// The number of an unknown.
    Number(usize),
    /// Text, bytes, a list or a map: the unknown that is its length.
    Sequence(usize),
    /// Fields of a record or parts of a tuple.
    Parts(Vec<Shape>),
    Some(Box<Shape>),
    Variant(u32, Vec<Shape>),
}
