//! The generator's own seeded randomness, so that a seed gives the same cases on every machine and in every version.

/// `SplitMix64` (Steele, Lea, Flood 2014): eight bytes of state, equidistributed, good enough to draw test cases.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// Begins at a seed.
    #[cfg(test)]
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// An independent stream for the `index`-th part of the work: adding a case changes no other.
    pub(crate) fn stream(seed: u64, index: u64) -> Self {
        let mut mixed = Self(seed ^ index.wrapping_mul(0xD1B5_4A32_D192_ED03));
        Self(mixed.next() ^ seed.rotate_left(17))
    }

    /// 64 uniform bits.
    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform below `end`; 0 when `end` is 0. The bias is below `end` / 2^64.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.next()) * end as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// Uniform from `low` to `high`, both included; `low` when they are the wrong way round.
    pub(crate) fn between(&mut self, low: i128, high: i128) -> i128 {
        let span = high.saturating_sub(low);
        if span <= 0 {
            return low;
        }
        let span = span.unsigned_abs().saturating_add(1);
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        low.saturating_add(i128::try_from(bits % span).unwrap_or(0))
    }

    /// True `of` times in `all`.
    pub(crate) fn chance(&mut self, of: usize, all: usize) -> bool {
        self.below(all) < of
    }

    /// One of them.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    /// Uniform in [0, 1), 53 bits.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Fisher and Yates.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_within_their_ends() {
        let mut random = Random::new(1);
        for _ in 0..10_000 {
            assert!(random.below(7) < 7);
            let x = random.between(-3, 4);
            assert!((-3..=4).contains(&x));
            assert!((0.0..1.0).contains(&random.unit()));
        }
        assert_eq!(random.below(0), 0);
        assert_eq!(random.between(5, 5), 5);
        let wide = random.between(i128::from(i64::MIN), i128::from(i64::MAX));
        assert!(i64::try_from(wide).is_ok());
    }

    #[test]
    fn a_seed_says_everything() {
        let draw = |seed| {
            let mut r = Random::stream(seed, 3);
            (0..20).map(|_| r.next()).collect::<Vec<_>>()
        };
        assert_eq!(draw(9), draw(9));
        assert_ne!(draw(9), draw(10));
    }

    #[test]
    fn small_ranges_are_drawn_evenly() {
        let mut random = Random::new(7);
        let mut seen = [0_usize; 6];
        for _ in 0..60_000 {
            seen[random.below(6)] += 1;
        }
        assert!(seen.iter().all(|n| (9_500..10_500).contains(n)), "{seen:?}");
    }
}
