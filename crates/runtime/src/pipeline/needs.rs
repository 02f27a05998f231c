//! Whom a tool needs and after whom it is called, as types.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use voidstate_core::ToolId;
use voidstate_dependent::{Deps, Named, are_distinct};

use super::PipelineTool;
use super::set::Holds;
use crate::{Error, Result};

/// The predecessors of a tool: a tuple of at most 16 tools, or [`Exactly`] so many.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of predecessors",
    note = "write a tuple of at most 16 tools, such as `(Drift,)`, or `Exactly<N>`"
)]
pub trait Needs {
    /// How many there are.
    const N: usize;
    /// What is to be given when the tool is put in: nothing when the type names them, `N` ids otherwise.
    type Given;
    /// Their ids. `tool` is the one that needs them.
    ///
    /// # Errors
    /// [`Error::Core`] for an id that is not valid, [`Error::DependencyCount`] when one is given twice.
    fn ids(tool: &ToolId, given: Self::Given) -> Result<Vec<ToolId>>;
}

/// Exactly `N` predecessors, chosen when the tool is put into a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exactly<const N: usize>;

impl<const N: usize> Needs for Exactly<N> {
    const N: usize = N;
    type Given = [ToolId; N];

    fn ids(tool: &ToolId, given: [ToolId; N]) -> Result<Vec<ToolId>> {
        let distinct: BTreeSet<&ToolId> = given.iter().collect();
        if distinct.len() != N {
            return Err(Error::DependencyCount {
                tool: tool.to_string(),
                declared: N,
                given: distinct.len(),
            });
        }
        Ok(given.into())
    }
}

/// Called after `B` on every hook that both see, whatever the priorities.
#[derive(Debug)]
pub struct After<B>(PhantomData<B>);

/// The tools after which one is called: a tuple of at most 16 [`After`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of orderings",
    note = "write a tuple of at most 16, such as `(After<Drift>,)`"
)]
pub trait Orderings {
    /// Their ids.
    ///
    /// # Errors
    /// [`Error::Core`] for an id that is not valid.
    fn ids() -> Result<Vec<ToolId>>;
}

/// That all predecessors are in the set `S`; the compiler finds `I`.
///
/// Of predecessors that are chosen later, the engine sees when it is built whether they are there.
#[diagnostic::on_unimplemented(message = "`{Self}` are not all in the pipeline yet")]
pub trait Within<S, I> {}

impl<S, const N: usize> Within<S, ()> for Exactly<N> {}

/// That all tools of an ordering are in the set `S`; the compiler finds `I`.
#[diagnostic::on_unimplemented(message = "`{Self}` are not all in the pipeline yet")]
pub trait Behind<S, I> {}

struct Id<T>(PhantomData<T>);

impl<T: PipelineTool> Named for Id<T> {
    const NAME: &'static str = T::ID;
}

fn all<D: Deps>() -> Result<Vec<ToolId>> {
    const { assert!(are_distinct(D::NAMES), "each tool is named once") };
    let ids = D::NAMES.iter().map(|name| Ok(ToolId::new(name)?));
    ids.collect()
}

macro_rules! lists {
    ($(($($t:ident $i:ident),*))*) => {$(
        impl<$($t: PipelineTool),*> Needs for ($($t,)*) {
            const N: usize = <($(Id<$t>,)*) as Deps>::N;
            type Given = ();
            fn ids(_: &ToolId, (): ()) -> Result<Vec<ToolId>> {
                all::<($(Id<$t>,)*)>()
            }
        }
        impl<$($t: PipelineTool),*> Orderings for ($(After<$t>,)*) {
            fn ids() -> Result<Vec<ToolId>> {
                all::<($(Id<$t>,)*)>()
            }
        }
        impl<S, $($t, $i),*> Within<S, ($($i,)*)> for ($($t,)*)
        where
            $(S: Holds<$t, $i>),*
        {
        }
        impl<S, $($t, $i),*> Behind<S, ($($i,)*)> for ($(After<$t>,)*)
        where
            $(S: Holds<$t, $i>),*
        {
        }
    )*};
}
lists! {
    ()
    (A IA)
    (A IA, B IB)
    (A IA, B IB, C IC)
    (A IA, B IB, C IC, D ID)
    (A IA, B IB, C IC, D ID, E IE)
    (A IA, B IB, C IC, D ID, E IE, F IF)
    (A IA, B IB, C IC, D ID, E IE, F IF, G IG)
    (A IA, B IB, C IC, D ID, E IE, F IF, G IG, H IH)
    (A IA, B IB, C IC, D ID, E IE, F IF, G IG, H IH, J IJ)
    (A IA, B IB, C IC, D ID, E IE, F IF, G IG, H IH, J IJ, K IK)
    (A IA, B IB, C IC, D ID, E IE, F IF, G IG, H IH, J IJ, K IK, L IL)
    (A IA, B IB, C IC, D ID, E IE, F IF, G IG, H IH, J IJ, K IK, L IL, M IM)
    (A IA, B IB, C IC, D ID, E IE, F IF, G IG, H IH, J IJ, K IK, L IL, M IM, N IN)
    (A IA, B IB, C IC, D ID, E IE, F IF, G IG, H IH, J IJ, K IK, L IL, M IM, N IN, O IO)
    (A IA, B IB, C IC, D ID, E IE, F IF, G IG, H IH, J IJ, K IK, L IL, M IM, N IN, O IO, P IP)
    (A IA, B IB, C IC, D ID, E IE, F IF, G IG, H IH, J IJ, K IK, L IL, M IM, N IN, O IO, P IP, Q IQ)
}
