//! Functions as machines.

use std::fmt;

use super::{Machine, Saved};
use crate::Error;

/// A function without memory as a machine; see [`arr`].
#[derive(Clone, Copy)]
pub struct Arr<F>(F);

/// The machine that applies `f` to each input.
///
/// `f` is an `Fn`, so what it remembers it would have to hide; memory belongs into [`scan`](super::scan), which can be
/// saved.
pub fn arr<A, B, F: Fn(A) -> B>(f: F) -> Arr<F> {
    Arr(f)
}

impl<A, B, F: Fn(A) -> B> Machine<A> for Arr<F> {
    type Out = B;

    #[inline]
    fn step(&mut self, input: A) -> B {
        (self.0)(input)
    }
}

impl<F> Saved for Arr<F> {
    type State = ();

    fn save(&self) {}

    fn accepts(&self, (): &()) -> Result<(), Error> {
        Ok(())
    }

    fn load(&mut self, (): ()) {}
}

impl<F> fmt::Debug for Arr<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Arr")
    }
}

/// The machine that answers its input; see [`identity`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Identity;

/// The machine that answers its input.
#[must_use]
pub const fn identity() -> Identity {
    Identity
}

impl<A> Machine<A> for Identity {
    type Out = A;

    #[inline]
    fn step(&mut self, input: A) -> A {
        input
    }
}

impl Saved for Identity {
    type State = ();

    fn save(&self) {}

    fn accepts(&self, (): &()) -> Result<(), Error> {
        Ok(())
    }

    fn load(&mut self, (): ()) {}
}
