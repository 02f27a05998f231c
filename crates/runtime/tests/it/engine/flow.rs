//! Signals from sources through tools to sinks.

use std::sync::{Arc, Mutex};

use voidstate_core::{
    Attributes, Confidence, Effect, Finding, FindingKind, HookName, MetricName, Next, Output,
    Overflow, SeriesId, Severity, Stage, Timestamp,
};
use voidstate_runtime::{DropReason, Engine, EngineTime};

use super::kit::{Collect, FnSource, FnTool, Given, engine, event, id, info, rounds, value_of};

pub(crate) fn finding(tool: &str, sentence: String, secs: i64) -> Finding {
    Finding {
        tool: id(tool),
        episode: 1,
        kind: FindingKind::Anomaly,
        severity: Severity::Notice,
        stage: Stage::Instant,
        start: Timestamp::from_secs(secs),
        end: None,
        series: Vec::new(),
        sentence,
        evidence: Vec::new(),
        confidence: Confidence::saturating(0.5),
        refutation: "none".to_owned(),
    }
}

#[test]
fn every_signal_reaches_tool_and_sink_in_order() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let tool = FnTool::new("see", &[], move |_, firing, _| {
        log.lock()
            .unwrap()
            .push((firing.sequence, firing.signal.to_signal()));
        Ok(())
    })
    .share();
    let (engine, sink, _) = engine(&[&tool], rounds(3, 1000));
    let report = engine.run_to_end().unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 3000);
    assert!(
        seen.iter().map(|(n, _)| *n).eq(0..3000),
        "sequence has no gaps with one shard"
    );
    let points = sink.given().points;
    assert_eq!(points.len(), 3000);
    for (at, (name, point)) in points.iter().enumerate() {
        assert_eq!(*name, format!("m.{}", at % 3));
        assert_eq!(point.value.to_bits(), ((at / 3) as f64).to_bits());
    }
    assert_eq!(
        (report.stats.accepted, report.stats.delivered),
        (3000, 3000)
    );
    assert_eq!(report.leftovers, [""; 0]);
    assert_eq!(report.stats.sinks[0].points, 3000);
    assert_eq!(report.stats.tools[0].calls, 3001, "and one to finish");
}

#[test]
fn other_signals_keep_their_place_among_samples() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let tool = FnTool::new("see", &[], move |_, firing, _| {
        log.lock().unwrap().push(format!(
            "{} {}",
            firing.hook,
            firing.signal.time().as_nanos() / 1_000_000_000
        ));
        Ok(())
    })
    .share();
    let mut first = true;
    let source = FnSource::boxed(Overflow::Wait, move |_, out| {
        let series = out.series(&info("m"));
        let tick = HookName::new("host.tick").unwrap();
        for secs in 0..600 {
            if secs % 3 == 0 {
                out.signal(&tick, event("tick", secs));
            } else {
                out.sample(series, Timestamp::from_secs(secs), 1.0);
            }
        }
        Ok(if std::mem::take(&mut first) {
            Next::Now
        } else {
            Next::Done
        })
    });
    let (engine, ..) = engine(&[&tool], source);
    let report = engine.run_to_end().unwrap();
    assert_eq!(report.stats.delivered, 1200);
    let expected = (0..1200).map(|i| i % 600).map(|secs| match secs % 3 {
        0 => format!("host.tick {secs}"),
        _ => format!("host.cpu {secs}"),
    });
    assert!(seen.lock().unwrap().iter().cloned().eq(expected));
}

#[test]
fn dependencies_are_heard_in_the_same_firing_and_in_order() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&heard);
    let low = FnTool::new("low", &[Effect::EmitFinding], |call, firing, ctx| {
        let value = value_of(firing);
        ctx.output(Output {
            name: "twice",
            value: (value * 2.0).into(),
        });
        if call % 10 == 0 {
            ctx.emit(finding("low", format!("call {call}"), 0))?;
        }
        Ok(())
    })
    // It is called first though its priority says otherwise.
    .meta(|meta| meta.subscriptions[0].priority = -5)
    .share();
    let high = FnTool::new("high", &[], move |_, firing, ctx| {
        let view = ctx.dependency(&id("low"))?;
        let outputs: Vec<_> = view
            .outputs
            .iter()
            .map(|o| o.value.as_f64().unwrap())
            .collect();
        assert_eq!(outputs, [value_of(firing) * 2.0]);
        log.lock()
            .unwrap()
            .extend(view.findings.iter().map(|f| f.sentence.clone()));
        assert!(ctx.dependency(&id("stranger")).is_err());
        Ok(())
    })
    .meta(|meta| {
        meta.dependencies = vec![id("low")];
        meta.subscriptions[0].priority = 5;
    })
    .share();
    // Given in the wrong order: the engine attaches dependencies first.
    let (engine, sink, _) = engine(&[&high, &low], rounds(1, 30));
    let report = engine.run_to_end().unwrap();
    assert!(
        report
            .stats
            .tools
            .iter()
            .all(|t| t.errors == 0 && t.panics == 0),
        "{report:?}"
    );
    assert_eq!(*heard.lock().unwrap(), ["call 10", "call 20", "call 30"]);
    assert_eq!(sink.given().sentences(), ["call 10", "call 20", "call 30"]);
}

