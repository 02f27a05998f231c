//! In which order parts are drawn.

use super::super::formula::{Formula, Spot};
use super::super::plan::Plan;
use voidstate_language::Type;

pub(super) fn conjuncts<'f>(formula: &'f Formula, into: &mut Vec<&'f Formula>) {
    match formula {
        Formula::And(parts) => parts.iter().for_each(|part| conjuncts(part, into)),
        other => into.push(other),
    }
}

/// Roots such that what is planted into another comes first; in their own order otherwise.
pub(super) fn order(roots: &[(Spot, &Type)], plan: &Plan<'_>) -> Vec<usize> {
    let root_of = |spot: &Spot| {
        roots
            .iter()
            .position(|(root, _)| spot.inside(root).is_some())
    };
    let mut after: Vec<(usize, usize)> = Vec::new();
    let mut edge = |first: &Spot, then: &Spot| {
        if let (Some(first), Some(then)) = (root_of(first), root_of(then))
            && first != then
        {
            after.push((first, then));
        }
    };
    for (part, whole) in &plan.members {
        match plan.taken_from(part) {
            Some(_) => edge(whole, part),
            None => edge(part, whole),
        }
    }
    for (part, whole, _) in &plan.parts {
        edge(part, whole);
    }
    for (a, b) in &plan.same {
        edge(a, b);
    }
    for (list, _, inner) in &plan.each {
        containers(inner, &mut |whole| edge(whole, list));
    }
    for (list, inner) in plan.some.iter().chain(&plan.pairs) {
        containers(inner, &mut |whole| edge(whole, list));
    }
    let mut left: Vec<usize> = (0..roots.len()).collect();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = left
            .iter()
            .position(|r| !after.iter().any(|(a, b)| b == r && left.contains(a)));
        // In a circle the first goes first, and evaluation decides.
        ordered.push(left.remove(free.unwrap_or(0)));
    }
    ordered
}

/// Lists and texts that the formula takes its elements from.
pub(super) fn containers(formula: &Formula, visit: &mut dyn FnMut(&Spot)) {
    match formula {
        Formula::Compare(a, _, b) => {
            a.parallels(visit);
            b.parallels(visit);
        }
        Formula::And(parts) | Formula::Or(parts) => {
            parts.iter().for_each(|part| containers(part, visit));
        }
        Formula::Member(_, whole) | Formula::Part(_, whole, _) => visit(whole),
        Formula::Order(a, _, b) => {
            visit(a);
            visit(b);
        }
        Formula::Each(_, _, inner) | Formula::Some(_, inner) | Formula::Pairs(_, inner) => {
            containers(inner, visit);
        }
        _ => {}
    }
}
