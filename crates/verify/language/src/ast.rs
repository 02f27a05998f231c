//! What a specification says, as a tree: the meaning of the text and of the JSON form.
//!
//! Comments stand before the item or member that follows them and belong to it; nothing else of the layout is kept.

mod expr;
mod members;

pub use expr::{Arm, BinaryOp, CompareOp, Expr, ExprKind, Literal, Pattern, Quantity, UnaryOp};
pub use members::{
    Body, Bound, Budget, BudgetKind, Clause, ClauseKind, Complexity, Example, Member, MemberKind,
    Operation, Outcome, Permission, Scenario, Step,
};

use serde::{Deserialize, Serialize};

use crate::{Span, Unit};

/// A whole file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Types, functions and tools in the order of the file.
    pub items: Vec<Item>,
    /// Comment lines after the last item, without `//`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<String>,
}

/// One item of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Comment lines before it, without `//`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<String>,
    /// What it is.
    pub kind: ItemKind,
    /// Where it stands.
    #[serde(skip)]
    pub span: Span,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ItemKind {
    /// `record Episode { start: int<ns>, peak: real }`
    Record(Record),
    /// `enum Kind { normal, anomaly(real) }`
    Enum(Enum),
    /// `define increasing(xs: [real]): bool = …`; it may call only what stands before it.
    Define(Define),
    /// `tool NAME { … }`
    Tool(Tool),
    /// `protocol NAME(role a, role b) { … }`, as its canonical text: the messages that roles exchange, in the language of
    /// the crate `voidstate-protocol`. It may inline and delegate those before it.
    Protocol(String),
}

/// A word of the source with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Where it stands.
    #[serde(skip)]
    pub span: Span,
}

impl Name {
    /// A word that stands nowhere.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            span: Span::default(),
        }
    }
}

/// A name and its type: a field, an input, an output, a state variable or a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The name.
    pub name: Name,
    /// Its type.
    #[serde(rename = "type")]
    pub type_: TypeExpr,
}

/// A type of named fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its name.
    pub name: Name,
    /// Its fields in order.
    pub fields: Vec<Field>,
}

/// A type of alternatives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    /// Its name.
    pub name: Name,
    /// Its alternatives in order, at least one.
    pub variants: Vec<Variant>,
}

/// One alternative of an [`Enum`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Its name.
    pub name: Name,
    /// Types of what it carries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payload: Vec<TypeExpr>,
}

/// A function of the specification itself. It cannot recurse, so that every expression ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Define {
    /// Its name.
    pub name: Name,
    /// Its parameters.
    pub parameters: Vec<Field>,
    /// Type of its value.
    pub result: TypeExpr,
    /// Its value.
    pub body: Expr,
}

/// A tool: either one operation described by the members themselves, or several `operation` blocks over one state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Its name.
    pub name: Name,
    /// What it does, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Its members in the order of the file.
    pub body: Body,
}

/// A type as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeExpr {
    /// The type.
    pub kind: TypeKind,
    /// Where it stands.
    #[serde(skip)]
    pub span: Span,
}

/// What a type is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TypeKind {
    /// `bool`
    Bool,
    /// `int`, or `int<ns>`: a whole number in a unit.
    Int(Option<Unit>),
    /// `real`, or `real<ms>`.
    Real(Option<Unit>),
    /// `text`, a sequence of Unicode scalar values.
    Text,
    /// `bytes`
    Bytes,
    /// `duration`, in nanoseconds.
    Duration,
    /// `size`, in bytes.
    Size,
    /// `[T]`
    List(Box<TypeExpr>),
    /// `{K: V}`
    Map(Box<TypeExpr>, Box<TypeExpr>),
    /// `T?`
    Option(Box<TypeExpr>),
    /// `(A, B)`, at least two
    Tuple(Vec<TypeExpr>),
    /// A record or an enum of the file.
    Named(String),
}
