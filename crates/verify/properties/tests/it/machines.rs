//! Machines with memory, as arrows: what becomes of a sequence of inputs.

use std::fmt;

use proptest::prelude::*;
use voidstate_properties::laws::{Arrow, Paired, Term, Wiring, functions, terms};

/// A machine.
#[derive(Clone)]
pub(crate) enum Machine {
    Pure(Wiring<Term>),
    /// Answers what it was given before, `Term` at first.
    Delay(Term),
    /// Answers each input paired with the one before.
    Pairs,
    Then(Box<(Machine, Machine)>),
    First(Box<Machine>),
}

impl fmt::Debug for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pure(_) => f.write_str("pure"),
            Self::Delay(start) => write!(f, "delay {start:?}"),
            Self::Pairs => f.write_str("pairs"),
            Self::Then(both) => write!(f, "({:?} ; {:?})", both.0, both.1),
            Self::First(inner) => write!(f, "first {inner:?}"),
        }
    }
}

/// What a breaker does wrong.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Fault {
    None,
    /// What passes beside a delay is late too.
    LatePassenger,
    /// `fanout` gives `g` what `f` answered.
    Chained,
    /// A pure machine answers its first answer again when inputs repeat only once removed.
    ForgetfulOrder,
}

pub(crate) struct Machines(pub(crate) Fault);

pub(crate) fn machines() -> impl Strategy<Value = Machine> + Clone {
    let pure = functions::<Term, _>(terms())
        .prop_map(|f| Machine::Pure(std::sync::Arc::new(move |a: &Term| f.call(a))));
    prop_oneof![terms().prop_map(Machine::Delay), Just(Machine::Pairs), pure]
}

pub(crate) fn pure_machines() -> impl Strategy<Value = Machine> + Clone {
    functions::<Term, _>(terms())
        .prop_map(|f| Machine::Pure(std::sync::Arc::new(move |a: &Term| f.call(a))))
}

impl Machines {
    fn answers(&self, machine: &Machine, inputs: &[Term]) -> Vec<Term> {
        let before = |start: &Term| {
            let delayed = [start.clone()].into_iter().chain(inputs.iter().cloned());
            delayed.take(inputs.len()).collect::<Vec<_>>()
        };
        match machine {
            Machine::Pure(f) => inputs.iter().map(|a| f(a)).collect(),
            Machine::Delay(start) => before(start),
            Machine::Pairs => {
                let zero = before(&Term::Leaf(0));
                inputs.iter().zip(&zero).map(|(a, b)| a.pair(b)).collect()
            }
            Machine::Then(both) => self.answers(&both.1, &self.answers(&both.0, inputs)),
            Machine::First(inner) => self.beside(inner, inputs),
        }
    }

    fn beside(&self, inner: &Machine, inputs: &[Term]) -> Vec<Term> {
        let lefts: Vec<Term> = inputs.iter().map(Paired::left).collect();
        let rights: Vec<Term> = inputs.iter().map(Paired::right).collect();
        let rights = match inner {
            Machine::Delay(_) if self.0 == Fault::LatePassenger => self.answers(inner, &rights),
            _ => rights,
        };
        let lefts = self.answers(inner, &lefts);
        lefts.iter().zip(&rights).map(|(a, b)| a.pair(b)).collect()
    }
}

impl Arrow for Machines {
    type Arrow = Machine;
    type Wire = Term;

    fn arr(&self, f: Wiring<Term>) -> Machine {
        Machine::Pure(f)
    }

    fn compose(&self, f: &Machine, g: &Machine) -> Machine {
        if self.0 == Fault::ForgetfulOrder && matches!((f, g), (Machine::Delay(_), Machine::Pairs))
        {
            return Machine::Then(Box::new((g.clone(), f.clone())));
        }
        Machine::Then(Box::new((f.clone(), g.clone())))
    }

    fn first(&self, f: &Machine) -> Machine {
        Machine::First(Box::new(f.clone()))
    }

    fn run(&self, f: &Machine, inputs: &[Term]) -> Vec<Term> {
        self.answers(f, inputs)
    }

    fn same(&self, a: &Term, b: &Term) -> bool {
        a == b
    }

    fn fanout(&self, f: &Machine, g: &Machine) -> Machine {
        let double = self.arr(std::sync::Arc::new(|a: &Term| a.pair(a)));
        if self.0 == Fault::Chained {
            return self.compose(&self.compose(f, &double), &self.second(g));
        }
        self.compose(&double, &self.parallel(f, g))
    }
}
