//! How much is tried.

use std::time::Duration;

/// How much is tried, and from which seed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Where randomness begins. The same seed gives the same cases and the same report.
    pub seed: u64,
    /// Cases per operation of a tool without state; sequences of a tool with state are a third as many.
    pub cases: usize,
    /// Most calls in a sequence.
    pub steps: usize,
    /// Most elements of a list or characters of a text where the specification asks for no more.
    pub longest: usize,
    /// Steps that the evaluation of one clause may take.
    pub evaluation: u64,
    /// Candidates that are tried while a failure is made smaller.
    pub shrinking: usize,
    /// A call that has taken so long is reported on standard error, with its inputs, while it still runs. `None` starts
    /// no watchdog.
    pub patience: Option<Duration>,
}

impl Default for Settings {
    /// Seed 0, 400 cases, sequences of up to 24 calls, lists of up to 24 elements, 10 seconds of patience.
    fn default() -> Self {
        Self {
            seed: 0,
            cases: 400,
            steps: 24,
            longest: 24,
            evaluation: 1_000_000,
            shrinking: 20_000,
            patience: Some(Duration::from_secs(10)),
        }
    }
}

impl Settings {
    /// The defaults with another seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// With so many cases per operation.
    #[must_use]
    pub const fn cases(mut self, cases: usize) -> Self {
        self.cases = cases;
        self
    }

    /// With sequences of up to so many calls.
    #[must_use]
    pub const fn steps(mut self, steps: usize) -> Self {
        self.steps = steps;
        self
    }

    /// With so much patience for one call.
    #[must_use]
    pub const fn patience(mut self, patience: Option<Duration>) -> Self {
        self.patience = patience;
        self
    }
}
