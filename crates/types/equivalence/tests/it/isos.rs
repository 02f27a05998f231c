//! Isomorphisms and transport.

use proptest::prelude::*;
use voidstate_equivalence::pipeline::{Pipeline, Sample};
use voidstate_equivalence::{Behaviour, Iso, Reindex, Stepping, transport};
use voidstate_properties::laws::{self, Settings};

fn offset(by: i64) -> Iso<i64, i64> {
    Iso::new(
        move |a: i64| a.wrapping_add(by),
        move |b: i64| b.wrapping_sub(by),
    )
}

fn split() -> Iso<i64, (i32, u32)> {
    Iso::new(
        |a: i64| ((a >> 32) as i32, (a & 0xffff_ffff) as u32),
        |(high, low)| (i64::from(high) << 32) | i64::from(low),
    )
}

fn lawful<A, B>(iso: &Iso<A, B>, a: impl Strategy<Value = A>, b: impl Strategy<Value = B>)
where
    A: Clone + std::fmt::Debug + PartialEq + 'static,
    B: Clone + std::fmt::Debug + PartialEq + 'static,
{
    let (there, back) = (|a: &A| iso.to(a.clone()), |b: &B| iso.from(b.clone()));
    laws::isomorphism(
        &Settings::default(),
        &a,
        &b,
        there,
        back,
        PartialEq::eq,
        PartialEq::eq,
    )
    .map_or_else(|e| panic!("{e}"), |_| ());
}

#[test]
fn isomorphisms_keep_their_laws_when_combined() {
    lawful(&offset(7), any::<i64>(), any::<i64>());
    lawful(&split(), any::<i64>(), any::<(i32, u32)>());
    lawful(&offset(7).then(&split()), any::<i64>(), any::<(i32, u32)>());
    lawful(&split().inverse(), any::<(i32, u32)>(), any::<i64>());
    lawful(&Iso::<i64, i64>::refl(), any::<i64>(), any::<i64>());
}

#[test]
fn a_pair_that_is_none_is_caught() {
    let halves: Iso<i64, i64> = Iso::new(|a| a / 2, |b| b * 2);
    let (there, back) = (|a: &i64| halves.to(*a), |b: &i64| halves.from(*b));
    let small = -99_i64..99;
    let broken = laws::isomorphism(
        &Settings::default(),
        &small,
        &small,
        there,
        back,
        PartialEq::eq,
        PartialEq::eq,
    );
    assert!(broken.is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn transport_keeps_behaviour(inputs in prop::collection::vec(any::<i64>(), 0..40)) {
        let tool = Stepping::new(0_i64, |sum: &mut i64, x: i64| {
            *sum = sum.wrapping_add(x);
            *sum > x
        })
        .of::<i64, bool>();
        let along = Reindex { input: split(), output: Iso::new(|b: bool| u8::from(b), |n| n != 0), state: offset(5) };
        let back = Reindex {
            input: along.input.inverse(),
            output: along.output.inverse(),
            state: along.state.inverse(),
        };
        let own = tool.run(inputs.clone());
        let moved = transport(along.clone(), tool);
        let images: Vec<u8> = own.iter().map(|o| along.output.to(*o)).collect();
        prop_assert_eq!(moved.run(inputs.iter().map(|i| along.input.to(*i))), images);
        // There and back is nowhere.
        prop_assert_eq!(transport(back, moved).run(inputs), own);
    }
}

#[test]
fn a_pipeline_is_transported_to_other_units() {
    let pipeline: Pipeline = "where value > 0.5 | delta".parse().unwrap();
    let input: Iso<Sample, (f64, i64)> = Iso::new(
        |s: Sample| (s.value, s.time_ns),
        |(value, time_ns)| Sample::new(time_ns, value),
    );
    let output = Iso::new(
        |o: Option<Sample>| o.map(|s| s.value),
        |v: Option<f64>| v.map(|v| Sample::new(0, v)),
    );
    let pairs = transport(
        Reindex {
            input,
            output,
            state: Iso::refl(),
        },
        pipeline,
    );
    assert_eq!(
        pairs.run([(1.0, 0), (0.25, 1), (3.0, 2)]),
        [None, None, Some(2.0)]
    );
}
