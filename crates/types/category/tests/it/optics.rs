//! Every optic keeps the laws of what it claims to be, composed ones too.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hash::Hash;

use proptest::prelude::*;
use voidstate_category::optics::{
    self, AffineTraversal, IsAffine, IsLens, IsPrism, IsTraversal, Iso, Lens, Optic, Traversal,
};
use voidstate_category::{Lenses, Prisms};
use voidstate_properties::laws;

use crate::{broken, settings};

#[derive(Debug, Clone, PartialEq, Lenses)]
struct Config {
    detector: Detector,
    names: Vec<u8>,
    source: Source,
}

#[derive(Debug, Clone, PartialEq, Lenses)]
struct Detector {
    limit: u32,
    last: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Prisms)]
enum Source {
    File(Option<u8>),
    Port { number: u16 },
    Off,
}

fn sources() -> impl Strategy<Value = Source> + Clone {
    prop_oneof![
        prop::option::of(any::<u8>()).prop_map(Source::File),
        any::<u16>().prop_map(|number| Source::Port { number }),
        Just(Source::Off),
    ]
}

fn configs() -> impl Strategy<Value = Config> + Clone {
    let detector = (any::<u32>(), prop::option::of(any::<u8>()))
        .prop_map(|(limit, last)| Detector { limit, last });
    let names = prop::collection::vec(any::<u8>(), 0..5);
    (detector, names, sources()).prop_map(|(detector, names, source)| Config {
        detector,
        names,
        source,
    })
}

fn set<S: Clone, O: IsLens<S>>(optic: &Optic<S, O>, whole: &S, part: &O::Part) -> S
where
    O::Part: Clone,
{
    let mut whole = whole.clone();
    optic.set(&mut whole, part.clone());
    whole
}

fn lens<S: Debug + Clone + PartialEq, O: IsLens<S>>(
    optic: &Optic<S, O>,
    wholes: impl Strategy<Value = S>,
    parts: impl Strategy<Value = O::Part>,
) where
    O::Part: Debug + Clone + PartialEq,
{
    let set = |s: &S, a: &O::Part| set(optic, s, a);
    laws::lens(
        &settings(),
        &wholes,
        &parts,
        |s| optic.get(s),
        set,
        S::eq,
        PartialEq::eq,
    )
    .unwrap();
}

fn prism<S: Debug + Clone + PartialEq, O: IsPrism<S>>(
    optic: &Optic<S, O>,
    wholes: impl Strategy<Value = S>,
    parts: impl Strategy<Value = O::Part>,
) where
    O::Part: Debug + Clone + PartialEq,
{
    let review = |a: &O::Part| optic.review(a.clone());
    laws::prism(
        &settings(),
        &wholes,
        &parts,
        |s| optic.preview(s),
        review,
        S::eq,
        PartialEq::eq,
    )
    .unwrap();
}

fn affine<S: Debug + Clone + PartialEq, O: IsAffine<S>>(
    optic: &Optic<S, O>,
    wholes: impl Strategy<Value = S>,
    parts: impl Strategy<Value = O::Part>,
) where
    O::Part: Debug + Clone + PartialEq,
{
    let set = |s: &S, a: &O::Part| {
        let mut s = s.clone();
        let _absent = optic.try_set(&mut s, a.clone());
        s
    };
    laws::affine_traversal(
        &settings(),
        &wholes,
        &parts,
        |s| optic.preview(s),
        set,
        S::eq,
        PartialEq::eq,
    )
    .unwrap();
}

fn visit<S: Clone, O: IsTraversal<S>>(
    optic: &Optic<S, O>,
    whole: &S,
    f: &mut dyn FnMut(&O::Part) -> O::Part,
) -> S {
    let mut whole = whole.clone();
    optic.modify(&mut whole, |part| *part = f(part));
    whole
}

fn traversal<S: Debug + Clone + PartialEq, O: IsTraversal<S>>(
    optic: &Optic<S, O>,
    wholes: impl Strategy<Value = S>,
    parts: impl Strategy<Value = O::Part>,
) where
    O::Part: Debug + Clone + PartialEq + Hash,
{
    let list = |s: &S| optic.collect(s);
    let visit = |s: &S, f: &mut dyn FnMut(&O::Part) -> O::Part| visit(optic, s, f);
    laws::traversal(
        &settings(),
        &wholes,
        &parts,
        list,
        visit,
        S::eq,
        PartialEq::eq,
    )
    .unwrap();
}

