//! Record and replay.

use proptest::prelude::*;
use voidstate_effects::*;

use crate::programs::{Add, Step, Talk, World, steps, talk};

fn record_of(steps: &[Step], world: World) -> (Result<Vec<i64>, String>, Journal) {
    let mut record = Record::new(world);
    let out = direct(&mut record, async |c| talk(c, steps).await);
    (out.map_err(|e| e.to_string()), record.into_journal())
}

proptest! {
    /// With the world absent, the result, the abort and the journal are the same.
    #[test]
    fn record_then_replay_is_identity(steps in steps(), aborts_at in prop::option::of(0_usize..20)) {
        let (out, journal) = record_of(&steps, World { aborts_at, ..World::default() });
        let again = replay(&journal, async |c| talk(c, &steps).await);
        prop_assert_eq!(again.map_err(|e| e.to_string()), out.clone());
        let mut record = Record::new(Replay::<Talk>::new(&journal).unwrap());
        let again = direct(&mut record, async |c| talk(c, &steps).await);
        prop_assert_eq!(again.map_err(|e| e.to_string()), out);
        prop_assert_eq!(record.into_journal(), journal);
    }

    /// Recording changes nothing of what the program and the world see.
    #[test]
    fn recording_is_transparent(steps in steps()) {
        let (mut bare, mut seen) = (World::default(), World::default());
        let out = direct(&mut bare, async |c| talk(c, &steps).await).unwrap();
        let mut record = Record::new(&mut seen);
        prop_assert_eq!(direct(&mut record, async |c| talk(c, &steps).await).unwrap(), out);
        prop_assert_eq!((bare.total, bare.told, bare.performed), (seen.total, seen.told, seen.performed));
    }

    /// A truncated journal never gives an answer of its own.
    #[test]
    fn a_shortened_journal_is_exhausted(steps in steps(), keep in any::<prop::sample::Index>()) {
        let (_, journal) = record_of(&steps, World::default());
        prop_assume!(!journal.is_empty());
        let keep = keep.index(journal.len());
        let error = replay(&journal.prefix(keep), async |c| talk(c, &steps).await).unwrap_err();
        let exhausted = matches!(error, Error::Exhausted { at, .. } if at == keep as u64);
        prop_assert!(exhausted, "{}", error);
    }
}

#[test]
fn a_divergence_names_both_operations() {
    let (_, journal) = record_of(&[Step::Add(1), Step::Add(2)], World::default());
    let error = replay(&journal, async |c| {
        talk(c, &[Step::Add(1), Step::Ask("why".into())]).await
    })
    .unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, Error::Diverged { at: 1, .. }), "{text}");
    assert!(
        text.contains("recorded Add(2)") && text.contains("performed Ask(\"why\")"),
        "{text}"
    );
}

#[test]
fn a_divergence_that_the_text_hides_is_found() {
    let long = |end: &str| Step::Ask("a".repeat(500) + end);
    let (_, journal) = record_of(&[long("x")], World::default());
    let error = replay(&journal, async |c| talk(c, &[long("y")]).await).unwrap_err();
    assert!(matches!(error, Error::Diverged { at: 0, .. }), "{error}");
}

#[test]
fn a_program_that_ends_early_is_noticed() {
    let (_, journal) = record_of(&[Step::Add(1), Step::Add(2)], World::default());
    let error = replay(&journal, async |c| talk(c, &[Step::Add(1)]).await).unwrap_err();
    assert!(matches!(error, Error::Unperformed { at: 1, .. }), "{error}");
}

#[test]
fn a_journal_of_another_row_is_refused() {
    let (_, journal) = record_of(&[Step::Add(1)], World::default());
    let error = Replay::<row![Add]>::new(&journal).unwrap_err();
    assert_eq!(
        error.to_string(),
        "journal is of the row [add ask tell], this program has the row [add]"
    );
}
