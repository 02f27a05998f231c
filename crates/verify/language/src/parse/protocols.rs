//! Protocols, which another crate reads.

use voidstate_protocol::parse_after;

use super::{Parsed, Parser, Reported, index, span};
use crate::lex::{Kind, MAX_DIAGNOSTICS};
use crate::{Diagnostic, Span};

impl Parser<'_> {
    /// `protocol NAME(…) { … }`: everything up to the brace that closes it, as canonical text.
    pub(super) fn protocol(&mut self) -> Parsed<String> {
        let start = self.here();
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Kind::End => break,
                // What is not closed ends before the next item, which nothing indents.
                Kind::Word(_)
                    if self.last.end > start.start
                        && self.begins_next_item()
                        && !self.is_indented() =>
                {
                    break;
                }
                Kind::Symbol("{") => open += 1,
                Kind::Symbol("}") if open <= 1 => {
                    self.next();
                    break;
                }
                Kind::Symbol("}") => open -= 1,
                _ => {}
            }
            self.next();
        }
        let whole = start.to(self.last);
        self.foreign.push(whole);
        // Its own comments are part of its text.
        let inside = self.comments_before(whole.end);
        drop(inside);
        let text = self
            .source
            .get(index(whole.start)..index(whole.end))
            .unwrap_or_default();
        match parse_after(text, &self.protocols) {
            Ok(found) => {
                let text = voidstate_protocol::format(&found);
                self.protocols.extend(found);
                Ok(text.trim_end().to_owned())
            }
            Err(wrong) => {
                for diagnostic in wrong {
                    let place = |range: std::ops::Range<usize>| {
                        let from = index(whole.start);
                        span(
                            from.saturating_add(range.start),
                            from.saturating_add(range.end),
                        )
                    };
                    let mut ours = Diagnostic::error(place(diagnostic.span), diagnostic.message);
                    if !diagnostic.advice.is_empty() {
                        ours = ours.advice(diagnostic.advice);
                    }
                    for (range, what) in diagnostic.related {
                        ours = ours.related(place(range), what);
                    }
                    let Reported = self.report(ours);
                }
                Err(Reported)
            }
        }
    }

    /// Whether anything stands before the next token on its line, blanks included.
    fn is_indented(&self) -> bool {
        let before = self
            .source
            .get(..index(self.here().start))
            .unwrap_or_default();
        !before.ends_with(['\n', '\r'])
    }

    /// Forgets what the lexer, whose language protocols do not speak, complained about inside of protocols; they were read
    /// without it. `lexed_badly` of the diagnostics are its. When it stopped complaining, nobody knows what it left out, so
    /// everything stands.
    pub(super) fn forget_foreign(&mut self, lexed_badly: usize) {
        if self.foreign.is_empty() || lexed_badly == 0 || lexed_badly >= MAX_DIAGNOSTICS {
            return;
        }
        let is_foreign = |place: Span| {
            self.foreign
                .iter()
                .any(|f| f.start <= place.start && place.end <= f.end)
        };
        let mut kept = crate::Diagnostics::new();
        for (i, diagnostic) in self.diagnostics.iter().enumerate() {
            if i >= lexed_badly || !is_foreign(diagnostic.span) {
                kept.push(diagnostic.clone());
            }
        }
        self.diagnostics = kept;
    }
}
