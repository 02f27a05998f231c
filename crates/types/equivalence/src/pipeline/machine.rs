//! A pipeline that runs, sample by sample.

use super::code::{Code, Test};
use super::fold::Fold;
use super::number::Bits;
use super::state::{MachineState, Memory, all, all_fit};
use super::{Aggregate, Binary, Pipeline, Sample, Stage, same};
use crate::Error;

/// What a stage does.
#[derive(Debug, Clone)]
enum Act {
    Where(Test),
    Map(Code),
    Window {
        aggregate: Aggregate,
        count: u64,
        every: u64,
    },
    Running(Aggregate),
    Delta,
    Rate,
    Dedup,
    Skip(u64),
    Take(u64),
    Every(u64),
    Tee(Binary, Vec<Act>, Vec<Act>),
    Merge(Vec<Act>, Vec<Act>),
}

impl Act {
    fn of(stage: &Stage) -> Self {
        match stage {
            Stage::Where(p) => Self::Where(Test::of(p)),
            Stage::Map(e) => Self::Map(Code::of(e)),
            Stage::Window {
                aggregate,
                count,
                every,
            } => Self::Window {
                aggregate: *aggregate,
                count: *count,
                every: *every,
            },
            Stage::Running(aggregate) => Self::Running(*aggregate),
            Stage::Delta => Self::Delta,
            Stage::Rate => Self::Rate,
            Stage::Dedup => Self::Dedup,
            Stage::Skip(n) => Self::Skip(*n),
            Stage::Take(n) => Self::Take(*n),
            Stage::Every(n) => Self::Every(*n),
            Stage::Tee(op, a, b) => Self::Tee(*op, acts(a), acts(b)),
            Stage::Merge(a, b) => Self::Merge(acts(a), acts(b)),
        }
    }
}

fn acts(pipeline: &Pipeline) -> Vec<Act> {
    pipeline.stages().iter().map(Act::of).collect()
}

/// A pipeline with its state: one sample in, at most one out.
///
/// Memory does not grow with the stream: 16 bytes per sample of an overlapping window, 1 KiB per `distinct`, at most
/// 2¹⁷ buckets per `quantile`, a few words per other stage. A step is O(stages) amortised, but O(window) where an overlapping window other than
/// `min`, `max`, `count`, `first`, `last` answers.
#[derive(Debug, Clone)]
pub struct Machine {
    text: String,
    pipeline: Pipeline,
    acts: Vec<Act>,
    memory: Vec<Memory>,
}

impl Pipeline {
    /// This pipeline as a machine that has seen nothing.
    #[must_use]
    pub fn machine(&self) -> Machine {
        Machine {
            text: self.to_string(),
            pipeline: self.clone(),
            acts: acts(self),
            memory: all(self),
        }
    }
}

impl Machine {
    /// Takes one sample, gives what the pipeline says of it.
    #[inline]
    pub fn step(&mut self, sample: Sample) -> Option<Sample> {
        run(&self.acts, &mut self.memory, sample)
    }

    /// The pipeline that runs.
    #[must_use]
    pub const fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// Forgets everything seen.
    pub fn reset(&mut self) {
        self.memory = all(&self.pipeline);
    }

    /// What it remembers, for [`Machine::restore`]. O(state).
    #[must_use]
    pub fn save(&self) -> MachineState {
        MachineState {
            pipeline: self.text.clone(),
            memory: self.memory.clone(),
        }
    }

    /// A machine for `pipeline` that goes on where the saved one stopped. O(state).
    ///
    /// # Errors
    /// [`Error::StateOfAnother`] when the state is of another pipeline, [`Error::State`] with the stage whose state it
    /// cannot be.
    pub fn restore(pipeline: &Pipeline, state: MachineState) -> Result<Self, Error> {
        let mut machine = pipeline.machine();
        if machine.text != state.pipeline {
            return Err(Error::StateOfAnother {
                saved: state.pipeline,
                wanted: machine.text,
            });
        }
        all_fit(&state.memory, pipeline).map_err(|stage| Error::State { stage })?;
        machine.memory = state.memory;
        Ok(machine)
    }
}

#[inline]
fn run(acts: &[Act], memory: &mut [Memory], mut sample: Sample) -> Option<Sample> {
    for (act, memory) in acts.iter().zip(memory) {
        sample.value = step(act, memory, sample)?;
    }
    Some(sample)
}

#[inline]
fn step(act: &Act, memory: &mut Memory, sample: Sample) -> Option<f64> {
    let value = sample.value;
    match (act, memory) {
        (Act::Where(test), _) => test.holds(value).then_some(value),
        (Act::Map(code), _) => Some(code.eval(value)),
        (
            Act::Window {
                aggregate,
                count,
                every,
            },
            Memory::Window(window),
        ) => window.step(*aggregate, *count, *every, value),
        (Act::Running(aggregate), Memory::Running { fold, count }) => {
            Some(running(*aggregate, fold, count, value))
        }
        (Act::Delta, Memory::Before(before)) => {
            let (_, old) = before.replace((sample.time_ns, Bits(value)))?;
            Some(value - old.0)
        }
        (Act::Rate, Memory::Before(before)) => {
            let (time, old) = before.replace((sample.time_ns, Bits(value)))?;
            let passed = i128::from(sample.time_ns) - i128::from(time);
            #[expect(clippy::cast_precision_loss, reason = "a time step rounded to nearest")]
            let seconds = passed as f64 / 1e9;
            (passed > 0).then(|| (value - old.0) / seconds)
        }
        (Act::Dedup, Memory::Before(before)) => {
            let old = before.replace((sample.time_ns, Bits(value)));
            old.is_none_or(|(_, old)| !same(old.0, value))
                .then_some(value)
        }
        (Act::Skip(n), Memory::Counter(seen)) => {
            let is_past = *seen >= *n;
            *seen += u64::from(!is_past);
            is_past.then_some(value)
        }
        (Act::Take(n), Memory::Counter(seen)) => {
            let is_early = *seen < *n;
            *seen += u64::from(is_early);
            is_early.then_some(value)
        }
        (Act::Every(n), Memory::Counter(seen)) => {
            *seen += 1;
            let is_due = *seen >= *n;
            if is_due {
                *seen = 0;
            }
            is_due.then_some(value)
        }
        (Act::Tee(op, a, b), Memory::Branches(x, y)) => {
            let (left, right) = (run(a, x, sample), run(b, y, sample));
            Some(op.apply(left?.value, right?.value))
        }
        (Act::Merge(a, b), Memory::Branches(x, y)) => {
            let (left, right) = (run(a, x, sample), run(b, y, sample));
            left.or(right).map(|s| s.value)
        }
        // Memory is made or checked for the acts; other pairs do not exist.
        _ => None,
    }
}

fn running(aggregate: Aggregate, fold: &mut Fold, count: &mut u64, value: f64) -> f64 {
    *count = count.saturating_add(1);
    fold.take(aggregate, value);
    fold.value(aggregate, *count)
}
