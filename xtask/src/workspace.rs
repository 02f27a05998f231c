//! The workspace as `cargo metadata` tells it: packages, the room each lives in, what each depends on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::{Error, Result};
use crate::shell::Shell;

/// A layer of the house: the directory a crate lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    Core,
    Codec,
    Runtime,
    Types,
    Algorithms,
    Distributed,
    Security,
    Observability,
    Sources,
    Verify,
    Tools,
    Interfaces,
    App,
    Xtask,
}

impl Layer {
    /// Layers that are directories of crates, by name.
    pub(crate) const DIRECTORIES: [(&'static str, Self); 9] = [
        ("types", Self::Types),
        ("algorithms", Self::Algorithms),
        ("distributed", Self::Distributed),
        ("security", Self::Security),
        ("observability", Self::Observability),
        ("sources", Self::Sources),
        ("verify", Self::Verify),
        ("tools", Self::Tools),
        ("interfaces", Self::Interfaces),
    ];

    /// The layer's name in the house plan.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Codec => "codec",
            Self::Runtime => "runtime",
            Self::App => "app",
            Self::Xtask => "xtask",
            other => Self::DIRECTORIES
                .iter()
                .find(|(_, l)| *l == other)
                .map_or("", |(n, _)| n),
        }
    }

    fn of(room: &str) -> Option<Self> {
        match room {
            "core" => Some(Self::Core),
            "codec" => Some(Self::Codec),
            "runtime" => Some(Self::Runtime),
            "voidstate" => Some(Self::App),
            "xtask" => Some(Self::Xtask),
            _ => {
                let (layer, name) = room.split_once('/')?;
                let known = Self::DIRECTORIES.iter().find(|(n, _)| *n == layer)?;
                (!name.is_empty() && !name.contains('/')).then_some(known.1)
            }
        }
    }
}

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Build,
    Dev,
}

/// One line of a manifest's dependency tables.
#[derive(Debug, Clone)]
pub(crate) struct Dependency {
    /// Package name.
    pub(crate) name: String,
    /// Name it is called in source, when renamed.
    pub(crate) rename: Option<String>,
    pub(crate) kind: Kind,
    /// Version requirement; `*` when none is given.
    pub(crate) req: String,
    /// Whether it is given by path.
    pub(crate) by_path: bool,
    pub(crate) features: Vec<String>,
    pub(crate) default_features: bool,
}

/// A member of the workspace.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Name of its library in source, if it has one.
    pub(crate) lib: Option<String>,
    pub(crate) dir: PathBuf,
    /// Directory below `crates/` (or `xtask`), such as `algorithms/anomaly`.
    pub(crate) room: String,
    pub(crate) layer: Layer,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// `package.metadata.voidstate.bench`: why there is no bench.
    pub(crate) bench_exemption: Option<String>,
}

impl Package {
    /// The name without the house's prefix: names the spec page, the bench and its gates.
    pub(crate) fn short(&self) -> &str {
        self.name.strip_prefix("voidstate-").unwrap_or(&self.name)
    }

    /// Whether this is the procedural-macro sibling of another crate.
    pub(crate) fn is_macros(&self) -> bool {
        self.room.ends_with("-macros")
    }

    /// The room of the crate whose macros these are.
    pub(crate) fn owner_room(&self) -> Option<&str> {
        self.room.strip_suffix("-macros")
    }

    /// Whether it is a library somebody may depend on: neither the app nor macros nor xtask.
    pub(crate) fn is_library(&self) -> bool {
        !self.is_macros() && !matches!(self.layer, Layer::App | Layer::Xtask)
    }

    /// The name that a package in this room must bear.
    pub(crate) fn expected_name(&self) -> String {
        let last = self.room.rsplit('/').next().unwrap_or(&self.room);
        match self.layer {
            Layer::App | Layer::Xtask => last.to_owned(),
            Layer::Tools => format!("voidstate-tool-{last}"),
            _ => format!("voidstate-{last}"),
        }
    }
}

/// All members.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
}

impl Workspace {
    /// Asks cargo. Needs neither the network nor a lock file.
    pub(crate) fn load(shell: &Shell) -> Result<Self> {
        let text = shell.read(&mut shell.cargo([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ]))?;
        Self::parse(&text)
    }

    /// Reads the text of `cargo metadata`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let value: Value =
            serde_json::from_str(text).map_err(|e| Error::malformed("cargo metadata", e))?;
        let root = PathBuf::from(string(&value, "workspace_root")?);
        let members = array(&value, "workspace_members")?;
        let mut packages = Vec::new();
        for package in array(&value, "packages")? {
            if package.get("id").is_some_and(|id| members.contains(id)) {
                packages.push(parse_package(package, &root)?);
            }
        }
        packages.sort_by(|a, b| a.room.cmp(&b.room));
        Ok(Self { packages })
    }

    /// The member of that package name.
    pub(crate) fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|p| p.name == name)
    }

    /// Whether a crate lives in that room.
    pub(crate) fn has_room(&self, room: &str) -> bool {
        self.packages.iter().any(|p| p.room == room)
    }

    /// Everything below `crates/`.
    pub(crate) fn crates(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|p| p.layer != Layer::Xtask)
    }
}

