//! A plain house passes the machine, and each planted fault is caught in few steps.

mod plain;

use plain::{Fault, Plain};
use voidstate_properties::registry_machine::{Settings, Step, check, check_with};

#[test]
fn a_house_that_is_right_passes() {
    check(|| Plain::new(None), Settings::default()).unwrap();
    let many = Settings {
        tools: 26,
        steps_max: 200,
        cases: 20,
        ..Settings::default()
    };
    check(|| Plain::new(None), many).unwrap();
}

/// The registry alone is a house, too.
#[test]
fn a_registry_alone_is_tested() {
    check(plain::Shelf::default, Settings::default()).unwrap();
    let forgetful = || plain::Shelf::with(Fault::ForgetsToUnregister);
    let fault = check(forgetful, Settings::default()).unwrap_err();
    assert!(fault.reason.contains("the list is"), "{fault}");
}

#[test]
fn planted_faults_are_caught_in_few_steps() {
    use Fault::*;
    for (fault, steps_max, reason) in [
        (
            ForgetsToUnregister,
            2,
            "the list is [ta 0.1.0], expected []",
        ),
        (ListsOneTooFew, 2, "the list is"),
        (AcceptsTakenIds, 2, "the id is taken"),
        (SwallowsTakenIds, 2, "the id is taken"),
        (ResumesDetached, 4, "should be refused"),
        (LetsCyclesIn, 2, "would form a cycle"),
        (NamesNoCycle, 2, "is none"),
        (UnregistersNeeded, 3, "should be refused"),
        (AcceptsBroken, 1, "should be refused"),
        (ListsUnsorted, 2, "the list is"),
        (CallsSuspended, 4, "was called 1 times, expected 0"),
        (CallsTwice, 3, "was called 2 times, expected 1"),
        (DependentsGoOn, 5, "is attached, expected suspended"),
        (DetachesNeeded, 5, "should be refused"),
        (FindsByExactCase, 2, "were found"),
    ] {
        let caught = check(|| Plain::new(Some(fault)), Settings::default());
        let caught = caught.expect_err(&format!("{fault:?} was not caught"));
        assert!(caught.reason.contains(reason), "{fault:?}: {caught}");
        assert!(caught.steps.len() <= steps_max, "{fault:?}: {caught}");
    }
}

#[test]
fn a_fault_reads_as_a_recipe() {
    let resumes = || Plain::new(Some(Fault::ResumesDetached));
    let fault = check(resumes, Settings::default()).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "1. register ta\n2. attach ta\n3. detach ta\n4. resume ta\nthen Resume(0) was done, but it should be refused (seed 17)"
    );
}

#[test]
fn what_only_this_house_promises_is_asked_after_each_step() {
    let fault = check_with(
        || Plain::new(None),
        Settings::default(),
        |_, reference| match reference.needs(2) {
            Some(needs) if !needs.is_empty() => Err("the third tool needs nobody".to_owned()),
            _ => Ok(()),
        },
    );
    let fault = fault.unwrap_err();
    assert_eq!(fault.reason, "the third tool needs nobody");
    assert!(
        matches!(&*fault.steps, [Step::Register { tool: 2, needs }] if needs.len() == 1),
        "{fault}"
    );
}

#[test]
fn the_same_seed_gives_the_same_fault() {
    let run = |seed| {
        let settings = Settings {
            seed,
            ..Settings::default()
        };
        check(|| Plain::new(Some(Fault::DependentsGoOn)), settings).unwrap_err()
    };
    assert_eq!(run(3), run(3));
}
