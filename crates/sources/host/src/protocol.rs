//! Protocol counters: `/proc/net/snmp`, `/proc/net/netstat`, `/proc/net/sockstat`.

use std::path::Path;

use voidstate_core::{HookName, Unit};

use crate::files::ProcFile;
use crate::group::{Group, Kind, Metric, Reading};
use crate::text::{fields, lines, number};
use crate::tick::Tick;

/// A counter of the kernel: protocol, name, metric.
type Wanted = (&'static [u8], &'static [u8]);

const SNMP: [Metric; 18] = [
    Metric::rate("host.network.tcp_opens_active_per_second"),
    Metric::rate("host.network.tcp_opens_passive_per_second"),
    Metric::rate("host.network.tcp_opens_failed_per_second"),
    Metric::rate("host.network.tcp_resets_per_second"),
    Metric::gauge("host.network.tcp_established", Unit::Count),
    Metric::rate("host.network.tcp_segments_received_per_second"),
    Metric::rate("host.network.tcp_segments_sent_per_second"),
    Metric::rate("host.network.tcp_retransmits_per_second"),
    Metric::rate("host.network.tcp_receive_errors_per_second"),
    Metric::rate("host.network.tcp_resets_sent_per_second"),
    Metric::rate("host.network.udp_received_per_second"),
    Metric::rate("host.network.udp_sent_per_second"),
    Metric::rate("host.network.udp_receive_errors_per_second"),
    Metric::rate("host.network.udp_no_port_per_second"),
    Metric::rate("host.network.udp_buffer_drops_per_second"),
    Metric::rate("host.network.ip_receive_discards_per_second"),
    Metric::rate("host.network.ip_send_discards_per_second"),
    Metric::rate("host.network.icmp_received_per_second"),
];
const SNMP_WANTED: [Wanted; 18] = [
    (b"Tcp:", b"ActiveOpens"),
    (b"Tcp:", b"PassiveOpens"),
    (b"Tcp:", b"AttemptFails"),
    (b"Tcp:", b"EstabResets"),
    (b"Tcp:", b"CurrEstab"),
    (b"Tcp:", b"InSegs"),
    (b"Tcp:", b"OutSegs"),
    (b"Tcp:", b"RetransSegs"),
    (b"Tcp:", b"InErrs"),
    (b"Tcp:", b"OutRsts"),
    (b"Udp:", b"InDatagrams"),
    (b"Udp:", b"OutDatagrams"),
    (b"Udp:", b"InErrors"),
    (b"Udp:", b"NoPorts"),
    (b"Udp:", b"RcvbufErrors"),
    (b"Ip:", b"InDiscards"),
    (b"Ip:", b"OutDiscards"),
    (b"Icmp:", b"InMsgs"),
];

const NETSTAT: [Metric; 5] = [
    Metric::rate("host.network.tcp_listen_overflows_per_second"),
    Metric::rate("host.network.tcp_listen_drops_per_second"),
    Metric::rate("host.network.tcp_timeouts_per_second"),
    Metric::rate("host.network.tcp_open_retransmits_per_second"),
    Metric::rate("host.network.tcp_backlog_drops_per_second"),
];
const NETSTAT_WANTED: [Wanted; 5] = [
    (b"TcpExt:", b"ListenOverflows"),
    (b"TcpExt:", b"ListenDrops"),
    (b"TcpExt:", b"TCPTimeouts"),
    (b"TcpExt:", b"TCPSynRetrans"),
    (b"TcpExt:", b"TCPBacklogDrop"),
];

const SOCKETS: [Metric; 3] = [
    Metric::gauge("host.network.sockets", Unit::Count),
    Metric::gauge("host.network.tcp_orphans", Unit::Count),
    Metric::gauge("host.network.tcp_time_wait", Unit::Count),
];
const SOCKETS_WANTED: [Wanted; 3] = [
    (b"sockets:", b"used"),
    (b"TCP:", b"orphan"),
    (b"TCP:", b"tw"),
];

/// The three files and their series.
#[derive(Debug)]
pub(crate) struct Protocols {
    snmp_file: ProcFile,
    netstat_file: ProcFile,
    sockets_file: ProcFile,
    snmp: Group,
    netstat: Group,
    sockets: Group,
}

