//! The value that must be used.

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;

use crate::policy::{Affine, Bomb, Policy, Scope, Static, Unscoped, Warn};

/// A value that must be used exactly once; what happens otherwise is said by `P`.
///
/// To use it is [`consume`](Self::consume), or [`finish`](Self::finish) inside [`with`](Self::with). Whatever takes `self`
/// and gives a `Linear` back hands the obligation on.
///
/// `P` adds nothing to the size of `T`, but for [`Warn`](crate::Warn).
#[must_use = "a linear value must be used: `consume` or `finish` it, or hand it on"]
pub struct Linear<T, P: Policy = Scope<'static>> {
    // Dropped first, so that a destructor that panics finds the bomb quiet.
    value: T,
    mark: P::Mark,
    seal: Seal<T, P>,
}

/// What notices that the value goes unused. It holds nothing, so forgetting it loses nothing.
struct Seal<T, P: Policy>(PhantomData<fn() -> (T, P)>);

impl<T, P: Policy> Drop for Seal<T, P> {
    #[inline]
    fn drop(&mut self) {
        const {
            assert!(
                !P::FORBIDS_DROP,
                "a linear value of the policy `Static` can be dropped unused here: use it on every path; where panics \
                 unwind, hand it through calls (`map`, `apply`) instead of keeping it across them"
            );
        }
        P::broken(type_name::<T>());
    }
}

impl<T, P: Policy> Linear<T, P> {
    #[inline]
    pub(crate) const fn sealed(value: T, mark: P::Mark) -> Self {
        Self {
            value,
            mark,
            seal: Seal(PhantomData),
        }
    }

    #[inline]
    pub(crate) fn unseal(self) -> (T, P::Mark) {
        // No call may stand before this one: were it to unwind, the seal would be dropped, which `Static` does not allow.
        let Self { value, mark, seal } = self;
        std::mem::forget(seal);
        (value, mark)
    }

    /// Looks at the value.
    #[inline]
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// Changes the value; the obligation is that of the wrapper and stays.
    #[inline]
    pub const fn get_mut(&mut self) -> &mut T {
        &mut self.value
    }

    /// Turns the value into another; the obligation goes on to it.
    ///
    /// A panic of `change` unwinds: the value is lost with the call, [`Warn`](crate::Warn) records it, the others let it be.
    #[inline]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Linear<U, P> {
        let (value, mark) = self.unseal();
        let value = change(value);
        Linear::sealed(value, mark)
    }

    /// Works on the value and hands it on.
    ///
    /// A panic of `work` unwinds as in [`map`](Self::map).
    #[inline]
    pub fn apply<R>(self, work: impl FnOnce(&mut T) -> R) -> (R, Self) {
        let (mut value, mark) = self.unseal();
        let result = work(&mut value);
        (result, Self::sealed(value, mark))
    }

    /// Takes the value out and puts another in its place, which bears the obligation from then on.
    #[inline]
    pub fn exchange<U>(self, other: U) -> (T, Linear<U, P>) {
        let (value, mark) = self.unseal();
        (value, Linear::sealed(other, mark))
    }
}

impl<T, P: Unscoped> Linear<T, P> {
    /// Makes `value` linear.
    ///
    /// Under [`Warn`](crate::Warn) it is entered in [`Ledger::process`](crate::Ledger::process) with the caller's place.
    #[inline]
    #[track_caller]
    pub fn new(value: T) -> Self {
        Self::sealed(value, P::begin(type_name::<T>(), Location::caller()))
    }

    /// Uses it: gives the value, and the obligation is met.
    #[inline]
    pub fn consume(self) -> T {
        let (value, mark) = self.unseal();
        P::close(mark);
        value
    }
}

macro_rules! under {
    ($($policy:ident $make:ident),+) => {$(
        impl<T> Linear<T, $policy> {
            #[doc = concat!("Makes `value` linear under the policy [`", stringify!($policy), "`](crate::", stringify!($policy), ").")]
            #[inline]
            #[track_caller]
            pub fn $make(value: T) -> Self {
                Self::new(value)
            }
        }
    )+};
}
under!(Affine affine, Warn warn, Bomb bomb, Static checked);

impl<T: fmt::Debug, P: Policy> fmt::Debug for Linear<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Linear").field(&self.value).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_adds_no_byte() {
        assert_eq!(size_of::<Linear<u64, Affine>>(), 8);
        assert_eq!(size_of::<Linear<u64, Bomb>>(), 8);
        assert_eq!(size_of::<Linear<u64, Static>>(), 8);
        assert_eq!(size_of::<Linear<u64, Scope<'static>>>(), 8);
        assert_eq!(size_of::<Linear<(), Bomb>>(), 0);
        assert_eq!(size_of::<Linear<u64, Warn>>(), 8 + 2 * size_of::<usize>());
        assert_eq!(
            size_of::<Option<Linear<Box<u8>, Bomb>>>(),
            size_of::<usize>()
        );
    }
}
