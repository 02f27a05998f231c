//! Episodes of one family that open together are one incident: one thing happened, many series moved.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use voidstate_anomaly::{Episode, EpisodeKind};
use voidstate_core::Stage;

use crate::family::Family;
use crate::processes::Culprit;

/// An episode that opens within this time of an incident's opening belongs to it.
const JOIN_WITHIN_NS: i64 = 15_000_000_000;

/// A departure this many times as large as before is told again.
const GREW: f64 = 1.5;

/// One thing that happened, as far as the series tell.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Incident {
    pub(crate) id: u64,
    pub(crate) family: Family,
    /// Data time at which it was opened.
    opened_ns: i64,
    /// Earliest start of its episodes.
    pub(crate) start_ns: i64,
    /// Latest end of its episodes so far.
    pub(crate) end_ns: i64,
    /// Number of the panel's episode that tells most.
    lead: u64,
    /// Its episodes as last heard of, open ones and closed ones.
    members: BTreeMap<u64, Member>,
    pub(crate) culprit: Option<Culprit>,
    told: bool,
    changed: bool,
    /// The lead departed much further since it was last told.
    pub(crate) grew: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Member {
    episode: Episode,
    /// Lower tells more at equal evidence.
    rank: usize,
    open: bool,
    /// Whether the departure is large enough for a person to care.
    matters: bool,
}

/// What the tool knows of an episode besides its numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) rank: usize,
    pub(crate) matters: bool,
}

impl Incident {
    fn new(id: u64, family: Family, episode: Episode, seen: Seen, now_ns: i64) -> Self {
        let Seen { rank, matters } = seen;
        Self {
            id,
            family,
            opened_ns: now_ns,
            start_ns: episode.start_ns,
            end_ns: episode.end_ns,
            lead: episode.id,
            members: BTreeMap::from([(
                episode.id,
                Member {
                    episode,
                    rank,
                    open: true,
                    matters,
                },
            )]),
            culprit: None,
            told: false,
            changed: true,
            grew: false,
        }
    }

    /// The episode that tells most.
    pub(crate) fn lead(&self) -> Option<&Episode> {
        self.members.get(&self.lead).map(|member| &member.episode)
    }

    /// How often chance brings about an episode as strong as the strongest that matters, per sample.
    pub(crate) fn false_rate(&self) -> f64 {
        let members = self.members.values().filter(|member| member.matters);
        let rates = members.map(|member| member.episode.false_rate);
        rates.fold(1.0, f64::min)
    }

    /// Series of its episodes, the most telling first.
    pub(crate) fn series(&self) -> Vec<usize> {
        let mut series: Vec<usize> = self
            .lead()
            .map(|episode| episode.series)
            .into_iter()
            .collect();
        let mut rest: Vec<&Member> = self
            .members
            .values()
            .filter(|member| member.episode.id != self.lead)
            .collect();
        rest.sort_by(|a, b| {
            a.episode
                .false_rate
                .total_cmp(&b.episode.false_rate)
                .then(a.rank.cmp(&b.rank))
        });
        for member in rest {
            if !series.contains(&member.episode.series) {
                series.push(member.episode.series);
            }
        }
        series
    }

    fn is_over(&self) -> bool {
        self.members.values().all(|member| !member.open)
    }

    /// Whether any of its episodes is large enough to be told.
    fn matters(&self) -> bool {
        self.members.values().any(|member| member.matters)
    }