#[test]
fn metrics_become_series_and_do_not_feed_on_themselves() {
    let name = MetricName::new("seen").unwrap();
    let greedy = |id: &str| {
        let name = name.clone();
        FnTool::new(id, &[Effect::EmitMetric], move |call, _, ctx| {
            ctx.metric(&name, call as f64)
        })
        .meta(|meta| meta.subscriptions[0].pattern = "**".parse().unwrap())
        .share()
    };
    let (a, b) = (greedy("a"), greedy("b"));
    let (engine, sink, _) = engine(&[&a, &b], rounds(1, 4));
    let report = engine.run_to_end().unwrap();
    let points = sink.given().points;
    let of = |name: &str| points.iter().filter(|(n, _)| n == name).count();
    // 4 samples; each tool answers each of them, and each of the 8 answers once; those 16 go to the sinks alone.
    assert_eq!(
        (of("m.0"), of("tool.a.seen"), of("tool.b.seen")),
        (4, 12, 12)
    );
    assert_eq!((a.calls(), b.calls()), (12, 12));
    assert_eq!(report.stats.accepted, report.stats.delivered);
}

#[test]
fn threads_and_inline_runs_give_the_same_results() {
    let run = |threaded: bool| -> Given {
        let name = MetricName::new("walk").unwrap();
        let tool = FnTool::new(
            "walker",
            &[
                Effect::Random,
                Effect::EmitFinding,
                Effect::EmitMetric,
                Effect::Clock,
            ],
            {
                move |call, firing, ctx| {
                    let drawn = ctx.random()?;
                    if drawn % 7 == 0 {
                        let now = ctx.now()?;
                        ctx.emit(finding(
                            "walker",
                            format!("{call} {drawn} {} {now}", firing.sequence),
                            0,
                        ))?;
                        ctx.metric(&name, (drawn % 1000) as f64)?;
                    }
                    Ok(())
                }
            },
        )
        .tick(|ctx| {
            let drawn = ctx.random()?;
            ctx.emit(finding("walker", format!("tick {drawn}"), 0))
        })
        .finish(|ctx| ctx.emit(finding("walker", "end".to_owned(), 0)))
        .share();
        let sink = Collect::default();
        let engine = Engine::builder()
            .time(EngineTime::Signals)
            .seed(7)
            .capacity(64, 16)
            .source(rounds(5, 400))
            .sink(Box::new(sink.clone()))
            .tool(tool, Attributes::new())
            .build()
            .unwrap();
        let report = if threaded {
            engine.run_to_end().unwrap()
        } else {
            engine.run_inline()
        };
        assert_eq!(report.leftovers, [""; 0]);
        sink.given()
    };
    let (threaded, inline) = (run(true), run(false));
    assert!(
        threaded.sentences() == inline.sentences(),
        "findings differ"
    );
    assert!(threaded.points == inline.points, "points differ");
    let ticks = inline
        .sentences()
        .iter()
        .filter(|s| s.starts_with("tick"))
        .count();
    assert_eq!(ticks, 399, "one for each second that began");
    assert_eq!(inline.sentences().last(), Some(&"end"));
}

