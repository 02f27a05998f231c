//! The registry.

mod linear;
mod model;
mod threads;

use std::sync::Arc;

use voidstate_core::{Config, Placement, Registry, Result, Tool, ToolFactory, ToolId, ToolMeta};
use voidstate_runtime::{Error, ToolRegistry};

struct Factory(ToolMeta);

impl ToolFactory for Factory {
    fn meta(&self) -> &ToolMeta {
        &self.0
    }

    fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        Err(voidstate_core::Error::Unavailable {
            what: "an instance",
            reason: "only the metadata are tested",
        })
    }
}

pub(crate) fn id(text: &str) -> ToolId {
    ToolId::new(text).unwrap()
}

pub(crate) fn factory(tool: &str, dependencies: &[&str]) -> Arc<dyn ToolFactory> {
    let mut meta = ToolMeta::new(tool, "**", &format!("Describes {tool}")).unwrap();
    meta.dependencies = dependencies.iter().map(|text| id(text)).collect();
    Arc::new(Factory(meta))
}

fn registry(tools: &[(&str, &[&str])]) -> ToolRegistry {
    let registry = ToolRegistry::new();
    for (tool, dependencies) in tools {
        registry.register(factory(tool, dependencies)).unwrap();
    }
    registry
}

fn texts(ids: &[ToolId]) -> Vec<&str> {
    ids.iter().map(ToolId::as_str).collect()
}

#[test]
fn tools_are_found_listed_searched_and_forgotten() {
    let registry = registry(&[("b.two", &["a"]), ("a", &[]), ("c", &[])]);
    let registry: &dyn Registry = &registry;
    assert_eq!(registry.get(&id("a")).unwrap().meta().id, id("a"));
    assert!(registry.get(&id("x")).is_none());
    let ids: Vec<ToolId> = registry.list().into_iter().map(|meta| meta.id).collect();
    assert_eq!(texts(&ids), ["a", "b.two", "c"]);
    assert_eq!(registry.search("DESCRIBES B").len(), 1);
    assert_eq!(registry.search("observer").len(), 3);
    assert!(registry.search("nothing like it").is_empty());
    let taken = registry.register(factory("a", &[])).unwrap_err();
    assert!(matches!(
        taken,
        voidstate_core::Error::Duplicate { kind: "tool", .. }
    ));
    let needed = registry.unregister(&id("a")).unwrap_err().to_string();
    assert!(needed.contains("b.two"), "{needed}");
    registry.unregister(&id("b.two")).unwrap();
    registry.unregister(&id("a")).unwrap();
    assert!(registry.unregister(&id("a")).is_err());
    assert_eq!(registry.list().len(), 1);
}

#[test]
fn metadata_that_do_not_hold_are_refused() {
    let mut meta = ToolMeta::new("a", "**", "x").unwrap();
    meta.layer = 9;
    let registry = ToolRegistry::new();
    assert!(matches!(
        registry.register(Arc::new(Factory(meta))),
        Err(Error::Core(_))
    ));
    assert!(registry.is_empty());
}

#[test]
fn a_cycle_of_dependencies_is_refused_and_named() {
    let registry = registry(&[("a", &["b"]), ("b", &["x", "c"])]);
    let error = registry.register(factory("c", &["y", "a"])).unwrap_err();
    let Error::DependencyCycle { cycle } = &error else {
        panic!("{error}")
    };
    assert_eq!(cycle, &["c", "a", "b", "c"]);
    assert!(error.to_string().contains("c -> a -> b -> c"), "{error}");
    registry.register(factory("c", &["y"])).unwrap();
    assert!(registry.register(factory("y", &["b"])).is_err());
    assert!(registry.register(factory("z", &["z"])).is_err());
    assert_eq!(registry.len(), 3);
}

#[test]
fn the_order_puts_dependencies_first_and_names_what_is_missing() {
    let registry = registry(&[
        ("top", &["left", "right"]),
        ("right", &["base"]),
        ("left", &["base"]),
        ("base", &[]),
        ("broken", &["middle"]),
        ("middle", &["absent"]),
    ]);
    assert_eq!(
        texts(&registry.chain(&id("top")).unwrap()),
        ["base", "left", "right", "top"]
    );
    assert_eq!(
        texts(&registry.order(&[id("left")]).unwrap()),
        ["base", "left"]
    );
    assert_eq!(
        texts(&registry.dependents(&id("base"))),
        ["top", "left", "right"]
    );
    assert_eq!(
        texts(&registry.dependents(&id("absent"))),
        ["broken", "middle"]
    );
    assert!(registry.dependents(&id("unheard-of")).is_empty());
    let path = registry.path(&id("broken"), &id("absent")).unwrap();
    assert_eq!(texts(&path), ["broken", "middle", "absent"]);
    assert!(registry.path(&id("base"), &id("top")).is_none());
    let Err(Error::DependencyMissing { missing, chain }) =
        registry.order(&[id("top"), id("broken")])
    else {
        panic!("nothing is said to be missing")
    };
    assert_eq!(
        (missing.as_str(), chain.join(" ")),
        ("absent", "broken middle absent".to_owned())
    );
    assert!(matches!(
        registry.order(&[id("absent")]),
        Err(Error::ToolUnknown { .. })
    ));
}
