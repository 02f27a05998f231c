//! The median, and a value kept within bounds.

use voidstate_spec::implements;

#[derive(Debug)]
pub(crate) struct Refused;

#[implements(inline = r#"
tool median "the value in the middle" {
  input xs: [real]
  output middle: real
  requires "of a size": all(xs, |x| abs(x) <= 1e9)
  fails "nothing": len(xs) == 0
  ensures "in the middle": let s = sorted(xs) in middle == (if len(s) % 2 == 1 then s[len(s) / 2] else (s[len(s) / 2 - 1] + s[len(s) / 2]) / 2.0)
}"#)]
pub(crate) fn median(xs: &[f64]) -> Result<f64, Refused> {
    if xs.is_empty() {
        return Err(Refused);
    }
    let mut xs = xs.to_vec();
    xs.sort_by(f64::total_cmp);
    let half = xs.len() / 2;
    if xs.len() % 2 == 1 {
        Ok(xs[half])
    } else {
        Ok((xs[half - 1] + xs[half]) / 2.0)
    }
}

#[implements(inline = r#"
tool clamped "a value kept within bounds" {
  input x: real
  input low: real
  input high: real
  output kept: real
  fails "no bounds": not (low <= high)
  fails "no number": is_nan(x)
  ensures "within": low <= kept <= high
  ensures "unchanged if it can be": low <= x <= high => kept == x
  ensures "the nearer bound": (x < low => kept == low) and (x > high => kept == high)
}"#)]
pub(crate) fn clamped(x: f64, low: f64, high: f64) -> Result<f64, Refused> {
    if x.is_nan() || low.is_nan() || high.is_nan() || low > high {
        return Err(Refused);
    }
    if x < low {
        Ok(low)
    } else if x > high {
        Ok(high)
    } else {
        Ok(x)
    }
}
