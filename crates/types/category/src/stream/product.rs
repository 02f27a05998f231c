//! Machines beside each other.

use std::fmt;
use std::marker::PhantomData;

use super::saved::saved_in_two;
use super::{Machine, Saved};
use crate::Error;

/// A machine on one half of a pair.
macro_rules! on_one_half {
    ($name:ident, $doc:literal, ($($in:ident),*), $input:ident => $step:expr, ($($out:ty),*)) => {
        #[doc = $doc]
        pub struct $name<M, C> {
            machine: M,
            // Without it the type of the other half could not be told where two such machines follow each other.
            other: PhantomData<fn(C) -> C>,
        }

        impl<M, C> $name<M, C> {
            pub(super) const fn new(machine: M) -> Self {
                Self { machine, other: PhantomData }
            }
        }

        impl<M: Clone, C> Clone for $name<M, C> {
            fn clone(&self) -> Self {
                Self::new(self.machine.clone())
            }
        }

        impl<M: fmt::Debug, C> fmt::Debug for $name<M, C> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.machine).finish()
            }
        }

        impl<A, C, M: Machine<A>> Machine<($($in),*)> for $name<M, C> {
            type Out = ($($out),*);

            #[inline]
            fn step(&mut self, $input: ($($in),*)) -> Self::Out {
                let machine = &mut self.machine;
                $step(machine, $input)
            }
        }

        impl<M: Saved, C> Saved for $name<M, C> {
            type State = M::State;

            fn save(&self) -> Self::State {
                self.machine.save()
            }

            fn accepts(&self, state: &Self::State) -> Result<(), Error> {
                self.machine.accepts(state)
            }

            fn load(&mut self, state: Self::State) {
                self.machine.load(state);
            }
        }
    };
}

on_one_half!(First, "A machine on the left half; see [`Machine::first`].", (A, C),
    input => |machine: &mut M, (a, c)| (machine.step(a), c), (M::Out, C));
on_one_half!(Second, "A machine on the right half; see [`Machine::second`].", (C, A),
    input => |machine: &mut M, (c, a)| (c, machine.step(a)), (C, M::Out));

/// One machine on each half of a pair; see [`Machine::parallel`].
#[derive(Debug, Clone, Copy)]
pub struct Parallel<M, N> {
    first: M,
    second: N,
}

impl<M, N> Parallel<M, N> {
    pub(super) const fn new(first: M, second: N) -> Self {
        Self { first, second }
    }
}

impl<A, C, M: Machine<A>, N: Machine<C>> Machine<(A, C)> for Parallel<M, N> {
    type Out = (M::Out, N::Out);

    #[inline]
    fn step(&mut self, (a, c): (A, C)) -> Self::Out {
        (self.first.step(a), self.second.step(c))
    }
}

saved_in_two!(Parallel<M, N>);

/// Two machines on the same input; see [`Machine::fanout`].
#[derive(Debug, Clone, Copy)]
pub struct Fanout<M, N> {
    first: M,
    second: N,
}

impl<M, N> Fanout<M, N> {
    pub(super) const fn new(first: M, second: N) -> Self {
        Self { first, second }
    }
}

impl<A: Clone, M: Machine<A>, N: Machine<A>> Machine<A> for Fanout<M, N> {
    type Out = (M::Out, N::Out);

    #[inline]
    fn step(&mut self, input: A) -> Self::Out {
        (self.first.step(input.clone()), self.second.step(input))
    }
}

saved_in_two!(Fanout<M, N>);
