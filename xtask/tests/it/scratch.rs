//! Workspaces to plant faults in.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A small house: core, codec, one source, one algorithm, one tool, and the app.
pub(crate) struct House {
    dir: tempfile::TempDir,
}

/// What the program answered.
pub(crate) struct Answer {
    pub(crate) ok: bool,
    /// Both streams.
    pub(crate) text: String,
}

/// Runs the program on the workspace at `root`.
pub(crate) fn xtask(root: &Path, args: &[&str]) -> Answer {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(args)
        .arg("--root")
        .arg(root)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr]
        .map(|b| String::from_utf8_lossy(&b).into_owned())
        .concat();
    Answer {
        ok: output.status.success(),
        text,
    }
}

impl House {
    /// A house in which nothing is wrong.
    pub(crate) fn new() -> Self {
        let house = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        house.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"crates/core\", \"crates/codec\", \"crates/sources/*\", \
             \"crates/algorithms/*\", \"crates/tools/*\", \"crates/voidstate\"]\n",
        );
        house.krate(
            "core",
            "voidstate-core",
            "serde = \"1\"\n[dev-dependencies]\nproptest = \"1\"\n",
        );
        house.krate("codec", "voidstate-codec", "bincode = \"2\"\n");
        house.krate(
            "sources/host",
            "voidstate-host",
            &inner("voidstate-core", "core"),
        );
        house.krate(
            "algorithms/anomaly",
            "voidstate-anomaly",
            "statrs = \"0.19\"\n",
        );
        let uses =
            inner("voidstate-core", "core") + &inner("voidstate-anomaly", "algorithms/anomaly");
        house.krate("tools/anomaly", "voidstate-tool-anomaly", &uses);
        house.krate(
            "voidstate",
            "voidstate",
            &inner("voidstate-host", "sources/host").replace("../../", "../"),
        );
        house
    }

    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// A crate with these dependencies and an empty library.
    pub(crate) fn krate(&self, room: &str, name: &str, dependencies: &str) {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n{dependencies}"
        );
        self.write(&format!("crates/{room}/Cargo.toml"), &manifest);
        self.write(&format!("crates/{room}/src/lib.rs"), "//! Nothing.\n");
    }
}

/// A dependency line on another crate of the house, for a crate in a layer's directory.
pub(crate) fn inner(name: &str, room: &str) -> String {
    format!("{name} = {{ path = \"../../{room}\", version = \"0.1.0\" }}\n")
}

/// A copy of this repository's work tree without build output and history.
pub(crate) fn copy_of_the_repository(name: &str) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if to.exists() {
        std::fs::remove_dir_all(&to).unwrap();
    }
    copy(from, &to);
    to
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, name) = (entry.path(), entry.file_name());
        if name == ".git" || name.to_string_lossy().starts_with("target") {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}
