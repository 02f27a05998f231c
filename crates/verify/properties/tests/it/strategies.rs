//! What strategies say they give is what core accepts; what they give shrinks well.

mod shapes;
mod shrinking;
mod traces;
mod values;

use std::fmt::Debug;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};

pub(crate) fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_123),
        max_shrink_iters: 200_000,
        ..Config::default()
    })
}

/// Holds for `cases` values.
pub(crate) fn law<T: Debug>(
    cases: u32,
    strategy: impl Strategy<Value = T>,
    holds: impl Fn(T) -> Result<(), TestCaseError>,
) {
    runner(cases).run(&strategy, holds).unwrap();
}

/// So many values.
pub(crate) fn some<T: Debug>(count: usize, strategy: impl Strategy<Value = T>) -> Vec<T> {
    let mut runner = runner(1);
    let trees = std::iter::repeat_with(|| strategy.new_tree(&mut runner).unwrap());
    trees.take(count).map(|tree| tree.current()).collect()
}

/// The smallest value that shrinking finds for which `is_bad`.
pub(crate) fn smallest<T: Debug + Clone>(
    strategy: impl Strategy<Value = T>,
    is_bad: impl Fn(&T) -> bool,
) -> T {
    let outcome = runner(20_000).run(&strategy, |value| {
        prop_assert!(!is_bad(&value));
        Ok(())
    });
    match outcome {
        Err(TestError::Fail(_, value)) => value,
        other => panic!("nothing bad was drawn: {other:?}"),
    }
}
