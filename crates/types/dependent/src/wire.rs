//! Reading and writing (feature `serde`): what is read is checked again, so a file cannot forge a proof.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeTuple, Serializer};

use crate::{Error, Fin, Matrix, Refined, Rule, Vector};

impl<T: Serialize, R> Serialize for Refined<T, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de> + fmt::Debug, R: Rule<T>> Deserialize<'de> for Refined<T, R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(T::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl<const N: usize> Serialize for Fin<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(serializer)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Fin<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(usize::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// As a tuple of `N` items: no length is written, since the type bears it.
impl<T: Serialize, const N: usize> Serialize for Vector<T, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(N)?;
        for item in self {
            tuple.serialize_element(item)?;
        }
        tuple.end()
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Vector<T, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple(N, Items(PhantomData))
    }
}

struct Items<T, const N: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for Items<T, N> {
    type Value = Vector<T, N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exactly {N} items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        // Nothing is reserved for items that may never come.
        let mut items = Vec::with_capacity(N.min(4096));
        while items.len() < N {
            match seq.next_element()? {
                Some(item) => items.push(item),
                None => break,
            }
        }
        if items.len() == N && seq.next_element::<IgnoredAny>()?.is_some() {
            return Err(A::Error::custom(Error::Length {
                expected: N,
                found: N.saturating_add(1),
            }));
        }
        Vector::try_from(items).map_err(A::Error::custom)
    }
}

/// As `R` tuples of `C` items.
impl<T: Serialize, const R: usize, const C: usize> Serialize for Matrix<T, R, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = Vector::new(self.rows().each_ref());
        rows.map(|row| Vector::new(row.each_ref()))
            .serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>, const R: usize, const C: usize> Deserialize<'de>
    for Matrix<T, R, C>
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = Vector::<Vector<T, C>, R>::deserialize(deserializer)?;
        Ok(Self::new(rows.map(Vector::into_array).into_array()))
    }
}
