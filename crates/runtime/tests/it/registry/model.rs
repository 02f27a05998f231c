//! The registry against the naive model of `voidstate-properties`, and what only this registry promises.

use voidstate_core::ToolId;
use voidstate_properties::registry_machine::{Reference, Settings, check_with};
use voidstate_runtime::{Error, ToolRegistry};

use super::id;

fn name(tool: usize) -> ToolId {
    id(&Reference::id(tool))
}

fn numbers(reference: &Reference, ids: &[ToolId]) -> Vec<usize> {
    let number = |id: &ToolId| (0..reference.tools()).find(|tool| name(*tool) == *id);
    ids.iter().map(|id| number(id).unwrap()).collect()
}

fn ensure(holds: bool, reason: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason()) }
}

/// Dependencies first, each once; what is missing is named with the way to it.
fn order_holds(registry: &ToolRegistry, reference: &Reference, tool: usize) -> Result<(), String> {
    let outcome = registry.order(&[name(tool)]);
    let said = format!("the order of {} is {outcome:?}", name(tool));
    let holds = match outcome {
        Ok(order) => {
            let order = numbers(reference, &order);
            let reached = reference.reach(tool).iter().filter(|is| **is).count();
            order.len() == reached
                && order.iter().enumerate().all(|(position, tool)| {
                    let needs = reference.needs(*tool);
                    needs.is_some_and(|needs| needs.iter().all(|n| order[..position].contains(n)))
                })
        }
        Err(Error::ToolUnknown { .. }) => reference.needs(tool).is_none(),
        Err(Error::DependencyMissing { missing, chain }) => {
            let ids: Vec<ToolId> = chain.iter().map(|text| id(text)).collect();
            let chain = numbers(reference, &ids);
            let missing = numbers(reference, &[id(&missing)])[0];
            reference.needs(missing).is_none()
                && (chain[0], chain[chain.len() - 1]) == (tool, missing)
                && chain.windows(2).all(|pair| {
                    reference
                        .needs(pair[0])
                        .is_some_and(|needs| needs.contains(&pair[1]))
                })
        }
        Err(_) => false,
    };
    ensure(holds, || said)
}

/// All that depend on it, also by way of others, each before what it depends on.
fn dependents_hold(
    registry: &ToolRegistry,
    reference: &Reference,
    tool: usize,
) -> Result<(), String> {
    let found = numbers(reference, &registry.dependents(&name(tool)));
    let others = 0..reference.tools();
    let mut expected: Vec<usize> = others
        .filter(|o| *o != tool && reference.needs(*o).is_some() && reference.reach(*o)[tool])
        .collect();
    let mut sorted = found.clone();
    sorted.sort_unstable();
    expected.sort_unstable();
    let in_order = found.iter().enumerate().all(|(position, user)| {
        found[..position]
            .iter()
            .all(|earlier| !reference.reach(*user)[*earlier])
    });
    ensure(sorted == expected && in_order, || {
        format!(
            "the dependents of {} are {found:?}, expected {expected:?}",
            name(tool)
        )
    })
}

#[test]
fn the_registry_does_what_a_map_does() {
    let settings = Settings {
        cases: crate::soak::cases(400),
        tools: 6,
        seed: crate::soak::seed(1),
        ..Settings::default()
    };
    let also = |registry: &ToolRegistry, reference: &Reference| {
        (0..reference.tools()).try_for_each(|tool| {
            order_holds(registry, reference, tool)?;
            dependents_hold(registry, reference, tool)
        })
    };
    if let Err(fault) = check_with(ToolRegistry::new, settings, also) {
        panic!("{fault}");
    }
}
