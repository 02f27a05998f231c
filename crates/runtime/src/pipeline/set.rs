//! Which tools are in a pipeline, and what they cost together.

use std::marker::PhantomData;

use voidstate_dependent::{Cost, Then};

use super::PipelineTool;

mod sealed {
    pub trait Sealed {}
    impl Sealed for () {}
    impl<T, S> Sealed for (T, S) {}
}

/// The tools of a pipeline: `()`, or `(last, those before)`.
pub trait Set: sealed::Sealed {
    /// Bytes of memory that they may hold together.
    const MEMORY_BYTES: u64;
    /// Nanoseconds that one signal may take through all of them.
    const TIME_NS: u64;
}

impl Set for () {
    const MEMORY_BYTES: u64 = 0;
    const TIME_NS: u64 = 0;
}

impl<T: PipelineTool, S: Set> Set for (T, S) {
    const MEMORY_BYTES: u64 = <Then<Total<S>, One<T>> as Cost>::RAM_BYTES;
    const TIME_NS: u64 = <Then<Total<S>, One<T>> as Cost>::LATENCY_NS;
}

/// The cost of one tool.
struct One<T>(PhantomData<T>);

impl<T: PipelineTool> Cost for One<T> {
    const RAM_BYTES: u64 = T::MEMORY_BYTES;
    const LATENCY_NS: u64 = T::TIME_PER_SIGNAL_NS;
}

/// The cost of a set.
pub(super) struct Total<S>(PhantomData<S>);

impl<S> Total<S> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<S: Set> Cost for Total<S> {
    const RAM_BYTES: u64 = S::MEMORY_BYTES;
    const LATENCY_NS: u64 = S::TIME_NS;
}

/// Found as the last tool.
#[derive(Debug)]
pub struct Here;

/// Found among those before.
#[derive(Debug)]
pub struct There<I>(PhantomData<I>);

/// That a set holds a tool; the compiler finds `I`, where it is.
#[diagnostic::on_unimplemented(
    message = "`{T}` is not in the pipeline yet",
    note = "put it in before the tool that needs it or comes after it"
)]
pub trait Holds<T, I> {}

impl<T, S> Holds<T, Here> for (T, S) {}
impl<T, U, S: Holds<T, I>, I> Holds<T, There<I>> for (U, S) {}
