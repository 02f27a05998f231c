//! What the spec itself gives: examples and scenarios.

use super::super::judge::{Breach, Judged, same};
use super::super::report::{Failure, FailureKind};
use super::super::sequence::Call;
use super::Run;
use crate::Called;
use voidstate_language::CheckedExample;

impl Run<'_> {
    pub(super) fn examples(&mut self) -> Option<Failure> {
        for (index, operation) in self.tool.operations.iter().enumerate() {
            for example in &operation.examples {
                self.stage.reset();
                let call = Call {
                    operation: index,
                    inputs: example.inputs.clone(),
                };
                if let Some(breach) = self.expected(&call, example) {
                    let mut breach = *breach;
                    breach.explanation =
                        format!("example \"{}\": {}", example.label, breach.explanation);
                    return Some(self.failure(&[call], breach, 0));
                }
                if let Some(operation) = self.operations.get_mut(index) {
                    operation.examples += 1;
                }
            }
        }
        None
    }

    pub(super) fn all_scenarios(&mut self) -> Option<Failure> {
        for scenario in &self.tool.scenarios {
            self.stage.reset();
            let mut calls: Vec<Call> = Vec::new();
            for (operation, step) in &scenario.steps {
                let call = Call {
                    operation: *operation,
                    inputs: step.inputs.clone(),
                };
                calls.push(call.clone());
                if let Some(breach) = self.expected(&call, step) {
                    let mut breach = *breach;
                    if breach.kind == FailureKind::Example {
                        breach.label.clone_from(&scenario.label);
                    }
                    breach.explanation = format!(
                        "scenario \"{}\", step {}: {}",
                        scenario.label,
                        calls.len(),
                        breach.explanation
                    );
                    return Some(self.failure(&calls, breach, 0));
                }
            }
            self.scenarios += 1;
        }
        None
    }

    /// Makes a call that must come out as said.
    pub(super) fn expected(
        &mut self,
        call: &Call,
        example: &CheckedExample,
    ) -> Option<Box<Breach>> {
        let operation = self.tool.operations.get(call.operation)?;
        let before = self.stage.state().unwrap_or_default();
        let called = self.stage.call(call);
        self.judged += 1;
        let after = match called {
            Called::Panicked(_) => None,
            _ => self.stage.state(),
        };
        let judged = Judged {
            tool: self.tool,
            operation,
            inputs: &call.inputs,
            before: &before,
            called: &called,
            after: after.as_deref(),
            limit: self.settings.evaluation,
        };
        let wrong =
            |what: String| Some(judged.wrong(FailureKind::Example, &example.label, "", what));
        let outcome =
            |kind: FailureKind, what: String| Some(judged.wrong(kind, &example.label, "", what));
        match (&called, &example.outputs) {
            (Called::Refused(_), None) => return None,
            (Called::Returned(_), None) => {
                return outcome(
                    FailureKind::ShouldRefuse,
                    "it must refuse and succeeded".to_owned(),
                );
            }
            (Called::NoInstance, _) => {
                return wrong(
                    "there is no instance to call it on; make it a step of a scenario".to_owned(),
                );
            }
            (Called::Inexpressible(what), _) => {
                return wrong(format!(
                    "its values have no counterpart in the subject: {what}"
                ));
            }
            (Called::Refused(why), Some(_)) => {
                let what = format!("it must succeed and refused: {why}");
                return outcome(FailureKind::ShouldSucceed, what);
            }
            (Called::Returned(outputs), Some(wanted)) => {
                for (number, value) in wanted {
                    let name = operation.outputs.get(*number).map_or("", |slot| &slot.name);
                    match outputs.get(*number) {
                        Some(given) if same(given, value) => {}
                        Some(given) => {
                            return wrong(format!("{name} must be {value} and is {given}"));
                        }
                        None => return wrong(format!("{name} must be {value} and is missing")),
                    }
                }
            }
            (Called::Panicked(_), _) => {}
        }
        let counts = self
            .operations
            .get_mut(call.operation)
            .map(|o| &mut o.counts)?;
        judged.breach(counts)
    }
}
