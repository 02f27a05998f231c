//! Slots of threads: taken at a thread's first firing, given back when it ends.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};

use super::hazard::Slot;
use super::sync;

/// Something that frees what is not announced any more.
pub(super) trait Sweep: Send + Sync {
    /// Frees what can be freed; never waits for a firing.
    fn sweep(&self);
}

#[derive(Debug)]
struct Pool {
    all: Vec<&'static Slot>,
    free: Vec<&'static Slot>,
}

/// As many slots as there were firing threads at the same time; they are never freed.
static POOL: Mutex<Pool> = Mutex::new(Pool {
    all: Vec::new(),
    free: Vec::new(),
});

/// Who is to sweep when the slot of that index ends a firing.
static REQUESTS: Mutex<Vec<(usize, Weak<dyn Sweep>)>> = Mutex::new(Vec::new());

thread_local! {
    // Without a destructor, so that reading it is one load and works in destructors of other thread locals.
    static CURRENT: Cell<Option<&'static Slot>> = const { Cell::new(None) };
    // The same slot, but only if announcing on it needs no fence that the compiler does not know of.
    static FAST: Cell<Option<&'static Slot>> = const { Cell::new(None) };
    static EXIT: Exit = const { Exit };
    static LOCKED: Cell<bool> = const { Cell::new(false) };
    static BORROWED: Cell<usize> = const { Cell::new(0) };
}

struct Exit;

impl Drop for Exit {
    fn drop(&mut self) {
        FAST.set(None);
        if let Some(slot) = CURRENT.take() {
            let _inside = Inside::enter();
            locked(&POOL).free.push(slot);
        }
    }
}

/// Poison is ignored: nothing that holds these locks can panic half-way through a change.
pub(super) fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A slot that belongs to the calling thread for as long as this value lives.
#[derive(Debug)]
pub(super) struct Own {
    slot: &'static Slot,
    not_send: PhantomData<*const ()>,
}

impl Own {
    #[inline(always)]
    fn new(slot: &'static Slot) -> Self {
        Self {
            slot,
            not_send: PhantomData,
        }
    }

    /// The slot.
    #[inline(always)]
    pub(super) fn slot(&self) -> &'static Slot {
        self.slot
    }
}

/// As [`Own`], perhaps given back at the end. The fast path does without, so that it has nothing to drop.
#[derive(Debug)]
pub(super) struct Mine {
    own: Own,
    borrowed: bool,
}

impl Mine {
    /// The slot, for as long as it is not given back.
    pub(super) fn own(&self) -> &Own {
        &self.own
    }
}

impl Drop for Mine {
    fn drop(&mut self) {
        if self.borrowed {
            give_back(self.own.slot);
        }
    }
}

#[cold]
fn give_back(slot: &'static Slot) {
    BORROWED.set(BORROWED.get().saturating_sub(1));
    let _inside = Inside::enter();
    locked(&POOL).free.push(slot);
}

/// The thread's slot, when it has one and [`sync::FENCED`] says the truth about it.
#[inline(always)]
pub(super) fn fast() -> Option<Own> {
    FAST.get().map(Own::new)
}

/// A slot and its free level: the thread's own, made now if needed, or another one for the time being when the thread's
/// own is full or the thread is ending. `None` while the thread is inside the bus itself (an allocator that fires, say).
pub(super) fn slot() -> Option<(Mine, usize)> {
    if LOCKED.get() {
        return None;
    }
    let current = CURRENT.get();
    match current.and_then(|slot| slot.level().map(|level| (slot, level))) {
        Some((slot, level)) => {
            let own = Own::new(slot);
            let borrowed = false;
            Some((Mine { own, borrowed }, level))
        }
        None => Some((borrow(), 0)),
    }
}

fn borrow() -> Mine {
    let (slot, fresh) = {
        let _inside = Inside::enter();
        let fresh = CURRENT.get().is_none() && EXIT.try_with(|_| ()).is_ok();
        (take(), fresh)
    };
    if fresh {
        CURRENT.set(Some(slot));
        FAST.set(Some(slot).filter(|slot| slot.fenced() == sync::FENCED));
    } else {
        BORROWED.set(BORROWED.get() + 1);
    }
    Mine {
        own: Own::new(slot),
        borrowed: !fresh,
    }
}

fn take() -> &'static Slot {
    let mut pool = locked(&POOL);
    if let Some(slot) = pool.free.pop() {
        return slot;
    }
    let slot: &'static Slot = Box::leak(Box::new(Slot::new(pool.all.len(), !sync::asymmetric())));
    pool.all.push(slot);
    slot
}

/// Whether the calling thread is in a callback.
pub(super) fn firing() -> bool {
    BORROWED.get() > 0 || CURRENT.get().is_some_and(|slot| !slot.is_idle())
}

/// Marks that the calling thread holds a lock of the bus: firings on it meanwhile are counted as missed.
#[derive(Debug)]
pub(super) struct Inside {
    outermost: bool,
    slot: Option<&'static Slot>,
}

impl Inside {
    pub(super) fn enter() -> Self {
        let outermost = !LOCKED.replace(true);
        let own = if outermost { CURRENT.get() } else { None };
        let slot = own.filter(|slot| slot.close());
        Self { outermost, slot }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        if let Some(slot) = self.slot {
            slot.open();
        }
        if self.outermost {
            LOCKED.set(false);
        }
    }
}

/// What all threads announce, as of after the call. Sorted.
#[derive(Debug)]
pub(super) struct Held(Vec<*mut ()>);

impl Held {
    /// Runs the barrier on all threads, then looks.
    pub(super) fn look() -> Self {
        sync::heavy();
        let mut held = Vec::new();
        for slot in &locked(&POOL).all {
            slot.collect(&mut held);
        }
        held.sort_unstable();
        Self(held)
    }

    pub(super) fn contains<T>(&self, pointer: *mut T) -> bool {
        self.0.binary_search(&pointer.cast()).is_ok()
    }

    /// Asks every thread that announces something to call `sweeper` when it ends a firing. Look again afterwards.
    pub(super) fn ask(sweeper: &Weak<dyn Sweep>) {
        let pool = locked(&POOL);
        let mut requests = locked(&REQUESTS);
        let mut held = Vec::new();
        for slot in &pool.all {
            held.clear();
            slot.collect(&mut held);
            if held.is_empty() {
                continue;
            }
            let known = requests
                .iter()
                .any(|(index, weak)| *index == slot.index() && Weak::ptr_eq(weak, sweeper));
            if !known {
                requests.push((slot.index(), sweeper.clone()));
            }
            slot.ask();
        }
    }
}

/// Sweeps for everybody who asked this slot.
#[cold]
#[inline(never)]
pub(super) fn attend(slot: &Slot) {
    slot.answered();
    let mut mine = Vec::new();
    {
        let _inside = Inside::enter();
        locked(&REQUESTS).retain(|(index, weak)| {
            let is_mine = *index == slot.index();
            if is_mine {
                mine.push(weak.clone());
            }
            !is_mine
        });
    }
    for sweeper in mine {
        if let Some(sweeper) = sweeper.upgrade() {
            sweeper.sweep();
        }
    }
}
