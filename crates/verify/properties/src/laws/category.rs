//! Laws of things that compose.

use std::fmt::Debug;

use proptest::strategy::Strategy;

use super::{Binding, Report, Settings, Suite, agree, several, softened};
use crate::Error;

/// Arrows of one object, told apart by what they do.
///
/// A category with several objects is checked object by object, or with the sum of its objects as the one.
pub trait Category {
    /// An arrow.
    type Arrow: Clone + Debug;
    /// What an arrow is tried on.
    type Input: Debug;
    /// What is seen of it then.
    type Output: Debug;

    /// The arrow that does nothing.
    fn identity(&self) -> Self::Arrow;
    /// `first`, then `second`.
    fn compose(&self, first: &Self::Arrow, second: &Self::Arrow) -> Self::Arrow;
    /// Tries an arrow.
    fn run(&self, arrow: &Self::Arrow, input: &Self::Input) -> Self::Output;
    /// Whether two answers count as equal.
    fn same(&self, left: &Self::Output, right: &Self::Output) -> bool;
}

/// Composition is associative and the identity neutral, for all that can be seen.
///
/// # Errors
/// See [`Suite::law`].
pub fn category<C: Category>(
    settings: &Settings,
    instance: &C,
    arrows: &impl Strategy<Value = C::Arrow>,
    inputs: &impl Strategy<Value = C::Input>,
) -> Result<Report, Error> {
    let mut suite = Suite::new("category", settings)?;
    let eq = |a: &C::Output, b: &C::Output| instance.same(a, b);
    let unit = instance.identity();
    let one = (softened(arrows), softened(inputs));
    let show = |(f, x): &(C::Arrow, C::Input)| vec![Binding::new("f", f), Binding::new("x", x)];
    suite.law(
        "left identity",
        "(id ; f)(x) = f(x)",
        &one,
        show,
        |(f, x)| {
            let composed = instance.compose(&unit, f);
            agree(eq, &instance.run(&composed, x), &instance.run(f, x))
        },
    )?;
    suite.law(
        "right identity",
        "(f ; id)(x) = f(x)",
        &one,
        show,
        |(f, x)| {
            let composed = instance.compose(f, &unit);
            agree(eq, &instance.run(&composed, x), &instance.run(f, x))
        },
    )?;
    suite.law(
        "associativity",
        "((f ; g) ; h)(x) = (f ; (g ; h))(x)",
        &(several(arrows), softened(inputs)),
        |([f, g, h], x)| {
            let arrows = [("f", f), ("g", g), ("h", h)].map(|(n, v)| Binding::new(n, v));
            arrows.into_iter().chain([Binding::new("x", x)]).collect()
        },
        |([f, g, h], x)| {
            let left = instance.compose(&instance.compose(f, g), h);
            let right = instance.compose(f, &instance.compose(g, h));
            agree(eq, &instance.run(&left, x), &instance.run(&right, x))
        },
    )?;
    Ok(suite.done())
}
