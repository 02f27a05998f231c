//! Tools as arrows between objects.

use crate::stream::{Boxed, Machine};

/// A machine from one object to another, over values of type `V`.
#[derive(Debug, Clone)]
pub struct Morphism<V> {
    pub(super) source: String,
    pub(super) target: String,
    /// The names it is composed of; none for an identity.
    pub(super) path: Vec<String>,
    pub(super) machine: Boxed<V, V>,
}

impl<V> Morphism<V> {
    /// Where it begins.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Where it ends.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The names it is composed of, in order; none for an identity.
    #[must_use]
    pub fn path(&self) -> &[String] {
        &self.path
    }

    /// Its name: `f ; g` where it is composed, `id(A)` for an identity.
    #[must_use]
    pub fn name(&self) -> String {
        if self.path.is_empty() {
            return format!("id({})", self.source);
        }
        self.path.join(" ; ")
    }

    /// A copy of its machine, with the memory it has at the start.
    #[must_use]
    pub fn machine(&self) -> Boxed<V, V> {
        self.machine.clone()
    }

    /// What it answers to `inputs`, from its start.
    #[must_use]
    pub fn run(&self, inputs: &[V]) -> Vec<V>
    where
        V: Clone,
    {
        self.machine.clone().run(inputs.iter().cloned())
    }
}
