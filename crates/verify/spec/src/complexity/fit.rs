//! Least squares on relative residuals.
//!
//! A cost `c` is explained by `Σ a·f` with residual `1 - Σ a·f / c`, so that the small sizes count as much as the large
//! ones. Columns are given as `ln f - ln c` and scaled by their largest entry, so nothing overflows.

/// Coefficients with respect to the scaled columns, and the scale of each column.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    coefficients: Vec<f64>,
    scales: Vec<f64>,
    /// Mean of the squared residuals over the fitted rows.
    pub(super) mean_square: f64,
}

impl Fit {
    /// Share of the cost that is explained in a row: 1 is all of it.
    pub(super) fn share(&self, columns: &[&[f64]], row: usize) -> f64 {
        let terms = columns.iter().zip(&self.coefficients).zip(&self.scales);
        terms
            .map(|((column, a), scale)| a * (column.get(row).copied().unwrap_or(0.0) - scale).exp())
            .sum()
    }

    /// Coefficient of a column in true units; 0 when there is none.
    pub(super) fn coefficient(&self, column: usize) -> f64 {
        match (self.coefficients.get(column), self.scales.get(column)) {
            (Some(a), Some(scale)) if *a != 0.0 => a * (-scale).exp(),
            _ => 0.0,
        }
    }

    /// Whether the column has a positive coefficient.
    pub(super) fn positive(&self, column: usize) -> bool {
        self.coefficients.get(column).is_some_and(|a| *a > 0.0)
    }
}

/// The coefficients, of any sign, that explain the rows best; `None` when the columns cannot be told apart on them.
pub(super) fn least_squares(columns: &[&[f64]], rows: &[usize]) -> Option<Fit> {
    if rows.len() < columns.len() || columns.is_empty() {
        return None;
    }
    let entry = |column: &[f64], row: usize| column.get(row).copied().unwrap_or(f64::NEG_INFINITY);
    let scales: Vec<f64> = columns
        .iter()
        .map(|c| {
            rows.iter()
                .map(|r| entry(c, *r))
                .fold(f64::NEG_INFINITY, f64::max)
        })
        .collect();
    if !scales.iter().all(|s| s.is_finite()) {
        return None;
    }
    // Modified Gram-Schmidt; `r` holds the triangle by columns.
    let mut q: Vec<Vec<f64>> = Vec::new();
    let mut r: Vec<Vec<f64>> = Vec::new();
    for (column, scale) in columns.iter().zip(&scales) {
        let mut v: Vec<f64> = rows
            .iter()
            .map(|row| (entry(column, *row) - scale).exp())
            .collect();
        let norm = dot(&v, &v).sqrt();
        let mut above = Vec::new();
        for unit in &q {
            let along = dot(unit, &v);
            for (x, u) in v.iter_mut().zip(unit) {
                *x -= along * u;
            }
            above.push(along);
        }
        let rest = dot(&v, &v).sqrt();
        if rest.is_nan() || rest <= norm * 1e-9 {
            return None;
        }
        for x in &mut v {
            *x /= rest;
        }
        above.push(rest);
        q.push(v);
        r.push(above);
    }
    let mut residual = vec![1.0; rows.len()];
    let mut rotated = Vec::new();
    for unit in &q {
        let along = dot(unit, &residual);
        for (x, u) in residual.iter_mut().zip(unit) {
            *x -= along * u;
        }
        rotated.push(along);
    }
    let mut coefficients = vec![0.0; columns.len()];
    for k in (0..columns.len()).rev() {
        let mut value = *rotated.get(k)?;
        for j in k + 1..columns.len() {
            value -= r.get(j)?.get(k)? * coefficients.get(j)?;
        }
        *coefficients.get_mut(k)? = value / r.get(k)?.get(k)?;
    }
    Some(Fit {
        coefficients,
        scales,
        mean_square: dot(&residual, &residual) / rows.len() as f64,
    })
}

