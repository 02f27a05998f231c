//! Initialisation by whoever holds the one right to it.

use std::any::type_name;
use std::fmt;
use std::panic::Location;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Loss};
use crate::linear::Linear;
use crate::policy::{Policy, Scope, Unscoped};
use crate::scope::Done;

type Place = &'static Location<'static>;

/// A value that is set once, by the holder of its only [`Init`]; fit for a `static`.
///
/// Reading is one atomic load. An `Init` that is dropped or lost by unwinding is told to those who wait and may be claimed
/// anew; one that is forgotten makes them run into their time limit.
///
/// ```
/// use std::time::Duration;
/// use voidstate_linear::{Bomb, OneTime};
///
/// static CONFIG: OneTime<String> = OneTime::new("config");
///
/// let init = CONFIG.claim::<Bomb>()?;
/// assert!(CONFIG.claim::<Bomb>().is_err());
/// init.set("verbose".to_owned());
/// assert_eq!(CONFIG.wait(Duration::ZERO)?, "verbose");
/// # Ok::<(), voidstate_linear::Error>(())
/// ```
pub struct OneTime<T> {
    name: &'static str,
    value: OnceLock<T>,
    claim: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy)]
enum State {
    Free,
    Claimed(Place),
    Lost(Place, Loss),
}

impl<T> OneTime<T> {
    /// Nothing yet; `name` is for error texts.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            value: OnceLock::new(),
            claim: Mutex::new(State::Free),
            changed: Condvar::new(),
        }
    }

    /// Takes the right to initialise.
    ///
    /// # Errors
    /// [`Error::Claimed`] when somebody has it or has used it.
    #[track_caller]
    pub fn claim<P: Unscoped>(&self) -> Result<Init<'_, T, P>, Error> {
        let at = Location::caller();
        let right = self.take(at)?;
        let mark = P::begin(type_name::<Init<'_, T, P>>(), at);
        Ok(Init(Linear::sealed(right, mark)))
    }

    /// Takes the right to initialise and lends it to `work`, where using it is the only way out; see [`Linear::with`].
    ///
    /// # Errors
    /// [`Error::Claimed`] as for [`claim`](Self::claim); `work` is not called then.
    #[track_caller]
    pub fn with<'a, R>(
        &'a self,
        work: impl for<'id> FnOnce(Init<'a, T, Scope<'id>>) -> Done<'id, R>,
    ) -> Result<R, Error> {
        let right = self.take(Location::caller())?;
        Ok(Linear::with(right, |right| work(Init(right))))
    }

    fn take(&self, at: Place) -> Result<Right<'_, T>, Error> {
        let mut state = self.state();
        if let State::Claimed(by) = *state {
            let name = self.name;
            return Err(Error::Claimed { name, by });
        }
        *state = State::Claimed(at);
        Ok(Right {
            of: self,
            at,
            is_used: false,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is locked.
        self.claim.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value, if it was set.
    #[inline]
    pub fn get(&self) -> Option<&T> {
        self.value.get()
    }

    /// Waits until it is set.
    ///
    /// # Errors
    /// [`Error::NotInitialised`] after `limit`; [`Error::Abandoned`] at once when the right was dropped and not claimed
    /// anew.
    #[expect(
        clippy::disallowed_methods,
        reason = "how long somebody waits is real time, and nothing else depends on it"
    )]
    pub fn wait(&self, limit: Duration) -> Result<&T, Error> {
        let start = Instant::now();
        let deadline = start.checked_add(limit);
        let mut state = self.state();
        loop {
            if let Some(value) = self.value.get() {
                return Ok(value);
            }
            let name = self.name;
            if let State::Lost(by, how) = *state {
                return Err(Error::Abandoned { name, by, how });
            }
            let left = deadline.map(|d| d.saturating_duration_since(Instant::now()));
            state = match left {
                Some(Duration::ZERO) => {
                    let waited = start.elapsed();
                    return Err(Error::NotInitialised { name, waited });
                }
                Some(left) => {
                    let woken = self.changed.wait_timeout(state, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let woken = self.changed.wait(state);
                    woken.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }
}

/// The right itself; dropped unused it is lost.
struct Right<'a, T> {
    of: &'a OneTime<T>,
    at: Place,
    is_used: bool,
}

impl<'a, T> Right<'a, T> {
    fn set(mut self, value: T) -> &'a T {
        let of = self.of;
        // Nobody else ever has a right, so this stores `value`.
        let stored = of.value.get_or_init(|| value);
        self.is_used = true;
        let _state = of.state();
        of.changed.notify_all();
        stored
    }
}

impl<T> Drop for Right<'_, T> {
    fn drop(&mut self) {
        if !self.is_used {
            *self.of.state() = State::Lost(self.at, Loss::now());
            self.of.changed.notify_all();
        }
    }
}

/// The one right to initialise a [`OneTime`]; using it is an obligation.
#[must_use = "others wait for the value: `set` it"]
pub struct Init<'a, T, P: Policy>(Linear<Right<'a, T>, P>);

impl<'a, T, P: Unscoped> Init<'a, T, P> {
    /// Initialises.
    pub fn set(self, value: T) -> &'a T {
        self.0.consume().set(value)
    }
}

impl<'a, 'id, T> Init<'a, T, Scope<'id>> {
    /// Initialises; the proof is what the scope asks for.
    pub fn finish(self, value: T) -> Done<'id, &'a T> {
        self.0.finish_by(|right| right.set(value))
    }
}

impl<T: fmt::Debug> fmt::Debug for OneTime<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneTime")
            .field("name", &self.name)
            .field("value", &self.get())
            .finish_non_exhaustive()
    }
}

impl<T, P: Policy> fmt::Debug for Init<'_, T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let right = self.0.get();
        f.debug_struct("Init")
            .field("name", &right.of.name)
            .field("at", &right.at)
            .finish_non_exhaustive()
    }
}
