//! Containers that are mapped, combined, put in sequence, and looked at from a focus.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use voidstate_properties::laws::{Paired, Term, applicative, comonad, functor, monad, terms};

use crate::catalogue::{Entry, lawful, planted};

type Map<'a, A> = &'a dyn Fn(&A) -> A;
type Map2<'a> = &'a dyn Fn(&Term, &Term) -> Term;

pub(crate) fn entries() -> Vec<Entry> {
    let mut all = functors();
    all.extend(applicatives());
    all.extend(monads());
    all.extend(comonads());
    all
}

fn lists() -> impl Strategy<Value = Vec<u8>> + Clone {
    vec(any::<u8>(), 0..4)
}

fn functors() -> Vec<Entry> {
    vec![
        lawful("list", |s| {
            let map = |u: &Vec<u8>, f: Map<'_, u8>| u.iter().map(f).collect();
            functor(s, &any::<u8>(), &lists(), map, PartialEq::eq)
        }),
        lawful("values of a map", |s| {
            let maps = btree_map(any::<u8>(), any::<u8>(), 0..4);
            let map =
                |u: &BTreeMap<u8, u8>, f: Map<'_, u8>| u.iter().map(|(k, v)| (*k, f(v))).collect();
            functor(s, &any::<u8>(), &maps, map, PartialEq::eq)
        }),
        lawful("result", |s| {
            let results = any::<Result<u8, bool>>();
            let map = |u: &Result<u8, bool>, f: Map<'_, u8>| u.as_ref().map(f).map_err(|e| *e);
            functor(s, &any::<u8>(), &results, map, PartialEq::eq)
        }),
        planted("a list mapped back to front", "identity", |s| {
            let map = |u: &Vec<u8>, f: Map<'_, u8>| u.iter().rev().map(f).collect();
            functor(s, &any::<u8>(), &lists(), map, PartialEq::eq)
        }),
        planted(
            "a value that counts how often it was mapped",
            "identity",
            |s| {
                let map = |u: &(u8, u32), f: Map<'_, u8>| (f(&u.0), u.1.saturating_add(1));
                functor(s, &any::<u8>(), &any::<(u8, u32)>(), map, PartialEq::eq)
            },
        ),
        planted("a list of two, mapped twice", "composition", |s| {
            let map = |u: &Vec<u8>, f: Map<'_, u8>| -> Vec<u8> {
                let once: Vec<u8> = u.iter().map(f).collect();
                if once.len() == 2 {
                    once.iter().map(f).collect()
                } else {
                    once
                }
            };
            functor(s, &any::<u8>(), &lists(), map, PartialEq::eq)
        }),
    ]
}

fn combined(u: &[Term], v: &[Term], f: Map2<'_>) -> Vec<Term> {
    u.iter()
        .flat_map(|a| v.iter().map(move |b| f(a, b)))
        .collect()
}

/// A value or a number of errors.
type Checked = Result<Term, u32>;

fn checked() -> impl Strategy<Value = Checked> + Clone {
    prop_oneof![terms().prop_map(Ok), (1_u32..9).prop_map(Err)]
}

fn both(u: &Checked, v: &Checked, f: Map2<'_>, errors: fn(u32, u32) -> u32) -> Checked {
    match (u, v) {
        (Ok(a), Ok(b)) => Ok(f(a, b)),
        (Err(a), Err(b)) => Err(errors(*a, *b)),
        (Err(e), _) | (_, Err(e)) => Err(*e),
    }
}

fn applicatives() -> Vec<Entry> {
    vec![
        lawful("list, all combinations", |s| {
            let map2 = |u: &Vec<Term>, v: &Vec<Term>, f: Map2<'_>| combined(u, v, f);
            let lists = vec(terms(), 0..4);
            applicative(
                s,
                &terms(),
                &lists,
                |a| vec![a.clone()],
                map2,
                PartialEq::eq,
            )
        }),
        lawful("option", |s| {
            let map2 = |u: &Option<Term>, v: &Option<Term>, f: Map2<'_>| {
                u.as_ref().zip(v.as_ref()).map(|(a, b)| f(a, b))
            };
            let options = option::of(terms());
            applicative(
                s,
                &terms(),
                &options,
                |a| Some(a.clone()),
                map2,
                PartialEq::eq,
            )
        }),
        lawful("result that adds up errors", |s| {
            let map2 = |u: &Checked, v: &Checked, f: Map2<'_>| both(u, v, f, |a, b| a + b);
            applicative(
                s,
                &terms(),
                &checked(),
                |a| Ok(a.clone()),
                map2,
                PartialEq::eq,
            )
        }),
        planted("list, side by side", "left identity", |s| {
            let map2 = |u: &Vec<Term>, v: &Vec<Term>, f: Map2<'_>| {
                u.iter().zip(v).map(|(a, b)| f(a, b)).collect()
            };
            let lists = vec(terms(), 0..4);
            applicative(
                s,
                &terms(),
                &lists,
                |a| vec![a.clone()],
                map2,
                PartialEq::eq,
            )
        }),
        planted("errors that weigh more on the left", "composition", |s| {
            let map2 = |u: &Checked, v: &Checked, f: Map2<'_>| both(u, v, f, |a, b| 2 * a + b);
            applicative(
                s,
                &terms(),
                &checked(),
                |a| Ok(a.clone()),
                map2,
                PartialEq::eq,
            )
        }),
        planted(
            "option that looks at what it combines",
            "homomorphism",
            |s| {
                let map2 = |u: &Option<Term>, v: &Option<Term>, f: Map2<'_>| {
                    let both = u.as_ref().zip(v.as_ref()).map(|(a, b)| f(a, b));
                    both.filter(|t| *t != Term::Leaf(1).pair(&Term::Leaf(1)))
                };
                let small = (0_u8..3).prop_map(Term::Leaf);
                let options = option::of(small.clone());
                applicative(
                    s,
                    &small,
                    &options,
                    |a| Some(a.clone()),
                    map2,
                    PartialEq::eq,
                )
            },
        ),
    ]
}

