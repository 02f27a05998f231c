//! Laws of containers that can be mapped and combined.

use std::fmt::Debug;
use std::hash::Hash;

use proptest::strategy::Strategy;

use super::{Binding, Paired, Report, Settings, Suite, agree, functions, several, softened};
use crate::Error;

/// `map` keeps the shape: it respects the identity and composition.
///
/// ```
/// use proptest::{collection::vec, prelude::*};
/// use voidstate_properties::laws::{Settings, functor};
///
/// let map = |list: &Vec<u8>, f: &dyn Fn(&u8) -> u8| list.iter().map(f).collect();
/// functor(&Settings::default(), &any::<u8>(), &vec(any::<u8>(), 0..5), map, PartialEq::eq)?;
/// # Ok::<(), voidstate_properties::Error>(())
/// ```
///
/// # Errors
/// See [`Suite::law`].
pub fn functor<A, F>(
    settings: &Settings,
    elements: &impl Strategy<Value = A>,
    contexts: &impl Strategy<Value = F>,
    map: impl Fn(&F, &dyn Fn(&A) -> A) -> F,
    eq: impl Fn(&F, &F) -> bool,
) -> Result<Report, Error>
where
    A: Clone + Debug + Hash,
    F: Debug,
{
    let mut suite = Suite::new("functor", settings)?;
    suite.law(
        "identity",
        "map(u, a ↦ a) = u",
        &softened(contexts),
        |u| vec![Binding::new("u", u)],
        |u| agree(&eq, &map(u, &A::clone), u),
    )?;
    suite.law(
        "composition",
        "map(map(u, f), g) = map(u, a ↦ g(f(a)))",
        &(softened(contexts), functions(elements), functions(elements)),
        |(u, f, g)| {
            let functions = [Binding::function("f", f), Binding::function("g", g)];
            [Binding::new("u", u)]
                .into_iter()
                .chain(functions)
                .collect()
        },
        |(u, f, g)| {
            let twice = map(&map(u, &|a| f.call(a)), &|a| g.call(a));
            agree(&eq, &twice, &map(u, &|a| g.call(f.output(a))))
        },
    )?;
    Ok(suite.done())
}

/// `pure` and `map2` combine contexts without anything but the contexts deciding what happens.
///
/// Elements are [`Paired`], so that contexts of pairs are contexts too; `map(u, f)` is `map2(pure(x), u, (_, a) ↦ f(a))`.
///
/// # Errors
/// See [`Suite::law`].
pub fn applicative<W, F>(
    settings: &Settings,
    elements: &impl Strategy<Value = W>,
    contexts: &impl Strategy<Value = F>,
    pure: impl Fn(&W) -> F,
    map2: impl Fn(&F, &F, &dyn Fn(&W, &W) -> W) -> F,
    eq: impl Fn(&F, &F) -> bool,
) -> Result<Report, Error>
where
    W: Paired + Hash,
    F: Clone + Debug,
{
    let mut suite = Suite::new("applicative", settings)?;
    let one_of_each = (softened(elements), softened(contexts));
    let show = |(x, u): &(W, F)| vec![Binding::new("x", x), Binding::new("u", u)];
    suite.law(
        "left identity",
        "map2(pure(x), u, right) = u",
        &one_of_each,
        show,
        |(x, u)| agree(&eq, &map2(&pure(x), u, &|_, a| a.clone()), u),
    )?;
    suite.law(
        "right identity",
        "map2(u, pure(x), left) = u",
        &one_of_each,
        show,
        |(x, u)| agree(&eq, &map2(u, &pure(x), &|a, _| a.clone()), u),
    )?;
    suite.law(
        "homomorphism",
        "map2(pure(x), pure(y), pair) = pure(pair(x, y))",
        &several(elements),
        |[x, y]| vec![Binding::new("x", x), Binding::new("y", y)],
        |[x, y]| agree(&eq, &map2(&pure(x), &pure(y), &W::pair), &pure(&x.pair(y))),
    )?;
    suite.law(
        "interchange",
        "map2(u, pure(x), pair) = map2(pure(x), u, (y, a) ↦ pair(a, y))",
        &one_of_each,
        show,
        |(x, u)| {
            let swapped = map2(&pure(x), u, &|y, a| a.pair(y));
            agree(&eq, &map2(u, &pure(x), &W::pair), &swapped)
        },
    )?;
    suite.law(
        "composition",
        "(u, v) before w = u before (v, w)",
        &several(contexts),
        |[u, v, w]| {
            vec![
                Binding::new("u", u),
                Binding::new("v", v),
                Binding::new("w", w),
            ]
        },
        |[u, v, w]| {
            let left = map2(&map2(u, v, &W::pair), w, &|ab, c| {
                let (a, b) = ab.split();
                a.pair(&b.pair(c))
            });
            agree(&eq, &left, &map2(u, &map2(v, w, &W::pair), &W::pair))
        },
    )?;
    suite.law(
        "naturality",
        "map2(map(u, f), map(v, g), pair) = map2(u, v, (a, b) ↦ pair(f(a), g(b)))",
        &(
            several(contexts),
            softened(elements),
            functions(elements),
            functions(elements),
        ),
        |([u, v], x, f, g)| {
            vec![
                Binding::new("u", u),
                Binding::new("v", v),
                Binding::new("x", x),
                Binding::function("f", f),
                Binding::function("g", g),
            ]
        },
        |([u, v], x, f, g)| {
            let fu = map2(&pure(x), u, &|_, a| f.call(a));
            let gv = map2(&pure(x), v, &|_, b| g.call(b));
            let right = map2(u, v, &|a, b| f.output(a).pair(g.output(b)));
            agree(&eq, &map2(&fu, &gv, &W::pair), &right)
        },
    )?;
    Ok(suite.done())
}
