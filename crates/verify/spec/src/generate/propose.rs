//! Numbers and lengths worth trying within bounds.

use voidstate_language::{Type, Value};

use super::bounds::{Bounds, Number};
use super::class::{End, Size};
use super::random::Random;

/// A number for that class, before it is fitted into the bounds.
pub(crate) fn of_class(end: End, bounds: Bounds, random: &mut Random) -> Option<Number> {
    Some(match (end, bounds) {
        (End::Low, _) => bounds.low(),
        (End::High, _) => bounds.high(),
        (End::AboveLow, Bounds::Int(low, _)) => Number::Int(low.saturating_add(1)),
        (End::BelowHigh, Bounds::Int(_, high)) => Number::Int(high.saturating_sub(1)),
        (End::AboveLow, Bounds::Real(low, _)) => Number::Real(low.next_up()),
        (End::BelowHigh, Bounds::Real(_, high)) => Number::Real(high.next_down()),
        (End::MinusOne, Bounds::Int(..)) => Number::Int(-1),
        (End::Zero, Bounds::Int(..)) => Number::Int(0),
        (End::One, Bounds::Int(..)) => Number::Int(1),
        (End::Ordinary, Bounds::Int(low, high)) => near(low, high, 100, random),
        (End::MinusOne, Bounds::Real(..)) => Number::Real(-1.0),
        (End::Zero, Bounds::Real(..)) => Number::Real(0.0),
        (End::NegativeZero, Bounds::Real(..)) => Number::Real(-0.0),
        (End::One, Bounds::Real(..)) => Number::Real(1.0),
        (End::Ordinary, Bounds::Real(low, high)) => {
            Number::Real((random.unit() * 200.0 - 100.0).max(low).min(high))
        }
        (End::Fraction, Bounds::Real(..)) => Number::Real(random.unit()),
        (End::Subnormal, Bounds::Real(..)) => Number::Real(f64::MIN_POSITIVE / 2.0),
        (End::Nan, Bounds::Real(..)) => Number::Real(f64::NAN),
        (End::Infinity, Bounds::Real(..)) => Number::Real(f64::INFINITY),
        (End::NegativeInfinity, Bounds::Real(..)) => Number::Real(f64::NEG_INFINITY),
        _ => return None,
    })
}

/// At most `reach` away from zero, or from the end nearest to it.
fn near(low: i128, high: i128, reach: i128, random: &mut Random) -> Number {
    let anchor = 0_i128.clamp(low, high.max(low));
    Number::Int(random.between(
        anchor.saturating_sub(reach).max(low),
        anchor.saturating_add(reach).min(high),
    ))
}

/// Where numbers for one unknown come from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sources<'a> {
    /// The specification's literals of that type.
    pub(crate) words: &'a [Value],
    /// Values of that type that this case has drawn.
    pub(crate) drawn: &'a [Value],
}

impl Sources<'_> {
    fn number(values: &[Value], random: &mut Random) -> Option<Number> {
        match random.pick(values)? {
            Value::Int(i) | Value::Duration(i) | Value::Size(i) => {
                Some(Number::Int(i128::from(*i)))
            }
            Value::Real(r) => Some(Number::Real(*r)),
            _ => None,
        }
    }
}

/// A number for an unknown of that type. Mostly small and near zero, where faults show and inputs stay readable; one in
/// ten at an end, some from the specification's literals and their neighbours, some drawn before.
pub(crate) fn number(
    type_: &Type,
    bounds: Bounds,
    sources: Sources<'_>,
    random: &mut Random,
) -> Number {
    match bounds {
        Bounds::Int(low, high) => int(type_, low, high, sources, random),
        Bounds::Real(low, high) => real(low, high, sources, random),
    }
}

fn int(type_: &Type, low: i128, high: i128, sources: Sources<'_>, random: &mut Random) -> Number {
    let wide = high.saturating_sub(low) > 1_000_000;
    if matches!(type_, Type::Duration)
        && random.chance(1, 3)
        && let Some(Number::Int(i)) = Sources::number(sources.drawn, random)
    {
        // Times are looked at beside each other: nanoseconds from zero say little.
        let distance = match random.below(3) {
            0 => i.saturating_add(random.between(-1, 1)),
            _ => random.between(0, i.saturating_abs()),
        };
        return Number::Int(low.saturating_add(distance));
    }
    match random.below(100) {
        0..30 => near(low, high, 4, random),
        30..45 => near(low, high, 20, random),
        45..48 if wide => end(low, high, random),
        45..55 if !wide => end(low, high, random),
        48..68 => match Sources::number(sources.words, random) {
            Some(Number::Int(i)) => Number::Int(i.saturating_add(random.between(-1, 1))),
            _ => near(low, high, 100, random),
        },
        68..84 => match Sources::number(sources.drawn, random) {
            Some(Number::Int(i)) => Number::Int(match random.below(6) {
                0 => i.saturating_add(random.between(-1, 1)),
                // So far above the lowest: a window, a step, an offset.
                1 => low.saturating_add(i).saturating_add(random.between(-1, 1)),
                2 => low.saturating_add(random.between(0, i.saturating_abs())),
                _ => i,
            }),
            Some(number) => number,
            None => near(low, high, 10, random),
        },
        84..94 if wide => {
            // Magnitudes evenly on a logarithmic scale.
            let bits = u32::try_from(random.below(63)).unwrap_or(0);
            let size = random.between(0, 1_i128 << bits);
            let anchor = 0_i128.clamp(low, high.max(low));
            let negative = low < 0 && random.chance(1, 4) || high <= 0;
            let unit = if matches!(type_, Type::Duration) && bits < 30 {
                1_000_000
            } else {
                1
            };
            Number::Int(anchor + if negative { -size } else { size } * unit)
        }
        _ if wide && random.chance(3, 4) => near(low, high, 1000, random),
        _ => Number::Int(random.between(low, high)),
    }
}

