//! What may still happen, seen from every configuration.

use std::collections::BTreeSet;

use super::FailureKind;
use super::explore::{Edge, Event, Explored};
use super::system::{GONE, Open, System};
use crate::machine::Direction;

/// Lists of edges by the configuration at one end.
struct Adjacent {
    starts: Vec<usize>,
    edges: Vec<usize>,
}

impl Adjacent {
    fn new(count: usize, edges: &[Edge], end: impl Fn(&Edge) -> u32) -> Self {
        let place = |e: &Edge| usize::try_from(end(e)).unwrap_or(0);
        let mut starts = vec![0; count + 1];
        for edge in edges {
            if let Some(slot) = starts.get_mut(place(edge) + 1) {
                *slot += 1;
            }
        }
        let mut sum = 0;
        for slot in &mut starts {
            sum += *slot;
            *slot = sum;
        }
        let mut next = starts.clone();
        let mut list = vec![0; edges.len()];
        for (i, edge) in edges.iter().enumerate() {
            if let Some(at) = next.get_mut(place(edge)) {
                if let Some(slot) = list.get_mut(*at) {
                    *slot = i;
                }
                *at += 1;
            }
        }
        Self {
            starts,
            edges: list,
        }
    }

    fn of(&self, at: usize) -> &[usize] {
        let (Some(&from), Some(&to)) = (self.starts.get(at), self.starts.get(at + 1)) else {
            return &[];
        };
        self.edges.get(from..to).unwrap_or_default()
    }
}

/// Configurations from which one of `goals` is reached by edges that `may_use` allows.
fn reaching(
    explored: &Explored,
    back: &Adjacent,
    goals: Vec<u32>,
    may_use: impl Fn(&Edge) -> bool,
) -> Vec<bool> {
    let mut found = vec![false; explored.len()];
    let mut open = goals;
    while let Some(at) = open.pop() {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let Some(slot) = found.get_mut(at) else {
            continue;
        };
        if std::mem::replace(slot, true) {
            continue;
        }
        let edges = back.of(at).iter().filter_map(|i| explored.edges.get(*i));
        open.extend(edges.filter(|e| may_use(e)).map(|e| e.from));
    }
    found
}

fn index(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// The queue that an edge takes a message from.
fn taken_from(system: &System<'_>, event: Event) -> Option<usize> {
    let Event::Move(machine, state, number) = event else {
        return None;
    };
    let step = system.moves(index(machine), state).get(index(number))?;
    (step.direction == Direction::Receive).then_some(step.queue)
}

const fn mover(event: Event) -> Option<u32> {
    match event {
        Event::Move(machine, ..) => Some(machine),
        Event::Crash(_) => None,
    }
}

/// The first configuration from which a message is never received, and the first from which a role waits for ever although
/// others go on.
pub(super) fn stuck(system: &System<'_>, explored: &Explored) -> Vec<(u32, FailureKind)> {
    let back = Adjacent::new(explored.len(), &explored.edges, |e| e.to);
    let mut failures = Vec::new();
    for (queue, &(from, to)) in system.queues.iter().enumerate() {
        let goals = explored
            .edges
            .iter()
            .filter(|e| taken_from(system, e.event) == Some(queue))
            .map(|e| e.from);
        let fine = reaching(explored, &back, goals.collect(), |_| true);
        let orphan = first(explored, &fine, |packed| {
            Open::of(system, packed).queue(queue).first().copied()
        });
        if let Some((at, message)) = orphan {
            let kind = FailureKind::OrphanMessage {
                from: system.role(from),
                to: system.role(to),
                message: system.message(message),
            };
            failures.push((at, kind));
            break;
        }
    }
    for machine in 0..system.machines.len() {
        let number = u32::try_from(machine).ok();
        let goals = explored
            .edges
            .iter()
            .filter(|e| mover(e.event) == number)
            .map(|e| e.from);
        let fine = reaching(explored, &back, goals.collect(), |_| true);
        let waits = first(explored, &fine, |packed| {
            let state = packed.get(machine).copied().filter(|s| *s != GONE)?;
            (!system.moves(machine, state).is_empty()).then_some(state)
        });
        if let Some((at, state)) = waits {
            let waiting = vec![(system.role(machine), system.described(machine, state))];
            failures.push((at, FailureKind::Deadlock { waiting }));
            break;
        }
    }
    failures
}

/// The first configuration that is not fine and of which `what` holds.
fn first(
    explored: &Explored,
    fine: &[bool],
    what: impl Fn(&[u32]) -> Option<u32>,
) -> Option<(u32, u32)> {
    let all = (0_u32..).zip(explored.configurations.iter().zip(fine));
    all.filter(|(_, (_, fine))| !**fine)
        .find_map(|(at, (packed, _))| what(packed).map(|found| (at, found)))
}

/// Whether longer queues add nothing: all states speak with one peer in one direction, nobody crashes, and wherever a machine
/// finds a queue full the others can make room.
pub(super) fn is_exhaustive(system: &System<'_>, explored: &Explored) -> bool {
    let is_directed = system.moves.iter().flatten().all(|moves| {
        let mut ways = moves.iter().map(|m| (m.direction, m.queue));
        let first = ways.next();
        ways.all(|way| Some(way) == first)
    });
    let may_crash = system
        .machines
        .iter()
        .flat_map(|m| m.states())
        .any(|s| s.may_crash);
    if !is_directed || may_crash {
        return false;
    }
    let back = Adjacent::new(explored.len(), &explored.edges, |e| e.to);
    let full: BTreeSet<(u32, usize)> = explored
        .blocked
        .iter()
        .map(|(_, machine, queue)| (*machine, *queue))
        .collect();
    full.into_iter().all(|(machine, queue)| {
        // Room is where the machine does send to this queue.
        let sends = |e: &&Edge| match e.event {
            Event::Move(m, state, number) if m == machine => system
                .moves(index(m), state)
                .get(index(number))
                .is_some_and(|step| step.direction == Direction::Send && step.queue == queue),
            _ => false,
        };
        let goals = explored.edges.iter().filter(sends).map(|e| e.from);
        let fine = reaching(explored, &back, goals.collect(), |e| {
            mover(e.event) != Some(machine)
        });
        let blocked = explored
            .blocked
            .iter()
            .filter(|(_, m, q)| (*m, *q) == (machine, queue));
        let mut blocked = blocked.map(|(at, ..)| index(*at));
        blocked.all(|at| fine.get(at).copied().unwrap_or(false))
    })
}
