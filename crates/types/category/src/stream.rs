//! Machines that answer one output to each input, and the ways to wire them.
//!
//! ```
//! use voidstate_category::stream::{Machine, arr, scan};
//!
//! let total = scan(0_u32, |sum, x: u32| { *sum += x; *sum });
//! let mut both = arr(|x: u32| x * 2).fanout(total).rmap(|(twice, sum)| twice + sum);
//! assert_eq!(both.run([1, 2, 3]), [3, 7, 12]);
//! ```
//!
//! Everything is a plain struct of its parts, so a composed machine is compiled as the loop body one would have written.
//! [`Machine::boxed`] forgets the parts.
//!
//! Laws, checked with the arrow suite of `voidstate-properties`: machines are told apart by what they answer to every
//! sequence of inputs; `then` is associative with `arr(identity)` neutral, [`arr`] keeps composition, and `first`,
//! `second`, `parallel` and `fanout` are what Hughes, Generalising monads to arrows (2000), asks for. Outputs are
//! answered one for one; a machine that leaves something out answers `Option`, see [`Machine::then_some`].

mod arr;
mod erased;
mod feedback;
mod optional;
mod product;
mod run;
mod saved;
mod scan;
mod slide;
mod then;
mod windowed;

pub use arr::{Arr, Identity, arr, identity};
pub use erased::{Boxed, DynMachine};
pub use feedback::Feedback;
pub use optional::{Filter, ThenFlat, ThenSome, filter};
pub use product::{Fanout, First, Parallel, Second};
pub use run::Run;
pub use saved::Saved;
pub use scan::{Delay, Scan, delay, scan};
pub use slide::{Slide, slide};
pub use then::Then;
pub use windowed::{Chunked, Windowed, chunked, windowed};

/// One output for each input, with a memory in between.
///
/// Law: the outputs depend on the inputs since the start and on nothing else, so that a clone answers as the original.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no machine that takes `{In}`",
    label = "takes something else than `{In}`",
    note = "in `a.then(b)` what `b` takes must be what `a` answers; `arr` makes a machine of a function without memory, \
            `scan` of one with"
)]
pub trait Machine<In> {
    /// What it answers.
    type Out;

    /// Takes one input and answers.
    fn step(&mut self, input: In) -> Self::Out;

    /// `self`, then `next` on what it answers (`>>>`).
    fn then<N>(self, next: N) -> Then<Self, N>
    where
        Self: Sized,
        N: Machine<Self::Out>,
    {
        Then::new(self, next)
    }

    /// `self` on the left half of a pair; the right half passes.
    fn first<C>(self) -> First<Self, C>
    where
        Self: Sized,
    {
        First::new(self)
    }

    /// `self` on the right half of a pair; the left half passes.
    fn second<C>(self) -> Second<Self, C>
    where
        Self: Sized,
    {
        Second::new(self)
    }

    /// `self` on the left half of a pair and `other` on the right (`***`).
    fn parallel<C, N>(self, other: N) -> Parallel<Self, N>
    where
        Self: Sized,
        N: Machine<C>,
    {
        Parallel::new(self, other)
    }

    /// `self` and `other` on the same input (`&&&`).
    fn fanout<N>(self, other: N) -> Fanout<Self, N>
    where
        Self: Sized,
        In: Clone,
        N: Machine<In>,
    {
        Fanout::new(self, other)
    }

    /// Answers half of each output and hands the other half back with the next input; `initial` goes with the first.
    ///
    /// The delay of one step is what makes the loop well defined: nothing waits for its own answer.
    fn feedback<A, B, S>(self, initial: S) -> Feedback<Self, S>
    where
        Self: Sized + Machine<(A, S), Out = (B, S)>,
    {
        Feedback::new(self, initial)
    }

    /// `next` on what is there; what is not stays away, and `next` does not notice.
    fn then_some<T, N>(self, next: N) -> ThenSome<Self, N>
    where
        Self: Sized + Machine<In, Out = Option<T>>,
        N: Machine<T>,
    {
        ThenSome::new(self, next)
    }

    /// As [`then_some`](Self::then_some) where `next` may leave out something too.
    fn then_flat<T, U, N>(self, next: N) -> ThenFlat<Self, N>
    where
        Self: Sized + Machine<In, Out = Option<T>>,
        N: Machine<T, Out = Option<U>>,
    {
        ThenFlat::new(self, next)
    }

    /// `f` before `self`, a function without memory.
    fn lmap<A, F>(self, f: F) -> Then<Arr<F>, Self>
    where
        Self: Sized,
        F: Fn(A) -> In,
    {
        Then::new(arr(f), self)
    }

    /// `g` after `self`, a function without memory.
    fn rmap<B, G>(self, g: G) -> Then<Self, Arr<G>>
    where
        Self: Sized,
        G: Fn(Self::Out) -> B,
    {
        Then::new(self, arr(g))
    }

    /// `f` before and `g` after.
    fn dimap<A, B, F, G>(self, f: F, g: G) -> Then<Then<Arr<F>, Self>, Arr<G>>
    where
        Self: Sized,
        F: Fn(A) -> In,
        G: Fn(Self::Out) -> B,
    {
        Then::new(Then::new(arr(f), self), arr(g))
    }

    /// The answers to `inputs`, in order.
    fn run<I>(&mut self, inputs: I) -> Vec<Self::Out>
    where
        Self: Sized,
        I: IntoIterator<Item = In>,
    {
        inputs.into_iter().map(|input| self.step(input)).collect()
    }

    /// The answers to `inputs`, as an iterator.
    fn over<I>(self, inputs: I) -> Run<Self, I::IntoIter>
    where
        Self: Sized,
        I: IntoIterator<Item = In>,
    {
        Run::new(self, inputs.into_iter())
    }

    /// The same machine, what it is made of forgotten.
    fn boxed(self) -> Boxed<In, Self::Out>
    where
        Self: Sized + Clone + Send + 'static,
        In: 'static,
        Self::Out: 'static,
    {
        Boxed::new(self)
    }
}

impl<In, M: Machine<In> + ?Sized> Machine<In> for &mut M {
    type Out = M::Out;

    #[inline]
    fn step(&mut self, input: In) -> Self::Out {
        (**self).step(input)
    }
}

impl<In, M: Machine<In> + ?Sized> Machine<In> for Box<M> {
    type Out = M::Out;

    #[inline]
    fn step(&mut self, input: In) -> Self::Out {
        (**self).step(input)
    }
}
