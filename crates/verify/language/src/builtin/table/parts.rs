//! Functions of texts, bytes, maps and options, and of what is in them.

use super::{one, row};
use crate::builtin::Builtin;
use crate::builtin::Letter::{A, B};
use crate::builtin::Shape::{Any, Bool, Bytes, Int, List, Map, Option, Pair, Text};
use crate::eval::{logic, maps, texts};

pub(super) static PARTS: [Builtin; 22] = [
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
];
