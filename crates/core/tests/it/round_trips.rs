//! What is written reads back as what it was.

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use voidstate_core::{Finding, Signal};

use crate::strategies::{finding, number, signal};

/// Equality that tells NaN from everything else and -0 from 0: the `Debug` text of both.
fn assert_round_trip<T: Serialize + DeserializeOwned + std::fmt::Debug>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    let back: T = serde_json::from_str(&json).unwrap();
    assert_eq!(format!("{back:?}"), format!("{value:?}"), "{json}");
}

proptest! {
    #[test]
    fn round_trips(signal in signal(), finding in finding()) {
        assert_round_trip::<Signal>(&signal);
        assert_round_trip::<Finding>(&finding);
    }

    #[test]
    fn numbers_survive_json(value in number()) {
        #[derive(Debug, Serialize, serde::Deserialize)]
        struct Holder(#[serde(with = "voidstate_core::number")] f64);
        let json = serde_json::to_string(&Holder(value)).unwrap();
        let back: Holder = serde_json::from_str(&json).unwrap();
        prop_assert!(back.0.to_bits() == value.to_bits() || (back.0.is_nan() && value.is_nan()));
        prop_assert_eq!(json.starts_with('"'), !value.is_finite());
    }

    #[test]
    fn any_text_is_a_value_or_an_error(text in ".{0,64}") {
        let _ = serde_json::from_str::<Signal>(&text);
        let _ = serde_json::from_str::<Finding>(&text);
    }
}

#[test]
fn deep_nesting_is_refused() {
    let deep = |n: usize| format!("{}1{}", "[".repeat(n), "]".repeat(n));
    assert!(serde_json::from_str::<voidstate_core::AttributeValue>(&deep(16)).is_ok());
    assert!(serde_json::from_str::<voidstate_core::AttributeValue>(&deep(17)).is_err());
    assert!(serde_json::from_str::<voidstate_core::AttributeValue>(&deep(100_000)).is_err());
}
