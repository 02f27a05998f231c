//! Literals: bare numbers take the type that is asked for.

use super::Checker;
use crate::ast::{Literal, Quantity};
use crate::node::{Node, Typed};
use crate::{Diagnostic, Dimension, Span, Type, Unit, Value};

/// Whether the literal can be of more than one type.
pub(super) const fn adapts(literal: &Literal) -> bool {
    matches!(
        literal,
        Literal::Int(_) | Literal::Real(_) | Literal::Quantity(_)
    )
}

impl Checker {
    pub(super) fn literal(
        &mut self,
        literal: &Literal,
        expected: Option<&Type>,
        span: Span,
    ) -> Option<Typed> {
        let (type_, value) = match literal {
            Literal::Bool(b) => (Type::Bool, Value::Bool(*b)),
            Literal::Text(text) => (Type::Text, Value::text(text.as_str())),
            Literal::Bytes(bytes) => (Type::Bytes, Value::bytes(bytes.as_slice())),
            Literal::Int(i) => match expected {
                Some(type_ @ Type::Int(_)) => (type_.clone(), Value::Int(*i)),
                Some(type_ @ Type::Real(_)) => match crate::value::exact(*i) {
                    Some(x) => (type_.clone(), Value::Real(x)),
                    None => {
                        let message = format!("no real is exactly {i}");
                        let advice = format!("write `{i}.0` when the nearest one will do");
                        return self.fail(Diagnostic::error(span, message).advice(advice));
                    }
                },
                _ => (Type::Int(None), Value::Int(*i)),
            },
            Literal::Real(x) => {
                if !x.is_finite() {
                    let message = format!("{x} is no literal");
                    let advice = "write `nan`, `infinity` or `-infinity`";
                    return self.fail(Diagnostic::error(span, message).advice(advice));
                }
                match expected {
                    Some(type_ @ Type::Real(_)) => (type_.clone(), Value::Real(*x)),
                    _ => (Type::Real(None), Value::Real(*x)),
                }
            }
            Literal::Quantity(quantity) => return self.quantity(*quantity, expected, span),
        };
        Some(Typed::new(type_, Node::Constant(value), span))
    }

    fn quantity(
        &mut self,
        quantity: Quantity,
        expected: Option<&Type>,
        span: Span,
    ) -> Option<Typed> {
        let written = written(quantity);
        if quantity.decimals > 18 {
            let message = format!("{written} is no literal");
            let advice = "write at most 18 digits after the point";
            return self.fail(Diagnostic::error(span, message).advice(advice));
        }
        let own = |unit: Unit| unit.dimension() == quantity.unit.dimension();
        let (type_, unit) = match expected {
            Some(type_ @ (Type::Int(Some(unit)) | Type::Real(Some(unit)))) if own(*unit) => {
                (type_.clone(), *unit)
            }
            _ if quantity.unit.dimension() == Dimension::Time => {
                (Type::Duration, Unit::Nanoseconds)
            }
            _ => (Type::Size, Unit::Bytes),
        };
        let value = match type_ {
            Type::Real(_) => Some(Value::Real(share(quantity, unit))),
            Type::Int(_) => whole(quantity, unit).map(Value::Int),
            Type::Size => whole(quantity, unit).map(Value::Size),
            _ => whole(quantity, unit).map(Value::Duration),
        };
        let Some(value) = value else {
            let message = format!(
                "{written} is no whole number of {} in 64 bits",
                unit.symbol()
            );
            let advice = "use fewer digits or a smaller number";
            return self.fail(Diagnostic::error(span, message).advice(advice));
        };
        Some(Typed::new(type_, Node::Constant(value), span))
    }
}

fn written(quantity: Quantity) -> String {
    let point = if quantity.decimals > 0 {
        format!("e-{}", quantity.decimals)
    } else {
        String::new()
    };
    format!("{}{point} {}", quantity.digits, quantity.unit.symbol())
}

/// The quantity in whole `unit`s, when it is one.
fn whole(quantity: Quantity, unit: Unit) -> Option<i64> {
    let amount = i128::from(quantity.digits) * i128::from(quantity.unit.factor());
    let parts = 10_i128.pow(u32::from(quantity.decimals)) * i128::from(unit.factor());
    (amount % parts == 0).then(|| i64::try_from(amount / parts).ok())?
}

/// The quantity in `unit`s.
#[expect(clippy::cast_precision_loss, reason = "the nearest real is meant")]
fn share(quantity: Quantity, unit: Unit) -> f64 {
    let amount = i128::from(quantity.digits) * i128::from(quantity.unit.factor());
    let parts = 10_i128.pow(u32::from(quantity.decimals)) * i128::from(unit.factor());
    amount as f64 / parts as f64
}
