//! Protocols with a fault each: somebody notices every one of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use voidstate_protocol::{Answer, Bounds, Machine, Monitor, MutantKind, Protocol, check, mutate};

use crate::examples::{self, last};
use crate::walk::{Dice, walk};

/// Who notices a mutant, in the order in which they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// It is malformed, or a role cannot know a choice.
    Projection,
    /// Its own machines do not fit together.
    Checker,
    /// One party that plays it does not fit together with the others, who play the good protocol.
    Mixed,
    /// A party that plays it breaks the good protocol, or the other way round.
    Monitor,
}

fn fails(machines: &[Machine]) -> bool {
    matches!(check(machines, Bounds::default()).answer, Answer::Fails(_))
}

/// Whether a run of one machine breaks the other.
fn is_noticed(runner: &Machine, watcher: &Arc<Machine>, dice: &mut Dice) -> bool {
    (0..100).any(|_| {
        let mut monitor = Monitor::new(Arc::clone(watcher));
        let run = walk(runner, dice, 40);
        run.iter().any(|t| {
            let payload: Vec<String> = t.payload.iter().map(ToString::to_string).collect();
            monitor
                .step(t.direction, t.peer, &t.label, Some(&payload.join(", ")))
                .is_err()
        })
    })
}

fn noticed_by(good: &[Machine], mutant: &Protocol) -> Option<By> {
    let Ok(bad) = mutant.machines() else {
        return Some(By::Projection);
    };
    if fails(&bad) {
        return Some(By::Checker);
    }
    let differing: Vec<usize> = (0..good.len()).filter(|i| good[*i] != bad[*i]).collect();
    let mixes = differing.iter().any(|&i| {
        let mut mixed = good.to_vec();
        mixed[i] = bad[i].clone();
        fails(&mixed)
    });
    if mixes {
        return Some(By::Mixed);
    }
    let mut dice = Dice::new(7);
    let monitored = differing.iter().any(|&i| {
        let (a, b) = (Arc::new(good[i].clone()), Arc::new(bad[i].clone()));
        is_noticed(&b, &a, &mut dice) || is_noticed(&a, &b, &mut dice)
    });
    monitored.then_some(By::Monitor)
}

#[test]
fn every_mutant_is_noticed_and_the_good_ones_are_not() {
    let mut table: BTreeMap<MutantKind, BTreeMap<By, usize>> = BTreeMap::new();
    let mut missed = Vec::new();
    let mut count = 0;
    for (name, text) in examples::ALL {
        let good = last(text);
        let machines = good.machines().unwrap();
        assert_eq!(
            noticed_by(&machines, &good),
            None,
            "the good {name} is noticed"
        );
        assert!(!fails(&machines), "{name}");
        for mutant in mutate(&good) {
            count += 1;
            match noticed_by(&machines, &mutant.protocol) {
                Some(by) => *table.entry(mutant.kind).or_default().entry(by).or_default() += 1,
                None => missed.push(format!(
                    "{name}: {} ({})\n{}",
                    mutant.kind, mutant.what, mutant.protocol
                )),
            }
        }
    }
    println!(
        "{:18} {:>10} {:>10} {:>10} {:>10}",
        "mutant", "projection", "checker", "mixed", "monitor"
    );
    for (kind, by) in &table {
        let n = |who| by.get(&who).copied().unwrap_or(0);
        println!(
            "{kind:18} {:>10} {:>10} {:>10} {:>10}",
            n(By::Projection),
            n(By::Checker),
            n(By::Mixed),
            n(By::Monitor)
        );
    }
    println!("{count} mutants, {} of them missed", missed.len());
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(count >= 40, "{count}");
    assert_eq!(table.len(), 14, "every kind occurs: {table:?}");
}
