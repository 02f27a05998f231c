//! Ownership of a lock that a service elsewhere grants for a time.

use std::any::type_name;
use std::fmt;
use std::panic::Location;
use std::time::Duration;

use crate::error::{Error, Refused};
use crate::linear::Linear;
use crate::policy::{Bomb, Policy, Scope, Unscoped};
use crate::scope::Done;

/// A number that grows with every grant of a lock, so that a resource can tell the younger owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fence(u64);

impl Fence {
    /// Below every granted one.
    pub const LOWEST: Self = Self(0);

    /// The fence with this number, as a service stores and sends it.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The next greater one, for services; `None` after the last.
    pub const fn next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }
}

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// What a service grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Greater than that of every earlier grant of the same lock.
    pub fence: Fence,
    /// When the lease ends, on the clock of `now`.
    pub expires_at: Duration,
}

/// Grants locks by name for a time. Implemented over whatever keeps them; called by [`Ownership`].
///
/// `now` is a time since some fixed moment, the same for all calls of one owner. Laws: fences of one lock strictly grow with
/// its grants, also over restarts; at any time of the service at most one lease of a lock is running.
pub trait LockService {
    /// What can go wrong, this crate's refusals included.
    type Error: From<Error>;

    /// Grants `lock` until `now + ttl`.
    ///
    /// # Errors
    /// [`Error::Owned`], [`Error::FencesExhausted`] or its own.
    fn grant(&self, lock: &str, now: Duration, ttl: Duration) -> Result<Grant, Self::Error>;

    /// Extends the lease of `fence` to `now + ttl` and says until when it runs.
    ///
    /// # Errors
    /// [`Error::NotOwner`] or its own.
    fn renew(
        &self,
        lock: &str,
        fence: Fence,
        now: Duration,
        ttl: Duration,
    ) -> Result<Duration, Self::Error>;

    /// Ends the lease of `fence`.
    ///
    /// # Errors
    /// [`Error::NotOwner`] or its own.
    fn release(&self, lock: &str, fence: Fence, now: Duration) -> Result<(), Self::Error>;
}

impl<S: LockService + ?Sized> LockService for &S {
    type Error = S::Error;

    fn grant(&self, lock: &str, now: Duration, ttl: Duration) -> Result<Grant, Self::Error> {
        S::grant(self, lock, now, ttl)
    }

    fn renew(
        &self,
        lock: &str,
        fence: Fence,
        now: Duration,
        ttl: Duration,
    ) -> Result<Duration, Self::Error> {
        S::renew(self, lock, fence, now, ttl)
    }

    fn release(&self, lock: &str, fence: Fence, now: Duration) -> Result<(), Self::Error> {
        S::release(self, lock, fence, now)
    }
}

struct Lease<S> {
    service: S,
    lock: String,
    grant: Grant,
}

impl<S: LockService> Lease<S> {
    fn take(service: S, lock: &str, now: Duration, ttl: Duration) -> Result<Self, S::Error> {
        let grant = service.grant(lock, now, ttl)?;
        let lease = Self {
            service,
            lock: lock.to_owned(),
            grant,
        };
        lease.check(now)?;
        Ok(lease)
    }

    fn check(&self, now: Duration) -> Result<(), Error> {
        if now < self.grant.expires_at {
            return Ok(());
        }
        Err(Error::LeaseExpired {
            lock: self.lock.clone(),
            expired_at: self.grant.expires_at,
            now,
        })
    }

    fn release(&self, now: Duration) -> Result<(), S::Error> {
        self.service.release(&self.lock, self.grant.fence, now)
    }
}

/// That this process owns a lock, as far as it knows; must be released or given up.
///
/// It may be stale without knowing: the lease ran out while the process slept, or the clock is slow. So a resource must not
/// believe the owner but the [`Fence`] in its [`Permit`]: see [`Fenced`].
#[must_use = "the ownership must be released or given up"]
pub struct Ownership<S: LockService, P: Policy = Bomb>(Linear<Lease<S>, P>);

/// What a write to a [`Fenced`] resource shows. It borrows the ownership: no permit outlives its release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit<'a> {
    lock: &'a str,
    fence: Fence,
}

impl<'a> Permit<'a> {
    /// The lock's name.
    pub const fn lock(self) -> &'a str {
        self.lock
    }

    /// The fence to send with the write.
    pub const fn fence(self) -> Fence {
        self.fence
    }
}

impl<S: LockService, P: Unscoped> Ownership<S, P> {
    /// Asks `service` for `lock`.
    ///
    /// # Errors
    /// Those of the service; [`Error::LeaseExpired`] when the lease it grants is over already.
    #[track_caller]
    pub fn acquire(service: S, lock: &str, now: Duration, ttl: Duration) -> Result<Self, S::Error> {
        let lease = Lease::take(service, lock, now, ttl)?;
        let mark = P::begin(type_name::<Self>(), Location::caller());
        Ok(Self(Linear::sealed(lease, mark)))
    }

    /// Releases it at the service.
    ///
    /// # Errors
    /// Those of the service, with the ownership: try again or [`give_up`](Self::give_up).
    pub fn release(self, now: Duration) -> Result<(), Refused<Self, S::Error>> {
        // Taken apart by field: a pattern would count as a place where the ownership can be dropped.
        let tried = self.0.apply(|lease| lease.release(now));
        let token = Self(tried.1);
        match tried.0 {
            Ok(()) => {
                token.give_up();
                Ok(())
            }
            Err(error) => Err(Refused { token, error }),
        }
    }

