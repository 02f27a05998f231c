//! Finite machines that send and receive.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::ast::{Payload, Role};
use crate::error::Error;
use crate::show::Time;

/// Which way a message goes, seen from the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Direction {
    /// The machine sends it.
    Send,
    /// The machine receives it.
    Receive,
    /// No message: the machine waits for the peer and notices that it is gone.
    Crash,
}

/// One step of a machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Transition {
    /// Sent, received, or noticed.
    pub direction: Direction,
    /// To whom or from whom, by number; who is gone, for a crash.
    pub peer: usize,
    /// What the message is called; empty for a crash.
    pub label: Arc<str>,
    /// What it carries.
    pub payload: Arc<[Payload]>,
    /// How long it may take, from when the state is entered.
    pub within: Option<Duration>,
    /// The state behind it.
    pub target: usize,
}

impl Transition {
    /// What transitions of a state are sorted and found by.
    pub(crate) fn key(&self) -> (Direction, usize, &str) {
        (self.direction, self.peer, &self.label)
    }
}

/// One state of a machine; one without transitions is final.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct State {
    /// What may happen, sorted by direction, peer and label; no two agree in all three.
    pub transitions: Vec<Transition>,
    /// Whether the others are prepared for this role to be gone here.
    pub may_crash: bool,
}

/// The machine of one role: dense states, of which the first is where it begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Machine {
    protocol: String,
    roles: Arc<[Role]>,
    role: usize,
    states: Vec<State>,
}

impl Machine {
    /// Puts a machine together.
    ///
    /// # Errors
    /// [`Error::Machine`] when it has no state, a transition leads nowhere, names no other role, or agrees with another of its
    /// state in direction, peer and label.
    pub fn new(
        protocol: impl Into<String>,
        roles: Vec<Role>,
        role: usize,
        mut states: Vec<State>,
    ) -> Result<Self, Error> {
        let wrong = |state: usize, why: String| {
            let machine = roles
                .get(role)
                .map_or_else(|| role.to_string(), ToString::to_string);
            Err(Error::Machine {
                machine,
                state,
                why,
            })
        };
        if role >= roles.len() {
            return wrong(
                0,
                format!(
                    "role {role} is none of {}; number the roles from 0",
                    roles.len()
                ),
            );
        }
        if states.is_empty() {
            return wrong(0, "there is none; give at least the first".to_owned());
        }
        let count = states.len();
        for (i, state) in states.iter_mut().enumerate() {
            state.transitions.sort();
            for t in &state.transitions {
                if t.target >= count {
                    return wrong(
                        i,
                        format!(
                            "`{}` leads to state {}, the last is {}",
                            t.label,
                            t.target,
                            count - 1
                        ),
                    );
                }
                if t.peer == role || t.peer >= roles.len() {
                    return wrong(
                        i,
                        format!("`{}` has peer {}, which is no other role", t.label, t.peer),
                    );
                }
            }
            let mut pairs = state
                .transitions
                .iter()
                .zip(state.transitions.iter().skip(1));
            if let Some((a, _)) = pairs.find(|(a, b)| a.key() == b.key()) {
                return wrong(
                    i,
                    format!("two transitions are called `{}`; rename one", a.label),
                );
            }
        }
        Ok(Self {
            protocol: protocol.into(),
            roles: roles.into(),
            role,
            states,
        })
    }

    /// The smallest machine that does the same: merges states and numbers those that are reached, breadth first.
    pub(crate) fn smallest(
        protocol: String,
        roles: Arc<[Role]>,
        role: usize,
        mut states: Vec<State>,
    ) -> Self {
        for state in &mut states {
            state.transitions.sort();
        }
        let mut blocks = partition(&states);
        if states.is_empty() {
            states.push(State::default());
            blocks.push(0);
        }
        let block = |at: usize| blocks.get(at).copied().unwrap_or(0);
        let mut numbers: BTreeMap<usize, usize> = BTreeMap::from([(block(0), 0)]);
        let mut open = VecDeque::from([0]);
        let mut smallest = Vec::new();
        while let Some(at) = open.pop_front() {
            let Some(mut state) = states.get(at).cloned() else {
                continue;
            };
            for t in &mut state.transitions {
                let fresh = numbers.len();
                let target = t.target;
                t.target = *numbers.entry(block(target)).or_insert_with(|| {
                    open.push_back(target);
                    fresh
                });
            }
            smallest.push(state);
        }
        Self {
            protocol,
            roles,
            role,
            states: smallest,
        }
    }

    /// The protocol.
    #[must_use]
    pub fn protocol(&self) -> &str {
        &self.protocol
    }

    /// All roles of the protocol; peers are numbers of it.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The number of the role whose machine this is.
    #[must_use]
    pub const fn role_index(&self) -> usize {
        self.role
    }

    /// The role whose machine this is.
    #[must_use]
    pub fn role(&self) -> &Role {
        // Both ways to make a machine check it.
        static NOBODY: Role = Role {
            name: String::new(),
            index: None,
        };
        self.roles.get(self.role).unwrap_or(&NOBODY)
    }

