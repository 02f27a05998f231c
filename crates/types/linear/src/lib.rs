//! Values that must be used exactly once, and what is said to whoever does not.
//!
//! Rust's own types are affine: used at most once. Here is what gets them nearer to linear, at a choice of prices. It is *not*
//! a memory manager, not an async runtime's cancellation and no client of any lock service: time, storage and network are
//! the caller's.
//!
//! ```
//! use voidstate_linear::{Error, Linear, LinearLock};
//!
//! let lock = LinearLock::new("counter", 1);
//! let mut held = lock.acquire()?; // `lock` is used up
//! held.edit(|n| *n += 1);
//! let _again = held.release(); // `held` is used up; forgetting this line panics
//! let sum = Linear::with(40, |token| token.finish_by(|n| n + 2)); // forgetting `finish` does not compile
//! assert_eq!(sum, 42);
//! # Ok::<(), Error>(())
//! ```
//!
//! # Main items
//! [`Linear`] under a [`Policy`]: [`Affine`], [`Warn`], [`Bomb`], [`Static`], [`Scope`] (by [`Linear::with`], the one to begin
//! with). Counted: [`Use`], [`UpTo`]. Stages: [`Stage`], [`Running`] and [`Suspended`]. Rights: [`LinearLock`], [`region`],
//! [`OneTime`], [`Ownership`] with a [`Fence`] before a [`Fenced`] resource. Tests: [`Ledger`].
//!
//! # What each policy does about a value that goes unused
//! | | `Affine` | `Warn` | `Bomb` | `Static` | `Scope` |
//! |---|---|---|---|---|---|
//! | dropped, early return | nothing | counted in the ledger | panics | does not build | does not compile |
//! | a panic unwinds past it | nothing | counted apart | quiet | see below | the scope unwinds |
//! | `mem::forget` | nothing | open in the ledger | nothing | nothing | does not compile |
//! | a cycle of `Rc` | nothing | open in the ledger | nothing | does not build | does not compile |
//! | its thread hangs or loops | nothing | open in the ledger | nothing | nothing | the scope does not end |
//! | `process::exit`, abort, kill | nothing | nothing | nothing | nothing | nothing |
//! | `cargo check` shows it | | the lint | the lint | the lint only | yes |
//! | may live in a struct, cross `await` | yes | yes | yes | hardly | no |
//! | bytes, instructions added | 0, 0 | 16, a look-up and two locks | 0, 0 | 0, 0 | 0, 0 |
//!
//! "The lint" is `#[must_use]`, which `let _x = …` silences. [`Static`] under `panic = "unwind"` also refuses a variable that
//! is held across any call, even one that cannot panic; handed through [`map`](Linear::map) and [`apply`](Linear::apply), a
//! panic inside lets it be. Under `panic = "abort"` a call is no drop. A `Result` that holds a token is taken apart by a
//! `match` that names both sides: see [`Static`].
//!
//! # Invariants
//! - A bomb goes off exactly when it is dropped unused, never while unwinding, and the value's own destructor runs once:
//!   `a_bomb_goes_off_when_dropped_unused_and_never_while_unwinding`.
//! - The ledger counts every unused value under its type, label and place: `the_ledger_counts_what_was_not_used`,
//!   `threads_write_into_one_book`.
//! - `Static` refuses each drop at every optimisation level: `static_does_not_build_when_it_is_dropped`.
//! - A broken promise of a type does not compile: `broken_promises_do_not_compile`.
//! - A policy adds no byte and no instruction: `a_policy_adds_no_byte`, `a_policy_adds_no_instruction`.
//! - A lock has one holder, and one that is lost poisons it: `the_lock_follows_its_model`, `threads_exclude_each_other`.
//! - Parts of a region cover it and do not overlap: `parts_cover_the_whole_and_do_not_overlap`.
//! - One thread initialises: `one_of_many_threads_initialises`.
//! - Writes to a fenced resource are ordered by fence, whatever clients believe about time:
//!   `writes_are_ordered_by_fence_whatever_clients_believe`.
//!
//! # Cost and limits
//! All steps are O(1). Values inside a scope cannot leave it and scopes nest; there is no asynchronous scope. Counts go to
//! 16. A [`Bomb`] that is made and dropped by a destructor during unwinding is quiet. [`LinearLock`] is not fair and cannot
//! tell that its caller holds it already. Memory of a [`Ledger`] grows with places and labels.
//!
//! # Sources
//! Wadler, "Linear types can change the world!" (1990); Tov and Pucella, "Practical affine types" (POPL 2011); Kiselyov and
//! Shan, "Lightweight monadic regions" (2008) for the brand; Burrows, "The Chubby lock service" (OSDI 2006), section 2.4, for
//! sequencers, which are fences.
//!
//! # Features
//! None.

#![forbid(unsafe_code)]

mod error;
mod fence;
mod graded;
mod ledger;
mod linear;
mod lock;
mod once;
mod policy;
mod region;
mod scope;
mod stage;
mod suspension;

pub use error::{Error, Loss, Refused, Result};
pub use fence::{Fence, Fenced, Grant, LockService, Ownership, Permit};
pub use graded::{Count, Grade, Next, Of, Times, UpTo, Use, Zero};
pub use ledger::{Entry, Leak, Ledger};
pub use linear::Linear;
pub use lock::{AcquiredLock, LinearLock};
pub use once::{Init, OneTime};
pub use policy::{Affine, Bomb, Policy, Scope, Static, Unscoped, Warn};
pub use region::{Read, Write, region};
pub use scope::Done;
pub use stage::{First, Last, Leads, Stage};
pub use suspension::{Running, Suspended};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
