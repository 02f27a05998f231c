//! Nothing is read that the types do not allow.

use proptest::prelude::*;
use serde_json::{from_str, to_string};
use voidstate_dependent::{
    Bounded, Fin, Finite, Matrix, NonEmpty, Positive, Probability, Sorted, Vector,
};

#[test]
fn invalid_data_is_refused() {
    assert!(from_str::<Probability>("1.5").is_err());
    assert!(from_str::<Probability>("null").is_err());
    assert!(from_str::<Finite>("1e999").is_err());
    assert!(from_str::<Positive>("-0.0").is_err());
    assert!(from_str::<Positive<i32>>("0").is_err());
    assert!(from_str::<NonEmpty<u8>>("[]").is_err());
    assert!(from_str::<Sorted<u8>>("[1,3,2]").is_err());
    assert!(from_str::<Bounded<0, 9>>("10").is_err());
    assert!(from_str::<Fin<3>>("3").is_err());
    assert!(from_str::<Vector<u8, 2>>("[1]").is_err());
    assert!(from_str::<Vector<u8, 2>>("[1,2,3]").is_err());
    assert!(from_str::<Vector<u8, 0>>("[1]").is_err());
    assert!(from_str::<Matrix<u8, 2, 2>>("[[1,2],[3]]").is_err());
    assert!(from_str::<Vector<u8, 2>>("[1,2").is_err());
    let text = from_str::<Probability>("1.5").unwrap_err().to_string();
    assert!(
        text.starts_with("1.5 is not a probability in [0, 1]"),
        "{text}"
    );
}

#[test]
fn valid_data_is_read() {
    assert_eq!(from_str::<Vector<u8, 0>>("[]").unwrap(), Vector::empty());
    assert_eq!(from_str::<Fin<3>>("2").unwrap(), Fin::of::<2>());
    let long = Vector::new([7_u16; 100]);
    assert_eq!(
        from_str::<Vector<u16, 100>>(&to_string(&long).unwrap()).unwrap(),
        long
    );
    let matrix = Matrix::new([[1, 2, 3], [4, 5, 6]]);
    let text = to_string(&matrix).unwrap();
    assert_eq!(text, "[[1,2,3],[4,5,6]]");
    assert_eq!(from_str::<Matrix<i32, 2, 3>>(&text).unwrap(), matrix);
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn refinements_read_back_as_what_they_were(
        p in 0.0..=1.0_f64,
        items in prop::collection::vec(any::<i32>(), 1..9),
        n in -5_i64..=5,
    ) {
        let p = Probability::new(p).unwrap();
        prop_assert_eq!(from_str::<Probability>(&to_string(&p).unwrap()).unwrap(), p);
        let list = NonEmpty::new(items.clone()).unwrap();
        prop_assert_eq!(from_str::<NonEmpty<i32>>(&to_string(&list).unwrap()).unwrap(), list);
        let sorted = Sorted::sort(items);
        prop_assert_eq!(from_str::<Sorted<i32>>(&to_string(&sorted).unwrap()).unwrap(), sorted);
        let bounded = Bounded::<-5, 5>::new(n).unwrap();
        prop_assert_eq!(from_str::<Bounded<-5, 5>>(&to_string(&bounded).unwrap()).unwrap(), bounded);
    }

    #[test]
    fn reading_accepts_exactly_what_checking_does(items in prop::collection::vec(-3_i32..3, 0..6), x in -2.0..2.0_f64) {
        let text = to_string(&items).unwrap();
        prop_assert_eq!(from_str::<Sorted<i32>>(&text).is_ok(), Sorted::new(items.clone()).is_ok());
        prop_assert_eq!(from_str::<Vector<i32, 3>>(&text).is_ok(), items.len() == 3);
        let text = to_string(&x).unwrap();
        prop_assert_eq!(from_str::<Positive>(&text).is_ok(), Positive::new(x).is_ok());
    }
}
