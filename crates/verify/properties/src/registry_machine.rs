//! A registry and the lives of its tools, driven by random steps beside a naive model.
//!
//! What is tested is a [`House`]: any [`Registry`], and where there is one its [`Lifecycle`]. Steps register, register
//! again, register what does not hold, unregister, search, attach, suspend, resume, detach and fire, whether they are
//! possible or not; after each of them the answer, the list, every tool's metadata, state and count of calls are compared
//! with the [`Reference`]. A failure is shrunk to the fewest steps that show it.
//!
//! What it holds a house to is what the traits say: a tool is found from `register` until `unregister`, the list holds
//! each once and in order, dependencies form no cycle, a refused step changes nothing, a tool runs exactly when it is
//! attached and not suspended and all that it depends on runs, and what runs sees each signal once.

mod drive;
mod reference;
mod tools;

use std::fmt;
use std::sync::Arc;

use proptest::strategy::{Just, Strategy};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use proptest_state_machine::Sequential;
use voidstate_core::{Lifecycle, Registry};

pub use reference::{Reference, Step};

/// What is tested.
pub trait House {
    /// The registry.
    fn registry(&self) -> &dyn Registry;

    /// What moves the tools of the registry through their lives; without it only the registry is tested.
    fn lifecycle(&self) -> Option<&dyn Lifecycle> {
        None
    }

    /// Fires one signal at the hook `host.cpu` and waits until every tool that runs has seen it; `false` where that
    /// cannot be done, and calls are then not tested.
    fn signal(&mut self) -> bool {
        false
    }
}

impl<R: Registry> House for R {
    fn registry(&self) -> &dyn Registry {
        self
    }
}

/// How much is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How many sequences.
    pub cases: u32,
    /// Longest sequence, at least 1.
    pub steps_max: usize,
    /// How many ids the tools have, 1 to 26.
    pub tools: usize,
    /// The same seed gives the same sequences.
    pub seed: u64,
}

impl Default for Settings {
    /// 512 sequences of at most 50 steps over 5 tools.
    fn default() -> Self {
        Self {
            cases: 512,
            steps_max: 50,
            tools: 5,
            seed: 17,
        }
    }
}

/// A house that does not do what the model does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The fewest steps found; the last one shows it.
    pub steps: Vec<Step>,
    /// What was seen and what was expected.
    pub reason: String,
    /// The seed of the run.
    pub seed: u64,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in (1..).zip(&self.steps) {
            writeln!(f, "{number}. {step}")?;
        }
        write!(f, "then {} (seed {})", self.reason, self.seed)
    }
}

impl std::error::Error for Fault {}

/// Drives houses that `make` makes.
///
/// # Errors
/// A [`Fault`] with the fewest steps found.
pub fn check<H: House>(make: impl Fn() -> H, settings: Settings) -> Result<(), Fault> {
    check_with(make, settings, |_, _| Ok(()))
}

/// As [`check`], and asks `also` after each step, for what only this house promises.
///
/// # Errors
/// As for [`check`]; what `also` says is the reason.
pub fn check_with<H: House>(
    make: impl Fn() -> H,
    settings: Settings,
    also: impl Fn(&H, &Reference) -> Result<(), String>,
) -> Result<(), Fault> {
    let (has_lives, has_signals) = {
        let mut house = make();
        (house.lifecycle().is_some(), house.signal())
    };
    let first = Reference::new(settings.tools.clamp(1, 26), has_lives, has_signals);
    let steps = {
        let first = first.clone();
        let init = move || Just(first.clone()).boxed();
        Sequential::new(
            (1..=settings.steps_max.max(1)).into(),
            init,
            Reference::may,
            Reference::steps,
            |mut state: Reference, step: &Step| {
                state.apply(step);
                state
            },
        )
    };
    let config = Config {
        cases: settings.cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(settings.seed),
        ..Config::default()
    };
    let house = Maker { make, first, also };
    let outcome = TestRunner::new(config).run(&steps, |(_, steps, seen)| {
        let run = house.run(&steps);
        // The strategy leaves out first what was never reached.
        if let Some(seen) = seen {
            let reached = run.as_ref().map_or_else(|(at, _)| at + 1, |()| steps.len());
            seen.store(reached, std::sync::atomic::Ordering::SeqCst);
        }
        run.map_err(|(_, reason)| TestCaseError::fail(reason))
    });
    let (steps, reason) = match outcome {
        Ok(()) => return Ok(()),
        Err(TestError::Fail(reason, (_, steps, _))) => house.smallest(steps, reason.to_string()),
        Err(TestError::Abort(reason)) => (Vec::new(), format!("the run was given up: {reason}")),
    };
    Err(Fault {
        steps,
        reason,
        seed: settings.seed,
    })
}

/// What makes houses, and what is asked of them.
struct Maker<M, A> {
    make: M,
    first: Reference,
    also: A,
}

impl<H: House, M: Fn() -> H, A: Fn(&H, &Reference) -> Result<(), String>> Maker<M, A> {
    /// Drives a fresh house; the position of the step that shows a fault, and the fault.
    fn run(&self, steps: &[Step]) -> Result<(), (usize, String)> {
        let mut drive = drive::Drive::new((self.make)(), self.first.clone());
        for (at, step) in steps.iter().enumerate() {
            drive
                .step(step)
                .and_then(|()| (self.also)(drive.house(), drive.reference()))
                .map_err(|reason| (at, reason))?;
        }
        Ok(())
    }

    /// Leaves out every step that can be left out, gives the tools the first names, and tries with fewer dependencies.
    /// Any fault will do.
    fn smallest(&self, mut steps: Vec<Step>, mut reason: String) -> (Vec<Step>, String) {
        loop {
            let better = smaller(&steps).find_map(|candidate| {
                if !self.first.may_all(&candidate) {
                    return None;
                }
                let (at, why) = self.run(&candidate).err()?;
                Some((candidate.get(..=at)?.to_vec(), why))
            });
            match better {
                Some(better) => (steps, reason) = better,
                None => return (steps, reason),
            }
        }
    }
}

/// Each of them is smaller than `steps`, so that taking one again and again comes to an end.
fn smaller(steps: &[Step]) -> impl Iterator<Item = Vec<Step>> {
    let without = (0..steps.len()).rev().map(|at| {
        let mut fewer = steps.to_vec();
        fewer.remove(at);
        fewer
    });
    let needless = (0..steps.len()).flat_map(|at| {
        let count = match steps.get(at) {
            Some(Step::Register { needs, .. }) => needs.len(),
            _ => 0,
        };
        (0..count).map(move |need| (at, need))
    });
    let with_fewer = needless.map(|(at, need)| {
        let mut fewer = steps.to_vec();
        if let Some(Step::Register { needs, .. }) = fewer.get_mut(at) {
            needs.remove(need);
        }
        fewer
    });
    without.chain(with_fewer).chain(Step::renamed(steps))
}

/// One tool's calls, counted over all its instances.
type Calls = Arc<std::sync::atomic::AtomicU64>;