    /// The states; the first is where the machine begins.
    #[must_use]
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// What may happen in a state; nothing in a final state, or in one that is not there.
    #[must_use]
    pub fn transitions(&self, state: usize) -> &[Transition] {
        self.states.get(state).map_or(&[], |s| &s.transitions)
    }

    /// Whether nothing more happens in a state.
    #[must_use]
    pub fn is_final(&self, state: usize) -> bool {
        self.transitions(state).is_empty()
    }

    /// The transition of a state by direction, peer and label, in time O(log transitions).
    #[must_use]
    pub fn find(
        &self,
        state: usize,
        direction: Direction,
        peer: usize,
        label: &str,
    ) -> Option<&Transition> {
        let transitions = self.transitions(state);
        let at = transitions
            .binary_search_by(|t| t.key().cmp(&(direction, peer, label)))
            .ok()?;
        transitions.get(at)
    }

    /// The roles that the machine speaks with, each once, in order.
    #[must_use]
    pub fn peers(&self) -> Vec<usize> {
        let mut peers: Vec<usize> = self
            .states
            .iter()
            .flat_map(|s| &s.transitions)
            .map(|t| t.peer)
            .collect();
        peers.sort_unstable();
        peers.dedup();
        peers
    }

    /// The machine of the other party: what one sends the other receives.
    ///
    /// # Errors
    /// [`Error::System`] when the machine speaks with more than one role, or waits for the crash of a role, whose dual nobody
    /// can do.
    pub fn dual(&self) -> Result<Self, Error> {
        let why = |why: String| Err(Error::System { why });
        let peers = self.peers();
        let other = match peers.as_slice() {
            [] => usize::from(self.role == 0).min(self.roles.len() - 1),
            [one] => *one,
            many => {
                return why(format!(
                    "`{}` speaks with {} roles; only a machine with one peer has a dual",
                    self.role(),
                    many.len()
                ));
            }
        };
        let mut states = self.states.clone();
        for state in &mut states {
            for t in &mut state.transitions {
                t.direction = match t.direction {
                    Direction::Send => Direction::Receive,
                    Direction::Receive => Direction::Send,
                    Direction::Crash => {
                        return why(format!(
                            "`{}` waits for a crash, which nobody does on purpose",
                            self.role()
                        ));
                    }
                };
                t.peer = self.role;
            }
            state.transitions.sort();
            state.may_crash = false;
        }
        Ok(Self {
            protocol: self.protocol.clone(),
            roles: Arc::clone(&self.roles),
            role: other,
            states,
        })
    }

    /// The name of a role by number.
    pub(crate) fn role_name(&self, at: usize) -> String {
        self.roles
            .get(at)
            .map_or_else(|| at.to_string(), ToString::to_string)
    }
}

/// The number of the class of each state: two states are in one class when nobody can tell them apart.
fn partition(states: &[State]) -> Vec<usize> {
    let mut blocks = vec![0; states.len()];
    let mut count = 0;
    loop {
        let mut classes: BTreeMap<(usize, bool, Vec<Transition>), usize> = BTreeMap::new();
        let next: Vec<usize> = states
            .iter()
            .zip(&blocks)
            .map(|(state, block)| {
                let mut view = state.transitions.clone();
                for t in &mut view {
                    t.target = blocks.get(t.target).copied().unwrap_or(usize::MAX);
                }
                let fresh = classes.len();
                *classes
                    .entry((*block, state.may_crash, view))
                    .or_insert(fresh)
            })
            .collect();
        blocks = next;
        if classes.len() == count {
            return blocks;
        }
        count = classes.len();
    }
}

/// `Label(A, B)`
pub(crate) fn named_payload(label: &str, payload: &[Payload]) -> String {
    let parts: Vec<String> = payload.iter().map(ToString::to_string).collect();
    format!("{label}({})", parts.join(", "))
}

impl Machine {
    /// One transition in words: `!tool:Init(InitRequest) within 5s`.
    #[must_use]
    pub fn describe(&self, transition: &Transition) -> String {
        let peer = self.role_name(transition.peer);
        let message = named_payload(&transition.label, &transition.payload);
        let mut text = match transition.direction {
            Direction::Send => format!("!{peer}:{message}"),
            Direction::Receive => format!("?{peer}:{message}"),
            Direction::Crash => format!("†{peer}"),
        };
        if let Some(time) = transition.within {
            text.push_str(&format!(" within {}", Time(time)));
        }
        text
    }
}

/// One line a transition: `0 !tool:Init(InitRequest) 1`.
impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} of {}", self.role(), self.protocol)?;
        for (i, state) in self.states.iter().enumerate() {
            for t in &state.transitions {
                writeln!(f, "{i} {} {}", self.describe(t), t.target)?;
            }
            if state.transitions.is_empty() {
                writeln!(f, "{i} end")?;
            }
        }
        Ok(())
    }
}
