//! Laws of parser, formatter and JSON form over any document that can be written.

use proptest::prelude::*;
use voidstate_language::{Document, format, from_json, parse, to_json};

use crate::documents::document;
use crate::soak;

fn parsed(text: &str) -> Result<Document, TestCaseError> {
    parse(text).map_err(|e| TestCaseError::fail(e.render(text, "formatted", false)))
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: prop::test_runner::RngSeed::Fixed(soak::seed(3)),
        ..ProptestConfig::with_cases(soak::cases(300))
    })]

    #[test]
    fn what_is_formatted_is_read_back(d in document()) {
        let text = format(&d);
        let again = parsed(&text)?;
        prop_assert_eq!(&again, &d, "{}", text);
        prop_assert_eq!(format(&again), text);
    }

    #[test]
    fn json_is_read_back(d in document()) {
        let json = to_json(&d);
        let text = json.to_string();
        let again = from_json(&text).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(&to_json(&again), &json);
        prop_assert_eq!(again, d);
    }

    #[test]
    fn a_comment_at_any_place_is_kept(d in document(), place in any::<prop::sample::Index>()) {
        let text = format(&d);
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        prop_assume!(!ends.is_empty());
        let at = ends[place.index(ends.len())];
        let changed = format!("{} // kept-and-seen{}", &text[..at], &text[at..]);
        let again = format(&parsed(&changed)?);
        prop_assert!(again.contains("kept-and-seen"), "{}", again);
    }
}
