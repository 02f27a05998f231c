//! Cheaper pipelines with proofs.

use voidstate_equivalence::optimise::{optimise, prove};
use voidstate_equivalence::pipeline::Pipeline;
use voidstate_equivalence::rules::Rules;

fn optimised(text: &str) -> String {
    let pipeline: Pipeline = text.parse().unwrap();
    let done = optimise(&pipeline, Rules::standard()).unwrap();
    done.path.check(Rules::standard()).unwrap();
    println!("{}\n", done.path);
    done.pipeline.to_string()
}

#[test]
fn known_pipelines_become_cheaper() {
    assert_eq!(optimised("window max 10 | window max 6"), "window max 60");
    assert_eq!(
        optimised("map value * 0.001 | where value > 0.5 | window max 10 | window max 6"),
        "where value > 500 | window max 60 | map value * 0.001"
    );
    assert_eq!(
        optimised("tee max (delta | map value * 1, delta) | every 2 | every 3"),
        "delta | every 6"
    );
    assert_eq!(
        optimised("where value > 1 | where value > 2 | where finite(value)"),
        "where value > 2 and finite(value)"
    );
}

#[test]
fn equal_pipelines_are_proved() {
    let (a, b): (Pipeline, Pipeline) = (
        "where value > 1 | map value * 2".parse().unwrap(),
        "map value * 2 | where value > 2".parse().unwrap(),
    );
    let path = prove(&a, &b, Rules::standard()).unwrap().unwrap();
    println!("{path}");
    path.check(Rules::standard()).unwrap();
}
