//! The lives of tools, as the compiler sees them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

fn scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui")
}

/// Builds the one library that the cases need; its file.
fn linear() -> PathBuf {
    let output = Command::new(cargo())
        .args(["build", "--offline", "--message-format=json", "--lib"])
        .args(["-p", "voidstate-linear", "--manifest-path"])
        .args([
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
            "--target-dir",
        ])
        .arg(scratch())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let told = String::from_utf8(output.stdout).unwrap();
    let mut names = told.split('"').filter(|n| n.ends_with(".rlib"));
    names
        .rfind(|n| n.contains("libvoidstate_linear"))
        .unwrap()
        .into()
}

fn compile(case: &Path, linear: &Path) -> Output {
    let rustc = std::env::var_os("RUSTC");
    let rustc = rustc.map_or_else(|| cargo().with_file_name("rustc"), PathBuf::from);
    Command::new(rustc)
        .args(["--edition=2024", "--color=never", "--crate-name=case", "-o"])
        .arg(scratch().join("case"))
        .arg(format!("--extern=voidstate_linear={}", linear.display()))
        .arg(format!(
            "-Ldependency={}",
            scratch().join("debug/deps").display()
        ))
        .arg(case)
        .output()
        .unwrap()
}

/// A failing case says in its first line what the compiler must say.
#[test]
fn no_other_step_of_a_life_compiles() {
    let linear = linear();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let (mut passed, mut refused) = (0, 0);
    for entry in std::fs::read_dir(cases).unwrap() {
        let case = entry.unwrap().path();
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("pass_") && !name.starts_with("fail_") {
            continue;
        }
        let source = std::fs::read_to_string(&case).unwrap();
        let output = compile(&case, &linear);
        let told = String::from_utf8_lossy(&output.stderr);
        if name.starts_with("pass_") {
            assert!(output.status.success(), "{name} must compile:\n{told}");
            let ran = Command::new(scratch().join("case")).output().unwrap();
            assert!(ran.status.success(), "{name}: {ran:?}");
            passed += 1;
        } else {
            let wanted = source.lines().next().and_then(|l| l.strip_prefix("//! "));
            assert!(!output.status.success(), "{name} must not compile");
            assert!(
                told.contains(wanted.unwrap()),
                "{name} must say {wanted:?}:\n{told}"
            );
            refused += 1;
        }
    }
    assert_eq!((passed, refused), (1, 6), "every case is compiled");
}
