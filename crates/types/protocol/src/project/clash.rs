//! Why a role cannot know where it stands, told by the choice that it does not see.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;

use super::{ProjectionError, Projector};
use crate::graph::Node;
use crate::{Diagnostic, Role, Span};

/// How two ways disagree.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClashKind {
    /// The role does different things.
    Action,
    /// The same message carries different payloads.
    Payload,
    /// The role is done on one way and not on the other.
    Ending,
    /// The role waits for different senders.
    Senders,
}

/// One of the two ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The message with which the way begins; empty for a way that begins with a crash, or where nobody can say.
    pub begins: String,
    /// What the role does on it: "receive `Work(u8)` from `engine`".
    pub action: String,
    /// The message it does that with; where the way begins, for a role that does nothing on it.
    pub span: Span,
}

/// A choice that a role depends on and cannot know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The role that cannot know it.
    pub role: Role,
    /// Who chooses; none where the two ways part at a crash.
    pub chooser: Option<Role>,
    /// How the two ways disagree.
    pub kind: ClashKind,
    /// Where the ways part.
    pub choice: Span,
    /// The two ways.
    pub ways: [Way; 2],
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = &self.ways;
        write!(f, "role `{}` cannot know ", self.role)?;
        match &self.chooser {
            Some(chooser) => write!(f, "the choice at `{chooser}`")?,
            None => f.write_str("whether a role is gone")?,
        }
        write!(
            f,
            ": {}it would {}, {}it would {}",
            after(&a.begins),
            a.action,
            after(&b.begins),
            b.action
        )
    }
}

impl std::error::Error for Clash {}

fn after(label: &str) -> String {
    match label {
        "" => "after the crash ".to_owned(),
        label => format!("after `{label}` "),
    }
}

impl Clash {
    /// The clash at its place in the text.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let role = &self.role;
        let who = self
            .chooser
            .as_ref()
            .map_or_else(|| "who notices the crash".to_owned(), |c| format!("`{c}`"));
        let advice = match self.kind {
            ClashKind::Payload => {
                "rename one of the two messages, or let them carry the same".to_owned()
            }
            ClashKind::Senders => format!(
                "let the first message that `{role}` receives on each way come from the same role, with another label"
            ),
            ClashKind::Action | ClashKind::Ending => {
                format!(
                    "let {who}, or somebody who knows, send `{role}` a message with another label on each way"
                )
            }
        };
        let [a, b] = &self.ways;
        Diagnostic::new(self.choice, self.to_string())
            .related(
                a.span,
                format!("{}`{role}` would {}", after(&a.begins), a.action),
            )
            .related(
                b.span,
                format!("{}`{role}` would {}", after(&b.begins), b.action),
            )
            .advice(advice)
    }
}

/// Where two ways parted.
struct Parting {
    place: usize,
    heads: [usize; 2],
}

/// More pairs of places are not looked at to explain an error.
const MAX_PAIRS: usize = 100_000;

