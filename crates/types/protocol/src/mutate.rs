//! Protocols with one fault each, to see whether somebody notices.

use std::fmt;

use crate::ast::{
    Choice, Crash, Global, GlobalKind, Message, Name, Payload, Protocol, Role, RoleRef,
};

/// What was done to a protocol.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MutantKind {
    /// A message is missing.
    DropMessage,
    /// A message comes twice.
    RepeatMessage,
    /// Two messages change places.
    SwapOrder,
    /// Sender and receiver change places.
    SwapDirection,
    /// A message goes to another role.
    OtherReceiver,
    /// A message is called otherwise.
    RenameLabel,
    /// A message carries something else.
    ChangePayload,
    /// A branch of a choice is missing.
    RemoveBranch,
    /// Two branches begin with the same label.
    DuplicateLabel,
    /// Another role chooses.
    WrongChooser,
    /// In one branch a role is told nothing.
    UntoldRole,
    /// A loop is left where it should go on.
    DropContinue,
    /// A loop begins again where it should be left.
    ContinueInstead,
    /// Nobody says what to do when a role is gone.
    DropCrash,
}

impl fmt::Display for MutantKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::DropMessage => "drop message",
            Self::RepeatMessage => "repeat message",
            Self::SwapOrder => "swap order",
            Self::SwapDirection => "swap direction",
            Self::OtherReceiver => "other receiver",
            Self::RenameLabel => "rename label",
            Self::ChangePayload => "change payload",
            Self::RemoveBranch => "remove branch",
            Self::DuplicateLabel => "duplicate label",
            Self::WrongChooser => "wrong chooser",
            Self::UntoldRole => "untold role",
            Self::DropContinue => "drop continue",
            Self::ContinueInstead => "continue instead",
            Self::DropCrash => "drop crash",
        })
    }
}

/// A protocol with one fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// What kind of fault.
    pub kind: MutantKind,
    /// Where: the message, role or loop.
    pub what: String,
    /// The protocol; it may be malformed.
    pub protocol: Protocol,
}

/// Every protocol that has one fault more than this one, in the order of the text.
///
/// Steps of protocols that are inlined with `do` are left alone. Time O(steps²).
#[must_use]
pub fn mutate(protocol: &Protocol) -> Vec<Mutant> {
    let roles = protocol.roles.iter().filter(|r| r.size.is_none());
    let mutator = Mutator {
        roles: roles.map(|r| r.name.text.clone()).collect(),
    };
    let bodies = mutator.block(&protocol.body, &[]);
    let whole = |(kind, what, body)| Mutant {
        kind,
        what,
        protocol: Protocol {
            body,
            ..protocol.clone()
        },
    };
    bodies.into_iter().map(whole).collect()
}

type Variant<T> = (MutantKind, String, T);

struct Mutator {
    /// Roles that are no families.
    roles: Vec<String>,
}

impl Mutator {
    /// Every variant of a block; `loops` are those around it.
    fn block(&self, steps: &[Global], loops: &[Name]) -> Vec<Variant<Vec<Global>>> {
        let mut found = Vec::new();
        for (i, step) in steps.iter().enumerate() {
            let with = |new: Vec<Global>| {
                let mut all = steps.to_vec();
                all.splice(i..=i, new);
                all
            };
            let mut add =
                |kind, what: String, new: Vec<Global>| found.push((kind, what, with(new)));
            match &step.kind {
                GlobalKind::Message(m) => {
                    let name = m.label.text.clone();
                    add(MutantKind::DropMessage, name.clone(), Vec::new());
                    add(
                        MutantKind::RepeatMessage,
                        name.clone(),
                        vec![step.clone(), step.clone()],
                    );
                    for (kind, new) in self.messages(m) {
                        add(
                            kind,
                            name.clone(),
                            vec![again(step, GlobalKind::Message(new))],
                        );
                    }
                    if let Some(innermost) = loops.last()
                        && i + 1 == steps.len()
                    {
                        let back = again(step, GlobalKind::Continue(innermost.clone()));
                        add(
                            MutantKind::ContinueInstead,
                            name.clone(),
                            vec![step.clone(), back],
                        );
                    }
                    if let Some(next) = steps.get(i + 1)
                        && let GlobalKind::Message(other) = &next.kind
                    {
                        let mut all = steps.to_vec();
                        all.swap(i, i + 1);
                        found.push((
                            MutantKind::SwapOrder,
                            format!("{name}, {}", other.label),
                            all,
                        ));
                    }
                }
                GlobalKind::Continue(name) => {
                    add(MutantKind::DropContinue, name.text.clone(), Vec::new());
                    for other in loops.iter().filter(|l| *l != name) {
                        let kind = GlobalKind::Continue(other.clone());
                        add(
                            MutantKind::ContinueInstead,
                            other.text.clone(),
                            vec![again(step, kind)],
                        );
                    }
                }
                GlobalKind::Choice(choice) => {
                    for (kind, what, new) in self.choices(choice, loops) {
                        add(kind, what, vec![again(step, GlobalKind::Choice(new))]);
                    }
                }
                GlobalKind::Scope(scope) => {
                    for (kind, what, body) in self.block(&scope.body, loops) {
                        let new = GlobalKind::Scope(crate::ast::Scope {
                            body,
                            ..scope.clone()
                        });
                        add(kind, what, vec![again(step, new)]);
                    }
                    for (kind, what, crashes) in self.crashes(&scope.crashes) {
                        if crashes.is_empty() {
                            add(kind, what, scope.body.clone());
                        } else {
                            let new = GlobalKind::Scope(crate::ast::Scope {
                                crashes,
                                ..scope.clone()
                            });
                            add(kind, what, vec![again(step, new)]);
                        }
                    }
                }
                GlobalKind::Rec(rec) => {
                    let mut inner = loops.to_vec();
                    inner.push(rec.name.clone());
                    for (kind, what, body) in self.block(&rec.body, &inner) {
                        let new = GlobalKind::Rec(crate::ast::Rec {
                            body,
                            ..rec.clone()
                        });
                        add(kind, what, vec![again(step, new)]);
                    }
                }
                GlobalKind::For(each) => {
                    for (kind, what, body) in self.block(&each.body, loops) {
                        let new = GlobalKind::For(crate::ast::For {
                            body,
                            ..each.clone()
                        });
                        add(kind, what, vec![again(step, new)]);
                    }
                }
                GlobalKind::Do(_) | GlobalKind::Comment(_) => {}
            }
        }
        found
    }

