//! The store against a naive model, through any sequence of operations.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use voidstate_core::{SeriesId, StoreReader, StoreWriter, TimeRange, Timestamp};
use voidstate_timeseries::SegmentStore;

use crate::help::{all, between, bits, info, key, point, small};

const SERIES: u32 = 4;

/// What anybody would write: a map per series.
#[derive(Debug, Clone, Default)]
struct Model {
    series: BTreeMap<u32, BTreeMap<i64, f64>>,
    known: BTreeSet<u32>,
}

#[derive(Debug, Clone)]
enum Step {
    Know(u32),
    Append(Vec<(u32, i64, f64)>),
    /// Many points of one series, so that heads become full.
    Many(u32, i64, u16),
    Compact,
    Sync,
    Reopen,
    Range(u32, i64, i64),
    Windows(u32, i64, i64, u64),
    Quantiles(u32, u64),
}

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![8 => 0..300_i64, 1 => any::<i64>().prop_map(|t| t.min(i64::MAX - 1)), 1 => -50..0_i64]
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => (-1000..1000_i32).prop_map(|v| f64::from(v) / 8.0),
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(-0.0)],
    ]
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Step> {
        let series = 0..SERIES;
        prop_oneof![
            3 => series.clone().prop_map(Step::Know),
            8 => prop::collection::vec((series.clone(), time(), value()), 0..40).prop_map(Step::Append),
            3 => (series.clone(), time(), 1..200_u16).prop_map(|(s, t, n)| Step::Many(s, t, n)),
            2 => Just(Step::Compact),
            1 => Just(Step::Sync),
            2 => Just(Step::Reopen),
            4 => (series.clone(), time(), time()).prop_map(|(s, a, b)| Step::Range(s, a.min(b), a.max(b))),
            4 => (series.clone(), time(), time(), prop_oneof![1..200_u64, any::<u64>()]).prop_map(|(s, a, b, w)| Step::Windows(s, a.min(b), a.max(b), w.max(1))),
            2 => (series, 1..500_u64).prop_map(|(s, w)| Step::Quantiles(s, w)),
        ]
        .boxed()
    }

    fn apply(mut state: Self, step: &Step) -> Self {
        match step {
            Step::Know(series) => {
                state.known.insert(*series);
            }
            // All of them or none: one unknown series refuses the batch.
            Step::Append(points) if points.iter().all(|(s, _, _)| state.known.contains(s)) => {
                for (series, time, value) in points {
                    let value = if value.is_nan() { f64::NAN } else { *value };
                    state
                        .series
                        .entry(*series)
                        .or_default()
                        .insert(*time, value);
                }
            }
            Step::Many(series, from, count) if state.known.contains(series) => {
                for (time, value) in many(*from, *count) {
                    state.series.entry(*series).or_default().insert(time, value);
                }
            }
            _ => {}
        }
        state
    }
}

fn many(from: i64, count: u16) -> impl Iterator<Item = (i64, f64)> {
    (0..i64::from(count)).map(move |i| (from.saturating_add(i).min(i64::MAX - 1), i as f64))
}

struct Real {
    store: Option<SegmentStore>,
    ids: BTreeMap<u32, SeriesId>,
    dir: tempfile::TempDir,
}

impl Real {
    fn store(&self) -> &SegmentStore {
        self.store.as_ref().unwrap()
    }
}

struct Test;

impl StateMachineTest for Test {
    type SystemUnderTest = Real;
    type Reference = Model;

    fn init_test(_: &Model) -> Real {
        let dir = tempfile::tempdir().unwrap();
        let store = Some(SegmentStore::open(dir.path(), small()).unwrap());
        Real {
            store,
            ids: BTreeMap::new(),
            dir,
        }
    }

    fn apply(mut real: Real, model: &Model, step: Step) -> Real {
        let id = |real: &Real, series: u32| {
            real.ids
                .get(&series)
                .copied()
                .unwrap_or(SeriesId(1000 + series))
        };
        match step {
            Step::Know(series) => {
                let id = real.store().series(&info(series)).unwrap();
                assert_eq!(*real.ids.entry(series).or_insert(id), id);
            }
            Step::Append(points) => {
                let known = points.iter().all(|(s, _, _)| real.ids.contains_key(s));
                let points: Vec<_> = points
                    .iter()
                    .map(|(s, t, v)| point(id(&real, *s), *t, *v))
                    .collect();
                assert_eq!(
                    real.store().append(&points).is_ok(),
                    known || points.is_empty()
                );
            }
            Step::Many(series, from, count) => {
                let id = id(&real, series);
                for (time, value) in many(from, count) {
                    let done = real.store().append(&[point(id, time, value)]);
                    assert_eq!(done.is_ok(), real.ids.contains_key(&series));
                }
            }
            Step::Compact => real.store().compact().unwrap(),
            Step::Sync => real.store().sync().unwrap(),
            Step::Reopen => {
                drop(real.store.take());
                real.store = Some(SegmentStore::open(real.dir.path(), small()).unwrap());
            }
            Step::Range(series, from, to) => {
                let got = real.store().range(&key(series), between(from, to)).unwrap();
                assert_eq!(bits(&got), naive(model, series, from, to));
            }
            Step::Windows(series, from, to, width) => {
                windows(&real, model, series, from, to, width)
            }
            Step::Quantiles(series, width) => quantiles(&real, model, series, width),
        }
        real
    }

