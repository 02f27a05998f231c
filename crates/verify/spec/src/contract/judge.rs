//! Clauses held against values.

use std::panic::Location;

use voidstate_language::ast::ClauseKind;
use voidstate_language::{
    CheckedClause, CheckedOperation, Error as NoValue, Scope, Slot, Steps, Value,
};

use super::running::note_too_costly;
use crate::bind::{Loaded, Spec};
use crate::breach::{Blame, Breach};

/// Most steps that one clause may take in a contract.
const STEPS_MAX: u64 = 1_000_000;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// With outputs.
    Returned,
    /// With an error.
    Refused,
}

/// What a call must do by what holds before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Duty {
    /// Succeed.
    Succeed,
    /// Refuse: the `fails` clause of this number holds.
    Refuse(usize),
    /// Nobody knows: a clause was too costly, or what surrounds the call failed.
    Unknown,
}

/// One call, seen by its spec.
#[derive(Debug)]
pub(crate) struct Judge {
    pub(crate) spec: &'static Spec,
    pub(crate) loaded: &'static Loaded,
    pub(crate) operation: &'static CheckedOperation,
    pub(crate) at: &'static Location<'static>,
}

/// What a clause came to.
enum Verdict {
    Holds,
    Fails,
    TooCostly,
    NoValue(NoValue),
}

impl Judge {
    fn look(&self, clause: &CheckedClause, scope: &Scope<'_>) -> Verdict {
        match clause.holds(scope, &mut Steps::new(STEPS_MAX)) {
            Ok(true) => Verdict::Holds,
            Ok(false) => Verdict::Fails,
            Err(NoValue::Steps { .. }) => {
                let place = self.spec.place(clause.condition.span());
                note_too_costly(format!("{place}: {}", title(clause)));
                Verdict::TooCostly
            }
            Err(error) => Verdict::NoValue(error),
        }
    }

    /// What the call must do. A `fails` clause that holds goes before the `requires`: who asks for a refusal is owed it.
    ///
    /// # Errors
    /// The caller's breach, or that of a clause without a value.
    pub(crate) fn duty(&self, scope: &Scope<'_>) -> Result<Duty, Box<Breach>> {
        let mut without_value = None;
        let mut duty = Duty::Succeed;
        for (number, clause) in self.operation.fails.iter().enumerate() {
            match self.look(clause, scope) {
                Verdict::Holds => return Ok(Duty::Refuse(number)),
                Verdict::Fails => {}
                Verdict::TooCostly => duty = Duty::Unknown,
                Verdict::NoValue(error) => without_value = Some((clause, error)),
            }
        }
        for clause in &self.operation.requires {
            if !self.hold(clause, scope, Blame::Caller)? {
                duty = Duty::Unknown;
            }
        }
        match without_value {
            None => Ok(duty),
            Some((clause, error)) => Err(self.no_value(clause, scope, &error)),
        }
    }

    /// Whether the call did what it must.
    ///
    /// # Errors
    /// The implementation's breach.
    pub(crate) fn duty_done(
        &self,
        duty: Duty,
        outcome: Outcome,
        scope: &Scope<'_>,
        how: &str,
    ) -> Result<(), Box<Breach>> {
        match (duty, outcome) {
            (Duty::Succeed, Outcome::Returned)
            | (Duty::Refuse(_), Outcome::Refused)
            | (Duty::Unknown, _) => Ok(()),
            (Duty::Refuse(number), Outcome::Returned) => {
                let clause = self.operation.fails.get(number);
                let place = clause.map_or(self.operation.span, |c| c.condition.span());
                let why = "it must refuse, and it returned".to_owned();
                Err(self.breach(
                    Blame::Implementation,
                    clause.map(full).unwrap_or_default(),
                    self.spec.place(place),
                    why,
                    scope,
                ))
            }
            (Duty::Succeed, Outcome::Refused) => {
                let clause =
                    "every `requires` holds and no `fails` does, so it must succeed".to_owned();
                let why = format!("it refused: {how}");
                Err(self.breach(
                    Blame::Implementation,
                    clause,
                    self.spec.place(self.operation.span),
                    why,
                    scope,
                ))
            }
        }
    }

    /// Whether what it owes holds.
    ///
    /// # Errors
    /// The implementation's breach, or that of a clause without a value.
    pub(crate) fn ensured(&self, scope: &Scope<'_>) -> Result<(), Box<Breach>> {
        let mut clauses = self.operation.ensures.iter();
        clauses.try_for_each(|clause| self.hold(clause, scope, Blame::Implementation).map(|_| ()))
    }

    /// Whether the invariants hold.
    ///
    /// # Errors
    /// The implementation's breach, or that of a clause without a value.
    pub(crate) fn invariants(&self, scope: &Scope<'_>) -> Result<(), Box<Breach>> {
        let mut clauses = self.loaded.tool.invariants.iter();
        clauses.try_for_each(|clause| self.hold(clause, scope, Blame::Implementation).map(|_| ()))
    }

    /// Whether the clause is known to hold; not when it was too costly.
    fn hold(
        &self,
        clause: &CheckedClause,
        scope: &Scope<'_>,
        blame: Blame,
    ) -> Result<bool, Box<Breach>> {
        match self.look(clause, scope) {
            Verdict::Holds => Ok(true),
            Verdict::TooCostly => Ok(false),
            Verdict::Fails => {
                let why = clause
                    .explain(scope, &mut Steps::new(STEPS_MAX))
                    .to_string();
                let place = self.spec.place(clause.condition.span());
                Err(self.breach(blame, full(clause), place, why, scope))
            }
            Verdict::NoValue(error) => Err(self.no_value(clause, scope, &error)),
        }
    }

    fn no_value(&self, clause: &CheckedClause, scope: &Scope<'_>, error: &NoValue) -> Box<Breach> {
        let place = self.spec.place(clause.condition.span());
        self.breach(Blame::Spec, full(clause), place, error.to_string(), scope)
    }

    /// A breach with the names and values that are known.
    pub(crate) fn breach(
        &self,
        blame: Blame,
        clause: String,
        place: String,
        why: String,
        scope: &Scope<'_>,
    ) -> Box<Breach> {
        let named = |slots: &[Slot], values: &[Value], prefix: &str| -> Vec<(String, String)> {
            let pairs = slots.iter().zip(values);
            pairs
                .map(|(slot, value)| (format!("{prefix}{}", slot.name), crate::show::value(value)))
                .collect()
        };
        let state = &self.loaded.tool.state;
        let mut values = named(&self.operation.inputs, scope.inputs, "");
        values.extend(named(&self.operation.outputs, scope.outputs, "result."));
        values.extend(named(state, scope.state, "state."));
        values.extend(named(state, scope.old_state, "old state."));
        Box::new(Breach {
            tool: self.loaded.tool.name.clone(),
            operation: self.operation.name.clone(),
            blame,
            clause,
            place,
            why,
            values,
            called_at: self.at.to_string(),
        })
    }
}

fn kind(clause: &CheckedClause) -> &'static str {
    match clause.kind {
        ClauseKind::Requires => "requires",
        ClauseKind::Fails => "fails",
        ClauseKind::Ensures => "ensures",
        ClauseKind::Invariant => "invariant",
    }
}

fn title(clause: &CheckedClause) -> String {
    format!("{} {:?}", kind(clause), clause.label)
}

fn full(clause: &CheckedClause) -> String {
    format!("{}: {}", title(clause), clause.text)
}
