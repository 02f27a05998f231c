//! The list of callbacks of one hook: read without a lock, replaced as a whole, freed when nobody goes through it.
//!
//! # Why the unsafe code is sound
//! 1. A [`List`] is freed only by [`sweep`] or when its [`Line`] goes. [`sweep`] frees lists that were replaced before it
//!    looked and that no thread announces; a thread reads a list only between announcing it (having seen it current
//!    after the announcement) and withdrawing. When a line goes, nobody borrows it, so nobody fires.
//! 2. A list of version `v` points to seats that its [`Book`] holds in `seats` or in `gone`. A seat leaves `gone` only
//!    when no list of a version in which it stood is left, and `seats` only into `gone`, with a new list published in the
//!    same call. A book that ends hands everything to its line.
//! 3. Seats live in an `Arc`, so they stay where they are however the book moves them.
#![allow(
    unsafe_code,
    reason = "a firing must neither lock nor touch a reference count; see the module's text"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Instant;

use voidstate_core::{HookId, HookInfo, HookName, ToolId};

use super::hazard::{Announced, Slot};
use super::info::{CallbackId, CallbackInfo, CallbackSpec, LatencySummary};
use super::order::{self, Placed};
use super::panics;
use super::row::{BUCKETS, FIRED, Row, count};
use super::thread::{Held, Mine, Sweep, locked};
use super::ticket::Pending;

/// One in so many firings times some of its calls.
const SAMPLE_EVERY: u64 = 256;
/// How many neighbouring calls such a firing times.
const SAMPLE_CALLS: usize = 8;

/// A callback as it was given.
pub(super) type Call<P> = Arc<dyn Fn(&P) + Send + Sync>;

/// One callback at one hook.
pub(super) struct Seat<P: ?Sized + 'static> {
    call: Call<P>,
    id: CallbackId,
    spec: Arc<CallbackSpec>,
    cell: usize,
    enabled: AtomicBool,
    /// Version of the first list in which it may stand.
    first: u64,
    panics: AtomicU64,
    last_panic: Mutex<Option<String>>,
}

impl<P: ?Sized> Seat<P> {
    #[cold]
    #[inline(never)]
    fn panicked(&self, payload: Box<dyn std::any::Any + Send>) {
        let message = panics::message(&*payload);
        panics::discard(payload);
        self.panics.fetch_add(1, Ordering::Relaxed);
        let before = locked(&self.last_panic).replace(message);
        drop(before);
    }
}

impl<P: ?Sized> Placed for Arc<Seat<P>> {
    fn owner(&self) -> &ToolId {
        &self.spec.owner
    }
    fn priority(&self) -> i32 {
        self.spec.priority
    }
    fn number(&self) -> u64 {
        self.id.0
    }
    fn after(&self) -> &[ToolId] {
        &self.spec.after
    }
}

/// What a firing needs of a seat.
struct Entry<P: ?Sized + 'static> {
    call: *const (dyn Fn(&P) + Send + Sync),
    cell: usize,
}

struct List<P: ?Sized + 'static> {
    version: u64,
    entries: Box<[Entry<P>]>,
    /// Counters by slot.
    rows: Arc<[Option<Row>]>,
    /// Parallel to `entries`; looked at after a panic only.
    seats: Box<[*const Seat<P>]>,
}

// SAFETY: the pointers lead to values that are `Send + Sync` themselves, kept alive as the module's text says.
unsafe impl<P: ?Sized> Send for List<P> {}
// SAFETY: as above; a list is never changed.
unsafe impl<P: ?Sized> Sync for List<P> {}

impl<P: ?Sized> List<P> {
    #[inline(always)]
    fn run(&self, slot: &Slot, payload: &P) -> Fired {
        let Some(Some(row)) = self.rows.get(slot.index()) else {
            return Fired::NoRow;
        };
        let fired = count(row.counts(), FIRED);
        if fired.is_multiple_of(SAMPLE_EVERY) {
            self.run_timed(row, fired / SAMPLE_EVERY, payload);
        } else {
            self.run_plain(row, payload);
        }
        Fired::Done
    }

