//! Direct, suspended, async and erased: the same programs come to the same end.

#![expect(
    clippy::disallowed_methods,
    reason = "programs go from thread to thread here"
)]

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use proptest::prelude::*;
use voidstate_effects::standard::{Clock, Log, Random};
use voidstate_effects::*;

use crate::programs::{Add, Step, Talk, Tell, World, steps, talk};

/// Polls until it ends; at most a thousand times, so that a lost program fails the test.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    for _ in 0..1000 {
        if let Poll::Ready(out) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            return out;
        }
    }
    panic!("the program does not end")
}

/// Pending once, so that what awaits it waits.
#[derive(Default)]
struct Yield(bool);

impl Future for Yield {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        cx.waker().wake_by_ref();
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

/// [`World`], in its own time.
struct SlowWorld(World);

impl AsyncInterp<Talk> for SlowWorld {
    async fn step(&mut self, op: <Talk as Row>::Op) -> Flow<<Talk as Row>::Out> {
        Yield::default().await;
        self.0.step(op)
    }
}

impl SendAsyncInterp<Talk> for SlowWorld {
    async fn step_send(&mut self, op: <Talk as Row>::Op) -> Flow<<Talk as Row>::Out> {
        Yield::default().await;
        self.0.step(op)
    }
}

async fn talk_send<C: SendCap<R = Talk>>(c: &mut C, steps: &[Step]) -> Vec<i64> {
    use voidstate_effects::send::SendPerform as _;
    let mut heard = Vec::new();
    for step in steps {
        match step {
            Step::Add(n) => heard.push(c.perform(Add(*n)).await),
            _ => tell_send(&mut c.narrow()).await,
        }
    }
    heard
}

async fn tell_send<C: SendCap<R = row![Tell, Add]>>(c: &mut C) {
    use voidstate_effects::send::SendPerform as _;
    c.perform(Tell(0.5)).await;
}

fn sent<T: Send>(value: T) -> T {
    value
}

type Ended = Result<Vec<i64>, String>;

fn ended(out: Result<Vec<i64>, Error>) -> Ended {
    out.map_err(|e| e.to_string())
}

proptest! {
    #[test]
    fn every_runner_comes_to_the_same_end(steps in steps(), aborts_at in prop::option::of(0_usize..20)) {
        let world = || World { aborts_at, ..World::default() };
        let expected = ended(direct(world(), async |c| talk(c, &steps).await));
        let steps = &steps;
        let turn = suspend(|mut c| async move { talk(&mut c, steps).await });
        prop_assert_eq!(ended(turn.finish(world())), expected.clone());
        let slow = run_async(SlowWorld(world()), async |c: &mut Async<Talk, SlowWorld>| talk(c, steps).await);
        prop_assert_eq!(ended(block_on(slow)), expected.clone());
        let mut boxed: Box<dyn Interp<Talk>> = Box::new(world());
        let mut erased = program(async |c: &mut Erased<'_, Talk>| talk(c, steps).await);
        prop_assert_eq!(ended(erased.run(&mut *boxed)), expected.clone());
        let through_dyn = direct(world(), async |c| {
            let mut c: &mut dyn DynCap<Talk> = c;
            talk(&mut c, steps).await
        });
        prop_assert_eq!(ended(through_dyn), expected);
    }

    #[test]
    fn the_send_twin_comes_to_the_same_end(steps in steps(), aborts_at in prop::option::of(0_usize..20)) {
        let world = || World { aborts_at, ..World::default() };
        let expected = ended(direct(world(), async |c| talk_send(c, &steps).await));
        let steps = &steps;
        let turn = sent(suspend_send(|mut c| async move { talk_send(&mut c, steps).await }));
        let there = std::thread::scope(|scope| scope.spawn(|| turn.finish(world())).join().unwrap());
        prop_assert_eq!(ended(there), expected.clone());
        let mut slow = SlowWorld(world());
        let future = sent(run_async(&mut slow, async |c: &mut Async<Talk, &mut SlowWorld>| talk_send(c, steps).await));
        prop_assert_eq!(ended(block_on(future)), expected);
    }
}

/// Counts destructors.
struct Held<'a>(&'a Cell<u32>);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

async fn holding<C: Cap<R = row![Clock, Random]>>(c: &mut C, drops: &Cell<u32>) -> i64 {
    let _outer = Held(drops);
    let now = c.perform(Clock).await;
    let _inner = Held(drops);
    now + i64::from(c.perform(Random).await != 0)
}

fn no_dice() -> impl Interp<row![Clock, Random]> {
    handlers![
        answer(|Clock| 1),
        flow(|Random| ControlFlow::Break(Error::aborted("no dice")))
    ]
}

#[test]
fn an_abort_runs_destructors_exactly_once() {
    let drops = Cell::new(0);
    let drops = &drops;
    let error = direct(no_dice(), async |c| holding(c, drops).await).unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), drops.take()),
        ("program was aborted: no dice", 2)
    );

    let turn = suspend(|mut c| async move { holding(&mut c, drops).await });
    assert!(turn.finish(no_dice()).is_err());
    assert_eq!(drops.take(), 2);

    let handlers = handlers![
        answer_async(async |Clock| ControlFlow::Continue(1)),
        answer_async(async |Random| {
            Yield::default().await;
            ControlFlow::Break(Error::aborted("no dice"))
        }),
    ];
    let error = block_on(run_async(handlers, async |c| holding(c, drops).await)).unwrap_err();
    assert!(matches!(error, Error::Aborted { .. }));
    assert_eq!(drops.take(), 2);

    let ended = direct(
        handlers![answer(|Clock| 1), answer(|Random| 1)],
        async |c| holding(c, drops).await,
    );
    assert_eq!((ended.unwrap(), drops.take()), (2, 2));
}

