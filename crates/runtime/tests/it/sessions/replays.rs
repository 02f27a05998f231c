//! What was said in sessions is recorded, and a replay hears the same.

use std::path::Path;
use std::sync::{Arc, Mutex};

use voidstate_core::{
    Confidence, Ctx, Finding, FindingKind, Lifecycle, Result, Severity, Stage, ToolFactory,
};
use voidstate_runtime::{Ending, Recorder, Replay};

use super::kit::{PING, builder, seconds, talker};
use crate::engine::kit::{FnTool, id};
use crate::record::same::{Bytes, recording};

fn finding(tool: &str, sentence: String, ctx: &mut dyn Ctx) -> Result<()> {
    let start = ctx.now()?;
    ctx.emit(Finding {
        tool: id(tool),
        episode: 1,
        kind: FindingKind::Pattern,
        severity: Severity::Info,
        stage: Stage::Instant,
        start,
        end: None,
        series: Vec::new(),
        sentence,
        evidence: Vec::new(),
        confidence: Confidence::saturating(1.0),
        refutation: "it was not said".to_owned(),
    })
}

/// Two that talk and say what they hear and what goes wrong; `b` breaks the protocol in its fifth call.
fn pair(lie_at: u64) -> [Arc<FnTool>; 2] {
    let is_waiting = Mutex::new(false);
    let a = talker("a", "a", PING, move |call, _, ctx| {
        let mut is_waiting = is_waiting.lock().unwrap();
        let is_open = ctx.session_is_open("talk");
        let said = if let Err(error) = &is_open {
            *is_waiting = false;
            Ok(error.to_string())
        } else if !is_open.unwrap() {
            *is_waiting = false;
            Ok("nobody is there".to_owned())
        } else if *is_waiting {
            let heard = ctx.session_receive("talk");
            *is_waiting = matches!(heard, Ok(None));
            heard.map(|heard| format!("heard {heard:?}"))
        } else {
            let asked = ctx.session_send("talk", "b", "Ask", vec![1.into()]);
            *is_waiting = asked.is_ok();
            asked.map(|()| format!("asked in {call}"))
        };
        let said = said.unwrap_or_else(|error| error.to_string());
        finding("a", said, ctx)
    });
    let b = talker("b", "b", PING, move |call, _, ctx| {
        let heard = ctx.session_receive("talk")?;
        finding("b", format!("heard {heard:?}"), ctx)?;
        if heard.is_none() {
            return Ok(());
        }
        let label = if call == lie_at { "Lie" } else { "Tell" };
        ctx.session_send("talk", "a", label, vec![2.into(), f64::NAN.into()])
    });
    [a, b]
}

fn recorded(lie_at: u64) -> Vec<u8> {
    let file = Bytes::default();
    let [a, b] = pair(lie_at);
    let (builder, sink) = builder(&[&a, &b]);
    let recorder = Recorder::stream(file.clone());
    let mut engine = builder.record(recorder).build().unwrap().inline();
    let handle = engine.handle();
    seconds(&mut engine, 6);
    handle.suspend(&id("b"), "for a while").unwrap();
    seconds(&mut engine, 3);
    handle.resume(&id("b")).unwrap();
    seconds(&mut engine, 6);
    let _ = engine.finish();
    let told = sink.given();
    let told = told.sentences().join("\n");
    for part in ["asked in 1", "cancelled by role b", "Real(NaN)"] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    file.get()
}

#[test]
fn a_replay_of_sessions_is_the_same_to_the_last_bit() {
    for lie_at in [0, 5] {
        let bytes = recorded(lie_at);
        let tools = pair(lie_at).map(|tool| -> Arc<dyn ToolFactory> { tool });
        let replayed = Replay::of(recording(bytes)).tools(tools).run().unwrap();
        assert!(replayed.is_identical(), "{:?}", replayed.divergence);
        assert_eq!(replayed.ending, Ending::Whole);
    }
}

#[test]
fn a_recording_of_version_2_is_still_read() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/recording_v2.bin");
    if std::env::var_os("VOIDSTATE_BLESS").is_some() {
        std::fs::write(&golden, recorded(5)).unwrap();
    }
    let bytes = std::fs::read(&golden).unwrap();
    let tools = pair(5).map(|tool| -> Arc<dyn ToolFactory> { tool });
    let replayed = Replay::of(recording(bytes)).tools(tools).run().unwrap();
    assert!(replayed.is_identical(), "{:?}", replayed.divergence);
    let told: Vec<_> = replayed.findings.iter().map(|f| &f.sentence).collect();
    let breach = "it broke a protocol: session \"talk\", role \"b\": `!a:Lie` came to `b`";
    assert!(told.iter().any(|t| t.contains(breach)), "{told:?}");
}

#[test]
fn a_replay_that_says_something_else_diverges() {
    let bytes = recorded(0);
    let tools = pair(3).map(|tool| -> Arc<dyn ToolFactory> { tool });
    let replayed = Replay::of(recording(bytes)).tools(tools).run().unwrap();
    let divergence = replayed.divergence.unwrap();
    assert_eq!(divergence.tool, id("b"));
    assert!(
        divergence.replayed.contains("send \"talk\" \"Lie\""),
        "{divergence:?}"
    );
}
