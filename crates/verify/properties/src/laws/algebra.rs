//! Laws of one or two operations on one type.
//!
//! `a·b` is the operation, `e` the neutral element, `a⁻¹` the inverse, `∨` and `∧` join and meet.

use std::fmt::Debug;

use proptest::strategy::Strategy;

use super::over::Over;
use super::{Report, Settings, agree};
use crate::Error;

/// The operation is associative.
///
/// ```
/// use proptest::prelude::*;
/// use voidstate_properties::laws::{Settings, semigroup};
///
/// semigroup(&Settings::default(), &any::<u8>(), |a, b| *a.max(b), PartialEq::eq)?;
/// # Ok::<(), voidstate_properties::Error>(())
/// ```
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn semigroup<A: Clone + Debug>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    op: impl Fn(&A, &A) -> A,
    eq: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error> {
    let mut laws = Laws::new("semigroup", settings, values, eq)?;
    laws.associative(&op)?;
    Ok(laws.over.suite.done())
}

/// [`semigroup`] with a neutral element on both sides.
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn monoid<A: Clone + Debug>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    neutral: &A,
    op: impl Fn(&A, &A) -> A,
    eq: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error> {
    let mut laws = Laws::new("monoid", settings, values, eq)?;
    laws.neutral(neutral, &op)?;
    laws.associative(&op)?;
    Ok(laws.over.suite.done())
}

/// [`monoid`] in which the order does not matter.
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn commutative_monoid<A: Clone + Debug>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    neutral: &A,
    op: impl Fn(&A, &A) -> A,
    eq: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error> {
    let mut laws = Laws::new("commutative monoid", settings, values, eq)?;
    laws.neutral(neutral, &op)?;
    laws.commutative(&op)?;
    laws.associative(&op)?;
    Ok(laws.over.suite.done())
}

/// [`monoid`] with inverses on both sides.
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn group<A: Clone + Debug>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    neutral: &A,
    op: impl Fn(&A, &A) -> A,
    inverse: impl Fn(&A) -> A,
    eq: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error> {
    let mut laws = Laws::new("group", settings, values, eq)?;
    laws.neutral(neutral, &op)?;
    laws.one("left inverse", "a⁻¹·a = e", |a| {
        (op(&inverse(a), a), neutral.clone())
    })?;
    laws.one("right inverse", "a·a⁻¹ = e", |a| {
        (op(a, &inverse(a)), neutral.clone())
    })?;
    laws.associative(&op)?;
    Ok(laws.over.suite.done())
}

/// Associative, commutative and idempotent: the operation is the join (or the meet) of a partial order.
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn semilattice<A: Clone + Debug>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    op: impl Fn(&A, &A) -> A,
    eq: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error> {
    let mut laws = Laws::new("semilattice", settings, values, eq)?;
    laws.semilattice(&op)?;
    Ok(laws.over.suite.done())
}

/// [`semilattice`] with a neutral element: the least for a join, the greatest for a meet.
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn bounded_semilattice<A: Clone + Debug>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    bound: &A,
    op: impl Fn(&A, &A) -> A,
    eq: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error> {
    let mut laws = Laws::new("bounded semilattice", settings, values, eq)?;
    laws.neutral(bound, &op)?;
    laws.semilattice(&op)?;
    Ok(laws.over.suite.done())
}

/// Join and meet, each a [`semilattice`], that absorb each other.
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn lattice<A: Clone + Debug>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    join: impl Fn(&A, &A) -> A,
    meet: impl Fn(&A, &A) -> A,
    eq: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error> {
    let mut laws = Laws::new("lattice", settings, values, eq)?;
    laws.one("join is idempotent", "a∨a = a", |a| {
        (join(a, a), a.clone())
    })?;
    laws.one("meet is idempotent", "a∧a = a", |a| {
        (meet(a, a), a.clone())
    })?;
    laws.two("join is commutative", "a∨b = b∨a", |a, b| {
        (join(a, b), join(b, a))
    })?;
    laws.two("meet is commutative", "a∧b = b∧a", |a, b| {
        (meet(a, b), meet(b, a))
    })?;
    laws.two("join absorbs meet", "a∨(a∧b) = a", |a, b| {
        (join(a, &meet(a, b)), a.clone())
    })?;
    laws.two("meet absorbs join", "a∧(a∨b) = a", |a, b| {
        (meet(a, &join(a, b)), a.clone())
    })?;
    laws.three(
        "join is associative",
        "(a∨b)∨c = a∨(b∨c)",
        |a, b, c| (join(&join(a, b), c), join(a, &join(b, c))),
    )?;
    laws.three(
        "meet is associative",
        "(a∧b)∧c = a∧(b∧c)",
        |a, b, c| (meet(&meet(a, b), c), meet(a, &meet(b, c))),
    )?;
    Ok(laws.over.suite.done())
}

/// A suite over one type whose laws are equations.
struct Laws<'s, S, E> {
    over: Over<'s, S>,
    eq: E,
}

impl<'s, A, S, E> Laws<'s, S, E>
where
    A: Clone + Debug,
    S: Strategy<Value = A>,
    E: Fn(&A, &A) -> bool,
{
    fn new(
        name: &'static str,
        settings: &'s Settings,
        values: &'s S,
        eq: E,
    ) -> Result<Self, Error> {
        let over = Over::new(name, settings, values)?;
        Ok(Self { over, eq })
    }

    fn one(
        &mut self,
        law: &'static str,
        statement: &'static str,
        sides: impl Fn(&A) -> (A, A),
    ) -> Result<(), Error> {
        let eq = &self.eq;
        self.over.one(law, statement, |a| {
            let (left, right) = sides(a);
            agree(eq, &left, &right)
        })
    }

    fn two(
        &mut self,
        law: &'static str,
        statement: &'static str,
        sides: impl Fn(&A, &A) -> (A, A),
    ) -> Result<(), Error> {
        let eq = &self.eq;
        self.over.two(law, statement, |a, b| {
            let (left, right) = sides(a, b);
            agree(eq, &left, &right)
        })
    }

    fn three(
        &mut self,
        law: &'static str,
        statement: &'static str,
        sides: impl Fn(&A, &A, &A) -> (A, A),
    ) -> Result<(), Error> {
        let eq = &self.eq;
        self.over.three(law, statement, |a, b, c| {
            let (left, right) = sides(a, b, c);
            agree(eq, &left, &right)
        })
    }

    fn associative(&mut self, op: &impl Fn(&A, &A) -> A) -> Result<(), Error> {
        self.three("associativity", "(a·b)·c = a·(b·c)", |a, b, c| {
            (op(&op(a, b), c), op(a, &op(b, c)))
        })
    }

    fn commutative(&mut self, op: &impl Fn(&A, &A) -> A) -> Result<(), Error> {
        self.two("commutativity", "a·b = b·a", |a, b| (op(a, b), op(b, a)))
    }

    fn neutral(&mut self, neutral: &A, op: &impl Fn(&A, &A) -> A) -> Result<(), Error> {
        self.one("left identity", "e·a = a", |a| (op(neutral, a), a.clone()))?;
        self.one("right identity", "a·e = a", |a| {
            (op(a, neutral), a.clone())
        })
    }

    fn semilattice(&mut self, op: &impl Fn(&A, &A) -> A) -> Result<(), Error> {
        self.one("idempotence", "a·a = a", |a| (op(a, a), a.clone()))?;
        self.commutative(op)?;
        self.associative(op)
    }
}
