//! Where each tool is in its life, and why.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use voidstate_core::{
    Error, LifecycleState, Result, Scope, Severity, Stage, ToolFactory, ToolId, ToolMeta,
};

use super::count::Count;
use super::lock;
use super::shared::Shared;
use super::slot::{Cause, Failure, Slot};
use super::stats::ToolStats;
use crate::bus::CallbackId;

/// A tool that behaved for this long starts again with the shortest wait.
const FORGIVEN_AFTER: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Station {
    Attached,
    Detached,
}

/// Why a tool itself (not a dependency of it) is not called.
#[derive(Debug, Clone)]
struct Suspension {
    cause: Cause,
    reason: String,
    retry_at: Option<Duration>,
    is_probing: bool,
}

/// One tool that was attached at least once.
#[derive(Debug)]
struct Record {
    meta: Arc<ToolMeta>,
    station: Station,
    suspension: Option<Suspension>,
    shown: LifecycleState,
    slots: Vec<Arc<Slot>>,
    callbacks: Vec<(usize, CallbackId)>,
    episode: Option<u64>,
    attempts: u32,
    recovered_at: Option<Duration>,
    core_share: f64,
}

#[derive(Debug, Default)]
struct Table {
    records: BTreeMap<ToolId, Record>,
}

/// The lives of all tools.
#[derive(Debug, Default)]
pub(crate) struct Tools {
    table: Mutex<Table>,
    /// One change at a time; not needed for failures and recoveries.
    pub(crate) changing: Mutex<()>,
    has_retries: AtomicBool,
    numbers: Count,
}

/// What a change of lives brings with it.
struct News {
    severity: Severity,
    stage: Stage,
    episode: u64,
    sentence: String,
    tool: ToolId,
}

impl Table {
    fn state(&self, id: &ToolId) -> LifecycleState {
        let Some(record) = self.records.get(id) else {
            return LifecycleState::Registered;
        };
        match record.station {
            Station::Detached => LifecycleState::Detached,
            Station::Attached => match &record.suspension {
                Some(own) => LifecycleState::Suspended {
                    reason: own.reason.clone(),
                    retried: own.retry_at.is_some() || own.is_probing,
                },
                None => self.blocked(record).unwrap_or(LifecycleState::Attached),
            },
        }
    }

    /// The state of a tool whose dependency is not attached; reasons nest, so the whole chain is shown.
    fn blocked(&self, record: &Record) -> Option<LifecycleState> {
        let mut dependencies = record.meta.dependencies.iter();
        dependencies.find_map(|dependency| match self.state(dependency) {
            LifecycleState::Attached => None,
            state => Some(LifecycleState::Suspended {
                reason: format!("it depends on {dependency}, which is {state}"),
                retried: matches!(state, LifecycleState::Suspended { retried: true, .. }),
            }),
        })
    }

    /// Brings what is shown, and who is called, in line with suspensions and dependencies.
    fn settle(&mut self, shared: &Shared) -> Vec<News> {
        let states: Vec<_> = self
            .records
            .keys()
            .cloned()
            .map(|id| (self.state(&id), id))
            .collect();
        let mut news = Vec::new();
        for (state, id) in states {
            let Some(record) = self.records.get_mut(&id) else {
                continue;
            };
            let is_attached = state == LifecycleState::Attached;
            let is_probing = record.suspension.as_ref().is_some_and(|s| s.is_probing);
            if !is_probing {
                for slot in &record.slots {
                    slot.set_active(is_attached);
                }
            }
            if state == record.shown {
                continue;
            }
            record.shown = state;
            news.extend(record.tell(&id, || shared.new_episode()));
        }
        news
    }

    fn retries(&self) -> bool {
        let mut records = self.records.values();
        records.any(|r| r.suspension.as_ref().is_some_and(|s| s.retry_at.is_some()))
    }
}

impl Record {
    /// The news of its present state: a suspension opens an episode, whatever follows closes it.
    fn tell(&mut self, id: &ToolId, new_episode: impl FnOnce() -> u64) -> Option<News> {
        let (stage, severity, sentence) = match &self.shown {
            LifecycleState::Suspended { reason, retried } => {
                let follows = if *retried {
                    "it will be tried again"
                } else {
                    "it is not tried again by itself"
                };
                let stage = if self.episode.is_some() {
                    Stage::Updated
                } else {
                    Stage::Opened
                };
                let is_asked = self
                    .suspension
                    .as_ref()
                    .is_some_and(|s| s.cause == Cause::Requested);
                let severity = if is_asked {
                    Severity::Info
                } else {
                    Severity::Warning
                };
                (
                    stage,
                    severity,
                    format!("tool {id} is suspended: {reason}; {follows}"),
                )
            }
            state => {
                self.episode?;
                (
                    Stage::Closed,
                    Severity::Info,
                    format!("tool {id} is {state} again"),
                )
            }
        };
        let episode = match stage {
            Stage::Closed => self.episode.take()?,
            _ => *self.episode.get_or_insert_with(new_episode),
        };
        Some(News {
            severity,
            stage,
            episode,
            sentence,
            tool: id.clone(),
        })
    }
}

