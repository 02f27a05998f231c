//! Time, for protocols that limit it.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Where time comes from. Only messages with a time limit ask for it; there is no clock by default.
pub trait Clock {
    /// Time since any fixed point, never going back.
    fn now(&self) -> Duration;

    /// Ready once [`now`](Self::now) has reached `deadline`; until then it arranges that the task is woken.
    fn poll_until(&mut self, cx: &mut Context<'_>, deadline: Duration) -> Poll<()>;
}

/// A clock that stands still until it is moved. Clones show the same time.
#[derive(Debug, Clone, Default)]
pub struct ManualClock {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    now: Duration,
    /// Who waits, and for when.
    waiting: Vec<(Duration, Waker)>,
}

impl ManualClock {
    /// A clock that shows zero.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves time on and wakes those whose time has come.
    pub fn advance(&self, by: Duration) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.now = shared.now.saturating_add(by);
        let now = shared.now;
        let (due, waiting) = std::mem::take(&mut shared.waiting)
            .into_iter()
            .partition::<Vec<_>, _>(|(deadline, _)| *deadline <= now);
        shared.waiting = waiting;
        drop(shared);
        due.into_iter().for_each(|(_, waker)| waker.wake());
    }

    /// When the next waiter's time comes.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.waiting.iter().map(|(deadline, _)| *deadline).min()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Duration {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.now
    }

    fn poll_until(&mut self, cx: &mut Context<'_>, deadline: Duration) -> Poll<()> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if shared.now >= deadline {
            return Poll::Ready(());
        }
        let is_known =
            |(at, waker): &(Duration, Waker)| *at == deadline && waker.will_wake(cx.waker());
        if !shared.waiting.iter().any(is_known) {
            shared.waiting.push((deadline, cx.waker().clone()));
        }
        Poll::Pending
    }
}
