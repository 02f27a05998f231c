//! What messages carry: types are read as balanced text and normalised, not understood.

use super::{Kind, Parsed, Parser};
use crate::Diagnostic;
use crate::ast::{Payload, Role};

impl Parser<'_> {
    /// `(T, session P@r)`
    pub(super) fn payload(&mut self) -> Parsed<Vec<Payload>> {
        self.expect("(", " and what it carries; `()` where that is nothing")?;
        let mut payload = Vec::new();
        while !self.at(")") {
            payload.push(if self.at_word("session") {
                self.session()?
            } else {
                self.type_()?
            });
            if !self.accept(",") {
                break;
            }
        }
        self.expect(")", " after what it carries")?;
        Ok(payload)
    }

    fn session(&mut self) -> Parsed<Payload> {
        self.next();
        let protocol = self.name("the protocol of the session")?.text;
        self.expect("@", " and the role that is handed over")?;
        let name = self.name("the role that is handed over")?.text;
        let index = if self.accept("[") {
            let index = self.number("which of the family")?;
            self.expect("]", " after the index")?;
            Some(index)
        } else {
            None
        };
        Ok(Payload::Session {
            protocol,
            role: Role { name, index },
        })
    }

    /// Tokens up to a comma or a closing bracket that belongs to no bracket inside.
    fn type_(&mut self) -> Parsed<Payload> {
        let mut text = String::new();
        let mut open: Vec<&'static str> = Vec::new();
        let mut last = "";
        loop {
            match self.peek() {
                Kind::Symbol("," | ")") if open.is_empty() => break,
                Kind::Word(word) => {
                    if needs_blank_after(last) {
                        text.push(' ');
                    }
                    text.push_str(word);
                    last = "a";
                }
                Kind::Number(n) => {
                    if needs_blank_after(last) {
                        text.push(' ');
                    }
                    text.push_str(&n.to_string());
                    last = "a";
                }
                Kind::Symbol(sign @ ("(" | "[" | "<")) => {
                    let closing = match sign {
                        "(" => ")",
                        "[" => "]",
                        _ => ">",
                    };
                    if open.len() >= super::MAX_DEPTH {
                        let d = Diagnostic::new(self.here(), "this type is nested too deep")
                            .advice("give it a name");
                        return Err(self.report(d));
                    }
                    open.push(closing);
                    if matches!(last, "," | ";" | "->" | "+" | "=") {
                        text.push(' ');
                    }
                    text.push_str(sign);
                    last = sign;
                }
                Kind::Symbol(sign @ (")" | "]" | ">")) => {
                    if open.pop() != Some(sign) {
                        return Err(self.unexpected("the rest of a type"));
                    }
                    text.push_str(sign);
                    last = sign;
                }
                Kind::Symbol(sign @ ("->" | "+" | "=")) if !text.is_empty() => {
                    text.push(' ');
                    text.push_str(sign);
                    last = sign;
                }
                Kind::Symbol(sign @ ("::" | "&" | "*" | "'" | "!")) => {
                    if matches!(last, "," | ";" | "->" | "+" | "=") {
                        text.push(' ');
                    }
                    text.push_str(sign);
                    last = sign;
                }
                Kind::Symbol(sign @ ("," | ";")) if !open.is_empty() => {
                    text.push_str(sign);
                    last = sign;
                }
                _ => return Err(self.unexpected("a type")),
            }
            self.next();
        }
        if text.is_empty() {
            return Err(self.unexpected("a type"));
        }
        Ok(Payload::Type(text))
    }
}

/// Whether a word behind this token stands apart from it.
fn needs_blank_after(last: &str) -> bool {
    matches!(last, "a" | "," | ";" | "->" | "+" | "=" | ">" | ")" | "]")
}
