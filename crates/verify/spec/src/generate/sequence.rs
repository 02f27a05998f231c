//! Calls in order on one instance, and playing them again.

use voidstate_language::{CheckedTool, Scope, Steps, Value};

use super::judge::{Breach, Counts, Judged};
use super::shrink;
use super::watch::Watch;
use crate::{Called, Subject};

/// One call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    pub(crate) operation: usize,
    pub(crate) inputs: Vec<Value>,
}

/// What came of one call.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// As it should.
    Kept {
        refused: bool,
    },
    Broken(Box<Breach>),
    /// The operation needs an instance and there is none.
    NoInstance,
    Inexpressible,
}

/// A subject under a tool's spec.
pub(crate) struct Stage<'a> {
    pub(crate) tool: &'a CheckedTool,
    pub(crate) subject: &'a mut dyn Subject,
    pub(crate) watch: Watch,
    pub(crate) limit: u64,
}

impl Stage<'_> {
    pub(crate) fn reset(&mut self) {
        self.subject.reset();
    }

    pub(crate) fn state(&self) -> Option<Vec<Value>> {
        if self.tool.state.is_empty() {
            None
        } else {
            self.subject.state()
        }
    }

    /// Whether every `requires` holds of the call in that state.
    pub(crate) fn allows(&self, call: &Call, state: &[Value], counts: Option<&mut Counts>) -> bool {
        let Some(operation) = self.tool.operations.get(call.operation) else {
            return false;
        };
        let scope = Scope {
            inputs: &call.inputs,
            state,
            old_inputs: &call.inputs,
            old_state: state,
            outputs: &[],
        };
        let allowed = operation
            .requires
            .iter()
            .all(|c| matches!(c.holds(&scope, &mut Steps::new(self.limit)), Ok(true)));
        if allowed && let Some(counts) = counts {
            for (clause, count) in operation.requires.iter().zip(&mut counts.requires) {
                count.checked += 1;
                let mut steps = Steps::new(self.limit);
                let said = super::judge::exercised(&clause.condition, &scope, &mut steps);
                count.exercised += usize::from(said);
            }
        }
        allowed
    }

    /// Whether some `fails` holds of the call in that state.
    pub(crate) fn must_refuse(&self, call: &Call, state: &[Value]) -> bool {
        let scope = Scope {
            inputs: &call.inputs,
            state,
            old_inputs: &call.inputs,
            old_state: state,
            outputs: &[],
        };
        self.tool
            .operations
            .get(call.operation)
            .is_some_and(|operation| {
                operation
                    .fails
                    .iter()
                    .any(|c| matches!(c.holds(&scope, &mut Steps::new(self.limit)), Ok(true)))
            })
    }

    /// Makes the call and judges it.
    pub(crate) fn play(&mut self, call: &Call, before: &[Value], counts: &mut Counts) -> Outcome {
        let Some(operation) = self.tool.operations.get(call.operation) else {
            return Outcome::NoInstance;
        };
        let called = self.call(call);
        let refused = match &called {
            Called::NoInstance => return Outcome::NoInstance,
            Called::Inexpressible(_) => return Outcome::Inexpressible,
            Called::Refused(_) => true,
            Called::Returned(_) | Called::Panicked(_) => false,
        };
        let after = match called {
            Called::Panicked(_) => None,
            _ => self.state(),
        };
        let judged = Judged {
            tool: self.tool,
            operation,
            inputs: &call.inputs,
            before,
            called: &called,
            after: after.as_deref(),
            limit: self.limit,
        };
        match judged.breach(counts) {
            Some(breach) => Outcome::Broken(breach),
            None => Outcome::Kept { refused },
        }
    }

    pub(crate) fn call(&mut self, call: &Call) -> Called {
        let name = self
            .tool
            .operations
            .get(call.operation)
            .map_or("", |operation| &operation.name);
        let _running = self.watch.begin(name, &call.inputs);
        self.subject.call(call.operation, &call.inputs)
    }

    /// Plays the calls from the beginning; the first that fails, with its number. `None` when none does, or when they
    /// cannot be played: a `requires` does not hold on the way.
    pub(crate) fn replay(&mut self, calls: &[Call]) -> Option<(usize, Box<Breach>)> {
        self.reset();
        for (number, call) in calls.iter().enumerate() {
            let operation = self.tool.operations.get(call.operation)?;
            let mut counts = Counts::new(operation, self.tool);
            let before = self.state().unwrap_or_default();
            if !self.allows(call, &before, None) && !self.must_refuse(call, &before) {
                return None;
            }
            match self.play(call, &before, &mut counts) {
                Outcome::Kept { .. } => {}
                Outcome::Broken(breach) => return Some((number, breach)),
                Outcome::NoInstance | Outcome::Inexpressible => return None,
            }
        }
        None
    }

    /// The fewest and smallest calls that were found to fail in the same way, and how many candidates were tried.
    pub(crate) fn shrink(
        &mut self,
        calls: Vec<Call>,
        breach: Box<Breach>,
        budget: usize,
    ) -> (Vec<Call>, Box<Breach>, usize) {
        let mut left = budget;
        let mut best = breach;
        let operation = calls.last().map(|call| call.operation);
        let least = shrink::shrink(
            calls,
            &mut left,
            |calls| fewer(calls),
            |calls| match self.replay(calls) {
                Some((number, found))
                    if found.is_like(&best)
                        && number + 1 == calls.len()
                        && calls.last().map(|call| call.operation) == operation =>
                {
                    best = found;
                    true
                }
                _ => false,
            },
        );
        (least, best, budget - left)
    }
}

/// Sequences with calls left out before the last, then with smaller inputs of one call.
fn fewer(calls: &[Call]) -> Vec<Vec<Call>> {
    let mut all = Vec::new();
    let Some((last, before)) = calls.split_last() else {
        return all;
    };
    let mut width = before.len();
    while width > 0 {
        let mut start = 0;
        while start < before.len() {
            let end = (start + width).min(before.len());
            let kept = before.iter().take(start).chain(before.iter().skip(end));
            all.push(kept.chain(std::iter::once(last)).cloned().collect());
            start += width;
        }
        width /= 2;
    }
    // What cancels out, as a push and a pop, goes together.
    if before.len() <= 16 {
        for i in 0..before.len() {
            for j in i + 1..before.len() {
                let kept = before
                    .iter()
                    .enumerate()
                    .filter(|(k, _)| *k != i && *k != j);
                let kept = kept.map(|(_, call)| call);
                all.push(kept.chain(std::iter::once(last)).cloned().collect());
            }
        }
    }
    for (i, call) in calls.iter().enumerate() {
        for inputs in shrink::smaller_inputs(&call.inputs) {
            let mut changed = calls.to_vec();
            if let Some(slot) = changed.get_mut(i) {
                slot.inputs = inputs;
            }
            all.push(changed);
        }
    }
    all
}
