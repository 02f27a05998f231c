//! Random lives of linear values against a model, under every policy that is checked while the program runs.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use proptest::prelude::*;
use voidstate_linear::{Affine, Bomb, Ledger, Linear, Scope, Unscoped, Warn};

/// How one value comes to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Consumed,
    Mapped,
    Dropped,
    Forgotten,
    Unwound,
    UnwoundInside,
}

fn ends() -> impl Strategy<Value = Vec<End>> {
    let end = prop::sample::select(vec![
        End::Consumed,
        End::Mapped,
        End::Dropped,
        End::Forgotten,
        End::Unwound,
        End::UnwoundInside,
    ]);
    prop::collection::vec(end, 0..24)
}

/// Counts how often it is dropped.
#[derive(Debug)]
struct Counted(Rc<RefCell<u32>>);

impl Drop for Counted {
    fn drop(&mut self) {
        *self.0.borrow_mut() += 1;
    }
}

/// Lets `token` come to its end; whether that panicked with the bomb's own text.
fn live<P: Unscoped>(token: Linear<Counted, P>, end: End) -> bool {
    let outcome = catch_unwind(AssertUnwindSafe(|| match end {
        End::Consumed => drop(token.consume()),
        End::Mapped => {
            let (old, token) = token.map(|c| (c, 1)).exchange(2);
            drop(old);
            let (seen, token) = token.apply(|n| *n);
            assert_eq!((seen, token.consume()), (2, 2));
        }
        End::Dropped => drop(token),
        End::Forgotten => std::mem::forget(token),
        End::Unwound => {
            let _token = token;
            std::panic::resume_unwind(Box::new("unrelated"));
        }
        End::UnwoundInside => {
            let _ = token.map(|_| std::panic::resume_unwind(Box::new("unrelated")));
        }
    }));
    match outcome {
        Ok(()) => false,
        Err(payload) if payload.is::<&str>() => {
            assert_eq!(payload.downcast_ref(), Some(&"unrelated"));
            false
        }
        Err(payload) => {
            let text = payload.downcast_ref::<String>().unwrap();
            assert!(text.contains("dropped before it was used") && text.contains("Counted"));
            true
        }
    }
}

/// Silences what panics on purpose print, for this thread's closure only as far as the hook can tell.
fn lives<P: Unscoped>(
    ends: &[End],
    make: impl Fn(Counted) -> Linear<Counted, P>,
) -> (Vec<bool>, u32) {
    let drops = Rc::new(RefCell::new(0));
    let bombs = ends
        .iter()
        .map(|end| live(make(Counted(Rc::clone(&drops))), *end))
        .collect();
    let drops = *drops.borrow();
    (bombs, drops)
}

fn count(ends: &[End], wanted: &[End]) -> u64 {
    ends.iter().filter(|end| wanted.contains(end)).count() as u64
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens, the value's own destructor runs once, unless it was forgotten.
    #[test]
    fn a_bomb_goes_off_when_dropped_unused_and_never_while_unwinding(ends in ends()) {
        let (bombs, drops) = lives(&ends, Linear::<_, Bomb>::new);
        for (end, bomb) in ends.iter().zip(bombs) {
            prop_assert_eq!(bomb, *end == End::Dropped, "{:?}", end);
        }
        prop_assert_eq!(u64::from(drops), ends.len() as u64 - count(&ends, &[End::Forgotten]));
    }

    #[test]
    fn the_ledger_counts_what_was_not_used(ends in ends()) {
        let ledger = Ledger::new();
        let (bombs, drops) = lives(&ends, |value| ledger.linear("token", value));
        prop_assert!(bombs.iter().all(|bomb| !bomb));
        prop_assert_eq!(u64::from(drops), ends.len() as u64 - count(&ends, &[End::Forgotten]));
        let leaks = ledger.leaks();
        let total = |of: fn(&voidstate_linear::Leak) -> u64| leaks.iter().map(of).sum::<u64>();
        prop_assert_eq!(total(|l| l.open), count(&ends, &[End::Forgotten]));
        prop_assert_eq!(total(|l| l.dropped), count(&ends, &[End::Dropped]));
        prop_assert_eq!(total(|l| l.unwound), count(&ends, &[End::Unwound, End::UnwoundInside]));
        prop_assert_eq!(ledger.check().is_ok(), leaks.is_empty());
    }

    #[test]
    fn affine_is_silent(ends in ends()) {
        let (bombs, drops) = lives(&ends, Linear::<_, Affine>::new);
        prop_assert!(bombs.iter().all(|bomb| !bomb));
        prop_assert_eq!(u64::from(drops), ends.len() as u64 - count(&ends, &[End::Forgotten]));
    }

    #[test]
    fn a_scope_gives_what_its_work_gives_or_unwinds(value: u32, panics: bool) {
        let drops = Rc::new(RefCell::new(0));
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            Linear::with(Counted(Rc::clone(&drops)), |token: Linear<_, Scope<'_>>| {
                let token = token.map(|c| (c, value));
                if panics {
                    std::panic::resume_unwind(Box::new(()));
                }
                token.finish_by(|(_, value)| value).map(|value| value)
            })
        }));
        prop_assert_eq!(outcome.ok(), (!panics).then_some(value));
        prop_assert_eq!(*drops.borrow(), 1);
    }
}

/// Dropped by a destructor that runs because of a panic elsewhere, a bomb stays quiet; aborting would end the test.
#[test]
fn a_bomb_in_a_vector_goes_off_once() {
    let drops = Rc::new(RefCell::new(0));
    let bombs: Vec<_> = (0..5)
        .map(|_| Linear::bomb(Counted(Rc::clone(&drops))))
        .collect();
    assert!(catch_unwind(AssertUnwindSafe(|| drop(bombs))).is_err());
    assert_eq!(*drops.borrow(), 5);
}

#[test]
fn a_destructor_that_panics_finds_the_bomb_quiet() {
    struct Panics;
    impl Drop for Panics {
        fn drop(&mut self) {
            std::panic::resume_unwind(Box::new("destructor"));
        }
    }
    let payload = catch_unwind(|| drop(Linear::bomb(Panics))).unwrap_err();
    assert_eq!(payload.downcast_ref(), Some(&"destructor"));
}

/// What no policy sees.
#[test]
fn a_cycle_escapes_every_policy_but_stays_open_in_the_ledger() {
    struct Node(
        RefCell<Option<Rc<Node>>>,
        #[expect(dead_code, reason = "never reached again")] Linear<u8, Warn>,
        #[expect(dead_code, reason = "never reached again")] Linear<u8, Bomb>,
    );
    let ledger = Ledger::new();
    let node = Rc::new(Node(
        RefCell::new(None),
        ledger.linear("in a cycle", 1),
        Linear::bomb(2),
    ));
    *node.0.borrow_mut() = Some(Rc::clone(&node));
    drop(node);
    let leaks = ledger.leaks();
    assert_eq!((leaks.len(), leaks[0].open, leaks[0].dropped), (1, 1, 0));
}

#[test]
fn get_and_debug_show_the_value() {
    let mut token = Linear::bomb(vec![1]);
    token.get_mut().push(2);
    assert_eq!(
        (token.get().len(), format!("{token:?}")),
        (2, "Linear([1, 2])".to_owned())
    );
    assert_eq!(token.consume(), [1, 2]);
}
