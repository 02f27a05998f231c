//! Operators as they are written, and how strongly they bind.

use crate::ast::{BinaryOp, CompareOp};

/// How strongly an operator binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Level(pub(crate) u8);

impl Level {
    pub(crate) const WEAKEST: Self = Self(0);
    pub(crate) const EQUIVALENT: Self = Self(1);
    pub(crate) const IMPLIES: Self = Self(2);
    pub(crate) const OR: Self = Self(3);
    pub(crate) const AND: Self = Self(4);
    pub(crate) const NOT: Self = Self(5);
    pub(crate) const COMPARE: Self = Self(6);
    pub(crate) const RANGE: Self = Self(7);
    pub(crate) const SUM: Self = Self(8);
    pub(crate) const PRODUCT: Self = Self(9);
    pub(crate) const NEGATE: Self = Self(10);
    pub(crate) const POSTFIX: Self = Self(11);

    /// The next stronger one.
    pub(crate) const fn stronger(self) -> Self {
        Self(self.0 + 1)
    }
}

impl BinaryOp {
    pub(crate) const fn level(self) -> Level {
        match self {
            Self::Equivalent => Level::EQUIVALENT,
            Self::Implies => Level::IMPLIES,
            Self::Or => Level::OR,
            Self::And => Level::AND,
            Self::Add | Self::Subtract | Self::Concat => Level::SUM,
            Self::Multiply | Self::Divide | Self::Remainder => Level::PRODUCT,
        }
    }

    /// As it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equivalent => "<=>",
            Self::Implies => "=>",
            Self::Or => "or",
            Self::And => "and",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Concat => "++",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

impl CompareOp {
    /// As it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
        }
    }
}
