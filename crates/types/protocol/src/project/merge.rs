//! What a role does where it stands at several places at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::clash::ClashKind;
use super::{ProjectionError, Projector};
use crate::graph::{Message, Node};
use crate::local::LocalBranch;
use crate::machine::Direction;

/// A branch, and the places behind it.
pub(super) struct Branch {
    pub(super) local: LocalBranch,
    pub(super) next: BTreeSet<usize>,
}

#[derive(Default)]
pub(super) struct Merged {
    pub(super) branches: Vec<Branch>,
}

/// What the role does at one place.
enum Act<'g> {
    End,
    /// The others go on for ever without it.
    Endless,
    Send(Vec<&'g Message>),
    Receive(&'g Message),
}

impl<'g> Projector<'g> {
    pub(super) fn merge(&self, places: &[usize]) -> Result<Merged, ProjectionError> {
        let mut acts = Vec::new();
        for &at in places {
            acts.push((at, self.act(at)?));
        }
        let endless = acts
            .iter()
            .find(|(_, act)| matches!(act, Act::Endless))
            .map(|(at, _)| *at);
        acts.retain(|(_, act)| !matches!(act, Act::Endless));
        let Some((first_at, first)) = acts.first() else {
            return Ok(Merged::default());
        };
        let rest = acts.get(1..).unwrap_or_default();
        for (at, act) in rest {
            let kind = match (first, act) {
                (Act::End, Act::End) | (Act::Send(_), Act::Send(_)) => None,
                (Act::Receive(a), Act::Receive(b)) => {
                    (a.from != b.from).then_some(ClashKind::Senders)
                }
                (Act::End, _) | (_, Act::End) => Some(ClashKind::Ending),
                _ => Some(ClashKind::Action),
            };
            if let Some(kind) = kind {
                return Err(self.clash(kind, *first_at, *at));
            }
        }
        if let (Act::Send(_), Some(lost)) = (first, endless) {
            return Err(self.clash(ClashKind::Ending, *first_at, lost));
        }
        match first {
            Act::End | Act::Endless => Ok(Merged::default()),
            Act::Send(sent) => {
                for (at, act) in rest {
                    if let Act::Send(other) = act {
                        self.same_sends(sent, other, *first_at, *at)?;
                    }
                }
                let sends = acts.iter().flat_map(|(at, act)| match act {
                    Act::Send(sent) => sent.iter().map(|m| (*at, *m)).collect(),
                    _ => Vec::new(),
                });
                self.grouped(sends.collect(), Direction::Send)
            }
            Act::Receive(_) => {
                let received = acts.iter().filter_map(|(at, act)| match act {
                    Act::Receive(m) => Some((*at, *m)),
                    _ => None,
                });
                self.grouped(received.collect(), Direction::Receive)
            }
        }
    }

    fn act(&self, at: usize) -> Result<Act<'g>, ProjectionError> {
        if !self.is_exit(at) {
            return Ok(Act::Endless);
        }
        Ok(match self.graph.node(at) {
            Node::End | Node::Jump(_) => Act::End,
            Node::Message(m) if m.from == self.role => Act::Send(vec![m]),
            Node::Message(m) => Act::Receive(m),
            Node::Choice { .. } => Act::Send(
                self.graph
                    .heads(at)?
                    .into_iter()
                    .filter_map(|head| match self.graph.node(head) {
                        Node::Message(m) => Some(m),
                        _ => None,
                    })
                    .collect(),
            ),
        })
    }

    /// Who cannot tell two places apart must be free to choose the same at both.
    fn same_sends(
        &self,
        a: &[&Message],
        b: &[&Message],
        at_a: usize,
        at_b: usize,
    ) -> Result<(), ProjectionError> {
        let lacks =
            |a: &[&Message], b: &[&Message]| a.iter().any(|m| !b.iter().any(|n| m.looks_like(n)));
        if lacks(a, b) || lacks(b, a) {
            return Err(self.clash(ClashKind::Action, at_a, at_b));
        }
        Ok(())
    }

    /// One branch for each label of each peer, and one for the crash of the sender.
    fn grouped(
        &self,
        messages: Vec<(usize, &'g Message)>,
        direction: Direction,
    ) -> Result<Merged, ProjectionError> {
        let mut found: Vec<(usize, &Message, Branch)> = Vec::new();
        let mut gone: Option<(usize, BTreeSet<usize>)> = None;
        for (at, m) in messages {
            if direction == Direction::Receive
                && let Some(crash) = m.crash
            {
                gone.get_or_insert_with(|| (m.from, BTreeSet::new()))
                    .1
                    .insert(crash);
            }
            if let Some((other_at, other, branch)) =
                found.iter_mut().find(|(_, other, _)| other.looks_like(m))
            {
                if other.payload != m.payload {
                    return Err(self.clash(ClashKind::Payload, *other_at, at));
                }
                // Who sends keeps the shortest time, who receives grants the longest.
                branch.local.within = match (branch.local.within, m.within, direction) {
                    (Some(a), Some(b), Direction::Send) => Some(a.min(b)),
                    (a, b, Direction::Send) => a.or(b),
                    (Some(a), Some(b), _) => Some(a.max(b)),
                    _ => None,
                };
                branch.local.spans.push(m.span);
                branch.next.insert(m.next);
                continue;
            }
            let local = LocalBranch {
                direction,
                peer: if direction == Direction::Send {
                    m.to
                } else {
                    m.from
                },
                label: Arc::clone(&m.label),
                payload: Arc::clone(&m.payload),
                within: m.within,
                target: 0,
                spans: vec![m.span],
            };
            found.push((
                at,
                m,
                Branch {
                    local,
                    next: BTreeSet::from([m.next]),
                },
            ));
        }
        let mut branches: Vec<Branch> = found.into_iter().map(|(_, _, branch)| branch).collect();
        if let Some((peer, next)) = gone {
            let local = LocalBranch {
                direction: Direction::Crash,
                peer,
                label: "".into(),
                payload: Arc::new([]),
                within: None,
                target: 0,
                spans: Vec::new(),
            };
            branches.push(Branch { local, next });
        }
        Ok(Merged { branches })
    }
}
