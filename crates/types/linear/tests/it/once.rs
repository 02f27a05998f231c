//! One-time initialisation.

#![expect(clippy::disallowed_methods, reason = "threads of their own wait here")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use voidstate_linear::{Affine, Bomb, Error, Loss, OneTime};

const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(20);

#[test]
fn one_of_many_threads_initialises() {
    let once = OneTime::new("race");
    let winners: u32 = std::thread::scope(|scope| {
        let racing: Vec<_> = (0..8_u32)
            .map(|thread| {
                let once = &once;
                scope.spawn(move || match once.claim::<Bomb>() {
                    Ok(init) => {
                        assert_eq!(*init.set(thread), thread);
                        1
                    }
                    Err(Error::Claimed { name, .. }) => {
                        assert_eq!(name, "race");
                        once.wait(LONG).unwrap();
                        0
                    }
                    Err(error) => panic!("{error}"),
                })
            })
            .collect();
        racing
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(winners, 1);
    assert!(once.claim::<Bomb>().is_err(), "it stays initialised");
}

#[test]
fn waiting_ends_with_the_value_with_the_limit_or_when_the_right_is_lost() {
    let once = OneTime::<u8>::new("value");
    assert!(matches!(
        once.wait(SHORT),
        Err(Error::NotInitialised { .. })
    ));
    let init = once.claim::<Affine>().unwrap();
    assert!(matches!(
        once.wait(SHORT),
        Err(Error::NotInitialised { .. })
    ));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| once.wait(LONG).copied());
        std::thread::sleep(SHORT);
        drop(init);
        let told = waiting.join().unwrap();
        assert!(
            matches!(
                told,
                Err(Error::Abandoned {
                    how: Loss::Dropped,
                    ..
                })
            ),
            "{told:?}"
        );
    });
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let _init = once.claim::<Bomb>().unwrap();
        std::panic::resume_unwind(Box::new(()));
    }));
    assert!(outcome.is_err());
    assert!(matches!(
        once.wait(LONG),
        Err(Error::Abandoned {
            how: Loss::Unwound,
            ..
        })
    ));
    assert_eq!(once.get(), None);
    assert_eq!(once.with(|init| init.finish(3)), Ok(&3));
    assert_eq!((once.wait(Duration::ZERO), once.get()), (Ok(&3), Some(&3)));
}

#[test]
fn a_forgotten_right_keeps_others_waiting_to_their_limit_only() {
    let once = OneTime::<u8>::new("forgotten");
    std::mem::forget(once.claim::<Bomb>().unwrap());
    assert!(matches!(once.claim::<Bomb>(), Err(Error::Claimed { .. })));
    assert!(matches!(
        once.wait(SHORT),
        Err(Error::NotInitialised { .. })
    ));
}
