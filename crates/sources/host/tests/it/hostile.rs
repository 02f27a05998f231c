//! Files that no kernel writes.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::support::{FILES, Fixture, Recorder};

/// A way to spoil a file.
#[derive(Debug, Clone)]
enum Mangling {
    Cut(usize),
    Put(usize, Vec<u8>),
    Drop(usize, usize),
    Double,
    Replace(Vec<u8>),
    Digits(Vec<u8>),
    Remove,
}

fn mangling() -> impl Strategy<Value = Mangling> {
    let piece = prop_oneof![
        Just(b"18446744073709551615".to_vec()),
        Just(b"18446744073709551616".to_vec()),
        Just(b"NaN".to_vec()),
        Just(b"-1".to_vec()),
        Just(b"1e308".to_vec()),
        Just(b"\n".to_vec()),
        Just(b")".to_vec()),
        Just(b" ".to_vec()),
        Just(b"\0\xff\xfe".to_vec()),
        Just("ä".as_bytes().to_vec()),
    ];
    prop_oneof![
        (0_usize..2000).prop_map(Mangling::Cut),
        (0_usize..2000, piece.clone()).prop_map(|(at, bytes)| Mangling::Put(at, bytes)),
        (0_usize..2000, 0_usize..40).prop_map(|(at, count)| Mangling::Drop(at, count)),
        Just(Mangling::Double),
        proptest::collection::vec(any::<u8>(), 0..300).prop_map(Mangling::Replace),
        piece.prop_map(Mangling::Digits),
        Just(Mangling::Remove),
    ]
}

fn mangle(text: &[u8], how: &Mangling) -> Option<Vec<u8>> {
    let mut text = text.to_vec();
    match how {
        Mangling::Cut(at) => text.truncate(at % (text.len() + 1)),
        Mangling::Put(at, bytes) => {
            let at = at % (text.len() + 1);
            text.splice(at..at, bytes.iter().copied());
        }
        Mangling::Drop(at, count) => {
            let at = at % (text.len() + 1);
            let end = (at + count).min(text.len());
            text.drain(at..end);
        }
        Mangling::Double => text.extend_from_within(..),
        Mangling::Replace(bytes) => text.clone_from(bytes),
        Mangling::Digits(bytes) => {
            text = text
                .split_inclusive(|b| !b.is_ascii_digit())
                .flat_map(|run| match run {
                    [head, .., tail] if head.is_ascii_digit() => {
                        [bytes.as_slice(), &[*tail]].concat()
                    }
                    other => other.to_vec(),
                })
                .collect();
        }
        Mangling::Remove => return None,
    }
    Some(text)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, rng_seed: RngSeed::Fixed(0x0005_7a7e), ..ProptestConfig::default() })]

    /// The recorder refuses what is not finite, negative, or given twice in a tick.
    #[test]
    fn mangled_files_never_panic_or_lie(
        spoiled in proptest::collection::vec((0_usize..FILES.len() + 2, mangling(), 0_u8..3), 1..6),
        steps in proptest::collection::vec(-2.0_f64..5.0, 3),
    ) {
        let fixture = Fixture::new();
        let mut source = fixture.source();
        let mut seen = Recorder::default();
        let mut seconds = 10.0_f64;
        for (tick, step) in (0_u8..).zip(steps) {
            for (file, how, when) in &spoiled {
                if *when != tick {
                    continue;
                }
                let name = FILES.get(*file).map_or(["1/stat", "1/io"][file % 2], |(name, _)| name);
                let path = fixture.path().join(name);
                let Ok(text) = std::fs::read(&path) else { continue };
                match mangle(&text, how) {
                    Some(text) => fixture.write(name, text),
                    None => fixture.remove(name),
                }
            }
            seconds = (seconds + step).max(0.0);
            seen.poll(&mut source, seconds);
            for state in &seen.states {
                for value in state.variables.values() {
                    prop_assert!(value.as_f64().is_none_or(f64::is_finite));
                }
            }
        }
        for info in &seen.series {
            prop_assert!(info.limit.is_none_or(|limit| limit.is_finite() && limit >= 0.0));
        }
    }
}

#[test]
fn rubbish_everywhere_is_said_and_gives_no_sample() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    for (name, _) in FILES {
        fixture.write(name, b"\x00\xff )(:\n= 1 2 3\nNaN -1 1e999 \xc3\n");
    }
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    seen.poll(&mut source, 1.0);
    let own = [
        "host.kernel.processes",
        "host.kernel.zombies",
        "host.kernel.uninterruptible",
        "host.tick.late_seconds",
    ];
    let others: Vec<_> = seen
        .samples
        .keys()
        .filter(|key| !own.contains(&key.as_str()))
        .collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(seen.degraded.len() >= 8, "{:?}", seen.degraded);
}

#[test]
fn a_cut_number_is_not_a_number() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    fixture.write(
        "meminfo",
        "MemTotal:       24684084 kB\nMemAvailable:   241797",
    );
    fixture.write("loadavg", "0.39 0.26 0.22 1/91 110");
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    assert_eq!(seen.value("host.memory.used_bytes"), None);
    assert_eq!(seen.value("host.memory.available_bytes"), None);
    assert_eq!(seen.value("host.cpu.load_1m"), None);
    assert!(
        seen.degraded
            .iter()
            .any(|(part, reason)| part == "host.memory" && reason.contains("middle"))
    );
}

#[test]
fn device_names_that_are_no_labels_stay_apart() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    let line = |name: &[u8]| [name, b": 5 0 0 0 0 0 0 0 7 0 0 0 0 0 0 0\n"].concat();
    let long = [b'x'; 1500];
    let text = [
        line(b"\xff"),
        line(b"\xfe"),
        line(b"a\"b\\"),
        line(b"\x1b[2J"),
        line(&long),
    ]
    .concat();
    fixture.write("net/dev", text);
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    fixture.uptime(101.0);
    seen.poll(&mut source, 1.0);
    let received: Vec<_> = seen
        .series
        .iter()
        .filter(|info| info.key.metric().as_str() == "host.network.received_bytes_per_second")
        .map(|info| info.key.label("device").unwrap())
        .collect();
    assert_eq!(received, ["\\xff", "\\xfe", "a\"b\\\\", "\\u{1b}[2J"]);
    assert!(
        seen.degraded
            .iter()
            .any(|(_, reason)| reason.contains("label")),
        "{:?}",
        seen.degraded
    );
}

#[test]
fn floods_of_devices_are_bounded() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    let numbers = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16";
    let interfaces: String = (0..300)
        .map(|n| format!("veth{n}: {numbers}\neth{n}: {numbers}\n"))
        .collect();
    let disks: String = (0..300)
        .map(|n| format!("8 {n} x{n}x 1 2 3 4 5 6 7 8 9 10 11\n"))
        .collect();
    fixture.write("net/dev", interfaces);
    fixture.write("diskstats", disks);
    seen.poll(&mut source, 0.0);
    fixture.uptime(101.0);
    seen.poll(&mut source, 1.0);
    let count = |metric: &str| {
        seen.samples
            .keys()
            .filter(|key| key.starts_with(metric))
            .count()
    };
    assert_eq!(count("host.disk.in_flight"), 64);
    assert_eq!(
        count("host.network.received_bytes_per_second{device=\"veth"),
        8
    );
    assert_eq!(count("host.network.received_bytes_per_second"), 64);
    assert_eq!(
        seen.degraded
            .iter()
            .filter(|(part, _)| part == "host.network")
            .count(),
        2
    );
}
