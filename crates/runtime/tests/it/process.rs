//! Tools in processes of their own: real processes, killed wherever they can be.

mod child;
mod deaths;
mod kit;
mod same;
