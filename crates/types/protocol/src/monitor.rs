//! A machine that watches a run.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::ast::Role;
use crate::machine::{Direction, Machine, Transition, named_payload};
use crate::show::Time;

/// Follows what one role does and says where that leaves its protocol.
///
/// A step costs O(log transitions of the state) and allocates nothing as long as it is allowed. A step that is refused changes
/// nothing.
#[derive(Debug, Clone)]
pub struct Monitor {
    machine: Arc<Machine>,
    state: usize,
    /// When the state was entered, in the time that the caller passes in.
    entered: Duration,
    /// Who is known to be gone.
    gone: Vec<bool>,
}

/// Who a step is with: the number of the role, its name (`"worker[2]"`), or the role.
pub trait AsPeer {
    /// The number of the role in `roles`.
    fn peer_in(&self, roles: &[Role]) -> Option<usize>;
    /// What it is called in an error.
    fn shown(&self, roles: &[Role]) -> String;
}

impl AsPeer for usize {
    fn peer_in(&self, roles: &[Role]) -> Option<usize> {
        (*self < roles.len()).then_some(*self)
    }
    fn shown(&self, roles: &[Role]) -> String {
        roles
            .get(*self)
            .map_or_else(|| format!("role {self}"), ToString::to_string)
    }
}

impl AsPeer for &Role {
    fn peer_in(&self, roles: &[Role]) -> Option<usize> {
        roles.iter().position(|r| r == *self)
    }
    fn shown(&self, _: &[Role]) -> String {
        self.to_string()
    }
}

impl AsPeer for &str {
    fn peer_in(&self, roles: &[Role]) -> Option<usize> {
        let (name, index) = match self.strip_suffix(']').and_then(|s| s.split_once('[')) {
            Some((name, index)) => (name, Some(index.parse::<u32>().ok()?)),
            None => (*self, None),
        };
        roles
            .iter()
            .position(|r| r.name == name && r.index == index)
    }
    fn shown(&self, _: &[Role]) -> String {
        crate::parse::shortened(self)
    }
}

/// A step that the protocol does not allow.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// Something else was expected.
    Unexpected {
        /// Whose run it is.
        role: Role,
        /// The state of the machine.
        state: usize,
        /// What came.
        came: String,
        /// What would have been right; nothing where the run is over.
        expected: Vec<String>,
    },
    /// The message is right and carries something else.
    Payload {
        /// Whose run it is.
        role: Role,
        /// The state of the machine.
        state: usize,
        /// What came.
        came: String,
        /// What it should carry.
        expected: String,
    },
    /// The step is right and comes too late.
    Late {
        /// Whose run it is.
        role: Role,
        /// The state of the machine.
        state: usize,
        /// What should have happened by then.
        expected: Vec<String>,
        /// How much too late it is.
        late: Duration,
    },
    /// A role is gone whose messages are waited for, and the protocol says nothing about that.
    Gone {
        /// Whose run it is.
        role: Role,
        /// The state of the machine.
        state: usize,
        /// Who is gone.
        peer: String,
        /// What was expected.
        expected: Vec<String>,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |expected: &[String]| match expected {
            [] => "nothing, as the run is over".to_owned(),
            some => some
                .iter()
                .map(|e| format!("`{e}`"))
                .collect::<Vec<_>>()
                .join(" or "),
        };
        match self {
            Self::Unexpected {
                role,
                state,
                came,
                expected,
            } => {
                write!(
                    f,
                    "`{came}` came to `{role}` in state {state}, expected was {}",
                    list(expected)
                )
            }
            Self::Payload {
                role,
                state,
                came,
                expected,
            } => {
                write!(
                    f,
                    "`{came}` came to `{role}` in state {state}, it should be `{expected}`"
                )
            }
            Self::Late {
                role,
                state,
                expected,
                late,
            } => {
                write!(
                    f,
                    "{} came to `{role}` in state {state} late by {}",
                    list(expected),
                    Time(*late)
                )
            }
            Self::Gone {
                role,
                state,
                peer,
                expected,
            } => {
                write!(
                    f,
                    "`{peer}` is gone and `{role}` in state {state} waits for {}",
                    list(expected)
                )
            }
        }
    }
}

impl std::error::Error for Violation {}

impl Monitor {
    /// A monitor at the beginning of a run.
    #[must_use]
    pub fn new(machine: Arc<Machine>) -> Self {
        let gone = vec![false; machine.roles().len()];
        Self {
            machine,
            state: 0,
            entered: Duration::ZERO,
            gone,
        }
    }

    /// The machine that it follows.
    #[must_use]
    pub const fn machine(&self) -> &Arc<Machine> {
        &self.machine
    }

    /// The number of the state that the run is in.
    #[must_use]
    pub const fn state(&self) -> usize {
        self.state
    }

