//! What is tested: something that can be called with values.

use voidstate_language::Value;

/// An implementation of a spec, callable with values. `#[implements]` writes one for a function or an impl.
pub trait Subject {
    /// Drops the instance, so that the next call begins afresh. Nothing to do for a function without state.
    fn reset(&mut self);

    /// Calls the operation of that number, in the order of [`CheckedTool::operations`], with one value per input.
    ///
    /// [`CheckedTool::operations`]: voidstate_language::CheckedTool
    fn call(&mut self, operation: usize, inputs: &[Value]) -> Called;

    /// The state variables in the order of the spec; `None` before there is an instance, and for a subject without state.
    fn state(&self) -> Option<Vec<Value>>;
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Called {
    /// It succeeded with one value per output.
    Returned(Vec<Value>),
    /// It refused with an error of this text.
    Refused(String),
    /// It panicked with this message. The instance is gone.
    Panicked(String),
    /// There is no such call at this point: the operation needs an instance and none was made.
    NoInstance,
    /// An input has no counterpart in the implementation's types, for example -1 for a `usize`, or an output none in the
    /// language's. The text says which.
    Inexpressible(String),
}
