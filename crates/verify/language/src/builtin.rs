//! The functions of the language: one table that the checker, the evaluator and the documentation read.

use std::fmt;

use crate::eval::Run;

mod table;

/// A built-in function.
pub struct Builtin {
    /// What it is called.
    pub name: &'static str,
    /// What it may be given, and what it gives then; the first that fits counts.
    pub signatures: &'static [Signature],
    /// What its value is, in a sentence, and when it has none.
    pub doc: &'static str,
    pub(crate) run: Run,
}

impl Builtin {
    /// All of them, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        table::TABLE.iter().copied().flatten()
    }

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().find(|builtin| builtin.name == name)
    }
}

impl fmt::Debug for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Two built-in functions are the same when they bear the same name.
impl PartialEq for Builtin {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Builtin {}

/// What a function may be given, and what it gives then.
#[derive(Debug, Clone, Copy)]
pub struct Signature {
    /// Names and shapes of the arguments.
    pub parameters: &'static [(&'static str, Shape)],
    /// Whether the last argument may come more than once.
    pub variadic: bool,
    /// Shape of the value.
    pub result: Shape,
}

/// `(list: [T], test: |T| bool): int`
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (i, (name, shape)) in self.parameters.iter().enumerate() {
            write!(f, "{}{name}: {shape}", if i > 0 { ", " } else { "" })?;
        }
        write!(
            f,
            "{}): {}",
            if self.variadic { ", …" } else { "" },
            self.result
        )
    }
}

/// A type with holes: a letter stands for the same type wherever it stands in a signature.
#[non_exhaustive]
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `real`
    Real,
    /// `text`
    Text,
    /// `bytes`
    Bytes,
    /// `duration`
    Duration,
    /// `size`
    Size,
    /// Any type.
    Any(Letter),
    /// An int or a real, in any unit.
    Number(Letter),
    /// An int or a real in any unit, a duration or a size.
    Quantity(Letter),
    /// An int in any unit.
    AnyInt(Letter),
    /// A real in any unit.
    AnyReal(Letter),
    /// An int or a real in a unit of time.
    TimeNumber(Letter),
    /// An int or a real in a unit of size.
    SizeNumber(Letter),
    /// The int in the letter's unit.
    IntOf(Letter),
    /// The real in the letter's unit.
    RealOf(Letter),
    /// The letter's int or real without its unit.
    PlainOf(Letter),
    /// `int<ns>`
    Nanoseconds,
    /// `int<B>`
    ByteCount,
    /// `[T]`
    List(&'static Shape),
    /// `{K: V}`
    Map(&'static Shape, &'static Shape),
    /// `T?`
    Option(&'static Shape),
    /// `(A, B)`
    Pair(&'static Shape, &'static Shape),
    /// `|A, B| R`
    Lambda(&'static [Shape], &'static Shape),
}

/// A hole of a [`Shape`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Letter {
    /// `A`
    A,
    /// `B`
    B,
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::B => "B",
        })
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Real => f.write_str("real"),
            Self::Text => f.write_str("text"),
            Self::Bytes => f.write_str("bytes"),
            Self::Duration => f.write_str("duration"),
            Self::Size => f.write_str("size"),
            Self::Any(letter) => write!(f, "{letter}"),
            Self::Number(_) => f.write_str("number"),
            Self::Quantity(_) => f.write_str("quantity"),
            Self::AnyInt(_) | Self::IntOf(_) => f.write_str("int<unit>"),
            Self::AnyReal(_) | Self::RealOf(_) => f.write_str("real<unit>"),
            Self::TimeNumber(_) => f.write_str("number<time>"),
            Self::SizeNumber(_) => f.write_str("number<size>"),
            Self::PlainOf(_) => f.write_str("number without unit"),
            Self::Nanoseconds => f.write_str("int<ns>"),
            Self::ByteCount => f.write_str("int<B>"),
            Self::List(item) => write!(f, "[{item}]"),
            Self::Map(key, value) => write!(f, "{{{key}: {value}}}"),
            Self::Option(inner) => write!(f, "{inner}?"),
            Self::Pair(a, b) => write!(f, "({a}, {b})"),
            Self::Lambda(parameters, result) => {
                f.write_str("|")?;
                for (i, parameter) in parameters.iter().enumerate() {
                    write!(f, "{}{parameter}", if i > 0 { ", " } else { "" })?;
                }
                write!(f, "| {result}")
            }
        }
    }
}

/// A name for a value that is always there.
#[derive(Debug, Clone, Copy)]
pub struct Constant {
    /// The name.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    pub(crate) value: ConstantValue,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum ConstantValue {
    Int(i64),
    Real(f64),
}

/// The names of values that are always there.
pub const CONSTANTS: [Constant; 4] = [
    Constant {
        name: "nan",
        doc: "the real that is no number; it equals nothing, not even itself",
        value: ConstantValue::Real(f64::NAN),
    },
    Constant {
        name: "infinity",
        doc: "the real above all others",
        value: ConstantValue::Real(f64::INFINITY),
    },
    Constant {
        name: "int_min",
        doc: "the least int, -2^63",
        value: ConstantValue::Int(i64::MIN),
    },
    Constant {
        name: "int_max",
        doc: "the greatest int, 2^63 - 1",
        value: ConstantValue::Int(i64::MAX),
    },
];
