//! Ways from one category of tools to another.

use std::fmt::{self, Debug};
use std::sync::Arc;

use super::category::unknown;
use super::verify::{Law, Trial};
use super::{Inputs, Morphism, ToolCategory};
use crate::functor::Window;
use crate::stream::{Boxed, Machine, arr, scan};
use crate::{Checked, Unverified};

type OnObjects = Arc<dyn Fn(&str) -> String + Send + Sync>;
type OnMorphisms<V, W> = Arc<dyn Fn(&Morphism<V>) -> Boxed<W, W> + Send + Sync>;

/// A map of objects to objects and of tools over `V` to tools over `W`.
///
/// Laws: an identity becomes an identity, and a composition the composition of what its parts become.
#[derive(Clone)]
pub struct ToolFunctor<V, W> {
    name: String,
    objects: OnObjects,
    morphisms: OnMorphisms<V, W>,
}

/// A value and the tools it has passed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Traced<V> {
    /// The value.
    pub value: V,
    /// The names of the tools, in order.
    pub passed: Vec<String>,
}

impl<V> Traced<V> {
    /// A value that has passed no tool.
    pub const fn new(value: V) -> Self {
        Self {
            value,
            passed: Vec::new(),
        }
    }
}

impl<V, W> ToolFunctor<V, W> {
    /// A functor called `name` that maps objects by `objects` and morphisms by `morphisms`.
    pub fn new(
        name: impl Into<String>,
        objects: impl Fn(&str) -> String + Send + Sync + 'static,
        morphisms: impl Fn(&Morphism<V>) -> Boxed<W, W> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            objects: Arc::new(objects),
            morphisms: Arc::new(morphisms),
        }
    }

    /// What an object becomes.
    #[must_use]
    pub fn object(&self, object: &str) -> String {
        (self.objects)(object)
    }

    /// What a morphism becomes.
    #[must_use]
    pub fn morphism(&self, morphism: &Morphism<V>) -> Morphism<W> {
        let named = |part: &String| format!("{}({part})", self.name);
        Morphism {
            source: self.object(&morphism.source),
            target: self.object(&morphism.target),
            path: morphism.path.iter().map(named).collect(),
            machine: (self.morphisms)(morphism),
        }
    }
}

impl<V: Clone + Send + 'static> ToolFunctor<V, V> {
    /// Everything stays what it is.
    #[must_use]
    pub fn identity() -> Self {
        Self::new("id", str::to_owned, Morphism::machine)
    }
}

impl<V: Clone + Send + 'static> ToolFunctor<V, Window<V>> {
    /// From samples to windows: a tool runs, from its start, over the samples of each window.
    #[must_use]
    pub fn window() -> Self {
        Self::new(
            "window",
            |object| format!("window of {object}"),
            |morphism| {
                let machine = morphism.machine();
                arr(move |window: Window<V>| window.scanned(&mut machine.clone())).boxed()
            },
        )
    }
}

impl<V: Clone + Send + 'static> ToolFunctor<V, Traced<V>> {
    /// From tools to traced tools, which note their name on what passes.
    #[must_use]
    pub fn traced() -> Self {
        Self::new(
            "traced",
            |object| format!("traced {object}"),
            |morphism| {
                let path = morphism.path.clone();
                scan(morphism.machine(), move |machine, input: Traced<V>| {
                    let mut passed = input.passed;
                    // A composition notes its parts and an identity nothing, or neither law would hold.
                    passed.extend(path.iter().cloned());
                    Traced {
                        value: machine.step(input.value),
                        passed,
                    }
                })
                .boxed()
            },
        )
    }
}

const IDENTITY: Law = Law {
    name: "identity",
    statement: "F(id) = id",
};
const COMPOSITION: Law = Law {
    name: "composition",
    statement: "F(f ; g) = F(f) ; F(g)",
};

impl<V: Clone + Debug + 'static, W: Clone + Debug + 'static> ToolFunctor<V, W> {
    /// What a category becomes: its objects and its morphisms under the names they get, all values in every object.
    ///
    /// # Errors
    /// [`Error::Duplicate`](crate::Error::Duplicate) where two objects become one.
    pub fn image(&self, source: &ToolCategory<V>) -> Result<ToolCategory<W>, crate::Error>
    where
        W: PartialEq,
    {
        let mut image = ToolCategory::new();
        for object in source.objects() {
            image.add_object(self.object(object))?;
        }
        for morphism in source.morphisms() {
            let Morphism {
                source,
                target,
                path,
                machine,
            } = self.morphism(morphism);
            image.add(path.concat(), &source, &target, machine)?;
        }
        Ok(image)
    }

    /// Tries the functor's laws on every object, and every composable two morphisms, of `source`, with every sequence of
    /// `inputs`, which are of objects of `target`.
    ///
    /// # Errors
    /// [`Unverified::Broken`] with the first case that fails; [`Unverified::NothingToCheck`] where there is no object, no
    /// composable pair or no input; [`Unverified::Malformed`] where an object becomes one that `target` does not have or
    /// morphisms end elsewhere than their objects.
    pub fn verify_functoriality(
        &self,
        source: &ToolCategory<V>,
        target: &ToolCategory<W>,
        inputs: &Inputs<W>,
    ) -> Result<Checked, Unverified> {
        target.check_inputs(inputs)?;
        let mut trial = Trial::new(inputs, source.cases_max);
        let same = |a: &[W], b: &[W]| target.same(a, b);
        for object in source.objects() {
            let becomes = self.object(object);
            if !target.objects.contains_key(&becomes) {
                return Err(unknown(&self.name, &becomes).into());
            }
            if trial.sequences(&becomes).next().is_none() {
                let why = format!("there is no input for `{becomes}`, which `{object}` becomes");
                return Err(Unverified::nothing(IDENTITY.name, why, trial.checked));
            }
            let (before, after) = (source.identity(object)?, target.identity(&becomes)?);
            let mapped = self.morphism(&before);
            trial.equal(
                IDENTITY,
                &becomes,
                &[&|| before.name()],
                (&|x| mapped.run(x), &|x| after.run(x)),
                same,
            )?;
        }
        for f in source.morphisms() {
            for g in source.after(f) {
                let whole = self.morphism(&source.compose(f, g)?);
                let parts = target.compose(&self.morphism(f), &self.morphism(g))?;
                trial.equal(
                    COMPOSITION,
                    &whole.source,
                    &[&|| f.name(), &|| g.name()],
                    (&|x| whole.run(x), &|x| parts.run(x)),
                    same,
                )?;
            }
        }
        trial.done(&[
            (IDENTITY.name, "the category has no object"),
            (COMPOSITION.name, "no two morphisms can be composed"),
        ])
    }
}

impl<V, W> fmt::Debug for ToolFunctor<V, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ToolFunctor").field(&self.name).finish()
    }
}
