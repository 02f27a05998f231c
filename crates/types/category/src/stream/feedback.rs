//! A wire from the end back to the beginning.

use super::{Machine, Saved};
use crate::Error;

/// A machine that sees half of its last output again; see [`Machine::feedback`].
#[derive(Debug, Clone, Copy)]
pub struct Feedback<M, S> {
    machine: M,
    initial: S,
    /// What comes back with the next input; none before the first and, were a step to unwind, after that.
    back: Option<S>,
}

impl<M, S> Feedback<M, S> {
    pub(super) const fn new(machine: M, initial: S) -> Self {
        Self {
            machine,
            initial,
            back: None,
        }
    }
}

impl<A, B, S: Clone, M: Machine<(A, S), Out = (B, S)>> Machine<A> for Feedback<M, S> {
    type Out = B;

    #[inline]
    fn step(&mut self, input: A) -> B {
        let back = self.back.take().unwrap_or_else(|| self.initial.clone());
        let (out, back) = self.machine.step((input, back));
        self.back = Some(back);
        out
    }
}

impl<M: Saved, S: Clone> Saved for Feedback<M, S> {
    type State = (M::State, S);

    fn save(&self) -> Self::State {
        let back = self.back.as_ref().unwrap_or(&self.initial);
        (self.machine.save(), back.clone())
    }

    fn accepts(&self, state: &Self::State) -> Result<(), Error> {
        self.machine.accepts(&state.0)
    }

    fn load(&mut self, state: Self::State) {
        self.machine.load(state.0);
        self.back = Some(state.1);
    }
}
