//! Values that must be used exactly once.

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
