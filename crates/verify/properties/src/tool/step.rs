//! One step of what a tool is put through, and steps as JSON lines.

use serde::{Deserialize, Serialize};
use voidstate_core::{HookName, SeriesInfo, Signal, Timestamp};

use crate::Error;

/// One step of what a tool is put through.
///
/// In JSON one line per step: `{"series":{…}}`, `{"fire":{"hook":"host.cpu","signal":{…}}}` or `{"tick":1700000000000000000}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    rename_all = "snake_case",
    rename_all_fields = "snake_case",
    deny_unknown_fields
)]
pub enum Step {
    /// Tells what is known of a series; calls nobody. A sample of a series never told has no unit and no limit.
    Series(SeriesInfo),
    /// A signal is fired at a hook.
    Fire {
        /// The hook.
        hook: HookName,
        /// The signal.
        signal: Signal,
        /// Whether a sample comes with a series number that was never issued.
        #[serde(default, skip_serializing_if = "is_false")]
        unnumbered: bool,
    },
    /// The engine's tick, at a time of its clock.
    Tick(Timestamp),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Step {
    /// The same signal at a hook, with an issued number.
    pub(crate) const fn fire(hook: HookName, signal: Signal) -> Self {
        Self::Fire {
            hook,
            signal,
            unnumbered: false,
        }
    }

    /// What it is, in a few words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Series(info) => format!("series {}", info.key),
            Self::Fire { hook, signal, .. } => match signal {
                Signal::Sample(sample) => format!(
                    "sample {} = {} of {} at {hook}",
                    sample.series, sample.value, sample.time
                ),
                Signal::Event(event) => format!("event of {} at {hook}", event.time),
                Signal::Span(span) => format!("span of {} at {hook}", span.start),
                Signal::State(state) => format!("state of {} at {hook}", state.time),
                _ => format!("signal at {hook}"),
            },
            Self::Tick(time) => format!("tick at {time}"),
        }
    }
}

/// The steps as JSON lines, each ended by a line end. Costs their size.
///
/// # Errors
/// [`Error::Recording`] for attributes that are nested deeper than the core reads.
pub fn to_json_lines(steps: &[Step]) -> Result<String, Error> {
    let mut text = String::new();
    for (index, step) in steps.iter().enumerate() {
        let line = serde_json::to_string(step).map_err(|error| Error::Recording {
            line: index + 1,
            reason: error.to_string(),
        })?;
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}

/// Reads what [`to_json_lines`] wrote; blank lines are passed over. Costs the size of the text.
///
/// # Errors
/// [`Error::Recording`] with the first line that is no step.
pub fn from_json_lines(text: &str) -> Result<Vec<Step>, Error> {
    let mut steps = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        steps.push(
            serde_json::from_str(line).map_err(|error| Error::Recording {
                line: index + 1,
                reason: error.to_string(),
            })?,
        );
    }
    Ok(steps)
}
