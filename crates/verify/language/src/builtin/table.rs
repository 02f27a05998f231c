//! The table of built-in functions.

use super::{Builtin, Letter, Shape, Signature};
use crate::eval::{Run, lists, logic, maps, numbers, order, texts};

use Letter::{A, B};
use Shape::{
    Any, AnyInt, AnyReal, Bool, ByteCount, Bytes, Duration, Int, IntOf, Lambda, List, Map,
    Nanoseconds, Number, Option, Pair, PlainOf, Quantity, Real, RealOf, Size, SizeNumber, Text,
    TimeNumber,
};

const fn one(parameters: &'static [(&'static str, Shape)], result: Shape) -> Signature {
    Signature {
        parameters,
        variadic: false,
        result,
    }
}

const fn many(parameters: &'static [(&'static str, Shape)], result: Shape) -> Signature {
    Signature {
        parameters,
        variadic: true,
        result,
    }
}

const fn row(
    name: &'static str,
    signatures: &'static [Signature],
    doc: &'static str,
    run: Run,
) -> Builtin {
    Builtin {
        name,
        signatures,
        doc,
        run,
    }
}

pub(super) static TABLE: [Builtin; 80] = [
    row(
        "all",
        &[one(
            &[("list", List(&Any(A))), ("test", Lambda(&[Any(A)], &Bool))],
            Bool,
        )],
        "whether every element passes; true of an empty list; stops at the first that does not",
        logic::all,
    ),
    row(
        "any",
        &[one(
            &[("list", List(&Any(A))), ("test", Lambda(&[Any(A)], &Bool))],
            Bool,
        )],
        "whether an element passes; false of an empty list; stops at the first that does",
        logic::any,
    ),
    row(
        "count",
        &[one(
            &[("list", List(&Any(A))), ("test", Lambda(&[Any(A)], &Bool))],
            Int,
        )],
        "how many elements pass",
        logic::count,
    ),
    row(
        "filter",
        &[one(
            &[("list", List(&Any(A))), ("test", Lambda(&[Any(A)], &Bool))],
            List(&Any(A)),
        )],
        "the elements that pass, in order",
        logic::filter,
    ),
    row(
        "map",
        &[one(
            &[("list", List(&Any(A))), ("of", Lambda(&[Any(A)], &Any(B)))],
            List(&Any(B)),
        )],
        "what comes of each element, in order",
        logic::map,
    ),
    row(
        "flat_map",
        &[one(
            &[
                ("list", List(&Any(A))),
                ("of", Lambda(&[Any(A)], &List(&Any(B)))),
            ],
            List(&Any(B)),
        )],
        "what comes of each element, one list after the other",
        logic::flat_map,
    ),
    row(
        "fold",
        &[one(
            &[
                ("list", List(&Any(A))),
                ("start", Any(B)),
                ("step", Lambda(&[Any(B), Any(A)], &Any(B))),
            ],
            Any(B),
        )],
        "`start`, then `step` of the value so far and each element in order",
        logic::fold,
    ),
    row(
        "position",
        &[one(
            &[("list", List(&Any(A))), ("test", Lambda(&[Any(A)], &Bool))],
            Option(&Int),
        )],
        "where the first element stands that passes",
        logic::position,
    ),
    row(
        "sum",
        &[
            one(&[("list", List(&Quantity(A)))], Quantity(A)),
            one(
                &[
                    ("list", List(&Any(A))),
                    ("of", Lambda(&[Any(A)], &Quantity(B))),
                ],
                Quantity(B),
            ),
        ],
        "all added in order; nothing of an empty list",
        numbers::sum,
    ),
    row(
        "product",
        &[
            one(&[("list", List(&Int))], Int),
            one(&[("list", List(&Real))], Real),
        ],
        "all multiplied in order; 1 of an empty list",
        numbers::product,
    ),
    row(
        "min",
        &[
            one(&[("list", List(&Quantity(A)))], Quantity(A)),
            many(
                &[("first", Quantity(A)), ("second", Quantity(A))],
                Quantity(A),
            ),
        ],
        "the least; NaN where there is one; no value of an empty list",
        order::min,
    ),
    row(
        "max",
        &[
            one(&[("list", List(&Quantity(A)))], Quantity(A)),
            many(
                &[("first", Quantity(A)), ("second", Quantity(A))],
                Quantity(A),
            ),
        ],
        "the greatest; NaN where there is one; no value of an empty list",
        order::max,
    ),
    row(
        "argmin",
        &[one(&[("list", List(&Quantity(A)))], Int)],
        "where `min` stands first; no value of an empty list",
        order::argmin,
    ),
    row(
        "argmax",
        &[one(&[("list", List(&Quantity(A)))], Int)],
        "where `max` stands first; no value of an empty list",
        order::argmax,
    ),
    row(
        "mean",
        &[one(&[("list", List(&Number(A)))], RealOf(A))],
        "the sum by the length; no value of an empty list",
        numbers::mean,
    ),
    row(
        "median",
        &[one(&[("list", List(&Number(A)))], RealOf(A))],
        "the middle one, or the mean of the two; NaN where there is one; no value of an empty list",
        numbers::median,
    ),
    row(
        "len",
        &[
            one(&[("list", List(&Any(A)))], Int),
            one(&[("text", Text)], Int),
            one(&[("bytes", Bytes)], Int),
            one(&[("map", Map(&Any(A), &Any(B)))], Int),
        ],
        "how many elements, characters (Unicode scalar values), bytes or keys",
        lists::len,
    ),
    row(
        "sorted",
        &[one(&[("list", List(&Any(A)))], List(&Any(A)))],
        "in ascending order, equal ones as they were; NaN last",
        order::sorted,
    ),
    row(
        "sorted_by",
        &[one(
            &[("list", List(&Any(A))), ("key", Lambda(&[Any(A)], &Any(B)))],
            List(&Any(A)),
        )],
        "in ascending order of the key, equal ones as they were",
        order::sorted_by,
    ),
    row(
        "is_sorted",
        &[one(&[("list", List(&Any(A)))], Bool)],
        "whether `sorted` would change nothing; -0.0 and 0.0 are level",
        order::is_sorted,
    ),
    row(
        "reversed",
        &[one(&[("list", List(&Any(A)))], List(&Any(A)))],
        "from the last to the first",
        lists::reversed,
    ),
    row(
        "distinct",
        &[one(&[("list", List(&Any(A)))], List(&Any(A)))],
        "each value once, where it stood first; reals by identity",
        order::distinct,
    ),
    row(
        "unique",
        &[one(&[("list", List(&Any(A)))], Bool)],
        "whether no value is there twice; reals by identity",
        order::unique,
    ),
    row(
        "permutation",
        &[one(
            &[("left", List(&Any(A))), ("right", List(&Any(A)))],
            Bool,
        )],
        "whether both hold the same values equally often; reals by identity",
        order::permutation,
    ),
    row(
        "subset",
        &[one(
            &[("left", List(&Any(A))), ("right", List(&Any(A)))],
            Bool,
        )],
        "whether the right list holds every value of the left one; reals by identity",
        order::subset,
    ),
    row(
        "group_count",
        &[one(&[("list", List(&Any(A)))], Map(&Any(A), &Int))],
        "how often each value is there; reals by identity",
        maps::group_count,
    ),
    row(
        "zip",
        &[one(
            &[("left", List(&Any(A))), ("right", List(&Any(B)))],
            List(&Pair(&Any(A), &Any(B))),
        )],
        "pairs of the elements at the same place, as many as the shorter list has",
        lists::zip,
    ),
    row(
        "enumerate",
        &[one(&[("list", List(&Any(A)))], List(&Pair(&Int, &Any(A))))],
        "pairs of the place and the element",
        lists::enumerate,
    ),
    row(
        "take",
        &[one(&[("list", List(&Any(A))), ("n", Int)], List(&Any(A)))],
        "the first n, or all when there are fewer; no value when n is negative",
        lists::take,
    ),
    row(
        "drop",
        &[one(&[("list", List(&Any(A))), ("n", Int)], List(&Any(A)))],
        "all but the first n; no value when n is negative",
        lists::drop,
    ),
    row(
        "first",
        &[one(&[("list", List(&Any(A)))], Option(&Any(A)))],
        "the first element",
        lists::first,
    ),
    row(
        "last",
        &[one(&[("list", List(&Any(A)))], Option(&Any(A)))],
        "the last element",
        lists::last,
    ),
    row(
        "windows",
        &[one(
            &[("list", List(&Any(A))), ("n", Int)],
            List(&List(&Any(A))),
        )],
        "every run of n neighbours; no value when n is below 1",
        lists::windows,
    ),
    row(
        "chunks",
        &[one(
            &[("list", List(&Any(A))), ("n", Int)],
            List(&List(&Any(A))),
        )],
        "runs of n, one after the other, the last perhaps shorter; no value when n is below 1",
        lists::chunks,
    ),
    row(
        "range_step",
        &[one(
            &[("from", Int), ("to", Int), ("step", Int)],
            List(&Int),
        )],
        "`from`, `from + step`, … up (or down) to, not including, `to`; no value when the step is 0",
        lists::range_step,
    ),
    row(
        "contains",
        &[
            one(&[("list", List(&Any(A))), ("element", Any(A))], Bool),
            one(&[("map", Map(&Any(A), &Any(B))), ("key", Any(A))], Bool),
            one(&[("text", Text), ("part", Text)], Bool),
            one(&[("bytes", Bytes), ("byte", Int)], Bool),
        ],
        "whether an equal element, the key or the part is there",
        texts::contains,
    ),
    row(
        "index_of",
        &[
            one(
                &[("list", List(&Any(A))), ("element", Any(A))],
                Option(&Int),
            ),
            one(&[("text", Text), ("part", Text)], Option(&Int)),
        ],
        "where an equal element or the part stands first",
        texts::index_of,
    ),
    row(
        "starts_with",
        &[
            one(&[("list", List(&Any(A))), ("part", List(&Any(A)))], Bool),
            one(&[("text", Text), ("part", Text)], Bool),
            one(&[("bytes", Bytes), ("part", Bytes)], Bool),
        ],
        "whether it begins so",
        texts::starts_with,
    ),
    row(
        "ends_with",
        &[
            one(&[("list", List(&Any(A))), ("part", List(&Any(A)))], Bool),
            one(&[("text", Text), ("part", Text)], Bool),
            one(&[("bytes", Bytes), ("part", Bytes)], Bool),
        ],
        "whether it ends so",
        texts::ends_with,
    ),
    row(
        "split",
        &[one(&[("text", Text), ("separator", Text)], List(&Text))],
        "the parts between separators; no value when the separator is empty",
        texts::split,
    ),
    row(
        "join",
        &[one(&[("parts", List(&Text)), ("separator", Text)], Text)],
        "the parts with the separator between",
        texts::join,
    ),
    row(
        "lower",
        &[one(&[("text", Text)], Text)],
        "in small letters",
        texts::lower,
    ),
    row(
        "upper",
        &[one(&[("text", Text)], Text)],
        "in capital letters",
        texts::upper,
    ),
    row(
        "trim",
        &[one(&[("text", Text)], Text)],
        "without white space at both ends",
        texts::trim,
    ),
    row(
        "chars",
        &[one(&[("text", Text)], List(&Text))],
        "its characters (Unicode scalar values) as texts",
        texts::chars,
    ),
    row(
        "utf8",
        &[one(&[("text", Text)], Bytes)],
        "its bytes",
        texts::utf8,
    ),
    row(
        "from_utf8",
        &[one(&[("bytes", Bytes)], Option(&Text))],
        "the text of these bytes; none where they are no UTF-8",
        texts::from_utf8,
    ),
    row(
        "to_text",
        &[one(&[("value", Any(A))], Text)],
        "a text as it is, anything else as it is written in a specification",
        texts::to_text,
    ),
    row(
        "keys",
        &[one(&[("map", Map(&Any(A), &Any(B)))], List(&Any(A)))],
        "its keys in order",
        maps::keys,
    ),
    row(
        "values",
        &[one(&[("map", Map(&Any(A), &Any(B)))], List(&Any(B)))],
        "its values in the order of the keys",
        maps::values,
    ),
    row(
        "entries",
        &[one(
            &[("map", Map(&Any(A), &Any(B)))],
            List(&Pair(&Any(A), &Any(B))),
        )],
        "pairs of key and value in the order of the keys",
        maps::entries,
    ),
    row(
        "get",
        &[one(
            &[("map", Map(&Any(A), &Any(B))), ("key", Any(A))],
            Option(&Any(B)),
        )],
        "the value of the key",
        maps::get,
    ),
    row(
        "is_some",
        &[one(&[("option", Option(&Any(A)))], Bool)],
        "whether it is `some(…)`",
        logic::is_some,
    ),
    row(
        "is_none",
        &[one(&[("option", Option(&Any(A)))], Bool)],
        "whether it is `none`",
        logic::is_none,
    ),
    row(
        "default",
        &[
            one(
                &[("option", Option(&Any(A))), ("otherwise", Any(A))],
                Any(A),
            ),
            one(&[("value", Any(A)), ("otherwise", Any(A))], Any(A)),
        ],
        "what is in the option, or the value; `otherwise` where there is none or it has no value",
        logic::default,
    ),
    row(
        "defined",
        &[one(&[("value", Any(A))], Bool)],
        "whether it has a value, that is, does not overflow, divide by zero, or leave a list or a domain",
        logic::defined,
    ),
    row(
        "same",
        &[one(&[("left", Any(A)), ("right", Any(A))], Bool)],
        "whether they are identical: NaN is the same as itself, -0.0 is not the same as 0.0",
        logic::same,
    ),
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
