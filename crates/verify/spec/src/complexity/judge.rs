//! The decision: does the measured cost outgrow the claimed bound?
//!
//! Every series is looked at on its own as the ratio of cost to claimed bound over sizes. A ratio that keeps growing at
//! the largest sizes, growth that standard errors do not explain, and that no lower-order term beside the claimed bound
//! predicts as well as a larger bound does, is an excess. Constants and lower-order terms, of either sign, let the ratio
//! fall or come to rest.

use std::collections::BTreeMap;

use voidstate_language::ast::Bound;

use super::fit::{least_squares, slope};
use super::model::{self, Model, log_error};
use super::{bound_text, ln_growth};

/// One measured call.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Calls of about the same size bear the same number, growing with the size.
    pub level: usize,
    /// The size that grows.
    pub size: f64,
    /// Values of the bound's variables in order.
    pub variables: Vec<f64>,
    /// What it cost.
    pub cost: f64,
    /// Whether the call was stopped, so that it cost at least that much.
    pub stopped: bool,
}

/// Calls on inputs of one kind that grow.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What grows and how the values are arranged.
    pub name: String,
    /// The calls, smallest first.
    pub points: Vec<Point>,
}

/// What a series says about the claimed bound.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The series.
    pub series: String,
    /// Growth of cost over claimed bound beside the logarithm of the size: about 0 within the bound, about 1 for an
    /// excess by `log n`, more for a greater excess.
    pub slope: f64,
    /// Its standard error.
    pub slope_error: f64,
    /// Relative error at the largest sizes of the best prediction within the bound.
    pub error_within: f64,
    /// Relative error at the largest sizes of the best prediction beyond the bound.
    pub error_beyond: f64,
    /// How many times larger the ratio of cost to bound is at the largest size than at a middle one.
    pub growth: f64,
    /// Whether the bound is exceeded.
    pub exceeded: bool,
}

/// What is said of a claimed bound.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Nothing measured exceeds it.
    Within,
    /// It is exceeded.
    Exceeded {
        /// The series in which it shows most.
        finding: Finding,
    },
    /// The measurements do not reach far enough to tell.
    Unclear {
        /// Why.
        reason: String,
    },
}

/// Outcome of an experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The claimed bound.
    pub claimed: String,
    /// The growth that fits best, of the costliest series.
    pub best: Model,
    /// The judgement.
    pub verdict: Verdict,
    /// One per series that reached far enough.
    pub findings: Vec<Finding>,
    /// What was measured.
    pub series: Vec<Series>,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.verdict {
            Verdict::Within => write!(f, "O({}) holds: measured {}", self.claimed, self.best.text),
            Verdict::Exceeded { finding } => write!(
                f,
                "O({}) is exceeded: measured {} on {}; cost over bound grew {:.1} times",
                self.claimed, self.best.text, finding.series, finding.growth
            ),
            Verdict::Unclear { reason } => {
                write!(f, "O({}) cannot be judged: {reason}", self.claimed)
            }
        }
    }
}

/// Sizes of which a series needs at least so many.
pub(super) const LEVELS_MIN: usize = 6;
/// Lower confidence limit of the slope from which on growth is an excess.
const SLOPE_MIN: f64 = 0.3;
/// The slope at the largest sizes must be so large a share of the slope over all: beside a lower-order term it falls.
const SLOPE_KEPT_MIN: f64 = 0.7;
/// What is of lower order may be so large a share of the main term where the largest sizes begin: a larger one is no
/// remainder but stands in for growth.
const LOWER_MAX: f64 = 0.4;
/// A call that costs so many times as much as the next is a spike.
const SPIKE_MIN: f64 = 4.0;
/// Lower confidence limit of the slope of an excess that is plain: terms of lower order that are no more than
/// [`LOWER_MAX`] of the main one cannot bring it about.
const SLOPE_PLAIN: f64 = 0.7;
/// Prediction beyond the bound must be so much better than within it.
const ERROR_RATIO_MAX: f64 = 0.5;

/// Holds measured series against a claimed bound over `variables`.
#[must_use]
pub fn judge(bound: &Bound, variables: &[&str], series: Vec<Series>) -> Report {
    let claimed = bound_text(bound);
    let mut findings = Vec::new();
    let mut reason = "nothing was measured".to_owned();
    for one in &series {
        match judge_series(bound, variables, one) {
            Ok(finding) => findings.push(finding),
            Err(why) => reason = format!("{}: {why}", one.name),
        }
    }
    let worst = findings
        .iter()
        .filter(|f| f.exceeded)
        .max_by(|a, b| a.slope.total_cmp(&b.slope))
        .cloned();
    let best = best_model(variables, &series, worst.as_ref());
    let verdict = match worst {
        Some(finding) => Verdict::Exceeded { finding },
        None if findings.len() < series.len() || series.is_empty() => Verdict::Unclear { reason },
        None => Verdict::Within,
    };
    Report {
        claimed,
        best,
        verdict,
        findings,
        series,
    }
}

