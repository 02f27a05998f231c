//! A replay gives the same findings as the run that was recorded, to the last bit.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use voidstate_core::{
    Attributes, Clock, Finding, FindingKind, Grade, Hooks, Lifecycle, Next, Overflow, SeriesId,
    Source, Span, SpanStatus, State, Timestamp, ToolFactory, Verdict,
};
use voidstate_runtime::{
    Ending, Engine, EngineBuilder, EngineHandle, Handlers, Policy, Recorder, Recording, Replay,
    Replayed, Report, TestWorld,
};

use super::busy::{BusyFactory, FILE, Habits, Moody, every};
use crate::engine::kit::{Collect, FnSource, event, id, info};

/// Bytes that are still there after the recorder has gone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bytes(pub(crate) Arc<Mutex<Vec<u8>>>);

impl Bytes {
    pub(crate) fn get(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(crate) fn recording(bytes: Vec<u8>) -> Recording {
    Recording::read(std::io::Cursor::new(bytes)).unwrap()
}

/// The tools of a run, dependencies first.
pub(crate) fn tools(habits: Habits) -> Vec<Arc<dyn ToolFactory>> {
    let calm = Habits {
        is_wild: habits.is_wild,
        is_chatty: habits.is_chatty,
        ..Habits::default()
    };
    vec![
        BusyFactory::new("first", &[], habits),
        BusyFactory::new("second", &["first"], calm),
        BusyFactory::new("third", &[], calm),
    ]
}

/// Later versions of the same tools.
fn later(habits: Habits) -> [Arc<dyn ToolFactory>; 3] {
    let calm = Habits {
        is_wild: habits.is_wild,
        is_chatty: habits.is_chatty,
        ..Habits::default()
    };
    [
        BusyFactory::later("first", &[], habits),
        BusyFactory::later("second", &["first"], calm),
        BusyFactory::later("third", &[], calm),
    ]
}

pub(crate) fn replay(bytes: Vec<u8>, tools: Vec<Arc<dyn ToolFactory>>) -> Replayed {
    Replay::of(recording(bytes)).tools(tools).run().unwrap()
}

/// What a run is made of.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) shards: usize,
    pub(crate) is_threaded: bool,
    pub(crate) rounds: u32,
    pub(crate) queue_max: usize,
    pub(crate) seed: u64,
    pub(crate) commands: Vec<u8>,
    pub(crate) habits: Habits,
}

/// Samples, events, spans and states; series that come late and become better known; a clock that moves.
pub(crate) fn source(plan: &Plan, world: &TestWorld) -> Box<dyn Source> {
    let (rounds, clock, mut round, mut seed) = (plan.rounds, world.clock(), 0_u32, plan.seed);
    let overflow = if plan.queue_max < 64 {
        Overflow::Drop
    } else {
        Overflow::Wait
    };
    let mut ids: Vec<SeriesId> = Vec::new();
    let is_threaded = plan.is_threaded;
    FnSource::boxed(overflow, move |_, out| {
        clock.sleep(Duration::from_millis(170));
        round += 1;
        let now = clock.now();
        if round % 5 == 1 && ids.len() < 7 {
            ids.push(out.series(&info(&format!("m.{}", ids.len()))));
        }
        if round % 7 == 0 {
            let mut better = info("m.0");
            better.limit = Some(f64::from(round));
            let _ = out.series(&better);
        }
        for id in &ids {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let value = match seed >> 60 {
                0 => f64::NAN,
                1 => f64::INFINITY,
                n if n < 8 => f64::from(round),
                _ => f64::from_bits(seed),
            };
            out.sample(*id, now, value);
        }
        let hook = voidstate_core::HookName::new("host.events").unwrap();
        match round % 6 {
            0 => out.signal(&hook, event("happened", i64::from(round))),
            1 => out.signal(
                &hook,
                voidstate_core::Signal::Span(Span {
                    trace_id: u128::from(seed) << 64 | u128::from(round),
                    span_id: seed,
                    parent: None,
                    name: "work".to_owned(),
                    start: now,
                    end: now,
                    status: SpanStatus::Ok,
                    attributes: Attributes::new(),
                }),
            ),
            2 => out.signal(
                &hook,
                voidstate_core::Signal::State(State {
                    name: "host.state".to_owned(),
                    time: now,
                    variables: Attributes::from([("x".to_owned(), f64::NAN.into())]),
                }),
            ),
            _ => {}
        }
        if is_threaded {
            std::thread::sleep(Duration::from_micros(seed >> 55));
        }
        Ok(if round >= rounds {
            Next::Done
        } else {
            Next::Now
        })
    })
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.errors_max = 2;
    policy.retry_first = Duration::from_millis(500);
    policy.save_every = Duration::from_secs(2);
    policy.hang_after = Duration::from_millis(300);
    policy
}

pub(crate) fn builder(plan: &Plan, bytes: &Bytes) -> (EngineBuilder, Collect) {
    builder_with(plan, bytes, tools(plan.habits))
}

pub(crate) fn builder_with(
    plan: &Plan,
    bytes: &Bytes,
    tools: Vec<Arc<dyn ToolFactory>>,
) -> (EngineBuilder, Collect) {
    let world = TestWorld::at(Timestamp::from_secs(100)).file(FILE, b"1 2 3 4 5 6");
    let sink = Collect::default();
    let mut builder = Engine::builder()
        .handlers(Handlers::Test(world.clone()))
        .seed(plan.seed)
        .shards(plan.shards)
        .capacity(plan.queue_max.max(8), 8)
        .policy(policy())
        .source(source(plan, &world))
        .sink(Box::new(sink.clone()))
        .store(Arc::new(Moody::default()))
        .record(Recorder::stream(bytes.clone()));
    for tool in tools {
        builder = builder.tool(tool, Attributes::new());
    }
    (builder, sink)
}

fn command(handle: &EngineHandle, command: u8, habits: Habits) {
    let tool = id(["first", "second", "third"][usize::from(command % 3)]);
    // Most of them are refused, which is as good.
    let _ = match command / 3 % 6 {
        0 => handle.suspend(&tool, "somebody asked"),
        1 => handle.resume(&tool),
        2 => handle.detach(&tool),
        4 if command.is_multiple_of(5) => {
            let hook = handle.declare(&voidstate_core::HookName::new("host.cpu").unwrap());
            handle.set_enabled(hook, command.is_multiple_of(2))
        }
        5 => {
            let verdict = Verdict {
                grade: Grade::Proved,
                sentence: "it is the same code".to_owned(),
            };
            let later = &later(habits)[usize::from(command % 3)];
            handle.upgrade(later, &every(i64::from(command % 5) + 1), &verdict)
        }
        3 => handle.attach_with(&tool, &every(i64::from(command % 9) + 1)),
        _ => handle.reconfigure(&tool, &every(i64::from(command % 7) + 1)),
    };
}

/// Runs, and gives what the sinks were told and the recording.
pub(crate) fn run(plan: &Plan) -> (Vec<Finding>, Vec<u8>, Report) {
    let bytes = Bytes::default();
    let (builder, sink) = builder(plan, &bytes);
    let engine = builder.build().unwrap();
    let report = if plan.is_threaded {
        let running = engine.start().unwrap();
        let handle = running.handle();
        for number in &plan.commands {
            std::thread::sleep(Duration::from_micros(u64::from(*number) * 20));
            command(&handle, *number, plan.habits);
        }
        running.wait()
    } else {
        let mut inline = engine.inline();
        let handle = inline.handle();
        let mut commands = plan.commands.iter();
        let mut step = 0_u32;
        while inline.step() {
            step += 1;
            if step.is_multiple_of(4)
                && let Some(number) = commands.next()
            {
                command(&handle, *number, plan.habits);
            }
        }
        inline.finish()
    };
    (sink.given().findings, bytes.get(), report)
}

fn lines(findings: &[Finding]) -> Vec<String> {
    let mut lines: Vec<_> = findings.iter().map(|f| format!("{f:?}")).collect();
    lines.sort();
    lines
}

/// How often the runs met what they are there for.
#[derive(Debug, Default)]
struct Met(BTreeMap<&'static str, u32>);

impl Met {
    const WANTED: [&'static str; 10] = [
        "in version 0.2.0 in place of",
        "it panicked",
        "it failed",
        "of memory, its budget",
        "is attached again",
        "is detached",
        "somebody asked",
        "it depends on first",
        "its state cannot be saved",
        "dropped",
    ];

    fn take_in(&mut self, told: &[Finding], report: &Report) {
        for wanted in Self::WANTED {
            let met = told.iter().filter(|f| f.sentence.contains(wanted)).count();
            *self.0.entry(wanted).or_default() += u32::try_from(met).unwrap();
        }
        *self.0.entry("dropped").or_default() += u32::from(report.stats.dropped_total() > 0);
    }
}

fn check(plan: &Plan, met: &mut Met) -> Result<(), TestCaseError> {
    let (told, bytes, report) = run(plan);
    met.take_in(&told, &report);
    let versions = tools(plan.habits).into_iter().chain(later(plan.habits));
    let replayed = replay(bytes.clone(), versions.collect());
    if let Some(divergence) = &replayed.divergence {
        return Err(TestCaseError::fail(divergence.to_string()));
    }
    prop_assert_eq!(&replayed.ending, &Ending::Whole);
    prop_assert!(replayed.is_identical(), "{:?}", replayed.first_difference());
    // Nobody was told anything else than what was recorded.
    prop_assert_eq!(lines(&told), lines(&replayed.recorded));
    prop_assert_eq!(replayed.dropped, report.stats.dropped_total());
    let recorded = Replay::of(recording(bytes)).recorded().unwrap();
    prop_assert_eq!(recorded.findings, replayed.findings);
    Ok(())
}

fn plans() -> impl Strategy<Value = Plan> {
    (
        1_usize..4,
        any::<bool>(),
        5_u32..80,
        prop_oneof![Just(8_usize), Just(4096)],
        any::<u64>(),
        prop::collection::vec(any::<u8>(), 0..24),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(shards, is_threaded, rounds, queue_max, seed, commands, is_wild, is_chatty)| Plan {
                shards,
                is_threaded,
                rounds,
                queue_max,
                seed,
                commands,
                habits: Habits {
                    is_wild,
                    is_chatty,
                    ..Habits::default()
                },
            },
        )
}

#[test]
fn a_replay_gives_the_same_findings() {
    let config = ProptestConfig {
        cases: crate::soak::cases(96),
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(crate::soak::seed(41)),
        ..ProptestConfig::default()
    };
    let met = std::cell::RefCell::new(Met::default());
    proptest!(config, |(plan in plans())| check(&plan, &mut met.borrow_mut())?);
    let met = met.into_inner();
    for wanted in Met::WANTED {
        assert!(
            met.0.get(wanted).is_some_and(|count| *count > 0),
            "{wanted} never happened: {met:?}"
        );
    }
}

#[test]
fn a_call_that_never_returned_in_time_is_replayed_without_waiting() {
    let hangs = Some((20, Duration::from_millis(900)));
    for shards in [1, 3] {
        let plan = Plan {
            shards,
            is_threaded: true,
            rounds: 120,
            queue_max: 4096,
            seed: 7,
            commands: Vec::new(),
            habits: Habits {
                hangs,
                ..Habits::default()
            },
        };
        let (told, bytes, _) = run(&plan);
        let hung = told.iter().any(|f| {
            f.kind == FindingKind::Health && f.sentence.contains("first is suspended: its call")
        });
        assert!(
            hung,
            "nothing hung, so nothing is shown: {:?}",
            lines(&told)
        );
        let start = std::time::Instant::now();
        let replayed = replay(bytes, tools(Habits::default()));
        assert_eq!(replayed.divergence, None);
        assert!(replayed.is_identical());
        assert_eq!(lines(&told), lines(&replayed.recorded));
        assert!(start.elapsed() < Duration::from_millis(800), "it waited");
    }
}

#[test]
fn the_first_operation_that_differs_is_named() {
    let plan = Plan {
        shards: 1,
        is_threaded: false,
        rounds: 40,
        queue_max: 4096,
        seed: 3,
        commands: Vec::new(),
        habits: Habits::default(),
    };
    let (_, bytes, _) = run(&plan);
    let changed = Habits {
        differs_at: Some(30),
        ..Habits::default()
    };
    let replayed = replay(bytes.clone(), tools(changed));
    let divergence = replayed.divergence.clone().expect("a tool was changed");
    assert_eq!(divergence.tool, id("first"));
    assert!(
        divergence.replayed.contains("something new"),
        "{divergence}"
    );
    assert!(
        !divergence.recorded.contains("something new"),
        "{divergence}"
    );
    assert!(!replayed.is_identical());
    // Before that place nothing differs.
    let before = Replay::of(recording(bytes))
        .tools(tools(changed))
        .until(20)
        .run()
        .unwrap();
    assert!(before.is_identical() && before.signals == 20, "{before:?}");
}

#[test]
fn a_tool_that_is_another_one_is_refused_by_name() {
    let plan = Plan {
        shards: 1,
        is_threaded: false,
        rounds: 3,
        queue_max: 4096,
        seed: 3,
        commands: Vec::new(),
        habits: Habits::default(),
    };
    let (_, bytes, _) = run(&plan);
    let missing = Replay::of(recording(bytes.clone()))
        .run()
        .unwrap_err()
        .to_string();
    assert!(
        missing.contains("\"first\"") && missing.contains("no such tool"),
        "{missing}"
    );
    let other: Arc<dyn ToolFactory> =
        crate::engine::kit::FnTool::new("first", &[], |_, _, _| Ok(())).share();
    let error = Replay::of(recording(bytes))
        .tools([other])
        .run()
        .unwrap_err()
        .to_string();
    assert!(error.contains("something else about itself"), "{error}");
}
