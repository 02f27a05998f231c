//! A window against a list that keeps everything.

use proptest::prelude::*;
use voidstate_dependent::{Error, Filled, Filling, Window};

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_window_is_exactly_the_last_n(items in prop::collection::vec(any::<i32>(), 0..40)) {
        let mut state = Filled::NotYet(Filling::<i32, 7>::new());
        for (i, item) in items.iter().enumerate() {
            state = match state {
                Filled::NotYet(filling) => {
                    prop_assert_eq!(filling.items(), &items[..i]);
                    prop_assert_eq!(filling.missing(), 7 - i);
                    filling.push(*item)
                }
                Filled::Full(mut window) => {
                    prop_assert_eq!(window.push(*item), items[i - 7]);
                    Filled::Full(window)
                }
            };
        }
        match state {
            Filled::NotYet(filling) => {
                prop_assert!(items.len() < 7);
                prop_assert_eq!(filling.items(), items.as_slice());
                let (expected, found) = (7, items.len());
                let refused = Window::<_, 7>::last_of(&items).unwrap_err();
                prop_assert_eq!(refused, Error::Length { expected, found });
            }
            Filled::Full(window) => {
                let last = &items[items.len() - 7..];
                let seen: Vec<i32> = window.iter().copied().collect();
                prop_assert_eq!(seen.as_slice(), last);
                let (older, newer) = window.as_slices();
                prop_assert_eq!([older, newer].concat(), last);
                prop_assert_eq!((window.oldest(), window.newest()), (&last[0], &last[6]));
                prop_assert_eq!(&window, &Window::last_of(&items).unwrap());
                let vector = window.into_vector();
                prop_assert_eq!(vector.as_ref(), last);
            }
        }
    }
}
