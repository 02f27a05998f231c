//! What a machine remembers.

use serde::{Deserialize, Serialize};

use super::fold::Fold;
use super::number::Bits;
use super::window::Window;
use super::{Pipeline, Stage};

/// What one stage remembers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Memory {
    /// `where`, `map`.
    Nothing,
    Window(Window),
    Running {
        fold: Fold,
        count: u64,
    },
    /// `delta`, `rate`, `dedup`: time and value of the sample before.
    Before(Option<(i64, Bits)>),
    /// `skip`, `take`, `every`.
    Counter(u64),
    Branches(Vec<Memory>, Vec<Memory>),
}

impl Memory {
    pub(super) fn of(stage: &Stage) -> Self {
        match stage {
            Stage::Where(_) | Stage::Map(_) => Self::Nothing,
            Stage::Window {
                aggregate,
                count,
                every,
            } => Self::Window(Window::of(*aggregate, *count, *every)),
            Stage::Running(aggregate) => Self::Running {
                fold: Fold::of(*aggregate),
                count: 0,
            },
            Stage::Delta | Stage::Rate | Stage::Dedup => Self::Before(None),
            Stage::Skip(_) | Stage::Take(_) | Stage::Every(_) => Self::Counter(0),
            Stage::Tee(_, a, b) | Stage::Merge(a, b) => Self::Branches(all(a), all(b)),
        }
    }

    fn fits(&self, stage: &Stage) -> bool {
        match (self, stage) {
            (
                Self::Window(w),
                Stage::Window {
                    aggregate,
                    count,
                    every,
                },
            ) => w.fits(*aggregate, *count, *every),
            (Self::Running { fold, .. }, Stage::Running(aggregate)) => fold.fits(*aggregate),
            (Self::Counter(n), Stage::Skip(most) | Stage::Take(most)) => n <= most,
            (Self::Counter(n), Stage::Every(every)) => n < every,
            (Self::Branches(x, y), Stage::Tee(_, a, b) | Stage::Merge(a, b)) => {
                all_fit(x, a).is_ok() && all_fit(y, b).is_ok()
            }
            (Self::Nothing, Stage::Where(_) | Stage::Map(_))
            | (Self::Before(_), Stage::Delta | Stage::Rate | Stage::Dedup) => true,
            _ => false,
        }
    }
}

pub(super) fn all(pipeline: &Pipeline) -> Vec<Memory> {
    pipeline.stages().iter().map(Memory::of).collect()
}

/// The first stage whose memory this cannot be.
pub(super) fn all_fit(memory: &[Memory], pipeline: &Pipeline) -> Result<(), usize> {
    let stages = pipeline.stages();
    if memory.len() != stages.len() {
        return Err(memory.len().min(stages.len()));
    }
    match memory.iter().zip(stages).position(|(m, s)| !m.fits(s)) {
        Some(at) => Err(at),
        None => Ok(()),
    }
}

/// What a [`Machine`](super::Machine) remembers, for any serde format; f64 are written as their bits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MachineState {
    /// Text of the pipeline whose state this is.
    pub(super) pipeline: String,
    pub(super) memory: Vec<Memory>,
}

impl MachineState {
    /// Text of the pipeline whose state this is.
    #[must_use]
    pub fn pipeline(&self) -> &str {
        &self.pipeline
    }
}
