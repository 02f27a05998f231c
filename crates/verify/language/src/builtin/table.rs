//! The table of built-in functions.

mod lists;
mod numbers;
mod parts;

use super::{Builtin, Shape, Signature};
use crate::eval::Run;

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

/// In the order of the documentation.
pub(super) static TABLE: [&[Builtin]; 3] = [&lists::LISTS, &parts::PARTS, &numbers::NUMBERS];
