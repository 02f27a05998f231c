//! Where reading goes on after a mistake.

use super::{Parsed, Parser, Reported};
use crate::Diagnostic;
use crate::lex::Kind;
use crate::words::{begins_item, begins_member};

impl Parser<'_> {
    /// Skips to a word that begins an item on its own line.
    pub(super) fn skip_to_item(&mut self) {
        self.reset(0);
        while !matches!(self.peek(), Kind::End) && !self.begins_next_item() {
            self.next();
        }
    }

    pub(super) fn begins_next_item(&self) -> bool {
        matches!(self.peek(), Kind::Word(word) if begins_item(word)) && self.first_on_line()
    }

    /// Skips to a word that begins a member, or to the end of the body whose brace is the `level`th that is open.
    ///
    /// `before` tokens were left when the member that went wrong began; it is not tried again.
    pub(super) fn skip_to_member(&mut self, level: usize, before: usize) {
        if self.tokens.len() == before {
            self.next();
        }
        let braces = self
            .brackets
            .iter()
            .skip(level)
            .filter(|(b, _)| *b == "{")
            .count();
        self.reset(level);
        let mut open = braces;
        loop {
            match self.peek() {
                Kind::End => return,
                Kind::Symbol("}") if open == 0 => return,
                Kind::Symbol("}") => open -= 1,
                Kind::Symbol("{") => open += 1,
                Kind::Word(_) if self.begins_next_item() || self.begins_next_member() => return,
                _ => {}
            }
            self.next();
        }
    }

    fn begins_next_member(&self) -> bool {
        let Kind::Word(word) = self.peek() else {
            return false;
        };
        let alone = self.first_on_line() || matches!(self.last_kind, Kind::Symbol(";" | "{" | "}"));
        begins_member(word) && alone && !matches!(self.ahead(1), Kind::Symbol("."))
    }

    fn reset(&mut self, level: usize) {
        self.brackets.truncate(level);
        self.no_in = false;
    }

    /// After a member stands another, or `;`, or the end of the body.
    pub(super) fn member_ends(&mut self, tool: bool) -> Parsed<()> {
        match self.peek() {
            Kind::Symbol(";") => {
                let end = self.last;
                while self.accept(";") {}
                // Its own last token is what a comment on its line is measured from.
                self.last = end;
                Ok(())
            }
            Kind::Symbol("}") | Kind::End => Ok(()),
            Kind::Word(word) if begins_member(word) || begins_item(word) => Ok(()),
            Kind::Word(_) if self.first_on_line() => Err(self.no_member(tool)),
            _ => Err(self.unexpected("the next member, `;` or `}`")),
        }
    }

    /// The body's brace is still open where something else begins.
    pub(super) fn unclosed_body(&mut self) -> Reported {
        match self.brackets.last().copied() {
            Some((opening, place)) => self.unclosed(opening, "}", place),
            None => self.report(Diagnostic::error(self.here(), "a `}` is missing")),
        }
    }
}
