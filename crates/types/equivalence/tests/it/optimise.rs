//! Cheaper pipelines with proofs.

use voidstate_equivalence::optimise::{optimise, prove};
use voidstate_equivalence::pipeline::Pipeline;
use voidstate_equivalence::rules::Rules;

fn optimised(text: &str) -> String {
    let pipeline: Pipeline = text.parse().unwrap();
    let done = optimise(&pipeline, Rules::standard()).unwrap();
    done.path.check(Rules::standard()).unwrap();
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
        "where finite(value) and value > 2"
    );
}

#[test]
fn equal_pipelines_are_proved() {
    let (a, b): (Pipeline, Pipeline) = (
        "where value > 1 | map value * 2".parse().unwrap(),
        "map value * 2 | where value > 2".parse().unwrap(),
    );
    let path = prove(&a, &b, Rules::standard()).unwrap().unwrap();
    path.check(Rules::standard()).unwrap();
}

#[test]
fn a_search_ends_soon_where_pipelines_equal_themselves() {
    // Each stage may be repeated for ever without a change.
    for text in [
        "dedup | dedup | where value > 1 | where value > 1 | where value > 2 | map abs(value) | map abs(value)",
        "delta | map value * 2 | where false | window sum 3 | every 2 | skip 4",
        "where value > 1 | where value > 2 | where value > 3 | where value > 4 | where value > 5 | where finite(value)",
        "skip 1 | every 2 | skip 3 | every 4 | take 9 | skip 2 | every 2 | take 3",
    ] {
        let cheaper = optimised(text);
        assert!(cheaper.len() < text.len(), "{cheaper}");
    }
}
