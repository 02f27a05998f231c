//! Machines whose parts are forgotten.

use std::fmt;

use super::Machine;

/// A machine as an object.
///
/// Every machine that can be cloned and sent is one; [`Boxed`] holds one.
pub trait DynMachine<In, Out>: Send {
    /// See [`Machine::step`].
    fn step_dyn(&mut self, input: In) -> Out;

    /// A copy with the same memory.
    fn clone_dyn(&self) -> Box<dyn DynMachine<In, Out>>;
}

impl<In, M> DynMachine<In, M::Out> for M
where
    M: Machine<In> + Clone + Send + 'static,
{
    fn step_dyn(&mut self, input: In) -> M::Out {
        self.step(input)
    }

    fn clone_dyn(&self) -> Box<dyn DynMachine<In, M::Out>> {
        Box::new(self.clone())
    }
}

/// A machine of which only the ends are known: one indirect call a step, one allocation when it is made.
///
/// A clone has a memory of its own.
pub struct Boxed<In, Out>(Box<dyn DynMachine<In, Out>>);

impl<In, Out> Boxed<In, Out> {
    /// Forgets what `machine` is made of.
    pub fn new<M>(machine: M) -> Self
    where
        M: Machine<In, Out = Out> + Clone + Send + 'static,
    {
        Self(Box::new(machine))
    }
}

impl<In, Out> Machine<In> for Boxed<In, Out> {
    type Out = Out;

    #[inline]
    fn step(&mut self, input: In) -> Out {
        self.0.step_dyn(input)
    }
}

impl<In, Out> Clone for Boxed<In, Out> {
    fn clone(&self) -> Self {
        Self(self.0.clone_dyn())
    }
}

impl<In, Out> fmt::Debug for Boxed<In, Out> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Boxed")
    }
}

impl<In, Out> From<Box<dyn DynMachine<In, Out>>> for Boxed<In, Out> {
    fn from(machine: Box<dyn DynMachine<In, Out>>) -> Self {
        Self(machine)
    }
}
