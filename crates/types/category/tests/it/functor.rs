//! Contexts that are values: option, result, validation.

use std::fmt::Debug;

use proptest::prelude::*;
use voidstate_category::Error;
use voidstate_category::functor::{
    Applicative, Functor, Monad, NaturalTransformation, Validation, Window, verify_naturality,
};
use voidstate_properties::laws::{self, Term, terms};

use crate::{broken, settings};

fn errors() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..3)
}

fn results() -> impl Strategy<Value = Result<Term, Vec<u8>>> {
    prop_oneof![terms().prop_map(Ok), errors().prop_map(Err)]
}

fn validations() -> impl Strategy<Value = Validation<Term, Vec<u8>>> {
    results().prop_map(Validation::from)
}

fn functor<F>(contexts: impl Strategy<Value = F>)
where
    F: for<'a> Functor<'a, Inner = Term, Of<Term> = F> + Clone + Debug + PartialEq,
{
    let map = |u: &F, f: &dyn Fn(&Term) -> Term| {
        // The trait's own method, at the lifetime of `f`.
        fmap_here(u.clone(), f)
    };
    laws::functor(&settings(), &terms(), &contexts, map, F::eq).unwrap();
}

fn fmap_here<'a, F>(u: F, f: &'a dyn Fn(&Term) -> Term) -> F
where
    F: Functor<'a, Inner = Term, Of<Term> = F>,
{
    u.fmap(move |a: Term| f(&a))
}

fn map2_here<'a, F>(u: F, v: F, f: &'a dyn Fn(&Term, &Term) -> Term) -> F
where
    F: Applicative<'a> + Functor<'a, Inner = Term, Of<Term> = F>,
{
    u.map2(v, move |a: Term, b: Term| f(&a, &b))
}

fn applicative<F>(contexts: impl Strategy<Value = F>)
where
    F: for<'a> Applicative<'a> + for<'a> Functor<'a, Inner = Term, Of<Term> = F>,
    F: Clone + Debug + PartialEq,
{
    let map2 = |u: &F, v: &F, f: &dyn Fn(&Term, &Term) -> Term| map2_here(u.clone(), v.clone(), f);
    let pure = |a: &Term| <F as Applicative<'_>>::pure(a.clone());
    laws::applicative(&settings(), &terms(), &contexts, pure, map2, F::eq).unwrap();
}

#[test]
fn contexts_are_functors() {
    functor(prop::option::of(terms()));
    functor(results());
    functor(validations());
    let samples = prop::collection::vec(terms(), 1..5);
    functor(samples.prop_map(|s| Window::new(s).unwrap()));
}

#[test]
fn contexts_are_applicatives() {
    applicative(prop::option::of(terms()));
    applicative(results());
    applicative(validations());
}

#[test]
fn contexts_are_monads() {
    let s = settings();
    let bytes = any::<u8>();
    let options = prop::option::of(any::<u8>());
    let bind = |m: &Option<u8>, f: &dyn Fn(&u8) -> Option<u8>| (*m).bind(|a| f(&a));
    laws::monad(&s, &bytes, &options, |a| Some(*a), bind, PartialEq::eq).unwrap();
    let results = prop::result::maybe_ok(any::<u8>(), any::<i8>());
    let bind = |m: &Result<u8, i8>, f: &dyn Fn(&u8) -> Result<u8, i8>| (*m).bind(|a| f(&a));
    laws::monad(&s, &bytes, &results, |a| Ok(*a), bind, PartialEq::eq).unwrap();
}

