//! Recording and replaying, from outside.

mod busy;
mod files;
mod same;
mod troubles;
