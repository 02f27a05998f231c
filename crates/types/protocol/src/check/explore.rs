//! Breadth first through everything that can happen.

use std::collections::{HashMap, HashSet};

use super::system::{Configuration, GONE, Move, Open, System};
use super::{FailureKind, Step};
use crate::machine::Direction;

/// Who did what between two configurations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// A move of a machine: its number, its state and the number of the move.
    Move(u32, u32, u32),
    /// A machine is gone.
    Crash(u32),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) event: Event,
}

/// Why the exploration stopped early.
pub(super) enum Stop {
    Failure(u32, FailureKind),
    TooMany,
}

/// What was looked at.
pub(super) struct Explored {
    pub(super) configurations: Vec<Configuration>,
    pub(super) edges: Vec<Edge>,
    /// The edge by which each was found first.
    parents: Vec<Option<(u32, Event)>>,
    pub(super) longest_queue: usize,
    /// Configurations in which a machine could not send to a queue.
    pub(super) blocked: Vec<(u32, u32, usize)>,
}

impl Explored {
    pub(super) fn len(&self) -> usize {
        self.configurations.len()
    }

    pub(super) fn bound_reached(&self) -> bool {
        !self.blocked.is_empty()
    }

    /// The first way by which a configuration was found, which is a shortest one.
    pub(super) fn trace(&self, system: &System<'_>, at: u32) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = at;
        while let Some(Some((from, event))) =
            usize::try_from(at).ok().and_then(|at| self.parents.get(at))
        {
            steps.push(step(system, *event));
            at = *from;
        }
        steps.reverse();
        steps
    }

    /// States of machines that no configuration holds.
    pub(super) fn unreached<'a>(
        &'a self,
        system: &'a System<'_>,
    ) -> impl Iterator<Item = FailureKind> + 'a {
        let machines = system.machines.len();
        let mut seen: HashSet<(usize, u32)> = HashSet::new();
        for configuration in &self.configurations {
            seen.extend(configuration.iter().copied().take(machines).enumerate());
        }
        let states =
            system.machines.iter().enumerate().flat_map(|(m, machine)| {
                (0_u32..).take(machine.states().len()).map(move |s| (m, s))
            });
        states
            .filter(move |state| !seen.contains(state))
            .map(|(machine, state)| FailureKind::UnreachableState {
                role: system.role(machine),
                state: usize::try_from(state).unwrap_or(usize::MAX),
            })
    }
}

fn step(system: &System<'_>, event: Event) -> Step {
    let index = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    match event {
        Event::Crash(machine) => Step {
            role: system.role(index(machine)),
            what: "crashes".to_owned(),
        },
        Event::Move(machine, state, number) => {
            let role = system.role(index(machine));
            let machine = system.machines.get(index(machine));
            let what = machine.and_then(|m| {
                m.transitions(index(state))
                    .get(index(number))
                    .map(|t| m.describe(t))
            });
            Step {
                role,
                what: what.unwrap_or_default(),
            }
        }
    }
}

/// Looks at up to `limit` configurations.
pub(super) fn explore(system: &System<'_>, limit: usize) -> (Explored, Option<Stop>) {
    let start = system.start();
    let mut numbers: HashMap<Configuration, u32> = HashMap::from([(start.clone(), 0)]);
    let mut found = Explored {
        configurations: vec![start],
        edges: Vec::new(),
        parents: vec![None],
        longest_queue: 0,
        blocked: Vec::new(),
    };
    let limit = limit.min(usize::try_from(u32::MAX).unwrap_or(usize::MAX));
    let mut at = 0_usize;
    while let Some(packed) = found.configurations.get(at) {
        let open = Open::of(system, packed);
        let from = u32::try_from(at).unwrap_or(u32::MAX);
        if let Some(kind) = wrong_now(system, &open) {
            return (found, Some(Stop::Failure(from, kind)));
        }
        let mut is_stuck = true;
        let mut after: Vec<(Event, Open)> = Vec::new();
        for (machine, &state) in open.states.iter().enumerate() {
            let m = u32::try_from(machine).unwrap_or(u32::MAX);
            if state == GONE {
                continue;
            }
            for (i, step) in system.moves(machine, state).iter().enumerate() {
                let number = u32::try_from(i).unwrap_or(u32::MAX);
                match apply(system, &open, machine, step) {
                    Applied::Done(next) => after.push((Event::Move(m, state, number), next)),
                    Applied::Full => {
                        is_stuck = false;
                        found.blocked.push((from, m, step.queue));
                    }
                    Applied::Not => {}
                }
            }
            if system.may_crash(machine, state) {
                after.push((Event::Crash(m), gone(system, &open, machine)));
            }
        }
        is_stuck &= !after
            .iter()
            .any(|(event, _)| matches!(event, Event::Move(..)));
        if is_stuck && let Some(kind) = deadlock(system, &open) {
            return (found, Some(Stop::Failure(from, kind)));
        }
        for (event, next) in after {
            found.longest_queue = next
                .queues
                .iter()
                .map(Vec::len)
                .fold(found.longest_queue, usize::max);
            let packed = next.pack();
            let to = match numbers.get(&packed) {
                Some(to) => *to,
                None => {
                    if found.configurations.len() >= limit {
                        return (found, Some(Stop::TooMany));
                    }
                    let fresh = u32::try_from(found.configurations.len()).unwrap_or(u32::MAX);
                    numbers.insert(packed.clone(), fresh);
                    found.configurations.push(packed);
                    found.parents.push(Some((from, event)));
                    fresh
                }
            };
            found.edges.push(Edge { from, to, event });
        }
        at += 1;
    }
    (found, None)
}

