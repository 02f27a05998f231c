use voidstate_dependent::{Bounded, Probability, Sorted};

fn main() {
    let p = Probability::new(0.25).unwrap();
    assert_eq!(p.complement().into_inner(), 0.75);
    assert_eq!(*Bounded::<0, 9>::of::<9>(), 9);
    assert_eq!(Sorted::sort(vec![2, 1]).binary_search(&2), Ok(1));
}
