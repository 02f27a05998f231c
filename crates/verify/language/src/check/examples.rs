//! Examples and scenarios: constants for every input, and what must come.

use super::Checker;
use crate::ast::{Expr, Name, Outcome, Scenario};
use crate::checked::{CheckedExample, CheckedScenario, CheckedTool, Slot};
use crate::{Diagnostic, Span, Value};

/// Inputs of a call, and what must come; anything when missing.
type Call<'a> = (&'a [(Name, Expr)], Option<&'a Outcome>);

impl Checker {
    pub(super) fn example(
        &mut self,
        label: String,
        (inputs, outcome): Call<'_>,
        (wanted, known): (&[Slot], &[Slot]),
        span: Span,
    ) -> Option<CheckedExample> {
        let given = self.constants(inputs, wanted, "input", "an example");
        let outputs = match outcome {
            None => Some(Some(Vec::new())),
            Some(Outcome::Fails) => Some(None),
            Some(Outcome::Gives(outputs)) => self
                .constants(outputs, known, "output", "an example")
                .map(Some),
        };
        let mut values: Vec<Option<Value>> = vec![None; wanted.len()];
        for (number, value) in given? {
            *values.get_mut(number)? = Some(value);
        }
        let missing = wanted
            .iter()
            .zip(&values)
            .filter(|(_, value)| value.is_none());
        let missing: Vec<String> = missing
            .map(|(slot, _)| format!("`{}`", slot.name))
            .collect();
        if !missing.is_empty() {
            let message = format!("the example lacks {}", missing.join(", "));
            let advice = "give every input a constant";
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        Some(CheckedExample {
            label,
            inputs: values.into_iter().flatten().collect(),
            outputs: outputs?,
            span,
        })
    }

    /// Constants by the number of what they are given for.
    fn constants(
        &mut self,
        given: &[(Name, Expr)],
        slots: &[Slot],
        what: &str,
        place: &'static str,
    ) -> Option<Vec<(usize, Value)>> {
        let mut values = Vec::new();
        let mut sound = true;
        for (i, (name, value)) in given.iter().enumerate() {
            let earlier = given.iter().take(i).map(|(n, _)| (&*n.text, n.span));
            sound &= self.distinct(name, what, earlier);
            let number = slots.iter().position(|slot| slot.name == name.text);
            let found = number.and_then(|n| Some((n, slots.get(n)?)));
            let Some((number, slot)) = found else {
                self.missing::<()>(name, what, slots);
                sound = false;
                continue;
            };
            match self.constant(value, &slot.type_, place) {
                Some(value) => values.push((number, value)),
                None => sound = false,
            }
        }
        sound.then_some(values)
    }

    pub(super) fn scenario(
        &mut self,
        scenario: &Scenario,
        tool: &CheckedTool,
    ) -> Option<CheckedScenario> {
        let mut steps = Vec::new();
        let mut sound = true;
        for (i, step) in scenario.steps.iter().enumerate() {
            let name = &step.operation;
            let number = tool.operations.iter().position(|o| o.name == name.text);
            let found = number.and_then(|n| Some((n, tool.operations.get(n)?)));
            let Some((number, operation)) = found else {
                let known: Vec<String> = tool.operations.iter().map(|o| o.name.clone()).collect();
                self.no_such::<()>(name, "operation", &known);
                sound = false;
                continue;
            };
            let label = format!("step {}: {}", i + 1, name.text);
            let call = (&*step.inputs, step.outcome.as_ref());
            let slots = (&*operation.inputs, &*operation.outputs);
            match self.example(label, call, slots, name.span) {
                Some(example) => steps.push((number, example)),
                None => sound = false,
            }
        }
        sound.then(|| CheckedScenario {
            label: scenario.label.clone(),
            steps,
        })
    }
}
