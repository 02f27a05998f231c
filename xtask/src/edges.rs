//! The layer table: which crate may depend on which.

use crate::workspace::{Dependency, Kind, Layer, Package, Workspace};

/// Every inner dependency that the table does not allow.
pub(crate) fn forbidden(ws: &Workspace) -> Vec<String> {
    let mut problems = Vec::new();
    for from in &ws.packages {
        for dependency in &from.dependencies {
            let found = match ws.package(&dependency.name) {
                Some(to) => check_edge(from, to, dependency),
                None if dependency.name.starts_with("voidstate") && dependency.by_path => {
                    Err("nobody depends on it: it is not a member of this workspace".to_owned())
                }
                None => Ok(()),
            };
            if let Err(why) = found {
                problems.push(format!(
                    "{} -> {} ({}): {why}",
                    from.room,
                    dependency.name,
                    kind_name(dependency.kind)
                ));
            }
        }
    }
    problems
}

const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Normal => "dependency",
        Kind::Build => "build dependency",
        Kind::Dev => "development dependency",
    }
}

fn check_edge(
    from: &Package,
    to: &Package,
    dependency: &Dependency,
) -> std::result::Result<(), String> {
    if to.is_macros() {
        return match to.owner_room() {
            Some(owner) if owner == from.room => versioned(dependency),
            owner => Err(format!(
                "only {} may use these macros",
                owner.unwrap_or("their owner")
            )),
        };
    }
    if may_know(from, to) {
        check_language_features(from, to, dependency)?;
        return versioned(dependency);
    }
    let helper = to.layer == Layer::Verify || to.room == "distributed/simulation";
    if dependency.kind == Kind::Dev && helper && !matches!(from.layer, Layer::Xtask) {
        return if dependency.req == "*" {
            Ok(())
        } else {
            Err(format!(
                "a development dependency on a test helper is given by path alone; drop version `{}`",
                dependency.req
            ))
        };
    }
    Err(format!(
        "{} may depend on {}",
        from.layer.name(),
        allowed_names(from)
    ))
}

/// Released crates name the versions of what they are built from.
fn versioned(dependency: &Dependency) -> std::result::Result<(), String> {
    if dependency.kind == Kind::Dev || (dependency.by_path && dependency.req != "*") {
        return Ok(());
    }
    Err("an inner dependency needs path and version; write `workspace = true`".to_owned())
}

/// Tools use verify/spec for reading specs, never for generating from them.
fn check_language_features(
    from: &Package,
    to: &Package,
    dependency: &Dependency,
) -> std::result::Result<(), String> {
    if from.layer != Layer::Tools || to.room != "verify/spec" || dependency.kind == Kind::Dev {
        return Ok(());
    }
    let by_default = dependency.default_features
        && to
            .features
            .get("default")
            .is_some_and(|enabled| enabled.iter().any(|f| f == "generate"));
    if by_default || dependency.features.iter().any(|f| f == "generate") {
        return Err("tools use verify/spec without its `generate` feature".to_owned());
    }
    Ok(())
}

/// Layers a layer may depend on.
const fn layers_known(layer: Layer) -> &'static [Layer] {
    use Layer::{Algorithms, Codec, Core, Types};
    match layer {
        Layer::Core | Layer::Codec | Layer::Xtask | Layer::App => &[],
        Layer::Types | Layer::Algorithms => &[Codec],
        Layer::Runtime
        | Layer::Distributed
        | Layer::Security
        | Layer::Observability
        | Layer::Sources => &[Core, Codec, Types],
        Layer::Verify | Layer::Tools => &[Core, Codec, Types, Algorithms],
        Layer::Interfaces => &[Core, Codec],
    }
}

/// Single crates that may know one another although their layers may not.
const NAMED: [(&str, &str); 7] = [
    ("algorithms/causal", "algorithms/information"),
    ("algorithms/causal", "algorithms/anomaly"),
    ("algorithms/topology", "algorithms/information"),
    ("verify/spec", "verify/language"),
    // The macro reads the spec while the code that carries it is compiled.
    ("verify/spec-macros", "verify/language"),
    // The same projection makes the types while compiling, and the monitor while running.
    ("types/session", "types/protocol"),
    ("types/session-macros", "types/protocol"),
];

fn may_know(from: &Package, to: &Package) -> bool {
    match from.layer {
        Layer::App => to.layer != Layer::Xtask,
        // Macros expand to paths; they are built from no room of the house that is not named.
        _ if from.is_macros() => NAMED.contains(&(from.room.as_str(), to.room.as_str())),
        Layer::Tools if matches!(to.room.as_str(), "verify/language" | "verify/spec") => true,
        layer => {
            layers_known(layer).contains(&to.layer)
                || NAMED.contains(&(from.room.as_str(), to.room.as_str()))
        }
    }
}

