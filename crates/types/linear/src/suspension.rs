//! Suspend and resume as tokens.

use std::fmt;

use crate::linear::Linear;
use crate::policy::{Bomb, Policy, Scope, Unscoped};
use crate::scope::Done;

/// Something that runs: it can be reached, suspended and stopped, not resumed.
///
/// ```
/// use voidstate_linear::{Bomb, Running};
///
/// let running = Running::<_, Bomb>::begin(vec![1]);
/// let suspended = running.suspend("backpressure");
/// assert_eq!(suspended.reason(), "backpressure");
/// let mut running = suspended.resume();
/// running.get_mut().push(2);
/// assert_eq!(running.stop(), [1, 2]);
/// ```
#[must_use = "what runs must be stopped, or suspended and then resumed or stopped"]
pub struct Running<T, P: Policy = Bomb>(Linear<T, P>);

/// Something that is suspended: nobody reaches it before it is resumed.
#[must_use = "what is suspended must be resumed or stopped"]
pub struct Suspended<T, P: Policy = Bomb>(Linear<Paused<T>, P>);

struct Paused<T> {
    value: T,
    reason: String,
}

impl<T, P: Unscoped> Running<T, P> {
    /// Begins to run.
    #[track_caller]
    pub fn begin(value: T) -> Self {
        Self(Linear::new(value))
    }

    /// Ends it.
    pub fn stop(self) -> T {
        self.0.consume()
    }
}

impl<T> Running<T, Scope<'static>> {
    /// Runs within `work`, where it must be stopped; see [`Linear::with`].
    pub fn with<R>(
        value: T,
        work: impl for<'id> FnOnce(Running<T, Scope<'id>>) -> Done<'id, R>,
    ) -> R {
        Linear::with(value, |inner| work(Running(inner)))
    }
}

impl<'id, T> Running<T, Scope<'id>> {
    /// Ends it; the proof is what the scope asks for.
    pub fn finish(self) -> (T, Done<'id>) {
        self.0.finish()
    }
}

impl<T, P: Policy> Running<T, P> {
    /// Looks at it.
    pub const fn get(&self) -> &T {
        self.0.get()
    }

    /// Reaches it.
    pub const fn get_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }

    /// Suspends it.
    pub fn suspend(self, reason: impl Into<String>) -> Suspended<T, P> {
        Suspended(self.0.map(|value| Paused {
            value,
            reason: reason.into(),
        }))
    }
}

impl<T, P: Policy> Suspended<T, P> {
    /// Why it is suspended.
    pub fn reason(&self) -> &str {
        &self.0.get().reason
    }

    /// Lets it run on.
    pub fn resume(self) -> Running<T, P> {
        Running(self.0.map(|paused| paused.value))
    }
}

impl<T, P: Unscoped> Suspended<T, P> {
    /// Ends it without running on.
    pub fn stop(self) -> T {
        self.0.consume().value
    }
}

impl<'id, T> Suspended<T, Scope<'id>> {
    /// Ends it without running on; the proof is what the scope asks for.
    pub fn finish(self) -> (T, Done<'id>) {
        let (paused, done) = self.0.finish();
        (paused.value, done)
    }
}

impl<T: fmt::Debug, P: Policy> fmt::Debug for Running<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Running").field(self.get()).finish()
    }
}

impl<T, P: Policy> fmt::Debug for Suspended<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suspended")
            .field("reason", &self.reason())
            .finish_non_exhaustive()
    }
}
