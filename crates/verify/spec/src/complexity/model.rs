//! Which of the usual growths fits the measurements best.

use std::fmt::Write as _;

use super::fit::{Fit, non_negative};
use super::growth::ln_factorial;

/// The growth that explains the measurements best.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Its main term as a spec would write it.
    pub text: String,
    /// Operations per unit of the main term.
    pub coefficient: f64,
    /// Typical relative error at the largest sizes, predicted from the smaller ones: 0.1 is 10 %.
    pub error: f64,
}

/// A factor in one variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Factor {
    One,
    Log,
    Sqrt,
    N,
    NLog,
    N15,
    N2,
    N2Log,
    N3,
    Two,
    Factorial,
}

/// For a single variable.
const SINGLE: [Factor; 11] = [
    Factor::One,
    Factor::Log,
    Factor::Sqrt,
    Factor::N,
    Factor::NLog,
    Factor::N15,
    Factor::N2,
    Factor::N2Log,
    Factor::N3,
    Factor::Two,
    Factor::Factorial,
];

/// For one of several variables.
const SEVERAL: [Factor; 5] = [
    Factor::One,
    Factor::Log,
    Factor::N,
    Factor::NLog,
    Factor::N2,
];

impl Factor {
    fn ln(self, value: f64) -> f64 {
        let t = value.max(1.0).ln();
        let log = (t / std::f64::consts::LN_2).max(1.0).ln();
        match self {
            Self::One => 0.0,
            Self::Log => log,
            Self::Sqrt => t / 2.0,
            Self::N => t,
            Self::NLog => t + log,
            Self::N15 => 1.5 * t,
            Self::N2 => 2.0 * t,
            Self::N2Log => 2.0 * t + log,
            Self::N3 => 3.0 * t,
            Self::Two => value * std::f64::consts::LN_2,
            Self::Factorial => ln_factorial(value),
        }
    }

    fn text(self, name: &str) -> String {
        match self {
            Self::One => String::new(),
            Self::Log => format!("log {name}"),
            Self::Sqrt => format!("sqrt({name})"),
            Self::N => name.to_owned(),
            Self::NLog => format!("{name} * log {name}"),
            Self::N15 => format!("{name} * sqrt({name})"),
            Self::N2 => format!("{name}^2"),
            Self::N2Log => format!("{name}^2 * log {name}"),
            Self::N3 => format!("{name}^3"),
            Self::Two => format!("2^{name}"),
            Self::Factorial => format!("{name}!"),
        }
    }
}

/// A product of factors, one per variable.
type Term = Vec<Factor>;

fn text(term: &Term, names: &[&str]) -> String {
    let mut out = String::new();
    for (factor, name) in term.iter().zip(names) {
        let part = factor.text(name);
        if !part.is_empty() {
            // A `String` takes every write.
            let _ = write!(out, "{}{part}", if out.is_empty() { "" } else { " * " });
        }
    }
    if out.is_empty() { "1".to_owned() } else { out }
}

/// Every product of the factors.
fn terms(variables: usize) -> Vec<Term> {
    let factors: &[Factor] = if variables == 1 { &SINGLE } else { &SEVERAL };
    let mut out: Vec<Term> = vec![Vec::new()];
    // Beyond three variables the products are too many to choose from: only the first three are looked at.
    for _ in 0..variables.min(3) {
        out = out
            .iter()
            .flat_map(|term| {
                factors.iter().map(move |f| {
                    let mut longer = term.clone();
                    longer.push(*f);
                    longer
                })
            })
            .collect();
    }
    out
}

