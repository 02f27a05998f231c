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
    /// Somebody names an object that the category does not have.
    #[error(
        "`{by}` names the object `{object}`, which the category does not have; add the object first"
    )]
    UnknownObject {
        /// Who names it.
        by: String,
        /// What it names.
        object: String,
    },
    /// The end of the first is not the beginning of the second.
    #[error(
        "`{first}` ends in `{end}` and `{second}` begins in `{beginning}`; put a morphism from `{end}` to `{beginning}` \
         between them"
    )]
    NotComposable {
        /// The first morphism.
        first: String,
        /// Where it ends.
        end: String,
        /// The second morphism.
        second: String,
        /// Where it begins.
        beginning: String,
    },
    /// A name that is taken.
    #[error("`{name}` is there already; give it another name")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A name that nobody bears.
    #[error("there is no morphism `{name}`; add it first")]
    UnknownMorphism {
        /// The name.
        name: String,
    },
    /// A transformation without a component where it needs one.
    #[error("the transformation has no component at `{object}`; add one")]
    NoComponent {
        /// The object.
        object: String,
    },
    /// A value to try morphisms on that is not of their object.
    #[error(
        "the input {value} is not in the object `{object}`; try morphisms on values of the object they begin in"
    )]
    Input {
        /// The object.
        object: String,
        /// The value.
        value: String,
    },
}
