//! Other forms, parts, and many parts.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use voidstate_properties::laws::{affine_traversal, isomorphism, lens, prism, traversal, within};

use crate::catalogue::{Entry, lawful, planted};

pub(crate) fn entries() -> Vec<Entry> {
    let mut all = isomorphisms();
    all.extend(lenses());
    all.extend(prisms());
    all.extend(affine_traversals());
    all.extend(traversals());
    all
}

fn isomorphisms() -> Vec<Entry> {
    vec![
        lawful("a pair turned round", |s| {
            let (to, from) = (|a: &(u8, bool)| (a.1, a.0), |b: &(bool, u8)| (b.1, b.0));
            let (lefts, rights) = (any::<(u8, bool)>(), any::<(bool, u8)>());
            isomorphism(s, &lefts, &rights, to, from, PartialEq::eq, PartialEq::eq)
        }),
        lawful("a number and its bytes", |s| {
            let (to, from) = (
                |a: &u32| a.to_le_bytes(),
                |b: &[u8; 4]| u32::from_le_bytes(*b),
            );
            isomorphism(
                s,
                &any::<u32>(),
                &any::<[u8; 4]>(),
                to,
                from,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        lawful("degrees, nearly", |s| {
            let (to, from) = (|c: &f64| c * 1.8 + 32.0, |f: &f64| (f - 32.0) / 1.8);
            let degrees = -1e3_f64..1e3;
            isomorphism(
                s,
                &degrees.clone(),
                &degrees,
                to,
                from,
                within(1e-9),
                within(1e-9),
            )
        }),
        planted("integers as short floats", "there and back", |s| {
            let (to, from) = (|a: &i32| *a as f32, |b: &f32| whole(*b));
            let eq = |a: &f32, b: &f32| a.to_bits() == b.to_bits();
            isomorphism(s, &any::<i32>(), &any::<f32>(), to, from, PartialEq::eq, eq)
        }),
        planted("texts without blanks around", "there and back", |s| {
            let trim = |a: &String| a.trim().to_owned();
            let texts = "[ a]{0,4}";
            isomorphism(
                s,
                &texts,
                &texts,
                trim,
                String::clone,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        planted("a sign lost at zero", "back and there", |s| {
            let (to, from) = (|a: &i8| (*a < 0, a.unsigned_abs()), signed);
            let rights = (any::<bool>(), 0_u8..9);
            isomorphism(
                s,
                &any::<i8>(),
                &rights,
                to,
                from,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
    ]
}

#[expect(clippy::cast_possible_truncation, reason = "what is lost is the fault")]
fn whole(b: f32) -> i32 {
    b as i32
}

fn signed(b: &(bool, u8)) -> i8 {
    if b.0 {
        0_i8.wrapping_sub_unsigned(b.1)
    } else {
        0_i8.wrapping_add_unsigned(b.1)
    }
}

/// A value and how often it was written.
type Counted = (u8, u8);

fn lenses() -> Vec<Entry> {
    vec![
        lawful("one of a pair", |s| {
            let set = |w: &(u8, bool), a: &u8| (*a, w.1);
            let wholes = any::<(u8, bool)>();
            lens(
                s,
                &wholes,
                &any::<u8>(),
                |w| w.0,
                set,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        lawful("what a map has at a key", |s| {
            let wholes = btree_map(0_u8..4, any::<u8>(), 0..4);
            let set = |w: &BTreeMap<u8, u8>, a: &Option<u8>| {
                let others = w.iter().filter(|e| *e.0 != 1).map(|(k, v)| (*k, *v));
                others.chain(a.map(|a| (1, a))).collect()
            };
            let get = |w: &BTreeMap<u8, u8>| w.get(&1).copied();
            lens(
                s,
                &wholes,
                &option::of(any::<u8>()),
                get,
                set,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        planted("a set that forgets what is default", "set then get", |s| {
            let set = |w: &(u8, bool), a: &u8| if *a == 0 { *w } else { (*a, w.1) };
            let wholes = any::<(u8, bool)>();
            lens(
                s,
                &wholes,
                &any::<u8>(),
                |w| w.0,
                set,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        planted("a set that counts every write", "get then set", |s| {
            let set = |w: &Counted, a: &u8| (*a, w.1.wrapping_add(1));
            lens(
                s,
                &any::<Counted>(),
                &any::<u8>(),
                |w| w.0,
                set,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        planted("a set that counts changes", "set twice", |s| {
            let set = |w: &Counted, a: &u8| {
                if *a == w.0 {
                    *w
                } else {
                    (*a, w.1.wrapping_add(1))
                }
            };
            lens(
                s,
                &any::<Counted>(),
                &any::<u8>(),
                |w| w.0,
                set,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        planted("a set that stops at 100", "set then get", |s| {
            let set = |w: &(u8, bool), a: &u8| ((*a).min(100).max(w.0.min(*a)), w.1);
            let wholes = any::<(u8, bool)>();
            lens(
                s,
                &wholes,
                &any::<u8>(),
                |w| w.0,
                set,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
    ]
}

/// A number written as `Display` does.
fn number(text: &String) -> Option<u8> {
    text.parse().ok().filter(|n: &u8| n.to_string() == *text)
}

fn prisms() -> Vec<Entry> {
    vec![
        lawful("there is one", |s| {
            let wholes = option::of(any::<u8>());
            prism(
                s,
                &wholes,
                &any::<u8>(),
                |w| *w,
                |a| Some(*a),
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        lawful("a text that is a number", |s| {
            let (texts, numbers) = ("[0-9+]{1,3}", any::<u8>());
            prism(
                s,
                &texts,
                &numbers,
                number,
                u8::to_string,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        planted("a text that reads as a number", "see then build", |s| {
            let preview = |text: &String| text.parse().ok();
            let (texts, numbers) = ("[0-9+]{1,3}", any::<u8>());
            prism(
                s,
                &texts,
                &numbers,
                preview,
                u8::to_string,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        planted(
            "halves of even numbers, doubled without room",
            "build then see",
            |s| {
                let preview = |w: &u8| w.is_multiple_of(2).then_some(w / 2);
                let review = |a: &u8| a.wrapping_mul(2);
                prism(
                    s,
                    &any::<u8>(),
                    &any::<u8>(),
                    preview,
                    review,
                    PartialEq::eq,
                    PartialEq::eq,
                )
            },
        ),
    ]
}

#[expect(clippy::ptr_arg, reason = "the suites hand over what was drawn")]
fn second(w: &Vec<u8>) -> Option<u8> {
    w.get(1).copied()
}

fn affine_traversals() -> Vec<Entry> {
    vec![
        lawful("the second of a list", |s| {
            let set = |w: &Vec<u8>, a: &u8| {
                let put = |(i, old): (usize, &u8)| if i == 1 { *a } else { *old };
                w.iter().enumerate().map(put).collect()
            };
            let wholes = vec(any::<u8>(), 0..4);
            affine_traversal(
                s,
                &wholes,
                &any::<u8>(),
                second,
                set,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        lawful("a field of what may be there", |s| {
            type Whole = Option<(u8, bool)>;
            let set = |w: &Whole, a: &u8| w.map(|(_, flag)| (*a, flag));
            let get = |w: &Whole| w.map(|w| w.0);
            let wholes = any::<Whole>();
            affine_traversal(
                s,
                &wholes,
                &any::<u8>(),
                get,
                set,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        planted("a set that makes room", "absent stays absent", |s| {
            let set = |w: &Vec<u8>, a: &u8| {
                let mut w = w.clone();
                w.resize(w.len().max(2), 0);
                w[1] = *a;
                w
            };
            let wholes = vec(any::<u8>(), 0..4);
            affine_traversal(
                s,
                &wholes,
                &any::<u8>(),
                second,
                set,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        planted("a set that only raises", "set then see", |s| {
            let set = |w: &Option<u8>, a: &u8| w.map(|old| old.max(*a));
            let wholes = option::of(any::<u8>());
            affine_traversal(
                s,
                &wholes,
                &any::<u8>(),
                |w| *w,
                set,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
    ]
}

type Visit<'a> = &'a mut dyn FnMut(&u8) -> u8;

/// Left, value, right.
#[derive(Debug, Clone, PartialEq)]
enum Tree {
    Leaf,
    Node(Box<(Tree, u8, Tree)>),
}

fn trees() -> impl Strategy<Value = Tree> {
    Just(Tree::Leaf).prop_recursive(3, 8, 2, |inner| {
        (inner.clone(), any::<u8>(), inner).prop_map(|node| Tree::Node(Box::new(node)))
    })
}

fn walk(tree: &Tree, f: Visit<'_>) -> Tree {
    match tree {
        Tree::Leaf => Tree::Leaf,
        Tree::Node(node) => {
            let left = walk(&node.0, f);
            let value = f(&node.1);
            Tree::Node(Box::new((left, value, walk(&node.2, f))))
        }
    }
}

/// The visitor is called once for each run of equal neighbours.
fn runs(w: &[u8], f: Visit<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, a) in w.iter().enumerate() {
        let same = i > 0 && w[i - 1] == *a;
        let new = if same { out[i - 1] } else { f(a) };
        out.push(new);
    }
    out
}

fn lists() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..6)
}

fn traversals() -> Vec<Entry> {
    vec![
        lawful("all of a list", |s| {
            let visit = |w: &Vec<u8>, f: Visit<'_>| w.iter().map(f).collect();
            traversal(
                s,
                &lists(),
                &any::<u8>(),
                Vec::clone,
                visit,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        lawful("a tree in order", |s| {
            let list = |t: &Tree| {
                let mut all = Vec::new();
                walk(t, &mut |a| {
                    all.push(*a);
                    *a
                });
                all
            };
            traversal(
                s,
                &trees(),
                &any::<u8>(),
                list,
                walk,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        planted("even numbers of a list", "composition", |s| {
            let list = |w: &Vec<u8>| w.iter().copied().filter(|a| a % 2 == 0).collect();
            let visit = |w: &Vec<u8>, f: Visit<'_>| {
                w.iter()
                    .map(|a| if a % 2 == 0 { f(a) } else { *a })
                    .collect()
            };
            traversal(
                s,
                &lists(),
                &any::<u8>(),
                list,
                visit,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
        planted(
            "equal neighbours visited once",
            "each part has a place of its own",
            |s| {
                let list = |w: &Vec<u8>| {
                    let mut w = w.clone();
                    w.dedup();
                    w
                };
                let visit = |w: &Vec<u8>, f: Visit<'_>| runs(w, f);
                traversal(
                    s,
                    &lists(),
                    &any::<u8>(),
                    list,
                    visit,
                    PartialEq::eq,
                    PartialEq::eq,
                )
            },
        ),
        planted("a pair visited from its end", "contents", |s| {
            let list = |w: &(u8, u8)| vec![w.0, w.1];
            let visit = |w: &(u8, u8), f: Visit<'_>| {
                let second = f(&w.1);
                (f(&w.0), second)
            };
            let wholes = any::<(u8, u8)>();
            traversal(
                s,
                &wholes,
                &any::<u8>(),
                list,
                visit,
                PartialEq::eq,
                PartialEq::eq,
            )
        }),
    ]
}
