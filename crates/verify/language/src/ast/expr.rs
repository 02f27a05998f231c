//! Expressions.

use serde::{Deserialize, Serialize};

use super::Name;
use crate::{Span, Unit};

/// An expression with its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Expr {
    /// What it is.
    pub kind: Box<ExprKind>,
    /// Where it stands.
    #[serde(skip)]
    pub span: Span,
}

impl Expr {
    /// An expression at a place.
    #[must_use]
    pub fn new(kind: ExprKind, span: Span) -> Self {
        Self {
            kind: Box::new(kind),
            span,
        }
    }
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// An input, an output, a state variable, a parameter or something bound by `let`, a lambda or an arm.
    Name(String),
    /// `result.name`: an output, even where an input bears its name.
    Result(Name),
    /// `old(e)`: the value before the call.
    Old(Expr),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{"a": 1, "b": 2}`
    Map(Vec<(Expr, Expr)>),
    /// `(a, b)`, at least two
    Tuple(Vec<Expr>),
    /// `Episode { start: 1, end: 2 }`
    Record {
        /// The record's name.
        name: Name,
        /// Its fields, in any order.
        fields: Vec<(Name, Expr)>,
    },
    /// `Kind.anomaly(0.5)` or `Kind.normal`
    Variant {
        /// The enum's name.
        of: Name,
        /// The alternative.
        variant: Name,
        /// What it carries.
        arguments: Vec<Expr>,
    },
    /// `some(e)`
    Some(Expr),
    /// `none`
    None,
    /// `e.field`
    Field(Expr, Name),
    /// `e.0`
    Position(Expr, u32),
    /// `e[i]`: of a list, a text, bytes or a map.
    Index(Expr, Expr),
    /// `e[from..to]`, either end may be missing.
    Slice {
        /// What is cut.
        of: Expr,
        /// First position, 0 when missing.
        from: Option<Expr>,
        /// One past the last position, the length when missing.
        to: Option<Expr>,
    },
    /// `from..to`: the list of the whole numbers from `from` up to, not including, `to`.
    Range(Expr, Expr),
    /// `not e`, `-e`
    Unary(UnaryOp, Expr),
    /// `a + b`, `a and b`, `a => b`, …
    Binary(BinaryOp, Expr, Expr),
    /// `0 <= p < len(text)`: holds when every neighbouring pair does.
    Compare {
        /// The first operand.
        first: Expr,
        /// Each further operand with the comparison before it, at least one.
        rest: Vec<(CompareOp, Expr)>,
    },
    /// `a ~= b within 1e-9`, or `within 1e-9 relative`: relative to the greater magnitude of the two.
    Approx {
        /// Left side: a real, or a list of reals compared pairwise.
        left: Expr,
        /// Right side.
        right: Expr,
        /// Greatest distance that counts as equal.
        tolerance: Expr,
        /// Whether the tolerance is a share of the greater magnitude.
        relative: bool,
    },
    /// `if c then a else b`
    If(Expr, Expr, Expr),
    /// `let x = a in b`
    Let {
        /// The name.
        name: Name,
        /// Its value.
        value: Expr,
        /// Where the name is known.
        body: Expr,
    },
    /// `match e { normal -> a, anomaly(p) -> b, _ -> c }`
    Match {
        /// What is looked at: an enum or an option.
        of: Expr,
        /// The alternatives in order.
        arms: Vec<Arm>,
    },
    /// A built-in function or a `define`.
    Call {
        /// Its name.
        function: Name,
        /// Its arguments.
        arguments: Vec<Expr>,
    },
    /// `|x, y| e`, only as an argument of a built-in function.
    Lambda {
        /// The parameters.
        parameters: Vec<Name>,
        /// The value.
        body: Expr,
    },
}

/// One alternative of a `match`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// What it fits.
    pub pattern: Pattern,
    /// Its value.
    pub body: Expr,
}

/// What an arm fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Pattern {
    /// `_`
    Any,
    /// `some(name)`
    Some(Name),
    /// `none`
    None,
    /// `anomaly(p)`
    Variant {
        /// The alternative's name.
        variant: Name,
        /// Names for what it carries.
        bindings: Vec<Name>,
    },
}

/// A literal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Literal {
    /// `true`, `false`
    Bool(bool),
    /// `42`; where a real is expected, that real.
    Int(i64),
    /// `0.5`, `1e-9`; finite.
    Real(f64),
    /// `"text"` with the escapes `\n \r \t \0 \\ \" \u{…}`
    Text(String),
    /// `b"bytes"` with `\xNN` too
    Bytes(Vec<u8>),
    /// `1.5 ms`, `64 KiB`
    Quantity(Quantity),
}

/// `digits / 10^decimals` of a unit, exactly as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// All its digits.
    pub digits: i64,
    /// How many of them stand after the point, at most 18.
    #[serde(default)]
    pub decimals: u8,
    /// The unit.
    pub unit: Unit,
}

/// A prefix operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnaryOp {
    /// `not`
    Not,
    /// `-`
    Negate,
}

/// An infix operator that is no comparison, weakest binding first. `=>` groups to the right, the others to the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BinaryOp {
    /// `a <=> b`: both or neither.
    Equivalent,
    /// `a => b`: `b` is looked at only when `a` holds.
    Implies,
    /// `a or b`: `b` is looked at only when `a` does not hold.
    Or,
    /// `a and b`: `b` is looked at only when `a` holds.
    And,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `++`: texts, bytes or lists, one after the other.
    Concat,
    /// `*`
    Multiply,
    /// `/`: of whole numbers towards zero.
    Divide,
    /// `%`: has the sign of the left side.
    Remainder,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompareOp {
    /// `==`; NaN equals nothing.
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `a in b`: `b` is a list, a range, the keys of a map, or a text that holds the text `a`.
    In,
}
