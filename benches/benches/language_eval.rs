//! Evaluation of three conditions.
//!
//! Peer: `cel`, the Common Expression Language in Rust, with the same condition over the same values. It looks names up
//! and dispatches on types while it runs, and counts no steps; ours does the first two once, in `compile`, and counts.
//! Beside both, the same condition as a Rust closure over plain values: what it costs that conditions are interpreted.

use std::hint::black_box;

use cel::{Context, Program, Value as Cel};
use voidstate_benches::{Plan, pair, plan, report_fact, report_pair, single};
use voidstate_language::{Scope, Steps, Typed, Value, compile};

fn condition(inputs: &str, text: &str) -> Typed {
    let source = format!("tool t {{ {inputs}; requires \"c\": {text} }}");
    match compile(&source) {
        Ok(checked) => checked.tools[0].operations[0].requires[0].condition.clone(),
        Err(diagnostics) => panic!("{}", diagnostics.render(&source, "bench", false)),
    }
}

/// Ours, the peer's and Rust's time for one condition.
fn compare(
    name: &str,
    typed: &Typed,
    inputs: &[Value],
    cel: (&str, &Context<'_, '_>),
    rust: &mut dyn FnMut() -> bool,
) {
    let program = Program::compile(cel.0).expect("the peer knows the condition");
    let scope = Scope {
        inputs,
        ..Scope::default()
    };
    let ours = || {
        let value = typed.eval(black_box(&scope), &mut Steps::default());
        assert_eq!(black_box(value), Ok(Value::Bool(true)));
    };
    let found = pair(plan(Plan::USUAL), ours, || {
        let value = program.execute(black_box(cel.1));
        assert!(matches!(black_box(value), Ok(Cel::Bool(true))));
    });
    report_pair("language_eval", name, "cel", found);
    let plain = single(plan(Plan::USUAL), || assert!(black_box(rust())));
    report_fact(
        "language_eval",
        &format!("{name}_times_rust"),
        found.ours_ns / plain,
        "times",
    );
}

fn main() {
    let reals: Vec<f64> = (0..1000).map(|i| f64::from(i) / 1000.0).collect();
    let list = Value::list(reals.iter().copied().map(Value::Real));
    let mut context = Context::default();
    context.add_variable_from_value("xs", reals.clone());
    let typed = condition("input xs: [real]", "all(xs, |x| 0.0 <= x <= 1.0)");
    let text = "xs.all(x, 0.0 <= x && x <= 1.0)";
    compare("all_1000", &typed, &[list], (text, &context), &mut || {
        black_box(&reals).iter().all(|x| (0.0..=1.0).contains(x))
    });

    let empty = Value::list([]);
    let mut context = Context::default();
    context.add_variable_from_value("xs", Vec::<f64>::new());
    compare("all_empty", &typed, &[empty], (text, &context), &mut || {
        black_box(&[0.0; 0]).iter().all(|x| (0.0..=1.0).contains(x))
    });

    let typed = condition(
        "input a: int; input b: int; input s: text",
        "a * 2 + b < 100 and s == \"window\" or b > 1000",
    );
    let mut context = Context::default();
    context.add_variable_from_value("a", 12_i64);
    context.add_variable_from_value("b", 30_i64);
    context.add_variable_from_value("s", "window".to_owned());
    let inputs = [Value::Int(12), Value::Int(30), Value::from("window")];
    let text = "a * 2 + b < 100 && s == 'window' || b > 1000";
    compare("scalars", &typed, &inputs, (text, &context), &mut || {
        let (a, b, s) = black_box((12_i64, 30_i64, "window"));
        a * 2 + b < 100 && s == "window" || b > 1000
    });
}
