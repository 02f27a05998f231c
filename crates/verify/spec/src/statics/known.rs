//! What an expression comes to without anything open.

use voidstate_language::node::{ArmPattern, Node, Typed};
use voidstate_language::{Steps, Value};

use super::condition::{Values, keys};

/// The value of an expression that reads only constants and given values; `None` where it has none.
pub(crate) fn known(expr: &Typed, before: bool, fixed: &Values) -> Option<Value> {
    if let Node::Constant(value) = expr.node() {
        return Some(value.clone());
    }
    let mut closed = true;
    let mut bound: Vec<usize> = Vec::new();
    closed_under(expr, &mut bound, &mut closed);
    if !closed
        || !keys(expr, before)
            .into_iter()
            .all(|k| fixed.get(k).is_some())
    {
        return None;
    }
    let mut steps = Steps::new(200_000);
    expr.eval(&fixed.scope(before), &mut steps).ok()
}

/// Whether everything bound is bound within the expression.
fn closed_under(expr: &Typed, bound: &mut Vec<usize>, closed: &mut bool) {
    let depth = bound.len();
    match expr.node() {
        Node::Local(local) => *closed &= bound.contains(&local.index),
        Node::Let { local, value, body } => {
            closed_under(value, bound, closed);
            bound.push(local.index);
            closed_under(body, bound, closed);
        }
        Node::Lambda(lambda) => {
            bound.extend(lambda.parameters.iter().map(|p| p.index));
            closed_under(&lambda.body, bound, closed);
        }
        Node::Match { of, arms } => {
            closed_under(of, bound, closed);
            for arm in arms {
                let depth = bound.len();
                match &arm.pattern {
                    ArmPattern::Some(local) => bound.push(local.index),
                    ArmPattern::Variant(_, locals) => bound.extend(locals.iter().map(|l| l.index)),
                    _ => {}
                }
                closed_under(&arm.body, bound, closed);
                bound.truncate(depth);
            }
        }
        _ => {
            for child in expr.children() {
                closed_under(child, bound, closed);
            }
        }
    }
    bound.truncate(depth);
}
