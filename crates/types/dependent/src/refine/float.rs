//! Arithmetic that keeps its promises.

use super::{Finite, NonNegative, Positive, Probability};
use crate::Error;

impl Probability {
    /// Impossible.
    pub const ZERO: Self = Self {
        value: 0.0,
        rule: std::marker::PhantomData,
    };
    /// Certain.
    pub const ONE: Self = Self {
        value: 1.0,
        rule: std::marker::PhantomData,
    };

    /// The probability that it does not happen, 1 − p.
    #[must_use]
    pub fn complement(self) -> Self {
        Self::proved(1.0 - self.value)
    }

    /// The probability that two independent things both happen, p q.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::proved(self.value * other.value)
    }

    /// The probability that at least one of two independent things happens, 1 − (1 − p)(1 − q).
    ///
    /// In this form every step stays in [0, 1] whatever is rounded; `p + q − p q` does not.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.complement().and(other.complement()).complement()
    }
}

impl Finite {
    /// The sum.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is too large for a float.
    pub fn plus(self, other: Self) -> Result<Self, Error> {
        Self::new(self.value + other.value)
    }

    /// The product.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is too large for a float.
    pub fn times(self, other: Self) -> Result<Self, Error> {
        Self::new(self.value * other.value)
    }

    /// The quotient by a number that is not 0.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is too large for a float.
    pub fn over(self, divisor: Positive) -> Result<Self, Error> {
        Self::new(self.value / divisor.value)
    }
}

impl NonNegative {
    /// The square root: never NaN.
    #[must_use]
    pub fn sqrt(self) -> Self {
        Self::proved(self.value.sqrt())
    }
}

impl Positive {
    /// The natural logarithm: never NaN, never infinite.
    #[must_use]
    pub fn ln(self) -> Finite {
        Finite::proved(self.value.ln())
    }

    /// The square root: it does not vanish.
    #[must_use]
    pub fn sqrt(self) -> Self {
        Self::proved(self.value.sqrt())
    }
}

impl From<Positive> for NonNegative {
    fn from(number: Positive) -> Self {
        Self::proved(number.value)
    }
}

impl From<Positive> for Finite {
    fn from(number: Positive) -> Self {
        Self::proved(number.value)
    }
}

impl From<NonNegative> for Finite {
    fn from(number: NonNegative) -> Self {
        Self::proved(number.value)
    }
}

impl From<Probability> for NonNegative {
    fn from(number: Probability) -> Self {
        Self::proved(number.value)
    }
}
