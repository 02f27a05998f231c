#![doc = include_str!("../GENERATED.md")]

mod bounds;
mod class;
mod cover;
mod draw;
mod fill;
mod formula;
mod judge;
mod operation;
mod paste;
mod plan;
mod pool;
mod propose;
mod random;
mod read;
mod report;
mod run;
mod sequence;
mod settings;
mod shape;
mod shrink;
mod solve;
mod walk;
mod watch;

pub use cover::pairwise;
pub use report::{ClauseReport, Failure, FailureKind, OperationReport, Report, Share};
pub use run::check;
pub use settings::Settings;
