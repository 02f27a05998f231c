//! What clippy forbids where effects must be declared: the files below tools, algorithms and types.
//!
//! Clippy reads the nearest `clippy.toml` and no other, so each of them repeats the root's lines, and all of them the same
//! ways round. Tools besides must not call the methods of `Ctx` that have an effect.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use toml::{Table, Value};

use crate::error::{Error, Result};
use crate::shell;

/// Layers in which what is not an argument or a declared effect must not matter.
const LAYERS: [&str; 3] = ["tools", "algorithms", "types"];

/// Where `Ctx` stands.
const CONTEXT: &str = "crates/core/src/context.rs";

/// Ways round that only the tools' file must name.
const UNTYPED: &str = "voidstate_core::Allowed::untyped";

/// What one of those files does not say.
pub(crate) fn problems(root: &Path) -> Result<Vec<String>> {
    let read = |path: &str| shell::read_file(&root.join(path));
    let table = |path: &str| -> Result<Table> {
        read(path)?
            .parse()
            .map_err(|e: toml::de::Error| Error::malformed(path, e))
    };
    let house = table("clippy.toml")?;
    let mut files = BTreeMap::new();
    for layer in LAYERS {
        let path = format!("crates/{layer}/clippy.toml");
        if root.join(&path).is_file() {
            files.insert(layer, table(&path)?);
        } else if root.join("crates").join(layer).is_dir() {
            return Ok(vec![format!(
                "{path} is not there, so nothing below it is kept from going round effects"
            )]);
        }
    }
    let context = if files.contains_key("tools") {
        effectful(&read(CONTEXT)?)?
    } else {
        BTreeSet::new()
    };
    Ok(compare(&house, &files, &context))
}

fn compare(
    house: &Table,
    files: &BTreeMap<&str, Table>,
    context: &BTreeSet<String>,
) -> Vec<String> {
    let mut problems = Vec::new();
    let forbidden: BTreeMap<&str, BTreeSet<&str>> = files
        .iter()
        .map(|(layer, file)| (*layer, paths(file)))
        .collect();
    let everywhere: BTreeSet<&str> = forbidden
        .values()
        .flatten()
        .copied()
        .filter(|path| !path.starts_with("voidstate_core::"))
        .collect();
    for (layer, file) in files {
        let path = format!("crates/{layer}/clippy.toml");
        for (key, value) in house {
            if file.get(key) != Some(value) {
                problems.push(format!(
                    "{path} lacks `{key} = {}`, which the root says and clippy does not read there",
                    shown(value)
                ));
            }
        }
        let own = forbidden.get(layer).cloned().unwrap_or_default();
        if own.is_empty() {
            problems.push(format!("{path} forbids nothing"));
        }
        let missing = everywhere.iter().filter(|way| !own.contains(**way));
        problems.extend(missing.map(|way| format!("{path} does not forbid {way}, another does")));
        if *layer == "tools" {
            let methods = context.iter().map(String::as_str).chain([UNTYPED]);
            let missing = methods.filter(|way| !own.contains(way));
            problems.extend(missing.map(|way| {
                format!("{path} does not forbid {way}, by which a tool gets round its types")
            }));
        }
    }
    problems
}

/// The value as the file writes it, where it is a plain one.
fn shown(value: &Value) -> String {
    match value {
        Value::Boolean(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        other => format!("{other:?}"),
    }
}

/// Every path that the file forbids.
fn paths(file: &Table) -> BTreeSet<&str> {
    let lists = ["disallowed-methods", "disallowed-types"];
    let entries = lists
        .iter()
        .filter_map(|key| file.get(*key)?.as_array())
        .flatten();
    entries
        .filter_map(|entry| {
            entry
                .as_str()
                .or_else(|| entry.get("path").and_then(Value::as_str))
        })
        .collect()
}

/// The methods of `Ctx` whose documentation names an effect, by their paths.
fn effectful(source: &str) -> Result<BTreeSet<String>> {
    let file = syn::parse_file(source).map_err(|e| Error::malformed(CONTEXT, e))?;
    let context = file.items.iter().find_map(|item| match item {
        syn::Item::Trait(item) if item.ident == "Ctx" => Some(item),
        _ => None,
    });
    let context = context.ok_or_else(|| Error::malformed(CONTEXT, "holds no `trait Ctx`"))?;
    let has_effect = |method: &&syn::TraitItemFn| {
        let mut docs = method.attrs.iter().filter_map(|a| match &a.meta {
            syn::Meta::NameValue(doc) if doc.path.is_ident("doc") => Some(&doc.value),
            _ => None,
        });
        docs.any(|text| quote::quote!(#text).to_string().contains("Effect: `"))
    };
    let methods = context.items.iter().filter_map(|item| match item {
        syn::TraitItem::Fn(method) => Some(method),
        _ => None,
    });
    let named: BTreeSet<String> = methods
        .filter(has_effect)
        .map(|method| format!("voidstate_core::Ctx::{}", method.sig.ident))
        .collect();
    if named.is_empty() {
        return Err(Error::malformed(
            CONTEXT,
            "no method of `Ctx` says its effect",
        ));
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAYS: &str =
        "a = true\ndisallowed-methods = [{ path = \"std::fs::read\" }, \"std::env::var\"]\n";
    const TOOL: &str = "a = true\ndisallowed-methods = [{ path = \"std::fs::read\" }, \"std::env::var\", \
                        \"voidstate_core::Ctx::now\", \"voidstate_core::Allowed::untyped\"]\n";

    fn said(house: &str, tools: &str, types: &str) -> Vec<String> {
        let table = |text: &str| text.parse::<Table>().unwrap();
        let files = BTreeMap::from([("tools", table(tools)), ("types", table(types))]);
        let context = BTreeSet::from(["voidstate_core::Ctx::now".to_owned()]);
        compare(&table(house), &files, &context)
    }

    #[test]
    fn what_one_file_lacks_is_said() {
        assert_eq!(said("a = true", TOOL, WAYS), Vec::<String>::new());
        let lacks = said("a = true\nb = 3", TOOL, WAYS);
        assert_eq!(lacks.len(), 2);
        assert!(
            lacks[0].contains("tools/clippy.toml lacks `b = 3`"),
            "{lacks:?}"
        );
        let other = said("a = false", TOOL, WAYS);
        assert!(
            other[1].contains("types/clippy.toml lacks `a = false`"),
            "{other:?}"
        );
        let fewer = said(
            "a = true",
            TOOL,
            &WAYS.replace("std::fs::read", "std::fs::write"),
        );
        assert_eq!(
            fewer,
            [
                "crates/tools/clippy.toml does not forbid std::fs::write, another does",
                "crates/types/clippy.toml does not forbid std::fs::read, another does",
            ]
        );
        let open = said("a = true", WAYS, WAYS);
        assert_eq!(open.len(), 2, "{open:?}");
        assert!(open[0].contains("voidstate_core::Ctx::now, by which a tool gets round"));
        let none = said("a = true", "a = true", "a = true");
        assert!(none.contains(&"crates/types/clippy.toml forbids nothing".to_owned()));
    }

    #[test]
    fn the_methods_with_an_effect_are_those_that_say_it() {
        let found = effectful(
            "pub trait Ctx { /// Time. Effect: `clock`.\nfn now(&mut self);\n/// Needs no effect.\nfn output(&mut self); }",
        )
        .unwrap();
        assert!(found.into_iter().eq(["voidstate_core::Ctx::now"]));
        assert!(effectful("pub trait Other {}").is_err());
        assert!(effectful("pub trait Ctx { fn now(&mut self); }").is_err());
    }
}
