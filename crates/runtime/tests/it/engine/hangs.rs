//! Tools that do not return, cost too much or hold too much; sources and sinks that fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use voidstate_core::{
    Attributes, Catalogue, Effect, Finding, Lifecycle, LifecycleState, Next, Overflow, Point, Sink,
    Timestamp,
};
use voidstate_runtime::memory::is_measured;
use voidstate_runtime::{DropReason, Engine, EngineHandle, Policy};

use super::flow::finding;
use super::kit::{
    Collect, FnSource, FnTool, engine, error, eventually, id, info, rounds, value_of,
};

fn is_suspended(handle: &EngineHandle, tool: &str, what: &str) -> bool {
    matches!(handle.state(&id(tool)).unwrap(), LifecycleState::Suspended { reason, .. } if reason.contains(what))
}

/// Samples for ever, a hundred a poll, about every millisecond.
fn stream() -> Box<dyn voidstate_core::Source> {
    let mut next = 0;
    FnSource::boxed(Overflow::Drop, move |now, out| {
        let series = out.series(&info("m"));
        for _ in 0..100 {
            out.sample(series, now, f64::from(next));
            next += 1;
        }
        Ok(Next::At(now.saturating_add(Duration::from_millis(1))))
    })
}

#[test]
fn a_tool_that_hangs_is_named_and_nobody_else_loses_a_signal() {
    assert!(
        is_measured(),
        "this test program installs the attributing allocator"
    );
    let go_on = Arc::new(AtomicBool::new(false));
    let ended = Arc::new(AtomicBool::new(false));
    let (wait, end) = (Arc::clone(&go_on), Arc::clone(&ended));
    let hanging = FnTool::new(
        "hanging",
        &[Effect::EmitFinding, Effect::WriteState],
        move |call, _, ctx| {
            if call == 500 {
                while !wait.load(Ordering::SeqCst) {
                    std::hint::spin_loop();
                }
                // What it says now comes too late.
                assert!(ctx.emit(finding("hanging", "late".to_owned(), 0)).is_err());
                assert!(ctx.write_state("k", b"late").is_err());
                end.store(true, Ordering::SeqCst);
            }
            Ok(())
        },
    )
    .share();
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let make = |name: &str, priority: i32| {
        let log = Arc::clone(&seen);
        let label = name.to_owned();
        FnTool::new(name, &[], move |_, firing, _| {
            log.lock().unwrap().push((label.clone(), value_of(firing)));
            Ok(())
        })
        .meta(|meta| meta.subscriptions[0].priority = priority)
        .share()
    };
    let (before, after) = (make("before", 1), make("after", -1));
    let (engine, sink, handle) = engine(&[&before, &hanging, &after], stream());
    let running = engine.start().unwrap();
    eventually("the hang", || hanging.calls() == 500);
    let since = Instant::now();
    eventually("the suspension", || {
        is_suspended(&handle, "hanging", "has not returned")
    });
    let took = since.elapsed();
    assert!(took < Duration::from_secs(3), "named after {took:?}");
    eventually("more signals", || after.calls() > 5000);
    assert_eq!(handle.stats().abandoned_threads, 1);
    go_on.store(true, Ordering::SeqCst);
    eventually("the end of the abandoned call", || {
        ended.load(Ordering::SeqCst)
    });
    eventually("the quiet end of its thread", || {
        handle.stats().abandoned_threads == 0
    });
    // Once its call has returned it is tried again, with a fresh instance, which goes well.
    eventually("the recovery", || {
        handle.state(&id("hanging")).unwrap() == LifecycleState::Attached
    });
    let report = running.stop();
    assert_eq!(report.leftovers, [""; 0]);
    assert_eq!(
        report.stats.accepted,
        report.stats.delivered + report.stats.dropped_total()
    );
    let source = &report.stats.sources[0];
    let brought = source.accepted - source.dropped.iter().map(|(_, n)| n).sum::<u64>();
    let seen = seen.lock().unwrap();
    for name in ["before", "after"] {
        let values: Vec<f64> = seen
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, v)| *v)
            .collect();
        assert_eq!(values.len() as u64, brought, "{name} saw every signal once");
        assert!(
            values.windows(2).all(|w| w[0] < w[1]),
            "{name} saw them in order"
        );
    }
    let sentences = sink.given().findings;
    assert!(
        sentences
            .iter()
            .any(|f| f.sentence.contains("tool hanging is suspended"))
    );
    assert!(
        !sentences.iter().any(|f| f.sentence == "late"),
        "what came too late is discarded"
    );
}

