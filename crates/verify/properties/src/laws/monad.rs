//! Laws of computations in sequence, and of values in their surroundings.

use std::fmt::Debug;
use std::hash::Hash;

use proptest::strategy::Strategy;

use super::{Binding, Report, Settings, Suite, agree, functions, softened};
use crate::Error;

/// `unit` does nothing and `bind` does not care how a sequence is bracketed.
///
/// ```
/// use proptest::prelude::*;
/// use voidstate_properties::laws::{Settings, monad};
///
/// let options = proptest::option::of(any::<u8>());
/// let bind = |m: &Option<u8>, k: &dyn Fn(&u8) -> Option<u8>| m.as_ref().and_then(k);
/// monad(&Settings::default(), &any::<u8>(), &options, |a| Some(*a), bind, PartialEq::eq)?;
/// # Ok::<(), voidstate_properties::Error>(())
/// ```
///
/// # Errors
/// See [`Suite::law`].
pub fn monad<A, M>(
    settings: &Settings,
    elements: &impl Strategy<Value = A>,
    contexts: &impl Strategy<Value = M>,
    unit: impl Fn(&A) -> M,
    bind: impl Fn(&M, &dyn Fn(&A) -> M) -> M,
    eq: impl Fn(&M, &M) -> bool,
) -> Result<Report, Error>
where
    A: Clone + Debug + Hash,
    M: Clone + Debug,
{
    let mut suite = Suite::new("monad", settings)?;
    suite.law(
        "left identity",
        "bind(unit(a), f) = f(a)",
        &(softened(elements), functions::<A, _>(contexts)),
        |(a, f)| vec![Binding::new("a", a), Binding::function("f", f)],
        |(a, f)| agree(&eq, &bind(&unit(a), &|a| f.call(a)), f.output(a)),
    )?;
    suite.law(
        "right identity",
        "bind(m, unit) = m",
        &softened(contexts),
        |m| vec![Binding::new("m", m)],
        |m| agree(&eq, &bind(m, &unit), m),
    )?;
    suite.law(
        "associativity",
        "bind(bind(m, f), g) = bind(m, a ↦ bind(f(a), g))",
        &(
            softened(contexts),
            functions::<A, _>(contexts),
            functions::<A, _>(contexts),
        ),
        |(m, f, g)| {
            vec![
                Binding::new("m", m),
                Binding::function("f", f),
                Binding::function("g", g),
            ]
        },
        |(m, f, g)| {
            let left = bind(&bind(m, &|a| f.call(a)), &|a| g.call(a));
            let right = bind(m, &|a| bind(f.output(a), &|a| g.call(a)));
            agree(&eq, &left, &right)
        },
    )?;
    Ok(suite.done())
}

/// `extract` reads the focus and `extend` computes every focus from its surroundings.
///
/// The functions drawn read the whole context through its `Hash`, which must agree with `eq`.
///
/// # Errors
/// See [`Suite::law`].
pub fn comonad<A, W>(
    settings: &Settings,
    elements: &impl Strategy<Value = A>,
    contexts: &impl Strategy<Value = W>,
    extract: impl Fn(&W) -> A,
    extend: impl Fn(&W, &dyn Fn(&W) -> A) -> W,
    eq: impl Fn(&W, &W) -> bool,
    eq_element: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error>
where
    A: Clone + Debug,
    W: Debug + Hash,
{
    let mut suite = Suite::new("comonad", settings)?;
    suite.law(
        "left identity",
        "extend(w, extract) = w",
        &softened(contexts),
        |w| vec![Binding::new("w", w)],
        |w| agree(&eq, &extend(w, &extract), w),
    )?;
    suite.law(
        "right identity",
        "extract(extend(w, f)) = f(w)",
        &(softened(contexts), functions::<W, _>(elements)),
        |(w, f)| vec![Binding::new("w", w), Binding::function("f", f)],
        |(w, f)| {
            let left = extract(&extend(w, &|w| f.call(w)));
            agree(&eq_element, &left, f.output(w))
        },
    )?;
    suite.law(
        "associativity",
        "extend(extend(w, f), g) = extend(w, v ↦ g(extend(v, f)))",
        &(
            softened(contexts),
            functions::<W, _>(elements),
            functions::<W, _>(elements),
        ),
        |(w, f, g)| {
            vec![
                Binding::new("w", w),
                Binding::function("f", f),
                Binding::function("g", g),
            ]
        },
        |(w, f, g)| {
            let left = extend(&extend(w, &|v| f.call(v)), &|v| g.call(v));
            let right = extend(w, &|v| g.call(&extend(v, &|v| f.call(v))));
            agree(&eq, &left, &right)
        },
    )?;
    Ok(suite.done())
}
