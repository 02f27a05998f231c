//! Shapes have the shape that they say.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use voidstate_core::Timestamp;
use voidstate_properties::Error;
use voidstate_properties::strategies::{
    Bursts, Counter, Disorder, Gaps, Grid, LevelShift, Ramp, Seasonal, Shaped,
};

use super::{law, some};

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs() + b.abs())
}

fn position(shaped: &Shaped, time: Timestamp) -> usize {
    shaped.points.partition_point(|point| point.time < time)
}

#[test]
fn times_rise_and_values_are_finite() {
    let grid = Grid {
        jitter: 0.9,
        step: Duration::from_nanos(2),
        points: 1..=300,
        ..Grid::default()
    };
    let gaps = Gaps {
        gaps_max: 5,
        points_max: 40,
    };
    let shapes = [
        Seasonal {
            grid: grid.clone(),
            gaps,
            ..Seasonal::default()
        }
        .strategy()
        .unwrap(),
        Counter {
            grid: grid.clone(),
            gaps,
            wraps_at: Some(50),
            ..Counter::default()
        }
        .strategy()
        .unwrap(),
        Bursts {
            grid: grid.clone(),
            gaps,
            ..Bursts::default()
        }
        .strategy()
        .unwrap(),
        LevelShift {
            grid: grid.clone(),
            gaps,
            level: -1e100..=1e100,
            noise: 1e100,
            ..LevelShift::default()
        }
        .strategy()
        .unwrap(),
        Ramp {
            grid,
            gaps,
            slope: -1e100..=1e100,
            ..Ramp::default()
        }
        .strategy()
        .unwrap(),
    ];
    for shape in shapes {
        law(200, shape, |shaped| {
            prop_assert!(!shaped.points.is_empty() && shaped.points.len() <= 300);
            prop_assert!(
                shaped
                    .points
                    .windows(2)
                    .all(|pair| pair[0].time < pair[1].time)
            );
            prop_assert!(shaped.points.iter().all(|point| point.value.is_finite()));
            prop_assert!(shaped.marks.is_sorted());
            prop_assert!(shaped.points[0].time >= Grid::default().start);
            Ok(())
        });
    }
}

#[test]
fn gaps_leave_out_points_and_nothing_else() {
    let with = |gaps_max, points_max| Ramp {
        gaps: Gaps {
            gaps_max,
            points_max,
        },
        ..Ramp::default()
    };
    let step = Grid::default().step;
    let whole = |shaped: &Shaped| {
        let mut pairs = shaped.points.windows(2);
        pairs.all(|pair| pair[1].time.since(pair[0].time) == step)
    };
    let silent = some(200, with(3, 9).strategy().unwrap());
    assert!(silent.iter().filter(|shaped| !whole(shaped)).count() > 100);
    for shaped in &silent {
        let mut pairs = shaped.points.windows(2);
        assert!(pairs.all(|pair| pair[1].time.since(pair[0].time) <= 28 * step));
        assert_eq!(shaped.points[0].time, Grid::default().start);
    }
    assert!(some(100, with(0, 9).strategy().unwrap()).iter().all(whole));
}

#[test]
fn seasons_repeat() {
    let seasonal = Seasonal {
        trend: 0.0..=0.0,
        noise: 0.0,
        period: 7..=7,
        ..Seasonal::default()
    };
    law(200, seasonal.strategy().unwrap(), |shaped| {
        let values: Vec<f64> = shaped.points.iter().map(|point| point.value).collect();
        prop_assert!(values.iter().zip(&values[7..]).all(|(a, b)| near(*a, *b)));
        let (low, high) = values
            .iter()
            .fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
        prop_assert!(high - low > 1.0 && high - low <= 40.0);
        Ok(())
    });
    let trending = Seasonal {
        trend: 1.0..=1.0,
        ..seasonal
    };
    law(100, trending.strategy().unwrap(), |shaped| {
        let values: Vec<f64> = shaped.points.iter().map(|point| point.value).collect();
        prop_assert!(
            values
                .iter()
                .zip(&values[7..])
                .all(|(a, b)| near(a + 7.0, *b))
        );
        Ok(())
    });
}