/// The last thread is kept for a tool that did not hang before, so the shard goes on when a tool that hung once is due.
#[test]
fn a_tool_that_hung_is_not_tried_with_the_last_thread() {
    let (first, second) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let (stays, returns) = (hanging("stays", &first), hanging("returns", &second));
    let good = FnTool::new("good", &[], |_, _, _| Ok(())).share();
    let mut policy = Policy::default();
    policy.hang_after = Duration::from_millis(200);
    policy.retry_first = Duration::from_millis(50);
    policy.abandoned_max = 2;
    let mut builder = Engine::builder().policy(policy).source(stream());
    for tool in [&stays, &returns, &good] {
        builder = builder.tool(Arc::<FnTool>::clone(tool), Attributes::new());
    }
    let running = builder.build().unwrap().start().unwrap();
    let handle = running.handle();
    eventually("both hang", || handle.stats().abandoned_threads == 2);
    second.store(true, Ordering::SeqCst);
    let reason = "the last one is kept for another tool";
    eventually("the reason", || is_suspended(&handle, "returns", reason));
    for _ in 0..5 {
        let before = good.calls();
        std::thread::sleep(Duration::from_millis(100));
        eventually("signals", || good.calls() > before);
    }
    assert_eq!((stays.calls(), returns.calls()), (1, 1));
    first.store(true, Ordering::SeqCst);
    eventually("both recover", || {
        ["stays", "returns"]
            .iter()
            .all(|tool| handle.state(&id(tool)).unwrap() == LifecycleState::Attached)
    });
    assert_eq!(running.stop().leftovers, [""; 0]);
}

#[test]
fn with_a_single_thread_to_spare_a_tool_that_hung_comes_back_only_by_hand() {
    let go_on = Arc::new(AtomicBool::new(false));
    let tool = hanging("t", &go_on);
    let t = id("t");
    let mut policy = Policy::default();
    policy.hang_after = Duration::from_millis(200);
    policy.retry_first = Duration::from_millis(1);
    policy.abandoned_max = 1;
    let engine = Engine::builder().policy(policy).source(stream());
    let engine = engine.tool(Arc::<FnTool>::clone(&tool), Attributes::new());
    let running = engine.build().unwrap().start().unwrap();
    let handle = running.handle();
    eventually("the suspension", || {
        is_suspended(&handle, "t", "it is not tried again")
    });
    let state = handle.state(&t).unwrap();
    assert!(
        matches!(state, LifecycleState::Suspended { retried: false, .. }),
        "{state}"
    );
    handle.detach(&t).unwrap();
    let refused = handle.attach(&t).unwrap_err().to_string();
    assert!(refused.contains("has not returned"), "{refused}");
    go_on.store(true, Ordering::SeqCst);
    eventually("the return", || handle.stats().abandoned_threads == 0);
    assert_eq!(
        (tool.calls(), handle.state(&t).unwrap()),
        (1, LifecycleState::Detached)
    );
    eventually("the way back", || handle.attach(&t).is_ok());
    eventually("signals", || tool.calls() > 100);
    assert_eq!(running.stop().leftovers, [""; 0]);
}

/// Hangs at every call until told to go on.
fn hanging(name: &str, go_on: &Arc<AtomicBool>) -> Arc<FnTool> {
    let wait = Arc::clone(go_on);
    FnTool::new(name, &[], move |_, _, _| {
        while !wait.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    })
    .share()
}

