//! Hook points and samples.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use voidstate_core::{AttributeValue, Unit};
use voidstate_embed::{Error, Observer, hook, is_watched, sample};

use crate::stage::Stage;

#[test]
fn what_is_fired_arrives() {
    let mut stage = Stage::lit();
    let before = i64::try_from(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_nanos(),
    )
    .unwrap();
    hook!("program.plain");
    hook!(
        "program.request",
        latency_ms = 12.5,
        route = "/x",
        http.status = 200_u64,
        r#type = Some(true),
        left_out = None::<i32>,
    );
    sample!("program.queue_len", 17, queue = "mail", shard = 3_u8);
    sample!("program.cache", f64::NAN, unit: Bytes);
    sample!("program.cache", f64::NEG_INFINITY, unit: Bytes,);
    stage.until(|s| s.seen.samples.len() >= 3 && s.seen.signals.len() >= 2);
    let event = stage.seen.events("program.request")[0];
    assert_eq!(event.name, "program.request");
    assert!(event.time.as_nanos() >= before && event.time.as_nanos() < before + 20_000_000_000);
    let expected: [(&str, AttributeValue); 5] = [
        ("http.status", AttributeValue::Int(200)),
        ("latency_ms", 12.5.into()),
        ("program", "tests".into()),
        ("route", "/x".into()),
        ("type", true.into()),
    ];
    assert_eq!(
        event.attributes,
        expected.map(|(key, value)| (key.to_owned(), value)).into()
    );
    assert_eq!(stage.seen.events("program.plain").len(), 1);
    assert_eq!(
        stage
            .seen
            .values(r#"program.queue_len{program="tests",queue="mail",shard="3"}"#),
        [17.0]
    );
    let cache = stage.seen.values("program.cache");
    assert!(cache[0].is_nan() && cache[1] == f64::NEG_INFINITY && cache.len() == 2);
    let info = stage
        .seen
        .series
        .iter()
        .find(|info| info.key.metric().as_str() == "program.cache")
        .unwrap();
    assert_eq!(
        (info.unit, info.hook.as_str()),
        (Unit::Bytes, "program.cache")
    );
}

#[test]
fn order_is_kept() {
    let mut stage = Stage::lit();
    (0..5_000).for_each(|i| sample!("program.counted", i));
    stage.until(|s| s.seen.values("program.counted").len() == 5_000);
    let values = stage.seen.values("program.counted");
    assert!(
        values
            .iter()
            .enumerate()
            .all(|(i, v)| (*v - i as f64).abs() < 0.5),
        "{values:?}"
    );
}

#[test]
fn nothing_is_evaluated_while_nobody_watches() {
    let stage = Stage::dark();
    let evaluated = Cell::new(0);
    let count = || {
        evaluated.set(evaluated.get() + 1);
        1
    };
    hook!("program.quiet", n = count());
    sample!("program.quiet", count());
    assert!(!is_watched());
    assert_eq!(evaluated.get(), 0);
    drop(stage);
}

#[test]
fn what_was_fired_in_the_dark_is_not_told_later() {
    let mut stage = Stage::lit();
    stage.source = None;
    let start = Instant::now();
    while is_watched() {
        assert!(start.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(1));
    }
    hook!("program.unseen");
    stage.attach();
    hook!("program.seen");
    stage.until(|s| !s.seen.events("program.seen").is_empty());
    assert!(stage.seen.events("program.unseen").is_empty());
}

#[test]
fn a_full_ring_never_blocks_and_every_drop_is_told() {
    let mut stage = Stage::lit();
    let sent = 400_000_u64;
    let start = Instant::now();
    for i in 0..sent {
        sample!("program.flood", i);
    }
    assert!(start.elapsed() < Duration::from_secs(20), "firing waits");
    let accounted = |s: &Stage| s.seen.values("program.flood").len() as u64 + s.seen.rejections("");
    stage.until(|s| accounted(s) >= sent);
    // Sampled allocations of other threads may be dropped beside ours; nothing of ours may be missing.
    assert!(
        accounted(&stage) < sent + 2_000,
        "{:?}",
        stage.seen.rejected
    );
    assert!(
        stage.seen.rejections("ring of 8192") > 0,
        "{:?}",
        stage.seen.rejected
    );
}

#[test]
fn a_slow_watcher_loses_with_a_count_and_nobody_waits() {
    let mut stage = Stage::lit();
    let text = "x".repeat(900);
    let sent = 6_000;
    for i in 0..sent {
        hook!("program.big", n = i, text = text);
        if i % 500 == 0 {
            std::thread::sleep(Duration::from_millis(30));
        }
    }
    let accounted = |s: &Stage| s.seen.events("program.big").len() as u64 + s.seen.rejections("");
    stage.until(|s| accounted(s) >= sent);
    assert!(stage.seen.rejections("buffer of 1 MiB") > 0);
}

#[test]
fn names_made_at_run_time_are_checked_when_they_fire() {
    let mut stage = Stage::lit();
    for name in ["", "Program", "a..b", "a b", "ä"] {
        hook!(name);
        sample!(name, 1.0);
    }
    let good = format!("program.{}", "made");
    hook!(good.as_str(), n = 1);
    sample!(good.as_str(), 2.0, unit: Count, label = "x");
    stage.until(|s| s.seen.rejections("run time") == 10 && !s.seen.samples.is_empty());
    assert_eq!(stage.seen.events("program.made").len(), 1);
    assert_eq!(stage.seen.values("program.made"), [2.0]);
}

#[test]
fn long_texts_are_cut_and_say_so() {
    let mut stage = Stage::lit();
    hook!("program.long", text = "ä".repeat(5_000));
    stage.until(|s| !s.seen.events("program.long").is_empty());
    let event = stage.seen.events("program.long")[0];
    let text = event.attributes["text"].as_text().unwrap();
    assert!(text.len() <= 1024 && text.ends_with('…'));
}

#[test]
fn several_watchers_see_the_same() {
    let mut stage = Stage::lit();
    sample!("program.early", 1.0);
    stage.until(|s| !s.seen.samples.is_empty());
    let first = stage.source.take();
    let seen = std::mem::take(&mut stage.seen);
    stage.attach();
    let second = stage.source.take();
    sample!("program.early", 2.0);
    stage.source = second;
    stage.until(|s| s.seen.values("program.early").contains(&2.0));
    stage.source = first;
    stage.seen = seen;
    stage.until(|s| s.seen.values("program.early") == [1.0, 2.0]);
}

#[test]
fn one_observer_per_process() {
    let stage = Stage::dark();
    let second = Observer::builder().socket(stage.folder().join("t")).start();
    assert!(matches!(second, Err(Error::Running)));
    let unnamed = Observer::builder()
        .socket(stage.folder().join("t"))
        .program("")
        .start();
    assert!(matches!(unnamed, Err(Error::ProgramName { bytes: 0 })));
    let path = stage.path();
    drop(stage);
    assert!(!path.exists(), "the socket file is removed");
}
