//! Stages and lists of them.

use std::fmt;
use std::str::FromStr;

use super::{Aggregate, Binary, Expr, ParseError, Pred, limits, parse};
use crate::Error;

/// One step of a pipeline: takes a sample, gives one or none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// `where p`: lets samples through of whose value `p` holds.
    Where(Pred),
    /// `map e`: gives `e` of the value.
    Map(Expr),
    /// `window a n every m`: after sample n, n+m, n+2m …, `a` of the last n. `window a n` is tumbling (m = n),
    /// `sliding a n` says it after each (m = 1).
    Window {
        /// What is said of the samples.
        aggregate: Aggregate,
        /// Samples in a window.
        count: u64,
        /// Samples from one answer to the next.
        every: u64,
    },
    /// `running a`: after every sample, `a` of all so far.
    Running(Aggregate),
    /// `delta`: the value minus the one before; nothing for the first.
    Delta,
    /// `rate`: [`Stage::Delta`] per second; nothing for the first, nor where time did not pass.
    Rate,
    /// `dedup`: lets through what is not the [`same`](super::same) as the value before.
    Dedup,
    /// `skip n`: drops the first n.
    Skip(u64),
    /// `take n`: lets the first n through, then nothing.
    Take(u64),
    /// `every n`: lets the n-th, 2n-th, 3n-th … through.
    Every(u64),
    /// `tee op (a, b)`: where both pipelines say something of a sample, `op` of the two.
    Tee(Binary, Pipeline, Pipeline),
    /// `merge (a, b)`: what the first pipeline says of a sample; where it says nothing, what the second says.
    Merge(Pipeline, Pipeline),
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Where(p) => write!(f, "where {p}"),
            Self::Map(e) => write!(f, "map {e}"),
            Self::Window {
                aggregate,
                count,
                every,
            } if every == count => {
                write!(f, "window {aggregate} {count}")
            }
            Self::Window {
                aggregate,
                count,
                every: 1,
            } => write!(f, "sliding {aggregate} {count}"),
            Self::Window {
                aggregate,
                count,
                every,
            } => {
                write!(f, "window {aggregate} {count} every {every}")
            }
            Self::Running(aggregate) => write!(f, "running {aggregate}"),
            Self::Delta => f.write_str("delta"),
            Self::Rate => f.write_str("rate"),
            Self::Dedup => f.write_str("dedup"),
            Self::Skip(n) => write!(f, "skip {n}"),
            Self::Take(n) => write!(f, "take {n}"),
            Self::Every(n) => write!(f, "every {n}"),
            Self::Tee(op, a, b) => write!(f, "tee {} ({a}, {b})", op.word()),
            Self::Merge(a, b) => write!(f, "merge ({a}, {b})"),
        }
    }
}

/// A list of stages within the limits of this module; the empty one passes everything on.
///
/// Its text reads back to itself: `p.to_string().parse() == Ok(p)`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pipeline {
    stages: Vec<Stage>,
}

impl Pipeline {
    /// The pipeline that passes everything on.
    #[must_use]
    pub const fn pass() -> Self {
        Self { stages: Vec::new() }
    }

    /// The pipeline of these stages. O(nodes).
    ///
    /// # Errors
    /// [`Error::Limit`] that names what is too large, too small or too deep.
    pub fn new(stages: Vec<Stage>) -> Result<Self, Error> {
        let pipeline = Self { stages };
        limits::check(&pipeline)?;
        Ok(pipeline)
    }

    /// Reads the text of a pipeline, as the module says.
    ///
    /// # Errors
    /// [`ParseError`] with the place in the text; its `render` points at it.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        parse::pipeline(text)
    }

    /// Its stages, first to last.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// Its stages, first to last.
    #[must_use]
    pub fn into_stages(self) -> Vec<Stage> {
        self.stages
    }

    /// This pipeline and then `next`.
    ///
    /// # Errors
    /// [`Error::Limit`] when the two are too long together.
    pub fn then(&self, next: &Self) -> Result<Self, Error> {
        Self::new([self.stages.as_slice(), next.stages.as_slice()].concat())
    }

    /// Expression, predicate and stage nodes in it.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.stages.iter().map(limits::nodes).sum()
    }
}

impl FromStr for Pipeline {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl fmt::Display for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.stages.is_empty() {
            return f.write_str("pass");
        }
        for (i, stage) in self.stages.iter().enumerate() {
            if i > 0 {
                f.write_str(" | ")?;
            }
            write!(f, "{stage}")?;
        }
        Ok(())
    }
}
