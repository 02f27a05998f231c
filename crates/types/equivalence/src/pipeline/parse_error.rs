//! What is wrong with the text of a pipeline, and where.

use std::ops::Range;

/// A message with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}, at byte {}", span.start)]
pub struct ParseError {
    /// What was found and what was expected.
    pub message: String,
    /// Bytes of the text it is about.
    pub span: Range<usize>,
}

impl ParseError {
    pub(super) fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            message: message.into(),
            span,
        }
    }

    /// Three lines: the message, the line of `source` it is about, and carets below the place.
    ///
    /// `source` is the text that was parsed; with another one the carets may stand elsewhere.
    #[must_use]
    pub fn render(&self, source: &str) -> String {
        let floor = |mut at: usize| {
            at = at.min(source.len());
            while !source.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(self.span.start);
        let end = floor(self.span.end).max(start);
        let from = source
            .get(..start)
            .and_then(|s| s.rfind('\n'))
            .map_or(0, |n| n + 1);
        let to = source
            .get(start..)
            .and_then(|s| s.find('\n'))
            .map_or(source.len(), |n| start + n);
        let visible = |s: &str| {
            s.chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect::<String>()
        };
        let line = visible(source.get(from..to).unwrap_or(""));
        let before = source.get(from..start).unwrap_or("").chars().count();
        let width = source
            .get(start..end.min(to))
            .unwrap_or("")
            .chars()
            .count()
            .max(1);
        format!(
            "error: {}\n  | {line}\n  | {}{}",
            self.message,
            " ".repeat(before),
            "^".repeat(width)
        )
    }
}
