//! Implementations as subjects: what the attribute calls to turn calls into values.

use std::any::Any;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use voidstate_language::{Slot, Value};

use super::Spec;
use crate::contract::without_contracts;
use crate::convert::inexpressible;
use crate::convert::{FromSpec, Shape, SpecValue};
use crate::{Called, Error, Subject};

/// What may refuse: a `Result`, under whatever name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `Result`",
    label = "ends in `Result` and is none",
    note = "the spec's outputs are what `Ok` carries; rename the type if it is not a `Result`"
)]
pub trait Fallible {
    /// What it carries on success.
    type Success: SpecValue;
    /// What it carries on refusal.
    type Refusal: Debug;

    /// Itself.
    ///
    /// # Errors
    /// The refusal.
    fn as_result(&self) -> Result<&Self::Success, &Self::Refusal>;
}

impl<T: SpecValue, E: Debug> Fallible for Result<T, E> {
    type Success = T;
    type Refusal = E;

    fn as_result(&self) -> Result<&T, &E> {
        self.as_ref()
    }
}

/// The input of that number as a Rust value.
///
/// # Errors
/// When it is missing or has no counterpart.
pub fn input<T: FromSpec>(inputs: &[Value], at: usize) -> Result<T, Error> {
    let input = inputs.get(at);
    input.map_or_else(
        || {
            Err(inexpressible(
                format!("a call without input {at}"),
                "this operation",
            ))
        },
        T::from_value,
    )
}

/// A state variable as a value of its slot's type.
///
/// # Errors
/// When it cannot be expressed.
pub fn value<T: SpecValue + ?Sized>(value: &T, slots: &[Slot], at: usize) -> Result<Value, Error> {
    match slots.get(at) {
        Some(slot) => value.to_value(&slot.type_),
        None => Err(inexpressible("a state variable", "a tool with fewer")),
    }
}

/// What an operation returned, one value per output.
pub(crate) fn outputs<T: SpecValue + ?Sized>(
    spec: &Spec,
    operation: usize,
    result: &T,
) -> Result<Vec<Value>, Error> {
    let loaded = spec.loaded();
    let slots = loaded
        .tool
        .operations
        .get(operation)
        .map_or(&[][..], |o| &o.outputs);
    let plan = loaded.plans.get(operation);
    match (slots, plan) {
        ([], _) => Ok(Vec::new()),
        ([slot], _) => Ok(vec![result.to_value(&slot.type_)?]),
        (_, Some(plan)) => {
            let type_ = if matches!(T::SHAPE, Shape::Tuple(_)) {
                &plan.tuple
            } else {
                &plan.record
            };
            match result.to_value(type_)? {
                Value::Tuple(parts) | Value::Record(_, parts) => Ok(parts.to_vec()),
                other => Err(inexpressible(crate::show::value(&other), "several outputs")),
            }
        }
        (_, None) => Err(inexpressible("an operation", "a tool with fewer")),
    }
}

/// A call that returned.
pub fn returned<T: SpecValue + ?Sized>(spec: &Spec, operation: usize, result: &T) -> Called {
    match outputs(spec, operation, result) {
        Ok(values) => Called::Returned(values),
        Err(error) => Called::Inexpressible(error.to_string()),
    }
}

/// A call that returned or refused.
pub fn ended<R: Fallible>(spec: &Spec, operation: usize, result: &R) -> Called {
    match result.as_result() {
        Ok(value) => returned(spec, operation, value),
        Err(refusal) => Called::Refused(format!("{refusal:?}")),
    }
}

/// Calls without contracts; a panic becomes [`Called::Panicked`].
///
/// # Errors
/// None; the type is that of what surrounds it.
pub fn attempt<R>(
    call: impl FnOnce() -> R,
    then: impl FnOnce(R) -> Called,
) -> Result<Called, Error> {
    let both = || then(without_contracts(call));
    Ok(match catch_unwind(AssertUnwindSafe(both)) {
        Ok(called) => called,
        Err(payload) => Called::Panicked(panic_text(&*payload)),
    })
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic without a text".to_owned()
    }
}

/// A function as a subject.
#[derive(Debug)]
pub struct Function<F>(pub F);

impl<F: FnMut(usize, &[Value]) -> Result<Called, Error>> Subject for Function<F> {
    fn reset(&mut self) {}

    fn call(&mut self, operation: usize, inputs: &[Value]) -> Called {
        (self.0)(operation, inputs).unwrap_or_else(|error| Called::Inexpressible(error.to_string()))
    }

    fn state(&self) -> Option<Vec<Value>> {
        None
    }
}

/// An instance of a type as a subject: how it begins, how it is called, how its state is read.
pub struct Instance<T, C, S> {
    spec: &'static Spec,
    start: fn() -> Option<T>,
    call: C,
    read: S,
    has_state: bool,
    instance: Option<T>,
}

impl<T, C, S> std::fmt::Debug for Instance<T, C, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance")
            .field("spec", &self.spec.path())
            .field("is_made", &self.instance.is_some())
            .finish_non_exhaustive()
    }
}

impl<T, C, S> Instance<T, C, S>
where
    C: FnMut(usize, &mut Option<T>, &[Value]) -> Result<Called, Error>,
    S: Fn(&T, &[Slot]) -> Result<Vec<Value>, Error>,
{
    /// A subject that begins with what `start` gives.
    pub fn new(
        spec: &'static Spec,
        start: fn() -> Option<T>,
        call: C,
        read: S,
        has_state: bool,
    ) -> Self {
        Self {
            spec,
            start,
            call,
            read,
            has_state,
            instance: start(),
        }
    }

    fn values(&self) -> Option<Result<Vec<Value>, Error>> {
        let instance = self.instance.as_ref().filter(|_| self.has_state)?;
        Some(without_contracts(|| {
            (self.read)(instance, &self.spec.tool().state)
        }))
    }
}

impl<T, C, S> Subject for Instance<T, C, S>
where
    C: FnMut(usize, &mut Option<T>, &[Value]) -> Result<Called, Error>,
    S: Fn(&T, &[Slot]) -> Result<Vec<Value>, Error>,
{
    fn reset(&mut self) {
        self.instance = (self.start)();
    }

    fn call(&mut self, operation: usize, inputs: &[Value]) -> Called {
        let called = (self.call)(operation, &mut self.instance, inputs);
        let called = called.unwrap_or_else(|error| Called::Inexpressible(error.to_string()));
        if matches!(called, Called::Panicked(_)) {
            self.instance = None;
            return called;
        }
        match self.values() {
            Some(Err(error)) => Called::Inexpressible(error.to_string()),
            _ => called,
        }
    }

    fn state(&self) -> Option<Vec<Value>> {
        self.values().and_then(Result::ok)
    }
}
