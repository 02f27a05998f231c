//! Bounded summaries that merge in any order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Registers of [`Registers`]: 2¹⁰, a standard error of 3.3 %.
const REGISTERS: usize = 1 << 10;

/// Counts different values in 1 KiB (HyperLogLog, Flajolet et al. 2007, with linear counting where few were seen).
///
/// Values are different when their bits are; every NaN is one value. Merging is associative, commutative and idempotent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
pub struct Registers(Vec<u8>);

impl Default for Registers {
    fn default() -> Self {
        Self(vec![0; REGISTERS])
    }
}

impl TryFrom<Vec<u8>> for Registers {
    type Error = String;

    fn try_from(ranks: Vec<u8>) -> Result<Self, String> {
        if ranks.len() != REGISTERS {
            return Err(format!("{} registers, expected {REGISTERS}", ranks.len()));
        }
        match ranks.iter().find(|r| **r > 55) {
            Some(rank) => Err(format!("a register holds {rank}, expected at most 55")),
            None => Ok(Self(ranks)),
        }
    }
}

impl From<Registers> for Vec<u8> {
    fn from(registers: Registers) -> Self {
        registers.0
    }
}

impl Registers {
    /// Takes `value` in. O(1).
    pub fn insert(&mut self, value: f64) {
        let hash = mixed(if value.is_nan() { f64::NAN } else { value }.to_bits());
        let slot = usize::try_from(hash & 0x3ff).unwrap_or(0);
        let rank = u8::try_from(((hash >> 10) | (1 << 54)).trailing_zeros() + 1).unwrap_or(55);
        if let Some(register) = self.0.get_mut(slot) {
            *register = rank.max(*register);
        }
    }

    /// Takes in everything that `other` has seen. O(registers).
    pub fn merge(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a = (*b).max(*a);
        }
    }

    /// About how many different values were seen. O(registers).
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "at most 2^10 registers")]
    pub fn estimate(&self) -> f64 {
        let m = REGISTERS as f64;
        // In the order of the registers, so that equal registers give equal bits.
        let sum: f64 = self.0.iter().map(|r| 0.5_f64.powi(i32::from(*r))).sum();
        let raw = 0.7213 / (1.0 + 1.079 / m) * m * m / sum;
        let empty = self.0.iter().filter(|r| **r == 0).count();
        if raw <= 2.5 * m && empty > 0 {
            m * (m / empty as f64).ln()
        } else {
            raw
        }
    }
}

impl FromIterator<f64> for Registers {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut registers = Self::default();
        values.into_iter().for_each(|v| registers.insert(v));
        registers
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
const fn mixed(bits: u64) -> u64 {
    let z = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Bits that a bucket ignores: 52 of the mantissa but for five.
const IGNORED_BITS: u32 = 47;

/// Counts values by sign, exponent and five bits of mantissa: at most 2¹⁷ buckets, in practice as many as there are
/// magnitudes. A quantile is a seen value cut towards zero, less than 1/32 of it away (denormal values excepted).
///
/// Merging is associative and commutative.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    buckets: BTreeMap<i32, u64>,
    nan: u64,
    count: u64,
}

impl Histogram {
    /// Takes `value` in. O(log buckets).
    pub fn insert(&mut self, value: f64) {
        self.count = self.count.saturating_add(1);
        if value.is_nan() {
            self.nan = self.nan.saturating_add(1);
        } else {
            let n = self.buckets.entry(bucket(value)).or_insert(0);
            *n = n.saturating_add(1);
        }
    }

    /// Takes in everything that `other` has seen. O(buckets).
    pub fn merge(&mut self, other: &Self) {
        for (key, n) in &other.buckets {
            let own = self.buckets.entry(*key).or_insert(0);
            *own = own.saturating_add(*n);
        }
        self.nan = self.nan.saturating_add(other.nan);
        self.count = self.count.saturating_add(other.count);
    }

    /// The value at rank `⌈q·n⌉`, at least 1 and at most n, cut; NaN when nothing or a NaN was seen. O(buckets).
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank is a count, and casts from f64 saturate"
    )]
    pub fn quantile(&self, q: f64) -> f64 {
        if self.nan > 0 {
            return f64::NAN;
        }
        let rank = ((q * self.count as f64).ceil() as u64).clamp(1, self.count.max(1));
        let mut seen = 0_u64;
        for (key, n) in &self.buckets {
            seen = seen.saturating_add(*n);
            if seen >= rank {
                return unbucket(*key);
            }
        }
        f64::NAN
    }
}

impl FromIterator<f64> for Histogram {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut histogram = Self::default();
        values.into_iter().for_each(|v| histogram.insert(v));
        histogram
    }
}

/// A whole number in the order of the values.
fn bucket(value: f64) -> i32 {
    let magnitude =
        i32::try_from((value.to_bits() & !(1 << 63)) >> IGNORED_BITS).unwrap_or(i32::MAX);
    if value.is_sign_negative() {
        -1 - magnitude
    } else {
        magnitude
    }
}

/// The value of least magnitude in a bucket.
fn unbucket(key: i32) -> f64 {
    let (sign, magnitude) = if key < 0 {
        (1 << 63, -1 - key)
    } else {
        (0, key)
    };
    f64::from_bits(sign | (u64::from(magnitude.unsigned_abs()) << IGNORED_BITS))
}
