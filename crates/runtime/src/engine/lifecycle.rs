//! Where each tool is in its life, and why.

mod life;
mod suspension;
mod table;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use voidstate_core::{Error, LifecycleState, Result, Scope, ToolFactory, ToolId, ToolMeta};

use super::count::Count;
use super::lock;
use super::shared::Shared;
use super::slot::Slot;
use super::stats::ToolStats;
use crate::bus::CallbackId;
use life::Life;
use table::{Record, Table, publish};

/// The lives of all tools.
#[derive(Debug, Default)]
pub(crate) struct Tools {
    table: Mutex<Table>,
    /// One change at a time; not needed for failures and recoveries.
    pub(crate) changing: Mutex<()>,
    has_retries: AtomicBool,
    numbers: Count,
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
        let attached = table.records.iter().filter(|(_, r)| !r.life.is_detached());
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
        let attached = table.records.values().filter(|r| !r.life.is_detached());
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
                life: Life::begin(),
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

    /// Puts new slots in the place of a tool's and returns the callbacks of the old ones; its life goes on.
    pub(crate) fn replace(
        &self,
        shared: &Shared,
        meta: Arc<ToolMeta>,
        slots: Vec<Arc<Slot>>,
        callbacks: Vec<(usize, CallbackId)>,
    ) -> Vec<(usize, CallbackId)> {
        self.change(shared, |table| {
            let Some(record) = table.records.get_mut(&meta.id) else {
                return Vec::new();
            };
            record.meta = meta;
            record.slots = slots;
            std::mem::replace(&mut record.callbacks, callbacks)
        })
    }

    /// Makes a tool detached and returns the callbacks to unregister.
    pub(crate) fn remove(&self, shared: &Shared, id: &ToolId) -> Vec<(usize, CallbackId)> {
        self.change(shared, |table| {
            let Some(record) = table.records.get_mut(id) else {
                return Vec::new();
            };
            record.life.detach();
            std::mem::take(&mut record.callbacks)
        })
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
        (!record.life.is_detached()).then(|| Error::Transition {
            tool: id.to_string(),
            from: table.state(id),
            verb,
        })
    }
}
