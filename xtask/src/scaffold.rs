//! What a new crate is made of: texts from the templates, and the lines it adds to the manifests.

use crate::error::{Error, Result};
use crate::workspace::Layer;

/// The names of a crate to be.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Directory name.
    name: String,
    layer: &'static str,
    tool: bool,
}

macro_rules! template {
    ($file:literal) => {
        include_str!(concat!("../templates/", $file, ".in"))
    };
}

impl Plan {
    /// Checks the names.
    pub(crate) fn new(name: &str, layer: &str) -> Result<Self> {
        let known = Layer::DIRECTORIES.iter().find(|(n, _)| *n == layer);
        let names = || Layer::DIRECTORIES.map(|(n, _)| n).join(", ");
        let (layer, which) = known
            .ok_or_else(|| Error::Usage(format!("no layer `{layer}`; there are {}", names())))?;
        let plain = name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let ends = name.starts_with(|c: char| c.is_ascii_lowercase())
            && !name.ends_with('-')
            && !name.contains("--");
        if !plain
            || !ends
            || name.ends_with("-macros")
            || name.starts_with("voidstate")
            || name.starts_with("tool-")
        {
            return Err(Error::Usage(format!(
                "`{name}` is no name for a crate: lower-case letters, digits and single hyphens, without `voidstate-`, \
                 `tool-` or `-macros`"
            )));
        }
        Ok(Self {
            name: name.to_owned(),
            layer,
            tool: *which == Layer::Tools,
        })
    }

    /// Package name.
    pub(crate) fn package(&self) -> String {
        format!("voidstate-{}", self.short())
    }

    fn short(&self) -> String {
        if self.tool {
            format!("tool-{}", self.name)
        } else {
            self.name.clone()
        }
    }

    /// Directory below the root.
    pub(crate) fn dir(&self) -> String {
        format!("crates/{}/{}", self.layer, self.name)
    }

    /// New files with their texts, by path below the root.
    pub(crate) fn files(&self) -> Vec<(String, String)> {
        let (dir, short) = (self.dir(), self.short());
        let (common, mut own) = if self.tool {
            (
                [
                    ("Cargo.toml", template!("tool_Cargo.toml")),
                    ("README.md", template!("tool_README.md")),
                    ("src/lib.rs", template!("tool_lib.rs")),
                    ("src/tool.rs", template!("tool.rs")),
                    ("tests/it/main.rs", template!("tool_it.rs")),
                ],
                vec![
                    (format!("specs/{short}.spec"), template!("tool.spec")),
                    (
                        format!("benches/benches/{short}.rs"),
                        template!("tool_bench.rs"),
                    ),
                ],
            )
        } else {
            (
                [
                    ("Cargo.toml", template!("Cargo.toml")),
                    ("README.md", template!("README.md")),
                    ("src/lib.rs", template!("lib.rs")),
                    ("src/extent.rs", template!("extent.rs")),
                    ("tests/it/main.rs", template!("it.rs")),
                ],
                vec![
                    (format!("{dir}/src/error.rs"), template!("error.rs")),
                    (format!("specs/{short}.md"), template!("spec.md")),
                    (format!("benches/benches/{short}.rs"), template!("bench.rs")),
                ],
            )
        };
        own.extend(common.map(|(path, text)| (format!("{dir}/{path}"), text)));
        own.into_iter()
            .map(|(path, text)| (path, self.fill(text)))
            .collect()
    }

    fn fill(&self, template: &str) -> String {
        let package = self.package();
        template
            .replace("__PACKAGE__", &package)
            .replace("__LIB__", &package.replace('-', "_"))
            .replace("__SHORT__", &self.short())
            .replace("__NAME__", &self.name)
    }

    /// The root manifest with the crate in it.
    pub(crate) fn root_manifest(&self, text: &str) -> Result<String> {
        let what = "Cargo.toml";
        let mut text = text.to_owned();
        let glob = format!("\"crates/{}/*\"", self.layer);
        if !text.contains(&glob) {
            text = insert_before(&text, "    \"crates/voidstate\",", &format!("    {glob},"))
                .ok_or_else(|| {
                    Error::malformed(
                        what,
                        "no line `\"crates/voidstate\",` in `members` to stand before",
                    )
                })?;
        }
        let line = format!(
            "{} = {{ path = \"{}\", version = \"{{version}}\" }}",
            self.package(),
            self.dir()
        );
        let table: toml::Table = text.parse().map_err(|e| Error::malformed(what, e))?;
        let version = table
            .get("workspace")
            .and_then(|w| w.get("package")?.get("version")?.as_str());
        let version =
            version.ok_or_else(|| Error::malformed(what, "has no workspace.package.version"))?;
        let line = line.replace("{version}", version);
        insert_after(&text, |l| l.starts_with("voidstate-"), &line)
            .or_else(|| insert_after(&text, |l| l == "[workspace.dependencies]", &line))
            .ok_or_else(|| Error::malformed(what, "has no [workspace.dependencies]"))
    }

