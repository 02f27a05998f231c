//! Boundary classes: the kinds of value that a part of an input can be, one of which a case asks for.

use voidstate_language::Type;

use super::formula::{Spot, Step};

/// A kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Flag(bool),
    Number(End),
    Sequence(Size, Look),
    /// An alternative of an enum or an option.
    Tag(u32),
}

/// Where a number lies in what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Low,
    AboveLow,
    MinusOne,
    Zero,
    NegativeZero,
    One,
    Ordinary,
    BelowHigh,
    High,
    Fraction,
    Subnormal,
    Nan,
    Infinity,
    NegativeInfinity,
}

/// How long a sequence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    Empty,
    One,
    Two,
    Several,
    Longest,
}

/// How the parts of a sequence lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Any,
    Constant,
    Ascending,
    Descending,
    Repeating,
    Multibyte,
    Control,
}

const NUMBERS: [End; 8] = [
    End::Low,
    End::AboveLow,
    End::MinusOne,
    End::Zero,
    End::One,
    End::Ordinary,
    End::BelowHigh,
    End::High,
];

const REALS: [End; 11] = [
    End::Low,
    End::Zero,
    End::NegativeZero,
    End::One,
    End::Ordinary,
    End::Fraction,
    End::Subnormal,
    End::High,
    End::Nan,
    End::Infinity,
    End::NegativeInfinity,
];

const LISTS: [(Size, Look); 8] = [
    (Size::Empty, Look::Any),
    (Size::One, Look::Any),
    (Size::Two, Look::Any),
    (Size::Several, Look::Any),
    (Size::Several, Look::Constant),
    (Size::Several, Look::Ascending),
    (Size::Several, Look::Descending),
    (Size::Longest, Look::Repeating),
];

const TEXTS: [(Size, Look); 8] = [
    (Size::Empty, Look::Any),
    (Size::One, Look::Any),
    (Size::One, Look::Multibyte),
    (Size::Two, Look::Any),
    (Size::Several, Look::Repeating),
    (Size::Several, Look::Constant),
    (Size::Several, Look::Multibyte),
    (Size::Longest, Look::Control),
];

/// The parts of an input that can be asked for, each with its classes: the input itself, or the fields of a record.
pub(crate) fn columns(spot: &Spot, type_: &Type, into: &mut Vec<(Spot, Vec<Class>)>) {
    let sequence = |list: &[(Size, Look)]| -> Vec<Class> {
        list.iter().map(|(s, l)| Class::Sequence(*s, *l)).collect()
    };
    let classes = match type_ {
        Type::Bool => vec![Class::Flag(false), Class::Flag(true)],
        Type::Int(_) | Type::Duration | Type::Size => NUMBERS.map(Class::Number).to_vec(),
        Type::Real(_) => REALS.map(Class::Number).to_vec(),
        Type::Text => sequence(&TEXTS),
        Type::Bytes | Type::List(_) => sequence(&LISTS),
        Type::Map(..) => sequence(LISTS.get(..4).unwrap_or_default()),
        Type::Option(_) => vec![Class::Tag(0), Class::Tag(1)],
        Type::Enum(of) => (0..).take(of.variants.len()).map(Class::Tag).collect(),
        Type::Tuple(parts) => {
            for (i, part) in parts.iter().enumerate() {
                columns(&spot.step(Step::Field(i)), part, into);
            }
            return;
        }
        Type::Record(of) => {
            for (i, (_, part)) in of.fields.iter().enumerate() {
                columns(&spot.step(Step::Field(i)), part, into);
            }
            return;
        }
    };
    into.push((spot.clone(), classes));
}
