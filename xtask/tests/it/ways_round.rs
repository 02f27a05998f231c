//! Every way round effects is a lint error where effects must be declared, and nothing else is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::scratch::{House, xtask};

/// A way round for each method and type that no crate below tools, algorithms and types may use.
const WAYS: [(&str, &str); 87] = [
    ("std::time::Instant::now", "std::time::Instant::now()"),
    (
        "std::time::Instant::elapsed",
        "(|i: std::time::Instant| i.elapsed())",
    ),
    ("std::time::SystemTime::now", "std::time::SystemTime::now()"),
    (
        "std::time::SystemTime::elapsed",
        "std::time::UNIX_EPOCH.elapsed()",
    ),
    (
        "std::hash::RandomState::new",
        "std::hash::RandomState::new()",
    ),
    (
        "std::hash::DefaultHasher::new",
        "std::hash::DefaultHasher::new()",
    ),
    (
        "std::collections::HashMap::iter",
        "(|mut c: std::collections::HashMap<u8, u8>| { c.iter(); })",
    ),
    (
        "std::collections::HashMap::iter_mut",
        "(|mut c: std::collections::HashMap<u8, u8>| { c.iter_mut(); })",
    ),
    (
        "std::collections::HashMap::keys",
        "(|mut c: std::collections::HashMap<u8, u8>| { c.keys(); })",
    ),
    (
        "std::collections::HashMap::values",
        "(|mut c: std::collections::HashMap<u8, u8>| { c.values(); })",
    ),
    (
        "std::collections::HashMap::values_mut",
        "(|mut c: std::collections::HashMap<u8, u8>| { c.values_mut(); })",
    ),
    (
        "std::collections::HashMap::into_keys",
        "(|c: std::collections::HashMap<u8, u8>| { c.into_keys(); })",
    ),
    (
        "std::collections::HashMap::into_values",
        "(|c: std::collections::HashMap<u8, u8>| { c.into_values(); })",
    ),
    (
        "std::collections::HashMap::drain",
        "(|mut c: std::collections::HashMap<u8, u8>| { c.drain(); })",
    ),
    (
        "std::collections::HashMap::retain",
        "(|mut c: std::collections::HashMap<u8, u8>| { c.retain(|_, _| true); })",
    ),
    (
        "std::collections::HashSet::iter",
        "(|mut c: std::collections::HashSet<u8>| { c.iter(); })",
    ),
    (
        "std::collections::HashSet::drain",
        "(|mut c: std::collections::HashSet<u8>| { c.drain(); })",
    ),
    (
        "std::collections::HashSet::retain",
        "(|mut c: std::collections::HashSet<u8>| { c.retain(|_| true); })",
    ),
    ("std::fs::canonicalize", r#"std::fs::canonicalize("a")"#),
    ("std::fs::copy", r#"std::fs::copy("a", "b")"#),
    ("std::fs::create_dir", r#"std::fs::create_dir("a")"#),
    ("std::fs::create_dir_all", r#"std::fs::create_dir_all("a")"#),
    ("std::fs::exists", r#"std::fs::exists("a")"#),
    ("std::fs::hard_link", r#"std::fs::hard_link("a", "b")"#),
    ("std::fs::metadata", r#"std::fs::metadata("a")"#),
    ("std::fs::read", r#"std::fs::read("a")"#),
    ("std::fs::read_dir", r#"std::fs::read_dir("a")"#),
    ("std::fs::read_link", r#"std::fs::read_link("a")"#),
    ("std::fs::read_to_string", r#"std::fs::read_to_string("a")"#),
    ("std::fs::remove_dir", r#"std::fs::remove_dir("a")"#),
    ("std::fs::remove_dir_all", r#"std::fs::remove_dir_all("a")"#),
    ("std::fs::remove_file", r#"std::fs::remove_file("a")"#),
    ("std::fs::rename", r#"std::fs::rename("a", "b")"#),
    (
        "std::fs::symlink_metadata",
        r#"std::fs::symlink_metadata("a")"#,
    ),
    ("std::fs::write", r#"std::fs::write("a", "b")"#),
    (
        "std::fs::set_permissions",
        "std::fs::set_permissions::<&str>",
    ),
    (
        "std::path::Path::canonicalize",
        r#"std::path::Path::new("a").canonicalize()"#,
    ),
    (
        "std::path::Path::exists",
        r#"std::path::Path::new("a").exists()"#,
    ),
    (
        "std::path::Path::is_dir",
        r#"std::path::Path::new("a").is_dir()"#,
    ),
    (
        "std::path::Path::is_file",
        r#"std::path::Path::new("a").is_file()"#,
    ),
    (
        "std::path::Path::is_symlink",
        r#"std::path::Path::new("a").is_symlink()"#,
    ),
    (
        "std::path::Path::metadata",
        r#"std::path::Path::new("a").metadata()"#,
    ),
    (
        "std::path::Path::read_dir",
        r#"std::path::Path::new("a").read_dir()"#,
    ),
    (
        "std::path::Path::read_link",
        r#"std::path::Path::new("a").read_link()"#,
    ),
    (
        "std::path::Path::symlink_metadata",
        r#"std::path::Path::new("a").symlink_metadata()"#,
    ),
    (
        "std::path::Path::try_exists",
        r#"std::path::Path::new("a").try_exists()"#,
    ),
    (
        "std::os::unix::fs::symlink",
        r#"std::os::unix::fs::symlink("a", "b")"#,
    ),
    (
        "std::net::ToSocketAddrs::to_socket_addrs",
        r#"std::net::ToSocketAddrs::to_socket_addrs("a:1")"#,
    ),
    ("std::env::args", "std::env::args()"),
    ("std::env::args_os", "std::env::args_os()"),
    ("std::env::current_dir", "std::env::current_dir()"),
    ("std::env::current_exe", "std::env::current_exe()"),
    ("std::env::home_dir", "std::env::home_dir()"),
    ("std::env::temp_dir", "std::env::temp_dir()"),
    ("std::env::vars", "std::env::vars()"),
    ("std::env::vars_os", "std::env::vars_os()"),
    ("std::env::remove_var", "std::env::remove_var::<&str>"),
    ("std::env::set_var", "std::env::set_var::<&str, &str>"),
    (
        "std::env::set_current_dir",
        r#"std::env::set_current_dir("a")"#,
    ),
    ("std::env::var", r#"std::env::var("a")"#),
    ("std::env::var_os", r#"std::env::var_os("a")"#),
    ("std::process::abort", "std::process::abort as fn() -> !"),
    ("std::process::exit", "std::process::exit as fn(i32) -> !"),
    ("std::process::id", "std::process::id()"),
    (
        "std::os::unix::process::parent_id",
        "std::os::unix::process::parent_id()",
    ),
    (
        "std::thread::available_parallelism",
        "std::thread::available_parallelism()",
    ),
    ("std::thread::current", "std::thread::current()"),
    ("std::thread::park", "std::thread::park()"),
    (
        "std::thread::park_timeout",
        "std::thread::park_timeout(std::time::Duration::ZERO)",
    ),
    ("std::thread::scope", "std::thread::scope(|_| ())"),
    (
        "std::thread::sleep",
        "std::thread::sleep(std::time::Duration::ZERO)",
    ),
    ("std::thread::spawn", "std::thread::spawn(|| ())"),
    ("std::thread::yield_now", "std::thread::yield_now()"),
    ("std::io::stdin", "std::io::stdin()"),
    ("std::io::stdout", "std::io::stdout()"),
    ("std::io::stderr", "std::io::stderr()"),
    (
        "std::fs::DirBuilder",
        "std::mem::size_of::<std::fs::DirBuilder>()",
    ),
    ("std::fs::File", r#"std::fs::File::open("a")"#),
    ("std::fs::OpenOptions", "std::fs::OpenOptions::new()"),
    (
        "std::net::TcpListener",
        r#"std::net::TcpListener::bind("a:1")"#,
    ),
    (
        "std::net::TcpStream",
        r#"std::net::TcpStream::connect("a:1")"#,
    ),
    ("std::net::UdpSocket", r#"std::net::UdpSocket::bind("a:1")"#),
    (
        "std::os::unix::net::UnixDatagram",
        r#"std::os::unix::net::UnixDatagram::bind("a")"#,
    ),
    (
        "std::os::unix::net::UnixListener",
        r#"std::os::unix::net::UnixListener::bind("a")"#,
    ),
    (
        "std::os::unix::net::UnixStream",
        r#"std::os::unix::net::UnixStream::connect("a")"#,
    ),
    (
        "std::process::Command",
        r#"std::process::Command::new("a")"#,
    ),
    (
        "std::thread::Builder",
        "std::thread::Builder::new().spawn(|| ())",
    ),
];

/// The ways round that a tool has besides.
const TOOL_WAYS: [(&str, &str); 14] = [
    (
        "voidstate_core::Ctx::now",
        "(|c: &mut dyn voidstate_core::Ctx| { c.now(); })",
    ),
    (
        "voidstate_core::Ctx::random",
        "(|c: &mut dyn voidstate_core::Ctx| { c.random(); })",
    ),
    (
        "voidstate_core::Ctx::read_state",
        r#"(|c: &mut dyn voidstate_core::Ctx| { c.read_state("a"); })"#,
    ),
    (
        "voidstate_core::Ctx::write_state",
        r#"(|c: &mut dyn voidstate_core::Ctx| { c.write_state("a", b"b"); })"#,
    ),
    (
        "voidstate_core::Ctx::store",
        "(|c: &mut dyn voidstate_core::Ctx| { c.store().is_ok(); })",
    ),
    (
        "voidstate_core::Ctx::log",
        r#"(|c: &mut dyn voidstate_core::Ctx| { c.log(voidstate_core::LogLevel::Info, "a"); })"#,
    ),
    (
        "voidstate_core::Ctx::metric",
        "(|c: &mut dyn voidstate_core::Ctx| { c.metric(unreachable!(), 1.0); })",
    ),
    (
        "voidstate_core::Ctx::metric_like",
        "(|c: &mut dyn voidstate_core::Ctx| { c.metric_like(unreachable!(), unreachable!(), 1.0); })",
    ),
    (
        "voidstate_core::Ctx::session_is_open",
        r#"(|c: &mut dyn voidstate_core::Ctx| { c.session_is_open("a"); })"#,
    ),
    (
        "voidstate_core::Ctx::session_send",
        r#"(|c: &mut dyn voidstate_core::Ctx| { c.session_send("a", "b", "c", vec![]); })"#,
    ),
    (
        "voidstate_core::Ctx::session_receive",
        r#"(|c: &mut dyn voidstate_core::Ctx| { c.session_receive("a"); })"#,
    ),
    (
        "voidstate_core::Ctx::emit",
        "(|c: &mut dyn voidstate_core::Ctx| { c.emit(unreachable!()); })",
    ),
    (
        "voidstate_core::Ctx::read_file",
        r#"(|c: &mut dyn voidstate_core::Ctx| { c.read_file("a", 1); })"#,
    ),
    (
        "voidstate_core::Allowed::untyped",
        "(|c: &mut voidstate_core::Allowed<'_, ()>| { c.untyped(); })",
    ),
];

/// A program in which nothing is wrong: no order of hashes, no clock, no file.
const RIGHT: &str = "//! A crate.\nuse std::collections::{BTreeMap, HashMap};\n\
    /// The value of each key.\npub fn values(keys: &[u32], map: &HashMap<u32, u32>) -> BTreeMap<u32, Option<u32>> {\n\
    keys.iter().map(|key| (*key, map.get(key).copied())).collect()\n}\n\
    /// How long two are.\npub fn sum(a: std::time::Duration, b: std::time::Duration) -> std::time::Duration {\n\
    a.saturating_add(b)\n}\n";

/// What a tool may do with its context.
const RIGHT_TOOL: &str = "/// Says the time.\npub fn say(ctx: &mut voidstate_core::Allowed<'_, (\n    \
    voidstate_core::effects::Clock,\n    voidstate_core::effects::Log,\n)>) -> voidstate_core::Result<()> {\n    \
    let now = ctx.now()?;\n    ctx.log(voidstate_core::LogLevel::Info, &now.to_string())\n}\n";

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// What clippy says of one crate below `crates/LAYER` with the repository's settings.
struct Said {
    ok: bool,
    /// Lines of lib.rs, from 1, on which a forbidden method or type is an error.
    lines: BTreeSet<u64>,
    /// What it says of the settings themselves.
    settings: Vec<String>,
    text: String,
}

fn clippy(dir: &Path, layer: &str, lib: &str) -> Said {
    let probe = dir.join("crates").join(layer).join("probe");
    std::fs::create_dir_all(probe.join("src")).unwrap();
    let settings = format!("crates/{layer}/clippy.toml");
    std::fs::copy(repository().join(&settings), dir.join(&settings)).unwrap();
    std::fs::copy(repository().join("Cargo.lock"), probe.join("Cargo.lock")).unwrap();
    let core = repository().join("crates/core");
    let dependency = match layer {
        "tools" => format!(
            "voidstate-core = {{ path = {:?} }}\n",
            core.to_str().unwrap()
        ),
        _ => String::new(),
    };
    let manifest = format!(
        "[package]\nname = \"probe-{layer}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\n{dependency}[profile.ci]\ninherits = \"dev\"\nopt-level = 1\ndebug = \"line-tables-only\"\n\
         incremental = false\npanic = \"unwind\"\n"
    );
    std::fs::write(probe.join("Cargo.toml"), manifest).unwrap();
    std::fs::write(probe.join("src/lib.rs"), lib).unwrap();
    let target: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .into();
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(&probe)
        .env("CARGO_TARGET_DIR", target)
        .env_remove("CLIPPY_CONF_DIR")
        .args("clippy --offline --profile ci --message-format=json -- -D warnings".split(' '))
        .output()
        .unwrap();
    let [out, err] =
        [output.stdout, output.stderr].map(|b| String::from_utf8_lossy(&b).into_owned());
    let mut said = Said {
        ok: output.status.success(),
        lines: BTreeSet::new(),
        settings: Vec::new(),
        text: err,
    };
    for line in out.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let message = &value["message"];
        let Some(spans) = message["spans"].as_array() else {
            continue;
        };
        said.text.push_str(message["rendered"].as_str().unwrap());
        let code = message["code"]["code"].as_str().unwrap_or_default();
        for span in spans.iter().filter(|span| span["is_primary"] == true) {
            let file = span["file_name"].as_str().unwrap();
            if file.ends_with("clippy.toml") {
                said.settings.push(message["rendered"].to_string());
            } else if matches!(
                code,
                "clippy::disallowed_methods" | "clippy::disallowed_types"
            ) && message["level"] == "error"
            {
                said.lines.insert(span["line_start"].as_u64().unwrap());
            }
        }
    }
    said
}

/// A library with each way on a line of its own, from the first line on.
fn planted<'a>(ways: impl Iterator<Item = &'a (&'a str, &'a str)>) -> String {
    let line = |(at, (_, way)): (usize, &(&str, &str))| {
        format!("pub fn way_{at}() {{ let _ = {way}; }}\n")
    };
    ways.enumerate().map(line).collect()
}

/// Every path that the file forbids.
fn forbidden(layer: &str) -> BTreeSet<String> {
    let path = repository().join(format!("crates/{layer}/clippy.toml"));
    let table: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let lists =
        ["disallowed-methods", "disallowed-types"].map(|key| table[key].as_array().unwrap());
    let entries = lists.into_iter().flatten();
    entries
        .map(|entry| entry["path"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_way_round_effects_is_a_lint_error() {
    let dir = tempfile::tempdir().unwrap();
    for layer in ["types", "algorithms", "tools"] {
        let own: &[(&str, &str)] = if layer == "tools" { &TOOL_WAYS } else { &[] };
        let ways = || WAYS.iter().chain(own);
        let named: BTreeSet<String> = ways().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(
            forbidden(layer),
            named,
            "{layer}: one way for each that is forbidden"
        );
        let said = clippy(dir.path(), layer, &planted(ways()));
        assert!(
            !said.ok && said.settings.is_empty(),
            "{layer}: {:?}",
            said.settings
        );
        let missed: Vec<_> = (1..)
            .zip(ways())
            .filter(|(line, _)| !said.lines.contains(line))
            .collect();
        assert!(missed.is_empty(), "{layer}: {missed:?} in {}", said.text);
        assert_eq!(said.lines.len(), ways().count());
    }
}

#[test]
fn what_is_no_way_round_passes() {
    let dir = tempfile::tempdir().unwrap();
    for (layer, more) in [("types", ""), ("algorithms", ""), ("tools", RIGHT_TOOL)] {
        let said = clippy(dir.path(), layer, &format!("{RIGHT}{more}"));
        assert!(
            said.ok && said.settings.is_empty(),
            "{layer}: {}",
            said.text
        );
    }
}

#[test]
fn the_settings_of_a_layer_are_compared_with_the_root() {
    let house = House::new();
    let copy = |path: &str| {
        let text = std::fs::read_to_string(repository().join(path)).unwrap();
        house.write(path, &text);
        text
    };
    let root = copy("clippy.toml");
    copy("crates/core/src/context.rs");
    copy("crates/algorithms/clippy.toml");
    let tools = copy("crates/tools/clippy.toml");
    // The house's crates are none that clippy could be run on; what is said before it counts.
    let found = |words: &str| {
        xtask(house.root(), &["lint", "clippy"])
            .text
            .contains(words)
    };
    assert!(!found("clippy.toml"));
    house.write(
        "clippy.toml",
        &root.replace(
            "allow-print-in-tests = true\n",
            "allow-print-in-tests = false\n",
        ),
    );
    assert!(found(
        "crates/tools/clippy.toml lacks `allow-print-in-tests = false`"
    ));
    house.write("clippy.toml", &root);
    house.write(
        "crates/tools/clippy.toml",
        &tools.replace("voidstate_core::Ctx::random", "std::fs::read"),
    );
    assert!(found(
        "crates/tools/clippy.toml does not forbid voidstate_core::Ctx::random"
    ));
    std::fs::remove_file(house.root().join("crates/tools/clippy.toml")).unwrap();
    assert!(found("crates/tools/clippy.toml is not there"));
}
