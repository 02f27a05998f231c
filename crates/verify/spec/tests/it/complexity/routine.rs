//! A routine with its claim.

use voidstate_language::ast::{Bound, Name};
use voidstate_spec::complexity::{Case, Measured};

pub(super) struct Routine {
    pub(super) name: &'static str,
    pub(super) claim: fn() -> Bound,
    pub(super) variables: &'static [&'static str],
    pub(super) run: fn(&Case) -> Measured,
    pub(super) keeps: bool,
}

pub(super) const fn keeps(
    name: &'static str,
    claim: fn() -> Bound,
    run: fn(&Case) -> Measured,
) -> Routine {
    Routine {
        name,
        claim,
        variables: &["n"],
        run,
        keeps: true,
    }
}

pub(super) const fn breaks(
    name: &'static str,
    claim: fn() -> Bound,
    run: fn(&Case) -> Measured,
) -> Routine {
    Routine {
        name,
        claim,
        variables: &["n"],
        run,
        keeps: false,
    }
}

impl Routine {
    pub(super) const fn of_two(mut self) -> Self {
        self.variables = &["n", "m"];
        self
    }
}

pub(super) fn one() -> Bound {
    Bound::Constant(1)
}

pub(super) fn n() -> Bound {
    Bound::Variable(Name::new("n"))
}

pub(super) fn m() -> Bound {
    Bound::Variable(Name::new("m"))
}

pub(super) fn log() -> Bound {
    Bound::Log(Box::new(n()))
}

pub(super) fn sqrt() -> Bound {
    Bound::Sqrt(Box::new(n()))
}

pub(super) fn n_log() -> Bound {
    Bound::Product(vec![n(), log()])
}

pub(super) fn n_sqrt() -> Bound {
    Bound::Product(vec![n(), sqrt()])
}

pub(super) fn square() -> Bound {
    Bound::Power(Box::new(n()), 2)
}

pub(super) fn cube() -> Bound {
    Bound::Power(Box::new(n()), 3)
}

pub(super) fn two_to() -> Bound {
    Bound::Exponential(2, Box::new(n()))
}

pub(super) fn factorial() -> Bound {
    Bound::Factorial(Box::new(n()))
}

pub(super) fn sum() -> Bound {
    Bound::Sum(vec![n(), m()])
}

pub(super) fn product() -> Bound {
    Bound::Product(vec![n(), m()])
}

/// Values of the case's shape.
pub(super) fn numbers(case: &Case) -> Vec<i64> {
    case.shape.numbers(case.sizes[0], case.seed)
}

/// The same in order.
pub(super) fn ordered(case: &Case) -> Vec<i64> {
    let mut values = numbers(case);
    values.sort_unstable();
    values
}

pub(super) fn size(case: &Case) -> usize {
    usize::try_from(case.sizes[0]).unwrap()
}

/// Numbers in no order from a seed.
pub(super) fn noise(seed: u64) -> impl FnMut() -> u64 {
    let mut x = seed | 1;
    move || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        x.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }
}
