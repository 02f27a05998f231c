//! What a protocol says, as a tree.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::Span;

/// A word of the text with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Name {
    /// A word that stands nowhere.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            span: Span::default(),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// One participant: `engine`, or one of a family: `worker[2]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Role {
    /// The name of the role or of its family.
    pub name: String,
    /// The number in the family, from 0.
    pub index: Option<u32>,
}

impl Role {
    /// A role that is no member of a family.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            index: None,
        }
    }

    /// A member of a family.
    #[must_use]
    pub fn indexed(name: impl Into<String>, index: u32) -> Self {
        Self {
            name: name.into(),
            index: Some(index),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            Some(index) => write!(f, "{}[{index}]", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// `protocol NAME<PARAMETERS>(ROLES) { … }`
///
/// Its [`Display`](fmt::Display) is the formatted text, which is read back as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protocol {
    /// Comment lines before it, without `//`.
    pub comments: Vec<String>,
    /// Its name.
    pub name: Name,
    /// Its parameters: sizes of families.
    pub params: Vec<Param>,
    /// Its roles in declared order.
    pub roles: Vec<RoleDecl>,
    /// What happens, in order.
    pub body: Vec<Global>,
    /// Comment lines after it, without `//`; only the last protocol of a text has any.
    pub after: Vec<String>,
    /// Where it stands.
    pub span: Span,
}

/// A parameter, fixed by `= VALUE`, by [`Protocol::with`], or by who inlines the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its value where it is fixed.
    pub value: Option<u32>,
}

/// `role engine` or `role worker[N]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleDecl {
    /// Its name.
    pub name: Name,
    /// How many there are, for a family.
    pub size: Option<Expr>,
}

/// A whole number: of a constant, a parameter or the variable of a `for`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// What an [`Expr`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// `3`
    Number(u32),
    /// `N`, `i`
    Name(String),
    /// `i + 1`
    Binary(Op, Box<Expr>, Box<Expr>),
}

/// An operator of an [`Expr`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `%`
    Remainder,
}

/// `engine`, `worker[i + 1]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRef {
    /// The role or family.
    pub name: Name,
    /// Which of the family.
    pub index: Option<Expr>,
}

impl RoleRef {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.index
            .as_ref()
            .map_or(self.name.span, |i| self.name.span.to(i.span))
    }
}

/// One step of a protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Global {
    /// What it is.
    pub kind: GlobalKind,
    /// Where it stands.
    pub span: Span,
}

/// What a step is.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GlobalKind {
    /// `Label(Types) from A to B within 5s;`
    Message(Message),
    /// `choice at A { … } or { … } crash B { … }`
    Choice(Choice),
    /// `{ … } crash B { … }`
    Scope(Scope),
    /// `rec NAME { … }`
    Rec(Rec),
    /// `continue NAME;`
    Continue(Name),
    /// `do Other<N>(a, b);`
    Do(Do),
    /// `for i in worker { … }`
    For(For),
    /// A comment line of its own, without `//`.
    Comment(String),
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it is called.
    pub label: Name,
    /// What it carries.
    pub payload: Vec<Payload>,
    /// Who sends it.
    pub from: RoleRef,
    /// Who receives it.
    pub to: RoleRef,
    /// How long both may take over it once it is the next thing they do.
    pub within: Option<Duration>,
}

/// Part of what a message carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Payload {
    /// A type, as normalised text: `Vec<u8>`.
    Type(String),
    /// `session Other@role`: the sender's end of another session changes hands.
    Session {
        /// The protocol of that session.
        protocol: String,
        /// The role that is handed over.
        role: Role,
    },
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type(text) => f.write_str(text),
            Self::Session { protocol, role } => write!(f, "session {protocol}@{role}"),
        }
    }
}

/// A role decides how it goes on; each branch begins with a message of that role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Who decides.
    pub at: RoleRef,
    /// The alternatives, at least one.
    pub branches: Vec<Vec<Global>>,
    /// What is done when a role is gone.
    pub crashes: Vec<Crash>,
}

/// Steps during which a role may be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The steps.
    pub body: Vec<Global>,
    /// What is done when a role is gone, at least one.
    pub crashes: Vec<Crash>,
}

/// `crash B { … }`: who waits for a message of `B` in vain goes on here instead, and then the protocol is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crash {
    /// Who is gone; it takes no part in the body.
    pub role: RoleRef,
    /// What the others do.
    pub body: Vec<Global>,
    /// Where the role is named.
    pub span: Span,
}

/// Steps to which `continue NAME` goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rec {
    /// What the loop is called.
    pub name: Name,
    /// The steps.
    pub body: Vec<Global>,
}

/// Another protocol, played here by these roles.
#[derive(Clone)]
pub struct Do {
    /// The protocol.
    pub protocol: Name,
    /// Values of its parameters.
    pub values: Vec<Expr>,
    /// Who plays its roles, in declared order; the name of a family stands for all of it.
    pub roles: Vec<RoleRef>,
    /// The protocol itself, once it was found.
    pub(crate) target: Option<Arc<Protocol>>,
}

/// Without the other protocol, which may hold others in turn.
impl fmt::Debug for Do {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Do")
            .field("protocol", &self.protocol)
            .field("values", &self.values)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Do {
    fn eq(&self, other: &Self) -> bool {
        (&self.protocol, &self.values, &self.roles)
            == (&other.protocol, &other.values, &other.roles)
    }
}

impl Eq for Do {}

/// The same steps for each member of a family, or each number of a range, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct For {
    /// What the number is called.
    pub variable: Name,
    /// The numbers.
    pub range: Range,
    /// The steps.
    pub body: Vec<Global>,
}

/// The numbers of a `for`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Range {
    /// Those of a family.
    Family(Name),
    /// `from..to`, without `to`.
    Numbers(Expr, Expr),
}

impl Protocol {
    /// The protocol with values for parameters, by name; unknown names are ignored.
    #[must_use]
    pub fn with(mut self, values: &BTreeMap<String, u32>) -> Self {
        for param in &mut self.params {
            if let Some(value) = values.get(&param.name.text) {
                param.value = Some(*value);
            }
        }
        self
    }
}
