//! Memories that can be taken out and put back.

use crate::Error;

/// A machine whose memory is a plain value.
///
/// Law: a machine into which the memory of its like is loaded answers from then on as that one does. The functions are no
/// part of it: restore into the same composition. States are tuples of the values the machines remember, so they are
/// serialised wherever those are.
pub trait Saved {
    /// The memory.
    type State;

    /// What it remembers now.
    fn save(&self) -> Self::State;

    /// Whether `state` can be a memory of this machine.
    ///
    /// # Errors
    /// [`Error::Restore`] where a state holds more than the machine ever does.
    fn accepts(&self, state: &Self::State) -> Result<(), Error>;

    /// Puts an accepted memory in the place of the present one; what is too much of one that was not accepted is left out.
    fn load(&mut self, state: Self::State);

    /// Puts `state` in the place of the present memory, wholly or not at all.
    ///
    /// # Errors
    /// As [`accepts`](Self::accepts).
    fn restore(&mut self, state: Self::State) -> Result<(), Error> {
        self.accepts(&state)?;
        self.load(state);
        Ok(())
    }
}

/// Saves a machine made of two others.
macro_rules! saved_in_two {
    ($name:ident<$a:ident, $b:ident $(, $more:ident)*>) => {
        impl<$a: $crate::stream::Saved, $b: $crate::stream::Saved $(, $more)*> $crate::stream::Saved
            for $name<$a, $b $(, $more)*>
        {
            type State = ($a::State, $b::State);

            fn save(&self) -> Self::State {
                (self.first.save(), self.second.save())
            }

            fn accepts(&self, state: &Self::State) -> Result<(), $crate::Error> {
                self.first.accepts(&state.0)?;
                self.second.accepts(&state.1)
            }

            fn load(&mut self, state: Self::State) {
                self.first.load(state.0);
                self.second.load(state.1);
            }
        }
    };
}
pub(super) use saved_in_two;
