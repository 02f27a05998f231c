//! The `voidstate` program.

fn main() {}
