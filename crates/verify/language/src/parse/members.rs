//! Members of tools and operations.

use super::{Parsed, Parser};
use crate::ast::{
    Body, Budget, BudgetKind, Clause, ClauseKind, Complexity, Example, Expr, Member, MemberKind,
    Name, Operation, Outcome, Permission, Scenario, Step,
};
use crate::lex::Kind;
use crate::words::begins_item;

impl Parser<'_> {
    /// Members between braces, and the comments that stand on the line of `{`.
    pub(super) fn body(&mut self, owner: &Name, tool: bool) -> Parsed<(Body, Vec<String>)> {
        self.open("{", &format!(" before the members of `{}`", owner.text))?;
        let mut comments = self.comments_to_here();
        let mut members: Vec<Member> = Vec::new();
        let level = self.brackets.len();
        loop {
            while self.accept(";") {}
            match self.peek() {
                Kind::Symbol("}") => break,
                Kind::End => return Err(self.unclosed_body()),
                Kind::Word(word) if begins_item(word) => return Err(self.unclosed_body()),
                _ => {
                    let before = self.tokens.len();
                    match self.member(tool) {
                        Ok(member) => members.push(member),
                        Err(_) => self.skip_to_member(level, before),
                    }
                }
            }
        }
        let mut rest = self.comments_before(self.next_start());
        members
            .last_mut()
            .map_or(&mut comments, |m| &mut m.comments)
            .append(&mut rest);
        self.close()?;
        Ok((Body { members }, comments))
    }

    fn member(&mut self, tool: bool) -> Parsed<Member> {
        let start = self.here();
        let mut comments = self.comments_before(start.start);
        let Kind::Word(word) = self.peek() else {
            return Err(self.no_member(tool));
        };
        let kind = match *word {
            "input" => MemberKind::Input(self.after(|p| p.field("the input's name"))?),
            "output" => MemberKind::Output(self.after(|p| p.field("the output's name"))?),
            "state" => MemberKind::State(self.after(|p| p.field("the state variable's name"))?),
            "requires" => MemberKind::Clause(self.clause(ClauseKind::Requires)?),
            "fails" => MemberKind::Clause(self.clause(ClauseKind::Fails)?),
            "ensures" => MemberKind::Clause(self.clause(ClauseKind::Ensures)?),
            "invariant" => MemberKind::Clause(self.clause(ClauseKind::Invariant)?),
            "complexity" => MemberKind::Complexity(self.complexity()?),
            "budget" => MemberKind::Budget(self.budget()?),
            "effects" => MemberKind::Effects(self.after(Self::effects)?),
            "permissions" => MemberKind::Permissions(self.after(Self::permissions)?),
            "example" => MemberKind::Example(self.example()?),
            "scenario" => MemberKind::Scenario(self.scenario()?),
            "operation" if tool => MemberKind::Operation(self.operation(&mut comments)?),
            _ => return Err(self.no_member(tool)),
        };
        let span = start.to(self.last);
        self.member_ends(tool)?;
        comments.append(&mut self.comments_to_here());
        Ok(Member {
            comments,
            kind,
            span,
        })
    }

    /// What stands after the keyword.
    fn after<T>(&mut self, rest: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.next();
        rest(self)
    }

    fn clause(&mut self, kind: ClauseKind) -> Parsed<Clause> {
        self.next();
        if !matches!(self.peek(), Kind::Text(_)) {
            return Err(self.no_label());
        }
        let label = self.label("a label")?;
        self.expect(":", " after the label")?;
        let condition = self.expr()?;
        Ok(Clause {
            kind,
            label,
            condition,
        })
    }

    fn complexity(&mut self) -> Parsed<Complexity> {
        self.next();
        let operation = self.any_word("the operation's name")?;
        self.expect(":", " and a bound such as `O(n log n)`")?;
        if !self.accept_word("O") {
            return Err(self.unexpected("a bound such as `O(n log n)`"));
        }
        self.open("(", " after `O`")?;
        let bound = self.bound()?;
        self.close()?;
        let mut variables = Vec::new();
        if self.accept_word("where") {
            loop {
                let name = self.name("a variable of the bound")?;
                self.expect("=", " and what the variable is")?;
                variables.push((name, self.expr()?));
                if !self.accept(",") {
                    break;
                }
            }
        }
        Ok(Complexity {
            operation,
            bound,
            variables,
        })
    }

    fn budget(&mut self) -> Parsed<Budget> {
        self.next();
        let kind = match self.peek() {
            Kind::Word("time") => BudgetKind::Time,
            Kind::Word("memory") => BudgetKind::Memory,
            _ => return Err(self.unexpected("`time` or `memory`")),
        };
        self.next();
        let limit = self.expr()?;
        let when = if self.accept_word("when") {
            Some(self.expr()?)
        } else {
            None
        };
        Ok(Budget { kind, limit, when })
    }

    fn effects(&mut self) -> Parsed<Vec<Name>> {
        if self.accept_word("none") {
            return Ok(Vec::new());
        }
        self.separated(|p| p.any_word("an effect such as `clock`, or `none`"))
    }

    fn permissions(&mut self) -> Parsed<Vec<Permission>> {
        if self.accept_word("none") {
            return Ok(Vec::new());
        }
        self.separated(|p| {
            let action = p.any_word("an action such as `read_file`, or `none`")?;
            let resource = p.label(&format!("to what `{}` is allowed, as a text", action.text))?;
            Ok(Permission { action, resource })
        })
    }

    /// At least one, with commas between them.
    fn separated<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.accept(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn example(&mut self) -> Parsed<Example> {
        self.next();
        let label = self.doc()?;
        let inputs = self.named("before the inputs")?;
        self.expect("=>", " and what must come: `(name: value)` or `fails`")?;
        let outcome = self.outcome()?;
        Ok(Example {
            label,
            inputs,
            outcome,
        })
    }

    fn outcome(&mut self) -> Parsed<Outcome> {
        if self.accept_word("fails") {
            return Ok(Outcome::Fails);
        }
        if !self.at("(") {
            return Err(self.unexpected("`(name: value)` or `fails`"));
        }
        self.named("").map(Outcome::Gives)
    }

    /// `(name: value, …)`
    fn named(&mut self, what_for: &str) -> Parsed<Vec<(Name, Expr)>> {
        let what_for = if what_for.is_empty() {
            String::new()
        } else {
            format!(" {what_for}")
        };
        self.listed("(", &what_for, |p| {
            let name = p.name("a name")?;
            p.expect(":", &format!(" and a value after `{}`", name.text))?;
            Ok((name, p.expr()?))
        })
    }

    fn scenario(&mut self) -> Parsed<Scenario> {
        self.next();
        if !matches!(self.peek(), Kind::Text(_)) {
            return Err(self.no_label());
        }
        let label = self.label("a label")?;
        self.open("{", " before the calls")?;
        let mut steps = Vec::new();
        loop {
            while self.accept(";") {}
            if !matches!(self.peek(), Kind::Word(_)) {
                break;
            }
            let operation = self.name("an operation's name")?;
            let inputs = self.named("before the inputs")?;
            let outcome = if self.accept("=>") {
                Some(self.outcome()?)
            } else {
                None
            };
            steps.push(Step {
                operation,
                inputs,
                outcome,
            });
        }
        self.close()?;
        Ok(Scenario { label, steps })
    }

    fn operation(&mut self, comments: &mut Vec<String>) -> Parsed<Operation> {
        self.next();
        let name = self.name("the operation's name")?;
        let doc = self.doc()?;
        let (body, mut more) = self.body(&name, false)?;
        comments.append(&mut more);
        Ok(Operation { name, doc, body })
    }
}
