//! Which operations took effect, as a set that is cheap to remember.

/// A set of numbers that is mostly "all the first, and a few more".
#[derive(Debug)]
pub(super) struct Done {
    words: Vec<u64>,
    /// All words before this one are full.
    low: usize,
    /// All words from this one on are empty.
    high: usize,
}

/// The set, with the full words in front and the empty ones behind left out. Two sets of one search are equal exactly
/// when their images are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Image {
    low: usize,
    first: u64,
    rest: Box<[u64]>,
}

impl Done {
    pub(super) fn new(size: usize) -> Self {
        Self {
            words: vec![0; size.div_ceil(64)],
            low: 0,
            high: 0,
        }
    }

    pub(super) fn insert(&mut self, number: usize) {
        let at = number / 64;
        if let Some(word) = self.words.get_mut(at) {
            *word |= 1 << (number % 64);
            self.high = self.high.max(at + 1);
        }
        while self.words.get(self.low) == Some(&u64::MAX) {
            self.low += 1;
        }
    }

    pub(super) fn remove(&mut self, number: usize) {
        let at = number / 64;
        if let Some(word) = self.words.get_mut(at) {
            *word &= !(1 << (number % 64));
            self.low = self.low.min(at);
        }
        while self.high > 0 && self.words.get(self.high - 1) == Some(&0) {
            self.high -= 1;
        }
    }

    pub(super) fn image(&self) -> Image {
        let middle = self.words.get(self.low..self.high).unwrap_or_default();
        let (first, rest) = middle.split_first().map_or((0, &[][..]), |(f, r)| (*f, r));
        Image {
            low: self.low,
            first,
            rest: rest.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn images_are_equal_exactly_when_sets_are(
            size in 1..300_usize,
            a in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..400),
            b in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..400),
            full in 0..300_usize,
        ) {
            let make = |steps: &[(bool, prop::sample::Index)]| {
                let (mut done, mut naive) = (Done::new(size), BTreeSet::new());
                for number in 0..full.min(size) {
                    done.insert(number);
                    naive.insert(number);
                }
                for (put, index) in steps {
                    let number = index.index(size);
                    if *put {
                        done.insert(number);
                        naive.insert(number);
                    } else {
                        done.remove(number);
                        naive.remove(&number);
                    }
                }
                (done.image(), naive)
            };
            let (x, y) = (make(&a), make(&b));
            prop_assert_eq!(x.0 == y.0, x.1 == y.1);
            // The same set by another way.
            let again = x.1.iter().rev().map(|number| (true, *number));
            let mut done = Done::new(size);
            again.for_each(|(_, number)| done.insert(number));
            prop_assert_eq!(done.image(), x.0);
        }
    }
}
