//! Steps that hand a state on.

use std::fmt;
use std::rc::Rc;

use super::{Applicative, Functor, Monad};

/// A step that answers and changes a state of type `S`; nothing happens before [`run`](Self::run).
///
/// ```
/// use voidstate_category::functor::{Monad, State};
///
/// let draw = || State::new(|seed: u32| (seed % 6 + 1, seed.wrapping_mul(1_103_515_245).wrapping_add(12_345)));
/// let two = draw().bind(move |a| draw().bind(move |b| State::pure_value((a, b))));
/// assert_eq!(two.run(7).0, (2, 3));
/// ```
///
/// Steps are shared functions, one allocation each. Steps nested n deep take a stack of O(n); [`each`](Self::each) runs a
/// list in a loop.
pub struct State<'a, S, A>(Step<'a, S, A>);

type Step<'a, S, A> = Rc<dyn Fn(S) -> (A, S) + 'a>;

impl<'a, S: 'a, A: 'a> State<'a, S, A> {
    /// The step that does what `step` says.
    pub fn new(step: impl Fn(S) -> (A, S) + 'a) -> Self {
        Self(Rc::new(step))
    }

    /// Answers and the state after, from `state`.
    pub fn run(&self, state: S) -> (A, S) {
        (self.0)(state)
    }

    /// The step that answers `value` and changes nothing.
    pub fn pure_value(value: A) -> Self
    where
        A: Clone,
    {
        Self::new(move |state| (value.clone(), state))
    }

    /// The step that answers what `f` says of the state and changes nothing.
    pub fn inspect(f: impl Fn(&S) -> A + 'a) -> Self {
        Self::new(move |state| (f(&state), state))
    }

    /// The steps that `f` makes of `items`, one after the other, in a loop; stops nowhere.
    pub fn each<T: 'a>(items: Vec<T>, f: impl Fn(&T) -> Self + 'a) -> State<'a, S, Vec<A>> {
        State::new(move |mut state| {
            let mut answers = Vec::with_capacity(items.len());
            for item in &items {
                let (answer, next) = f(item).run(state);
                answers.push(answer);
                state = next;
            }
            (answers, state)
        })
    }
}

impl<'a, S: Clone + 'a> State<'a, S, S> {
    /// The step that answers the state.
    #[must_use]
    pub fn get() -> Self {
        Self::new(|state: S| (state.clone(), state))
    }
}

impl<'a, S: 'a> State<'a, S, ()> {
    /// The step that puts `state` in the place of the present one.
    pub fn put(state: S) -> Self
    where
        S: Clone,
    {
        Self::new(move |_| ((), state.clone()))
    }

    /// The step that changes the state by `f`.
    pub fn modify(f: impl Fn(S) -> S + 'a) -> Self {
        Self::new(move |state| ((), f(state)))
    }
}

impl<'a, S: 'a, A: 'a> Functor<'a> for State<'a, S, A> {
    type Inner = A;
    type Of<B: 'a> = State<'a, S, B>;

    fn fmap<B: 'a>(self, f: impl Fn(A) -> B + 'a) -> State<'a, S, B> {
        State::new(move |state| {
            let (a, state) = self.run(state);
            (f(a), state)
        })
    }
}

impl<'a, S: 'a, A: Clone + 'a> Applicative<'a> for State<'a, S, A> {
    fn pure(value: A) -> Self {
        Self::pure_value(value)
    }

    fn map2<B: 'a, C: 'a>(
        self,
        other: State<'a, S, B>,
        f: impl Fn(A, B) -> C + 'a,
    ) -> State<'a, S, C> {
        State::new(move |state| {
            let (a, state) = self.run(state);
            let (b, state) = other.run(state);
            (f(a, b), state)
        })
    }
}

impl<'a, S: 'a, A: Clone + 'a> Monad<'a> for State<'a, S, A> {
    fn bind<B: 'a>(self, f: impl Fn(A) -> State<'a, S, B> + 'a) -> State<'a, S, B> {
        State::new(move |state| {
            let (a, state) = self.run(state);
            f(a).run(state)
        })
    }
}

impl<S, A> Clone for State<'_, S, A> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<S, A> fmt::Debug for State<'_, S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State")
    }
}
