//! Multiparty session protocols.
#![forbid(unsafe_code)]

pub mod ast;
mod diagnostic;
mod error;
mod graph;
mod lex;
mod local;
mod machine;
mod monitor;
mod parse;
mod project;
mod resolve;
mod show;
mod span;

pub use ast::{Payload, Protocol, Role};
pub use diagnostic::{Diagnostic, render};
pub use error::{Error, ProjectionError};
pub use graph::{MAX_ROLES, MAX_STEPS};
pub use local::{Local, LocalBranch, LocalType};
pub use machine::{Direction, Machine, State, Transition};
pub use monitor::{AsPeer, Monitor, Violation};
pub use parse::{MAX_DEPTH, MAX_TEXT, parse, parse_after};
pub use project::{Clash, ClashKind, MAX_STATES, Way};
pub use show::format;
pub use span::Span;