#[test]
fn counters_fall_only_where_marked() {
    let mut falls = 0;
    for wraps_at in [None, Some(1 << 8)] {
        let counter = Counter {
            wraps_at,
            ..Counter::default()
        };
        for shaped in some(300, counter.strategy().unwrap()) {
            for pair in shaped.points.windows(2) {
                if pair[1].value < pair[0].value {
                    falls += 1;
                    assert!(shaped.marks.contains(&pair[1].time));
                }
            }
            for point in &shaped.points {
                assert!(point.value >= 0.0 && point.value.fract() == 0.0);
                assert!(wraps_at.is_none_or(|wrap| point.value < wrap as f64));
            }
        }
    }
    assert!(falls > 300, "{falls}");
}

#[test]
fn bursts_stand_where_marked() {
    let bursts = Bursts {
        noise: 0.0,
        level: 5.0..=5.0,
        ..Bursts::default()
    };
    law(300, bursts.strategy().unwrap(), |shaped| {
        prop_assert!((1..=4).contains(&shaped.marks.len()));
        for (at, point) in shaped.points.iter().enumerate() {
            let is_marked = shaped.marks.contains(&point.time);
            let is_high = point.value >= 25.0;
            prop_assert!(is_high || (near(point.value, 5.0) && !is_marked));
            let was_high = at > 0 && shaped.points[at - 1].value >= 25.0;
            prop_assert!(
                !is_high || was_high || is_marked,
                "a burst begins unmarked at {}",
                at
            );
        }
        Ok(())
    });
}

#[test]
fn levels_shift_and_ramps_begin_where_marked() {
    let shift = LevelShift {
        noise: 0.0,
        ..LevelShift::default()
    };
    law(300, shift.strategy().unwrap(), |shaped| {
        let (before, after) = shaped.points.split_at(position(&shaped, shaped.marks[0]));
        prop_assert!(before.iter().all(|p| near(p.value, before[0].value)));
        prop_assert!(after.iter().all(|p| near(p.value, after[0].value)));
        prop_assert!(before.is_empty() || after[0].value >= before[0].value + 10.0 - 1e-9);
        Ok(())
    });
    let ramp = Ramp {
        noise: 0.0,
        slope: 2.0..=2.0,
        ..Ramp::default()
    };
    law(300, ramp.strategy().unwrap(), |shaped| {
        let begin = position(&shaped, shaped.marks[0]);
        for (at, pair) in shaped.points.windows(2).enumerate() {
            let expected = if at >= begin { 2.0 } else { 0.0 };
            prop_assert!(near(pair[1].value - pair[0].value, expected));
        }
        Ok(())
    });
}

#[test]
fn disorder_delays_and_repeats_and_loses_nothing() {
    let ramp = Ramp {
        noise: 0.0,
        ..Ramp::default()
    };
    let disorder = Disorder {
        late: 0.3,
        late_by_max: 4,
        twice: 0.2,
    };
    let (mut late, mut twice) = (0, 0);
    for arrivals in some(200, disorder.of(ramp.strategy().unwrap()).unwrap()) {
        let mut times: BTreeMap<Timestamp, usize> = BTreeMap::new();
        for (place, point) in arrivals.iter().enumerate() {
            *times.entry(point.time).or_default() += 1;
            let newer = arrivals[..place]
                .iter()
                .filter(|earlier| earlier.time > point.time);
            let newer = newer
                .map(|point| point.time)
                .collect::<std::collections::BTreeSet<_>>()
                .len();
            assert!(newer <= 4, "{newer} newer points came before");
            late += usize::from(newer > 0);
        }
        // All points of the ramp are there, a second apart.
        let whole: Vec<_> = times.keys().collect();
        let step = Duration::from_secs(1);
        assert!(whole.windows(2).all(|pair| pair[1].since(*pair[0]) == step));
        assert!(times.values().all(|count| (1..=2).contains(count)));
        twice += times.values().filter(|count| **count == 2).count();
    }
    assert!(late > 1000 && twice > 1000, "{late} late, {twice} twice");
    let order = Disorder {
        late: 0.0,
        twice: 0.0,
        ..disorder
    };
    let in_order = some(50, order.of(ramp.strategy().unwrap()).unwrap());
    assert!(
        in_order
            .iter()
            .all(|points| points.is_sorted_by_key(|p| p.time))
    );
}

