//! Partition refinement beside brute force.

use proptest::prelude::*;
use voidstate_equivalence::Error;
use voidstate_equivalence::finite::{Lts, Mealy, Sameness, compare};

/// The greatest bisimulation by striking out pairs until nothing changes.
fn by_brute_force(lts: &Lts) -> Vec<Vec<bool>> {
    let n = lts.states();
    let mut related = vec![vec![true; n]; n];
    let moves = |s: usize| lts.transitions().iter().filter(move |t| t.0 as usize == s);
    loop {
        let matched = |p: usize, q: usize, related: &[Vec<bool>]| {
            moves(p).all(|a| moves(q).any(|b| a.1 == b.1 && related[a.2 as usize][b.2 as usize]))
        };
        let mut is_changed = false;
        for p in 0..n {
            for q in 0..n {
                if related[p][q] && !(matched(p, q, &related) && matched(q, p, &related)) {
                    related[p][q] = false;
                    related[q][p] = false;
                    is_changed = true;
                }
            }
        }
        if !is_changed {
            return related;
        }
    }
}

fn systems() -> impl Strategy<Value = Lts> {
    (1_usize..9, 1_u32..3).prop_flat_map(|(n, labels)| {
        let state = 0..u32::try_from(n).unwrap();
        let transitions = prop::collection::vec((state.clone(), 0..labels, state), 0..3 * n);
        transitions.prop_map(move |t| Lts::new(n, t).unwrap())
    })
}

fn machines(inputs: usize) -> impl Strategy<Value = Mealy> {
    (1_usize..7).prop_flat_map(move |n| {
        let row = (0..u32::try_from(n).unwrap(), 0_u32..2);
        prop::collection::vec(row, n * inputs)
            .prop_map(move |rows| Mealy::new(inputs, rows).unwrap())
    })
}

/// The least of the shortest words whose outputs differ, by trying all pairs of states breadth first.
fn shortest_by_brute_force(a: &Mealy, b: &Mealy) -> Option<Vec<u32>> {
    let mut seen = std::collections::HashSet::from([(0, 0)]);
    let mut queue = std::collections::VecDeque::from([((0, 0), Vec::new())]);
    while let Some(((x, y), word)) = queue.pop_front() {
        for input in 0..u32::try_from(a.inputs()).unwrap() {
            let ((p, left), (q, right)) = (a.step(x, input).unwrap(), b.step(y, input).unwrap());
            let word = [word.as_slice(), &[input]].concat();
            if left != right {
                return Some(word);
            }
            if seen.insert((p, q)) {
                queue.push_back(((p, q), word));
            }
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn classes_are_the_greatest_bisimulation(lts in systems()) {
        let (classes, related) = (lts.bisimilarity(), by_brute_force(&lts));
        for p in 0..lts.states() {
            for q in 0..lts.states() {
                prop_assert_eq!(classes[p] == classes[q], related[p][q], "states {} and {}", p, q);
            }
        }
    }

    #[test]
    fn traces_are_shortest(a in machines(2), b in machines(2)) {
        match (compare(&a, &b).unwrap(), shortest_by_brute_force(&a, &b)) {
            (Sameness::Bisimilar { .. }, None) => {}
            (Sameness::Distinct { trace }, Some(word)) => {
                prop_assert_eq!(trace.len(), word.len());
                let (left, right) = (a.run(&trace), b.run(&trace));
                prop_assert_ne!(left.last(), right.last());
                prop_assert_eq!(&left[..left.len() - 1], &right[..right.len() - 1]);
            }
            (found, expected) => prop_assert!(false, "{:?} but {:?}", found, expected),
        }
    }

    #[test]
    fn minimal_machines_do_the_same(a in machines(3)) {
        let minimal = a.minimal();
        let is_same = matches!(compare(&a, &minimal).unwrap(), Sameness::Bisimilar { .. });
        prop_assert!(is_same);
        let mut classes = minimal.classes();
        classes.sort_unstable();
        classes.dedup();
        prop_assert_eq!(classes.len(), minimal.states());
    }
}

#[test]
fn choice_before_and_after_are_told_apart() {
    // a.(b + c) and a.b + a.c: the same words, another time to choose.
    let late = [(0, 0, 1), (1, 1, 2), (1, 2, 2)];
    let early = [(3, 0, 4), (3, 0, 5), (4, 1, 6), (5, 2, 6)];
    let lts = Lts::new(7, [late.as_slice(), &early].concat()).unwrap();
    let classes = lts.bisimilarity();
    assert_ne!(classes[0], classes[3]);
    assert_eq!(classes[2], classes[6]);
}

#[test]
fn wrong_machines_are_refused() {
    assert!(matches!(
        Lts::new(1, vec![(0, 0, 1)]),
        Err(Error::NoState {
            state: 1,
            states: 1
        })
    ));
    assert!(matches!(
        Mealy::new(2, vec![(0, 0)]),
        Err(Error::Rows { .. })
    ));
    assert!(matches!(
        Mealy::new(1, vec![(3, 0)]),
        Err(Error::NoState { state: 3, .. })
    ));
    assert!(matches!(Mealy::new(0, vec![]), Err(Error::Rows { .. })));
    let (one, two) = (
        Mealy::new(1, vec![(0, 0)]).unwrap(),
        Mealy::new(2, vec![(0, 0); 2]).unwrap(),
    );
    assert!(matches!(
        compare(&one, &two),
        Err(Error::Inputs { left: 1, right: 2 })
    ));
    assert!(Lts::new(0, vec![]).unwrap().bisimilarity().is_empty());
}
