//! How thoroughly laws are checked.

/// Number of cases, seed and limits of a suite.
///
/// Equal settings draw equal cases on every machine.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Cases drawn for each law; at least 1.
    pub cases: u32,
    /// Where the random numbers start.
    pub seed: u64,
    /// Most steps taken to make one counterexample smaller.
    pub shrink_steps_max: u32,
    /// Most further failing cases that are made smaller too; the smallest of all is reported.
    pub rivals_max: u32,
    /// Cases in which the premise of a law must have been met; 0 accepts a law that was never put to the test.
    pub exercised_min: u32,
}

impl Default for Settings {
    /// 256 cases of each law, seed 20261123.
    fn default() -> Self {
        Self {
            cases: 256,
            seed: 20_261_123,
            shrink_steps_max: 4096,
            rivals_max: 16,
            exercised_min: 1,
        }
    }
}

impl Settings {
    /// With `cases` cases of each law.
    #[must_use]
    pub const fn with_cases(mut self, cases: u32) -> Self {
        self.cases = cases;
        self
    }

    /// With another seed.
    #[must_use]
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// With at most `steps` steps of shrinking; 0 reports what was drawn.
    #[must_use]
    pub const fn with_shrink_steps_max(mut self, steps: u32) -> Self {
        self.shrink_steps_max = steps;
        self
    }

    /// With at most `rivals` further failing cases looked at.
    #[must_use]
    pub const fn with_rivals_max(mut self, rivals: u32) -> Self {
        self.rivals_max = rivals;
        self
    }

    /// With at least `cases` cases that must meet a law's premise.
    #[must_use]
    pub const fn with_exercised_min(mut self, cases: u32) -> Self {
        self.exercised_min = cases;
        self
    }
}
