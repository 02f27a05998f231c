//! Multiparty session protocols: read from a text, projected to what each role does, checked, monitored and drawn.
//!
//! It is *not* a runtime: nothing here sends a message, waits or knows a clock.
//!
//! ```
//! use std::sync::Arc;
//! use voidstate_protocol::{Answer, Bounds, Direction, Monitor, Role, parse};
//!
//! let text = "protocol Ask(role client, role server) {
//!   Question(String) from client to server;
//!   Answer(u64) from server to client within 5s;
//! }";
//! let protocol = &parse(text).map_err(|wrong| wrong[0].clone())?[0];
//! assert_eq!(protocol.check(Bounds::default())?.answer, Answer::Holds);
//! let machine = protocol.project(&Role::new("client"))?.machine();
//! let mut monitor = Monitor::new(Arc::new(machine));
//! monitor.step(Direction::Send, "server", "Question", None)?;
//! assert!(monitor.step(Direction::Receive, "server", "Nonsense", None).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Main items
//! - [`parse`](parse()), [`format`](format()), [`Protocol`], [`Diagnostic`]: the text, and what is wrong with it, where.
//! - [`Protocol::project`], [`Local`], [`Machine`]: what one role does. An [`Error`] names the role that cannot know a choice.
//! - [`check`](check()): deadlocks, orphan messages, unspecified receptions and states that are never reached.
//! - [`subtype`](subtype()): whether one machine may stand in for another, synchronously and up to a bound asynchronously.
//! - [`Monitor`]: a run, followed step by step. [`mutate`](mutate()): protocols with one fault.
//! - [`mermaid`], [`Machine::mermaid`], [`Machine::dot`]: drawings.
//!
//! # The language
//! `protocol NAME<N = 3>(role a, role w[N]) { … }` with steps `Label(Types) from A to B within 5s;`,
//! `choice at A { … } or { … }`, `rec x { … continue x; }`, `for i in w { … }`, `do Other<N>(a, w);` (inlined), payloads
//! `session Other@role` (delegation), and `{ … } crash B { … }`, also behind a choice: who waits in the block for a message of
//! `B`, which is gone, goes on behind `crash` instead, and then the protocol is over.
//!
//! # Invariants
//! - What is projected never fails the check: `what_is_projected_never_fails`.
//! - What is formatted is read back, comments included: `what_is_formatted_is_read_back`,
//!   `every_example_survives_formatting_of_its_comments`.
//! - A monitor takes the runs of its machine and no others: `a_monitor_takes_the_runs_of_its_machine_and_no_others`.
//! - Merging is idempotent and free of order: `merging_what_is_equal_changes_nothing`, `the_order_of_branches_does_not_matter`.
//! - Every mutant is noticed: `every_mutant_is_noticed_and_the_good_ones_are_not`.
//! - No text makes it panic or hang: `hostile_tokens_never_panic`, `hostile_changes_of_examples_never_panic`,
//!   `hostile_depths_and_sizes_are_refused`, `a_megabyte_of_anything_ends`.
//!
//! # Cost
//! Reading is linear in the text. Projection is linear in the protocol for each state of the result; the worst case is
//! exponential and cut off at [`MAX_STATES`]. The check is linear in the configurations that it looks at. A step of a monitor
//! is O(log transitions) and allocates nothing.
//!
//! # Limits
//! Texts up to 4 MiB, 64 levels, [`MAX_STEPS`] steps written out, [`MAX_ROLES`] roles. Payload types are compared as text. All
//! first messages that a role receives where it does not know a choice must come from one role. A timeout has no branch of its
//! own: a late message is a violation. A role that is gone never comes back.
//!
//! # Sources
//! Projection and merge: Scalas and Yoshida, *Less is more*, POPL 2019; Li, Stutz, Wies and Zufferey, *Complete multiparty
//! session type projection with automata*, CAV 2023. Crashes: Barwell, Scalas, Yoshida and Zhou, *Generalised multiparty
//! session types with crash-stop failures*, CONCUR 2022. Check: Lange and Yoshida, *Verifying asynchronous interactions via
//! communicating session automata*, CAV 2019. Subtyping: Gay and Hole, 2005; Ghilezan and others, *Precise subtyping for
//! asynchronous multiparty sessions*, POPL 2021.
//!
//! # Features
//! `serde`: machines are written, and roles, payloads and transitions are read too.

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
mod mutate;
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
pub use mutate::{Mutant, MutantKind, mutate};
pub use parse::{MAX_DEPTH, MAX_TEXT, parse, parse_after};
pub use project::{Clash, ClashKind, MAX_STATES, Way};
pub use show::format;
pub use span::Span;
pub use subtype::{Difference, Subtyping, subtype, synchronous_subtype};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