#[test]
fn contexts_that_break_a_law_are_caught() {
    let s = settings();
    // Maps forget what is there.
    let forget = |_: &Option<Term>, _: &dyn Fn(&Term) -> Term| None;
    let options = prop::option::of(terms());
    assert_eq!(
        broken(laws::functor(&s, &terms(), &options, forget, PartialEq::eq)),
        "identity"
    );
    // Counts how often it was combined.
    type Counted = (Term, u8);
    let pure = |a: &Term| (a.clone(), 1_u8);
    let map2 = |u: &Counted, v: &Counted, f: &dyn Fn(&Term, &Term) -> Term| {
        (f(&u.0, &v.0), u.1.wrapping_add(v.1))
    };
    let counted = (terms(), any::<u8>());
    assert_eq!(
        broken(laws::applicative(
            &s,
            &terms(),
            &counted,
            pure,
            map2,
            PartialEq::eq
        )),
        "left identity"
    );
    // An error that is made of the value.
    let bind = |m: &Result<u8, u8>, f: &dyn Fn(&u8) -> Result<u8, u8>| match m {
        Ok(a) => f(a).map_err(|e| e.wrapping_add(1)),
        Err(e) => Err(*e),
    };
    let results = prop::result::maybe_ok(any::<u8>(), any::<u8>());
    let monad = laws::monad(&s, &any::<u8>(), &results, |a| Ok(*a), bind, PartialEq::eq);
    assert_eq!(broken(monad), "left identity");
}

#[test]
fn a_validation_keeps_every_error_in_order() {
    let invalid = |n: u8| Validation::<u8, _>::Invalid(vec![n]);
    let all: Validation<Vec<u8>, Vec<u8>> = [invalid(1), Validation::Valid(7), invalid(2)]
        .into_iter()
        .collect();
    assert_eq!(all, Validation::Invalid(vec![1, 2]));
    let all: Validation<Vec<u8>, Vec<u8>> = [Validation::Valid(7), Validation::Valid(8)]
        .into_iter()
        .collect();
    assert_eq!(all.into_result(), Ok(vec![7, 8]));
    let none: Validation<Vec<u8>, Vec<u8>> = std::iter::empty().collect();
    assert_eq!(none, Validation::Valid(vec![]));
    let checked = Validation::<_, Vec<&str>>::Valid(3)
        .and_check(|n| if *n > 5 { Ok(()) } else { Err(vec!["small"]) });
    assert_eq!(checked, Validation::Invalid(vec!["small"]));
}

struct Newest;
impl<A> NaturalTransformation<'_, Window<A>> for Newest {
    type To = Option<A>;
    fn apply(&self, window: Window<A>) -> Option<A> {
        window.into_samples().pop()
    }
}

/// Looks at what is inside.
struct Largest;
impl NaturalTransformation<'_, Window<i32>> for Largest {
    type To = Option<i32>;
    fn apply(&self, window: Window<i32>) -> Option<i32> {
        window.into_samples().into_iter().max()
    }
}

type Whole = fn(i32) -> i32;

#[test]
fn naturality_is_tried_and_its_breach_shown() {
    let windows = [
        Window::new(vec![3, 1]).unwrap(),
        Window::new(vec![1, 2, 3]).unwrap(),
    ];
    let functions: [(&str, Whole); 2] = [("twice", |x| x * 2), ("negated", |x| -x)];
    let checked = verify_naturality(&Newest, &windows, &functions).unwrap();
    assert_eq!(checked.laws(), [("naturality", 4)]);
    let error = verify_naturality(&Largest, &windows, &functions).unwrap_err();
    assert_eq!(
        error.to_string(),
        "naturality is broken by negated: apply(fa.fmap(g)) = apply(fa).fmap(g); on Window { samples: [3, 1], focus: 1 } \
         the left side is Some(-1), the right Some(-3)"
    );
    let error = verify_naturality(&Newest, &windows, &functions[..0]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "nothing to check naturality on: no function was given (nothing was checked)"
    );
    let error = verify_naturality(&Newest, &windows[..0], &functions).unwrap_err();
    assert!(error.counterexample().is_none() && error.to_string().contains("no context"));
    assert_eq!(Window::<i32>::new(vec![]).unwrap_err(), Error::NoSample);
}