    /// One landing pad for the whole list; after a panic it goes on behind the callback that panicked.
    #[inline(always)]
    fn run_plain(&self, row: &Row, payload: &P) {
        let counts = row.counts();
        let entries = &*self.entries;
        let mut next = 0;
        while let Err(panic) = catch_unwind(AssertUnwindSafe(|| {
            while let Some(entry) = entries.get(next) {
                next += 1;
                count(counts, entry.cell);
                // SAFETY: the list is announced or its line is borrowed mutably (1), so its seats live (2).
                unsafe { (*entry.call)(payload) }
            }
        })) {
            self.panicked(next.wrapping_sub(1), panic);
        }
    }

    /// As [`run_plain`](Self::run_plain), and times a window of the list that moves on with every sample.
    #[cold]
    #[inline(never)]
    fn run_timed(&self, row: &Row, sample: u64, payload: &P) {
        let len = self.entries.len();
        let windows = len.div_ceil(SAMPLE_CALLS).max(1) as u64;
        let window = sample % windows;
        let mut since = None;
        for (position, entry) in self.entries.iter().enumerate() {
            let timed = (position / SAMPLE_CALLS) as u64 == window;
            let start = timed.then(|| since.unwrap_or_else(Instant::now));
            count(row.counts(), entry.cell);
            let result = catch_unwind(AssertUnwindSafe(|| {
                // SAFETY: as in `run_plain`.
                unsafe { (*entry.call)(payload) }
            }));
            since = start.map(|start| {
                let end = Instant::now();
                let nanos = end.saturating_duration_since(start).as_nanos();
                row.record(entry.cell, u64::try_from(nanos).unwrap_or(u64::MAX));
                end
            });
            if let Err(panic) = result {
                self.panicked(position, panic);
                since = None;
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn panicked(&self, position: usize, panic: Box<dyn std::any::Any + Send>) {
        match self.seats.get(position) {
            // SAFETY: as in `run_plain`.
            Some(seat) => unsafe { (**seat).panicked(panic) },
            None => panics::discard(panic),
        }
    }
}

/// Outcome of a firing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fired {
    /// Everybody was called, or there was nobody to call.
    Done,
    /// The slot has no counters at this hook yet; nobody was called.
    NoRow,
    /// The slot has no announcement left; nobody was called.
    Full,
}

/// The side of a hook that firing threads see.
#[repr(align(128))]
pub(super) struct Line<P: ?Sized + 'static> {
    current: AtomicPtr<List<P>>,
    name: HookName,
    id: HookId,
    missed: AtomicU64,
    grave: Mutex<Option<Grave<P>>>,
}

/// A list that was current a moment ago; it may be freed by now.
pub(super) struct Seen<P: ?Sized + 'static>(NonNull<List<P>>);

/// What a book left that firing threads may still read.
struct Grave<P: ?Sized + 'static> {
    retired: Vec<Retired<P>>,
    gone: Vec<Gone<P>>,
}

impl<P: ?Sized> Line<P> {
    pub(super) fn name(&self) -> &HookName {
        &self.name
    }

    pub(super) fn id(&self) -> HookId {
        self.id
    }

    /// Whether a firing would call anybody.
    #[inline(always)]
    pub(super) fn is_active(&self) -> bool {
        self.peek().is_some()
    }

    /// The list that is current now; `None` when there is nobody to call.
    #[inline(always)]
    pub(super) fn peek(&self) -> Option<Seen<P>> {
        NonNull::new(self.current.load(Ordering::Acquire)).map(Seen)
    }

    /// Counts a firing that could not be carried out.
    pub(super) fn miss(&self) {
        self.missed.fetch_add(1, Ordering::Relaxed);
    }

