//! The side of a hook that is changed: publishes lists, and frees what no thread goes through.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};

use voidstate_core::{HookId, HookInfo, HookName};

use super::line::{Grave, Line};
use super::seat::{Call, Seat};
use super::{Entry, List, Retired, free};
use crate::bus::info::{CallbackId, CallbackInfo, CallbackSpec, LatencySummary};
use crate::bus::row::{BUCKETS, FIRED, Row};
use crate::bus::thread::{Held, Sweep, locked};
use crate::bus::ticket::Pending;
use crate::bus::{order, panics};

/// A seat that no new list names.
pub(in crate::bus) struct Gone<P: ?Sized + 'static> {
    seat: Arc<Seat<P>>,
    /// Version of the last list in which it may stand.
    last: u64,
    pending: Option<Arc<Pending>>,
}

impl<P: ?Sized> Gone<P> {
    /// Drops the captures, unless another hook still needs them, then tells who waits. Runs foreign code: hold no lock.
    pub(in crate::bus) fn finish(self) {
        panics::discard(self.seat);
        if let Some(pending) = self.pending {
            pending.one_less();
        }
    }
}

/// The side of a hook that is changed, under the bus's lock.
pub(in crate::bus) struct Book<P: ?Sized + 'static> {
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
    pub(in crate::bus) fn new(name: HookName, id: HookId) -> Self {
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

    pub(in crate::bus) fn line(&self) -> &Arc<Line<P>> {
        &self.line
    }

    /// How many lists wait to be freed.
    pub(in crate::bus) fn retired(&self) -> usize {
        self.retired.len()
    }

    /// Puts a callback where it belongs.
    pub(in crate::bus) fn add(
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
    pub(in crate::bus) fn remove(&mut self, id: CallbackId, pending: &Arc<Pending>) -> bool {
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
    pub(in crate::bus) fn clear(&mut self) {
        let last = self.version;
        self.gone.extend(self.seats.drain(..).map(|seat| Gone {
            seat,
            last,
            pending: None,
        }));
        self.publish();
    }

    /// Switches the hook.
    pub(in crate::bus) fn set_enabled(&mut self, enabled: bool) {
        if self.enabled != enabled {
            self.enabled = enabled;
            self.publish();
        }
    }

    /// Switches one callback.
    pub(in crate::bus) fn set_callback_enabled(&mut self, id: CallbackId, enabled: bool) {
        if let Some(seat) = self.seats.iter().find(|seat| seat.id == id) {
            seat.enabled.store(enabled, Ordering::Relaxed);
            self.publish();
        }
    }

    /// Gives the slot of that index counters.
    pub(in crate::bus) fn add_row(&mut self, index: usize) {
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

    pub(in crate::bus) fn info(&self) -> HookInfo {
        HookInfo {
            name: self.line.name.clone(),
            category: self.line.name.category(),
            enabled: self.enabled,
            callbacks: self.seats.len(),
            fired: self.total(FIRED),
        }
    }

    pub(in crate::bus) fn missed(&self) -> u64 {
        self.line.missed.load(Ordering::Relaxed)
    }

    pub(in crate::bus) fn callbacks(&self) -> Vec<CallbackInfo> {
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
                // SAFETY: it was replaced before `held` was looked up, and nobody announces it (1).
                unsafe { free(self.retired.swap_remove(position)) };
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
pub(in crate::bus) fn sweep<P: ?Sized>(
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
