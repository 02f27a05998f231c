//! The life of a slot's instance: made, continued from what was saved, given a configuration, saved, dropped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use voidstate_core::{Config, Error, Result, Severity, Stage, Tool};

use super::{SNAPSHOT_KEY, Slot};
use crate::engine::failure::{Cause, Failure, discard, panic_message};
use crate::engine::frame::Frame;
use crate::engine::lock;
use crate::engine::record::Entry;
use crate::engine::shared::Shared;
use crate::memory::Owner;

/// A fresh instance and the account of its memory.
pub(crate) struct Made {
    instance: Box<dyn Tool>,
    owner: Option<Arc<Owner>>,
    /// Why it does not continue from the state that was saved.
    refused: Option<String>,
}

impl Made {
    /// Why it does not continue from the state that was saved.
    pub(crate) fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }
}

impl Slot {
    /// Makes a fresh instance, continues it from what was last saved, and puts it into place.
    ///
    /// Not under the eyes of the watchdog; see [`revive`](Self::revive).
    pub(crate) fn create(&self, saved: Option<&[u8]>) -> Result<Made> {
        let owner = Owner::claim().map(Arc::new);
        let entered = owner.as_ref().map(|owner| owner.enter());
        let config = lock(&self.config).clone();
        let made = catch_unwind(AssertUnwindSafe(|| {
            let mut instance = self.make(&config)?;
            let refused = saved.and_then(|saved| instance.restore(saved).err());
            // That it is gone says nothing against the state.
            if let Some(gone @ Error::Gone { .. }) = refused {
                return Err(gone);
            }
            // A state that does not fit is no reason to go without the tool.
            if refused.is_some() {
                instance = self.make(&config)?;
            }
            Ok::<_, Error>((instance, refused.map(|error| error.to_string())))
        }));
        drop(entered);
        match made {
            Ok(made) => {
                let (instance, refused) = made?;
                Ok(Made {
                    instance,
                    owner,
                    refused,
                })
            }
            Err(payload) => {
                let message = format!("making an instance panicked: {}", panic_message(&*payload));
                discard(payload);
                Err(voidstate_core::Error::Tool {
                    tool: self.meta.id.to_string(),
                    message,
                })
            }
        }
    }

    /// A fresh instance, whose types say nothing else than its metadata.
    fn make(&self, config: &Config) -> Result<Box<dyn Tool>> {
        let instance = self.factory.create(config, self.placement)?;
        match instance.effects() {
            Some(types) if types != self.meta.effects => Err(Error::EffectsDiffer {
                tool: self.meta.id.to_string(),
                types,
                metadata: self.meta.effects,
            }),
            _ => Ok(instance),
        }
    }

    /// Puts an instance into place.
    pub(crate) fn install(&self, shared: &Shared, made: Made, is_probing: bool) {
        if let Some(refused) = &made.refused {
            self.starts_afresh(shared, refused);
        }
        let Some(mut body) = self.body() else { return };
        *lock(&self.owner) = made.owner.clone();
        let before = body.instance.replace(made.instance);
        body.owner = made.owner;
        body.errors_in_a_row = [0; 2];
        body.is_probing = is_probing;
        body.probed_ticks = 0;
        self.next_generation();
        drop(body);
        self.set_hung(false);
        discard(before);
    }

    fn starts_afresh(&self, shared: &Shared, why: &str) {
        let tool = &self.meta.id;
        let sentence = format!("tool {tool} starts afresh, its saved state cannot be used: {why}");
        let episode = shared.new_episode();
        let (stage, severity) = (Stage::Instant, Severity::Notice);
        shared.say(episode, stage, severity, sentence, Some(tool));
    }

    /// What was saved of it, if that can be read.
    pub(crate) fn saved(&self, shared: &Shared) -> Option<Vec<u8>> {
        match shared.state.read(&self.meta.id, self.shard, SNAPSHOT_KEY) {
            Ok(saved) => saved,
            Err(error) => {
                self.starts_afresh(shared, &error.to_string());
                None
            }
        }
    }

    /// A fresh instance for a retry, made on the worker's thread under the eyes of the watchdog.
    pub(crate) fn revive(&self, frame: &Frame, is_probing: bool) -> Result<bool> {
        let saved = self.saved(&frame.shared);
        let ticket = frame.shard.beat.begin(self.number);
        let made = self.create(saved.as_deref());
        if !frame.shard.beat.end(ticket) {
            frame.stale.set(true);
            discard(made);
            return Ok(false);
        }
        let made = made?;
        frame.note(|| Entry::Made {
            slot: self.number,
            config: lock(&self.config).values().clone(),
            saved,
            is_probing,
        });
        self.install(&frame.shared, made, is_probing);
        Ok(true)
    }