    /// Calls everybody on the list that is current now; `seen` was so a moment ago.
    ///
    /// `level` and `fenced` as for [`Slot::announce`].
    #[inline(always)]
    pub(super) fn fire(
        &self,
        seen: Seen<P>,
        mine: &Mine,
        level: usize,
        fenced: bool,
        payload: &P,
    ) -> Fired {
        let slot = mine.slot();
        match slot.announce(&self.current, seen.0.as_ptr(), level, fenced) {
            Announced::Pointer(list) => {
                let _announced = Announcement {
                    slot,
                    level,
                    fenced,
                };
                // SAFETY: announced on a slot of this thread (`Mine`) and seen current after that, so (1) it lives
                // until `_announced` withdraws.
                unsafe { (*list).run(slot, payload) }
            }
            Announced::Empty => Fired::Done,
            Announced::Full => Fired::Full,
        }
    }
}

impl<P: ?Sized> Drop for Line<P> {
    fn drop(&mut self) {
        let current = *self.current.get_mut();
        if let Some(current) = NonNull::new(current) {
            free(Retired(current));
        }
        let grave = self
            .grave
            .get_mut()
            .unwrap_or_else(|poison| poison.into_inner());
        if let Some(grave) = grave.take() {
            grave.retired.into_iter().for_each(free);
            grave.gone.into_iter().for_each(Gone::finish);
        }
    }
}

struct Announcement<'a> {
    slot: &'a Slot,
    level: usize,
    fenced: bool,
}

impl Drop for Announcement<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.slot.withdraw(self.level, self.fenced);
    }
}

/// A list that is not current any more; it owns the allocation.
struct Retired<P: ?Sized + 'static>(NonNull<List<P>>);

// SAFETY: owns a list, which is `Send`.
unsafe impl<P: ?Sized> Send for Retired<P> {}

impl<P: ?Sized> Retired<P> {
    fn version(&self) -> u64 {
        // SAFETY: it owns the list.
        unsafe { self.0.as_ref().version }
    }
}

/// The caller made sure that nobody reads the list: it is unannounced, or its line is going.
fn free<P: ?Sized>(retired: Retired<P>) {
    // SAFETY: the pointer came from `Box::into_raw` in `Book::publish` and is owned by `retired`.
    drop(unsafe { Box::from_raw(retired.0.as_ptr()) });
}

/// A seat that no new list names.
pub(super) struct Gone<P: ?Sized + 'static> {
    seat: Arc<Seat<P>>,
    /// Version of the last list in which it may stand.
    last: u64,
    pending: Option<Arc<Pending>>,
}

impl<P: ?Sized> Gone<P> {
    /// Drops the captures, unless another hook still needs them, then tells who waits. Runs foreign code: hold no lock.
    pub(super) fn finish(self) {
        panics::discard(self.seat);
        if let Some(pending) = self.pending {
            pending.one_less();
        }
    }
}

/// The side of a hook that is changed, under the bus's lock.
pub(super) struct Book<P: ?Sized + 'static> {
    line: Arc<Line<P>>,
    /// Version of the list that is current.
    version: u64,
    enabled: bool,
    /// In the order of calls.
    seats: Vec<Arc<Seat<P>>>,
    gone: Vec<Gone<P>>,
    retired: Vec<Retired<P>>,
    rows: Arc<[Option<Row>]>,
    /// Rows that became too small; their counts still count.
    outgrown: Vec<Row>,
    cells: usize,
    cells_free: Vec<usize>,
}

impl<P: ?Sized> Book<P> {
    pub(super) fn new(name: HookName, id: HookId) -> Self {
        Self {
            line: Arc::new(Line {
                current: AtomicPtr::new(std::ptr::null_mut()),
                name,
                id,
                missed: AtomicU64::new(0),
                grave: Mutex::new(None),
            }),
            version: 0,
            enabled: true,
            seats: Vec::new(),
            gone: Vec::new(),
            retired: Vec::new(),
            rows: Arc::new([]),
            outgrown: Vec::new(),
            cells: FIRED + 1,
            cells_free: Vec::new(),
        }
    }