    fn check_invariants(real: &Real, model: &Model) {
        for series in 0..SERIES {
            assert_eq!(
                all(real.store(), series),
                naive(model, series, i64::MIN, i64::MAX)
            );
        }
        let status = real.store().status();
        assert_eq!(status.notes, Vec::<String>::new());
        assert_eq!(status.series, model.known.len() as u64);
    }
}

fn naive(model: &Model, series: u32, from: i64, to: i64) -> Vec<(i64, u64)> {
    let Some(samples) = model.series.get(&series) else {
        return Vec::new();
    };
    samples
        .range(from..to)
        .map(|(t, v)| (*t, v.to_bits()))
        .collect()
}

/// Numbers of each window, NaN excepted, and how many NaN.
fn split(samples: &[(i64, u64)], width: u64) -> BTreeMap<i128, (Vec<f64>, u64)> {
    let mut windows: BTreeMap<i128, (Vec<f64>, u64)> = BTreeMap::new();
    for (time, value) in samples {
        let window = windows
            .entry(i128::from(*time).div_euclid(width.into()))
            .or_default();
        let value = f64::from_bits(*value);
        if value.is_nan() {
            window.1 += 1;
        } else {
            window.0.push(value);
        }
    }
    windows
}

fn start(number: i128, width: u64) -> Timestamp {
    Timestamp::from_nanos((number * i128::from(width)).max(i64::MIN.into()) as i64)
}

fn windows(real: &Real, model: &Model, series: u32, from: i64, to: i64, width: u64) {
    let got = real
        .store()
        .windows(&key(series), between(from, to), Duration::from_nanos(width))
        .unwrap();
    let expected = split(&naive(model, series, from, to), width);
    assert_eq!(got.len(), expected.len());
    for (window, (number, (numbers, nans))) in got.iter().zip(expected) {
        assert_eq!(window.start, start(number, width));
        assert_eq!((window.count, window.nans), (numbers.len() as u64, nans));
        let fold = |f: fn(f64, f64) -> f64| numbers.iter().copied().reduce(f).unwrap_or(f64::NAN);
        let same = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
        assert!(same(window.min, fold(f64::min)) && same(window.max, fold(f64::max)));
        let (sum, scale) = (
            numbers.iter().sum::<f64>(),
            numbers.iter().map(|v| v.abs()).sum::<f64>(),
        );
        assert!(
            same(window.sum, sum) || (window.sum - sum).abs() <= scale * 1e-13,
            "{window:?} {sum}"
        );
    }
}

fn quantiles(real: &Real, model: &Model, series: u32, width: u64) {
    let q = [0.0, 0.5, 0.95, 0.99, 1.0];
    let got = real
        .store()
        .quantiles(
            &key(series),
            TimeRange::ALL,
            Duration::from_nanos(width),
            &q,
        )
        .unwrap();
    let mut expected = split(&naive(model, series, i64::MIN, i64::MAX), width);
    expected.retain(|_, (numbers, _)| !numbers.is_empty());
    assert_eq!(got.len(), expected.len());
    for ((at, got), (number, (mut numbers, _))) in got.into_iter().zip(expected) {
        assert_eq!(at, start(number, width));
        numbers.sort_by(f64::total_cmp);
        for (q, got) in q.iter().zip(got) {
            let place = q * (numbers.len() - 1) as f64;
            let (low, high) = (
                numbers[place.floor() as usize],
                numbers[place.ceil() as usize],
            );
            if low == high || place.fract() == 0.0 {
                assert_eq!(got, low);
            } else {
                let naive = low * (1.0 - place.fract()) + high * place.fract();
                assert!(
                    got == naive || (got.is_nan() && naive.is_nan()),
                    "{got} {naive}"
                );
            }
        }
    }
}

/// The seed is committed, so that every run is the same.
#[test]
fn what_a_writer_acknowledged_is_seen_in_order_and_the_last_of_equal_stamps_wins() {
    let config = Config {
        cases: crate::soak::cases(64),
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &crate::soak::bytes([7; 32]));
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(config, rng);
    runner
        .run(
            &Model::sequential_strategy(1..60),
            |(initial, steps, seen)| {
                Test::test_sequential(Config::default(), initial, steps, seen);
                Ok(())
            },
        )
        .unwrap();
}
