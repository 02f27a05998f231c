//! Deaths at every step of the protocol, and what becomes of the engine.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use voidstate_core::{
    Attributes, Lifecycle, LifecycleState, ManualClock, Next, Overflow, Result, Timestamp,
    ToolFactory, ToolId,
};
use voidstate_runtime::process::ProcessFactory;
use voidstate_runtime::{Engine, EngineHandle, InlineEngine, Policy, StateStore};

use super::child::Mortal;
use super::kit::{Mark, isolated, shared};
use crate::engine::flow::finding;
use crate::engine::kit::{Collect, FnSource, FnTool, id, info};

/// State in memory; reading the key `kill` kills whoever asks.
#[derive(Default)]
struct Deadly {
    kept: Mutex<BTreeMap<String, Vec<u8>>>,
    victim: Mutex<Option<Arc<ProcessFactory>>>,
}

impl StateStore for Deadly {
    fn read(&self, tool: &ToolId, _: usize, key: &str) -> Result<Option<Vec<u8>>> {
        if key == "kill" {
            let victim = self.victim.lock().unwrap();
            for process in victim.as_ref().unwrap().processes() {
                let pid = Pid::from_raw(i32::try_from(process).unwrap()).unwrap();
                kill_process(pid, Signal::KILL).unwrap();
            }
        }
        Ok(self
            .kept
            .lock()
            .unwrap()
            .get(&format!("{tool}/{key}"))
            .cloned())
    }

    fn write(&self, tool: &ToolId, _: usize, key: &str, value: &[u8]) -> Result<()> {
        let mut kept = self.kept.lock().unwrap();
        kept.insert(format!("{tool}/{key}"), value.to_vec());
        Ok(())
    }
}

/// An engine with the tool and another one, which says a finding at every sample; values rise from 0.
fn beat(tool: Arc<ProcessFactory>) -> (InlineEngine, Collect, EngineHandle, Arc<Deadly>) {
    let mut series = None;
    let mut round = 0.0;
    let source = FnSource::boxed(Overflow::Drop, move |now, out| {
        let series = *series.get_or_insert_with(|| out.series(&info("m")));
        out.sample(series, now, round);
        round += 1.0;
        Ok(Next::At(now.saturating_add(Duration::from_secs(1))))
    });
    let other = FnTool::new(
        "other",
        &[voidstate_core::Effect::EmitFinding],
        |call, _, ctx| {
            ctx.emit(finding(
                "other",
                "called".to_owned(),
                i64::try_from(call).unwrap(),
            ))
        },
    )
    .share();
    let sink = Collect::default();
    let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1000)));
    let state = Arc::new(Deadly::default());
    *state.victim.lock().unwrap() = Some(Arc::clone(&tool));
    let mut policy = Policy::default();
    policy.save_every = Duration::from_secs(2);
    policy.retry_first = Duration::from_secs(4);
    let engine = Engine::builder()
        .clock(clock)
        .policy(policy)
        .state(Arc::<Deadly>::clone(&state))
        .source(source)
        .sink(Box::new(sink.clone()))
        .tool(tool, Attributes::new())
        .tool(other, Attributes::new())
        .build()
        .unwrap()
        .inline();
    let handle = engine.handle();
    (engine, sink, handle, state)
}

fn seconds(engine: &mut InlineEngine, count: u32) {
    for _ in 0..2 * count {
        assert!(engine.step());
    }
}

fn suspension(handle: &EngineHandle) -> Option<(String, bool)> {
    match handle.state(&id("mortal")).unwrap() {
        LifecycleState::Suspended { reason, retried } => Some((reason, retried)),
        _ => None,
    }
}

/// Lets the tool die at `step`, and looks at what is left.
fn dies(step: &str, told: &str) {
    let mark = Mark::new(step);
    let env = [("DIES", step), ("MARK", mark.path().to_str().unwrap())];
    let tool = shared(Mortal::new().meta(), &env);
    let (mut engine, sink, handle, state) = beat(Arc::clone(&tool));
    let mut rounds = 0;
    let reason = loop {
        if let Some((reason, retried)) = suspension(&handle) {
            assert!(retried, "{step}: {reason}");
            break reason;
        }
        seconds(&mut engine, 1);
        rounds += 1;
        assert!(rounds < 10, "{step}: never suspended");
    };
    assert!(reason.contains(told), "{step}: {reason}");
    assert!(tool.processes().is_empty(), "{step}: somebody is left");
    assert!(mark.is_made(), "{step}");
    // Tried again, by a process that lives and goes on from what was saved.
    while suspension(&handle).is_some() {
        seconds(&mut engine, 1);
        rounds += 1;
        assert!(
            rounds < 30,
            "{step}: never attached again: {:?}",
            suspension(&handle)
        );
    }
    assert_eq!(tool.processes().len(), 1, "{step}");
    seconds(&mut engine, 3);
    let count = state.kept.lock().unwrap().get("mortal/count").cloned();
    assert!(count.is_some(), "{step}: it counts");
    let _ = engine.finish();
    assert!(
        tool.processes().is_empty(),
        "{step}: somebody is left at the end"
    );
    // The other one lost nothing.
    let given = sink.given();
    let others = given
        .findings
        .iter()
        .filter(|f| f.tool == id("other"))
        .count();
    let samples = given.points.iter().filter(|(name, _)| name == "m").count();
    assert_eq!(others, samples, "{step}");
    let told = given.sentences().join("\n");
    assert!(
        told.contains("tool mortal is suspended") && told.contains("is attached again"),
        "{told}"
    );
}