    pub(super) fn line(&self) -> &Arc<Line<P>> {
        &self.line
    }

    /// How many lists wait to be freed.
    pub(super) fn retired(&self) -> usize {
        self.retired.len()
    }

    /// Puts a callback where it belongs.
    pub(super) fn add(
        &mut self,
        id: CallbackId,
        spec: &Arc<CallbackSpec>,
        call: &Call<P>,
        enabled: bool,
    ) {
        let cell = self.cells_free.pop().unwrap_or_else(|| {
            self.cells += 1;
            self.cells - 1
        });
        self.grow();
        self.seats.push(Arc::new(Seat {
            call: Arc::clone(call),
            id,
            spec: Arc::clone(spec),
            cell,
            enabled: AtomicBool::new(enabled),
            first: self.version + 1,
            panics: AtomicU64::new(0),
            last_panic: Mutex::new(None),
        }));
        order::sort(&mut self.seats);
        self.publish();
    }

    /// Takes a callback out; whether it was there.
    pub(super) fn remove(&mut self, id: CallbackId, pending: &Arc<Pending>) -> bool {
        let Some(position) = self.seats.iter().position(|seat| seat.id == id) else {
            return false;
        };
        let seat = self.seats.remove(position);
        // Whoever came after it may move forward.
        order::sort(&mut self.seats);
        pending.one_more();
        self.gone.push(Gone {
            seat,
            last: self.version,
            pending: Some(Arc::clone(pending)),
        });
        self.publish();
        true
    }

    /// Takes everybody out.
    pub(super) fn clear(&mut self) {
        let last = self.version;
        self.gone.extend(self.seats.drain(..).map(|seat| Gone {
            seat,
            last,
            pending: None,
        }));
        self.publish();
    }

    /// Switches the hook.
    pub(super) fn set_enabled(&mut self, enabled: bool) {
        if self.enabled != enabled {
            self.enabled = enabled;
            self.publish();
        }
    }

    /// Switches one callback.
    pub(super) fn set_callback_enabled(&mut self, id: CallbackId, enabled: bool) {
        if let Some(seat) = self.seats.iter().find(|seat| seat.id == id) {
            seat.enabled.store(enabled, Ordering::Relaxed);
            self.publish();
        }
    }

    /// Gives the slot of that index counters.
    pub(super) fn add_row(&mut self, index: usize) {
        if matches!(self.rows.get(index), Some(Some(_))) {
            return;
        }
        let mut rows = self.rows.to_vec();
        rows.resize(rows.len().max(index + 1), None);
        if let Some(row) = rows.get_mut(index) {
            *row = Some(Row::new(self.cells));
        }
        self.rows = rows.into();
        self.publish();
    }

    /// Replaces rows that have no counter for the newest cell.
    fn grow(&mut self) {
        let cells = self.cells;
        if self.rows.iter().flatten().all(|row| row.end() >= cells) {
            return;
        }
        let mut rows = self.rows.to_vec();
        for row in rows.iter_mut().flatten() {
            if row.end() < cells {
                self.outgrown.push(std::mem::replace(row, Row::new(cells)));
            }
        }
        self.rows = rows.into();
    }

    /// Makes a list of what the book says and puts it in place of the current one.
    fn publish(&mut self) {
        self.version += 1;
        let called = || {
            self.seats
                .iter()
                .filter(|seat| seat.enabled.load(Ordering::Relaxed))
        };
        let len = if self.enabled { called().count() } else { 0 };
        let new = if len == 0 {
            std::ptr::null_mut()
        } else {
            let mut entries = Vec::with_capacity(len);
            let mut seats = Vec::with_capacity(len);
            for seat in called() {
                entries.push(Entry {
                    call: Arc::as_ptr(&seat.call),
                    cell: seat.cell,
                });
                seats.push(Arc::as_ptr(seat));
            }
            Box::into_raw(Box::new(List {
                version: self.version,
                entries: entries.into_boxed_slice(),
                rows: Arc::clone(&self.rows),
                seats: seats.into_boxed_slice(),
            }))
        };
        // Release: whoever sees the pointer sees the list. Acquire: it may be freed through it later.
        let old = self.line.current.swap(new, Ordering::AcqRel);
        if let Some(old) = NonNull::new(old) {
            self.retired.push(Retired(old));
        }
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().flatten().chain(&self.outgrown)
    }

