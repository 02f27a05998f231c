//! Each part: names, units, limits, and what happens without it.

use voidstate_core::{Error as CoreError, HookName, Next, Source as _, Unit};
use voidstate_host::{Error, HostConfig, HostSource, doctor};

use crate::support::{FILES, Fixture, Recorder, at, near};

#[test]
fn levels_come_first_and_rates_with_the_second_tick() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    assert_eq!(seen.poll(&mut source, 0.0), Next::At(at(1.0)));
    assert!(near(seen.value("host.cpu.load_1m"), 0.39));
    assert!(near(
        seen.value("host.memory.used_bytes"),
        504_292.0 * 1024.0
    ));
    assert!(near(
        seen.value("host.memory.swap_used_bytes"),
        100.0 * 1024.0
    ));
    assert!(near(seen.value("host.kernel.open_files"), 521.0));
    assert!(near(seen.value("host.kernel.run_queue"), 2.0));
    assert!(near(seen.value("host.network.tcp_established"), 3.0));
    let stall = r#"host.pressure.avg10_percent{resource="io",tasks="full"}"#;
    assert!(near(seen.value(stall), 5.2));
    assert!(
        seen.samples
            .keys()
            .all(|key| !key.contains("per_second") && !key.contains("busy")),
        "no rate can be known yet"
    );
    assert_eq!(seen.degraded.len(), 1, "{:?}", seen.degraded);
    assert_eq!(seen.degraded[0].0, "host.filesystem");

    fixture.uptime(102.0);
    fixture.replace("stat", "ctxt 9000", "ctxt 9500");
    fixture.replace("stat", "cpu0 200 10 60 1900", "cpu0 250 10 60 2050");
    fixture.replace(
        "diskstats",
        "vda 100 0 8000 50 200 0 16000",
        "vda 140 0 8800 50 200 0 20000",
    );
    fixture.replace("diskstats", "0 4000 120", "3 5000 4120");
    fixture.replace("net/dev", "172234176", "172236176");
    fixture.replace("net/snmp", "6383 10 0", "6383 14 0");
    fixture.replace("vmstat", "pswpout 0", "pswpout 10");
    fixture.replace("vmstat", "pgmajfault 2253", "pgmajfault 2263");
    fixture.replace("pressure/io", "total=10618129", "total=11118129");
    assert_eq!(seen.poll(&mut source, 2.0), Next::At(at(3.0)));
    let expected = [
        ("host.kernel.context_switches_per_second", 250.0),
        (r#"host.cpu.core_percent{core="0",mode="user"}"#, 25.0),
        (r#"host.cpu.core_percent{core="0",mode="idle"}"#, 75.0),
        (r#"host.cpu.core_busy_percent{core="0"}"#, 25.0),
        (
            r#"host.disk.read_bytes_per_second{device="vda"}"#,
            400.0 * 512.0,
        ),
        (
            r#"host.disk.written_bytes_per_second{device="vda"}"#,
            2000.0 * 512.0,
        ),
        (r#"host.disk.reads_per_second{device="vda"}"#, 20.0),
        (r#"host.disk.busy_percent{device="vda"}"#, 50.0),
        (r#"host.disk.queue_length{device="vda"}"#, 2.0),
        (r#"host.disk.in_flight{device="vda"}"#, 3.0),
        (
            r#"host.network.received_bytes_per_second{device="eth0"}"#,
            1000.0,
        ),
        ("host.network.tcp_retransmits_per_second", 2.0),
        ("host.memory.swap_out_bytes_per_second", 5.0 * 4096.0),
        ("host.memory.major_faults_per_second", 5.0),
        (
            r#"host.pressure.stalled_percent{resource="io",tasks="full"}"#,
            25.0,
        ),
        ("host.tick.late_seconds", 1.0),
    ];
    for (key, value) in expected {
        assert!(
            near(seen.value(key), value),
            "{key}: {:?}, not {value}",
            seen.value(key)
        );
    }
    assert!(
        seen.value(r#"host.cpu.core_percent{core="1",mode="user"}"#)
            .is_none()
    );
    assert!(
        seen.samples
            .keys()
            .all(|key| !key.contains("loop0") && !key.contains("vda1"))
    );
    assert!(seen.rejected.is_empty(), "{:?}", seen.rejected);
}

#[test]
fn late_ticks_keep_their_real_time() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    assert_eq!(seen.poll(&mut source, 0.6), Next::At(at(1.0)));
    assert!(seen.samples.is_empty(), "it was not due");
    fixture.uptime(103.34);
    fixture.replace("stat", "ctxt 9000", "ctxt 12340");
    assert_eq!(seen.poll(&mut source, 3.34), Next::At(at(4.0)));
    assert!(near(seen.value("host.tick.late_seconds"), 2.34));
    assert!(near(
        seen.value("host.kernel.context_switches_per_second"),
        1000.0
    ));
    assert!(seen.times.iter().all(|time| *time == at(3.34)));
}

#[test]
fn series_know_their_hook_unit_and_limit() {
    let fixture = Fixture::new();
    fixture.write("sys/class/net/eth0/speed", "1000\n");
    let config = HostConfig {
        sys_root: fixture.path().join("sys"),
        ..fixture.config()
    };
    let mut source = HostSource::new(config).unwrap();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    fixture.uptime(101.0);
    seen.poll(&mut source, 1.0);
    let memory = Some(24_684_084.0 * 1024.0);
    let expected = [
        ("host.memory.used_bytes", "host.memory", Unit::Bytes, memory),
        (
            "host.memory.swap_used_bytes",
            "host.memory",
            Unit::Bytes,
            Some(1_024_000.0),
        ),
        (
            "host.kernel.open_files",
            "host.kernel",
            Unit::Count,
            Some(2_466_170.0),
        ),
        (
            r#"host.pressure.avg10_percent{resource="cpu",tasks="some"}"#,
            "host.pressure",
            Unit::Percent,
            Some(100.0),
        ),
        (
            r#"host.network.received_bytes_per_second{device="eth0"}"#,
            "host.network",
            Unit::BytesPerSecond,
            Some(125e6),
        ),
        (
            r#"host.network.received_bytes_per_second{device="lo"}"#,
            "host.network",
            Unit::BytesPerSecond,
            None,
        ),
        (
            r#"host.disk.busy_percent{device="vda"}"#,
            "host.disk",
            Unit::Percent,
            Some(100.0),
        ),
        ("host.tick.late_seconds", "host.kernel", Unit::Seconds, None),
    ];
    for (key, hook, unit, limit) in expected {
        let info = seen.info(key);
        assert_eq!(info.hook.as_str(), hook, "{key}");
        assert_eq!(info.unit, unit, "{key}");
        assert_eq!(info.limit, limit, "{key}");
    }
    fixture.replace(
        "meminfo",
        "MemTotal:       24684084",
        "MemTotal:       25000000",
    );
    fixture.uptime(102.0);
    seen.poll(&mut source, 2.0);
    let grown = seen.info("host.memory.used_bytes").limit;
    assert_eq!(grown, Some(25_000_000.0 * 1024.0), "memory was added");
}

#[test]
fn the_tick_ends_with_its_event() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    assert_eq!(
        seen.hooks.last(),
        Some(&HookName::new("host.tick").unwrap())
    );
    let [event] = &seen.events[..] else {
        panic!("{:?}", seen.events)
    };
    assert_eq!((event.name.as_str(), event.time), ("host.tick", at(0.0)));
    assert_eq!(event.attributes["processes"].as_int(), Some(1));
    let samples = i64::try_from(seen.samples.len()).unwrap();
    assert_eq!(event.attributes["samples"].as_int(), Some(samples));
}

#[test]
fn each_missing_part_is_said_once() {
    for (name, _) in FILES {
        let whole = Fixture::new();
        let mut seen_whole = Recorder::default();
        seen_whole.poll(&mut whole.source(), 0.0);

        let fixture = Fixture::new();
        fixture.remove(name);
        let mut source = fixture.source();
        let mut seen = Recorder::default();
        for tick in 0..4_i32 {
            fixture.uptime_unless(name, f64::from(tick));
            seen.poll(&mut source, f64::from(tick));
            if tick == 0 {
                let lost = seen_whole.samples.len() - seen.samples.len();
                let bound = if name == "meminfo" { 16 } else { 6 };
                assert!(lost <= bound, "{name} took {lost} series with it");
            }
        }
        let said = seen
            .degraded
            .iter()
            .filter(|(_, reason)| reason.contains(name))
            .count();
        assert_eq!(said, 1, "{name}: {:?}", seen.degraded);
        let reason = &seen
            .degraded
            .iter()
            .find(|(_, reason)| reason.contains(name))
            .unwrap()
            .1;
        assert!(reason.ends_with("is not there"), "{reason}");
    }
}

impl Fixture {
    fn uptime_unless(&self, name: &str, seconds: f64) {
        if name != "uptime" {
            self.uptime(100.0 + seconds);
        }
    }
}

#[test]
fn a_part_that_comes_back_is_read_again() {
    let fixture = Fixture::new();
    fixture.remove("pressure/io");
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    let key = r#"host.pressure.avg10_percent{resource="io",tasks="some"}"#;
    seen.poll(&mut source, 0.0);
    assert_eq!(seen.value(key), None);
    fixture.write(
        "pressure/io",
        "some avg10=1.50 avg60=0.00 avg300=0.00 total=5\n",
    );
    seen.poll(&mut source, 1.0);
    assert!(near(seen.value(key), 1.5));
}

#[test]
fn nothing_readable_is_a_named_error() {
    let empty = tempfile::tempdir().unwrap();
    let config = HostConfig {
        proc_root: empty.path().to_owned(),
        ..HostConfig::default()
    };
    assert!(doctor(&config).iter().all(|part| !part.readable));
    let error = HostSource::new(config).unwrap_err();
    assert!(matches!(error, Error::NothingReadable { .. }), "{error}");
    assert!(error.to_string().contains("is not there"), "{error}");

    let fixture = Fixture::new();
    let mut source = fixture.source();
    for (name, _) in FILES {
        fixture.remove(name);
    }
    fixture.remove("1");
    let error = source.poll(at(0.0), &mut Recorder::default()).unwrap_err();
    assert!(matches!(error, CoreError::Source { .. }), "{error}");
}

#[test]
fn an_interval_of_nothing_is_refused() {
    let config = HostConfig {
        interval: std::time::Duration::ZERO,
        ..Fixture::new().config()
    };
    assert!(matches!(
        HostSource::new(config),
        Err(Error::Interval { .. })
    ));
}

#[test]
fn the_doctor_says_reason_effect_and_fix() {
    let fixture = Fixture::new();
    fixture.remove("pressure/cpu");
    let parts = doctor(&fixture.config());
    let part = |name: &str| parts.iter().find(|part| part.name == name).unwrap();
    assert!(part("host.cpu").readable && part("host.cpu").reason.is_none());
    let pressure = part("host.pressure.cpu");
    assert!(!pressure.readable && pressure.fix.as_deref().unwrap().contains("psi=1"));
    assert!(part("host.pressure.io").readable);
    assert!(part("host.process").readable && part("host.process.io").readable);
    assert!(
        !part("host.filesystem").readable,
        "sizes belong to this machine, not to the copy"
    );
    for part in &parts {
        assert_eq!(part.readable, part.reason.is_none(), "{part:?}");
        assert!(!part.effect.is_empty());
    }
}
