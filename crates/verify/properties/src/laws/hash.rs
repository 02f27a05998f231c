//! Laws of keys: hashing agrees with equality.

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};

use proptest::strategy::Strategy;

use super::order::equivalence_laws;
use super::over::Over;
use super::{Report, Settings, agree, implies};
use crate::Error;

/// [`Eq`] is an equivalence and [`Hash`] gives equal values equal hashes.
///
/// Draw from so small a domain that values equal but not identical occur, or a hash that looks at what equality ignores
/// stays unseen.
///
/// ```
/// use proptest::prelude::*;
/// use voidstate_properties::laws::{Settings, hash_eq};
///
/// hash_eq(&Settings::default(), &any::<(u8, String)>())?;
/// # Ok::<(), voidstate_properties::Error>(())
/// ```
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn hash_eq<A: Clone + Debug + Eq + Hash>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
) -> Result<Report, Error> {
    let hash = |a: &A| {
        let mut hasher = DefaultHasher::new();
        a.hash(&mut hasher);
        hasher.finish()
    };
    hash_eq_by(settings, values, A::eq, hash)
}

/// [`hash_eq`] for an equality and a hash of your own.
///
/// # Errors
/// See [`Suite::law`](super::Suite::law).
pub fn hash_eq_by<A: Clone + Debug>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    eq: impl Fn(&A, &A) -> bool,
    hash: impl Fn(&A) -> u64,
) -> Result<Report, Error> {
    let mut over = Over::new("hash/eq", settings, values)?;
    equivalence_laws(&mut over, &eq)?;
    over.one("repeatable", "hash(a) = hash(a)", |a| {
        agree(u64::eq, &hash(a), &hash(a))
    })?;
    over.one("clones", "clone(a) = a and hash(clone(a)) = hash(a)", |a| {
        let copy = a.clone();
        let same = (eq(&copy, a), hash(&copy));
        agree(PartialEq::eq, &same, &(true, hash(a)))
    })?;
    over.two("consistency", "a = b ⇒ hash(a) = hash(b)", |a, b| {
        implies(eq(a, b), || agree(u64::eq, &hash(a), &hash(b)))
    })?;
    Ok(over.suite.done())
}
