//! Checked expressions as source text.

use std::fmt::{self, Display, Formatter};

use super::{Arm, ArmPattern, Local, Node, Place, PlaceKind, Typed};
use crate::ast::{BinaryOp, CompareOp};
use crate::{Type, Value};

/// How strongly a node binds; a part that binds weaker than its place asks for stands in parentheses.
mod strength {
    pub(super) const WEAKEST: u8 = 0;
    pub(super) const EQUIVALENT: u8 = 1;
    pub(super) const IMPLIES: u8 = 2;
    pub(super) const OR: u8 = 3;
    pub(super) const AND: u8 = 4;
    pub(super) const NOT: u8 = 5;
    pub(super) const COMPARE: u8 = 6;
    pub(super) const RANGE: u8 = 7;
    pub(super) const SUM: u8 = 8;
    pub(super) const PRODUCT: u8 = 9;
    pub(super) const NEGATE: u8 = 10;
    pub(super) const POSTFIX: u8 = 11;
}

impl Typed {
    fn strength(&self) -> u8 {
        match self.node() {
            Node::If(..) | Node::Let { .. } | Node::Lambda(_) => strength::WEAKEST,
            Node::Binary(op, ..) => binary(*op),
            Node::Not(_) => strength::NOT,
            Node::Compare { .. } | Node::Approx { .. } => strength::COMPARE,
            Node::Range(..) => strength::RANGE,
            Node::Negate(_) => strength::NEGATE,
            Node::Constant(Value::Int(i) | Value::Duration(i) | Value::Size(i)) if *i < 0 => {
                strength::SUM
            }
            Node::Constant(Value::Real(x)) if x.is_sign_negative() && !x.is_nan() => {
                strength::NEGATE
            }
            _ => strength::POSTFIX,
        }
    }
}

const fn binary(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Equivalent => strength::EQUIVALENT,
        BinaryOp::Implies => strength::IMPLIES,
        BinaryOp::Or => strength::OR,
        BinaryOp::And => strength::AND,
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Concat => strength::SUM,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => strength::PRODUCT,
    }
}

/// A part in a place that asks for so much strength.
struct In<'a>(&'a Typed, u8);

impl Display for In<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.strength() < self.1 {
            write!(f, "({})", self.0)
        } else {
            write!(f, "{}", self.0)
        }
    }
}

/// Parts with commas between.
struct Commas<'a>(&'a [Typed]);

impl Display for Commas<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (i, part) in self.0.iter().enumerate() {
            write!(f, "{}{part}", if i > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.kind {
            PlaceKind::OldInput | PlaceKind::OldState => write!(f, "old({})", self.name),
            _ => f.write_str(&self.name),
        }
    }
}

/// A comparison as it is written.
pub(crate) const fn comparison(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal => "==",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterEqual => ">=",
        CompareOp::In => "in",
    }
}

/// An operator as it is written.
pub(crate) const fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Equivalent => "<=>",
        BinaryOp::Implies => "=>",
        BinaryOp::Or => "or",
        BinaryOp::And => "and",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Concat => "++",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Remainder => "%",
    }
}

