//! The steps of a protocol.

use super::{Kind, Name, Parsed, Parser, Reported};
use crate::ast::{Choice, Crash, Do, For, Global, GlobalKind, Message, Range, Rec, RoleRef, Scope};
use crate::{Diagnostic, Span};

pub(super) fn comment(text: String, span: Span) -> Global {
    Global {
        kind: GlobalKind::Comment(text),
        span,
    }
}

impl Parser<'_> {
    /// `{ … }`; what could not be read is left out and reported.
    pub(super) fn block(&mut self) -> Parsed<Vec<Global>> {
        self.deeper(|p| {
            let opened = p.expect("{", " before the steps")?;
            let mut steps = Vec::new();
            loop {
                while p.accept(";") {}
                p.take_comments();
                let here = p.here();
                steps.extend(
                    std::mem::take(&mut p.pending)
                        .into_iter()
                        .map(|c| comment(c, here)),
                );
                if p.accept("}") {
                    return Ok(steps);
                }
                if p.peek() == Kind::End {
                    let d = Diagnostic::new(
                        p.here(),
                        "expected a step or `}`, found the end of the text",
                    )
                    .related(opened, "this `{` is still open")
                    .advice("close it with `}`");
                    return Err(p.report(d));
                }
                let failed = p.diagnostics.len();
                match p.step() {
                    Ok(step) => {
                        let behind = p.comments_behind();
                        steps.extend(behind.into_iter().map(|c| comment(c, here)));
                        steps.push(step);
                    }
                    Err(Reported) if failed < super::MAX_DIAGNOSTICS => p.skip_step(),
                    Err(Reported) => return Err(Reported),
                }
            }
        })
    }

    /// To behind the next `;` or block of this block, or before its `}`.
    fn skip_step(&mut self) {
        let mut open = 0_usize;
        loop {
            match self.peek() {
                Kind::End => return,
                Kind::Symbol("}") if open == 0 => return,
                Kind::Symbol("{") => open += 1,
                Kind::Symbol("}") => {
                    open -= 1;
                    if open == 0 {
                        self.next();
                        return;
                    }
                }
                Kind::Symbol(";") if open == 0 => {
                    self.next();
                    return;
                }
                Kind::Word("protocol") if open == 0 => return,
                _ => {}
            }
            self.next();
        }
    }

    fn step(&mut self) -> Parsed<Global> {
        let start = self.here();
        let kind = match self.peek() {
            Kind::Word("choice") => self.choice()?,
            Kind::Word("rec") => {
                self.next();
                let name = self.name("the loop's name")?;
                GlobalKind::Rec(Rec {
                    name,
                    body: self.block()?,
                })
            }
            Kind::Word("continue") => {
                self.next();
                let name = self.name("the name of a loop around this")?;
                self.expect(";", " after the loop's name")?;
                GlobalKind::Continue(name)
            }
            Kind::Word("do") => self.do_()?,
            Kind::Word("for") => self.for_()?,
            Kind::Word("or") => {
                let d = Diagnostic::new(start, "`or` stands behind no branch of a choice")
                    .advice("write `choice at A { … } or { … }`");
                return Err(self.report(d));
            }
            Kind::Word("crash") => {
                let d = Diagnostic::new(start, "`crash` stands behind no choice and no block")
                    .advice(
                        "write `{ … } crash A { … }` around the steps during which A may be gone",
                    );
                return Err(self.report(d));
            }
            Kind::Symbol("{") => {
                let body = self.block()?;
                let crashes = self.crashes()?;
                if crashes.is_empty() {
                    let d = Diagnostic::new(start, "this block stands for nothing")
                        .advice("follow it with `crash ROLE { … }`, or leave out its braces");
                    return Err(self.report(d));
                }
                GlobalKind::Scope(Scope { body, crashes })
            }
            _ => GlobalKind::Message(self.message()?),
        };
        Ok(Global {
            kind,
            span: start.to(self.last),
        })
    }

    fn message(&mut self) -> Parsed<Message> {
        let label = self.name("a message's label, `choice`, `rec`, `continue`, `do` or `for`")?;
        let payload = self.payload()?;
        if self.at("->") || self.at_word("to") {
            let d = Diagnostic::new(
                self.here(),
                format!("who sends `{}` stands behind `from`", label.text),
            )
            .advice(format!("write `{}(…) from A to B;`", label.text));
            return Err(self.report(d));
        }
        self.expect_word("from", " and who sends it")?;
        let from = self.role_ref()?;
        self.expect_word("to", " and who receives it")?;
        let to = self.role_ref()?;
        let within = if self.accept_word("within") {
            let Kind::Time(time) = self.peek() else {
                return Err(self.unexpected("a time such as `500ms` or `5s`"));
            };
            self.next();
            Some(time)
        } else {
            None
        };
        self.expect(";", " after the message")?;
        Ok(Message {
            label,
            payload,
            from,
            to,
            within,
        })
    }

    pub(super) fn role_ref(&mut self) -> Parsed<RoleRef> {
        let name = self.name("a role")?;
        let index = if self.accept("[") {
            let mut index = self.expr()?;
            index.span = index.span.to(self.expect("]", " after the index")?);
            Some(index)
        } else {
            None
        };
        Ok(RoleRef { name, index })
    }

    fn choice(&mut self) -> Parsed<GlobalKind> {
        self.next();
        self.expect_word("at", " and who decides")?;
        let at = self.role_ref()?;
        let mut branches = vec![self.block()?];
        while self.accept_word("or") {
            branches.push(self.block()?);
        }
        Ok(GlobalKind::Choice(Choice {
            at,
            branches,
            crashes: self.crashes()?,
        }))
    }

    fn crashes(&mut self) -> Parsed<Vec<Crash>> {
        let mut crashes = Vec::new();
        while self.accept_word("crash") {
            let role = self.role_ref()?;
            let span = role.span();
            crashes.push(Crash {
                role,
                body: self.block()?,
                span,
            });
        }
        Ok(crashes)
    }

    fn do_(&mut self) -> Parsed<GlobalKind> {
        self.next();
        let protocol = self.name("the protocol's name")?;
        let mut values = Vec::new();
        if self.accept("<") {
            while !self.at(">") {
                values.push(self.expr()?);
                if !self.accept(",") {
                    break;
                }
            }
            self.expect(">", " after the parameters")?;
        }
        self.expect("(", " before the roles")?;
        let mut roles = Vec::new();
        while !self.at(")") {
            roles.push(self.role_ref()?);
            if !self.accept(",") {
                break;
            }
        }
        self.expect(")", " after the roles")?;
        self.expect(";", " after the protocol")?;
        Ok(GlobalKind::Do(Do {
            protocol,
            values,
            roles,
            target: None,
        }))
    }

    fn for_(&mut self) -> Parsed<GlobalKind> {
        self.next();
        let variable: Name = self.name("the variable's name")?;
        self.expect_word("in", " and a family or a range of numbers")?;
        let range = match (self.peek(), self.ahead(1)) {
            (Kind::Word(_), Kind::Symbol("{")) => Range::Family(self.name("a family of roles")?),
            _ => {
                let from = self.expr()?;
                self.expect("..", " between the first number and the one after the last")?;
                Range::Numbers(from, self.expr()?)
            }
        };
        Ok(GlobalKind::For(For {
            variable,
            range,
            body: self.block()?,
        }))
    }
}
