//! A made-up procfs, and an emitter that writes everything down.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use voidstate_core::{
    Emitter, Event, HookName, Next, SeriesId, SeriesInfo, Signal, Source as _, State, Timestamp,
};
use voidstate_host::{HostConfig, HostSource};

pub(crate) const START: i64 = 1_700_000_000;

/// The files of a small quiet machine, without its processes.
pub(crate) const FILES: [(&str, &str); 14] = [
    (
        "stat",
        "cpu  300 20 100 4000 40 5 5 0 0 0\ncpu0 200 10 60 1900 30 3 3 0 0 0\n\
         cpu1 100 10 40 2100 10 2 2 0 0 0\nintr 5000 0 1 2\nctxt 9000\nbtime 1699999900\n\
         processes 700\nprocs_running 2\nprocs_blocked 0\nsoftirq 3000 1 2 3\n",
    ),
    ("loadavg", "0.39 0.26 0.22 1/91 11052\n"),
    ("uptime", "100.00 180.00\n"),
    ("sys/fs/file-nr", "521\t0\t2466170\n"),
    (
        "meminfo",
        "MemTotal:       24684084 kB\nMemFree:        23528736 kB\nMemAvailable:   24179792 kB\n\
         Buffers:          125128 kB\nCached:           675856 kB\nSwapCached:            0 kB\n\
         Active:           454984 kB\nInactive:         348120 kB\nSwapTotal:        1000 kB\n\
         SwapFree:            900 kB\nDirty:             67120 kB\nWriteback:             0 kB\n\
         AnonPages:         20128 kB\nMapped:            10912 kB\nShmem:              8872 kB\n\
         Slab:             163008 kB\nSReclaimable:     137348 kB\nSUnreclaim:        25660 kB\n\
         KernelStack:        1464 kB\nPageTables:         2604 kB\nCommitLimit:    12342040 kB\n\
         Committed_AS:      66376 kB\nVmallocTotal:   34359738367 kB\nVmallocUsed:       14316 kB\n\
         VmallocChunk:          0 kB\n",
    ),
    (
        "vmstat",
        "nr_dirty 16780\nworkingset_refault_anon 1\nworkingset_refault_file 615380\npgpgin 3577573\n\
         pgpgout 1680468\npswpin 0\npswpout 0\npgfault 9816748\npgmajfault 2253\npgscan_direct 0\noom_kill 0\n",
    ),
    (
        "diskstats",
        "   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n\
         254       0 vda 100 0 8000 50 200 0 16000 70 0 4000 120 5 0 40 1 3 2\n\
         254       1 vda1 100 0 8000 50 200 0 16000 70 0 4000 120 5 0 40 1 3 2\n",
    ),
    (
        "net/dev",
        "Inter-|   Receive                |  Transmit\n face |bytes    packets errs drop fifo frame \
         compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n\
         lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0\n\
         eth0: 172234176    9124    0    0    0     0          0         0   844184    6539    0    0    0     0       0          0\n",
    ),
    (
        "net/snmp",
        "Ip: Forwarding InDiscards OutDiscards\nIp: 2 0 0\nIcmp: InMsgs\nIcmp: 1\n\
         Tcp: MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts\n\
         Tcp: -1 166 2 0 152 3 8821 6383 10 0 166\n\
         Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors\nUdp: 323 0 0 324 0\n",
    ),
    (
        "net/netstat",
        "TcpExt: ListenOverflows ListenDrops TCPTimeouts TCPSynRetrans TCPBacklogDrop\nTcpExt: 0 0 305 2 0\n",
    ),
    (
        "net/sockstat",
        "sockets: used 30\nTCP: inuse 5 orphan 0 tw 1 alloc 7 mem 1\n",
    ),
    (
        "pressure/cpu",
        "some avg10=5.43 avg60=2.04 avg300=0.91 total=15375954\n",
    ),
    (
        "pressure/io",
        "some avg10=5.26 avg60=3.83 avg300=1.18 total=11082555\n\
         full avg10=5.20 avg60=3.77 avg300=1.16 total=10618129\n",
    ),
    (
        "pressure/memory",
        "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
    ),
];

/// A directory of the shape of procfs.
#[derive(Debug)]
pub(crate) struct Fixture {
    pub(crate) root: TempDir,
}

impl Fixture {
    /// The files of [`FILES`] and the first process.
    pub(crate) fn new() -> Self {
        let fixture = Self {
            root: tempfile::tempdir().unwrap(),
        };
        for (name, text) in FILES {
            fixture.write(name, text);
        }
        fixture.process(1, b"init", 0, 50, 1000);
        fixture.io(1, 0, 0);
        fixture
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        let path = self.root.path().join(name);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
    }

    /// Replaces a piece of text in a file.
    pub(crate) fn replace(&self, name: &str, from: &str, to: &str) {
        let path = self.root.path().join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{name} holds no {from:?}");
        fs::write(path, text.replace(from, to)).unwrap();
    }

    /// Seconds since the machine started.
    pub(crate) fn uptime(&self, seconds: f64) {
        self.write("uptime", format!("{seconds:.2} 1.00\n"));
    }

