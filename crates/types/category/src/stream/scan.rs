//! Machines with a memory of their own.

use std::fmt;

use super::{Machine, Saved};
use crate::Error;

/// A function with a memory; see [`scan`].
#[derive(Clone, Copy)]
pub struct Scan<S, F> {
    state: S,
    f: F,
}

/// The machine that answers what `f` makes of its memory, `initial` at first, and each input.
///
/// ```
/// use voidstate_category::stream::{Machine, scan};
///
/// let mut change = scan(0.0, |last, x: f64| x - std::mem::replace(last, x));
/// assert_eq!(change.run([1.0, 4.0, 2.0]), [1.0, 3.0, -2.0]);
/// ```
pub fn scan<S, A, B, F: Fn(&mut S, A) -> B>(initial: S, f: F) -> Scan<S, F> {
    Scan { state: initial, f }
}

impl<S, A, B, F: Fn(&mut S, A) -> B> Machine<A> for Scan<S, F> {
    type Out = B;

    #[inline]
    fn step(&mut self, input: A) -> B {
        (self.f)(&mut self.state, input)
    }
}

impl<S: Clone, F> Saved for Scan<S, F> {
    type State = S;

    fn save(&self) -> S {
        self.state.clone()
    }

    fn accepts(&self, _: &S) -> Result<(), Error> {
        Ok(())
    }

    fn load(&mut self, state: S) {
        self.state = state;
    }
}

impl<S: fmt::Debug, F> fmt::Debug for Scan<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scan").field(&self.state).finish()
    }
}

/// The machine that is one step late; see [`delay`].
#[derive(Debug, Clone, Copy)]
pub struct Delay<A>(A);

/// The machine that answers the input before this one, and `initial` to the first.
pub const fn delay<A>(initial: A) -> Delay<A> {
    Delay(initial)
}

impl<A> Machine<A> for Delay<A> {
    type Out = A;

    #[inline]
    fn step(&mut self, input: A) -> A {
        std::mem::replace(&mut self.0, input)
    }
}

impl<A: Clone> Saved for Delay<A> {
    type State = A;

    fn save(&self) -> A {
        self.0.clone()
    }

    fn accepts(&self, _: &A) -> Result<(), Error> {
        Ok(())
    }

    fn load(&mut self, state: A) {
        self.0 = state;
    }
}
