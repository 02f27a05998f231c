//! Putting another version of a tool in the place of one that runs.

use std::sync::Arc;

use voidstate_core::{
    Attributes, Config, Error, Result, Severity, Stage, ToolFactory, ToolMeta, Verdict,
};

use super::EngineHandle;
use crate::bus::CallbackId;
use crate::engine::failure::{Cause, Failure};
use crate::engine::frame::Frame;
use crate::engine::record::Entry;
use crate::engine::slot::{Slot, SlotPlan};
use crate::engine::worker::is_working;

/// The old slot, the new one, and where the new one is called from then on.
struct Exchange {
    old: Arc<Slot>,
    new: Arc<Slot>,
}

impl EngineHandle {
    /// Puts another version of an attached tool in its place, which continues from its state and misses no signal. It is
    /// accepted only when `verdict`, of a comparison of the two, meets [`Policy::upgrade_grade`](crate::Policy), and when
    /// the new version does to the world, may do and depends on no more than the old one did.
    ///
    /// The state is handed over twice: once on trial, while the old version goes on, and then between two batches of each
    /// shard. The old version does not finish, for what it began goes on.
    ///
    /// # Errors
    /// A verdict that is too weak; a version that is another tool, wants more, does not accept the configuration, or cannot
    /// continue from the state; a tool that is not attached, or that others depend on; a call from an engine's thread.
    /// Nothing has changed then.
    pub fn upgrade(
        &self,
        factory: &Arc<dyn ToolFactory>,
        given: &Attributes,
        verdict: &Verdict,
    ) -> Result<()> {
        if is_working() {
            return Err(Error::Unavailable {
                what: "an upgrade of a tool",
                reason: "it waits for the engine's threads and was asked for by one of them",
            });
        }
        let _changing = self.changing()?;
        let meta = Arc::new(factory.meta().clone());
        meta.check()?;
        let slots = self.attached(&meta.id, "upgraded")?;
        let Some(before) = slots.first().map(|slot| Arc::clone(&slot.meta)) else {
            return Ok(());
        };
        let refuse = |why: String| {
            Err(Error::Tool {
                tool: meta.id.to_string(),
                message: format!(
                    "version {} does not replace version {}: {why}",
                    meta.version, before.version
                ),
            })
        };
        let required = self.shared.policy.upgrade_grade;
        if !verdict.meets(required) {
            let Verdict { grade, sentence } = verdict;
            return refuse(format!(
                "{required} is asked for, it is {grade}: {sentence}"
            ));
        }
        if let Some(why) = wants_more(&before, &meta) {
            return refuse(why);
        }
        let dependents = self.shared.tools.dependents(&meta.id);
        if !dependents.is_empty() {
            let names: Vec<_> = dependents.iter().map(|id| id.as_str()).collect();
            let names = names.join(", ");
            return refuse(format!("{names} depends on it; detach that first"));
        }
        let config = Config::checked(&meta.config, given)?;
        if let Some(why) = self.try_out(factory, &meta, &slots, &config)? {
            return refuse(why);
        }
        let exchanges = slots.iter().map(|old| Exchange {
            old: Arc::clone(old),
            new: Arc::new(self.successor(factory, &meta, old, &config)),
        });
        let exchanges: Vec<_> = exchanges.collect();
        self.shared.registry.replace(Arc::clone(factory))?;
        self.exchange(&meta, exchanges);
        let sentence = format!(
            "tool {} goes on in version {} in place of {}: {}, {}",
            meta.id, meta.version, before.version, verdict.grade, verdict.sentence
        );
        let episode = self.shared.new_episode();
        let (stage, severity) = (Stage::Instant, Severity::Info);
        self.shared
            .say(episode, stage, severity, sentence, Some(&meta.id));
        Ok(())
    }

    fn successor(
        &self,
        factory: &Arc<dyn ToolFactory>,
        meta: &Arc<ToolMeta>,
        old: &Slot,
        config: &Config,
    ) -> Slot {
        Slot::new(SlotPlan {
            number: self.shared.tools.next_number(),
            meta: Arc::clone(meta),
            factory: Arc::clone(factory),
            shard: old.shard,
            placement: old.placement,
            dependencies: old.dependencies.clone(),
            config: config.clone(),
            seed: self.shared.seed,
        })
    }

