//! What this thread is doing: contracts do not look at what they call themselves.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

thread_local! {
    /// How many reasons there are not to look at contracts.
    static OFF: Cell<usize> = const { Cell::new(0) };
    /// Addresses of the instances whose operations are running.
    static INSTANCES: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Whether contracts run on this thread now.
pub(crate) fn is_on() -> bool {
    OFF.try_with(|off| off.get() == 0).unwrap_or(false)
}

struct Off;

impl Off {
    fn begin() -> Self {
        let _ = OFF.try_with(|off| off.set(off.get() + 1));
        Self
    }
}

impl Drop for Off {
    fn drop(&mut self) {
        let _ = OFF.try_with(|off| off.set(off.get().saturating_sub(1)));
    }
}

/// Calls `call` with every contract of this thread off, also when it unwinds.
pub fn without_contracts<R>(call: impl FnOnce() -> R) -> R {
    let _off = Off::begin();
    call()
}

/// Calls what a contract itself needs: reading the state may call operations, which are then not looked at.
pub(crate) fn checking<R>(call: impl FnOnce() -> R) -> R {
    without_contracts(call)
}

/// An operation of an instance that is running; over when dropped, also by a panic.
#[derive(Debug)]
pub(crate) struct Running {
    /// Whether no other operation of the instance is running, so that its invariants must hold.
    pub(crate) is_outermost: bool,
    counted: bool,
}

impl Running {
    pub(crate) fn begin(address: Option<usize>) -> Self {
        let Some(address) = address else {
            return Self {
                is_outermost: true,
                counted: false,
            };
        };
        let entered = INSTANCES.try_with(|all| {
            let mut all = all.borrow_mut();
            let is_outermost = !all.contains(&address);
            all.push(address);
            is_outermost
        });
        Self {
            is_outermost: entered.unwrap_or(false),
            counted: entered.is_ok(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.counted {
            let _ = INSTANCES.try_with(|all| all.borrow_mut().pop());
        }
    }
}

static TOO_COSTLY: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Clauses that were not checked in this process because they took more than a million steps, as
/// `specs/x.spec:7: ensures "sorted"`.
#[must_use]
pub fn too_costly() -> Vec<String> {
    let all = TOO_COSTLY.lock().unwrap_or_else(PoisonError::into_inner);
    all.iter().cloned().collect()
}

/// Notes a clause that was too costly, and says so on standard error the first time.
pub(crate) fn note_too_costly(clause: String) {
    let mut all = TOO_COSTLY.lock().unwrap_or_else(PoisonError::into_inner);
    if all.contains(&clause) {
        return;
    }
    #[expect(
        clippy::print_stderr,
        reason = "a check that is left out must not be silent, and nobody hands the contract a place to say it"
    )]
    {
        eprintln!(
            "{clause}: too costly to check here; it is held against smaller inputs by tests from the spec"
        );
    }
    all.insert(clause);
}
