//! Effects and rows whose operations and answers can be written down.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use voidstate_codec::{Kind, Schema};

use crate::error::Error;
use crate::journal::key::Key;
use crate::row::{Cons, Effect, Nil, Shown, Sum, Void};

const OUT: Schema = Schema::new(Kind::new(b"EFAN"), 1);

/// An effect that can be recorded. Implemented for every effect whose operation can be encoded and shown, and whose answer
/// can be encoded, decoded and shown.
pub trait Recordable:
    Effect<Out: Serialize + DeserializeOwned + fmt::Debug> + Serialize + fmt::Debug
{
}

impl<E> Recordable for E
where
    E: Effect + Serialize + fmt::Debug,
    E::Out: Serialize + DeserializeOwned + fmt::Debug,
{
}

/// A row whose effects are all [`Recordable`].
#[diagnostic::on_unimplemented(
    message = "the row `{Self}` cannot be recorded",
    label = "an effect of this row is not `Recordable`",
    note = "derive `Debug` and `serde::Serialize` for every effect; its `Out` needs `Debug`, `Serialize` and `Deserialize`"
)]
pub trait Journalled: Shown {
    /// What identifies an operation.
    ///
    /// # Errors
    /// The operation cannot be encoded.
    fn key(op: &Self::Op) -> Result<Key, Error>;
    /// The answer as a record of the codec.
    ///
    /// # Errors
    /// The answer cannot be encoded.
    fn encode(out: &Self::Out) -> Result<Vec<u8>, Error>;
    /// The answer of the effect at `place` of the row, from its record.
    ///
    /// # Errors
    /// There is no such place, or the record is not such an answer.
    fn decode(place: usize, bytes: &[u8]) -> Result<Self::Out, Error>;
}

impl Journalled for Nil {
    fn key(op: &Void) -> Result<Key, Error> {
        match *op {}
    }

    fn encode(out: &Void) -> Result<Vec<u8>, Error> {
        match *out {}
    }

    fn decode(_: usize, _: &[u8]) -> Result<Void, Error> {
        Err(Error::Journal {
            what: "an entry names an effect that the row does not have",
            byte: 0,
        })
    }
}

impl<E: Recordable, T: Journalled> Journalled for Cons<E, T> {
    fn key(op: &Self::Op) -> Result<Key, Error> {
        match op {
            Sum::Here(effect) => Key::of(0, effect),
            Sum::There(op) => T::key(op).map(Key::behind_one),
        }
    }

    fn encode(out: &Self::Out) -> Result<Vec<u8>, Error> {
        match out {
            Sum::Here(out) => encode::<E>(out),
            Sum::There(out) => T::encode(out),
        }
    }

    fn decode(place: usize, bytes: &[u8]) -> Result<Self::Out, Error> {
        match place.checked_sub(1) {
            None => decode::<E>(bytes).map(Sum::Here),
            Some(place) => T::decode(place, bytes).map(Sum::There),
        }
    }
}

pub(crate) fn encode<E: Recordable>(out: &E::Out) -> Result<Vec<u8>, Error> {
    OUT.encode(out)
        .map_err(Error::codec(format!("answer of {}", E::NAME)))
}

pub(crate) fn decode<E: Recordable>(bytes: &[u8]) -> Result<E::Out, Error> {
    OUT.decode(bytes)
        .map_err(Error::codec(format!("answer of {}", E::NAME)))
}
