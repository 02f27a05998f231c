//! What is wrong with a source text, where, and what to do about it.

use std::error;
use std::fmt;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The document can be used all the same.
    Warning,
    /// The document means nothing.
    Error,
}

/// One thing that is wrong.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Where it is, in bytes of the source.
    pub span: Span,
    /// What is wrong: one line, lower-case, without a final stop.
    pub message: String,
    /// What stands beside the caret; may be empty.
    pub label: String,
    /// What to do; none where nobody can know.
    pub advice: Option<String>,
    /// Other places that explain it, for example where a brace was opened.
    pub related: Vec<(Span, String)>,
}

impl Diagnostic {
    /// An error at a place.
    #[must_use]
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            span,
            message: message.into(),
            label: String::new(),
            advice: None,
            related: Vec::new(),
        }
    }

    /// A warning at a place.
    #[must_use]
    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(span, message)
        }
    }

    /// With words beside the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// With the way out.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// With another place that explains it.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }
}

/// One line: severity, message and advice.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}: {}", self.message)?;
        match &self.advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with a source text, in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Nothing is wrong so far.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// Notes one more.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// All of them.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.list
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether there is any of severity [`Severity::Error`].
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// In the order of the text, those of one place in the order in which they were noted.
    pub fn sort(&mut self) {
        self.list.sort_by_key(|d| (d.span.start, d.span.end));
    }

    /// For people: each with the excerpt of `source` that it is about, a caret and the advice.
    ///
    /// `source` is the text that was parsed and `file_name` what to call it. Positions outside `source` are moved to
    /// its end. `color` adds ANSI escapes.
    #[must_use]
    pub fn render(&self, source: &str, file_name: &str, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let mut text = String::new();
        for diagnostic in &self.list {
            text.push_str(&renderer.render(&[group(diagnostic, source, file_name)]));
            text.push('\n');
        }
        text
    }
}

fn group<'a>(diagnostic: &'a Diagnostic, source: &'a str, file_name: &'a str) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let window = window(diagnostic, source);
    let shown = source.get(window.clone()).unwrap_or_default();
    let before = source.get(..window.start).unwrap_or_default();
    let range = |span: Span| {
        let place = inside(span, source);
        place.start.saturating_sub(window.start)..place.end.saturating_sub(window.start)
    };
    let mut primary = AnnotationKind::Primary.span(range(diagnostic.span));
    if !diagnostic.label.is_empty() {
        primary = primary.label(diagnostic.label.as_str());
    }
    let related = diagnostic.related.iter().map(|(span, label)| {
        AnnotationKind::Context
            .span(range(*span))
            .label(label.as_str())
    });
    let snippet = Snippet::source(shown)
        .line_start(1 + before.matches('\n').count())
        .path(file_name)
        .annotation(primary)
        .annotations(related);
    let group = level
        .primary_title(diagnostic.message.as_str())
        .element(snippet);
    match &diagnostic.advice {
        Some(advice) => group.element(Level::HELP.message(advice.as_str())),
        None => group,
    }
}

/// The lines that the diagnostic is about, so that many of them in a large source are shown in little time.
fn window(diagnostic: &Diagnostic, source: &str) -> std::ops::Range<usize> {
    let related = diagnostic.related.iter().map(|(span, _)| *span);
    let whole = related.fold(diagnostic.span, Span::to);
    let places = inside(whole, source);
    let before = source.get(..places.start).unwrap_or_default();
    let after = source.get(places.end..).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = after.find('\n').map_or(source.len(), |at| places.end + at);
    start..end
}

/// The span as a range of whole characters of the source.
fn inside(span: Span, source: &str) -> std::ops::Range<usize> {
    let place = |at: u32| {
        let at = usize::try_from(at).unwrap_or(usize::MAX).min(source.len());
        source.floor_char_boundary(at)
    };
    let start = place(span.start);
    start..place(span.end).max(start)
}

/// One line each, without the source.
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.list.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl error::Error for Diagnostics {}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            list: vec![diagnostic],
        }
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, more: I) {
        self.list.extend(more);
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

/// The word of `known` that `word` was probably meant to be: at most a third of its letters (at least one) differ.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters: Vec<char> = word.chars().take(MAX_WORD + 1).collect();
    if letters.len() > MAX_WORD {
        return None;
    }
    known
        .into_iter()
        .map(|candidate| (distance(&letters, candidate), candidate))
        .filter(|(d, candidate)| *d <= (candidate.chars().count().min(letters.len()) / 3).max(1))
        .min_by_key(|(d, _)| *d)
        .map(|(_, candidate)| candidate)
}

/// Longer words are not compared.
const MAX_WORD: usize = 40;

/// Insertions, deletions, replacements and swaps of neighbours that make one word of the other (Damerau and Levenshtein,
/// restricted), letter case free.
fn distance(a: &[char], b: &str) -> usize {
    let fold = |c: char| c.to_ascii_lowercase();
    let b: Vec<char> = b.chars().map(fold).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut previous_a = None;
    for (i, &x) in a.iter().enumerate() {
        let x = fold(x);
        let mut next = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let at = |row: &[usize], k: usize| row.get(k).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&row, j) + usize::from(x != y))
                .min(at(&row, j + 1) + 1)
                .min(at(&next, j) + 1);
            let swapped = j > 0 && previous_a == Some(y) && b.get(j - 1) == Some(&x);
            if swapped && let Some(two_back) = before.get(j - 1) {
                best = best.min(two_back + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        previous_a = Some(x);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_is_recognised() {
        let known = ["requires", "ensures", "len", "positions"];
        assert_eq!(nearest("requrie", known), Some("requires"));
        assert_eq!(nearest("lne", known), Some("len"));
        assert_eq!(nearest("ENSURES", known), Some("ensures"));
        assert_eq!(nearest("position", known), Some("positions"));
        assert_eq!(nearest("zebra", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"x".repeat(100_000), known), None);
    }

    #[test]
    fn spans_outside_the_source_are_moved_inside() {
        let source = "aé";
        for (span, expected) in [
            (Span::new(0, 1), 0..1),
            (Span::new(2, 2), 1..1),
            (Span::new(1, 99), 1..3),
            (Span::new(50, 4), 3..3),
            (Span::new(3, 0), 3..3),
        ] {
            assert_eq!(inside(span, source), expected);
            let list = Diagnostics::from(
                Diagnostic::error(span, "m")
                    .label("l")
                    .related(Span::new(7, 9), "r"),
            );
            assert!(list.render(source, "f", true).contains('m'));
            assert!(list.render("", "f", false).contains('m'));
        }
    }

    #[test]
    fn lists_know_their_worst_and_their_order() {
        let mut list = Diagnostics::new();
        assert!(list.is_empty() && !list.has_errors());
        list.push(Diagnostic::warning(Span::new(5, 6), "later"));
        assert!(!list.has_errors());
        list.push(Diagnostic::error(Span::new(1, 2), "sooner").advice("do it"));
        list.sort();
        assert!(list.has_errors() && list.len() == 2);
        assert_eq!(list.to_string(), "error: sooner; do it\nwarning: later");
    }
}