    /// Every variant of a message.
    fn messages(&self, m: &Message) -> Vec<(MutantKind, Message)> {
        let mut payload = m.payload.clone();
        match payload.first_mut() {
            Some(first) => *first = Payload::Type("Changed".to_owned()),
            None => payload.push(Payload::Type("Changed".to_owned())),
        }
        let label = Name::new(format!("{}Renamed", m.label));
        let mut found = vec![
            (
                MutantKind::SwapDirection,
                Message {
                    from: m.to.clone(),
                    to: m.from.clone(),
                    ..m.clone()
                },
            ),
            (MutantKind::RenameLabel, Message { label, ..m.clone() }),
            (
                MutantKind::ChangePayload,
                Message {
                    payload,
                    ..m.clone()
                },
            ),
        ];
        let other = self
            .roles
            .iter()
            .find(|r| **r != m.from.name.text && **r != m.to.name.text);
        found.extend(other.map(|other| {
            (
                MutantKind::OtherReceiver,
                Message {
                    to: named(other),
                    ..m.clone()
                },
            )
        }));
        found
    }

    /// Every variant of a choice, those of its branches included.
    fn choices(&self, choice: &Choice, loops: &[Name]) -> Vec<Variant<Choice>> {
        let mut found = Vec::new();
        let at = choice.at.to_string();
        for (i, branch) in choice.branches.iter().enumerate() {
            let with = |new: Option<Vec<Global>>| {
                let mut all = choice.clone();
                all.branches.splice(i..=i, new);
                all
            };
            if choice.branches.len() > 1 {
                found.push((
                    MutantKind::RemoveBranch,
                    format!("{at}, branch {}", i + 1),
                    with(None),
                ));
            }
            for (kind, what, new) in self.block(branch, loops) {
                found.push((kind, what, with(Some(new))));
            }
            let mut told: Vec<&RoleRef> = Vec::new();
            for m in branch.iter().filter_map(message) {
                if m.to != choice.at && !told.contains(&&m.to) {
                    told.push(&m.to);
                }
            }
            for role in told {
                let new: Vec<Global> = branch
                    .iter()
                    .filter(|s| message(s).is_none_or(|m| m.to != *role))
                    .cloned()
                    .collect();
                if new.len() + 1 < branch.len() {
                    found.push((
                        MutantKind::UntoldRole,
                        format!("{role}, branch {} of {at}", i + 1),
                        with(Some(new)),
                    ));
                }
            }
            let first = choice
                .branches
                .first()
                .and_then(|b| b.iter().find_map(message));
            let own = branch.iter().position(|s| message(s).is_some());
            if i > 0
                && let (Some(first), Some(own)) = (first, own)
                && let Some(Global {
                    kind: GlobalKind::Message(m),
                    ..
                }) = branch.get(own)
            {
                let mut new = branch.clone();
                let renamed = Message {
                    label: first.label.clone(),
                    to: first.to.clone(),
                    ..m.clone()
                };
                if let Some(slot) = new.get_mut(own) {
                    slot.kind = GlobalKind::Message(renamed);
                }
                found.push((
                    MutantKind::DuplicateLabel,
                    first.label.text.clone(),
                    with(Some(new)),
                ));
            }
        }
        for other in self.roles.iter().filter(|r| **r != choice.at.name.text) {
            found.push((
                MutantKind::WrongChooser,
                other.clone(),
                Choice {
                    at: named(other),
                    ..choice.clone()
                },
            ));
        }
        for (kind, what, crashes) in self.crashes(&choice.crashes) {
            found.push((
                kind,
                what,
                Choice {
                    crashes,
                    ..choice.clone()
                },
            ));
        }
        found
    }

    fn crashes(&self, crashes: &[Crash]) -> Vec<Variant<Vec<Crash>>> {
        let mut found = Vec::new();
        for (i, crash) in crashes.iter().enumerate() {
            let mut rest = crashes.to_vec();
            rest.remove(i);
            found.push((MutantKind::DropCrash, crash.role.to_string(), rest));
            for (kind, what, body) in self.block(&crash.body, &[]) {
                let mut all = crashes.to_vec();
                all.splice(
                    i..=i,
                    [Crash {
                        body,
                        ..crash.clone()
                    }],
                );
                found.push((kind, what, all));
            }
        }
        found
    }
}

fn again(step: &Global, kind: GlobalKind) -> Global {
    Global {
        kind,
        span: step.span,
    }
}

fn named(role: &str) -> RoleRef {
    RoleRef {
        name: Name::new(Role::new(role).name),
        index: None,
    }
}

fn message(step: &Global) -> Option<&Message> {
    match &step.kind {
        GlobalKind::Message(m) => Some(m),
        _ => None,
    }
}
