//! Values as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Map, Number, Value as Json, json};

use super::{Type, Value};
use crate::Error;

impl Value {
    /// As JSON.
    ///
    /// | value | JSON |
    /// |---|---|
    /// | bool, int, text | the same |
    /// | real | a number; `"nan"`, `"infinity"`, `"-infinity"` |
    /// | bytes | their hexadecimal digits as a string |
    /// | duration, size | nanoseconds, bytes |
    /// | list, tuple | an array |
    /// | map | an object when all keys are texts, otherwise an array of pairs |
    /// | option | `null`, or `{"some": …}` |
    /// | record | an object |
    /// | enum | the alternative's name, or `{"name": [what it carries]}` |
    ///
    /// The sign and payload of a NaN are not kept.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Bool(b) => json!(b),
            Self::Int(i) | Self::Duration(i) | Self::Size(i) => json!(i),
            Self::Real(x) => match Number::from_f64(*x) {
                Some(number) => Json::Number(number),
                None => json!(Self::Real(*x).to_string()),
            },
            Self::Text(text) => json!(&**text),
            Self::Bytes(bytes) => {
                let mut digits = String::with_capacity(2 * bytes.len());
                for byte in bytes.iter() {
                    let _ = write!(digits, "{byte:02x}");
                }
                Json::String(digits)
            }
            Self::List(items) | Self::Tuple(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(map) => entries(map),
            Self::Option(None) => Json::Null,
            Self::Option(Some(value)) => json!({ "some": value.to_json() }),
            Self::Record(of, fields) => {
                let names = of.fields.iter().map(|(name, _)| name.clone());
                Json::Object(names.zip(fields.iter().map(Self::to_json)).collect())
            }
            Self::Enum(of, number, payload) => {
                let variant = usize::try_from(*number)
                    .ok()
                    .and_then(|n| of.variants.get(n));
                let name = variant.map_or("?", |(name, _)| name.as_str());
                if payload.is_empty() {
                    json!(name)
                } else {
                    json!({ name: payload.iter().map(Self::to_json).collect::<Json>() })
                }
            }
        }
    }

    /// The value of type `type_` that [`to_json`](Self::to_json) writes so. A whole JSON number is a real too where it
    /// is one exactly, and a map may be written either way.
    ///
    /// # Errors
    /// [`Error::Mismatch`] names what was expected and what was there: another type, a number out of range, a field
    /// that is missing or not declared, a key that is there twice.
    pub fn from_json(json: &Json, type_: &Type) -> Result<Self, Error> {
        let wrong = || Error::Mismatch {
            expected: type_.to_string(),
            value: shown(json),
        };
        match (type_, json) {
            (Type::Bool, Json::Bool(b)) => Ok(Self::Bool(*b)),
            (Type::Int(_), _) => json.as_i64().map(Self::Int).ok_or_else(wrong),
            (Type::Duration, _) => json.as_i64().map(Self::Duration).ok_or_else(wrong),
            (Type::Size, _) => json.as_i64().map(Self::Size).ok_or_else(wrong),
            (Type::Real(_), _) => real(json).map(Self::Real).ok_or_else(wrong),
            (Type::Text, Json::String(text)) => Ok(Self::text(text.as_str())),
            (Type::Bytes, Json::String(digits)) => hex(digits).map(Self::bytes).ok_or_else(wrong),
            (Type::List(item), Json::Array(items)) => {
                let items: Result<Arc<[Self]>, Error> =
                    items.iter().map(|v| Self::from_json(v, item)).collect();
                items.map(Self::List)
            }
            (Type::Map(key, value), _) => map(json, key, value).unwrap_or_else(|| Err(wrong())),
            (Type::Option(_), Json::Null) => Ok(Self::none()),
            (Type::Option(of), Json::Object(object)) if object.len() == 1 => {
                let inner = object.get("some").ok_or_else(wrong)?;
                Self::from_json(inner, of).map(Self::some)
            }
            (Type::Tuple(types), Json::Array(items)) if items.len() == types.len() => {
                let pairs = items.iter().zip(types.iter());
                let items: Result<Arc<[Self]>, Error> =
                    pairs.map(|(v, t)| Self::from_json(v, t)).collect();
                items.map(Self::Tuple)
            }
            (Type::Record(of), Json::Object(object)) if object.len() == of.fields.len() => {
                let fields: Result<Arc<[Self]>, Error> = of
                    .fields
                    .iter()
                    .map(|(name, t)| Self::from_json(object.get(name).ok_or_else(wrong)?, t))
                    .collect();
                Ok(Self::Record(Arc::clone(of), fields?))
            }
            (Type::Enum(of), _) => {
                let (name, payload): (&str, &[Json]) = match json {
                    Json::String(name) => (name, &[]),
                    Json::Object(object) => match object.iter().next() {
                        Some((name, Json::Array(payload))) if object.len() == 1 => (name, payload),
                        _ => return Err(wrong()),
                    },
                    _ => return Err(wrong()),
                };
                let variant = of.variants.iter().find(|(n, _)| n == name);
                let (_, types) = variant.ok_or_else(wrong)?;
                if types.len() != payload.len() {
                    return Err(wrong());
                }
                let pairs = payload.iter().zip(types);
                let payload: Result<Vec<Self>, Error> =
                    pairs.map(|(v, t)| Self::from_json(v, t)).collect();
                Self::variant(of, name, payload?)
            }
            _ => Err(wrong()),
        }
    }
}

