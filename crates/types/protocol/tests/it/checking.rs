//! Machines that fit together and machines that do not.

use voidstate_protocol::{
    Answer, Bounds, FailureKind, Machine, Subtyping, check, mermaid, subtype, synchronous_subtype,
};

use crate::examples::{self, last};

fn machines(text: &str) -> Vec<Machine> {
    last(text).machines().unwrap()
}

#[test]
fn every_example_holds() {
    for (name, text) in examples::ALL {
        let report = last(text).check(Bounds::default()).unwrap();
        println!("{name}: {report}");
        assert_eq!(report.answer, Answer::Holds, "{name}: {report}");
        for machine in machines(text) {
            assert_eq!(subtype(&machine, &machine, 4), Subtyping::Yes);
            assert!(
                machine
                    .mermaid()
                    .starts_with("stateDiagram-v2\n  [*] --> s0\n")
            );
            assert!(machine.dot().starts_with("digraph"));
        }
        println!("{}", mermaid(&last(text)).unwrap());
    }
}

/// The machines of the first text, but for those roles whose machines come from the second.
fn mixed(text: &str, other: &str, roles: &[usize]) -> Vec<Machine> {
    let mut all = machines(text);
    let others = machines(other);
    for &i in roles {
        all[i] = others[i].clone();
    }
    all
}

fn failure(machines: &[Machine]) -> (String, Vec<String>) {
    let report = check(machines, Bounds::default());
    let Answer::Fails(failures) = report.answer else {
        panic!("{report}")
    };
    let trace = failures[0].trace.iter().map(ToString::to_string).collect();
    (failures[0].kind.to_string(), trace)
}

const ASK: &str = "protocol P(role a, role b) { Ask(u8) from a to b; Reply(u8) from b to a; }";

#[test]
fn two_who_both_wait_are_a_deadlock() {
    let swapped = "protocol P(role a, role b) { Reply(u8) from b to a; Ask(u8) from a to b; }";
    let (kind, trace) = failure(&mixed(swapped, ASK, &[1]));
    assert_eq!(
        kind,
        "deadlock: `a` waits for `?b:Reply(u8)`, `b` waits for `?a:Ask(u8)`"
    );
    assert!(trace.is_empty());
}

#[test]
fn a_message_that_nobody_takes_is_an_orphan() {
    let more = "protocol P(role a, role b) { Ask(u8) from a to b; Reply(u8) from b to a; Thanks() from a to b; }";
    let (kind, trace) = failure(&mixed(ASK, more, &[0]));
    assert_eq!(
        kind,
        "orphan message: `Thanks()` from `a` to `b` is never received"
    );
    assert_eq!(
        trace,
        [
            "a !b:Ask(u8)",
            "b ?a:Ask(u8)",
            "b !a:Reply(u8)",
            "a ?b:Reply(u8)",
            "a !b:Thanks()"
        ]
    );
}

#[test]
fn a_message_that_is_not_expected_is_unspecified() {
    let other = "protocol P(role a, role b) { Ask(u16) from a to b; Reply(u8) from b to a; }";
    let (kind, trace) = failure(&mixed(ASK, other, &[0]));
    assert_eq!(
        kind,
        "unspecified reception: `Ask(u16)` from `a` comes to `b`, which expects `?a:Ask(u8)`"
    );
    assert_eq!(trace, ["a !b:Ask(u16)"]);
}

#[test]
fn a_branch_that_is_never_taken_is_unreachable() {
    let one = "protocol P(role a, role b) { choice at a { X() from a to b; } or { Y() from a to b; Z() from b to a; } }";
    let less = "protocol P(role a, role b) { X() from a to b; }";
    let (kind, _) = failure(&mixed(one, less, &[0]));
    assert!(
        kind.starts_with("unreachable state: `b` never comes to its state"),
        "{kind}"
    );
}

#[test]
fn who_waits_while_others_go_on_for_ever_is_found() {
    let text = "protocol P(role a, role b, role c) { rec x { choice at a { M() from a to b; continue x; } or { E() from a to b; F() from b to c; } } }";
    let endless = "protocol P(role a, role b, role c) { rec x { M() from a to b; continue x; } }";
    let report = check(&mixed(text, endless, &[0, 1]), Bounds::default());
    let Answer::Fails(failures) = &report.answer else {
        panic!("{report}")
    };
    assert!(
        matches!(failures[0].kind, FailureKind::Deadlock { .. }),
        "{report}"
    );
}