#[test]
fn a_continuation_that_is_dropped_aborts() {
    let drops = Cell::new(0);
    let drops = &drops;
    let turn = suspend(|mut c| async move { holding(&mut c, drops).await });
    let Turn::Asks(Sum::Here(Clock), resume) = turn else {
        panic!("the program asks for the time first")
    };
    assert_eq!(drops.get(), 0);
    drop(resume);
    assert_eq!(drops.get(), 1);
}

#[test]
fn a_program_may_give_up() {
    async fn giving_up<C: Cap<R = row![Clock]>>(c: &mut C) -> i64 {
        if c.perform(Clock).await > 5 {
            return c.abort(Error::aborted("too late")).await;
        }
        7
    }
    let at = |now| handlers![answer(move |Clock| now)];
    assert_eq!(direct(at(1), async |c| giving_up(c).await).unwrap(), 7);
    let late = "program was aborted: too late";
    let error = direct(at(9), async |c| giving_up(c).await).unwrap_err();
    assert_eq!(error.to_string(), late);
    let turn = suspend(|mut c| async move { giving_up(&mut c).await });
    assert_eq!(turn.finish(at(9)).unwrap_err().to_string(), late);
    let handlers = handlers![answer_async(async |Clock| ControlFlow::Continue(9))];
    let error = block_on(run_async(handlers, async |c| giving_up(c).await)).unwrap_err();
    assert_eq!(error.to_string(), late);
}

#[test]
fn what_no_handler_answers_stalls() {
    async fn waiting<C: Cap<R = row![Clock]>>(c: &mut C) -> i64 {
        std::future::pending::<()>().await;
        c.perform(Clock).await
    }
    let handlers = || handlers![answer(|Clock| 1)];
    let error = direct(handlers(), async |c| waiting(c).await).unwrap_err();
    assert!(matches!(error, Error::Stalled));
    let turn = suspend(|mut c| async move { waiting(&mut c).await });
    assert!(matches!(turn.finish(handlers()), Err(Error::Stalled)));
}

#[test]
fn an_answer_to_another_operation_stalls() {
    struct Lawless;
    impl Interp<row![Clock, Random]> for Lawless {
        fn step(&mut self, _: Sum<Clock, Sum<Random, Void>>) -> Flow<Sum<i64, Sum<u64, Void>>> {
            ControlFlow::Continue(Sum::Here(1))
        }
    }
    async fn dice<C: Cap<R = row![Clock, Random]>>(c: &mut C) -> u64 {
        c.perform(Random).await
    }
    let error = direct(Lawless, async |c| dice(c).await).unwrap_err();
    assert!(matches!(error, Error::Stalled));
    let turn = suspend(|mut c| async move { dice(&mut c).await });
    assert!(matches!(turn.finish(Lawless), Err(Error::Stalled)));
}

