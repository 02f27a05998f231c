//! Counters that are reset, wrap, jump, come and go.

use crate::support::{FILES, Fixture, Recorder, near};

const READ: &str = r#"host.disk.read_bytes_per_second{device="vda"}"#;
const BUSY: &str = r#"host.disk.busy_percent{device="vda"}"#;

#[test]
fn a_reset_is_a_gap() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    // The number of reads went back, the sectors have already passed their old value.
    fixture.uptime(101.0);
    fixture.replace("diskstats", "vda 100 0 8000", "vda 1 0 8001");
    seen.poll(&mut source, 1.0);
    assert_eq!(seen.value(READ), None);
    assert_eq!(seen.value(BUSY), None);
    assert_eq!(seen.rejected.len(), 1, "{:?}", seen.rejected);
    assert!(seen.rejected[0].contains("vda"));
    assert!(
        seen.value(r#"host.network.sent_bytes_per_second{device="eth0"}"#)
            .is_some()
    );
    fixture.uptime(102.0);
    fixture.replace("diskstats", "vda 1 0 8001", "vda 3 0 8003");
    seen.poll(&mut source, 2.0);
    assert!(near(seen.value(READ), 1024.0), "{:?}", seen.value(READ));
    assert!(seen.rejected.is_empty());
}

#[test]
fn a_wrap_is_no_gap() {
    let fixture = Fixture::new();
    fixture.replace("diskstats", "0 4000 120", "0 4294967000 120");
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    fixture.uptime(101.0);
    fixture.replace("diskstats", "0 4294967000 120", "0 204 120");
    seen.poll(&mut source, 1.0);
    assert!(near(seen.value(BUSY), 50.0), "{:?}", seen.value(BUSY));
    assert!(seen.rejected.is_empty());
}

#[test]
fn a_jump_out_of_this_world_is_a_gap() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    fixture.uptime(101.0);
    fixture.replace("net/dev", "172234176", "18446744073709551615");
    seen.poll(&mut source, 1.0);
    assert_eq!(
        seen.value(r#"host.network.received_bytes_per_second{device="eth0"}"#),
        None
    );
    assert!(
        seen.value(r#"host.network.sent_bytes_per_second{device="eth0"}"#)
            .is_some()
    );
    assert_eq!(seen.rejected.len(), 1);
}

#[test]
fn disks_and_cores_come_and_go() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    fixture.uptime(101.0);
    fixture.replace(
        "diskstats",
        "254       1 vda1",
        "8 0 sdb 9 0 9 9 9 0 9 9 0 9 9\n254       1 vda1",
    );
    fixture.replace(
        "stat",
        "cpu1 100 10 40 2100 10 2 2 0 0 0",
        "cpu1 120 10 40 2180 10 2 2 0 0 0\ncpu7 1 1 1 100",
    );
    seen.poll(&mut source, 1.0);
    assert!(near(
        seen.value(r#"host.disk.in_flight{device="sdb"}"#),
        0.0
    ));
    assert_eq!(
        seen.value(r#"host.disk.reads_per_second{device="sdb"}"#),
        None
    );
    assert_eq!(seen.value(r#"host.cpu.core_busy_percent{core="7"}"#), None);
    assert!(near(
        seen.value(r#"host.cpu.core_busy_percent{core="1"}"#),
        20.0
    ));

    // Core 1 is gone for a while; on its return its rate spans the whole absence.
    fixture.uptime(102.0);
    fixture.replace("diskstats", "sdb 9 0 9", "sdb 19 0 9");
    fixture.replace(
        "stat",
        "cpu1 120 10 40 2180 10 2 2 0 0 0\ncpu7 1 1 1 100",
        "cpu7 51 1 1 150",
    );
    seen.poll(&mut source, 2.0);
    assert!(near(
        seen.value(r#"host.disk.reads_per_second{device="sdb"}"#),
        10.0
    ));
    assert!(near(
        seen.value(r#"host.cpu.core_busy_percent{core="7"}"#),
        50.0
    ));
    assert_eq!(seen.value(r#"host.cpu.core_busy_percent{core="1"}"#), None);
    fixture.uptime(104.0);
    fixture.replace(
        "stat",
        "cpu7 51 1 1 150",
        "cpu1 220 10 40 2280 10 2 2 0 0 0\ncpu7 51 1 1 151",
    );
    fixture.replace("diskstats", "8 0 sdb 19 0 9 9 9 0 9 9 0 9 9\n", "");
    seen.poll(&mut source, 4.0);
    assert!(near(
        seen.value(r#"host.cpu.core_busy_percent{core="1"}"#),
        50.0
    ));
    assert_eq!(
        seen.value(r#"host.disk.reads_per_second{device="sdb"}"#),
        None
    );
    assert!(seen.rejected.is_empty());
}

#[test]
fn a_part_missing_for_a_tick_spans_its_absence() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    let text = FILES
        .iter()
        .find(|(name, _)| *name == "net/snmp")
        .unwrap()
        .1;
    fixture.remove("net/snmp");
    fixture.uptime(101.0);
    seen.poll(&mut source, 1.0);
    assert_eq!(seen.value("host.network.tcp_retransmits_per_second"), None);
    fixture.write("net/snmp", text.replace("6383 10 0", "6383 30 0"));
    fixture.uptime(102.0);
    seen.poll(&mut source, 2.0);
    assert!(near(
        seen.value("host.network.tcp_retransmits_per_second"),
        10.0
    ));
}

#[test]
fn a_clock_that_is_set_changes_no_rate() {
    let fixture = Fixture::new();
    let mut source = fixture.source();
    let mut seen = Recorder::default();
    seen.poll(&mut source, 0.0);
    fixture.uptime(101.0);
    fixture.replace("stat", "ctxt 9000", "ctxt 9100");
    seen.poll(&mut source, 86_400.0);
    assert!(near(
        seen.value("host.kernel.context_switches_per_second"),
        100.0
    ));
    fixture.uptime(102.0);
    fixture.replace("stat", "ctxt 9100", "ctxt 9200");
    seen.poll(&mut source, 5.0);
    assert!(near(
        seen.value("host.kernel.context_switches_per_second"),
        100.0
    ));
    // The machine started anew: nothing can be compared.
    fixture.uptime(1.0);
    fixture.replace("stat", "ctxt 9200", "ctxt 9300");
    seen.poll(&mut source, 6.0);
    assert_eq!(seen.value("host.kernel.context_switches_per_second"), None);
}
