//! Whether two pipelines, or two tools, do the same; as the house's verdict.

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::sync::Arc;

use voidstate_core::{Attributes, Grade, ToolFactory, Verdict};
use voidstate_equivalence::evidence::{self, Effort, compare};
use voidstate_equivalence::pipeline::Pipeline;
use voidstate_equivalence::rules::Rules;
use voidstate_properties::tool::{Comparison, Settings, compare as compare_tools};

/// Streams that two tools are shown.
pub(crate) const CASES: u64 = 50;
/// Where drawn streams come from.
pub(crate) const SEED: u64 = 1;

/// A tool with what it is told.
pub(crate) type Subject = (Arc<dyn ToolFactory>, Attributes);

/// The house's grade of the crate's.
pub(crate) const fn grade(of: evidence::Grade) -> Grade {
    match of {
        evidence::Grade::Refuted => Grade::Refuted,
        evidence::Grade::Tested => Grade::Tested,
        evidence::Grade::Bisimilar => Grade::Bisimilar,
        evidence::Grade::Proved => Grade::Proved,
    }
}

/// What is known of two pipelines.
pub(crate) fn of_pipelines(
    a: &Pipeline,
    b: &Pipeline,
    seed: u64,
) -> Result<evidence::Verdict, voidstate_equivalence::Error> {
    compare(a, b, Rules::standard(), Effort::default(), seed)
}

/// What is known of the steps of a pipeline and of those that are to take their place.
pub(crate) fn of_steps(old: &str, new: &str) -> Verdict {
    let refuted = |sentence: String| Verdict {
        grade: Grade::Refuted,
        sentence,
    };
    let parsed = |text: &str| Pipeline::parse(text).map_err(|error| error.render(text));
    let verdict = match (parsed(old), parsed(new)) {
        (Ok(a), Ok(b)) => of_pipelines(&a, &b, SEED),
        (Err(error), _) | (_, Err(error)) => return refuted(error),
    };
    match verdict {
        Ok(verdict) => {
            let grade = grade(verdict.grade());
            let text = verdict.to_string();
            let sentence = text.strip_prefix(grade.name()).unwrap_or(&text);
            let sentence = sentence.trim_start_matches([':', ',', ' ']).to_owned();
            Verdict { grade, sentence }
        }
        Err(error) => refuted(error.to_string()),
    }
}

/// What is known of two tools, whose code nobody looks into.
pub(crate) fn of_tools(
    a: &Subject,
    b: &Subject,
    (cases, seed): (u64, u64),
    progress: &dyn Fn(u64) -> ControlFlow<()>,
) -> Result<(Verdict, Comparison), voidstate_properties::Error> {
    let settings = Settings {
        seed,
        cases,
        ..Settings::default()
    };
    let (one, other) = ((&*a.0, &a.1), (&*b.0, &b.1));
    let comparison = compare_tools(one, other, &settings, progress)?;
    let mut sentence = String::new();
    let grade = match &comparison.difference {
        Some(difference) => {
            let _ = write!(sentence, "{}", difference.message);
            Grade::Refuted
        }
        None if comparison.heard == 0 => {
            sentence.push_str("neither said anything, so nothing was compared");
            Grade::Refuted
        }
        None => {
            let Comparison {
                cases,
                signals,
                heard,
                ..
            } = comparison;
            let _ = write!(
                sentence,
                "no difference in {heard} things heard over {cases} streams of {signals} signals (seed {seed}); the code \
                 of a tool is not looked into, so this proves nothing"
            );
            Grade::Tested
        }
    };
    Ok((Verdict { grade, sentence }, comparison))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_proved_refuted_or_not_even_read() {
        let proved = of_steps(
            "where value > 1 | where value < 9",
            "where value > 1 and value < 9",
        );
        assert_eq!(proved.grade, Grade::Proved, "{}", proved.sentence);
        let refuted = of_steps("window max 2", "window min 2");
        assert_eq!(refuted.grade, Grade::Refuted, "{}", refuted.sentence);
        assert!(
            refuted.sentence.contains("the other"),
            "{}",
            refuted.sentence
        );
        let unread = of_steps("window max 2", "window");
        assert_eq!(unread.grade, Grade::Refuted);
    }
}
