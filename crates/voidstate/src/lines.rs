//! Findings and summaries as lines for people.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use jiff::tz::TimeZone;
use voidstate_core::{AttributeValue, Evidence, Finding, FindingKind, Severity, Stage, Timestamp};

use crate::cost::Cost;
use crate::words::{clock, count, megabytes, moment};

/// What a summary line tells.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub(crate) struct Summary {
    pub(crate) time: Timestamp,
    /// Series seen so far.
    pub(crate) series: u64,
    /// How much of the warm-up is over, averaged over the series; absent before the first word of the tool.
    pub(crate) learned_percent: Option<f64>,
    pub(crate) open_episodes: u64,
    pub(crate) episodes: u64,
    pub(crate) samples: u64,
    pub(crate) dropped: u64,
    pub(crate) rejected: u64,
    pub(crate) cost: Cost,
    /// What does not work at present, in sentences.
    pub(crate) troubles: Vec<String>,
}

/// One line of summary.
pub(crate) fn summary(summary: &Summary, zone: &TimeZone) -> String {
    let mut text = format!(
        "{}  {}",
        clock(summary.time, zone),
        format_args!("{} series", summary.series)
    );
    match summary.learned_percent {
        Some(percent) if percent < 99.5 => {
            let _ = write!(text, ", learning {percent:.0} %");
        }
        Some(_) => {}
        None => text.push_str(", learning 0 %"),
    }
    let open = match summary.open_episodes {
        0 => "all as usual".to_owned(),
        n => format!("{} open", count(n, "episode")),
    };
    let _ = write!(text, ", {open}, {} so far", summary.episodes);
    let share = summary.cost.core_share * 100.0;
    let memory = megabytes(summary.cost.resident_bytes);
    let _ = write!(
        text,
        " · cost {share:.1} % of a core, {memory}, {} dropped",
        summary.dropped
    );
    for trouble in &summary.troubles {
        let _ = write!(text, " · {trouble}");
    }
    text
}

/// A finding in two lines: the sentence, then since when, how unusual, on how much it rests, and which series.
pub(crate) fn finding(finding: &Finding, now: Timestamp, zone: &TimeZone) -> String {
    let (mark, style) = match (finding.stage, finding.severity) {
        (Stage::Closed, _) => ("closed", Style::new().dimmed()),
        (Stage::Updated, _) => ("grew  ", AnsiColor::Yellow.on_default()),
        (_, Severity::Warning | Severity::Critical) => {
            ("OPENED", AnsiColor::Red.on_default().bold())
        }
        _ => ("opened", AnsiColor::Yellow.on_default()),
    };
    let mark = match finding.kind {
        FindingKind::Health => "health",
        FindingKind::Drift if finding.stage == Stage::Closed => "drift ",
        _ => mark,
    };
    let mut text = format!(
        "{}  {style}{mark}{style:#}  {}",
        clock(now, zone),
        capitalised(&finding.sentence)
    );
    let _ = write!(
        text,
        "\n                  since {}",
        moment(finding.start, now, zone)
    );
    if let Some(end) = finding.end {
        let _ = write!(text, " until {}", moment(end, now, zone));
    }
    for part in details(finding) {
        let _ = write!(text, " · {part}");
    }
    text
}

/// How unusual, on how many samples, which series.
pub(crate) fn details(finding: &Finding) -> Vec<String> {
    let mut parts = Vec::new();
    for evidence in &finding.evidence {
        match evidence {
            Evidence::Fact {
                name,
                value: AttributeValue::Text(text),
            } if name == "how_unusual" => parts.push(text.clone()),
            Evidence::Samples { count: samples } => parts.push(count(*samples, "sample")),
            _ => {}
        }
    }
    if let Some(series) = finding.series.first() {
        parts.push(printable(&series.to_string()));
    }
    parts
}

/// The text without anything that a terminal would act on.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .collect()
}

/// The sentence with a capital letter, and nothing that a terminal would act on.
pub(crate) fn capitalised(sentence: &str) -> String {
    let mut chars = sentence
        .chars()
        .map(|c| if c.is_control() { '?' } else { c });
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_tells_cost_and_losses() {
        let cost = Cost {
            core_share: 0.006,
            resident_bytes: 38_000_000,
        };
        let line = summary(
            &Summary {
                time: Timestamp::from_secs(0),
                series: 148,
                learned_percent: Some(40.0),
                open_episodes: 0,
                episodes: 2,
                samples: 1480,
                dropped: 0,
                rejected: 0,
                cost,
                troubles: vec!["watching without storing: disk full".to_owned()],
            },
            &TimeZone::UTC,
        );
        assert_eq!(
            line,
            "00:00:00  148 series, learning 40 %, all as usual, 2 so far · cost 0.6 % of a core, 38 MB, 0 dropped · \
             watching without storing: disk full"
        );
    }

    #[test]
    fn nothing_that_a_terminal_acts_on_gets_through() {
        assert_eq!(capitalised("a\u{1b}[31m\n"), "A?[31m?");
    }
}
