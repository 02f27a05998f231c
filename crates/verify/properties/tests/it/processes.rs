//! Things that compose.

use proptest::prelude::*;
use voidstate_properties::laws::{Category, arrow, category, terms};

use crate::catalogue::{Entry, lawful, planted};
use crate::machines::{Fault, Machines, machines, pure_machines};

/// `x ↦ a·x + b` modulo 256.
struct Affine {
    identity: (u8, u8),
}

impl Category for Affine {
    type Arrow = (u8, u8);
    type Input = u8;
    type Output = u8;

    fn identity(&self) -> (u8, u8) {
        self.identity
    }

    fn compose(&self, f: &(u8, u8), g: &(u8, u8)) -> (u8, u8) {
        let b = g.0.wrapping_mul(f.1).wrapping_add(g.1);
        (f.0.wrapping_mul(g.0), b)
    }

    fn run(&self, f: &(u8, u8), x: &u8) -> u8 {
        f.0.wrapping_mul(*x).wrapping_add(f.1)
    }

    fn same(&self, a: &u8, b: &u8) -> bool {
        a == b
    }
}

/// `x ↦ x + f`; distances add up as the field says.
struct Moves {
    sum: fn(i8, i8) -> i8,
}

impl Category for Moves {
    type Arrow = i8;
    type Input = i8;
    type Output = i8;

    fn identity(&self) -> i8 {
        0
    }

    fn compose(&self, f: &i8, g: &i8) -> i8 {
        (self.sum)(*f, *g)
    }

    fn run(&self, f: &i8, x: &i8) -> i8 {
        x.wrapping_add(*f)
    }

    fn same(&self, a: &i8, b: &i8) -> bool {
        a == b
    }
}

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        lawful("affine functions", |s| {
            category(
                s,
                &Affine { identity: (1, 0) },
                &any::<(u8, u8)>(),
                &any::<u8>(),
            )
        }),
        lawful("moves round a circle", |s| {
            category(
                s,
                &Moves {
                    sum: i8::wrapping_add,
                },
                &any::<i8>(),
                &any::<i8>(),
            )
        }),
        planted("an identity that moves", "left identity", |s| {
            category(
                s,
                &Affine { identity: (1, 1) },
                &any::<(u8, u8)>(),
                &any::<u8>(),
            )
        }),
        planted("moves that stop at the ends of i8", "associativity", |s| {
            category(
                s,
                &Moves {
                    sum: i8::saturating_add,
                },
                &any::<i8>(),
                &any::<i8>(),
            )
        }),
        lawful("machines with memory", |s| {
            arrow(s, &Machines(Fault::None), &machines(), &terms())
        }),
        lawful("pure functions", |s| {
            arrow(s, &Machines(Fault::None), &pure_machines(), &terms())
        }),
        planted(
            "what passes beside a delay is late",
            "first composes",
            |s| arrow(s, &Machines(Fault::LatePassenger), &machines(), &terms()),
        ),
        planted("fanout in a row", "fanout", |s| {
            arrow(s, &Machines(Fault::Chained), &machines(), &terms())
        }),
        planted("two machines that change places", "associativity", |s| {
            arrow(s, &Machines(Fault::ForgetfulOrder), &machines(), &terms())
        }),
    ]
}
