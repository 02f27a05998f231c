//! What only shows when code is generated, by real compilation.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "programs are built and run here"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The library as a file, and where its dependencies are.
struct Library {
    rlib: PathBuf,
    deps: PathBuf,
}

fn scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("built")
}

fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

/// Built once, in a target directory of its own: that of the tests may be locked by whoever runs them.
fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let output = Command::new(cargo())
            .args(["build", "--offline", "--message-format=json", "--release"])
            .args([
                "--manifest-path",
                concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
            ])
            .args(["-p", env!("CARGO_PKG_NAME"), "--lib", "--target-dir"])
            .arg(scratch())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let told = String::from_utf8(output.stdout).unwrap();
        let artifact = told.lines().rfind(|line| {
            line.contains("compiler-artifact") && line.contains("libvoidstate_linear")
        });
        let mut names = artifact.unwrap().split('"');
        let rlib = names.rfind(|name| name.ends_with(".rlib")).unwrap();
        Library {
            rlib: rlib.into(),
            deps: scratch().join("release/deps"),
        }
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Way {
    level: &'static str,
    panic: &'static str,
}

const UNWIND: [Way; 2] = [
    Way {
        level: "0",
        panic: "unwind",
    },
    Way {
        level: "3",
        panic: "unwind",
    },
];
const ABORT: [Way; 2] = [
    Way {
        level: "0",
        panic: "abort",
    },
    Way {
        level: "3",
        panic: "abort",
    },
];

/// Compiles a case; the error text where it is refused.
fn compile(case: &str, way: Way, emit: &str) -> Result<PathBuf, String> {
    let library = library();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/built/{case}.rs"));
    let out = scratch().join(format!("{case}-{}-{}.{emit}", way.level, way.panic));
    let rustc =
        std::env::var_os("RUSTC").map_or_else(|| cargo().with_file_name("rustc"), PathBuf::from);
    let output = Command::new(rustc)
        .args(["--edition=2024", "--color=never", "-Cdebuginfo=0"])
        .arg(format!("-Copt-level={}", way.level))
        .arg(format!("-Cpanic={}", way.panic))
        .arg(format!("--emit={emit}={}", out.display()))
        .arg(format!(
            "--extern=voidstate_linear={}",
            library.rlib.display()
        ))
        .arg(format!("-Ldependency={}", library.deps.display()))
        .arg(source)
        // Names of types that are too long for a message go into a file there.
        .current_dir(scratch())
        .output()
        .unwrap();
    match output.status.success() {
        true => Ok(out),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn builds(case: &str, ways: &[Way]) {
    for way in ways {
        if let Err(told) = compile(case, *way, "obj") {
            panic!("{case} must build {way:?}:\n{told}");
        }
    }
}

fn is_refused(case: &str, ways: &[Way]) {
    for way in ways {
        let Err(told) = compile(case, *way, "obj") else {
            panic!("{case} must not build {way:?}");
        };
        assert!(
            told.contains("can be dropped unused here"),
            "{case} {way:?}:\n{told}"
        );
    }
}

#[test]
fn static_builds_when_it_is_used_on_every_path() {
    for case in ["used_on_every_path", "tokens"] {
        builds(case, &UNWIND);
        builds(case, &ABORT);
    }
}

#[test]
fn static_does_not_build_when_it_is_dropped() {
    for case in ["dropped", "early_return", "in_a_cycle"] {
        is_refused(case, &UNWIND);
        is_refused(case, &ABORT);
    }
}

#[test]
fn static_across_a_call_builds_only_where_panics_abort() {
    for case in ["across_a_call", "let_pattern"] {
        is_refused(case, &UNWIND);
        builds(case, &ABORT);
    }
}

#[test]
fn static_in_a_result_wants_both_sides_named() {
    builds("result_named", &UNWIND);
    builds("result_named", &ABORT);
    for case in [
        "result_unnamed",
        "result_if_let",
        "result_let_else",
        "result_ok",
    ] {
        is_refused(case, &UNWIND);
        is_refused(case, &ABORT);
    }
    is_refused("result_question", &UNWIND);
    builds("result_question", &ABORT);
}

#[test]
fn static_does_not_see_forgetting_and_checking_does_not_see_static() {
    builds("forgotten", &UNWIND);
    for way in UNWIND {
        compile("dropped", way, "metadata").unwrap();
    }
}

/// The instructions of each function, without labels and directives.
fn functions(assembly: &str) -> BTreeMap<String, Vec<String>> {
    let mut functions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut inside = None;
    for line in assembly.lines() {
        let code = line.trim();
        if let Some(label) = line
            .strip_suffix(':')
            .filter(|l| !l.starts_with(['.', ' ', '\t']))
        {
            inside = Some(label.trim_start_matches('_').to_owned());
        } else if let Some(function) = &inside
            && !code.is_empty()
            && !code.starts_with(['.', '#', '/'])
            && !code.ends_with(':')
        {
            functions
                .entry(function.clone())
                .or_default()
                .push(code.to_owned());
        }
        if code.starts_with(".size") {
            inside = None;
        }
    }
    functions
}

/// Bodies that the compiler found equal and gave several names (`a = b`).
fn other_names(assembly: &str) -> BTreeMap<&str, &str> {
    let named = assembly.lines().filter_map(|line| line.split_once(" = "));
    named
        .map(|(name, body)| (name.trim(), body.trim()))
        .collect()
}

#[test]
fn a_policy_adds_no_instruction() {
    let assembly = compile("same_code", UNWIND[1], "asm").unwrap();
    let assembly = std::fs::read_to_string(assembly).unwrap();
    let (functions, names) = (functions(&assembly), other_names(&assembly));
    let body = |name: &str| {
        let name = names.get(name).copied().unwrap_or(name);
        functions
            .get(name)
            .unwrap_or_else(|| panic!("{name} is not in the assembly"))
    };
    let plain = body("plain_first");
    assert!(plain.len() > 3, "{plain:?}");
    assert_ne!(
        plain,
        body("plain_other"),
        "the comparison must be able to fail"
    );
    for name in [
        "linear_static",
        "linear_bomb",
        "linear_scope",
        "linear_graded",
    ] {
        assert_eq!(body(name), plain, "{name}");
    }
}
