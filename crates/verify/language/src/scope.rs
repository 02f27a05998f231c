//! What an evaluation is given: values for the places, and how long it may take.

use crate::node::{Place, PlaceKind};
use crate::{Error, Value};

/// Values of a call, by number, in the order of the operation's inputs and outputs and of the tool's state.
///
/// Each slice may be left empty where the expression reads nothing of it
/// ([`Typed::free_slots`](crate::Typed::free_slots)); a place that is read and missing is an error.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope<'a> {
    /// Inputs; after the call where the operation changes them.
    pub inputs: &'a [Value],
    /// Outputs.
    pub outputs: &'a [Value],
    /// State variables: before the call for `requires` and `fails`, after it for `ensures` and invariants.
    pub state: &'a [Value],
    /// Inputs before the call, for `old(input)`.
    pub old_inputs: &'a [Value],
    /// State variables before the call, for `old(state variable)`.
    pub old_state: &'a [Value],
}

impl<'a> Scope<'a> {
    pub(crate) fn get(&self, place: &Place) -> Result<&'a Value, Box<Error>> {
        let values = match place.kind {
            PlaceKind::Input => self.inputs,
            PlaceKind::Output => self.outputs,
            PlaceKind::State => self.state,
            PlaceKind::OldInput => self.old_inputs,
            PlaceKind::OldState => self.old_state,
        };
        values.get(place.index).ok_or_else(|| {
            Box::new(Error::Missing {
                place: place.to_string(),
            })
        })
    }
}

/// How many steps evaluation may take, and how many are left.
///
/// Looking at one part of an expression is one step; what walks or builds a list, a map, a text or bytes costs a step
/// per element besides (per 64 bytes of a text). The same expression and values always take the same steps.
#[derive(Debug, Clone)]
pub struct Steps {
    limit: u64,
    left: u64,
}

impl Steps {
    /// At most so many.
    #[must_use]
    pub const fn new(limit: u64) -> Self {
        Self { limit, left: limit }
    }

    /// How many were taken.
    #[must_use]
    pub const fn used(&self) -> u64 {
        self.limit - self.left
    }

    /// How many there were to begin with.
    #[must_use]
    pub const fn limit(&self) -> u64 {
        self.limit
    }

    #[inline]
    pub(crate) fn take(&mut self, steps: u64) -> Result<(), Box<Error>> {
        match self.left.checked_sub(steps) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(self.exhausted()),
        }
    }

    #[cold]
    fn exhausted(&mut self) -> Box<Error> {
        self.left = 0;
        Box::new(Error::Steps { limit: self.limit })
    }
}

/// Ten million.
impl Default for Steps {
    fn default() -> Self {
        Self::new(10_000_000)
    }
}
