//! Messages that take their time, overtake one another, get lost or come twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::seeded::Seeded;
use crate::simulated::{Settings, failed};
use crate::standard::{Failure, FailureKind};

/// When it arrives, which draw it was, and what it says: in this order.
type Message = (i64, u64, Vec<u8>);

#[derive(Debug, Clone)]
pub(super) struct Net {
    inboxes: BTreeMap<String, BTreeSet<Message>>,
    random: Seeded,
    sent: u64,
    latency_ns_max: u64,
    loss_ppm: u32,
    duplicate_ppm: u32,
    inbox_messages_max: usize,
}

impl Net {
    pub(super) fn new(random: Seeded, settings: &Settings) -> Self {
        Self {
            inboxes: BTreeMap::new(),
            random,
            sent: 0,
            latency_ns_max: settings.latency_ns_max,
            loss_ppm: settings.loss_ppm,
            duplicate_ppm: settings.duplicate_ppm,
            inbox_messages_max: settings.inbox_messages_max,
        }
    }

    pub(super) fn send(&mut self, to: &str, bytes: Vec<u8>, now_ns: i64) -> Result<(), Failure> {
        let under_way = self.inboxes.get(to).map_or(0, BTreeSet::len);
        let lost = self.random.happens(self.loss_ppm);
        let copies = if self.random.happens(self.duplicate_ppm) {
            2
        } else {
            1
        };
        if under_way + copies > self.inbox_messages_max {
            return failed(FailureKind::Full, to);
        }
        if lost {
            return Ok(());
        }
        for _ in 0..copies {
            let latency = self.random.below(self.latency_ns_max.saturating_add(1));
            let arrives = now_ns.saturating_add_unsigned(latency);
            let inbox = self.inboxes.entry(to.to_owned()).or_default();
            inbox.insert((arrives, self.sent, bytes.clone()));
            self.sent += 1;
        }
        Ok(())
    }

    pub(super) fn receive(&mut self, at: &str, now_ns: i64) -> Option<Vec<u8>> {
        let inbox = self.inboxes.get_mut(at)?;
        let arrived = inbox
            .first()
            .is_some_and(|(arrives, _, _)| *arrives <= now_ns);
        let message = if arrived { inbox.pop_first() } else { None };
        if inbox.is_empty() {
            self.inboxes.remove(at);
        }
        message.map(|(_, _, bytes)| bytes)
    }
}
