//! Everything of a bus that is changed under its lock.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use voidstate_core::{HookId, HookInfo, HookName, ToolId};

use super::info::{CallbackId, CallbackInfo, CallbackSpec};
use super::list::{self, Book, Call, Gone, Line};
use super::order;
use super::thread::{Inside, Sweep, locked};
use super::ticket::Pending;
use crate::{Error, Result};

/// So many replaced lists are let pile up before a sweep, which makes every core of the process take an interrupt.
const SWEEP_EVERY: usize = 64;

pub(super) struct Inner<P: ?Sized + 'static> {
    me: Weak<Self>,
    state: Mutex<State<P>>,
}

struct State<P: ?Sized + 'static> {
    books: Vec<Book<P>>,
    by_name: BTreeMap<HookName, usize>,
    callbacks: BTreeMap<u64, Record<P>>,
    next_id: u64,
    sweep_at: usize,
}

struct Record<P: ?Sized + 'static> {
    spec: Arc<CallbackSpec>,
    call: Call<P>,
    enabled: bool,
}

/// The lock, and the mark that this thread holds it; fields are dropped in this order.
struct Locked<'a, P: ?Sized + 'static> {
    state: MutexGuard<'a, State<P>>,
    _inside: Inside,
}

impl<P: ?Sized> Deref for Locked<'_, P> {
    type Target = State<P>;
    fn deref(&self) -> &State<P> {
        &self.state
    }
}

impl<P: ?Sized> DerefMut for Locked<'_, P> {
    fn deref_mut(&mut self) -> &mut State<P> {
        &mut self.state
    }
}

impl<P: ?Sized> State<P> {
    fn book(&mut self, hook: HookId) -> Result<&mut Book<P>> {
        let found = usize::try_from(hook.0)
            .ok()
            .and_then(|index| self.books.get_mut(index));
        found.ok_or(Error::HookUnknown { id: hook.0 })
    }

    fn has(&self, owner: &ToolId) -> bool {
        self.callbacks
            .values()
            .any(|record| record.spec.owner == *owner)
    }

    fn check_cycle(&self, spec: &CallbackSpec) -> Result<()> {
        if spec.after.is_empty() {
            return Ok(());
        }
        let mut orderings: BTreeMap<&ToolId, BTreeSet<&ToolId>> = BTreeMap::new();
        for record in self.callbacks.values() {
            let after = orderings.entry(&record.spec.owner).or_default();
            after.extend(&record.spec.after);
        }
        match order::cycle(&orderings, &spec.owner, &spec.after) {
            Some(cycle) => Err(Error::OrderingCycle { cycle }),
            None => Ok(()),
        }
    }

    fn check_missing(&self, spec: &CallbackSpec) -> Result<()> {
        match spec.after.iter().find(|tool| !self.has(tool)) {
            Some(missing) => Err(Error::OrderingMissing {
                owner: spec.owner.to_string(),
                missing: missing.to_string(),
            }),
            None => Ok(()),
        }
    }

    /// Sweeps when enough has piled up.
    fn tidy(&mut self) -> Vec<Gone<P>> {
        if self.retired() < self.sweep_at {
            return Vec::new();
        }
        self.sweep(None)
    }

    fn retired(&self) -> usize {
        self.books.iter().map(Book::retired).sum()
    }

    fn sweep(&mut self, asked: Option<&Weak<dyn Sweep>>) -> Vec<Gone<P>> {
        let gone = list::sweep(&mut self.books, asked);
        // What is held by a hanging callback stays; it must not make every later change sweep.
        self.sweep_at = SWEEP_EVERY + 2 * self.retired();
        gone
    }
}

/// Drops captures; no lock may be held.
fn finish<P: ?Sized>(gone: Vec<Gone<P>>) {
    gone.into_iter().for_each(Gone::finish);
}

