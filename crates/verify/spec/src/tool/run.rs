//! One call of a tool, from begin to end.

use std::panic::Location;
use std::sync::OnceLock;

use voidstate_core::{Ctx, Effect, EffectSet, Firing, Result as CoreResult};
use voidstate_language::{Scope, Slot, Value};

use super::seen::{Done, Seen, Wanted};
use super::signals::SignalView;
use super::views::scalar;
use crate::Error;
use crate::bind::{Plan, Spec};
use crate::breach::{Blame, Breach};
use crate::contract::{Duty, Judge, Outcome, checking, is_on, raise};
use crate::convert::SpecValue;

/// The spec of a tool in the running program.
#[derive(Debug)]
pub struct Contract {
    spec: Spec,
    effects: OnceLock<Option<EffectSet>>,
}

impl Contract {
    /// The tool of that name in a text that compiles.
    #[must_use]
    pub const fn new(source: &'static str, path: &'static str, tool: &'static str) -> Self {
        Self {
            spec: Spec::new(source, path, tool),
            effects: OnceLock::new(),
        }
    }

    /// The spec.
    #[must_use]
    pub const fn spec(&self) -> &Spec {
        &self.spec
    }

    /// What the spec allows; `None` when it does not say.
    fn effects(&self) -> Option<EffectSet> {
        *self.effects.get_or_init(|| {
            let allowed = self.spec.tool().effects.as_ref()?;
            let is_allowed =
                |effect: &Effect| allowed.iter().any(|word| *word == effect.to_string());
            Some(Effect::ALL.into_iter().filter(is_allowed).collect())
        })
    }
}

/// A call of `Tool::observe`.
///
/// # Errors
/// The tool's own.
///
/// # Panics
/// When the tool broke its contract; and when it panics itself.
#[track_caller]
pub fn observe<T>(
    contract: &'static Contract,
    number: usize,
    tool: &mut T,
    firing: &Firing<'_>,
    ctx: &mut dyn Ctx,
    read: impl Fn(&T, &[Slot]) -> Result<Vec<Value>, Error>,
    body: impl FnOnce(&mut T, &Firing<'_>, &mut dyn Ctx) -> CoreResult<()>,
) -> CoreResult<()> {
    run(
        contract,
        number,
        tool,
        Some(firing),
        ctx,
        read,
        |tool, ctx| body(tool, firing, ctx),
    )
}

/// A call of `Tool::tick`.
///
/// # Errors
/// The tool's own.
///
/// # Panics
/// When the tool broke its contract; and when it panics itself.
#[track_caller]
pub fn tick<T>(
    contract: &'static Contract,
    number: usize,
    tool: &mut T,
    ctx: &mut dyn Ctx,
    read: impl Fn(&T, &[Slot]) -> Result<Vec<Value>, Error>,
    body: impl FnOnce(&mut T, &mut dyn Ctx) -> CoreResult<()>,
) -> CoreResult<()> {
    run(contract, number, tool, None, ctx, read, body)
}

/// A call of `Tool::finish`.
///
/// # Errors
/// The tool's own.
///
/// # Panics
/// When the tool broke its contract; and when it panics itself.
#[track_caller]
pub fn finish<T>(
    contract: &'static Contract,
    number: usize,
    tool: &mut T,
    ctx: &mut dyn Ctx,
    read: impl Fn(&T, &[Slot]) -> Result<Vec<Value>, Error>,
    body: impl FnOnce(&mut T, &mut dyn Ctx) -> CoreResult<()>,
) -> CoreResult<()> {
    run(contract, number, tool, None, ctx, read, body)
}

#[track_caller]
fn run<T>(
    contract: &'static Contract,
    number: usize,
    tool: &mut T,
    firing: Option<&Firing<'_>>,
    ctx: &mut dyn Ctx,
    read: impl Fn(&T, &[Slot]) -> Result<Vec<Value>, Error>,
    body: impl FnOnce(&mut T, &mut dyn Ctx) -> CoreResult<()>,
) -> CoreResult<()> {
    let spec = &contract.spec;
    let loaded = spec.loaded();
    let (Some(operation), Some(plan), true) = (
        loaded.tool.operations.get(number),
        loaded.plans.get(number),
        is_on(),
    ) else {
        return body(tool, ctx);
    };
    let judge = Judge {
        spec,
        loaded,
        operation,
        at: Location::caller(),
    };
    let call = ToolCall {
        contract,
        judge,
        plan,
        firing,
    };
    let state = |tool: &T, is_read: bool| {
        if is_read {
            checking(|| read(tool, &loaded.tool.state))
        } else {
            Ok(Vec::new())
        }
    };

    let inputs = call.stated(call.inputs(true), Blame::Caller);
    let old_state = call.stated(state(tool, plan.state_before), Blame::Implementation);
    let before = Scope {
        inputs: &inputs,
        state: &old_state,
        ..Scope::default()
    };
    let duty = call.judge.duty(&before);
    let duty = duty.unwrap_or_else(|breach| call.broken(breach, None));

    let mut seen = Seen {
        ctx,
        wanted: call.wanted(),
        done: Done::default(),
    };
    let result = body(tool, &mut seen);
    let done = seen.done;

    let new_state = call.stated(state(tool, plan.state_after), Blame::Implementation);
    let outputs = call.stated(call.outputs(&done, true), Blame::Implementation);
    let scope = Scope {
        inputs: &inputs,
        outputs: &outputs,
        state: &new_state,
        old_inputs: &inputs,
        old_state: &old_state,
    };
    if let Err(breach) = call.after(duty, &result, &done, &scope) {
        call.broken(breach, Some(&done));
    }
    result
}

/// One call of a tool and its spec.
struct ToolCall<'a> {
    contract: &'static Contract,
    judge: Judge,
    plan: &'static Plan,
    firing: Option<&'a Firing<'a>>,
}

