//! Machines and queues, as numbers.

use std::collections::BTreeMap;

use crate::ast::Role;
use crate::error::Error;
use crate::machine::{Direction, Machine, Transition, named_payload};

/// The state of a role that is gone.
pub(super) const GONE: u32 = u32::MAX;

/// One step of one machine, with its queue and message as numbers.
#[derive(Debug, Clone)]
pub(super) struct Move {
    pub(super) direction: Direction,
    pub(super) peer: usize,
    /// The queue that it writes to, reads from, or finds empty.
    pub(super) queue: usize,
    pub(super) message: u32,
    pub(super) target: u32,
}

/// The machines of all roles, in the order of the roles.
pub(super) struct System<'m> {
    pub(super) machines: Vec<&'m Machine>,
    /// For each machine, state and transition.
    pub(super) moves: Vec<Vec<Vec<Move>>>,
    /// From whom to whom.
    pub(super) queues: Vec<(usize, usize)>,
    messages: Vec<String>,
    /// Most messages of a queue.
    pub(super) bound: usize,
}

/// What is where: the state of each machine, and then each queue as its length and its messages, first one first.
pub(super) type Configuration = Box<[u32]>;

/// A configuration taken apart.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub(super) states: Vec<u32>,
    pub(super) queues: Vec<Vec<u32>>,
}

impl Open {
    pub(super) fn of(system: &System<'_>, packed: &[u32]) -> Self {
        let (states, mut rest) = packed
            .split_at_checked(system.machines.len())
            .unwrap_or((packed, &[]));
        let mut queues = Vec::with_capacity(system.queues.len());
        while let Some((&len, tail)) = rest.split_first() {
            let len = usize::try_from(len).unwrap_or(usize::MAX);
            let (queue, more) = tail.split_at_checked(len).unwrap_or((tail, &[]));
            queues.push(queue.to_vec());
            rest = more;
        }
        Self {
            states: states.to_vec(),
            queues,
        }
    }

    pub(super) fn pack(&self) -> Configuration {
        let mut packed = self.states.clone();
        for queue in &self.queues {
            packed.push(u32::try_from(queue.len()).unwrap_or(u32::MAX));
            packed.extend(queue);
        }
        packed.into()
    }

    pub(super) fn state(&self, machine: usize) -> u32 {
        self.states.get(machine).copied().unwrap_or(GONE)
    }

    pub(super) fn queue(&self, queue: usize) -> &[u32] {
        self.queues.get(queue).map_or(&[], Vec::as_slice)
    }
}

impl<'m> System<'m> {
    pub(super) fn new(machines: &'m [Machine], bound: usize) -> Result<Self, Error> {
        let wrong = |why: String| Err(Error::System { why });
        let Some(first) = machines.first() else {
            return wrong("there is none; give one for each role".to_owned());
        };
        let roles = first.roles();
        let mut sorted: Vec<&Machine> = machines.iter().collect();
        sorted.sort_by_key(|m| m.role_index());
        if let Some(other) = machines.iter().find(|m| m.roles() != roles) {
            return wrong(format!(
                "those of `{}` and `{}` name different roles",
                first.role(),
                other.role()
            ));
        }
        if sorted.len() != roles.len()
            || !sorted.iter().enumerate().all(|(i, m)| m.role_index() == i)
        {
            return wrong(format!(
                "give each of the {} roles one machine, {} are given",
                roles.len(),
                machines.len()
            ));
        }
        if bound == 0 {
            return wrong("queues of 0 messages carry none; allow at least 1".to_owned());
        }
        let mut queues: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut messages: BTreeMap<String, u32> = BTreeMap::new();
        let mut moves = Vec::new();
        for machine in &sorted {
            let mut of_machine = Vec::new();
            for state in machine.states() {
                let of_state = state
                    .transitions
                    .iter()
                    .map(|t| numbered(machine.role_index(), t, &mut queues, &mut messages));
                of_machine.push(of_state.collect());
            }
            moves.push(of_machine);
        }
        let mut pairs: Vec<((usize, usize), usize)> = queues.into_iter().collect();
        pairs.sort_by_key(|(_, number)| *number);
        let mut names: Vec<(String, u32)> = messages.into_iter().collect();
        names.sort_by_key(|(_, number)| *number);
        Ok(Self {
            machines: sorted,
            moves,
            queues: pairs.into_iter().map(|(pair, _)| pair).collect(),
            messages: names.into_iter().map(|(name, _)| name).collect(),
            bound,
        })
    }

    pub(super) fn start(&self) -> Configuration {
        Open {
            states: vec![0; self.machines.len()],
            queues: vec![Vec::new(); self.queues.len()],
        }
        .pack()
    }

    pub(super) fn moves(&self, machine: usize, state: u32) -> &[Move] {
        let state = usize::try_from(state).ok();
        let of_machine = self.moves.get(machine);
        of_machine
            .zip(state)
            .and_then(|(m, s)| m.get(s))
            .map_or(&[], Vec::as_slice)
    }

    pub(super) fn may_crash(&self, machine: usize, state: u32) -> bool {
        let state = usize::try_from(state).ok();
        let states = self.machines.get(machine).map(|m| m.states());
        states
            .zip(state)
            .and_then(|(m, s)| m.get(s))
            .is_some_and(|s| s.may_crash)
    }

    /// What the transitions of a state are called.
    pub(super) fn described(&self, machine: usize, state: u32) -> Vec<String> {
        let state = usize::try_from(state).unwrap_or(usize::MAX);
        let machine = self.machines.get(machine);
        machine.map_or_else(Vec::new, |m| {
            m.transitions(state)
                .iter()
                .map(|t| format!("`{}`", m.describe(t)))
                .collect()
        })
    }

    pub(super) fn role(&self, machine: usize) -> Role {
        self.machines
            .get(machine)
            .map_or_else(|| Role::new(""), |m| m.role().clone())
    }

    pub(super) fn message(&self, number: u32) -> String {
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        self.messages.get(number).cloned().unwrap_or_default()
    }
}

fn numbered(
    own: usize,
    t: &Transition,
    queues: &mut BTreeMap<(usize, usize), usize>,
    messages: &mut BTreeMap<String, u32>,
) -> Move {
    let pair = if t.direction == Direction::Send {
        (own, t.peer)
    } else {
        (t.peer, own)
    };
    let fresh = queues.len();
    let queue = *queues.entry(pair).or_insert(fresh);
    let fresh = u32::try_from(messages.len()).unwrap_or(u32::MAX);
    let message = *messages
        .entry(named_payload(&t.label, &t.payload))
        .or_insert(fresh);
    let target = u32::try_from(t.target).unwrap_or(GONE);
    Move {
        direction: t.direction,
        peer: t.peer,
        queue,
        message,
        target,
    }
}
