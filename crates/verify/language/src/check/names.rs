//! Which names are known in an expression, and where their values are.

use std::sync::Arc;

use super::{Checker, did_you_mean};
use crate::ast::Name;
use crate::builtin::{CONSTANTS, ConstantValue};
use crate::checked::Slot;
use crate::node::{Local, Node, Place, PlaceKind, Typed};
use crate::{Diagnostic, Span, Type, Value};

/// The names around an expression.
pub(crate) struct Names<'a> {
    inputs: &'a [Slot],
    outputs: &'a [Slot],
    state: &'a [Slot],
    /// Whether outputs and `old` are known.
    after: bool,
    /// Whether `old` is around.
    old: bool,
    /// What the expression belongs to, in messages.
    place: &'static str,
    /// The `define` whose body it is.
    define: Option<&'a Name>,
    locals: Vec<(Local, Type)>,
}

impl<'a> Names<'a> {
    /// Nothing but constants.
    pub(crate) const fn none(place: &'static str) -> Self {
        Self {
            inputs: &[],
            outputs: &[],
            state: &[],
            after: false,
            old: false,
            place,
            define: None,
            locals: Vec::new(),
        }
    }

    /// Inputs and state, before the call.
    pub(crate) const fn before(inputs: &'a [Slot], state: &'a [Slot], place: &'static str) -> Self {
        let mut names = Self::none(place);
        names.inputs = inputs;
        names.state = state;
        names
    }

    /// Everything of a call.
    pub(crate) const fn after(inputs: &'a [Slot], outputs: &'a [Slot], state: &'a [Slot]) -> Self {
        let mut names = Self::before(inputs, state, "`ensures`");
        names.outputs = outputs;
        names.after = true;
        names
    }

    /// With outputs that exist but are not known here, for better advice.
    pub(crate) const fn hiding(mut self, outputs: &'a [Slot]) -> Self {
        self.outputs = outputs;
        self
    }

    pub(crate) fn of_define(parameters: &[Slot], name: &'a Name) -> Self {
        let mut names = Self::none("`define`");
        names.define = Some(name);
        for slot in parameters {
            names.bind(&slot.name, slot.type_.clone());
        }
        names
    }

    pub(crate) fn locals(self) -> Vec<(Local, Type)> {
        self.locals
    }

    /// Binds one more name; [`unbind`](Self::unbind) forgets it.
    pub(crate) fn bind(&mut self, name: &str, type_: Type) -> Local {
        let local = Local {
            index: self.locals.len(),
            name: Arc::from(name),
        };
        self.locals.push((local.clone(), type_));
        local
    }

    pub(crate) fn unbind(&mut self, count: usize) {
        let left = self.locals.len().saturating_sub(count);
        self.locals.truncate(left);
    }
}

impl Checker {
    /// An unqualified name.
    pub(super) fn name(&mut self, name: &str, span: Span, names: &Names<'_>) -> Option<Typed> {
        let mut locals = names.locals.iter().rev();
        if let Some((local, type_)) = locals.find(|(local, _)| &*local.name == name) {
            return Some(Typed::new(type_.clone(), Node::Local(local.clone()), span));
        }
        let find = |slots: &'_ [Slot]| slots.iter().position(|slot| slot.name == name);
        let input = find(names.inputs);
        let state = find(names.state);
        let output = if names.after {
            find(names.outputs)
        } else {
            None
        };
        match (output, input, state) {
            (Some(_), None, None) if names.old => {
                let message = format!("`{name}` is an output and has no value before the call");
                let advice = "take it out of `old(…)`, which knows inputs and state";
                return self.fail(Diagnostic::error(span, message).advice(advice));
            }
            (Some(_), Some(_), _) if !names.old => {
                let message = format!("`{name}` is an output and an input");
                let advice =
                    format!("write `result.{name}` for the output or `old({name})` for the input");
                return self.fail(Diagnostic::error(span, message).advice(advice));
            }
            (Some(_), None, Some(_)) if !names.old => {
                let message = format!("`{name}` is an output and a state variable");
                let advice = format!(
                    "write `result.{name}` for the output or `state.{name}` for the state variable"
                );
                return self.fail(Diagnostic::error(span, message).advice(advice));
            }
            (Some(index), None, None) => {
                return place(names.outputs, index, PlaceKind::Output, span, names);
            }
            // An input hides a state variable of its name, which `state.name` still reaches.
            (_, Some(index), _) => {
                return place(names.inputs, index, PlaceKind::Input, span, names);
            }
            (_, None, Some(index)) => {
                return place(names.state, index, PlaceKind::State, span, names);
            }
            (None, None, None) => {}
        }
        if let Some(constant) = CONSTANTS.iter().find(|c| c.name == name) {
            let (type_, value) = match constant.value {
                ConstantValue::Int(i) => (Type::Int(None), Value::Int(i)),
                ConstantValue::Real(x) => (Type::Real(None), Value::Real(x)),
            };
            return Some(Typed::new(type_, Node::Constant(value), span));
        }
        self.unknown(name, span, names)
    }

