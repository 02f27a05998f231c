//! A tool over other types.

use std::fmt;

use crate::iso::Iso;
use crate::pipeline::{Machine, Pipeline, Sample};

/// A function of streams: a state, and a step that takes one input and gives one output.
///
/// # Laws
/// `step` depends on the state and the input only, so that equal inputs from [`Behaviour::start`] give equal outputs.
pub trait Behaviour {
    /// What it takes.
    type In;
    /// What it gives.
    type Out;
    /// What it remembers.
    type State: Clone;

    /// The state before any input.
    fn start(&self) -> Self::State;

    /// Takes one input in `state`.
    fn step(&self, state: &mut Self::State, input: Self::In) -> Self::Out;

    /// The outputs for all `inputs` from the start.
    fn run(&self, inputs: impl IntoIterator<Item = Self::In>) -> Vec<Self::Out>
    where
        Self: Sized,
    {
        let mut state = self.start();
        inputs
            .into_iter()
            .map(|i| self.step(&mut state, i))
            .collect()
    }
}

impl Behaviour for Pipeline {
    type In = Sample;
    type Out = Option<Sample>;
    type State = Machine;

    fn start(&self) -> Machine {
        self.machine()
    }

    fn step(&self, state: &mut Machine, input: Sample) -> Option<Sample> {
        state.step(input)
    }
}

/// A [`Behaviour`] made of a start and a step.
#[derive(Debug, Clone)]
pub struct Stepping<S, F> {
    start: S,
    step: F,
}

impl<S: Clone, F> Stepping<S, F> {
    /// The behaviour that begins at `start` and steps by `step(state, input)`.
    pub const fn new(start: S, step: F) -> Self {
        Self { start, step }
    }

    /// Fixes the types of input and output, which a closure alone leaves open.
    #[must_use]
    pub const fn of<I, O>(self) -> Of<Self, I, O>
    where
        F: Fn(&mut S, I) -> O,
    {
        Of {
            inner: self,
            types: std::marker::PhantomData,
        }
    }
}

/// [`Stepping`] with its types.
#[derive(Debug, Clone)]
pub struct Of<T, I, O> {
    inner: T,
    types: std::marker::PhantomData<fn(I) -> O>,
}

impl<S: Clone, I, O, F: Fn(&mut S, I) -> O> Behaviour for Of<Stepping<S, F>, I, O> {
    type In = I;
    type Out = O;
    type State = S;

    fn start(&self) -> S {
        self.inner.start.clone()
    }

    fn step(&self, state: &mut S, input: I) -> O {
        (self.inner.step)(state, input)
    }
}

/// Says how each type of a behaviour is to be represented.
pub struct Reindex<In, In2, Out, Out2, State, State2> {
    /// Inputs.
    pub input: Iso<In, In2>,
    /// Outputs.
    pub output: Iso<Out, Out2>,
    /// States: how they are kept, and so how they are saved.
    pub state: Iso<State, State2>,
}

impl<A, B, C, D, E, F> Clone for Reindex<A, B, C, D, E, F> {
    fn clone(&self) -> Self {
        let Self {
            input,
            output,
            state,
        } = self;
        Self {
            input: input.clone(),
            output: output.clone(),
            state: state.clone(),
        }
    }
}

impl<A, B, C, D, E, F> fmt::Debug for Reindex<A, B, C, D, E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reindex").finish_non_exhaustive()
    }
}

/// A behaviour over other types; made by [`transport`].
pub struct Transported<T: Behaviour, In2, Out2, State2> {
    tool: T,
    along: Reindex<T::In, In2, T::Out, Out2, T::State, State2>,
}

impl<T: Behaviour + fmt::Debug, A, B, C> fmt::Debug for Transported<T, A, B, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transported")
            .field("tool", &self.tool)
            .finish_non_exhaustive()
    }
}

/// `tool` with inputs, outputs and state in other representations.
///
/// Where the isomorphisms keep their laws, it does what `tool` does: its outputs are the images of the tool's, and
/// transporting back gives the tool's own. Each step converts the state there and back.
pub fn transport<T: Behaviour, In2, Out2, State2: Clone>(
    along: Reindex<T::In, In2, T::Out, Out2, T::State, State2>,
    tool: T,
) -> Transported<T, In2, Out2, State2> {
    Transported { tool, along }
}

impl<T, In2, Out2, State2> Behaviour for Transported<T, In2, Out2, State2>
where
    T: Behaviour,
    T::In: 'static,
    T::Out: 'static,
    T::State: 'static,
    In2: 'static,
    Out2: 'static,
    State2: Clone + 'static,
{
    type In = In2;
    type Out = Out2;
    type State = State2;

    fn start(&self) -> State2 {
        self.along.state.to(self.tool.start())
    }

    fn step(&self, state: &mut State2, input: In2) -> Out2 {
        let mut inner = self.along.state.from(state.clone());
        let output = self.tool.step(&mut inner, self.along.input.from(input));
        *state = self.along.state.to(inner);
        self.along.output.to(output)
    }
}
