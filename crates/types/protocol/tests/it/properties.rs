//! What holds of every protocol.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use voidstate_protocol::ast::GlobalKind;
use voidstate_protocol::{
    Answer, Bounds, Direction, Machine, Monitor, Protocol, Subtyping, check, format, parse,
    subtype, synchronous_subtype,
};

use crate::examples::{self, last};
use crate::made::made;
use crate::soak;
use crate::walk::{Dice, walk};

fn config(seed: u64, cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(soak::seed(seed)),
        ..ProptestConfig::with_cases(soak::cases(cases))
    }
}

const BOUNDS: Bounds = Bounds {
    queue: 2,
    configurations: 20_000,
};

fn read(text: &str) -> Option<Protocol> {
    parse(text).ok().and_then(|all| all.into_iter().next())
}

fn joined(machine: &Machine, t: &voidstate_protocol::Transition) -> String {
    let _ = machine;
    let parts: Vec<String> = t.payload.iter().map(ToString::to_string).collect();
    parts.join(", ")
}

/// How many of the first seeds give a protocol that is read, one that is projected, and one that surely holds.
#[test]
fn most_made_protocols_are_projected_and_hold() {
    let (mut read_well, mut projected, mut holds) = (0, 0, 0);
    for seed in 0..400 {
        let Some(protocol) = read(&made(seed)) else {
            continue;
        };
        read_well += 1;
        let Ok(machines) = protocol.machines() else {
            continue;
        };
        projected += 1;
        holds += u32::from(check(&machines, BOUNDS).answer == Answer::Holds);
    }
    println!("of 400: {read_well} read, {projected} projected, {holds} hold");
    assert!(
        read_well > 300 && projected > 150 && holds > 120,
        "{read_well} {projected} {holds}"
    );
}

proptest! {
    #![proptest_config(config(1, 400))]

    #[test]
    fn what_is_projected_never_fails(seed in any::<u64>()) {
        let text = made(seed);
        if let Some(protocol) = read(&text)
            && let Ok(machines) = protocol.machines()
        {
            let report = check(&machines, BOUNDS);
            prop_assert!(!matches!(report.answer, Answer::Fails(_)), "{text}\n{report}");
        }
    }

    #[test]
    fn what_is_formatted_is_read_back(seed in any::<u64>()) {
        if let Ok(protocols) = parse(&made(seed)) {
            let text = format(&protocols);
            let again = parse(&text);
            prop_assert_eq!(again.as_ref(), Ok(&protocols));
            prop_assert_eq!(format(&protocols), text);
        }
    }

    #[test]
    fn a_monitor_takes_the_runs_of_its_machine_and_no_others(seed in any::<u64>()) {
        let Some(Ok(machines)) = read(&made(seed)).map(|p| p.machines()) else { return Ok(()) };
        let mut dice = Dice::new(seed);
        for machine in machines {
            let run = walk(&machine, &mut dice, 30);
            let machine = Arc::new(machine);
            let mut monitor = Monitor::new(Arc::clone(&machine));
            for t in &run {
                let payload = joined(&machine, t);
                let state = monitor.state();
                let longer = format!("{payload}, u8");
                // One step otherwise is refused, and leaves the run where it is.
                let turned = if t.direction == Direction::Send { Direction::Receive } else { Direction::Send };
                prop_assert!(monitor.step(turned, t.peer, &t.label, None).is_err());
                prop_assert!(monitor.step(t.direction, machine.role_index(), &t.label, None).is_err());
                prop_assert!(monitor.step(t.direction, t.peer, "Nothing", None).is_err());
                prop_assert!(monitor.step(t.direction, t.peer, &t.label, Some("Otherwise")).is_err());
                prop_assert!(monitor.step(t.direction, t.peer, &t.label, Some(&longer)).is_err());
                prop_assert_eq!(monitor.state(), state);
                prop_assert_eq!(monitor.step(t.direction, t.peer, &t.label, Some(&payload)), Ok(()));
                prop_assert_eq!(monitor.state(), t.target);
            }
            prop_assert_eq!(monitor.is_final(), machine.is_final(monitor.state()));
        }
    }

    #[test]
    fn the_order_of_branches_does_not_matter(seed in any::<u64>()) {
        let Some(protocol) = read(&made(seed)) else { return Ok(()) };
        let mut turned = protocol.clone();
        turn(&mut turned.body);
        match (protocol.machines(), turned.machines()) {
            (Ok(a), Ok(b)) => prop_assert_eq!(a, b),
            (a, b) => prop_assert_eq!(a.is_err(), b.is_err()),
        }
    }

    #[test]
    fn every_machine_may_stand_in_for_itself_and_with_less_to_say(seed in any::<u64>()) {
        let Some(Ok(machines)) = read(&made(seed)).map(|p| p.machines()) else { return Ok(()) };
        for (i, machine) in machines.iter().enumerate() {
            prop_assert_eq!(synchronous_subtype(machine, machine), Subtyping::Yes);
            prop_assert_eq!(subtype(machine, machine, 3), Subtyping::Yes);
            // It may say less; the others still fit, but for states that are not reached any more.
            let mut states = machine.states().to_vec();
            for state in &mut states {
                if state.transitions.len() > 1 && state.transitions.iter().all(|t| t.direction == Direction::Send) {
                    state.transitions.truncate(1);
                }
            }
            let less = Machine::new(machine.protocol(), machine.roles().to_vec(), i, states).unwrap();
            prop_assert_eq!(synchronous_subtype(&less, machine), Subtyping::Yes);
            let mut mixed = machines.clone();
            mixed[i] = less;
            if let Answer::Fails(failures) = check(&mixed, BOUNDS).answer {
                for failure in failures {
                    let is_unreached = failure.kind.name() == "unreachable state";
                    // Who waits for what is never said any more waits for ever where the choice was a loop's end.
                    let is_endless = failure.kind.name() == "deadlock" && !failure.trace.is_empty();
                    prop_assert!(is_unreached || is_endless, "{}", failure);
                }
            }
        }
    }

    #[test]
    fn the_dual_of_the_dual_is_the_machine(seed in any::<u64>()) {
        let Some(Ok(machines)) = read(&made(seed)).map(|p| p.machines()) else { return Ok(()) };
        if let [a, b] = machines.as_slice()
            && let (Ok(dual), false) = (a.dual(), a.states().iter().any(|s| s.may_crash))
            && !b.states().iter().any(|s| s.may_crash)
        {
            // Times are kept by both sides, so the dual of one party is the other.
            prop_assert_eq!(&dual.dual().unwrap(), a);
            prop_assert_eq!(synchronous_subtype(&dual, b), Subtyping::Yes);
        }
    }
}