impl<P: ?Sized> Inner<P> {
    pub(super) fn new() -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            state: Mutex::new(State {
                books: Vec::new(),
                by_name: BTreeMap::new(),
                callbacks: BTreeMap::new(),
                next_id: 0,
                sweep_at: SWEEP_EVERY,
            }),
        })
    }

    pub(super) fn me(&self) -> Weak<Self> {
        Weak::clone(&self.me)
    }

    fn lock(&self) -> Locked<'_, P> {
        let inside = Inside::enter();
        Locked {
            state: locked(&self.state),
            _inside: inside,
        }
    }

    pub(super) fn declare(&self, name: &HookName) -> Arc<Line<P>> {
        let mut state = self.lock();
        let state = &mut *state;
        if let Some(book) = state
            .by_name
            .get(name)
            .and_then(|index| state.books.get(*index))
        {
            return Arc::clone(book.line());
        }
        let index = state.books.len();
        // 2^32 hooks would need hundreds of gigabytes; saturating never meets them.
        let id = HookId(u32::try_from(index).unwrap_or(u32::MAX));
        let mut book = Book::new(name.clone(), id);
        for (id, record) in &state.callbacks {
            if record.spec.pattern.matches(name.as_str()) {
                book.add(CallbackId(*id), &record.spec, &record.call, record.enabled);
            }
        }
        let line = Arc::clone(book.line());
        state.books.push(book);
        state.by_name.insert(name.clone(), index);
        line
    }

    pub(super) fn hook(&self, name: &HookName) -> Option<Arc<Line<P>>> {
        let state = self.lock();
        let index = state.by_name.get(name)?;
        state.books.get(*index).map(|book| Arc::clone(book.line()))
    }

    pub(super) fn subscribe(
        &self,
        spec: CallbackSpec,
        call: Call<P>,
        strict: bool,
    ) -> Result<CallbackId> {
        let (id, gone) = {
            let mut state = self.lock();
            let state = &mut *state;
            state.check_cycle(&spec)?;
            if strict {
                state.check_missing(&spec)?;
            }
            let id = state.next_id;
            state.next_id += 1;
            let spec = Arc::new(spec);
            for book in &mut state.books {
                if spec.pattern.matches(book.line().name().as_str()) {
                    book.add(CallbackId(id), &spec, &call, true);
                }
            }
            let record = Record {
                spec,
                call,
                enabled: true,
            };
            state.callbacks.insert(id, record);
            (CallbackId(id), state.tidy())
        };
        finish(gone);
        Ok(id)
    }

    pub(super) fn check_orderings(&self) -> Result<()> {
        let state = self.lock();
        for record in state.callbacks.values() {
            state.check_missing(&record.spec)?;
        }
        Ok(())
    }

    pub(super) fn unregister(&self, id: CallbackId) -> Result<Arc<Pending>> {
        let pending = Arc::new(Pending::default());
        let (record, gone) = {
            let mut state = self.lock();
            let record = state.callbacks.remove(&id.0);
            let record = record.ok_or(Error::CallbackUnknown { id: id.0 })?;
            for book in &mut state.books {
                book.remove(id, &pending);
            }
            (record, state.tidy())
        };
        super::panics::discard(record);
        finish(gone);
        Ok(pending)
    }

    pub(super) fn set_enabled(&self, hook: HookId, enabled: bool) -> Result<()> {
        let gone = {
            let mut state = self.lock();
            state.book(hook)?.set_enabled(enabled);
            state.tidy()
        };
        finish(gone);
        Ok(())
    }

    pub(super) fn set_callback_enabled(&self, id: CallbackId, enabled: bool) -> Result<()> {
        let gone = {
            let mut state = self.lock();
            let state = &mut *state;
            let record = state.callbacks.get_mut(&id.0);
            let record = record.ok_or(Error::CallbackUnknown { id: id.0 })?;
            if record.enabled != enabled {
                record.enabled = enabled;
                for book in &mut state.books {
                    book.set_callback_enabled(id, enabled);
                }
            }
            state.tidy()
        };
        finish(gone);
        Ok(())
    }

    pub(super) fn add_row(&self, hook: HookId, slot: usize) {
        let gone = {
            let mut state = self.lock();
            if let Ok(book) = state.book(hook) {
                book.add_row(slot);
            }
            state.tidy()
        };
        finish(gone);
    }

    pub(super) fn list(&self) -> Vec<HookInfo> {
        let state = self.lock();
        let indexes = state.by_name.values();
        indexes
            .filter_map(|index| state.books.get(*index))
            .map(Book::info)
            .collect()
    }

    pub(super) fn callbacks(&self, hook: HookId) -> Result<Vec<CallbackInfo>> {
        Ok(self.lock().book(hook)?.callbacks())
    }

    pub(super) fn missed(&self, hook: HookId) -> Result<u64> {
        Ok(self.lock().book(hook)?.missed())
    }
}

impl<P: ?Sized> Sweep for Inner<P> {
    fn sweep(&self) {
        let me: Weak<dyn Sweep> = self.me();
        let gone = self.lock().sweep(Some(&me));
        finish(gone);
    }
}

impl<P: ?Sized> Drop for Inner<P> {
    fn drop(&mut self) {
        let (callbacks, gone) = {
            let mut state = self.lock();
            let state = &mut *state;
            state.books.iter_mut().for_each(Book::clear);
            let gone = state.sweep(None);
            (std::mem::take(&mut state.callbacks), gone)
        };
        for record in callbacks.into_values() {
            super::panics::discard(record);
        }
        finish(gone);
    }
}
