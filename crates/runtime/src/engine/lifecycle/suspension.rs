//! Suspensions: why they begin, when they are tried again, how they end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use voidstate_core::{Error, LifecycleState, Result, ToolId};

use super::Tools;
use super::life::Life;
use super::table::Suspension;
use crate::engine::failure::{Cause, Failure};
use crate::engine::lock;
use crate::engine::record::Mode;
use crate::engine::shared::Shared;
use crate::engine::slot::Slot;

/// A tool that behaved for this long starts again with the shortest wait.
const FORGIVEN_AFTER: Duration = Duration::from_secs(60);

impl Tools {
    /// Suspends on request; the instance stays.
    pub(crate) fn suspend(&self, shared: &Shared, id: &ToolId, reason: &str) -> Result<()> {
        self.change(shared, |table| {
            let from = table.state(id);
            let is_done = table.records.get_mut(id).is_some_and(|record| {
                record.life.go(|life| match life {
                    Life::Attached(now) => {
                        let now = now.step_with(|()| Suspension {
                            cause: Cause::Requested,
                            reason: reason.to_owned(),
                            retry_at: None,
                            held: None,
                        });
                        (Life::Suspended(now), true)
                    }
                    other => (other, false),
                })
            });
            is_done.then_some(()).ok_or_else(|| Error::Transition {
                tool: id.to_string(),
                from,
                verb: "suspended",
            })
        })
    }

    /// Ends a suspension: at once when the instance is sound, otherwise by trying a fresh one at once.
    pub(crate) fn resume(&self, shared: &Shared, id: &ToolId, now: Duration) -> Result<()> {
        self.change(shared, |table| {
            let from = table.state(id);
            let Some(record) = table.records.get(id).filter(|r| !r.life.is_detached()) else {
                return Err(Error::Transition {
                    tool: id.to_string(),
                    from,
                    verb: "resumed",
                });
            };
            if let Some(LifecycleState::Suspended { reason, .. }) = table.blocked(record) {
                return Err(Error::Tool {
                    tool: id.to_string(),
                    message: format!("it cannot be resumed: {reason}"),
                });
            }
            if let (Some(held), Some(own)) = (table.held(shared, record), record.life.suspension())
            {
                return Err(Error::Tool {
                    tool: id.to_string(),
                    message: format!("it cannot be resumed: {}{held}", own.reason),
                });
            }
            let is_done = table.records.get_mut(id).is_some_and(|record| {
                record.life.go(|life| match life {
                    Life::Suspended(own) if own.get().cause == Cause::Requested => {
                        (Life::Attached(own.step_with(drop)), true)
                    }
                    Life::Suspended(mut own) => {
                        own.get_mut().retry_at = Some(now);
                        (Life::Suspended(own), true)
                    }
                    // The trial that is asked for is under way.
                    Life::Probing(own) => (Life::Probing(own), true),
                    other => (other, false),
                })
            });
            is_done.then_some(()).ok_or_else(|| Error::Transition {
                tool: id.to_string(),
                from,
                verb: "resumed",
            })
        })
    }

    /// A tool failed: it is suspended, with a retry where waiting may help.
    pub(crate) fn failed(&self, shared: &Shared, slot: &Slot, failure: Failure, now: Duration) {
        // What follows was recorded.
        if shared.mode == Mode::Replaying {
            return;
        }
        self.change(shared, |table| {
            let record = table.records.get_mut(&slot.meta.id);
            let Some(record) = record else { return };
            let was_good = match record.life {
                Life::Attached(_) => true,
                Life::Probing(_) => false,
                Life::Suspended(_) | Life::Detached(_) => return,
            };
            let recently = record
                .recovered_at
                .is_some_and(|then| now.saturating_sub(then) < FORGIVEN_AFTER);
            record.attempts = if was_good && !recently {
                1
            } else {
                record.attempts.saturating_add(1)
            };
            let wait = shared.policy.back_off(record.attempts);
            let is_hang = failure.cause == Cause::Hang;
            for slot in &record.slots {
                slot.set_active(false);
                if is_hang {
                    slot.set_hung(true);
                }
            }
            let is_retried =
                failure.cause.is_retried() && (!is_hang || shared.policy.abandoned_max > 1);
            let own = Suspension {
                retry_at: is_retried.then(|| now.saturating_add(wait)),
                cause: failure.cause,
                reason: failure.reason,
                held: None,
            };
            record.life.go(|life| {
                let next = match life {
                    Life::Attached(now) => Life::Suspended(now.step_with(|()| own)),
                    Life::Probing(now) => Life::Suspended(now.step_with(|_| own)),
                    other => other,
                };
                (next, ())
            });
        });
    }

    /// No fresh instance could be made.
    pub(crate) fn not_made(&self, shared: &Shared, slot: &Slot, error: &Error, now: Duration) {
        let failure = Failure::gone(error).unwrap_or_else(|| Failure {
            cause: Cause::Create,
            reason: format!("no fresh instance could be made: {error}"),
        });
        self.failed(shared, slot, failure, now);
    }