/// Turns the branches of every choice round.
fn turn(steps: &mut [voidstate_protocol::ast::Global]) {
    for step in steps {
        match &mut step.kind {
            GlobalKind::Choice(choice) => {
                choice.branches.reverse();
                choice.branches.iter_mut().for_each(|b| turn(b));
            }
            GlobalKind::Rec(rec) => turn(&mut rec.body),
            GlobalKind::Scope(scope) => turn(&mut scope.body),
            GlobalKind::For(each) => turn(&mut each.body),
            _ => {}
        }
    }
}

#[test]
fn merging_what_is_equal_changes_nothing() {
    // Nobody but the two who speak sees the choice.
    let with = "protocol P(role a, role b, role c) { choice at a { X() from a to b; } or { Y() from a to b; } Z() from b to c; W() from c to a; }";
    let without =
        "protocol P(role a, role b, role c) { X() from a to b; Z() from b to c; W() from c to a; }";
    let of = |text: &str| last(text).machines().unwrap()[2].clone();
    assert_eq!(of(with), of(without));
}

#[test]
fn merging_joins_what_comes_from_one_sender() {
    let text = "protocol P(role a, role b, role c) { choice at a { X() from a to b; L() from b to c; } or { Y() from a to b; R() from b to c; } }";
    let c = last(text).machines().unwrap()[2].clone();
    assert_eq!(c.to_string(), "c of P\n0 ?b:L() 1\n0 ?b:R() 1\n1 end\n");
    // Loops are unfolded as far as they must be: the first round differs from the later ones.
    let text = "protocol P(role a, role b, role c) { rec x { choice at a { More() from a to b; Tick() from b to c; continue x; } or { Done() from a to b; Last() from b to c; } } }";
    let c = last(text).machines().unwrap()[2].clone();
    assert_eq!(
        c.to_string(),
        "c of P\n0 ?b:Last() 1\n0 ?b:Tick() 0\n1 end\n"
    );
}

#[test]
fn every_example_survives_formatting_of_its_comments() {
    let text = "// before\nprotocol P(role a, role b) { // inside\n  M() from a to b; // behind\n  // last\n}\n// after\n";
    let protocols = parse(text).unwrap();
    let formatted = format(&protocols);
    for comment in ["before", "inside", "behind", "last", "after"] {
        assert_eq!(formatted.matches(comment).count(), 1, "{formatted}");
    }
    assert_eq!(format(&parse(&formatted).unwrap()), formatted);
    assert_eq!(parse(examples::RING).unwrap().len(), 1);
}
