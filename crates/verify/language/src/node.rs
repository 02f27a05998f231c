//! Checked expressions: names are places, literals are values, every part knows its type.
//!
//! This is what the evaluator walks and what other crates read: static analysis, translation to a solver, construction
//! of inputs that satisfy a precondition. No tree is deeper than [`MAX_DEPTH`], calls of `define`s included, so that a
//! recursive walk needs a bounded stack.

use std::fmt;
use std::sync::Arc;

use crate::ast::{BinaryOp, CompareOp};
use crate::builtin::Builtin;
use crate::{EnumType, RecordType, Span, Type, Value};

mod text;

pub(crate) use text::{comparison, operator};

/// Deepest nesting of an expression, the bodies of called `define`s included, and of a type.
pub const MAX_DEPTH: usize = 128;

/// An expression whose names are resolved to places in a [`Scope`](crate::Scope). Cheap to clone.
///
/// Its [`Display`](fmt::Display) is source text that means the same.
#[derive(Clone)]
pub struct Typed {
    type_: Type,
    node: Arc<Node>,
    span: Span,
}

impl Typed {
    pub(crate) fn new(type_: Type, node: Node, span: Span) -> Self {
        Self {
            type_,
            node: Arc::new(node),
            span,
        }
    }

    /// Type of its value. A lambda bears the type of its body.
    #[must_use]
    pub const fn type_(&self) -> &Type {
        &self.type_
    }

    /// What it is.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Where it stands.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// The places of the scope that it reads, each once, in order; those in the bodies of `define`s cannot be any.
    #[must_use]
    pub fn free_slots(&self) -> Vec<Place> {
        let mut places = Vec::new();
        self.walk(&mut |part| {
            if let Node::Place(place) = part.node() {
                places.push(place.clone());
            }
        });
        places.sort();
        places.dedup();
        places
    }

    /// Its parts, in the order of the text. The body of a called `define` is none of them.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        match self.node() {
            Node::Constant(_) | Node::Place(_) | Node::Local(_) => Vec::new(),
            Node::List(parts)
            | Node::Tuple(parts)
            | Node::Record(_, parts)
            | Node::Variant(_, _, parts)
            | Node::Call(_, parts)
            | Node::Define(_, parts) => parts.iter().collect(),
            Node::Map(entries) => entries.iter().flat_map(|(k, v)| [k, v]).collect(),
            Node::Some(a) | Node::Member(a, _) | Node::Not(a) | Node::Negate(a) => vec![a],
            Node::Index(a, b) | Node::Range(a, b) | Node::Binary(_, a, b) => vec![a, b],
            Node::Slice { of, from, to } => {
                let ends = from.iter().chain(to);
                std::iter::once(of).chain(ends).collect()
            }
            Node::Compare { first, rest } => std::iter::once(first)
                .chain(rest.iter().map(|(_, e)| e))
                .collect(),
            Node::Approx {
                left,
                right,
                tolerance,
                ..
            } => vec![left, right, tolerance],
            Node::If(condition, then, otherwise) => vec![condition, then, otherwise],
            Node::Let { value, body, .. } => vec![value, body],
            Node::Match { of, arms } => std::iter::once(of)
                .chain(arms.iter().map(|arm| &arm.body))
                .collect(),
            Node::Lambda(lambda) => vec![&lambda.body],
        }
    }

    /// Calls `visit` with it and every part of it, outer first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Typed({self}: {})", self.type_)
    }
}

/// Which part of a [`Scope`](crate::Scope).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// An input.
    Input,
    /// An output.
    Output,
    /// A state variable after the call, or before it in `requires` and `fails`.
    State,
    /// `old(input)`
    OldInput,
    /// `old(state variable)`
    OldState,
}

/// A named place of a [`Scope`](crate::Scope).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which part of the scope.
    pub kind: PlaceKind,
    /// The number in that part.
    pub index: usize,
    /// What it is called.
    pub name: Arc<str>,
}

