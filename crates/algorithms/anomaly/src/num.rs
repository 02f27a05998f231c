//! Small arithmetic shared by the estimators.

/// `value` inside the bounds; the lower bound for NaN.
pub(crate) fn clamp_finite(value: f64, low: f64, high: f64) -> f64 {
    if value >= low { value.min(high) } else { low }
}

/// Nearest `f32`; histograms and rings do not need more.
#[expect(
    clippy::cast_possible_truncation,
    reason = "rounding is what is asked for"
)]
pub(crate) fn narrow(value: f64) -> f32 {
    value as f32
}

/// Weighted mean of two numbers; the weights are not both zero.
pub(crate) fn mix(a: f64, weight_a: f64, b: f64, weight_b: f64) -> f64 {
    (a * weight_a + b * weight_b) / (weight_a + weight_b)
}
