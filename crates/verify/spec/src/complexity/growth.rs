//! The size of a bound at given values of its variables.

use std::fmt::Write as _;

use voidstate_language::ast::Bound;

use super::ComplexityError;

/// Natural logarithm of the bound, so that `n!` and `2^n` stay finite.
///
/// Variables below 1 count as 1 and a logarithm, to base 2, is at least 1: a bound is never zero.
///
/// # Errors
/// [`ComplexityError::UnknownVariable`] when `variables` lacks one of the bound's.
pub fn ln_growth(bound: &Bound, variables: &[(&str, f64)]) -> Result<f64, ComplexityError> {
    Ok(match bound {
        Bound::Constant(c) => f64::from(*c).max(1.0).ln(),
        Bound::Variable(name) => {
            let Some((_, value)) = variables.iter().find(|(n, _)| *n == name.text) else {
                let known: Vec<&str> = variables.iter().map(|(n, _)| *n).collect();
                return Err(ComplexityError::UnknownVariable {
                    name: name.text.clone(),
                    known: known.join(", "),
                });
            };
            value.max(1.0).ln()
        }
        Bound::Log(inner) => (ln_growth(inner, variables)? / std::f64::consts::LN_2)
            .max(1.0)
            .ln(),
        Bound::Sqrt(inner) => ln_growth(inner, variables)? / 2.0,
        Bound::Power(inner, exponent) => ln_growth(inner, variables)? * f64::from(*exponent),
        Bound::Exponential(base, inner) => {
            f64::from(*base).max(1.0).ln() * ln_growth(inner, variables)?.exp()
        }
        Bound::Factorial(inner) => ln_factorial(ln_growth(inner, variables)?.exp()),
        Bound::Product(factors) => {
            let mut sum = 0.0;
            for factor in factors {
                sum += ln_growth(factor, variables)?;
            }
            sum
        }
        Bound::Sum(terms) => {
            let mut logs = Vec::with_capacity(terms.len());
            for term in terms {
                logs.push(ln_growth(term, variables)?);
            }
            ln_sum(&logs)
        }
    })
}

/// `ln(Σ exp(x))` without overflow; 0 of nothing.
fn ln_sum(logs: &[f64]) -> f64 {
    let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !top.is_finite() {
        return if logs.is_empty() { 0.0 } else { top };
    }
    top + logs.iter().map(|x| (x - top).exp()).sum::<f64>().ln()
}

/// Stirling's series; relative error below 1e-3 from 1 on.
pub(super) fn ln_factorial(n: f64) -> f64 {
    if n < 1.0 {
        return 0.0;
    }
    n * n.ln() - n + 0.5 * (std::f64::consts::TAU * n).ln() + 1.0 / (12.0 * n)
}

/// The names that a bound uses, each once, in order.
pub(crate) fn variables_of(bound: &Bound) -> Vec<String> {
    fn walk(bound: &Bound, out: &mut Vec<String>) {
        match bound {
            Bound::Constant(_) => {}
            Bound::Variable(name) => {
                if !out.contains(&name.text) {
                    out.push(name.text.clone());
                }
            }
            Bound::Log(inner)
            | Bound::Sqrt(inner)
            | Bound::Power(inner, _)
            | Bound::Exponential(_, inner)
            | Bound::Factorial(inner) => walk(inner, out),
            Bound::Product(parts) | Bound::Sum(parts) => {
                for part in parts {
                    walk(part, out);
                }
            }
        }
    }
    let mut out = Vec::new();
    walk(bound, &mut out);
    out
}

/// The bound as a spec writes it between `O(` and `)`.
#[must_use]
pub fn bound_text(bound: &Bound) -> String {
    let mut out = String::new();
    write_bound(&mut out, bound, 0);
    out
}

