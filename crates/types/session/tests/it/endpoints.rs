//! Two and three parties from beginning to end.

use voidstate_session::blocking::block_on;
use voidstate_session::simulated::run;
use voidstate_session::{Channel, Clock, Error, ManualClock};

use crate::protocols::coordination::{Message, engine, tool};
use crate::protocols::{InitRequest, InitResponse, WorkComplete, coordination, ring};

/// The engine's part: how it ended, and what it was asked.
pub(crate) async fn engine<C: Channel<Message>>(
    engine: engine::Initial<C>,
    clock: &mut impl Clock,
    starts: bool,
) -> Result<(&'static str, u64), Error> {
    let engine = engine.send_init(InitRequest(1)).await?;
    let engine = match engine.offer(clock).await? {
        engine::ReadyOrCrash::Ready(InitResponse(2), engine) => engine,
        engine::ReadyOrCrash::Ready(other, _) => panic!("{other:?}"),
        engine::ReadyOrCrash::ToolCrashed(end) => {
            end.close();
            return Ok(("crashed before ready", 0));
        }
    };
    if !starts {
        engine.send_cancel().await?.close();
        return Ok(("cancelled", 0));
    }
    let mut asked = 0;
    let mut engine = engine.send_start("count".to_owned(), 3).await?;
    loop {
        engine = match engine.offer().await? {
            engine::AskOrCompleteOrCrash::Ask(n, engine) => {
                asked += n;
                engine.send_answer(n * 10).await?
            }
            engine::AskOrCompleteOrCrash::Complete(WorkComplete(sum), end) => {
                end.close();
                return Ok(("complete", sum + asked));
            }
            engine::AskOrCompleteOrCrash::ToolCrashed(end) => {
                end.close();
                return Ok(("crashed at work", asked));
            }
        };
    }
}

/// The tool's part: it stops after so many steps, as if it were killed.
pub(crate) async fn tool<C: Channel<Message>>(
    tool: tool::Initial<C>,
    mut steps: u32,
) -> Result<(), Error> {
    let mut alive = || {
        steps = steps.saturating_sub(1);
        steps > 0
    };
    if !alive() {
        return Ok(());
    }
    let (InitRequest(n), tool) = tool.receive().await?;
    if !alive() {
        return Ok(());
    }
    let tool = tool.send_ready(InitResponse(n + 1)).await?;
    let (what, times, mut tool) = match tool.offer().await? {
        tool::CancelOrStart::Start(what, times, tool) => (what, times, tool),
        tool::CancelOrStart::Cancel(end) => {
            end.close();
            return Ok(());
        }
    };
    assert_eq!(what, "count");
    let mut sum = 0;
    for n in 0..times {
        if !alive() {
            return Ok(());
        }
        let (answer, next) = tool.send_ask(n).await?.receive().await?;
        sum += answer;
        tool = next;
    }
    if !alive() {
        return Ok(());
    }
    tool.send_complete(WorkComplete(sum)).await?.close();
    Ok(())
}

#[test]
fn a_session_runs_from_its_beginning_to_its_end() {
    for (starts, expected) in [(true, ("complete", 33)), (false, ("cancelled", 0))] {
        let (e, t) = coordination::connect();
        let mut clock = ManualClock::new();
        let found = std::thread::scope(|threads| {
            threads.spawn(|| block_on(tool(t, u32::MAX)).unwrap());
            block_on(engine(e, &mut clock, starts)).unwrap()
        });
        assert_eq!(found, expected);
    }
}

#[test]
fn three_parties_go_round_and_round() {
    let (a, b, c) = ring::connect();
    let first = async {
        let mut a = a;
        for n in 0..100 {
            let (back, next) = a.send_ab(n).await?.receive().await?;
            assert_eq!(back, n + 2);
            a = next;
        }
        a.send_stop().await?.close();
        Ok(())
    };
    let second = async {
        let mut b = b;
        loop {
            b = match b.offer().await? {
                ring::b::AbOrStop::Ab(n, b) => b.send_bc(n + 1).await?,
                ring::b::AbOrStop::Stop(b) => {
                    b.send_stop().await?.close();
                    return Ok(());
                }
            };
        }
    };
    let third = async {
        let mut c = c;
        loop {
            c = match c.offer().await? {
                ring::c::BcOrStop::Bc(n, c) => c.send_ca(n + 1).await?,
                ring::c::BcOrStop::Stop(end) => {
                    end.close();
                    return Ok::<_, Error>(());
                }
            };
        }
    };
    let clock = ManualClock::new();
    let ends = run(
        &clock,
        vec![Box::pin(first), Box::pin(second), Box::pin(third)],
    );
    assert!(ends.into_iter().all(|end| matches!(end, Some(Ok(())))));
}

#[test]
fn a_state_is_one_pointer() {
    let pointer = size_of::<usize>();
    assert_eq!(size_of::<engine::SendInit>(), pointer);
    assert_eq!(size_of::<ring::a::Initial>(), pointer);
}

#[test]
fn endpoints_and_their_futures_are_send() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let (e, t) = coordination::connect();
    let mut clock = ManualClock::new();
    drop(is_send(engine(e, &mut clock, true)));
    drop(is_send(tool(t, 9)));
}
