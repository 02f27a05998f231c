//! Windows of windows, and what may pass a window.

use super::monotone::{Direction, direction};
use super::{Kind, Rule};
use crate::pipeline::{Aggregate, COUNT_MAX, Expr, Stage};

pub(super) fn rules() -> Vec<Rule> {
    [fused(), passing(), as_counts()].concat()
}

const fn tumbling(aggregate: Aggregate, count: u64) -> Stage {
    Stage::Window {
        aggregate,
        count,
        every: count,
    }
}

fn fused() -> Vec<Rule> {
    use Aggregate::{Count, First, Last, Max, Min, Sum};
    vec![
        Rule::new(
            "fuse-windows",
            "min, max, first and last of parts are those of the whole",
            &[Kind::Window, Kind::Window],
            |s| {
                let (a, n, b, m) = two_tumbling(s)?;
                let is_exact = a == b && matches!(a, Min | Max | First | Last);
                is_exact.then(|| vec![tumbling(a, n.saturating_mul(m))])
            },
        ),
        Rule::new(
            "fuse-counts",
            "counts of parts add up to the count of the whole, exactly below 2^53",
            &[Kind::Window, Kind::Window],
            |s| {
                let (a, n, b, m) = two_tumbling(s)?;
                (a == Count && b == Sum).then(|| vec![tumbling(Count, n * m)])
            },
        ),
        Rule::new(
            "fuse-sliding",
            "the least of b leasts of a is the least of a + b - 1",
            &[Kind::Window, Kind::Window],
            |s| {
                let [
                    Stage::Window {
                        aggregate: a,
                        count: n,
                        every: 1,
                    },
                    Stage::Window {
                        aggregate: b,
                        count: m,
                        every,
                    },
                ] = s
                else {
                    return None;
                };
                let count = n.checked_add(*m)?.checked_sub(1)?;
                let is_exact = a == b && matches!(a, Min | Max);
                is_exact.then(|| {
                    vec![Stage::Window {
                        aggregate: *a,
                        count,
                        every: *every,
                    }]
                })
            },
        ),
        Rule::new(
            "fuse-running",
            "the least so far of the least so far",
            &[Kind::Running, Kind::Running],
            |s| {
                let [Stage::Running(a), Stage::Running(b)] = s else {
                    return None;
                };
                let is_same = a == b && matches!(a, Min | Max | First | Last);
                is_same.then(|| vec![Stage::Running(*a)])
            },
        ),
    ]
}

fn two_tumbling(stages: &[Stage]) -> Option<(Aggregate, u64, Aggregate, u64)> {
    let [
        Stage::Window {
            aggregate: a,
            count: n,
            every: n2,
        },
        Stage::Window {
            aggregate: b,
            count: m,
            every: m2,
        },
    ] = stages
    else {
        return None;
    };
    let is_whole = n.checked_mul(*m).is_some_and(|all| all <= COUNT_MAX);
    (n == n2 && m == m2 && is_whole).then_some((*a, *n, *b, *m))
}

fn passing() -> Vec<Rule> {
    vec![
        Rule::new(
            "window-before-map",
            "least and greatest of a monotone expression, first and last of any",
            &[Kind::Map, Kind::Window],
            |s| {
                let [
                    Stage::Map(e),
                    Stage::Window {
                        aggregate,
                        count,
                        every,
                    },
                ] = s
                else {
                    return None;
                };
                let aggregate = through(e, *aggregate)?;
                let window = Stage::Window {
                    aggregate,
                    count: *count,
                    every: *every,
                };
                Some(vec![window, Stage::Map(e.clone())])
            },
        ),
        Rule::new(
            "running-before-map",
            "least and greatest of a monotone expression, first and last of any",
            &[Kind::Map, Kind::Running],
            |s| {
                let [Stage::Map(e), Stage::Running(aggregate)] = s else {
                    return None;
                };
                Some(vec![
                    Stage::Running(through(e, *aggregate)?),
                    Stage::Map(e.clone()),
                ])
            },
        ),
        Rule::new(
            "count-ignores-map",
            "a count does not look at values",
            &[Kind::Map, Kind::Any],
            |s| {
                let [Stage::Map(_), second] = s else {
                    return None;
                };
                let is_count = matches!(
                    second,
                    Stage::Window {
                        aggregate: Aggregate::Count,
                        ..
                    } | Stage::Running(Aggregate::Count)
                        | Stage::Map(Expr::Const(_))
                );
                is_count.then(|| vec![second.clone()])
            },
        ),
    ]
}

/// The aggregate whose `e` is `aggregate` of `e`.
fn through(e: &Expr, aggregate: Aggregate) -> Option<Aggregate> {
    match (aggregate, direction(e)) {
        (Aggregate::First | Aggregate::Last, _) => Some(aggregate),
        (Aggregate::Min | Aggregate::Max, Some(Direction::Rising)) => Some(aggregate),
        (Aggregate::Min, Some(Direction::Falling)) => Some(Aggregate::Max),
        (Aggregate::Max, Some(Direction::Falling)) => Some(Aggregate::Min),
        _ => None,
    }
}

fn as_counts() -> Vec<Rule> {
    vec![
        Rule::new(
            "last-is-every",
            "the last of each n is each n-th",
            &[Kind::Window],
            |s| {
                let [
                    Stage::Window {
                        aggregate: Aggregate::Last,
                        count,
                        every,
                    },
                ] = s
                else {
                    return None;
                };
                // The first answer comes at `count`, the next ones `every` later.
                let skip = count.checked_sub(*every)?;
                Some(if skip == 0 {
                    vec![Stage::Every(*every)]
                } else {
                    vec![Stage::Skip(skip), Stage::Every(*every)]
                })
            },
        ),
        Rule::new(
            "count-is-constant",
            "a full window has n samples",
            &[Kind::Window],
            |s| {
                let [
                    Stage::Window {
                        aggregate: Aggregate::Count,
                        count,
                        every,
                    },
                ] = s
                else {
                    return None;
                };
                #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
                let n = Expr::constant(*count as f64);
                let last = Stage::Window {
                    aggregate: Aggregate::Last,
                    count: *count,
                    every: *every,
                };
                Some(vec![last, Stage::Map(n)])
            },
        ),
        Rule::new(
            "running-last",
            "the last so far is this one",
            &[Kind::Running],
            |s| (*s == [Stage::Running(Aggregate::Last)]).then(Vec::new),
        ),
        Rule::new(
            "extreme-of-running",
            "the greatest of a rising stream is its last",
            &[Kind::Running, Kind::Window],
            |s| {
                let [
                    Stage::Running(a),
                    Stage::Window {
                        aggregate: b,
                        count,
                        every,
                    },
                ] = s
                else {
                    return None;
                };
                let is_extreme = a == b && matches!(a, Aggregate::Min | Aggregate::Max);
                let last = Stage::Window {
                    aggregate: Aggregate::Last,
                    count: *count,
                    every: *every,
                };
                is_extreme.then(|| vec![Stage::Running(*a), last])
            },
        ),
    ]
}