enum Applied {
    Done(Open),
    /// The queue is as long as it may be.
    Full,
    Not,
}

fn apply(system: &System<'_>, open: &Open, machine: usize, step: &Move) -> Applied {
    let queue = open.queue(step.queue);
    let is_gone = open.state(step.peer) == GONE;
    let possible = match step.direction {
        Direction::Send if !is_gone && queue.len() >= system.bound => return Applied::Full,
        Direction::Send => true,
        Direction::Receive => queue.first() == Some(&step.message),
        Direction::Crash => is_gone && queue.is_empty(),
    };
    if !possible {
        return Applied::Not;
    }
    let mut next = open.clone();
    if let Some(state) = next.states.get_mut(machine) {
        *state = step.target;
    }
    if let Some(queue) = next.queues.get_mut(step.queue) {
        match step.direction {
            Direction::Send if !is_gone => queue.push(step.message),
            Direction::Receive => drop(queue.remove(0)),
            Direction::Send | Direction::Crash => {}
        }
    }
    Applied::Done(next)
}

/// What was sent to a role that is gone is lost; what it sent still arrives.
fn gone(system: &System<'_>, open: &Open, machine: usize) -> Open {
    let mut next = open.clone();
    if let Some(state) = next.states.get_mut(machine) {
        *state = GONE;
    }
    for (queue, (_, to)) in next.queues.iter_mut().zip(&system.queues) {
        if *to == machine {
            queue.clear();
        }
    }
    next
}

/// A message that its receiver can never take.
fn wrong_now(system: &System<'_>, open: &Open) -> Option<FailureKind> {
    for (at, &(from, to)) in system.queues.iter().enumerate() {
        let Some(&head) = open.queue(at).first() else {
            continue;
        };
        let state = open.state(to);
        if state == GONE {
            continue;
        }
        let moves = system.moves(to, state);
        if moves.is_empty() {
            return Some(FailureKind::OrphanMessage {
                from: system.role(from),
                to: system.role(to),
                message: system.message(head),
            });
        }
        let waits_only = moves.iter().all(|m| m.direction != Direction::Send);
        let mut of_this = moves
            .iter()
            .filter(|m| m.direction == Direction::Receive && m.queue == at)
            .peekable();
        if waits_only && of_this.peek().is_some() && !of_this.any(|m| m.message == head) {
            return Some(FailureKind::UnspecifiedReception {
                from: system.role(from),
                to: system.role(to),
                message: system.message(head),
                expected: system.described(to, state),
            });
        }
    }
    None
}

/// Who waits in a configuration in which nobody can move; none when all are done.
fn deadlock(system: &System<'_>, open: &Open) -> Option<FailureKind> {
    let waiting: Vec<_> = open
        .states
        .iter()
        .enumerate()
        .filter(|(machine, state)| **state != GONE && !system.moves(*machine, **state).is_empty())
        .map(|(machine, state)| (system.role(machine), system.described(machine, *state)))
        .collect();
    (!waiting.is_empty()).then_some(FailureKind::Deadlock { waiting })
}
