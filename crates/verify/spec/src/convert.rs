//! Between Rust values and the language's.

mod containers;
mod fits;
mod message;
mod named;
mod scalars;
mod shape;

pub use fits::Way;
pub use message::{Message, outputs_misfit, slot_misfit};
pub use named::{alternative, argument, fields, payload, record, unknown, variant};
pub use shape::{Shape, in_unit};

use voidstate_language::{Type, Value};

use crate::Error;

/// A Rust type whose values the language can speak of.
///
/// | Rust | language |
/// |---|---|
/// | `bool` | `bool` |
/// | `u8` … `u64`, `usize`, `i8` … `i64`, `isize` | `int`; `int<unit>`, `size` and `duration` where a name says the unit |
/// | `f32`, `f64` | `real`, `real<unit>` likewise |
/// | `String`, `str`, `char` | `text` |
/// | `std::time::Duration` | `duration` |
/// | `Vec<T>`, `[T]`, `[T; N]`, `VecDeque<T>` | `[T]`; of `u8` also `bytes` |
/// | `BTreeMap`, `HashMap` | `{K: V}` |
/// | `Option` | `T?` |
/// | tuples of up to six | tuples |
/// | `&T`, `Box<T>` | what `T` is |
/// | structs and enums with `#[derive(SpecValue)]` | records and enums |
///
/// A whole number in a unit is matched by a plain integer whose Rust name ends in the unit (`start_ns` for
/// `start: int<ns>`) or by a newtype with `#[spec(unit = "ns")]`.
#[diagnostic::on_unimplemented(
    message = "the language of specs has no counterpart of `{Self}`",
    label = "no counterpart in a spec",
    note = "a struct or an enum of yours takes part with `#[derive(SpecValue)]`; for another crate's type write a thin \
            wrapper function that takes what the spec names"
)]
pub trait SpecValue {
    /// What it is in the language, known while compiling.
    const SHAPE: Shape;

    /// The value as one of that type of the language. O(size of the value).
    ///
    /// # Errors
    /// [`Error::Inexpressible`] when the language's type cannot hold it, for example a `u64` above `i64::MAX`.
    fn to_value(&self, type_: &Type) -> Result<Value, Error>;
}

/// A Rust type that can be made from a value of the language: what tests from specs need for inputs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a value of a spec",
    label = "cannot be made from a value",
    note = "take an owned type, or a plain reference to one (`&str`, `&[T]`, `&T` with `T: Clone`); derives leave it out \
            for types with lifetimes and for `#[spec(read_only)]`"
)]
pub trait FromSpec: SpecValue + Sized {
    /// The Rust value that [`to_value`](SpecValue::to_value) turns into `value`. O(size of the value).
    ///
    /// # Errors
    /// [`Error::Inexpressible`] when there is none, for example -1 for a `usize`.
    fn from_value(value: &Value) -> Result<Self, Error>;
}

/// `value` is outside the Rust type `T`.
pub(crate) fn outside<T: ?Sized>(value: &Value) -> Error {
    inexpressible(crate::show::value(value), short_name::<T>())
}

pub(crate) fn inexpressible(value: impl Into<String>, type_: impl Into<String>) -> Error {
    Error::Inexpressible {
        value: value.into(),
        type_: type_.into(),
    }
}

/// The Rust name of a type without the paths of the standard library.
pub(crate) fn short_name<T: ?Sized>() -> String {
    std::any::type_name::<T>()
        .replace("alloc::string::", "")
        .replace("alloc::vec::", "")
        .replace("core::option::", "")
        .replace("core::time::", "")
}
