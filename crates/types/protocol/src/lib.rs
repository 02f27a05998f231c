//! Smallest and largest of a list of numbers.
//!
//! It is *not* a statistics library: no means, no quantiles, no streams.
//!
//! ```
//! let e = voidstate_protocol::extent(&[3.0, -1.0, 2.0])?;
//! assert_eq!((e.low, e.high), (-1.0, 3.0));
//! # Ok::<(), voidstate_protocol::Error>(())
//! ```
//!
//! # Items
//! [`extent`] gives an [`Extent`] or an [`Error`].
//!
//! # Invariants
//! - Every value lies in the extent, and both ends are values: `the_extent_is_tight`.
//! - A value that is not finite is refused with its index: `not_finite_is_refused`.
//!
//! # Cost and limits
//! O(n) time, no allocation; finite values only.

#![forbid(unsafe_code)]

mod error;
mod extent;

pub use error::Error;
pub use extent::{Extent, extent};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
