//! What was found in one file, as a table for people.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use jiff::tz::TimeZone;
use voidstate_core::{Finding, FindingKind, Severity};

use super::Outcome;
use crate::lines::{capitalised, details, printable};
use crate::words::{count, date, span};

/// Reasons shown.
const REASONS_MAX: usize = 20;

/// The whole text for one file.
pub(crate) fn text(name: &str, outcome: &Outcome, zone: &TimeZone) -> String {
    let numbers = &outcome.numbers;
    let bold = Style::new().bold();
    let mut out = format!("{bold}{name}{bold:#}: {}\n", numbers.layout);
    let _ = write!(
        out,
        "  {} in {} series",
        count(numbers.samples, "sample"),
        numbers.series
    );
    if let (Some(first), Some(last)) = (numbers.first, numbers.last) {
        let _ = write!(out, ", {} to {}", date(first, zone), date(last, zone));
    }
    if let Some(interval) = numbers.interval_seconds {
        let _ = write!(out, ", every {}", span(interval));
    }
    out.push('\n');
    if !outcome.findings.is_empty() {
        let _ = writeln!(
            out,
            "\n  {:<19}  {:>8}  {:<7}  what",
            "since (UTC)", "lasted", "kind"
        );
    }
    for finding in &outcome.findings {
        row(&mut out, finding, zone);
    }
    if numbers.rejected > 0 {
        let _ = writeln!(
            out,
            "\n  {} could not be used:",
            count(numbers.rejected, "row or value")
        );
        for reason in numbers.reasons.iter().take(REASONS_MAX) {
            let _ = writeln!(out, "    {}", printable(reason));
        }
        if numbers.reasons.len() > REASONS_MAX {
            let _ = writeln!(
                out,
                "    and {} more kinds",
                numbers.reasons.len() - REASONS_MAX
            );
        }
    }
    for note in &numbers.notes {
        let _ = writeln!(out, "\n  note: {}", printable(note));
    }
    let cut = if numbers.cut_short {
        "stopped before the end; "
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "\n  {cut}{}, {} in {:.1} s\n",
        count(numbers.anomalies, "anomaly episode"),
        count(numbers.drifts, "lasting change"),
        numbers.seconds
    );
    out
}

fn row(out: &mut String, finding: &Finding, zone: &TimeZone) {
    let lasted = finding.end.map_or_else(
        || "open".to_owned(),
        |end| span(end.since(finding.start).as_secs_f64()),
    );
    let (kind, style) = match (finding.kind, finding.severity) {
        (FindingKind::Drift, _) => ("drift", AnsiColor::Cyan.on_default()),
        (FindingKind::Anomaly, Severity::Warning | Severity::Critical) => {
            ("anomaly", AnsiColor::Red.on_default())
        }
        (FindingKind::Anomaly, _) => ("anomaly", AnsiColor::Yellow.on_default()),
        _ => ("note", Style::new()),
    };
    let since = date(finding.start, zone);
    let what = capitalised(&finding.sentence);
    let _ = writeln!(
        out,
        "  {since:<19}  {lasted:>8}  {style}{kind:<7}{style:#}  {what}"
    );
    let _ = writeln!(out, "  {:<40}{}", "", details(finding).join(" · "));
}
