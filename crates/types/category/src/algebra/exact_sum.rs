//! Sums of floats without rounding.

use super::{Group, Monoid, Semigroup};

/// Bits in a limb that are the limb's own; the rest of the 64 waits for carries.
const LIMB_BITS: usize = 32;
/// From the least subnormal, 2^-1074, to above 2^64 times the greatest float: (1074 + 1024 + 64) / 32, rounded up, and one
/// for the sign.
const LIMBS: usize = 69;
/// Exponent of the least bit.
const LEAST: i32 = -1074;

/// A sum of floats, kept as one wide fixed-point number (Kulisch, Computer Arithmetic and Validity, 2013), so that neither
/// order nor grouping changes it; rounded once, by [`value`](Self::value).
///
/// Infinities and NaN are counted apart, as a group asks: adding the inverse takes them back. 69 limbs, 576 bytes; adding a
/// float touches at most 69 of them and usually 3. Exact for up to 2^64 floats.
///
/// ```
/// use voidstate_category::{ExactSum, fold_map};
///
/// assert_eq!(fold_map([1e300, 1.0, -1e300], ExactSum::of).value(), 1.0);
/// assert_eq!([1e300, 1.0, -1e300].iter().sum::<f64>(), 0.0);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExactSum {
    /// Least first, in two's complement: all but the last within 0..2^32, the last bears the sign.
    limbs: [i64; LIMBS],
    /// How many of +∞, −∞ and NaN were added; wrapping, since a group has no end.
    infinities: [i64; 3],
}

impl ExactSum {
    const ZERO: Self = Self {
        limbs: [0; LIMBS],
        infinities: [0; 3],
    };

    /// One float, NaN and infinities too.
    #[must_use]
    pub fn of(value: f64) -> Self {
        let mut sum = Self::ZERO;
        sum.add(value);
        sum
    }

    /// Adds one float in place.
    pub fn add(&mut self, value: f64) {
        let bits = value.to_bits();
        let is_negative = bits >> 63 == 1;
        let exponent = usize::try_from((bits >> 52) & 0x7ff).unwrap_or_default();
        let fraction = bits & ((1 << 52) - 1);
        if exponent == 0x7ff {
            let place = if fraction != 0 {
                2
            } else {
                usize::from(is_negative)
            };
            if let Some(count) = self.infinities.get_mut(place) {
                *count = count.wrapping_add(1);
            }
            return;
        }
        // A subnormal has the exponent of the least normal and no hidden bit.
        let (shift, mantissa) = match exponent {
            0 => (0, fraction),
            e => (e - 1, fraction | 1 << 52),
        };
        let wide = u128::from(mantissa) << (shift % LIMB_BITS);
        let sign = if is_negative { -1 } else { 1 };
        let from = shift / LIMB_BITS;
        let mut carry = 0_i64;
        for (place, limb) in self.limbs.iter_mut().enumerate().skip(from) {
            let part = match place - from {
                part @ 0..3 => (wide >> (part * LIMB_BITS)) & 0xffff_ffff,
                _ if carry == 0 => return,
                _ => 0,
            };
            let total = *limb + sign * i64::try_from(part).unwrap_or_default() + carry;
            if place == LIMBS - 1 {
                *limb = total;
                return;
            }
            *limb = total & 0xffff_ffff;
            carry = total >> LIMB_BITS;
        }
    }

    /// The sum, rounded to the nearest float, ties to even: infinite where it is too great or an infinity is in it, NaN
    /// where a NaN is or infinities of both signs are. The sum of nothing, and of zeros of any sign, is 0.
    #[must_use]
    pub fn value(&self) -> f64 {
        match self.infinities {
            [0, 0, 0] => self.finite(),
            [_, 0, 0] => f64::INFINITY,
            [0, _, 0] => f64::NEG_INFINITY,
            _ => f64::NAN,
        }
    }

