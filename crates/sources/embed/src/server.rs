//! The thread that empties the ring and serves watchers.

use std::borrow::Cow;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use voidstate_core::Unit;

use crate::ring::{self, Drop, RING_RECORDS, Record};
use crate::tables::{Encoded, Tables};
use crate::wire::{FRAME, Frame, HELLO, Hello};
use crate::{Error, memory, site};

/// Watchers at a time; one more is turned away.
pub const WATCHERS_MAX: usize = 8;
/// Bytes that wait for a slow watcher before signals are dropped for it.
const WAITING_BYTES_MAX: usize = 1 << 20;
/// How often the ring is emptied while somebody watches.
const TICK: Duration = Duration::from_millis(10);
/// How often counters are turned into samples.
const STATISTICS: Duration = Duration::from_secs(1);
/// How long the end of the program waits for slow watchers.
const FAREWELL: Duration = Duration::from_millis(200);

/// One attached watcher.
#[derive(Debug)]
struct Watcher {
    stream: UnixStream,
    waiting: Vec<u8>,
    dropped: u64,
}

impl Watcher {
    fn send(&mut self, frame: &Encoded) {
        if frame.signals > 0 && self.waiting.len() > WAITING_BYTES_MAX {
            self.dropped += frame.signals;
            return;
        }
        self.waiting.extend_from_slice(&frame.bytes);
    }

    /// Says what was dropped for this watcher as soon as there is room again.
    fn confess(&mut self) {
        if self.dropped == 0 || self.waiting.len() > WAITING_BYTES_MAX {
            return;
        }
        if let Ok(bytes) = dropped_frame(Drop::Slow, self.dropped) {
            self.waiting.extend(bytes);
            self.dropped = 0;
        }
    }

    /// Writes what the socket takes; false when the watcher is gone.
    fn flush(&mut self) -> bool {
        let mut written = 0;
        while let Some(rest @ [_, ..]) = self.waiting.get(written..) {
            match self.stream.write(rest) {
                Ok(0) => return false,
                Ok(bytes) => written += bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => return false,
            }
        }
        self.waiting.drain(..written);
        true
    }

    /// Watchers have nothing to say; reading only notices that one went away.
    fn is_there(&mut self) -> bool {
        let mut ignored = [0; 256];
        match self.stream.read(&mut ignored) {
            Ok(bytes) => bytes > 0,
            Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted),
        }
    }
}

fn dropped_frame(why: Drop, count: u64) -> Result<Vec<u8>, Error> {
    Ok(FRAME.encode(&Frame::Dropped {
        count,
        reason: why.reason().to_owned(),
    })?)
}

/// Whatever ends the thread, hook points go back to sleep.
struct Asleep;

impl std::ops::Drop for Asleep {
    fn drop(&mut self) {
        ring::set_watched(false);
    }
}

/// Serves until the other end of `woken` is closed.
pub(crate) fn run(listener: &UnixListener, woken: &UnixStream, hello: &Hello) {
    ring::stay_inside();
    let _asleep = Asleep;
    let mut tables = Tables::default();
    let mut watchers: Vec<Watcher> = Vec::new();
    let mut counters = Counters::new();
    let mut hurry = false;
    while !wait(listener, woken, watchers.is_empty(), hurry) {
        let before = watchers.len();
        accept(listener, hello, &tables, &mut watchers);
        if before == 0 && !watchers.is_empty() {
            forget();
            counters = Counters::new();
            ring::set_watched(true);
        }
        watchers.retain_mut(Watcher::is_there);
        hurry = round(&mut tables, &mut watchers, &mut counters);
        watchers.retain_mut(Watcher::flush);
        if watchers.is_empty() && before > 0 {
            ring::set_watched(false);
            forget();
        }
    }
    ring::set_watched(false);
    counters.due = Instant::now();
    round(&mut tables, &mut watchers, &mut counters);
    farewell(&mut watchers);
}

/// Waits for work; true when the observer was dropped. While nobody watches it sleeps without waking up.
fn wait(listener: &UnixListener, woken: &UnixStream, idle: bool, hurry: bool) -> bool {
    let tick = if hurry { Duration::ZERO } else { TICK };
    let timeout = Timespec {
        tv_sec: 0,
        tv_nsec: tick.subsec_nanos().into(),
    };
    let mut fds = [
        PollFd::new(woken, PollFlags::IN),
        PollFd::new(listener, PollFlags::IN),
    ];
    // Only the first while busy: a listener that cannot be served (no descriptors left) must not make the loop spin.
    let polled = if idle {
        poll(&mut fds, None)
    } else {
        poll(fds.get_mut(..1).unwrap_or_default(), Some(&timeout))
    };
    if polled.is_err_and(|error| error != rustix::io::Errno::INTR) {
        std::thread::sleep(TICK);
    }
    fds.first().is_some_and(|fd| !fd.revents().is_empty())
}

