//! The packages that the project's card names: each must be some crate's direct dependency.

use crate::workspace::{Layer, Workspace};

/// A package of the card and the rooms that use it. The first of these rooms to be built brings it in.
const CARD: [(&str, &[&str]); 10] = [
    ("bincode", &["codec"]),
    ("dashmap", &["runtime"]),
    ("nalgebra", &["algorithms/causal", "algorithms/topology"]),
    ("opentelemetry", &["observability/telemetry"]),
    ("petgraph", &["runtime"]),
    ("proptest", &["core"]),
    ("serde", &["core"]),
    ("statrs", &["algorithms/causal", "algorithms/information"]),
    (
        "tokio",
        &[
            "types/session",
            "observability/telemetry",
            "interfaces/dashboard",
        ],
    ),
    ("wasmtime", &["security/sandbox"]),
];

/// What the check found.
pub(crate) struct Found {
    /// Packages that should be there and are not.
    pub(crate) missing: Vec<String>,
    /// Packages whose rooms are still to be built.
    pub(crate) pending: Vec<String>,
}

/// Looks each package of the card up in the crates' manifests.
pub(crate) fn check(ws: &Workspace) -> Found {
    let mut found = Found {
        missing: Vec::new(),
        pending: Vec::new(),
    };
    for (name, rooms) in CARD {
        let used = ws
            .packages
            .iter()
            .filter(|p| p.layer != Layer::Xtask)
            .any(|p| p.dependencies.iter().any(|d| d.name == name));
        if used {
            continue;
        }
        match rooms.iter().find(|room| ws.has_room(room)) {
            Some(room) => found.missing.push(format!(
                "{name} is no crate's direct dependency; {room} is built to use it"
            )),
            None => found
                .pending
                .push(format!("{name} until room {} is built", rooms.join(" or "))),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture::{dependency, package, workspace};

    #[test]
    fn a_package_is_pending_until_its_room_stands_and_then_missing() {
        let empty = check(&workspace(vec![package(
            "types/effects",
            "voidstate-effects",
            vec![],
        )]));
        assert!(empty.missing.is_empty());
        assert_eq!(empty.pending.len(), CARD.len());

        let bare = check(&workspace(vec![package(
            "security/sandbox",
            "voidstate-sandbox",
            vec![],
        )]));
        assert_eq!(bare.missing.len(), 1);
        assert!(bare.missing[0].starts_with("wasmtime is no crate's direct dependency"));

        let edge = vec![dependency("wasmtime", None, false)];
        let built = check(&workspace(vec![package(
            "security/sandbox",
            "voidstate-sandbox",
            edge,
        )]));
        assert!(built.missing.is_empty());
        assert_eq!(built.pending.len(), CARD.len() - 1);
    }

    #[test]
    fn what_only_xtask_uses_does_not_count() {
        let xtask = package("xtask", "xtask", vec![dependency("serde", None, false)]);
        let found = check(&workspace(vec![
            xtask,
            package("core", "voidstate-core", vec![]),
        ]));
        assert!(found.missing.iter().any(|m| m.starts_with("serde ")));
    }
}
