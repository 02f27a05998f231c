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
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

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
