//! The effects as types, for the rows of [`TypedTool`](crate::TypedTool)s; there are no values of them.

use crate::Effect;

pub(crate) mod sealed {
    /// What only this crate implements.
    pub trait Sealed {}
}

/// One of the ten effects, as a type. Implemented by the types of this module alone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no effect",
    label = "not one of the types of `voidstate_core::effects`",
    note = "the effects are `ReadState`, `WriteState`, `EmitMetric`, `Log`, `Clock`, `Random`, `ReadStore`, `EmitFinding`, `Io` and `Session`"
)]
pub trait EffectType: sealed::Sealed {
    /// The effect.
    const EFFECT: Effect;
}

/// Two effects that are not the same; a row needs it of every two of its effects.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{Other}` cannot stand in one row",
    label = "one is named twice, or is no effect",
    note = "a row names each effect once, and nothing but types of `voidstate_core::effects`"
)]
pub trait Differs<Other>: sealed::Sealed {}

macro_rules! effects {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $name {}

            impl sealed::Sealed for $name {}

            impl EffectType for $name {
                const EFFECT: Effect = Effect::$name;
            }
        )+
        differs!($($name)+);
    };
}

/// Every two of the names differ.
macro_rules! differs {
    () => {};
    ($first:ident $($later:ident)*) => {
        $(
            impl Differs<$later> for $first {}
            impl Differs<$first> for $later {}
        )*
        differs!($($later)*);
    };
}

effects! {
    /// [`Effect::ReadState`]: read its own durable state.
    ReadState,
    /// [`Effect::WriteState`]: write its own durable state.
    WriteState,
    /// [`Effect::EmitMetric`]: publish a metric of its own.
    EmitMetric,
    /// [`Effect::Log`]: write to the log.
    Log,
    /// [`Effect::Clock`]: ask what time it is.
    Clock,
    /// [`Effect::Random`]: draw random numbers.
    Random,
    /// [`Effect::ReadStore`]: read samples and findings from the store.
    ReadStore,
    /// [`Effect::EmitFinding`]: say findings.
    EmitFinding,
    /// [`Effect::Io`]: read files.
    Io,
    /// [`Effect::Session`]: talk with other tools, in the sessions that it declares.
    Session,
}
