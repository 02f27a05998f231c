//! Ways from one functor of tools to another.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};

use super::verify::{Law, Trial};
use super::{Inputs, ToolCategory, ToolFunctor};
use crate::stream::{Boxed, Machine};
use crate::{Checked, Error, Unverified};

/// For each object `A` a machine from `F(A)` to `G(A)`.
///
/// Law (naturality): for each `f` from `A` to `B`, `F(f)` and then the component at `B` is the component at `A` and then
/// `G(f)`.
#[derive(Clone)]
pub struct ToolTransformation<W, X> {
    components: BTreeMap<String, Boxed<W, X>>,
}

const NATURALITY: Law = Law {
    name: "naturality",
    statement: "F(f) ; α = α ; G(f)",
};

impl<W, X> ToolTransformation<W, X> {
    /// Without a component.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            components: BTreeMap::new(),
        }
    }

    /// With `machine` at `object`, in the place of what was there.
    #[must_use]
    pub fn at<M>(mut self, object: impl Into<String>, machine: M) -> Self
    where
        M: Machine<W, Out = X> + Clone + Send + 'static,
        W: 'static,
        X: 'static,
    {
        self.components.insert(object.into(), machine.boxed());
        self
    }

    /// The component at `object`, with the memory it has at its start.
    ///
    /// # Errors
    /// [`Error::NoComponent`].
    pub fn component(&self, object: &str) -> Result<Boxed<W, X>, Error> {
        let found = self.components.get(object).cloned();
        found.ok_or_else(|| Error::NoComponent {
            object: object.to_owned(),
        })
    }
}

impl<W, X> ToolTransformation<W, X>
where
    W: Clone + Debug + 'static,
    X: Clone + Debug + PartialEq + 'static,
{
    /// Tries naturality on every morphism of `source`, with every sequence of `inputs`, which are of objects `from` maps to.
    ///
    /// # Errors
    /// [`Unverified::Broken`] with the first case that fails; [`Unverified::NothingToCheck`] where there is no morphism, or
    /// no input for one; [`Unverified::Malformed`] where a component is missing.
    pub fn verify_naturality<V: Clone + Debug + 'static>(
        &self,
        source: &ToolCategory<V>,
        from: &ToolFunctor<V, W>,
        to: &ToolFunctor<V, X>,
        inputs: &Inputs<W>,
    ) -> Result<Checked, Unverified> {
        let mut trial = Trial::new(inputs, source.cases_max);
        for f in source.morphisms() {
            let (before, after) = (from.morphism(f), to.morphism(f));
            if trial.sequences(&before.source).next().is_none() {
                let (object, name) = (&before.source, f.name());
                let why =
                    format!("there is no input for `{object}`, in which `{name}` comes to begin");
                return Err(Unverified::nothing(NATURALITY.name, why, trial.checked));
            }
            let first = before.machine.then(self.component(&f.target)?);
            let last = self.component(&f.source)?.then(after.machine);
            trial.equal(
                NATURALITY,
                &before.source,
                &[&|| f.name()],
                (&|x| first.clone().run(x.iter().cloned()), &|x| {
                    last.clone().run(x.iter().cloned())
                }),
                |a, b| a == b,
            )?;
        }
        trial.done(&[(
            NATURALITY.name,
            "the category has no morphism but identities",
        )])
    }
}

impl<W, X> Default for ToolTransformation<W, X> {
    fn default() -> Self {
        Self::new()
    }
}

impl<W, X> fmt::Debug for ToolTransformation<W, X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at: Vec<_> = self.components.keys().collect();
        f.debug_tuple("ToolTransformation").field(&at).finish()
    }
}
