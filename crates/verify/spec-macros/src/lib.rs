//! The attribute `#[implements]` and the derive `SpecValue` of `voidstate-spec`, which exports them.

#![forbid(unsafe_code)]
