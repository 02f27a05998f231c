//! Recordings that end before the engine does.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use voidstate_core::Attributes;
use voidstate_runtime::{Ending, Engine, Recorder};

use super::busy::Habits;
use super::same::{Bytes, Plan, builder, replay, tools};
use crate::engine::kit::{Collect, rounds};

/// A disk that takes `room` bytes, or stands still while `is_stuck`.
struct Disk {
    bytes: Bytes,
    room: usize,
    is_stuck: Arc<AtomicBool>,
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut held = self.bytes.0.lock().unwrap();
        if !held.is_empty() {
            while self.is_stuck.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        let left = self.room.saturating_sub(held.len());
        if left == 0 {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        held.write(&bytes[..left.min(bytes.len())])
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn engine(recorder: Recorder) -> (Engine, Collect) {
    let sink = Collect::default();
    let mut builder = Engine::builder()
        .source(rounds(20, 4000))
        .sink(Box::new(sink.clone()))
        .record(recorder);
    for tool in tools(Habits::default()) {
        builder = builder.tool(tool, Attributes::new());
    }
    (builder.build().unwrap(), sink)
}

fn told(sink: &Collect) -> usize {
    let given = sink.given();
    let sentences = given.sentences();
    sentences
        .iter()
        .filter(|s| s.contains("the recording ended early"))
        .count()
}

#[test]
fn a_full_disk_is_told_once_and_the_rest_is_replayed() {
    let bytes = Bytes::default();
    let recorder = Recorder::stream(Disk {
        bytes: bytes.clone(),
        room: 100_000,
        is_stuck: Arc::default(),
    });
    let (engine, sink) = engine(recorder);
    let handle = engine.handle();
    let report = engine.run_to_end().unwrap();
    assert_eq!(
        report.stats.sources[0].accepted, 80_000,
        "nothing else suffers"
    );
    let state = handle.recording().unwrap();
    assert!(state.trouble.unwrap().contains("cannot be written"));
    assert_eq!(told(&sink), 1);
    let replayed = replay(bytes.get(), tools(Habits::default()));
    assert!(
        matches!(replayed.ending, Ending::Torn { .. }),
        "{:?}",
        replayed.ending
    );
    assert!(
        replayed.is_identical() && replayed.signals == state.signals,
        "{:?}",
        replayed.divergence
    );
}

#[test]
fn a_slow_disk_ends_the_recording_with_a_mark_and_nobody_waits() {
    let bytes = Bytes::default();
    let is_stuck = Arc::new(AtomicBool::new(true));
    let recorder = Recorder::stream(Disk {
        bytes: bytes.clone(),
        room: usize::MAX,
        is_stuck: Arc::clone(&is_stuck),
    });
    let (engine, sink) = engine(recorder.buffer(300_000));
    let handle = engine.handle();
    let running = engine.start().unwrap();
    assert!(running.wait_for_sources(Duration::from_secs(60)));
    crate::engine::kit::eventually("the recording ended", || {
        handle.recording().unwrap().trouble.is_some()
    });
    is_stuck.store(false, Ordering::SeqCst);
    let _ = running.stop();
    assert_eq!(told(&sink), 1);
    let replayed = replay(bytes.get(), tools(Habits::default()));
    let Ending::Stopped { why, .. } = &replayed.ending else {
        panic!("{:?}", replayed.ending);
    };
    assert!(why.contains("the disk is too slow"), "{why}");
    assert!(replayed.is_identical(), "{:?}", replayed.divergence);
    assert!(
        replayed.signals > 0 && replayed.signals < 80_000,
        "{}",
        replayed.signals
    );
}

#[test]
fn an_engine_that_is_dropped_leaves_a_recording_that_can_be_read() {
    let plan = Plan {
        shards: 2,
        is_threaded: false,
        rounds: 30,
        queue_max: 4096,
        seed: 5,
        commands: Vec::new(),
        habits: Habits::default(),
    };
    let bytes = Bytes::default();
    let (builder, _) = builder(&plan, &bytes);
    let mut inline = builder.build().unwrap().inline();
    for _ in 0..10 {
        inline.step();
    }
    drop(inline);
    let replayed = replay(bytes.get(), tools(Habits::default()));
    assert!(replayed.is_identical(), "{:?}", replayed.divergence);
}

#[test]
fn a_sample_takes_few_bytes() {
    let bytes = Bytes::default();
    let report = Engine::builder()
        .source(rounds(150, 600))
        .record(Recorder::stream(bytes.clone()))
        .build()
        .unwrap()
        .run_inline();
    let per_signal = bytes.get().len() as f64 / report.stats.delivered as f64;
    assert!(per_signal < 6.0, "{per_signal} bytes per signal");
}
