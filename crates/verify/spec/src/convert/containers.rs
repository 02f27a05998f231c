//! Lists, maps, options, tuples and what only points.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use voidstate_language::{Type, Value};

use super::{FromSpec, Shape, SpecValue, inexpressible, outside};
use crate::Error;

/// A list of the language, or bytes where the type says so.
fn list<'a, T: SpecValue + 'a>(
    items: impl ExactSizeIterator<Item = &'a T>,
    type_: &Type,
) -> Result<Value, Error> {
    match type_ {
        Type::List(of) => Ok(Value::List(
            items
                .map(|item| item.to_value(of))
                .collect::<Result<_, _>>()?,
        )),
        Type::Bytes => {
            let byte = |item: &T| match item.to_value(&Type::Int(None))? {
                Value::Int(n) => {
                    u8::try_from(n).map_err(|_| inexpressible(n.to_string(), "a byte"))
                }
                other => Err(outside::<u8>(&other)),
            };
            Ok(Value::Bytes(items.map(byte).collect::<Result<_, _>>()?))
        }
        other => Err(inexpressible("a list", other.to_string())),
    }
}

fn items<T: FromSpec, C: FromIterator<T>>(value: &Value) -> Result<C, Error> {
    match value {
        Value::List(list) => list.iter().map(T::from_value).collect(),
        Value::Bytes(bytes) => bytes
            .iter()
            .map(|byte| T::from_value(&Value::Int(i64::from(*byte))))
            .collect(),
        other => Err(outside::<C>(other)),
    }
}

impl<T: SpecValue> SpecValue for [T] {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        list(self.iter(), type_)
    }
}

impl<T: SpecValue> SpecValue for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        list(self.iter(), type_)
    }
}

impl<T: FromSpec> FromSpec for Vec<T> {
    fn from_value(value: &Value) -> Result<Self, Error> {
        items(value)
    }
}

impl<T: SpecValue> SpecValue for VecDeque<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        list(self.iter(), type_)
    }
}

impl<T: FromSpec> FromSpec for VecDeque<T> {
    fn from_value(value: &Value) -> Result<Self, Error> {
        items(value)
    }
}

impl<T: SpecValue, const N: usize> SpecValue for [T; N] {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        list(self.iter(), type_)
    }
}

impl<T: FromSpec, const N: usize> FromSpec for [T; N] {
    fn from_value(value: &Value) -> Result<Self, Error> {
        let all: Vec<T> = items(value)?;
        all.try_into().map_err(|_| outside::<Self>(value))
    }
}

fn map<'a, K: SpecValue + 'a, V: SpecValue + 'a>(
    entries: impl Iterator<Item = (&'a K, &'a V)>,
    type_: &Type,
) -> Result<Value, Error> {
    let Type::Map(key, value) = type_ else {
        return Err(inexpressible("a map", type_.to_string()));
    };
    let entries = entries.map(|(k, v)| Ok((k.to_value(key)?, v.to_value(value)?)));
    Ok(Value::Map(Arc::new(
        entries.collect::<Result<BTreeMap<_, _>, Error>>()?,
    )))
}

fn entries<K: FromSpec, V: FromSpec, C: FromIterator<(K, V)>>(value: &Value) -> Result<C, Error> {
    match value {
        Value::Map(map) => map
            .iter()
            .map(|(k, v)| Ok((K::from_value(k)?, V::from_value(v)?)))
            .collect(),
        other => Err(outside::<C>(other)),
    }
}

impl<K: SpecValue, V: SpecValue> SpecValue for BTreeMap<K, V> {
    const SHAPE: Shape = Shape::Map(&K::SHAPE, &V::SHAPE);

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        map(self.iter(), type_)
    }
}

impl<K: FromSpec + Ord, V: FromSpec> FromSpec for BTreeMap<K, V> {
    fn from_value(value: &Value) -> Result<Self, Error> {
        entries(value)
    }
}

impl<K: SpecValue, V: SpecValue, S> SpecValue for HashMap<K, V, S> {
    const SHAPE: Shape = Shape::Map(&K::SHAPE, &V::SHAPE);

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        map(self.iter(), type_)
    }
}

impl<K: FromSpec + Eq + Hash, V: FromSpec, S: BuildHasher + Default> FromSpec for HashMap<K, V, S> {
    fn from_value(value: &Value) -> Result<Self, Error> {
        entries(value)
    }
}

impl<T: SpecValue> SpecValue for Option<T> {
    const SHAPE: Shape = Shape::Option(&T::SHAPE);

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        match (self, type_) {
            (None, Type::Option(_)) => Ok(Value::Option(None)),
            (Some(inner), Type::Option(of)) => {
                Ok(Value::Option(Some(Arc::new(inner.to_value(of)?))))
            }
            (_, other) => Err(inexpressible("an option", other.to_string())),
        }
    }
}

impl<T: FromSpec> FromSpec for Option<T> {
    fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::Option(inner) => inner.as_deref().map(T::from_value).transpose(),
            other => Err(outside::<Self>(other)),
        }
    }
}

impl<T: SpecValue + ?Sized> SpecValue for &T {
    const SHAPE: Shape = T::SHAPE;

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        T::to_value(self, type_)
    }
}

impl<T: SpecValue + ?Sized> SpecValue for Box<T> {
    const SHAPE: Shape = T::SHAPE;

    fn to_value(&self, type_: &Type) -> Result<Value, Error> {
        T::to_value(self, type_)
    }
}

impl<T: FromSpec> FromSpec for Box<T> {
    fn from_value(value: &Value) -> Result<Self, Error> {
        T::from_value(value).map(Self::new)
    }
}

/// What a function without outputs returns.
impl SpecValue for () {
    const SHAPE: Shape = Shape::Tuple(&[]);

    fn to_value(&self, _: &Type) -> Result<Value, Error> {
        Ok(Value::Tuple(Arc::from([])))
    }
}

macro_rules! tuples {
    ($(($($name:ident $at:tt),+))+) => {$(
        impl<$($name: SpecValue),+> SpecValue for ($($name,)+) {
            const SHAPE: Shape = Shape::Tuple(&[$($name::SHAPE),+]);

            fn to_value(&self, type_: &Type) -> Result<Value, Error> {
                match type_ {
                    Type::Tuple(of) => match &**of {
                        [$($name),+] => Ok(Value::Tuple(Arc::from([$(self.$at.to_value($name)?),+]))),
                        _ => Err(inexpressible("a tuple", type_.to_string())),
                    },
                    other => Err(inexpressible("a tuple", other.to_string())),
                }
            }
        }

        impl<$($name: FromSpec),+> FromSpec for ($($name,)+) {
            fn from_value(value: &Value) -> Result<Self, Error> {
                match value {
                    Value::Tuple(parts) => match &**parts {
                        [$($name),+] => Ok(($($name::from_value($name)?,)+)),
                        _ => Err(outside::<Self>(value)),
                    },
                    other => Err(outside::<Self>(other)),
                }
            }
        }
    )+};
}

#[allow(
    non_snake_case,
    reason = "a pattern binds each part by the name of its type"
)]
mod tuples {
    use super::*;

    tuples!((A 0, B 1)(A 0, B 1, C 2)(A 0, B 1, C 2, D 3)(A 0, B 1, C 2, D 3, E 4)(A 0, B 1, C 2, D 3, E 4, F 5));
}
