//! One conversation: its parties, and the run that is under way.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use voidstate_core::{AttributeValue, LifecycleState, NESTING_MAX, SessionMessage};
use voidstate_protocol::{Direction, Machine, Monitor, Payload, Transition, Violation};

use super::{Asked, PAYLOAD_BYTES_MAX, Tally, Trouble, WAITING_MAX, weigh};
use crate::engine::shared::Shared;
use crate::engine::slot::Slot;

/// A tool that plays a role.
#[derive(Debug)]
struct Party {
    slot: Arc<Slot>,
    role: String,
    machine: Arc<Machine>,
    /// That the run was cancelled in which this instance of it was; told once.
    untold: Option<(u64, String)>,
}

/// A party's part in the run under way.
#[derive(Debug)]
struct Part {
    slot: Arc<Slot>,
    /// Which instance of it takes part.
    generation: u64,
    role: String,
    monitor: Monitor,
}

impl Part {
    /// Whether the instance that began the run is still there to go on with it.
    fn is_there(&self) -> bool {
        self.slot.is_active() && self.slot.generation() == self.generation
    }
}

#[derive(Debug)]
struct Waiting {
    label: String,
    payload: Vec<AttributeValue>,
    sent: Duration,
}

/// A run of the protocol, from its first message to its last.
#[derive(Debug)]
struct Run {
    /// In the order of the roles.
    parts: Vec<Part>,
    /// By sender and receiver.
    waiting: BTreeMap<(usize, usize), VecDeque<Waiting>>,
}

impl Run {
    /// Whether the part `at` can go on although the one `gone` is lost: because what that said before is still to be heard,
    /// because there is no more between them, or because the protocol says what to do then.
    fn goes_on_without(&mut self, gone: usize, at: usize) -> bool {
        let waiting = self.waiting.get(&(gone, at));
        let Some(part) = self.parts.get_mut(at) else {
            return true;
        };
        if waiting.is_some_and(|waiting| !waiting.is_empty()) || part.monitor.is_final() {
            return true;
        }
        let machine = part.monitor.machine();
        let mut transitions = machine.states().iter().flat_map(|s| &s.transitions);
        let has_answer = transitions.any(|t| t.direction == Direction::Crash && t.peer == gone);
        let speaks = machine.peers().contains(&gone);
        !speaks || has_answer && part.monitor.crash(gone).is_ok()
    }
}

/// One session on one shard.
#[derive(Debug, Default)]
pub(crate) struct Talk {
    parties: Vec<Party>,
    run: Option<Run>,
    pub(super) tally: Tally,
}

/// What an operation finds.
enum Found {
    /// The run, and the caller's part in it.
    Run(usize),
    /// Nothing that the caller could take part in now.
    Closed(String),
}

impl Talk {
    pub(super) fn join(&mut self, slot: &Arc<Slot>, machine: Arc<Machine>) {
        self.parties.push(Party {
            slot: Arc::clone(slot),
            role: machine.role().to_string(),
            machine,
            untold: None,
        });
    }

    pub(super) fn exchange(&mut self, old: u32, new: &Arc<Slot>) {
        for party in self.parties.iter_mut().filter(|p| p.slot.number == old) {
            party.slot = Arc::clone(new);
            party.untold = None;
        }
    }

    pub(super) fn leave(&mut self, slot: u32) {
        self.parties.retain(|party| party.slot.number != slot);
    }

    /// The machines of the present parties with the names of their tools.
    pub(super) fn machines(&self) -> impl Iterator<Item = (&Slot, &Arc<Machine>)> {
        self.parties.iter().map(|p| (&*p.slot, &p.machine))
    }

    pub(super) fn party_of(&self, slot: u32) -> Option<usize> {
        self.parties.iter().position(|p| p.slot.number == slot)
    }

    pub(super) const fn is_under_way(&self) -> bool {
        self.run.is_some()
    }

    fn trouble(&self, party: usize, reason: String) -> Trouble {
        let role = self.parties.get(party).map(|p| p.role.clone());
        Trouble {
            role: role.unwrap_or_default(),
            reason,
            is_breach: false,
        }
    }