    fn unknown<T>(&mut self, name: &str, span: Span, names: &Names<'_>) -> Option<T> {
        let message = format!("nothing is called `{name}` here");
        if !names.after && names.outputs.iter().any(|slot| slot.name == name) {
            let message = format!("`{name}` is an output and not known in {}", names.place);
            let advice = "only `ensures` may speak of outputs";
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        if crate::Builtin::named(name).is_some() || self.defines.contains_key(name) {
            let advice = format!("`{name}` is a function; call it: `{name}(…)`");
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        let enums = self.enums.values();
        let of = enums.filter(|of| of.variants.iter().any(|(variant, _)| variant == name));
        if let Some(of) = of.map(|of| of.name.clone()).min() {
            let advice = format!("write `{of}.{name}`");
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        let slots = [names.inputs, names.state].into_iter().flatten();
        let outputs = names.outputs.iter().filter(|_| names.after);
        let known = slots.chain(outputs).map(|slot| &*slot.name);
        let known = known.chain(names.locals.iter().map(|(local, _)| &*local.name));
        let known: Vec<&str> = known.chain(CONSTANTS.iter().map(|c| c.name)).collect();
        let advice = did_you_mean(name, known.iter().copied(), || {
            let few: Vec<String> = known.iter().take(8).map(|k| format!("`{k}`")).collect();
            format!("known here: {}", few.join(", "))
        });
        self.fail(Diagnostic::error(span, message).advice(advice))
    }

    /// `result.name`
    pub(super) fn result(&mut self, name: &Name, span: Span, names: &Names<'_>) -> Option<Typed> {
        if !names.after {
            let message = format!("`result` is not known in {}", names.place);
            let advice = "only `ensures` may speak of outputs";
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        let slots = names.outputs;
        match slots.iter().position(|slot| slot.name == name.text) {
            Some(_) if names.old => {
                let message = format!("`result.{}` has no value before the call", name.text);
                let advice = "take it out of `old(…)`, which knows inputs and state";
                self.fail(Diagnostic::error(span, message).advice(advice))
            }
            Some(index) => place(slots, index, PlaceKind::Output, span, names),
            None => self.missing(name, "output", slots),
        }
    }

    /// `state.name`
    pub(super) fn state_variable(
        &mut self,
        name: &Name,
        span: Span,
        names: &Names<'_>,
    ) -> Option<Typed> {
        let slots = names.state;
        match slots.iter().position(|slot| slot.name == name.text) {
            Some(index) => place(slots, index, PlaceKind::State, span, names),
            None => self.missing(name, "state variable", slots),
        }
    }

    pub(super) fn missing<T>(&mut self, name: &Name, what: &str, slots: &[Slot]) -> Option<T> {
        let message = format!("no {what} is called `{}`", name.text);
        let known = slots.iter().map(|slot| &*slot.name);
        let advice = did_you_mean(&name.text, known.clone(), || {
            let names: Vec<String> = known.take(8).map(|k| format!("`{k}`")).collect();
            if names.is_empty() {
                format!("there is no {what} here")
            } else {
                format!("known: {}", names.join(", "))
            }
        });
        self.fail(Diagnostic::error(name.span, message).advice(advice))
    }

    /// `old(e)`
    pub(super) fn old(
        &mut self,
        inner: &crate::ast::Expr,
        expected: Option<&Type>,
        span: Span,
        names: &mut Names<'_>,
    ) -> Option<Typed> {
        if !names.after || names.old {
            let message = if names.old {
                "`old` inside `old`".to_owned()
            } else {
                format!("`old` is not known in {}", names.place)
            };
            let advice = "only `ensures` looks back, and only once: `old(e)`";
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        names.old = true;
        let typed = self.infer(inner, expected, names);
        names.old = false;
        typed
    }

    /// Advice when a function is unknown here: whether it is the one whose body this is, or comes later.
    pub(super) fn unknown_function<T>(&mut self, name: &Name, names: &Names<'_>) -> Option<T> {
        let message = format!("no function is called `{}`", name.text);
        if names.define.is_some_and(|define| define.text == name.text) {
            let message = format!("`{}` calls itself", name.text);
            let advice = "use `fold`, `all` or another function over a list, so that it ends";
            return self.fail(Diagnostic::error(name.span, message).advice(advice));
        }
        if let Some(span) = self.later.get(&name.text) {
            let message = format!("`{}` is not known yet", name.text);
            let diagnostic = Diagnostic::error(name.span, message)
                .related(*span, "defined here")
                .advice("a `define` may call only what stands, without mistakes, before it");
            return self.fail(diagnostic);
        }
        let known = crate::Builtin::all().map(|b| b.name);
        let known = known.chain(self.defines.keys().map(String::as_str));
        let known: std::collections::BTreeSet<&str> = known.collect();
        let advice = did_you_mean(&name.text, known, || {
            format!("define it first: `define {}(…): … = …`", name.text)
        });
        self.fail(Diagnostic::error(name.span, message).advice(advice))
    }
}

fn place(
    slots: &[Slot],
    index: usize,
    kind: PlaceKind,
    span: Span,
    names: &Names<'_>,
) -> Option<Typed> {
    let slot = slots.get(index)?;
    let kind = match kind {
        PlaceKind::Input if names.old => PlaceKind::OldInput,
        PlaceKind::State if names.old => PlaceKind::OldState,
        kind => kind,
    };
    let place = Place {
        kind,
        index,
        name: Arc::from(&*slot.name),
    };
    Some(Typed::new(slot.type_.clone(), Node::Place(place), span))
}