fn accept(listener: &UnixListener, hello: &Hello, tables: &Tables, watchers: &mut Vec<Watcher>) {
    loop {
        let stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return,
            Err(_) => return std::thread::sleep(TICK),
        };
        if watchers.len() >= WATCHERS_MAX || stream.set_nonblocking(true).is_err() {
            continue;
        }
        let Ok(mut waiting) = HELLO.encode(hello) else {
            continue;
        };
        let Ok(rows) = tables.greeting() else {
            continue;
        };
        waiting.extend(rows.into_iter().flat_map(|frame| frame.bytes));
        watchers.push(Watcher {
            stream,
            waiting,
            dropped: 0,
        });
    }
}

/// Throws away what nobody saw.
fn forget() {
    if let Some(receiver) = ring::receiver() {
        receiver.try_iter().take(RING_RECORDS).for_each(drop);
    }
    Drop::take_all().for_each(drop);
    site::take_all();
}

/// One round: ring and counters to every watcher. True when the ring is filled faster than once a tick.
fn round(tables: &mut Tables, watchers: &mut [Watcher], counters: &mut Counters) -> bool {
    if watchers.is_empty() {
        return false;
    }
    let mut records = counters.records();
    let fixed = records.len();
    if let Some(receiver) = ring::receiver() {
        records.extend(receiver.try_iter().take(RING_RECORDS));
    }
    let taken = records.len() - fixed;
    match tables.encode(records) {
        Ok(frames) => {
            for frame in &frames {
                watchers.iter_mut().for_each(|watcher| watcher.send(frame));
            }
        }
        // Only a value beyond the codec's own limits could come here; the batch is lost, and said.
        Err(_) => Drop::Batch.count((fixed + taken) as u64),
    }
    watchers.iter_mut().for_each(Watcher::confess);
    for (why, count) in Drop::take_all() {
        if let Ok(bytes) = dropped_frame(why, count) {
            watchers
                .iter_mut()
                .for_each(|watcher| watcher.waiting.extend_from_slice(&bytes));
        }
    }
    taken > RING_RECORDS / 2
}

fn farewell(watchers: &mut Vec<Watcher>) {
    let start = Instant::now();
    loop {
        watchers.iter_mut().for_each(Watcher::confess);
        watchers.retain_mut(|watcher| {
            watcher.flush() && !(watcher.waiting.is_empty() && watcher.dropped == 0)
        });
        if watchers.is_empty() || start.elapsed() >= FAREWELL {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Turns counters into samples once a second.
#[derive(Debug)]
struct Counters {
    since: Instant,
    due: Instant,
    memory: memory::Totals,
}

impl Counters {
    fn new() -> Self {
        let since = Instant::now();
        Self {
            since,
            due: since + STATISTICS,
            memory: memory::totals(),
        }
    }

    fn records(&mut self) -> Vec<Record> {
        let now = Instant::now();
        let seconds = now.duration_since(self.since).as_secs_f64();
        if now < self.due || seconds <= 0.0 {
            return Vec::new();
        }
        (self.since, self.due) = (now, now + STATISTICS);
        let time = ring::now_ns();
        let mut records = Vec::new();
        for tally in site::take_all() {
            let mut put = |name: &'static str, unit: Unit, value: f64| {
                let labels = vec![(Cow::Borrowed("function"), tally.name.to_owned())];
                records.push(Record::Sample {
                    name: Cow::Borrowed(name),
                    unit,
                    labels,
                    time,
                    value,
                });
            };
            put(
                "program.calls",
                Unit::PerSecond,
                tally.calls as f64 / seconds,
            );
            put(
                "program.errors",
                Unit::PerSecond,
                tally.errors as f64 / seconds,
            );
            if tally.calls > 0 {
                put(
                    "program.latency",
                    Unit::Seconds,
                    tally.sum_ns as f64 / tally.calls as f64 / 1e9,
                );
                put(
                    "program.latency_max",
                    Unit::Seconds,
                    tally.max_ns as f64 / 1e9,
                );
            }
        }
        self.memory(time, seconds, &mut records);
        records
    }

    /// Nothing when the allocator is not wrapped: a zero would be a lie.
    fn memory(&mut self, time: i64, seconds: f64, records: &mut Vec<Record>) {
        let totals = memory::totals();
        if totals.allocations == 0 {
            return;
        }
        let allocated = totals
            .allocated_bytes
            .wrapping_sub(self.memory.allocated_bytes);
        let allocations = totals.allocations.wrapping_sub(self.memory.allocations);
        let figures = [
            ("memory.live_bytes", Unit::Bytes, totals.live_bytes() as f64),
            (
                "memory.live_allocations",
                Unit::Count,
                totals.live_allocations() as f64,
            ),
            (
                "memory.allocated_bytes",
                Unit::BytesPerSecond,
                allocated as f64 / seconds,
            ),
            (
                "memory.allocations",
                Unit::PerSecond,
                allocations as f64 / seconds,
            ),
        ];
        records.extend(figures.map(|(name, unit, value)| Record::Sample {
            name: Cow::Borrowed(name),
            unit,
            labels: Vec::new(),
            time,
            value,
        }));
        self.memory = totals;
    }
}
