//! Processes: births, deaths, reused ids, odd names, leaders.

use voidstate_core::wellknown::process as variable;
use voidstate_host::{HostConfig, HostSource};

use crate::support::{Fixture, Recorder, near};

/// Clock ticks of this machine in so many milliseconds.
fn ticks(ms: u64) -> u64 {
    ms * procfs::ticks_per_second() / 1000
}

#[test]
fn use_is_measured_between_ticks() {
    let fixture = Fixture::new();
    fixture.process(42, b"burner", ticks(10000), ticks(3000), 1000);
    fixture.io(42, 4096, 0);
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    assert_eq!(
        seen.variable(42, variable::CPU_PERCENT),
        None,
        "nothing to compare with"
    );
    assert_eq!(seen.variable(42, variable::RSS_BYTES), Some(4_096_000.0));

    fixture.uptime(102.0);
    fixture.process(42, b"burner", ticks(10000), ticks(4000), 1500);
    fixture.io(42, 4096, 2_000_000);
    seen.poll(&mut source, 2.0);
    assert!(near(seen.variable(42, variable::CPU_PERCENT), 50.0));
    assert!(near(
        seen.variable(42, variable::RSS_CHANGE),
        250.0 * 4096.0
    ));
    assert!(near(seen.variable(42, variable::READ_RATE), 0.0));
    assert!(near(seen.variable(42, variable::WRITE_RATE), 1e6));
    let state = seen.process(42).unwrap();
    assert_eq!(state.variables["comm"].as_text(), Some("burner"));
    let started = (1_699_999_900 + 10) * 1_000_000_000_i64;
    assert_eq!(state.variables["started_ns"].as_int(), Some(started));
    assert!(!state.variables.contains_key("arguments"));
    assert!(near(seen.value("host.kernel.processes"), 2.0));
}

#[test]
fn a_process_born_between_ticks_is_charged_from_its_start() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    fixture.uptime(101.0);
    fixture.process(99, b"young", ticks(100200), ticks(500), 500);
    fixture.io(99, 0, 1000);
    // Started long ago and only now to be seen: its past is not of this tick.
    fixture.process(98, b"hidden", ticks(7000), ticks(60000), 500);
    fixture.io(98, 0, 1_000_000);
    seen.poll(&mut source, 1.0);
    assert!(near(seen.variable(99, variable::CPU_PERCENT), 50.0));
    assert!(near(seen.variable(99, variable::WRITE_RATE), 1000.0));
    assert!(near(
        seen.variable(99, variable::RSS_CHANGE),
        500.0 * 4096.0
    ));
    assert_eq!(seen.variable(98, variable::CPU_PERCENT), None);
    assert_eq!(seen.variable(98, variable::WRITE_RATE), None);
}

#[test]
fn a_reused_process_id_is_another_process() {
    let fixture = Fixture::new();
    fixture.process(42, b"old", ticks(1000), ticks(50000), 100);
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    fixture.uptime(101.0);
    fixture.process(42, b"new", ticks(100500), ticks(250), 100);
    seen.poll(&mut source, 1.0);
    assert!(near(seen.variable(42, variable::CPU_PERCENT), 25.0));
    assert_eq!(
        seen.process(42).unwrap().variables["comm"].as_text(),
        Some("new")
    );
}

#[test]
fn a_parent_that_reaped_is_not_charged_for_its_child() {
    let fixture = Fixture::new();
    let mut children = [900, 3, 40, 20];
    fixture.parent(42, b"bash", ticks(1000), 5, 100, children);
    fixture.io(42, 0, 0);
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    let (mut now, mut own, mut of_children) = (0.0, 0, 0);
    // Each of the four numbers alone tells that a child was reaped.
    for at in 0..children.len() {
        children[at] += 1;
        own += 1000;
        of_children += 52_000_000;
        now += 1.0;
        fixture.uptime(100.0 + now);
        fixture.parent(42, b"bash", ticks(1000), 5, 110, children);
        fixture.io(42, own + of_children, own + of_children);
        seen.poll(&mut source, now);
        assert_eq!(seen.variable(42, variable::READ_RATE), None, "{at}");
        assert_eq!(seen.variable(42, variable::WRITE_RATE), None, "{at}");
        assert!(near(seen.variable(42, variable::CPU_PERCENT), 0.0));
        assert!(seen.variable(42, variable::RSS_CHANGE).is_some());

        own += 3000;
        now += 1.0;
        fixture.uptime(100.0 + now);
        fixture.io(42, own + of_children, own + of_children);
        seen.poll(&mut source, now);
        assert!(near(seen.variable(42, variable::READ_RATE), 3000.0));
        assert!(near(seen.variable(42, variable::WRITE_RATE), 3000.0));
    }
}

