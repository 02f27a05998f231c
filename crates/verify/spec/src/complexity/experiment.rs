//! Which sizes are measured.

use std::collections::BTreeMap;

use voidstate_language::ast::Bound;

use super::growth::variables_of;
use super::judge::LEVELS_MIN;
use super::shape::next;
use super::{ComplexityError, Cost, Point, Report, Series, Shape, counted, judge, ln_growth};

/// How far and how densely an experiment looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Smallest size.
    pub size_min: u64,
    /// Largest size.
    pub size_max: u64,
    /// Operations after which one call is stopped; sizes grow until a call comes near. Up to 64 times as many where
    /// the cost grows so steeply that few sizes are within reach.
    pub cost_max: u64,
    /// Calls per size and shape, each at a size of its own nearby, so that a cost that is due every so often does not
    /// come due in all of them.
    pub repeats: u32,
    /// Size of the variables that stand still while one of them grows.
    pub size_held: u64,
    /// From which the seeds of all cases are drawn.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            size_min: 2,
            size_max: 1 << 17,
            cost_max: 1_000_000,
            repeats: 4,
            size_held: 6,
            seed: 1,
        }
    }
}

/// One call to be measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Size asked for, one per variable; one size for a bound without variables.
    pub sizes: Vec<u64>,
    /// How the values should be arranged.
    pub shape: Shape,
    /// Seed for whatever is random about the input.
    pub seed: u64,
    /// Operations after which the call should be stopped.
    pub cost_max: u64,
}

impl Case {
    /// Counts the operations of `work` and takes the sizes asked for as the variables' values.
    ///
    /// # Panics
    /// With what `work` panics with.
    pub fn count(&self, work: impl FnOnce()) -> Measured {
        Measured {
            cost: counted(self.cost_max, work),
            variables: self.sizes.iter().map(|s| *s as f64).collect(),
        }
    }
}

/// What came of a [`Case`].
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// What the call cost.
    pub cost: Cost,
    /// What the variables of the bound came to for the input that was made, in order.
    pub variables: Vec<f64>,
}

/// A [`Case`] of a plan that is made before anything is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Name of the series to which it belongs.
    pub series: String,
    /// Calls of about the same size bear the same number.
    pub level: usize,
    /// The size that grows.
    pub size: u64,
    /// The call.
    pub case: Case,
}

/// What a variable does in a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// It is the size.
    Leads,
    /// It is a quarter of the size.
    Follows,
    /// It stands still.
    Held,
}

/// A plan that measures one operation over growing inputs.
///
/// With several variables each leads once while the others follow at a quarter of its size, and once while they stand
/// still.
#[derive(Debug, Clone)]
pub struct Experiment<'a> {
    bound: &'a Bound,
    variables: Vec<&'a str>,
    shapes: Vec<Shape>,
    settings: Settings,
}

