//! Text, definition and machine of pipelines.

use proptest::prelude::*;
use voidstate_equivalence::generate::{self, Rng};
use voidstate_equivalence::pipeline::{Machine, MachineState, Pipeline, Sample};

fn drawn(seed: u64) -> (Pipeline, Vec<Sample>) {
    let mut rng = Rng::new(seed);
    let pipeline = generate::pipeline(&mut rng, 5);
    let near = generate::constants(&pipeline);
    let stream = generate::stream(&mut rng, 60, &near);
    (pipeline, stream)
}

fn run(machine: &mut Machine, samples: &[Sample]) -> Vec<Sample> {
    samples.iter().filter_map(|s| machine.step(*s)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn batch_is_stream(seed in any::<u64>()) {
        let (pipeline, stream) = drawn(seed);
        prop_assert_eq!(pipeline.run_batch(&stream), run(&mut pipeline.machine(), &stream), "{}", pipeline);
    }

    #[test]
    fn text_reads_back(seed in any::<u64>()) {
        let (pipeline, _) = drawn(seed);
        let text = pipeline.to_string();
        let read = Pipeline::parse(&text);
        prop_assert_eq!(read.as_ref(), Ok(&pipeline), "{}", text);
    }

    #[test]
    fn a_restored_machine_goes_on(seed in any::<u64>(), cut in any::<prop::sample::Index>()) {
        let (pipeline, stream) = drawn(seed);
        let cut = cut.index(stream.len() + 1);
        let mut machine = pipeline.machine();
        let mut said = run(&mut machine, &stream[..cut]);
        let json = serde_json::to_string(&machine.save())?;
        let state: MachineState = serde_json::from_str(&json)?;
        let mut machine = Machine::restore(&pipeline, state).map_err(|e| TestCaseError::fail(e.to_string()))?;
        said.extend(run(&mut machine, &stream[cut..]));
        prop_assert_eq!(said, pipeline.run_batch(&stream));
    }
}

#[test]
fn wrong_text_is_pointed_at() {
    let cases = [
        ("", "found the end, expected where"),
        ("where value", "this is a number, expected a condition"),
        ("map value > 1", "this is a condition, expected a number"),
        ("map value +", "found the end, expected `value`"),
        ("window max", "expected a number of samples"),
        ("window max 1.5", "found `1.5`, expected a whole number"),
        ("window max 0", "samples of a window: 0, expected 1 to"),
        (
            "sliding sum 70000",
            "samples of a window: 70000, expected 1 to 65536",
        ),
        ("every 0", "expected 1 to"),
        ("skip 99999999999999999999", "found `99999999999999999999`"),
        ("jump 3", "`jump` is no stage"),
        ("window median 3", "found `median`, expected sum"),
        (
            "window quantile 2 5",
            "quantile 2, expected a number from 0 to 1",
        ),
        ("tee pow (delta, delta)", "found `pow`, expected add"),
        ("tee add (delta)", "found `)`, expected `,`"),
        ("delta | | delta", "found `|`, expected where"),
        ("delta delta", "found `delta`, expected `|` or the end"),
        ("map 1e999", "out of range"),
        ("map 1.2.3", "`1.2.3` is no number"),
        ("map foo(value)", "found `foo`"),
        ("map min(value)", "found `)`, expected `,`"),
        ("map value ^ 2", "unexpected character '^'"),
        ("where value > 1 > 0", "found `>`, expected `|` or the end"),
        ("where not value", "this is a number"),
        ("map é", "unexpected character 'é'"),
    ];
    for (text, expected) in cases {
        let error = Pipeline::parse(text).unwrap_err();
        assert!(error.message.contains(expected), "{text}: {error}");
        assert!(text.get(error.span.clone()).is_some(), "{text}: {error}");
    }
    let text = "where value > 0.5 |\n map valeu * 2";
    let shown = Pipeline::parse(text).unwrap_err().render(text);
    assert!(
        shown.ends_with("  |  map valeu * 2\n  |      ^^^^^"),
        "{shown}"
    );
}

#[test]
fn hostile_text_is_an_error() {
    let many = |unit: &str, n: usize| unit.repeat(n);
    let texts = [
        format!("map {}value{}", many("(", 5_000), many(")", 5_000)),
        format!("map {}value", many("-", 5_000)),
        format!("where {}true", many("not ", 5_000)),
        format!("map value{}", many(" + 1", 9_000)),
        format!("where true{}", many(" and true", 7_000)),
        format!("map {}value{}", many("abs(", 5_000), many(")", 5_000)),
        format!("{}delta{}", many("merge (", 3_000), many(", delta)", 3_000)),
        format!("delta{}", many(" | delta", 5_000)),
        many("x", 70_000),
        "map value * ".into(),
    ];
    for text in texts {
        let error = Pipeline::parse(&text).unwrap_err();
        assert!(error.to_string().len() < 400, "{error}");
        assert!(!error.render(&text).is_empty() && !error.render("other").is_empty());
    }
}

#[test]
fn what_is_nested_as_deep_as_allowed_reads_back() {
    use voidstate_equivalence::pipeline::{DEPTH_MAX, Expr, Pred, Stage, Unary};
    let mut e = Expr::Value;
    for i in 1..DEPTH_MAX {
        e = Expr::unary(if i % 2 == 0 { Unary::Neg } else { Unary::Abs }, e);
    }
    let mut p = Pred::Always(true);
    for i in 1..DEPTH_MAX {
        p = if i % 2 == 0 {
            Pred::Not(Box::new(p))
        } else {
            Pred::And(Box::new(Pred::Always(true)), Box::new(p))
        };
    }
    let pipeline = Pipeline::new(vec![Stage::Map(e.clone()), Stage::Where(p)]).unwrap();
    assert_eq!(Pipeline::parse(&pipeline.to_string()), Ok(pipeline));
    assert!(Pipeline::new(vec![Stage::Map(Expr::unary(Unary::Neg, e))]).is_err());
}

#[test]
fn a_state_of_another_pipeline_is_refused() {
    use voidstate_equivalence::Error;
    let (a, b): (Pipeline, Pipeline) = (
        "skip 2 | sliding sum 3".parse().unwrap(),
        "skip 3".parse().unwrap(),
    );
    let saved = a.machine().save();
    assert!(matches!(
        Machine::restore(&b, saved.clone()),
        Err(Error::StateOfAnother { .. })
    ));
    let json = serde_json::to_string(&saved).unwrap();
    let damaged = [
        json.replacen("{\"Counter\":0}", "{\"Counter\":9}", 1),
        json.replacen("\"seen\":0", "\"seen\":4", 1),
    ];
    for (stage, text) in damaged.iter().enumerate() {
        assert_ne!(*text, json);
        let state: MachineState = serde_json::from_str(text).unwrap();
        assert!(
            matches!(Machine::restore(&a, state), Err(Error::State { stage: s }) if s == stage)
        );
    }
}

#[test]
fn stages_do_what_their_sentences_say() {
    let run = |text: &str, values: &[f64]| -> Vec<f64> {
        let samples: Vec<Sample> = (0_i64..)
            .zip(values)
            .map(|(i, v)| Sample::new(i * 500_000_000, *v))
            .collect();
        let pipeline: Pipeline = text.parse().unwrap();
        pipeline
            .run_batch(&samples)
            .iter()
            .map(|s| s.value)
            .collect()
    };
    let six = [1.0, 2.0, 2.0, 5.0, 4.0, 6.0];
    assert_eq!(run("window sum 2", &six), [3.0, 7.0, 10.0]);
    assert_eq!(run("sliding max 3", &six), [2.0, 5.0, 5.0, 6.0]);
    assert_eq!(run("window mean 2 every 3", &six), [1.5, 4.5]);
    assert_eq!(run("window first 3 every 2", &six), [1.0, 2.0]);
    assert_eq!(run("delta", &six), [1.0, 0.0, 3.0, -1.0, 2.0]);
    assert_eq!(run("rate", &six), [2.0, 0.0, 6.0, -2.0, 4.0]);
    assert_eq!(run("dedup", &six), [1.0, 2.0, 5.0, 4.0, 6.0]);
    assert_eq!(run("skip 4", &six), [4.0, 6.0]);
    assert_eq!(run("take 2", &six), [1.0, 2.0]);
    assert_eq!(run("every 3", &six), [2.0, 6.0]);
    assert_eq!(
        run("tee sub (pass, sliding min 2)", &six),
        [1.0, 0.0, 3.0, 0.0, 2.0]
    );
    assert_eq!(
        run("merge (every 3, map -(value))", &six),
        [-1.0, -2.0, 2.0, -5.0, -4.0, 6.0]
    );
    assert_eq!(run("running count", &six).len(), 6);
    assert_eq!(
        run("map clamp(value, 2, 4)", &six),
        [2.0, 2.0, 2.0, 4.0, 4.0, 4.0]
    );
    assert_eq!(run("window quantile 0.5 6", &six), [2.0]);
    assert!(run("window max 2", &[1.0, f64::NAN])[0].is_nan());
    assert_eq!(run("where value != value | map 1", &[1.0, f64::NAN]), [1.0]);
    let many: Vec<f64> = (0..20_000).map(f64::from).collect();
    let distinct = run("window distinct 20000", &many)[0];
    assert!((distinct - 20_000.0).abs() < 2_000.0, "{distinct}");
}

#[test]
fn rate_says_nothing_where_time_did_not_pass() {
    let pipeline: Pipeline = "rate".parse().unwrap();
    let at = |t, v| Sample::new(t, v);
    let said = pipeline.run_batch(&[at(5, 1.0), at(5, 2.0), at(3, 9.0), at(1_000_000_003, 10.0)]);
    assert_eq!(said, [at(1_000_000_003, 1.0)]);
    let extremes = pipeline.run_batch(&[at(i64::MIN, 0.0), at(i64::MAX, 1.0)]);
    assert!(extremes[0].value > 0.0 && extremes[0].value.is_finite());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_pipeline_or_an_error(text in "[a-z0-9 |()<>=!+*/.,-]{0,60}") {
        if let Ok(pipeline) = Pipeline::parse(&text) {
            prop_assert_eq!(Pipeline::parse(&pipeline.to_string()), Ok(pipeline));
        }
    }

    #[test]
    fn sketches_merge_in_any_order(a in prop::collection::vec(any::<f64>(), 0..60), b in prop::collection::vec(any::<f64>(), 0..60)) {
        use voidstate_equivalence::pipeline::{Histogram, Registers};
        let whole = || a.iter().chain(&b).copied();
        let (mut x, mut y): (Registers, Registers) = (a.iter().copied().collect(), b.iter().copied().collect());
        let y0 = y.clone();
        y.merge(&x);
        x.merge(&y0);
        prop_assert_eq!(&x, &y);
        prop_assert_eq!(&x, &whole().collect::<Registers>());
        let (mut x, mut y): (Histogram, Histogram) = (a.iter().copied().collect(), b.iter().copied().collect());
        let y0 = y.clone();
        y.merge(&x);
        x.merge(&y0);
        prop_assert_eq!(&x, &y);
        prop_assert_eq!(&x, &whole().collect::<Histogram>());
        // The definition beside the sketch: sort, take the rank, cut the mantissa.
        let mut sorted: Vec<f64> = whole().collect();
        sorted.sort_by(f64::total_cmp);
        let ranks = 1..=sorted.len().max(1);
        let rank = ranks.into_iter().find(|r| *r as f64 >= 0.9 * sorted.len() as f64).unwrap_or(1);
        let cut = sorted.get(rank - 1).map(|v| f64::from_bits(v.to_bits() >> 47 << 47));
        let found = x.quantile(0.9);
        match cut {
            Some(cut) if !sorted.iter().any(|v| v.is_nan()) => prop_assert_eq!(found.to_bits(), cut.to_bits()),
            _ => prop_assert!(found.is_nan()),
        }
    }
}
