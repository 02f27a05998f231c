//! Recording and replaying, from outside.

pub(crate) mod busy;
mod files;
pub(crate) mod same;
mod troubles;
