//! Sessions over bad networks.

use std::time::Duration;

use voidstate_session::simulated::{Faults, Network, Task, run};
use voidstate_session::{Error, Fault};

use crate::endpoints::{engine, tool};
use crate::protocols::coordination;

type End = Option<Result<(&'static str, u64), Error>>;

fn session(seed: u64, faults: Faults) -> (Vec<End>, Duration) {
    let network = Network::new(seed, faults);
    let (e, t) = coordination::connect_by(|_, _| network.pair());
    let clock = network.clock();
    let mut of_engine = clock.clone();
    let tasks: Vec<Task<'_, Result<_, Error>>> = vec![
        Box::pin(async move { engine(e, &mut of_engine, true).await }),
        Box::pin(async { tool(t, u32::MAX).await.map(|()| ("tool", 0)) }),
    ];
    let ends = run(&clock, tasks);
    (ends, voidstate_session::Clock::now(&clock))
}

const BAD: Faults = Faults {
    lost: 60,
    doubled: 60,
    overtaken: 60,
    damaged: 60,
    delay_max: Duration::from_millis(20),
    cut_after: None,
};

#[test]
fn a_bad_network_never_gives_a_wrong_answer() {
    let (mut right, mut failed, mut stuck) = (0, 0, 0);
    for seed in 0..300 {
        match &session(seed, BAD).0[0] {
            Some(Ok(("complete", sum))) => {
                assert_eq!(*sum, 33, "seed {seed}");
                right += 1;
            }
            Some(Ok(_) | Err(_)) => failed += 1,
            None => stuck += 1,
        }
    }
    // What is lost where the protocol sets no time is waited for, and nothing else is.
    assert!(
        right > 20 && failed > 50 && stuck < 100,
        "{right} {failed} {stuck}"
    );
}

#[test]
fn a_seed_is_a_run() {
    for seed in 0..20 {
        let (first, second) = (session(seed, BAD), session(seed, BAD));
        assert_eq!(format!("{first:?}"), format!("{second:?}"));
    }
}

#[test]
fn delays_change_nothing() {
    for seed in 0..50 {
        let faults = Faults {
            delay_max: Duration::from_millis(100),
            ..Faults::default()
        };
        let (ends, took) = session(seed, faults);
        assert!(matches!(ends[0], Some(Ok(("complete", 33)))), "{ends:?}");
        assert!(took > Duration::ZERO);
    }
}

#[test]
fn a_doubled_frame_is_noticed() {
    let faults = Faults {
        doubled: 1000,
        ..Faults::default()
    };
    let (ends, _) = session(1, faults);
    let is_noticed = |end: &End| {
        let fault = Fault::Sequence {
            found: 0,
            expected: 1,
        };
        matches!(end, Some(Err(Error::Channel { fault: seen, .. })) if seen.to_string() == fault.to_string())
    };
    assert!(ends.iter().any(is_noticed), "{ends:?}");
}

#[test]
fn a_line_that_is_cut_is_a_crash_for_the_engine_and_closed_for_the_tool() {
    for after in 0..4 {
        let faults = Faults {
            cut_after: Some(after),
            ..Faults::default()
        };
        let (ends, _) = session(1, faults);
        assert!(matches!(ends[0], Some(Ok((_, _)))), "{ends:?}");
        assert!(!matches!(ends[0], Some(Ok(("complete", _)))), "{ends:?}");
        assert!(matches!(ends[1], Some(Err(_))), "{ends:?}");
    }
}
