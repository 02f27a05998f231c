//! Units that names tell and types do not see.

use voidstate_language::ast::BinaryOp;
use voidstate_language::node::{Node, Typed};
use voidstate_language::{CheckedTool, Slot, Type, Unit, Value};

use super::{Checks, Finding, Rule};

/// A plain number below is no likely count of nanoseconds.
const NANOSECONDS_LIKELY: i64 = 1000;

pub(super) fn check(tool: &CheckedTool, checks: &mut Checks) {
    declared(&tool.state, checks);
    for clause in &tool.invariants {
        expression(&clause.condition, checks);
    }
    for operation in &tool.operations {
        declared(&operation.inputs, checks);
        declared(&operation.outputs, checks);
        let clauses = operation
            .requires
            .iter()
            .chain(&operation.fails)
            .chain(&operation.ensures);
        for clause in clauses {
            expression(&clause.condition, checks);
        }
    }
}

/// The unit that the end of a name tells: `timeout_ms`, `size_bytes`.
fn unit_of(name: &str) -> Option<Unit> {
    let (_, end) = name.rsplit_once('_')?;
    match end {
        "bytes" => Some(Unit::Bytes),
        "nanoseconds" => Some(Unit::Nanoseconds),
        "microseconds" => Some(Unit::Microseconds),
        "milliseconds" => Some(Unit::Milliseconds),
        "seconds" | "secs" | "s" => Some(Unit::Seconds),
        "minutes" | "mins" => Some(Unit::Minutes),
        "hours" => Some(Unit::Hours),
        "days" => Some(Unit::Days),
        // One letter is more often an index than a unit.
        "B" | "h" | "d" => None,
        other => Unit::ALL
            .into_iter()
            .find(|u| u.symbol().eq_ignore_ascii_case(other)),
    }
}

/// Names that contradict the unit of their type.
fn declared(slots: &[Slot], checks: &mut Checks) {
    for slot in slots {
        let (Type::Int(Some(typed)) | Type::Real(Some(typed))) = &slot.type_ else {
            continue;
        };
        if let Some(named) = unit_of(&slot.name)
            && named != *typed
        {
            checks.findings.push(Finding::new(
                Rule::Units,
                slot.span,
                format!(
                    "`{}` ends in {} and is counted in {}",
                    slot.name,
                    named.symbol(),
                    typed.symbol()
                ),
                "rename it, or change its type",
            ));
        }
    }
}

fn expression(expr: &Typed, checks: &mut Checks) {
    expr.walk(&mut |part| match part.node() {
        Node::Compare { first, rest } => {
            let mut left = first;
            for (_, right) in rest {
                pair(left, right, checks);
                left = right;
            }
        }
        Node::Approx { left, right, .. } => pair(left, right, checks),
        Node::Binary(BinaryOp::Add | BinaryOp::Subtract, left, right) => pair(left, right, checks),
        _ => {}
    });
}

/// The unit that an expression without a typed unit counts in, by the names in it, with the name.
fn told(expr: &Typed) -> Option<(Unit, String)> {
    if !matches!(expr.type_(), Type::Int(None) | Type::Real(None)) {
        return None;
    }
    match expr.node() {
        Node::Place(place) => Some((unit_of(&place.name)?, place.name.to_string())),
        Node::Local(local) => Some((unit_of(&local.name)?, local.name.to_string())),
        Node::Member(of, number) => {
            let Type::Record(record) = of.type_() else {
                return None;
            };
            let (name, _) = record.fields.get(*number)?;
            Some((unit_of(name)?, name.clone()))
        }
        Node::Negate(inner) => told(inner),
        Node::Binary(BinaryOp::Add | BinaryOp::Subtract, a, b) => told(a).or_else(|| told(b)),
        Node::Call(builtin, arguments) => match builtin.name {
            "abs" | "min" | "max" | "sum" | "real" | "round" | "floor" | "ceil" | "int"
            | "clamp" => told(arguments.first()?),
            _ => None,
        },
        _ => None,
    }
}

fn pair(left: &Typed, right: &Typed, checks: &mut Checks) {
    let (a, b) = (told(left), told(right));
    if let (Some((a, name_a)), Some((b, name_b))) = (&a, &b) {
        if a != b {
            checks.findings.push(Finding::new(
                Rule::Units,
                left.span().to(right.span()),
                format!(
                    "`{name_a}` counts {} and `{name_b}` counts {}",
                    a.symbol(),
                    b.symbol()
                ),
                "convert one of them, or give both a unit in their types, as in `int<ns>`",
            ));
        }
        return;
    }
    for (unit, other) in [(&a, right), (&b, left)] {
        let Some((Unit::Nanoseconds, name)) = unit else {
            continue;
        };
        let Node::Constant(Value::Int(i)) = other.node() else {
            continue;
        };
        if (2..NANOSECONDS_LIKELY).contains(i) {
            checks.findings.push(Finding::new(
                Rule::Units,
                other.span(),
                format!("`{name}` counts nanoseconds, and {i} of them are next to none"),
                "write the number in nanoseconds, or give the name's type a unit",
            ));
        }
    }
}
