use std::collections::BTreeSet;

use super::instrument::{at, instrument, regions};

const SOURCE: &str = r#"
const SIZE: usize = 3 + 4;
fn find(text: &[u8], byte: u8) -> Option<usize> {
    let mut at = 0;
    while at < text.len() && !text.is_empty() {
        if text[at] == byte { return Some(at); }
        at += 1;
    }
    None
}
fn sum(xs: &[f64], log: &mut Vec<f64>) -> f64 {
    let mut total = 0.0;
    for i in 0..xs.len() {
        if i > 9 { break; }
        total = total + -xs[i].min(1.5);
        log.push(total);
    }
    match total { t if t > 0.5 => t, _ => (1 << 2) as f64 }
}
#[cfg(test)]
mod tests { fn t() -> bool { 1 + 1 == 2 } }
"#;

#[test]
fn a_fault_stands_wherever_a_value_is_made() {
    let mut next = 1;
    let (text, mutants) = instrument("a.rs", SOURCE, &mut next, &BTreeSet::new()).unwrap();
    let kinds: BTreeSet<_> = mutants.iter().map(|m| m.kind).collect();
    assert!(kinds.len() >= 15, "{kinds:?}");
    assert!(
        mutants
            .iter()
            .all(|m| m.function == "find" || m.function == "sum"),
        "neither constants nor tests"
    );
    let ids: Vec<_> = mutants.iter().map(|m| m.id).collect();
    assert!(ids.iter().copied().eq(1..next), "{ids:?}");
    let found: BTreeSet<_> = regions(&text)
        .unwrap()
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert!(
        found.into_iter().eq(ids),
        "every fault has its place in the text"
    );
}

#[test]
fn a_refused_fault_keeps_its_number_to_itself() {
    let (mut a, mut b) = (1, 1);
    let (_, all) = instrument("a.rs", SOURCE, &mut a, &BTreeSet::new()).unwrap();
    let (_, some) = instrument("a.rs", SOURCE, &mut b, &BTreeSet::from([2, 5])).unwrap();
    assert_eq!(a, b);
    let rest: Vec<_> = all.into_iter().filter(|m| m.id != 2 && m.id != 5).collect();
    assert_eq!(rest, some);
}

#[test]
fn an_error_is_blamed_on_the_innermost_fault() {
    let regions = [(1, 0..100), (2, 10..20), (3, 12..15)];
    assert_eq!(at(&regions, 13), Some(3));
    assert_eq!(at(&regions, 18), Some(2));
    assert_eq!(at(&regions, 50), Some(1));
    assert_eq!(at(&regions, 200), None);
}

#[test]
fn a_floor_is_a_percentage() {
    assert_eq!(super::percent("95").ok(), Some(95.0));
    for bad in ["NaN", "-1", "100.5", "inf", "x", ""] {
        assert!(super::percent(bad).is_err(), "{bad}");
    }
}
