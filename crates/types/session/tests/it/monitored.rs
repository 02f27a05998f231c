//! Parties without types.

use std::sync::Arc;
use std::time::Duration;

use voidstate_session::monitor::{Watch, relay};
use voidstate_session::simulated::{Task, run};
use voidstate_session::wire::Frame;
use voidstate_session::{BoxChannel, Channel, Error, Fault, ManualClock, memory};

use crate::endpoints::{engine, tool};
use crate::protocols::coordination::{self, Message};
use crate::protocols::{InitResponse, WorkComplete, ring};

fn watch() -> Watch {
    Watch::new(Arc::new(coordination::tool::machine().unwrap()))
}

/// The engine, and what an untyped tool holds in its hand.
fn watched() -> (
    Watch,
    coordination::engine::Initial<BoxChannel<Message>>,
    memory::Memory<Message>,
) {
    let watch = watch();
    let (to_tool, raw) = memory::pair();
    let tool = Box::new(watch.channel(to_tool, "engine").unwrap());
    let peers = coordination::engine::Peers {
        tool: tool as BoxChannel<Message>,
    };
    (watch, coordination::engine::start(peers), raw)
}

#[test]
fn a_good_tool_passes_its_monitor() {
    let watch = watch();
    let (to_tool, to_engine) = memory::pair();
    let peers = coordination::engine::Peers {
        tool: watch.channel(to_tool, "engine").unwrap(),
    };
    let e = coordination::engine::start(peers);
    let t = coordination::tool::start(coordination::tool::Peers { engine: to_engine });
    let clock = ManualClock::new();
    let mut of_engine = clock.clone();
    let tasks: Vec<Task<'_, Result<_, Error>>> = vec![
        Box::pin(async move { engine(e, &mut of_engine, true).await }),
        Box::pin(async { tool(t, u32::MAX).await.map(|()| ("tool", 0)) }),
    ];
    let ends = run(&clock, tasks);
    assert!(matches!(ends[0], Some(Ok(("complete", 33)))), "{ends:?}");
    assert!(watch.is_final());
}

#[test]
fn a_tool_that_does_something_else_is_stopped_and_told() {
    let wrong: [fn() -> Message; 3] = [
        || Message::Complete(WorkComplete(1)),
        || Message::Ask(1),
        || Message::Cancel,
    ];
    for wrong in wrong {
        let (watch, e, mut raw) = watched();
        let clock = ManualClock::new();
        let mut of_engine = clock.clone();
        let tasks: Vec<Task<'_, Result<_, Error>>> = vec![
            Box::pin(async move { engine(e, &mut of_engine, true).await }),
            Box::pin(async move {
                raw.receive().await.unwrap();
                raw.send(wrong()).await.unwrap();
                let told = raw.receive().await;
                assert!(matches!(told, Err(Fault::Cancelled { .. })), "{told:?}");
                Ok(("told", 0))
            }),
        ];
        let ends = run(&clock, tasks);
        let Some(Err(Error::Channel {
            peer: "tool",
            fault: Fault::Violation(why),
        })) = &ends[0]
        else {
            panic!("{ends:?}");
        };
        assert!(why.to_string().contains("Ready(InitResponse)"), "{why}");
        assert!(matches!(ends[1], Some(Ok(("told", 0)))), "{ends:?}");
        assert!(!watch.is_final());
    }
}

#[test]
fn without_a_monitor_the_types_notice_it_too() {
    let (to_tool, mut raw) = memory::pair();
    let e = coordination::engine::start(coordination::engine::Peers { tool: to_tool });
    let clock = ManualClock::new();
    let mut of_engine = clock.clone();
    let tasks: Vec<Task<'_, Result<_, Error>>> = vec![
        Box::pin(async move { engine(e, &mut of_engine, true).await }),
        Box::pin(async move {
            raw.receive().await.unwrap();
            raw.send(Message::Ask(1)).await.unwrap();
            Ok((
                if raw.receive().await.is_err() {
                    "told"
                } else {
                    "?"
                },
                0,
            ))
        }),
    ];
    let ends = run(&clock, tasks);
    let Some(Err(Error::Unexpected {
        peer: "tool",
        found,
        expected: "`Ready`",
    })) = &ends[0]
    else {
        panic!("{ends:?}");
    };
    assert_eq!(found, "Ask");
    assert!(matches!(ends[1], Some(Ok(("told", 0)))), "{ends:?}");
}

