//! Laws of relations: equalities and orders.

use std::cmp::Ordering;
use std::fmt::Debug;

use proptest::strategy::Strategy;

use super::over::Over;
use super::{Outcome, Report, Settings, agree, holds, implies};
use crate::Error;

/// `eq` is reflexive, symmetric and transitive.
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn equivalence<A: Clone + Debug>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    eq: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error> {
    let mut over = Over::new("equivalence", settings, values)?;
    equivalence_laws(&mut over, &eq)?;
    Ok(over.suite.done())
}

/// `le` is reflexive, antisymmetric up to `eq`, and transitive.
///
/// ```
/// use proptest::prelude::*;
/// use voidstate_properties::laws::{Settings, partial_order};
///
/// let divides = |a: &u32, b: &u32| b % a == 0;
/// partial_order(&Settings::default(), &(1_u32..50), divides, PartialEq::eq)?;
/// # Ok::<(), voidstate_properties::Error>(())
/// ```
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn partial_order<A: Clone + Debug>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    le: impl Fn(&A, &A) -> bool,
    eq: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error> {
    let mut over = Over::new("partial order", settings, values)?;
    partial_order_laws(&mut over, &le, &eq)?;
    Ok(over.suite.done())
}

/// [`partial_order`] in which any two values can be compared.
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn total_order<A: Clone + Debug>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    le: impl Fn(&A, &A) -> bool,
    eq: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error> {
    let mut over = Over::new("total order", settings, values)?;
    partial_order_laws(&mut over, &le, &eq)?;
    over.two("totality", "a ≤ b or b ≤ a", |a, b| {
        let neither = || "neither".to_owned();
        holds(le(a, b) || le(b, a), neither, "one of them")
    })?;
    Ok(over.suite.done())
}

/// What `sort_by` needs of a comparator: equal to itself, reversed by exchange, transitive, ties transitive.
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn comparator<A: Clone + Debug>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    cmp: impl Fn(&A, &A) -> Ordering,
) -> Result<Report, Error> {
    let mut over = Over::new("comparator", settings, values)?;
    comparator_laws(&mut over, &cmp)?;
    Ok(over.suite.done())
}

/// [`PartialOrd`] and [`PartialEq`] agree with each other and with their operators.
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn partial_ord<A: Clone + Debug + PartialOrd>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
) -> Result<Report, Error> {
    let mut over = Over::new("partial ord", settings, values)?;
    partial_ord_laws(&mut over)?;
    Ok(over.suite.done())
}

/// [`Ord`], [`PartialOrd`], [`Eq`] and [`PartialEq`] agree with each other and with their operators.
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn ord<A: Clone + Debug + Ord>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
) -> Result<Report, Error> {
    let mut over = Over::new("ord", settings, values)?;
    equivalence_laws(&mut over, &A::eq)?;
    over.two("equality", "a = b ⇔ cmp(a, b) = Equal", |a, b| {
        agree(bool::eq, &(a == b), &a.cmp(b).is_eq())
    })?;
    over.two(
        "partial agrees",
        "partial_cmp(a, b) = Some(cmp(a, b))",
        |a, b| agree(PartialEq::eq, &a.partial_cmp(b), &Some(a.cmp(b))),
    )?;
    comparator_laws(&mut over, &A::cmp)?;
    partial_ord_laws(&mut over)?;
    over.two(
        "extremes",
        "max(a, b) and min(a, b) are as cmp says",
        |a, b| {
            let (low, high) = if a.cmp(b).is_gt() { (b, a) } else { (a, b) };
            let right = (low.clone(), high.clone());
            let left = (a.clone().min(b.clone()), a.clone().max(b.clone()));
            agree(PartialEq::eq, &left, &right)
        },
    )?;
    Ok(over.suite.done())
}

/// Reflexive, symmetric and transitive.
pub(super) fn equivalence_laws<A: Clone + Debug, S: Strategy<Value = A>>(
    over: &mut Over<'_, S>,
    eq: &impl Fn(&A, &A) -> bool,
) -> Result<(), Error> {
    over.one("reflexive equality", "a = a", |a| {
        holds(eq(a, a), || "a ≠ a".to_owned(), "a = a")
    })?;
    over.two("symmetric equality", "a = b ⇔ b = a", |a, b| {
        agree(bool::eq, &eq(a, b), &eq(b, a))
    })?;
    over.three(
        "transitive equality",
        "a = b and b = c ⇒ a = c",
        |a, b, c| {
            implies(eq(a, b) && eq(b, c), || {
                holds(eq(a, c), || "a ≠ c".to_owned(), "a = c")
            })
        },
    )
}

