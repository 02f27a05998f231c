//! Expressions over one value.

use std::fmt;

use super::Number;

/// What has one argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unary {
    /// `-x`; flips the sign of everything but NaN.
    Neg,
    /// `abs(x)`.
    Abs,
    /// `ln(x)`; NaN below zero, `-inf` at both zeros.
    Ln,
    /// `exp(x)`.
    Exp,
    /// `sqrt(x)`; NaN below zero.
    Sqrt,
    /// `floor(x)`.
    Floor,
    /// `ceil(x)`.
    Ceil,
}

impl Unary {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 7] = [
        Self::Neg,
        Self::Abs,
        Self::Ln,
        Self::Exp,
        Self::Sqrt,
        Self::Floor,
        Self::Ceil,
    ];

    /// Its word in a pipeline's text.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Neg => "-",
            Self::Abs => "abs",
            Self::Ln => "ln",
            Self::Exp => "exp",
            Self::Sqrt => "sqrt",
            Self::Floor => "floor",
            Self::Ceil => "ceil",
        }
    }

    /// Its value at `x`.
    #[must_use]
    pub fn apply(self, x: f64) -> f64 {
        match self {
            Self::Neg => -x,
            Self::Abs => x.abs(),
            Self::Ln => x.ln(),
            Self::Exp => x.exp(),
            Self::Sqrt => x.sqrt(),
            Self::Floor => x.floor(),
            Self::Ceil => x.ceil(),
        }
    }
}

/// What has two arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Binary {
    /// `a + b`.
    Add,
    /// `a - b`.
    Sub,
    /// `a * b`.
    Mul,
    /// `a / b`.
    Div,
    /// `min(a, b)`: NaN if one is NaN, and `-0.0` is less than `0.0`.
    Min,
    /// `max(a, b)`: NaN if one is NaN, and `-0.0` is less than `0.0`.
    Max,
}

impl Binary {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 6] = [
        Self::Add,
        Self::Sub,
        Self::Mul,
        Self::Div,
        Self::Min,
        Self::Max,
    ];

    /// Its word in a `tee` and, for `min` and `max`, in an expression.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Sub => "sub",
            Self::Mul => "mul",
            Self::Div => "div",
            Self::Min => "min",
            Self::Max => "max",
        }
    }

    /// Whether `apply(a, b)` is [`same`](super::same) as `apply(b, a)` for all values.
    #[must_use]
    pub const fn is_commutative(self) -> bool {
        !matches!(self, Self::Sub | Self::Div)
    }

    /// Its value at `a` and `b`.
    #[must_use]
    pub fn apply(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Sub => a - b,
            Self::Mul => a * b,
            Self::Div => a / b,
            Self::Min => least(a, b),
            Self::Max => greatest(a, b),
        }
    }

    const fn operator(self) -> Option<(&'static str, u8)> {
        match self {
            Self::Add => Some(("+", 1)),
            Self::Sub => Some(("-", 1)),
            Self::Mul => Some(("*", 2)),
            Self::Div => Some(("/", 2)),
            Self::Min | Self::Max => None,
        }
    }
}

/// The lesser, as IEEE 754-2019 `minimum`: associative, commutative and idempotent, NaN absorbs.
pub(crate) fn least(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a.total_cmp(&b).is_lt() {
        a
    } else {
        b
    }
}

/// The greater, as IEEE 754-2019 `maximum`.
pub(crate) fn greatest(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a.total_cmp(&b).is_gt() {
        a
    } else {
        b
    }
}

/// An expression over the sample's `value`.
///
/// Arithmetic is that of IEEE 754 double precision, rounded to nearest, in the order that is written: nothing is
/// re-associated. `ln` and `exp` are those of the platform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expr {
    /// `value`.
    Value,
    /// A constant.
    Const(Number),
    /// One argument.
    Unary(Unary, Box<Expr>),
    /// Two arguments.
    Binary(Binary, Box<Expr>, Box<Expr>),
}

impl Expr {
    /// The constant `value`.
    #[must_use]
    pub const fn constant(value: f64) -> Self {
        Self::Const(Number::new(value))
    }

    /// `op(argument)`.
    #[must_use]
    pub fn unary(op: Unary, argument: Self) -> Self {
        Self::Unary(op, Box::new(argument))
    }

    /// `op(left, right)`.
    #[must_use]
    pub fn binary(op: Binary, left: Self, right: Self) -> Self {
        Self::Binary(op, Box::new(left), Box::new(right))
    }

    /// Its value at `value`. O(nodes).
    #[must_use]
    pub fn eval(&self, value: f64) -> f64 {
        match self {
            Self::Value => value,
            Self::Const(c) => c.get(),
            Self::Unary(op, x) => op.apply(x.eval(value)),
            Self::Binary(op, a, b) => op.apply(a.eval(value), b.eval(value)),
        }
    }

    /// This expression with `inner` for every `value`.
    #[must_use]
    pub fn compose(&self, inner: &Self) -> Self {
        match self {
            Self::Value => inner.clone(),
            Self::Const(c) => Self::Const(*c),
            Self::Unary(op, x) => Self::unary(*op, x.compose(inner)),
            Self::Binary(op, a, b) => Self::binary(*op, a.compose(inner), b.compose(inner)),
        }
    }

    /// Whether `value` occurs in it.
    #[must_use]
    pub fn mentions_value(&self) -> bool {
        self.values() > 0
    }

    /// How often `value` occurs in it.
    #[must_use]
    pub fn values(&self) -> usize {
        match self {
            Self::Value => 1,
            Self::Const(_) => 0,
            Self::Unary(_, x) => x.values(),
            Self::Binary(_, a, b) => a.values() + b.values(),
        }
    }

    /// Nodes in it.
    #[must_use]
    pub fn nodes(&self) -> usize {
        match self {
            Self::Value | Self::Const(_) => 1,
            Self::Unary(_, x) => 1 + x.nodes(),
            Self::Binary(_, a, b) => 1 + a.nodes() + b.nodes(),
        }
    }

    /// Nodes on its longest branch.
    #[must_use]
    pub fn depth(&self) -> usize {
        match self {
            Self::Value | Self::Const(_) => 1,
            Self::Unary(_, x) => 1 + x.depth(),
            Self::Binary(_, a, b) => 1 + a.depth().max(b.depth()),
        }
    }

    /// Its constants, appended to `into`.
    pub(crate) fn constants(&self, into: &mut Vec<f64>) {
        match self {
            Self::Value => {}
            Self::Const(c) => into.push(c.get()),
            Self::Unary(_, x) => x.constants(into),
            Self::Binary(_, a, b) => {
                a.constants(into);
                b.constants(into);
            }
        }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, level: u8) -> fmt::Result {
        match self {
            Self::Value => f.write_str("value"),
            Self::Const(c) => write!(f, "{c}"),
            // The parentheses keep `-(3)` apart from the constant `-3`.
            Self::Unary(op, x) => write!(f, "{}({x})", op.word()),
            Self::Binary(op, a, b) => match op.operator() {
                None => write!(f, "{}({a}, {b})", op.word()),
                Some((sign, own)) => {
                    let is_bare = own >= level;
                    if !is_bare {
                        f.write_str("(")?;
                    }
                    a.write(f, own)?;
                    write!(f, " {sign} ")?;
                    b.write(f, own + 1)?;
                    if !is_bare {
                        f.write_str(")")?;
                    }
                    Ok(())
                }
            },
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}
