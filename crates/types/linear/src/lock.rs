//! A lock whose holding is a linear value.

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Loss, Refused};
use crate::linear::Linear;
use crate::policy::{Bomb, Policy, Scope, Unscoped};
use crate::scope::Done;

type Place = &'static Location<'static>;

/// The right to acquire a lock. [`acquire`](Self::acquire) uses it up and gives the held lock, whose
/// [`release`](AcquiredLock::release) gives it back.
///
/// Clones are rights of other threads to the same lock. No guard with a lifetime is involved, so a holder may go to another
/// thread. Waiting threads are served in no order. To acquire a clone while holding the lock waits for oneself: give it a
/// time limit.
///
/// A holder that is dropped or unwinds frees and poisons the lock; one that is forgotten keeps it, and the others learn at
/// their time limit where it was acquired.
pub struct LinearLock<T, P: Unscoped = Bomb> {
    shared: Arc<Shared<T>>,
    policy: PhantomData<fn() -> P>,
}

struct Shared<T> {
    name: String,
    desk: Mutex<Desk>,
    freed: Condvar,
    /// Only the holder locks it, so nobody ever waits for it.
    value: Mutex<T>,
}

struct Desk {
    state: State,
    /// How many threads wait: waking nobody would cost a system call.
    waiting: usize,
}

#[derive(Clone, Copy)]
enum State {
    Free,
    Held(Place),
    Poisoned(Place, Loss),
}

impl<T> Shared<T> {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        // Nothing panics while it is locked; were it so, the state would still be one of the three.
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, state: State) {
        let mut desk = self.desk();
        desk.state = state;
        let is_awaited = desk.waiting > 0;
        drop(desk);
        match state {
            _ if !is_awaited => {}
            // A poisoned lock concerns everyone who waits.
            State::Poisoned(..) => self.freed.notify_all(),
            _ => self.freed.notify_one(),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "how long somebody waits is real time, and nothing else depends on it"
    )]
    fn take(
        self: &Arc<Self>,
        limit: Option<Duration>,
        recovers: bool,
        at: Place,
    ) -> Result<Held<T>, Error> {
        let mut start = None;
        let mut desk = self.desk();
        loop {
            let holder = match desk.state {
                State::Poisoned(holder, how) if !recovers => {
                    let lock = self.name.clone();
                    return Err(Error::LockPoisoned { lock, holder, how });
                }
                State::Free | State::Poisoned(..) => {
                    desk.state = State::Held(at);
                    return Ok(Held {
                        shared: Arc::clone(self),
                        at,
                        is_released: false,
                    });
                }
                State::Held(holder) => holder,
            };
            // The clock is read by those who wait only.
            let waited = start.get_or_insert_with(Instant::now).elapsed();
            let left = limit.map(|limit| limit.saturating_sub(waited));
            if left == Some(Duration::ZERO) {
                let lock = self.name.clone();
                return Err(Error::LockHeld {
                    lock,
                    holder,
                    waited,
                });
            }
            desk.waiting += 1;
            desk = match left {
                Some(left) => {
                    let woken = self.freed.wait_timeout(desk, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let woken = self.freed.wait(desk);
                    woken.unwrap_or_else(PoisonError::into_inner)
                }
            };
            desk.waiting -= 1;
        }
    }
}

/// What a holder has; dropped before it is released, it poisons the lock.
struct Held<T> {
    shared: Arc<Shared<T>>,
    at: Place,
    is_released: bool,
}

impl<T> Held<T> {
    fn edit<R>(&mut self, work: impl FnOnce(&mut T) -> R) -> R {
        // A panic of `work` poisons the lock by way of the holder; that of the standard library says nothing more.
        let value = self.shared.value.lock();
        work(&mut value.unwrap_or_else(PoisonError::into_inner))
    }

    fn give_back(mut self) -> Arc<Shared<T>> {
        self.is_released = true;
        self.shared.put(State::Free);
        Arc::clone(&self.shared)
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        if !self.is_released {
            self.shared.put(State::Poisoned(self.at, Loss::now()));
        }
    }
}

impl<T> LinearLock<T> {
    /// A free lock around `value`; its holders are [`Bomb`]s. `name` is for error texts.
    pub fn new(name: impl Into<String>, value: T) -> Self {
        Self::under(name, value)
    }
}

impl<T, P: Unscoped> LinearLock<T, P> {
    /// As [`new`](LinearLock::new), with holders of the policy `P`.
    pub fn under(name: impl Into<String>, value: T) -> Self {
        Self::of(Arc::new(Shared {
            name: name.into(),
            desk: Mutex::new(Desk {
                state: State::Free,
                waiting: 0,
            }),
            freed: Condvar::new(),
            value: Mutex::new(value),
        }))
    }

