//! Conditions that should hold together, and the values that they speak of.

use voidstate_language::node::{Node, Place, PlaceKind, Typed};
use voidstate_language::{CheckedClause, Error, Scope, Span, Steps, Value};

use voidstate_language::ast::BinaryOp;

/// When a value exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Part {
    /// An input; the call does not change it.
    Input,
    /// A state variable before the call.
    OldState,
    /// An output.
    Output,
    /// A state variable after the call.
    State,
}

/// A value that a condition may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) part: Part,
    pub(crate) index: usize,
}

/// The value at a place of a condition that is looked at before or after the call.
pub(crate) fn key(place: &Place, before: bool) -> Key {
    let part = match place.kind {
        PlaceKind::Input | PlaceKind::OldInput => Part::Input,
        PlaceKind::Output => Part::Output,
        PlaceKind::OldState => Part::OldState,
        PlaceKind::State if before => Part::OldState,
        PlaceKind::State => Part::State,
    };
    Key {
        part,
        index: place.index,
    }
}

/// Something that should hold, or should not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Condition<'a> {
    pub(crate) expr: &'a Typed,
    /// Whether the opposite is asked for: that it is false or has no value.
    pub(crate) negated: bool,
    /// Whether the state is the one before the call.
    pub(crate) before: bool,
    pub(crate) label: &'a str,
}

impl<'a> Condition<'a> {
    /// A clause that is looked at after the call.
    pub(crate) fn after(clause: &'a CheckedClause) -> Self {
        Self::of(&clause.condition, &clause.label)
    }

    /// A clause that is looked at before the call.
    pub(crate) fn before(clause: &'a CheckedClause) -> Self {
        Self {
            before: true,
            ..Self::after(clause)
        }
    }

    pub(crate) const fn of(expr: &'a Typed, label: &'a str) -> Self {
        Self {
            expr,
            negated: false,
            before: false,
            label,
        }
    }

    /// The opposite.
    pub(crate) const fn not(self) -> Self {
        Self {
            negated: !self.negated,
            ..self
        }
    }

    pub(crate) fn span(&self) -> Span {
        self.expr.span()
    }

    /// The values that it reads.
    pub(crate) fn keys(&self) -> Vec<Key> {
        keys(self.expr, self.before)
    }

    /// Itself, or its parts when it is an `and`.
    pub(crate) fn conjuncts(self) -> Vec<Self> {
        match self.expr.node() {
            Node::Binary(BinaryOp::And, a, b) if !self.negated => {
                let mut parts = Self { expr: a, ..self }.conjuncts();
                parts.extend(Self { expr: b, ..self }.conjuncts());
                parts
            }
            Node::Not(a) if self.negated => Self {
                expr: a,
                negated: false,
                ..self
            }
            .conjuncts(),
            _ => vec![self],
        }
    }

    /// Whether it holds; not when it takes too long to tell. Takes from `left` an evaluation, and more for a long one.
    pub(crate) fn holds_within(&self, values: &Values, left: &mut u64) -> bool {
        let mut steps = Steps::new(STEPS_MAX);
        let value = self.expr.eval(&values.scope(self.before), &mut steps);
        *left = left.saturating_sub(1 + steps.used() / STEPS_USUAL);
        match value {
            Ok(Value::Bool(holds)) => holds != self.negated,
            Ok(_) | Err(Error::Steps { .. } | Error::TooLong { .. } | Error::Missing { .. }) => {
                false
            }
            // No value is a breach.
            Err(_) => self.negated,
        }
    }

    /// As [`Condition::holds_within`] without a limit on evaluations.
    pub(crate) fn holds(&self, values: &Values) -> bool {
        let mut left = u64::MAX;
        self.holds_within(values, &mut left)
    }
}

/// Steps of one evaluation.
const STEPS_MAX: u64 = 200_000;
/// So many count as one evaluation.
const STEPS_USUAL: u64 = 500;

/// The values that an expression reads.
pub(crate) fn keys(expr: &Typed, before: bool) -> Vec<Key> {
    let mut keys: Vec<Key> = expr.free_slots().iter().map(|p| key(p, before)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Values of everything; what is not chosen yet is `false` and must not be read.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Values {
    pub(crate) inputs: Vec<Value>,
    pub(crate) old_state: Vec<Value>,
    pub(crate) outputs: Vec<Value>,
    pub(crate) state: Vec<Value>,
}

impl Values {
    pub(crate) fn scope(&self, before: bool) -> Scope<'_> {
        Scope {
            inputs: &self.inputs,
            outputs: &self.outputs,
            state: if before { &self.old_state } else { &self.state },
            old_inputs: &self.inputs,
            old_state: &self.old_state,
        }
    }

    fn part(&mut self, part: Part) -> &mut Vec<Value> {
        match part {
            Part::Input => &mut self.inputs,
            Part::OldState => &mut self.old_state,
            Part::Output => &mut self.outputs,
            Part::State => &mut self.state,
        }
    }

    pub(crate) fn set(&mut self, key: Key, value: Value) {
        let values = self.part(key.part);
        if values.len() <= key.index {
            values.resize(key.index + 1, Value::Bool(false));
        }
        if let Some(slot) = values.get_mut(key.index) {
            *slot = value;
        }
    }

    pub(crate) fn get(&self, key: Key) -> Option<&Value> {
        let values = match key.part {
            Part::Input => &self.inputs,
            Part::OldState => &self.old_state,
            Part::Output => &self.outputs,
            Part::State => &self.state,
        };
        values.get(key.index)
    }
}
