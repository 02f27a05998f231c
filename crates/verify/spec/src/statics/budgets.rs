//! Budgets that contradict each other or never apply.

use voidstate_language::ast::CompareOp;
use voidstate_language::node::{Node, Typed};
use voidstate_language::{CheckedBudget, CheckedTool, Value};

use super::clauses::types;
use super::condition::{Condition, Values};
use super::solve::ask;
use super::{Checks, Finding, Rule, Settings};

pub(super) fn check(tool: &CheckedTool, settings: &Settings, checks: &mut Checks) {
    for operation in &tool.operations {
        pairs(&operation.budgets, checks);
        let known = types(tool, Some(operation));
        for budget in &operation.budgets {
            let Some(when) = &budget.when else { continue };
            let mut asked: Vec<Condition<'_>> =
                operation.requires.iter().map(Condition::before).collect();
            let possible = ask(
                "",
                &asked,
                &known,
                &Values::default(),
                settings,
                &mut Checks::default(),
            );
            // Contradictory preconditions are told on their own.
            if possible.core().is_some() {
                continue;
            }
            asked.push(Condition {
                before: true,
                ..Condition::of(when, "when")
            });
            let question = format!("{}: does the budget ever apply?", operation.name);
            let answer = ask(
                &question,
                &asked,
                &known,
                &Values::default(),
                settings,
                checks,
            );
            if answer.core().is_some() {
                checks.findings.push(Finding::new(
                    Rule::Budgets,
                    budget.span,
                    format!("the budget never applies: no allowed input has `{when}`"),
                    "correct its condition",
                ));
            }
        }
    }
    pairs(&tool.budgets, checks);
}

/// Two budgets of the same kind of which the one for larger inputs is smaller.
fn pairs(budgets: &[CheckedBudget], checks: &mut Checks) {
    for (i, a) in budgets.iter().enumerate() {
        for b in budgets.iter().skip(i + 1).filter(|b| b.kind == a.kind) {
            let wider = match (reach(a), reach(b)) {
                (Some((x, m)), Some((y, n))) if x == y => m.total_cmp(&n),
                (Some(_), None) if b.when.is_none() => std::cmp::Ordering::Less,
                (None, Some(_)) if a.when.is_none() => std::cmp::Ordering::Greater,
                (None, None) if a.when.is_none() && b.when.is_none() => std::cmp::Ordering::Equal,
                _ => continue,
            };
            let (message, advice) = match wider {
                std::cmp::Ordering::Equal => (
                    "two budgets of one kind for the same inputs".to_owned(),
                    "keep the smaller one",
                ),
                // The wider one holds for the smaller inputs too.
                std::cmp::Ordering::Less if b.limit <= a.limit => pair(b, a),
                std::cmp::Ordering::Greater if a.limit <= b.limit => pair(a, b),
                _ => continue,
            };
            let mut finding = Finding::new(Rule::Budgets, b.span, message, advice);
            finding.related.push((a.span, "the other".to_owned()));
            checks.findings.push(finding);
        }
    }
}

fn pair(wide: &CheckedBudget, narrow: &CheckedBudget) -> (String, &'static str) {
    let message = format!(
        "the budget of {} for larger inputs leaves nothing to the one of {} for smaller ones",
        wide.limit, narrow.limit
    );
    (message, "give larger inputs the larger budget")
}

/// `len(xs) <= 1000` as what is bounded and the bound.
fn reach(budget: &CheckedBudget) -> Option<(String, f64)> {
    let Node::Compare { first, rest } = budget.when.as_ref()?.node() else {
        return None;
    };
    let [(op, second)] = rest.as_slice() else {
        return None;
    };
    let constant = |e: &Typed| match e.node() {
        Node::Constant(Value::Int(i) | Value::Duration(i) | Value::Size(i)) => Some(*i as f64),
        Node::Constant(Value::Real(x)) => Some(*x),
        _ => None,
    };
    match op {
        CompareOp::Less | CompareOp::LessEqual => Some((first.to_string(), constant(second)?)),
        CompareOp::Greater | CompareOp::GreaterEqual => {
            Some((second.to_string(), constant(first)?))
        }
        _ => None,
    }
}
