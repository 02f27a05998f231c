//! Laws over one, two or three values of one type.

use std::fmt::Debug;

use proptest::strategy::Strategy;

use super::{Binding, Outcome, Settings, Suite, several};
use crate::Error;

/// A suite whose variables `a`, `b` and `c` are all drawn from `values`.
pub(super) struct Over<'s, S> {
    pub(super) suite: Suite<'s>,
    values: &'s S,
}

impl<'s, A, S> Over<'s, S>
where
    A: Clone + Debug,
    S: Strategy<Value = A>,
{
    pub(super) fn new(
        name: &'static str,
        settings: &'s Settings,
        values: &'s S,
    ) -> Result<Self, Error> {
        let suite = Suite::new(name, settings)?;
        Ok(Self { suite, values })
    }

    pub(super) fn one(
        &mut self,
        law: &'static str,
        statement: &'static str,
        check: impl Fn(&A) -> Outcome,
    ) -> Result<(), Error> {
        self.suite.law(
            law,
            statement,
            &several(self.values),
            |[a]| vec![Binding::new("a", a)],
            |[a]| check(a),
        )
    }

    pub(super) fn two(
        &mut self,
        law: &'static str,
        statement: &'static str,
        check: impl Fn(&A, &A) -> Outcome,
    ) -> Result<(), Error> {
        self.suite.law(
            law,
            statement,
            &several(self.values),
            |[a, b]| vec![Binding::new("a", a), Binding::new("b", b)],
            |[a, b]| check(a, b),
        )
    }

    pub(super) fn three(
        &mut self,
        law: &'static str,
        statement: &'static str,
        check: impl Fn(&A, &A, &A) -> Outcome,
    ) -> Result<(), Error> {
        self.suite.law(
            law,
            statement,
            &several(self.values),
            |[a, b, c]| {
                vec![
                    Binding::new("a", a),
                    Binding::new("b", b),
                    Binding::new("c", c),
                ]
            },
            |[a, b, c]| check(a, b, c),
        )
    }
}
