//! Functions of numbers, and numbers with a name.

use super::{one, row};
use crate::builtin::Builtin;
use crate::builtin::Letter::A;
use crate::builtin::Shape::{
    AnyInt, AnyReal, Bool, ByteCount, Duration, Int, IntOf, Nanoseconds, Number, PlainOf, Quantity,
    Real, RealOf, Size, SizeNumber, TimeNumber,
};
use crate::eval::numbers;

pub(super) static NUMBERS: [Builtin; 23] = [
    row(
        "abs",
        &[one(&[("x", Quantity(A))], Quantity(A))],
        "its magnitude",
        numbers::abs,
    ),
    row(
        "sign",
        &[one(&[("x", Quantity(A))], Int)],
        "-1, 0 or 1; no value of NaN",
        numbers::sign,
    ),
    row(
        "sqrt",
        &[one(&[("x", Real)], Real)],
        "the square root; no value below 0.0",
        numbers::sqrt,
    ),
    row(
        "ln",
        &[one(&[("x", Real)], Real)],
        "the natural logarithm, `-infinity` of 0.0; no value below",
        numbers::ln,
    ),
    row(
        "log2",
        &[one(&[("x", Real)], Real)],
        "the logarithm to base 2, `-infinity` of 0.0; no value below",
        numbers::log2,
    ),
    row(
        "log10",
        &[one(&[("x", Real)], Real)],
        "the logarithm to base 10, `-infinity` of 0.0; no value below",
        numbers::log10,
    ),
    row(
        "exp",
        &[one(&[("x", Real)], Real)],
        "e to the power of x",
        numbers::exp,
    ),
    row(
        "pow",
        &[
            one(&[("base", Int), ("exponent", Int)], Int),
            one(&[("base", Real), ("exponent", Real)], Real),
            one(&[("base", Real), ("exponent", Int)], Real),
        ],
        "base to the power of exponent; no value when it overflows an int, an int's exponent is negative or the result would be no real",
        numbers::pow,
    ),
    row(
        "floor",
        &[one(&[("x", AnyReal(A))], IntOf(A))],
        "the greatest int that is not above; no value of NaN or outside 64 bits",
        numbers::floor,
    ),
    row(
        "ceil",
        &[one(&[("x", AnyReal(A))], IntOf(A))],
        "the least int that is not below; no value of NaN or outside 64 bits",
        numbers::ceil,
    ),
    row(
        "round",
        &[one(&[("x", AnyReal(A))], IntOf(A))],
        "the nearest int, halves away from 0; no value of NaN or outside 64 bits",
        numbers::round,
    ),
    row(
        "int",
        &[
            one(&[("x", AnyReal(A))], IntOf(A)),
            one(&[("x", AnyInt(A))], IntOf(A)),
        ],
        "without what is after the point; no value of NaN or outside 64 bits",
        numbers::int,
    ),
    row(
        "real",
        &[
            one(&[("x", AnyInt(A))], RealOf(A)),
            one(&[("x", AnyReal(A))], RealOf(A)),
        ],
        "the nearest real",
        numbers::real,
    ),
    row(
        "is_nan",
        &[one(&[("x", AnyReal(A))], Bool)],
        "whether it is NaN",
        numbers::is_nan,
    ),
    row(
        "is_finite",
        &[one(&[("x", AnyReal(A))], Bool)],
        "whether it is neither NaN nor infinite",
        numbers::is_finite,
    ),
    row(
        "is_infinite",
        &[one(&[("x", AnyReal(A))], Bool)],
        "whether it is `infinity` or `-infinity`",
        numbers::is_infinite,
    ),
    row(
        "clamp",
        &[one(
            &[
                ("x", Quantity(A)),
                ("low", Quantity(A)),
                ("high", Quantity(A)),
            ],
            Quantity(A),
        )],
        "the nearest to x from low to high; no value when low is above high",
        numbers::clamp,
    ),
    row(
        "gcd",
        &[one(&[("a", Int), ("b", Int)], Int)],
        "the greatest common divisor, 0 of two zeros",
        numbers::gcd,
    ),
    row(
        "plain",
        &[one(&[("x", Number(A))], PlainOf(A))],
        "the number without its unit",
        numbers::plain,
    ),
    row(
        "to_duration",
        &[one(&[("x", TimeNumber(A))], Duration)],
        "a number in a unit of time as a duration",
        numbers::to_duration,
    ),
    row(
        "to_size",
        &[one(&[("x", SizeNumber(A))], Size)],
        "a number in a unit of size as a size",
        numbers::to_size,
    ),
    row(
        "nanoseconds",
        &[one(&[("duration", Duration)], Nanoseconds)],
        "how many nanoseconds it is",
        numbers::count_of,
    ),
    row(
        "byte_count",
        &[one(&[("size", Size)], ByteCount)],
        "how many bytes it is",
        numbers::count_of,
    ),
];
