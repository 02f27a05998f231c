//! From the `complexity` member of a spec to an experiment on what implements it.

use voidstate_language::node::{Node, PlaceKind, Typed};
use voidstate_language::{CheckedComplexity, CheckedOperation, Scope, Slot, Steps, Type, Value};

use super::{Case, ComplexityError, Experiment, Measured, Report, Settings, Shape, counted};
use crate::{Called, Subject};

/// Elements that are walked to tell the size of an input.
const STEPS_MAX: u64 = 100_000_000;

/// Values of the claim's variables for these inputs, in order.
///
/// # Errors
/// [`ComplexityError::NoValue`] when a variable has none.
pub fn variables(
    claim: &CheckedComplexity,
    inputs: &[Value],
    state: &[Value],
) -> Result<Vec<f64>, ComplexityError> {
    let scope = Scope {
        inputs,
        outputs: &[],
        state,
        old_inputs: inputs,
        old_state: state,
    };
    let value = |name: &str, expr: &Typed| {
        let no_value = |reason: String| ComplexityError::NoValue {
            name: name.to_owned(),
            reason,
        };
        match expr.eval(&scope, &mut Steps::new(STEPS_MAX)) {
            Ok(Value::Int(i)) if i >= 0 => Ok(i as f64),
            Ok(other) => Err(no_value(format!("{other} is no size"))),
            Err(e) => Err(no_value(e.to_string())),
        }
    };
    claim
        .variables
        .iter()
        .map(|(name, expr)| value(name, expr))
        .collect()
}

/// Inputs of about the size and shape that a case asks for: inputs whose length, or whose value, is a variable of the
/// claim are made so large, the others are small. `None` when no shape of them satisfies the preconditions; then write
/// them by hand.
#[must_use]
pub fn inputs(
    operation: &CheckedOperation,
    claim: &CheckedComplexity,
    case: &Case,
) -> Option<Vec<Value>> {
    let shapes = [case.shape, Shape::Sorted, Shape::Constant, Shape::Random];
    shapes.into_iter().find_map(|shape| {
        let slots = operation.inputs.iter().enumerate();
        let made: Option<Vec<Value>> = slots
            .map(|(i, slot)| make(slot, asked_for(claim, i, &case.sizes), shape, case.seed))
            .collect();
        let made = made?;
        let scope = Scope {
            inputs: &made,
            outputs: &[],
            state: &[],
            old_inputs: &made,
            old_state: &[],
        };
        let allowed = operation.requires.iter().all(|clause| {
            clause
                .condition
                .free_slots()
                .iter()
                .any(|p| p.kind != PlaceKind::Input)
                || matches!(
                    clause.condition.eval(&scope, &mut Steps::new(STEPS_MAX)),
                    Ok(Value::Bool(true))
                )
        });
        allowed.then_some(made)
    })
}

/// What a claim says of an input: its length, or its value, and how large it should be.
fn asked_for(claim: &CheckedComplexity, input: usize, sizes: &[u64]) -> Option<(bool, u64)> {
    let is_it = |e: &Typed| matches!(e.node(), Node::Place(p) if p.kind == PlaceKind::Input && p.index == input);
    claim
        .variables
        .iter()
        .zip(sizes)
        .find_map(|((_, expr), size)| match expr.node() {
            Node::Call(builtin, arguments) if builtin.name == "len" => arguments
                .first()
                .is_some_and(is_it)
                .then_some((true, *size)),
            _ => is_it(expr).then_some((false, *size)),
        })
}

fn make(slot: &Slot, size: Option<(bool, u64)>, shape: Shape, seed: u64) -> Option<Value> {
    let (length, value) = match size {
        Some((true, n)) => (n, 1),
        Some((false, n)) => (1, i64::try_from(n).ok()?),
        None => (1, 1),
    };
    // Inputs of one call differ from each other.
    let seed = slot
        .name
        .bytes()
        .fold(seed, |s, b| s.rotate_left(5) ^ u64::from(b));
    let numbers = || shape.numbers(length, seed);
    Some(match &slot.type_ {
        Type::Bool => Value::Bool(true),
        Type::Int(_) => Value::Int(value),
        Type::Real(_) => Value::Real(value as f64),
        Type::Duration => Value::Duration(value),
        Type::Size => Value::Size(value),
        Type::Text => {
            let letters = numbers()
                .into_iter()
                .map(|x| if x & 2 == 0 { 'a' } else { 'b' });
            Value::text(letters.collect::<String>())
        }
        Type::Bytes => {
            let bytes = numbers()
                .into_iter()
                .map(|x| x.to_le_bytes().first().copied().unwrap_or(0));
            Value::bytes(bytes.collect::<Vec<u8>>())
        }
        Type::List(item) => match item.as_ref() {
            Type::Int(_) => Value::list(numbers().into_iter().map(Value::Int)),
            Type::Real(_) => Value::list(numbers().into_iter().map(|x| Value::Real(x as f64))),
            Type::Text => Value::list(numbers().into_iter().map(|x| Value::text(x.to_string()))),
            Type::Bool => Value::list(numbers().into_iter().map(|x| Value::Bool(x & 2 == 0))),
            _ => return None,
        },
        Type::Map(key, item) => {
            let (Type::Int(_) | Type::Text, Type::Int(_)) = (key.as_ref(), item.as_ref()) else {
                return None;
            };
            let text = matches!(key.as_ref(), Type::Text);
            let key = |i: i64| {
                if text {
                    Value::text(i.to_string())
                } else {
                    Value::Int(i)
                }
            };
            Value::map(
                (0_i64..)
                    .zip(numbers())
                    .map(|(i, x)| (key(i), Value::Int(x))),
            )
        }
        Type::Option(_) => Value::Option(None),
        _ => return None,
    })
}

/// Counts the operations of calls on growing inputs and judges the claim. `make` gives the inputs of a case, for example
/// by [`inputs`]; the subject must [`tick`](super::tick).
///
/// # Errors
/// [`ComplexityError::UnknownVariable`], [`ComplexityError::NoValue`], and [`ComplexityError::NotCalled`] when a call
/// does not succeed.
pub fn measure(
    operation: usize,
    claim: &CheckedComplexity,
    subject: &mut dyn Subject,
    settings: Settings,
    mut make: impl FnMut(&Case) -> Option<Vec<Value>>,
) -> Result<Report, ComplexityError> {
    let names: Vec<&str> = claim
        .variables
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    Experiment::new(&claim.bound, &names)?
        .settings(settings)
        .try_run(|case| {
            let not_called = |reason: String| ComplexityError::NotCalled {
                sizes: case.sizes.clone(),
                reason,
            };
            let Some(inputs) = make(case) else {
                return Err(not_called(
                    "no inputs of that size are allowed; make them by hand".to_owned(),
                ));
            };
            let state = subject.state().unwrap_or_default();
            let variables = variables(claim, &inputs, &state)?;
            let mut called = Called::NoInstance;
            let cost = counted(case.cost_max, || called = subject.call(operation, &inputs));
            match (called, cost) {
                // A call that is stopped unwinds, which a subject takes for a panic.
                (_, super::Cost::MoreThan(_)) | (Called::Returned(_), _) => {
                    Ok(Measured { cost, variables })
                }
                (Called::Refused(why) | Called::Panicked(why) | Called::Inexpressible(why), _) => {
                    Err(not_called(why))
                }
                (Called::NoInstance, _) => Err(not_called("it needs an instance".to_owned())),
            }
        })
}
