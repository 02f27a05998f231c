//! What is said about a mistake, and what to do about it.

use super::foreign::{foreign_item, foreign_member, foreign_type, shortened};
use super::{Parser, Reported};
use crate::ast::{Expr, ExprKind, Name};
use crate::diagnostic::nearest;
use crate::lex::Kind;
use crate::words::{
    ITEMS, MAX_DEPTH, MEMBERS, OPERATION, TYPES, begins_item, begins_member, is_reserved,
};
use crate::{Diagnostic, Span, Unit};

impl Parser<'_> {
    /// The next token as it is named in a message.
    fn found(&self) -> String {
        match self.peek() {
            Kind::Word(word) if is_reserved(word) => format!("the word `{}`", shortened(word)),
            Kind::Word(word) => format!("`{}`", shortened(word)),
            Kind::Symbol(symbol) => format!("`{symbol}`"),
            Kind::Int(_) | Kind::Real(_) => "a number".to_owned(),
            Kind::Text(_) => "a text".to_owned(),
            Kind::Bytes(_) => "bytes".to_owned(),
            Kind::Bad => "something else".to_owned(),
            Kind::End => "the end of the file".to_owned(),
        }
    }

    /// Something else than `expected` comes next.
    pub(super) fn unexpected(&mut self, expected: &str) -> Reported {
        if let Some(reported) = self.known_mistake() {
            return reported;
        }
        let diagnostic = Diagnostic::error(
            self.here(),
            format!("expected {expected}, found {}", self.found()),
        )
        .label(format!("expected {expected}"));
        self.report(diagnostic)
    }

    /// Mistakes that explain themselves wherever they stand.
    fn known_mistake(&mut self) -> Option<Reported> {
        match self.peek() {
            Kind::Bad => Some(Reported),
            Kind::Word(word)
                if !self.first_on_line() && self.after_number() && !is_reserved(word) =>
            {
                Some(self.unknown_unit(word))
            }
            Kind::Symbol(
                "&&" | "||" | "=" | "===" | "!==" | "<>" | ":=" | "::" | "&" | "^" | "!" | "+="
                | "-=",
            ) => Some(self.foreign_operator()),
            _ => None,
        }
    }

    fn after_number(&self) -> bool {
        matches!(self.last_kind, Kind::Int(_) | Kind::Real(_))
    }

    /// An operator that other languages have.
    pub(super) fn foreign_operator(&mut self) -> Reported {
        let Kind::Symbol(symbol) = self.peek() else {
            return Reported;
        };
        let advice = match *symbol {
            "=" | "===" | ":=" => "write `==` to compare",
            "!==" | "<>" => "write `!=`",
            "&&" | "&" => "write `and`",
            "||" => "write `or`",
            "!" | "~" => "write `not`",
            "->" => "write `=>` for \"implies\"; `->` stands only in the arms of `match`",
            "^" => "write `pow(a, b)`",
            "?" => "write `if c then a else b`",
            "::" => "write `Kind.normal` for an alternative",
            "+=" | "-=" => "nothing is assigned here; compare with `old(x)`",
            _ => "write it in another way",
        };
        let diagnostic = Diagnostic::error(self.here(), format!("`{symbol}` is no operator"))
            .label("no operator")
            .advice(advice);
        self.report(diagnostic)
    }

    /// No expression begins here.
    pub(super) fn no_expression(&mut self) -> Reported {
        if let Kind::Word(word) = self.peek()
            && !(begins_member(word) || begins_item(word))
            && is_reserved(word)
        {
            let advice = match *word {
                "then" | "else" => "write `if c then a else b`",
                "in" => "write `let x = a in b`, or `x in xs`",
                "within" | "relative" => "write `a ~= b within 1e-9`, or `within 1e-9 relative`",
                _ => "an operator stands between two expressions",
            };
            let diagnostic = Diagnostic::error(
                self.here(),
                format!("expected an expression, found the word `{word}`"),
            )
            .label("expected an expression")
            .advice(advice);
            return self.report(diagnostic);
        }
        if self.at(".") && matches!(self.ahead(1), Kind::Int(_)) {
            let diagnostic = Diagnostic::error(self.here(), "a number begins with a digit")
                .label("no digit before the point")
                .advice("write `0.5`");
            return self.report(diagnostic);
        }
        self.unexpected("an expression")
    }

    pub(super) fn reserved(&mut self, word: &str, what: &str) -> Reported {
        let diagnostic = Diagnostic::error(
            self.here(),
            format!("expected {what}, found the word `{word}`"),
        )
        .label("a word of the language")
        .advice(format!("choose another name, for example `{word}_`"));
        self.report(diagnostic)
    }

    /// An item was expected.
    pub(super) fn no_item(&mut self) -> Reported {
        let expected = "`record`, `enum`, `define` or `tool`";
        let here = self.here();
        let diagnostic = match self.peek() {
            Kind::Bad => return Reported,
            Kind::Symbol("}") => Diagnostic::error(here, "this `}` closes nothing")
                .label("nothing is open")
                .advice("remove it, or look for a `}` too many before it"),
            Kind::Word(word) if begins_member(word) => {
                Diagnostic::error(here, format!("`{word}` stands outside a tool"))
                    .label("a member of a tool")
                    .advice("put it between the braces of a `tool NAME { … }`")
            }
            Kind::Word(word) => {
                let word = shortened(word);
                let diagnostic = Diagnostic::error(here, format!("unknown item `{word}`"))
                    .label(format!("expected {expected}"));
                match nearest(&word, ITEMS).or_else(|| foreign_item(&word)) {
                    Some(known) => diagnostic.advice(format!("write `{known}`")),
                    None => diagnostic.advice("a file holds records, enums, defines and tools"),
                }
            }
            _ => return self.unexpected(expected),
        };
        self.report(diagnostic)
    }

    /// A member was expected.
    pub(super) fn no_member(&mut self, tool: bool) -> Reported {
        let here = self.here();
        let Kind::Word(word) = self.peek() else {
            return self.unexpected("a member such as `input` or `ensures`, or `}`");
        };
        if *word == OPERATION && !tool {
            let diagnostic = Diagnostic::error(here, "operations do not stand in operations")
                .label("inside an operation")
                .advice("close the operation before it with `}`");
            return self.report(diagnostic);
        }
        let word = shortened(word);
        let known = MEMBERS.into_iter().chain([OPERATION]);
        let diagnostic = Diagnostic::error(here, format!("unknown member `{word}`"))
            .label("no word that begins a member");
        let diagnostic = match nearest(&word, known).or_else(|| foreign_member(&word)) {
            Some(known) => diagnostic.advice(format!("write `{known}`")),
            None => diagnostic.advice(format!(
                "members begin with {}, {OPERATION}",
                MEMBERS.join(", ")
            )),
        };
        self.report(diagnostic)
    }

    /// A bracket was not closed where something else begins.
    pub(super) fn unclosed(&mut self, opening: &str, closing: &str, place: Span) -> Reported {
        let ends = match self.peek() {
            Kind::End | Kind::Symbol(")" | "]" | "}" | ";") => true,
            Kind::Word(word) => begins_item(word) || (begins_member(word) && self.first_on_line()),
            _ => false,
        };
        if !ends {
            if let Some(reported) = self.known_mistake() {
                return reported;
            }
            let expected = if opening == "<" {
                format!("`{closing}`")
            } else {
                format!("`,` or `{closing}`")
            };
            let diagnostic = Diagnostic::error(
                self.here(),
                format!("expected {expected}, found {}", self.found()),
            )
            .label(format!("expected {expected}"))
            .related(place, "opened here");
            let diagnostic = if self.at(">=") && opening == "<" {
                diagnostic.advice("put a blank between `>` and `=`")
            } else {
                diagnostic
            };
            return self.report(diagnostic);
        }
        let diagnostic =
            Diagnostic::error(self.here(), format!("this `{opening}` is never closed"))
                .label(format!("expected `{closing}` before {}", self.found()))
                .related(place, "opened here")
                .advice(format!("close it with `{closing}`"));
        self.report(diagnostic)
    }

    pub(super) fn too_deep(&mut self, span: Span) -> Reported {
        // The whole of it would be too much to show.
        let span = Span::new(span.start, span.start.saturating_add(1).min(span.end));
        let diagnostic = Diagnostic::error(span, format!("nested deeper than {MAX_DEPTH} levels"))
            .label("begins here")
            .advice("give parts of it a name with `define`, or list the operands: `sum([…])`, `all([…], |x| x)`");
        self.report(diagnostic)
    }

    pub(super) fn no_label(&mut self) -> Reported {
        if matches!(self.peek(), Kind::Bad) {
            return Reported;
        }
        let diagnostic = Diagnostic::error(self.here(), "a label is missing")
            .label("expected a text")
            .advice("say in quotes what it is about: `ensures \"sorted\": is_sorted(xs)`");
        self.report(diagnostic)
    }

    pub(super) fn no_else(&mut self, start: Span) -> Reported {
        if let Some(reported) = self.known_mistake() {
            return reported;
        }
        let diagnostic = Diagnostic::error(self.here(), "this `if` has no `else`")
            .label(format!("expected `else`, found {}", self.found()))
            .related(start, "begins here")
            .advice("every `if` has a value: write `else`, or `c => a` for a condition");
        self.report(diagnostic)
    }

    pub(super) fn no_arrow(&mut self) -> Reported {
        let diagnostic = Diagnostic::error(
            self.here(),
            format!("expected `->`, found {}", self.found()),
        )
        .label("expected `->`")
        .advice("an arm is written `pattern -> value`");
        self.report(diagnostic)
    }

    pub(super) fn no_tolerance(&mut self) -> Reported {
        let diagnostic = Diagnostic::error(self.here(), "`~=` needs a tolerance")
            .label("expected `within`")
            .advice("write `a ~= b within 1e-9`, or `within 1e-9 relative`");
        self.report(diagnostic)
    }

    pub(super) fn chained_approx(&mut self) -> Reported {
        let diagnostic = Diagnostic::error(self.here(), "`~=` stands in no chain of comparisons")
            .label("a second comparison")
            .advice("join the comparisons with `and`");
        self.report(diagnostic)
    }

    pub(super) fn typed_let(&mut self) -> Reported {
        let diagnostic = Diagnostic::error(self.here(), "a `let` names no type")
            .label("no type here")
            .advice("write `let x = a in b`");
        self.report(diagnostic)
    }

    pub(super) fn empty_lambda(&mut self, start: Span) -> Reported {
        let diagnostic = Diagnostic::error(start.to(self.last), "this lambda has no parameter")
            .label("empty")
            .advice("write `|x| …`, or `|_| …` when it is not used");
        self.report(diagnostic)
    }

    pub(super) fn empty_tuple(&mut self, span: Span) -> Reported {
        let diagnostic = Diagnostic::error(span, "there is nothing between these parentheses")
            .label("empty")
            .advice("a tuple has at least two parts; nothing at all is `none`");
        self.report(diagnostic)
    }

    pub(super) fn empty_payload(&mut self, name: &Name) -> Reported {
        let span = name.span.to(self.last);
        let diagnostic =
            Diagnostic::error(span, format!("`{}` carries nothing", shortened(&name.text)))
                .label("empty parentheses")
                .advice(format!(
                    "write `{}` without parentheses",
                    shortened(&name.text)
                ));
        self.report(diagnostic)
    }

    pub(super) fn called_value(&mut self, value: &Expr) -> Reported {
        let diagnostic =
            Diagnostic::error(self.here(), "only functions are called").label("a call");
        let diagnostic = match *value.kind {
            ExprKind::Literal(_) => diagnostic.advice("write `*` to multiply"),
            _ => diagnostic.advice("a function is a built-in or a `define`, called by its name"),
        };
        self.report(diagnostic)
    }

    pub(super) fn method(&mut self, name: &Name) -> Reported {
        let text = shortened(&name.text);
        let diagnostic = Diagnostic::error(name.span, "values have no methods")
            .label("called after a point")
            .advice(format!("write `{text}(x, …)` instead of `x.{text}(…)`"));
        self.report(diagnostic)
    }

    pub(super) fn unknown_type(&mut self, word: &str) -> Reported {
        if is_reserved(word) {
            return self.reserved(word, "a type");
        }
        let word = shortened(word);
        let diagnostic =
            Diagnostic::error(self.here(), format!("unknown type `{word}`")).label("no type");
        let known =
            foreign_type(&word).or_else(|| nearest(&word, TYPES).map(|t| format!("write `{t}`")));
        let diagnostic = match known {
            Some(advice) => diagnostic.advice(advice),
            None => diagnostic.advice(format!(
                "types are {}, [T], {{K: V}}, T?, (A, B), and records and enums, whose names begin with a capital",
                TYPES.join(", ")
            )),
        };
        self.report(diagnostic)
    }

    pub(super) fn generic_type(&mut self, word: &str) -> Reported {
        let advice = match word {
            "Option" | "Maybe" => "write `T?`",
            "Vec" | "List" | "Array" | "Set" => "write `[T]`",
            "Map" | "HashMap" | "BTreeMap" | "Dict" => "write `{K: V}`",
            _ => "only `int` and `real` take something in angle brackets: a unit",
        };
        let diagnostic =
            Diagnostic::error(self.here(), format!("`{}` takes no type", shortened(word)))
                .label("followed by `<`")
                .advice(advice);
        self.report(diagnostic)
    }

    pub(super) fn unit_of_nothing(&mut self, word: &str) -> Reported {
        let diagnostic =
            Diagnostic::error(self.here(), format!("`{}` takes no unit", shortened(word)))
                .label("a unit")
                .advice("units follow `int` and `real`: `int<ns>`");
        self.report(diagnostic)
    }

    pub(super) fn unknown_unit(&mut self, word: &str) -> Reported {
        let word = shortened(word);
        let diagnostic =
            Diagnostic::error(self.here(), format!("unknown unit `{word}`")).label("no unit");
        let units = Unit::ALL.map(Unit::symbol).join(", ");
        let advice = match Unit::ALL
            .into_iter()
            .find(|u| u.symbol().eq_ignore_ascii_case(&word))
        {
            Some(unit) => format!("write `{}`; units are {units}", unit.symbol()),
            None => format!("units are {units}"),
        };
        self.report(diagnostic.advice(advice))
    }

    pub(super) fn no_quantity(&mut self, span: Span, written: &str) -> Reported {
        let diagnostic =
            Diagnostic::error(span, "this quantity cannot be kept exactly").label("out of range");
        let advice = if written.contains(['e', 'E']) {
            "write it without an exponent and choose a unit: `1.5 ms`"
        } else {
            "at most 18 digits stand after the point, and all digits together fit 64 bits; choose another unit"
        };
        self.report(diagnostic.advice(advice))
    }
}
