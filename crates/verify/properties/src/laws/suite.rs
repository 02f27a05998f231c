//! The runner behind every suite: draw, judge, shrink.

use std::any::Any;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, Reason, RngAlgorithm, TestRng, TestRunner};

use super::fun::fnv1a;
use super::violation::size_of;
use super::{Binding, Checked, Report, Settings, Violation};
use crate::Error;

/// What a law says of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// Its premise is not met.
    Vacuous,
    /// It is broken.
    Broken {
        /// The left side, or what was found.
        left: String,
        /// The right side, or what was expected.
        right: String,
    },
}

/// `left = right` by the caller's equality.
pub fn agree<T: Debug>(eq: impl FnOnce(&T, &T) -> bool, left: &T, right: &T) -> Outcome {
    if eq(left, right) {
        return Outcome::Holds;
    }
    Outcome::Broken {
        left: format!("{left:?}"),
        right: format!("{right:?}"),
    }
}

/// `what` is true.
pub fn holds(what: bool, found: impl FnOnce() -> String, expected: &str) -> Outcome {
    if what {
        return Outcome::Holds;
    }
    Outcome::Broken {
        left: found(),
        right: expected.to_owned(),
    }
}

/// `conclusion` where `premise`, else [`Outcome::Vacuous`].
pub fn implies(premise: bool, conclusion: impl FnOnce() -> Outcome) -> Outcome {
    if premise {
        conclusion()
    } else {
        Outcome::Vacuous
    }
}

/// Equality of numbers up to `tolerance`, relative above 1 and absolute below; NaN equals nothing.
pub fn within(tolerance: f64) -> impl Fn(&f64, &f64) -> bool + Copy {
    move |a, b| {
        let scale = a.abs().max(b.abs()).max(1.0);
        if scale.is_finite() {
            // False for NaN, which `max` passes over.
            return (a - b).abs() <= tolerance * scale;
        }
        // Equal infinities have no difference; an infinite scale would forgive everything.
        a.is_infinite() && a.total_cmp(b).is_eq()
    }
}

/// Laws being checked one after the other; the first that is broken ends it.
///
/// ```
/// use proptest::prelude::any;
/// use voidstate_properties::laws::{Binding, Settings, Suite, agree};
///
/// let settings = Settings::default();
/// let mut suite = Suite::new("reversal", &settings)?;
/// let lists = proptest::collection::vec(any::<u8>(), 0..9);
/// suite.law("involution", "rev(rev(a)) = a", &lists, |a| vec![Binding::new("a", a)], |a| {
///     let twice = a.iter().rev().rev().copied().collect();
///     agree(PartialEq::eq, &twice, a)
/// })?;
/// assert_eq!(suite.done().cases(), 256);
/// # Ok::<(), voidstate_properties::Error>(())
/// ```
#[derive(Debug)]
pub struct Suite<'s> {
    settings: &'s Settings,
    report: Report,
}

impl<'s> Suite<'s> {
    /// A suite called `name` that has checked nothing yet.
    ///
    /// # Errors
    /// [`Error::Parameter`] where the settings ask for no case.
    pub fn new(name: &'static str, settings: &'s Settings) -> Result<Self, Error> {
        if settings.cases == 0 {
            return Err(Error::Parameter {
                suite: name,
                name: "cases",
                value: "0".to_owned(),
                expected: "at least 1",
            });
        }
        let report = Report {
            suite: name,
            seed: settings.seed,
            laws: Vec::new(),
        };
        Ok(Self { settings, report })
    }

    /// Checks one law: `check` judges a drawn case, `show` names its variables.
    ///
    /// A panic in `check` breaks the law; the process's panic hook sees it too.
    ///
    /// # Errors
    /// [`Error::Violated`] with the smallest counterexample found; [`Error::Vacuous`] where the premise was met too
    /// rarely; [`Error::Strategy`] where `cases` gives no value.
    pub fn law<S: Strategy>(
        &mut self,
        law: &'static str,
        statement: &'static str,
        cases: &S,
        show: impl Fn(&S::Value) -> Vec<Binding>,
        check: impl Fn(&S::Value) -> Outcome,
    ) -> Result<(), Error> {
        // Erased here, so that what follows is compiled once for each type of case and not for each law.
        self.checked(
            law,
            statement,
            &|runner| match cases.new_tree(runner) {
                Ok(tree) => Ok(Box::new(tree)),
                Err(reason) => Err(reason),
            },
            &show,
            &check,
        )
    }

    /// The laws that held.
    #[must_use]
    pub fn done(self) -> Report {
        self.report
    }

