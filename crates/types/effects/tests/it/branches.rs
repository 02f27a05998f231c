//! Replay to an operation, branch there, compare.

use proptest::prelude::*;
use voidstate_effects::*;

use crate::programs::{Add, Step, Talk, World, steps, talk};

fn record_of(steps: &[Step], world: World) -> (Vec<i64>, Journal) {
    let mut record = Record::new(world);
    let out = direct(&mut record, async |c| talk(c, steps).await).unwrap();
    (out, record.into_journal())
}

proptest! {
    /// Stopped at operation n of a replay and answered on by the world that came after n, the program ends as it did.
    #[test]
    fn replay_to_n_stands_where_it_stood(steps in steps(), n in any::<prop::sample::Index>()) {
        let (out, journal) = record_of(&steps, World::default());
        let n = n.index(journal.len() + 1);
        let steps = &steps;
        let turn = suspend(|mut c| async move { talk(&mut c, steps).await });
        let turn = turn.advance(n, Replay::<Talk>::new(&journal).unwrap());
        if let Turn::Asks(op, _) = &turn {
            let recorded = &journal.entries()[n].key;
            prop_assert!(Talk::key(op).unwrap().is_same(recorded));
        }
        // A world that has seen what the first n operations did.
        let mut world = World::default();
        let seen = suspend(|mut c| async move { talk(&mut c, steps).await }).advance(n, &mut world);
        drop(seen);
        prop_assert_eq!(turn.finish(world).unwrap(), out);
    }

    /// A branch into a world that has seen the same goes the same way.
    #[test]
    fn a_branch_into_the_same_world_does_not_part(steps in steps(), n in any::<prop::sample::Index>()) {
        let (out, journal) = record_of(&steps, World::default());
        let n = n.index(journal.len() + 1);
        let mut world = World::default();
        let steps = &steps;
        drop(suspend(|mut c| async move { talk(&mut c, steps).await }).advance(n, &mut world));
        let mut branch = Branch::<Talk, _>::new(&journal, n, world).unwrap();
        prop_assert_eq!(direct(&mut branch, async |c| talk(c, steps).await).unwrap(), out);
        prop_assert_eq!(compare::<Talk>(&journal, &branch.into_journal()).unwrap(), None);
    }
}

#[test]
fn a_branch_parts_where_the_world_differs() {
    let steps = [Step::Add(1), Step::Add(2), Step::AddLast, Step::AddLast];
    let (_, journal) = record_of(&steps, World::default());
    let other = World {
        total: 100,
        ..World::default()
    };
    let mut branch = Branch::<Talk, _>::new(&journal, 1, other).unwrap();
    let out = direct(&mut branch, async |c| talk(c, &steps).await).unwrap();
    assert_eq!(out, [1, 102, 204, 408]);
    let course = branch.into_journal();
    let difference = compare::<Talk>(&journal, &course).unwrap().unwrap();
    assert_eq!(
        difference.to_string(),
        "operation 1, Add(2): 3 on the left, 102 on the right"
    );
    let (_, other_program) = record_of(&[Step::Add(1), Step::Tell(0.5)], World::default());
    let difference = compare::<Talk>(&journal, &other_program).unwrap().unwrap();
    assert!(
        matches!(
            difference,
            Difference {
                at: 1,
                what: What::Operation { .. }
            }
        ),
        "{difference}"
    );
    let difference = compare::<Talk>(&journal, &journal.prefix(2))
        .unwrap()
        .unwrap();
    assert_eq!(
        difference.to_string(),
        "operation 2: 4 operations on the left, 2 on the right"
    );
}

#[test]
fn a_branch_beyond_the_journal_is_refused() {
    let (_, journal) = record_of(&[Step::Add(1)], World::default());
    let error = Branch::<Talk, _>::new(&journal, 2, World::default()).unwrap_err();
    assert!(matches!(error, Error::Setting { .. }), "{error}");
    let error = compare::<row![Add]>(&journal, &journal).unwrap_err();
    assert!(matches!(error, Error::Row { .. }), "{error}");
}
