//! Numbers, texts and durations.

use std::time::Duration;

use voidstate_language::{Type, Value};

use super::{FromSpec, Shape, SpecValue, inexpressible, outside};
use crate::Error;

impl SpecValue for bool {
    const SHAPE: Shape = Shape::Bool;

    fn to_value(&self, _: &Type) -> Result<Value, Error> {
        Ok(Value::Bool(*self))
    }
}

impl FromSpec for bool {
    fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Bool(b) => Ok(*b),
            other => Err(outside::<Self>(other)),
        }
    }
}

/// The whole number as one of the language's: plain, of nanoseconds or of bytes.
fn whole(number: Option<i64>, text: impl Fn() -> String, type_: &Type) -> Result<Value, Error> {
    let Some(number) = number else {
        return Err(inexpressible(text(), "int (-2^63 to 2^63 - 1)"));
    };
    Ok(match type_ {
        Type::Duration => Value::Duration(number),
        Type::Size => Value::Size(number),
        _ => Value::Int(number),
    })
}

macro_rules! integers {
    ($($int:ty => $shape:expr),+ $(,)?) => {$(
        impl SpecValue for $int {
            const SHAPE: Shape = $shape;

            fn to_value(&self, type_: &Type) -> Result<Value, Error> {
                whole(i64::try_from(*self).ok(), || self.to_string(), type_)
            }
        }

        impl FromSpec for $int {
            fn from_value(value: &Value) -> Result<Self, Error> {
                match value {
                    Value::Int(n) | Value::Duration(n) | Value::Size(n) => Self::try_from(*n).map_err(|_| outside::<Self>(value)),
                    other => Err(outside::<Self>(other)),
                }
            }
        }
    )+};
}

integers!(
    u8 => Shape::Byte,
    u16 => Shape::Int(None),
    u32 => Shape::Int(None),
    u64 => Shape::Int(None),
    usize => Shape::Int(None),
    i8 => Shape::Int(None),
    i16 => Shape::Int(None),
    i32 => Shape::Int(None),
    i64 => Shape::Int(None),
    isize => Shape::Int(None),
);

impl SpecValue for f64 {
    const SHAPE: Shape = Shape::Real(None);

    fn to_value(&self, _: &Type) -> Result<Value, Error> {
        Ok(Value::Real(*self))
    }
}

impl FromSpec for f64 {
    fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Real(x) => Ok(*x),
            other => Err(outside::<Self>(other)),
        }
    }
}

impl SpecValue for f32 {
    const SHAPE: Shape = Shape::Real(None);

    fn to_value(&self, _: &Type) -> Result<Value, Error> {
        Ok(Value::Real(f64::from(*self)))
    }
}

/// Only what 32 bits hold exactly: a rounded input would be judged by an answer to another question.
impl FromSpec for f32 {
    fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Real(x) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "what does not come back the same is refused"
                )]
                let narrow = *x as Self;
                let back = f64::from(narrow);
                if back.to_bits() == x.to_bits() || (x.is_nan() && narrow.is_nan()) {
                    Ok(narrow)
                } else {
                    Err(outside::<Self>(value))
                }
            }
            other => Err(outside::<Self>(other)),
        }
    }
}

impl SpecValue for str {
    const SHAPE: Shape = Shape::Text;

    fn to_value(&self, _: &Type) -> Result<Value, Error> {
        Ok(Value::Text(self.into()))
    }
}

impl SpecValue for String {
    const SHAPE: Shape = Shape::Text;

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        self.as_str().to_value(type_)
    }
}

impl FromSpec for String {
    fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Text(text) => Ok(Self::from(&**text)),
            other => Err(outside::<Self>(other)),
        }
    }
}

impl SpecValue for char {
    const SHAPE: Shape = Shape::Text;

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        self.encode_utf8(&mut [0; 4]).to_value(type_)
    }
}

impl FromSpec for char {
    fn from_value(value: &Value) -> Result<Self, Error> {
        let Value::Text(text) = value else {
            return Err(outside::<Self>(value));
        };
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Ok(c),
            _ => Err(outside::<Self>(value)),
        }
    }
}

impl SpecValue for Duration {
    const SHAPE: Shape = Shape::Duration;

    fn to_value(&self, _: &Type) -> Result<Value, Error> {
        let nanos = i64::try_from(self.as_nanos());
        nanos
            .map(Value::Duration)
            .map_err(|_| inexpressible(format!("{self:?}"), "duration (at most 292 years)"))
    }
}

impl FromSpec for Duration {
    fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Duration(nanos) => u64::try_from(*nanos)
                .map(Self::from_nanos)
                .map_err(|_| outside::<Self>(value)),
            other => Err(outside::<Self>(other)),
        }
    }
}
