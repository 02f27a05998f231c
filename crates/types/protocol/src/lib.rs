//! Multiparty session protocols.
#![forbid(unsafe_code)]

pub mod ast;
mod check;
mod diagnostic;
mod draw;
mod error;
mod graph;
mod lex;
mod local;
mod machine;
mod monitor;
mod parse;
mod project;
mod resolve;
mod scene;
mod show;
mod span;
mod subtype;
mod unroll;

pub use ast::{Payload, Protocol, Role};
pub use check::{Answer, Bounds, Failure, FailureKind, Report, Step, check};
pub use diagnostic::{Diagnostic, render};
pub use draw::mermaid;
pub use error::{Error, ProjectionError};
pub use graph::{MAX_ROLES, MAX_STEPS};
pub use local::{Local, LocalBranch, LocalType};
pub use machine::{Direction, Machine, State, Transition};
pub use monitor::{AsPeer, Monitor, Violation};
pub use parse::{MAX_DEPTH, MAX_TEXT, parse, parse_after};
pub use project::{Clash, ClashKind, MAX_STATES, Way};
pub use show::format;
pub use span::Span;
pub use subtype::{Difference, Subtyping, subtype, synchronous_subtype};
