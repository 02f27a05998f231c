//! Machines over iterators.

use super::Machine;

/// The answers of a machine to the items of an iterator; see [`Machine::over`].
#[derive(Debug, Clone)]
pub struct Run<M, I> {
    machine: M,
    inputs: I,
}

impl<M, I> Run<M, I> {
    pub(super) const fn new(machine: M, inputs: I) -> Self {
        Self { machine, inputs }
    }

    /// The machine as it is now.
    pub fn into_machine(self) -> M {
        self.machine
    }
}

impl<I: Iterator, M: Machine<I::Item>> Iterator for Run<M, I> {
    type Item = M::Out;

    #[inline]
    fn next(&mut self) -> Option<M::Out> {
        self.inputs.next().map(|input| self.machine.step(input))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.inputs.size_hint()
    }

    // Folds of chains and the like are faster from within.
    fn fold<B, F: FnMut(B, M::Out) -> B>(mut self, init: B, mut f: F) -> B {
        self.inputs
            .fold(init, |acc, input| f(acc, self.machine.step(input)))
    }
}

impl<I: ExactSizeIterator, M: Machine<I::Item>> ExactSizeIterator for Run<M, I> {}