fn parse_package(value: &Value, root: &Path) -> Result<Package> {
    let name = string(value, "name")?;
    let manifest = PathBuf::from(string(value, "manifest_path")?);
    let dir = manifest.parent().unwrap_or(root).to_path_buf();
    let relative = dir
        .strip_prefix(root)
        .unwrap_or(&dir)
        .to_string_lossy()
        .replace('\\', "/");
    let room = relative
        .strip_prefix("crates/")
        .unwrap_or(&relative)
        .to_owned();
    let layer = Layer::of(&room)
        .filter(|l| *l == Layer::Xtask || relative.starts_with("crates/"))
        .ok_or_else(|| {
            Error::malformed(
                format!("package `{name}` in `{relative}`"),
                "no such room: crates live in crates/<layer>/<name> with a layer of the house plan",
            )
        })?;
    let library = array(value, "targets")?.iter().find(|t| {
        t.get("kind")
            .and_then(Value::as_array)
            .is_some_and(|kinds| {
                kinds
                    .iter()
                    .filter_map(Value::as_str)
                    .any(|k| matches!(k, "lib" | "proc-macro" | "rlib"))
            })
    });
    let mut features = BTreeMap::new();
    for (feature, enables) in value
        .get("features")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        features.insert(feature.clone(), strings(enables));
    }
    Ok(Package {
        lib: library
            .map(|t| string(t, "name"))
            .transpose()?
            .map(|n| n.replace('-', "_")),
        dependencies: array(value, "dependencies")?
            .iter()
            .map(parse_dependency)
            .collect::<Result<_>>()?,
        bench_exemption: value
            .pointer("/metadata/voidstate/bench")
            .and_then(Value::as_str)
            .map(str::to_owned),
        name,
        dir,
        room,
        layer,
        features,
    })
}

fn parse_dependency(value: &Value) -> Result<Dependency> {
    let kind = match value.get("kind").and_then(Value::as_str) {
        None => Kind::Normal,
        Some("build") => Kind::Build,
        Some("dev") => Kind::Dev,
        Some(other) => {
            return Err(Error::malformed(
                "cargo metadata",
                format!("unknown dependency kind `{other}`"),
            ));
        }
    };
    Ok(Dependency {
        name: string(value, "name")?,
        rename: value
            .get("rename")
            .and_then(Value::as_str)
            .map(str::to_owned),
        kind,
        req: string(value, "req")?,
        by_path: value.get("path").is_some_and(Value::is_string),
        features: value.get("features").map(strings).unwrap_or_default(),
        default_features: value
            .get("uses_default_features")
            .and_then(Value::as_bool)
            .unwrap_or(true),
    })
}

/// A field that must be text.
pub(crate) fn string(value: &Value, field: &str) -> Result<String> {
    let found = value.get(field).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .ok_or_else(|| Error::malformed("cargo metadata", format!("no text field `{field}`")))
}

/// A field that must be a list.
pub(crate) fn array<'a>(value: &'a Value, field: &str) -> Result<&'a Vec<Value>> {
    let found = value.get(field).and_then(Value::as_array);
    found.ok_or_else(|| Error::malformed("cargo metadata", format!("no list `{field}`")))
}

fn strings(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
pub(crate) mod fixture {
    //! A small workspace's metadata, to plant faults in.

    use serde_json::{Value, json};

    use super::Workspace;

    /// A dependency as metadata writes it.
    pub(crate) fn dependency(name: &str, kind: Option<&str>, internal: bool) -> Value {
        json!({
            "name": name, "kind": kind, "rename": null, "features": [], "uses_default_features": true,
            "req": if internal && kind != Some("dev") { "^0.1.0" } else { "*" },
            "path": internal.then(|| format!("/w/{name}")),
        })
    }

    /// A package as metadata writes it.
    pub(crate) fn package(room: &str, name: &str, dependencies: Vec<Value>) -> Value {
        let dir = if room == "xtask" {
            room.to_owned()
        } else {
            format!("crates/{room}")
        };
        json!({
            "name": name, "id": name, "manifest_path": format!("/w/{dir}/Cargo.toml"), "features": {},
            "metadata": null, "dependencies": dependencies,
            "targets": [{"name": name.replace('-', "_"), "kind": [if room == "voidstate" { "bin" } else { "lib" }]}],
        })
    }

    /// A workspace of these packages.
    pub(crate) fn workspace(packages: Vec<Value>) -> Workspace {
        let ids: Vec<_> = packages.iter().map(|p| p["id"].clone()).collect();
        let value = json!({"workspace_root": "/w", "workspace_members": ids, "packages": packages});
        Workspace::parse(&value.to_string()).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::{dependency, package, workspace};
    use super::*;

    #[test]
    fn rooms_and_names_are_read_from_the_directories() {
        let ws = workspace(vec![
            package(
                "tools/anomaly",
                "voidstate-tool-anomaly",
                vec![dependency("voidstate-core", None, true)],
            ),
            package("core", "voidstate-core", vec![]),
            package("sources/embed-macros", "voidstate-embed-macros", vec![]),
            package("voidstate", "voidstate", vec![]),
        ]);
        let tool = ws.package("voidstate-tool-anomaly").unwrap();
        assert_eq!((tool.layer, tool.short()), (Layer::Tools, "tool-anomaly"));
        assert_eq!(tool.expected_name(), tool.name);
        assert_eq!(
            ws.package("voidstate-embed-macros").unwrap().owner_room(),
            Some("sources/embed")
        );
        assert!(!ws.package("voidstate").unwrap().is_library());
        assert!(ws.has_room("core") && !ws.has_room("runtime"));
    }

    #[test]
    fn a_crate_outside_every_room_is_refused() {
        for room in ["attic/thing", "types", "types/a/b", "corex"] {
            let value = serde_json::json!({
                "workspace_root": "/w", "workspace_members": ["x"],
                "packages": [{"name": "x", "id": "x", "manifest_path": format!("/w/crates/{room}/Cargo.toml"),
                              "targets": [], "dependencies": []}],
            });
            let error = Workspace::parse(&value.to_string())
                .unwrap_err()
                .to_string();
            assert!(error.contains("no such room"), "{room}: {error}");
        }
        assert!(Workspace::parse("{").is_err());
        assert!(Workspace::parse("{}").is_err());
    }
}
