//! Contexts that are functions: state, reader, store. They are compared by what they answer to every one of a few
//! arguments, and drawn as tables of those answers.

use proptest::prelude::*;
use voidstate_category::functor::{Applicative, Comonad, Functor, Monad, Reader, State, Store};
use voidstate_properties::laws::{self, Term, terms};

use crate::{broken, settings};

const PLACES: usize = 3;

/// What a step answers and hands on from each state.
type Steps<A> = Vec<(A, usize)>;
/// What is read in each environment, or is at each position.
type Values<A> = Vec<A>;

fn state<A: Clone>(table: &Steps<A>) -> State<'_, usize, A> {
    State::new(|s: usize| table[s].clone())
}
fn steps<A>(state: &State<'_, usize, A>) -> Steps<A> {
    (0..PLACES).map(|s| state.run(s)).collect()
}
fn all_steps<A: std::fmt::Debug>(of: impl Strategy<Value = A>) -> impl Strategy<Value = Steps<A>> {
    prop::collection::vec((of, 0..PLACES), PLACES)
}

fn reader<A: Clone>(table: &Values<A>) -> Reader<'_, usize, A> {
    Reader::new(|r: &usize| table[*r].clone())
}
fn readings<A>(reader: &Reader<'_, usize, A>) -> Values<A> {
    (0..PLACES).map(|r| reader.run(&r)).collect()
}

/// Values and a focus.
type Placed<A> = (Values<A>, usize);
fn store<A: Clone>((values, at): &Placed<A>) -> Store<'_, usize, A> {
    Store::new(*at, |p: &usize| values[*p].clone())
}
fn placed<A>(store: &Store<'_, usize, A>) -> Placed<A> {
    (
        (0..PLACES).map(|p| store.peek(&p)).collect(),
        *store.position(),
    )
}

#[test]
fn functions_are_functors() {
    let s = settings();
    let map = |u: &Steps<Term>, f: &dyn Fn(&Term) -> Term| steps(&state(u).fmap(|a| f(&a)));
    laws::functor(&s, &terms(), &all_steps(terms()), map, PartialEq::eq).unwrap();
    let values = prop::collection::vec(terms(), PLACES);
    let map = |u: &Values<Term>, f: &dyn Fn(&Term) -> Term| readings(&reader(u).fmap(|a| f(&a)));
    laws::functor(&s, &terms(), &values, map, PartialEq::eq).unwrap();
    let map = |u: &Placed<Term>, f: &dyn Fn(&Term) -> Term| placed(&store(u).fmap(|a| f(&a)));
    laws::functor(&s, &terms(), &(values, 0..PLACES), map, PartialEq::eq).unwrap();
}

#[test]
fn functions_are_applicatives() {
    let s = settings();
    let map2 = |u: &Steps<Term>, v: &Steps<Term>, f: &dyn Fn(&Term, &Term) -> Term| {
        steps(&state(u).map2(state(v), |a, b| f(&a, &b)))
    };
    let pure = |a: &Term| steps(&State::pure(a.clone()));
    laws::applicative(&s, &terms(), &all_steps(terms()), pure, map2, PartialEq::eq).unwrap();
    let values = prop::collection::vec(terms(), PLACES);
    let map2 = |u: &Values<Term>, v: &Values<Term>, f: &dyn Fn(&Term, &Term) -> Term| {
        readings(&reader(u).map2(reader(v), |a, b| f(&a, &b)))
    };
    let pure = |a: &Term| readings(&Reader::pure(a.clone()));
    laws::applicative(&s, &terms(), &values, pure, map2, PartialEq::eq).unwrap();
}

#[test]
fn functions_are_monads() {
    let s = settings();
    let bytes = any::<u8>();
    let bind = |m: &Steps<u8>, f: &dyn Fn(&u8) -> Steps<u8>| {
        let next = |a: u8| {
            let table = f(&a);
            State::new(move |s: usize| table[s])
        };
        steps(&state(m).bind(next))
    };
    let unit = |a: &u8| steps(&State::pure(*a));
    laws::monad(
        &s,
        &bytes,
        &all_steps(any::<u8>()),
        unit,
        bind,
        PartialEq::eq,
    )
    .unwrap();
    let values = prop::collection::vec(any::<u8>(), PLACES);
    let bind = |m: &Values<u8>, f: &dyn Fn(&u8) -> Values<u8>| {
        let next = |a: u8| {
            let table = f(&a);
            Reader::new(move |r: &usize| table[*r])
        };
        readings(&reader(m).bind(next))
    };
    let unit = |a: &u8| readings(&Reader::pure(*a));
    laws::monad(&s, &bytes, &values, unit, bind, PartialEq::eq).unwrap();
}

#[test]
fn stores_are_comonads() {
    let values = prop::collection::vec(any::<u8>(), PLACES);
    let extend = |w: &Placed<u8>, f: &dyn Fn(&Placed<u8>) -> u8| {
        placed(&store(w).extend(|s: &Store<'_, usize, u8>| f(&placed(s))))
    };
    laws::comonad(
        &settings(),
        &any::<u8>(),
        &(values, 0..PLACES),
        |w| store(w).extract(),
        extend,
        PartialEq::eq,
        u8::eq,
    )
    .unwrap();
}

#[test]
fn functions_that_break_a_law_are_caught() {
    let s = settings();
    // The state is handed on as it was.
    let bind = |m: &Steps<u8>, f: &dyn Fn(&u8) -> Steps<u8>| {
        (0..PLACES).map(|at| f(&m[at].0)[at]).collect::<Steps<u8>>()
    };
    let unit = |a: &u8| steps(&State::pure(*a));
    let monad = laws::monad(
        &s,
        &any::<u8>(),
        &all_steps(any::<u8>()),
        unit,
        bind,
        PartialEq::eq,
    );
    assert_eq!(broken(monad), "right identity");
    // Every position sees the same focus.
    let values = prop::collection::vec(any::<u8>(), PLACES);
    let stuck = |w: &Placed<u8>, f: &dyn Fn(&Placed<u8>) -> u8| (vec![f(w); PLACES], w.1);
    let comonad = laws::comonad(
        &s,
        &any::<u8>(),
        &(values, 0..PLACES),
        |w| store(w).extract(),
        stuck,
        PartialEq::eq,
        u8::eq,
    );
    let law = broken(comonad);
    assert!(law.contains("identity") || law.contains("extract"), "{law}");
}

#[test]
fn a_state_is_threaded_through_a_list_without_a_stack() {
    let count = State::each((0..100_000_u64).collect(), |n| {
        let n = *n;
        State::new(move |sum: u64| (sum, sum + n))
    });
    let (answers, sum) = count.run(0);
    assert_eq!(
        (answers.len(), answers[3], sum),
        (100_000, 3, 4_999_950_000)
    );
    let (before, after) = State::get()
        .bind(|n: u32| State::put(n + 1).fmap(move |()| n))
        .run(4);
    assert_eq!((before, after), (4, 5));
    assert_eq!(State::modify(|n: u8| n * 2).run(4).1, 8);
    assert_eq!(State::inspect(|n: &u8| *n > 3).run(4), (true, 4));
}
