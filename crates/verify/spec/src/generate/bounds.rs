//! Closed intervals of whole and real numbers, and arithmetic on them.

use std::cmp::Ordering;

/// A number of either kind. Whole numbers are wide enough that sums of two 64-bit numbers are exact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    /// Whole.
    Int(i128),
    /// Real.
    Real(f64),
}

impl Number {
    pub(crate) fn real(self) -> f64 {
        match self {
            Self::Int(i) => i as f64,
            Self::Real(r) => r,
        }
    }
}

/// From `low` to `high`, both included. Empty when they are the wrong way round. An open end of reals is the next number
/// inside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Bounds {
    /// Whole numbers.
    Int(i128, i128),
    /// Real numbers without NaN.
    Real(f64, f64),
}

pub(crate) const INT: Bounds = Bounds::Int(i64::MIN as i128, i64::MAX as i128);
pub(crate) const REAL: Bounds = Bounds::Real(f64::NEG_INFINITY, f64::INFINITY);
pub(crate) const FINITE: Bounds = Bounds::Real(-f64::MAX, f64::MAX);

/// A lower end that is not known is as low as can be.
fn low(x: f64) -> f64 {
    if x.is_nan() { f64::NEG_INFINITY } else { x }
}

/// An upper end that is not known is as high as can be.
fn high(x: f64) -> f64 {
    if x.is_nan() { f64::INFINITY } else { x }
}

impl Bounds {
    pub(crate) const fn point(number: Number) -> Self {
        match number {
            Number::Int(i) => Self::Int(i, i),
            Number::Real(r) => Self::Real(r, r),
        }
    }

    pub(crate) fn is_empty(self) -> bool {
        match self {
            Self::Int(a, b) => a > b,
            Self::Real(a, b) => {
                !matches!(a.partial_cmp(&b), Some(Ordering::Less | Ordering::Equal))
            }
        }
    }

    pub(crate) fn is_point(self) -> bool {
        match self {
            Self::Int(a, b) => a == b,
            Self::Real(a, b) => a.partial_cmp(&b) == Some(Ordering::Equal),
        }
    }

    pub(crate) const fn low(self) -> Number {
        match self {
            Self::Int(a, _) => Number::Int(a),
            Self::Real(a, _) => Number::Real(a),
        }
    }

    pub(crate) const fn high(self) -> Number {
        match self {
            Self::Int(_, b) => Number::Int(b),
            Self::Real(_, b) => Number::Real(b),
        }
    }

    fn reals(self) -> (f64, f64) {
        (self.low().real(), self.high().real())
    }

    pub(crate) fn to_real(self) -> Self {
        let (a, b) = self.reals();
        Self::Real(a, b)
    }

    /// Whether the number lies inside.
    pub(crate) fn holds(self, number: Number) -> bool {
        match (self, number) {
            (Self::Int(a, b), Number::Int(i)) => a <= i && i <= b,
            _ => {
                let (a, b) = self.reals();
                let x = number.real();
                a <= x && x <= b
            }
        }
    }

    /// What both allow, in the kind of `self`.
    pub(crate) fn meet(self, other: Self) -> Self {
        match (self, other) {
            (Self::Int(a, b), Self::Int(c, d)) => Self::Int(a.max(c), b.min(d)),
            (Self::Int(a, b), Self::Real(c, d)) => {
                let (c, d) = (whole(c.ceil()), whole(d.floor()));
                Self::Int(a.max(c), b.min(d))
            }
            (Self::Real(a, b), other) => {
                let (c, d) = other.reals();
                Self::Real(a.max(c), b.min(d))
            }
        }
    }

    pub(crate) fn add(self, other: Self) -> Self {
        match (self, other) {
            (Self::Int(a, b), Self::Int(c, d)) => {
                Self::Int(a.saturating_add(c), b.saturating_add(d))
            }
            _ => {
                let ((a, b), (c, d)) = (self.reals(), other.reals());
                Self::Real(low(a + c), high(b + d))
            }
        }
    }

    pub(crate) fn negate(self) -> Self {
        match self {
            Self::Int(a, b) => Self::Int(b.saturating_neg(), a.saturating_neg()),
            Self::Real(a, b) => Self::Real(-b, -a),
        }
    }