/// The coefficients, none negative, that explain the rows best. Exact: every choice of columns is tried, so there should
/// be few of them.
pub(super) fn non_negative(columns: &[&[f64]], rows: &[usize]) -> Option<Fit> {
    let mut best: Option<Fit> = None;
    for choice in 1_u32..1 << columns.len().min(6) {
        let chosen: Vec<usize> = (0..columns.len())
            .filter(|i| choice >> i & 1 == 1)
            .collect();
        let some: Vec<&[f64]> = chosen
            .iter()
            .filter_map(|i| columns.get(*i).copied())
            .collect();
        let Some(fit) = least_squares(&some, rows) else {
            continue;
        };
        if fit.coefficients.iter().any(|a| *a < 0.0) {
            continue;
        }
        if best
            .as_ref()
            .is_none_or(|b| fit.mean_square < b.mean_square)
        {
            let mut full = Fit {
                coefficients: vec![0.0; columns.len()],
                scales: vec![0.0; columns.len()],
                mean_square: fit.mean_square,
            };
            for ((i, a), scale) in chosen.iter().zip(&fit.coefficients).zip(&fit.scales) {
                if let (Some(c), Some(s)) = (full.coefficients.get_mut(*i), full.scales.get_mut(*i))
                {
                    (*c, *s) = (*a, *scale);
                }
            }
            best = Some(full);
        }
    }
    best
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Slope of a line through `(x, y)` and its standard error; `None` for fewer than three points or equal `x`.
pub(super) fn slope(xy: &[(f64, f64)]) -> Option<(f64, f64)> {
    let n = xy.len() as f64;
    if xy.len() < 3 {
        return None;
    }
    let (mx, my) = (
        xy.iter().map(|p| p.0).sum::<f64>() / n,
        xy.iter().map(|p| p.1).sum::<f64>() / n,
    );
    let sxx: f64 = xy.iter().map(|p| (p.0 - mx).powi(2)).sum();
    if sxx.is_nan() || sxx <= 1e-12 {
        return None;
    }
    let sxy: f64 = xy.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum();
    let slope = sxy / sxx;
    let sse: f64 = xy
        .iter()
        .map(|p| (p.1 - my - slope * (p.0 - mx)).powi(2))
        .sum();
    Some((slope, (sse / (n - 2.0) / sxx).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(cost: impl Fn(f64) -> f64, terms: &[fn(f64) -> f64]) -> Vec<Vec<f64>> {
        terms
            .iter()
            .map(|t| {
                (2..20)
                    .map(|n| (t(f64::from(n)) / cost(f64::from(n))).ln())
                    .collect()
            })
            .collect()
    }

    #[test]
    fn recovers_exact_sums() {
        let c = columns(|n| 3.0 * n * n - 2.0 * n, &[|n| n * n, |n| n]);
        let c: Vec<&[f64]> = c.iter().map(Vec::as_slice).collect();
        let rows: Vec<usize> = (0..18).collect();
        let fit = least_squares(&c, &rows).unwrap();
        assert!((fit.coefficient(0) - 3.0).abs() < 1e-9, "{fit:?}");
        assert!((fit.coefficient(1) + 2.0).abs() < 1e-8, "{fit:?}");
        assert!(fit.mean_square < 1e-20);
        let fit = non_negative(&c, &rows).unwrap();
        assert!(fit.coefficient(1) == 0.0 && fit.coefficient(0) > 2.0);
        assert!((fit.share(&c, 17) - 1.0).abs() < 0.2);
    }

    #[test]
    fn equal_columns_cannot_be_told_apart() {
        let c = columns(|n| n, &[|n| n, |n| 2.0 * n]);
        let c: Vec<&[f64]> = c.iter().map(Vec::as_slice).collect();
        assert!(least_squares(&c, &[0, 1, 2, 3]).is_none());
        assert!(non_negative(&c, &[0, 1, 2, 3]).is_some());
    }

    #[test]
    fn slope_of_a_line() {
        let xy: Vec<(f64, f64)> = (0..9)
            .map(|i| (f64::from(i), 2.0 * f64::from(i) + 1.0))
            .collect();
        let (b, se) = slope(&xy).unwrap();
        assert!((b - 2.0).abs() < 1e-12 && se < 1e-9);
        assert!(slope(&xy[..2]).is_none());
        assert!(slope(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)]).is_none());
    }
}
