//! `voidstate tools --laws`: the live registry as a category, whose laws are tried.
//!
//! Objects: what flows at one moment, samples and what was said. Morphisms: the tools, which take a moment and answer what
//! they publish and say. To compose two tools is what the engine does with the metrics of the first.

mod context;
mod morphism;

use std::fmt::Display;

use voidstate_category::{
    Checked, ToolCategory, ToolFunctor, ToolTransformation, Traced, Unverified, Window, stream::arr,
};

use crate::problem::{Problem, chain};
use crate::settings::Loaded;
use morphism::{Moment, Morphism};
use voidstate_equivalence::generate::Rng;

/// The object.
const MOMENTS: &str = "moments";
/// Sequences that every composition is tried on, and their length.
const SEQUENCES: usize = 3;
const LENGTH: usize = 40;
/// Moments in a window.
const WIDTH: usize = 4;

/// What became of the laws of one thing.
#[derive(Debug, serde::Serialize)]
pub(super) struct Tried {
    /// What was tried.
    what: String,
    /// Cases by law.
    laws: Vec<(String, u64)>,
    /// Cases that there would have been beyond the limit.
    left_out: u64,
    /// Why it does not hold, or could not be tried.
    broken: Option<String>,
}

impl Tried {
    fn new(what: &str, outcome: Result<Checked, Unverified>) -> Self {
        let what = what.to_owned();
        match outcome {
            Ok(checked) => Self {
                what,
                laws: checked
                    .laws()
                    .iter()
                    .map(|(law, cases)| ((*law).to_owned(), *cases))
                    .collect(),
                left_out: checked.left_out(),
                broken: None,
            },
            Err(error) => Self {
                what,
                laws: Vec::new(),
                left_out: 0,
                broken: Some(error.to_string()),
            },
        }
    }

    pub(super) const fn holds(&self) -> bool {
        self.broken.is_none()
    }

    pub(super) fn line(&self) -> String {
        match &self.broken {
            Some(why) => format!("✗ {}: {why}", self.what),
            None => {
                let laws = self.laws.iter();
                let laws: Vec<_> = laws.map(|(law, cases)| format!("{law} {cases}")).collect();
                let left_out = match self.left_out {
                    0 => String::new(),
                    cases => format!("; {cases} cases left out by the limit"),
                };
                format!("✓ {}: {} cases{left_out}", self.what, laws.join(", "))
            }
        }
    }
}

/// Tries the laws on the tools of the settings.
pub(super) fn check(loaded: &Loaded, seed: u64) -> Result<Vec<Tried>, Problem> {
    let fail = |error: &dyn Display| Problem::internal("the category of tools", error);
    let mut category = ToolCategory::new();
    category.add_object(MOMENTS).map_err(|e| fail(&chain(&e)))?;
    let mut hooks = Vec::new();
    for (factory, given) in loaded.tools()? {
        let id = factory.meta().id.to_string();
        hooks.extend(morphism::hooks(factory.meta()));
        let tool = Morphism::new(factory, &given).map_err(|e| fail(&chain(&e)))?;
        category
            .add(id, MOMENTS, MOMENTS, tool)
            .map_err(|e| fail(&chain(&e)))?;
    }
    hooks.sort();
    hooks.dedup();
    let sequences: Vec<Vec<Moment>> = (0..SEQUENCES)
        .map(|n| morphism::sequence(&hooks, LENGTH, &mut Rng::new(seed.wrapping_add(n as u64))))
        .collect();
    Ok(tried(&category, &sequences))
}

fn tried(category: &ToolCategory<Moment>, sequences: &[Vec<Moment>]) -> Vec<Tried> {
    let plain = [(MOMENTS.to_owned(), sequences.to_vec())].into();
    let mut all = vec![Tried::new(
        "the tools are a category",
        category.verify_category_axioms(&plain),
    )];

    let traced = ToolFunctor::traced();
    let marked: Vec<Vec<Traced<Moment>>> = sequences
        .iter()
        .map(|sequence| sequence.iter().cloned().map(Traced::new).collect())
        .collect();
    let inputs = [(traced.object(MOMENTS), marked)].into();
    let functor = image(&traced, category)
        .and_then(|target| traced.verify_functoriality(category, &target, &inputs));
    all.push(Tried::new("tool → traced tool is a functor", functor));
    let forget = ToolTransformation::new().at(MOMENTS, arr(|traced: Traced<Moment>| traced.value));
    let natural = forget.verify_naturality(category, &traced, &ToolFunctor::identity(), &inputs);
    all.push(Tried::new("to forget the trace is natural", natural));

    let window = ToolFunctor::window();
    let wide: Vec<Vec<Window<Moment>>> = sequences
        .iter()
        .map(|sequence| {
            let windows = sequence.windows(WIDTH);
            windows
                .filter_map(|w| Window::new(w.to_vec()).ok())
                .collect()
        })
        .collect();
    let inputs = [(window.object(MOMENTS), wide)].into();
    let functor = image(&window, category)
        .and_then(|target| window.verify_functoriality(category, &target, &inputs));
    all.push(Tried::new("sample → window is a functor", functor));
    all
}

fn image<W: Clone + std::fmt::Debug + PartialEq + 'static>(
    functor: &ToolFunctor<Moment, W>,
    category: &ToolCategory<Moment>,
) -> Result<ToolCategory<W>, Unverified> {
    Ok(functor.image(category)?)
}
