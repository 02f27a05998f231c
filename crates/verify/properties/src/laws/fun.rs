//! Functions that can be drawn, printed and shrunk.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::Strategy;

use super::draw::softened;

/// Most outputs of a drawn function.
const OUTPUTS_MAX: usize = 4;

/// A pure total function from `A` to `B` with finitely many outputs, chosen by the argument's hash.
///
/// Equal arguments must hash equally. Printed, it is the table of the arguments it was applied to since it was first
/// shown by a suite: `{3 ↦ 7, 4 ↦ 0}`, or `_ ↦ 7` where it is constant. It shrinks towards constant functions.
pub struct Fun<A, B> {
    salt: u64,
    first: B,
    others: Vec<B>,
    seen: Seen,
    argument: PhantomData<fn(&A) -> B>,
}

/// Arguments by hash, as text, with the output's place.
type Seen = Arc<OnceLock<Mutex<Vec<(u64, String, usize)>>>>;

impl<A, B: Clone> Clone for Fun<A, B> {
    /// Both copies note their arguments in one place.
    fn clone(&self) -> Self {
        Self {
            salt: self.salt,
            first: self.first.clone(),
            others: self.others.clone(),
            seen: Arc::clone(&self.seen),
            argument: PhantomData,
        }
    }
}

impl<A: Hash + fmt::Debug, B: Clone> Fun<A, B> {
    /// The function of `a`.
    pub fn call(&self, a: &A) -> B {
        self.output(a).clone()
    }

    /// The function of `a`, borrowed.
    pub fn output(&self, a: &A) -> &B {
        if self.others.is_empty() {
            return &self.first;
        }
        let mut hasher = Fnv(self.salt ^ FNV_START);
        a.hash(&mut hasher);
        let key = mixed(hasher.finish());
        let outputs = self.others.len() as u64 + 1;
        let place = usize::try_from(key % outputs).unwrap_or(0);
        if let Some(seen) = self.seen.get() {
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            if !seen.iter().any(|(k, ..)| *k == key) {
                seen.push((key, format!("{a:?}"), place));
            }
        }
        self.at(place)
    }
}

impl<A, B> Fun<A, B> {
    /// From now on arguments are noted, so that they can be printed.
    pub fn watch(&self) {
        let _ = self.seen.set(Mutex::new(Vec::new()));
    }

    fn at(&self, place: usize) -> &B {
        let other = place.checked_sub(1).and_then(|p| self.others.get(p));
        other.unwrap_or(&self.first)
    }
}

impl<A, B: fmt::Debug> fmt::Debug for Fun<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.others.is_empty() {
            return write!(f, "_ ↦ {:?}", self.first);
        }
        let Some(seen) = self.seen.get() else {
            let outputs = 1 + self.others.len();
            return write!(f, "function {:#x} with {outputs} outputs", self.salt);
        };
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.is_empty() {
            return f.write_str("never applied");
        }
        f.write_str("{")?;
        for (i, (_, argument, place)) in seen.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{argument} ↦ {:?}", self.at(*place))?;
        }
        f.write_str("}")
    }
}

/// Functions from any hashed `A` to values of `outputs`; up to 4 different outputs each.
pub fn functions<A, S>(outputs: S) -> impl Strategy<Value = Fun<A, S::Value>> + Clone
where
    S: Strategy + Clone,
    S::Value: Clone,
{
    let others = vec(softened(outputs.clone()), 0..OUTPUTS_MAX);
    (any::<u64>().no_shrink(), softened(outputs), others).prop_map(|(salt, first, others)| Fun {
        salt,
        first,
        others,
        seen: Seen::default(),
        argument: PhantomData,
    })
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a: the standard library's hashers promise no answer that stays.
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// FNV-1a of some bytes, mixed.
pub(crate) fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    let mut hasher = Fnv(FNV_START);
    for byte in bytes {
        hasher.write(&[byte]);
    }
    mixed(hasher.finish())
}

/// Spreads every bit over all (the finaliser of SplitMix64).
fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    #[test]
    fn a_function_is_pure_and_prints_what_it_was_applied_to() {
        let mut runner = TestRunner::deterministic();
        let mut varied = 0;
        for _ in 0..100 {
            let tree = functions::<u8, _>(0_u8..9).new_tree(&mut runner).unwrap();
            let (f, again) = (tree.current(), tree.current());
            let values: Vec<u8> = (0..=255).map(|a| f.call(&a)).collect();
            assert!((0..=255).all(|a| again.call(&a) == values[usize::from(a)]));
            varied += usize::from(values.iter().any(|v| *v != values[0]));
            f.watch();
            let at_3 = f.call(&3);
            let text = format!("{f:?}");
            assert!(
                text == format!("{{3 ↦ {at_3}}}") || text == format!("_ ↦ {at_3}"),
                "{text}"
            );
        }
        assert!(varied > 30, "{varied}");
    }

    #[test]
    fn functions_shrink_to_constants() {
        let mut runner = TestRunner::deterministic();
        let mut tree = functions::<u8, _>(0_u8..9).new_tree(&mut runner).unwrap();
        while tree.simplify() {}
        assert_eq!(format!("{:?}", tree.current()), "_ ↦ 0");
    }
}