impl Display for Typed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.node() {
            Node::Constant(value) => write!(f, "{value}"),
            Node::Place(place) => write!(f, "{place}"),
            Node::Local(local) => f.write_str(&local.name),
            Node::List(parts) => write!(f, "[{}]", Commas(parts)),
            Node::Tuple(parts) => write!(f, "({})", Commas(parts)),
            Node::Some(part) => write!(f, "some({part})"),
            Node::Call(builtin, arguments) => write!(f, "{}({})", builtin.name, Commas(arguments)),
            Node::Define(define, arguments) => write!(f, "{}({})", define.name, Commas(arguments)),
            Node::Map(entries) => map(f, entries),
            Node::Record(of, parts) => {
                write!(f, "{} {{", of.name)?;
                for (i, ((name, _), part)) in of.fields.iter().zip(parts).enumerate() {
                    write!(f, "{} {name}: {part}", if i > 0 { "," } else { "" })?;
                }
                f.write_str(if parts.is_empty() { "}" } else { " }" })
            }
            Node::Variant(of, number, parts) => {
                write!(f, "{}.{}", of.name, variant(&self.type_, *number))?;
                if parts.is_empty() {
                    return Ok(());
                }
                write!(f, "({})", Commas(parts))
            }
            Node::Member(of, number) => member(f, of, *number),
            Node::Index(of, index) => write!(f, "{}[{index}]", In(of, strength::POSTFIX)),
            Node::Slice { of, from, to } => {
                write!(f, "{}[", In(of, strength::POSTFIX))?;
                if let Some(from) = from {
                    write!(f, "{}", In(from, strength::SUM))?;
                }
                f.write_str("..")?;
                if let Some(to) = to {
                    write!(f, "{}", In(to, strength::SUM))?;
                }
                f.write_str("]")
            }
            Node::Range(from, to) => {
                write!(f, "{}..{}", In(from, strength::SUM), In(to, strength::SUM))
            }
            Node::Not(part) => write!(f, "not {}", In(part, strength::NOT)),
            Node::Negate(part) => write!(f, "-{}", In(part, strength::POSTFIX)),
            Node::Binary(op, left, right) => infix(f, *op, left, right),
            Node::Compare { first, rest } => {
                write!(f, "{}", In(first, strength::RANGE))?;
                for (op, part) in rest {
                    write!(f, " {} {}", comparison(*op), In(part, strength::RANGE))?;
                }
                Ok(())
            }
            Node::Approx {
                left,
                right,
                tolerance,
                relative,
            } => {
                let [left, right, tolerance] =
                    [left, right, tolerance].map(|part| In(part, strength::RANGE));
                let relative = if *relative { " relative" } else { "" };
                write!(f, "{left} ~= {right} within {tolerance}{relative}")
            }
            Node::If(condition, then, otherwise) => {
                write!(f, "if {condition} then {then} else {otherwise}")
            }
            Node::Let { local, value, body } => write!(f, "let {} = {value} in {body}", local.name),
            Node::Match { of, arms } => matching(f, of, arms),
            Node::Lambda(lambda) => {
                write!(f, "|{}| {}", names(&lambda.parameters), lambda.body)
            }
        }
    }
}

fn map(f: &mut Formatter<'_>, entries: &[(Typed, Typed)]) -> fmt::Result {
    f.write_str("{")?;
    for (i, (key, value)) in entries.iter().enumerate() {
        write!(f, "{}{key}: {value}", if i > 0 { ", " } else { "" })?;
    }
    f.write_str("}")
}

fn infix(f: &mut Formatter<'_>, op: BinaryOp, left: &Typed, right: &Typed) -> fmt::Result {
    let own = binary(op);
    let (left_needs, right_needs) = match op {
        BinaryOp::Implies => (own + 1, own),
        _ => (own, own + 1),
    };
    let (left, right) = (In(left, left_needs), In(right, right_needs));
    write!(f, "{left} {} {right}", operator(op))
}

fn member(f: &mut Formatter<'_>, of: &Typed, number: usize) -> fmt::Result {
    let outer = In(of, strength::POSTFIX);
    match of.type_() {
        Type::Record(record) => {
            let name = record.fields.get(number).map_or("?", |(name, _)| name);
            write!(f, "{outer}.{name}")
        }
        _ => write!(f, "{outer}.{number}"),
    }
}

fn matching(f: &mut Formatter<'_>, of: &Typed, arms: &[Arm]) -> fmt::Result {
    write!(f, "match {of} {{")?;
    for (i, arm) in arms.iter().enumerate() {
        f.write_str(if i > 0 { ", " } else { " " })?;
        match &arm.pattern {
            ArmPattern::Any => f.write_str("_")?,
            ArmPattern::None => f.write_str("none")?,
            ArmPattern::Some(local) => write!(f, "some({})", local.name)?,
            ArmPattern::Variant(number, locals) => {
                f.write_str(variant(of.type_(), *number))?;
                if !locals.is_empty() {
                    write!(f, "({})", names(locals))?;
                }
            }
        }
        write!(f, " -> {}", arm.body)?;
    }
    f.write_str(" }")
}

fn variant(type_: &Type, number: u32) -> &str {
    let Type::Enum(of) = type_ else { return "?" };
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    of.variants.get(index).map_or("?", |(name, _)| name)
}

fn names(locals: &[Local]) -> String {
    let names: Vec<&str> = locals.iter().map(|local| &*local.name).collect();
    names.join(", ")
}
