//! Four letters that say what a record holds.

use std::fmt;

/// What a record holds: four printable ASCII characters, for example `TOOL`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kind([u8; 4]);

impl Kind {
    /// The kind named by `letters`; a byte that is not printable ASCII becomes `?`.
    #[must_use]
    pub const fn new(letters: &[u8; 4]) -> Self {
        let [a, b, c, d] = *letters;
        Self([printable(a), printable(b), printable(c), printable(d)])
    }

    /// The four bytes.
    #[must_use]
    pub const fn bytes(self) -> [u8; 4] {
        self.0
    }
}

const fn printable(byte: u8) -> u8 {
    if byte.is_ascii_graphic() { byte } else { b'?' }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|b| write!(f, "{}", char::from(*b)))
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kind({self})")
    }
}
