//! Simulated surroundings for the standard row: everything follows from a seed.

mod disk;
mod net;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::error::Error;
use crate::interp::{Flow, Interp};
use crate::row::{Row, Sum};
use crate::seeded::{Seeded, parts_per_million};
use crate::simulated::disk::Disk;
use crate::simulated::net::Net;
use crate::standard::{
    Clock, EmitMetric, Failure, FailureKind, Io, Level, Log, Moved, Random, ReadState, Standard,
    WriteState,
};

/// How the simulated surroundings behave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Everything that is drawn follows from it.
    pub seed: u64,
    /// The time at the start, in nanoseconds since 1970-01-01 UTC.
    pub start_ns: i64,
    /// Every operation takes between 1 and this many nanoseconds; at least 1.
    pub operation_ns_max: u64,
    /// Every message takes at most this many nanoseconds; different ones let messages overtake one another.
    pub latency_ns_max: u64,
    /// How many of a million messages are lost.
    pub loss_ppm: u32,
    /// How many of a million messages arrive twice.
    pub duplicate_ppm: u32,
    /// Bytes that the files take together, at most.
    pub disk_bytes_max: u64,
    /// Messages under way to one address, at most.
    pub inbox_messages_max: usize,
}

impl Default for Settings {
    /// A calm world of 16 MiB: no loss, no duplicates, a millisecond of latency.
    fn default() -> Self {
        Self {
            seed: 0,
            start_ns: 0,
            operation_ns_max: 1_000,
            latency_ns_max: 1_000_000,
            loss_ppm: 0,
            duplicate_ppm: 0,
            disk_bytes_max: 16 << 20,
            inbox_messages_max: 1024,
        }
    }
}

/// A world made of a seed: clock, random numbers, state, disk, net, metrics and log. Nothing outside it is touched, and the
/// same seed and operations give the same answers on every machine.
#[derive(Debug, Clone)]
pub struct Simulated {
    now_ns: i64,
    operation_ns_max: u64,
    pace: Seeded,
    random: Seeded,
    state: BTreeMap<String, Vec<u8>>,
    disk: Disk,
    net: Net,
    metrics: Vec<(String, f64)>,
    lines: Vec<(Level, String)>,
}

impl Simulated {
    /// A world.
    ///
    /// # Errors
    /// [`Error::Setting`] when a rate is more than a million, or an operation takes no time.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        if settings.operation_ns_max == 0 {
            return Err(Error::Setting {
                what: "operation_ns_max",
                value: "0".into(),
                domain: "at least 1: time passes",
            });
        }
        parts_per_million("loss_ppm", settings.loss_ppm)?;
        parts_per_million("duplicate_ppm", settings.duplicate_ppm)?;
        let stream = |purpose| Seeded::stream(settings.seed, purpose);
        Ok(Self {
            now_ns: settings.start_ns,
            operation_ns_max: settings.operation_ns_max,
            pace: stream(1),
            random: stream(2),
            state: BTreeMap::new(),
            disk: Disk::new(stream(3), settings.disk_bytes_max),
            net: Net::new(stream(4), settings),
            metrics: Vec::new(),
            lines: Vec::new(),
        })
    }

    /// The time, in nanoseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn now_ns(&self) -> i64 {
        self.now_ns
    }

    /// Lets time pass; it stops at the last nanosecond that an `i64` can say.
    pub fn advance(&mut self, ns: u64) {
        self.now_ns = self.now_ns.saturating_add_unsigned(ns);
    }

    /// Pulls the plug: of what was written to a file and not made durable, all, a part or nothing is left, as the seed
    /// wants. Durable state, messages under way, metrics and lines stay.
    pub fn crash(&mut self) {
        self.disk.crash();
    }

    /// The metrics that were emitted, in order.
    #[must_use]
    pub fn metrics(&self) -> &[(String, f64)] {
        &self.metrics
    }

    /// The lines that were logged, in order.
    #[must_use]
    pub fn lines(&self) -> &[(Level, String)] {
        &self.lines
    }

    /// Puts a value where [`ReadState`] finds it.
    pub fn set_state(&mut self, key: impl Into<String>, value: impl Into<Vec<u8>>) {
        self.state.insert(key.into(), value.into());
    }

    fn io(&mut self, io: Io) -> Result<Moved, Failure> {
        match io {
            Io::Read { path, bytes_max } => self.disk.read(&path, bytes_max).map(Moved::Bytes),
            Io::Write { path, bytes } => self.disk.write(&path, bytes).map(|()| Moved::Nothing),
            Io::Sync { path } => self.disk.sync(&path).map(|()| Moved::Nothing),
            Io::Remove { path } => self.disk.remove(&path).map(|()| Moved::Nothing),
            Io::Send { to, bytes } => self
                .net
                .send(&to, bytes, self.now_ns)
                .map(|()| Moved::Nothing),
            Io::Receive { at } => Ok(self
                .net
                .receive(&at, self.now_ns)
                .map_or(Moved::Nothing, Moved::Bytes)),
        }
    }
}

impl Interp<Standard> for Simulated {
    fn step(&mut self, op: <Standard as Row>::Op) -> Flow<<Standard as Row>::Out> {
        use Sum::{Here, There};
        let took = 1 + self.pace.below(self.operation_ns_max);
        self.advance(took);
        ControlFlow::Continue(match op {
            Here(ReadState { key }) => Here(Ok(self.state.get(&*key).cloned())),
            There(Here(WriteState { key, value })) => {
                self.state.insert(key.into_owned(), value);
                There(Here(Ok(())))
            }
            There(There(Here(EmitMetric { name, value }))) => {
                self.metrics.push((name.into_owned(), value));
                There(There(Here(())))
            }
            There(There(There(Here(Log { level, message })))) => {
                self.lines.push((level, message.into_owned()));
                There(There(There(Here(()))))
            }
            There(There(There(There(Here(Clock))))) => {
                There(There(There(There(Here(self.now_ns)))))
            }
            There(There(There(There(There(Here(Random)))))) => {
                There(There(There(There(There(Here(self.random.next_u64()))))))
            }
            There(There(There(There(There(There(Here(io))))))) => {
                There(There(There(There(There(There(Here(self.io(io))))))))
            }
            There(There(There(There(There(There(There(never))))))) => match never {},
        })
    }
}

fn failed<T>(kind: FailureKind, what: &str) -> Result<T, Failure> {
    Err(Failure::new(kind, what.to_owned()))
}