/// Something bound by `let`, a lambda, an arm, or a parameter of a `define`.
///
/// Bound values are numbered by how many others are known around them: the first binding of an expression (or the first
/// parameter of a `define`) has number 0, a binding inside its scope has 1, and so on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Local {
    /// Its number.
    pub index: usize,
    /// What it is called.
    pub name: Arc<str>,
}

/// `define NAME(…): … = …`
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// Its parameters: locals 0, 1, …
    pub parameters: Vec<(Local, Type)>,
    /// Its value.
    pub body: Typed,
    /// Depth of the body, the bodies that it calls included.
    pub depth: usize,
}

/// `|x, y| e`
#[derive(Debug, Clone)]
pub struct Lambda {
    /// Its parameters, numbered without gaps.
    pub parameters: Vec<Local>,
    /// Whether it is given one tuple whose parts are the parameters, as in `all(zip(a, b), |x, y| x < y)`.
    pub unpack: bool,
    /// Its value.
    pub body: Typed,
}

/// What an arm fits.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArmPattern {
    /// `_`
    Any,
    /// `some(x)`
    Some(Local),
    /// `none`
    None,
    /// The number of the alternative of an enum, with what it carries.
    Variant(u32, Vec<Local>),
}

/// One alternative of a `match`; the first that fits counts.
#[derive(Debug, Clone)]
pub struct Arm {
    /// What it fits.
    pub pattern: ArmPattern,
    /// Its value.
    pub body: Typed,
}

/// What a checked expression is.
#[non_exhaustive]
#[derive(Debug, Clone)]
pub enum Node {
    /// A literal, a negated literal, `none` or a constant such as `nan`; whole numbers are reals already where they
    /// stand for reals.
    Constant(Value),
    /// An input, an output or a state variable.
    Place(Place),
    /// Something bound inside the expression.
    Local(Local),
    /// `[a, b]`
    List(Vec<Typed>),
    /// `{k: v}`; the last of equal keys counts.
    Map(Vec<(Typed, Typed)>),
    /// `(a, b)`
    Tuple(Vec<Typed>),
    /// A record, its fields in declared order.
    Record(Arc<RecordType>, Vec<Typed>),
    /// An alternative of an enum, by number.
    Variant(Arc<EnumType>, u32, Vec<Typed>),
    /// `some(e)`
    Some(Typed),
    /// Field of a record or part of a tuple, by number.
    Member(Typed, usize),
    /// `e[i]` of a list, text, bytes or map.
    Index(Typed, Typed),
    /// `e[from..to]` of a list, text or bytes.
    Slice {
        /// What is cut.
        of: Typed,
        /// First position, 0 when missing.
        from: Option<Typed>,
        /// One past the last position, the length when missing.
        to: Option<Typed>,
    },
    /// `from..to`: a list of whole numbers.
    Range(Typed, Typed),
    /// `not e`
    Not(Typed),
    /// `-e`
    Negate(Typed),
    /// An infix operator that is no comparison.
    Binary(BinaryOp, Typed, Typed),
    /// `a < b <= c`; each neighbouring pair.
    Compare {
        /// The first operand.
        first: Typed,
        /// Each further operand with the comparison before it.
        rest: Vec<(CompareOp, Typed)>,
    },
    /// `a ~= b within t`
    Approx {
        /// A real or a list of reals.
        left: Typed,
        /// The same.
        right: Typed,
        /// Greatest distance that counts as equal.
        tolerance: Typed,
        /// Whether the tolerance is a share of the greater magnitude.
        relative: bool,
    },
    /// `if a then b else c`
    If(Typed, Typed, Typed),
    /// `let x = value in body`
    Let {
        /// What is bound.
        local: Local,
        /// Its value.
        value: Typed,
        /// Where it is known.
        body: Typed,
    },
    /// `match e { … }`; the arms leave nothing out.
    Match {
        /// What is looked at.
        of: Typed,
        /// The alternatives.
        arms: Vec<Arm>,
    },
    /// A built-in function with its arguments.
    Call(&'static Builtin, Vec<Typed>),
    /// A `define` with its arguments.
    Define(Arc<Definition>, Vec<Typed>),
    /// An argument of a built-in function.
    Lambda(Lambda),
}