#[test]
fn time_is_the_caller_s_and_a_late_message_violates() {
    let watch = watch();
    let (to_tool, mut raw) = memory::pair::<Frame>();
    let mut to_tool = watch.channel(to_tool, "engine").unwrap();
    let frame = |label: &str| Frame {
        label: label.to_owned(),
        payload: Vec::new(),
    };
    voidstate_session::blocking::block_on(async {
        watch.set_now(Duration::from_secs(1));
        to_tool.send(frame("Init")).await.unwrap();
        assert_eq!(watch.deadline(), Some(Duration::from_secs(5)));
        raw.receive().await.unwrap();
        raw.send(frame("Ready")).await.unwrap();
        watch.set_now(Duration::from_secs(7));
        let late = to_tool.receive().await;
        assert!(matches!(late, Err(Fault::Violation(_))), "{late:?}");
    });
}

#[test]
fn what_goes_to_a_watched_role_is_held_against_its_machine_too() {
    let watch = watch();
    let (to_tool, _raw) = memory::pair::<Frame>();
    let mut to_tool = watch.channel(to_tool, "engine").unwrap();
    let frame = Frame {
        label: "Start".to_owned(),
        payload: Vec::new(),
    };
    let refused = voidstate_session::blocking::block_on(to_tool.send(frame));
    assert!(matches!(refused, Err(Fault::Violation(_))), "{refused:?}");
}

/// Two tools that speak through somebody who knows their machines alone.
#[test]
fn a_relay_watches_both_sides_without_knowing_types() {
    let of_engine = Watch::new(Arc::new(coordination::engine::machine().unwrap()));
    let of_tool = watch();
    let (to_middle, from_engine) = memory::pair::<Frame>();
    let (from_tool, to_middle_too) = memory::pair::<Frame>();
    let clock = ManualClock::new();
    let play = |mut channel: memory::Memory<Frame>, lines: Vec<(bool, Frame)>| async move {
        for (sends, frame) in lines {
            if sends {
                channel.send(frame).await?;
            } else {
                assert_eq!(channel.receive().await?, frame);
            }
        }
        channel.close(voidstate_session::Leaving::Done);
        Ok(())
    };
    let script = |sends: bool| {
        let frames = [
            (
                sends,
                Frame::of(&Message::Init(crate::protocols::InitRequest(1))),
            ),
            (!sends, Frame::of(&Message::Ready(InitResponse(2)))),
            (sends, Frame::of(&Message::Start("x".into(), 1))),
            (!sends, Frame::of(&Message::Complete(WorkComplete(3)))),
        ];
        frames
            .into_iter()
            .map(|(s, f)| (s, f.unwrap()))
            .collect::<Vec<_>>()
    };
    let mut engine_side = of_engine.channel(from_engine, "tool").unwrap();
    let mut tool_side = of_tool.channel(from_tool, "engine").unwrap();
    let tasks: Vec<Task<'_, Result<(), Fault>>> = vec![
        Box::pin(play(to_middle, script(true))),
        Box::pin(play(to_middle_too, script(false))),
        Box::pin(async { relay(("engine", &mut engine_side), ("tool", &mut tool_side)).await }),
    ];
    let ends = run(&clock, tasks);
    assert!(
        ends.iter().all(|end| matches!(end, Some(Ok(())))),
        "{ends:?}"
    );
    assert!(of_engine.is_final() && of_tool.is_final());
}

#[test]
fn a_role_with_two_peers_is_watched_through_both() {
    let watch = Watch::new(Arc::new(ring::b::machine().unwrap()));
    let (from_b, b_to_a) = memory::pair::<Frame>();
    let (from_b_too, b_to_c) = memory::pair::<Frame>();
    let mut as_a = watch.channel(from_b, "a").unwrap();
    let mut as_c = watch.channel(from_b_too, "c").unwrap();
    let (mut b_to_a, mut b_to_c) = (b_to_a, b_to_c);
    let frame = |label: &str| Frame {
        label: label.to_owned(),
        payload: Vec::new(),
    };
    voidstate_session::blocking::block_on(async {
        // `a` is a round ahead: what it sent waits until `b` has done its part.
        as_a.send(frame("Ab")).await.unwrap();
        as_a.send(frame("Stop")).await.unwrap();
        b_to_a.receive().await.unwrap();
        b_to_c.send(frame("Bc")).await.unwrap();
        as_c.receive().await.unwrap();
        b_to_c.send(frame("Bc")).await.unwrap();
        let wrong = as_c.receive().await;
        assert!(matches!(wrong, Err(Fault::Violation(_))), "{wrong:?}");
    });
}
