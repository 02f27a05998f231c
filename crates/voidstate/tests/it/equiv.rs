//! `voidstate equiv` and `voidstate tools --laws`.

use serde_json::Value;

use crate::program::{output, voidstate};

fn equiv(args: &[&str]) -> (i32, String, String) {
    let dir = tempfile::tempdir().unwrap();
    output(voidstate(&[&["equiv"], args].concat()).current_dir(dir.path()))
}

#[test]
fn a_proof_is_printed_step_by_step() {
    let two = "where value > 1 | where value < 9";
    let (code, out, _) = equiv(&[two, "where value > 1 and value < 9", "--require", "proved"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.starts_with("proved: 2 rewrites"), "{out}");
    let steps: Vec<_> = out.lines().skip(1).map(str::trim).collect();
    assert_eq!(
        steps,
        [
            two,
            "= where value < 9 and value > 1    by fuse-where",
            "= where value > 1 and value < 9    by simplify-condition backwards",
        ]
    );
    let (code, out, _) = equiv(&["--json", "sliding min 2 | sliding min 3", "sliding min 4"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &json["grade"]), (0, &Value::from("proved")));
    assert_eq!(json["path"][0][1], "sliding min 4");
    assert_eq!(json["separating"], Value::Null);
}

#[test]
fn what_differs_is_shown_on_a_shortest_input() {
    let (code, out, _) = equiv(&["window max 2", "window min 2"]);
    assert_eq!(code, 1);
    assert!(out.starts_with("refuted:"), "{out}");
    assert_eq!(
        out.lines().filter(|line| line.starts_with("  ")).count(),
        2,
        "two samples: {out}"
    );
    let (code, out, _) = equiv(&["map value + 1 + 2", "map value + 3", "--json"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &json["grade"]),
        (1, &Value::from("refuted")),
        "floats do not associate: {out}"
    );
    assert_eq!(json["separating"]["input"].as_array().unwrap().len(), 1);
}

#[test]
fn of_tools_no_more_than_tested_is_said() {
    let (code, out, _) = equiv(&["anomaly", "anomaly", "--cases", "2"]);
    assert_eq!(code, 0, "{out}");
    assert!(
        out.starts_with("tested: no difference") && out.contains("proves nothing"),
        "{out}"
    );
    let (code, out, _) = equiv(&[
        "anomaly",
        "anomaly",
        "--cases",
        "2",
        "--require",
        "bisimilar",
    ]);
    assert_eq!(code, 1);
    assert!(
        out.contains("tested is less than the bisimilar that is required"),
        "{out}"
    );
    let (code, out, _) = equiv(&["anomaly", "window max 3", "--cases", "2"]);
    assert_eq!(code, 1);
    assert!(out.starts_with("refuted: at step"), "{out}");
}

#[test]
fn what_cannot_be_compared_is_told() {
    let (code, _, err) = equiv(&["window max", "pass"]);
    assert_eq!(code, 2);
    assert!(
        err.contains("neither a tool nor a pipeline") && err.contains('^'),
        "{err}"
    );
    let (code, _, err) = equiv(&["anomaly", "thing.wasm"]);
    assert_eq!(code, 2);
    assert!(err.contains("no sandbox"), "{err}");
}

#[test]
fn the_tools_are_a_category_and_say_how_often_that_was_tried() {
    let dir = tempfile::tempdir().unwrap();
    let lines = "[[pipeline]]\nname = \"p\"\nseries = \"**\"\nsteps = \"sliding max 3 | delta\"\n";
    std::fs::write(dir.path().join("voidstate.toml"), lines).unwrap();
    let mut command = voidstate(&["tools", "--laws"]);
    let (code, out, err) = output(command.current_dir(dir.path()));
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(out.lines().count(), 4);
    for part in [
        "are a category: repeatability 9",
        "associativity 81 cases",
        "traced tool is a functor",
        "natural",
        "window is a functor",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let (code, out, _) = output(voidstate(&["tools", "--laws", "--json"]).current_dir(dir.path()));
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, json.as_array().unwrap().len()), (0, 4));
}
