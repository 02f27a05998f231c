//! Contracts: what runs around a call.

mod call;
mod judge;
mod running;

pub use call::Call;
#[cfg(feature = "tool")]
pub(crate) use call::raise;
#[cfg(feature = "tool")]
pub(crate) use judge::{Duty, Judge, Outcome};
#[cfg(feature = "tool")]
pub(crate) use running::{checking, is_on};
pub use running::{too_costly, without_contracts};
