//! One call of an operation, from begin to end.

use std::panic::Location;

use voidstate_language::{Scope, Slot, Value};

use super::judge::{Duty, Judge, Outcome};
use super::running::{Running, checking, is_on};
use crate::Error;
use crate::bind::{Fallible, Spec};
use crate::breach::{Blame, Breach};
use crate::convert::SpecValue;

/// What a contract knows of a call. The methods are called in this order: `input` for each, `state_before`, `before`;
/// then the function itself runs; then `state_after`, and `returned` or `ended`.
#[derive(Debug)]
pub struct Call {
    judge: Judge,
    running: Running,
    number: usize,
    inputs: Vec<Value>,
    old_state: Vec<Value>,
    state: Vec<Value>,
    has_state_after: bool,
    duty: Duty,
}

impl Call {
    /// A call of the operation of that number; `None` while contracts are off on this thread. `instance` is the address
    /// of what is called: of one instance, invariants must hold only after its outermost operation.
    #[must_use]
    pub fn begin(
        spec: &'static Spec,
        number: usize,
        at: &'static Location<'static>,
        instance: Option<usize>,
    ) -> Option<Self> {
        if !is_on() {
            return None;
        }
        let loaded = spec.loaded();
        let operation = loaded.tool.operations.get(number)?;
        Some(Self {
            judge: Judge {
                spec,
                loaded,
                operation,
                at,
            },
            running: Running::begin(instance),
            number,
            inputs: vec![Value::Bool(false); operation.inputs.len()],
            old_state: Vec::new(),
            state: Vec::new(),
            has_state_after: false,
            duty: Duty::Succeed,
        })
    }

    /// The input of that number.
    ///
    /// # Panics
    /// When the value has no counterpart in the spec's type: the caller broke the contract.
    #[track_caller]
    pub fn input<T: SpecValue + ?Sized>(&mut self, at: usize, value: &T) {
        let operation = self.judge.operation;
        let Some(slot) = operation.inputs.get(at) else {
            return;
        };
        match value.to_value(&slot.type_) {
            Ok(value) => {
                if let Some(place) = self.inputs.get_mut(at) {
                    *place = value;
                }
            }
            Err(error) => self.inexpressible(Blame::Caller, slot, &error),
        }
    }

    /// The state before the call, where a clause reads it.
    ///
    /// # Panics
    /// When a state variable has no counterpart in the spec's type.
    #[track_caller]
    pub fn state_before(&mut self, read: impl FnOnce(&[Slot]) -> Result<Vec<Value>, Error>) {
        if self.plan_reads(|plan| plan.state_before) {
            self.old_state = self.read_state(read);
        }
    }

    /// The state after the call, where a clause reads it.
    ///
    /// # Panics
    /// When a state variable has no counterpart in the spec's type.
    #[track_caller]
    pub fn state_after(&mut self, read: impl FnOnce(&[Slot]) -> Result<Vec<Value>, Error>) {
        if self.plan_reads(|plan| plan.state_after) {
            self.state = self.read_state(read);
        }
        self.has_state_after = true;
    }

    /// Whether the caller brought what the spec requires.
    ///
    /// # Panics
    /// When not; the message is that of a [`Breach`] that blames the caller.
    #[track_caller]
    pub fn before(&mut self) {
        let scope = Scope {
            inputs: &self.inputs,
            state: &self.old_state,
            ..Scope::default()
        };
        match self.judge.duty(&scope) {
            Ok(duty) => self.duty = duty,
            Err(breach) => raise(&breach),
        }
    }

    /// Whether what was returned is what the spec says.
    ///
    /// # Panics
    /// When not; the message is that of a [`Breach`] that blames the implementation.
    #[track_caller]
    pub fn returned<T: SpecValue + ?Sized>(&mut self, result: &T) {
        match crate::bind::outputs(self.judge.spec, self.number, result) {
            Ok(outputs) => self.after(Outcome::Returned, &outputs, ""),
            Err(error) => {
                let scope = self.scope(&[]);
                let judge = &self.judge;
                let at = judge
                    .operation
                    .outputs
                    .first()
                    .map_or(judge.operation.span, |slot| slot.span);
                let clause = "the outputs have the types that the spec says".to_owned();
                let place = judge.spec.place(at);
                raise(&judge.breach(
                    Blame::Implementation,
                    clause,
                    place,
                    error.to_string(),
                    &scope,
                ));
            }
        }
    }

    /// Whether what was returned, or that it refused, is what the spec says.
    ///
    /// # Panics
    /// When not; the message is that of a [`Breach`] that blames the implementation.
    #[track_caller]
    pub fn ended<R: Fallible>(&mut self, result: &R) {
        match result.as_result() {
            Ok(value) => self.returned(value),
            Err(refusal) => self.after(Outcome::Refused, &[], &format!("{refusal:?}")),
        }
    }

    fn scope<'a>(&'a self, outputs: &'a [Value]) -> Scope<'a> {
        Scope {
            inputs: &self.inputs,
            outputs,
            state: &self.state,
            old_inputs: &self.inputs,
            old_state: &self.old_state,
        }
    }

    #[track_caller]
    fn after(&self, outcome: Outcome, outputs: &[Value], how: &str) {
        let scope = self.scope(outputs);
        let judge = &self.judge;
        let mut judged = judge.duty_done(self.duty, outcome, &scope, how);
        if outcome == Outcome::Returned && self.duty != Duty::Unknown {
            judged = judged.and_then(|()| judge.ensured(&scope));
        }
        if self.has_state_after && self.running.is_outermost {
            judged = judged.and_then(|()| judge.invariants(&scope));
        }
        if let Err(breach) = judged {
            raise(&breach);
        }
    }

    fn plan_reads(&self, what: impl Fn(&crate::bind::Plan) -> bool) -> bool {
        self.judge.loaded.plans.get(self.number).is_some_and(what)
    }

    #[track_caller]
    fn read_state(&self, read: impl FnOnce(&[Slot]) -> Result<Vec<Value>, Error>) -> Vec<Value> {
        let slots = &self.judge.loaded.tool.state;
        match checking(|| read(slots)) {
            Ok(values) => values,
            Err(error) => {
                if let Some(slot) = slots.first() {
                    self.inexpressible(Blame::Implementation, slot, &error);
                }
                Vec::new()
            }
        }
    }

    #[track_caller]
    fn inexpressible(&self, blame: Blame, slot: &Slot, error: &Error) {
        let judge = &self.judge;
        let clause = format!(
            "`{}` is a value of the type that the spec says: {}",
            slot.name, slot.type_
        );
        let place = judge.spec.place(slot.span);
        raise(&judge.breach(blame, clause, place, error.to_string(), &Scope::default()));
    }
}

/// Panics with the breach, unless the thread is unwinding already.
#[track_caller]
pub(crate) fn raise(breach: &Breach) {
    if !std::thread::panicking() {
        panic!("{breach}");
    }
}