    /// The probing call went well.
    pub(crate) fn recovered(&self, shared: &Shared, slot: &Slot, now: Duration) {
        if shared.mode == Mode::Replaying {
            return;
        }
        let slots = self.change(shared, |table| {
            let record = table.records.get_mut(&slot.meta.id);
            let record = record?;
            let is_passed = record.life.go(|life| match life {
                Life::Probing(own) => (Life::Attached(own.step_with(drop)), true),
                other => (other, false),
            });
            if !is_passed {
                return None;
            }
            record.recovered_at = Some(now);
            Some(record.slots.clone())
        });
        // The other shards' instances are fresh as well.
        for other in slots
            .into_iter()
            .flatten()
            .filter(|s| s.shard != slot.shard)
        {
            let Some(shard) = shared.shards.get(other.shard) else {
                continue;
            };
            shard.request(Box::new(move |frame| {
                if other.is_gone() {
                    return;
                }
                if let Err(error) = other.revive(frame, false) {
                    let tools = &frame.shared.tools;
                    tools.not_made(&frame.shared, &other, &error, frame.moment());
                }
            }));
        }
    }

    pub(crate) fn has_retries(&self) -> bool {
        self.has_retries.load(Ordering::Acquire)
    }

    /// A slot of this shard whose tool is to be tried now; the trial is then under way. The first slot of a tool tries
    /// for all.
    pub(crate) fn next_retry(
        &self,
        shared: &Shared,
        shard: usize,
        now: Duration,
    ) -> Option<Arc<Slot>> {
        let mut table = lock(&self.table);
        let due = table.records.iter().find_map(|(id, record)| {
            let Life::Suspended(own) = &record.life else {
                return None;
            };
            let slot = record.slots.first()?;
            let slot = (slot.shard == shard && !slot.is_gone()).then_some(slot)?;
            let is_due = own.get().retry_at.is_some_and(|at| at <= now)
                && table.blocked(record).is_none()
                && table.held(shared, record).is_none();
            is_due.then(|| (id.clone(), Arc::clone(slot)))
        });
        let (id, slot) = due?;
        if let Some(record) = table.records.get_mut(&id) {
            record.life.go(|life| match life {
                Life::Suspended(own) => {
                    let own = own.step_with(|own| Suspension {
                        retry_at: None,
                        held: None,
                        ..own
                    });
                    (Life::Probing(own), ())
                }
                other => (other, ()),
            });
        }
        self.has_retries.store(table.retries(), Ordering::Release);
        Some(slot)
    }

    /// The fresh instance is in place: it is called, unless the trial was called off meanwhile.
    pub(crate) fn probe(&self, slot: &Slot) {
        let table = lock(&self.table);
        let record = table.records.get(&slot.meta.id);
        slot.set_active(record.is_none_or(|r| !matches!(r.life, Life::Suspended(_))));
    }

    /// One more thread is left behind in a tool; what follows is settled when the tool is suspended for it.
    pub(crate) fn leave_thread(&self, id: &ToolId) {
        *lock(&self.table).abandoned.entry(id.clone()).or_default() += 1;
    }

    /// How many threads have not come back from each tool.
    pub(crate) fn set_abandoned(&self, shared: &Shared, abandoned: BTreeMap<ToolId, usize>) {
        if self.has_retries() || lock(&self.table).abandoned != abandoned {
            self.change(shared, |table| table.abandoned = abandoned);
        }
    }

    /// Whether a thread has not come back from the tool.
    pub(crate) fn is_abandoned_in(&self, id: &ToolId) -> bool {
        lock(&self.table).abandoned.contains_key(id)
    }

    /// Suspends a tool that holds more memory than its budget allows; its instance is dropped.
    pub(crate) fn check_memory(&self, shared: &Shared, slot: &Arc<Slot>) {
        let (held, budget) = (slot.memory_bytes(), slot.meta.budget.memory_bytes);
        if held <= budget || !slot.is_active() {
            return;
        }
        let reason = format!(
            "it holds {} of memory, its budget is {}",
            bytes(held),
            bytes(budget)
        );
        self.over_budget(shared, slot, Cause::Memory, reason);
    }

    /// Suspends a tool that costs too much and drops its instances.
    pub(crate) fn over_budget(&self, shared: &Shared, slot: &Slot, cause: Cause, reason: String) {
        self.failed(shared, slot, Failure { cause, reason }, shared.moment());
        for slot in self.slots(&slot.meta.id) {
            if let Some(shard) = shared.shards.get(slot.shard) {
                shard.request(Box::new(move |frame| {
                    if !slot.is_active() {
                        slot.drop_instance(frame);
                    }
                }));
            }
        }
    }
}

/// Bytes for people.
fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut value = count as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    if unit == 0 {
        format!("{count} B")
    } else {
        format!("{value:.1} {name}")
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn bytes_are_readable() {
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(1536), "1.5 KiB");
        assert_eq!(bytes(u64::MAX), "16777216.0 TiB");
    }
}
