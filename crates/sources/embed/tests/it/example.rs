//! The example of the README, as a process of its own.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use voidstate_core::{AttributeValue, Source, SpanStatus, Timestamp};
use voidstate_embed::AttachSource;

use crate::collect::Collect;

/// Ends with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test
        .parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("examples/observed");
    assert!(
        path.exists(),
        "{path:?} is missing: build it with `cargo build --example observed` in the same profile"
    );
    path
}

#[test]
fn the_example_is_seen_with_samples_events_spans_and_allocations() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("observed.sock");
    let program = Running(
        Command::new(binary())
            .arg(&path)
            .stdout(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let start = Instant::now();
    let mut source = loop {
        match AttachSource::connect(&path) {
            Ok(source) => break source,
            Err(error) => assert!(start.elapsed() < Duration::from_secs(20), "{error}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let mut seen = Collect::default();
    let complete = |seen: &Collect| {
        seen.values("memory.live_bytes").len() >= 2
            && seen
                .values(r#"program.calls{function="observed::handle""#)
                .len()
                >= 2
            && seen.values("program.queue_len").len() >= 20
            && seen.events("program.request").len() >= 20
            && seen
                .spans("observed::handle")
                .iter()
                .any(|span| span.status == SpanStatus::Error)
            && !seen.events("memory.after_allocation").is_empty()
    };
    while !complete(&seen) {
        assert!(start.elapsed() < Duration::from_secs(25), "{seen:?}");
        source.poll(Timestamp::from_secs(1), &mut seen).unwrap();
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(source.program(), Some(("observed", program.0.id())));
    let spans = seen.spans("observed::handle");
    let refused = spans
        .iter()
        .find(|span| span.status == SpanStatus::Error)
        .unwrap();
    assert!(
        refused.attributes["error"]
            .as_text()
            .unwrap()
            .ends_with("was refused")
    );
    assert!(spans.iter().any(|span| span.status == SpanStatus::Ok));
    let request = seen.events("program.request")[0];
    assert!(matches!(
        request.attributes["number"],
        AttributeValue::Int(_)
    ));
    let allocation = seen.events("memory.after_allocation")[0];
    assert!(allocation.attributes["estimated_bytes"].as_f64().unwrap() >= 1.0);
    assert!(
        seen.values("memory.live_bytes")
            .iter()
            .all(|bytes| *bytes > 0.0 && *bytes < 1e9)
    );
    assert_eq!(seen.rejections(""), 0, "{:?}", seen.rejected);
    drop(program);
    while seen.degraded.is_empty() {
        assert!(start.elapsed() < Duration::from_secs(30));
        source.poll(Timestamp::from_secs(1), &mut seen).unwrap();
    }
    assert!(seen.degraded[0].1.contains("program exited"));
}
