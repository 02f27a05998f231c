//! One machine after the other.

use super::Machine;
use super::saved::saved_in_two;

/// `first`, then `second` on what it answers; see [`Machine::then`].
#[derive(Debug, Clone, Copy)]
pub struct Then<M, N> {
    first: M,
    second: N,
}

impl<M, N> Then<M, N> {
    pub(super) const fn new(first: M, second: N) -> Self {
        Self { first, second }
    }
}

impl<A, M: Machine<A>, N: Machine<M::Out>> Machine<A> for Then<M, N> {
    type Out = N::Out;

    #[inline]
    fn step(&mut self, input: A) -> Self::Out {
        self.second.step(self.first.step(input))
    }
}

saved_in_two!(Then<M, N>);