#[test]
#[expect(
    clippy::reversed_empty_ranges,
    reason = "that they are refused is what is tested"
)]
fn parameters_that_cannot_be_are_refused() {
    let name = |outcome: Result<BoxedStrategy<Shaped>, Error>| match outcome {
        Err(Error::StrategyParameter { name, .. }) => name,
        Err(other) => panic!("{other}"),
        Ok(_) => "accepted",
    };
    let of_grid = |grid| {
        name(
            Ramp {
                grid,
                ..Ramp::default()
            }
            .strategy(),
        )
    };
    let grid = Grid::default;
    assert_eq!(
        of_grid(Grid {
            points: 0..=5,
            ..grid()
        }),
        "points"
    );
    assert_eq!(
        of_grid(Grid {
            points: 9..=5,
            ..grid()
        }),
        "points"
    );
    assert_eq!(
        of_grid(Grid {
            step: Duration::ZERO,
            ..grid()
        }),
        "step"
    );
    assert_eq!(
        of_grid(Grid {
            step: Duration::MAX,
            ..grid()
        }),
        "step"
    );
    assert_eq!(
        of_grid(Grid {
            points: 1..=usize::MAX,
            ..grid()
        }),
        "step"
    );
    assert_eq!(
        of_grid(Grid {
            start: Timestamp::MAX,
            ..grid()
        }),
        "step"
    );
    for jitter in [1.0, -0.1, f64::NAN] {
        assert_eq!(of_grid(Grid { jitter, ..grid() }), "jitter");
    }
    for level in [f64::NAN..=1.0, 0.0..=f64::INFINITY, 2.0..=1.0, -1e300..=0.0] {
        assert_eq!(
            name(
                Ramp {
                    level,
                    ..Ramp::default()
                }
                .strategy()
            ),
            "level"
        );
    }
    for noise in [-1.0, f64::NAN, 1e300] {
        assert_eq!(
            name(
                Seasonal {
                    noise,
                    ..Seasonal::default()
                }
                .strategy()
            ),
            "noise"
        );
    }
    assert_eq!(
        name(
            Seasonal {
                period: 1..=5,
                ..Seasonal::default()
            }
            .strategy()
        ),
        "period"
    );
    assert_eq!(
        name(
            Bursts {
                length: 0..=5,
                ..Bursts::default()
            }
            .strategy()
        ),
        "length"
    );
    assert_eq!(
        name(
            Bursts {
                bursts: 5..=2,
                ..Bursts::default()
            }
            .strategy()
        ),
        "bursts"
    );
    assert_eq!(
        name(
            Counter {
                first: 5..=2,
                ..Counter::default()
            }
            .strategy()
        ),
        "first"
    );
    assert_eq!(
        name(
            Counter {
                first: 0..=u64::MAX,
                ..Counter::default()
            }
            .strategy()
        ),
        "first"
    );
    assert_eq!(
        name(
            Counter {
                wraps_at: Some(0),
                ..Counter::default()
            }
            .strategy()
        ),
        "wraps_at"
    );
    let late = Disorder {
        late: 1.5,
        ..Disorder::default()
    };
    assert!(late.of(Ramp::default().strategy().unwrap()).is_err());
}
