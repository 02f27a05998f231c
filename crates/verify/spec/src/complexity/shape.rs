//! Inputs that bring out the worst.

/// How the values of an input are arranged. An operation that is quick on random values may be slow on sorted ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// In no order.
    Random,
    /// Smallest first.
    Sorted,
    /// Largest first.
    Reversed,
    /// All the same.
    Constant,
    /// Up, then down.
    Peak,
    /// Few distinct values in no order.
    FewDistinct,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Self; 6] = [
        Self::Random,
        Self::Sorted,
        Self::Reversed,
        Self::Constant,
        Self::Peak,
        Self::FewDistinct,
    ];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Sorted => "sorted",
            Self::Reversed => "reversed",
            Self::Constant => "constant",
            Self::Peak => "peak",
            Self::FewDistinct => "few distinct",
        }
    }

    /// `count` whole numbers of this shape, between 0 and `4 * count`; the same for the same seed. O(count).
    #[must_use]
    pub fn numbers(self, count: u64, seed: u64) -> Vec<i64> {
        let mut state = seed ^ 0x9e37_79b9_7f4a_7c15;
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let span = count.saturating_mul(4).max(1).unsigned_abs();
        let mut below = |limit: u64| (next(&mut state) % limit.max(1)).cast_signed();
        (0..count)
            .map(|i| match self {
                Self::Random => below(span),
                Self::Sorted => i.saturating_mul(2),
                Self::Reversed => (count - 1 - i).saturating_mul(2),
                Self::Constant => 7.min(count),
                Self::Peak => i.min(count - 1 - i).saturating_mul(2),
                Self::FewDistinct => below(4),
            })
            .collect()
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
pub(super) fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_what_they_say() {
        assert!(Shape::Sorted.numbers(50, 1).is_sorted());
        assert!(Shape::Reversed.numbers(50, 1).iter().rev().is_sorted());
        assert_eq!(Shape::Peak.numbers(5, 1), [0, 2, 4, 2, 0]);
        assert!(
            Shape::Constant
                .numbers(9, 1)
                .windows(2)
                .all(|w| w[0] == w[1])
        );
        assert!(
            Shape::FewDistinct
                .numbers(99, 1)
                .iter()
                .all(|x| (0..4).contains(x))
        );
        assert!(!Shape::Random.numbers(50, 1).is_sorted());
        for shape in Shape::ALL {
            assert!(shape.numbers(0, 1).is_empty());
            assert_eq!(shape.numbers(33, 5), shape.numbers(33, 5));
            assert!(shape.numbers(33, 5).iter().all(|x| (0..=132).contains(x)));
        }
    }
}