#[test]
fn a_process_killed_before_it_reads_init_is_told_and_tried_again() {
    dies(
        "before_init",
        "its process was killed by signal 9 while being started",
    );
}

#[test]
fn a_process_killed_after_init_before_ready_is_told_and_tried_again() {
    dies(
        "after_init",
        "its process was killed by signal 9 while being started",
    );
}

#[test]
fn a_process_killed_in_its_work_is_told_with_its_last_words() {
    dies(
        "in_start",
        "its process was killed by signal 9 while working at host.cpu; its last words were \"these are my last words\"",
    );
}

#[test]
fn a_process_killed_while_it_asks_is_told_and_tried_again() {
    dies(
        "asks",
        "its process was killed by signal 9 while working at host.cpu",
    );
}

#[test]
fn a_process_killed_after_an_answer_is_told_and_tried_again() {
    dies(
        "after_answer",
        "its process was killed by signal 9 while working at host.cpu",
    );
}

#[test]
fn a_process_killed_before_it_completes_is_told_and_tried_again() {
    dies(
        "before_complete",
        "its process was killed by signal 9 while working at host.cpu",
    );
}

#[test]
fn a_process_killed_while_it_saves_is_told_and_tried_again() {
    dies(
        "in_save",
        "its process was killed by signal 9 while saving its state",
    );
}

#[test]
fn a_process_that_exits_is_told_with_its_code() {
    dies(
        "exits",
        "its process ended with exit code 3 while working at host.cpu",
    );
}

#[test]
fn a_process_whose_tool_panics_is_told_with_the_message() {
    dies(
        "panics",
        "it panicked: it was too much while working at host.cpu",
    );
}

#[test]
fn a_process_killed_in_cancel_harms_nobody() {
    let tool = shared(Mortal::new().meta(), &[("DIES", "in_cancel")]);
    let (mut engine, sink, handle, _) = beat(Arc::clone(&tool));
    seconds(&mut engine, 2);
    handle.detach(&id("mortal")).unwrap();
    assert!(tool.processes().is_empty());
    seconds(&mut engine, 2);
    let _ = engine.finish();
    assert_eq!(
        sink.given()
            .findings
            .iter()
            .filter(|f| f.tool == id("other"))
            .count(),
        4
    );
}

#[test]
fn a_process_killed_between_calls_is_noticed_at_the_next() {
    let tool = shared(Mortal::new().meta(), &[]);
    let (mut engine, _, handle, _) = beat(Arc::clone(&tool));
    seconds(&mut engine, 1);
    let process = i32::try_from(tool.processes()[0]).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), Signal::KILL).unwrap();
    seconds(&mut engine, 1);
    let (reason, _) = suspension(&handle).unwrap();
    assert!(
        reason.contains("its process was killed by signal 9 while"),
        "{reason}"
    );
}

#[test]
fn a_process_that_hangs_is_killed_in_time() {
    let mark = Mark::new("hangs");
    let env = [("DIES", "hangs"), ("MARK", mark.path().to_str().unwrap())];
    let tool = isolated(Mortal::new().meta(), &env).limit(Duration::from_millis(1500));
    let tool = Arc::new(tool);
    let (mut engine, _, handle, _) = beat(Arc::clone(&tool));
    seconds(&mut engine, 1);
    let begun = Instant::now();
    seconds(&mut engine, 1);
    assert!(begun.elapsed() >= Duration::from_millis(1400));
    let (reason, _) = suspension(&handle).unwrap();
    assert!(
        reason.contains(
            "its process did not answer within 1.5s while working at host.cpu and was killed"
        ),
        "{reason}"
    );
    assert!(tool.processes().is_empty());
    assert_eq!(handle.stats().abandoned_threads, 0);
}

