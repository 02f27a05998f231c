//! Values worth drawing again: the specification's own literals, and what this case has drawn already.

use voidstate_language::node::{Node, Typed};
use voidstate_language::{Type, Value};

/// Values by type, the newest of each up to a limit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pool {
    kinds: Vec<(Type, Vec<Value>)>,
}

/// How many values of one type are kept.
const KEPT: usize = 48;

impl Pool {
    pub(crate) fn of(&self, type_: &Type) -> &[Value] {
        self.kinds
            .iter()
            .find(|(t, _)| t == type_)
            .map_or(&[], |(_, values)| values.as_slice())
    }

    /// Keeps a value, and the values it is made of.
    pub(crate) fn add(&mut self, type_: &Type, value: &Value) {
        match (type_, value) {
            (Type::Bool, _) => return,
            (Type::List(inner), Value::List(items)) => {
                for item in items.iter().take(8) {
                    self.add(inner, item);
                }
            }
            (Type::Tuple(types), Value::Tuple(items)) => {
                for (inner, item) in types.iter().zip(items.iter()) {
                    self.add(inner, item);
                }
            }
            (Type::Record(of), Value::Record(_, items)) => {
                for ((_, inner), item) in of.fields.iter().zip(items.iter()) {
                    self.add(inner, item);
                }
            }
            (Type::Option(inner), Value::Option(Some(item))) => self.add(inner, item),
            (Type::Map(key, entry), Value::Map(map)) => {
                for (k, v) in map.iter().take(8) {
                    self.add(key, k);
                    self.add(entry, v);
                }
            }
            (Type::Enum(of), Value::Enum(_, number, items)) => {
                let number = usize::try_from(*number).unwrap_or(usize::MAX);
                if let Some((_, types)) = of.variants.get(number) {
                    for (inner, item) in types.iter().zip(items.iter()) {
                        self.add(inner, item);
                    }
                }
            }
            _ => {}
        }
        self.keep(type_, value.clone());
    }

    fn keep(&mut self, type_: &Type, value: Value) {
        let index = match self.kinds.iter().position(|(t, _)| t == type_) {
            Some(index) => index,
            None => {
                self.kinds.push((type_.clone(), Vec::new()));
                self.kinds.len() - 1
            }
        };
        let Some((_, values)) = self.kinds.get_mut(index) else {
            return;
        };
        if !values.contains(&value) {
            if values.len() >= KEPT {
                values.remove(0);
            }
            values.push(value);
        }
    }

    /// Keeps every literal of an expression, the `define`s that it calls included.
    pub(crate) fn add_literals(&mut self, expression: &Typed) {
        expression.walk(&mut |part| match part.node() {
            Node::Constant(value) => self.keep(part.type_(), value.clone()),
            Node::Define(define, _) => self.add_literals(&define.body),
            _ => {}
        });
    }
}
