//! Two tools shown the same signals.

use std::ops::ControlFlow;

use voidstate_core::{Attributes, Config, HookName, ToolFactory, ToolMeta};

use super::context::Notes;
use super::hostile;
use super::ordinary::{self, Plan};
use super::random::Random;
use super::run::{Fault, Maker};
use super::shrink::shrink;
use super::step::Step;
use super::stream::Stream;
use super::{Settings, hooks};
use crate::Error;

/// Seconds of ordinary signals in a case.
const SECONDS: i64 = 120;

/// What became of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Streams that both were shown.
    pub cases: u64,
    /// Signals of these.
    pub signals: u64,
    /// How many things were heard of the first: findings, outputs, metrics, log lines, requests. Where it is zero, nothing was
    /// compared.
    pub heard: u64,
    /// Where they differ, if they do.
    pub difference: Option<Difference>,
    /// Whether it was stopped before all cases were tried.
    pub is_cut_short: bool,
}

/// An input that tells two tools apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The steps, as few and as plain as could be found; [`to_json_lines`](super::to_json_lines) writes them.
    pub steps: Vec<Step>,
    /// How many there were before.
    pub steps_drawn: usize,
    /// What the one says and the other does not.
    pub message: String,
}

/// Shows two tools, with these configurations, the same drawn signals and compares all that they say, ask for and keep
/// silent about; their names apart. Each is shown what it subscribes to. `progress` is told the number of each case and may
/// stop it.
///
/// No difference is no proof: it is evidence on the cases that were tried.
///
/// # Errors
/// [`Error::Settings`] for settings that cannot be worked with; [`Error::Subject`] when one of them refuses its
/// configuration or cannot be made.
pub fn compare(
    (a, given_a): (&dyn ToolFactory, &Attributes),
    (b, given_b): (&dyn ToolFactory, &Attributes),
    settings: &Settings,
    progress: &dyn Fn(u64) -> ControlFlow<()>,
) -> Result<Comparison, Error> {
    settings.check()?;
    let subject = |factory: &dyn ToolFactory, given: &Attributes| {
        Config::checked(&factory.meta().config, given).map_err(|error| Error::Subject {
            tool: factory.meta().id.to_string(),
            reason: error.to_string(),
        })
    };
    let (config_a, config_b) = (subject(a, given_a)?, subject(b, given_b)?);
    let pair = [(a, &config_a), (b, &config_b)].map(|(factory, config)| Maker { factory, config });
    let hooks = hooks_of(a.meta(), b.meta());
    let mut comparison = Comparison {
        cases: 0,
        signals: 0,
        heard: 0,
        difference: None,
        is_cut_short: false,
    };
    for case in 0..settings.cases {
        if progress(case).is_break() {
            comparison.is_cut_short = true;
            break;
        }
        let steps = drawn(&hooks, settings, case);
        let stream = Stream::new(steps);
        let (heard, difference) = both(pair, &stream, settings.seed)?;
        comparison.cases += 1;
        comparison.signals += stream.signals();
        comparison.heard += heard;
        if let Some(message) = difference {
            let steps_drawn = stream.steps.len();
            let mut fails = |steps: &[Step]| {
                if progress(case).is_break() {
                    return None;
                }
                let stream = Stream::new(steps.to_vec());
                both(pair, &stream, settings.seed).ok()?.1
            };
            let (steps, message) = shrink(stream.steps, message, &mut fails);
            comparison.difference = Some(Difference {
                steps,
                steps_drawn,
                message,
            });
            break;
        }
    }
    Ok(comparison)
}

fn hooks_of(a: &ToolMeta, b: &ToolMeta) -> Vec<HookName> {
    // A pattern that no hook can match is a law's affair.
    let mut unmatched = Vec::new();
    let mut all = hooks::of(a, &mut unmatched);
    for hook in hooks::of(b, &mut unmatched) {
        if !all.contains(&hook) {
            all.push(hook);
        }
    }
    all
}

/// The recording first; then ordinary and damaged streams by turns.
fn drawn(hooks: &[HookName], settings: &Settings, case: u64) -> Vec<Step> {
    if case == 0 && !settings.recording.is_empty() {
        return settings.recording.clone();
    }
    let mut random = Random::part(settings.seed, "compare", case);
    let steps = ordinary::stream(hooks, Plan::of(SECONDS), &mut random);
    if case.is_multiple_of(2) {
        return steps;
    }
    hostile::damage(steps, hooks, 10, &mut random)
}

/// How much was heard of the first, and how the second differs.
fn both(pair: [Maker<'_>; 2], stream: &Stream, seed: u64) -> Result<(u64, Option<String>), Error> {
    let [first, second] = pair.map(|maker| words(maker, stream, seed));
    let (first, second) = (first?, second?);
    let longer = first.len().max(second.len());
    let difference = (0..longer).find_map(|at| {
        let (a, b) = (first.get(at), second.get(at));
        (a != b).then(|| told(a, b, pair))
    });
    Ok((first.len() as u64, difference))
}

type Word = (usize, String);

fn told(a: Option<&Word>, b: Option<&Word>, pair: [Maker<'_>; 2]) -> String {
    let step = a
        .into_iter()
        .chain(b)
        .map(|(step, _)| *step)
        .min()
        .unwrap_or(0);
    let said = |word: Option<&Word>| match word.filter(|(at, _)| *at == step) {
        Some((_, text)) => format!("{:?}", text.chars().take(300).collect::<String>()),
        None => "nothing".to_owned(),
    };
    let [one, other] = pair.map(|maker| maker.factory.meta().id.to_string());
    let step = step + 1;
    format!("at step {step} {one} says {}, {other} {}", said(a), said(b))
}

/// All that a tool says over a stream, without its name.
fn words(maker: Maker<'_>, stream: &Stream, seed: u64) -> Result<Vec<Word>, Error> {
    let meta = maker.factory.meta();
    let unfit = |reason: String| Error::Subject {
        tool: meta.id.to_string(),
        reason,
    };
    let mut run = match maker.run(stream, seed, Notes::Words) {
        Ok(run) => run,
        Err(Fault::Panic(reason) | Fault::Breach(reason) | Fault::Unfit(reason)) => {
            return Err(unfit(reason));
        }
    };
    let mut ends = None;
    for (at, step) in stream.steps.iter().enumerate() {
        let is_seen = match step {
            Step::Fire { hook, .. } => {
                let mut patterns = meta.subscriptions.iter().map(|s| &s.pattern);
                patterns.any(|pattern| pattern.matches(hook.as_str()))
            }
            _ => true,
        };
        if is_seen && let Err(fault) = run.step(at) {
            ends = Some((at, fault));
            break;
        }
    }
    if ends.is_none()
        && let Err(fault) = run.finish()
    {
        ends = Some((stream.steps.len(), fault));
    }
    let mut heard = match run.end() {
        Ok(heard) => heard.words,
        Err(Fault::Panic(reason) | Fault::Breach(reason) | Fault::Unfit(reason)) => {
            return Err(unfit(reason));
        }
    };
    let name = format!("{:?}", meta.id);
    for (_, word) in &mut heard {
        *word = word.replace(&name, "its name");
    }
    // To panic is an answer, too.
    if let Some((at, Fault::Panic(why) | Fault::Breach(why) | Fault::Unfit(why))) = ends {
        heard.push((at, why));
    }
    Ok(heard)
}
