//! Numbers.

use proptest::num::f64 as classes;
use proptest::prelude::*;
use proptest::sample::select;

/// 2⁵³, from where on not every whole number is one.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// Numbers that break arithmetic: NaN with any sign and payload, ±0, subnormals, infinities, 2⁵³ ± 1, ±1e308, the
/// smallest and largest of each kind. Shrinks towards the first of these in that order.
pub fn hostile_number() -> impl Strategy<Value = f64> + Clone {
    let named = vec![
        0.0,
        -0.0,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::from_bits(1),
        -f64::from_bits(1),
        f64::MIN_POSITIVE,
        f64::MIN_POSITIVE / 2.0,
        f64::EPSILON,
        1.0 - f64::EPSILON / 2.0,
        WHOLE_MAX - 1.0,
        WHOLE_MAX,
        WHOLE_MAX + 2.0,
        1.0 - WHOLE_MAX,
        1e308,
        -1e308,
        f64::MAX,
        f64::MIN,
    ];
    // All that a NaN may carry besides its quiet bit, and both signs.
    let payload = (any::<bool>(), 1_u64..1 << 51).prop_map(|(is_negative, payload)| {
        let sign = u64::from(is_negative) << 63;
        f64::from_bits(sign | 0x7ff8_0000_0000_0000 | payload)
    });
    prop_oneof![
        6 => select(named),
        1 => classes::SUBNORMAL | classes::POSITIVE | classes::NEGATIVE,
        1 => payload,
    ]
}

/// Finite numbers of everyday size and of any size. Shrinks towards 0.
pub fn finite() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![
        4 => (-1000..=1000_i32).prop_map(f64::from),
        2 => -1e6..1e6_f64,
        1 => classes::NORMAL | classes::SUBNORMAL | classes::ZERO | classes::POSITIVE | classes::NEGATIVE,
    ]
}

/// Any number: everyday, of any size, hostile.
pub fn number() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![5 => finite(), 2 => hostile_number(), 1 => any::<f64>()]
}