fn end(low: i128, high: i128, random: &mut Random) -> Number {
    Number::Int(match random.below(4) {
        0 => low,
        1 => low.saturating_add(1),
        2 => high.saturating_sub(1),
        _ => high,
    })
}

fn real(low: f64, high: f64, sources: Sources<'_>, random: &mut Random) -> Number {
    let anchor = 0.0_f64.max(low).min(high);
    Number::Real(match random.below(100) {
        0..35 => {
            anchor
                + if random.chance(1, 4) && low < 0.0 {
                    -1.0
                } else {
                    1.0
                } * random.below(6) as f64
        }
        35..45 => anchor + random.unit(),
        45..50 => {
            let ends = [low, high, low.next_up(), high.next_down()];
            random.pick(&ends).copied().unwrap_or(low)
        }
        50..54 => {
            let special = [
                0.0,
                -0.0,
                1.0,
                -1.0,
                f64::EPSILON,
                f64::MIN_POSITIVE,
                5e-324,
                f64::MAX,
                f64::INFINITY,
                f64::NAN,
            ];
            random.pick(&special).copied().unwrap_or(0.0)
        }
        54..66 => match Sources::number(sources.words, random) {
            Some(word) => {
                let x = word.real();
                match random.below(3) {
                    0 => x,
                    1 => x.next_up(),
                    _ => x.next_down(),
                }
            }
            None => anchor + random.unit() * 10.0,
        },
        66..80 => match Sources::number(sources.drawn, random) {
            Some(number) => number.real(),
            None => anchor + random.unit() * 100.0 - 50.0,
        },
        80..92 if low.is_finite() && high.is_finite() && (high - low).is_finite() => {
            low + (high - low) * random.unit()
        }
        _ => {
            let size =
                10_f64.powi(i32::try_from(random.below(12)).unwrap_or(0) - 3) * random.unit();
            anchor + if random.chance(1, 2) { size } else { -size }
        }
    })
}

/// A length: mostly 0 to 3, sometimes up to `longest`.
pub(crate) fn length(bounds: Bounds, longest: i128, random: &mut Random) -> Number {
    let (Number::Int(low), Number::Int(high)) = (bounds.low(), bounds.high()) else {
        return bounds.low();
    };
    let top = high.min(low.saturating_add(longest));
    Number::Int(match random.below(100) {
        0..45 => random.between(low, top.min(low + 3)),
        45..75 => random.between(low, top.min(low + 6)),
        75..90 => random.between(low, top.min(low + 12)),
        90..95 => top,
        _ => random.between(low, top),
    })
}

/// The length of that class.
pub(crate) fn length_of(size: Size, bounds: Bounds, longest: i128, random: &mut Random) -> Number {
    let low = match bounds.low() {
        Number::Int(low) => low,
        Number::Real(_) => 0,
    };
    Number::Int(match size {
        Size::Empty => 0,
        Size::One => 1,
        Size::Two => 2,
        Size::Several => random.between(low.max(3), low.max(3) + 4),
        Size::Longest => match bounds.high() {
            Number::Int(high) => high.min(low.saturating_add(longest)),
            Number::Real(_) => longest,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::bounds::{INT, REAL};

    #[test]
    fn lengths_stay_short_unless_they_must_not() {
        let mut random = Random::new(3);
        for _ in 0..1000 {
            let free = length(Bounds::Int(0, i128::MAX), 32, &mut random);
            assert!(matches!(free, Number::Int(0..=32)), "{free:?}");
            let forced = length(Bounds::Int(100, 100_000), 32, &mut random);
            assert!(matches!(forced, Number::Int(100..=132)), "{forced:?}");
        }
    }

    #[test]
    fn numbers_reach_ends_literals_and_what_was_drawn() {
        let mut random = Random::new(4);
        let (words, drawn) = ([Value::Int(777)], [Value::Int(-4321)]);
        let sources = Sources {
            words: &words,
            drawn: &drawn,
        };
        let all: Vec<Number> = (0..3000)
            .map(|_| number(&Type::Int(None), INT, sources, &mut random))
            .collect();
        for wanted in [
            777,
            778,
            776,
            -4321,
            0,
            1,
            -1,
            i128::from(i64::MAX),
            i128::from(i64::MIN),
        ] {
            assert!(all.contains(&Number::Int(wanted)), "{wanted}");
        }
        let reals: Vec<f64> = (0..3000)
            .map(|_| {
                number(
                    &Type::Real(None),
                    REAL,
                    Sources {
                        words: &[],
                        drawn: &[],
                    },
                    &mut random,
                )
                .real()
            })
            .collect();
        assert!(reals.iter().any(|x| x.is_nan()));
        assert!(reals.iter().any(|x| x.is_infinite()));
        assert!(reals.iter().any(|x| x.fract() != 0.0));
    }
}
