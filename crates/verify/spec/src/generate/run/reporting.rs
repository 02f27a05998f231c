//! What is told of a run.

use super::super::judge::{Breach, Count, Counts};
use super::super::paste;
use super::super::report::{ClauseReport, Failure, OperationReport, Report, Share};
use super::super::sequence::Call;
use super::Run;

impl Run<'_> {
    pub(super) fn failure(&self, calls: &[Call], breach: Breach, tried: usize) -> Failure {
        let operation = calls
            .last()
            .and_then(|call| self.tool.operations.get(call.operation))
            .map(|operation| operation.name.clone());
        Failure {
            operation: operation.unwrap_or_default(),
            kind: breach.kind,
            label: breach.label.clone(),
            explanation: breach.explanation.trim_end().to_owned(),
            calls: calls
                .iter()
                .map(|call| paste::call(self.tool, call))
                .collect(),
            outcome: breach.outcome.clone(),
            shrinking: tried,
            rust_test: paste::rust_test(self.tool, calls, &breach),
            spec_example: paste::spec_example(self.tool, calls, &breach),
        }
    }

    pub(super) fn report(self, failure: Option<Failure>) -> Report {
        let mut invariants: Vec<Count> = vec![Count::default(); self.tool.invariants.len()];
        for operation in &self.operations {
            for (sum, count) in invariants.iter_mut().zip(&operation.counts.invariants) {
                sum.checked += count.checked;
                sum.exercised += count.exercised;
                sum.too_costly += count.too_costly;
            }
        }
        let invariants = self
            .tool
            .invariants
            .iter()
            .zip(invariants)
            .map(|(clause, count)| clause_report("invariant", &clause.label, count))
            .collect();
        let operations = self
            .tool
            .operations
            .iter()
            .zip(&self.operations)
            .map(|(checked, operation)| {
                let (reached, of) = operation.boundaries();
                let (paired, pairs) = operation.paired();
                let drawn = operation.rejected + operation.cases;
                OperationReport {
                    name: checked.name.clone(),
                    cases: operation.cases,
                    refused: operation.refused,
                    rejected: operation.rejected,
                    rejection: if drawn == 0 {
                        0.0
                    } else {
                        operation.rejected as f64 / drawn as f64
                    },
                    unreachable: operation.unreachable,
                    inexpressible: operation.inexpressible,
                    clauses: clauses(checked, &operation.counts),
                    boundaries: Share { reached, of },
                    pairs: Share {
                        reached: paired,
                        of: pairs,
                    },
                    examples: Share {
                        reached: operation.examples,
                        of: checked.examples.len(),
                    },
                }
            })
            .collect();
        Report {
            tool: self.tool.name.clone(),
            seed: self.settings.seed,
            cases: self.judged,
            operations,
            invariants,
            scenarios: Share {
                reached: self.scenarios,
                of: self.tool.scenarios.len(),
            },
            sequences: self.sequences,
            failure,
        }
    }
}

pub(super) fn clauses(
    operation: &voidstate_language::CheckedOperation,
    counts: &Counts,
) -> Vec<ClauseReport> {
    let kinds = [
        ("requires", &operation.requires, &counts.requires),
        ("fails", &operation.fails, &counts.fails),
        ("ensures", &operation.ensures, &counts.ensures),
    ];
    let mut all = Vec::new();
    for (kind, clauses, counts) in kinds {
        for (clause, count) in clauses.iter().zip(counts) {
            all.push(clause_report(kind, &clause.label, *count));
        }
    }
    all
}

pub(super) fn clause_report(kind: &str, label: &str, count: Count) -> ClauseReport {
    ClauseReport {
        kind: kind.to_owned(),
        label: label.to_owned(),
        checked: count.checked,
        exercised: count.exercised,
        too_costly: count.too_costly,
    }
}
