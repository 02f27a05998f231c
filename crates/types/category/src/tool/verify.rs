//! Trying the laws.

use std::fmt::Debug;

use super::category::unknown;
use super::{Inputs, Morphism, ToolCategory};
use crate::{Checked, Counterexample, Error, Unverified};

/// A law, as it is counted and shown.
#[derive(Clone, Copy)]
pub(super) struct Law {
    pub(super) name: &'static str,
    pub(super) statement: &'static str,
}

/// What one side of a law answers to a sequence.
type Side<'s, V, X> = &'s dyn Fn(&[V]) -> Vec<X>;

/// A verification under way.
pub(super) struct Trial<'i, V> {
    inputs: &'i Inputs<V>,
    pub(super) checked: Checked,
    cases_max: u64,
}

impl<'i, V: Clone + Debug> Trial<'i, V> {
    pub(super) fn new(inputs: &'i Inputs<V>, cases_max: u64) -> Self {
        Self {
            inputs,
            checked: Checked::default(),
            cases_max,
        }
    }

    /// The sequences on which what begins in `object` is tried; those of no value try nothing.
    pub(super) fn sequences(
        &self,
        object: &str,
    ) -> impl Iterator<Item = &'i Vec<V>> + Clone + use<'i, V> {
        let found = self.inputs.get(object).map_or(&[][..], Vec::as_slice);
        found.iter().filter(|sequence| !sequence.is_empty())
    }

    /// Compares what two morphisms of `object` answer.
    pub(super) fn equal<X: Debug>(
        &mut self,
        law: Law,
        object: &str,
        of: &[&dyn Fn() -> String],
        sides: (Side<'_, V, X>, Side<'_, V, X>),
        same: impl Fn(&[X], &[X]) -> bool,
    ) -> Result<(), Unverified> {
        for sequence in self.sequences(object) {
            if self.is_full() {
                self.checked.leave_out(1);
                continue;
            }
            let (left, right) = ((sides.0)(sequence), (sides.1)(sequence));
            if !same(&left, &right) {
                return Err(Unverified::from(Counterexample {
                    law: law.name,
                    statement: law.statement,
                    morphisms: of.iter().map(|name| name()).collect(),
                    input: format!("{sequence:?}"),
                    left: format!("{left:?}"),
                    right: format!("{right:?}"),
                }));
            }
            self.checked.count(law.name);
        }
        Ok(())
    }

    pub(super) fn is_full(&self) -> bool {
        self.checked.total() >= self.cases_max
    }

