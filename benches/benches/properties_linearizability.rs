//! Peer: stateright 0.31, `LinearizabilityTester`.
//!
//! The same histories of a register go to both, from calls and answers to a verdict: what is nearly sequential, what
//! overlaps among five clients, and what has no order. Both must give the same verdict.

use std::hint::black_box;

use stateright::semantics::register::{
    Register as PeerRegister, RegisterOp as PeerOp, RegisterRet,
};
use stateright::semantics::{ConsistencyTester, LinearizabilityTester};
use voidstate_benches::{Plan, calibration_loop_ns, pair, plan, report_fact, report_pair};
use voidstate_properties::linearizability::models::{Register, RegisterOp};
use voidstate_properties::linearizability::{Event, History, Limits, check};

type Events = Vec<Event<RegisterOp<u8>, Option<u8>>>;

/// Deterministic numbers below `bound`.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Clients that read and write a register, each operation taking effect at a moment between its call and its answer;
/// where `is_broken`, the last read answers a value that was never there.
fn events(clients: usize, operations: usize, seed: u64, is_broken: bool) -> Events {
    let mut numbers = Numbers(seed);
    let mut open: Vec<Option<(RegisterOp<u8>, Option<Option<u8>>)>> = vec![None; clients];
    let (mut value, mut called, mut events) = (0_u8, 0, Vec::new());
    while called < operations || open.iter().any(Option::is_some) {
        let client = numbers.below(clients as u64) as usize;
        let number = client as u32;
        match open[client].take() {
            None if called < operations => {
                called += 1;
                let op = match numbers.below(2) {
                    0 => RegisterOp::Write(1 + numbers.below(4) as u8),
                    _ => RegisterOp::Read,
                };
                events.push(Event::Call(number, op.clone()));
                open[client] = Some((op, None));
            }
            None => {}
            Some((op, None)) => {
                let answer = match op {
                    RegisterOp::Write(new) => {
                        value = new;
                        None
                    }
                    _ => Some(value),
                };
                open[client] = Some((op, Some(answer)));
            }
            Some((_, Some(answer))) => events.push(Event::Answer(number, answer)),
        }
    }
    if is_broken {
        let last = events.iter_mut().rev().find_map(|event| match event {
            Event::Answer(_, Some(value)) => Some(value),
            _ => None,
        });
        *last.expect("somebody reads") = 99;
    }
    events
}

fn ours(events: &Events) -> bool {
    let history = History::from_events(events.iter().cloned()).expect("a history");
    check(&Register(0), &history, Limits::default())
        .expect("a verdict")
        .is_linearizable()
}

fn peer(events: &Events) -> bool {
    let mut tester = LinearizabilityTester::new(PeerRegister(0_u8));
    for event in events {
        let taken = match event {
            Event::Call(client, RegisterOp::Write(value)) => {
                tester.on_invoke(*client, PeerOp::Write(*value))
            }
            Event::Call(client, _) => tester.on_invoke(*client, PeerOp::Read),
            Event::Answer(client, Some(value)) => {
                tester.on_return(*client, RegisterRet::ReadOk(*value))
            }
            Event::Answer(client, None) => tester.on_return(*client, RegisterRet::WriteOk),
        };
        taken.expect("a history");
    }
    tester.is_consistent()
}

fn main() {
    report_fact(
        "properties_linearizability",
        "calibration_loop",
        calibration_loop_ns(),
        "ns",
    );
    for (name, clients, operations, is_broken) in [
        ("two_clients", 2, 40, false),
        ("five_clients", 5, 40, false),
        ("broken_three_clients", 3, 14, true),
    ] {
        let all: Vec<Events> = (0..8)
            .map(|seed| events(clients, operations, seed, is_broken))
            .collect();
        for events in &all {
            assert_eq!(ours(events), !is_broken, "{name}");
            assert_eq!(peer(events), !is_broken, "{name}");
        }
        let slow = Plan {
            windows: 5,
            ..plan(Plan::SLOW)
        };
        let found = pair(
            slow,
            || {
                assert!(
                    all.iter()
                        .all(|events| ours(black_box(events)) != is_broken)
                )
            },
            || {
                assert!(
                    all.iter()
                        .all(|events| peer(black_box(events)) != is_broken)
                )
            },
        );
        report_pair("properties_linearizability", name, "stateright", found);
    }
    // What the peer cannot do in any time: long, and broken at the end.
    let long = events(4, 4000, 1, false);
    let broken = events(4, 4000, 1, true);
    assert!(ours(&long) && !ours(&broken));
    let slow = Plan {
        windows: 3,
        rounds: 3,
        ..Plan::SLOW
    };
    let verdict = voidstate_benches::single(slow, || assert!(ours(black_box(&long))));
    report_fact(
        "properties_linearizability",
        "long_history",
        verdict / 4000.0,
        "ns per operation",
    );
    let verdict = voidstate_benches::single(slow, || assert!(!ours(black_box(&broken))));
    report_fact(
        "properties_linearizability",
        "long_broken_history",
        verdict / 4000.0,
        "ns per operation",
    );
}
