//! Values of the core types hold by core's own checks.

use std::collections::BTreeSet;
use std::fmt::Debug;

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use voidstate_core::{
    AttributeValue, Config, Error, Glob, HookCategory, HookName, LABELS_MAX, MetricName,
    NESTING_MAX, SeriesKey, Stage, TimeRange, ToolId,
};
use voidstate_properties::strategies::{self as all, MetaFault, Sizes};

use super::{law, some};

/// Names, keys, ranges and nesting are checked when a value is read.
fn reads_back<T: Serialize + DeserializeOwned + Debug>(value: &T) -> Result<(), TestCaseError> {
    let json = serde_json::to_string(value).map_err(|e| TestCaseError::fail(e.to_string()))?;
    let back: T = serde_json::from_str(&json).map_err(|e| TestCaseError::fail(e.to_string()))?;
    prop_assert_eq!(format!("{:?}", back), format!("{:?}", value));
    Ok(())
}

#[test]
fn everything_given_is_valid() {
    for sizes in [Sizes::default(), Sizes::largest()] {
        let cases = if sizes == Sizes::default() { 400 } else { 60 };
        law(cases, all::signal(sizes), |signal| reads_back(&signal));
        law(cases, all::finding(sizes), |finding| {
            let is_open = matches!(finding.stage, Stage::Opened | Stage::Updated);
            prop_assert_eq!(is_open, finding.end.is_none());
            prop_assert!(finding.end.is_none_or(|end| end >= finding.start));
            reads_back(&finding)
        });
        law(cases, all::tool_meta(sizes), |meta| {
            prop_assert!(meta.check().is_ok(), "{:?}", meta.check());
            reads_back(&meta)
        });
        law(cases, all::series_info(sizes), |info| reads_back(&info));
        law(cases, all::fitting_config(sizes), |(fields, given)| {
            let config = Config::checked(&fields, &given);
            let config = config.map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(config.values().len(), fields.len());
            Ok(())
        });
    }
    law(400, all::time_range(), |range| {
        prop_assert!(TimeRange::new(range.start(), range.end()).is_ok());
        Ok(())
    });
    law(400, all::confidence(), |c| {
        prop_assert!((0.0..=1.0).contains(&c.get()));
        Ok(())
    });
    law(400, all::point(3), |point| {
        prop_assert!(point.series.0 < 3);
        Ok(())
    });
}

#[test]
fn what_should_not_hold_does_not() {
    law(1000, all::not_a_name(), |text| {
        prop_assert!(HookName::new(&text).is_err());
        prop_assert!(MetricName::new(&text).is_err());
        prop_assert!(ToolId::new(&text).is_err());
        Ok(())
    });
    law(
        1000,
        all::misfitting_value(Sizes::default()),
        |(fields, given, name)| {
            match Config::checked(&fields, &given) {
                Err(Error::Config { key, .. }) => prop_assert_eq!(key, name),
                other => prop_assert!(false, "{:?}", other),
            }
            Ok(())
        },
    );
    law(
        1000,
        all::broken_tool_meta(Sizes::default()),
        |(meta, fault)| {
            let word = match (meta.check(), fault) {
                (Err(Error::Cycle { .. }), MetaFault::NeedsItself) => return Ok(()),
                (Err(Error::Session { .. }), MetaFault::Silent) => return Ok(()),
                (Err(Error::Config { key, .. }), MetaFault::Default) => {
                    prop_assert_eq!(key, "Spoilt");
                    return Ok(());
                }
                (Err(Error::Tool { message, .. }), _) => message,
                (other, _) => return Err(TestCaseError::fail(format!("{fault:?}: {other:?}"))),
            };
            let expected = match fault {
                MetaFault::Layer => "layer",
                MetaFault::Phase => "phase",
                MetaFault::CoreShare => "budget",
                _ => "subscribes to no hook",
            };
            prop_assert!(word.contains(expected), "{:?}: {}", fault, word);
            Ok(())
        },
    );
}

#[test]
fn globs_match_the_names_that_they_came_from() {
    law(1000, all::glob_that_matches(), |(name, glob)| {
        prop_assert!(glob.matches(name.as_str()));
        Ok(())
    });
    law(400, all::glob(), |glob| {
        prop_assert!(Glob::new(glob.as_str()).is_ok());
        Ok(())
    });
    let wild = some(400, all::glob_that_matches());
    assert!(wild.iter().filter(|(_, glob)| !glob.is_literal()).count() > 200);
    let known = some(200, all::hook_name());
    assert!(
        known
            .iter()
            .filter(|n| n.category() != HookCategory::Other)
            .count()
            > 50
    );
}

