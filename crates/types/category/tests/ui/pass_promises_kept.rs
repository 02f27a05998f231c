//! Each promise of the failing cases, kept.

use voidstate_category::functor::{Applicative, Comonad, Monad, Validation, Window};
use voidstate_category::optics::{each, some};
use voidstate_category::stream::{Machine, arr, scan};
use voidstate_category::{Group, Lenses, Max, Prisms, Semilattice, Sum, fold};
use std::num::Wrapping;

#[derive(Lenses)]
struct Config {
    limit: Option<f64>,
    port: u16,
}

#[derive(Prisms)]
enum Source {
    File(Option<u8>),
    Off,
}

fn lattice(_: impl Semilattice) {}
fn group(_: impl Group) {}

fn main() {
    let mut config = Config { limit: Some(1.0), port: 80 };
    assert_eq!(Config::PORT.get(&config), 80);
    assert_eq!(Config::LIMIT.then(some()).preview(&config), Some(1.0));
    Config::PORT.set(&mut config, 81);
    assert!(matches!(Source::FILE.then(some()).review(3), Source::File(Some(3))));
    assert!(matches!(Source::OFF.review(()), Source::Off));
    assert_eq!(each().collect(&vec![1, 2]), [1, 2]);
    let mut machine = arr(|x: u32| f64::from(x)).then(scan(0.0, |sum, x: f64| { *sum += x; *sum }));
    assert_eq!(machine.run([1, 2]), [1.0, 3.0]);
    let mut looped = arr(|(x, s): (u32, u32)| (s, x)).feedback(7);
    assert_eq!(looped.step(1), 7);
    fn sent(_: impl Send) {}
    sent(arr(|x: u32| x).boxed());
    assert_eq!(fold([Sum(Wrapping(1_u8)), Sum(Wrapping(2))]).0.0, 3);
    lattice(Max(1));
    group(Sum(Wrapping(1_i8)));
    assert_eq!(Some(1).bind(|x| Some(x + 1)), Some(2));
    let both = Validation::<_, String>::Valid(1).map2(Validation::Valid(2), |a: i32, b: i32| a + b);
    assert_eq!(both, Validation::Valid(3));
    assert_eq!(Window::new(vec![1]).unwrap().extract(), 1);
}
