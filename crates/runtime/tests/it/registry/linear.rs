//! What threads see of the registry could have happened one change at a time.

use voidstate_core::ToolId;
use voidstate_properties::linearizability::models::{Set, SetOp, SetRet};
use voidstate_properties::linearizability::{Limits, Recorder, check};
use voidstate_runtime::{Error, ToolRegistry};

use super::{factory, id};

fn ask(registry: &ToolRegistry, op: &SetOp<u8>) -> SetRet<u8> {
    let name = |tool: u8| format!("t{tool}");
    match op {
        SetOp::Insert(tool) => match registry.register(factory(&name(*tool), &[])) {
            Ok(()) => SetRet::Is(true),
            Err(Error::ToolTaken { .. }) => SetRet::Is(false),
            Err(error) => panic!("{error}"),
        },
        SetOp::Remove(tool) => match registry.unregister(&id(&name(*tool))) {
            Ok(()) => SetRet::Is(true),
            Err(Error::ToolUnknown { .. }) => SetRet::Is(false),
            Err(error) => panic!("{error}"),
        },
        SetOp::Contains(tool) => SetRet::Is(registry.get(&id(&name(*tool))).is_some()),
        SetOp::List => {
            let listed: Vec<ToolId> = registry.list().into_iter().map(|meta| meta.id).collect();
            let number = |id: &ToolId| (0..9).find(|tool| name(*tool) == id.as_str());
            SetRet::All(listed.iter().filter_map(number).collect())
        }
    }
}

#[test]
fn the_registry_is_linearizable() {
    for round in 0..20_u8 {
        let registry = ToolRegistry::new();
        let recorder = Recorder::new();
        std::thread::scope(|scope| {
            for thread in 0..3_u8 {
                let (recorder, registry) = (&recorder, &registry);
                scope.spawn(move || {
                    let mut client = recorder.client();
                    for step in 0..100_u8 {
                        let tool = (step.wrapping_mul(7) ^ thread ^ round) % 4;
                        let op = match (step / 4 + thread + round) % 5 {
                            0 | 1 => SetOp::Insert(tool),
                            2 => SetOp::Remove(tool),
                            3 => SetOp::Contains(tool),
                            _ => SetOp::List,
                        };
                        client.run(op, |op| ask(registry, op));
                    }
                });
            }
        });
        let history = recorder.finish().unwrap();
        assert_eq!(history.operations().len(), 300);
        let verdict = check(&Set::default(), &history, Limits::default()).unwrap();
        if let Some(found) = verdict.counterexample() {
            panic!("{found}");
        }
    }
}
