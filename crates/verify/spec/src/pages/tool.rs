//! The section of one tool.

use maud::{Markup, html};
use voidstate_language::ast::{BudgetKind, ClauseKind};
use voidstate_language::{
    CheckedBudget, CheckedClause, CheckedComplexity, CheckedExample, CheckedOperation, CheckedTool,
    Slot,
};

use crate::complexity::bound_text;
use crate::generate::{ClauseReport, OperationReport, Report};

/// How many conditions the tool has.
pub(super) fn clauses(tool: &CheckedTool) -> usize {
    let of = |o: &CheckedOperation| o.requires.len() + o.fails.len() + o.ensures.len();
    tool.invariants.len() + tool.operations.iter().map(of).sum::<usize>()
}

/// Rejected inputs as a share of all that were generated.
pub(super) fn rejection(report: &Report) -> String {
    let worst = report
        .operations
        .iter()
        .map(|o| o.rejection)
        .fold(0.0, f64::max);
    format!("{:.1} %", 100.0 * worst)
}

pub(super) fn section(tool: &CheckedTool, report: Option<&Report>) -> Markup {
    let several = tool.operations.len() > 1 || tool.operations.iter().any(|o| o.name != tool.name);
    html! {
        section {
            h2 id=(tool.name) { "tool " code { (tool.name) } }
            @if let Some(doc) = &tool.doc { p.doc { (doc) } }
            @if let Some(failure) = report.and_then(|r| r.failure.as_ref()) {
                div.failure {
                    p { strong { "Failed: " } code { (failure.operation) } " – " (failure.label) }
                    p { (failure.explanation) }
                    pre { @for call in &failure.calls { (call) "\n" } "=> " (failure.outcome) }
                    pre { (failure.rust_test) }
                }
            }
            (slots("state", &tool.state))
            @if !tool.invariants.is_empty() {
                (conditions(&tool.invariants, report.map(|r| r.invariants.as_slice())))
            }
            @if let Some(effects) = &tool.effects {
                p { "Effects: " @if effects.is_empty() { "none" } @else { code { (effects.join(", ")) } } "." }
            }
            @for permission in &tool.permissions {
                p { "Needs to be allowed: " code { (permission.action.text) " " (permission.resource) } }
            }
            (budgets(&tool.budgets))
            @for operation in &tool.operations {
                @if several { h3 id=(format!("{}.{}", tool.name, operation.name)) { "operation " code { (operation.name) } } }
                (described(operation, report.and_then(|r| r.operations.iter().find(|o| o.name == operation.name))))
            }
            @if !tool.scenarios.is_empty() {
                h3 { "Scenarios" }
                @for scenario in &tool.scenarios {
                    p { (scenario.label) ":" }
                    pre { @for (number, step) in &scenario.steps {
                        @if let Some(operation) = tool.operations.get(*number) { (call(operation, step)) "\n" }
                    } }
                }
            }
            @if let Some(r) = report {
                p.doc { (r.cases) " calls judged, " (r.sequences) " sequences, scenarios " (r.scenarios) ", seed " (r.seed) "." }
            }
        }
    }
}

fn described(operation: &CheckedOperation, report: Option<&OperationReport>) -> Markup {
    let all: Vec<CheckedClause> = [&operation.requires, &operation.fails, &operation.ensures]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    html! {
        @if let Some(doc) = &operation.doc { p.doc { (doc) } }
        (slots("input", &operation.inputs))
        (slots("output", &operation.outputs))
        @if !all.is_empty() { (conditions(&all, report.map(|r| r.clauses.as_slice()))) }
        @for claim in &operation.complexity { (complexity(claim)) }
        (budgets(&operation.budgets))
        @if !operation.examples.is_empty() {
            pre { @for example in &operation.examples { (call(operation, example)) "\n" } }
        }
        @if let Some(r) = report {
            p.doc {
                (r.cases) " generated calls, " (r.rejected) " rejected, boundary classes " (r.boundaries)
                ", pairs " (r.pairs) ", examples " (r.examples) "."
            }
        }
    }
}

fn slots(what: &str, slots: &[Slot]) -> Markup {
    html! {
        @if !slots.is_empty() {
            table { thead { tr { th { (what) } th { "type" } } } tbody {
                @for slot in slots { tr { td { code { (slot.name) } } td { code { (slot.type_) } } } }
            } }
        }
    }
}

fn conditions(clauses: &[CheckedClause], reports: Option<&[ClauseReport]>) -> Markup {
    html! {
        table {
            thead { tr { th { "who" } th { "what" } th { "condition" } th.n { "seen at work" } } }
            tbody { @for clause in clauses {
                @let report = reports.and_then(|all| all.iter().find(|r| {
                    r.label == clause.label && r.kind == kind(clause.kind)
                }));
                tr {
                    td { (kind(clause.kind)) }
                    td { (clause.label) }
                    td { code { (clause.text) } }
                    td.n { @match report {
                        Some(r) if r.exercised == 0 => { span.never { "never" } }
                        Some(r) => { (r.exercised) }
                        None => { "–" }
                    } }
                }
            } }
        }
    }
}

const fn kind(kind: ClauseKind) -> &'static str {
    match kind {
        ClauseKind::Requires => "requires",
        ClauseKind::Fails => "fails",
        ClauseKind::Ensures => "ensures",
        ClauseKind::Invariant => "invariant",
    }
}

fn complexity(claim: &CheckedComplexity) -> Markup {
    html! {
        p {
            "Cost of " code { (claim.operation) } " grows as " code { "O(" (bound_text(&claim.bound)) ")" }
            @for (at, (name, of)) in claim.variables.iter().enumerate() {
                @if at == 0 { " where " } @else { ", " }
                code { (name) " = " (of) }
            }
            "."
        }
    }
}

fn budgets(budgets: &[CheckedBudget]) -> Markup {
    html! {
        @for budget in budgets {
            p {
                @match budget.kind {
                    BudgetKind::Time => { "At most " (budget.limit) " ns of CPU a call" }
                    BudgetKind::Memory => { "At most " (budget.limit) " bytes" }
                }
                @if let Some(when) = &budget.when { " when " code { (when) } }
                "."
            }
        }
    }
}

/// A call and what comes of it, as the spec writes it.
fn call(operation: &CheckedOperation, example: &CheckedExample) -> String {
    let inputs: Vec<String> = operation
        .inputs
        .iter()
        .zip(&example.inputs)
        .map(|(slot, value)| format!("{}: {value}", slot.name))
        .collect();
    let outcome = match &example.outputs {
        None => " => fails".to_owned(),
        Some(outputs) if outputs.is_empty() => String::new(),
        Some(outputs) => {
            let words: Vec<String> = outputs
                .iter()
                .filter_map(|(at, value)| {
                    operation
                        .outputs
                        .get(*at)
                        .map(|slot| format!("{}: {value}", slot.name))
                })
                .collect();
            format!(" => ({})", words.join(", "))
        }
    };
    format!("{}({}){outcome}", operation.name, inputs.join(", "))
}
