//! Counted uses.

use voidstate_linear::{Linear, Of, Running, UpTo};

#[test]
fn exactly_three_uses_and_the_end() {
    let uses = Linear::bomb(Vec::new()).times::<3>();
    assert_eq!(uses.left(), 3);
    let (_, uses) = uses.apply(|v| v.push(1));
    let (_, uses) = uses.apply(|v| v.push(2));
    assert_eq!(uses.left(), 1);
    let (len, uses) = uses.apply(|v| v.len());
    assert_eq!(uses.left(), 0);
    let linear = uses.ungraded();
    assert_eq!((len, linear.consume()), (2, vec![1, 2]));
}

#[test]
fn no_use_at_all_is_a_number_too() {
    assert_eq!(Linear::bomb(1).times::<0>().consume(), 1);
    assert_eq!(UpTo::<_, Of<0>>::new(2).into_inner(), 2);
}

#[test]
fn at_most_may_be_fewer() {
    let tries = UpTo::<_, Of<16>>::new(0);
    let ((), tries) = tries.apply(|n| *n += 1);
    assert_eq!((tries.left(), tries.into_inner()), (15, 1));
}

#[test]
#[should_panic(expected = "dropped before it was used")]
fn a_graded_bomb_is_a_bomb() {
    let uses = Linear::bomb(1).times::<2>();
    drop(uses.apply(|n| *n));
}

#[test]
fn what_is_suspended_keeps_its_reason_and_its_value() {
    let sum = Running::with(vec![1], |running| {
        let suspended = running.suspend("full");
        assert_eq!(suspended.reason(), "full");
        let mut running = suspended.resume();
        running.get_mut().push(2);
        let (values, done) = running.suspend("end").finish();
        done.giving(values.len())
    });
    assert_eq!(sum, 2);
}
