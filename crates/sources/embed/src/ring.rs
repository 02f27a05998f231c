//! The bounded queue between hook points and the thread that serves watchers.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use voidstate_core::{SpanStatus, Unit};

use crate::check::{is_hook_name, is_sample_name};
use crate::value::{Owned, Value, label_text};

/// Records that wait at most; one more is dropped and counted.
pub const RING_RECORDS: usize = 8192;

/// A text that is usually part of the program.
pub(crate) type Text = Cow<'static, str>;

/// Whether somebody watches. Hook points read it once, relaxed: a point that fires a moment too early or too late is
/// harmless.
static WATCHED: AtomicBool = AtomicBool::new(false);
static RING: OnceLock<Ring> = OnceLock::new();
static DROPS: [AtomicU64; Drop::ALL.len()] = [const { AtomicU64::new(0) }; Drop::ALL.len()];

thread_local! {
    /// Set while this thread is inside the crate, so that the crate's own allocations are not reported.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

struct Ring {
    send: SyncSender<Record>,
    receive: Mutex<Receiver<Record>>,
}

/// Why a record did not reach a watcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drop {
    /// The ring was full.
    Full,
    /// A name made at run time breaks the rules.
    Name,
    /// The batch could not be written.
    Batch,
    /// The table of series or texts is full.
    Table,
    /// The watcher reads too slowly.
    Slow,
}

impl Drop {
    pub(crate) const ALL: [Self; 5] =
        [Self::Full, Self::Name, Self::Batch, Self::Table, Self::Slow];

    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Full => "the program fired faster than its ring of 8192 records is emptied",
            Self::Name => "a hook name made at run time is not dotted segments of a-z, 0-9 and _",
            Self::Batch => "a batch could not be written in the form of the wire",
            Self::Table => "the program uses more than 4096 series, 8192 texts or 4 MiB of both",
            Self::Slow => "the watcher read too slowly and its buffer of 1 MiB was full",
        }
    }

    /// Adds `count` to what is reported to every watcher.
    pub(crate) fn count(self, count: u64) {
        if let Some(counter) = DROPS.get(self as usize) {
            counter.fetch_add(count, Ordering::Relaxed);
        }
    }

    /// What was counted since the last call, by reason.
    pub(crate) fn take_all() -> impl Iterator<Item = (Self, u64)> {
        Self::ALL
            .into_iter()
            .zip(&DROPS)
            .map(|(reason, counter)| (reason, counter.swap(0, Ordering::Relaxed)))
            .filter(|(_, count)| *count > 0)
    }
}

/// One thing on its way to the watchers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Record {
    Sample {
        name: Text,
        unit: Unit,
        labels: Vec<(Text, String)>,
        time: i64,
        value: f64,
    },
    Event {
        hook: Text,
        name: Text,
        time: i64,
        attributes: Vec<(Text, Owned)>,
    },
    Span(Box<SpanRecord>),
    /// Plain numbers only: it is made inside the allocator.
    Allocation {
        time: i64,
        bytes: u64,
        align: u64,
        estimated_bytes: f64,
        kind: &'static str,
    },
}

/// A finished span.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SpanRecord {
    pub(crate) trace_id: u128,
    pub(crate) span_id: u64,
    pub(crate) parent: Option<u64>,
    pub(crate) name: Text,
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) status: SpanStatus,
    pub(crate) attributes: Vec<(Text, Owned)>,
}

/// Whether somebody watches this program now; what every hook point asks first.
///
/// Cost: one relaxed load.
#[inline(always)]
#[must_use]
pub fn is_watched() -> bool {
    WATCHED.load(Ordering::Relaxed)
}

pub(crate) fn set_watched(watched: bool) {
    WATCHED.store(watched, Ordering::Relaxed);
}

/// Makes the ring, once per process.
pub(crate) fn open() {
    RING.get_or_init(|| {
        let (send, receive) = sync_channel(RING_RECORDS);
        Ring {
            send,
            receive: Mutex::new(receive),
        }
    });
}

/// The other end of the ring, for the one thread that empties it.
pub(crate) fn receiver() -> Option<MutexGuard<'static, Receiver<Record>>> {
    RING.get()
        .map(|ring| ring.receive.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Hands a record over without waiting: a full ring drops it and counts.
pub(crate) fn push(record: Record) {
    let Some(ring) = RING.get() else { return };
    match ring.send.try_send(record) {
        Ok(()) => {}
        Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Drop::Full.count(1),
    }
}

/// Runs `f` unless this thread is inside the crate already; the crate's own allocations in it are not reported.
pub(crate) fn outside<R>(f: impl FnOnce() -> R) -> Option<R> {
    let entered = INSIDE
        .try_with(|inside| !inside.replace(true))
        .unwrap_or(false);
    if !entered {
        return None;
    }
    let _leave = Leave;
    Some(f())
}

/// Marks the calling thread as the crate's own for good.
pub(crate) fn stay_inside() {
    INSIDE.with(|inside| inside.set(true));
}

struct Leave;

impl std::ops::Drop for Leave {
    fn drop(&mut self) {
        let _gone_with_its_thread = INSIDE.try_with(|inside| inside.set(false));
    }
}

/// The system's clock in nanoseconds since the epoch, held at the ends of the range.
pub(crate) fn now_ns() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
    }
}

/// Fires an event; what [`hook!`](crate::hook) calls when somebody watches.
#[cold]
pub fn fire_event(name: Text, attributes: &[(&'static str, Value<'_>)]) {
    outside(|| {
        if matches!(name, Cow::Owned(_)) && !is_hook_name(&name) {
            return Drop::Name.count(1);
        }
        let attributes = attributes
            .iter()
            .filter_map(|(key, value)| Some((Cow::Borrowed(*key), Owned::new(*value)?)))
            .collect();
        push(Record::Event {
            hook: name.clone(),
            name,
            time: now_ns(),
            attributes,
        });
    });
}

/// Fires a sample; what [`sample!`](crate::sample) calls when somebody watches.
#[cold]
pub fn fire_sample(name: Text, unit: Unit, value: f64, labels: &[(&'static str, Value<'_>)]) {
    outside(|| {
        if matches!(name, Cow::Owned(_)) && !is_sample_name(&name) {
            return Drop::Name.count(1);
        }
        let labels = labels
            .iter()
            .filter_map(|(key, value)| Some((Cow::Borrowed(*key), label_text(*value)?)))
            .collect();
        push(Record::Sample {
            name,
            unit,
            labels,
            time: now_ns(),
            value,
        });
    });
}