    /// Whether the run is over.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.machine.is_final(self.state)
    }

    /// What may happen next.
    #[must_use]
    pub fn expected(&self) -> &[Transition] {
        self.machine.transitions(self.state)
    }

    /// A message was sent or received. `payload` is the type that it carries where that is known: `Some("")` for nothing,
    /// several with commas between them, as the text of the protocol normalises them.
    ///
    /// # Errors
    /// A [`Violation`] that names the state, what was expected and what came; the run stays where it is.
    pub fn step(
        &mut self,
        direction: Direction,
        peer: impl AsPeer,
        label: &str,
        payload: Option<&str>,
    ) -> Result<(), Violation> {
        self.step_at(self.entered, direction, peer, label, payload)
    }

    /// The same at the time `now`, which counts from any moment before the first step and never falls.
    ///
    /// # Errors
    /// As [`step`](Self::step), and [`Violation::Late`] for a message that comes after its time.
    pub fn step_at(
        &mut self,
        now: Duration,
        direction: Direction,
        peer: impl AsPeer,
        label: &str,
        payload: Option<&str>,
    ) -> Result<(), Violation> {
        let index = peer.peer_in(self.machine.roles());
        let found = index.and_then(|peer| self.machine.find(self.state, direction, peer, label));
        let Some(transition) = found else {
            let peer = peer.shown(self.machine.roles());
            let label = crate::parse::shortened(label);
            let came = match direction {
                Direction::Send => format!("!{peer}:{label}"),
                Direction::Receive => format!("?{peer}:{label}"),
                Direction::Crash => format!("†{peer}"),
            };
            return Err(Violation::Unexpected {
                role: self.role(),
                state: self.state,
                came,
                expected: self.described(),
            });
        };
        if let Some(given) = payload
            && !carries(transition, given)
        {
            let came = format!("{label}({})", crate::parse::shortened(given));
            let expected = named_payload(&transition.label, &transition.payload);
            return Err(Violation::Payload {
                role: self.role(),
                state: self.state,
                came,
                expected,
            });
        }
        if let Some(within) = transition.within
            && let Some(late) = now.checked_sub(self.entered.saturating_add(within))
            && !late.is_zero()
        {
            let expected = vec![self.machine.describe(transition)];
            return Err(Violation::Late {
                role: self.role(),
                state: self.state,
                expected,
                late,
            });
        }
        let target = transition.target;
        self.enter(target, now);
        Ok(())
    }

    /// A role is gone. Where the protocol says what to do then, the run goes on there: now, or as soon as the role would wait
    /// for the one that is gone. Messages that it sent before may still be received by [`step`](Self::step), so call this once
    /// they are.
    ///
    /// # Errors
    /// [`Violation::Gone`] when the role waits for it already and the protocol says nothing about that;
    /// [`Violation::Unexpected`] for somebody who is no role. Both leave the run where it is.
    pub fn crash(&mut self, role: impl AsPeer) -> Result<(), Violation> {
        let Some(peer) = role
            .peer_in(self.machine.roles())
            .filter(|p| *p != self.machine.role_index())
        else {
            let came = format!("†{}", role.shown(self.machine.roles()));
            return Err(Violation::Unexpected {
                role: self.role(),
                state: self.state,
                came,
                expected: self.described(),
            });
        };
        let waits = self
            .expected()
            .iter()
            .any(|t| t.peer == peer && t.direction == Direction::Receive);
        let is_covered = self
            .machine
            .find(self.state, Direction::Crash, peer, "")
            .is_some();
        if waits && !is_covered {
            let peer = self.machine.role_name(peer);
            return Err(Violation::Gone {
                role: self.role(),
                state: self.state,
                peer,
                expected: self.described(),
            });
        }
        if let Some(slot) = self.gone.get_mut(peer) {
            *slot = true;
        }
        self.enter(self.state, self.entered);
        Ok(())
    }

    /// How long the run may stay in this state, seen from `now`: zero when that time is over, none where there is no limit.
    #[must_use]
    pub fn deadline(&self, now: Duration) -> Option<Duration> {
        let within = self.expected().iter().filter_map(|t| t.within).min()?;
        Some(self.entered.saturating_add(within).saturating_sub(now))
    }

    /// Sets the time at which the state was entered: for the first state, when the run begins.
    pub const fn begin(&mut self, now: Duration) {
        self.entered = now;
    }

    /// Enters a state and notices those who are gone already.
    fn enter(&mut self, state: usize, now: Duration) {
        self.state = state;
        self.entered = now;
        // Each crash leaves the steps during which that role could be gone, so this ends; the count keeps it so.
        for _ in 0..self.gone.len() {
            let noticed = self.machine.transitions(self.state).iter().find(|t| {
                t.direction == Direction::Crash && self.gone.get(t.peer).copied().unwrap_or(false)
            });
            match noticed {
                Some(t) => self.state = t.target,
                None => return,
            }
        }
    }

    fn role(&self) -> Role {
        self.machine.role().clone()
    }

    fn described(&self) -> Vec<String> {
        self.expected()
            .iter()
            .map(|t| self.machine.describe(t))
            .collect()
    }
}

/// Whether the normalised text names what the transition carries; without allocation.
fn carries(transition: &Transition, given: &str) -> bool {
    struct Rest<'a>(&'a str);
    impl fmt::Write for Rest<'_> {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            self.0 = self.0.strip_prefix(part).ok_or(fmt::Error)?;
            Ok(())
        }
    }
    use fmt::Write as _;
    let mut rest = Rest(given);
    let mut separator = "";
    let all = transition.payload.iter().all(|part| {
        let fits = write!(rest, "{separator}{part}").is_ok();
        separator = ", ";
        fits
    });
    all && rest.0.is_empty()
}
