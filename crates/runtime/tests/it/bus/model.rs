//! The bus against a list that is sorted anew for every firing.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use voidstate_runtime::{CallbackId, Error, HookBus};

use super::{Log, name, placed};

const TOOLS: [&str; 5] = ["t0", "t1", "t2", "t3", "t4"];
const HOOKS: [&str; 4] = ["a.x", "a.y", "b.x", "c"];
const PATTERNS: [&str; 5] = ["a.*", "*.x", "**", "c", "a.y"];

#[derive(Debug, Clone)]
enum Step {
    Declare(usize),
    Subscribe {
        owner: usize,
        pattern: usize,
        priority: i32,
        after: Vec<usize>,
    },
    Unregister(usize),
    Enable(usize, bool),
    EnableHook(usize, bool),
    Fire(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (0..HOOKS.len()).prop_map(Step::Declare),
        6 => (0..TOOLS.len(), 0..PATTERNS.len(), -2..3_i32, proptest::collection::vec(0..TOOLS.len(), 0..3))
            .prop_map(|(owner, pattern, priority, after)| Step::Subscribe { owner, pattern, priority, after }),
        2 => any::<usize>().prop_map(Step::Unregister),
        1 => (any::<usize>(), any::<bool>()).prop_map(|(which, on)| Step::Enable(which, on)),
        1 => (0..HOOKS.len(), any::<bool>()).prop_map(|(hook, on)| Step::EnableHook(hook, on)),
        5 => (0..HOOKS.len()).prop_map(Step::Fire),
    ]
}

#[derive(Debug, Clone)]
struct Known {
    id: CallbackId,
    label: String,
    owner: usize,
    pattern: usize,
    priority: i32,
    after: Vec<usize>,
    enabled: bool,
}

#[derive(Default)]
struct Model {
    callbacks: Vec<Known>,
    disabled: Vec<usize>,
}

/// By hand, so that the model does not share the glob of the code under test.
fn matches(pattern: usize, hook: usize) -> bool {
    match PATTERNS[pattern] {
        "a.*" => HOOKS[hook].starts_with("a."),
        "*.x" => HOOKS[hook].ends_with(".x"),
        "**" => true,
        literal => literal == HOOKS[hook],
    }
}

impl Model {
    /// Whether `from` comes after `to`, by repeated relaxation.
    fn comes_after(&self, from: usize, to: usize, more: (usize, &[usize])) -> bool {
        let mut reached = [false; TOOLS.len()];
        reached[from] = true;
        for _ in 0..TOOLS.len() {
            let known = self.callbacks.iter().map(|c| (c.owner, c.after.as_slice()));
            for (owner, after) in known.chain(std::iter::once(more)) {
                if reached[owner] {
                    after.iter().for_each(|tool| reached[*tool] = true);
                }
            }
        }
        reached[to]
    }

    fn closes_a_cycle(&self, owner: usize, after: &[usize]) -> bool {
        after
            .iter()
            .any(|tool| self.comes_after(*tool, owner, (owner, after)))
    }

    /// Takes, again and again, the best callback that waits for nobody who is left.
    fn order(&self, hook: usize) -> Vec<&Known> {
        let mut left: Vec<&Known> = self
            .callbacks
            .iter()
            .filter(|c| matches(c.pattern, hook))
            .collect();
        let mut order = Vec::new();
        while !left.is_empty() {
            let waits = |c: &Known| left.iter().any(|other| c.after.contains(&other.owner));
            let best = (0..left.len())
                .filter(|position| !waits(left[*position]))
                .max_by_key(|position| (left[*position].priority, std::cmp::Reverse(*position)))
                .expect("no cycle");
            order.push(left.remove(best));
        }
        order
    }
}

fn run(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let bus = HookBus::<u8>::new();
    let log = Log::default();
    let mut model = Model::default();
    let mut fired = [0_u64; HOOKS.len()];
    for (number, step) in steps.into_iter().enumerate() {
        match step {
            Step::Declare(hook) => {
                bus.declare(&name(HOOKS[hook]));
            }
            Step::Subscribe {
                owner,
                pattern,
                priority,
                after,
            } => {
                let names: Vec<&str> = after.iter().map(|tool| TOOLS[*tool]).collect();
                let label = format!("{}#{number}", TOOLS[owner]);
                let (log, said) = (log.clone(), label.clone());
                let spec = placed(TOOLS[owner], PATTERNS[pattern], priority, &names);
                let result = bus.subscribe(spec, move |_| log.push(said.clone()));
                if model.closes_a_cycle(owner, &after) {
                    let Err(Error::OrderingCycle { cycle }) = result else {
                        return Err(TestCaseError::fail("a cycle was let in"));
                    };
                    prop_assert_eq!(cycle.first(), cycle.last());
                    prop_assert_eq!(cycle.first().map(String::as_str), Some(TOOLS[owner]));
                } else {
                    let id = result.map_err(|error| TestCaseError::fail(error.to_string()))?;
                    model.callbacks.push(Known {
                        id,
                        label,
                        owner,
                        pattern,
                        priority,
                        after,
                        enabled: true,
                    });
                }
            }
            Step::Unregister(which) if !model.callbacks.is_empty() => {
                let known = model.callbacks.remove(which % model.callbacks.len());
                let ticket = bus.unregister(known.id).unwrap();
                if which % 2 == 0 {
                    let _ = ticket.wait();
                    prop_assert!(ticket.is_finished());
                }
            }
            Step::Enable(which, on) if !model.callbacks.is_empty() => {
                let position = which % model.callbacks.len();
                model.callbacks[position].enabled = on;
                bus.set_callback_enabled(model.callbacks[position].id, on)
                    .unwrap();
            }
            Step::Unregister(_) | Step::Enable(..) => {}
            Step::EnableHook(hook, on) => {
                let id = bus.declare(&name(HOOKS[hook])).id();
                bus.set_enabled(id, on).unwrap();
                model.disabled.retain(|disabled| *disabled != hook);
                if !on {
                    model.disabled.push(hook);
                }
            }
            Step::Fire(hook) => {
                let handle = bus.declare(&name(HOOKS[hook]));
                handle.fire(&0);
                let order = model.order(hook);
                let mut expected: Vec<&str> = Vec::new();
                if !model.disabled.contains(&hook) {
                    expected.extend(order.iter().filter(|c| c.enabled).map(|c| c.label.as_str()));
                }
                prop_assert_eq!(handle.is_active(), !expected.is_empty());
                fired[hook] += u64::from(!expected.is_empty());
                prop_assert_eq!(log.take(), expected);
                let listed: Vec<CallbackId> = bus
                    .callbacks(handle.id())
                    .unwrap()
                    .iter()
                    .map(|info| info.id)
                    .collect();
                let ids: Vec<CallbackId> = order.iter().map(|c| c.id).collect();
                prop_assert_eq!(listed, ids);
            }
        }
    }
    for info in bus.list() {
        let hook = HOOKS
            .iter()
            .position(|hook| *hook == info.name.as_str())
            .unwrap();
        prop_assert_eq!(info.fired, fired[hook]);
    }
    Ok(())
}

#[test]
fn the_bus_does_what_a_naive_list_does() {
    let config = Config {
        cases: crate::soak::cases(300),
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(
        RngAlgorithm::ChaCha,
        &crate::soak::bytes(*b"the bus against a naive list 001"),
    );
    TestRunner::new_with_rng(config, rng)
        .run(&proptest::collection::vec(step(), 1..60), run)
        .unwrap();
}