/// The growth of the series that exceeds, or of the costliest one.
fn best_model(variables: &[&str], series: &[Series], worst: Option<&Finding>) -> Model {
    let shape_of = |name: &str| name.rsplit(", ").next().unwrap_or_default().to_owned();
    let cost_per_size = |s: &Series| {
        let last = s.points.iter().max_by(|a, b| a.size.total_cmp(&b.size));
        last.map_or(0.0, |p| p.cost / p.size.max(1.0))
    };
    let shape = match worst {
        Some(finding) => shape_of(&finding.series),
        None => series
            .iter()
            .max_by(|a, b| cost_per_size(a).total_cmp(&cost_per_size(b)))
            .map(|s| shape_of(&s.name))
            .unwrap_or_default(),
    };
    let rows: Vec<(Vec<f64>, f64, f64)> = series
        .iter()
        .filter(|s| shape_of(&s.name) == shape)
        .flat_map(|s| level_means(&usable(&s.points)))
        .collect();
    model::best(variables, &rows).unwrap_or_else(|| Model {
        text: "unknown".to_owned(),
        coefficient: f64::NAN,
        error: f64::INFINITY,
    })
}

/// Variables, size and cost, each averaged over the calls of about the same size.
fn level_means(points: &[&Point]) -> Vec<(Vec<f64>, f64, f64)> {
    points
        .chunk_by(|a, b| a.level == b.level)
        .map(|level| {
            let mean = |f: &dyn Fn(&Point) -> f64| {
                level.iter().map(|p| f(p)).sum::<f64>() / level.len() as f64
            };
            let size = mean(&|p| p.size);
            let variables = level.first().map_or(0, |p| p.variables.len());
            let values = if variables == 0 {
                vec![size]
            } else {
                (0..variables)
                    .map(|i| mean(&|p| p.variables.get(i).copied().unwrap_or(0.0)))
                    .collect()
            };
            (values, size, mean(&|p| p.cost).max(1.0))
        })
        .collect()
}

/// The calls that ended.
fn usable(points: &[Point]) -> Vec<&Point> {
    points.iter().filter(|p| !p.stopped).collect()
}

/// The upper half of each level by cost over bound, without a lone spike: a bound speaks of the worst, but what is due
/// every so often may come due in one call, and a lucky call says nothing.
fn upper_half(rows: Vec<Row>) -> Vec<Row> {
    let mut out = Vec::new();
    let mut levels: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
    for row in rows {
        levels.entry(row.level).or_default().push(row);
    }
    for mut level in levels.into_values() {
        level.sort_by(|a, b| b.ln_ratio().total_cmp(&a.ln_ratio()));
        if let [first, second, _, ..] = level.as_slice()
            && first.ln_ratio() - second.ln_ratio() > SPIKE_MIN.ln()
        {
            level.remove(0);
        }
        level.truncate(level.len().div_ceil(2));
        out.extend(level);
    }
    out
}

/// A usable call in logarithms.
struct Row {
    level: usize,
    ln_size: f64,
    /// Logarithm of the logarithm of the size.
    ln_log: f64,
    ln_claimed: f64,
    ln_cost: f64,
}

impl Row {
    fn ln_ratio(&self) -> f64 {
        self.ln_cost - self.ln_claimed
    }
}

fn rows(bound: &Bound, variables: &[&str], points: &[&Point]) -> Result<Vec<Row>, String> {
    points
        .iter()
        .map(|p| {
            let values: Vec<(&str, f64)> = variables
                .iter()
                .copied()
                .zip(p.variables.iter().copied())
                .collect();
            let numbers = p.variables.iter().chain([&p.size, &p.cost]);
            if let Some(bad) = numbers.into_iter().find(|x| !x.is_finite() || **x < 0.0) {
                return Err(format!("{bad} is no size and no cost"));
            }
            let ln_size = p.size.max(1.0).ln();
            Ok(Row {
                level: p.level,
                ln_size,
                ln_log: (ln_size / std::f64::consts::LN_2).max(1.0).ln(),
                ln_claimed: ln_growth(bound, &values).map_err(|e| e.to_string())?,
                // One operation more for everybody: a call that does nothing is no call of infinite ratio.
                ln_cost: (p.cost + 1.0).ln(),
            })
        })
        .collect()
}

