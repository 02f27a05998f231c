//! Tools in processes of their own, as the program starts them.

use std::process::Stdio;

use crate::analyze::csv;
use crate::program::{output, voidstate};

#[test]
fn an_isolated_tool_finds_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let place = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let file = place("service.csv");
    std::fs::write(&file, csv(1500, 1000, 1008)).unwrap();
    let (code, home, stderr) = output(&mut voidstate(&["analyze", &file]));
    assert_eq!(code, 0, "{stderr}");
    assert!(home.contains("1 anomaly episode"), "{home}");
    let record = place("away.rec");
    let arguments = [
        "analyze",
        "--isolate",
        "anomaly",
        "--record",
        &record,
        &file,
    ];
    let (code, away, stderr) = output(&mut voidstate(&arguments));
    assert_eq!(code, 0, "{stderr}");
    // The last line says how long it took.
    let findings = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.contains(" in "));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(findings(&away), findings(&home));
    // A recording does not depend on where the tool ran.
    let (code, _, stderr) = output(&mut voidstate(&["replay", &record]));
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("identical"), "{stderr}");
}

#[test]
fn a_tool_that_is_not_there_cannot_be_isolated() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("service.csv");
    std::fs::write(&file, csv(100, 0, 0)).unwrap();
    for arguments in [
        &["watch", "--isolate", "anomaly,nobody"][..],
        &["analyze", "--isolate", "nobody", file.to_str().unwrap()],
    ] {
        let (code, _, stderr) = output(&mut voidstate(arguments));
        assert_eq!(code, 2, "{stderr}");
        assert!(
            stderr.contains("there is no such tool; there are anomaly"),
            "{stderr}"
        );
    }
}

#[test]
fn a_tool_host_without_an_engine_says_what_it_is() {
    let (code, stdout, stderr) = output(voidstate(&["tool-host", "nobody"]).stdin(Stdio::null()));
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
    assert!(
        stderr.contains("there is no such tool") && stderr.contains("try:"),
        "{stderr}"
    );
    let (code, stdout, stderr) = output(voidstate(&["tool-host", "anomaly"]).stdin(Stdio::null()));
    assert_eq!((code, stdout.as_str()), (3, ""), "{stderr}");
    assert!(stderr.contains("cannot be read"), "{stderr}");
}
