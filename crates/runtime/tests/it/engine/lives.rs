//! Lives of tools: transitions, failures, retries, chains.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use voidstate_core::{
    AttributeValue, Attributes, Config, ConfigField, ConfigKind, Effect, FindingKind, Lifecycle,
    LifecycleState, ManualClock, Next, Overflow, Stage, Timestamp, ToolFactory,
};
use voidstate_runtime::{Engine, EngineHandle, InlineEngine, ToolStats};

use super::flow::finding;
use super::kit::{Collect, FnSource, FnTool, error, id, info};

/// An inline engine on a simulated clock whose source brings one sample a second for ever.
fn beat(tools: &[&Arc<FnTool>]) -> (InlineEngine, Collect, EngineHandle) {
    let mut series = None;
    let source = FnSource::boxed(Overflow::Drop, move |now, out| {
        let series = *series.get_or_insert_with(|| out.series(&info("m")));
        out.sample(series, now, 1.0);
        Ok(Next::At(now.saturating_add(Duration::from_secs(1))))
    });
    let sink = Collect::default();
    let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1000)));
    let mut builder = Engine::builder()
        .clock(clock)
        .source(source)
        .sink(Box::new(sink.clone()));
    for tool in tools {
        let factory: Arc<dyn ToolFactory> = Arc::<FnTool>::clone(tool);
        builder = builder.tool(factory, Attributes::new());
    }
    let engine = builder.build().unwrap().inline();
    let handle = engine.handle();
    (engine, sink, handle)
}

/// Seconds of the simulated clock; a second is one idle step and one with a sample.
fn seconds(engine: &mut InlineEngine, count: u32) {
    for _ in 0..2 * count {
        assert!(engine.step());
    }
}

fn reason(handle: &EngineHandle, tool: &str) -> String {
    match handle.state(&id(tool)).unwrap() {
        LifecycleState::Suspended { reason, .. } => reason,
        state => panic!("{tool} is {state}"),
    }
}

fn stats(handle: &EngineHandle, tool: &str) -> ToolStats {
    handle
        .stats()
        .tools
        .into_iter()
        .find(|t| t.tool == id(tool))
        .unwrap()
}

#[test]
fn transitions_that_exist_and_that_do_not() {
    let tool = FnTool::new("t", &[], |_, _, _| Ok(())).share();
    let (mut engine, _, handle) = beat(&[&tool]);
    let t = id("t");
    assert!(handle.state(&id("unknown")).is_err());
    assert!(handle.attach(&id("unknown")).is_err());
    assert!(handle.attach(&t).is_err(), "attached already");
    assert!(handle.resume(&t).is_err(), "not suspended");
    seconds(&mut engine, 2);
    handle.suspend(&t, "for a test").unwrap();
    assert!(handle.suspend(&t, "again").is_err());
    assert_eq!(reason(&handle, "t"), "for a test");
    let calls = tool.calls();
    seconds(&mut engine, 5);
    assert_eq!(
        tool.calls(),
        calls,
        "suspended and not tried again by itself"
    );
    handle.resume(&t).unwrap();
    seconds(&mut engine, 3);
    assert_eq!(tool.calls(), calls + 3);
    assert_eq!(tool.made.load(Ordering::SeqCst), 1, "the same instance");
    handle.detach(&t).unwrap();
    assert_eq!(handle.state(&t).unwrap(), LifecycleState::Detached);
    for refused in [
        handle.detach(&t),
        handle.suspend(&t, ""),
        handle.resume(&t),
        handle.reconfigure(&t, &Attributes::new()),
    ] {
        assert!(refused.is_err());
    }
    seconds(&mut engine, 3);
    assert_eq!(tool.calls(), calls + 3);
    handle.attach(&t).unwrap();
    seconds(&mut engine, 2);
    assert_eq!(tool.calls(), calls + 5);
    assert_eq!(tool.made.load(Ordering::SeqCst), 2);
}

#[test]
fn detaching_lets_the_tool_finish() {
    let tool = FnTool::new("t", &[Effect::EmitFinding], |_, _, _| Ok(()))
        .finish(|ctx| ctx.emit(finding("t", "closed".to_owned(), 0)))
        .share();
    let (mut engine, sink, handle) = beat(&[&tool]);
    seconds(&mut engine, 1);
    handle.detach(&id("t")).unwrap();
    assert_eq!(sink.given().sentences(), ["closed"]);
    let report = engine.finish();
    assert_eq!(sink.given().sentences(), ["closed"], "only once");
    assert_eq!(report.stats.accepted, report.stats.delivered);
}

