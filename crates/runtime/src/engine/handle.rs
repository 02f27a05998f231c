//! Steering a running engine.

mod hooks;
mod upgrade;

use std::sync::atomic::Ordering;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, MutexGuard, TryLockError};
use std::time::Duration;

use voidstate_core::{
    Attributes, Config, Error, Lifecycle, LifecycleState, Placement, Registry, Result, Scope,
    ToolFactory, ToolId, ToolMeta,
};

use super::frame::Frame;
use super::lock;
use super::log::LogLine;
use super::record::{Entry, RecordingState};
use super::sessions::{Admitted, admit};
use super::shard::Shard;
use super::shared::Shared;
use super::slot::{SNAPSHOT_KEY, Slot, SlotPlan};
use super::stats::EngineStats;
use super::worker::is_working;

/// Steers an engine from any thread, also while it runs. Cloning shares it.
///
/// Changes take hold between two batches. From inside an engine's thread (a sink, a log listener) a change does not wait
/// for others: it fails when another one is under way, and a finishing tool is not waited for.
#[derive(Debug, Clone)]
pub struct EngineHandle {
    pub(crate) shared: Arc<Shared>,
}

impl EngineHandle {
    /// The counters as of now. Costs a few locks that no hot path takes.
    #[must_use]
    pub fn stats(&self) -> EngineStats {
        self.shared.stats()
    }

    /// The tools that this engine knows, attached or not.
    #[must_use]
    pub fn registry(&self) -> &dyn Registry {
        &*self.shared.registry
    }

    /// The latest log lines of tools, oldest first.
    #[must_use]
    pub fn log_lines(&self) -> Vec<LogLine> {
        self.shared.log.lines()
    }

    /// Whether tools' memory is measured, that is whether the program's global allocator is
    /// [`Attributing`](crate::memory::Attributing). Without it memory budgets cannot be enforced.
    #[must_use]
    pub fn is_memory_measured(&self) -> bool {
        self.shared.is_memory_measured
    }

    /// How the recording is going, when there is one.
    #[must_use]
    pub fn recording(&self) -> Option<RecordingState> {
        self.shared.tapes.as_ref().map(|tapes| tapes.state())
    }

