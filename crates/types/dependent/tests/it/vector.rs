//! Laws of vectors, against plain lists.

use proptest::prelude::*;
use voidstate_dependent::peano::{Const, Nat, NatOf, ToPeano};
use voidstate_dependent::{Error, Fin, Vector};

fn list<const N: usize>() -> impl Strategy<Value = Vector<String, N>> {
    let items = prop::collection::vec("[a-z]{0,3}", N);
    items.prop_filter_map("the right length", |items| Vector::try_from(items).ok())
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn concat_undoes_split(v in list::<7>()) {
        let (a, b) = v.clone().split::<3, 4>();
        prop_assert_eq!(a.concat::<4, 7>(b), v.clone());
        let (a, b) = v.clone().split::<0, 7>();
        prop_assert_eq!(a.concat::<7, 7>(b), v);
    }

    #[test]
    fn concat_is_associative_and_empty_is_neutral(a in list::<2>(), b in list::<3>(), c in list::<4>()) {
        let left = a.clone().concat::<3, 5>(b.clone()).concat::<4, 9>(c.clone());
        let right = a.clone().concat::<7, 9>(b.concat::<4, 7>(c));
        prop_assert_eq!(left, right);
        prop_assert_eq!(Vector::empty().concat::<2, 2>(a.clone()), a.clone());
        prop_assert_eq!(a.clone().concat::<0, 2>(Vector::empty()), a);
    }

    #[test]
    fn uncons_undoes_cons(v in list::<4>(), item in "[a-z]*") {
        let (first, rest) = v.clone().cons::<5>(item.clone()).uncons::<4>();
        prop_assert_eq!((&first, &rest), (&item, &v));
        let (first, rest) = v.clone().push_front(item.clone()).pop_front();
        prop_assert_eq!((&first, rest), (&item, v.clone()));
        prop_assert_eq!(v.clone().snoc::<5>(item.clone()).reverse(), v.reverse().cons::<5>(item));
    }

    #[test]
    fn map_is_a_functor(v in list::<5>()) {
        prop_assert_eq!(v.clone().map(|s| s), v.clone());
        let twice = v.clone().map(|s| s.len()).map(|n| n * 2);
        prop_assert_eq!(v.map(|s| s.len() * 2), twice);
    }

    #[test]
    fn zip_pairs_items_of_the_same_place(a in list::<6>(), b in list::<6>()) {
        let pairs = a.clone().zip(b.clone());
        for i in Fin::<6>::all() {
            prop_assert_eq!(&pairs[i], &(a[i].clone(), b[i].clone()));
        }
    }

    #[test]
    fn flatten_undoes_chunks_and_reverse_itself(v in list::<6>()) {
        prop_assert_eq!(v.clone().chunks::<2, 3>().flatten::<6>(), v.clone());
        prop_assert_eq!(v.clone().chunks::<6, 1>().flatten::<6>(), v.clone());
        prop_assert_eq!(v.clone().reverse().reverse(), v);
    }

    #[test]
    fn a_claimed_length_is_checked(items in prop::collection::vec(any::<u8>(), 0..12)) {
        let (found, expected) = (items.len(), 5);
        let refused = Error::Length { expected, found };
        let owned = Vector::<u8, 5>::try_from(items.clone());
        let copied = Vector::<u8, 5>::try_from(items.as_slice());
        prop_assert_eq!(&owned, &copied);
        match owned {
            Ok(v) => prop_assert_eq!(v.as_array().as_slice(), items.as_slice()),
            Err(e) => { prop_assert_ne!(found, expected); prop_assert_eq!(e, refused) }
        }
        prop_assert_eq!(Vector::<u8, 5>::try_from_iter(items).is_ok(), found == expected);
    }

    #[test]
    fn dot_is_the_plain_loop_to_the_last_bit(
        a in prop::array::uniform9(any::<f64>()), b in prop::array::uniform9(any::<f64>()),
    ) {
        let mut plain = 0.0;
        for (x, y) in a.iter().zip(&b) {
            plain += x * y;
        }
        let ours = Vector::new(a).dot(&Vector::new(b));
        prop_assert!(ours.to_bits() == plain.to_bits() || (ours.is_nan() && plain.is_nan()));
    }

    #[test]
    fn an_index_is_accepted_exactly_below_its_bound(index in any::<usize>(), small in 0_usize..9) {
        for index in [index, small] {
            prop_assert_eq!(Fin::<5>::new(index).is_ok(), index < 5);
        }
    }
}

#[test]
fn inferred_lengths_agree_with_named_ones() {
    fn agree<const N: usize>()
    where
        Const<N>: ToPeano,
    {
        assert_eq!(NatOf::<N>::VALUE, N);
    }
    agree::<0>();
    agree::<1>();
    agree::<17>();
    agree::<32>();
}

#[test]
fn a_vector_takes_no_more_room_than_its_array() {
    assert_eq!(size_of::<Vector<u16, 7>>(), size_of::<[u16; 7]>());
    assert_eq!(size_of::<Vector<u16, 0>>(), 0);
}
