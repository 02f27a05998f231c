//! The registry from four threads.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use voidstate_core::ToolId;
use voidstate_runtime::{Error, ToolRegistry};

use super::{factory, id};

/// Every thread tries to close a ring of dependencies, each time from another place; it must never close.
#[test]
fn four_threads_never_close_a_cycle_and_never_lose_a_tool() {
    const RING: usize = 5;
    let registry = ToolRegistry::new();
    let (registered, unregistered) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let refused = AtomicUsize::new(0);
    let name = |number: usize| format!("ring{}", number % RING);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (registry, registered, unregistered, refused) =
                (&registry, &registered, &unregistered, &refused);
            scope.spawn(move || {
                for round in 0..600 {
                    let number = round * (thread + 1) + thread;
                    match registry.register(factory(&name(number), &[&name(number + 1)])) {
                        Ok(()) => registered.fetch_add(1, Ordering::Relaxed),
                        Err(Error::DependencyCycle { .. }) => {
                            refused.fetch_add(1, Ordering::Relaxed)
                        }
                        Err(Error::ToolTaken { .. }) => 0,
                        Err(error) => panic!("{error}"),
                    };
                    let listed: Vec<ToolId> =
                        registry.list().into_iter().map(|meta| meta.id).collect();
                    assert!(listed.len() < RING, "the ring is closed");
                    assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), listed.len());
                    if round % 3 != 0 {
                        continue;
                    }
                    match registry.unregister(&id(&name(number + round))) {
                        Ok(()) => unregistered.fetch_add(1, Ordering::Relaxed),
                        Err(Error::ToolUnknown { .. } | Error::ToolNeeded { .. }) => 0,
                        Err(error) => panic!("{error}"),
                    };
                }
            });
        }
    });
    let left = registered.into_inner() - unregistered.into_inner();
    assert_eq!(registry.len(), left);
    assert!(refused.into_inner() > 0, "nobody tried to close the ring");
}
