//! Every configuration that a tool says it takes, and some that it does not.

use std::cell::RefCell;

use voidstate_core::{AttributeValue, Attributes, Config, ConfigField, ConfigKind, Error};

use super::{
    REFUSED_CONFIGURATION_CHANGES_NOTHING, TAKES_EVERY_VALID_CONFIGURATION, heard, ordinary, sound,
};
use crate::tool::check::{Case, Check};
use crate::tool::context::Notes;
use crate::tool::random::Random;
use crate::tool::report::{LawReport, Outcome};
use crate::tool::run::{Fault, Maker};

/// Combinations of boundaries tried besides each boundary alone.
const COMBINED: usize = 8;

/// A configuration, and whether the tool's own fields accept it.
struct Variant {
    words: String,
    config: Config,
    is_valid: bool,
}

fn boundaries(field: &ConfigField) -> Vec<AttributeValue> {
    match field.kind {
        ConfigKind::Bool => vec![false.into(), true.into()],
        ConfigKind::Int { min, max } => {
            vec![AttributeValue::Int(min), AttributeValue::Int(max)]
        }
        ConfigKind::Real { min, max } => {
            let middle = min / 2.0 + max / 2.0;
            [min, middle, max]
                .into_iter()
                .filter(|v| v.is_finite() && (min..=max).contains(v))
                .map(AttributeValue::Real)
                .collect()
        }
        ConfigKind::Text => vec!["".into(), "\u{1b}\0".into(), "x".repeat(10_000).into()],
        _ => Vec::new(),
    }
}

fn variants(fields: &[ConfigField], random: &mut Random) -> Vec<Variant> {
    let mut given: Vec<Attributes> = vec![Attributes::new()];
    for field in fields {
        for value in boundaries(field) {
            given.push(Attributes::from([(field.name.clone(), value)]));
        }
    }
    for _ in 0..COMBINED.min(fields.len().saturating_sub(1) * COMBINED) {
        let mut all = Attributes::new();
        for field in fields {
            if let Some(value) = random.pick(&boundaries(field)) {
                all.insert(field.name.clone(), value.clone());
            }
        }
        given.push(all);
    }
    let checked = given.into_iter().filter_map(|given| {
        Some(Variant {
            words: words(&given),
            config: Config::checked(fields, &given).ok()?,
            is_valid: true,
        })
    });
    checked.chain(wrong(fields)).collect()
}

/// Configurations that were checked against other fields: without keys, and with values of another kind.
fn wrong(fields: &[ConfigField]) -> Vec<Variant> {
    let mut found = Vec::new();
    if fields.is_empty() {
        return found;
    }
    found.push(Variant {
        words: "no key at all".to_owned(),
        config: Config::default(),
        is_valid: false,
    });
    for (kind, value) in [
        (ConfigKind::Text, AttributeValue::from("seven")),
        (ConfigKind::Bool, true.into()),
    ] {
        let others: Vec<ConfigField> = fields
            .iter()
            .map(|field| ConfigField {
                kind,
                default: value.clone(),
                ..field.clone()
            })
            .collect();
        let Ok(config) = Config::checked(&others, &Attributes::new()) else {
            continue;
        };
        found.push(Variant {
            words: format!("every key holding a {}", value.kind()),
            config,
            is_valid: false,
        });
    }
    found
}

fn words(given: &Attributes) -> String {
    if given.is_empty() {
        return "the defaults".to_owned();
    }
    let pairs = given.iter().map(|(name, value)| {
        let value: String = format!("{value:?}").chars().take(60).collect();
        format!("{name} = {value}")
    });
    pairs.collect::<Vec<_>>().join(", ")
}

pub(super) fn every_valid(check: &mut Check<'_>) -> LawReport {
    let mut random = Random::part(check.settings.seed, "configurations", 0);
    let variants = variants(&check.meta.config, &mut random);
    let refused: RefCell<Vec<String>> = RefCell::default();
    let draw = |check: &Check<'_>, case: Case| ordinary(check, case, 40);
    let cases = variants.len() as u64;
    let mut report = check.law(
        TAKES_EVERY_VALID_CONFIGURATION,
        cases,
        &draw,
        &|check, stream, case, tally| {
            let number = usize::try_from(case.number).unwrap_or(usize::MAX);
            let Some(variant) = variants.get(number) else {
                return Ok(());
            };
            let told = |fault: Fault| match fault {
                Fault::Panic(text) => Fault::Panic(format!("{text} (with {})", variant.words)),
                Fault::Breach(text) => Fault::Breach(format!("{text} (with {})", variant.words)),
                unfit @ Fault::Unfit(_) => unfit,
            };
            let maker = Maker {
                config: &variant.config,
                ..check.maker
            };
            if let Err(error) = maker.try_make().map_err(told)? {
                if variant.is_valid {
                    let note = format!("{} is refused: {error}", variant.words);
                    refused.borrow_mut().push(note);
                }
                return Ok(());
            }
            let mut run = maker.run(stream, case.seed, Notes::Words)?;
            run.all().and_then(|()| run.finish()).map_err(told)?;
            sound(&heard(run, stream, case, tally)?).map_err(told)
        },
    );
    // A combination may be refused; that a declared range says too much is worth a word.
    let refused = refused.into_inner();
    if !refused.is_empty() && report.outcome == Outcome::Holds {
        report.outcome = Outcome::Warned;
        report.notes = refused;
    }
    report
}

pub(super) fn refused(check: &mut Check<'_>) -> LawReport {
    let mut random = Random::part(check.settings.seed, "configurations", 1);
    let variants = variants(&check.meta.config, &mut random);
    let draw = |check: &Check<'_>, case: Case| ordinary(check, case, 60);
    let cases = variants.len() as u64;
    check.law(
        REFUSED_CONFIGURATION_CHANGES_NOTHING,
        cases,
        &draw,
        &|check, stream, case, tally| {
            let number = usize::try_from(case.number).unwrap_or(usize::MAX);
            let Some(variant) = variants.get(number) else {
                return Ok(());
            };
            let (half, length) = (stream.steps.len() / 2, stream.steps.len());
            let mut run = check.maker.run(stream, case.seed, Notes::Words)?;
            run.steps(0..half)?;
            let before = run.save()?.ok();
            let config = &variant.config;
            match run.with("reconfigure", |tool| tool.reconfigure(config))? {
                Ok(()) => {}
                // The engine then makes a fresh instance that continues from the state.
                Err(Error::Unavailable { .. }) => {
                    let maker = Maker {
                        config,
                        ..check.maker
                    };
                    if let (Ok(fresh), Some(state)) = (maker.try_make()?, &before) {
                        run.replace(fresh)?;
                        let _ = run.with("restore", |tool| tool.restore(state))?;
                    }
                }
                Err(error) => {
                    if run.save()?.ok() != before {
                        return Fault::breach(format!(
                            "before step {} it refuses {} ({error}), and its state has changed",
                            half + 1,
                            variant.words
                        ));
                    }
                    run.steps(half..length)?;
                    run.finish()?;
                    let tried = heard(run, stream, case, tally)?;
                    let twin = super::whole(check, stream, case, tally)?;
                    return if tried.words == twin.words {
                        Ok(())
                    } else {
                        Fault::breach(format!(
                            "having refused {} ({error}) before step {}, it says something else than one that was never asked",
                            variant.words,
                            half + 1
                        ))
                    };
                }
            }
            run.steps(half..length)?;
            run.finish()?;
            heard(run, stream, case, tally).map(drop)
        },
    )
}
