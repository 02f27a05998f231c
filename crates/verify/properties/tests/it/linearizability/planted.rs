//! Objects with a fault, run by schedules: no thread, no chance.

use std::collections::VecDeque;

use voidstate_properties::linearizability::models::{
    Counter, CounterOp, Queue, QueueOp, Register, RegisterOp,
};
use voidstate_properties::linearizability::{
    Event, History, Limits, Model, Progress, check, interleaved, schedules,
};

/// How many of all schedules show a fault, and the first drawing.
fn faults<M: Model, S, L: Default>(
    model: &M,
    shared: impl Fn() -> S,
    programs: &[Vec<M::Op>],
    steps: &[usize],
    step: impl Fn(&mut S, &M::Op, &mut L) -> Progress<M::Ret>,
) -> (usize, usize, Option<String>) {
    let (mut broken, mut all, mut first) = (0, 0, None);
    for schedule in schedules(steps) {
        let history = interleaved(&mut shared(), programs, &schedule, &step).unwrap();
        let verdict = check(model, &history, Limits::default()).unwrap();
        all += 1;
        if let Some(found) = verdict.counterexample() {
            broken += 1;
            first.get_or_insert_with(|| found.to_string());
        }
    }
    (broken, all, first)
}

/// Loads in one step and stores in the next.
fn load_then_store(shared: &mut i64, op: &CounterOp, loaded: &mut Option<i64>) -> Progress<i64> {
    match (op, *loaded) {
        (CounterOp::Read, _) => Progress::Done(*shared),
        (CounterOp::Add(_), None) => {
            *loaded = Some(*shared);
            Progress::More
        }
        (CounterOp::Add(by), Some(before)) => {
            *shared = before + by;
            Progress::Done(before)
        }
    }
}

fn fetch_add(shared: &mut i64, op: &CounterOp, is_called: &mut bool) -> Progress<i64> {
    if !std::mem::replace(is_called, true) {
        return Progress::More;
    }
    let before = *shared;
    if let CounterOp::Add(by) = op {
        *shared += by;
    }
    Progress::Done(before)
}

#[test]
fn a_lost_update_is_caught() {
    let programs = [vec![CounterOp::Add(1)], vec![CounterOp::Add(1)]];
    let (broken, all, drawing) = faults(&Counter, || 0, &programs, &[2, 2], load_then_store);
    // Fine only where one is done before the other begins.
    assert_eq!((broken, all), (4, 6));
    assert_eq!(
        drawing.unwrap(),
        "no order explains (!), beginning in 0\n\
         client 0 [ Add(1) -> 0 ]\n\
         client 1   [ Add(1) -> 0 (!) ]\n"
    );
    let (broken, all, _) = faults(&Counter, || 0, &programs, &[2, 2], fetch_add);
    assert_eq!((broken, all), (0, 6));
}

/// What the reader sees is what was there when it was called.
#[test]
fn a_stale_read_is_caught() {
    let stale = |shared: &mut u8, op: &RegisterOp<u8>, seen: &mut Option<u8>| match (op, *seen) {
        (RegisterOp::Write(value), _) => {
            *shared = *value;
            Progress::Done(None)
        }
        // A cache that is filled once and never again.
        (_, Some(cached)) => Progress::Done(Some(cached)),
        _ => {
            *seen = Some(0);
            Progress::More
        }
    };
    let programs = [vec![RegisterOp::Write(1)], vec![RegisterOp::Read]];
    let (broken, all, drawing) = faults(&Register(0), || 0, &programs, &[1, 2], stale);
    // The write is over before the read is called in one schedule of three.
    assert_eq!((broken, all), (1, 3));
    assert_eq!(
        drawing.unwrap(),
        "no order explains (!), beginning in 1\nclient 1 [ Read -> Some(0) (!) ]\n"
    );
}

/// Looks at the front in one step and takes it away in the next.
#[test]
fn a_queue_that_is_not_atomic_is_caught() {
    let peek_then_take =
        |shared: &mut VecDeque<u8>, op: &QueueOp<u8>, front: &mut Option<Option<u8>>| match (
            op, *front,
        ) {
            (QueueOp::Push(value), _) => {
                shared.push_back(*value);
                Progress::Done(None)
            }
            (QueueOp::Pop, None) => {
                *front = Some(shared.front().copied());
                Progress::More
            }
            (QueueOp::Pop, Some(seen)) => {
                shared.pop_front();
                Progress::Done(seen)
            }
        };
    let programs = [
        vec![QueueOp::Push(7), QueueOp::Push(8), QueueOp::Pop],
        vec![QueueOp::Pop],
    ];
    let (broken, all, drawing) = faults(
        &Queue::default(),
        VecDeque::new,
        &programs,
        &[4, 2],
        peek_then_take,
    );
    assert!(broken > 0 && broken < all, "{broken} of {all}");
    let drawing = drawing.unwrap();
    assert!(drawing.contains("Pop -> Some(7) (!)"), "{drawing}");
}

/// A long run before the fault, and reads beside it: what is shown is the fault.
#[test]
fn a_counterexample_shows_the_fault_alone() {
    use Event::{Answer, Call};
    let mut events = Vec::new();
    for round in 0..200 {
        events.push(Call(round % 3, CounterOp::Add(1)));
        events.push(Answer(round % 3, i64::from(round)));
    }
    events.extend([
        Call(2, CounterOp::Read),
        Call(0, CounterOp::Add(1)),
        Answer(2, 200),
        Call(1, CounterOp::Add(1)),
        Answer(0, 200),
        Call(2, CounterOp::Read),
        Answer(1, 200),
        Answer(2, 201),
    ]);
    for round in 0..200 {
        events.push(Call(round % 3, CounterOp::Read));
        events.push(Answer(round % 3, 201));
    }
    let history = History::from_events(events).unwrap();
    let verdict = check(&Counter, &history, Limits::default()).unwrap();
    let found = verdict.counterexample().unwrap();
    assert_eq!(
        found.to_string(),
        "no order explains (!), beginning in 200\n\
         client 0 [ Add(1) -> 200 ]\n\
         client 1   [ Add(1) -> 200 (!) ]\n"
    );
    assert_eq!((found.operations.len(), found.is_minimal), (2, true));
}

#[test]
fn histories_are_drawn() {
    use Event::{Answer, Call};
    let history = History::from_events([
        Call(10, RegisterOp::Write("a\u{1b}[31m\n".repeat(20))),
        Call(2, RegisterOp::Read),
        Answer(2, Some("b".to_owned())),
        Call(2, RegisterOp::Read),
        Answer(10, None),
    ])
    .unwrap();
    let drawing = history.to_string();
    assert_eq!(drawing.lines().count(), 2);
    assert!(
        !drawing.contains('\u{1b}') && drawing.contains('…'),
        "{drawing}"
    );
    assert!(
        drawing.lines().next().unwrap().ends_with("[ Read -> ? ..."),
        "{drawing}"
    );
}
