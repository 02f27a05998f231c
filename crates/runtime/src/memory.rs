//! Who holds how much memory: an allocator that charges live bytes to owners.
//!
//! Each block carries its owner's number in two bytes behind its end. `dealloc` and `realloc` are told the size by their
//! contract, so the number is found again in constant time, from whatever thread and under whatever owner a block is
//! freed, with no table, no lock and no extra alignment. A front header would cost 16 bytes and break large alignments;
//! a side table would cost every free a look-up, also those that nobody measures.

mod attributing;

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

pub use attributing::Attributing;

/// How many owners there may be at a time.
pub const OWNERS_MAX: usize = 1023;

#[repr(align(64))]
struct Account {
    taken: AtomicBool,
    live_bytes: AtomicI64,
}

static ACCOUNTS: [Account; OWNERS_MAX + 1] = [const {
    Account {
        taken: AtomicBool::new(false),
        live_bytes: AtomicI64::new(0),
    }
}; OWNERS_MAX + 1];

thread_local! {
    static CURRENT: Cell<u16> = const { Cell::new(0) };
}

/// Number of this thread's owner; 0 is nobody.
fn current() -> u16 {
    CURRENT.try_with(Cell::get).unwrap_or(0)
}

fn charge(owner: u16, bytes: i64) {
    if let Some(account) = ACCOUNTS.get(usize::from(owner)) {
        account.live_bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// Somebody to whom memory is charged. Dropping it gives its number back once nothing charged to it is alive.
#[derive(Debug, PartialEq, Eq)]
pub struct Owner(u16);

impl Owner {
    /// A new owner with nothing charged, or `None` when all [`OWNERS_MAX`] are taken.
    ///
    /// Costs a scan of the accounts.
    #[must_use]
    pub fn claim() -> Option<Self> {
        let mut accounts = (0_u16..).zip(&ACCOUNTS).skip(1);
        accounts.find_map(|(number, account)| {
            let free = account.live_bytes.load(Ordering::Acquire) == 0
                && account
                    .taken
                    .compare_exchange(false, true, Ordering::AcqRel, Ordering::Relaxed)
                    .is_ok();
            free.then_some(Self(number))
        })
    }

    /// Bytes allocated on this owner's account and not yet freed; 0 when [`is_measured`] is false.
    #[must_use]
    pub fn live_bytes(&self) -> u64 {
        let account = ACCOUNTS.get(usize::from(self.0));
        let bytes = account.map_or(0, |a| a.live_bytes.load(Ordering::Relaxed));
        u64::try_from(bytes).unwrap_or(0)
    }

    /// Charges this thread's allocations to this owner until the guard is dropped.
    #[must_use]
    pub fn enter(&self) -> Entered {
        Entered::to(self.0)
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        if let Some(account) = ACCOUNTS.get(usize::from(self.0)) {
            account.taken.store(false, Ordering::Release);
        }
    }
}

/// Charges this thread's allocations to nobody until the guard is dropped.
#[must_use]
pub fn outside() -> Entered {
    Entered::to(0)
}

/// While it lives, this thread's allocations are charged as said; then as before.
#[derive(Debug)]
pub struct Entered {
    before: u16,
    stays_on_its_thread: PhantomData<*const ()>,
}

impl Entered {
    fn to(owner: u16) -> Self {
        Self {
            before: CURRENT.try_with(|c| c.replace(owner)).unwrap_or(0),
            stays_on_its_thread: PhantomData,
        }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        // A thread that is ending has nothing left to charge.
        let _ = CURRENT.try_with(|c| c.set(self.before));
    }
}

/// Whether the program's global allocator is an [`Attributing`] one, found out by allocating.
#[must_use]
pub fn is_measured() -> bool {
    let Some(owner) = Owner::claim() else {
        return false;
    };
    let entered = owner.enter();
    let block = std::hint::black_box(Box::new([0_u8; 64]));
    drop(entered);
    let seen = owner.live_bytes() >= 64;
    drop(block);
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_distinct_and_come_back() {
        let (a, b) = (Owner::claim().unwrap(), Owner::claim().unwrap());
        assert_ne!(a, b);
        let number = a.0;
        charge(number, 10);
        assert_eq!(a.live_bytes(), 10);
        drop(a);
        let c = Owner::claim().unwrap();
        assert_ne!(
            c.0, number,
            "a number with live bytes must not be issued again"
        );
        charge(number, -10);
    }

    #[test]
    fn guards_nest() {
        let owner = Owner::claim().unwrap();
        assert_eq!(current(), 0);
        {
            let _in = owner.enter();
            assert_eq!(current(), owner.0);
            {
                let _out = outside();
                assert_eq!(current(), 0);
            }
            assert_eq!(current(), owner.0);
        }
        assert_eq!(current(), 0);
    }
}
