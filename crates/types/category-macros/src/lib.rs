//! Procedural macros of `voidstate-category`, which re-exports them; do not depend on this crate.

#![forbid(unsafe_code)]
