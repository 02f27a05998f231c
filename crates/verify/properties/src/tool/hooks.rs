//! Hooks at which a tool is called, found from its subscriptions.

use voidstate_core::{Glob, HookName, ToolMeta, wellknown};

/// Hooks that sources of the house fire at.
const KNOWN: [&str; 19] = [
    wellknown::HOST_CPU,
    wellknown::HOST_MEMORY,
    wellknown::HOST_DISK,
    wellknown::HOST_FILESYSTEM,
    wellknown::HOST_NETWORK,
    wellknown::HOST_PRESSURE,
    wellknown::HOST_KERNEL,
    wellknown::HOST_PROCESS,
    wellknown::HOST_TICK,
    "file.row",
    "program.function",
    "memory.after_allocation",
    "vm.after_cycle",
    "otlp.span",
    "otlp.metric",
    "wasm.call",
    wellknown::ENGINE_TOOL,
    wellknown::ENGINE_DERIVED,
    "engine.queue",
];

/// Hooks that the tool subscribes to, without duplicates: the known ones that match, and one made of each pattern.
///
/// A pattern that no hook can match is told in `unmatched`.
pub(crate) fn of(meta: &ToolMeta, unmatched: &mut Vec<String>) -> Vec<HookName> {
    let mut hooks: Vec<HookName> = Vec::new();
    for subscription in &meta.subscriptions {
        let pattern = &subscription.pattern;
        let known = KNOWN.into_iter().filter(|name| pattern.matches(name));
        let mut found: Vec<HookName> = known.filter_map(|name| HookName::new(name).ok()).collect();
        found.extend(instance(pattern));
        if found.is_empty() {
            unmatched.push(pattern.to_string());
        }
        for hook in found {
            if !hooks.contains(&hook) {
                hooks.push(hook);
            }
        }
    }
    hooks
}

/// A hook that matches the pattern, if its fixed parts are those of a hook.
fn instance(pattern: &Glob) -> Option<HookName> {
    let segments = pattern.as_str().split('.').map(|segment| match segment {
        "**" | "*" => "probe".to_owned(),
        other => other.replace('*', "x"),
    });
    let name = HookName::new(&segments.collect::<Vec<_>>().join(".")).ok()?;
    pattern.matches(name.as_str()).then_some(name)
}

/// Hooks that the tool does not subscribe to.
pub(crate) fn foreign(meta: &ToolMeta) -> Vec<HookName> {
    let others = [
        "nobody.knows.this",
        "x",
        "host",
        "engine.health",
        "host.cpu.deeper",
    ];
    others
        .into_iter()
        .filter(|name| !meta.subscriptions.iter().any(|s| s.pattern.matches(name)))
        .filter_map(|name| HookName::new(name).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pattern_gives_hooks_that_match() {
        for pattern in ["host.**", "**", "*", "acme.*.x*y.**", "vm.after_cycle"] {
            let meta = ToolMeta::new("t", pattern, "d").unwrap();
            let mut unmatched = Vec::new();
            let hooks = of(&meta, &mut unmatched);
            assert!(!hooks.is_empty() && unmatched.is_empty(), "{pattern}");
            for hook in hooks {
                assert!(meta.subscriptions[0].pattern.matches(hook.as_str()));
            }
        }
        let meta = ToolMeta::new("t", "Host.*", "d").unwrap();
        let mut unmatched = Vec::new();
        assert!(of(&meta, &mut unmatched).is_empty());
        assert_eq!(unmatched, ["Host.*"]);
    }
}
