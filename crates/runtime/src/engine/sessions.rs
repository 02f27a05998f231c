//! Sessions of tools: who is in a conversation, what each may say next, what waits to be heard.
//!
//! Each shard has a table of its own, which only its worker touches while it runs. Nothing is done when a party goes away:
//! the next one that speaks notices it by the number of the instance, so that tools without sessions pay nothing.

mod admission;
mod fit;
mod talk;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use voidstate_core::{AttributeValue, SessionMessage};

use super::lock;
use super::shard::Shard;
use super::shared::Shared;
use super::slot::Slot;
use super::stats::SessionStats;

pub(crate) use admission::{Admitted, admit};
use talk::Talk;

/// How many messages of one role may wait for another.
pub(crate) const WAITING_MAX: usize = 256;
/// About how many bytes the payload of one message may hold.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 1 << 20;

/// Why an operation of a session failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) role: String,
    pub(crate) reason: String,
    /// Whether it is a breach of the protocol by the tool that asked.
    pub(crate) is_breach: bool,
}

/// What has happened in a session so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) begun: u64,
    pub(crate) completed: u64,
    pub(crate) cancelled: u64,
    pub(crate) sent: u64,
    pub(crate) refused: u64,
}

/// The sessions of a shard, by name.
#[derive(Debug, Default)]
pub(crate) struct Sessions(BTreeMap<String, Talk>);

/// Where and when something is asked of a session.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) slot: &'a Slot,
    pub(crate) session: &'a str,
    pub(crate) now: Duration,
}

impl Sessions {
    /// Lets an admitted tool take its places.
    pub(crate) fn join(&mut self, slot: &Arc<Slot>, admitted: &[Admitted]) {
        for part in admitted {
            let talk = self.0.entry(part.session.clone()).or_default();
            talk.join(slot, Arc::clone(&part.machine));
        }
    }

    /// A tool that was detached takes part no more.
    pub(crate) fn leave(&mut self, slot: u32) {
        for talk in self.0.values_mut() {
            talk.leave(slot);
        }
    }

    /// Another version takes the places of a tool; what that had begun is over.
    pub(crate) fn exchange(&mut self, old: u32, new: &Arc<Slot>) {
        for talk in self.0.values_mut() {
            talk.exchange(old, new);
        }
    }

    pub(crate) fn talk(&self, session: &str) -> Option<&Talk> {
        self.0.get(session)
    }

    fn asked(&mut self, asked: &Asked<'_>) -> Result<(&mut Talk, usize), Trouble> {
        let lost = || Trouble {
            role: String::new(),
            reason: "the tool takes no part in it".to_owned(),
            is_breach: false,
        };
        let talk = self.0.get_mut(asked.session).ok_or_else(lost)?;
        let party = talk.party_of(asked.slot.number).ok_or_else(lost)?;
        Ok((talk, party))
    }

    pub(crate) fn is_open(&mut self, asked: &Asked<'_>) -> Result<bool, Trouble> {
        let (talk, party) = self.asked(asked)?;
        talk.is_open(asked, party)
    }

    pub(crate) fn send(
        &mut self,
        asked: &Asked<'_>,
        to: &str,
        label: &str,
        payload: Vec<AttributeValue>,
    ) -> Result<(), Trouble> {
        let (talk, party) = self.asked(asked)?;
        talk.send(asked, party, to, label, payload)
    }

    pub(crate) fn receive(&mut self, asked: &Asked<'_>) -> Result<Option<SessionMessage>, Trouble> {
        let (talk, party) = self.asked(asked)?;
        talk.receive(asked, party)
    }

    /// What happened in each session.
    fn tallies(&self) -> impl Iterator<Item = (&str, Tally, bool)> {
        self.0
            .iter()
            .map(|(name, talk)| (name.as_str(), talk.tally, talk.is_under_way()))
    }
}

/// What happened in each session, over all shards.
pub(crate) fn stats(shards: &[Arc<Shard>]) -> Vec<SessionStats> {
    let mut all = BTreeMap::<String, SessionStats>::new();
    for shard in shards {
        for (name, tally, is_under_way) in lock(&shard.sessions).tallies() {
            let stats = all.entry(name.to_owned()).or_insert_with(|| SessionStats {
                session: name.to_owned(),
                begun: 0,
                completed: 0,
                cancelled: 0,
                under_way: 0,
                sent: 0,
                refused: 0,
            });
            stats.begun += tally.begun;
            stats.completed += tally.completed;
            stats.cancelled += tally.cancelled;
            stats.under_way += u64::from(is_under_way);
            stats.sent += tally.sent;
            stats.refused += tally.refused;
        }
    }
    all.into_values().collect()
}

/// About how many bytes the values hold.
pub(crate) fn weigh_all(values: &[AttributeValue]) -> usize {
    let weights = values.iter().map(|value| weigh(value).0);
    weights.fold(0, usize::saturating_add)
}

/// About how many bytes a value holds, and how deep it goes.
fn weigh(value: &AttributeValue) -> (usize, usize) {
    let inner = |all: &mut dyn Iterator<Item = (usize, &AttributeValue)>| {
        all.fold((0_usize, 0), |(bytes, depth), (key, value)| {
            let (more, deeper) = weigh(value);
            let bytes = bytes.saturating_add(more).saturating_add(key);
            (bytes, depth.max(deeper))
        })
    };
    let (bytes, depth) = match value {
        AttributeValue::Text(text) => (text.len(), 0),
        AttributeValue::Bytes(bytes) => (bytes.len(), 0),
        AttributeValue::List(list) => inner(&mut list.iter().map(|v| (0, v))),
        AttributeValue::Map(map) => inner(&mut map.iter().map(|(k, v)| (k.len(), v))),
        _ => (0, 0),
    };
    (bytes.saturating_add(16), depth + 1)
}