#[test]
fn an_endless_stream_holds_although_its_queue_is_never_long_enough() {
    let report = last(examples::STREAMING)
        .check(Bounds {
            queue: 2,
            configurations: 1000,
        })
        .unwrap();
    assert!(report.bound_reached);
    assert_eq!(report.answer, Answer::Holds);
    // Two that first send without end and only then listen fill any queue.
    let a = "protocol P(role a, role b) { rec x { choice at a { M() from a to b; continue x; } or { E() from a to b; G() from b to a; } } }";
    let b = "protocol P(role a, role b) { rec x { choice at b { M() from b to a; continue x; } or { G() from b to a; E() from a to b; } } }";
    let report = check(
        &mixed(a, b, &[1]),
        Bounds {
            queue: 2,
            configurations: 1000,
        },
    );
    assert!(!matches!(report.answer, Answer::Holds), "{report}");
}

#[test]
fn few_configurations_are_unknown() {
    let report = last(examples::WORKERS)
        .check(Bounds {
            queue: 4,
            configurations: 10,
        })
        .unwrap();
    assert!(matches!(report.answer, Answer::Unknown(_)), "{report}");
    assert!(matches!(
        check(&[], Bounds::default()).answer,
        Answer::Unknown(_)
    ));
    assert!(matches!(
        check(&machines(ASK)[..1], Bounds::default()).answer,
        Answer::Unknown(_)
    ));
}

fn role(text: &str, i: usize) -> Machine {
    machines(text)[i].clone()
}

#[test]
fn who_sends_less_and_receives_more_may_stand_in() {
    let both =
        "protocol P(role a, role b) { choice at a { X() from a to b; } or { Y() from a to b; } }";
    let one = "protocol P(role a, role b) { X() from a to b; }";
    assert_eq!(
        synchronous_subtype(&role(one, 0), &role(both, 0)),
        Subtyping::Yes
    );
    assert_eq!(
        synchronous_subtype(&role(both, 1), &role(one, 1)),
        Subtyping::Yes
    );
    let Subtyping::No(difference) = synchronous_subtype(&role(both, 0), &role(one, 0)) else {
        panic!()
    };
    assert_eq!(difference.to_string(), "only the first does `!b:Y()`");
    assert!(matches!(
        subtype(&role(one, 1), &role(both, 1), 8),
        Subtyping::No(_)
    ));
}

#[test]
fn an_output_may_go_first() {
    // The kernel of double buffering asks for the next block before it hands on the one it has.
    let eager = "\
protocol DoubleBuffering(role source, role kernel, role sink) {
  Ready() from kernel to source;
  rec copying {
    Ready() from kernel to source;
    Block(Vec<u8>) from source to kernel;
    Ready() from sink to kernel;
    Block(Vec<u8>) from kernel to sink;
    continue copying;
  }
}
";
    let (eager, plain) = (role(eager, 1), role(examples::DOUBLE_BUFFERING, 1));
    assert!(matches!(
        synchronous_subtype(&eager, &plain),
        Subtyping::No(_)
    ));
    assert_eq!(subtype(&eager, &plain, 8), Subtyping::Yes);
    assert!(matches!(subtype(&plain, &eager, 8), Subtyping::No(_)));
    let mut all = machines(examples::DOUBLE_BUFFERING);
    all[1] = eager;
    assert_eq!(check(&all, Bounds::default()).answer, Answer::Holds);
    // Swapped, nobody begins.
    let first = "protocol P(role a, role b) { Ask() from a to b; Reply() from b to a; }";
    let last = "protocol P(role a, role b) { Reply() from b to a; Ask() from a to b; }";
    assert_eq!(subtype(&role(first, 0), &role(last, 0), 8), Subtyping::Yes);
    assert!(matches!(
        subtype(&role(last, 0), &role(first, 0), 8),
        Subtyping::No(_)
    ));
}

#[test]
fn an_input_that_is_put_off_for_ever_is_noticed() {
    let sup =
        "protocol P(role a, role b) { A() from b to a; rec x { B() from a to b; continue x; } }";
    let sub = "protocol P(role a, role b) { rec x { B() from a to b; continue x; } }";
    let answer = subtype(&role(sub, 0), &role(sup, 0), 8);
    let Subtyping::No(difference) = &answer else {
        panic!("{answer}")
    };
    assert_eq!(
        difference.reason,
        "the first may never receive what `b` sends"
    );
    // Ever more outputs ahead of ever more inputs: beyond any bound.
    let sup =
        "protocol P(role a, role b) { rec x { A() from b to a; B() from a to b; continue x; } }";
    assert!(matches!(
        subtype(&role(sub, 0), &role(sup, 0), 8),
        Subtyping::Unknown(_)
    ));
}
