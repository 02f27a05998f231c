//! A spec and what implements it.

mod drive;
mod loaded;

pub(crate) use drive::outputs;
pub use drive::{Fallible, Function, Instance, attempt, ended, input, returned, value};
pub use loaded::Spec;
pub(crate) use loaded::{Loaded, Plan};

use crate::Subject;

/// Something that bears `#[implements]`. A function's implementation is an empty type of the function's name.
///
/// Written by the attribute wherever contracts run: in tests and debug builds, or always where that is asked for.
pub trait Implements {
    /// The spec that it implements.
    fn spec() -> &'static Spec;

    /// A fresh one that can be called with values. Contracts do not run in its calls: who drives it judges it.
    fn subject() -> Box<dyn Subject>;
}

/// What tests drive: the implementation of that path, for example `subject!(sorting::merge)`.
///
/// The path is that of a function or of a type that bears [`#[implements]`](macro@crate::implements).
#[macro_export]
macro_rules! subject {
    ($path:path) => {
        <$path as $crate::Implements>::subject()
    };
}
