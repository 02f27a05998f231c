//! `layers` turns red on every kind of planted fault.

use crate::scratch::{House, inner, xtask};

#[test]
fn a_clean_house_passes_and_says_what_is_pending() {
    let answer = xtask(House::new().root(), &["layers"]);
    assert!(answer.ok, "{}", answer.text);
    assert!(
        answer
            .text
            .contains("pending: wasmtime until room security/sandbox is built"),
        "{}",
        answer.text
    );
}

#[test]
fn a_forbidden_edge_is_red() {
    let house = House::new();
    let dependencies =
        inner("voidstate-core", "core") + &inner("voidstate-anomaly", "algorithms/anomaly");
    house.krate("sources/host", "voidstate-host", &dependencies);
    let answer = xtask(house.root(), &["layers"]);
    assert!(!answer.ok);
    let line = "sources/host -> voidstate-anomaly (dependency): sources may depend on core, codec, types only";
    assert!(answer.text.contains(line), "{}", answer.text);
}

#[test]
fn a_leaking_signature_is_red() {
    let house = House::new();
    house.write(
        "crates/tools/anomaly/src/lib.rs",
        "//! Leaks.\nuse voidstate_anomaly::Detector;\n/// Leaks.\npub fn detector() -> Detector {\n    Detector::new()\n}\n",
    );
    let answer = xtask(house.root(), &["layers"]);
    assert!(!answer.ok);
    assert!(
        answer
            .text
            .contains("lib.rs:4: fn detector names `voidstate_anomaly::Detector`"),
        "{}",
        answer.text
    );
}

#[test]
fn bincode_outside_codec_is_red() {
    let house = House::new();
    house.write(
        "crates/sources/host/src/wire.rs",
        "fn f() -> bincode::Config {\n    bincode::config()\n}\n",
    );
    let answer = xtask(house.root(), &["layers"]);
    assert!(
        !answer.ok
            && answer
                .text
                .contains("wire.rs names bincode; only codec may"),
        "{}",
        answer.text
    );

    let house = House::new();
    house.krate(
        "sources/host",
        "voidstate-host",
        "wire = { package = \"bincode\", version = \"2\" }\n",
    );
    let answer = xtask(house.root(), &["layers"]);
    assert!(
        !answer.ok && answer.text.contains("sources/host depends on bincode"),
        "{}",
        answer.text
    );
}

#[test]
fn a_package_of_the_card_that_nobody_uses_is_red() {
    let house = House::new();
    house.krate("algorithms/causal", "voidstate-causal", "");
    let answer = xtask(house.root(), &["layers"]);
    assert!(
        !answer.ok
            && answer
                .text
                .contains("nalgebra is no crate's direct dependency"),
        "{}",
        answer.text
    );
}