fn swapped() -> Iso<(u8, u16), (u16, u8)> {
    Iso::new(|(a, b)| (*b, *a), |(b, a)| (*a, *b))
}

fn flipped() -> Iso<u32, u32> {
    Iso::new(|x| x ^ 0xff, |x| x ^ 0xff)
}

#[test]
fn isos_are_isomorphisms() {
    let s = settings();
    let iso = swapped();
    laws::isomorphism(
        &s,
        &any::<(u8, u16)>(),
        &any::<(u16, u8)>(),
        |a| iso.get(a),
        |b| iso.review(*b),
        PartialEq::eq,
        PartialEq::eq,
    )
    .unwrap();
    let there_and_back = swapped().then(swapped().inverse());
    lens(&there_and_back, any::<(u8, u16)>(), any::<(u8, u16)>());
    prism(&there_and_back, any::<(u8, u16)>(), any::<(u8, u16)>());
    let back = swapped().inverse();
    let mut whole = (1_u16, 2_u8);
    back.modify(&mut whole, |(a, _)| *a += 5);
    assert_eq!(
        (whole, back.count(&whole), back.preview(&whole)),
        ((1, 7), 1, Some((7, 1)))
    );
    assert_eq!(optics::identity().get(&5), 5);
}

#[test]
fn lenses_are_lenses() {
    lens(
        &Config::DETECTOR.then(Detector::LIMIT),
        configs(),
        any::<u32>(),
    );
    lens(
        &Config::DETECTOR.then(Detector::LIMIT).then(flipped()),
        configs(),
        any::<u32>(),
    );
    lens(&Config::SOURCE, configs(), sources());
    lens(&optics::left(), any::<(u8, u16)>(), any::<u8>());
    lens(
        &optics::right().then(optics::left()),
        any::<(u8, (u16, u8))>(),
        any::<u16>(),
    );
    let of_closures = optics::lens(|c: &Config| &c.names, |c: &mut Config| &mut c.names);
    lens(
        &of_closures,
        configs(),
        prop::collection::vec(any::<u8>(), 0..4),
    );
}

#[test]
fn prisms_are_prisms() {
    prism(&Source::FILE, sources(), prop::option::of(any::<u8>()));
    prism(&Source::PORT, sources(), any::<u16>());
    prism(&Source::OFF, sources(), Just(()));
    prism(&Source::FILE.then(optics::some()), sources(), any::<u8>());
    let results = || prop::result::maybe_ok(any::<u8>(), any::<u16>());
    prism(&optics::ok(), results(), any::<u8>());
    prism(&optics::err(), results(), any::<u16>());
    let even = optics::prism(
        |n: &Result<u8, ()>| n.as_ref().ok(),
        |n: &mut Result<u8, ()>| n.as_mut().ok(),
        Ok,
    );
    prism(
        &even,
        prop::result::maybe_ok(any::<u8>(), Just(())),
        any::<u8>(),
    );
}

#[test]
fn affine_traversals_are_affine_traversals() {
    affine(&Config::SOURCE.then(Source::PORT), configs(), any::<u16>());
    affine(
        &Config::SOURCE.then(Source::FILE).then(optics::some()),
        configs(),
        any::<u8>(),
    );
    affine(
        &Config::DETECTOR.then(Detector::LAST).then(optics::some()),
        configs(),
        any::<u8>(),
    );
    affine(&Config::NAMES.then(optics::at(2)), configs(), any::<u8>());
    let map = || prop::collection::btree_map(0_u8..4, any::<u16>(), 0..4);
    affine(&optics::key(2), map(), any::<u16>());
    let first: AffineTraversal<Vec<u8>, u8> =
        AffineTraversal::new(|v| v.first(), |v| v.first_mut());
    affine(
        &first,
        prop::collection::vec(any::<u8>(), 0..3),
        any::<u8>(),
    );
    let place = 1;
    let second = optics::affine(
        move |v: &Vec<u8>| v.get(place),
        move |v: &mut Vec<u8>| v.get_mut(place),
    );
    affine(
        &second,
        prop::collection::vec(any::<u8>(), 0..3),
        any::<u8>(),
    );
}