    /// Brings the session to where the operation of a party finds it.
    fn find(&mut self, asked: &Asked<'_>, party: usize) -> Result<Found, Trouble> {
        self.look_round(asked, party);
        if let Some(reason) = self.untold(party) {
            return Err(self.trouble(party, reason));
        }
        if self.run.is_none()
            && let Err(missing) = self.begin(asked.now)
        {
            return Ok(Found::Closed(missing));
        }
        let Some(run) = &self.run else {
            return Ok(Found::Closed("it has not begun".to_owned()));
        };
        let number = asked.slot.number;
        let own = run.parts.iter().position(|part| part.slot.number == number);
        Ok(match own {
            Some(at) if run.parts.get(at).is_some_and(Part::is_there) => {
                match run.parts.get(at).is_some_and(|p| p.monitor.is_final()) {
                    true => Found::Closed(
                        "its part of the conversation is over; it begins anew when the others have finished"
                            .to_owned(),
                    ),
                    false => Found::Run(at),
                }
            }
            _ => Found::Closed("the conversation under way goes on without it".to_owned()),
        })
    }

    /// Notices who is gone, and what follows from that for the party that asks; ends runs that are over.
    fn look_round(&mut self, asked: &Asked<'_>, party: usize) {
        let Some(run) = &mut self.run else { return };
        let lost: Vec<usize> = (0..run.parts.len())
            .filter(|at| run.parts.get(*at).is_some_and(|part| !part.is_there()))
            .collect();
        let number = asked.slot.number;
        let own = run.parts.iter().position(|part| part.slot.number == number);
        if let Some(own) = own.filter(|own| !lost.contains(own)) {
            for gone in &lost {
                if run.goes_on_without(*gone, own) {
                    continue;
                }
                let why = run.parts.get(*gone).map(|part| loss(asked.shared, part));
                return self.cancel(*gone, &why.unwrap_or_default(), None);
            }
        }
        let Some(run) = &self.run else { return };
        let mut there = run.parts.iter().filter(|part| part.is_there());
        if there.all(|part| part.monitor.is_final()) {
            // With nobody left there is nobody who finished either.
            let is_completed = lost.len() < run.parts.len();
            if is_completed {
                self.tally.completed += 1;
            } else {
                self.tally.cancelled += 1;
            }
            self.run = None;
        } else if own.is_none_or(|own| lost.contains(&own)) {
            // A fresh instance waits for a run of its own: what the others cannot go on with ends here.
            self.end_if_stuck(asked.shared, &lost, party);
        }
    }

    /// Cancels a run that somebody waits in for a role that is gone, and for which the protocol has no answer.
    fn end_if_stuck(&mut self, shared: &Shared, lost: &[usize], party: usize) {
        let Some(run) = &mut self.run else { return };
        for gone in lost {
            let is_stuck = (0..run.parts.len()).any(|at| {
                run.parts.get(at).is_some_and(Part::is_there) && !run.goes_on_without(*gone, at)
            });
            if is_stuck {
                let why = run.parts.get(*gone).map(|part| loss(shared, part));
                return self.cancel(*gone, &why.unwrap_or_default(), Some(party));
            }
        }
    }

    /// Ends the run; everybody in it but `except` and who brought it about is told once.
    fn cancel(&mut self, by: usize, why: &str, except: Option<usize>) {
        let Some(run) = self.run.take() else { return };
        self.tally.cancelled += 1;
        let culprit = run.parts.get(by);
        let reason = match culprit {
            Some(part) => format!(
                "cancelled by role {} (tool {}): {why}",
                part.role, part.slot.meta.id
            ),
            None => format!("cancelled: {why}"),
        };
        for (at, part) in run.parts.iter().enumerate() {
            if at == by || !part.is_there() {
                continue;
            }
            let number = part.slot.number;
            let told = self.parties.iter_mut().enumerate();
            for (_, party) in told.filter(|(n, p)| p.slot.number == number && Some(*n) != except) {
                party.untold = Some((part.generation, reason.clone()));
            }
        }
    }