impl Protocols {
    pub(crate) fn new(root: &Path, keep: bool) -> Self {
        Self {
            snmp_file: ProcFile::new(root, "net/snmp", keep),
            netstat_file: ProcFile::new(root, "net/netstat", keep),
            sockets_file: ProcFile::new(root, "net/sockstat", keep),
            snmp: Group::new(&SNMP, Vec::new()),
            netstat: Group::new(&NETSTAT, Vec::new()),
            sockets: Group::new(&SOCKETS, Vec::new()),
        }
    }

    pub(crate) fn tick(&mut self, tick: &mut Tick<'_>, hook: &HookName, buffer: &mut Vec<u8>) {
        const PART: &str = "host.network.protocols";
        let tables = [
            (
                &mut self.snmp_file,
                &mut self.snmp,
                &SNMP[..],
                &SNMP_WANTED[..],
            ),
            (
                &mut self.netstat_file,
                &mut self.netstat,
                &NETSTAT,
                &NETSTAT_WANTED,
            ),
        ];
        for (file, group, metrics, wanted) in tables {
            let Some(text) = tick.read(PART, file, buffer) else {
                continue;
            };
            let found = in_columns(text, wanted);
            finish(tick, hook, PART, file, group, metrics, found);
        }
        if let Some(text) = tick.read(PART, &mut self.sockets_file, buffer) {
            let found = in_pairs(text, &SOCKETS_WANTED);
            finish(
                tick,
                hook,
                PART,
                &self.sockets_file,
                &mut self.sockets,
                &SOCKETS,
                found,
            );
        }
    }
}

fn finish(
    tick: &mut Tick<'_>,
    hook: &HookName,
    part: &'static str,
    file: &ProcFile,
    group: &mut Group,
    metrics: &[Metric],
    found: Vec<Option<u64>>,
) {
    if found.contains(&None) {
        tick.malformed(part, file, "a counter");
    }
    let readings: Vec<Reading> = metrics
        .iter()
        .zip(found)
        .map(|(metric, found)| match (metric.kind, found) {
            (_, None) => Reading::Missing,
            (Kind::Gauge, Some(number)) => Reading::Gauge(number as f64),
            (_, Some(number)) => Reading::Counter(number),
        })
        .collect();
    group.update(tick, hook, &readings);
}

/// Numbers of a file of pairs of lines: names, then numbers, both after the protocol.
fn in_columns(text: &[u8], wanted: &[Wanted]) -> Vec<Option<u64>> {
    let mut found = vec![None; wanted.len()];
    let mut lines = lines(text);
    while let (Some(names), Some(numbers)) = (lines.next(), lines.next()) {
        let (mut names, mut numbers) = (fields(names), fields(numbers));
        let protocol = names.next();
        // A pair that does not fit together would put every number under the wrong name.
        if protocol != numbers.next() {
            return found;
        }
        for (name, field) in names.zip(numbers) {
            put(&mut found, wanted, protocol, name, field);
        }
    }
    found
}

/// Numbers of a file of lines: protocol, then name and number in turn.
fn in_pairs(text: &[u8], wanted: &[Wanted]) -> Vec<Option<u64>> {
    let mut found = vec![None; wanted.len()];
    for line in lines(text) {
        let mut parts = fields(line);
        let protocol = parts.next();
        while let (Some(name), Some(field)) = (parts.next(), parts.next()) {
            put(&mut found, wanted, protocol, name, field);
        }
    }
    found
}

fn put(
    found: &mut [Option<u64>],
    wanted: &[Wanted],
    protocol: Option<&[u8]>,
    name: &[u8],
    field: &[u8],
) {
    let at = wanted
        .iter()
        .position(|(p, n)| *n == name && Some(*p) == protocol);
    if let Some(slot) = at.and_then(|at| found.get_mut(at)) {
        *slot = number(field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_under_their_names() {
        let text = b"Tcp: MaxConn RetransSegs New\nTcp: -1 7 8\nUdp: InErrors\nUdp: 9\n";
        let wanted: [Wanted; 3] = [
            (b"Tcp:", b"RetransSegs"),
            (b"Udp:", b"InErrors"),
            (b"Udp:", b"RetransSegs"),
        ];
        assert_eq!(in_columns(text, &wanted), [Some(7), Some(9), None]);
        let torn = b"Tcp: RetransSegs\nUdp: 9\n";
        assert_eq!(in_columns(torn, &wanted), [None, None, None]);
        let text = b"sockets: used 30\nTCP: inuse 5 orphan 0 tw 2\n";
        assert_eq!(
            in_pairs(text, &SOCKETS_WANTED),
            [Some(30), Some(0), Some(2)]
        );
    }
}
