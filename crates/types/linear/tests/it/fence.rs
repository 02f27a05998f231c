//! Ownership by a service that forgets, loses answers and runs on a clock of its own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use voidstate_linear::{Affine, Bomb, Error, Fence, Fenced, Grant, LockService, Ownership};

/// Keeps locks in memory; `down` makes every call fail, as a network does.
#[derive(Debug, Default)]
struct Simulated {
    locks: RefCell<BTreeMap<String, (Fence, Option<Duration>)>>,
    down: RefCell<bool>,
}

#[derive(Debug, PartialEq, Eq)]
enum Failed {
    Down,
    Refused(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl Simulated {
    fn reach(&self) -> Result<(), Failed> {
        if *self.down.borrow() {
            Err(Failed::Down)
        } else {
            Ok(())
        }
    }

    fn own<R>(
        &self,
        lock: &str,
        fence: Fence,
        now: Duration,
        work: impl FnOnce(&mut Option<Duration>) -> R,
    ) -> Result<R, Failed> {
        self.reach()?;
        let mut locks = self.locks.borrow_mut();
        match locks.get_mut(lock) {
            Some((last, until)) if *last == fence && until.is_some_and(|u| now < u) => {
                Ok(work(until))
            }
            _ => Err(Error::NotOwner {
                lock: lock.to_owned(),
                fence,
            }
            .into()),
        }
    }
}

impl LockService for Simulated {
    type Error = Failed;

    fn grant(&self, lock: &str, now: Duration, ttl: Duration) -> Result<Grant, Failed> {
        self.reach()?;
        let mut locks = self.locks.borrow_mut();
        let (last, until) = locks
            .entry(lock.to_owned())
            .or_insert((Fence::LOWEST, None));
        if let Some(until) = until.filter(|until| now < *until) {
            return Err(Error::Owned {
                lock: lock.to_owned(),
                until,
                now,
            }
            .into());
        }
        let exhausted = Error::FencesExhausted {
            lock: lock.to_owned(),
            last: *last,
        };
        *last = last.next().ok_or(exhausted)?;
        let expires_at = now.saturating_add(ttl);
        *until = Some(expires_at);
        Ok(Grant {
            fence: *last,
            expires_at,
        })
    }

    fn renew(
        &self,
        lock: &str,
        fence: Fence,
        now: Duration,
        ttl: Duration,
    ) -> Result<Duration, Failed> {
        self.own(lock, fence, now, |until| {
            let later = now.saturating_add(ttl);
            *until = Some(later);
            later
        })
    }

    fn release(&self, lock: &str, fence: Fence, now: Duration) -> Result<(), Failed> {
        self.own(lock, fence, now, |until| *until = None)
    }
}

const fn at(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

#[test]
fn a_stale_holder_is_refused_by_the_resource() {
    let service = Simulated::default();
    let mut page = Fenced::new("page", Vec::new());
    let first = Ownership::<_, Bomb>::acquire(&service, "page", at(0), at(10)).unwrap();
    // It looks at a slow clock and believes that it still owns the lock.
    let stale = first.permit(at(9)).unwrap();
    page.write(stale, |p| p.push("first")).unwrap();
    let second = Ownership::<_, Bomb>::acquire(&service, "page", at(11), at(10)).unwrap();
    assert!(second.fence() > first.fence());
    page.write(second.permit(at(12)).unwrap(), |p| p.push("second"))
        .unwrap();
    let refused = page.write(stale, |p| p.push("stale"));
    let highest = second.fence();
    assert_eq!(
        refused,
        Err(Error::StaleFence {
            lock: "page".to_owned(),
            fence: stale.fence(),
            highest
        })
    );
    assert_eq!(*page.get(), ["first", "second"]);
    let refused = first.release(at(12)).unwrap_err();
    assert!(matches!(
        refused.error,
        Failed::Refused(Error::NotOwner { .. })
    ));
    refused.token.give_up();
    second.release(at(12)).unwrap();
}

#[test]
fn a_lease_that_is_over_gives_no_permit_and_cannot_be_renewed() {
    let service = Simulated::default();
    let mut owner = Ownership::<_, Bomb>::acquire(&service, "a", at(0), at(10)).unwrap();
    owner.renew(at(5), at(10)).unwrap();
    assert_eq!(owner.expires_at(), at(15));
    assert!(owner.permit(at(14)).is_ok());
    let expired = Error::LeaseExpired {
        lock: "a".to_owned(),
        expired_at: at(15),
        now: at(15),
    };
    assert_eq!(owner.permit(at(15)), Err(expired));
    assert!(owner.renew(at(15), at(10)).is_err());
    assert_eq!(owner.expires_at(), at(15));
    owner.give_up();
    let nothing = Ownership::<_, Bomb>::acquire(&service, "b", at(0), Duration::ZERO);
    assert!(matches!(
        nothing,
        Err(Failed::Refused(Error::LeaseExpired { .. }))
    ));
}

#[test]
fn a_release_that_fails_gives_the_ownership_back() {
    let service = Simulated::default();
    let owner = Ownership::<_, Bomb>::acquire(&service, "a", at(0), at(10)).unwrap();
    *service.down.borrow_mut() = true;
    let refused = owner.release(at(1)).unwrap_err();
    assert_eq!(refused.error, Failed::Down);
    *service.down.borrow_mut() = false;
    refused.token.release(at(2)).unwrap();
    let outcome = Ownership::with(&service, "a", at(3), at(10), |owner| {
        let fence = owner.fence();
        match owner.finish(at(4)) {
            Ok(done) => done.giving(fence),
            Err(refused) => refused.token.abandon().giving(Fence::LOWEST),
        }
    });
    assert_eq!(outcome, Ok(Fence::new(2)));
}

#[test]
fn a_permit_opens_its_own_lock_only_and_restarts_remember() {
    let service = Simulated::default();
    let other = Ownership::<_, Bomb>::acquire(&service, "other", at(0), at(10)).unwrap();
    let mut page = Fenced::after("page", 0, Fence::new(7));
    let foreign = page.write(other.permit(at(1)).unwrap(), |p| *p += 1);
    assert!(matches!(foreign, Err(Error::ForeignFence { .. })));
    assert!(matches!(
        page.write_as("page", Fence::new(6), |p| *p += 1),
        Err(Error::StaleFence { .. })
    ));
    page.write_as("page", Fence::new(7), |p| *p += 1).unwrap();
    assert_eq!((*page.get(), page.highest()), (1, Fence::new(7)));
    other.give_up();
}

#[test]
fn fences_end_with_an_error() {
    let service = Simulated::default();
    service
        .locks
        .borrow_mut()
        .insert("a".to_owned(), (Fence::new(u64::MAX), None));
    let told = Ownership::<_, Bomb>::acquire(&service, "a", at(0), at(1));
    assert!(matches!(
        told,
        Err(Failed::Refused(Error::FencesExhausted { .. }))
    ));
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Acquire(usize),
    Write(usize),
    Renew(usize),
    Release(usize),
    Crash(usize),
    Sleep(u64),
    Down(bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0..3_usize;
    let step = prop_oneof![
        4 => who.clone().prop_map(Step::Acquire),
        6 => who.clone().prop_map(Step::Write),
        1 => who.clone().prop_map(Step::Renew),
        2 => who.clone().prop_map(Step::Release),
        1 => who.prop_map(Step::Crash),
        3 => (0..8_u64).prop_map(Step::Sleep),
        1 => any::<bool>().prop_map(Step::Down),
    ];
    prop::collection::vec(step, 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Clients whose clocks stand still while they sleep believe wrongly that they own the lock; the page never does.
    #[test]
    fn writes_are_ordered_by_fence_whatever_clients_believe(steps in steps(), slow in 0..8_u64) {
        let service = Simulated::default();
        let mut page = Fenced::new("page", Vec::new());
        let mut clients: [Option<Ownership<&Simulated, Affine>>; 3] = [None, None, None];
        let mut now = 0;
        for step in steps {
            // Each client reads a clock that is late by what it is slow.
            let believed = at(now.max(slow) - slow);
            match step {
                Step::Acquire(who) if clients[who].is_none() => {
                    clients[who] = Ownership::acquire(&service, "page", at(now), at(5)).ok();
                }
                Step::Write(who) => {
                    if let Some(owner) = &clients[who] && let Ok(permit) = owner.permit(believed) {
                        let highest = page.highest();
                        let wrote = page.write(permit, |log| log.push(permit.fence()));
                        prop_assert_eq!(wrote.is_ok(), permit.fence() >= highest);
                    }
                }
                Step::Renew(who) => {
                    if let Some(owner) = &mut clients[who] {
                        let fence = owner.fence();
                        let renewed = owner.renew(at(now), at(5));
                        prop_assert_eq!(owner.fence(), fence);
                        prop_assert!(renewed.is_err() || owner.expires_at() == at(now + 5));
                    }
                }
                Step::Release(who) => {
                    if let Some(owner) = clients[who].take() && let Err(refused) = owner.release(at(now)) {
                        clients[who] = Some(refused.token);
                    }
                }
                Step::Crash(who) => clients[who] = None,
                Step::Sleep(secs) => now += secs,
                Step::Down(down) => *service.down.borrow_mut() = down,
                Step::Acquire(_) => {}
            }
        }
        prop_assert!(page.get().is_sorted());
    }
}
