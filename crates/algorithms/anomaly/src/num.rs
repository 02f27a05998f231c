//! Small arithmetic shared by the estimators.

/// `value` inside the bounds; the lower bound for NaN.
pub(crate) fn clamp_finite(value: f64, low: f64, high: f64) -> f64 {
    if value >= low { value.min(high) } else { low }
}

/// Weighted mean of two numbers; the weights are not both zero.
pub(crate) fn mix(a: f64, weight_a: f64, b: f64, weight_b: f64) -> f64 {
    (a * weight_a + b * weight_b) / (weight_a + weight_b)
}
