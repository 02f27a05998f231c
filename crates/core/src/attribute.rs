//! Typed values with names: attributes of events, variables of states, configuration, outputs.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Deepest nesting of lists and maps that is read.
pub const NESTING_MAX: usize = 16;

/// Named values, in order of their names.
pub type Attributes = BTreeMap<String, AttributeValue>;

/// A typed value.
///
/// In JSON the value stands for itself; a non-finite [`Real`](Self::Real) is written as `{"real":"NaN"}` and bytes as
/// `{"bytes":[…]}`, so that every value reads back as what it was. A whole-numbered real keeps its point (`2.0`).
#[derive(Debug, Clone, PartialEq)]
pub enum AttributeValue {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number; may be NaN or infinite.
    Real(f64),
    /// Text.
    Text(String),
    /// Raw bytes.
    Bytes(Vec<u8>),
    /// Several values in order.
    List(Vec<AttributeValue>),
    /// Several values by name.
    Map(Attributes),
}

impl AttributeValue {
    /// The number in it, if it is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Real(value) => Some(*value),
            Self::Int(value) => Some(*value as f64),
            _ => None,
        }
    }

    /// The text in it, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number in it, if it is one.
    #[must_use]
    pub const fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The truth value in it, if it is one.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// What kind of value it is, in one word.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Real(_) => "real",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Map(_) => "map",
        }
    }
}

macro_rules! from_type {
    ($($from:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$from> for AttributeValue {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )+};
}

from_type!(bool => Bool, i64 => Int, i32 => Int, u32 => Int, f64 => Real, String => Text, &str => Text, Vec<u8> => Bytes);

/// Binary form: an externally tagged enum, which formats that do not describe themselves can read back.
#[derive(Serialize, Deserialize)]
enum Tagged {
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<AttributeValue>),
    Map(Attributes),
}

impl From<AttributeValue> for Tagged {
    fn from(value: AttributeValue) -> Self {
        match value {
            AttributeValue::Bool(v) => Self::Bool(v),
            AttributeValue::Int(v) => Self::Int(v),
            AttributeValue::Real(v) => Self::Real(v),
            AttributeValue::Text(v) => Self::Text(v),
            AttributeValue::Bytes(v) => Self::Bytes(v),
            AttributeValue::List(v) => Self::List(v),
            AttributeValue::Map(v) => Self::Map(v),
        }
    }
}

impl From<Tagged> for AttributeValue {
    fn from(value: Tagged) -> Self {
        match value {
            Tagged::Bool(v) => Self::Bool(v),
            Tagged::Int(v) => Self::Int(v),
            Tagged::Real(v) => Self::Real(v),
            Tagged::Text(v) => Self::Text(v),
            Tagged::Bytes(v) => Self::Bytes(v),
            Tagged::List(v) => Self::List(v),
            Tagged::Map(v) => Self::Map(v),
        }
    }
}

#[derive(Serialize)]
struct JsonReal<'a> {
    #[serde(with = "crate::number")]
    real: &'a f64,
}

#[derive(Serialize)]
struct JsonBytes<'a> {
    bytes: &'a [u8],
}

#[derive(Serialize)]
struct JsonMap<'a> {
    map: &'a Attributes,
}

impl Serialize for AttributeValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // What could not be read back is not written.
        let Some(_level) = Level::enter() else {
            return Err(serde::ser::Error::custom(
                "values are nested deeper than 16",
            ));
        };
        if !serializer.is_human_readable() {
            return Tagged::from(self.clone()).serialize(serializer);
        }
        match self {
            Self::Bool(v) => serializer.serialize_bool(*v),
            Self::Int(v) => serializer.serialize_i64(*v),
            Self::Real(v) if v.is_finite() => serializer.serialize_f64(*v),
            Self::Real(v) => JsonReal { real: v }.serialize(serializer),
            Self::Text(v) => serializer.serialize_str(v),
            Self::Bytes(v) => JsonBytes { bytes: v }.serialize(serializer),
            Self::List(v) => serializer.collect_seq(v),
            Self::Map(map) => JsonMap { map }.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for AttributeValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Checked on the way down: bytes that claim a million levels must not use up the stack.
        let Some(_level) = Level::enter() else {
            return Err(de::Error::custom("values are nested deeper than 16"));
        };
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(JsonVisitor)
        } else {
            Ok(Tagged::deserialize(deserializer)?.into())
        }
    }
}

thread_local! {
    static LEVELS: Cell<usize> = const { Cell::new(0) };
}

/// One level of nesting being read on this thread.
struct Level;

impl Level {
    fn enter() -> Option<Self> {
        let levels = LEVELS.get();
        (levels <= NESTING_MAX).then(|| {
            LEVELS.set(levels + 1);
            Self
        })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        LEVELS.set(LEVELS.get() - 1);
    }
}

struct JsonVisitor;

#[derive(Deserialize)]
struct RealField(#[serde(with = "crate::number")] f64);

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = AttributeValue;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a bool, number, text, list, or an object with the one key \"real\", \"bytes\" or \"map\"")
    }

    fn visit_bool<E: de::Error>(self, v: bool) -> Result<Self::Value, E> {
        Ok(AttributeValue::Bool(v))
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Self::Value, E> {
        Ok(AttributeValue::Int(v))
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Self::Value, E> {
        i64::try_from(v)
            .map(AttributeValue::Int)
            .map_err(|_| E::custom(format_args!("{v} does not fit in 64 signed bits")))
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Self::Value, E> {
        Ok(AttributeValue::Real(v))
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Self::Value, E> {
        Ok(AttributeValue::Text(v.to_owned()))
    }

    fn visit_string<E: de::Error>(self, v: String) -> Result<Self::Value, E> {
        Ok(AttributeValue::Text(v))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(AttributeValue::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Some(key) = map.next_key::<String>()? else {
            return Err(de::Error::custom(
                "an object needs the key \"real\", \"bytes\" or \"map\"",
            ));
        };
        let value = match key.as_str() {
            "real" => AttributeValue::Real(map.next_value::<RealField>()?.0),
            "bytes" => AttributeValue::Bytes(map.next_value()?),
            "map" => AttributeValue::Map(map.next_value()?),
            other => return Err(de::Error::unknown_field(other, &["real", "bytes", "map"])),
        };
        if map.next_key::<de::IgnoredAny>()?.is_some() {
            return Err(de::Error::custom(
                "an object has exactly one of the keys \"real\", \"bytes\", \"map\"",
            ));
        }
        Ok(value)
    }
}