    fn total(&self, cell: usize) -> u64 {
        self.rows()
            .map(|row| row.read(cell))
            .fold(0, u64::wrapping_add)
    }

    pub(super) fn info(&self) -> HookInfo {
        HookInfo {
            name: self.line.name.clone(),
            category: self.line.name.category(),
            enabled: self.enabled,
            callbacks: self.seats.len(),
            fired: self.total(FIRED),
        }
    }

    pub(super) fn missed(&self) -> u64 {
        self.line.missed.load(Ordering::Relaxed)
    }

    pub(super) fn callbacks(&self) -> Vec<CallbackInfo> {
        let info = |seat: &Arc<Seat<P>>| {
            let mut buckets = [0; BUCKETS];
            for row in self.rows() {
                row.add_latency(seat.cell, &mut buckets);
            }
            CallbackInfo {
                id: seat.id,
                owner: seat.spec.owner.clone(),
                priority: seat.spec.priority,
                enabled: seat.enabled.load(Ordering::Relaxed),
                calls: self.total(seat.cell),
                panics: seat.panics.load(Ordering::Relaxed),
                last_panic: locked(&seat.last_panic).clone(),
                latency: LatencySummary::of(&buckets),
            }
        };
        self.seats.iter().map(info).collect()
    }

    /// Frees lists that `held` does not hold, then moves seats that no list names any more to `out`.
    ///
    /// `held` must have been looked up after the last change of this book.
    fn free(&mut self, held: &Held, out: &mut Vec<Gone<P>>) {
        for position in (0..self.retired.len()).rev() {
            let unheld = |list: &Retired<P>| !held.contains(list.0.as_ptr());
            if self.retired.get(position).is_some_and(unheld) {
                free(self.retired.swap_remove(position));
            }
        }
        for position in (0..self.gone.len()).rev() {
            let named = |gone: &Gone<P>| {
                let versions = gone.seat.first..=gone.last;
                self.retired
                    .iter()
                    .any(|list| versions.contains(&list.version()))
            };
            if self.gone.get(position).is_some_and(|gone| !named(gone)) {
                let gone = self.gone.swap_remove(position);
                for row in self.rows() {
                    row.clear(gone.seat.cell);
                }
                self.cells_free.push(gone.seat.cell);
                out.push(gone);
            }
        }
    }
}

impl<P: ?Sized> Drop for Book<P> {
    fn drop(&mut self) {
        self.clear();
        *locked(&self.line.grave) = Some(Grave {
            retired: std::mem::take(&mut self.retired),
            gone: std::mem::take(&mut self.gone),
        });
    }
}

/// Frees what no thread goes through. When something is left and `asked` is given, the threads that hold it are asked to
/// call that sweeper when they are done; none slips through between looking and asking.
///
/// Returns seats to be [finished](Gone::finish) without a lock.
pub(super) fn sweep<P: ?Sized>(
    books: &mut [Book<P>],
    asked: Option<&Weak<dyn Sweep>>,
) -> Vec<Gone<P>> {
    let mut out = Vec::new();
    let held = Held::look();
    for book in books.iter_mut() {
        book.free(&held, &mut out);
    }
    if let Some(sweeper) = asked
        && books.iter().any(|book| !book.gone.is_empty())
    {
        Held::ask(sweeper);
        let held = Held::look();
        for book in books.iter_mut() {
            book.free(&held, &mut out);
        }
    }
    out
}