    /// Begins a run when every role is played by somebody who is there.
    fn begin(&mut self, now: Duration) -> Result<(), String> {
        let Some(first) = self.parties.first() else {
            return Err("nobody takes part in it".to_owned());
        };
        let mut parts = Vec::new();
        for role in first.machine.roles() {
            let role = role.to_string();
            let Some(party) = self.parties.iter().find(|party| party.role == role) else {
                return Err(format!("role {role} is played by no tool"));
            };
            if !party.slot.is_active() {
                return Err(format!(
                    "role {role} (tool {}) is not called now",
                    party.slot.meta.id
                ));
            }
            let mut monitor = Monitor::new(Arc::clone(&party.machine));
            monitor.begin(now);
            parts.push(Part {
                slot: Arc::clone(&party.slot),
                generation: party.slot.generation(),
                role,
                monitor,
            });
        }
        self.tally.begun += 1;
        self.run = Some(Run {
            parts,
            waiting: BTreeMap::new(),
        });
        Ok(())
    }

    pub(super) fn is_open(&mut self, asked: &Asked<'_>, party: usize) -> Result<bool, Trouble> {
        Ok(matches!(self.find(asked, party)?, Found::Run(_)))
    }

    pub(super) fn send(
        &mut self,
        asked: &Asked<'_>,
        party: usize,
        to: &str,
        label: &str,
        payload: Vec<AttributeValue>,
    ) -> Result<(), Trouble> {
        let own = match self.find(asked, party)? {
            Found::Run(own) => own,
            Found::Closed(why) => return Err(self.trouble(party, why)),
        };
        let (bytes, depth) = payload.iter().map(weigh).fold((0, 0), |(b, d), (m, n)| {
            (usize::saturating_add(b, m), usize::max(d, n))
        });
        if bytes > PAYLOAD_BYTES_MAX || depth > NESTING_MAX {
            self.tally.refused += 1;
            let why = format!(
                "{label} carries about {bytes} bytes, {depth} levels deep; at most {PAYLOAD_BYTES_MAX} and \
                 {NESTING_MAX} are taken"
            );
            return Err(self.trouble(party, why));
        }
        let Some(run) = &mut self.run else {
            return Err(self.trouble(party, "it has not begun".to_owned()));
        };
        let peer = run.parts.iter().position(|part| part.role == to);
        let is_full = peer.is_some_and(|peer| {
            let waiting = run.waiting.get(&(own, peer));
            waiting.is_some_and(|waiting| waiting.len() >= WAITING_MAX)
        });
        if is_full {
            self.tally.refused += 1;
            let why = format!("{WAITING_MAX} messages wait for role {to} already");
            return Err(self.trouble(party, why));
        }
        let Some(part) = run.parts.get_mut(own) else {
            return Err(self.trouble(party, "it has not begun".to_owned()));
        };
        let kinds = kinds(&part.monitor, to, label, &payload);
        let stepped =
            part.monitor
                .step_at(asked.now, Direction::Send, to, label, Some(kinds.as_str()));
        if let Err(violation) = stepped {
            return Err(self.broken(party, own, &violation));
        }
        self.tally.sent += 1;
        // Nobody hears what is said to one that is gone.
        if let Some(peer) = peer.filter(|peer| run.parts.get(*peer).is_some_and(Part::is_there)) {
            run.waiting
                .entry((own, peer))
                .or_default()
                .push_back(Waiting {
                    label: label.to_owned(),
                    payload,
                    sent: asked.now,
                });
        }
        Ok(())
    }

    pub(super) fn receive(
        &mut self,
        asked: &Asked<'_>,
        party: usize,
    ) -> Result<Option<SessionMessage>, Trouble> {
        let Found::Run(own) = self.find(asked, party)? else {
            return Ok(None);
        };
        let Some(run) = &mut self.run else {
            return Ok(None);
        };
        let Some(part) = run.parts.get_mut(own) else {
            return Ok(None);
        };
        let is_awaited = |t: &&Transition| t.direction == Direction::Receive;
        let expected = part.monitor.expected();
        let mut senders: Vec<usize> = expected.iter().filter(is_awaited).map(|t| t.peer).collect();
        senders.dedup();
        if senders.is_empty() {
            let why = format!(
                "it wants to receive in state {}, expected was {}",
                part.monitor.state(),
                listed(expected, part.monitor.machine())
            );
            return Err(self.breach(party, own, why));
        }
        let heard = senders.into_iter().find_map(|peer| {
            let waiting = run.waiting.get_mut(&(peer, own))?;
            Some((peer, waiting.pop_front()?))
        });
        let Some((peer, heard)) = heard else {
            if part.monitor.deadline(asked.now) == Some(Duration::ZERO) {
                let why = format!(
                    "nothing came in time in state {}, expected was {}",
                    part.monitor.state(),
                    listed(part.monitor.expected(), part.monitor.machine())
                );
                let by = part.monitor.expected().iter().find(is_awaited);
                let by = by.map_or(usize::MAX, |t| t.peer);
                self.cancel(by, &why, None);
                self.tell_late(by, &why);
                let told = self.untold(party);
                return Err(self.trouble(party, told.unwrap_or(why)));
            }
            return Ok(None);
        };
        // A message is in time when it was sent in time.
        let stepped =
            part.monitor
                .step_at(heard.sent, Direction::Receive, peer, &heard.label, None);
        match stepped {
            Ok(()) => part.monitor.begin(asked.now),
            // What was sent was sent as its sender's protocol says, and the parties fit: this is nobody's breach.
            Err(violation) => {
                let why = violation.to_string();
                self.cancel(peer, &why, Some(party));
                return Err(self.trouble(party, why));
            }
        }
        let from = run.parts.get(peer).map(|part| part.role.clone());
        Ok(Some(SessionMessage {
            from: from.unwrap_or_default(),
            label: heard.label,
            payload: heard.payload,
        }))
    }