fn allowed_names(from: &Package) -> String {
    let mut names: Vec<_> = if from.is_macros() {
        Vec::new()
    } else {
        layers_known(from.layer).iter().map(|l| l.name()).collect()
    };
    names.extend(
        NAMED
            .iter()
            .filter(|(f, _)| *f == from.room)
            .map(|(_, to)| *to),
    );
    if from.layer == Layer::Tools {
        names.extend(["verify/language", "verify/spec"]);
    }
    if names.is_empty() {
        "no crate of the workspace".to_owned()
    } else {
        format!("{} only", names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::workspace::fixture::{dependency, package, workspace};

    const ROOMS: [(&str, &str); 12] = [
        ("core", "voidstate-core"),
        ("codec", "voidstate-codec"),
        ("runtime", "voidstate-runtime"),
        ("types/effects", "voidstate-effects"),
        ("algorithms/anomaly", "voidstate-anomaly"),
        ("algorithms/causal", "voidstate-causal"),
        ("sources/host", "voidstate-host"),
        ("verify/spec", "voidstate-spec"),
        ("distributed/simulation", "voidstate-simulation"),
        ("interfaces/terminal", "voidstate-terminal"),
        ("tools/anomaly", "voidstate-tool-anomaly"),
        ("voidstate", "voidstate"),
    ];

    /// Problems of a house in which `from` depends on `to`.
    fn planted(from: &str, to: &str, kind: Option<&str>) -> Vec<String> {
        let packages = ROOMS
            .iter()
            .map(|(room, name)| {
                package(
                    room,
                    name,
                    if *room == from {
                        vec![dependency(to, kind, true)]
                    } else {
                        vec![]
                    },
                )
            })
            .collect();
        forbidden(&workspace(packages))
    }

    #[test]
    fn allowed_edges_pass() {
        for (from, to) in [
            ("runtime", "voidstate-core"),
            ("algorithms/anomaly", "voidstate-codec"),
            ("algorithms/causal", "voidstate-anomaly"),
            ("tools/anomaly", "voidstate-anomaly"),
            ("tools/anomaly", "voidstate-spec"),
            ("sources/host", "voidstate-effects"),
            ("verify/spec", "voidstate-anomaly"),
            ("voidstate", "voidstate-terminal"),
        ] {
            assert_eq!(
                planted(from, to, None),
                Vec::<String>::new(),
                "{from} -> {to}"
            );
        }
    }

    #[test]
    fn forbidden_edges_are_named() {
        for (from, to) in [
            ("core", "voidstate-codec"),
            ("codec", "voidstate-core"),
            ("algorithms/anomaly", "voidstate-core"),
            ("algorithms/anomaly", "voidstate-causal"),
            ("runtime", "voidstate-host"),
            ("sources/host", "voidstate-runtime"),
            ("interfaces/terminal", "voidstate-anomaly"),
            ("tools/anomaly", "voidstate-runtime"),
            ("tools/anomaly", "voidstate-simulation"),
            ("types/effects", "voidstate"),
        ] {
            for kind in [None, Some("build")] {
                let found = planted(from, to, kind);
                assert_eq!(found.len(), 1, "{from} -> {to}");
                assert!(
                    found[0].starts_with(&format!("{from} -> {to} (")),
                    "{}",
                    found[0]
                );
            }
        }
    }

    #[test]
    fn development_dependencies_reach_the_test_helpers_only() {
        assert!(planted("core", "voidstate-simulation", Some("dev")).is_empty());
        assert!(planted("algorithms/anomaly", "voidstate-spec", Some("dev")).is_empty());
        assert_eq!(
            planted("algorithms/anomaly", "voidstate-core", Some("dev")).len(),
            1
        );
        let mut versioned = dependency("voidstate-spec", Some("dev"), true);
        versioned["req"] = json!("^0.1.0");
        let ws = workspace(vec![
            package("core", "voidstate-core", vec![versioned]),
            package("verify/spec", "voidstate-spec", vec![]),
        ]);
        assert!(forbidden(&ws)[0].contains("drop version `^0.1.0`"));
    }

    #[test]
    fn macros_are_their_owners_alone() {
        let house = |user: &str| {
            let rooms = [
                ("sources/embed", "voidstate-embed"),
                ("sources/host", "voidstate-host"),
                ("voidstate", "voidstate"),
            ];
            let mut packages: Vec<_> = rooms
                .iter()
                .map(|(room, name)| {
                    let edge = vec![dependency("voidstate-embed-macros", None, true)];
                    package(room, name, if *room == user { edge } else { vec![] })
                })
                .collect();
            packages.push(package(
                "sources/embed-macros",
                "voidstate-embed-macros",
                vec![],
            ));
            forbidden(&workspace(packages))
        };
        assert!(house("sources/embed").is_empty());
        assert_eq!(house("sources/host").len(), 1);
        assert_eq!(house("voidstate").len(), 1);
    }

    #[test]
    fn an_inner_dependency_without_a_version_is_named() {
        let mut edge = dependency("voidstate-core", None, true);
        edge["req"] = json!("*");
        let ws = workspace(vec![
            package("runtime", "voidstate-runtime", vec![edge]),
            package("core", "voidstate-core", vec![]),
        ]);
        assert!(forbidden(&ws)[0].contains("path and version"));
    }

    #[test]
    fn the_generate_feature_is_kept_from_tools() {
        let house =
            |features: serde_json::Value, default: serde_json::Value, uses_default: bool| {
                let mut edge = dependency("voidstate-spec", None, true);
                edge["features"] = features;
                edge["uses_default_features"] = json!(uses_default);
                let mut spec = package("verify/spec", "voidstate-spec", vec![]);
                spec["features"] = json!({"default": default, "generate": []});
                forbidden(&workspace(vec![
                    package("tools/a", "voidstate-tool-a", vec![edge]),
                    spec,
                ]))
                .len()
            };
        assert_eq!(house(json!(["generate"]), json!([]), true), 1);
        assert_eq!(house(json!([]), json!(["generate"]), true), 1);
        assert_eq!(house(json!([]), json!(["generate"]), false), 0);
        assert_eq!(house(json!([]), json!([]), true), 0);
    }

    #[test]
    fn a_crate_outside_the_workspace_is_not_depended_on() {
        let ws = workspace(vec![package(
            "voidstate",
            "voidstate",
            vec![dependency("voidstate-benches", None, true)],
        )]);
        assert_eq!(forbidden(&ws).len(), 1);
    }
}
