//! What may be demanded of a value.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::marker::PhantomData;

/// A demand on values of type `T`, usually borne by a type without values.
///
/// Laws: `accepts` gives the same answer for the same value, and does not panic.
#[diagnostic::on_unimplemented(
    message = "the rule `{Self}` says nothing about `{T}`",
    note = "implement `voidstate_dependent::Rule<{T}>` for `{Self}`"
)]
pub trait Rule<T> {
    /// What is accepted, with its article: "a probability in [0, 1]".
    fn expected() -> Cow<'static, str>;
    /// Whether it is.
    fn accepts(value: &T) -> bool;
}

/// A rule under which any two accepted values can be compared.
///
/// Law: `order` agrees with `partial_cmp` and is total on what the rule accepts.
pub trait Order<T>: Rule<T> {
    /// Which of two accepted values comes first.
    fn order(a: &T, b: &T) -> Ordering;
}

/// In [0, 1].
#[derive(Debug, Clone, Copy)]
pub struct InUnit;
/// Finite and above 0.
#[derive(Debug, Clone, Copy)]
pub struct AboveZero;
/// Finite and not below 0.
#[derive(Debug, Clone, Copy)]
pub struct NotBelowZero;
/// Neither NaN nor infinite.
#[derive(Debug, Clone, Copy)]
pub struct IsFinite;
/// At least one item.
#[derive(Debug, Clone, Copy)]
pub struct HasItems;
/// Each item comparable, and none below the one before.
#[derive(Debug, Clone, Copy)]
pub struct Ascending;
/// From `LOW` to `HIGH`. Bounds that leave nothing between them do not build.
#[derive(Debug, Clone, Copy)]
pub struct Within<const LOW: i128, const HIGH: i128>;
/// Both `A` and `B`.
#[derive(Debug, Clone, Copy)]
pub struct Both<A, B>(PhantomData<(A, B)>);

macro_rules! float_rules {
    ($($t:ty)*) => {$(
        float_rules!($t, InUnit, "a probability in [0, 1]", |v| (0.0..=1.0).contains(v));
        float_rules!($t, AboveZero, "finite and above 0", |v| v.is_finite() && *v > 0.0);
        float_rules!($t, NotBelowZero, "finite and 0 or above", |v| v.is_finite() && *v >= 0.0);
        float_rules!($t, IsFinite, "a finite number", |v| v.is_finite());
    )*};
    ($t:ty, $rule:ty, $expected:literal, |$v:ident| $holds:expr) => {
        impl Rule<$t> for $rule {
            fn expected() -> Cow<'static, str> {
            Cow::Borrowed($expected)
        }
            fn accepts($v: &$t) -> bool {
                $holds
            }
        }
        impl Order<$t> for $rule {
            fn order(a: &$t, b: &$t) -> Ordering {
                // No rule accepts NaN, so there is always an answer; zeros of both signs are equal.
                a.partial_cmp(b).unwrap_or(Ordering::Equal)
            }
        }
    };
}
float_rules!(f32 f64);

macro_rules! integer_rules {
    ($($t:ty)*) => {$(
        integer_rules!($t, AboveZero, "above 0", |v| *v > 0);
        integer_rules!($t, NotBelowZero, "0 or above", |v| *v >= 0);
    )*};
    ($t:ty, $rule:ty, $expected:literal, |$v:ident| $holds:expr) => {
        impl Rule<$t> for $rule {
            fn expected() -> Cow<'static, str> {
            Cow::Borrowed($expected)
        }
            fn accepts($v: &$t) -> bool {
                $holds
            }
        }
        impl Order<$t> for $rule {
            fn order(a: &$t, b: &$t) -> Ordering {
                a.cmp(b)
            }
        }
    };
}
integer_rules!(i8 i16 i32 i64 i128 isize);

impl<T> Rule<Vec<T>> for HasItems {
    fn expected() -> Cow<'static, str> {
        Cow::Borrowed("a list with at least one item")
    }
    fn accepts(value: &Vec<T>) -> bool {
        !value.is_empty()
    }
}

impl<T: PartialOrd> Rule<Vec<T>> for Ascending {
    fn expected() -> Cow<'static, str> {
        Cow::Borrowed("a list of comparable items in ascending order")
    }
    fn accepts(value: &Vec<T>) -> bool {
        ascends(value)
    }
}

/// Also false for a single item that is not even comparable with itself.
#[expect(clippy::eq_op, reason = "an item such as NaN is not equal to itself")]
pub(super) fn ascends<T: PartialOrd>(items: &[T]) -> bool {
    items.iter().all(|item| item == item) && items.is_sorted()
}

impl<T: Ord> Order<Vec<T>> for HasItems {
    fn order(a: &Vec<T>, b: &Vec<T>) -> Ordering {
        a.cmp(b)
    }
}

impl<T: Ord> Order<Vec<T>> for Ascending {
    fn order(a: &Vec<T>, b: &Vec<T>) -> Ordering {
        a.cmp(b)
    }
}

impl<T: Copy + TryInto<i128>, const LOW: i128, const HIGH: i128> Rule<T> for Within<LOW, HIGH> {
    fn expected() -> Cow<'static, str> {
        Cow::Owned(format!("an integer from {LOW} to {HIGH}"))
    }
    fn accepts(value: &T) -> bool {
        const { assert!(LOW <= HIGH, "at least one number lies between the bounds") };
        let number: Result<i128, _> = (*value).try_into();
        number.is_ok_and(|number| (LOW..=HIGH).contains(&number))
    }
}

impl<T: Copy + TryInto<i128> + Ord, const LOW: i128, const HIGH: i128> Order<T>
    for Within<LOW, HIGH>
{
    fn order(a: &T, b: &T) -> Ordering {
        a.cmp(b)
    }
}

impl<T, A: Rule<T>, B: Rule<T>> Rule<T> for Both<A, B> {
    fn expected() -> Cow<'static, str> {
        Cow::Owned(format!("{} and also {}", A::expected(), B::expected()))
    }
    fn accepts(value: &T) -> bool {
        A::accepts(value) && B::accepts(value)
    }
}

impl<T, A: Order<T>, B: Rule<T>> Order<T> for Both<A, B> {
    fn order(a: &T, b: &T) -> Ordering {
        A::order(a, b)
    }
}