#[test]
fn a_panic_is_isolated_and_retried_half_open_with_back_off() {
    let bad = FnTool::new("bad", &[], |call, _, _| {
        assert!(!(3..=6).contains(&call), "boom {call}");
        Ok(())
    })
    .share();
    let good = FnTool::new("good", &[], |_, _, _| Ok(())).share();
    let (mut engine, sink, handle) = beat(&[&bad, &good]);
    let mut at = Vec::new();
    for second in 0..40 {
        let before = bad.calls();
        seconds(&mut engine, 1);
        if bad.calls() > before {
            at.push(second);
        }
    }
    assert_eq!(good.calls(), 40, "nobody else lost a signal");
    assert_eq!(stats(&handle, "bad").panics, 4);
    // Calls 3 to 6 fail: one failure, then three failed trials after 1, 2 and 4 s; the trial after 8 s goes well.
    let gaps: Vec<_> = at.windows(2).map(|w| w[1] - w[0]).take(7).collect();
    assert_eq!(gaps[0], 1);
    let waits = &gaps[1..6];
    assert!(
        waits
            .iter()
            .zip([1, 1, 2, 4, 8])
            .all(|(gap, wait)| (wait..=wait + 1).contains(gap)),
        "{gaps:?}"
    );
    assert_eq!(handle.state(&id("bad")).unwrap(), LifecycleState::Attached);
    assert_eq!(
        bad.made.load(Ordering::SeqCst),
        5,
        "a fresh instance for each trial"
    );
    let findings = sink.given().findings;
    assert!(
        findings
            .iter()
            .all(|f| f.kind == FindingKind::Health && f.tool == id("engine"))
    );
    assert_eq!(findings[0].stage, Stage::Opened);
    assert!(
        findings[0].sentence.contains("bad") && findings[0].sentence.contains("boom 3"),
        "{:?}",
        findings[0]
    );
    let last = findings.last().unwrap();
    assert_eq!(
        (last.stage, last.episode),
        (Stage::Closed, findings[0].episode)
    );
    assert_eq!(last.sentence, "tool bad is attached again");
}

#[test]
fn errors_suspend_only_when_they_repeat() {
    let tool = FnTool::new("t", &[], |call, _, _| {
        // Two errors, a success, then errors for ever.
        if call == 3 {
            Ok(())
        } else {
            Err(error("t", &format!("no {call}")))
        }
    })
    .share();
    let (mut engine, _, handle) = beat(&[&tool]);
    seconds(&mut engine, 5);
    assert_eq!(handle.state(&id("t")).unwrap(), LifecycleState::Attached);
    seconds(&mut engine, 1);
    assert!(
        reason(&handle, "t").contains("3 times in a row"),
        "{}",
        reason(&handle, "t")
    );
    assert!(reason(&handle, "t").contains("no 6"));
    assert_eq!(stats(&handle, "t").errors, 5);
}

#[test]
fn an_undeclared_effect_suspends_for_good() {
    // The tool even hides the error.
    let tool = FnTool::new("t", &[], |_, _, ctx| {
        let _ = ctx.now();
        Ok(())
    })
    .share();
    let (mut engine, _, handle) = beat(&[&tool]);
    seconds(&mut engine, 30);
    assert_eq!(tool.calls(), 1);
    assert!(
        reason(&handle, "t").contains("effect clock"),
        "{}",
        reason(&handle, "t")
    );
    assert!(matches!(
        handle.state(&id("t")).unwrap(),
        LifecycleState::Suspended { retried: false, .. }
    ));
}

#[test]
fn every_effect_is_enforced() {
    let use_effect = |effect: Effect| {
        let seen = Arc::new(AtomicBool::new(false));
        let refused = Arc::clone(&seen);
        let tool = FnTool::new("t", &[], move |_, _, ctx| {
            let name = voidstate_core::MetricName::new("x")?;
            let outcome = match effect {
                Effect::ReadState => ctx.read_state("k").map(drop),
                Effect::WriteState => ctx.write_state("k", b"v"),
                Effect::EmitMetric => ctx.metric(&name, 1.0),
                Effect::Log => ctx.log(voidstate_core::LogLevel::Info, "x"),
                Effect::Clock => ctx.now().map(drop),
                Effect::Random => ctx.random().map(drop),
                Effect::ReadStore => ctx.store().map(|_| ()),
                Effect::EmitFinding => ctx.emit(finding("t", "x".to_owned(), 0)),
                Effect::Session => ctx.session_receive("x").map(drop),
                _ => ctx.read_file("/proc/self/stat", 1).map(drop),
            };
            refused.store(
                matches!(outcome, Err(voidstate_core::Error::UndeclaredEffect { effect: e, .. }) if e == effect),
                Ordering::SeqCst,
            );
            Ok(())
        })
        .share();
        let (mut engine, _, handle) = beat(&[&tool]);
        seconds(&mut engine, 2);
        assert!(seen.load(Ordering::SeqCst), "{effect}");
        assert!(reason(&handle, "t").contains(&format!("effect {effect}")));
    };
    Effect::ALL.into_iter().for_each(use_effect);
}

