//! Algebraic effects on stable Rust: a program is an `async fn` over a row of effects, and who runs it says what they mean.
//!
//! It is *not* an executor and does no I/O; continuations are one-shot, and a program is taken up again by running it anew
//! on a journal.
//!
//! ```
//! use voidstate_effects::standard::{Clock, Log};
//! use voidstate_effects::{Cap, Perform, Record, answer, direct, handlers, replay, row};
//!
//! async fn greet<C: Cap<R = row![Clock, Log]>>(c: &mut C) -> i64 {
//!     let now = c.perform(Clock).await;
//!     c.perform(Log::info(format!("it is {now}"))).await;
//!     now
//! }
//! let mut world = Record::new(handlers![answer(|Clock| 7), answer(|line: Log| assert_eq!(line.message, "it is 7"))]);
//! assert_eq!(direct(&mut world, async |c| greet(c).await)?, 7);
//! assert_eq!(replay(world.journal(), async |c| greet(c).await)?, 7);
//! # Ok::<(), voidstate_effects::Error>(())
//! ```
//!
//! # Items
//! - Rows: [`Effect`], [`row!`], [`RowEffects`] (names, while compiling), [`Has`], [`Embed`]; [`standard`] effects.
//! - Programs perform through a [`Cap`] by [`Perform`]; [`send`] is the `Send` twin; [`Program`], [`Interp`] and [`DynCap`]
//!   are the erased forms.
//! - Handlers: [`handlers!`] of [`answer`] and [`flow`] make an [`Interp`]; [`With`] handles by performing other effects.
//! - Runners: [`direct`], [`suspend`] (stops at every operation), [`run_async`].
//! - Interpreters: [`Record`], [`Replay`], [`Trace`], [`Fault`], [`Limit`], [`Simulated`]; [`Branch`] and [`compare`];
//!   [`Journal`] is what was recorded, [`Cursor`] walks through it without a program.
//!
//! # Invariants
//! - Record, then replay, is the identity: `record_then_replay_is_identity`; to operation n, too:
//!   `replay_to_n_stands_where_it_stood`.
//! - A program that does something else than recorded is stopped: `a_divergence_names_both_operations`,
//!   `a_shortened_journal_is_exhausted`, `a_program_that_ends_early_is_noticed`.
//! - A journal is read whole or refused: `every_cut_and_every_flipped_bit_is_noticed`, `hostile_bytes_are_errors`,
//!   `lost_doubled_and_moved_blocks_are_noticed`; its version 1 does not change: `golden_journal`.
//! - Every runner comes to the same end: `every_runner_comes_to_the_same_end`, `the_send_twin_comes_to_the_same_end`.
//! - Aborts run destructors once: `an_abort_runs_destructors_exactly_once`.
//! - Independent handlers may change places: `independent_handlers_commute`; sub-rows embed the same by any way:
//!   `embedding_is_coherent`.
//! - What is missing, answered twice or sent wrongly does not compile: `refusals_are_clear`.
//!
//! # Cost
//! Performing with [`direct`] is the handler's call, inlined; a row costs nothing. [`suspend`] moves operation and answer
//! through one cell. [`Record`] encodes, hashes and formats every operation. See the README for figures.
//!
//! # Limits
//! At most 64 effects a row. An effect that stands in a row twice cannot be performed (its place is ambiguous). Handlers are
//! listed in the order of the row. A missing effect is reported at the call, at its operand and at `.await`.
//!
//! # Sources
//! Plotkin and Pretnar, *Handling Algebraic Effects* (2013); Swierstra, *Data Types à la Carte* (2008), for rows as sums;
//! SplitMix64: Steele, Lea and Flood (2014); FNV-1a: Fowler, Noll and Vo.
//!
//! # Features
//! None.

#![forbid(unsafe_code)]

mod asynchronous;
mod branch;
mod cap;
mod direct;
mod erased;
mod error;
mod fault;
mod interp;
mod journal;
mod limit;
mod member;
mod record;
mod replay;
mod row;
mod seeded;
pub mod send;
mod simulated;
pub mod standard;
mod suspended;
mod trace;
mod with;

pub use asynchronous::{
    Async, AsyncAnswer, AsyncHandler, AsyncInterp, SendAsyncInterp, answer_async, run_async,
};
pub use branch::{Branch, Difference, What, compare};
pub use cap::{Cap, Narrow, Perform};
pub use direct::{Direct, direct};
pub use erased::{DynCap, Erased, Program, program};
pub use error::Error;
pub use fault::{Fault, Faulty, FaultyRow};
pub use interp::{Answer, End, Flow, Handler, Interp, MayAbort, On, answer, flow};
pub use journal::{Encoder, Entry, Journal, Journalled, Key, Outcome, Recordable, TEXT_BYTES_MAX};
pub use limit::Limit;
pub use member::{Embed, Has, Here, There};
pub use record::Record;
pub use replay::{Cursor, Replay, replay};
pub use row::{Cons, Effect, Nil, ROW_EFFECTS_MAX, Row, RowEffects, Shown, Sum, Void};
pub use send::SendCap;
pub use simulated::{Settings, Simulated};
pub use suspended::{Exchange, Local, Resume, Shared, Suspended, Turn, suspend, suspend_send};
pub use trace::{Trace, Traced};
pub use with::{SendHandler, With};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
