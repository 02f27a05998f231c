//! Laws of distances.

use std::fmt::Debug;

use proptest::strategy::Strategy;

use super::over::Over;
use super::{Report, Settings, holds, implies};
use crate::Error;

/// `distance` is a metric on `points`: finite, not negative, zero exactly between the same points, symmetric, and no
/// detour is shorter.
///
/// `tolerance` is what rounding may add: symmetry and the triangle may fail by that much, relative to the distances
/// above 1 and absolutely below; distances up to it count as zero between points that are the same. Different points
/// must have a distance that is not exactly zero: for a pseudometric, let `same` be true wherever the distance is zero.
///
/// ```
/// use proptest::prelude::*;
/// use voidstate_properties::laws::{Settings, metric};
///
/// let points = -1e6_f64..1e6;
/// metric(&Settings::default(), &points, |a, b| (a - b).abs(), PartialEq::eq, 1e-12)?;
/// # Ok::<(), voidstate_properties::Error>(())
/// ```
///
/// # Errors
/// See [`Suite::law`](super::Suite::law); [`Error::Parameter`] where `tolerance` is negative or not finite.
pub fn metric<P: Clone + Debug>(
    settings: &Settings,
    points: &impl Strategy<Value = P>,
    distance: impl Fn(&P, &P) -> f64,
    same: impl Fn(&P, &P) -> bool,
    tolerance: f64,
) -> Result<Report, Error> {
    if !(tolerance.is_finite() && tolerance >= 0.0) {
        return Err(Error::Parameter {
            suite: "metric",
            name: "tolerance",
            value: tolerance.to_string(),
            expected: "a finite number, at least 0",
        });
    }
    let slack = |scale: f64| tolerance * scale.max(1.0);
    let d = |a: &P, b: &P| distance(a, b);
    let mut over = Over::new("metric", settings, points)?;
    over.two("finite", "d(a, b) is a finite number", |a, b| {
        let d = d(a, b);
        holds(d.is_finite(), || d.to_string(), "a finite number")
    })?;
    over.two("not negative", "d(a, b) ≥ 0", |a, b| {
        let d = d(a, b);
        holds(d >= 0.0, || d.to_string(), "at least 0")
    })?;
    over.one("identity", "d(a, a) = 0", |a| {
        let d = d(a, a);
        holds(d <= tolerance, || d.to_string(), "0")
    })?;
    over.two("indiscernibles", "d(a, b) = 0 ⇒ a = b", |a, b| {
        // Not being above zero is what being zero means after the laws before this one.
        implies(d(a, b) <= 0.0, || {
            holds(same(a, b), || "a ≠ b at distance 0".to_owned(), "a = b")
        })
    })?;
    over.two("symmetry", "d(a, b) = d(b, a)", |a, b| {
        let (there, back) = (d(a, b), d(b, a));
        let close = (there - back).abs() <= slack(there.max(back));
        holds(close, || there.to_string(), &back.to_string())
    })?;
    over.three("triangle", "d(a, c) ≤ d(a, b) + d(b, c)", |a, b, c| {
        let (direct, detour) = (d(a, c), d(a, b) + d(b, c));
        let expected = format!("at most {detour}");
        holds(
            direct <= detour + slack(detour),
            || direct.to_string(),
            &expected,
        )
    })?;
    Ok(over.suite.done())
}