#[test]
fn what_is_no_tool_host_is_not_attached() {
    for (step, told) in [
        (
            "talks",
            "it sent no frame: it begins with \"hello, I am no t\"",
        ),
        (
            "deaf",
            "its process did not answer within 1.5s while being started and was killed",
        ),
    ] {
        let tool =
            isolated(Mortal::new().meta(), &[("DIES", step)]).limit(Duration::from_millis(1500));
        let tool = Arc::new(tool);
        let (engine, _, handle, _) = beat(Arc::clone(&tool));
        let (reason, retried) = suspension(&handle).unwrap();
        assert!(reason.contains(told) && retried, "{reason}");
        drop(engine);
        assert!(tool.processes().is_empty());
    }
}

fn refused(tool: Arc<ProcessFactory>) -> String {
    let built = Engine::builder().tool(tool, Attributes::new()).build();
    built.unwrap_err().to_string()
}

#[test]
fn a_process_with_another_tool_is_refused() {
    let mut meta = Mortal::new().meta().clone();
    meta.id = id("nobody");
    let error = refused(shared(&meta, &[]));
    assert!(
        error.contains("its process refused: it knows no tool nobody"),
        "{error}"
    );
    meta.id = id("changed");
    let error = refused(shared(&meta, &[]));
    assert!(
        error.contains("version differ from what the engine knows"),
        "{error}"
    );
    let missing = ProcessFactory::new(meta, "/nonexistent/tool", [""; 0]);
    let error = refused(Arc::new(missing));
    assert!(
        error.contains("/nonexistent/tool cannot be started"),
        "{error}"
    );
}

#[test]
fn noise_and_errors_of_a_process_are_as_those_of_any_tool() {
    let noisy = shared(Mortal::new().meta(), &[("DIES", "noise")]);
    let (mut engine, _, handle, _) = beat(noisy);
    seconds(&mut engine, 3);
    assert_eq!(
        suspension(&handle),
        None,
        "nobody waits for what nobody reads"
    );
    let failing = shared(Mortal::new().meta(), &[("DIES", "fails")]);
    let (mut engine, _, handle, _) = beat(failing);
    seconds(&mut engine, 4);
    let (reason, _) = suspension(&handle).unwrap();
    assert!(
        reason
            .contains("it failed 3 times in a row, last at host.cpu: tool \"mortal\": on purpose"),
        "{reason}"
    );
    let undeclared = shared(Mortal::new().meta(), &[("DIES", "undeclared")]);
    let (mut engine, _, handle, _) = beat(undeclared);
    seconds(&mut engine, 1);
    let (reason, retried) = suspension(&handle).unwrap();
    assert!(
        reason.contains("it used the effect clock without declaring it") && !retried,
        "{reason}"
    );
}

#[test]
fn a_child_has_its_three_descriptors_and_its_own_environment() {
    // One that nobody marked to be closed.
    let leaked = std::fs::File::open("/dev/null").unwrap();
    rustix::io::fcntl_setfd(&leaked, rustix::io::FdFlags::empty()).unwrap();
    let tool = shared(Mortal::new().meta(), &[("ONLY", "this")]);
    let (mut engine, _, _, _) = beat(Arc::clone(&tool));
    seconds(&mut engine, 1);
    let process = tool.processes()[0];
    let place = format!("/proc/{process}");
    let environment = std::fs::read(format!("{place}/environ")).unwrap();
    let environment = String::from_utf8(environment).unwrap();
    assert!(environment.contains("ONLY=this"), "{environment:?}");
    assert!(
        !environment.contains("HOME=") && !environment.contains("CARGO"),
        "{environment:?}"
    );
    let open = std::fs::read_dir(format!("{place}/fd")).unwrap();
    let null = open.filter(|fd| {
        let target = std::fs::read_link(fd.as_ref().unwrap().path()).unwrap();
        target == std::path::Path::new("/dev/null")
    });
    // The shell's own redirection of standard output.
    assert_eq!(null.count(), 1);
    drop(leaked);
}

#[test]
fn processes_leave_no_descriptors_and_no_zombies() {
    let count = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let round = || {
        let tool = shared(Mortal::new().meta(), &[]);
        let (mut engine, _, _, _) = beat(Arc::clone(&tool));
        seconds(&mut engine, 1);
        let process = tool.processes()[0];
        drop(engine);
        assert!(tool.processes().is_empty());
        assert!(
            !std::path::Path::new(&format!("/proc/{process}")).exists(),
            "a zombie"
        );
    };
    round();
    let before = count();
    (0..3).for_each(|_| round());
    // Other tests of this binary open files, too.
    assert!(count() < before + 40, "{before} then {}", count());
}
