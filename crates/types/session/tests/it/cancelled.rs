//! Who leaves is told to everybody.

use voidstate_session::simulated::{Network, Task, run};
use voidstate_session::{BoxChannel, Error, ManualClock, memory};

use crate::protocols::ring;

type RingChannel = BoxChannel<ring::Message>;

/// Each role runs up to `steps` of its own steps, then drops its endpoint.
async fn first(a: ring::a::Initial<RingChannel>, steps: u32) -> Result<(), Error> {
    let mut a = a;
    for _ in 0..steps {
        a = a.send_ab(1).await?.receive().await?.1;
    }
    Ok(())
}

async fn second(b: ring::b::Initial<RingChannel>, steps: u32) -> Result<(), Error> {
    let mut b = b;
    for _ in 0..steps {
        b = match b.offer().await? {
            ring::b::AbOrStop::Ab(n, b) => b.send_bc(n).await?,
            ring::b::AbOrStop::Stop(_) => return Ok(()),
        };
    }
    Ok(())
}

async fn third(c: ring::c::Initial<RingChannel>, steps: u32) -> Result<(), Error> {
    let mut c = c;
    for _ in 0..steps {
        c = match c.offer().await? {
            ring::c::BcOrStop::Bc(n, c) => c.send_ca(n).await?,
            ring::c::BcOrStop::Stop(_) => return Ok(()),
        };
    }
    Ok(())
}

/// Which role leaves after how many steps, and what the three see.
fn leaves(
    who: usize,
    after: u32,
    pair: impl FnMut(&'static str, &'static str) -> (RingChannel, RingChannel),
) -> Vec<Option<Result<(), Error>>> {
    let (a, b, c) = ring::connect_by(pair);
    let steps = |role: usize| if role == who { after } else { 1000 };
    let tasks: Vec<Task<'_, _>> = vec![
        Box::pin(first(a, steps(0))),
        Box::pin(second(b, steps(1))),
        Box::pin(third(c, steps(2))),
    ];
    run(&ManualClock::new(), tasks)
}

fn check(who: usize, seen: &[Option<Result<(), Error>>]) {
    for (role, end) in seen.iter().enumerate() {
        match end {
            Some(Ok(())) => assert_eq!(role, who),
            Some(Err(Error::Cancelled { by })) => assert_eq!(*by, ["a", "b", "c"][who]),
            other => panic!("role {role} saw {other:?} when {who} left"),
        }
    }
}

#[test]
fn dropping_an_endpoint_reaches_all_parties() {
    for who in 0..3 {
        for after in 0..4 {
            let in_memory = |_: &str, _: &str| {
                let (one, other) = memory::pair();
                (Box::new(one) as RingChannel, Box::new(other) as RingChannel)
            };
            check(who, &leaves(who, after, in_memory));
            let network = Network::new(7, voidstate_session::simulated::Faults::default());
            let over_bytes = |_: &str, _: &str| {
                let (one, other) = network.pair();
                (Box::new(one) as RingChannel, Box::new(other) as RingChannel)
            };
            check(who, &leaves(who, after, over_bytes));
        }
    }
}

#[test]
fn a_party_that_nobody_waits_for_is_heard_when_it_leaves() {
    // `c` leaves at once; `a` waits for `b` alone, who never moves.
    let (a, _b, c) = ring::connect_by(|_, _| {
        let (one, other) = memory::pair();
        (Box::new(one) as RingChannel, Box::new(other) as RingChannel)
    });
    // In the ring `a` receives from `c` only, so it is `b` who waits for `a` while `c` leaves.
    let waits: Task<'_, Result<(), Error>> = Box::pin(second(_b, 1));
    let leaves: Task<'_, Result<(), Error>> = Box::pin(async move {
        drop(c);
        Ok(())
    });
    let ends = run(&ManualClock::new(), vec![waits, leaves]);
    assert!(
        matches!(ends[0], Some(Err(Error::Cancelled { by: "c" }))),
        "{ends:?}"
    );
    drop(a);
}

#[test]
fn a_future_that_is_dropped_cancels() {
    let (a, b, c) = ring::connect_by(|_, _| {
        let (one, other) = memory::pair();
        (Box::new(one) as RingChannel, Box::new(other) as RingChannel)
    });
    drop(Box::pin(first(a, 1)));
    let tasks: Vec<Task<'_, _>> = vec![Box::pin(second(b, 9)), Box::pin(third(c, 9))];
    let ends = run(&ManualClock::new(), tasks);
    for end in ends {
        assert!(matches!(end, Some(Err(Error::Cancelled { by: "a" }))));
    }
}