/// A value and what it has cost.
type Cost = (u8, u8);

fn spend(m: &Cost, k: &dyn Fn(&u8) -> Cost, sum: fn(u8, u8) -> u8) -> Cost {
    let (value, cost) = k(&m.0);
    (value, sum(m.1, cost))
}

fn costs() -> impl Strategy<Value = Cost> + Clone {
    (any::<u8>(), 0_u8..9)
}

fn monads() -> Vec<Entry> {
    vec![
        lawful("list", |s| {
            let bind = |m: &Vec<u8>, k: &dyn Fn(&u8) -> Vec<u8>| m.iter().flat_map(k).collect();
            monad(s, &any::<u8>(), &lists(), |a| vec![*a], bind, PartialEq::eq)
        }),
        lawful("result", |s| {
            type M = Result<u8, bool>;
            let bind = |m: &M, k: &dyn Fn(&u8) -> M| m.as_ref().map_err(|e| *e).and_then(k);
            monad(
                s,
                &any::<u8>(),
                &any::<M>(),
                |a| Ok(*a),
                bind,
                PartialEq::eq,
            )
        }),
        lawful("costs that add up", |s| {
            let bind = |m: &Cost, k: &dyn Fn(&u8) -> Cost| spend(m, k, u8::wrapping_add);
            monad(s, &any::<u8>(), &costs(), |a| (*a, 0), bind, PartialEq::eq)
        }),
        planted("list of at most two results", "left identity", |s| {
            let bind =
                |m: &Vec<u8>, k: &dyn Fn(&u8) -> Vec<u8>| m.iter().flat_map(k).take(2).collect();
            monad(s, &any::<u8>(), &lists(), |a| vec![*a], bind, PartialEq::eq)
        }),
        planted("costs of the last step only", "right identity", |s| {
            let bind = |m: &Cost, k: &dyn Fn(&u8) -> Cost| spend(m, k, |_, b| b);
            monad(s, &any::<u8>(), &costs(), |a| (*a, 0), bind, PartialEq::eq)
        }),
        planted(
            "the greater cost, and one where both cost",
            "associativity",
            |s| {
                let bind = |m: &Cost, k: &dyn Fn(&u8) -> Cost| {
                    spend(m, k, |a, b| a.max(b) + u8::from(a > 0 && b > 0))
                };
                monad(s, &any::<u8>(), &costs(), |a| (*a, 0), bind, PartialEq::eq)
            },
        ),
    ]
}

/// A list of at least one; the focus is its head.
#[expect(clippy::ptr_arg, reason = "the suites hand over what was drawn")]
fn tails(w: &Vec<u8>, f: &dyn Fn(&Vec<u8>) -> u8) -> Vec<u8> {
    (0..w.len()).map(|i| f(&w[i..].to_vec())).collect()
}

fn nonempty() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 1..5)
}

#[expect(clippy::ptr_arg, reason = "the suites hand over what was drawn")]
fn head(w: &Vec<u8>) -> u8 {
    w[0]
}

/// A value and its surroundings.
type Env = (u8, u8);

fn comonads() -> Vec<Entry> {
    vec![
        lawful("list and its tails", |s| {
            comonad(
                s,
                &any::<u8>(),
                &nonempty(),
                head,
                tails,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        lawful("value in surroundings", |s| {
            let extend = |w: &Env, f: &dyn Fn(&Env) -> u8| (f(w), w.1);
            comonad(
                s,
                &any::<u8>(),
                &any::<Env>(),
                |w| w.0,
                extend,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        planted("every focus sees the whole list", "left identity", |s| {
            let extend = |w: &Vec<u8>, f: &dyn Fn(&Vec<u8>) -> u8| w.iter().map(|_| f(w)).collect();
            comonad(
                s,
                &any::<u8>(),
                &nonempty(),
                head,
                extend,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        // The first sees all, whatever stands between it and another.
        planted(
            "others see themselves and the first",
            "associativity",
            |s| {
                let extend = |w: &Vec<u8>, f: &dyn Fn(&Vec<u8>) -> u8| {
                    let others = w.iter().skip(1).map(|x| f(&vec![*x, w[0]]));
                    std::iter::once(f(w)).chain(others).collect()
                };
                comonad(
                    s,
                    &any::<u8>(),
                    &nonempty(),
                    head,
                    extend,
                    PartialEq::eq,
                    PartialEq::eq,
                )
            },
        ),
        planted("the surroundings are hidden", "right identity", |s| {
            let extend = |w: &Env, f: &dyn Fn(&Env) -> u8| (f(&(w.0, 0)), w.1);
            comonad(
                s,
                &any::<u8>(),
                &any::<Env>(),
                |w| w.0,
                extend,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
    ]
}
