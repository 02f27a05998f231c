//! What matrices multiply.

use std::num::Wrapping;
use std::ops::{Add, Mul};

/// Numbers with a zero and a one.
///
/// Laws: `ZERO` is neutral for `+` and annihilates under `*`, `ONE` is neutral for `*`, `*` distributes over `+`. Floats hold
/// them up to rounding; plain integers as long as nothing overflows (use [`Wrapping`] where it may).
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no zero and one to add and multiply with",
    note = "implement `voidstate_dependent::Ring` for it"
)]
pub trait Ring: Copy + Add<Output = Self> + Mul<Output = Self> {
    /// Nothing.
    const ZERO: Self;
    /// One.
    const ONE: Self;
}

macro_rules! rings {
    ($zero:literal $one:literal: $($t:ty)*) => {$(
        impl Ring for $t {
            const ZERO: Self = $zero;
            const ONE: Self = $one;
        }
    )*};
}
rings!(0 1: i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
rings!(0.0 1.0: f32 f64);

impl<T: Ring> Ring for Wrapping<T>
where
    Self: Add<Output = Self> + Mul<Output = Self>,
{
    const ZERO: Self = Self(T::ZERO);
    const ONE: Self = Self(T::ONE);
}
