//! The notices page: name, version and licence of every package that the product is built from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::error::{Error, Result};
use crate::shell::{self, Shell};
use crate::workspace::{array, string};

const PAGE: &str = "THIRD-PARTY-NOTICES.md";
const HEAD: &str = "\
# Third-party notices

Every package of other authors that `voidstate` can be built from (all features, all platforms, normal and build
dependencies), with the licence its manifest states. Written by `cargo xtask deny --notices`; `cargo xtask rooms` fails
when it is not current. The licences' texts are in the packages themselves.

| package | version | licence |
|---|---|---|
";

/// Writes the page.
pub(crate) fn write(shell: &Shell) -> Result<usize> {
    let page = current(shell)?;
    shell::write_file(&shell.root().join(PAGE), &page)?;
    Ok(page.lines().count() - HEAD.lines().count())
}

/// Fails when the page is not what would be written now.
pub(crate) fn check(shell: &Shell) -> Result<()> {
    let written = shell::read_file(&shell.root().join(PAGE))?;
    if written == current(shell)? {
        return Ok(());
    }
    Err(Error::malformed(
        PAGE,
        "is not current; `cargo xtask deny --notices` writes it anew",
    ))
}

fn current(shell: &Shell) -> Result<String> {
    let text = shell.read(&mut shell.cargo([
        "metadata",
        "--format-version",
        "1",
        "--all-features",
        "--locked",
    ]))?;
    let value: Value =
        serde_json::from_str(&text).map_err(|e| Error::malformed("cargo metadata", e))?;
    page(&value)
}

/// The page for a resolved `cargo metadata`.
fn page(metadata: &Value) -> Result<String> {
    let members: BTreeSet<_> = array(metadata, "workspace_members")?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut packages = BTreeMap::new();
    for package in array(metadata, "packages")? {
        packages.insert(string(package, "id")?, package);
    }
    let mut rows = BTreeSet::new();
    for id in reachable(metadata, &packages)? {
        let Some(package) = packages.get(&id).filter(|_| !members.contains(id.as_str())) else {
            continue;
        };
        let licence = package
            .get("license")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let file = package
            .get("license_file")
            .and_then(Value::as_str)
            .map(|f| format!("see its file `{f}`"));
        let name = string(package, "name")?;
        let licence = licence
            .or(file)
            .ok_or_else(|| Error::malformed(format!("package `{name}`"), "states no licence"))?;
        rows.insert(format!(
            "| {name} | {} | {licence} |\n",
            string(package, "version")?
        ));
    }
    Ok(rows
        .into_iter()
        .fold(HEAD.to_owned(), |page, row| page + &row))
}

/// Ids of everything that the app is built from.
fn reachable(metadata: &Value, packages: &BTreeMap<String, &Value>) -> Result<BTreeSet<String>> {
    let nodes = metadata.pointer("/resolve/nodes").and_then(Value::as_array);
    let nodes = nodes.ok_or_else(|| Error::malformed("cargo metadata", "nothing is resolved"))?;
    let mut edges: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for node in nodes {
        let mut to = Vec::new();
        for dependency in array(node, "deps")? {
            let kinds = array(dependency, "dep_kinds")?;
            if kinds
                .iter()
                .any(|k| k.get("kind").and_then(Value::as_str) != Some("dev"))
            {
                to.push(string(dependency, "pkg")?);
            }
        }
        edges.insert(string(node, "id")?, to);
    }
    let app = packages
        .iter()
        .find(|(_, p)| p.get("name").and_then(Value::as_str) == Some("voidstate"));
    let (app, _) =
        app.ok_or_else(|| Error::malformed("cargo metadata", "there is no package `voidstate`"))?;
    let mut found = BTreeSet::new();
    let mut open = vec![app.clone()];
    while let Some(id) = open.pop() {
        if found.insert(id.clone()) {
            open.extend(edges.get(&id).into_iter().flatten().cloned());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn metadata(licence: Value) -> Value {
        let edge = |to: &str, kind: Value| json!({"pkg": to, "dep_kinds": [{"kind": kind}]});
        let package = |name: &str, licence: Value| json!({"id": name, "name": name, "version": "1.0.0", "license": licence});
        json!({
            "workspace_members": ["voidstate", "inner"],
            "packages": [package("voidstate", json!("MIT")), package("inner", json!("MIT")), package("a", licence),
                         package("b", json!("Zlib")), package("tests", json!("GPL-3.0")), package("alone", json!("MIT"))],
            "resolve": {"nodes": [
                {"id": "voidstate", "deps": [edge("inner", json!(null)), edge("tests", json!("dev"))]},
                {"id": "inner", "deps": [edge("a", json!(null))]},
                {"id": "a", "deps": [edge("b", json!("build"))]},
                {"id": "b", "deps": []}, {"id": "tests", "deps": []}, {"id": "alone", "deps": []},
            ]},
        })
    }

    #[test]
    fn the_page_lists_what_the_product_is_built_from() {
        let page = page(&metadata(json!("MIT OR Apache-2.0"))).unwrap();
        let rows: Vec<_> = page.lines().skip(HEAD.lines().count()).collect();
        assert_eq!(
            rows,
            ["| a | 1.0.0 | MIT OR Apache-2.0 |", "| b | 1.0.0 | Zlib |"]
        );
    }

    #[test]
    fn a_package_without_a_licence_is_refused() {
        let error = page(&metadata(json!(null))).unwrap_err().to_string();
        assert!(error.contains("`a`: states no licence"), "{error}");
    }
}
