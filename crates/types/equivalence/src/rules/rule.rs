//! A rule is a value.

use std::fmt;
use std::sync::Arc;

use crate::pipeline::{Pipeline, Stage};

/// Which stage a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Any stage.
    Any,
    /// `where`.
    Where,
    /// `map`.
    Map,
    /// `window` and `sliding`.
    Window,
    /// `running`.
    Running,
    /// `delta`.
    Delta,
    /// `rate`.
    Rate,
    /// `dedup`.
    Dedup,
    /// `skip`.
    Skip,
    /// `take`.
    Take,
    /// `every`.
    Every,
    /// `tee`.
    Tee,
    /// `merge`.
    Merge,
}

impl Kind {
    /// Whether `stage` is of this kind.
    #[must_use]
    pub fn fits(self, stage: &Stage) -> bool {
        self == Self::Any || self == Self::of(stage)
    }

    /// The kind of a stage.
    #[must_use]
    pub const fn of(stage: &Stage) -> Self {
        match stage {
            Stage::Where(_) => Self::Where,
            Stage::Map(_) => Self::Map,
            Stage::Window { .. } => Self::Window,
            Stage::Running(_) => Self::Running,
            Stage::Delta => Self::Delta,
            Stage::Rate => Self::Rate,
            Stage::Dedup => Self::Dedup,
            Stage::Skip(_) => Self::Skip,
            Stage::Take(_) => Self::Take,
            Stage::Every(_) => Self::Every,
            Stage::Tee(..) => Self::Tee,
            Stage::Merge(..) => Self::Merge,
        }
    }
}

type Rewrite = Arc<dyn Fn(&[Stage]) -> Option<Vec<Stage>> + Send + Sync>;

/// A claim: where adjacent stages are of the shape's kinds and the function gives stages for them, these do the same.
///
/// A claim is no licence; see [`admit`](super::admit).
#[derive(Clone)]
pub struct Rule {
    name: String,
    about: String,
    shape: Vec<Kind>,
    rewrite: Rewrite,
}

impl Rule {
    /// The rule `name` for as many adjacent stages as `shape` has kinds.
    ///
    /// `rewrite` must give the same for the same stages; `None` where the rule does not apply.
    pub fn new(
        name: impl Into<String>,
        about: impl Into<String>,
        shape: &[Kind],
        rewrite: impl Fn(&[Stage]) -> Option<Vec<Stage>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            about: about.into(),
            shape: shape.to_vec(),
            rewrite: Arc::new(rewrite),
        }
    }

    /// Its name, by which paths refer to it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One sentence on why it holds.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// The kinds of the stages it replaces.
    #[must_use]
    pub fn shape(&self) -> &[Kind] {
        &self.shape
    }

    /// What it makes of exactly these stages; `None` where it does not apply, changes nothing or would exceed the limits
    /// of pipelines.
    #[must_use]
    pub fn apply(&self, stages: &[Stage]) -> Option<Vec<Stage>> {
        let is_shape = stages.len() == self.shape.len()
            && stages.iter().zip(&self.shape).all(|(s, k)| k.fits(s));
        let made = is_shape.then(|| (self.rewrite)(stages)).flatten()?;
        if made == stages {
            return None;
        }
        Pipeline::new(made).ok().map(Pipeline::into_stages)
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule")
            .field("name", &self.name)
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}

/// A rule that [`admit`](super::admit) put to the test and found no counterexample to.
#[derive(Debug, Clone)]
pub struct Admitted {
    pub(super) rule: Rule,
    pub(super) cases: usize,
    pub(super) seed: u64,
}

impl Admitted {
    /// The rule.
    #[must_use]
    pub const fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Streams on which both sides gave the same.
    #[must_use]
    pub const fn cases(&self) -> usize {
        self.cases
    }

    /// Seed of the test.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }
}
