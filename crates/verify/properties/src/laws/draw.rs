//! Strategies that make small, equal and boundary values meet.

use std::array;
use std::fmt::Debug;

use proptest::prelude::Rng;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// Most shrink steps a value takes before it is used: enough to bring any 64-bit integer to zero.
const STEPS_MAX: u32 = 64;

/// Three quarters of the values as `values` draws them, one quarter made simpler by 1 to 64 shrink steps.
///
/// Independent draws from a wide domain hardly ever agree or touch a boundary; simplified ones often do.
pub fn softened<S: Strategy>(values: S) -> Softened<S> {
    Softened { values }
}

/// See [`softened`].
#[derive(Debug, Clone)]
pub struct Softened<S> {
    values: S,
}

impl<S: Strategy> Strategy for Softened<S> {
    type Tree = S::Tree;
    type Value = S::Value;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut tree = self.values.new_tree(runner)?;
        let draw = runner.rng().next_u32();
        if draw & 3 == 0 {
            // 1, 2, 4 … 64: near what was drawn as often as near the simplest there is.
            let steps = 1 << ((draw >> 2) % (STEPS_MAX.ilog2() + 1));
            for _ in 0..steps {
                if !tree.simplify() {
                    break;
                }
            }
        }
        Ok(tree)
    }
}

/// `N` values of one strategy, [`softened`]; in an eighth of the cases a variable repeats an earlier one, in
/// another eighth all are the same.
///
/// Repeated values shrink together, unless the counterexample survives their being told apart.
pub fn several<S: Strategy, const N: usize>(values: S) -> Several<S, N> {
    Several {
        values: softened(values),
    }
}

/// See [`several`].
#[derive(Debug, Clone)]
pub struct Several<S, const N: usize> {
    values: Softened<S>,
}

impl<S, const N: usize> Strategy for Several<S, N>
where
    S: Strategy,
    S::Value: Clone,
{
    type Tree = SeveralTree<S::Tree, N>;
    type Value = [S::Value; N];

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut slots = Vec::with_capacity(N);
        for _ in 0..N {
            slots.push(Slot {
                tree: self.values.new_tree(runner)?,
                repeats: None,
            });
        }
        let draw = runner.rng().next_u32();
        match draw & 7 {
            0 => slots.iter_mut().skip(1).for_each(|s| s.repeats = Some(0)),
            1 if N > 1 => {
                let later = 1 + (draw >> 3) as usize % (N - 1);
                let earlier = (draw >> 16) as usize % later;
                if let Some(slot) = slots.get_mut(later) {
                    slot.repeats = Some(earlier);
                }
            }
            _ => {}
        }
        let slots = slots.try_into().map_err(|_| "not as many as asked for")?;
        Ok(SeveralTree {
            slots,
            stage: 0,
            last: None,
        })
    }
}

/// The values of [`several`] and how far they were made simpler.
#[derive(Debug, Clone)]
pub struct SeveralTree<T, const N: usize> {
    slots: [Slot<T>; N],
    /// Below `N`: the slot that may be told apart; from `N` on: the slot that shrinks.
    stage: usize,
    last: Option<Step>,
}

#[derive(Debug, Clone)]
struct Slot<T> {
    tree: T,
    /// The slot whose value stands here too; it comes before and repeats nothing itself.
    repeats: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    ToldApart { slot: usize, repeated: usize },
    Shrunk { slot: usize },
}

impl<T, const N: usize> ValueTree for SeveralTree<T, N>
where
    T: ValueTree,
    T::Value: Clone + Debug,
{
    type Value = [T::Value; N];

    fn current(&self) -> Self::Value {
        // A slot repeats at most one earlier slot, so one look back is enough.
        array::from_fn(|i| {
            let own = &self.slots[i];
            let repeated = own.repeats.and_then(|r| self.slots.get(r));
            repeated.unwrap_or(own).tree.current()
        })
    }

    fn simplify(&mut self) -> bool {
        while self.stage < 2 * N {
            let apart = self.stage < N;
            let at = self.stage % N;
            let Some(slot) = self.slots.get_mut(at) else {
                return false;
            };
            match slot.repeats {
                Some(repeated) if apart => {
                    slot.repeats = None;
                    self.stage += 1;
                    self.last = Some(Step::ToldApart { slot: at, repeated });
                    return true;
                }
                None if !apart && slot.tree.simplify() => {
                    self.last = Some(Step::Shrunk { slot: at });
                    return true;
                }
                _ => self.stage += 1,
            }
        }
        false
    }

    fn complicate(&mut self) -> bool {
        match self.last {
            Some(Step::ToldApart { slot, repeated }) => {
                self.last = None;
                let slot = self.slots.get_mut(slot);
                slot.map(|s| s.repeats = Some(repeated)).is_some()
            }
            Some(Step::Shrunk { slot }) => {
                let slot = self.slots.get_mut(slot);
                slot.is_some_and(|s| s.tree.complicate())
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::any;

    #[test]
    fn wide_draws_meet_each_other_and_zero() {
        let mut runner = TestRunner::deterministic();
        let strategy = several::<_, 2>(any::<i64>());
        let (mut equal, mut zero) = (0, 0);
        for _ in 0..1000 {
            let [a, b] = strategy.new_tree(&mut runner).unwrap().current();
            equal += u32::from(a == b);
            zero += u32::from(a == 0);
        }
        assert!((200..500).contains(&equal), "{equal}");
        assert!((10..400).contains(&zero), "{zero}");
    }

    #[test]
    fn repeated_values_are_told_apart_where_that_is_smaller() {
        let mut runner = TestRunner::deterministic();
        let strategy = several::<_, 2>(1_000_i64..2_000);
        for _ in 0..200 {
            let mut tree = strategy.new_tree(&mut runner).unwrap();
            if tree.slots[1].repeats.is_none() {
                continue;
            }
            // Fails whenever the first is large: the second must shrink to the least by itself.
            let fails = |[a, _]: [i64; 2]| a >= 1_500;
            if !fails(tree.current()) {
                continue;
            }
            let mut best = tree.current();
            let mut more = tree.simplify();
            while more {
                let now = tree.current();
                more = if fails(now) {
                    best = now;
                    tree.simplify()
                } else {
                    tree.complicate()
                };
            }
            assert_eq!(best, [1_500, 1_000]);
        }
    }
}
