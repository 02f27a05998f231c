//! What is wrong with a text, where, and what to do about it.

use std::fmt;
use std::ops::Range;

use crate::Span;

/// One thing that is wrong with a text.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where it is, in bytes of the text.
    pub span: Range<usize>,
    /// What is wrong: one line, lower-case, without a final stop.
    pub message: String,
    /// What to do about it; empty where nobody can know.
    pub advice: String,
    /// Other places that explain it.
    pub related: Vec<(Range<usize>, String)>,
}

impl Diagnostic {
    /// Something wrong at a place.
    #[must_use]
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self {
            span: span.range(),
            message: message.into(),
            advice: String::new(),
            related: Vec::new(),
        }
    }

    /// With the way out.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }

    /// With another place that explains it.
    #[must_use]
    pub fn related(mut self, span: Span, what: impl Into<String>) -> Self {
        self.related.push((span.range(), what.into()));
        self
    }

    /// For people: the message, the line of `text` it is about with a caret below, the related places and the advice.
    ///
    /// `text` is what was parsed and `name` what to call it. Places outside `text` are moved to its end; lines longer
    /// than 160 characters are cut. Time linear in the text.
    #[must_use]
    pub fn render(&self, text: &str, name: &str) -> String {
        let mut out = format!("error: {}\n", self.message);
        excerpt(&mut out, text, name, &self.span, "");
        for (span, what) in &self.related {
            excerpt(&mut out, text, name, span, what);
        }
        if !self.advice.is_empty() {
            out.push_str("help: ");
            out.push_str(&self.advice);
            out.push('\n');
        }
        out
    }
}

/// One line: message and advice.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if self.advice.is_empty() {
            Ok(())
        } else {
            write!(f, "; {}", self.advice)
        }
    }
}

impl std::error::Error for Diagnostic {}

/// All diagnostics, rendered one after the other.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], text: &str, name: &str) -> String {
    let all: Vec<String> = diagnostics.iter().map(|d| d.render(text, name)).collect();
    all.join("\n")
}

/// Longest part of a line that is shown, in characters.
const MAX_LINE: usize = 160;

fn excerpt(out: &mut String, text: &str, name: &str, span: &Range<usize>, what: &str) {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text
        .floor_char_boundary(span.end.min(text.len()))
        .max(start);
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line_number = before.matches('\n').count() + 1;
    let rest = text.get(line_start..).unwrap_or_default();
    let line = rest.split(['\n', '\r']).next().unwrap_or_default();
    let offset = before.get(line_start..).unwrap_or_default().chars().count();
    let marked = text.get(start..end).unwrap_or_default();
    let carets = marked
        .split(['\n', '\r'])
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        .max(1);
    // A long line is shown around the mark.
    let skipped = offset.saturating_sub(MAX_LINE / 2);
    let shown: String = line
        .chars()
        .skip(skipped)
        .take(MAX_LINE)
        .map(|c| if c == '\t' || c.is_control() { ' ' } else { c })
        .collect();
    let column = offset - skipped;
    let carets = carets.min(MAX_LINE.saturating_sub(column).max(1));
    let gutter = line_number.to_string();
    let pad = " ".repeat(gutter.len());
    out.push_str(&format!("{pad}--> {name}:{line_number}:{}\n", offset + 1));
    out.push_str(&format!("{gutter} | {}\n", shown.trim_end()));
    let note = if what.is_empty() {
        String::new()
    } else {
        format!(" {what}")
    };
    out.push_str(&format!(
        "{pad} | {}{}{note}\n",
        " ".repeat(column),
        "^".repeat(carets)
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_outside_the_text_are_moved_inside() {
        for text in ["", "aé\nb", "x"] {
            for (start, end) in [(0, 0), (2, 2), (1, 99), (50, 4), (3, 0)] {
                let shown = Diagnostic::new(Span::new(start, end), "m")
                    .related(Span::new(end, start), "r")
                    .render(text, "f");
                assert!(shown.contains("error: m") && shown.contains('^'), "{shown}");
            }
        }
    }

    #[test]
    fn a_long_line_is_cut_around_its_mark() {
        let text = format!("{}X{}", "a".repeat(5000), "b".repeat(5000));
        let shown = Diagnostic::new(Span::new(5000, 9000), "m").render(&text, "f");
        assert!(
            shown.contains('X') && shown.lines().all(|l| l.len() < 200),
            "{shown}"
        );
    }
}
