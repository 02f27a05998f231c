//! Little-endian numbers, variable-length integers, and a reader that cannot run over.

/// Appends `value` in 7-bit groups, lowest first, the high bit saying that more follow (1 to 10 bytes).
pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push((value & 0x7f) as u8);
}

/// Appends `value` so that small numbers of either sign are short.
pub(crate) fn put_zigzag(out: &mut Vec<u8>, value: i64) {
    put_varint(
        out,
        (value.cast_unsigned() << 1) ^ (value >> 63).cast_unsigned(),
    );
}

/// Appends `value` as its difference in bits from `before`: equal numbers take one byte, numbers with few significant
/// bits few bytes.
pub(crate) fn put_number(out: &mut Vec<u8>, value: f64, before: f64) {
    put_varint(out, (value.to_bits() ^ before.to_bits()).swap_bytes());
}

/// Reads from the front of a slice; every method gives `None` when the bytes do not suffice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*head)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    pub(crate) fn f64(&mut self) -> Option<f64> {
        self.array().map(f64::from_le_bytes)
    }

    pub(crate) fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub(crate) fn zigzag(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }

    pub(crate) fn number(&mut self, before: f64) -> Option<f64> {
        Some(f64::from_bits(
            self.varint()?.swap_bytes() ^ before.to_bits(),
        ))
    }

    /// A varint that fits `u32`.
    pub(crate) fn small(&mut self) -> Option<u32> {
        u32::try_from(self.varint()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn numbers_read_back(a: u64, b: i64, c: u64, d: u64) {
            let mut out = Vec::new();
            put_varint(&mut out, a);
            put_zigzag(&mut out, b);
            put_number(&mut out, f64::from_bits(c), f64::from_bits(d));
            let mut cursor = Cursor::new(&out);
            prop_assert_eq!(cursor.varint(), Some(a));
            prop_assert_eq!(cursor.zigzag(), Some(b));
            prop_assert_eq!(cursor.number(f64::from_bits(d)).map(f64::to_bits), Some(c));
            prop_assert!(cursor.is_empty());
            for cut in 0..out.len() {
                let mut cursor = Cursor::new(out.get(..cut).unwrap());
                let all = (cursor.varint(), cursor.zigzag(), cursor.varint());
                prop_assert!(!matches!(all, (Some(_), Some(_), Some(_))));
            }
        }
    }

    #[test]
    fn an_overlong_varint_is_refused() {
        assert_eq!(Cursor::new(&[0xff; 11]).varint(), None);
        assert_eq!(
            Cursor::new(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2]).varint(),
            None
        );
    }
}