    fn checked<V: Debug>(
        &mut self,
        law: &'static str,
        statement: &'static str,
        cases: &Draw<'_, V>,
        show: &Show<'_, V>,
        check: &Check<'_, V>,
    ) -> Result<(), Error> {
        let Settings {
            cases: wanted,
            exercised_min,
            ..
        } = *self.settings;
        let suite = self.report.suite;
        let mut runner = runner(self.settings.seed, suite, law);
        let draw = |runner: &mut TestRunner| {
            cases(runner).map_err(|reason| Error::Strategy { suite, law, reason })
        };
        let mut exercised = 0;
        for case in 0..wanted {
            let tree = draw(&mut runner)?;
            match judge(check, &tree.current()) {
                Outcome::Holds => exercised += 1,
                Outcome::Vacuous => {}
                Outcome::Broken { .. } => {
                    let mut best = self.shrunk(tree, show, check);
                    self.rivals(&mut best, &mut || draw(&mut runner), show, check);
                    return Err(Error::Violated(Box::new(Violation {
                        suite,
                        law,
                        statement,
                        counterexample: best.bindings,
                        left: best.left,
                        right: best.right,
                        seed: self.settings.seed,
                        case,
                        cases: wanted,
                        shrink_steps: best.steps,
                    })));
                }
            }
        }
        if exercised < exercised_min {
            return Err(Error::Vacuous {
                suite,
                law,
                exercised,
                cases: wanted,
                wanted: exercised_min,
            });
        }
        self.report.laws.push(Checked {
            law,
            statement,
            cases: wanted,
            exercised,
        });
        Ok(())
    }

    /// Takes a failing case as far down as it goes.
    fn shrunk<V: Debug>(
        &self,
        mut tree: Tree<'_, V>,
        show: &Show<'_, V>,
        check: &Check<'_, V>,
    ) -> Failure {
        let mut worst = tree.current();
        let mut steps = 0;
        let mut more = tree.simplify();
        while more && steps < self.settings.shrink_steps_max {
            steps += 1;
            let now = tree.current();
            more = if let Outcome::Broken { .. } = judge(check, &now) {
                worst = now;
                tree.simplify()
            } else {
                tree.complicate()
            };
        }
        // Functions start to note their arguments when they are first shown, so the law is run once more in between.
        let _ = guarded(|| show(&worst));
        let (left, right) = match judge(check, &worst) {
            Outcome::Broken { left, right } => (left, right),
            _ => (
                "broken before, holds when run again".to_owned(),
                "the same answer every time".to_owned(),
            ),
        };
        let bindings = guarded(|| show(&worst)).unwrap_or_else(|_| {
            let value = format!("{worst:?}");
            vec![Binding {
                name: "case",
                value,
            }]
        });
        Failure {
            bindings,
            left,
            right,
            steps,
        }
    }

    /// Puts the smallest of some further failing cases in the place of `best`.
    fn rivals<'t, V: Debug>(
        &self,
        best: &mut Failure,
        draw: &mut dyn FnMut() -> Result<Tree<'t, V>, Error>,
        show: &Show<'_, V>,
        check: &Check<'_, V>,
    ) {
        if best.left.starts_with(PANICKED) {
            // Every panic runs the process's hook, which may write a page to standard error.
            return;
        }
        let mut left = self.settings.rivals_max;
        for _ in 0..self.settings.cases {
            if left == 0 {
                return;
            }
            let Ok(tree) = draw() else { return };
            if !matches!(judge(check, &tree.current()), Outcome::Broken { .. }) {
                continue;
            }
            left -= 1;
            let rival = self.shrunk(tree, show, check);
            let steps = best.steps.saturating_add(rival.steps);
            if size_of(&rival.bindings) < size_of(&best.bindings) {
                *best = rival;
            }
            best.steps = steps;
        }
    }
}

/// A drawn case that can be made smaller.
type Tree<'t, V> = Box<dyn ValueTree<Value = V> + 't>;
/// Draws a case.
type Draw<'t, V> = dyn Fn(&mut TestRunner) -> Result<Tree<'t, V>, Reason> + 't;
/// Names the variables of a case.
type Show<'t, V> = dyn Fn(&V) -> Vec<Binding> + 't;
/// Judges a case.
type Check<'t, V> = dyn Fn(&V) -> Outcome + 't;

/// What the left side of a law begins with where the operations panicked.
const PANICKED: &str = "panicked: ";

/// A failing case, written out.
struct Failure {
    bindings: Vec<Binding>,
    left: String,
    right: String,
    steps: u32,
}

/// What `check` says; a panic breaks the law.
fn judge<V>(check: &Check<'_, V>, case: &V) -> Outcome {
    guarded(|| check(case)).unwrap_or_else(|panic| Outcome::Broken {
        left: format!("{PANICKED}{panic}"),
        right: "no panic".to_owned(),
    })
}

/// What `f` gives, or the text it panicked with.
fn guarded<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    // What was drawn is thrown away or run again from its inputs; nothing half done is looked at.
    catch_unwind(AssertUnwindSafe(f)).map_err(|panic: Box<dyn Any + Send>| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        text.unwrap_or_else(|| "with a value that is no text".to_owned())
    })
}

/// A runner whose draws depend on the three arguments alone.
fn runner(seed: u64, suite: &str, law: &str) -> TestRunner {
    let named = fnv1a(suite.bytes().chain([b'/']).chain(law.bytes()));
    let mut bytes = [0; 32];
    for (chunk, part) in bytes.chunks_mut(8).zip([seed, named, 1, 2]) {
        chunk.copy_from_slice(&part.to_le_bytes());
    }
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    // The limits are proptest's own, written down because its default reads the environment.
    let config = Config {
        max_local_rejects: 65_536,
        max_global_rejects: 1024,
        max_flat_map_regens: 1_000_000,
        max_default_size_range: 100,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, rng)
}
