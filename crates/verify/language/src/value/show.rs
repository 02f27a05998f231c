//! Types and values as source text.

use std::fmt::{self, Formatter, Write as _};

use super::{Type, Value};
use crate::format::{bytes_text, real_text, text_text};
use crate::{Dimension, Unit};

/// As it is written in a specification, for example `{text: [int<ms>]}?`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int(None) => f.write_str("int"),
            Self::Int(Some(unit)) => write!(f, "int<{}>", unit.symbol()),
            Self::Real(None) => f.write_str("real"),
            Self::Real(Some(unit)) => write!(f, "real<{}>", unit.symbol()),
            Self::Text => f.write_str("text"),
            Self::Bytes => f.write_str("bytes"),
            Self::Duration => f.write_str("duration"),
            Self::Size => f.write_str("size"),
            Self::List(item) => write!(f, "[{item}]"),
            Self::Map(key, value) => write!(f, "{{{key}: {value}}}"),
            Self::Option(inner) => write!(f, "{inner}?"),
            Self::Tuple(items) => {
                f.write_char('(')?;
                list(f, items)?;
                f.write_char(')')
            }
            Self::Record(record) => f.write_str(&record.name),
            Self::Enum(of) => f.write_str(&of.name),
        }
    }
}

/// As it is written in a specification: parsing and evaluating the text gives the same value, save the sign and payload
/// of a NaN, which is written `nan`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(b) => write!(f, "{b}"),
            Self::Int(i64::MIN) => f.write_str("int_min"),
            Self::Int(i) => write!(f, "{i}"),
            Self::Real(x) => f.write_str(&real_text(*x)),
            Self::Text(text) => f.write_str(&text_text(text)),
            Self::Bytes(bytes) => f.write_str(&bytes_text(bytes)),
            Self::Duration(ns) => quantity(f, *ns, Dimension::Time),
            Self::Size(bytes) => quantity(f, *bytes, Dimension::Size),
            Self::List(items) => {
                f.write_char('[')?;
                list(f, items)?;
                f.write_char(']')
            }
            Self::Map(map) => {
                f.write_char('{')?;
                for (i, (key, value)) in map.iter().enumerate() {
                    write!(f, "{}{key}: {value}", separator(i))?;
                }
                f.write_char('}')
            }
            Self::Option(None) => f.write_str("none"),
            Self::Option(Some(value)) => write!(f, "some({value})"),
            Self::Tuple(items) => {
                f.write_char('(')?;
                list(f, items)?;
                f.write_char(')')
            }
            Self::Record(of, fields) => {
                write!(f, "{} {{", of.name)?;
                for (i, ((name, _), value)) in of.fields.iter().zip(fields.iter()).enumerate() {
                    write!(f, "{} {name}: {value}", if i > 0 { "," } else { "" })?;
                }
                f.write_str(if fields.is_empty() { "}" } else { " }" })
            }
            Self::Enum(of, number, payload) => {
                let name = usize::try_from(*number)
                    .ok()
                    .and_then(|n| of.variants.get(n))
                    .map_or("?", |(name, _)| name.as_str());
                write!(f, "{}.{name}", of.name)?;
                if payload.is_empty() {
                    return Ok(());
                }
                f.write_char('(')?;
                list(f, payload)?;
                f.write_char(')')
            }
        }
    }
}

const fn separator(i: usize) -> &'static str {
    if i > 0 { ", " } else { "" }
}

fn list<T: fmt::Display>(f: &mut Formatter<'_>, items: &[T]) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        write!(f, "{}{item}", separator(i))?;
    }
    Ok(())
}

/// In the greatest unit that divides it.
fn quantity(f: &mut Formatter<'_>, amount: i64, dimension: Dimension) -> fmt::Result {
    let units = || Unit::ALL.into_iter().filter(|u| u.dimension() == dimension);
    let unit = units()
        .filter(|unit| amount != 0 && amount % unit.factor() == 0)
        .max_by_key(|unit| unit.factor())
        .or_else(|| units().next());
    let Some(unit) = unit else { return Ok(()) };
    let count = amount / unit.factor();
    if count == i64::MIN {
        // Its digits alone are no whole number of the language.
        let symbol = unit.symbol();
        return write!(f, "{} {symbol} - 1 {symbol}", count + 1);
    }
    write!(f, "{count} {}", unit.symbol())
}
