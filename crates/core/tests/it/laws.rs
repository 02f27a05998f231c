//! Names, globs, selectors, series, sets.

use proptest::prelude::*;
use voidstate_core::{Effect, EffectSet, Glob, HookName, MetricName, Selector, SeriesKey};

use crate::strategies::series;

/// The meaning of a glob in its shortest form: exponential, but plain.
fn naive(pattern: &[&str], name: &[&str]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => (0..=name.len()).any(|skip| naive(rest, &name[skip..])),
        (Some((p, rest_p)), Some((n, rest_n))) => {
            naive_segment(p.as_bytes(), n.as_bytes()) && naive(rest_p, rest_n)
        }
        _ => false,
    }
}

fn naive_segment(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|skip| naive_segment(rest, &text[skip..])),
        Some((byte, rest)) => text
            .split_first()
            .is_some_and(|(t, more)| t == byte && naive_segment(rest, more)),
    }
}

fn pattern() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        Just("**".to_owned()),
        Just("*".to_owned()),
        "[ab]{0,2}\\*[ab]{0,2}",
        "[ab]{1,3}"
    ];
    prop::collection::vec(segment, 1..6).prop_map(|segments| segments.join("."))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn globs_agree_with_the_naive_matcher(pattern in pattern(), name in "[ab]{1,3}(\\.[ab]{1,3}){0,5}") {
        let segments: Vec<&str> = pattern.split('.').collect();
        let expected = naive(&segments, &name.split('.').collect::<Vec<_>>());
        prop_assert_eq!(Glob::new(&pattern).unwrap().matches(&name), expected);
    }

    #[test]
    fn a_literal_glob_matches_itself_alone(name in "[a-z]{1,3}(\\.[a-z]{1,3}){0,3}", other in "[a-z.]{1,8}") {
        let glob = Glob::new(&name).unwrap();
        prop_assert!(glob.is_literal() && glob.matches(&name));
        prop_assert_eq!(glob.matches(&other), name == other);
    }

    #[test]
    fn any_text_is_a_name_or_an_error(text in ".{0,200}") {
        for ok in [HookName::new(&text).is_ok(), MetricName::new(&text).is_ok()] {
            prop_assert!(!ok || text.len() <= 128);
        }
        let sanitised = MetricName::sanitised(&text);
        prop_assert!(MetricName::new(sanitised.as_str()).is_ok(), "{:?} -> {:?}", text, sanitised);
        if MetricName::new(&text).is_ok() {
            prop_assert_eq!(sanitised.as_str(), &text);
        }
        let _ = Glob::new(&text);
        let _ = text.parse::<Selector>();
    }

    #[test]
    fn a_key_selects_itself(key in series(), other in series()) {
        let selector: Selector = key.to_string().parse().unwrap();
        prop_assert!(selector.matches(&key));
        let printed: Selector = selector.to_string().parse().unwrap();
        prop_assert_eq!(&printed, &selector);
        if other.metric() != key.metric() {
            prop_assert!(!selector.matches(&other));
        }
    }

    #[test]
    fn series_order_is_total_and_ignores_label_order(labels in prop::collection::vec(("[a-z]{1,4}", "[a-z]{0,4}"), 0..5), key in series()) {
        let metric = MetricName::new("m").unwrap();
        let forward = SeriesKey::new(metric.clone(), labels.clone());
        let backward = SeriesKey::new(metric, labels.into_iter().rev());
        if let (Ok(a), Ok(b)) = (&forward, &backward) {
            prop_assert_eq!(a, b);
            prop_assert_eq!(a.cmp(&key), key.cmp(a).reverse());
        } else {
            prop_assert!(forward.is_err() && backward.is_err());
        }
    }

    #[test]
    fn effect_sets_are_sets(a in prop::collection::vec(prop::sample::select(Effect::ALL.to_vec()), 0..9),
                            b in prop::collection::vec(prop::sample::select(Effect::ALL.to_vec()), 0..9)) {
        let (x, y) = (EffectSet::of(&a), EffectSet::of(&b));
        for effect in Effect::ALL {
            prop_assert_eq!(x.union(y).contains(effect), a.contains(&effect) || b.contains(&effect));
        }
        prop_assert!(x.is_subset(x.union(y)));
        prop_assert_eq!(x.is_subset(y), a.iter().all(|effect| b.contains(effect)));
        prop_assert_eq!(serde_json::from_str::<EffectSet>(&serde_json::to_string(&x).unwrap()).unwrap(), x);
    }
}

#[test]
fn hostile_globs_cost_little() {
    let pattern = Glob::new(&vec!["**"; 40].join(".")).unwrap();
    let stars = Glob::new(&"*a".repeat(60)).unwrap();
    let name = "a.".repeat(5000);
    assert!(!Glob::new(&format!("{pattern}.b")).unwrap().matches(&name));
    assert!(!stars.matches(&format!("{}b", "a".repeat(5000))));
}