#[test]
fn the_context_does_what_is_declared() {
    let effects = [
        Effect::ReadState,
        Effect::WriteState,
        Effect::Log,
        Effect::EmitFinding,
        Effect::ReadStore,
        Effect::Io,
    ];
    let tool = FnTool::new("t", &effects, |call, firing, ctx| {
        let count = ctx.read_state("count")?.map_or(0, |bytes| bytes[0]);
        assert_eq!(u64::from(count) + 1, call);
        ctx.write_state("count", &[count + 1])?;
        assert!(
            ctx.write_state(".instance", b"x").is_err(),
            "keys with a dot are the engine's"
        );
        ctx.log(voidstate_core::LogLevel::Info, &"ä".repeat(10_000))?;
        assert!(ctx.emit(finding("somebody", "lie".to_owned(), 0)).is_err());
        assert!(ctx.store().is_err(), "there is none");
        assert!(matches!(
            ctx.read_file("/proc/self/stat", 10),
            Err(voidstate_core::Error::Denied { .. })
        ));
        if let voidstate_core::SignalRef::Sample { id, series, .. } = firing.signal {
            assert_eq!(ctx.series(id).unwrap().key, *series);
        }
        assert!(ctx.series(voidstate_core::SeriesId(999)).is_none());
        Ok(())
    })
    .share();
    let (mut engine, sink, handle) = beat(&[&tool]);
    seconds(&mut engine, 3);
    let stats = stats(&handle, "t");
    assert_eq!((stats.errors, stats.panics), (0, 0));
    assert_eq!(tool.calls(), 3);
    let lines = handle.log_lines();
    assert_eq!((lines.len(), lines[0].message.len()), (3, 4096));
    assert!(sink.given().findings.is_empty());
}

#[test]
fn dependents_follow_their_dependencies_with_the_chain_shown() {
    let make = |name: &str, needs: &[&str]| {
        let needs: Vec<_> = needs.iter().map(|n| id(n)).collect();
        FnTool::new(name, &[], |_, _, _| Ok(()))
            .meta(|meta| meta.dependencies = needs)
            .share()
    };
    let (a, b, c) = (make("a", &[]), make("b", &["a"]), make("c", &["b"]));
    let (mut engine, _, handle) = beat(&[&c, &b, &a]);
    seconds(&mut engine, 2);
    assert_eq!((a.calls(), b.calls(), c.calls()), (2, 2, 2));
    assert!(
        handle
            .detach(&id("a"))
            .unwrap_err()
            .to_string()
            .contains("needed by b")
    );
    handle.suspend(&id("a"), "repairs").unwrap();
    seconds(&mut engine, 2);
    assert_eq!((a.calls(), b.calls(), c.calls()), (2, 2, 2));
    let chain =
        "it depends on b, which is suspended (it depends on a, which is suspended (repairs))";
    assert_eq!(reason(&handle, "c"), chain);
    let error = handle.resume(&id("c")).unwrap_err().to_string();
    assert!(error.contains("repairs"), "{error}");
    handle.resume(&id("a")).unwrap();
    seconds(&mut engine, 2);
    assert_eq!((a.calls(), b.calls(), c.calls()), (4, 4, 4));
    for tool in ["c", "b", "a"] {
        handle.detach(&id(tool)).unwrap();
    }
    let error = handle.attach(&id("b")).unwrap_err().to_string();
    assert!(
        error.contains("depends on a, which is detached; attach a first"),
        "{error}"
    );
}

#[test]
fn a_missing_dependency_is_named() {
    let tool = FnTool::new("b", &[], |_, _, _| Ok(()))
        .meta(|meta| meta.dependencies = vec![id("a")])
        .share();
    let error = Engine::builder()
        .tool(tool, Attributes::new())
        .build()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("depends on a, which is not attached"),
        "{error}"
    );
}

#[test]
fn reconfiguring_makes_a_fresh_instance_or_leaves_all_as_it_was() {
    let tool = FnTool::new("t", &[], |_, _, _| Ok(()))
        .meta(|meta| {
            meta.config = vec![ConfigField {
                name: "level".to_owned(),
                kind: ConfigKind::Int { min: 0, max: 9 },
                default: AttributeValue::Int(1),
                description: "a level".to_owned(),
            }];
        })
        .share();
    let (mut engine, _, handle) = beat(&[&tool]);
    seconds(&mut engine, 1);
    let with = |level: i64| Attributes::from([("level".to_owned(), AttributeValue::Int(level))]);
    assert!(handle.reconfigure(&id("t"), &with(10)).is_err());
    assert!(
        handle
            .reconfigure(&id("t"), &Attributes::from([("x".to_owned(), 1.into())]))
            .is_err()
    );
    handle.reconfigure(&id("t"), &with(5)).unwrap();
    seconds(&mut engine, 1);
    assert_eq!(tool.calls(), 2);
    let configs: Vec<i64> = tool
        .configs
        .lock()
        .unwrap()
        .iter()
        .map(|c: &Config| c.int("level").unwrap())
        .collect();
    assert_eq!(configs, [1, 5]);
}