    /// That every one of `laws` was put to the test.
    pub(super) fn done(self, laws: &[(&'static str, &str)]) -> Result<Checked, Unverified> {
        for (law, why) in laws {
            if self.checked.cases(law) == 0 {
                let why = match self.checked.left_out() {
                    0 => (*why).to_owned(),
                    _ => format!("the limit of {} cases came before it", self.cases_max),
                };
                return Err(Unverified::nothing(law, why, self.checked));
            }
        }
        Ok(self.checked)
    }
}

const REPEATABLE: Law = Law {
    name: "repeatability",
    statement: "f(x) = f(x), each from its start",
};
const TYPING: Law = Law {
    name: "typing",
    statement: "what f answers lies in the object it ends in",
};
const LEFT: Law = Law {
    name: "left identity",
    statement: "id ; f = f",
};
const RIGHT: Law = Law {
    name: "right identity",
    statement: "f ; id = f",
};
const ASSOCIATIVITY: Law = Law {
    name: "associativity",
    statement: "(f ; g) ; h = f ; (g ; h)",
};

impl<V: Clone + Debug + 'static> ToolCategory<V> {
    /// Tries that answers can be repeated and lie where they should, that identities are neutral and that composition is
    /// associative, on every morphism and every composable three of them with every sequence of `inputs` for the object
    /// in which they begin.
    ///
    /// # Errors
    /// [`Unverified::Broken`] with the first case that fails; [`Unverified::NothingToCheck`] where the category is empty,
    /// an object in which a morphism begins has no input, or no three morphisms can be composed;
    /// [`Unverified::Malformed`] where inputs name an object that is not there or lie in none.
    pub fn verify_category_axioms(&self, inputs: &Inputs<V>) -> Result<Checked, Unverified> {
        self.check_inputs(inputs)?;
        let mut trial = Trial::new(inputs, self.cases_max);
        for f in &self.morphisms {
            self.covered(&trial, f)?;
            self.of_one(&mut trial, f)?;
        }
        for f in &self.morphisms {
            for g in self.after(f) {
                self.of_three(&mut trial, f, g)?;
            }
        }
        let empty = match (self.objects.len(), self.morphisms.len()) {
            (0, _) => "the category has no object",
            _ => "the category has no morphism but identities",
        };
        trial.done(&[
            (REPEATABLE.name, empty),
            (TYPING.name, empty),
            (LEFT.name, empty),
            (RIGHT.name, empty),
            (ASSOCIATIVITY.name, "no three morphisms can be composed"),
        ])
    }

    /// That the inputs are of objects that are there.
    pub(super) fn check_inputs(&self, inputs: &Inputs<V>) -> Result<(), Error> {
        for (name, sequences) in inputs {
            let object = self
                .objects
                .get(name)
                .ok_or_else(|| unknown("an input", name))?;
            if let Some(value) = sequences.iter().flatten().find(|v| !(object.contains)(v)) {
                return Err(Error::Input {
                    object: name.clone(),
                    value: format!("{value:?}"),
                });
            }
        }
        Ok(())
    }

    fn covered(&self, trial: &Trial<'_, V>, f: &Morphism<V>) -> Result<(), Unverified> {
        if trial.sequences(&f.source).next().is_some() {
            return Ok(());
        }
        let why = format!(
            "there is no input for `{}`, in which `{}` begins",
            f.source,
            f.name()
        );
        Err(Unverified::nothing(
            REPEATABLE.name,
            why,
            trial.checked.clone(),
        ))
    }

    pub(super) fn after<'s>(&'s self, f: &'s Morphism<V>) -> impl Iterator<Item = &'s Morphism<V>> {
        self.morphisms.iter().filter(|g| g.source == f.target)
    }

    fn of_one(&self, trial: &mut Trial<'_, V>, f: &Morphism<V>) -> Result<(), Unverified> {
        let name = || f.name();
        let of: [&dyn Fn() -> String; 1] = [&name];
        let plain = |x: &[V]| f.run(x);
        let same = |a: &[V], b: &[V]| self.same(a, b);
        trial.equal(REPEATABLE, &f.source, &of, (&plain, &plain), same)?;
        // The right side is that part of the left which lies in the object.
        let inside = |x: &[V]| {
            let object = self.objects.get(&f.target);
            let is_in = |v: &V| object.is_some_and(|o| (o.contains)(v));
            f.run(x).into_iter().filter(is_in).collect()
        };
        let as_many = |a: &[V], b: &[V]| a.len() == b.len();
        trial.equal(TYPING, &f.source, &of, (&plain, &inside), as_many)?;
        let before = self.compose(&self.identity(&f.source)?, f)?;
        let left = |x: &[V]| before.run(x);
        trial.equal(LEFT, &f.source, &of, (&left, &plain), same)?;
        let after = self.compose(f, &self.identity(&f.target)?)?;
        let right = |x: &[V]| after.run(x);
        trial.equal(RIGHT, &f.source, &of, (&right, &plain), same)
    }

    fn of_three(
        &self,
        trial: &mut Trial<'_, V>,
        f: &Morphism<V>,
        g: &Morphism<V>,
    ) -> Result<(), Unverified> {
        if trial.is_full() {
            let cases = self.after(g).count() * trial.sequences(&f.source).count();
            trial.checked.leave_out(cases as u64);
            return Ok(());
        }
        let both = self.compose(f, g)?;
        for h in self.after(g) {
            let left = self.compose(&both, h)?;
            let right = self.compose(f, &self.compose(g, h)?)?;
            let names = [f, g, h].map(|m| move || m.name());
            let of: [&dyn Fn() -> String; 3] = [&names[0], &names[1], &names[2]];
            trial.equal(
                ASSOCIATIVITY,
                &f.source,
                &of,
                (&|x| left.run(x), &|x| right.run(x)),
                |a, b| self.same(a, b),
            )?;
        }
        Ok(())
    }
}
