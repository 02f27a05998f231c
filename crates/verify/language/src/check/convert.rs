//! What an expression could still become, and how one type becomes another.

use crate::ast::{Expr, ExprKind, UnaryOp};
use crate::node::{MAX_DEPTH, Typed};
use crate::{Dimension, Type};

/// Whether the type of the expression hangs on what is asked for: bare literals, `[]`, `none` and what is made of them.
pub(crate) fn flexible(expr: &Expr) -> bool {
    adapts(expr, MAX_DEPTH)
}

/// A tree deeper than `room` is refused elsewhere; here it only must not exhaust the stack.
fn adapts(expr: &Expr, room: usize) -> bool {
    let Some(room) = room.checked_sub(1) else {
        return false;
    };
    let flexible = |part: &Expr| adapts(part, room);
    match &*expr.kind {
        ExprKind::Literal(literal) => super::literals::adapts(literal),
        ExprKind::None => true,
        ExprKind::Unary(UnaryOp::Negate, inner) | ExprKind::Some(inner) => flexible(inner),
        ExprKind::List(items) | ExprKind::Tuple(items) => items.iter().all(flexible),
        ExprKind::Map(entries) => entries.iter().all(|(k, v)| flexible(k) && flexible(v)),
        ExprKind::Binary(op, left, right) => {
            super::operators::is_arithmetic(*op) && flexible(left) && flexible(right)
        }
        ExprKind::If(_, then, otherwise) => flexible(then) && flexible(otherwise),
        ExprKind::Let { body, .. } => flexible(body),
        ExprKind::Call {
            function,
            arguments,
        } if function.text == "fold" => arguments.get(1).is_some_and(flexible),
        _ => false,
    }
}

/// How a value of one type becomes one of another, where there is a way.
pub(crate) fn conversion(typed: &Typed, wanted: &Type) -> Option<String> {
    let text = typed.to_string();
    let text = if text.chars().count() > 40 {
        "…".to_owned()
    } else {
        text
    };
    let advice = match (typed.type_(), wanted) {
        (Type::Int(a), Type::Real(b)) if a == b => format!("write `real({text})`"),
        (Type::Real(a), Type::Int(b)) if a == b => {
            format!("write `round({text})`, `floor({text})` or `int({text})`")
        }
        (Type::Int(Some(a)), Type::Int(Some(b))) | (Type::Real(Some(a)), Type::Real(Some(b))) => {
            let change = if a.dimension() == b.dimension() {
                format!(
                    "; compare as durations or sizes with `to_duration` and `to_size`, or scale it from {} to {}",
                    a.symbol(),
                    b.symbol()
                )
            } else {
                String::new()
            };
            format!("unit mismatch: {} and {}{change}", a.symbol(), b.symbol())
        }
        (Type::Int(Some(_)), Type::Int(None)) | (Type::Real(Some(_)), Type::Real(None)) => {
            format!("write `plain({text})` to drop the unit")
        }
        (Type::Int(Some(unit)) | Type::Real(Some(unit)), Type::Duration)
            if unit.dimension() == Dimension::Time =>
        {
            format!("write `to_duration({text})`")
        }
        (Type::Int(Some(unit)) | Type::Real(Some(unit)), Type::Size)
            if unit.dimension() == Dimension::Size =>
        {
            format!("write `to_size({text})`")
        }
        (Type::Duration, Type::Int(_)) => format!("write `nanoseconds({text})`"),
        (Type::Size, Type::Int(_)) => format!("write `byte_count({text})`"),
        (_, Type::Duration) => "a duration has a unit, for example `5 ms`".to_owned(),
        (_, Type::Size) => "a size has a unit, for example `5 KiB`".to_owned(),
        (inner, Type::Option(of)) if *inner == **of => format!("write `some({text})`"),
        (Type::Option(of), wanted) if **of == *wanted => {
            format!("write `default({text}, …)`, or use `match`")
        }
        (Type::Text, Type::Bytes) => format!("write `utf8({text})`"),
        (_, Type::Text) => format!("write `to_text({text})`"),
        (Type::List(_), Type::Bool) => {
            format!("write `len({text}) > 0`, or ask every element with `all`")
        }
        (Type::Int(_), Type::Bool) => format!("write `{text} != 0`"),
        _ => return None,
    };
    Some(advice)
}

/// `1 value`, `2 values`
pub(crate) fn count(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}

pub(crate) fn were(n: usize) -> String {
    if n == 1 {
        "1 is".to_owned()
    } else {
        format!("{n} are")
    }
}
