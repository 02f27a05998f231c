//! Pipelines as arrows: a stage is a stream machine, and a pipeline the composition of its stages.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use voidstate_category::stream::{Machine, Saved, arr, filter, slide, windowed};
use voidstate_category::{Error, Semigroup};
use voidstate_codec::{Kind, Schema};
use voidstate_equivalence::Error as Refused;
use voidstate_equivalence::pipeline::{
    self, Aggregate, Binary, MachineState, Pipeline, Sample, Stage,
};

/// The memory of an arrow.
const MEMORY: Schema = Schema::new(Kind::new(b"PIPA"), 1);
/// In errors: which kind of machine.
const NAME: &str = "a pipeline";

/// A pipeline as a machine that takes a sample and answers at most one.
///
/// `then_flat` composes stages and `fanout` branches; what it remembers can be taken out as bytes and put back.
pub struct Arrow(Box<dyn Link>);

impl Arrow {
    /// The composition of the arrows of a pipeline's stages. O(stages).
    ///
    /// # Errors
    /// None in practice: a stage alone is within the limits that the whole pipeline was checked against.
    pub fn of(pipeline: &Pipeline) -> Result<Self, Refused> {
        let mut arrows = pipeline.stages().iter().map(of_stage);
        let Some(first) = arrows.next() else {
            return Ok(Self::new(arr(|sample: Sample| Some(sample))));
        };
        arrows.try_fold(first?, |before, next| {
            Ok(Self::new(before.then_flat(next?)))
        })
    }

    fn new<M>(machine: M) -> Self
    where
        M: Machine<Sample, Out = Option<Sample>> + Saved + Send + 'static,
        M::State: Serialize + DeserializeOwned,
    {
        Self(Box::new(machine))
    }
}

impl fmt::Debug for Arrow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Arrow")
    }
}

impl Machine<Sample> for Arrow {
    type Out = Option<Sample>;

    #[inline]
    fn step(&mut self, input: Sample) -> Option<Sample> {
        self.0.step_link(input)
    }
}

/// Its memory is a versioned record; an empty one stands for a memory of more than 64 MiB, and is refused.
impl Saved for Arrow {
    type State = Vec<u8>;

    fn save(&self) -> Vec<u8> {
        self.0.save_link().unwrap_or_default()
    }

    fn accepts(&self, state: &Vec<u8>) -> Result<(), Error> {
        self.0.accepts_link(state)
    }

    fn load(&mut self, state: Vec<u8>) {
        self.0.load_link(&state);
    }
}

/// A machine over samples as an object.
trait Link: Send {
    fn step_link(&mut self, input: Sample) -> Option<Sample>;
    fn save_link(&self) -> Result<Vec<u8>, voidstate_codec::Error>;
    fn accepts_link(&self, state: &[u8]) -> Result<(), Error>;
    fn load_link(&mut self, state: &[u8]);
}

impl<M> Link for M
where
    M: Machine<Sample, Out = Option<Sample>> + Saved + Send,
    M::State: Serialize + DeserializeOwned,
{
    #[inline]
    fn step_link(&mut self, input: Sample) -> Option<Sample> {
        self.step(input)
    }

    fn save_link(&self) -> Result<Vec<u8>, voidstate_codec::Error> {
        MEMORY.encode(&self.save())
    }

    fn accepts_link(&self, state: &[u8]) -> Result<(), Error> {
        let state = MEMORY.decode(state).map_err(|error| refused(&error))?;
        self.accepts(&state)
    }

    fn load_link(&mut self, state: &[u8]) {
        if let Ok(state) = MEMORY.decode(state) {
            self.load(state);
        }
    }
}

fn refused(error: &dyn std::error::Error) -> Error {
    Error::Refused {
        machine: NAME,
        reason: error.to_string(),
    }
}