#[test]
fn several_shards_keep_the_order_of_each_series() {
    let seen: Arc<Mutex<Vec<(SeriesId, f64, String)>>> = Arc::default();
    let log = Arc::clone(&seen);
    let tool = FnTool::new("see", &[], move |_, firing, _| {
        if let voidstate_core::SignalRef::Sample { id, value, .. } = firing.signal {
            let thread = std::thread::current().name().unwrap_or_default().to_owned();
            log.lock().unwrap().push((id, value, thread));
        }
        Ok(())
    })
    .share();
    let single = FnTool::new("single", &[], |_, _, _| Ok(()))
        .meta(|meta| meta.scope = voidstate_core::Scope::Single)
        .share();
    let sink = Collect::default();
    let engine = Engine::builder()
        .shards(2)
        .capacity(32, 8)
        .source(rounds(7, 500))
        .sink(Box::new(sink.clone()))
        .tool(Arc::<FnTool>::clone(&tool), Attributes::new())
        .tool(Arc::<FnTool>::clone(&single), Attributes::new())
        .build()
        .unwrap();
    let report = engine.run_to_end().unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 3500);
    for series in 0..7 {
        let own: Vec<_> = seen.iter().filter(|(id, ..)| id.0 == series).collect();
        assert!(
            own.iter().map(|(_, v, _)| *v).eq((0..500).map(f64::from)),
            "series {series}"
        );
        let home = format!("shard-{}", series % 2);
        assert!(
            own.iter().all(|(.., thread)| *thread == home),
            "series {series}"
        );
    }
    assert_eq!(single.calls(), 3500, "the single tool sees every sample");
    assert_eq!(
        sink.given().points.len(),
        3500,
        "the sinks see each sample once"
    );
    assert_eq!(report.stats.accepted, report.stats.delivered);
    assert!(report.stats.dropped.is_empty());
}

#[test]
fn what_cannot_be_used_is_counted_with_its_reason() {
    let source = FnSource::boxed(Overflow::Wait, move |_, out| {
        out.sample(SeriesId(77), Timestamp::default(), 1.0);
        out.sample(SeriesId(u32::MAX), Timestamp::default(), 1.0);
        out.rejected(5, "rows without a time");
        out.degraded("disk", "no permission");
        out.degraded("disk", "no permission");
        let series = out.series(&info("m"));
        out.sample(series, Timestamp::MAX, f64::NAN);
        out.sample(series, Timestamp::MIN, f64::INFINITY);
        Ok(Next::Done)
    });
    let (engine, sink, _) = engine(&[], source);
    let report = engine.run_to_end().unwrap();
    let source = &report.stats.sources[0];
    assert_eq!(source.accepted, 2);
    let rejected: Vec<_> = source
        .rejected
        .iter()
        .map(|(r, n)| (r.as_str(), *n))
        .collect();
    let expected = [
        ("rows without a time", 5),
        ("the number of the series was never issued", 1),
        ("there are too many series", 1),
    ];
    assert_eq!(rejected, expected);
    assert_eq!(
        source.degraded,
        [("disk".to_owned(), "no permission".to_owned())]
    );
    assert_eq!(
        sink.given().sentences(),
        ["source test: disk: no permission"],
        "said once"
    );
    assert!(sink.given().points[0].1.value.is_nan());
}

#[test]
fn a_full_queue_drops_the_newest_and_says_so() {
    let gate = Arc::new(Mutex::new(()));
    let held = gate.lock().unwrap();
    let inner = Arc::clone(&gate);
    let (entered, is_held) = std::sync::mpsc::channel();
    let tool = FnTool::new("slow", &[], move |call, _, _| {
        if call == 1 {
            entered.send(()).unwrap();
        }
        drop(inner.lock().unwrap());
        Ok(())
    })
    .meta(|meta| meta.budget.time_per_signal = std::time::Duration::from_secs(3600))
    .share();
    let mut first = true;
    let source = FnSource::boxed(Overflow::Drop, move |_, out| {
        let series = out.series(&info("m"));
        if std::mem::take(&mut first) {
            out.sample(series, Timestamp::from_secs(0), 0.0);
            return Ok(Next::Now);
        }
        // Only once the worker is held with that one signal is the queue's room known.
        is_held.recv().unwrap();
        for i in 1..1000 {
            out.sample(series, Timestamp::from_secs(i), i as f64);
        }
        Ok(Next::Done)
    });
    let sink = Collect::default();
    let engine = Engine::builder()
        .capacity(100, 10)
        .source(source)
        .sink(Box::new(sink.clone()))
        .tool(tool, Attributes::new())
        .build()
        .unwrap();
    let running = engine.start().unwrap();
    assert!(running.wait_for_sources(std::time::Duration::from_secs(10)));
    drop(held);
    let stats = running.stop().stats;
    let dropped = stats.dropped_total();
    assert_eq!(dropped, 899, "the worker holds one, the queue 100");
    assert_eq!(stats.dropped, [(DropReason::QueueFull, dropped)]);
    assert_eq!(stats.accepted, stats.delivered + dropped);
    let points = sink.given().points;
    let own = points.iter().filter(|(name, _)| name == "m");
    let values: Vec<f64> = own.map(|(_, p)| p.value).collect();
    assert!(
        values.iter().copied().eq((0..=100).map(f64::from)),
        "the oldest are kept"
    );
}