    fn finite(&self) -> f64 {
        let is_negative = self.limbs[LIMBS - 1] < 0;
        let size = if is_negative { self.negated() } else { *self };
        let limbs = size.limbs;
        let Some(top) = limbs.iter().rposition(|limb| *limb != 0) else {
            return 0.0;
        };
        // The highest 96 bits, or 64 and some: enough for 53 and a rounding bit.
        let at = |place: Option<usize>| {
            let limb = place.and_then(|p| limbs.get(p)).copied();
            u128::from(limb.unwrap_or(0).unsigned_abs())
        };
        let [high, middle, low] = [0, 1, 2].map(|below| at(top.checked_sub(below)));
        let lowest = top.saturating_sub(2);
        let window = (high << 64) | (middle << 32) | low;
        // Where there are less than three limbs, the window reaches below the least bit, into zeros.
        let base = LEAST + 32 * (i32::try_from(top).unwrap_or(i32::MAX) - 2);
        let rest = limbs.iter().take(lowest).any(|limb| *limb != 0);
        let length = 128 - window.leading_zeros().cast_signed();
        // Bits of the result: 53, less for subnormals, whose last bit is 2^LEAST.
        let last = (base + length - 53).max(LEAST);
        let dropped = u32::try_from(last - base).unwrap_or(0);
        let kept = window.checked_shr(dropped).unwrap_or(0);
        let below = window & ((1_u128 << dropped.min(127)) - 1);
        let half = 1_u128.checked_shl(dropped.wrapping_sub(1)).unwrap_or(0);
        let is_up = dropped > 0 && (below > half || (below == half && (rest || kept & 1 == 1)));
        let mantissa = kept + u128::from(is_up);
        let magnitude = scaled(mantissa, last);
        if is_negative { -magnitude } else { magnitude }
    }

    fn negated(&self) -> Self {
        let mut negated = *self;
        let mut carry = 0;
        for limb in &mut negated.limbs[..LIMBS - 1] {
            let total = carry - *limb;
            *limb = total & 0xffff_ffff;
            carry = total >> LIMB_BITS;
        }
        let last = &mut negated.limbs[LIMBS - 1];
        *last = carry.wrapping_sub(*last);
        for count in &mut negated.infinities {
            *count = count.wrapping_neg();
        }
        negated
    }
}

/// `mantissa` (at most 2^53) times 2^`exponent`, which is at least [`LEAST`]: exact, or infinite.
fn scaled(mantissa: u128, exponent: i32) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let length = 128 - mantissa.leading_zeros().cast_signed();
    // 2^53 after rounding up has 54 bits, the last of which is 0.
    let (mantissa, exponent, length) = match length {
        54 => (mantissa >> 1, exponent + 1, 53),
        _ => (mantissa, exponent, length),
    };
    let fraction = u64::try_from(mantissa).unwrap_or(u64::MAX) & ((1 << 52) - 1);
    if length < 53 {
        // Only what ends in the least bit may have fewer.
        let shift = u32::try_from(exponent - LEAST).unwrap_or(0);
        let bits = u64::try_from(mantissa << shift.min(64)).unwrap_or(u64::MAX);
        return f64::from_bits(bits);
    }
    let biased = exponent + 52 + 1023;
    match u64::try_from(biased) {
        Ok(biased @ 1..0x7ff) => f64::from_bits(biased << 52 | fraction),
        _ => f64::INFINITY,
    }
}

impl Semigroup for ExactSum {
    fn combine(mut self, other: Self) -> Self {
        let mut carry = 0_i64;
        for (mine, theirs) in self.limbs[..LIMBS - 1].iter_mut().zip(&other.limbs) {
            let total = *mine + *theirs + carry;
            *mine = total & 0xffff_ffff;
            carry = total >> LIMB_BITS;
        }
        let (mine, theirs) = (&mut self.limbs[LIMBS - 1], other.limbs[LIMBS - 1]);
        *mine = mine.wrapping_add(theirs).wrapping_add(carry);
        for (mine, theirs) in self.infinities.iter_mut().zip(other.infinities) {
            *mine = mine.wrapping_add(theirs);
        }
        self
    }
}

impl Monoid for ExactSum {
    fn empty() -> Self {
        Self::ZERO
    }
}

impl Group for ExactSum {
    fn inverse(self) -> Self {
        self.negated()
    }
}

impl std::fmt::Debug for ExactSum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ExactSum").field(&self.value()).finish()
    }
}