    /// The benches' manifest with the crate and its bench in it.
    pub(crate) fn bench_manifest(&self, text: &str) -> Result<String> {
        let mut lines = vec![format!(
            "{} = {{ path = \"../{}\" }}",
            self.package(),
            self.dir()
        )];
        if self.tool && !text.lines().any(|l| l.starts_with("voidstate-core ")) {
            lines.push("voidstate-core = { path = \"../crates/core\" }".to_owned());
        }
        let text = insert_after(text, |l| l == "[dependencies]", &lines.join("\n"))
            .ok_or_else(|| Error::malformed("benches/Cargo.toml", "has no [dependencies]"))?;
        Ok(format!(
            "{}\n\n[[bench]]\nname = \"{}\"\nharness = false\n",
            text.trim_end(),
            self.short()
        ))
    }

    /// The gates with the crate's first one.
    pub(crate) fn gates(&self, text: &str) -> String {
        // Measured with the template's bench, times 1.5.
        let (figure, limit) = if self.tool {
            ("observe", TOOL_LIMIT)
        } else {
            ("extent", EXTENT_LIMIT)
        };
        format!(
            "{}\n\n[{}.{figure}]\nlimit = {limit:?}\n",
            text.trim_end(),
            self.short()
        )
    }
}

/// Limit of the templates' extent beside a fold.
const EXTENT_LIMIT: f64 = 2.1;
/// Limit of the templates' tool beside the bare comparison.
const TOOL_LIMIT: f64 = 3.43;

/// The text with `line` after the last line that `find` accepts.
fn insert_after(text: &str, find: impl Fn(&str) -> bool, line: &str) -> Option<String> {
    let mut lines: Vec<_> = text.lines().collect();
    let at = lines.iter().rposition(|l| find(l))?;
    lines.insert(at + 1, line);
    Some(lines.join("\n") + "\n")
}

/// The text with `line` before the first line that is `mark`.
fn insert_before(text: &str, mark: &str, line: &str) -> Option<String> {
    let mut lines: Vec<_> = text.lines().collect();
    let at = lines.iter().position(|l| *l == mark)?;
    lines.insert(at, line);
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        assert_eq!(
            Plan::new("suffix", "algorithms").unwrap().package(),
            "voidstate-suffix"
        );
        assert_eq!(
            Plan::new("leak-2", "tools").unwrap().package(),
            "voidstate-tool-leak-2"
        );
        for (name, layer) in [
            ("suffix", "core"),
            ("suffix", "attic"),
            ("", "types"),
            ("Suffix", "types"),
            ("../x", "types"),
            ("-x", "types"),
            ("x-", "types"),
            ("a--b", "types"),
            ("x-macros", "types"),
            ("voidstate-x", "types"),
            ("tool-x", "tools"),
        ] {
            assert!(
                matches!(Plan::new(name, layer), Err(Error::Usage(_))),
                "{name} {layer}"
            );
        }
    }

    #[test]
    fn no_placeholder_is_left() {
        for layer in ["types", "tools"] {
            let files = Plan::new("widget", layer).unwrap().files();
            assert!(files.len() >= 7);
            for (path, text) in files {
                assert!(
                    !text.contains("__") && !path.contains("__"),
                    "{path}: {text}"
                );
                assert!(text.ends_with('\n'), "{path}");
            }
        }
    }

    #[test]
    fn manifests_gain_their_lines_once() {
        let root = "[workspace]\nmembers = [\n    \"crates/core\",\n    \"crates/voidstate\",\n]\n\
                    [workspace.package]\nversion = \"0.3.0\"\n[workspace.dependencies]\n\
                    voidstate-core = { path = \"crates/core\", version = \"0.3.0\" }\n\narc-swap = \"1\"\n";
        let plan = Plan::new("effects", "types").unwrap();
        let new = plan.root_manifest(root).unwrap();
        let table: toml::Table = new.parse().unwrap();
        let workspace = &table["workspace"];
        assert_eq!(
            workspace["dependencies"]["voidstate-effects"]["version"].as_str(),
            Some("0.3.0")
        );
        assert!(
            workspace["members"]
                .as_array()
                .unwrap()
                .iter()
                .any(|m| m.as_str() == Some("crates/types/*"))
        );
        let other = Plan::new("linear", "types")
            .unwrap()
            .root_manifest(&new)
            .unwrap();
        assert_eq!(other.matches("crates/types/*").count(), 1);

        let benches = Plan::new("x", "tools")
            .unwrap()
            .bench_manifest("[dependencies]\nrustix = \"1\"\n[profile.bench]\n")
            .unwrap();
        let table: toml::Table = benches.parse().unwrap();
        assert_eq!(table["bench"][0]["name"].as_str(), Some("tool-x"));
        assert!(table["dependencies"].get("voidstate-core").is_some());
        assert!(plan.bench_manifest("[package]\n").is_err());
        assert!(
            plan.gates("# g\n").parse::<toml::Table>().unwrap()["effects"]["extent"]["limit"]
                .as_float()
                > Some(0.0)
        );
    }
}
