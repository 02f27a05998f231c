//! Values, and the types that they have.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Unit;

mod json;
mod make;
mod show;

pub(crate) use json::exact;

/// A type after all names are known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// `bool`
    Bool,
    /// `int`, perhaps in a unit.
    Int(Option<Unit>),
    /// `real`, perhaps in a unit.
    Real(Option<Unit>),
    /// `text`
    Text,
    /// `bytes`
    Bytes,
    /// `duration`
    Duration,
    /// `size`
    Size,
    /// `[T]`
    List(Arc<Type>),
    /// `{K: V}`
    Map(Arc<Type>, Arc<Type>),
    /// `T?`
    Option(Arc<Type>),
    /// `(A, B)`
    Tuple(Arc<[Type]>),
    /// A record.
    Record(Arc<RecordType>),
    /// An enum.
    Enum(Arc<EnumType>),
}

/// A record with its fields in declared order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RecordType {
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Vec<(String, Type)>,
}

/// An enum with its alternatives in declared order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EnumType {
    /// Its name.
    pub name: String,
    /// Name and payload of each.
    pub variants: Vec<(String, Vec<Type>)>,
}

/// A value. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Value {
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A real number; NaN and infinities are values.
    Real(f64),
    /// A text.
    Text(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// Nanoseconds; differences may be negative.
    Duration(i64),
    /// Bytes; differences may be negative.
    Size(i64),
    /// A list.
    List(Arc<[Value]>),
    /// A map, ordered by key.
    Map(Arc<BTreeMap<Value, Value>>),
    /// An option.
    Option(Option<Arc<Value>>),
    /// A tuple.
    Tuple(Arc<[Value]>),
    /// A record: its fields in declared order.
    Record(Arc<RecordType>, Arc<[Value]>),
    /// An enum: the number of the alternative in declared order, and what it carries.
    Enum(Arc<EnumType>, u32, Arc<[Value]>),
}

impl Value {
    /// Where the kind stands in the order of kinds.
    const fn rank(&self) -> u8 {
        match self {
            Self::Bool(_) => 0,
            Self::Int(_) => 1,
            Self::Real(_) => 2,
            Self::Text(_) => 3,
            Self::Bytes(_) => 4,
            Self::Duration(_) => 5,
            Self::Size(_) => 6,
            Self::List(_) => 7,
            Self::Map(_) => 8,
            Self::Option(_) => 9,
            Self::Tuple(_) => 10,
            Self::Record(..) => 11,
            Self::Enum(..) => 12,
        }
    }
}

/// The order of map keys and of shrinking: total, by kind first, reals by [`f64::total_cmp`]. The language's own `<` and
/// `==` on reals are IEEE 754's.
impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Int(a), Self::Int(b))
            | (Self::Duration(a), Self::Duration(b))
            | (Self::Size(a), Self::Size(b)) => a.cmp(b),
            (Self::Real(a), Self::Real(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Bytes(a), Self::Bytes(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) | (Self::Tuple(a), Self::Tuple(b)) => a.cmp(b),
            (Self::Map(a), Self::Map(b)) => a.cmp(b),
            (Self::Option(a), Self::Option(b)) => a.cmp(b),
            (Self::Record(s, a), Self::Record(t, b)) => s.name.cmp(&t.name).then_with(|| a.cmp(b)),
            (Self::Enum(s, i, a), Self::Enum(t, j, b)) => s
                .name
                .cmp(&t.name)
                .then_with(|| i.cmp(j))
                .then_with(|| a.cmp(b)),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}
