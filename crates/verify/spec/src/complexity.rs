//! Whether an operation costs more than its spec claims as its inputs grow.
//!
//! Costs are counted, never timed: operations by [`tick`] and [`Counted`], instructions by [`Callgrind`]. An
//! [`Experiment`] chooses the sizes, asks for the cost at each of them, in several [`Shape`]s of input, and [`judge`]
//! flags the claimed bound only when the measured growth exceeds it with confidence.
//!
//! ```
//! use voidstate_language::ast::{Bound, Name};
//! use voidstate_spec::complexity::{Experiment, Verdict, tick};
//!
//! // Claimed: O(n). What it does: it looks at every pair.
//! let claimed = Bound::Variable(Name::new("n"));
//! let report = Experiment::new(&claimed, &["n"])?.run(|case| {
//!     let values = case.shape.numbers(case.sizes[0], case.seed);
//!     case.count(|| {
//!         for i in 0..values.len() {
//!             tick(i as u64);
//!         }
//!     })
//! });
//! assert!(matches!(report.verdict, Verdict::Exceeded { .. }));
//! assert_eq!(report.best.text, "n^2");
//! # Ok::<(), voidstate_spec::complexity::ComplexityError>(())
//! ```

mod callgrind;
mod claim;
mod count;
mod experiment;
mod fit;
mod growth;
mod judge;
mod model;
mod shape;

pub use callgrind::{Callgrind, region};
pub use claim::{inputs, measure, variables};
pub use count::{Cost, Counted, counted, tick};
pub use experiment::{Case, Experiment, Measured, Planned, Settings};
pub(crate) use growth::variables_of as bound_variables;
pub use growth::{bound_text, ln_growth};
pub use judge::{Finding, Point, Report, Series, Verdict, judge};
pub use model::Model;
pub use shape::Shape;

use thiserror::Error;

/// Why a cost could not be measured or judged.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ComplexityError {
    /// The bound speaks of a variable that nobody gives a value.
    #[error(
        "the bound speaks of `{name}`, which is none of its variables ({known}): say what it is after `where`"
    )]
    UnknownVariable {
        /// The variable.
        name: String,
        /// Those that are known.
        known: String,
    },
    /// A variable of the bound has no value for the inputs.
    #[error("`{name}` has no value: {reason}")]
    NoValue {
        /// The variable.
        name: String,
        /// Why.
        reason: String,
    },
    /// A call that should be counted did not succeed.
    #[error("a call of sizes {sizes:?} was not counted: {reason}")]
    NotCalled {
        /// Sizes asked for.
        sizes: Vec<u64>,
        /// Why.
        reason: String,
    },
    /// Valgrind is not installed.
    #[error(
        "`{program}` cannot be started: {reason}; install valgrind, or count operations with `tick`"
    )]
    NoCallgrind {
        /// The program.
        program: String,
        /// What the system says.
        reason: String,
    },
    /// The program ended with an error under valgrind.
    #[error("`{program}` ended with {status} under callgrind: {stderr}")]
    ProgramFailed {
        /// The program.
        program: String,
        /// Exit status.
        status: String,
        /// The end of what it wrote to standard error.
        stderr: String,
    },
    /// The program called nothing that is counted.
    #[error("`{program}` called no `region`: nothing was counted")]
    NoCalls {
        /// The program.
        program: String,
    },
    /// Another number of counts came than was planned.
    #[error(
        "{planned} calls were planned and {counted} counted: plan and run must go through the same cases"
    )]
    Uneven {
        /// Cases of the plan.
        planned: usize,
        /// Counts.
        counted: usize,
    },
    /// A file that callgrind wrote could not be read.
    #[error("{path}: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}
