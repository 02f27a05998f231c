//! The lock under threads, time limits and panics.

#![expect(
    clippy::disallowed_methods,
    reason = "threads of their own wait for locks here"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use voidstate_linear::{Affine, Bomb, Error, Ledger, LinearLock, Loss, Refused, Warn};

const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(20);

#[test]
fn a_released_lock_is_acquired_again() {
    let mut lock = LinearLock::new("again", 0);
    for n in 0..3 {
        let mut held = lock.acquire().unwrap();
        assert_eq!(held.edit(|value| std::mem::replace(value, n + 1)), n);
        lock = held.release();
    }
    assert_eq!(lock.name(), "again");
}

#[test]
fn threads_exclude_each_other() {
    let lock = LinearLock::new("sum", (0_u64, false));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let mut lock = lock.clone();
            scope.spawn(move || {
                for _ in 0..500 {
                    let mut held = lock.acquire().unwrap();
                    held.edit(|(_, inside)| assert!(!std::mem::replace(inside, true)));
                    std::thread::yield_now();
                    held.edit(|(sum, inside)| {
                        *sum += 1;
                        *inside = false;
                    });
                    lock = held.release();
                }
            });
        }
    });
    let (sum, _) = lock
        .with(LONG, |mut held| {
            let (sum, _) = held.edit(|value| *value);
            held.finish().giving(sum)
        })
        .unwrap();
    assert_eq!(sum, 2000);
}

#[test]
fn a_time_limit_tells_who_holds_it() {
    let lock = LinearLock::new("busy", 0);
    let (held, line) = (lock.clone().acquire().unwrap(), line!());
    let start = Instant::now();
    let Err(Refused { token: lock, error }) = lock.acquire_within(SHORT) else {
        panic!("it is held")
    };
    assert!(start.elapsed() >= SHORT);
    let Error::LockHeld {
        lock: name,
        holder,
        waited,
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(
        (&**name, holder.line(), *waited >= SHORT),
        ("busy", line, true)
    );
    assert!(lock.clone().acquire_within(Duration::ZERO).is_err());
    held.release();
    lock.acquire_within(Duration::MAX).unwrap().release();
}

#[test]
fn a_holder_goes_to_another_thread() {
    let lock = LinearLock::new("moves", 1);
    let held = lock.clone().acquire().unwrap();
    let thread = std::thread::spawn(move || drop(held.release()));
    let held = lock.acquire_within(LONG).unwrap();
    thread.join().unwrap();
    held.release();
}

#[test]
fn a_panic_poisons_and_recovery_heals() {
    let lock = LinearLock::new("fragile", vec![1, 2]);
    let held = lock.clone().acquire().unwrap();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let _ = held.apply(|v| {
            v.clear();
            std::panic::resume_unwind(Box::new(()));
        });
    }));
    assert!(outcome.is_err());
    let Err(refused) = lock.acquire() else {
        panic!("it is poisoned")
    };
    assert!(matches!(
        refused.error,
        Error::LockPoisoned {
            how: Loss::Unwound,
            ..
        }
    ));
    let held = refused.token.recover(SHORT).unwrap();
    let ((), held) = held.apply(|v| v.push(3));
    let lock = held.release();
    assert_eq!(
        lock.acquire()
            .unwrap()
            .apply(|v| v.clone())
            .1
            .release()
            .name(),
        "fragile"
    );
}

#[test]
fn waiting_threads_learn_of_the_poison() {
    let lock = LinearLock::<_, Affine>::under("shared", 0);
    let held = lock.clone().acquire().unwrap();
    std::thread::scope(|scope| {
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let lock = lock.clone();
                scope.spawn(move || lock.acquire_within(LONG).map(|_| ()).map_err(|r| r.error))
            })
            .collect();
        std::thread::sleep(SHORT);
        drop(held);
        for thread in waiting {
            let told = thread.join().unwrap();
            assert!(
                matches!(
                    told,
                    Err(Error::LockPoisoned {
                        how: Loss::Dropped,
                        ..
                    })
                ),
                "{told:?}"
            );
        }
    });
}

/// The policies differ in what they say, never in what becomes of the lock.
#[test]
fn a_dropped_holder_is_told_by_its_policy() {
    let bomb = LinearLock::<_, Bomb>::under("bomb", 0);
    let held = bomb.clone().acquire().unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| drop(held))).is_err());
    assert!(matches!(
        bomb.acquire().unwrap_err().error,
        Error::LockPoisoned { .. }
    ));

    let warn = LinearLock::<_, Warn>::under("warn", ());
    let (held, line) = (warn.clone().acquire().unwrap(), line!());
    drop(held);
    let here = |l: &voidstate_linear::Leak| l.at.file().ends_with("lock.rs") && l.at.line() == line;
    assert!(Ledger::process().leaks().iter().any(here));
    assert!(matches!(
        warn.acquire().unwrap_err().error,
        Error::LockPoisoned { .. }
    ));
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Acquire,
    Recover,
    Release,
    Drop,
    Forget,
    Unwind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    Free,
    Held,
    Poisoned,
    Gone,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_lock_follows_its_model(steps in prop::collection::vec(
        prop::sample::select(vec![Step::Acquire, Step::Acquire, Step::Recover, Step::Release, Step::Release, Step::Drop, Step::Forget, Step::Unwind]), 0..40))
    {
        let lock = LinearLock::<_, Affine>::under("model", 0_u32);
        let (mut held, mut model) = (None, Model::Free);
        for step in steps {
            match (step, held.take()) {
                (Step::Acquire, before) => {
                    let got = lock.clone().acquire_within(Duration::ZERO);
                    prop_assert_eq!(got.is_ok(), model == Model::Free);
                    model = if got.is_ok() { Model::Held } else { model };
                    held = got.ok().or(before);
                }
                (Step::Recover, before) => {
                    let got = lock.clone().recover(Duration::ZERO);
                    prop_assert_eq!(got.is_ok(), matches!(model, Model::Free | Model::Poisoned));
                    model = if got.is_ok() { Model::Held } else { model };
                    held = got.ok().or(before);
                }
                (_, None) => {}
                (Step::Release, Some(own)) => {
                    own.release();
                    model = Model::Free;
                }
                (Step::Drop, Some(own)) => {
                    drop(own);
                    model = Model::Poisoned;
                }
                (Step::Forget, Some(own)) => {
                    std::mem::forget(own);
                    model = Model::Gone;
                }
                (Step::Unwind, Some(own)) => {
                    let outcome = catch_unwind(AssertUnwindSafe(|| {
                        let _own = own;
                        std::panic::resume_unwind(Box::new(()));
                    }));
                    prop_assert!(outcome.is_err());
                    model = Model::Poisoned;
                }
            }
        }
    }
}
