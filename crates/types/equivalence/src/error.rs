//! What can be wrong.

use crate::path::Broken;

/// Why something was refused.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A pipeline is larger than can be run safely, or a count is none.
    #[error("{what}: {value}, expected {least} to {most}")]
    Limit {
        /// What is too large, too small or too deep.
        what: &'static str,
        /// How large it is.
        value: u64,
        /// The least that is allowed.
        least: u64,
        /// The most that is allowed.
        most: u64,
    },
    /// A quantile is no share.
    #[error("quantile {value}, expected a number from 0 to 1")]
    Quantile {
        /// What was given.
        value: f64,
    },
    /// The state is of another pipeline.
    #[error(
        "the state is of the pipeline `{saved}`, not of `{wanted}`; start anew or run the saved one"
    )]
    StateOfAnother {
        /// The pipeline that was saved.
        saved: String,
        /// The pipeline to restore.
        wanted: String,
    },
    /// The state was damaged.
    #[error("stage {stage} cannot have the state that was saved; start anew")]
    State {
        /// The stage, counted from 0.
        stage: usize,
    },
    /// There is a rule of this name.
    #[error("there is a rule called `{name}` already; give the other one another name")]
    RuleTwice {
        /// The name.
        name: String,
    },
    /// A path cannot be read.
    #[error("no path: {message}")]
    Path {
        /// What is wrong.
        message: String,
    },
    /// A record cannot be written or read.
    #[error(transparent)]
    Codec(#[from] voidstate_codec::Error),
    /// A search gave a proof that does not hold.
    #[error("the search gave a proof that does not hold: {0}")]
    Proof(#[source] Broken),
    /// A search gave a proof of something else.
    #[error("the search gave a proof of something else: {path}")]
    ProofOfAnother {
        /// The path it gave.
        path: String,
    },
    /// A transition leads from or to a state that there is not.
    #[error("a transition names state {state}, but there are {states}, counted from 0")]
    NoState {
        /// The state.
        state: u32,
        /// How many there are.
        states: usize,
    },
    /// A machine has no rows, or not one for each state and input.
    #[error("{rows} rows for {inputs} inputs, expected one for each state and input")]
    Rows {
        /// Rows given.
        rows: usize,
        /// Inputs of the machine.
        inputs: usize,
    },
    /// Two machines do not take the same inputs.
    #[error(
        "one machine takes {left} inputs, the other {right}; only machines over the same inputs compare"
    )]
    Inputs {
        /// Inputs of the first.
        left: usize,
        /// Inputs of the second.
        right: usize,
    },
    /// A probability or a distance makes no sense.
    #[error("{what}: {value}, expected {expected}")]
    Setting {
        /// Which setting.
        what: &'static str,
        /// What was given.
        value: f64,
        /// What makes sense.
        expected: &'static str,
    },
}
