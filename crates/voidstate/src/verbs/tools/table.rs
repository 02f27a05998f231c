//! What a check found, as a table for people.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use voidstate_properties::tool::{LawReport, Outcome, Report, Violation};

use super::spec::SpecFile;
use crate::lines::printable;
use crate::words::{count, span};

/// Longest counterexample that is printed whole, in bytes.
const PRINTED_MAX: usize = 16 << 10;

/// The whole text for one tool.
pub(super) fn text(report: &Report) -> String {
    let bold = Style::new().bold();
    let mut out = format!(
        "{bold}{} {}{bold:#} · seed {} · {}, {}\n\n",
        report.tool,
        report.version,
        report.seed,
        count(report.signals, "signal"),
        count(report.findings, "finding")
    );
    let _ = writeln!(
        out,
        "  {:<38} {:>6}  {:<11} {:>8}",
        "law", "cases", "result", "time"
    );
    for law in &report.laws {
        row(&mut out, law);
    }
    for law in &report.laws {
        if let Outcome::Violated(violation) = &law.outcome {
            broken(&mut out, report, law, violation);
        }
    }
    out.push('\n');
    out
}

fn row(out: &mut String, law: &LawReport) {
    let (word, style) = match &law.outcome {
        Outcome::Holds => ("holds", AnsiColor::Green.on_default()),
        Outcome::Warned => ("warned", AnsiColor::Yellow.on_default()),
        Outcome::Violated(_) => ("BROKEN", AnsiColor::Red.on_default().bold()),
        _ => ("not checked", Style::new().dimmed()),
    };
    let time = law
        .cpu
        .map_or_else(|| "-".to_owned(), |cpu| span(cpu.as_secs_f64()));
    let name = law.law.name;
    let _ = writeln!(
        out,
        "  {name:<38} {:>6}  {style}{word:<11}{style:#} {time:>8}",
        law.cases
    );
    if let Outcome::NotChecked { reason } = &law.outcome {
        let _ = writeln!(out, "      {}", printable(reason));
    }
    if !law.figures.is_empty() {
        let figures: Vec<String> = law
            .figures
            .iter()
            .map(|figure| format!("{} {}", figure.name, short(figure.value)))
            .collect();
        let _ = writeln!(out, "      {}", figures.join(" · "));
    }
    for note in &law.notes {
        let _ = writeln!(out, "      {}", printable(note));
    }
}

fn short(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else if value.abs() >= 1.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.5}")
    }
}

fn broken(out: &mut String, report: &Report, law: &LawReport, violation: &Violation) {
    let _ = writeln!(out, "\n  {}: {}", law.law.name, law.law.statement);
    let _ = writeln!(
        out,
        "  case {}: {}",
        violation.case,
        printable(&violation.message)
    );
    if violation.steps.is_empty() {
        return;
    }
    let lines = violation.json_lines();
    let _ = writeln!(
        out,
        "  {} of {} bring it about; keep these lines in a file and run\n  voidstate tools check {} --signals FILE\n",
        count(violation.steps.len() as u64, "step"),
        violation.steps_drawn,
        report.tool
    );
    let mut left = PRINTED_MAX;
    let shown = lines.lines().take_while(|line| {
        let fits = line.len() <= left;
        left = left.saturating_sub(line.len());
        fits
    });
    let mut printed = 0;
    for line in shown {
        printed += 1;
        let _ = writeln!(out, "{line}");
    }
    let more = violation.steps.len().saturating_sub(printed);
    if more > 0 {
        let _ = writeln!(
            out,
            "  and {}; --json has them all",
            count(more as u64, "more step")
        );
    }
}

/// What a specification says otherwise than its tools.
pub(super) fn spec(file: &SpecFile) -> String {
    let mut out = String::new();
    for tool in &file.tools {
        let state = match (tool.is_here, tool.differences.is_empty()) {
            (false, _) => "not a tool of this program, not checked",
            (true, true) => "checked below; effects as the tool declares them, or not specified",
            (true, false) => "checked below; the specification differs from the tool",
        };
        let _ = writeln!(
            out,
            "{}: tool {}: {state}",
            printable(&file.file),
            tool.name
        );
        for difference in &tool.differences {
            let _ = writeln!(out, "  {difference}");
        }
    }
    let _ = writeln!(
        out,
        "  read, names and types checked; whether its clauses hold, the tests generated from it say, not this check\n"
    );
    out
}

#[cfg(test)]
mod tests {
    use voidstate_core::{Timestamp, ToolId};
    use voidstate_properties::tool::{LAWS, Step};

    use super::*;

    fn report(steps: usize) -> Report {
        let steps: Vec<Step> = (0..steps)
            .map(|n| Step::Tick(Timestamp::from_secs(n as i64)))
            .collect();
        let violation = Violation {
            message: "it panicked in tick\u{1b}[31m".to_owned(),
            case: 3,
            steps_drawn: 5000,
            steps,
        };
        Report {
            tool: ToolId::new("bad").unwrap(),
            version: "1.0.0".to_owned(),
            seed: 7,
            signals: 1,
            findings: 0,
            cut_short: false,
            laws: vec![LawReport {
                law: LAWS[1],
                outcome: Outcome::Violated(violation),
                cases: 4,
                signals: 1,
                cpu: None,
                notes: vec!["a note".to_owned()],
                figures: Vec::new(),
            }],
        }
    }

    #[test]
    fn a_broken_law_comes_with_lines_ready_to_paste() {
        let text = anstream::adapter::strip_str(&text(&report(2))).to_string();
        for part in [
            "bad 1.0.0 · seed 7 · 1 signal, 0 findings",
            "BROKEN",
            "a note",
            "case 3: it panicked in tick?[31m",
            "2 steps of 5000 bring it about",
            "voidstate tools check bad --signals FILE",
            "\n{\"tick\":0}\n{\"tick\":1000000000}\n",
        ] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
    }

    #[test]
    fn a_long_case_is_cut_and_says_where_the_rest_is() {
        let text = text(&report(10_000));
        assert!(text.len() < 2 * PRINTED_MAX);
        assert!(text.contains("more steps; --json has them all"), "{text}");
    }
}