    /// Runs `work` on the instance under the eyes of the watchdog, outside of any firing; `None` when there is no
    /// instance, its tool hung, or nobody waits any more.
    pub(crate) fn with_instance<R>(
        &self,
        frame: &Frame,
        work: impl FnOnce(&mut dyn Tool) -> Result<R>,
    ) -> Option<Result<R>> {
        if self.is_hung() {
            return None;
        }
        let ticket = frame.shard.beat.begin(self.number);
        let mut body = self.body();
        let mut outcome = None;
        if let Some(body) = body.as_deref_mut() {
            let entered = body.owner.as_ref().map(|owner| owner.enter());
            if let Some(instance) = body.instance.as_deref_mut() {
                outcome = Some(catch_unwind(AssertUnwindSafe(|| work(instance))));
            }
            drop(entered);
        }
        if !frame.shard.beat.end(ticket) {
            frame.stale.set(true);
            if let Some(body) = body.as_deref_mut() {
                discard(body.instance.take());
            }
            return None;
        }
        match outcome? {
            Ok(Err(error)) if matches!(error, Error::Gone { .. }) => {
                self.counts.errors.bump(1);
                if let Some(body) = body.as_deref_mut() {
                    discard(body.instance.take());
                }
                drop(body);
                if let Some(failure) = Failure::gone(&error) {
                    let tools = &frame.shared.tools;
                    tools.failed(&frame.shared, self, failure, frame.moment());
                }
                Some(Err(error))
            }
            Ok(result) => Some(result),
            Err(payload) => {
                self.counts.panics.bump(1);
                let reason = format!("it panicked: {}", panic_message(&*payload));
                discard(payload);
                if let Some(body) = body.as_deref_mut() {
                    discard(body.instance.take());
                }
                drop(body);
                let failure = Failure {
                    cause: Cause::Panic,
                    reason: reason.clone(),
                };
                frame
                    .shared
                    .tools
                    .failed(&frame.shared, self, failure, frame.moment());
                Some(Err(voidstate_core::Error::Tool {
                    tool: self.meta.id.to_string(),
                    message: reason,
                }))
            }
        }
    }

    /// Gives the instance a new configuration, or puts a fresh one with it in its place that continues from its state.
    pub(crate) fn reconfigure(&self, frame: &Frame, config: &Config) -> Result<()> {
        let taken = self.with_instance(frame, |tool| match tool.reconfigure(config) {
            Ok(()) => Ok(None),
            Err(Error::Unavailable { .. }) => tool.save().map(Some),
            Err(error) => Err(error),
        });
        let is_called = taken.is_some();
        let before = std::mem::replace(&mut *lock(&self.config), config.clone());
        let result = match taken {
            // Without an instance the next one is made with it.
            None | Some(Ok(None)) => Ok(()),
            Some(Ok(Some(saved))) => self.replace_instance(frame, &saved),
            Some(Err(error)) => Err(error),
        };
        if result.is_err() {
            *lock(&self.config) = before;
        }
        if let Err(Error::Gone { .. }) = &result {
            self.note_gone(frame, false);
        } else if !frame.stale.get() {
            frame.note(|| Entry::Reconfigured {
                slot: self.number,
                config: config.values().clone(),
                is_called,
            });
        }
        result
    }

    fn replace_instance(&self, frame: &Frame, saved: &[u8]) -> Result<()> {
        let ticket = frame.shard.beat.begin(self.number);
        let made = self.create(Some(saved));
        if frame.shard.beat.end(ticket) {
            self.install(&frame.shared, made?, false);
        } else {
            frame.stale.set(true);
            discard(made);
        }
        Ok(())
    }

    /// The state that a successor continues from: the instance's, or what was last saved when there is none.
    pub(crate) fn hand_over(&self, frame: &Frame) -> Result<Option<Vec<u8>>> {
        match self.with_instance(frame, |tool| tool.save()) {
            Some(state) => {
                if !frame.stale.get() {
                    frame.note(|| Entry::Saved { slot: self.number });
                }
                state.map(Some)
            }
            None => Ok(self.saved(&frame.shared)),
        }
    }

    /// Keeps the instance's state for a retry or the next start.
    pub(crate) fn save(&self, frame: &Frame) {
        let Some(saved) = self.with_instance(frame, |tool| tool.save()) else {
            return;
        };
        if let Err(Error::Gone { .. }) = &saved {
            return self.note_gone(frame, false);
        }
        frame.note(|| Entry::Saved { slot: self.number });
        let write = |bytes: Vec<u8>| {
            let state = &frame.shared.state;
            state.write(&self.meta.id, self.shard, SNAPSHOT_KEY, &bytes)
        };
        if let Err(error) = saved.and_then(write) {
            frame.shared.note(
                &self.meta.id,
                frame.now(),
                &format!("its state cannot be saved: {error}"),
            );
        }
    }

    /// Drops the instance, under the eyes of the watchdog.
    pub(crate) fn drop_instance(&self, frame: &Frame) {
        let ticket = frame.shard.beat.begin(self.number);
        if let Some(mut body) = self.body() {
            discard(body.instance.take());
            body.owner = None;
        }
        if !frame.shard.beat.end(ticket) {
            frame.stale.set(true);
            return;
        }
        *lock(&self.owner) = None;
        frame.note(|| Entry::Dropped { slot: self.number });
    }
}
