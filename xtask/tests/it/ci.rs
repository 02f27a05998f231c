//! `ci` names what failed and shows its output; the command line is taken at its word.

use crate::scratch::{House, inner, xtask};

#[test]
fn the_failing_step_is_named_with_its_output_and_the_others_still_run() {
    let house = House::new();
    house.krate(
        "codec",
        "voidstate-codec",
        &("bincode = \"2\"\n".to_owned()
            + &inner("voidstate-core", "core").replace("../../", "../")),
    );
    let answer = xtask(house.root(), &["ci", "layers", "spec"]);
    assert!(!answer.ok);
    let parts = [
        "[1/2] layers",
        "codec -> voidstate-core (dependency): codec may depend on no crate of the workspace",
        "[2/2] spec",
        "  FAILED: layers: 1 found",
        "\ntotal ",
        "steps that did not pass: 2 found",
    ];
    for part in parts {
        assert!(answer.text.contains(part), "{part} in {}", answer.text);
    }
    assert!(house.root().join("target/ci-logs/layers.log").is_file());
}

#[test]
fn a_green_run_says_so() {
    let answer = xtask(House::new().root(), &["ci", "layers"]);
    assert!(
        answer.ok && answer.text.contains("  ok: 6 crates"),
        "{}",
        answer.text
    );
}

#[test]
fn nonsense_is_a_usage_error() {
    let house = House::new();
    for args in [
        &["dance"][..],
        &["ci", "dance"],
        &["layers", "now"],
        &["bench"],
        &["soak", "dance"],
        &["soak", "--minutes", "never"],
        &["new", "x"],
        &["new", "x", "--layer", "attic"],
        &["pick", "dance"],
        &["lint", "dance"],
    ] {
        let answer = xtask(house.root(), args);
        assert!(
            !answer.ok && answer.text.contains("`cargo xtask help` lists the verbs"),
            "{args:?}: {}",
            answer.text
        );
    }
}
