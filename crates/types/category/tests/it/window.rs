//! Windows: a comonad, and the same as the stream.

use std::num::Wrapping;

use proptest::prelude::*;
use voidstate_category::functor::{Comonad, Window};
use voidstate_category::stream::{Machine, windowed};
use voidstate_category::{Error, Semigroup, Sum, reduce};
use voidstate_properties::laws;

use crate::{broken, settings};

fn windows() -> impl Strategy<Value = Window<u8>> {
    let samples = prop::collection::vec(any::<u8>(), 1..6);
    (samples, any::<prop::sample::Index>()).prop_map(|(samples, at)| {
        let focus = at.index(samples.len());
        Window::new(samples).unwrap().focused(focus).unwrap()
    })
}

#[test]
fn windows_are_comonads() {
    laws::comonad(
        &settings(),
        &any::<u8>(),
        &windows(),
        Window::extract,
        |w, f| w.clone().extend(f),
        Window::eq,
        u8::eq,
    )
    .unwrap();
}

#[test]
fn windows_that_break_a_law_are_caught() {
    // Cut to the last two samples before `f` sees them.
    let starved = |w: &Window<u8>, f: &dyn Fn(&Window<u8>) -> u8| {
        w.clone()
            .extend(|w| f(&Window::new(w.last(2).to_vec()).unwrap()))
    };
    let outcome = laws::comonad(
        &settings(),
        &any::<u8>(),
        &windows(),
        Window::extract,
        starved,
        Window::eq,
        u8::eq,
    );
    assert_eq!(broken(outcome), "right identity");
    // The oldest sample in the place of the one in focus.
    let oldest = laws::comonad(
        &settings(),
        &any::<u8>(),
        &windows(),
        |w: &Window<u8>| w.samples()[0],
        |w, f| w.clone().extend(f),
        Window::eq,
        u8::eq,
    );
    assert_eq!(broken(oldest), "left identity");
}

#[derive(Debug, Clone, PartialEq)]
struct Listed(Vec<u8>);

impl Semigroup for Listed {
    fn combine(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn extending_is_what_the_stream_does(samples in prop::collection::vec(any::<u8>(), 1..40), width in 1_usize..50) {
        let list = <[u8]>::to_vec;
        let streamed = windowed(width, list).unwrap().run(samples.clone());
        let window = Window::new(samples.clone()).unwrap();
        let extended = window.clone().extend(move |w| list(w.last(width)));
        prop_assert_eq!(extended.samples(), &streamed[..]);
        let quick = window.extend_last(width, list).unwrap();
        prop_assert_eq!(quick, extended);
    }

    #[test]
    fn a_sliding_fold_is_the_extension_of_a_fold(samples in prop::collection::vec(any::<u8>(), 1..40), width in 1_usize..50) {
        let lists = Window::new(samples.iter().map(|s| Listed(vec![*s])).collect()).unwrap();
        let slow = lists.clone().extend(move |w| reduce(w.last(width).iter().cloned()).unwrap());
        prop_assert_eq!(lists.extend_monoid(width).unwrap(), slow);
    }
}

#[test]
fn a_sliding_fold_takes_three_combinations_a_sample_at_most() {
    use std::cell::Cell;
    thread_local!(static COMBINED: Cell<u64> = const { Cell::new(0) });
    #[derive(Clone)]
    struct Counted(Sum<Wrapping<u64>>);
    impl Semigroup for Counted {
        fn combine(self, other: Self) -> Self {
            COMBINED.set(COMBINED.get() + 1);
            Self(self.0.combine(other.0))
        }
    }
    for width in [1, 2, 10, 100, 1000] {
        COMBINED.set(0);
        let values = (0..10_000).map(|n| Counted(Sum(Wrapping(n)))).collect();
        let slid = Window::new(values).unwrap().extend_monoid(width).unwrap();
        assert_eq!(
            slid.samples()[9_999].0.0.0,
            (10_000 - width as u64..10_000).sum::<u64>()
        );
        assert!(COMBINED.get() <= 30_000, "{width}: {}", COMBINED.get());
    }
}

#[test]
fn a_window_has_a_sample_and_a_focus_in_it() {
    assert_eq!(Window::<u8>::new(vec![]), Err(Error::NoSample));
    let window = Window::new(vec![1, 2]).unwrap();
    assert_eq!(
        window.clone().focused(2),
        Err(Error::Focus { focus: 2, len: 2 })
    );
    assert_eq!(window.last(0), &[] as &[i32]);
    assert_eq!(window.last(usize::MAX), [1, 2]);
    assert_eq!(window.clone().focused(0).unwrap().past(), [1]);
    assert_eq!(window.clone().extend_last(0, |_| ()), Err(Error::Width));
    assert_eq!(window.duplicate().samples().len(), 2);
}