#[test]
fn a_tool_that_hangs_at_every_call_takes_one_thread_and_no_signal_from_another() {
    for shards in [1, 2] {
        let go_on = Arc::new(AtomicBool::new(false));
        let hangs = hanging("hangs", &go_on);
        let good = FnTool::new("good", &[], |_, _, _| Ok(())).share();
        let mut policy = Policy::default();
        policy.hang_after = Duration::from_millis(200);
        policy.retry_first = Duration::from_millis(50);
        policy.retry_max = Duration::from_millis(50);
        let mut builder = Engine::builder()
            .policy(policy)
            .shards(shards)
            .source(stream());
        for tool in [&hangs, &good] {
            builder = builder.tool(Arc::<FnTool>::clone(tool), Attributes::new());
        }
        let running = builder.build().unwrap().start().unwrap();
        let handle = running.handle();
        eventually("the suspension", || {
            is_suspended(&handle, "hangs", "has not returned")
        });
        // Time for many retries, each of which would take a thread.
        for _ in 0..20 {
            let before = good.calls();
            std::thread::sleep(Duration::from_millis(100));
            eventually("signals for the good tool", || good.calls() > before);
        }
        assert_eq!((hangs.calls(), handle.stats().abandoned_threads), (1, 1));
        let reason = "its call at host.cpu has not returned; it is tried again once it does";
        assert!(is_suspended(&handle, "hangs", reason));
        let refused = handle.resume(&id("hangs")).unwrap_err().to_string();
        assert!(refused.contains("has not returned"), "{refused}");
        assert_eq!(handle.stats().dropped_total(), 0);
        go_on.store(true, Ordering::SeqCst);
        eventually("the recovery", || {
            handle.state(&id("hangs")).unwrap() == LifecycleState::Attached
        });
        let report = running.stop();
        assert_eq!(report.leftovers, [""; 0]);
        assert_eq!(report.stats.accepted, report.stats.delivered);
        let own = report.stats.sources.last().unwrap().accepted;
        assert_eq!(good.calls(), report.stats.delivered - own);
    }
}

#[test]
fn no_more_than_so_many_threads_are_abandoned() {
    let go_on = Arc::new(AtomicBool::new(false));
    let tools: Vec<_> = (0..3)
        .map(|i| hanging(&format!("hang-{i}"), &go_on))
        .collect();
    let sink = Collect::default();
    let mut policy = Policy::default();
    policy.hang_after = Duration::from_millis(200);
    policy.abandoned_max = 2;
    policy.retry_first = Duration::from_millis(50);
    policy.retry_max = Duration::from_millis(100);
    let mut builder = Engine::builder()
        .policy(policy)
        .capacity(100, 10)
        .source(stream())
        .sink(Box::new(sink.clone()));
    for tool in &tools {
        builder = builder.tool(Arc::<FnTool>::clone(tool), Attributes::new());
    }
    let running = builder.build().unwrap().start().unwrap();
    let handle = running.handle();
    eventually("all are suspended", || {
        (0..3).all(|i| is_suspended(&handle, &format!("hang-{i}"), "has not returned"))
    });
    assert_eq!(handle.stats().abandoned_threads, 2);
    eventually("signals are dropped and counted", || {
        handle.stats().dropped_total() > 0
    });
    go_on.store(true, Ordering::SeqCst);
    eventually("the shard goes on", || handle.stats().delivered > 1000);
    let report = running.stop();
    assert_eq!(
        report.stats.accepted,
        report.stats.delivered + report.stats.dropped_total()
    );
    let given = sink.given();
    assert!(
        given
            .sentences()
            .iter()
            .any(|s| s.contains("2 threads are abandoned already")),
        "{:?}",
        given.sentences()
    );
}

