//! What identifies an operation: its effect, a hash of its encoded form, and a text for people.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};
use voidstate_codec::{HEADER_BYTES, Kind, Schema};

use crate::error::Error;
use crate::journal::Recordable;

/// Longest text kept of an operation, in bytes; longer ones end in `…`.
pub const TEXT_BYTES_MAX: usize = 160;

const OP: Schema = Schema::new(Kind::new(b"EFOP"), 1);

/// What identifies an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    effect: u16,
    hash: u64,
    text: Box<str>,
}

impl Key {
    /// The key of an operation of the effect at `place` in its row.
    pub(crate) fn of<E: Recordable>(place: u16, effect: &E) -> Result<Self, Error> {
        let bytes = OP
            .encode(effect)
            .map_err(Error::codec(format!("operation of {}", E::NAME)))?;
        let content = bytes.get(HEADER_BYTES..).unwrap_or_default();
        Ok(Self {
            effect: place,
            hash: fnv1a(E::NAME.bytes().chain([0]).chain(content.iter().copied())),
            text: shown(effect),
        })
    }

    /// The key of the same operation in a row with one more effect in front.
    pub(crate) fn behind_one(mut self) -> Self {
        self.effect = self.effect.saturating_add(1);
        self
    }

    /// Place of the effect in the row.
    #[must_use]
    pub fn effect(&self) -> usize {
        usize::from(self.effect)
    }

    /// FNV-1a (64 bits) of the effect's name, a zero, and the operation as the codec encodes it.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// The operation's `Debug` text, cut at [`TEXT_BYTES_MAX`].
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is the same operation. Texts are for people and do not count.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.effect == other.effect && self.hash == other.hash
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (hash {:016x})", self.text, self.hash)
    }
}

fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// `Debug` text, cut; formatting stops at the cut, so a large operation costs no more than a small one.
pub(crate) fn shown(value: &impl fmt::Debug) -> Box<str> {
    let mut cut = Cut(String::new());
    if write!(cut, "{value:?}").is_err() {
        cut.0.push('…');
    }
    cut.0.into_boxed_str()
}

struct Cut(String);

impl fmt::Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = TEXT_BYTES_MAX.saturating_sub(self.0.len());
        if text.len() <= room {
            self.0.push_str(text);
            return Ok(());
        }
        let end = text.floor_char_boundary(room);
        self.0.push_str(text.get(..end).unwrap_or_default());
        Err(fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        let text = shown(&"ä".repeat(1000));
        assert!(text.ends_with('…') && text.len() <= TEXT_BYTES_MAX + '…'.len_utf8());
        assert_eq!(&*shown(&7), "7");
    }

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b"foobar".iter().copied()), 0x8594_4171_f739_67e8);
    }
}