fn entries(map: &BTreeMap<Value, Value>) -> Json {
    let texts: Option<Map<String, Json>> = map
        .iter()
        .map(|(key, value)| match key {
            Value::Text(key) => Some((key.to_string(), value.to_json())),
            _ => None,
        })
        .collect();
    match texts {
        Some(object) => Json::Object(object),
        None => map
            .iter()
            .map(|(key, value)| json!([key.to_json(), value.to_json()]))
            .collect(),
    }
}

fn map(json: &Json, key: &Type, value: &Type) -> Option<Result<Value, Error>> {
    let mut map = BTreeMap::new();
    let mut add = |k: &Json, v: &Json| -> Result<bool, Error> {
        let entry = (Value::from_json(k, key)?, Value::from_json(v, value)?);
        Ok(map.insert(entry.0, entry.1).is_none())
    };
    match json {
        Json::Object(object) if *key == Type::Text || object.is_empty() => {
            for (k, v) in object {
                match add(&json!(k), v) {
                    Ok(true) => {}
                    Ok(false) => return None,
                    Err(error) => return Some(Err(error)),
                }
            }
        }
        Json::Array(pairs) => {
            for pair in pairs {
                let [k, v] = pair.as_array()?.as_slice() else {
                    return None;
                };
                match add(k, v) {
                    Ok(true) => {}
                    Ok(false) => return None,
                    Err(error) => return Some(Err(error)),
                }
            }
        }
        _ => return None,
    }
    Some(Ok(Value::Map(Arc::new(map))))
}

fn real(json: &Json) -> Option<f64> {
    match json {
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => exact(whole),
            (None, Some(x)) if number.is_f64() => Some(x),
            _ => None,
        },
        Json::String(word) => match word.as_str() {
            "nan" => Some(f64::NAN),
            "infinity" => Some(f64::INFINITY),
            "-infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

/// The real that is exactly this whole number, where there is one.
#[expect(
    clippy::cast_precision_loss,
    reason = "a loss is found by casting back"
)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "a real made of an i64 is whole, and 2^63 is refused by i128"
)]
pub(crate) fn exact(whole: i64) -> Option<f64> {
    let x = whole as f64;
    (x as i128 == i128::from(whole)).then_some(x)
}

fn hex(digits: &str) -> Option<Vec<u8>> {
    let nibble = |c: u8| {
        char::from(c)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [a, b] => Some(nibble(*a)? << 4 | nibble(*b)?),
            _ => None,
        })
        .collect()
}

/// JSON in a message, cut when long.
fn shown(json: &Json) -> String {
    let text = match json {
        Json::Array(items) if items.len() > 8 => format!("an array of {} items", items.len()),
        Json::Object(object) if object.len() > 8 => format!("an object of {} fields", object.len()),
        _ => json.to_string(),
    };
    let mut cut: String = text.chars().take(80).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