fn judge_series(bound: &Bound, variables: &[&str], series: &Series) -> Result<Finding, String> {
    let points = usable(&series.points);
    let rows = &upper_half(rows(bound, variables, &points)?);
    let mut levels: Vec<usize> = rows.iter().map(|r| r.level).collect();
    levels.dedup();
    if levels.len() < LEVELS_MIN {
        return Err(format!("only {} sizes could be measured", levels.len()));
    }
    let level_at = |share: usize| levels.get(levels.len() * share / 100).copied().unwrap_or(0);
    let from = |level: usize| (0..rows.len()).filter(move |i| rows_level(rows, *i) >= level);
    let upper: Vec<usize> = from(level_at(40)).collect();
    let top: Vec<usize> = from(level_at(70)).collect();
    let fitted: Vec<usize> = from(level_at(35))
        .filter(|i| rows_level(rows, *i) < level_at(70))
        .collect();
    let line = |rows_of: &[usize]| {
        let xy: Vec<(f64, f64)> = rows_of
            .iter()
            .filter_map(|i| rows.get(*i))
            .map(|r| (r.ln_log, r.ln_ratio()))
            .collect();
        slope(&xy).ok_or_else(|| "all sizes are the same".to_owned())
    };
    let (slope, slope_error) = line(&upper)?;
    let (slope_top, slope_top_error) = line(&top)?;
    let mean = |rows_of: &[usize]| {
        let sum: f64 = rows_of
            .iter()
            .filter_map(|i| rows.get(*i))
            .map(Row::ln_ratio)
            .sum();
        sum / rows_of.len().max(1) as f64
    };
    let middle: Vec<usize> = from(level_at(40))
        .filter(|i| rows_level(rows, *i) < level_at(60))
        .collect();
    let last: Vec<usize> = from(level_at(85)).collect();
    let (error_within, error_beyond) = errors(rows, &fitted, &top);
    let grows = slope - 2.0 * slope_error > SLOPE_MIN;
    // Still growing at the end, as far as the end is precise enough to say.
    let goes_on = slope_top + slope_top_error > SLOPE_KEPT_MIN * slope;
    // What is plain needs no name: 1.6^n is none of the usual growths.
    let plain = slope - 2.0 * slope_error > SLOPE_PLAIN;
    let explained = plain || error_beyond < ERROR_RATIO_MAX * error_within;
    Ok(Finding {
        series: series.name.clone(),
        slope,
        slope_error,
        error_within,
        error_beyond,
        growth: (mean(&last) - mean(&middle)).exp(),
        exceeded: grows && goes_on && explained,
    })
}

fn rows_level(rows: &[Row], i: usize) -> usize {
    rows.get(i).map_or(0, |r| r.level)
}

/// Relative errors at the largest sizes of the best predictions within and beyond the bound, from the smaller sizes.
fn errors(rows: &[Row], fitted: &[usize], held_out: &[usize]) -> (f64, f64) {
    let column = |f: &dyn Fn(&Row) -> f64| -> Vec<f64> {
        rows.iter()
            .map(|r| r.ln_claimed + f(r) - r.ln_cost)
            .collect()
    };
    let claimed = column(&|_| 0.0);
    let lower: [Vec<f64>; 7] = [
        column(&|r| -r.ln_log),
        // Recursions into unequal parts leave terms such as n^0.84 beside n.
        column(&|r| -0.15 * r.ln_size),
        column(&|r| -0.3 * r.ln_size),
        column(&|r| -r.ln_size / 2.0),
        column(&|r| -r.ln_size),
        column(&|r| -r.ln_claimed),
        column(&|r| r.ln_log - r.ln_claimed.max(r.ln_log * 2.0)),
    ];
    let beyond: [Vec<f64>; 8] = [
        column(&|r| r.ln_log),
        column(&|r| 2.0 * r.ln_log),
        column(&|r| r.ln_size / 2.0),
        column(&|r| r.ln_size),
        column(&|r| r.ln_size + r.ln_log),
        column(&|r| 2.0 * r.ln_size),
        column(&|r| 3.0 * r.ln_size),
        column(&|r| r.ln_size.exp() * std::f64::consts::LN_2),
    ];
    let error = |columns: &[&[f64]], lower_max: f64| {
        let fit = least_squares(columns, fitted).filter(|fit| fit.positive(0));
        let fit = fit.filter(|fit| {
            let at = held_out.first().copied().unwrap_or(0);
            let main = fit.share(columns.get(..1).unwrap_or_default(), at);
            (fit.share(columns, at) - main).abs() <= lower_max * main
        });
        fit.map_or(f64::INFINITY, |fit| log_error(&fit, columns, held_out))
    };
    // What remains of rounding to whole operations.
    let floor = 1e-3;
    let within = lower
        .iter()
        .map(|l| error(&[&claimed, l], LOWER_MAX))
        .fold(error(&[&claimed], LOWER_MAX), f64::min);
    let beyond = beyond
        .iter()
        .map(|b| error(&[b], f64::INFINITY).min(error(&[b, &claimed], f64::INFINITY)))
        .fold(f64::INFINITY, f64::min);
    (within.max(floor), beyond.max(floor))
}