    pub(crate) fn subtract(self, other: Self) -> Self {
        self.add(other.negate())
    }

    pub(crate) fn multiply(self, other: Self) -> Self {
        match (self, other) {
            (Self::Int(a, b), Self::Int(c, d)) => {
                let all = [
                    a.saturating_mul(c),
                    a.saturating_mul(d),
                    b.saturating_mul(c),
                    b.saturating_mul(d),
                ];
                Self::Int(
                    all.into_iter().min().unwrap_or(i128::MIN),
                    all.into_iter().max().unwrap_or(i128::MAX),
                )
            }
            _ => {
                let ((a, b), (c, d)) = (self.reals(), other.reals());
                hull([a * c, a * d, b * c, b * d])
            }
        }
    }

    /// Quotient, of whole numbers towards zero; everything when the divisor may be zero.
    pub(crate) fn divide(self, other: Self) -> Self {
        match (self, other) {
            (Self::Int(a, b), Self::Int(c, d)) if c > 0 || d < 0 => {
                let all = [a / c, a / d, b / c, b / d];
                Self::Int(
                    all.into_iter().min().unwrap_or(i128::MIN),
                    all.into_iter().max().unwrap_or(i128::MAX),
                )
            }
            (Self::Int(..), Self::Int(..)) => INT,
            _ => {
                let ((a, b), (c, d)) = (self.reals(), other.reals());
                if c > 0.0 || d < 0.0 {
                    hull([a / c, a / d, b / c, b / d])
                } else {
                    REAL
                }
            }
        }
    }

    /// Remainder with the sign of the left side.
    pub(crate) fn remainder(self, other: Self) -> Self {
        match (self, other) {
            (Self::Int(a, b), Self::Int(c, d)) => {
                let most = c.saturating_abs().max(d.saturating_abs()).saturating_sub(1);
                Self::Int(
                    if a < 0 { a.max(-most) } else { 0 },
                    if b > 0 { b.min(most) } else { 0 },
                )
            }
            _ => REAL,
        }
    }
}

fn hull(all: [f64; 4]) -> Bounds {
    if all.iter().any(|x| x.is_nan()) {
        return REAL;
    }
    Bounds::Real(
        all.into_iter().fold(f64::INFINITY, f64::min),
        all.into_iter().fold(f64::NEG_INFINITY, f64::max),
    )
}

/// The whole number, at the end of what 64 bits hold when it is beyond.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the conversion saturates, and the ends are far outside 64 bits"
)]
pub(crate) const fn whole(x: f64) -> i128 {
    x as i128
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ints() -> impl Strategy<Value = (i64, i64, i64)> {
        (-50_i64..50, 0_i64..30, 0_i64..30)
            .prop_map(|(a, width, inside)| (a, a + width, a + inside.min(width)))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn arithmetic_holds_every_result((a, b, x) in ints(), (c, d, y) in ints()) {
            let (p, q) = (Bounds::Int(a.into(), b.into()), Bounds::Int(c.into(), d.into()));
            prop_assert!(p.add(q).holds(Number::Int((x + y).into())));
            prop_assert!(p.subtract(q).holds(Number::Int((x - y).into())));
            prop_assert!(p.multiply(q).holds(Number::Int((x * y).into())));
            if y != 0 {
                prop_assert!(p.divide(q).holds(Number::Int((x / y).into())));
                prop_assert!(p.remainder(q).holds(Number::Int((x % y).into())), "{x} % {y} {:?}", p.remainder(q));
            }
            let (r, s) = (p.to_real(), q.to_real());
            prop_assert!(r.multiply(s).holds(Number::Real(x as f64 * y as f64)));
        }
    }

    #[test]
    fn unknown_ends_are_open() {
        assert_eq!(REAL.add(REAL), REAL);
        assert_eq!(REAL.multiply(Bounds::Real(0.0, 0.0)), REAL);
        assert!(Bounds::Int(1, 0).is_empty());
        assert!(Bounds::Real(f64::NAN, 0.0).is_empty());
        assert_eq!(whole(1e300), i128::MAX);
    }
}