fn publish(shared: &Shared, news: Vec<News>) {
    for item in news {
        shared.say(
            item.episode,
            item.stage,
            item.severity,
            item.sentence,
            Some(&item.tool),
        );
    }
}

impl Tools {
    /// Changes a record and settles what follows.
    fn change<R>(&self, shared: &Shared, change: impl FnOnce(&mut Table) -> R) -> R {
        let mut table = lock(&self.table);
        let result = change(&mut table);
        let news = table.settle(shared);
        self.has_retries.store(table.retries(), Ordering::Release);
        drop(table);
        publish(shared, news);
        result
    }

    pub(crate) fn next_number(&self) -> u32 {
        let number = self.numbers.get();
        self.numbers.bump(1);
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    /// Where a tool is in its life; one that is only registered has no record.
    pub(crate) fn state(&self, id: &ToolId) -> Option<LifecycleState> {
        let table = lock(&self.table);
        table.records.contains_key(id).then(|| table.state(id))
    }

    /// The first dependency that is not attached, told with the chain.
    pub(crate) fn check_dependencies(&self, meta: &ToolMeta) -> Result<()> {
        let table = lock(&self.table);
        for dependency in &meta.dependencies {
            let state = match table.records.get(dependency) {
                Some(_) => table.state(dependency),
                None => LifecycleState::Registered,
            };
            if state != LifecycleState::Attached {
                let state = match state {
                    LifecycleState::Registered => "not attached".to_owned(),
                    state => state.to_string(),
                };
                return Err(Error::Tool {
                    tool: meta.id.to_string(),
                    message: format!(
                        "it depends on {dependency}, which is {state}; attach {dependency} first"
                    ),
                });
            }
        }
        Ok(())
    }

    /// Attached tools that depend on `id`.
    pub(crate) fn dependents(&self, id: &ToolId) -> Vec<ToolId> {
        let table = lock(&self.table);
        let attached = table
            .records
            .iter()
            .filter(|(_, r)| r.station == Station::Attached);
        let dependents = attached.filter(|(_, r)| r.meta.dependencies.contains(id));
        dependents.map(|(id, _)| id.clone()).collect()
    }

    pub(crate) fn scope(&self, id: &ToolId) -> Option<Scope> {
        lock(&self.table).records.get(id).map(|r| r.meta.scope)
    }

    pub(crate) fn slots(&self, id: &ToolId) -> Vec<Arc<Slot>> {
        let table = lock(&self.table);
        table
            .records
            .get(id)
            .map(|r| r.slots.clone())
            .unwrap_or_default()
    }

    /// Slots of all attached tools.
    pub(crate) fn all_slots(&self) -> Vec<Arc<Slot>> {
        let table = lock(&self.table);
        let attached = table
            .records
            .values()
            .filter(|r| r.station == Station::Attached);
        attached.flat_map(|r| r.slots.iter().cloned()).collect()
    }

    pub(crate) fn insert(
        &self,
        shared: &Shared,
        meta: Arc<ToolMeta>,
        slots: Vec<Arc<Slot>>,
        callbacks: Vec<(usize, CallbackId)>,
    ) {
        self.change(shared, |table| {
            let record = Record {
                station: Station::Attached,
                suspension: None,
                shown: LifecycleState::Registered,
                slots,
                callbacks,
                episode: None,
                attempts: 0,
                recovered_at: None,
                core_share: 0.0,
                meta: Arc::clone(&meta),
            };
            table.records.insert(meta.id.clone(), record);
        });
    }

    /// Makes a tool detached and returns the callbacks to unregister.
    pub(crate) fn remove(&self, shared: &Shared, id: &ToolId) -> Vec<(usize, CallbackId)> {
        self.change(shared, |table| {
            let Some(record) = table.records.get_mut(id) else {
                return Vec::new();
            };
            record.station = Station::Detached;
            record.suspension = None;
            std::mem::take(&mut record.callbacks)
        })
    }

    /// Suspends on request; the instance stays.
    pub(crate) fn suspend(&self, shared: &Shared, id: &ToolId, reason: &str) -> Result<()> {
        self.change(shared, |table| {
            let from = table.state(id);
            let record = table
                .records
                .get_mut(id)
                .filter(|r| r.station == Station::Attached);
            match record {
                Some(record) if record.suspension.is_none() => {
                    record.suspension = Some(Suspension {
                        cause: Cause::Requested,
                        reason: reason.to_owned(),
                        retry_at: None,
                        is_probing: false,
                    });
                    Ok(())
                }
                _ => Err(Error::Transition {
                    tool: id.to_string(),
                    from,
                    verb: "suspended",
                }),
            }
        })
    }

    /// Ends a suspension: at once when the instance is sound, otherwise by trying a fresh one at once.
    pub(crate) fn resume(&self, shared: &Shared, id: &ToolId, now: Duration) -> Result<()> {
        self.change(shared, |table| {
            let from = table.state(id);
            let Some(record) = table
                .records
                .get(id)
                .filter(|r| r.station == Station::Attached)
            else {
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
            let record = table.records.get_mut(id);
            let Some((record, own)) = record.and_then(|r| r.suspension.take().map(|s| (r, s)))
            else {
                return Err(Error::Transition {
                    tool: id.to_string(),
                    from,
                    verb: "resumed",
                });
            };
            if own.cause != Cause::Requested {
                record.suspension = Some(Suspension {
                    retry_at: (!own.is_probing).then_some(now),
                    ..own
                });
            }
            Ok(())
        })
    }

    /// A tool failed: it is suspended, with a retry where waiting may help.
    pub(crate) fn failed(&self, shared: &Shared, slot: &Slot, failure: Failure, now: Duration) {
        self.change(shared, |table| {
            let record = table.records.get_mut(&slot.meta.id);
            let Some(record) = record.filter(|r| r.station == Station::Attached) else {
                return;
            };
            if record.suspension.as_ref().is_some_and(|s| !s.is_probing) {
                return;
            }
            let was_good = record.suspension.is_none();
            let recently = record
                .recovered_at
                .is_some_and(|then| now.saturating_sub(then) < FORGIVEN_AFTER);
            record.attempts = if was_good && !recently {
                1
            } else {
                record.attempts.saturating_add(1)
            };
            let wait = shared.policy.back_off(record.attempts);
            for slot in &record.slots {
                slot.set_active(false);
            }
            record.suspension = Some(Suspension {
                retry_at: failure.cause.is_retried().then(|| now.saturating_add(wait)),
                cause: failure.cause,
                reason: failure.reason,
                is_probing: false,
            });
        });
    }

    /// No fresh instance could be made.
    pub(crate) fn not_made(&self, shared: &Shared, slot: &Slot, error: &Error, now: Duration) {
        let failure = Failure {
            cause: Cause::Create,
            reason: format!("no fresh instance could be made: {error}"),
        };
        self.failed(shared, slot, failure, now);
    }

    /// The probing call went well.
    pub(crate) fn recovered(&self, shared: &Shared, slot: &Slot, now: Duration) {
        let slots = self.change(shared, |table| {
            let record = table.records.get_mut(&slot.meta.id);
            let record = record.filter(|r| r.suspension.as_ref().is_some_and(|s| s.is_probing))?;
            record.suspension = None;
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
    pub(crate) fn next_retry(&self, shard: usize, now: Duration) -> Option<Arc<Slot>> {
        let mut table = lock(&self.table);
        let due = table.records.iter().find_map(|(id, record)| {
            let own = record.suspension.as_ref()?;
            let slot = record.slots.first().filter(|slot| slot.shard == shard)?;
            let is_due =
                own.retry_at.is_some_and(|at| at <= now) && table.blocked(record).is_none();
            is_due.then(|| (id.clone(), Arc::clone(slot)))
        });
        let (id, slot) = due?;
        if let Some(own) = table
            .records
            .get_mut(&id)
            .and_then(|r| r.suspension.as_mut())
        {
            own.retry_at = None;
            own.is_probing = true;
        }
        self.has_retries.store(table.retries(), Ordering::Release);
        Some(slot)
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

    pub(crate) fn set_core_share(&self, id: &ToolId, share: f64) {
        if let Some(record) = lock(&self.table).records.get_mut(id) {
            record.core_share = share;
        }
    }

    pub(crate) fn stats(&self, is_memory_measured: bool) -> Vec<ToolStats> {
        let table = lock(&self.table);
        let stats = |(id, record): (&ToolId, &Record)| {
            let sum = |count: fn(&Slot) -> u64| record.slots.iter().map(|s| count(s)).sum::<u64>();
            let quantile = |q| {
                record
                    .slots
                    .iter()
                    .map(|s| s.counts.latency.quantile(q))
                    .max()
            };
            ToolStats {
                tool: id.clone(),
                state: table.state(id),
                calls: sum(|s| s.counts.calls.get()),
                errors: sum(|s| s.counts.errors.get()),
                panics: sum(|s| s.counts.panics.get()),
                slow_calls: sum(|s| s.counts.slow.get()),
                busy: Duration::from_nanos(sum(|s| s.counts.busy_ns.get())),
                core_share: record.core_share,
                latency_p50: quantile(0.5).unwrap_or_default(),
                latency_p99: quantile(0.99).unwrap_or_default(),
                memory_bytes: is_memory_measured.then(|| sum(Slot::memory_bytes)),
            }
        };
        table.records.iter().map(stats).collect()
    }

    /// Ids and states for a factory that the registry knows.
    pub(crate) fn station_error(
        &self,
        factory: &dyn ToolFactory,
        verb: &'static str,
    ) -> Option<Error> {
        let id = &factory.meta().id;
        let table = lock(&self.table);
        let record = table.records.get(id)?;
        (record.station == Station::Attached).then(|| Error::Transition {
            tool: id.to_string(),
            from: table.state(id),
            verb,
        })
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
