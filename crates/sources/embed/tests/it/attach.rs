//! The watcher's end: programs that come, go and lie.

use std::io::Write;
use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use voidstate_core::{Next, Overflow, Source, Timestamp};
use voidstate_embed::{AttachSource, Error, Observer, hook};

use crate::collect::Collect;
use crate::stage::Stage;

#[test]
fn nobody_there_is_an_error_with_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let error = AttachSource::connect(folder.path().join("none")).unwrap_err();
    assert!(
        matches!(error, Error::Connect { .. }) && error.to_string().contains("none"),
        "{error}"
    );
    let long = AttachSource::connect("x".repeat(300)).unwrap_err();
    assert!(matches!(long, Error::Connect { .. }));
}

#[test]
fn a_program_that_exits_and_comes_back_is_found_again() {
    let mut stage = Stage::lit();
    let info = stage.source.as_ref().unwrap().info();
    assert_eq!(
        (info.name.as_str(), info.overflow),
        ("embed", Overflow::Drop)
    );
    hook!("program.last_words");
    drop(stage.observer.take());
    stage.until(|s| !s.seen.degraded.is_empty());
    assert_eq!(
        stage.seen.events("program.last_words").len(),
        1,
        "the end of the program sends what it has"
    );
    let (part, reason) = &stage.seen.degraded[0];
    assert!(
        part.contains("\"tests\"") && reason.contains("program exited"),
        "{part}: {reason}"
    );
    assert_eq!(stage.source.as_ref().unwrap().program(), None);

    let before = stage.now;
    assert!(
        matches!(stage.poll(), Next::At(_)),
        "backs off while nobody is there"
    );
    for _ in 0..8 {
        stage.poll();
    }
    let waited = stage.now.since(before);
    assert!(
        waited > Duration::from_secs(20) && waited < Duration::from_secs(90),
        "{waited:?}"
    );
    assert_eq!(stage.seen.degraded.len(), 1, "said once");

    stage.observer = Some(
        Observer::builder()
            .socket(stage.path())
            .program("tests")
            .start()
            .unwrap(),
    );
    stage
        .until(|s| s.source.as_ref().unwrap().program().is_some() && voidstate_embed::is_watched());
    hook!("program.again");
    stage.until(|s| !s.seen.events("program.again").is_empty());
}

/// Serves `bytes` to a source and returns what it made of them.
pub(crate) fn served(bytes: &[u8]) -> Collect {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let listener = UnixListener::bind(&path).unwrap();
    let mut source = AttachSource::connect(&path).unwrap();
    let (mut peer, _) = listener.accept().unwrap();
    let owned = bytes.to_vec();
    let writer = std::thread::spawn(move || {
        // The source may hang up in the middle.
        let _hung_up = peer.write_all(&owned);
    });
    let mut seen = Collect::default();
    let start = Instant::now();
    while seen.degraded.is_empty() {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "the end was not noticed"
        );
        let _next: Next = source.poll(Timestamp::from_secs(1), &mut seen).unwrap();
        std::thread::yield_now();
    }
    drop(source);
    writer.join().unwrap();
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::soak::cases(64), failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(crate::soak::seed(1)), ..ProptestConfig::default() })]

    #[test]
    fn a_peer_that_speaks_nonsense_is_hung_up_on(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        let seen = served(&bytes);
        prop_assert_eq!(seen.degraded.len(), 1);
        prop_assert!(seen.samples.is_empty() && seen.signals.is_empty());
    }
}

#[test]
fn a_record_that_claims_to_be_huge_is_refused_at_its_header() {
    let mut header = b"VS\x00\x01EMBH\x01\x00".to_vec();
    header.extend((60_u32 << 20).to_le_bytes());
    header.extend([0; 4]);
    header.extend(vec![0; 1 << 20]);
    let seen = served(&header);
    assert!(
        seen.degraded[0].1.contains("bytes of a record"),
        "{:?}",
        seen.degraded
    );
}
