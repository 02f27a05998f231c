//! Lives of tools against a naive model.

use std::sync::Arc;

use proptest::prelude::*;
use voidstate_core::{
    Attributes, Hooks, Lifecycle, LifecycleState, ManualClock, Next, Overflow, Timestamp,
};
use voidstate_runtime::Engine;

use super::kit::{FnSource, FnTool, id, info};

const NAMES: [&str; 4] = ["a", "b", "c", "d"];
/// b needs a; c needs a and b; d needs nobody.
const NEEDS: [&[usize]; 4] = [&[], &[0], &[0, 1], &[]];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Station {
    Attached { suspended: bool },
    Detached,
}

#[derive(Debug, Clone, Copy)]
enum Op {
    Attach(usize),
    Suspend(usize),
    Resume(usize),
    Detach(usize),
    Signal,
}

struct Model {
    stations: [Station; 4],
    calls: [u64; 4],
}

impl Model {
    fn runs(&self, tool: usize) -> bool {
        self.stations[tool] == Station::Attached { suspended: false }
            && NEEDS[tool].iter().all(|need| self.runs(*need))
    }

    fn is_attached(&self, tool: usize) -> bool {
        matches!(self.stations[tool], Station::Attached { .. })
    }

    /// Whether the transition exists.
    fn apply(&mut self, op: Op) -> bool {
        let needs_run =
            |model: &Self, tool: usize| NEEDS[tool].iter().all(|need| model.runs(*need));
        let (tool, to) = match op {
            Op::Attach(t) if !self.is_attached(t) && needs_run(self, t) => {
                (t, Station::Attached { suspended: false })
            }
            Op::Suspend(t) if self.stations[t] == (Station::Attached { suspended: false }) => {
                (t, Station::Attached { suspended: true })
            }
            Op::Resume(t)
                if self.stations[t] == (Station::Attached { suspended: true })
                    && needs_run(self, t) =>
            {
                (t, Station::Attached { suspended: false })
            }
            Op::Detach(t)
                if self.is_attached(t)
                    && !(0..4).any(|o| NEEDS[o].contains(&t) && self.is_attached(o)) =>
            {
                (t, Station::Detached)
            }
            Op::Signal => {
                for tool in 0..4 {
                    self.calls[tool] += u64::from(self.runs(tool));
                }
                return true;
            }
            _ => return false,
        };
        self.stations[tool] = to;
        true
    }
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![
        3 => (0..4_usize).prop_map(Op::Attach),
        2 => (0..4_usize).prop_map(Op::Suspend),
        2 => (0..4_usize).prop_map(Op::Resume),
        2 => (0..4_usize).prop_map(Op::Detach),
        3 => Just(Op::Signal),
    ];
    prop::collection::vec(op, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::soak::cases(128), failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(crate::soak::seed(3)), ..ProptestConfig::default() })]

    #[test]
    fn lives_agree_with_a_naive_model(ops in ops(), order in Just([0, 1, 2, 3]).prop_shuffle()) {
        let tools: Vec<_> = (0..4)
            .map(|t| {
                let needs = NEEDS[t].iter().map(|need| id(NAMES[*need])).collect();
                FnTool::new(NAMES[t], &[], |_, _, _| Ok(())).meta(|meta| meta.dependencies = needs).share()
            })
            .collect();
        let source = FnSource::boxed(Overflow::Drop, move |now, out| {
            let series = out.series(&info("m"));
            out.sample(series, now, 1.0);
            Ok(Next::Now)
        });
        let mut builder = Engine::builder().clock(Arc::new(ManualClock::new(Timestamp::from_secs(1)))).source(source);
        for tool in order {
            builder = builder.tool(Arc::<FnTool>::clone(&tools[tool]), Attributes::new());
        }
        let mut engine = builder.build().unwrap().inline();
        let handle = engine.handle();
        let mut model = Model { stations: [Station::Attached { suspended: false }; 4], calls: [0; 4] };
        for op in ops {
            let exists = model.apply(op);
            let outcome = match op {
                Op::Attach(t) => handle.attach(&id(NAMES[t])),
                Op::Suspend(t) => handle.suspend(&id(NAMES[t]), "model"),
                Op::Resume(t) => handle.resume(&id(NAMES[t])),
                Op::Detach(t) => handle.detach(&id(NAMES[t])),
                Op::Signal => {
                    engine.step();
                    Ok(())
                }
            };
            prop_assert_eq!(outcome.is_ok(), exists, "{:?}: {:?}", op, outcome);
            for tool in 0..4 {
                let state = handle.state(&id(NAMES[tool])).unwrap();
                let expected = match model.stations[tool] {
                    Station::Detached => state == LifecycleState::Detached,
                    Station::Attached { .. } if model.runs(tool) => state == LifecycleState::Attached,
                    Station::Attached { .. } => matches!(state, LifecycleState::Suspended { .. }),
                };
                prop_assert!(expected, "{} is {} after {:?}", NAMES[tool], state, op);
                prop_assert_eq!(tools[tool].calls(), model.calls[tool], "calls of {}", NAMES[tool]);
            }
        }
    }
}

#[test]
fn hooks_of_all_shards_are_one() {
    let tool = FnTool::new("t", &[], |_, _, _| Ok(())).share();
    let engine = Engine::builder()
        .shards(3)
        .source(super::kit::rounds(9, 10))
        .tool(tool, Attributes::new())
        .build()
        .unwrap();
    let handle = engine.handle();
    let report = engine.run_to_end().unwrap();
    assert_eq!(report.stats.delivered, 90);
    let hooks = handle.list();
    let cpu = hooks
        .iter()
        .find(|h| h.name.as_str() == "host.cpu")
        .unwrap();
    assert_eq!((cpu.fired, cpu.callbacks, cpu.enabled), (90, 1, true));
    let number = handle.declare(&cpu.name);
    handle.set_enabled(number, false).unwrap();
    assert!(handle.list().iter().all(|h| !h.enabled));
    assert!(
        handle
            .set_enabled(voidstate_core::HookId(77), false)
            .is_err()
    );
}
