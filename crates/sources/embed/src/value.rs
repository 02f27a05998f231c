//! Values of attributes and labels, borrowed at the hook point and owned on the way out.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use voidstate_core::AttributeValue;

/// Longest text of an attribute in bytes; a longer one is cut and ends in `…`.
pub const TEXT_BYTES_MAX: usize = 1024;

/// A value as it is given at a hook point.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Nothing: the attribute or label is left out.
    Absent,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number that may not fit in 64 signed bits; it travels as text when it does not.
    Unsigned(u64),
    /// A number; may be NaN or infinite.
    Real(f64),
    /// Text.
    Text(&'a str),
}

/// What may stand on the right of `=` in [`hook!`](crate::hook) and [`sample!`](crate::sample): numbers, truth values,
/// texts, references to them and options of them (`None` leaves the attribute out).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an attribute or label of a hook point",
    note = "give a number, a bool or a text; for other types `key = value.to_string()`"
)]
pub trait ToValue {
    /// The value, borrowed.
    fn to_value(&self) -> Value<'_>;
}

macro_rules! to_value {
    ($($type:ty => |$it:ident| $value:expr),+ $(,)?) => {$(
        impl ToValue for $type {
            fn to_value(&self) -> Value<'_> {
                let $it = self;
                $value
            }
        }
    )+};
}

to_value! {
    bool => |it| Value::Bool(*it),
    i8 => |it| Value::Int(i64::from(*it)),
    i16 => |it| Value::Int(i64::from(*it)),
    i32 => |it| Value::Int(i64::from(*it)),
    i64 => |it| Value::Int(*it),
    isize => |it| Value::Int(*it as i64),
    u8 => |it| Value::Int(i64::from(*it)),
    u16 => |it| Value::Int(i64::from(*it)),
    u32 => |it| Value::Int(i64::from(*it)),
    u64 => |it| Value::Unsigned(*it),
    usize => |it| Value::Unsigned(*it as u64),
    f32 => |it| Value::Real(f64::from(*it)),
    f64 => |it| Value::Real(*it),
    str => |it| Value::Text(it),
    String => |it| Value::Text(it),
    Cow<'_, str> => |it| Value::Text(it),
    Box<str> => |it| Value::Text(it),
    std::sync::Arc<str> => |it| Value::Text(it),
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl<T: ToValue + ?Sized> ToValue for &mut T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Absent, ToValue::to_value)
    }
}

/// A number that may stand as the value of a sample.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that a sample can take",
    note = "give an integer or a float; a duration as `duration.as_secs_f64()`"
)]
pub trait ToNumber {
    /// The nearest `f64`; whole numbers above 2^53 are rounded.
    fn to_number(&self) -> f64;
}

macro_rules! to_number {
    ($($type:ty),+) => {$(
        impl ToNumber for $type {
            fn to_number(&self) -> f64 {
                *self as f64
            }
        }
    )+};
}

to_number!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64);

impl<T: ToNumber + ?Sized> ToNumber for &T {
    fn to_number(&self) -> f64 {
        (**self).to_number()
    }
}

/// A value on the way out. Flat on purpose: a nested value from a hostile peer could exhaust the stack of its reader.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Owned {
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
}

impl Owned {
    /// An owned copy with its text cut to the limit; nothing for [`Value::Absent`].
    pub(crate) fn new(value: Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Absent => return None,
            Value::Bool(v) => Self::Bool(v),
            Value::Int(v) => Self::Int(v),
            Value::Unsigned(v) => {
                i64::try_from(v).map_or_else(|_| Self::Text(v.to_string()), Self::Int)
            }
            Value::Real(v) => Self::Real(v),
            Value::Text(v) => Self::Text(cut(v).into_owned()),
        })
    }

    /// About how many bytes it takes on the wire, rather too many than too few.
    pub(crate) const fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => 6 + text.len(),
            _ => 12,
        }
    }
}

impl From<Owned> for AttributeValue {
    fn from(value: Owned) -> Self {
        match value {
            Owned::Bool(v) => Self::Bool(v),
            Owned::Int(v) => Self::Int(v),
            Owned::Real(v) => Self::Real(v),
            Owned::Text(v) => Self::Text(v),
        }
    }
}

/// `text`, cut at a character to [`TEXT_BYTES_MAX`] with `…` at its end when it is longer.
pub(crate) fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= TEXT_BYTES_MAX {
        return Cow::Borrowed(text);
    }
    let end = text.floor_char_boundary(TEXT_BYTES_MAX - '…'.len_utf8());
    let mut short = text.get(..end).unwrap_or_default().to_owned();
    short.push('…');
    Cow::Owned(short)
}

/// The text of a label; nothing for [`Value::Absent`].
pub(crate) fn label_text(value: Value<'_>) -> Option<String> {
    Some(match value {
        Value::Absent => return None,
        Value::Bool(v) => v.to_string(),
        Value::Int(v) => v.to_string(),
        Value::Unsigned(v) => v.to_string(),
        Value::Real(v) => v.to_string(),
        Value::Text(v) => cut(v).into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_a_character_and_says_so() {
        let long = "ä".repeat(600);
        let short = cut(&long);
        assert!(short.len() <= TEXT_BYTES_MAX && short.ends_with('…'));
        assert_eq!(cut("short"), "short");
    }

    #[test]
    fn an_unsigned_number_keeps_every_digit() {
        assert_eq!(
            Owned::new(u64::MAX.to_value()),
            Some(Owned::Text("18446744073709551615".to_owned()))
        );
        assert_eq!(Owned::new(7_u64.to_value()), Some(Owned::Int(7)));
        assert_eq!(Owned::new(Option::<i32>::None.to_value()), None);
    }
}