    /// A process that started `start` ticks after the machine, has used `ticks`, holds `pages` and reaped no child.
    pub(crate) fn process(&self, pid: u32, comm: &[u8], start: u64, ticks: u64, pages: u64) {
        self.parent(pid, comm, start, ticks, pages, [0; 4]);
    }

    /// A process whose reaped children took so many minor faults, major faults, user ticks and system ticks.
    pub(crate) fn parent(
        &self,
        pid: u32,
        comm: &[u8],
        start: u64,
        ticks: u64,
        pages: u64,
        [minor, major, user, system]: [u64; 4],
    ) {
        let mut line = format!("{pid} (").into_bytes();
        line.extend_from_slice(comm);
        line.extend_from_slice(
            format!(
                ") S 1 1 1 0 -1 4194304 10 {minor} 0 {major} {ticks} 0 {user} {system} 20 0 1 0 {start} 3133440 {pages} 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n"
            )
            .as_bytes(),
        );
        self.write(&format!("{pid}/stat"), line);
    }

    pub(crate) fn io(&self, pid: u32, read: u64, written: u64) {
        self.write(
            &format!("{pid}/io"),
            format!("rchar: 1\nwchar: 1\nsyscr: 1\nsyscw: 1\nread_bytes: {read}\nwrite_bytes: {written}\ncancelled_write_bytes: 0\n"),
        );
    }

    pub(crate) fn config(&self) -> HostConfig {
        HostConfig {
            proc_root: self.root.path().to_owned(),
            sys_root: PathBuf::from("/nowhere"),
            ..HostConfig::default()
        }
    }

    pub(crate) fn source(&self) -> HostSource {
        HostSource::new(self.config()).unwrap()
    }

    pub(crate) fn path(&self) -> &Path {
        self.root.path()
    }
}

/// Writes down what a source says.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    pub(crate) series: Vec<SeriesInfo>,
    /// Samples of the last tick by the text of their series.
    pub(crate) samples: BTreeMap<String, f64>,
    pub(crate) times: Vec<Timestamp>,
    pub(crate) states: Vec<State>,
    pub(crate) events: Vec<Event>,
    pub(crate) hooks: Vec<HookName>,
    pub(crate) degraded: Vec<(String, String)>,
    pub(crate) rejected: Vec<String>,
}

impl Emitter for Recorder {
    fn series(&mut self, info: &SeriesInfo) -> SeriesId {
        let known = self.series.iter().position(|known| known.key == info.key);
        let at = known.unwrap_or(self.series.len());
        match known {
            Some(at) => self.series[at] = info.clone(),
            None => self.series.push(info.clone()),
        }
        SeriesId(u32::try_from(at).unwrap())
    }

    fn sample(&mut self, series: SeriesId, time: Timestamp, value: f64) {
        let key = self.series[series.0 as usize].key.to_string();
        assert!(value.is_finite(), "{key} is {value}");
        assert!(value >= 0.0, "{key} is {value}");
        assert!(
            self.samples.insert(key.clone(), value).is_none(),
            "{key} twice in a tick"
        );
        self.times.push(time);
    }

    fn signal(&mut self, hook: &HookName, signal: Signal) {
        self.hooks.push(hook.clone());
        match signal {
            Signal::State(state) => self.states.push(state),
            Signal::Event(event) => self.events.push(event),
            other => panic!("unexpected {other:?}"),
        }
    }

    fn rejected(&mut self, count: u64, reason: &str) {
        assert!(count > 0);
        self.rejected.push(reason.to_owned());
    }

    fn degraded(&mut self, part: &str, reason: &str) {
        self.degraded.push((part.to_owned(), reason.to_owned()));
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}

impl Recorder {
    /// Polls once, `seconds` after the start, keeping only what that tick says.
    pub(crate) fn poll(&mut self, source: &mut HostSource, seconds: f64) -> Next {
        self.samples.clear();
        self.times.clear();
        self.states.clear();
        self.events.clear();
        self.hooks.clear();
        self.rejected.clear();
        source.poll(at(seconds), self).unwrap()
    }

    /// The value of a series in the last tick.
    pub(crate) fn value(&self, key: &str) -> Option<f64> {
        self.samples.get(key).copied()
    }

    /// The state of a process in the last tick.
    pub(crate) fn process(&self, pid: i64) -> Option<&State> {
        self.states
            .iter()
            .find(|state| state.variables["pid"].as_int() == Some(pid))
    }

    /// A variable of a process in the last tick.
    pub(crate) fn variable(&self, pid: i64, name: &str) -> Option<f64> {
        self.process(pid)?.variables.get(name)?.as_f64()
    }

    pub(crate) fn info(&self, key: &str) -> &SeriesInfo {
        self.series
            .iter()
            .find(|info| info.key.to_string() == key)
            .unwrap_or_else(|| panic!("no series {key}"))
    }
}

pub(crate) fn at(seconds: f64) -> Timestamp {
    Timestamp::from_secs(START).saturating_add(Duration::from_secs_f64(seconds))
}

pub(crate) fn near(value: Option<f64>, expected: f64) -> bool {
    value.is_some_and(|value| (value - expected).abs() <= 1e-6 * expected.abs().max(1.0))
}
