//! What can be wrong with what a caller gives.

/// Why something was refused.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no sample to stand on.
    #[error("no sample was given; a window needs at least one to have a focus")]
    NoSample,
    /// A width of nothing.
    #[error("the width is 0 samples, expected at least 1")]
    Width,
    /// A focus outside of the window.
    #[error("the focus is {focus}, expected less than the window's {len} samples")]
    Focus {
        /// What was asked for.
        focus: usize,
        /// How many samples there are.
        len: usize,
    },
    /// A saved state that this machine cannot have been in.
    #[error(
        "the saved state of {machine} holds {found} values, expected at most {limit}; restore into the machine it was \
         saved from"
    )]
    Restore {
        /// Which kind of machine.
        machine: &'static str,
        /// What the state holds.
        found: usize,
        /// What this machine can hold.
        limit: usize,
    },
    /// A saved state that a machine of another crate refuses.
    #[error("the saved state of {machine} is refused: {reason}")]
    Refused {
        /// Which kind of machine.
        machine: &'static str,
        /// What that machine says.
        reason: String,
    },
    /// A morphism or a functor names an object that the category does not have.
    #[error(
        "`{morphism}` names the object `{object}`, which the category does not have; add the object first"
    )]
    UnknownObject {
        /// Who names it.
        morphism: String,
        /// What it names.
        object: String,
    },
    /// The end of the first is not the beginning of the second.
    #[error(
        "`{first}` ends in `{target}` and `{second}` begins in `{source_object}`; put a morphism from `{target}` to \
         `{source_object}` between them"
    )]
    NotComposable {
        /// The first morphism.
        first: String,
        /// Where it ends.
        target: String,
        /// The second morphism.
        second: String,
        /// Where it begins.
        source_object: String,
    },
    /// A name that is taken.
    #[error("`{name}` is there already; give it another name")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A name that nobody bears.
    #[error("there is no `{name}`; add it first")]
    Unknown {
        /// The name.
        name: String,
    },
}
