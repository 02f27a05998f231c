//! Functions of lists.

use super::{many, one, row};
use crate::builtin::Builtin;
use crate::builtin::Letter::{A, B};
use crate::builtin::Shape::{
    Any, Bool, Bytes, Int, Lambda, List, Map, Number, Option, Pair, Quantity, Real, RealOf, Text,
};
use crate::eval::{lists, logic, maps, numbers, order};

pub(super) static LISTS: [Builtin; 35] = [
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
];
