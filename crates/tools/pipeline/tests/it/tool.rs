//! The tool against a context that keeps what it publishes.

use proptest::prelude::*;
use voidstate_core::SeriesId;
use voidstate_tool_pipeline::{PipelineFactory, ToolFactory};

use crate::context::Bench;

#[test]
fn every_selected_series_has_a_pipeline_of_its_own() {
    let mut bench = Bench::new("host.cpu.*{core!=\"9\"}", "window max 2");
    for (secs, value) in [(1, 1.0), (2, 5.0), (3, 2.0), (4, 4.0)] {
        bench.see("host.cpu.busy", &[("core", "0")], secs, value);
        bench.see("host.cpu.busy", &[("core", "1")], secs, -value);
        bench.see("host.cpu.busy", &[("core", "9")], secs, 100.0);
        bench.see("host.memory.used", &[], secs, 100.0);
    }
    let name = || "host.cpu.busy".to_owned();
    let (first, second) = (SeriesId(0), SeriesId(1));
    let expected = [
        (name(), first, 5.0),
        (name(), second, -1.0),
        (name(), first, 4.0),
        (name(), second, -2.0),
    ];
    assert_eq!(bench.heard.metrics, expected);
}

#[test]
fn it_does_not_eat_its_own_tail() {
    let mut bench = Bench::new("**", "map value + 1");
    bench.see("m", &[], 1, 1.0);
    bench.see("tool.t.m", &[], 1, 2.0);
    bench.see("tool.tt.m", &[], 1, 2.0);
    assert_eq!(bench.values(), [2.0, 3.0], "another tool's it may work on");
}

#[test]
fn all_that_is_wrong_is_said_together() {
    let error = PipelineFactory::new("t", "host.cpu{core=", "window mean")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("series:") && error.contains("steps:"),
        "{error}"
    );
    assert!(error.contains('^'), "it points at the place: {error}");
    assert!(PipelineFactory::new("not an id", "**", "pass").is_err());
    let mut bench = Bench::new("**", "map value * 2");
    assert!(bench.configure("**", "wherever").is_err());
    bench.see("m", &[], 1, 1.0);
    assert_eq!(
        bench.values(),
        [2.0],
        "a refused configuration changes nothing"
    );
}

#[test]
fn other_series_by_the_same_steps_keep_their_memory_and_other_steps_begin_anew() {
    let mut bench = Bench::new("**", "running sum");
    bench.see("a", &[], 1, 1.0);
    bench.see("b", &[], 1, 10.0);
    bench.configure("a", "running sum").unwrap();
    bench.see("a", &[], 2, 2.0);
    bench.see("b", &[], 2, 20.0);
    assert_eq!(bench.values(), [1.0, 10.0, 3.0]);
    bench.configure("a", "map value | running sum").unwrap();
    bench.see("a", &[], 3, 4.0);
    assert_eq!(
        bench.values(),
        [1.0, 10.0, 3.0, 7.0],
        "the same in other words"
    );
    bench.heard.metrics.pop();
    bench.configure("a", "running count").unwrap();
    bench.see("a", &[], 3, 5.0);
    assert_eq!(bench.values(), [1.0, 10.0, 3.0, 1.0]);
}

#[test]
fn more_series_than_it_can_hold_are_told_once() {
    let mut bench = Bench::new("**", "map value");
    for n in 0..10_003 {
        bench.see(&format!("m.{n}"), &[], 1, 1.0);
    }
    assert_eq!(bench.heard.metrics.len(), 10_000);
    let told = bench
        .heard
        .lines
        .iter()
        .filter(|line| line.contains("only the first"));
    assert_eq!(told.count(), 1, "{:?}", bench.heard.lines);
    bench.see("m.3", &[], 2, 1.0);
    assert_eq!(bench.heard.metrics.len(), 10_001);
}

const STEPS: [&str; 7] = [
    "sliding min 3 | delta",
    "sliding quantile 0.5 4",
    "where value > 0 | window mean 3 every 2",
    "tee sub (running max, running min) | dedup",
    "merge (where value > 5 | every 2, map 0 - value) | skip 1",
    "rate | sliding max 2",
    "take 9 | running distinct",
];

#[test]
fn a_restored_tool_goes_on() {
    for steps in STEPS {
        for cut in 0..12 {
            let (mut whole, mut cut_short) = (Bench::new("**", steps), Bench::new("**", steps));
            for at in 0..12_i32 {
                if at == cut {
                    let state = cut_short.tool.save().unwrap();
                    cut_short.replace();
                    cut_short.tool.restore(&state).unwrap();
                }
                let value = f64::from((at * 7) % 11 - 4);
                for bench in [&mut whole, &mut cut_short] {
                    bench.see("a", &[("l", "1")], i64::from(at), value);
                    bench.see("b", &[], i64::from(at), -value);
                }
            }
            assert_eq!(
                whole.heard.metrics, cut_short.heard.metrics,
                "{steps} at {cut}"
            );
            assert!(!whole.heard.metrics.is_empty(), "{steps}");
        }
    }
}

#[test]
fn a_state_of_other_steps_is_refused_by_name() {
    let mut bench = Bench::new("**", "sliding mean 3");
    bench.see("a", &[], 1, 1.0);
    let state = bench.tool.save().unwrap();
    let mut other = Bench::new("**", "sliding mean 4");
    let error = other.tool.restore(&state).unwrap_err().to_string();
    assert!(
        error.contains("sliding mean 3") && error.contains("sliding mean 4"),
        "{error}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_state_is_refused(at in any::<prop::sample::Index>(), bit in 0_u8..8, cut in any::<prop::sample::Index>()) {
        let mut bench = Bench::new("**", "sliding min 3 | delta");
        for secs in 0..5_i32 {
            bench.see("a", &[], i64::from(secs), f64::from(secs));
        }
        let state = bench.tool.save().unwrap();
        let mut changed = state.clone();
        changed[at.index(state.len())] ^= 1 << bit;
        prop_assert!(bench.tool.restore(&changed).is_err());
        prop_assert!(bench.tool.restore(&state[..cut.index(state.len())]).is_err());
        bench.see("a", &[], 5, 9.0);
        let last = bench.values().last().copied();
        prop_assert_eq!(last, Some(1.0), "and nothing has changed");
    }
}

#[test]
fn metadata_and_spec_agree() {
    let spec = include_str!("../../specs/tool-pipeline.spec");
    let spec = voidstate_language::compile(spec).unwrap();
    let factory = PipelineFactory::new("t", "**", "pass").unwrap();
    let tool = spec.tool("pipeline").unwrap();
    let differences = voidstate_spec::tool::disagreements(factory.meta(), tool);
    assert!(differences.is_empty(), "{differences:?}");
}

#[test]
fn the_laws_of_every_tool_hold() {
    let factory = PipelineFactory::new("t", "**", "sliding mean 3 | where value > 0").unwrap();
    crate::laws(&factory);
}