fn depth(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        AttributeValue::Map(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[test]
fn values_nest_as_deep_as_asked_and_no_deeper() {
    for nesting_max in [0, 3, NESTING_MAX, 1000] {
        let sizes = Sizes {
            nesting_max,
            items_max: 3,
            ..Sizes::default()
        };
        let depths: BTreeSet<usize> = some(4000, all::value(sizes)).iter().map(depth).collect();
        let deepest = nesting_max.min(NESTING_MAX);
        assert_eq!(depths.last(), Some(&deepest), "{depths:?}");
    }
    let kinds: BTreeSet<_> = some(400, all::value(Sizes::default()))
        .iter()
        .map(AttributeValue::kind)
        .collect();
    assert_eq!(kinds.len(), 7, "{kinds:?}");
}

#[test]
fn limits_of_core_are_reached() {
    let keys = some(2000, all::series_key(Sizes::largest()));
    let longest = keys.iter().map(|key| key.metric().as_str().len()).max();
    assert_eq!(longest, Some(voidstate_core::NAME_BYTES_MAX));
    let labels: BTreeSet<usize> = keys.iter().map(|key| key.labels().len()).collect();
    assert!(labels.contains(&0) && labels.last().is_some_and(|most| *most > LABELS_MAX - 4));
    let beyond = Sizes {
        labels_max: 1000,
        text_chars_max: 10_000,
        ..Sizes::default()
    };
    law(100, all::series_key(beyond), |key| {
        prop_assert!(SeriesKey::new(key.metric().clone(), key.labels()).is_ok());
        Ok(())
    });
}

#[test]
fn hostile_numbers_are_of_every_kind() {
    let numbers = some(4000, all::hostile_number());
    let has = |is: fn(f64) -> bool| numbers.iter().any(|n| is(*n));
    assert!(has(|n| n.is_nan() && n.is_sign_negative()));
    assert!(has(|n| n.is_nan() && n.to_bits() & 0xff != 0));
    assert!(has(|n| n.is_subnormal() && n.is_sign_negative()));
    assert!(has(|n| n.to_bits() == (-0.0_f64).to_bits()));
    for wanted in [
        0.0,
        1e308,
        -1e308,
        f64::INFINITY,
        f64::NEG_INFINITY,
        9_007_199_254_740_991.0,
        f64::MAX,
    ] {
        assert!(
            numbers.iter().any(|n| n.to_bits() == wanted.to_bits()),
            "{wanted}"
        );
    }
    law(2000, all::finite(), |n| {
        prop_assert!(n.is_finite());
        Ok(())
    });
    assert!(some(1000, all::number()).iter().any(|n| n.is_nan()));
}

#[test]
fn hostile_texts_are_of_every_kind() {
    for chars_max in [0, 1, 5, 300] {
        law(300, all::hostile_text(chars_max), |text| {
            prop_assert!(text.chars().count() <= chars_max);
            Ok(())
        });
        law(300, all::text(chars_max), |text| {
            prop_assert!(text.chars().count() <= chars_max);
            Ok(())
        });
    }
    let texts = some(3000, all::hostile_text(300));
    for wanted in [
        "\0",
        "\u{1b}[31m",
        "\u{202e}",
        "\u{5d0}",
        "\u{1f469}\u{200d}",
        "\r\n",
        "\"",
    ] {
        assert!(texts.iter().any(|text| text.contains(wanted)), "{wanted:?}");
    }
    assert!(
        texts.iter().any(|text| text.starts_with('\u{301}')),
        "a mark without a letter"
    );
    assert!(
        texts.iter().any(|text| text.chars().count() == 300),
        "a long one"
    );
    assert!(texts.iter().any(String::is_empty));
}

#[test]
fn the_same_seed_gives_the_same_values() {
    let draw = || {
        some(
            50,
            (
                all::signal(Sizes::default()),
                all::finding(Sizes::default()),
            ),
        )
    };
    assert_eq!(format!("{:?}", draw()), format!("{:?}", draw()));
}

#[test]
fn sets_of_effects_and_permissions_are_of_every_kind() {
    let sets: BTreeSet<String> = some(5000, all::effect_set())
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        sets.contains("") && sets.len() > 400,
        "{} of 512",
        sets.len()
    );
    let actions: BTreeSet<_> = some(100, all::permission())
        .iter()
        .map(|p| p.action)
        .collect();
    assert_eq!(actions.len(), 3);
    law(300, all::budget(), |budget| {
        prop_assert!(budget.core_share > 0.0 && budget.core_share <= 1000.0);
        Ok(())
    });
}