    /// Why the new version cannot continue from the state of the old one, tried while the old one goes on.
    fn try_out(
        &self,
        factory: &Arc<dyn ToolFactory>,
        meta: &Arc<ToolMeta>,
        slots: &[Arc<Slot>],
        config: &Config,
    ) -> Result<Option<String>> {
        let states = self.on_workers(slots, |slot, frame| slot.hand_over(frame));
        for (old, state) in slots.iter().zip(states) {
            let Some(state) = state else {
                return Ok(Some(
                    "the old one does not give its state in time".to_owned(),
                ));
            };
            let on_trial = self.successor(factory, meta, old, config);
            let made = on_trial.create(state?.as_deref())?;
            if let Some(why) = made.refused() {
                return Ok(Some(format!("it cannot continue from its state: {why}")));
            }
        }
        Ok(None)
    }

    fn exchange(&self, meta: &Arc<ToolMeta>, exchanges: Vec<Exchange>) {
        let mut callbacks: Vec<(usize, CallbackId)> = Vec::new();
        let mut slots = Vec::new();
        for Exchange { old, new } in exchanges {
            let Some(shard) = self.shared.shards.get(old.shard) else {
                continue;
            };
            let limit = old.meta.budget.time_per_signal;
            let (leaving, coming) = (Arc::clone(&old), Arc::clone(&new));
            let done = self.on_worker(shard, limit, move |frame| {
                take_turn(frame, &leaving, &coming)
            });
            // A worker that does not answer in time does it when it can, and says itself what went wrong.
            callbacks.extend(done.into_iter().flatten().map(|id| (shard.number, id)));
            slots.push(new);
        }
        let before = self
            .shared
            .tools
            .replace(&self.shared, Arc::clone(meta), slots, callbacks);
        self.unregister(&before);
    }
}

/// What the new version wants that the old one did not.
fn wants_more(old: &ToolMeta, new: &ToolMeta) -> Option<String> {
    if !new.effects.is_subset(old.effects) {
        return Some(format!(
            "it has the effects {}, the old one has {}",
            new.effects, old.effects
        ));
    }
    let missing = new
        .permissions
        .iter()
        .find(|p| !old.permissions.contains(p));
    if let Some(permission) = missing {
        let (action, resource) = (permission.action, &permission.resource);
        return Some(format!(
            "it needs the permission {action:?} {resource}, which the old one does not"
        ));
    }
    if new.dependencies != old.dependencies {
        return Some("it depends on other tools".to_owned());
    }
    if new.sessions != old.sessions {
        return Some("it takes part in other sessions, or as its own protocol has it".to_owned());
    }
    (new.scope != old.scope).then(|| "it runs in another scope".to_owned())
}

/// Between two batches: the new slot is put in, continues from the old one's state, and is called from now on.
fn take_turn(frame: &Frame, old: &Arc<Slot>, new: &Arc<Slot>) -> Vec<CallbackId> {
    let shared = &frame.shared;
    let state = old.hand_over(frame);
    if frame.stale.get() {
        return Vec::new();
    }
    let made = state.and_then(|state| Ok((new.create(state.as_deref())?, state)));
    let subscribed = new.subscribe(&frame.shard);
    let failed = match (made, &subscribed) {
        (Ok((made, state)), Ok(_)) => {
            // Noted before anything rests on it.
            shared.note_entry(|| new.entry(state));
            new.install(shared, made, false);
            None
        }
        (Err(error), _) => Some(error.to_string()),
        (_, Err(error)) => Some(error.to_string()),
    };
    let was_active = old.is_active();
    old.leave();
    old.drop_instance(frame);
    frame.note(|| Entry::Left { slot: old.number });
    let all = frame.shard.slots();
    let others = all.iter().filter(|slot| slot.number != old.number);
    let mut all: Vec<_> = others.cloned().collect();
    all.push(Arc::clone(new));
    frame.shard.set_slots(all);
    crate::engine::lock(&frame.shard.sessions).exchange(old.number, new);
    match failed {
        None => new.set_active(was_active),
        Some(reason) => {
            let reason = format!("the new version could not take over: {reason}");
            let cause = Cause::Create;
            let failure = Failure { cause, reason };
            shared.tools.failed(shared, new, failure, frame.moment());
        }
    }
    subscribed.unwrap_or_default()
}
