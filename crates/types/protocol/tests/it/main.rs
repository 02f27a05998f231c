//! Laws of the extent.

use proptest::prelude::*;
use voidstate_protocol::{Error, extent};

proptest! {
    #[test]
    fn the_extent_is_tight(values in prop::collection::vec(-1e9_f64..1e9, 1..100)) {
        let e = extent(&values)?;
        prop_assert!(values.iter().all(|v| (e.low..=e.high).contains(v)));
        prop_assert!(values.iter().any(|v| v.to_bits() == e.low.to_bits()));
        prop_assert!(values.iter().any(|v| v.to_bits() == e.high.to_bits()));
    }

    #[test]
    fn not_finite_is_refused(
        mut values in prop::collection::vec(-1e9_f64..1e9, 1..100),
        at in any::<prop::sample::Index>(),
        bad in prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ) {
        let at = at.index(values.len());
        values[at] = bad;
        let refused = matches!(extent(&values), Err(Error::NotFinite { index, .. }) if index == at);
        prop_assert!(refused);
    }
}

#[test]
fn nothing_has_no_extent() {
    assert_eq!(extent(&[]), Err(Error::Empty));
}