    fn of(shared: Arc<Shared<T>>) -> Self {
        Self {
            shared,
            policy: PhantomData,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.shared.name
    }

    /// Acquires it, however long that takes.
    ///
    /// # Errors
    /// [`Error::LockPoisoned`] when the last holder did not release it.
    #[track_caller]
    pub fn acquire(self) -> Result<AcquiredLock<T, P>, Refused<Self>> {
        self.hold(None, false, Location::caller())
    }

    /// Acquires it within `limit`; zero tries once.
    ///
    /// # Errors
    /// [`Error::LockHeld`] with the holder's place, or [`Error::LockPoisoned`].
    #[track_caller]
    pub fn acquire_within(self, limit: Duration) -> Result<AcquiredLock<T, P>, Refused<Self>> {
        self.hold(Some(limit), false, Location::caller())
    }

    /// Acquires it within `limit` even if it is poisoned; releasing makes it sound again.
    ///
    /// # Errors
    /// [`Error::LockHeld`] with the holder's place.
    #[track_caller]
    pub fn recover(self, limit: Duration) -> Result<AcquiredLock<T, P>, Refused<Self>> {
        self.hold(Some(limit), true, Location::caller())
    }

    fn hold(
        self,
        limit: Option<Duration>,
        recovers: bool,
        at: Place,
    ) -> Result<AcquiredLock<T, P>, Refused<Self>> {
        match self.shared.take(limit, recovers, at) {
            Ok(held) => {
                let mark = P::begin(type_name::<AcquiredLock<T, P>>(), at);
                Ok(AcquiredLock(Linear::sealed(held, mark)))
            }
            Err(error) => Err(Refused { token: self, error }),
        }
    }

    /// Acquires it within `limit` and lends it to `work`, where releasing it is the only way out; see [`Linear::with`].
    ///
    /// # Errors
    /// As [`acquire_within`](Self::acquire_within); `work` is not called then.
    #[track_caller]
    pub fn with<R>(
        self,
        limit: Duration,
        work: impl for<'id> FnOnce(AcquiredLock<T, Scope<'id>>) -> Done<'id, R>,
    ) -> Result<(R, Self), Refused<Self>> {
        match self.shared.take(Some(limit), false, Location::caller()) {
            Ok(held) => {
                let result = Linear::with(held, |held| work(AcquiredLock(held)));
                Ok((result, self))
            }
            Err(error) => Err(Refused { token: self, error }),
        }
    }
}

impl<T, P: Unscoped> Clone for LinearLock<T, P> {
    fn clone(&self) -> Self {
        Self::of(Arc::clone(&self.shared))
    }
}

impl<T, P: Unscoped> fmt::Debug for LinearLock<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinearLock")
            .field("name", &self.shared.name)
            .finish_non_exhaustive()
    }
}

impl<T, P: Unscoped> From<Refused<LinearLock<T, P>>> for Error {
    /// The right is given up; for `?`.
    fn from(refused: Refused<LinearLock<T, P>>) -> Self {
        refused.error
    }
}

/// A lock that is held, and must be released.
#[must_use = "a lock that is held must be released"]
pub struct AcquiredLock<T, P: Policy = Bomb>(Linear<Held<T>, P>);

impl<T, P: Policy> AcquiredLock<T, P> {
    /// Works on the guarded value.
    pub fn edit<R>(&mut self, work: impl FnOnce(&mut T) -> R) -> R {
        self.0.get_mut().edit(work)
    }

    /// Works on the guarded value and hands the holder on, which is how [`Static`](crate::Static) is used.
    pub fn apply<R>(self, work: impl FnOnce(&mut T) -> R) -> (R, Self) {
        // By field, not by pattern: see `Static`.
        let worked = self.0.apply(|held| held.edit(work));
        (worked.0, Self(worked.1))
    }
}

impl<T, P: Unscoped> AcquiredLock<T, P> {
    /// Gives the lock back.
    pub fn release(self) -> LinearLock<T, P> {
        LinearLock::of(self.0.consume().give_back())
    }
}

impl<'id, T> AcquiredLock<T, Scope<'id>> {
    /// Gives the lock back; the proof is what the scope asks for.
    pub fn finish(self) -> Done<'id> {
        let (held, done) = self.0.finish();
        held.give_back();
        done
    }
}

impl<T, P: Policy> fmt::Debug for AcquiredLock<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.0.get();
        f.debug_struct("AcquiredLock")
            .field("name", &held.shared.name)
            .field("at", &held.at)
            .finish_non_exhaustive()
    }
}
