//! Decoding that takes no more memory than a limit, whatever the bytes claim.
//!
//! Bytes that are counted say little: two of them can be an entry of hundreds. So every element, field and entry is
//! charged with the size that it has in memory, before the next one is decoded. What lies within another value is charged
//! again, so a value takes at most what was charged for it.

use std::cell::Cell;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

/// What one record may take in memory.
pub(super) const MEMORY_BYTES_MAX: usize = 256 << 20;

/// A value that was decoded within the limit.
pub(crate) struct Rationed<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Rationed<T> {
    fn deserialize<D: Deserializer<'de>>(inner: D) -> Result<Self, D::Error> {
        let left = Cell::new(MEMORY_BYTES_MAX);
        within(inner, &left).map(Self)
    }
}

fn within<'de, T, D>(inner: D, left: &Cell<usize>) -> Result<T, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let inner = Metered { inner, left };
    T::deserialize(inner)
}

/// Something of serde, with what is left of the ration.
struct Metered<'m, I> {
    inner: I,
    left: &'m Cell<usize>,
}

impl<I> Metered<'_, I> {
    fn charge<T, E: Error>(&self) -> Result<(), E> {
        match self.left.get().checked_sub(size_of::<T>()) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(E::custom(format_args!(
                "it claims more than {} MiB of memory",
                MEMORY_BYTES_MAX >> 20
            ))),
        }
    }
}

/// Methods whose visitors hold nothing that is decoded in turn.
macro_rules! plain {
    ($($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$name(visitor)
        })*
    };
}