    /// Whether the engine was told to stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.shared.is_stopping.load(Ordering::Relaxed)
    }

    /// Attaches with a configuration instead of the defaults.
    ///
    /// # Errors
    /// As [`attach`](Lifecycle::attach), and a configuration that the tool does not accept.
    pub fn attach_with(&self, tool: &ToolId, given: &Attributes) -> Result<()> {
        let _changing = self.changing()?;
        let factory = self.factory(tool)?;
        if let Some(error) = self.shared.tools.station_error(&*factory, "attached") {
            return Err(error);
        }
        if self.shared.tools.is_abandoned_in(tool) {
            return Err(Error::Tool {
                tool: tool.to_string(),
                message: "a call of it has not returned; attach it once it does".to_owned(),
            });
        }
        let meta = factory.meta();
        meta.check()?;
        let config = Config::checked(&meta.config, given)?;
        self.shared.tools.check_dependencies(meta)?;
        self.check_scopes(meta)?;
        let admitted = admit(&self.shared, meta)?;
        self.put_in(&factory, &config, &admitted)
    }

    fn changing(&self) -> Result<MutexGuard<'_, ()>> {
        if !is_working() {
            return Ok(lock(&self.shared.tools.changing));
        }
        match self.shared.tools.changing.try_lock() {
            Ok(guard) => Ok(guard),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(Error::Unavailable {
                what: "this change of a tool's life",
                reason: "another one is under way and this thread must not wait for it",
            }),
        }
    }

    fn factory(&self, tool: &ToolId) -> Result<Arc<dyn ToolFactory>> {
        self.shared
            .registry
            .get(tool)
            .ok_or_else(|| Error::Missing {
                kind: "tool",
                name: tool.to_string(),
            })
    }

    /// Tools hear each other only where they see the same firings.
    fn check_scopes(&self, meta: &ToolMeta) -> Result<()> {
        if self.shared.spread == 1 {
            return Ok(());
        }
        let mut dependencies = meta.dependencies.iter();
        match dependencies.find(|id| self.shared.tools.scope(id) != Some(meta.scope)) {
            None => Ok(()),
            Some(other) => Err(Error::Tool {
                tool: meta.id.to_string(),
                message: format!(
                    "it and its dependency {other} differ in scope, so with {} shards they do not see the same \
                     firings; run one shard or give both the same scope",
                    self.shared.spread
                ),
            }),
        }
    }

    /// Where instances of a tool run.
    fn places(&self, scope: Scope) -> Vec<(Arc<Shard>, Placement)> {
        let shared = &self.shared;
        let shards = match scope {
            Scope::Single if shared.spread > 1 => shared.shards.get(shared.spread..),
            _ => shared.shards.get(..shared.spread),
        };
        let shards = shards.unwrap_or_default().iter().cloned();
        match scope {
            Scope::Sharded => {
                let shards = shards.enumerate();
                let place = |(shard, s)| {
                    (
                        s,
                        Placement {
                            shard,
                            shards: shared.spread,
                        },
                    )
                };
                shards.map(place).collect()
            }
            _ => shards.map(|s| (s, Placement::ALONE)).collect(),
        }
    }

    fn put_in(
        &self,
        factory: &Arc<dyn ToolFactory>,
        config: &Config,
        admitted: &[Admitted],
    ) -> Result<()> {
        let shared = &self.shared;
        let meta = Arc::new(factory.meta().clone());
        let mut slots = Vec::new();
        let mut missing = None;
        for (shard, placement) in self.places(meta.scope) {
            let dependencies = meta.dependencies.iter().map(|id| {
                let slots = shared.tools.slots(id);
                slots.into_iter().find(|slot| slot.shard == shard.number)
            });
            let slot = Slot::new(SlotPlan {
                number: shared.tools.next_number(),
                meta: Arc::clone(&meta),
                factory: Arc::clone(factory),
                shard: shard.number,
                placement,
                dependencies: dependencies.flatten().collect(),
                config: config.clone(),
                seed: shared.seed,
            });
            let saved = slot.saved(shared);
            match slot.create(saved.as_deref()) {
                Ok(made) => slot.install(shared, made, false),
                // It may be there the next time.
                Err(gone @ Error::Gone { .. }) => {
                    missing.get_or_insert(gone);
                }
                Err(error) => return Err(error),
            }
            slots.push((shard, Arc::new(slot), saved));
        }
        let mut callbacks = Vec::new();
        for (shard, slot, _) in &slots {
            match slot.subscribe(shard) {
                Ok(ids) => callbacks.extend(ids.into_iter().map(|id| (shard.number, id))),
                Err(error) => {
                    self.unregister(&callbacks);
                    return Err(error);
                }
            }
        }
        // Noted before anybody is called.
        for (_, slot, saved) in &mut slots {
            let saved = saved.take();
            shared.note_entry(|| slot.entry(saved));
        }
        if shared.spread > 1 && meta.scope == Scope::Single {
            shared.has_single.store(true, Ordering::Relaxed);
        }
        for (shard, slot, _) in &slots {
            lock(&shard.sessions).join(slot, admitted);
            let mut all = shard.slots().to_vec();
            all.push(Arc::clone(slot));
            shard.set_slots(all);
        }
        let slots: Vec<_> = slots.into_iter().map(|(_, slot, _)| slot).collect();
        let first = slots.first().cloned();
        shared.tools.insert(shared, meta, slots, callbacks);
        if let (Some(gone), Some(slot)) = (missing, first) {
            let now = shared.moment();
            shared.tools.not_made(shared, &slot, &gone, now);
        }
        Ok(())
    }

    fn unregister(&self, callbacks: &[(usize, crate::bus::CallbackId)]) {
        for (shard, callback) in callbacks {
            if let Some(shard) = self.shared.shards.get(*shard) {
                // A callback that is gone already is what is wanted.
                let _ = shard.bus.unregister(*callback);
            }
        }
    }

    /// Has the worker of each slot run `work`, and waits for it where that is possible.
    fn on_workers<R: Send + 'static>(
        &self,
        slots: &[Arc<Slot>],
        work: impl Fn(&Slot, &Frame) -> R + Clone + Send + 'static,
    ) -> Vec<Option<R>> {
        let limit = slots
            .iter()
            .map(|s| s.meta.budget.time_per_signal)
            .max()
            .unwrap_or_default();
        let ask = |slot: &Arc<Slot>| {
            let shard = self.shared.shards.get(slot.shard)?;
            let (slot, work) = (Arc::clone(slot), work.clone());
            self.on_worker(shard, limit, move |frame| work(&slot, frame))
        };
        slots.iter().map(ask).collect()
    }

    /// Has the worker of a shard do `work`, and waits for it where that is possible; a call of a tool in it may take `limit`.
    fn on_worker<R: Send + 'static>(
        &self,
        shard: &Shard,
        limit: Duration,
        work: impl FnOnce(&Frame) -> R + Send + 'static,
    ) -> Option<R> {
        let patience = limit.max(self.shared.policy.hang_after) * 2 + Duration::from_secs(1);
        let (reply, answer) = sync_channel(1);
        shard.request(Box::new(move |frame| {
            // Nobody may be waiting any more.
            let _ = reply.send(work(frame));
        }));
        if is_working() {
            return None;
        }
        let parked = self.shared.parked.get(shard.number)?;
        if let Some(worker) = lock(parked).as_mut() {
            worker.run_request();
        }
        answer.recv_timeout(patience).ok()
    }

    fn attached(&self, tool: &ToolId, verb: &'static str) -> Result<Vec<Arc<Slot>>> {
        let state = self.state(tool)?;
        match state {
            LifecycleState::Attached | LifecycleState::Suspended { .. } => {
                Ok(self.shared.tools.slots(tool))
            }
            from => Err(Error::Transition {
                tool: tool.to_string(),
                from,
                verb,
            }),
        }
    }
}