    /// Gives it up without telling the service, where the lease runs out by itself.
    pub fn give_up(self) {
        self.0.consume();
    }
}

impl<S: LockService> Ownership<S, Scope<'static>> {
    /// Asks `service` for `lock` and lends it to `work`, where it must be released or given up; see [`Linear::with`].
    ///
    /// # Errors
    /// As [`acquire`](Self::acquire); `work` is not called then.
    pub fn with<R>(
        service: S,
        lock: &str,
        now: Duration,
        ttl: Duration,
        work: impl for<'id> FnOnce(Ownership<S, Scope<'id>>) -> Done<'id, R>,
    ) -> Result<R, S::Error> {
        let lease = Lease::take(service, lock, now, ttl)?;
        Ok(Linear::with(lease, |lease| work(Ownership(lease))))
    }
}

impl<'id, S: LockService> Ownership<S, Scope<'id>> {
    /// Releases it at the service; the proof is what the scope asks for.
    ///
    /// # Errors
    /// Those of the service, with the ownership: try again or [`abandon`](Self::abandon).
    pub fn finish(self, now: Duration) -> Result<Done<'id>, Refused<Self, S::Error>> {
        let (released, lease) = self.0.apply(|lease| lease.release(now));
        let token = Self(lease);
        match released {
            Ok(()) => Ok(token.abandon()),
            Err(error) => Err(Refused { token, error }),
        }
    }

    /// Gives it up without telling the service, where the lease runs out by itself; the proof is what the scope asks for.
    pub fn abandon(self) -> Done<'id> {
        let (_lease, done) = self.0.finish();
        done
    }
}

impl<S: LockService, P: Policy> Ownership<S, P> {
    /// The fence of this ownership.
    pub const fn fence(&self) -> Fence {
        self.0.get().grant.fence
    }

    /// When the lease ends unless it is renewed.
    pub const fn expires_at(&self) -> Duration {
        self.0.get().grant.expires_at
    }

    /// What a write shows, if the lease still runs at `now`.
    ///
    /// # Errors
    /// [`Error::LeaseExpired`].
    pub fn permit(&self, now: Duration) -> Result<Permit<'_>, Error> {
        let lease = self.0.get();
        lease.check(now)?;
        Ok(Permit {
            lock: &lease.lock,
            fence: lease.grant.fence,
        })
    }

    /// Extends the lease.
    ///
    /// # Errors
    /// Those of the service; the lease then ends when it would have ended.
    pub fn renew(&mut self, now: Duration, ttl: Duration) -> Result<(), S::Error> {
        let lease = self.0.get_mut();
        let fence = lease.grant.fence;
        lease.grant.expires_at = lease.service.renew(&lease.lock, fence, now, ttl)?;
        Ok(())
    }
}

impl<S: LockService, P: Policy> fmt::Debug for Ownership<S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lease = self.0.get();
        f.debug_struct("Ownership")
            .field("lock", &lease.lock)
            .field("grant", &lease.grant)
            .finish_non_exhaustive()
    }
}

/// A resource that refuses writes of stale owners.
///
/// It remembers the highest fence that wrote; where the resource outlives the process, store that beside it and begin with
/// [`after`](Self::after).
#[derive(Debug, Clone)]
pub struct Fenced<R> {
    lock: String,
    resource: R,
    highest: Fence,
}

impl<R> Fenced<R> {
    /// Guards `resource` by the lock of this name.
    pub fn new(lock: impl Into<String>, resource: R) -> Self {
        Self::after(lock, resource, Fence::LOWEST)
    }

    /// Guards `resource`, which `highest` has written already.
    pub fn after(lock: impl Into<String>, resource: R, highest: Fence) -> Self {
        Self {
            lock: lock.into(),
            resource,
            highest,
        }
    }

    /// The highest fence that wrote.
    pub const fn highest(&self) -> Fence {
        self.highest
    }

    /// The resource, for reading.
    pub const fn get(&self) -> &R {
        &self.resource
    }

    /// Writes with the right of `permit`; from then on lower fences are refused.
    ///
    /// # Errors
    /// [`Error::StaleFence`] when a younger owner has written, [`Error::ForeignFence`] for a permit of another lock; `work`
    /// is not called then.
    pub fn write<T>(
        &mut self,
        permit: Permit<'_>,
        work: impl FnOnce(&mut R) -> T,
    ) -> Result<T, Error> {
        self.write_as(permit.lock, permit.fence, work)
    }

    /// As [`write`](Self::write), with a permit that came as a message.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_as<T>(
        &mut self,
        lock: &str,
        fence: Fence,
        work: impl FnOnce(&mut R) -> T,
    ) -> Result<T, Error> {
        if lock != self.lock {
            return Err(Error::ForeignFence {
                expected: self.lock.clone(),
                lock: lock.to_owned(),
            });
        }
        if fence < self.highest {
            return Err(Error::StaleFence {
                lock: self.lock.clone(),
                fence,
                highest: self.highest,
            });
        }
        self.highest = fence;
        Ok(work(&mut self.resource))
    }
}