impl Projector<'_> {
    /// The error for two places that do not agree.
    pub(super) fn clash(&self, kind: ClashKind, a: usize, b: usize) -> ProjectionError {
        let parting = self.parting(a, b);
        let (chooser, choice) = match parting.as_ref().map(|p| self.graph.node(p.place)) {
            Some(Node::Choice { at, span, .. }) => (self.graph.roles.get(*at).cloned(), *span),
            Some(Node::Message(m)) => (None, m.span),
            _ => (None, self.span(a)),
        };
        let begins = |which: usize| {
            let parting = parting.as_ref()?;
            let head = *parting.heads.get(which)?;
            let is_crash =
                matches!(self.graph.node(parting.place), Node::Message(m) if m.crash == Some(head));
            if is_crash {
                None
            } else {
                self.first_message(head)
            }
        };
        let way = |which: usize, at: usize| {
            let begins = begins(which);
            let span = match self.is_exit(at)
                && !matches!(self.graph.node(at), Node::End | Node::Jump(_))
            {
                true => self.span(at),
                false => begins.as_ref().map_or(choice, |(_, span)| *span),
            };
            Way {
                begins: begins.map(|(label, _)| label).unwrap_or_default(),
                action: self.action(at),
                span,
            }
        };
        ProjectionError::Unknowable(Box::new(Clash {
            role: self
                .graph
                .roles
                .get(self.role)
                .cloned()
                .unwrap_or_else(|| Role::new("")),
            chooser,
            kind,
            choice,
            ways: [way(0, a), way(1, b)],
        }))
    }

    fn span(&self, at: usize) -> Span {
        match self.graph.node(at) {
            Node::Message(m) => m.span,
            Node::Choice { span, .. } => *span,
            Node::End | Node::Jump(_) => Span::default(),
        }
    }

    fn first_message(&self, at: usize) -> Option<(String, Span)> {
        let head = self
            .graph
            .heads(at)
            .ok()
            .and_then(|heads| heads.first().copied())
            .unwrap_or(at);
        match self.graph.node(head) {
            Node::Message(m) => Some((m.label.to_string(), m.span)),
            _ => None,
        }
    }

    /// What the role does at a place, in words.
    fn action(&self, at: usize) -> String {
        if !self.is_exit(at) {
            return "never act again".to_owned();
        }
        let payload = |m: &crate::graph::Message| {
            let parts: Vec<String> = m.payload.iter().map(ToString::to_string).collect();
            parts.join(", ")
        };
        match self.graph.node(at) {
            Node::End | Node::Jump(_) => "be done".to_owned(),
            Node::Message(m) if m.from == self.role => {
                format!(
                    "send `{}({})` to `{}`",
                    m.label,
                    payload(m),
                    self.graph.role(m.to)
                )
            }
            Node::Message(m) => format!(
                "receive `{}({})` from `{}`",
                m.label,
                payload(m),
                self.graph.role(m.from)
            ),
            Node::Choice { .. } => {
                let heads = self.graph.heads(at).unwrap_or_default();
                let labels = heads
                    .iter()
                    .take(8)
                    .filter_map(|h| match self.graph.node(*h) {
                        Node::Message(m) => Some(format!("`{}`", m.label)),
                        _ => None,
                    });
                format!("choose between {}", labels.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// The first choice (or crash) that the role does not see and behind which it may stand at `a` or at `b`.
    fn parting(&self, a: usize, b: usize) -> Option<Parting> {
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        struct Pair(usize, usize, Option<(usize, usize, usize)>);
        let mut seen: BTreeSet<Pair> = BTreeSet::new();
        let mut open = VecDeque::from([Pair(self.graph.start, self.graph.start, None)]);
        while let Some(pair) = open.pop_front() {
            if seen.len() > MAX_PAIRS || !seen.insert(pair) {
                continue;
            }
            let Pair(x, y, parted) = pair;
            if let Some((place, i, j)) = parted {
                if (x, y) == (a, b) {
                    return Some(Parting {
                        place,
                        heads: [i, j],
                    });
                }
                if (x, y) == (b, a) {
                    return Some(Parting {
                        place,
                        heads: [j, i],
                    });
                }
                if !self.is_exit(x) {
                    open.extend(self.silent(x).into_iter().map(|x| Pair(x, y, parted)));
                }
                if !self.is_exit(y) {
                    open.extend(self.silent(y).into_iter().map(|y| Pair(x, y, parted)));
                }
                for (p, q) in self.together(x, y) {
                    open.push_back(Pair(p, q, parted));
                }
                continue;
            }
            let next = if self.is_exit(x) {
                self.seen_next(x).into_iter().map(|(_, n)| n).collect()
            } else {
                self.silent(x)
            };
            for (i, &p) in next.iter().enumerate() {
                open.push_back(Pair(p, p, None));
                if !self.is_exit(x) {
                    for &q in next.iter().skip(i + 1) {
                        open.push_back(Pair(p, q, Some((x, p, q))));
                    }
                }
            }
        }
        None
    }

    /// What the role sees at an exit, and where that leads.
    fn seen_next(&self, at: usize) -> Vec<((usize, usize, String), usize)> {
        let heads = match self.graph.node(at) {
            Node::Choice { .. } => self.graph.heads(at).unwrap_or_default(),
            _ => vec![at],
        };
        let mut next = Vec::new();
        for head in heads {
            if let Node::Message(m) = self.graph.node(head) {
                next.push(((m.from, m.to, m.label.to_string()), m.next));
                if m.to == self.role
                    && let Some(crash) = m.crash
                {
                    next.push(((m.from, m.to, String::new()), crash));
                }
            }
        }
        next
    }

    /// Where two exits lead by the same step of the role.
    fn together(&self, x: usize, y: usize) -> Vec<(usize, usize)> {
        if !self.is_exit(x) || !self.is_exit(y) {
            return Vec::new();
        }
        let others = self.seen_next(y);
        let mut pairs = Vec::new();
        for (event, p) in self.seen_next(x) {
            pairs.extend(
                others
                    .iter()
                    .filter(|(other, _)| *other == event)
                    .map(|(_, q)| (p, *q)),
            );
        }
        pairs
    }
}
