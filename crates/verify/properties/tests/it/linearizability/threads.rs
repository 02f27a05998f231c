//! Real threads.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Barrier, Mutex};

use dashmap::DashMap;
use voidstate_properties::linearizability::models::{
    Counter, CounterOp, Map, MapOp, Queue, QueueOp,
};
use voidstate_properties::linearizability::{
    HistoryOf, Limits, Model, Recorder, VerdictOf, check, check_by_key,
};

/// What `threads` threads saw that ask `ask(thread, round)` of `call`.
fn record<M: Model>(
    threads: u64,
    rounds: u64,
    ask: impl Fn(u64, u64) -> M::Op + Sync,
    call: impl Fn(&M::Op) -> M::Ret + Sync,
) -> HistoryOf<M>
where
    M::Op: Send,
    M::Ret: Send,
{
    let recorder = Recorder::new();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (recorder, ask, call) = (&recorder, &ask, &call);
            scope.spawn(move || {
                let mut client = recorder.client();
                for round in 0..rounds {
                    client.run(ask(thread, round), call);
                }
            });
        }
    });
    recorder.finish().unwrap()
}

fn verdict<M: Model>(model: &M, history: &HistoryOf<M>) -> VerdictOf<M> {
    check(model, history, Limits::default()).unwrap()
}

#[test]
fn an_update_lost_between_threads_is_caught() {
    let counter = AtomicI64::new(0);
    let both_loaded = Barrier::new(2);
    let history = record::<Counter>(
        2,
        1,
        |_, _| CounterOp::Add(1),
        |_| {
            let before = counter.load(Ordering::SeqCst);
            both_loaded.wait();
            counter.store(before + 1, Ordering::SeqCst);
            before
        },
    );
    let verdict = verdict(&Counter, &history);
    assert_eq!(verdict.counterexample().unwrap().operations.len(), 2);
}

#[test]
fn an_atomic_counter_passes() {
    let counter = AtomicI64::new(0);
    let history = record::<Counter>(
        4,
        2000,
        |thread, round| match (thread + round) % 3 {
            0 => CounterOp::Read,
            _ => CounterOp::Add(1),
        },
        |op| match op {
            CounterOp::Add(by) => counter.fetch_add(*by, Ordering::Relaxed),
            CounterOp::Read => counter.load(Ordering::Relaxed),
        },
    );
    assert_eq!(history.operations().len(), 8000);
    let verdict = verdict(&Counter, &history);
    assert!(
        verdict.is_linearizable(),
        "{}",
        verdict.counterexample().unwrap()
    );
}

#[test]
fn a_queue_behind_a_lock_passes() {
    let queue = Mutex::new(VecDeque::new());
    let history = record::<Queue<u64>>(
        3,
        500,
        |thread, round| match (thread + round) % 2 {
            0 => QueueOp::Push(thread << 32 | round),
            _ => QueueOp::Pop,
        },
        |op| {
            let mut queue = queue.lock().unwrap();
            match op {
                QueueOp::Push(value) => {
                    queue.push_back(*value);
                    None
                }
                QueueOp::Pop => queue.pop_front(),
            }
        },
    );
    let verdict = verdict(&Queue::default(), &history);
    assert!(
        verdict.is_linearizable(),
        "{}",
        verdict.counterexample().unwrap()
    );
}

#[test]
fn a_concurrent_map_passes() {
    let map: DashMap<u64, u64> = DashMap::new();
    let history = record::<Map<u64, u64>>(
        4,
        1500,
        |thread, round| {
            let key = (thread * 7 + round * 5) % 11;
            match (thread + round) % 3 {
                0 => MapOp::Insert(key, thread << 32 | round),
                1 => MapOp::Remove(key),
                _ => MapOp::Get(key),
            }
        },
        |op| match op {
            MapOp::Insert(key, value) => map.insert(*key, *value),
            MapOp::Remove(key) => map.remove(key).map(|(_, value)| value),
            MapOp::Get(key) => map.get(key).map(|entry| *entry.value()),
        },
    );
    let verdict = check_by_key(&Map::default(), &history, |op| *op.key(), Limits::default());
    let verdict = verdict.unwrap();
    assert!(
        verdict.is_linearizable(),
        "{}",
        verdict.counterexample().unwrap()
    );
}

/// What panics has no answer; its thread goes on as another client.
#[test]
fn a_crashed_operation_may_or_may_not_have_happened() {
    let counter = AtomicI64::new(0);
    let recorder = Recorder::new();
    let mut client = recorder.client();
    for does in [true, false] {
        let crashed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            client.run(CounterOp::Add(1), |_| {
                if does {
                    counter.fetch_add(1, Ordering::SeqCst);
                }
                std::panic::resume_unwind(Box::new("planted"))
            })
        }));
        assert!(crashed.is_err());
        client.run(CounterOp::Read, |_| counter.load(Ordering::SeqCst));
    }
    drop(client);
    let history = recorder.finish().unwrap();
    let clients: Vec<u32> = history.operations().iter().map(|o| o.client).collect();
    assert_eq!(clients, [0, 1, 1, 2]);
    assert!(verdict(&Counter, &history).is_linearizable());
    // Twice is too often.
    let recorder = Recorder::new();
    let mut client = recorder.client();
    let crashed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        client.run(CounterOp::Add(1), |_| {
            std::panic::resume_unwind(Box::new("planted"))
        })
    }));
    assert!(crashed.is_err());
    client.run(CounterOp::Read, |_| 2);
    drop(client);
    assert!(!verdict(&Counter, &recorder.finish().unwrap()).is_linearizable());
}
