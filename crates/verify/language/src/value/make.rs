//! How values are made, and whether they fit a type.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{EnumType, RecordType, Type, Value};
use crate::Error;

impl Value {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// Bytes.
    #[must_use]
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self::Bytes(bytes.into())
    }

    /// A list.
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(items.into_iter().collect())
    }

    /// A map; of equal keys the last counts.
    #[must_use]
    pub fn map(entries: impl IntoIterator<Item = (Self, Self)>) -> Self {
        Self::Map(Arc::new(entries.into_iter().collect::<BTreeMap<_, _>>()))
    }

    /// `some(value)`
    #[must_use]
    pub fn some(value: Self) -> Self {
        Self::Option(Some(Arc::new(value)))
    }

    /// `none`
    #[must_use]
    pub const fn none() -> Self {
        Self::Option(None)
    }

    /// A tuple.
    #[must_use]
    pub fn tuple(items: impl IntoIterator<Item = Self>) -> Self {
        Self::Tuple(items.into_iter().collect())
    }

    /// A record of the type `of` with its fields in declared order.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when the fields are too few, too many or of other types.
    pub fn record(
        of: &Arc<RecordType>,
        fields: impl IntoIterator<Item = Self>,
    ) -> Result<Self, Error> {
        let value = Self::Record(Arc::clone(of), fields.into_iter().collect());
        checked(value, || Type::Record(Arc::clone(of)))
    }

    /// The alternative `variant` of the type `of` with what it carries.
    ///
    /// # Errors
    /// [`Error::Mismatch`] when there is no such alternative or it carries something else.
    pub fn variant(
        of: &Arc<EnumType>,
        variant: &str,
        payload: impl IntoIterator<Item = Self>,
    ) -> Result<Self, Error> {
        let number = of.variants.iter().position(|(name, _)| name == variant);
        let number = number.and_then(|n| u32::try_from(n).ok());
        let Some(number) = number else {
            return Err(Error::Mismatch {
                expected: of.name.clone(),
                value: format!("{}.{variant}", of.name),
            });
        };
        let value = Self::Enum(Arc::clone(of), number, payload.into_iter().collect());
        checked(value, || Type::Enum(Arc::clone(of)))
    }

    /// Whether it is a value of that type. O(its size).
    #[must_use]
    pub fn type_fits(&self, type_: &Type) -> bool {
        match (self, type_) {
            (Self::Bool(_), Type::Bool)
            | (Self::Int(_), Type::Int(_))
            | (Self::Real(_), Type::Real(_))
            | (Self::Text(_), Type::Text)
            | (Self::Bytes(_), Type::Bytes)
            | (Self::Duration(_), Type::Duration)
            | (Self::Size(_), Type::Size)
            | (Self::Option(None), Type::Option(_)) => true,
            (Self::List(items), Type::List(item)) => items.iter().all(|v| v.type_fits(item)),
            (Self::Map(map), Type::Map(key, value)) => map
                .iter()
                .all(|(k, v)| k.type_fits(key) && v.type_fits(value)),
            (Self::Option(Some(inner)), Type::Option(of)) => inner.type_fits(of),
            (Self::Tuple(items), Type::Tuple(types)) => each_fits(items, types.iter()),
            (Self::Record(a, fields), Type::Record(b)) => {
                a == b && each_fits(fields, b.fields.iter().map(|(_, t)| t))
            }
            (Self::Enum(a, number, payload), Type::Enum(b)) => {
                let variant = usize::try_from(*number)
                    .ok()
                    .and_then(|n| b.variants.get(n));
                a == b && variant.is_some_and(|(_, types)| each_fits(payload, types.iter()))
            }
            _ => false,
        }
    }
}

fn each_fits<'a>(values: &[Value], types: impl ExactSizeIterator<Item = &'a Type>) -> bool {
    values.len() == types.len() && values.iter().zip(types).all(|(v, t)| v.type_fits(t))
}

fn checked(value: Value, type_: impl Fn() -> Type) -> Result<Value, Error> {
    let type_ = type_();
    if value.type_fits(&type_) {
        Ok(value)
    } else {
        Err(mismatch(&type_, &value))
    }
}

/// That `value` is none of type `type_`.
fn mismatch(type_: &Type, value: &Value) -> Error {
    Error::Mismatch {
        expected: type_.to_string(),
        value: crate::abbreviate::value(value),
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}

impl From<i64> for Value {
    fn from(i: i64) -> Self {
        Self::Int(i)
    }
}

impl From<f64> for Value {
    fn from(x: f64) -> Self {
        Self::Real(x)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}
