//! Laws of ways into a whole: to another form of it, to a part it has, to a part it may have.

use std::fmt::Debug;

use proptest::strategy::Strategy;

use super::{Binding, Report, Settings, Suite, agree, holds, implies, several, softened};
use crate::{Error, laws::Outcome};

/// Both forms can be had from each other.
///
/// # Errors
/// See [`Suite::law`].
pub fn isomorphism<A: Debug, B: Debug>(
    settings: &Settings,
    lefts: &impl Strategy<Value = A>,
    rights: &impl Strategy<Value = B>,
    to: impl Fn(&A) -> B,
    from: impl Fn(&B) -> A,
    eq_left: impl Fn(&A, &A) -> bool,
    eq_right: impl Fn(&B, &B) -> bool,
) -> Result<Report, Error> {
    let mut suite = Suite::new("isomorphism", settings)?;
    suite.law(
        "there and back",
        "from(to(a)) = a",
        &softened(lefts),
        |a| vec![Binding::new("a", a)],
        |a| agree(&eq_left, &from(&to(a)), a),
    )?;
    suite.law(
        "back and there",
        "to(from(b)) = b",
        &softened(rights),
        |b| vec![Binding::new("b", b)],
        |b| agree(&eq_right, &to(&from(b)), b),
    )?;
    Ok(suite.done())
}

/// A part that every whole has can be read and replaced, and nothing else changes.
///
/// ```
/// use proptest::prelude::*;
/// use voidstate_properties::laws::{Settings, lens};
///
/// let wholes = any::<(u8, bool)>();
/// let set = |s: &(u8, bool), a: &bool| (s.0, *a);
/// let settings = Settings::default();
/// lens(&settings, &wholes, &any::<bool>(), |s| s.1, set, PartialEq::eq, PartialEq::eq)?;
/// # Ok::<(), voidstate_properties::Error>(())
/// ```
///
/// # Errors
/// See [`Suite::law`].
pub fn lens<S, A>(
    settings: &Settings,
    wholes: &impl Strategy<Value = S>,
    parts: &impl Strategy<Value = A>,
    get: impl Fn(&S) -> A,
    set: impl Fn(&S, &A) -> S,
    eq_whole: impl Fn(&S, &S) -> bool,
    eq_part: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error>
where
    S: Debug,
    A: Clone + Debug,
{
    let mut suite = Suite::new("lens", settings)?;
    suite.law(
        "get then set",
        "set(s, get(s)) = s",
        &softened(wholes),
        |s| vec![Binding::new("s", s)],
        |s| agree(&eq_whole, &set(s, &get(s)), s),
    )?;
    suite.law(
        "set then get",
        "get(set(s, a)) = a",
        &(softened(wholes), softened(parts)),
        |(s, a)| vec![Binding::new("s", s), Binding::new("a", a)],
        |(s, a)| agree(&eq_part, &get(&set(s, a)), a),
    )?;
    set_twice(&mut suite, wholes, parts, &set, &eq_whole)?;
    Ok(suite.done())
}

/// A case of a whole can be recognised and built, and is rebuilt from what was seen in it.
///
/// # Errors
/// See [`Suite::law`]; [`Error::Vacuous`] where no drawn whole has the part.
pub fn prism<S: Debug, A: Debug>(
    settings: &Settings,
    wholes: &impl Strategy<Value = S>,
    parts: &impl Strategy<Value = A>,
    preview: impl Fn(&S) -> Option<A>,
    review: impl Fn(&A) -> S,
    eq_whole: impl Fn(&S, &S) -> bool,
    eq_part: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error> {
    let mut suite = Suite::new("prism", settings)?;
    suite.law(
        "build then see",
        "preview(review(a)) = Some(a)",
        &softened(parts),
        |a| vec![Binding::new("a", a)],
        |a| {
            let seen = preview(&review(a));
            let same = seen.as_ref().is_some_and(|seen| eq_part(seen, a));
            holds(same, || format!("{seen:?}"), &format!("Some({a:?})"))
        },
    )?;
    suite.law(
        "see then build",
        "preview(s) = Some(a) ⇒ review(a) = s",
        &softened(wholes),
        |s| vec![Binding::new("s", s)],
        |s| match preview(s) {
            Some(a) => agree(&eq_whole, &review(&a), s),
            None => Outcome::Vacuous,
        },
    )?;
    Ok(suite.done())
}

/// A part that a whole may have can be read and replaced where it is; elsewhere replacing does nothing.
///
/// # Errors
/// See [`Suite::law`]; [`Error::Vacuous`] where no drawn whole has the part, or every one has.
pub fn affine_traversal<S, A>(
    settings: &Settings,
    wholes: &impl Strategy<Value = S>,
    parts: &impl Strategy<Value = A>,
    preview: impl Fn(&S) -> Option<A>,
    set: impl Fn(&S, &A) -> S,
    eq_whole: impl Fn(&S, &S) -> bool,
    eq_part: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error>
where
    S: Debug,
    A: Clone + Debug,
{
    let mut suite = Suite::new("affine traversal", settings)?;
    suite.law(
        "see then set",
        "preview(s) = Some(a) ⇒ set(s, a) = s",
        &softened(wholes),
        |s| vec![Binding::new("s", s)],
        |s| match preview(s) {
            Some(a) => agree(&eq_whole, &set(s, &a), s),
            None => Outcome::Vacuous,
        },
    )?;
    let both = (softened(wholes), softened(parts));
    let show = |(s, a): &(S, A)| vec![Binding::new("s", s), Binding::new("a", a)];
    suite.law(
        "set then see",
        "preview(s) = Some(_) ⇒ preview(set(s, a)) = Some(a)",
        &both,
        show,
        |(s, a)| {
            implies(preview(s).is_some(), || {
                let seen = preview(&set(s, a));
                let same = seen.as_ref().is_some_and(|seen| eq_part(seen, a));
                holds(same, || format!("{seen:?}"), &format!("Some({a:?})"))
            })
        },
    )?;
    suite.law(
        "absent stays absent",
        "preview(s) = None ⇒ set(s, a) = s",
        &both,
        show,
        |(s, a)| implies(preview(s).is_none(), || agree(&eq_whole, &set(s, a), s)),
    )?;
    set_twice(&mut suite, wholes, parts, &set, &eq_whole)?;
    Ok(suite.done())
}

/// The second of two replacements is the one that counts.
fn set_twice<S, A>(
    suite: &mut Suite<'_>,
    wholes: &impl Strategy<Value = S>,
    parts: &impl Strategy<Value = A>,
    set: &impl Fn(&S, &A) -> S,
    eq: &impl Fn(&S, &S) -> bool,
) -> Result<(), Error>
where
    S: Debug,
    A: Clone + Debug,
{
    suite.law(
        "set twice",
        "set(set(s, a), b) = set(s, b)",
        &(softened(wholes), several(parts)),
        |(s, [a, b])| {
            vec![
                Binding::new("s", s),
                Binding::new("a", a),
                Binding::new("b", b),
            ]
        },
        |(s, [a, b])| agree(eq, &set(&set(s, a), b), &set(s, b)),
    )
}
