//! Pipelines over streams of samples: text, definition, incremental machine.
//!
//! A pipeline is a list of [`Stage`]s. Each takes one sample and gives at most one, with the time of the sample that
//! caused it. [`Pipeline::run_batch`] is the definition, over whole lists; [`Pipeline::machine`] does the same sample by
//! sample in bounded memory.
//!
//! # Text
//! ```text
//! pipeline  = stage { "|" stage }
//! stage     = "pass" | "where" pred | "map" expr | "delta" | "rate" | "dedup" | "running" agg
//!           | "skip" n | "take" n | "every" n | "window" agg n [ "every" n ] | "sliding" agg n
//!           | "tee" ("add"|"sub"|"mul"|"div"|"min"|"max") "(" pipeline "," pipeline ")"
//!           | "merge" "(" pipeline "," pipeline ")"
//! agg       = "sum" | "min" | "max" | "mean" | "count" | "first" | "last" | "distinct" | "quantile" number
//! pred      = pred ("or"|"and") pred | "not" pred | expr ("<"|"<="|">"|">="|"=="|"!=") expr
//!           | "finite" "(" expr ")" | "true" | "false" | "(" pred ")"
//! expr      = expr ("+"|"-"|"*"|"/") expr | "-" expr | ("abs"|"ln"|"exp"|"sqrt"|"floor"|"ceil") "(" expr ")"
//!           | ("min"|"max") "(" expr "," expr ")" | "clamp" "(" expr "," expr "," expr ")"
//!           | "value" | number | "inf" | "nan" | "(" expr ")"
//! ```
//! `clamp(x, low, high)` is short for `max(low, min(x, high))`.
//!
//! # NaN
//! Every NaN is the same NaN. Comparisons with it are false but for `!=`; arithmetic, `min`, `max`, `sum`, `mean` and
//! `quantile` pass it on; `dedup` and `distinct` take it for one value.

mod aggregate;
mod batch;
mod code;
mod expr;
mod fold;
mod lexer;
mod limits;
mod machine;
mod number;
mod parse;
mod parse_error;
mod pred;
mod sample;
mod sketch;
mod stage;
mod state;
mod window;

pub use aggregate::Aggregate;
pub use expr::{Binary, Expr, Unary};
pub use limits::{
    BUFFER_MAX, COUNT_MAX, DEPTH_MAX, NESTING_MAX, NODES_MAX, STAGES_MAX, TEXT_BYTES_MAX,
};
pub use machine::Machine;
pub use number::Number;
pub use parse_error::ParseError;
pub use pred::{Comparison, Pred};
pub use sample::{Sample, same};
pub use sketch::{Histogram, Registers};
pub use stage::{Pipeline, Stage};
pub use state::MachineState;

pub(crate) use expr::{greatest, least};
