//! Procedural macros of `voidstate-session`, which re-exports them; do not depend on this crate.

#![forbid(unsafe_code)]