    fn take_in(&mut self, episode: Episode, seen: Seen, open: bool) {
        let Seen { rank, matters } = seen;
        let distance = |episode: &Episode| (episode.peak.value - episode.expected).abs();
        let before = self
            .members
            .get(&episode.id)
            .map(|member| distance(&member.episode));
        if self.told && matters && before.is_some_and(|before| distance(&episode) > GREW * before) {
            self.grew = true;
            self.lead = episode.id;
        }
        // What mattered once goes on to matter: its end is told, too.
        let mattered = self
            .members
            .get(&episode.id)
            .is_some_and(|member| member.matters);
        let matters = matters || mattered;
        self.start_ns = self.start_ns.min(episode.start_ns);
        self.end_ns = self.end_ns.max(episode.end_ns);
        let end_ns = episode.end_ns;
        let before = self.members.insert(
            episode.id,
            Member {
                episode,
                rank,
                open,
                matters,
            },
        );
        // The clock was set back: an end in its future is none of this incident.
        if before.is_some_and(|member| member.episode.end_ns > end_ns) {
            let ends = self.members.values().map(|member| member.episode.end_ns);
            self.end_ns = ends.fold(self.start_ns, i64::max);
        }
        self.changed = true;
    }

    /// The lead is chosen when the incident is told: among the episodes that are about as unusual as the most unusual
    /// one, the one whose series says most to a person.
    fn choose_lead(&mut self) {
        let best = self
            .members
            .values()
            .map(|m| m.episode.false_rate)
            .fold(f64::INFINITY, f64::min);
        let telling = self
            .members
            .values()
            .filter(|m| m.episode.false_rate <= (best * 1e3).max(1e-9));
        if let Some(lead) = telling.min_by_key(|member| (member.rank, member.episode.id)) {
            self.lead = lead.episode.id;
        }
    }

    /// Whether its series stayed where they went.
    pub(crate) fn has_drifted(&self) -> bool {
        self.lead()
            .is_some_and(|episode| episode.kind == EpisodeKind::Drift)
    }
}

/// The incidents that go on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Incidents {
    open: Vec<Incident>,
    next: u64,
}

impl Incidents {
    /// No incident yet; ids rise from `first`.
    pub(crate) const fn starting_at(first: u64) -> Self {
        Self {
            open: Vec::new(),
            next: first,
        }
    }

    pub(crate) fn open_count(&self) -> usize {
        self.open.iter().filter(|incident| incident.told).count()
    }

    /// Numbers of the incidents that were told and go on.
    #[cfg(any(test, debug_assertions))]
    pub(crate) fn open_ids(&self) -> Vec<u64> {
        let told = self.open.iter().filter(|incident| incident.told);
        told.map(|incident| incident.id).collect()
    }

    /// An episode opened at data time `now_ns`.
    pub(crate) fn opened(&mut self, family: Family, episode: Episode, seen: Seen, now_ns: i64) {
        let joined = self.open.iter_mut().find(|incident| {
            family != Family::Alone
                && incident.family == family
                && now_ns.saturating_sub(incident.opened_ns) <= JOIN_WITHIN_NS
        });
        match joined {
            Some(incident) => incident.take_in(episode, seen, true),
            None => {
                self.open
                    .push(Incident::new(self.next, family, episode, seen, now_ns));
                self.next += 1;
            }
        }
    }

    /// An episode changed, or closed.
    pub(crate) fn changed(&mut self, episode: Episode, seen: Seen, open: bool) {
        if let Some(incident) = self
            .open
            .iter_mut()
            .find(|incident| incident.members.contains_key(&episode.id))
        {
            incident.take_in(episode, seen, open);
        }
    }

    /// Hands every incident that changed since the last call to `tell`, and forgets those that are over.
    pub(crate) fn flush<E>(
        &mut self,
        mut tell: impl FnMut(&mut Incident, Stage) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut outcome = Ok(());
        self.open.retain_mut(|incident| {
            if !incident.changed || outcome.is_err() {
                return true;
            }
            incident.changed = false;
            let over = incident.is_over();
            if !incident.matters() {
                return !over;
            }
            if !incident.told {
                incident.choose_lead();
                outcome = tell(incident, Stage::Opened);
                // What could not be said is said at the next chance.
                incident.told = outcome.is_ok();
                incident.changed = outcome.is_err();
                if !over || outcome.is_err() {
                    return true;
                }
            }
            outcome = tell(incident, if over { Stage::Closed } else { Stage::Updated });
            !over
        });
        outcome
    }
}
