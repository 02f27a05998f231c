//! The states of all tools as their suspensions and dependencies make them, and the news of what changed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use voidstate_core::{LifecycleState, Severity, Stage, ToolId, ToolMeta};

use crate::bus::CallbackId;
use crate::engine::failure::Cause;
use crate::engine::shared::Shared;
use crate::engine::slot::Slot;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Station {
    Attached,
    Detached,
}

/// Why a tool itself (not a dependency of it) is not called.
#[derive(Debug, Clone)]
pub(super) struct Suspension {
    pub(super) cause: Cause,
    pub(super) reason: String,
    pub(super) retry_at: Option<Duration>,
    pub(super) is_probing: bool,
}

/// One tool that was attached at least once.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) meta: Arc<ToolMeta>,
    pub(super) station: Station,
    pub(super) suspension: Option<Suspension>,
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

    /// Brings what is shown, and who is called, in line with suspensions and dependencies.
    pub(super) fn settle(&mut self, shared: &Shared) -> Vec<News> {
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

    pub(super) fn retries(&self) -> bool {
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