impl<'a> Experiment<'a> {
    /// An experiment on a claimed bound over these variables.
    ///
    /// # Errors
    /// [`ComplexityError::UnknownVariable`] when the bound uses another variable.
    pub fn new(bound: &'a Bound, variables: &[&'a str]) -> Result<Self, ComplexityError> {
        for name in variables_of(bound) {
            if !variables.contains(&name.as_str()) {
                return Err(ComplexityError::UnknownVariable {
                    name,
                    known: variables.join(", "),
                });
            }
        }
        Ok(Self {
            bound,
            variables: variables.to_vec(),
            shapes: Shape::ALL.to_vec(),
            settings: Settings::default(),
        })
    }

    /// Other sizes.
    #[must_use]
    pub const fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Other shapes of input.
    #[must_use]
    pub fn shapes(mut self, shapes: &[Shape]) -> Self {
        self.shapes = shapes.to_vec();
        self
    }

    /// Measures and judges. `measure` is called once per case and says what the call cost.
    pub fn run(&self, mut measure: impl FnMut(&Case) -> Measured) -> Report {
        let failed: Result<Report, std::convert::Infallible> =
            self.try_run(|case| Ok(measure(case)));
        match failed {
            Ok(report) => report,
            Err(never) => match never {},
        }
    }

    /// As [`Experiment::run`] with a measurement that may fail.
    ///
    /// # Errors
    /// The first error of `measure`.
    pub fn try_run<E>(
        &self,
        mut measure: impl FnMut(&Case) -> Result<Measured, E>,
    ) -> Result<Report, E> {
        let mut series = Vec::new();
        for ray in self.rays() {
            for shape in &self.shapes {
                series.push(self.climb(&ray, *shape, &mut measure)?);
            }
        }
        Ok(judge(self.bound, &self.variables, series))
    }

    /// All cases, for costs that are counted elsewhere, for example by [`Callgrind`](super::Callgrind) in another
    /// process. Sizes grow until the claimed bound comes to `cost_max`.
    #[must_use]
    pub fn plan(&self) -> Vec<Planned> {
        let mut out = Vec::new();
        for ray in self.rays() {
            for shape in &self.shapes {
                let series = self.name(&ray, *shape);
                let mut state = self.first_seed(&series);
                let mut size = self.settings.size_min.max(1);
                let mut level = 0;
                while size <= self.settings.size_max && level < 64 {
                    let next = self.next_size(&ray, size);
                    let too_much = self.claimed(&ray, next) > (self.settings.cost_max as f64).ln();
                    if too_much && level >= LEVELS_MIN {
                        break;
                    }
                    let series = series.clone();
                    let cases = self.cases(&ray, *shape, (size, next - size, u64::MAX), &mut state);
                    out.extend(cases.into_iter().map(|(size, case)| Planned {
                        series: series.clone(),
                        level,
                        size,
                        case,
                    }));
                    size = next;
                    level += 1;
                }
            }
        }
        out
    }

    /// Judges the counts of a [`plan`](Self::plan), one per case in its order.
    ///
    /// # Errors
    /// [`ComplexityError::Uneven`] unless there are as many counts as cases.
    pub fn judge_plan(&self, plan: &[Planned], counts: &[u64]) -> Result<Report, ComplexityError> {
        if plan.len() != counts.len() {
            return Err(ComplexityError::Uneven {
                planned: plan.len(),
                counted: counts.len(),
            });
        }
        let mut series: Vec<Series> = Vec::new();
        for (planned, count) in plan.iter().zip(counts) {
            let point = Point {
                level: planned.level,
                size: planned.size as f64,
                variables: planned.case.sizes.iter().map(|s| *s as f64).collect(),
                cost: *count as f64,
                stopped: false,
            };
            match series.last_mut() {
                Some(last) if last.name == planned.series => last.points.push(point),
                _ => series.push(Series {
                    name: planned.series.clone(),
                    points: vec![point],
                }),
            }
        }
        Ok(judge(self.bound, &self.variables, series))
    }

    /// How the variables grow: all of them with each in the lead, then each alone.
    fn rays(&self) -> Vec<Vec<Part>> {
        let count = self.variables.len().max(1);
        let leads = |other: Part| {
            (0..count).map(move |i| {
                (0..count)
                    .map(|j| if i == j { Part::Leads } else { other })
                    .collect::<Vec<_>>()
            })
        };
        if count == 1 {
            return leads(Part::Held).collect();
        }
        leads(Part::Follows).chain(leads(Part::Held)).collect()
    }

    fn sizes(&self, ray: &[Part], size: u64) -> Vec<u64> {
        ray.iter()
            .map(|part| match part {
                Part::Leads => size,
                Part::Follows => size.div_ceil(4),
                Part::Held => self.settings.size_held,
            })
            .collect()
    }

    /// Claimed growth at a size, as a logarithm; the variables were checked.
    fn claimed(&self, ray: &[Part], size: u64) -> f64 {
        let sizes = self.sizes(ray, size);
        let values: Vec<(&str, f64)> = self
            .variables
            .iter()
            .copied()
            .zip(sizes.iter().map(|s| *s as f64))
            .collect();
        ln_growth(self.bound, &values).unwrap_or(0.0)
    }

    /// The next size: 1.6 times as large, closer where the claimed bound grows steeply.
    fn next_size(&self, ray: &[Part], size: u64) -> u64 {
        let mut next = (size.saturating_mul(8) / 5).max(size + 1);
        while next > size + 1 && self.claimed(ray, next) - self.claimed(ray, size) > 1.0 {
            next = size + (next - size) / 2;
        }
        next
    }

    /// Measures larger and larger sizes until they become too costly.
    fn climb<E>(
        &self,
        ray: &[Part],
        shape: Shape,
        measure: &mut impl FnMut(&Case) -> Result<Measured, E>,
    ) -> Result<Series, E> {
        let name = self.name(ray, shape);
        let mut state = self.first_seed(&name);
        let mut levels: BTreeMap<u64, Vec<Point>> = BTreeMap::new();
        let mut size = self.settings.size_min.max(1);
        let mut ceiling = self.settings.size_max;
        // What is steep gets more room, or there are too few sizes to judge.
        let mut cost_max = self.settings.cost_max;
        let mut patience = 3;
        while size <= ceiling && levels.len() < 64 {
            let room = self.next_size(ray, size) - size;
            let points = self.level(ray, shape, (size, room, cost_max), &mut state, measure)?;
            let stopped = points.iter().filter(|p| p.stopped).count();
            let near = points.iter().any(|p| p.cost * 2.0 > cost_max as f64);
            if near && levels.len() < 2 * LEVELS_MIN && patience > 0 {
                patience -= 1;
                cost_max = cost_max.saturating_mul(4);
                continue;
            }
            levels.insert(size, points);
            let below = levels.range(..size).next_back().map(|(s, _)| *s);
            if stopped * 2 > usize::try_from(self.settings.repeats).unwrap_or(usize::MAX) {
                // Too far: look once more between the last two sizes.
                ceiling = size.saturating_sub(1);
                match below {
                    Some(below) if size - below > 1 => size = below + (size - below) / 2,
                    _ => break,
                }
                if levels.contains_key(&size) {
                    break;
                }
            } else if near && ceiling == self.settings.size_max {
                break;
            } else {
                size = self.next_size(ray, size);
            }
        }
        let points = levels
            .into_values()
            .enumerate()
            .flat_map(|(level, points)| points.into_iter().map(move |p| Point { level, ..p }))
            .collect();
        Ok(Series { name, points })
    }

    /// Calls of one size with their sizes.
    fn cases(
        &self,
        ray: &[Part],
        shape: Shape,
        (size, room, cost_max): (u64, u64, u64),
        state: &mut u64,
    ) -> Vec<(u64, Case)> {
        let repeats = u64::from(self.settings.repeats.max(1));
        let stride = room / repeats;
        (0..repeats)
            .map(|repeat| {
                let near = size + repeat * stride + next(state) % stride.max(1);
                let case = Case {
                    sizes: self.sizes(ray, near),
                    shape,
                    seed: next(state),
                    cost_max,
                };
                (near, case)
            })
            .collect()
    }

    /// Measures the calls of one size.
    fn level<E>(
        &self,
        ray: &[Part],
        shape: Shape,
        bounds: (u64, u64, u64),
        state: &mut u64,
        measure: &mut impl FnMut(&Case) -> Result<Measured, E>,
    ) -> Result<Vec<Point>, E> {
        let mut points = Vec::new();
        for (size, case) in self.cases(ray, shape, bounds, state) {
            let measured = measure(&case)?;
            points.push(Point {
                level: 0,
                size: size as f64,
                variables: measured.variables,
                cost: measured.cost.count() as f64,
                stopped: matches!(measured.cost, Cost::MoreThan(_)),
            });
        }
        Ok(points)
    }

    fn first_seed(&self, name: &str) -> u64 {
        name.bytes().fold(self.settings.seed, |s, b| {
            s.rotate_left(8) ^ u64::from(b).wrapping_mul(0x100_0000_01b3)
        })
    }

    fn name(&self, ray: &[Part], shape: Shape) -> String {
        let growing: Vec<String> = self
            .variables
            .iter()
            .zip(ray)
            .filter_map(|(name, part)| match part {
                Part::Leads => Some((*name).to_owned()),
                Part::Follows => Some(format!("{name} a quarter of it")),
                Part::Held => None,
            })
            .collect();
        if growing.is_empty() {
            format!("growing inputs, {}", shape.name())
        } else {
            format!("growing {}, {}", growing.join(" with "), shape.name())
        }
    }
}
