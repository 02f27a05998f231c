//! Ways from one context to another that do not look at what is inside.

use std::fmt::Debug;

use super::Functor;
use crate::{Checked, Counterexample, Unverified};

/// A way from the context `F` to another around the same contents, for each type of contents.
///
/// Law (naturality): mapping before or after is the same, `apply(fa.fmap(g))` is `apply(fa).fmap(g)`.
///
/// ```
/// use voidstate_category::functor::{NaturalTransformation, Window, verify_naturality};
///
/// struct Newest;
/// impl<'a, A> NaturalTransformation<'a, Window<A>> for Newest {
///     type To = Option<A>;
///     fn apply(&self, window: Window<A>) -> Option<A> { window.into_samples().pop() }
/// }
/// let windows = [Window::new(vec![1, 2])?, Window::new(vec![3])?];
/// let functions: [(&str, fn(i32) -> String); 1] = [("to_string", |x| x.to_string())];
/// let checked = verify_naturality(&Newest, &windows, &functions).unwrap();
/// assert_eq!(checked.to_string(), "naturality: 2 cases");
/// # Ok::<(), voidstate_category::Error>(())
/// ```
pub trait NaturalTransformation<'a, F: Functor<'a>> {
    /// The other context.
    type To: Functor<'a, Inner = F::Inner>;

    /// The same contents in the other context.
    fn apply(&self, from: F) -> Self::To;
}

/// Tries naturality on every one of `contexts` with every one of `functions`, which are pairs of a name and a function.
///
/// # Errors
/// [`Unverified::Broken`] with the first context and function that break it; [`Unverified::NothingToCheck`] without a
/// context or a function.
pub fn verify_naturality<'a, N, F, B, G>(
    transformation: &N,
    contexts: &[F],
    functions: &[(&str, G)],
) -> Result<Checked, Unverified>
where
    F: Functor<'a> + Clone + Debug,
    B: 'a,
    G: Fn(F::Inner) -> B + Clone + 'a,
    N: NaturalTransformation<'a, F>
        + NaturalTransformation<
            'a,
            F::Of<B>,
            To = <<N as NaturalTransformation<'a, F>>::To as Functor<'a>>::Of<B>,
        >,
    <<N as NaturalTransformation<'a, F>>::To as Functor<'a>>::Of<B>: PartialEq + Debug,
{
    let mut checked = Checked::default();
    for context in contexts {
        for (name, function) in functions {
            let left = transformation.apply(context.clone().fmap(function.clone()));
            let here: <N as NaturalTransformation<'a, F>>::To =
                transformation.apply(context.clone());
            let right = here.fmap(function.clone());
            if left != right {
                return Err(Unverified::from(Counterexample {
                    law: "naturality",
                    statement: "apply(fa.fmap(g)) = apply(fa).fmap(g)",
                    morphisms: vec![(*name).to_owned()],
                    input: format!("{context:?}"),
                    left: format!("{left:?}"),
                    right: format!("{right:?}"),
                }));
            }
            checked.count("naturality");
        }
    }
    if contexts.is_empty() || functions.is_empty() {
        let missing = if contexts.is_empty() {
            "context"
        } else {
            "function"
        };
        return Err(Unverified::nothing(
            "naturality",
            format!("no {missing} was given"),
            checked,
        ));
    }
    Ok(checked)
}