/// Methods whose visitors decode in turn.
macro_rules! nested {
    ($($name:ident($($arg:ident: $type:ty),*))*) => {
        $(fn $name<V: Visitor<'de>>(self, $($arg: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            let left = self.left;
            self.inner.$name($($arg,)* Metered { inner: visitor, left })
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Metered<'_, D> {
    type Error = D::Error;

    plain! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_unit deserialize_identifier
    }

    nested! {
        deserialize_any()
        deserialize_ignored_any()
        deserialize_option()
        deserialize_seq()
        deserialize_map()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Visits that hold nothing that is decoded in turn.
macro_rules! visits {
    ($($name:ident: $type:ty)*) => {
        $(fn $name<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$name(value)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Metered<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visits! {
        visit_bool: bool
        visit_i64: i64
        visit_i128: i128
        visit_u64: u64
        visit_u128: u128
        visit_f64: f64
        visit_char: char
        visit_str: &str
        visit_borrowed_str: &'de str
        visit_string: String
        visit_bytes: &[u8]
        visit_borrowed_bytes: &'de [u8]
        visit_byte_buf: Vec<u8>
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let left = self.left;
        self.inner.visit_some(Metered { inner, left })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let left = self.left;
        self.inner.visit_newtype_struct(Metered { inner, left })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let left = self.left;
        self.inner.visit_seq(Metered { inner, left })
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let left = self.left;
        self.inner.visit_map(Metered { inner, left })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let left = self.left;
        self.inner.visit_enum(Metered { inner, left })
    }
}

/// A seed that charges what it makes.
struct Seed<'m, S>(Metered<'m, S>);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Seed<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        let Metered { inner: seed, left } = self.0;
        let inner = Metered { inner, left };
        inner.charge::<S::Value, _>()?;
        seed.deserialize(inner)
    }
}

impl<'m, I> Metered<'m, I> {
    const fn seed<S>(&self, seed: S) -> Seed<'m, S> {
        let left = self.left;
        Seed(Metered { inner: seed, left })
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Metered<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error>
    where
        S: DeserializeSeed<'de>,
    {
        let seed = self.seed(seed);
        self.inner.next_element_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Metered<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error>
    where
        S: DeserializeSeed<'de>,
    {
        let seed = self.seed(seed);
        self.inner.next_key_seed(seed)
    }

    fn next_value_seed<S>(&mut self, seed: S) -> Result<S::Value, A::Error>
    where
        S: DeserializeSeed<'de>,
    {
        let seed = self.seed(seed);
        self.inner.next_value_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, 'm, A: EnumAccess<'de>> EnumAccess<'de> for Metered<'m, A> {
    type Error = A::Error;
    type Variant = Metered<'m, A::Variant>;

    fn variant_seed<S>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error>
    where
        S: DeserializeSeed<'de>,
    {
        let (left, seed) = (self.left, self.seed(seed));
        let (value, inner) = self.inner.variant_seed(seed)?;
        Ok((value, Metered { inner, left }))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Metered<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }

    fn newtype_variant_seed<S>(self, seed: S) -> Result<S::Value, A::Error>
    where
        S: DeserializeSeed<'de>,
    {
        let seed = self.seed(seed);
        self.inner.newtype_variant_seed(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        let left = self.left;
        let inner = visitor;
        self.inner.tuple_variant(len, Metered { inner, left })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let left = self.left;
        let inner = visitor;
        self.inner.struct_variant(fields, Metered { inner, left })
    }
}

#[cfg(test)]
mod tests {
    use voidstate_codec::{Kind, Schema};
    use voidstate_core::{AttributeValue, Attributes};

    use super::*;
    use crate::engine::record::wire::{Chunk, Entry, Op, Placed};

    const SCHEMA: Schema = Schema::new(Kind::new(b"TEST"), 1);

    fn chunk(count: usize) -> Chunk {
        let tick = || Placed {
            step: 1,
            what: Entry::Tick,
        };
        let mut entries: Vec<_> = (0..count).map(|_| tick()).collect();
        entries.push(Placed {
            step: 0,
            what: Entry::Finish {
                slot: 1,
                call: super::super::Call {
                    ops: vec![
                        Op::Now(3),
                        Op::ReadState {
                            hash: 1,
                            answer: Ok(Some(vec![1, 2])),
                        },
                    ],
                    is_failed: false,
                },
            },
        });
        Chunk {
            tape: 0,
            through: count as u64,
            entries,
        }
    }

    #[test]
    fn an_entry_is_larger_than_what_its_bytes_are_counted_for() {
        assert!(
            4_000_000 * size_of::<Placed>() > MEMORY_BYTES_MAX,
            "{}",
            size_of::<Placed>()
        );
    }

    #[test]
    fn what_fits_is_decoded_as_it_was() {
        let chunk = chunk(1000);
        let bytes = SCHEMA.encode(&chunk).unwrap();
        let Rationed(back) = SCHEMA.decode::<Rationed<Chunk>>(&bytes).unwrap();
        assert_eq!(format!("{back:?}"), format!("{chunk:?}"));
        let list = AttributeValue::List(vec![1_i64.into(), 2.5.into()]);
        let attributes: Attributes = [("a".to_owned(), list)].into();
        let bytes = SCHEMA.encode(&attributes).unwrap();
        let Rationed(back) = SCHEMA.decode::<Rationed<Attributes>>(&bytes).unwrap();
        assert_eq!(back, attributes);
    }

    #[test]
    fn a_value_takes_at_most_what_was_charged_for_it() {
        struct Little(Chunk, usize);
        impl<'de> Deserialize<'de> for Little {
            fn deserialize<D: Deserializer<'de>>(inner: D) -> Result<Self, D::Error> {
                let left = Cell::new(100_000);
                let chunk = within(inner, &left)?;
                Ok(Self(chunk, 100_000 - left.get()))
            }
        }
        let bytes = SCHEMA.encode(&chunk(100)).unwrap();
        let Little(back, charged) = SCHEMA.decode(&bytes).unwrap();
        assert!(
            charged >= back.entries.len() * size_of::<Placed>(),
            "{charged}"
        );
        let bytes = SCHEMA.encode(&chunk(1000)).unwrap();
        let error = SCHEMA.decode::<Little>(&bytes).err().unwrap();
        assert!(error.to_string().contains("of memory"), "{error}");
    }
}
