//! The registry against a map.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use voidstate_core::ToolId;
use voidstate_runtime::{Error, ToolRegistry};

use super::{factory, id};

const TOOLS: [&str; 6] = ["t0", "t1", "t2", "t3", "t4", "t5"];

#[derive(Debug, Clone)]
enum Step {
    Register(usize, Vec<usize>),
    Unregister(usize),
    Order(usize),
    Dependents(usize),
    Search(usize),
}

/// Registered tools and what they need.
#[derive(Debug, Clone, Default)]
struct Map(BTreeMap<usize, Vec<usize>>);

impl Map {
    /// Everything that can be reached along dependencies, `from` included.
    fn reach(&self, from: usize) -> [bool; TOOLS.len()] {
        let mut reached = [false; TOOLS.len()];
        reached[from] = true;
        for _ in 0..TOOLS.len() {
            for (tool, needs) in &self.0 {
                if reached[*tool] {
                    needs.iter().for_each(|need| reached[*need] = true);
                }
            }
        }
        reached
    }

    fn would_cycle(&self, tool: usize, needs: &[usize]) -> bool {
        needs.iter().any(|need| self.reach(*need)[tool])
    }

    fn is_needed(&self, tool: usize) -> bool {
        self.0.values().any(|needs| needs.contains(&tool))
    }
}

impl ReferenceStateMachine for Map {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Step> {
        let tool = || 0..TOOLS.len();
        prop_oneof![
            4 => (tool(), proptest::collection::vec(tool(), 0..3)).prop_map(|(t, needs)| Step::Register(t, needs)),
            2 => tool().prop_map(Step::Unregister),
            1 => tool().prop_map(Step::Order),
            1 => tool().prop_map(Step::Dependents),
            1 => tool().prop_map(Step::Search),
        ]
        .boxed()
    }

    fn apply(mut state: Self, step: &Step) -> Self {
        match step {
            Step::Register(tool, needs) => {
                if !state.0.contains_key(tool) && !state.would_cycle(*tool, needs) {
                    state.0.insert(*tool, needs.clone());
                }
            }
            Step::Unregister(tool) => {
                if !state.is_needed(*tool) {
                    state.0.remove(tool);
                }
            }
            Step::Order(_) | Step::Dependents(_) | Step::Search(_) => {}
        }
        state
    }
}

struct Subject {
    registry: ToolRegistry,
    /// What the map was before the step.
    before: Map,
}

fn tools(ids: &[ToolId]) -> Vec<usize> {
    let position = |id: &ToolId| TOOLS.iter().position(|tool| *tool == id.as_str());
    ids.iter().map(|id| position(id).unwrap()).collect()
}

impl StateMachineTest for Subject {
    type SystemUnderTest = Self;
    type Reference = Map;

    fn init_test(state: &Map) -> Self {
        Self {
            registry: ToolRegistry::new(),
            before: state.clone(),
        }
    }

    fn apply(mut subject: Self, after: &Map, step: Step) -> Self {
        let (registry, before) = (&subject.registry, &subject.before);
        match step {
            Step::Register(tool, needs) => {
                let names: Vec<&str> = needs.iter().map(|need| TOOLS[*need]).collect();
                match registry.register(factory(TOOLS[tool], &names)) {
                    Ok(()) => assert!(!before.0.contains_key(&tool) && after.0.contains_key(&tool)),
                    Err(Error::ToolTaken { .. }) => assert!(before.0.contains_key(&tool)),
                    Err(Error::Core(_)) => assert!(needs.contains(&tool)),
                    Err(Error::DependencyCycle { cycle }) => {
                        assert!(before.would_cycle(tool, &needs));
                        assert_eq!(cycle.first(), cycle.last());
                        let cycle: Vec<usize> =
                            tools(&cycle.iter().map(|text| id(text)).collect::<Vec<_>>());
                        for pair in cycle.windows(2) {
                            let own = if pair[0] == tool {
                                Some(&needs)
                            } else {
                                before.0.get(&pair[0])
                            };
                            assert!(own.unwrap().contains(&pair[1]), "{cycle:?} is no cycle");
                        }
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            Step::Unregister(tool) => match registry.unregister(&id(TOOLS[tool])) {
                Ok(()) => assert!(before.0.contains_key(&tool) && !before.is_needed(tool)),
                Err(Error::ToolUnknown { .. }) => assert!(!before.0.contains_key(&tool)),
                Err(Error::ToolNeeded { .. }) => assert!(before.is_needed(tool)),
                Err(error) => panic!("{error}"),
            },
            Step::Order(tool) => match registry.order(&[id(TOOLS[tool])]) {
                Ok(order) => {
                    let order = tools(&order);
                    let reached = before.reach(tool);
                    assert_eq!(
                        order.len(),
                        reached.iter().filter(|reached| **reached).count()
                    );
                    for (position, tool) in order.iter().enumerate() {
                        let earlier = &order[..position];
                        assert!(before.0[tool].iter().all(|need| earlier.contains(need)));
                    }
                }
                Err(Error::ToolUnknown { .. }) => assert!(!before.0.contains_key(&tool)),
                Err(Error::DependencyMissing { missing, chain }) => {
                    let missing = tools(&[id(&missing)])[0];
                    assert!(!before.0.contains_key(&missing) && before.reach(tool)[missing]);
                    let chain = tools(&chain.iter().map(|text| id(text)).collect::<Vec<_>>());
                    assert_eq!((chain[0], chain[chain.len() - 1]), (tool, missing));
                    assert!(
                        chain
                            .windows(2)
                            .all(|pair| before.0[&pair[0]].contains(&pair[1]))
                    );
                }
                Err(error) => panic!("{error}"),
            },
            Step::Dependents(tool) => {
                let found = tools(&registry.dependents(&id(TOOLS[tool])));
                let expected = before
                    .0
                    .keys()
                    .filter(|other| **other != tool && before.reach(**other)[tool]);
                assert_eq!(found.len(), expected.clone().count());
                assert!(expected.clone().all(|other| found.contains(other)));
                for (position, user) in found.iter().enumerate() {
                    let earlier = &found[..position];
                    assert!(
                        earlier.iter().all(|earlier| !before.reach(*user)[*earlier]),
                        "{found:?}"
                    );
                }
            }
            Step::Search(tool) => {
                let found = registry.search(TOOLS[tool]);
                assert_eq!(found.len(), usize::from(before.0.contains_key(&tool)));
            }
        }
        subject.before = after.clone();
        subject
    }

    fn check_invariants(subject: &Self, state: &Map) {
        let listed: Vec<ToolId> = subject
            .registry
            .list()
            .into_iter()
            .map(|meta| meta.id)
            .collect();
        let known: Vec<usize> = state.0.keys().copied().collect();
        assert_eq!(tools(&listed), known);
        for (number, tool) in TOOLS.iter().enumerate() {
            assert_eq!(
                subject.registry.get(&id(tool)).is_some(),
                state.0.contains_key(&number)
            );
        }
    }
}

#[test]
fn the_registry_does_what_a_map_does() {
    let config = Config {
        cases: crate::soak::cases(400),
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(
        RngAlgorithm::ChaCha,
        &crate::soak::bytes(*b"the registry against a map 00001"),
    );
    TestRunner::new_with_rng(config.clone(), rng)
        .run(&Map::sequential_strategy(1..50), |(state, steps, seen)| {
            Subject::test_sequential(config.clone(), state, steps, seen);
            Ok(())
        })
        .unwrap();
}
