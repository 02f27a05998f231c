//! Laws of ways to every one of many parts.

use std::fmt::Debug;
use std::hash::Hash;

use proptest::collection::vec;
use proptest::strategy::Strategy;

use super::{Binding, Outcome, Report, Settings, Suite, agree, functions, holds, softened};
use crate::Error;

/// Parts visited by one law at most; a drawn whole may have more, the rest is then left as it is.
const WRITTEN_MAX: usize = 16;

/// Every part is visited once, in one order, and nothing else changes.
///
/// `list` gives the parts in order. `traverse` calls the visitor with each part in order and puts what it answers in the
/// part's place. A visitor with memory is a traversal in the state applicative: reading alone is its constant case,
/// a visitor without memory its identity case, and two visitors one after the other their composition.
///
/// ```
/// use proptest::prelude::*;
/// use voidstate_properties::laws::{Settings, traversal};
///
/// let wholes = any::<(u8, u8)>();
/// let visit = |s: &(u8, u8), f: &mut dyn FnMut(&u8) -> u8| (f(&s.0), f(&s.1));
/// let list = |s: &(u8, u8)| vec![s.0, s.1];
/// let settings = Settings::default();
/// traversal(&settings, &wholes, &any::<u8>(), list, visit, PartialEq::eq, PartialEq::eq)?;
/// # Ok::<(), voidstate_properties::Error>(())
/// ```
///
/// # Errors
/// See [`Suite::law`].
pub fn traversal<S, A>(
    settings: &Settings,
    wholes: &impl Strategy<Value = S>,
    parts: &impl Strategy<Value = A>,
    list: impl Fn(&S) -> Vec<A>,
    traverse: impl Fn(&S, &mut dyn FnMut(&A) -> A) -> S,
    eq_whole: impl Fn(&S, &S) -> bool,
    eq_part: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error>
where
    S: Debug,
    A: Clone + Debug + Hash,
{
    let mut suite = Suite::new("traversal", settings)?;
    suite.law(
        "identity",
        "traverse(s, a ↦ a) = s",
        &softened(wholes),
        |s| vec![Binding::new("s", s)],
        |s| agree(&eq_whole, &traverse(s, &mut A::clone), s),
    )?;
    suite.law(
        "contents",
        "the parts visited, in order = list(s)",
        &softened(wholes),
        |s| vec![Binding::new("s", s)],
        |s| {
            let mut visited = Vec::new();
            traverse(s, &mut |a| {
                visited.push(a.clone());
                a.clone()
            });
            agree(|a, b| same_list(a, b, &eq_part), &visited, &list(s))
        },
    )?;
    suite.law(
        "composition",
        "traverse(traverse(s, f), g) = traverse(s, a ↦ g(f(a)))",
        &(softened(wholes), functions(parts), functions(parts)),
        |(s, f, g)| {
            vec![
                Binding::new("s", s),
                Binding::function("f", f),
                Binding::function("g", g),
            ]
        },
        |(s, f, g)| {
            let twice = traverse(&traverse(s, &mut |a| f.call(a)), &mut |a| g.call(a));
            let once = traverse(s, &mut |a| g.call(f.output(a)));
            agree(&eq_whole, &twice, &once)
        },
    )?;
    suite.law(
        "each part has a place of its own",
        "list(s with the n-th visited part replaced by b[n]) = b",
        &(softened(wholes), vec(softened(parts), WRITTEN_MAX)),
        |(s, b)| {
            let b = b.get(..list(s).len()).unwrap_or(b);
            vec![Binding::new("s", s), Binding::new("b", &b)]
        },
        |(s, b)| {
            if list(s).len() > b.len() {
                return Outcome::Vacuous;
            }
            let mut written = Vec::new();
            let after = traverse(s, &mut |a| {
                let new = b.get(written.len()).unwrap_or(a).clone();
                written.push(new.clone());
                new
            });
            agree(|a, b| same_list(a, b, &eq_part), &list(&after), &written)
        },
    )?;
    suite.law(
        "composition in order",
        "visiting with f by number, then g by number = visiting once with both",
        &(
            softened(wholes),
            functions::<(usize, A), _>(parts),
            functions::<(usize, A), _>(parts),
        ),
        |(s, f, g)| {
            vec![
                Binding::new("s", s),
                Binding::function("f", f),
                Binding::function("g", g),
            ]
        },
        |(s, f, g)| {
            let numbered = |s: &S, h: &dyn Fn(usize, &A) -> A| {
                let mut number = 0;
                traverse(s, &mut |a| {
                    number += 1;
                    h(number - 1, a)
                })
            };
            let first = numbered(s, &|n, a| f.call(&(n, a.clone())));
            let twice = numbered(&first, &|n, a| g.call(&(n, a.clone())));
            let once = numbered(s, &|n, a| g.call(&(n, f.call(&(n, a.clone())))));
            agree(&eq_whole, &twice, &once)
        },
    )?;
    suite.law(
        "shape",
        "traverse changes no number of parts",
        &(softened(wholes), functions(parts)),
        |(s, f)| vec![Binding::new("s", s), Binding::function("f", f)],
        |(s, f)| {
            let (before, after) = (list(s), list(&traverse(s, &mut |a| f.call(a))));
            let found = || format!("{} parts", after.len());
            let expected = format!("{} parts", before.len());
            holds(before.len() == after.len(), found, &expected)
        },
    )?;
    Ok(suite.done())
}

fn same_list<A>(a: &[A], b: &[A], eq: impl Fn(&A, &A) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| eq(a, b))
}
