//! Records and enums: what the derive calls.

use std::sync::Arc;

use voidstate_language::{Type, Value};

use super::{FromSpec, inexpressible};
use crate::Error;

/// A record of the type that the spec gives: `field` is asked for each of its fields.
///
/// # Errors
/// When the spec says no record, or a field cannot be expressed.
pub fn record(
    name: &str,
    type_: &Type,
    mut field: impl FnMut(&str, &Type) -> Option<Result<Value, Error>>,
) -> Result<Value, Error> {
    let Type::Record(of) = type_ else {
        return Err(inexpressible(format!("a `{name}`"), type_.to_string()));
    };
    let ask = |(spec, type_): &(String, Type)| {
        field(spec, type_).unwrap_or_else(|| {
            Err(inexpressible(
                format!("`{name}` without `{spec}`"),
                of.name.clone(),
            ))
        })
    };
    let values = of.fields.iter().map(ask).collect::<Result<_, _>>()?;
    Ok(Value::Record(Arc::clone(of), values))
}

/// An alternative of the enum that the spec gives: `payload` is handed the types of what it carries.
///
/// # Errors
/// When the spec says no enum or has no such alternative, or what it carries cannot be expressed.
pub fn variant(
    name: &str,
    type_: &Type,
    payload: impl FnOnce(&[Type]) -> Result<Vec<Value>, Error>,
) -> Result<Value, Error> {
    let Type::Enum(of) = type_ else {
        return Err(inexpressible(format!("`{name}`"), type_.to_string()));
    };
    let found = of
        .variants
        .iter()
        .zip(0_u32..)
        .find(|((n, _), _)| n == name);
    let Some(((_, types), number)) = found else {
        return Err(inexpressible(format!("`{name}`"), of.name.clone()));
    };
    Ok(Value::Enum(Arc::clone(of), number, payload(types)?.into()))
}

/// The type of the part `at` of what an alternative carries.
///
/// # Errors
/// When the spec's alternative carries less.
pub fn payload(types: &[Type], at: usize) -> Result<&Type, Error> {
    types
        .get(at)
        .ok_or_else(|| inexpressible(format!("part {at}"), "an alternative that carries less"))
}

/// Fields of a record by name.
#[derive(Debug)]
pub struct Fields<'a> {
    rust: &'static str,
    value: &'a Value,
}

/// The fields of the record that a struct `rust` is made from.
///
/// # Errors
/// When the value is no record.
pub fn fields<'a>(rust: &'static str, value: &'a Value) -> Result<Fields<'a>, Error> {
    match value {
        Value::Record(..) => Ok(Fields { rust, value }),
        other => Err(inexpressible(crate::show::value(other), rust)),
    }
}

impl Fields<'_> {
    /// The field of one of these names: the Rust name, or that without its unit.
    ///
    /// # Errors
    /// When there is none, or it cannot be expressed.
    pub fn take<T: FromSpec>(&self, names: &[&str]) -> Result<T, Error> {
        let Value::Record(of, values) = self.value else {
            return Err(inexpressible(crate::show::value(self.value), self.rust));
        };
        let named = |name: &&str| of.fields.iter().position(|(field, _)| field == name);
        match names.iter().find_map(named).and_then(|at| values.get(at)) {
            Some(value) => T::from_value(value),
            None => {
                let without = format!("{} without `{}`", of.name, names.first().unwrap_or(&""));
                Err(inexpressible(without, self.rust))
            }
        }
    }
}

/// The part `at` of what the alternative carries.
///
/// # Errors
/// When it carries less, or the part cannot be expressed.
pub fn argument<T: FromSpec>(rust: &'static str, parts: &[Value], at: usize) -> Result<T, Error> {
    let part = parts.get(at);
    part.map_or_else(
        || {
            Err(inexpressible(
                format!("an alternative without part {at}"),
                rust,
            ))
        },
        T::from_value,
    )
}

/// Name and parts of the alternative that `value` is.
///
/// # Errors
/// When the value is no alternative of an enum.
pub fn alternative<'a>(
    rust: &'static str,
    value: &'a Value,
) -> Result<(&'a str, &'a [Value]), Error> {
    match value {
        Value::Enum(of, number, parts) => {
            let found = usize::try_from(*number)
                .ok()
                .and_then(|at| of.variants.get(at));
            let name = found.map_or("", |(name, _)| name.as_str());
            Ok((name, parts))
        }
        other => Err(inexpressible(crate::show::value(other), rust)),
    }
}

/// An alternative that the Rust enum has not.
#[must_use]
pub fn unknown(rust: &'static str, name: &str) -> Error {
    inexpressible(format!("`{name}`"), rust)
}