#[test]
fn a_parent_born_between_ticks_is_not_charged_for_its_child() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    fixture.uptime(101.0);
    fixture.parent(99, b"bash", ticks(100_200), 5, 500, [250, 0, 0, 0]);
    fixture.io(99, 0, 52_000_000);
    seen.poll(&mut source, 1.0);
    assert!(seen.variable(99, variable::CPU_PERCENT).is_some());
    assert_eq!(seen.variable(99, variable::READ_RATE), None);
    assert_eq!(seen.variable(99, variable::WRITE_RATE), None);
}

#[test]
fn odd_names_are_shown_harmlessly() {
    let fixture = Fixture::new();
    let names: [(u32, &[u8], &str); 5] = [
        (10, b"a b) R 1", "a b) R 1"),
        (11, b"((x))", "((x))"),
        (12, b"line\nend", "line\\nend"),
        (13, b"\xff\xfe", "\\xff\\xfe"),
        (14, b"\x1b[31mred", "\\u{1b}[31mred"),
    ];
    for (pid, name, _) in names {
        fixture.process(pid, name, 5, 5, 5);
    }
    let config = HostConfig {
        top: 50,
        ..fixture.config()
    };
    let mut source = HostSource::new(config).unwrap();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    for (pid, _, shown) in names {
        let state = seen.process(i64::from(pid)).unwrap();
        assert_eq!(state.variables["comm"].as_text(), Some(shown));
    }
}

#[test]
fn leaders_of_every_list_are_shown() {
    let fixture = Fixture::new();
    for pid in 10..40 {
        fixture.process(pid, b"idle", 5, 5, 100);
        fixture.io(pid, 0, 0);
    }
    let config = HostConfig {
        top: 1,
        ..fixture.config()
    };
    let mut source = HostSource::new(config).unwrap();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    fixture.uptime(101.0);
    fixture.process(20, b"burner", 5, 5 + ticks(900), 100);
    fixture.process(21, b"shrinking", 5, 5, 10);
    fixture.process(22, b"large", 5, 5, 120);
    fixture.io(23, 0, 9_000_000);
    fixture.io(24, 9_000_000, 0);
    seen.poll(&mut source, 1.0);
    let pids: Vec<_> = seen
        .states
        .iter()
        .filter_map(|s| s.variables["pid"].as_int())
        .collect();
    // The first process holds the most memory.
    let mut expected = vec![1, 20, 21, 23, 24];
    expected.sort_unstable();
    let mut sorted = pids.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
}

#[test]
fn arguments_are_shown_only_on_request() {
    let fixture = Fixture::new();
    fixture.write("1/cmdline", b"init\0--password=x\0\0");
    let mut seen = Recorder::default();
    seen.poll(&mut fixture.source(), 0.0);
    assert!(!format!("{:?}", seen.states).contains("password"));
    let config = HostConfig {
        show_args: true,
        ..fixture.config()
    };
    seen.poll(&mut HostSource::new(config).unwrap(), 0.0);
    let arguments = &seen.process(1).unwrap().variables["arguments"];
    assert_eq!(arguments.as_text(), Some("init --password=x"));
}

#[test]
fn no_io_hides_nothing_else() {
    let fixture = Fixture::new();
    fixture.process(42, b"quiet", 5, 5, 5);
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    fixture.uptime(101.0);
    seen.poll(&mut source, 1.0);
    assert_eq!(seen.variable(42, variable::READ_RATE), None);
    assert!(seen.variable(42, variable::RSS_BYTES).is_some());
}
