//! A small seeded generator: the same seed draws the same cases everywhere.

/// SplitMix64 (Steele, Lea, Flood 2014): every seed is good, one addition and three multiplications a draw.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator of its own for the part `name` of case `number`, so that cases do not depend on each other.
    pub(crate) fn part(seed: u64, name: &str, number: u64) -> Self {
        let mixed = name.bytes().fold(seed ^ 0x9E37_79B9, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        let mut random = Self(mixed ^ number.wrapping_mul(0xD1B5_4A32_D192_ED03));
        random.bits();
        random
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// From 0 to `limit - 1`; 0 when `limit` is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let wide = u128::from(self.bits()) * limit as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// In `[0, 1)`.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Near normal with mean 0 and deviation 1, between -6 and 6.
    pub(crate) fn noise(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// True once in `times` draws on average.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// Any whole number, extremes and round ones more often than not.
    pub(crate) fn whole(&mut self) -> i64 {
        const ODD: [i64; 8] = [
            i64::MIN,
            i64::MAX,
            0,
            -1,
            1,
            i64::MIN + 1,
            i64::MAX - 1,
            1 << 53,
        ];
        match self.pick(&ODD) {
            Some(odd) if !self.once_in(3) => *odd,
            _ => self.bits().cast_signed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_in_their_range_and_parts_differ() {
        let mut random = Random::new(7);
        for _ in 0..1000 {
            assert!(random.below(10) < 10);
            assert!((0.0..1.0).contains(&random.unit()));
            assert!(random.noise().abs() <= 6.0);
        }
        assert_eq!(random.below(0), 0);
        let first = |name, number| Random::part(1, name, number).bits();
        assert_ne!(first("a", 0), first("b", 0));
        assert_ne!(first("a", 0), first("a", 1));
        assert_eq!(first("a", 1), first("a", 1));
    }
}