async fn lines<C: Cap<R = row![Log, Clock, Random]>>(c: &mut C) -> u64 {
    c.perform(Log::info("one")).await;
    c.perform(Log::info("two")).await;
    c.perform(Random).await
}

#[test]
fn a_handler_may_perform_other_effects() {
    let stamped = RefCell::new(Vec::new());
    let mut now = 0;
    let handlers = handlers![
        answer(|Clock| {
            now += 1;
            now
        }),
        answer(|Random| 9)
    ];
    let out = direct(handlers, async |c| {
        let mut with = With::new(c, async |line: Log, c: &mut &mut Direct<_, _>| {
            let now = c.perform(Clock).await;
            stamped.borrow_mut().push(format!("{now} {}", line.message));
        });
        lines(&mut with).await
    });
    assert_eq!(out.unwrap(), 9);
    assert_eq!(stamped.into_inner(), ["1 one", "2 two"]);
}

#[test]
fn a_performing_handler_may_abort() {
    let drops = Cell::new(0);
    let handlers = handlers![answer(|Clock| 1), answer(|Random| 9)];
    let out = direct(handlers, async |c| {
        let _held = Held(&drops);
        let mut with = With::new(c, async |line: Log, c: &mut &mut Direct<_, _>| {
            if line.message == "two" {
                c.abort(Error::aborted("no second line")).await
            }
        });
        lines(&mut with).await
    });
    assert_eq!(
        out.unwrap_err().to_string(),
        "program was aborted: no second line"
    );
    assert_eq!(drops.get(), 1);
}

#[test]
fn the_send_twin_has_performing_handlers() {
    use voidstate_effects::send::SendPerform as _;

    struct Stamp(Vec<String>);
    impl<C: SendCap<R = row![Clock, Random]>> SendHandler<Log, C> for Stamp {
        async fn handle(&mut self, line: Log, c: &mut C) {
            let now = c.perform(Clock).await;
            self.0.push(format!("{now} {}", line.message));
        }
    }
    async fn lines<C: SendCap<R = row![Log, Clock, Random]>>(c: &mut C) -> u64 {
        c.perform(Log::info("one")).await;
        c.perform(Random).await
    }
    async fn whole<C: SendCap<R = row![Clock, Random]>>(c: C) -> u64 {
        lines(&mut With::new(c, Stamp(Vec::new()))).await
    }
    let turn = sent(suspend_send(whole));
    assert_eq!(
        turn.finish(handlers![answer(|Clock| 1), answer(|Random| 9)])
            .unwrap(),
        9
    );
}

proptest! {
    /// Handlers of different effects that share nothing may change places.
    #[test]
    fn independent_handlers_commute(steps in steps()) {
        type Outer = row![Add, Tell];
        type Swapped = row![Tell, Add];
        async fn both<C: Cap<R = Outer>>(c: &mut C, steps: &[Step]) -> Vec<i64> {
            let mut heard = Vec::new();
            for step in steps {
                match step {
                    Step::Add(n) => heard.push(c.perform(Add(*n)).await),
                    Step::Tell(x) => c.perform(Tell(*x)).await,
                    _ => heard.push(c.perform(Add(1)).await),
                }
            }
            heard
        }
        let (mut a, mut b, mut told_a, mut told_b) = (0_i64, 0_i64, vec![], vec![]);
        let add = |total: &mut i64, n: i64| {
            *total = total.wrapping_add(n);
            *total
        };
        let first = direct(
            handlers![answer(|Add(n)| add(&mut a, n)), answer(|Tell(x): Tell| told_a.push(x.to_bits()))],
            async |c| both(c, &steps).await,
        );
        let second = direct::<Swapped, _, _>(
            handlers![answer(|Tell(x): Tell| told_b.push(x.to_bits())), answer(|Add(n)| add(&mut b, n))],
            async |c| both(&mut c.narrow(), &steps).await,
        );
        prop_assert_eq!(first.unwrap(), second.unwrap());
        prop_assert_eq!((a, told_a), (b, told_b));
    }
}