    /// Lets the party that others waited for in vain know it as well.
    fn tell_late(&mut self, role: usize, why: &str) {
        for party in &mut self.parties {
            if party.machine.role_index() == role {
                let why = format!("cancelled for it: {why}");
                party.untold = Some((party.slot.generation(), why));
            }
        }
    }

    /// What a party was not told yet of the run that it was in.
    fn untold(&mut self, party: usize) -> Option<String> {
        let party = self.parties.get_mut(party)?;
        let (generation, reason) = party.untold.take()?;
        (generation == party.slot.generation()).then_some(reason)
    }

    /// What follows when a party does what its protocol does not allow.
    fn broken(&mut self, party: usize, own: usize, violation: &Violation) -> Trouble {
        if let Violation::Late { .. } = violation {
            let why = violation.to_string();
            self.cancel(own, &why, Some(party));
            return self.trouble(party, why);
        }
        self.breach(party, own, violation.to_string())
    }

    fn breach(&mut self, party: usize, own: usize, why: String) -> Trouble {
        self.cancel(own, &format!("it broke the protocol: {why}"), Some(party));
        Trouble {
            is_breach: true,
            ..self.trouble(party, why)
        }
    }
}

/// What a payload is, in the words of the protocol: a place of any kind takes any kind.
fn kinds(monitor: &Monitor, to: &str, label: &str, payload: &[AttributeValue]) -> String {
    let machine = monitor.machine();
    let peer = machine.roles().iter().position(|r| r.to_string() == to);
    let known = peer.and_then(|peer| machine.find(monitor.state(), Direction::Send, peer, label));
    let wanted = known.map_or(&[][..], |t| &t.payload);
    let mut kinds = String::new();
    for (at, value) in payload.iter().enumerate() {
        if at > 0 {
            kinds.push_str(", ");
        }
        let is_any = matches!(wanted.get(at), Some(Payload::Type(text)) if text == "any");
        kinds.push_str(if is_any { "any" } else { value.kind() });
    }
    kinds
}

fn listed(expected: &[Transition], machine: &Machine) -> String {
    if expected.is_empty() {
        return "nothing, as the run is over".to_owned();
    }
    let told = expected.iter().map(|t| {
        let peer = machine.roles().get(t.peer).map(ToString::to_string);
        let peer = peer.unwrap_or_default();
        match t.direction {
            Direction::Send => format!("`!{peer}:{}`", t.label),
            Direction::Receive => format!("`?{peer}:{}`", t.label),
            Direction::Crash => format!("`†{peer}`"),
        }
    });
    told.collect::<Vec<_>>().join(" or ")
}

/// Why a party is gone, as far as that is known.
fn loss(shared: &Shared, part: &Part) -> String {
    let state = shared.tools.state(&part.slot.meta.id);
    match state {
        Some(LifecycleState::Detached) | None => "it was detached".to_owned(),
        Some(LifecycleState::Suspended { reason, .. }) => format!("it is suspended: {reason}"),
        _ if part.slot.is_gone() => "another one took its place".to_owned(),
        _ if part.slot.generation() != part.generation => {
            "a fresh instance took its place".to_owned()
        }
        _ => "it is not called any more".to_owned(),
    }
}