#[test]
fn a_hang_at_the_end_does_not_hold_up_shutting_down() {
    let tool = FnTool::new("t", &[], |_, _, _| Ok(()))
        .finish(|_| {
            std::thread::sleep(Duration::from_secs(4));
            Ok(())
        })
        .share();
    let other = FnTool::new("u", &[Effect::EmitFinding], |_, _, _| Ok(()))
        .finish(|ctx| ctx.emit(finding("u", "finished".to_owned(), 0)))
        .share();
    let (engine, sink, _) = engine(&[&tool, &other], rounds(1, 10));
    let start = Instant::now();
    let report = engine.run_to_end().unwrap();
    assert!(
        start.elapsed() < Duration::from_millis(3500),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(report.leftovers, ["a thread hangs in tool t"]);
    assert!(
        sink.given().sentences().contains(&"finished"),
        "the others finished"
    );
}

#[test]
fn memory_is_measured_not_believed() {
    let held = Arc::new(std::sync::Mutex::new(Vec::<Vec<u8>>::new()));
    let keep = Arc::clone(&held);
    let hog = FnTool::new("hog", &[], move |call, _, _| {
        if call % 100 == 0 {
            keep.lock().unwrap().push(vec![1; 1 << 20]);
        }
        Ok(())
    })
    .meta(|meta| meta.budget.memory_bytes = 20 << 20)
    .share();
    let modest = FnTool::new("modest", &[], |_, _, _| Ok(())).share();
    let (engine, sink, handle) = engine(&[&hog, &modest], stream());
    let running = engine.start().unwrap();
    eventually("the suspension", || {
        is_suspended(&handle, "hog", "of memory, its budget is 20.0 MiB")
    });
    let megabytes = held.lock().unwrap().len();
    assert!(megabytes >= 20, "{megabytes}");
    let modest_bytes = handle
        .stats()
        .tools
        .iter()
        .find(|t| t.tool == id("modest"))
        .unwrap()
        .memory_bytes;
    assert!(modest_bytes.unwrap() < 1 << 16, "{modest_bytes:?}");
    drop(running.stop());
    assert!(
        sink.given()
            .sentences()
            .iter()
            .any(|s| s.contains("tool hog is suspended"))
    );
}

#[test]
fn a_tool_that_is_slow_again_and_again_is_suspended() {
    let slow = FnTool::new("slow", &[], |_, _, _| {
        std::thread::sleep(Duration::from_millis(15));
        Ok(())
    })
    .share();
    let (engine, _, handle) = engine(&[&slow], stream());
    let running = engine.start().unwrap();
    eventually("the suspension", || {
        is_suspended(&handle, "slow", "took longer than its budget of 10ms")
    });
    drop(running.stop());
}

#[test]
fn a_tool_that_uses_too_much_of_a_core_is_suspended() {
    let busy = FnTool::new("busy", &[], |_, _, _| {
        let until = Instant::now() + Duration::from_millis(2);
        while Instant::now() < until {
            std::hint::spin_loop();
        }
        Ok(())
    })
    .meta(|meta| {
        meta.budget.core_share = 0.05;
        meta.budget.time_per_signal = Duration::from_secs(10);
    })
    .share();
    let (engine, _, handle) = engine(&[&busy], stream());
    let running = engine.start().unwrap();
    eventually("the suspension", || {
        is_suspended(&handle, "busy", "of a core over 10 s, its budget is 5 %")
    });
    drop(running.stop());
}

struct Broken(u32);

impl Sink for Broken {
    fn name(&self) -> &str {
        "broken"
    }

    fn points(&mut self, _: &[Point], _: &dyn Catalogue) -> voidstate_core::Result<()> {
        self.0 += 1;
        match self.0 % 3 {
            0 => panic!("sink panics"),
            1 => Err(error("sink", "disk full")),
            _ => Ok(()),
        }
    }

    fn finding(&mut self, _: &Finding) -> voidstate_core::Result<()> {
        Err(error("sink", "disk full"))
    }
}

#[test]
fn a_sink_that_fails_is_counted_and_the_others_go_on() {
    let tool = FnTool::new("t", &[Effect::EmitFinding], |call, _, ctx| match call {
        1 => ctx.emit(finding("t", "one".to_owned(), 0)),
        _ => Ok(()),
    })
    .share();
    let sink = Collect::default();
    let engine = Engine::builder()
        .capacity(100, 10)
        .source(rounds(1, 90))
        .sink(Box::new(Broken(0)))
        .sink(Box::new(sink.clone()))
        .tool(tool, Attributes::new())
        .build()
        .unwrap();
    let report = engine.run_inline();
    let [broken, good] = &report.stats.sinks[..] else {
        panic!()
    };
    assert_eq!(broken.points + broken.points_failed, 90);
    assert!(broken.points > 0 && broken.points_failed > broken.points);
    assert_eq!((broken.findings, broken.findings_failed), (0, 1));
    assert!(broken.last_error.is_some());
    assert_eq!((good.points, good.findings, good.points_failed), (90, 1, 0));
    assert_eq!(sink.given().points.len(), 90);
}

#[test]
fn a_source_that_fails_is_told_and_the_engine_drains() {
    for panics in [false, true] {
        let mut polls = 0;
        let source = FnSource::boxed(Overflow::Wait, move |_, out| {
            let series = out.series(&info("m"));
            out.sample(series, Timestamp::default(), 1.0);
            polls += 1;
            if polls == 3 {
                assert!(!panics, "source panics");
                return Err(error("file", "torn"));
            }
            Ok(Next::Now)
        });
        let (engine, sink, _) = engine(&[], source);
        let report = engine.run_to_end().unwrap();
        assert_eq!(
            (report.stats.accepted, report.stats.delivered),
            (3, 3),
            "what it brought before is not lost"
        );
        let failure = report.stats.sources[0].failure.clone().unwrap();
        assert!(
            failure.contains(if panics { "source panics" } else { "torn" }),
            "{failure}"
        );
        assert!(
            sink.given()
                .sentences()
                .iter()
                .any(|s| s.starts_with("source test ended"))
        );
    }
}

#[test]
fn shutting_down_drains_what_was_accepted() {
    let tool = FnTool::new("t", &[], |_, _, _| {
        std::thread::sleep(Duration::from_micros(100));
        Ok(())
    })
    .share();
    let (engine, sink, _) = engine(&[&tool], stream());
    let running = engine.start().unwrap();
    eventually("some signals", || tool.calls() > 100);
    let report = running.stop();
    assert_eq!(report.leftovers, [""; 0]);
    assert_eq!(report.stats.queued, 0);
    assert_eq!(
        report.stats.accepted,
        report.stats.delivered + report.stats.dropped_total()
    );
    let points = sink.given().points;
    let delivered = points.iter().filter(|(name, _)| name == "m").count();
    assert!(delivered as u64 <= report.stats.delivered && delivered > 100);
}

#[test]
fn what_cannot_be_drained_in_time_is_counted() {
    let tool = FnTool::new("t", &[], |_, _, _| {
        std::thread::sleep(Duration::from_millis(5));
        Ok(())
    })
    .share();
    let mut policy = Policy::default();
    policy.drain_within = Duration::from_millis(100);
    let engine = Engine::builder()
        .policy(policy)
        .source(rounds(1, 1000))
        .tool(tool, Attributes::new())
        .build()
        .unwrap();
    let running = engine.start().unwrap();
    assert!(running.wait_for_sources(Duration::from_secs(10)));
    let start = Instant::now();
    let stats = running.stop().stats;
    assert!(start.elapsed() < Duration::from_secs(4));
    assert!(stats.dropped_total() > 500, "{stats:?}");
    assert_eq!(
        stats.dropped,
        [(DropReason::Shutdown, stats.dropped_total())]
    );
    assert_eq!(stats.accepted, stats.delivered + stats.dropped_total());
}

#[derive(Debug, Clone)]
struct Load {
    shards: usize,
    queue: usize,
    batch: usize,
    series: u32,
    polls: Vec<u16>,
    waits: bool,
    delay_us: u64,
    stops_early: bool,
}

fn load() -> impl Strategy<Value = Load> {
    let shape = (1_usize..=3, 1_usize..=64, 1_usize..=32, 1_u32..=9);
    let flow = (
        prop::collection::vec(0_u16..300, 1..8),
        any::<bool>(),
        0_u64..30,
        any::<bool>(),
    );
    (shape, flow).prop_map(
        |((shards, queue, batch, series), (polls, waits, delay_us, stops_early))| Load {
            shards,
            queue: queue.max(batch),
            batch,
            series,
            polls,
            waits,
            delay_us,
            stops_early,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::soak::cases(48), failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(crate::soak::seed(2)), ..ProptestConfig::default() })]

    /// accepted = delivered + dropped, whatever the load; and every delivered signal was seen by the tool.
    #[test]
    fn nothing_accepted_is_lost_uncounted(load in load()) {
        let delay = Duration::from_micros(load.delay_us);
        let tool = FnTool::new("t", &[], move |_, _, _| {
            if !delay.is_zero() {
                std::thread::sleep(delay);
            }
            Ok(())
        }).share();
        let mut polls = load.polls.clone().into_iter();
        let series = load.series;
        let overflow = if load.waits { Overflow::Wait } else { Overflow::Drop };
        let source = FnSource::boxed(overflow, move |_, out| {
            let ids: Vec<_> = (0..series).map(|i| out.series(&info(&format!("m.{i}")))).collect();
            let Some(count) = polls.next() else { return Ok(Next::Done) };
            for i in 0..usize::from(count) {
                out.sample(ids[i % ids.len()], Timestamp::from_secs(0), 1.0);
            }
            Ok(Next::Now)
        });
        let sink = Collect::default();
        let engine = Engine::builder()
            .shards(load.shards)
            .capacity(load.queue, load.batch)
            .source(source)
            .sink(Box::new(sink.clone()))
            .tool(Arc::<FnTool>::clone(&tool), Attributes::new())
            .build()
            .unwrap();
        let running = engine.start().unwrap();
        let stats = if load.stops_early { running.stop() } else { running.wait() }.stats;
        prop_assert_eq!(stats.accepted, stats.delivered + stats.dropped_total(), "{:?}", stats);
        prop_assert_eq!(stats.queued, 0);
        if load.waits && !load.stops_early {
            prop_assert_eq!(stats.dropped_total(), 0);
            let sent: u64 = load.polls.iter().map(|n| u64::from(*n)).sum();
            prop_assert_eq!(tool.calls(), sent);
        }
    }
}
