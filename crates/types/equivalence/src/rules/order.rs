//! Stages that change places, the cheaper or stricter one to the front.

use super::conditions::simpler;
use super::{Kind, Rule};
use crate::pipeline::{COUNT_MAX, Stage};

pub(super) fn rules() -> Vec<Rule> {
    use Kind::{Every, Map, Skip, Take, Where};
    vec![
        Rule::new(
            "where-before-map",
            "the condition on the expression is known before the value is replaced",
            &[Map, Where],
            |s| {
                let [Stage::Map(e), Stage::Where(p)] = s else {
                    return None;
                };
                Some(vec![
                    Stage::Where(simpler(&p.compose(e))),
                    Stage::Map(e.clone()),
                ])
            },
        ),
        swap(
            "skip-before-map",
            "values do not decide what is skipped",
            Map,
            Skip,
        ),
        swap(
            "take-before-map",
            "values do not decide what is taken",
            Map,
            Take,
        ),
        swap(
            "every-before-map",
            "values do not decide what is thinned out",
            Map,
            Every,
        ),
        Rule::new(
            "skip-before-every",
            "skipping k of each n-th is skipping the n·k before them",
            &[Every, Skip],
            |s| {
                let [Stage::Every(n), Stage::Skip(k)] = s else {
                    return None;
                };
                let skip = n.checked_mul(*k).filter(|n| *n <= COUNT_MAX)?;
                Some(vec![Stage::Skip(skip), Stage::Every(*n)])
            },
        ),
        Rule::new(
            "take-before-every",
            "taking k of each n-th is taking the n·k they come from",
            &[Every, Take],
            |s| {
                let [Stage::Every(n), Stage::Take(k)] = s else {
                    return None;
                };
                let take = n.checked_mul(*k).filter(|n| *n <= COUNT_MAX)?;
                Some(vec![Stage::Take(take), Stage::Every(*n)])
            },
        ),
        Rule::new(
            "skip-before-take",
            "the first n but for k of them are the n - k after k",
            &[Take, Skip],
            |s| {
                let [Stage::Take(n), Stage::Skip(k)] = s else {
                    return None;
                };
                Some(vec![Stage::Skip(*k), Stage::Take(n.saturating_sub(*k))])
            },
        ),
    ]
}

/// The second stage before the first, both unchanged.
fn swap(name: &str, about: &str, first: Kind, second: Kind) -> Rule {
    Rule::new(name, about, &[first, second], |s| {
        let [a, b] = s else { return None };
        Some(vec![b.clone(), a.clone()])
    })
}
