//! Objects, morphisms and how they are composed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Morphism;
use crate::Error;
use crate::stream::{Boxed, Machine, identity};

/// For each object, the sequences of values on which what begins there is tried.
pub type Inputs<V> = BTreeMap<String, Vec<Vec<V>>>;

type Contains<V> = Arc<dyn Fn(&V) -> bool + Send + Sync>;
type Compose<V> = Arc<dyn Fn(Boxed<V, V>, Boxed<V, V>) -> Boxed<V, V> + Send + Sync>;
type Same<V> = Arc<dyn Fn(&V, &V) -> bool + Send + Sync>;

pub(super) struct Object<V> {
    pub(super) contains: Contains<V>,
    pub(super) identity: Boxed<V, V>,
}

/// A finite category over values of type `V`; objects are named sets of them.
///
/// Composition and identities are part of what is judged: by default machines run one after the other and an identity
/// answers its input, but a host that wires or idles in another way can say so and have it checked.
pub struct ToolCategory<V> {
    pub(super) objects: BTreeMap<String, Object<V>>,
    pub(super) morphisms: Vec<Morphism<V>>,
    compose: Compose<V>,
    same: Same<V>,
    pub(super) cases_max: u64,
}

impl<V: PartialEq + 'static> ToolCategory<V> {
    /// A category of nothing, in which values are equal where `==` says so.
    #[must_use]
    pub fn new() -> Self {
        Self::with_equality(V::eq)
    }
}

impl<V: 'static> ToolCategory<V> {
    /// A category of nothing, in which values are equal where `same` says so: floats that may be NaN need one of their own.
    pub fn with_equality(same: impl Fn(&V, &V) -> bool + Send + Sync + 'static) -> Self {
        Self {
            objects: BTreeMap::new(),
            morphisms: Vec::new(),
            compose: Arc::new(|first, second| first.then(second).boxed()),
            same: Arc::new(same),
            cases_max: 100_000,
        }
    }

    /// With another way to compose.
    #[must_use]
    pub fn with_composition(
        mut self,
        compose: impl Fn(Boxed<V, V>, Boxed<V, V>) -> Boxed<V, V> + Send + Sync + 'static,
    ) -> Self {
        self.compose = Arc::new(compose);
        self
    }

    /// With at most so many cases in one verification, 100 000 by default; those left out are counted.
    #[must_use]
    pub const fn with_cases_max(mut self, cases: u64) -> Self {
        self.cases_max = cases;
        self
    }

    /// Adds an object of all values.
    ///
    /// # Errors
    /// [`Error::Duplicate`] where the name is taken.
    pub fn add_object(&mut self, name: impl Into<String>) -> Result<(), Error> {
        self.add_object_of(name, |_| true)
    }

    /// Adds an object of the values for which `contains` is true.
    ///
    /// # Errors
    /// [`Error::Duplicate`] where the name is taken.
    pub fn add_object_of(
        &mut self,
        name: impl Into<String>,
        contains: impl Fn(&V) -> bool + Send + Sync + 'static,
    ) -> Result<(), Error> {
        let name = name.into();
        if self.objects.contains_key(&name) {
            return Err(Error::Duplicate { name });
        }
        let object = Object {
            contains: Arc::new(contains),
            identity: identity().boxed(),
        };
        self.objects.insert(name, object);
        Ok(())
    }

    /// Says what an object's identity is, where it is more than answering the input.
    ///
    /// # Errors
    /// [`Error::UnknownObject`].
    pub fn set_identity<M>(&mut self, object: &str, machine: M) -> Result<(), Error>
    where
        M: Machine<V, Out = V> + Clone + Send + 'static,
    {
        let found = self.objects.get_mut(object);
        let found = found.ok_or_else(|| unknown("an identity", object))?;
        found.identity = machine.boxed();
        Ok(())
    }

    /// Adds a morphism, in the memory it has at its start.
    ///
    /// # Errors
    /// [`Error::UnknownObject`] for an end that is not there; [`Error::Duplicate`] for a name that is.
    pub fn add<M>(
        &mut self,
        name: impl Into<String>,
        source: &str,
        target: &str,
        machine: M,
    ) -> Result<(), Error>
    where
        M: Machine<V, Out = V> + Clone + Send + 'static,
    {
        let name = name.into();
        for object in [source, target] {
            if !self.objects.contains_key(object) {
                return Err(unknown(&name, object));
            }
        }
        if self.morphism(&name).is_ok() {
            return Err(Error::Duplicate { name });
        }
        self.morphisms.push(Morphism {
            source: source.to_owned(),
            target: target.to_owned(),
            path: vec![name],
            machine: machine.boxed(),
        });
        Ok(())
    }

    /// The names of the objects, sorted.
    pub fn objects(&self) -> impl Iterator<Item = &str> {
        self.objects.keys().map(String::as_str)
    }

    /// The morphisms that were added, in that order; identities and compositions are not among them.
    #[must_use]
    pub fn morphisms(&self) -> &[Morphism<V>] {
        &self.morphisms
    }

    /// The morphism that was added as `name`.
    ///
    /// # Errors
    /// [`Error::UnknownMorphism`].
    pub fn morphism(&self, name: &str) -> Result<&Morphism<V>, Error> {
        let is_named = |m: &&Morphism<V>| m.path.first().is_some_and(|first| first == name);
        let found = self.morphisms.iter().find(is_named);
        found.ok_or_else(|| Error::UnknownMorphism {
            name: name.to_owned(),
        })
    }

    /// The identity of an object.
    ///
    /// # Errors
    /// [`Error::UnknownObject`].
    pub fn identity(&self, object: &str) -> Result<Morphism<V>, Error> {
        let found = self.objects.get(object);
        let found = found.ok_or_else(|| unknown("an identity", object))?;
        Ok(Morphism {
            source: object.to_owned(),
            target: object.to_owned(),
            path: Vec::new(),
            machine: found.identity.clone(),
        })
    }

    /// `first`, then `second`.
    ///
    /// # Errors
    /// [`Error::NotComposable`] where the first does not end where the second begins.
    pub fn compose(&self, first: &Morphism<V>, second: &Morphism<V>) -> Result<Morphism<V>, Error> {
        if first.target != second.source {
            return Err(Error::NotComposable {
                first: first.name(),
                end: first.target.clone(),
                second: second.name(),
                beginning: second.source.clone(),
            });
        }
        Ok(Morphism {
            source: first.source.clone(),
            target: second.target.clone(),
            path: first.path.iter().chain(&second.path).cloned().collect(),
            machine: (self.compose)(first.machine(), second.machine()),
        })
    }

    /// Whether two answers are equal here.
    pub(super) fn same(&self, left: &[V], right: &[V]) -> bool {
        left.len() == right.len() && left.iter().zip(right).all(|(a, b)| (self.same)(a, b))
    }
}

pub(super) fn unknown(by: &str, object: &str) -> Error {
    Error::UnknownObject {
        by: by.to_owned(),
        object: object.to_owned(),
    }
}

impl<V: PartialEq + 'static> Default for ToolCategory<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> fmt::Debug for ToolCategory<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrows = self
            .morphisms
            .iter()
            .map(|m| (m.name(), &m.source, &m.target));
        f.debug_struct("ToolCategory")
            .field("objects", &self.objects.keys().collect::<Vec<_>>())
            .field("morphisms", &arrows.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
