//! Subjects written by hand.

use std::panic::{AssertUnwindSafe, catch_unwind};

use voidstate_spec::language::Value;
use voidstate_spec::{Called, Subject};

/// Runs it; a panic becomes its message.
pub(crate) fn caught(f: impl FnOnce() -> Called) -> Called {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(called) => called,
        Err(payload) => Called::Panicked(
            payload
                .downcast_ref::<&str>()
                .map(|s| (*s).to_owned())
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_default(),
        ),
    }
}

/// Functions without state, called by number.
pub(crate) struct Functions<F>(pub(crate) F);

impl<F: FnMut(usize, &[Value]) -> Called> Subject for Functions<F> {
    fn reset(&mut self) {}

    fn call(&mut self, operation: usize, inputs: &[Value]) -> Called {
        caught(|| (self.0)(operation, inputs))
    }

    fn state(&self) -> Option<Vec<Value>> {
        None
    }
}

/// An instance with state.
pub(crate) trait Live {
    /// Operation 0 has made it; this is any other.
    fn call(&mut self, operation: usize, inputs: &[Value]) -> Called;
    fn state(&self) -> Vec<Value>;
}

/// Makes an instance by operation 0.
pub(crate) struct Machine<M, L> {
    make: M,
    live: Option<L>,
}

impl<M: Fn(&[Value]) -> L, L: Live> Machine<M, L> {
    pub(crate) const fn new(make: M) -> Self {
        Self { make, live: None }
    }
}

impl<M: Fn(&[Value]) -> L, L: Live> Subject for Machine<M, L> {
    fn reset(&mut self) {
        self.live = None;
    }

    fn call(&mut self, operation: usize, inputs: &[Value]) -> Called {
        if operation == 0 {
            let make = &self.make;
            let mut made = None;
            let called = caught(|| {
                made = Some(make(inputs));
                Called::Returned(Vec::new())
            });
            self.live = made;
            return called;
        }
        let Some(live) = &mut self.live else {
            return Called::NoInstance;
        };
        let called = caught(|| live.call(operation, inputs));
        if matches!(called, Called::Panicked(_)) {
            self.live = None;
        }
        called
    }

    fn state(&self) -> Option<Vec<Value>> {
        self.live.as_ref().map(Live::state)
    }
}

pub(crate) fn int(value: &Value) -> i64 {
    match value {
        Value::Int(i) | Value::Duration(i) | Value::Size(i) => *i,
        other => unreachable!("{other:?}"),
    }
}

pub(crate) fn real(value: &Value) -> f64 {
    match value {
        Value::Real(x) => *x,
        other => unreachable!("{other:?}"),
    }
}

pub(crate) fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        other => unreachable!("{other:?}"),
    }
}

pub(crate) fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) | Value::Tuple(items) | Value::Record(_, items) => items,
        other => unreachable!("{other:?}"),
    }
}

pub(crate) fn ints(value: &Value) -> Vec<i64> {
    items(value).iter().map(int).collect()
}

pub(crate) fn reals(value: &Value) -> Vec<f64> {
    items(value).iter().map(real).collect()
}

pub(crate) fn list(values: impl IntoIterator<Item = i64>) -> Value {
    Value::list(values.into_iter().map(Value::Int).collect::<Vec<_>>())
}

pub(crate) fn option(value: Option<i64>) -> Value {
    value.map_or_else(Value::none, |i| Value::some(Value::Int(i)))
}

pub(crate) fn gave(value: Value) -> Called {
    Called::Returned(vec![value])
}

pub(crate) fn refused(why: &str) -> Called {
    Called::Refused(why.to_owned())
}