fn partial_order_laws<A: Clone + Debug, S: Strategy<Value = A>>(
    over: &mut Over<'_, S>,
    le: &impl Fn(&A, &A) -> bool,
    eq: &impl Fn(&A, &A) -> bool,
) -> Result<(), Error> {
    over.one("reflexivity", "a ≤ a", |a| {
        holds(le(a, a), || "not a ≤ a".to_owned(), "a ≤ a")
    })?;
    over.two("antisymmetry", "a ≤ b and b ≤ a ⇒ a = b", |a, b| {
        implies(le(a, b) && le(b, a), || {
            holds(eq(a, b), || "a ≠ b".to_owned(), "a = b")
        })
    })?;
    over.two("equal values are related", "a = b ⇒ a ≤ b", |a, b| {
        implies(eq(a, b), || {
            holds(le(a, b), || "not a ≤ b".to_owned(), "a ≤ b")
        })
    })?;
    over.three(
        "transitivity",
        "a ≤ b and b ≤ c ⇒ a ≤ c",
        |a, b, c| {
            implies(le(a, b) && le(b, c), || {
                holds(le(a, c), || "not a ≤ c".to_owned(), "a ≤ c")
            })
        },
    )
}

fn comparator_laws<A: Clone + Debug, S: Strategy<Value = A>>(
    over: &mut Over<'_, S>,
    cmp: &impl Fn(&A, &A) -> Ordering,
) -> Result<(), Error> {
    over.one("equal to itself", "cmp(a, a) = Equal", |a| {
        agree(PartialEq::eq, &cmp(a, a), &Ordering::Equal)
    })?;
    over.two("reversal", "cmp(a, b) = reverse of cmp(b, a)", |a, b| {
        agree(PartialEq::eq, &cmp(a, b), &cmp(b, a).reverse())
    })?;
    over.three(
        "transitive order",
        "a < b and b < c ⇒ a < c",
        |a, b, c| {
            implies(cmp(a, b).is_lt() && cmp(b, c).is_lt(), || {
                agree(PartialEq::eq, &cmp(a, c), &Ordering::Less)
            })
        },
    )?;
    over.three(
        "substitution",
        "a ~ b ⇒ cmp(a, c) = cmp(b, c)",
        |a, b, c| {
            implies(cmp(a, b).is_eq(), || {
                agree(PartialEq::eq, &cmp(a, c), &cmp(b, c))
            })
        },
    )
}

fn partial_ord_laws<A: Clone + Debug + PartialOrd, S: Strategy<Value = A>>(
    over: &mut Over<'_, S>,
) -> Result<(), Error> {
    over.two(
        "partial equality",
        "a = b ⇔ partial_cmp(a, b) = Some(Equal)",
        |a, b| {
            let equal = a.partial_cmp(b) == Some(Ordering::Equal);
            agree(bool::eq, &(a == b), &equal)
        },
    )?;
    over.two(
        "duality",
        "partial_cmp(a, b) = reverse of partial_cmp(b, a)",
        |a, b| {
            let reversed = b.partial_cmp(a).map(Ordering::reverse);
            agree(PartialEq::eq, &a.partial_cmp(b), &reversed)
        },
    )?;
    over.two(
        "operators",
        "<, ≤, >, ≥ are as partial_cmp says",
        |a, b| {
            let operators = [a < b, a <= b, a > b, a >= b];
            let said = a
                .partial_cmp(b)
                .map_or([false; 4], |o| [o.is_lt(), o.is_le(), o.is_gt(), o.is_ge()]);
            agree(PartialEq::eq, &operators, &said)
        },
    )?;
    over.three("transitive <", "a < b and b < c ⇒ a < c", |a, b, c| {
        implies(a < b && b < c, || {
            holds(a < c, || "not a < c".to_owned(), "a < c")
        })
    })?;
    over.three("transitive =", "a = b and b = c ⇒ a = c", |a, b, c| {
        if a == b && b == c {
            return holds(a == c, || "a ≠ c".to_owned(), "a = c");
        }
        Outcome::Vacuous
    })
}
