//! Parties that are not trusted: what they do is held against the machine of their role.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

pub use voidstate_protocol::{Direction, Machine, Monitor, Violation};

use crate::{Channel, Fault, Labelled, Leaving};

/// Messages that are on their way to a watched role and that it has not received, by peer.
pub const PENDING_MESSAGES_MAX: usize = 1024;

/// The machine of `role` in the protocol `name` of `text`; nothing when there is no such role or the text is no protocol.
#[must_use]
pub fn machine(text: &str, name: &str, role: &str) -> Option<Machine> {
    let protocols = voidstate_protocol::parse(text).ok()?;
    let protocol = protocols.iter().find(|p| p.name.text == name)?;
    let machines = protocol.machines().ok()?;
    machines.into_iter().find(|m| m.role().to_string() == role)
}

/// Watches one role through all of its channels. Clones watch the same run.
///
/// A watched role receives later than the watcher sees a message pass, so what goes to it is held back until its machine
/// can take it; what comes from it must be its next step.
#[derive(Debug, Clone)]
pub struct Watch {
    run: Arc<Mutex<Run>>,
}

#[derive(Debug)]
struct Run {
    monitor: Monitor,
    /// Labels on their way to the role, by who sent them.
    pending: Vec<VecDeque<String>>,
    now: Duration,
}

impl Watch {
    /// Watches a run of `machine` from its beginning.
    #[must_use]
    pub fn new(machine: Arc<Machine>) -> Self {
        let pending = machine.roles().iter().map(|_| VecDeque::new()).collect();
        let run = Run {
            monitor: Monitor::new(machine),
            pending,
            now: Duration::ZERO,
        };
        Self {
            run: Arc::new(Mutex::new(run)),
        }
    }

    /// The channel between the watched role and `peer`, seen from `peer`; nothing when there is no such role.
    ///
    /// `channel` leads to the watched role.
    #[must_use]
    pub fn channel<C>(&self, channel: C, peer: &str) -> Option<Monitored<C>> {
        let machine = Arc::clone(self.lock().monitor.machine());
        let peer = machine.roles().iter().position(|r| r.to_string() == peer)?;
        let name = machine.role().to_string();
        Some(Monitored {
            channel,
            watch: self.clone(),
            peer,
            name,
            is_broken: false,
        })
    }

    /// What time it is, for the limits of the protocol: since any fixed point, never going back.
    pub fn set_now(&self, now: Duration) {
        self.lock().now = now;
    }

