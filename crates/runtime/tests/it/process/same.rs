//! A tool says the same wherever it runs, also in a replay.

use std::sync::Arc;

use rustix::process::{Pid, Signal, kill_process};
use voidstate_core::ToolFactory;
use voidstate_runtime::Replay;
use voidstate_runtime::process::ProcessFactory;

use super::kit::shared;
use crate::record::busy::Habits;
use crate::record::same::{Bytes, Plan, builder_with, recording, tools};
use crate::sessions::kit::{Notes, asker, beat_with, seconds, talk, teller};

fn plan() -> Plan {
    Plan {
        shards: 1,
        is_threaded: false,
        rounds: 60,
        queue_max: 4096,
        seed: 5,
        commands: Vec::new(),
        habits: Habits::default(),
    }
}

/// Runs with the named tools in processes of their own; findings and the recording.
fn run(isolate: &[&str]) -> (Vec<String>, Vec<u8>) {
    let bytes = Bytes::default();
    let factories = placed(isolate);
    let (builder, sink) = builder_with(&plan(), &bytes, factories);
    let mut engine = builder.build().unwrap().inline();
    while engine.step() {}
    let _ = engine.finish();
    let findings = sink.given().findings;
    (
        findings.iter().map(|f| format!("{f:?}")).collect(),
        bytes.get(),
    )
}

fn placed(isolate: &[&str]) -> Vec<Arc<dyn ToolFactory>> {
    let place = |tool: Arc<dyn ToolFactory>| -> Arc<dyn ToolFactory> {
        if isolate.contains(&tool.meta().id.as_str()) {
            shared(tool.meta(), &[])
        } else {
            tool
        }
    };
    tools(Habits::default()).into_iter().map(place).collect()
}

#[test]
fn an_isolated_tool_says_what_it_says_at_home() {
    let (home, at_home) = run(&[]);
    assert!(home.len() > 20, "{}", home.len());
    for isolate in [&["first"][..], &["second"], &["first", "second"]] {
        let (away, recorded) = run(isolate);
        assert_eq!(away, home, "{isolate:?}");
        // Recorded there and replayed here, and the other way round.
        for (bytes, tools) in [(recorded, placed(&[])), (at_home.clone(), placed(isolate))] {
            let replayed = Replay::of(recording(bytes)).tools(tools).run().unwrap();
            assert!(
                replayed.is_identical(),
                "{isolate:?}: {:?}",
                replayed.divergence
            );
        }
    }
}

#[test]
fn tools_talk_across_processes() {
    let expected = ["Tell [Int(2), Text(\"x\")]", "Tell [Int(4), Text(\"x\")]"];
    let notes = Notes::default();
    let away: Arc<dyn ToolFactory> = shared(ToolFactory::meta(&*teller(&notes)), &[]);
    let home: Arc<dyn ToolFactory> = asker(&notes);
    let (mut engine, _, _) = beat_with(vec![home, away]);
    seconds(&mut engine, 3);
    assert_eq!(notes.take(), expected);
    // Both away: what was said is all that is seen of them here.
    let both = [asker(&notes), teller(&notes)]
        .map(|tool| -> Arc<dyn ToolFactory> { shared(ToolFactory::meta(&*tool), &[]) });
    let (mut engine, _, handle) = beat_with(both.to_vec());
    seconds(&mut engine, 3);
    let stats = talk(&handle);
    assert_eq!((stats.sent, stats.begun, stats.cancelled), (6, 1, 0));
    // A death is what any other going away is.
    let away = shared(ToolFactory::meta(&*teller(&notes)), &[]);
    let home: Arc<dyn ToolFactory> = asker(&notes);
    let tool: Arc<dyn ToolFactory> = Arc::<ProcessFactory>::clone(&away);
    let (mut engine, _, _) = beat_with(vec![home, tool]);
    seconds(&mut engine, 1);
    let process = i32::try_from(away.processes()[0]).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), Signal::KILL).unwrap();
    seconds(&mut engine, 2);
    let told = notes.take();
    let cancelled =
        "cancelled by role b (tool teller): it is suspended: its process was killed by signal 9";
    assert!(told.iter().any(|t| t.contains(cancelled)), "{told:?}");
}
