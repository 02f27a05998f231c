//! Values that were checked once and are known to hold ever after.

mod float;
mod list;
pub mod rule;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;

pub use rule::{Order, Rule};

use crate::Error;

/// A `T` that satisfies the rule `R`. The value is private and never handed out for changing, so the only ways to get one are
/// a check and operations that keep the rule.
///
/// What can change behind a shared reference (`Cell`, a lock) is outside the promise.
pub struct Refined<T, R> {
    value: T,
    rule: PhantomData<fn() -> R>,
}

/// A number in [0, 1].
pub type Probability = Refined<f64, rule::InUnit>;
/// A finite number above 0.
pub type Positive<T = f64> = Refined<T, rule::AboveZero>;
/// A finite number, 0 or above.
pub type NonNegative<T = f64> = Refined<T, rule::NotBelowZero>;
/// Neither NaN nor infinite.
pub type Finite<T = f64> = Refined<T, rule::IsFinite>;
/// At least one item.
pub type NonEmpty<T> = Refined<Vec<T>, rule::HasItems>;
/// Items in ascending order, equal ones allowed.
pub type Sorted<T> = Refined<Vec<T>, rule::Ascending>;
/// An integer from `LOW` to `HIGH`, both included.
pub type Bounded<const LOW: i128, const HIGH: i128, T = i64> = Refined<T, rule::Within<LOW, HIGH>>;

impl<T, R> Refined<T, R> {
    /// Checks `value`; the cost is that of the rule.
    ///
    /// # Errors
    /// [`Error::Refused`] with what the rule expects and the value.
    pub fn new(value: T) -> Result<Self, Error>
    where
        T: fmt::Debug,
        R: Rule<T>,
    {
        if R::accepts(&value) {
            Ok(Self::proved(value))
        } else {
            Err(Error::Refused {
                expected: R::expected(),
                found: short(&value),
            })
        }
    }

    /// Only for values that hold by the operation that made them.
    pub(crate) fn proved(value: T) -> Self {
        Self {
            value,
            rule: PhantomData,
        }
    }

    pub(crate) fn value_mut(&mut self) -> &mut T {
        &mut self.value
    }

    /// The value.
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// The value, owned; it is no longer known to hold.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The value changed and checked again.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn try_map(self, change: impl FnOnce(T) -> T) -> Result<Self, Error>
    where
        T: fmt::Debug,
        R: Rule<T>,
    {
        Self::new(change(self.value))
    }
}

/// Text of at most 64 characters, written no further than that.
fn short(value: &impl fmt::Debug) -> String {
    use fmt::Write;

    struct Cut(String, usize);
    impl Write for Cut {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            for c in text.chars() {
                if self.1 == 0 {
                    self.0.push('…');
                    return Err(fmt::Error);
                }
                self.1 -= 1;
                self.0.push(c);
            }
            Ok(())
        }
    }
    let mut cut = Cut(String::new(), 64);
    // The error means that enough was written.
    let _ = write!(cut, "{value:?}");
    cut.0
}

impl<const LOW: i128, const HIGH: i128> Bounded<LOW, HIGH, i64> {
    /// The number `N`, checked when the program is built.
    #[must_use]
    pub const fn of<const N: i64>() -> Self {
        const {
            assert!(
                N as i128 >= LOW && N as i128 <= HIGH,
                "the number lies in its bounds"
            )
        };
        Self {
            value: N,
            rule: PhantomData,
        }
    }
}

impl<T, R> Deref for Refined<T, R> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T, R> AsRef<T> for Refined<T, R> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

impl<T: Clone, R> Clone for Refined<T, R> {
    fn clone(&self) -> Self {
        Self::proved(self.value.clone())
    }
}

impl<T: Copy, R> Copy for Refined<T, R> {}

impl<T: fmt::Debug, R> fmt::Debug for Refined<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: fmt::Display, R> fmt::Display for Refined<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: PartialEq, R> PartialEq for Refined<T, R> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// Where the rule leaves nothing out of the order: so for floats too, since no rule for them accepts NaN.
impl<T: PartialEq, R: Order<T>> Eq for Refined<T, R> {}

impl<T: PartialOrd, R: Order<T>> PartialOrd for Refined<T, R> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: PartialOrd, R: Order<T>> Ord for Refined<T, R> {
    fn cmp(&self, other: &Self) -> Ordering {
        R::order(&self.value, &other.value)
    }
}

impl<T: Hash, R> Hash for Refined<T, R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_in_the_error() {
        let long = Sorted::new((0..100_000).rev().collect::<Vec<u32>>()).unwrap_err();
        let Error::Refused { found, .. } = &long else {
            panic!("{long}");
        };
        assert_eq!(found.chars().count(), 65);
    }

    #[test]
    fn bounds_are_checked_when_built_or_now() {
        assert_eq!(*Bounded::<-1, 9>::of::<7>(), 7);
        assert!(Bounded::<-1, 9>::new(10).is_err() && Bounded::<-1, 9, i8>::new(-1).is_ok());
        assert!(Bounded::<0, 9, u64>::new(u64::MAX).is_err());
    }

    #[test]
    fn texts_name_value_and_rule() {
        let error = Probability::new(1.5).unwrap_err();
        assert_eq!(
            error.to_string(),
            "1.5 is not a probability in [0, 1]; check the value where it enters"
        );
        assert_eq!(
            Finite::new(f64::NAN)
                .unwrap_err()
                .to_string()
                .split(' ')
                .next(),
            Some("NaN")
        );
    }
}