/// Writes a bound; `tightness` 0 allows a sum, 1 a product, 2 neither.
fn write_bound(out: &mut String, bound: &Bound, tightness: u8) {
    let parts = |out: &mut String, parts: &[Bound], between: &str, inner: u8| {
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                out.push_str(between);
            }
            write_bound(out, part, inner);
        }
    };
    let wrapped = match bound {
        Bound::Sum(_) => tightness > 0,
        Bound::Product(_) => tightness > 1,
        Bound::Power(..) | Bound::Exponential(..) | Bound::Factorial(_) => tightness > 2,
        _ => false,
    };
    if wrapped {
        out.push('(');
    }
    match bound {
        Bound::Constant(c) => {
            // A `String` takes every write.
            let _ = write!(out, "{c}");
        }
        Bound::Variable(name) => out.push_str(&name.text),
        Bound::Log(inner) => match inner.as_ref() {
            Bound::Variable(name) => {
                let _ = write!(out, "log {}", name.text);
            }
            other => {
                out.push_str("log(");
                write_bound(out, other, 0);
                out.push(')');
            }
        },
        Bound::Sqrt(inner) => {
            out.push_str("sqrt(");
            write_bound(out, inner, 0);
            out.push(')');
        }
        Bound::Power(inner, exponent) => {
            let log = matches!(inner.as_ref(), Bound::Log(_));
            if log {
                out.push('(');
            }
            write_bound(out, inner, 3);
            if log {
                out.push(')');
            }
            let _ = write!(out, "^{exponent}");
        }
        Bound::Exponential(base, inner) => {
            let _ = write!(out, "{base}^");
            write_bound(out, inner, 3);
        }
        Bound::Factorial(inner) => {
            write_bound(out, inner, 3);
            out.push('!');
        }
        Bound::Product(factors) => parts(out, factors, " * ", 2),
        Bound::Sum(terms) => parts(out, terms, " + ", 1),
    }
    if wrapped {
        out.push(')');
    }
}

#[cfg(test)]
mod tests {
    use voidstate_language::ast::Name;

    use super::*;

    fn n() -> Bound {
        Bound::Variable(Name::new("n"))
    }

    #[test]
    fn values_of_bounds() {
        let at = |bound: &Bound, n: f64| ln_growth(bound, &[("n", n)]).unwrap().exp();
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 2e-3, "{a} {b}");
        close(at(&Bound::Constant(7), 9.0), 7.0);
        close(at(&n(), 8.0), 8.0);
        close(at(&Bound::Log(Box::new(n())), 1024.0), 10.0);
        close(at(&Bound::Sqrt(Box::new(n())), 81.0), 9.0);
        close(at(&Bound::Power(Box::new(n()), 3), 5.0), 125.0);
        close(at(&Bound::Exponential(2, Box::new(n())), 10.0), 1024.0);
        close(at(&Bound::Factorial(Box::new(n())), 5.0), 120.0);
        close(at(&Bound::Product(vec![n(), n()]), 4.0), 16.0);
        close(at(&Bound::Sum(vec![n(), Bound::Constant(2)]), 4.0), 6.0);
        close(at(&Bound::Log(Box::new(n())), 0.0), 1.0);
    }

    #[test]
    fn huge_bounds_stay_finite() {
        let bound = Bound::Factorial(Box::new(Bound::Exponential(2, Box::new(n()))));
        assert!(ln_growth(&bound, &[("n", 20.0)]).unwrap().is_finite());
    }

    #[test]
    fn an_unknown_variable_is_named() {
        let error = ln_growth(&n(), &[("m", 1.0)]).unwrap_err();
        assert!(error.to_string().contains("`n`"), "{error}");
    }

    #[test]
    fn texts_read_like_the_source() {
        let log = Bound::Log(Box::new(n()));
        assert_eq!(
            bound_text(&Bound::Product(vec![n(), log.clone()])),
            "n * log n"
        );
        assert_eq!(bound_text(&Bound::Power(Box::new(log), 2)), "(log n)^2");
        let sum = Bound::Sum(vec![n(), Bound::Variable(Name::new("m"))]);
        assert_eq!(bound_text(&Bound::Log(Box::new(sum.clone()))), "log(n + m)");
        assert_eq!(
            bound_text(&Bound::Power(Box::new(sum.clone()), 2)),
            "(n + m)^2"
        );
        assert_eq!(bound_text(&Bound::Product(vec![sum, n()])), "(n + m) * n");
        assert_eq!(bound_text(&Bound::Factorial(Box::new(n()))), "n!");
    }
}
