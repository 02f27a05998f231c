//! Predicates over one value.

use std::fmt;

use super::Expr;

/// How two numbers are compared: as IEEE 754 says, so that only `!=` holds of NaN, and `-0.0 == 0.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    Greater,
    /// `>=`.
    AtLeast,
    /// `==`.
    Equal,
    /// `!=`.
    Unequal,
}

impl Comparison {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 6] = [
        Self::Less,
        Self::AtMost,
        Self::Greater,
        Self::AtLeast,
        Self::Equal,
        Self::Unequal,
    ];

    /// Its sign.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Equal => "==",
            Self::Unequal => "!=",
        }
    }

    /// Whether it holds of `a` and `b`.
    #[must_use]
    #[expect(clippy::float_cmp, reason = "the comparison of the language is exact")]
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::Greater => a > b,
            Self::AtLeast => a >= b,
            Self::Equal => a == b,
            Self::Unequal => a != b,
        }
    }

    /// The comparison that holds of `b` and `a` when this one holds of `a` and `b`.
    #[must_use]
    pub const fn flipped(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
            Self::Equal | Self::Unequal => self,
        }
    }
}

/// A predicate over the sample's `value`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pred {
    /// `true` or `false`.
    Always(bool),
    /// `left OP right`.
    Compare(Comparison, Expr, Expr),
    /// `finite(x)`: neither NaN nor infinite.
    Finite(Expr),
    /// `not p`.
    Not(Box<Pred>),
    /// `p and q`.
    And(Box<Pred>, Box<Pred>),
    /// `p or q`.
    Or(Box<Pred>, Box<Pred>),
}

impl Pred {
    /// `value OP bound`.
    #[must_use]
    pub const fn value(op: Comparison, bound: f64) -> Self {
        Self::Compare(op, Expr::Value, Expr::constant(bound))
    }

    /// Whether it holds of `value`. O(nodes).
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        match self {
            Self::Always(known) => *known,
            Self::Compare(op, a, b) => op.holds(a.eval(value), b.eval(value)),
            Self::Finite(x) => x.eval(value).is_finite(),
            Self::Not(p) => !p.holds(value),
            Self::And(p, q) => p.holds(value) && q.holds(value),
            Self::Or(p, q) => p.holds(value) || q.holds(value),
        }
    }

    /// This predicate with `inner` for every `value`.
    #[must_use]
    pub fn compose(&self, inner: &Expr) -> Self {
        match self {
            Self::Always(known) => Self::Always(*known),
            Self::Compare(op, a, b) => Self::Compare(*op, a.compose(inner), b.compose(inner)),
            Self::Finite(x) => Self::Finite(x.compose(inner)),
            Self::Not(p) => Self::Not(Box::new(p.compose(inner))),
            Self::And(p, q) => Self::And(Box::new(p.compose(inner)), Box::new(q.compose(inner))),
            Self::Or(p, q) => Self::Or(Box::new(p.compose(inner)), Box::new(q.compose(inner))),
        }
    }

    /// How often `value` occurs in it.
    #[must_use]
    pub fn values(&self) -> usize {
        match self {
            Self::Always(_) => 0,
            Self::Compare(_, a, b) => a.values() + b.values(),
            Self::Finite(x) => x.values(),
            Self::Not(p) => p.values(),
            Self::And(p, q) | Self::Or(p, q) => p.values() + q.values(),
        }
    }

    /// Nodes in it.
    #[must_use]
    pub fn nodes(&self) -> usize {
        match self {
            Self::Always(_) => 1,
            Self::Compare(_, a, b) => 1 + a.nodes() + b.nodes(),
            Self::Finite(x) => 1 + x.nodes(),
            Self::Not(p) => 1 + p.nodes(),
            Self::And(p, q) | Self::Or(p, q) => 1 + p.nodes() + q.nodes(),
        }
    }

    /// Nodes on its longest branch.
    #[must_use]
    pub fn depth(&self) -> usize {
        match self {
            Self::Always(_) => 1,
            Self::Compare(_, a, b) => 1 + a.depth().max(b.depth()),
            Self::Finite(x) => 1 + x.depth(),
            Self::Not(p) => 1 + p.depth(),
            Self::And(p, q) | Self::Or(p, q) => 1 + p.depth().max(q.depth()),
        }
    }

    /// Its constants, appended to `into`.
    pub(crate) fn constants(&self, into: &mut Vec<f64>) {
        match self {
            Self::Always(_) => {}
            Self::Compare(_, a, b) => {
                a.constants(into);
                b.constants(into);
            }
            Self::Finite(x) => x.constants(into),
            Self::Not(p) => p.constants(into),
            Self::And(p, q) | Self::Or(p, q) => {
                p.constants(into);
                q.constants(into);
            }
        }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, level: u8) -> fmt::Result {
        let (own, word, p, q) = match self {
            Self::Always(known) => return write!(f, "{known}"),
            Self::Compare(op, a, b) => return write!(f, "{a} {} {b}", op.sign()),
            Self::Finite(x) => return write!(f, "finite({x})"),
            Self::Not(p) => {
                f.write_str("not ")?;
                return p.write(f, 3);
            }
            Self::And(p, q) => (2, "and", p, q),
            Self::Or(p, q) => (1, "or", p, q),
        };
        if own < level {
            f.write_str("(")?;
        }
        p.write(f, own)?;
        write!(f, " {word} ")?;
        q.write(f, own + 1)?;
        if own < level {
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl fmt::Display for Pred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}
