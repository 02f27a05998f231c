//! The states of all tools as their suspensions and dependencies make them, and the news of what changed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use voidstate_core::{LifecycleState, Severity, Stage, ToolId, ToolMeta};

use super::life::Life;
use crate::bus::CallbackId;
use crate::engine::failure::Cause;
use crate::engine::record::Entry;
use crate::engine::shared::Shared;
use crate::engine::slot::Slot;

/// Why a tool itself (not a dependency of it) is not called.
#[derive(Debug)]
pub(super) struct Suspension {
    pub(super) cause: Cause,
    pub(super) reason: String,
    pub(super) retry_at: Option<Duration>,
    /// After a hang: why it must not be tried now.
    pub(super) held: Option<String>,
}

impl Suspension {
    fn reason(&self) -> String {
        match &self.held {
            Some(held) => format!("{}{held}", self.reason),
            None if self.cause == Cause::Hang => format!("{} took too long", self.reason),
            None => self.reason.clone(),
        }
    }
}

/// One tool that was attached at least once.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) meta: Arc<ToolMeta>,
    pub(super) life: Life<Suspension>,
    pub(super) shown: LifecycleState,
    pub(super) slots: Vec<Arc<Slot>>,
    pub(super) callbacks: Vec<(usize, CallbackId)>,
    pub(super) episode: Option<u64>,
    pub(super) attempts: u32,
    pub(super) recovered_at: Option<Duration>,
    pub(super) core_share: f64,
}

#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) records: BTreeMap<ToolId, Record>,
    /// How many abandoned threads have not come back from each tool.
    pub(super) abandoned: BTreeMap<ToolId, usize>,
}

/// What a change of lives brings with it.
pub(super) struct News {
    severity: Severity,
    stage: Stage,
    episode: u64,
    sentence: String,
    tool: ToolId,
}

impl Table {
    pub(super) fn state(&self, id: &ToolId) -> LifecycleState {
        let Some(record) = self.records.get(id) else {
            return LifecycleState::Registered;
        };
        match &record.life {
            Life::Attached(_) => self.blocked(record).unwrap_or(LifecycleState::Attached),
            Life::Suspended(now) => LifecycleState::Suspended {
                reason: now.get().reason(),
                retried: now.get().retry_at.is_some(),
            },
            Life::Probing(now) => LifecycleState::Suspended {
                reason: now.get().reason(),
                retried: true,
            },
            Life::Detached(_) => LifecycleState::Detached,
        }
    }

    /// The state of a tool whose dependency is not attached; reasons nest, so the whole chain is shown.
    pub(super) fn blocked(&self, record: &Record) -> Option<LifecycleState> {
        let mut dependencies = record.meta.dependencies.iter();
        dependencies.find_map(|dependency| match self.state(dependency) {
            LifecycleState::Attached => None,
            state => Some(LifecycleState::Suspended {
                reason: format!("it depends on {dependency}, which is {state}"),
                retried: matches!(state, LifecycleState::Suspended { retried: true, .. }),
            }),
        })
    }

    /// Why a tool that hung must not be tried now: its call is still out, or its next hang could take the last thread.
    pub(super) fn held(&self, shared: &Shared, record: &Record) -> Option<String> {
        let Life::Suspended(own) = &record.life else {
            return None;
        };
        if own.get().cause != Cause::Hang {
            return None;
        }
        let max = shared.policy.abandoned_max;
        let is_never = max < 2;
        // Nobody calls a suspended tool, so a call under way is one that a shard waits for.
        let mut slots = record.slots.iter();
        let is_waited_for = slots.any(|slot| {
            let beat = shared.shards.get(slot.shard).map(|s| s.beat.under_way());
            beat.flatten().is_some_and(|(_, n)| n == slot.number)
        });
        if is_waited_for || self.abandoned.contains_key(&record.meta.id) {
            let follows = if is_never {
                "it is not tried again, for no thread could be spared for its next hang"
            } else {
                "it is tried again once it does"
            };
            return Some(format!(" has not returned; {follows}"));
        }
        let abandoned: usize = self.abandoned.values().sum();
        let at_stake = self.probed_after_hang().count();
        (abandoned + at_stake + 1 >= max).then(|| {
            format!(
                " took too long; it is not tried again while {abandoned} threads are abandoned and {at_stake} at stake                  of at most {max}, for the last one is kept for another tool"
            )
        })
    }

    fn probed_after_hang(&self) -> impl Iterator<Item = &Record> {
        let records = self.records.values();
        records.filter(|r| match &r.life {
            Life::Probing(now) => now.get().cause == Cause::Hang,
            _ => false,
        })
    }

    /// Brings what is held back in line with the threads that are abandoned.
    fn hold(&mut self, shared: &Shared) {
        let abandoned: usize = self.abandoned.values().sum();
        if abandoned >= shared.policy.abandoned_max {
            // A trial that hung now would stop its shard.
            for record in self.records.values_mut() {
                let is_called_off = record.life.go(|life| match life {
                    Life::Probing(now) if now.get().cause == Cause::Hang => {
                        let now = now.step_with(|own| Suspension {
                            retry_at: Some(Duration::ZERO),
                            ..own
                        });
                        (Life::Suspended(now), true)
                    }
                    other => (other, false),
                });
                if is_called_off {
                    for slot in &record.slots {
                        slot.set_hung(true);
                    }
                }
            }
        }
        let held: Vec<_> = self
            .records
            .values()
            .map(|r| self.held(shared, r))
            .collect();
        for (record, held) in self.records.values_mut().zip(held) {
            if let Some(own) = record.life.suspension_mut() {
                own.held = held;
            }
        }
    }

    /// Brings what is shown, and who is called, in line with suspensions and dependencies.
    pub(super) fn settle(&mut self, shared: &Shared) -> Vec<News> {
        self.hold(shared);
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
            if !record.life.is_probing() {
                for slot in &record.slots {
                    slot.set_active(is_attached);
                }
            }
            if state == record.shown {
                continue;
            }
            shared.note_entry(|| Entry::Life {
                tool: id.clone(),
                state: state.clone(),
            });
            record.shown = state;
            news.extend(record.tell(&id, || shared.new_episode()));
        }
        news
    }

    pub(super) fn retries(&self) -> bool {
        let mut records = self.records.values();
        records.any(|r| r.life.suspension().is_some_and(|s| s.retry_at.is_some()))
    }
}

impl Record {
    /// The news of its present state: a suspension opens an episode, whatever follows closes it.
    fn tell(&mut self, id: &ToolId, new_episode: impl FnOnce() -> u64) -> Option<News> {
        let (stage, severity, sentence) = match &self.shown {
            LifecycleState::Suspended { reason, retried } => {
                let is_held = self.life.suspension().is_some_and(|s| s.held.is_some());
                let follows = match retried {
                    _ if is_held => "",
                    true => "; it will be tried again",
                    false => "; it is not tried again by itself",
                };
                let stage = if self.episode.is_some() {
                    Stage::Updated
                } else {
                    Stage::Opened
                };
                let is_asked = self
                    .life
                    .suspension()
                    .is_some_and(|s| s.cause == Cause::Requested);
                let severity = if is_asked {
                    Severity::Info
                } else {
                    Severity::Warning
                };
                (
                    stage,
                    severity,
                    format!("tool {id} is suspended: {reason}{follows}"),
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

/// Tells the news as findings.
pub(super) fn publish(shared: &Shared, news: Vec<News>) {
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