fn of_stage(stage: &Stage) -> Result<Arrow, Refused> {
    let interpreted = || Ok::<_, Refused>(Arrow::new(Interpreted::of(stage)?));
    Ok(match stage {
        Stage::Where(pred) => {
            let pred = pred.clone();
            Arrow::new(filter(move |sample: &Sample| pred.holds(sample.value)))
        }
        Stage::Map(expr) => {
            let expr = expr.clone();
            let apply = move |s: Sample| Some(Sample::new(s.time_ns, expr.eval(s.value)));
            Arrow::new(arr(apply))
        }
        Stage::Window {
            aggregate,
            count,
            every: 1,
        } => sliding(*aggregate, *count).map_or_else(interpreted, Ok)?,
        Stage::Tee(op, left, right) => {
            let op = *op;
            let both = Arrow::of(left)?.fanout(Arrow::of(right)?);
            Arrow::new(both.rmap(move |(l, r): (Option<Sample>, Option<Sample>)| {
                let (l, r) = (l?, r?);
                Some(Sample::new(l.time_ns, op.apply(l.value, r.value)))
            }))
        }
        Stage::Merge(first, second) => {
            let both = Arrow::of(first)?.fanout(Arrow::of(second)?);
            Arrow::new(both.rmap(|(a, b): (Option<Sample>, Option<Sample>)| a.or(b)))
        }
        _ => interpreted()?,
    })
}

/// A window that looks back: the comonad of windows extended by the aggregate; the least and the greatest by a semigroup,
/// in constant time.
fn sliding(aggregate: Aggregate, count: u64) -> Option<Arrow> {
    let width = usize::try_from(count).ok()?;
    let extreme = match aggregate {
        Aggregate::Min => Some(Binary::Min),
        Aggregate::Max => Some(Binary::Max),
        _ => None,
    };
    if let Some(op) = extreme {
        let window = slide(width).ok()?;
        let one = move |s: Sample| Extreme {
            is_max: op == Binary::Max,
            time_ns: s.time_ns,
            value: s.value,
            count: 1,
        };
        let full = move |e: Extreme| (e.count == count).then(|| Sample::new(e.time_ns, e.value));
        return Some(Arrow::new(window.lmap(one).rmap(full)));
    }
    let over = move |window: &[Sample]| {
        let last = window.last().filter(|_| window.len() == width)?;
        let values: Vec<f64> = window.iter().map(|s| s.value).collect();
        Some(Sample::new(last.time_ns, aggregate.over(&values)))
    };
    Some(Arrow::new(windowed(width, over).ok()?))
}

/// The least or the greatest of some samples in a row, with the time of the last.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Extreme {
    is_max: bool,
    time_ns: i64,
    value: f64,
    count: u64,
}

impl Semigroup for Extreme {
    fn combine(self, other: Self) -> Self {
        let op = if self.is_max {
            Binary::Max
        } else {
            Binary::Min
        };
        Self {
            value: op.apply(self.value, other.value),
            count: self.count.saturating_add(other.count),
            ..other
        }
    }
}

/// A stage that is run by the machine of the language.
#[derive(Debug, Clone)]
struct Interpreted(pipeline::Machine);

impl Interpreted {
    fn of(stage: &Stage) -> Result<Self, Refused> {
        let alone = Pipeline::new(vec![stage.clone()])?;
        Ok(Self(alone.machine()))
    }
}

impl Machine<Sample> for Interpreted {
    type Out = Option<Sample>;

    #[inline]
    fn step(&mut self, input: Sample) -> Option<Sample> {
        self.0.step(input)
    }
}

impl Saved for Interpreted {
    type State = MachineState;

    fn save(&self) -> MachineState {
        self.0.save()
    }

    fn accepts(&self, state: &MachineState) -> Result<(), Error> {
        let restored = pipeline::Machine::restore(self.0.pipeline(), state.clone());
        restored.map(drop).map_err(|error| refused(&error))
    }

    fn load(&mut self, state: MachineState) {
        if let Ok(restored) = pipeline::Machine::restore(self.0.pipeline(), state) {
            self.0 = restored;
        }
    }
}
