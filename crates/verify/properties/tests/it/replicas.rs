//! Replicated data: by state and by operation.

use std::collections::BTreeSet;

use proptest::prelude::*;
use voidstate_properties::laws::{operation_crdt, state_crdt};

use crate::catalogue::{Entry, lawful, planted};
use crate::replicas_lawful::{
    Counts, Edit, Observed, Register, UpDown, count, count_both, greater, write,
};

fn edits() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (0_u8..3).prop_map(Edit::Add),
        (0_u8..3).prop_map(Edit::Remove)
    ]
}

pub(crate) fn entries() -> Vec<Entry> {
    let mut all = by_state();
    all.extend(by_operation());
    all
}

fn by_state() -> Vec<Entry> {
    vec![
        lawful("growing counter", |s| {
            let update = |s: &Counts, at: usize, n: &u64| count(s, at, *n);
            state_crdt(
                s,
                3,
                &(0_u64..9),
                |_| Counts::new(),
                update,
                greater,
                PartialEq::eq,
            )
        }),
        lawful("counter up and down", |s| {
            let merge = |a: &UpDown, b: &UpDown| (greater(&a.0, &b.0), greater(&a.1, &b.1));
            let start = |_| UpDown::default();
            state_crdt(s, 4, &any::<i8>(), start, count_both, merge, PartialEq::eq)
        }),
        lawful("last writer", |s| {
            let merge = |a: &Register, b: &Register| *a.max(b);
            state_crdt(
                s,
                3,
                &any::<u8>(),
                |_| (0, 0, 0),
                write,
                merge,
                PartialEq::eq,
            )
        }),
        lawful("set of observed tags", |s| {
            let update = |s: &Observed, at: usize, edit: &Edit| s.edited(at, edit);
            let start = |_| Observed::default();
            state_crdt(
                s,
                3,
                &edits(),
                start,
                update,
                Observed::merged,
                PartialEq::eq,
            )
        }),
        planted("a counter whose merge adds", "idempotence", |s| {
            let update = |s: &u64, _: usize, n: &u64| s + n;
            state_crdt(
                s,
                3,
                &(0_u64..9),
                |_| 0,
                update,
                |a, b| a.wrapping_add(*b),
                PartialEq::eq,
            )
        }),
        planted("last writer, mine on a tie", "commutativity", |s| {
            let merge = |a: &Register, b: &Register| if b.0 > a.0 { *b } else { *a };
            state_crdt(
                s,
                3,
                &any::<u8>(),
                |_| (0, 0, 0),
                write,
                merge,
                PartialEq::eq,
            )
        }),
        planted("a balance merged by the greater", "inflation", |s| {
            let update = |s: &i64, _: usize, by: &i8| s + i64::from(*by);
            state_crdt(
                s,
                3,
                &any::<i8>(),
                |_| 0_i64,
                update,
                |a, b| *a.max(b),
                PartialEq::eq,
            )
        }),
        planted("a set that removes without a trace", "inflation", |s| {
            let update = |s: &BTreeSet<u8>, _: usize, edit: &Edit| {
                let mut s = s.clone();
                match edit {
                    Edit::Add(value) => s.insert(*value),
                    Edit::Remove(value) => s.remove(value),
                };
                s
            };
            let merge = |a: &BTreeSet<u8>, b: &BTreeSet<u8>| a | b;
            state_crdt(
                s,
                3,
                &edits(),
                |_| BTreeSet::new(),
                update,
                merge,
                PartialEq::eq,
            )
        }),
        planted("a mean of two", "associativity", |s| {
            let update = |s: &f64, _: usize, n: &u64| s.max(*n as f64);
            let merge = |a: &f64, b: &f64| f64::midpoint(*a, *b);
            let eq = |a: &f64, b: &f64| (a - b).abs() < 1e-9;
            state_crdt(s, 3, &(0_u64..9), |_| 0.0, update, merge, eq)
        }),
    ]
}

/// An addition with its tag, or the tags that are removed.
#[derive(Debug, Clone)]
enum Tagged {
    Add(u8, usize, usize),
    Remove(BTreeSet<(u8, usize, usize)>),
}

fn prepare_tagged(s: &Observed, at: usize, edit: &Edit) -> Tagged {
    match edit {
        Edit::Add(value) => Tagged::Add(*value, at, s.tags.iter().filter(|t| t.1 == at).count()),
        Edit::Remove(value) => {
            Tagged::Remove(s.tags.iter().filter(|t| t.0 == *value).copied().collect())
        }
    }
}

fn apply_tagged(s: &Observed, operation: &Tagged) -> Observed {
    let mut s = s.clone();
    match operation {
        Tagged::Add(value, at, number) => {
            s.tags.insert((*value, *at, *number));
        }
        Tagged::Remove(tags) => s.buried.extend(tags.iter().copied()),
    }
    s
}

fn by_operation() -> Vec<Entry> {
    vec![
        lawful("counter", |s| {
            let effect = |s: &i64, by: &i8| s + i64::from(*by);
            operation_crdt(
                s,
                3,
                &any::<i8>(),
                |_| 0_i64,
                |_, _, by| *by,
                effect,
                PartialEq::eq,
            )
        }),
        lawful("set of observed tags", |s| {
            let start = |_| Observed::default();
            operation_crdt(
                s,
                4,
                &edits(),
                start,
                prepare_tagged,
                apply_tagged,
                PartialEq::eq,
            )
        }),
        planted(
            "a register that takes what comes",
            "concurrent operations commute",
            |s| {
                let prepare = |_: &u8, _: usize, value: &u8| *value;
                operation_crdt(
                    s,
                    3,
                    &any::<u8>(),
                    |_| 0,
                    prepare,
                    |_, value| *value,
                    PartialEq::eq,
                )
            },
        ),
        planted(
            "a set that removes by value",
            "concurrent operations commute",
            |s| {
                let effect = |s: &BTreeSet<u8>, edit: &Edit| {
                    let mut s = s.clone();
                    match edit {
                        Edit::Add(value) => s.insert(*value),
                        Edit::Remove(value) => s.remove(value),
                    };
                    s
                };
                let prepare = |_: &BTreeSet<u8>, _: usize, edit: &Edit| edit.clone();
                operation_crdt(
                    s,
                    3,
                    &edits(),
                    |_| BTreeSet::new(),
                    prepare,
                    effect,
                    PartialEq::eq,
                )
            },
        ),
        planted(
            "a counter that knows where it is",
            "strong convergence",
            |s| {
                // Pairs commute, but the replica's own number leaks into the state.
                let effect =
                    |s: &(usize, i64), by: &i8| (s.0, s.1 + i64::from(*by) * (1 + s.0 as i64 / 2));
                let eq = |a: &(usize, i64), b: &(usize, i64)| a.1 == b.1;
                operation_crdt(s, 3, &any::<i8>(), |at| (at, 0), |_, _, by| *by, effect, eq)
            },
        ),
    ]
}
