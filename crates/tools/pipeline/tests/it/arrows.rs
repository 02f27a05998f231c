//! Arrows against the definition of the language, on drawn pipelines and samples.

use proptest::prelude::*;
use voidstate_category::stream::{Machine, Saved};
use voidstate_equivalence::pipeline::{Pipeline, Sample};
use voidstate_tool_pipeline::Arrow;

fn stage() -> impl Strategy<Value = String> {
    let aggregate = prop_oneof![
        Just("sum"),
        Just("min"),
        Just("max"),
        Just("mean"),
        Just("count"),
        Just("first"),
        Just("last"),
        Just("distinct"),
        Just("quantile 0.5"),
    ];
    prop_oneof![
        Just("pass".to_owned()),
        (-3..4_i32).prop_map(|n| format!("where value > {n}")),
        Just("where finite(value) or value != value".to_owned()),
        (-3..4_i32).prop_map(|n| format!("map max(value * {n}, value - 1)")),
        (aggregate.clone(), 1..6_u32).prop_map(|(a, n)| format!("window {a} {n}")),
        (aggregate.clone(), 1..6_u32).prop_map(|(a, n)| format!("sliding {a} {n}")),
        (aggregate.clone(), 1..6_u32, 1..6_u32)
            .prop_map(|(a, n, m)| format!("window {a} {n} every {m}")),
        aggregate.prop_map(|a| format!("running {a}")),
        Just("delta".to_owned()),
        Just("rate".to_owned()),
        Just("dedup".to_owned()),
        (1..4_u32).prop_map(|n| format!("skip {n}")),
        (1..9_u32).prop_map(|n| format!("take {n}")),
        (1..4_u32).prop_map(|n| format!("every {n}")),
    ]
}

fn line(stage: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::vec(stage, 1..5).prop_map(|stages| stages.join(" | "))
}

fn pipeline() -> impl Strategy<Value = Pipeline> {
    let op = prop_oneof![
        Just("add"),
        Just("sub"),
        Just("mul"),
        Just("min"),
        Just("max")
    ];
    let branch = prop_oneof![
        4 => stage(),
        1 => (op, line(stage()), line(stage())).prop_map(|(op, a, b)| format!("tee {op} ({a}, {b})")),
        1 => (line(stage()), line(stage())).prop_map(|(a, b)| format!("merge ({a}, {b})")),
    ];
    line(branch)
        .prop_map(|text| Pipeline::parse(&text).unwrap_or_else(|e| panic!("{}", e.render(&text))))
}

fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let value = prop_oneof![
        8 => (-6..7_i32).prop_map(f64::from),
        2 => -1e3..1e3_f64,
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(-0.0), Just(0.0)],
    ];
    prop::collection::vec((0..3_i64, value), 0..40).prop_map(|steps| {
        let mut time = 0;
        let each = steps.into_iter().map(|(step, value)| {
            time += step * 500_000_000;
            Sample::new(time, value)
        });
        each.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arrows_do_what_the_definition_says(pipeline in pipeline(), samples in samples()) {
        let mut arrow = Arrow::of(&pipeline).unwrap();
        let answered: Vec<Sample> = samples.iter().filter_map(|sample| arrow.step(*sample)).collect();
        prop_assert_eq!(answered, pipeline.run_batch(&samples), "{}", pipeline);
    }

    #[test]
    fn an_arrow_goes_on_from_a_saved_memory(pipeline in pipeline(), samples in samples(), cut in 0..40_usize) {
        let mut arrow = Arrow::of(&pipeline).unwrap();
        let mut answered = Vec::new();
        for (at, sample) in samples.iter().enumerate() {
            if at == cut {
                let memory = arrow.save();
                arrow = Arrow::of(&pipeline).unwrap();
                arrow.restore(memory).unwrap();
            }
            answered.extend(arrow.step(*sample));
        }
        prop_assert_eq!(answered, pipeline.run_batch(&samples), "{}", pipeline);
    }

    #[test]
    fn the_memory_of_another_pipeline_is_refused_or_taken_whole(a in pipeline(), b in pipeline(), samples in samples()) {
        let (mut arrow, mut other) = (Arrow::of(&a).unwrap(), Arrow::of(&b).unwrap());
        for sample in &samples {
            arrow.step(*sample);
        }
        // Whatever happens, it is a machine that answers.
        if other.restore(arrow.save()).is_ok() {
            for sample in &samples {
                other.step(*sample);
            }
        }
    }
}
