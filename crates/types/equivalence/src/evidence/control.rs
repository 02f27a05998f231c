//! Pipelines that are finite machines over classes of values.
//!
//! A pipeline of `where`, `map`, `skip`, `take`, `every` and windows of `last` or `count` remembers counters only, and
//! what it says of a sample is an expression of that sample's value. Each condition is constant between the values at
//! which its monotone expression crosses its bound; those values cut all numbers into classes, and NaN is one more.
//! Over these classes the pipeline is a Mealy machine whose outputs are expressions: equal machines give equal outputs
//! for all values. Unequal ones need not differ, since two expressions may compute the same.

use std::collections::HashMap;

use crate::finite::Mealy;
use crate::pipeline::{Aggregate, Expr, Pipeline, Pred, Stage};
use crate::rules::{key, normal_expr, threshold_places, unkey};

/// A stage with what its sample's value is by then.
enum Control {
    /// Passes where this condition on the original value holds.
    Where(Pred),
    /// Passes sample `first` and each `every`-th after it.
    Periodic {
        first: u64,
        every: u64,
    },
    Skip(u64),
    Take(u64),
}

/// A pipeline as counters and conditions.
pub(super) struct Finite {
    controls: Vec<Control>,
    output: Expr,
}

/// A class of values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    /// A value in it.
    pub(super) value: f64,
    /// Whether it is the only one.
    is_single: bool,
}

impl Finite {
    /// `None` where the pipeline is not finite in this sense.
    pub(super) fn of(pipeline: &Pipeline) -> Option<Self> {
        let mut value = Expr::Value;
        let mut controls = Vec::new();
        for stage in pipeline.stages() {
            match stage {
                Stage::Where(p) => controls.push(Control::Where(p.compose(&value))),
                Stage::Map(e) => value = e.compose(&value),
                Stage::Skip(n) => controls.push(Control::Skip(*n)),
                Stage::Take(n) => controls.push(Control::Take(*n)),
                Stage::Every(n) => controls.push(Control::Periodic {
                    first: *n,
                    every: *n,
                }),
                Stage::Window {
                    aggregate,
                    count,
                    every,
                } => {
                    match aggregate {
                        Aggregate::Last => {}
                        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
                        Aggregate::Count => value = Expr::constant(*count as f64),
                        _ => return None,
                    }
                    controls.push(Control::Periodic {
                        first: *count,
                        every: *every,
                    });
                }
                _ => return None,
            }
            // Composition may double an expression at each stage.
            let is_small = value.nodes() <= 200
                && !matches!(controls.last(), Some(Control::Where(p)) if p.nodes() > 400);
            if !is_small {
                return None;
            }
        }
        Some(Self {
            controls,
            output: normal_expr(&value),
        })
    }

    /// Where conditions change; `None` where that is not known.
    pub(super) fn places(&self, into: &mut Vec<f64>) -> Option<()> {
        self.controls.iter().try_for_each(|control| match control {
            Control::Where(p) => threshold_places(p, into),
            _ => Some(()),
        })
    }

    /// The machine over `letters`; `None` where it has more than `states_max` states. Outputs are numbered by `outputs`.
    pub(super) fn machine(
        &self,
        letters: &[Letter],
        states_max: usize,
        outputs: &mut HashMap<Output, u32>,
    ) -> Option<Mealy> {
        let start = vec![0_u64; self.controls.len()];
        let mut names = HashMap::from([(start.clone(), 0_u32)]);
        let mut order = vec![start];
        let mut rows = Vec::new();
        let mut done = 0;
        while let Some(state) = order.get(done).cloned() {
            done += 1;
            for letter in letters {
                let mut next = state.clone();
                let output = self.step(&mut next, *letter);
                let fresh = u32::try_from(outputs.len()).ok()?;
                let output = *outputs.entry(output).or_insert(fresh);
                let fresh = u32::try_from(names.len()).ok()?;
                let name = *names.entry(next.clone()).or_insert_with(|| {
                    order.push(next);
                    fresh
                });
                rows.push((name, output));
            }
            if order.len() > states_max {
                return None;
            }
        }
        Mealy::new(letters.len(), rows).ok()
    }

    fn step(&self, counters: &mut [u64], letter: Letter) -> Output {
        for (control, counter) in self.controls.iter().zip(counters) {
            let is_through = match control {
                Control::Where(p) => p.holds(letter.value),
                Control::Skip(n) => {
                    let is_past = *counter >= *n;
                    *counter += u64::from(!is_past);
                    is_past
                }
                Control::Take(n) => {
                    let is_early = *counter < *n;
                    *counter += u64::from(is_early);
                    is_early
                }
                Control::Periodic { first, every } => {
                    // Counts up to `first`, where one passes, and begins `every` before it again.
                    *counter = counter.wrapping_add(1);
                    let is_due = *counter == *first;
                    if is_due {
                        // Wraps around where `every` is longer than the way to the first one.
                        *counter = first.wrapping_sub(*every);
                    }
                    is_due
                }
            };
            if !is_through {
                return Output::Nothing;
            }
        }
        if letter.is_single || !self.output.mentions_value() {
            let value = self.output.eval(letter.value);
            return Output::Known(if value.is_nan() { f64::NAN } else { value }.to_bits());
        }
        Output::Of(self.output.clone())
    }
}

/// What a machine says of a sample.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Output {
    Nothing,
    /// This value, by its bits.
    Known(u64),
    /// This expression of the sample's value.
    Of(Expr),
}

/// Classes between `places`, and NaN.
pub(super) fn letters(mut places: Vec<f64>) -> Vec<Letter> {
    places.push(f64::NEG_INFINITY);
    places.sort_by(f64::total_cmp);
    places.dedup_by(|a, b| a.to_bits() == b.to_bits());
    let ends = places.iter().skip(1).map(|p| key(*p) - 1);
    let ends = ends.chain([key(f64::INFINITY)]);
    let numbers = places.iter().zip(ends).map(|(first, last)| {
        let is_single = key(*first) == last;
        let within = |v: f64| (key(*first)..=last).contains(&key(v));
        // A simple value where there is one; any will do.
        let simple = [0.0, 1.0, -1.0, unkey(last)]
            .into_iter()
            .find(|v| within(*v));
        Letter {
            value: simple.unwrap_or(*first),
            is_single,
        }
    });
    numbers
        .chain([Letter {
            value: f64::NAN,
            is_single: true,
        }])
        .collect()
}
