//! The life of a tool as a value that goes on only by the steps declared here; no other compiles.
//!
//! Registered is who has none. A life may be dropped at any stage, with the engine.

use voidstate_linear::{Affine, First, Last, Leads, Stage};

/// It is called, unless a dependency is not.
#[derive(Debug)]
pub(crate) enum Attached {}
/// It is not called.
#[derive(Debug)]
pub(crate) enum Suspended {}
/// It was suspended, and a fresh instance is on trial.
#[derive(Debug)]
pub(crate) enum Probing {}
/// It is over; a tool that is attached again begins a new life.
#[derive(Debug)]
pub(crate) enum Detached {}

impl First for Attached {}
impl Leads<Suspended> for Attached {}
impl Leads<Detached> for Attached {}
impl Leads<Attached> for Suspended {}
impl Leads<Probing> for Suspended {}
impl Leads<Detached> for Suspended {}
impl Leads<Attached> for Probing {}
impl Leads<Suspended> for Probing {}
impl Leads<Detached> for Probing {}
impl Last for Detached {}

/// A life in the stage `S`, which knows `T`.
pub(crate) type In<S, T = ()> = Stage<S, T, Affine>;

/// A life in any stage; `W` says why it is not called.
#[derive(Debug)]
pub(crate) enum Life<W> {
    Attached(In<Attached>),
    Suspended(In<Suspended, W>),
    Probing(In<Probing, W>),
    Detached(In<Detached>),
}

impl<W> Life<W> {
    /// A new one.
    pub(crate) fn begin() -> Self {
        Self::Attached(In::begin(()))
    }

    /// Lets `step` decide how it goes on.
    pub(crate) fn go<R>(&mut self, step: impl FnOnce(Self) -> (Self, R)) -> R {
        // Were `step` to unwind, the tool would count as detached: nobody calls it.
        let over = In::<Attached>::begin(()).step::<Detached>();
        let (next, result) = step(std::mem::replace(self, Self::Detached(over)));
        *self = next;
        result
    }

    /// Ends it, from wherever it is.
    pub(crate) fn detach(&mut self) {
        self.go(|life| {
            let over = match life {
                Self::Attached(now) => now.step(),
                Self::Suspended(now) => now.step_with(drop),
                Self::Probing(now) => now.step_with(drop),
                Self::Detached(now) => now,
            };
            (Self::Detached(over), ())
        });
    }

    /// Why it is not called, if that lies with itself.
    pub(crate) fn suspension(&self) -> Option<&W> {
        match self {
            Self::Suspended(now) => Some(now.get()),
            Self::Probing(now) => Some(now.get()),
            Self::Attached(_) | Self::Detached(_) => None,
        }
    }

    pub(crate) fn suspension_mut(&mut self) -> Option<&mut W> {
        match self {
            Self::Suspended(now) => Some(now.get_mut()),
            Self::Probing(now) => Some(now.get_mut()),
            Self::Attached(_) | Self::Detached(_) => None,
        }
    }

    pub(crate) fn is_probing(&self) -> bool {
        matches!(self, Self::Probing(_))
    }

    pub(crate) fn is_detached(&self) -> bool {
        matches!(self, Self::Detached(_))
    }
}