/// Stands where no clause looks.
const UNREAD: Value = Value::Bool(false);

impl ToolCall<'_> {
    fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::default();
        for (slot, is_read) in self.judge.operation.outputs.iter().zip(&self.plan.outputs) {
            match slot.name.as_str() {
                _ if !is_read => {}
                "findings" => wanted.findings = true,
                "metrics" => wanted.metrics = true,
                "logs" | "used" => {}
                _ => wanted.given = true,
            }
        }
        wanted
    }

    fn inputs(&self, only_read: bool) -> Result<Vec<Value>, Error> {
        let Some(firing) = self.firing else {
            return Ok(Vec::new());
        };
        let value = |(slot, is_read): (&Slot, &bool)| match slot.name.as_str() {
            _ if only_read && !is_read => Ok(UNREAD),
            "signal" => SignalView(firing.signal).to_value(&slot.type_),
            "hook" => firing.hook.as_str().to_value(&slot.type_),
            "time" => firing.signal.time().to_value(&slot.type_),
            _ => firing.sequence.to_value(&slot.type_),
        };
        self.judge
            .operation
            .inputs
            .iter()
            .zip(&self.plan.inputs)
            .map(value)
            .collect()
    }

    fn outputs(&self, done: &Done, only_read: bool) -> Result<Vec<Value>, Error> {
        let value = |(slot, is_read): (&Slot, &bool)| match slot.name.as_str() {
            _ if only_read && !is_read => Ok(UNREAD),
            "findings" => done.findings.to_value(&slot.type_),
            "metrics" => done.metrics.to_value(&slot.type_),
            "given" => done.given.to_value(&slot.type_),
            "logs" => done.logs.to_value(&slot.type_),
            "used" => {
                let words: Vec<String> = done.effects.iter().map(|e| e.to_string()).collect();
                words.to_value(&slot.type_)
            }
            name => {
                let last = done.given.iter().rev().find(|given| given.0.name == name);
                scalar(name, last.map(|given| &given.0.value), &slot.type_)
            }
        };
        self.judge
            .operation
            .outputs
            .iter()
            .zip(&self.plan.outputs)
            .map(value)
            .collect()
    }

    fn after(
        &self,
        duty: Duty,
        result: &CoreResult<()>,
        done: &Done,
        scope: &Scope<'_>,
    ) -> Result<(), Box<Breach>> {
        self.effects_allowed(done)?;
        // What the surroundings refuse, the tool may refuse.
        let duty = if done.was_refused {
            Duty::Unknown
        } else {
            duty
        };
        let (outcome, how) = match result {
            Ok(()) => (Outcome::Returned, String::new()),
            Err(error) => (Outcome::Refused, error.to_string()),
        };
        self.judge.duty_done(duty, outcome, scope, &how)?;
        if outcome == Outcome::Returned {
            self.judge.ensured(scope)?;
        }
        self.judge.invariants(scope)
    }

    fn effects_allowed(&self, done: &Done) -> Result<(), Box<Breach>> {
        let Some(allowed) = self.contract.effects() else {
            return Ok(());
        };
        if done.effects.is_subset(allowed) {
            return Ok(());
        }
        let spec = &self.contract.spec;
        let clause = format!(
            "effects {}",
            if allowed.is_empty() {
                "none".to_owned()
            } else {
                allowed.to_string()
            }
        );
        let why = format!("it used {}", done.effects);
        let place = spec.place(self.judge.loaded.tool.span);
        Err(self
            .judge
            .breach(Blame::Implementation, clause, place, why, &Scope::default()))
    }

    /// The values, or a panic that says what cannot be expressed.
    #[track_caller]
    fn stated(&self, values: Result<Vec<Value>, Error>, blame: Blame) -> Vec<Value> {
        values.unwrap_or_else(|error| {
            let clause = "every value has the type that the spec says".to_owned();
            let place = self.judge.spec.place(self.judge.operation.span);
            let breach =
                self.judge
                    .breach(blame, clause, place, error.to_string(), &Scope::default());
            self.broken(breach, None);
            Vec::new()
        })
    }

    /// Panics with the breach and every value, also those that no clause reads.
    #[track_caller]
    fn broken(&self, mut breach: Box<Breach>, done: Option<&Done>) -> Duty {
        let mut values = Vec::new();
        let mut name = |slots: &[Slot], all: Result<Vec<Value>, Error>, prefix: &str| {
            let all = all.unwrap_or_default();
            values.extend(slots.iter().zip(&all).map(|(slot, value)| {
                (format!("{prefix}{}", slot.name), crate::show::value(value))
            }));
        };
        let operation = self.judge.operation;
        name(&operation.inputs, self.inputs(false), "");
        if let Some(done) = done {
            name(&operation.outputs, self.outputs(done, false), "result.");
        }
        let is_state = |(name, _): &&(String, String)| {
            name.starts_with("state.") || name.starts_with("old state.")
        };
        values.extend(breach.values.iter().filter(is_state).cloned());
        breach.values = values;
        raise(&breach);
        Duty::Unknown
    }
}