    /// How long the role may take over its next step; nothing where there is no limit.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let run = self.lock();
        run.monitor.deadline(run.now)
    }

    /// Whether the role has done all that it should.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.lock().monitor.is_final()
    }

    /// What the role may do next, in words.
    #[must_use]
    pub fn expected(&self) -> Vec<String> {
        let run = self.lock();
        let machine = run.monitor.machine();
        run.monitor
            .expected()
            .iter()
            .map(|t| machine.describe(t))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Run {
    /// The role sent something.
    fn sent(&mut self, to: usize, label: &str) -> Result<(), Fault> {
        self.settle()?;
        let step = self
            .monitor
            .step_at(self.now, Direction::Send, to, label, None);
        step.map_err(violation)?;
        self.settle()
    }

    /// Something is on its way to the role.
    fn passed(&mut self, from: usize, label: &str) -> Result<(), Fault> {
        if let Some(pending) = self.pending.get_mut(from) {
            if pending.len() >= PENDING_MESSAGES_MAX {
                let limit = PENDING_MESSAGES_MAX;
                return Err(Fault::Flooded { limit });
            }
            pending.push_back(label.to_owned());
        }
        self.settle()
    }

    /// Lets the role receive what it can.
    fn settle(&mut self) -> Result<(), Fault> {
        loop {
            let mut awaited = self.monitor.expected().iter();
            let awaited = awaited.find(|t| t.direction == Direction::Receive);
            let Some(from) = awaited.map(|t| t.peer) else {
                return Ok(());
            };
            let Some(label) = self.pending.get_mut(from).and_then(VecDeque::pop_front) else {
                return Ok(());
            };
            // Whether it was in time is the sender's affair: the watcher sees when it passes, not when it is received.
            let step = self.monitor.step(Direction::Receive, from, &label, None);
            step.map_err(violation)?;
            let now = self.now;
            self.monitor.begin(now);
        }
    }
}

fn violation(violation: Violation) -> Fault {
    Fault::Violation(Box::new(violation))
}

/// A channel to a role that is [watched](Watch). What the protocol does not allow never passes, in either direction, and
/// ends the channel.
#[derive(Debug)]
pub struct Monitored<C> {
    channel: C,
    watch: Watch,
    peer: usize,
    name: String,
    is_broken: bool,
}

impl<C> Monitored<C> {
    /// Whose machine it follows.
    #[must_use]
    pub const fn watch(&self) -> &Watch {
        &self.watch
    }
}

impl<M: Labelled, C: Channel<M>> Channel<M> for Monitored<C> {
    fn poll_send(
        &mut self,
        message: &mut Option<M>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        if self.is_broken {
            return Poll::Ready(Err(Fault::Closed));
        }
        let label = message.as_ref().map(|m| m.label().to_owned());
        if let Some(label) = &label {
            // Checked before it passes, and counted once it has.
            let allowed = self.watch.lock().may_pass(self.peer, label);
            if let Err(fault) = allowed {
                self.is_broken = true;
                return Poll::Ready(Err(fault));
            }
        }
        let sent = self.channel.poll_send(message, cx);
        if message.is_none()
            && let Some(label) = label
            && let Err(fault) = self.watch.lock().passed(self.peer, &label)
        {
            self.is_broken = true;
            return Poll::Ready(Err(fault));
        }
        sent
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Result<M, Fault>> {
        if self.is_broken {
            return Poll::Ready(Err(Fault::Closed));
        }
        let Poll::Ready(heard) = self.channel.poll_receive(cx) else {
            return Poll::Pending;
        };
        let checked = heard.and_then(|message| {
            self.watch.lock().sent(self.peer, message.label())?;
            Ok(message)
        });
        if let Err(Fault::Violation(_)) = &checked {
            self.is_broken = true;
            self.channel
                .close(Leaving::Cancelled(self.name.clone().into()));
        }
        Poll::Ready(checked)
    }

    fn close(&mut self, leaving: Leaving) {
        self.channel.close(leaving);
    }
}

impl Run {
    /// Whether a message to the role may pass: it may be received now, or the role has something else to do first.
    fn may_pass(&self, from: usize, label: &str) -> Result<(), Fault> {
        let is_next = self.pending.get(from).is_some_and(VecDeque::is_empty);
        let awaits = |t: &voidstate_protocol::Transition| {
            t.direction == Direction::Receive && t.peer == from
        };
        if !is_next || !self.monitor.expected().iter().any(awaits) {
            return Ok(());
        }
        let mut tried = self.monitor.clone();
        tried
            .step(Direction::Receive, from, label, None)
            .map_err(violation)
    }
}

/// Passes messages between two parties until one is done, so that a third can watch or carry them.
///
/// The parties' names are for the word of leaving, when one is gone without any.
///
/// # Errors
/// The fault that ended it, after the other party was told.
pub async fn relay<M>(
    first: (&'static str, &mut impl Channel<M>),
    second: (&'static str, &mut impl Channel<M>),
) -> Result<(), Fault> {
    let (first_name, first) = first;
    let (second_name, second) = second;
    let (mut forth, mut back) = (None, None);
    let ended = poll_fn(|cx| {
        loop {
            let a = pass(&mut *first, &mut *second, &mut forth, cx)
                .map_err(|side| side.named(first_name, second_name))?;
            let b = pass(&mut *second, &mut *first, &mut back, cx)
                .map_err(|side| side.named(second_name, first_name))?;
            if !a && !b {
                return Poll::Pending;
            }
        }
    });
    let ended: Result<(), (&'static str, Fault)> = ended.await;
    let Err((by, fault)) = ended else {
        return Ok(());
    };
    let leaving = match &fault {
        Fault::Done => Leaving::Done,
        Fault::Cancelled { by } => Leaving::Cancelled(by.clone()),
        _ => Leaving::Cancelled(by.into()),
    };
    first.close(leaving.clone());
    second.close(leaving);
    match fault {
        Fault::Done => Ok(()),
        fault => Err(fault),
    }
}

/// Which end of one direction a fault came from.
enum Side {
    From(Fault),
    To(Fault),
}

impl Side {
    fn named(self, from: &'static str, to: &'static str) -> (&'static str, Fault) {
        match self {
            Self::From(fault) => (from, fault),
            Self::To(fault) => (to, fault),
        }
    }
}

/// One step in one direction; whether there may be another.
fn pass<M>(
    from: &mut impl Channel<M>,
    to: &mut impl Channel<M>,
    held: &mut Option<Option<M>>,
    cx: &mut Context<'_>,
) -> Result<bool, Side> {
    if let Some(message) = held {
        match to.poll_send(message, cx) {
            Poll::Ready(Ok(())) => *held = None,
            Poll::Ready(Err(fault)) => return Err(Side::To(fault)),
            Poll::Pending => return Ok(false),
        }
        return Ok(true);
    }
    match from.poll_receive(cx) {
        Poll::Ready(Ok(message)) => *held = Some(Some(message)),
        Poll::Ready(Err(fault)) => return Err(Side::From(fault)),
        Poll::Pending => return Ok(false),
    }
    Ok(true)
}

impl fmt::Display for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "next: {}", self.expected().join(" or "))
    }
}