impl Lifecycle for EngineHandle {
    fn attach(&self, tool: &ToolId) -> Result<()> {
        self.attach_with(tool, &Attributes::new())
    }

    fn suspend(&self, tool: &ToolId, reason: &str) -> Result<()> {
        let _changing = self.changing()?;
        self.attached(tool, "suspended")?;
        let reason = if reason.is_empty() {
            "on request"
        } else {
            reason
        };
        self.shared.tools.suspend(&self.shared, tool, reason)
    }

    fn resume(&self, tool: &ToolId) -> Result<()> {
        let _changing = self.changing()?;
        self.attached(tool, "resumed")?;
        self.shared
            .tools
            .resume(&self.shared, tool, self.shared.moment())
    }

    fn detach(&self, tool: &ToolId) -> Result<()> {
        let _changing = self.changing()?;
        let slots = self.attached(tool, "detached")?;
        let dependents = self.shared.tools.dependents(tool);
        if !dependents.is_empty() {
            let names: Vec<_> = dependents.iter().map(ToolId::as_str).collect();
            return Err(Error::Tool {
                tool: tool.to_string(),
                message: format!("it is needed by {}; detach those first", names.join(", ")),
            });
        }
        self.on_workers(&slots, |slot, frame| {
            frame.advance();
            slot.leave();
            slot.finish(frame);
            if !frame.stale.get() {
                slot.drop_instance(frame);
                frame.note(|| Entry::Left { slot: slot.number });
            }
        });
        for slot in &slots {
            slot.leave();
            // It came to its end in order: the next one starts afresh.
            let state = &self.shared.state;
            if let Err(error) = state.write(tool, slot.shard, SNAPSHOT_KEY, &[]) {
                let message = format!("its saved state cannot be removed: {error}");
                self.shared.note(tool, self.shared.now(), &message);
            }
        }
        let callbacks = self.shared.tools.remove(&self.shared, tool);
        self.unregister(&callbacks);
        for shard in &self.shared.shards {
            let others = shard.slots();
            let others = others.iter().filter(|slot| slot.meta.id != *tool);
            shard.set_slots(others.cloned().collect());
            for slot in &slots {
                lock(&shard.sessions).leave(slot.number);
            }
        }
        Ok(())
    }

    fn reconfigure(&self, tool: &ToolId, given: &Attributes) -> Result<()> {
        let _changing = self.changing()?;
        let slots = self.attached(tool, "reconfigured")?;
        let Some(meta) = slots.first().map(|slot| Arc::clone(&slot.meta)) else {
            return Ok(());
        };
        let config = Config::checked(&meta.config, given)?;
        let is_engine_thread = is_working();
        let before = slots.first().map(|slot| lock(&slot.config).clone());
        let answers = self.on_workers(&slots, move |slot, frame| slot.reconfigure(frame, &config));
        let refused = answers.into_iter().find_map(|answer| match answer {
            Some(result) => result.err(),
            None if is_engine_thread => None,
            None => Some(Error::Tool {
                tool: tool.to_string(),
                message: "it did not take the configuration in time".to_owned(),
            }),
        });
        let (Some(error), Some(before)) = (refused, before) else {
            return Ok(());
        };
        // All instances have the same configuration, or the old one.
        self.on_workers(&slots, move |slot, frame| slot.reconfigure(frame, &before));
        Err(error)
    }

    fn state(&self, tool: &ToolId) -> Result<LifecycleState> {
        match self.shared.tools.state(tool) {
            Some(state) => Ok(state),
            None => self.factory(tool).map(|_| LifecycleState::Registered),
        }
    }
}