/// The best model of rows of variables, size along the way and cost. `None` for fewer than four rows.
///
/// Each candidate is a main term and a constant, with several variables also a sum of two terms, fitted by non-negative
/// least squares on relative residuals of the smaller sizes. They are ranked by the error at the larger sizes together
/// with a Bayesian information criterion over all rows.
pub(super) fn best(names: &[&str], rows: &[(Vec<f64>, f64, f64)]) -> Option<Model> {
    if rows.len() < 4 {
        return None;
    }
    let names: Vec<&str> = if names.is_empty() {
        vec!["n"]
    } else {
        names.to_vec()
    };
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| {
        let size = |i: &usize| rows.get(*i).map_or(0.0, |r| r.1);
        size(a).total_cmp(&size(b))
    });
    let (small, large) = order.split_at(rows.len() * 2 / 3);
    let candidates = terms(names.len());
    let columns: Vec<Vec<f64>> = candidates
        .iter()
        .map(|term| {
            let ln = |values: &[f64]| term.iter().zip(values).map(|(f, v)| f.ln(*v)).sum::<f64>();
            rows.iter().map(|(v, _, cost)| ln(v) - cost.ln()).collect()
        })
        .collect();
    let constant: Vec<f64> = rows.iter().map(|(_, _, cost)| -cost.ln()).collect();
    let mut ranked: Vec<(f64, usize, Option<usize>, f64, Fit)> = Vec::new();
    let mut consider = |first: usize, second: Option<usize>| {
        let mut chosen: Vec<&[f64]> = Vec::new();
        chosen.extend(columns.get(first).map(Vec::as_slice));
        chosen.extend(second.and_then(|s| columns.get(s)).map(Vec::as_slice));
        if candidates
            .get(first)
            .is_some_and(|t| t.iter().any(|f| *f != Factor::One))
        {
            chosen.push(&constant);
        }
        let Some(fit) = non_negative(&chosen, small) else {
            return;
        };
        if !fit.positive(0) || (second.is_some() && !fit.positive(1)) {
            return;
        }
        let error = log_error(&fit, &chosen, large);
        let over_all = log_error(&fit, &chosen, &order);
        let parameters = chosen.len() as f64;
        let score = (error * error + over_all * over_all + 1e-8).ln()
            + parameters * (rows.len() as f64).ln() / rows.len() as f64;
        ranked.push((score, first, second, error, fit));
    };
    for first in 0..candidates.len() {
        consider(first, None);
        if names.len() > 1 {
            for second in first + 1..candidates.len() {
                consider(first, Some(second));
            }
        }
    }
    let (_, first, second, error, fit) = ranked.into_iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let mut shown = text(candidates.get(first)?, &names);
    if let Some(second) = second {
        let other = text(candidates.get(second)?, &names);
        shown = if shown == "1" {
            other
        } else {
            format!("{other} + {shown}")
        };
    }
    Some(Model {
        text: shown,
        coefficient: fit.coefficient(0),
        error,
    })
}

/// Root mean square of `ln(predicted / measured)`, each at most 5.
pub(super) fn log_error(fit: &Fit, columns: &[&[f64]], rows: &[usize]) -> f64 {
    let sum: f64 = rows
        .iter()
        .map(|row| {
            let share = fit.share(columns, *row);
            let error = if share > 0.0 {
                share.ln().clamp(-5.0, 5.0)
            } else {
                -5.0
            };
            error * error
        })
        .sum();
    (sum / rows.len().max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(cost: impl Fn(f64) -> f64, sizes: impl Iterator<Item = u32>) -> String {
        let rows: Vec<_> = sizes
            .map(f64::from)
            .map(|n| (vec![n], n, cost(n)))
            .collect();
        best(&["n"], &rows).unwrap().text
    }

    #[test]
    fn names_the_usual_growths() {
        let wide = || (2..16).map(|k| 1 << k);
        assert_eq!(model(|_| 7.0, wide()), "1");
        assert_eq!(model(|n| 3.0 * n.log2() + 2.0, wide()), "log n");
        assert_eq!(model(|n| 3.0 * n.sqrt() + 9.0, wide()), "sqrt(n)");
        assert_eq!(model(|n| 3.0 * n + 50.0, wide()), "n");
        assert_eq!(model(|n| n * n.log2() + 5.0, wide()), "n * log n");
        assert_eq!(model(|n| n.powf(1.5) + 5.0, wide()), "n * sqrt(n)");
        assert_eq!(model(|n| n * n / 2.0 + 5.0, wide()), "n^2");
        assert_eq!(model(|n| n * n * n, wide()), "n^3");
        assert_eq!(model(|n| n.exp2() + 4.0, 3..20), "2^n");
        assert_eq!(model(|n| ln_factorial(n).exp(), 3..12), "n!");
    }

    #[test]
    fn names_growths_of_two_variables() {
        let rows = |cost: fn(f64, f64) -> f64| -> Vec<(Vec<f64>, f64, f64)> {
            (2..12)
                .flat_map(|k| {
                    let s = f64::from(1 << k);
                    [(s, s), (s, 6.0), (6.0, s)]
                })
                .map(|(n, m)| (vec![n, m], n.max(m), cost(n, m)))
                .collect()
        };
        let best = |cost| best(&["n", "m"], &rows(cost)).unwrap().text;
        assert_eq!(best(|n, m| 2.0 * n + 5.0 * m), "n + m");
        assert_eq!(best(|n, m| n * m + 3.0), "n * m");
        assert_eq!(best(|n, m| n * m.log2() + 3.0), "n * log m");
    }

    #[test]
    fn too_few_rows_have_no_model() {
        assert!(best(&["n"], &[(vec![1.0], 1.0, 1.0)]).is_none());
    }
}
