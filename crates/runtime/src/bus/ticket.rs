//! Waiting until a callback that was taken out is not under way any more.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::thread::{self, Sweep, locked};

/// How many hooks still hold a callback that was taken out.
#[derive(Debug, Default)]
pub(super) struct Pending {
    left: Mutex<usize>,
    changed: Condvar,
}

impl Pending {
    pub(super) fn one_more(&self) {
        *locked(&self.left) += 1;
    }

    pub(super) fn one_less(&self) {
        let mut left = locked(&self.left);
        *left = left.saturating_sub(1);
        if *left == 0 {
            self.changed.notify_all();
        }
    }
}

/// What [`Ticket::wait`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Waited {
    /// No call is under way and none will come; the captures are dropped.
    Finished,
    /// Asked from inside a callback: calls may still be under way, perhaps this very one. The captures are dropped by
    /// the thread that ends the last of them.
    Deferred,
    /// Calls were still under way when the time was over; as for [`Deferred`](Self::Deferred) otherwise.
    TimedOut,
}

/// Proof that a callback was taken out; see [`HookBus::unregister`](super::HookBus::unregister).
#[must_use = "captures are dropped when `wait` is called, or some changes of the bus later"]
pub struct Ticket {
    pending: Arc<Pending>,
    bus: Arc<dyn Sweep>,
}

impl Ticket {
    pub(super) fn new(pending: Arc<Pending>, bus: Arc<dyn Sweep>) -> Self {
        Self { pending, bus }
    }

    /// Waits until no call of the callback is under way; its captures are dropped by then, once.
    ///
    /// Inside a callback (of any bus) it never blocks, since the call might wait for itself or for another waiting
    /// callback: it answers [`Waited::Deferred`] unless everything is finished already. Elsewhere it blocks for as long
    /// as the longest call; use [`wait_timeout`](Self::wait_timeout) where a callback may hang.
    pub fn wait(&self) -> Waited {
        self.wait_until(None)
    }

    /// As [`wait`](Self::wait), for at most `time`.
    pub fn wait_timeout(&self, time: Duration) -> Waited {
        self.wait_until(Instant::now().checked_add(time))
    }

    /// Whether the captures are dropped. Never blocks, and frees nothing by itself.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        *locked(&self.pending.left) == 0
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Waited {
        if self.is_finished() {
            return Waited::Finished;
        }
        self.bus.sweep();
        let mut left = locked(&self.pending.left);
        while *left > 0 {
            if thread::firing() {
                return Waited::Deferred;
            }
            left = match deadline {
                None => self
                    .pending
                    .changed
                    .wait(left)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let rest = deadline.saturating_duration_since(Instant::now());
                    if rest.is_zero() {
                        return Waited::TimedOut;
                    }
                    let woken = self.pending.changed.wait_timeout(left, rest);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        Waited::Finished
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}