#[test]
fn traversals_are_traversals() {
    traversal(&Config::NAMES.then(optics::each()), configs(), any::<u8>());
    traversal(&Config::SOURCE.then(Source::PORT), configs(), any::<u16>());
    let rows = prop::collection::vec(any::<(u8, u8)>(), 0..4);
    traversal(&optics::each().then(optics::both()), rows, any::<u8>());
    let map = prop::collection::btree_map(0_u8..4, prop::option::of(any::<u8>()), 0..4);
    traversal(&optics::values().then(optics::some()), map, any::<u8>());
    let ends = optics::traversal(
        |v: &(u8, u8, u8), f: &mut dyn FnMut(&u8)| {
            f(&v.0);
            f(&v.2);
        },
        |v: &mut (u8, u8, u8), f: &mut dyn FnMut(&mut u8)| {
            f(&mut v.0);
            f(&mut v.2);
        },
    );
    traversal(&ends, any::<(u8, u8, u8)>(), any::<u8>());
}

#[test]
fn optics_that_break_a_law_are_caught() {
    let s = settings();
    // Looks left and writes right.
    let crossed: Lens<(u8, u8), u8> = Lens::new(|p| &p.0, |p| &mut p.1);
    let put = |p: &(u8, u8), a: &u8| set(&crossed, p, a);
    let outcome = laws::lens(
        &s,
        &any::<(u8, u8)>(),
        &any::<u8>(),
        |p| crossed.get(p),
        put,
        PartialEq::eq,
        u8::eq,
    );
    assert!(
        [
            "set then get",
            "get then set",
            "put then get",
            "get then put"
        ]
        .contains(&broken(outcome))
    );
    // An isomorphism that forgets a bit.
    let lossy: Iso<u8, u8> = Iso::new(|x| x >> 1, |x| x << 1);
    let outcome = laws::isomorphism(
        &s,
        &any::<u8>(),
        &any::<u8>(),
        |a| lossy.get(a),
        |b| lossy.review(*b),
        u8::eq,
        u8::eq,
    );
    assert_eq!(broken(outcome), "there and back");
    // A prism that builds something else.
    let off: Optic<Source, _> = optics::prism(
        |s: &Source| match s {
            Source::Port { number } => Some(number),
            _ => None,
        },
        |s: &mut Source| match s {
            Source::Port { number } => Some(number),
            _ => None,
        },
        |_: u16| Source::Off,
    );
    let review = |a: &u16| off.review(*a);
    let outcome = laws::prism(
        &s,
        &sources(),
        &any::<u16>(),
        |s| off.preview(s),
        review,
        PartialEq::eq,
        u16::eq,
    );
    assert_eq!(broken(outcome), "build then see");
    // An affine traversal that finds the first and writes the last.
    let ends: AffineTraversal<Vec<u8>, u8> = AffineTraversal::new(|v| v.first(), |v| v.last_mut());
    let put = |v: &Vec<u8>, a: &u8| {
        let mut v = v.clone();
        let _absent = ends.try_set(&mut v, *a);
        v
    };
    let lists = prop::collection::vec(any::<u8>(), 0..4);
    let outcome = laws::affine_traversal(
        &s,
        &lists,
        &any::<u8>(),
        |v| ends.preview(v),
        put,
        PartialEq::eq,
        u8::eq,
    );
    broken(outcome);
    // A traversal that visits one place twice.
    let twice: Traversal<(u8, u8), u8> = Traversal::new(
        |p, f| {
            f(&p.0);
            f(&p.1);
        },
        |p, f| {
            f(&mut p.0);
            f(&mut p.0);
        },
    );
    let list = |p: &(u8, u8)| twice.collect(p);
    let visited = |p: &(u8, u8), f: &mut dyn FnMut(&u8) -> u8| visit(&twice, p, f);
    let outcome = laws::traversal(
        &s,
        &any::<(u8, u8)>(),
        &any::<u8>(),
        list,
        visited,
        PartialEq::eq,
        u8::eq,
    );
    broken(outcome);
}

#[test]
fn what_has_no_place_comes_back() {
    let mut config = Config {
        detector: Detector {
            limit: 1,
            last: None,
        },
        names: vec![1, 2],
        source: Source::Off,
    };
    let before = config.clone();
    let port = Config::SOURCE.then(Source::PORT);
    assert_eq!(port.try_set(&mut config, 80), Err(80));
    assert_eq!((port.preview(&config), port.count(&config)), (None, 0));
    assert_eq!(config, before);
    assert_eq!(Source::OFF.preview_mut(&mut config.source, |()| 7), Some(7));
    Config::NAMES.then(optics::each()).set_all(&mut config, &9);
    assert_eq!(config.names, [9, 9]);
    assert_eq!(Config::NAMES.with(&config, Vec::len), 2);
    let map = BTreeMap::from([("a", 1)]);
    assert_eq!(
        (
            optics::key("a").preview(&map),
            optics::key("b").preview(&map)
        ),
        (Some(1), None)
    );
}
