//! Whether a tree can be written: what the grammar guarantees of a parsed document, asked of any other.

mod exprs;

use crate::ast::{
    Body, Bound, Document, Item, ItemKind, Member, MemberKind, Name, Outcome, TypeExpr, TypeKind,
};
use crate::json::at_path;
use crate::lex::MAX_DIAGNOSTICS;
use crate::words::{MAX_DEPTH, is_forbidden, is_reserved, is_type_name, is_word};
use crate::{Diagnostic, Diagnostics};

/// Refuses a tree that no source text gives.
pub(crate) fn validate(document: &Document) -> Result<(), Diagnostics> {
    let mut tree = Tree::default();
    for (i, item) in document.items.iter().enumerate() {
        tree.inside(format!("items[{i}]"), |t| t.item(item));
    }
    tree.comments(&document.comments);
    if tree.wrong.is_empty() {
        Ok(())
    } else {
        Err(tree.wrong)
    }
}

#[derive(Default)]
struct Tree {
    path: Vec<String>,
    /// The protocols before this place.
    protocols: Vec<voidstate_protocol::Protocol>,
    wrong: Diagnostics,
}

/// What is wrong with a word in a place.
const NO_WORD: &str = "a name is a letter or `_`, then letters, digits and `_`";
const RESERVED: &str = "choose a name that is no word of the language";
const NO_CAPITAL: &str = "names of records and enums begin with a capital letter";

impl Tree {
    fn inside(&mut self, step: impl Into<String>, check: impl FnOnce(&mut Self)) {
        self.path.push(step.into());
        check(self);
        self.path.pop();
    }

    fn refuse(&mut self, message: impl std::fmt::Display, advice: &str) {
        if self.wrong.len() < MAX_DIAGNOSTICS {
            let diagnostic: Diagnostic = at_path(&self.path.join("."), message, advice);
            self.wrong.push(diagnostic);
        }
    }

    /// A word, reserved or not.
    fn word(&mut self, name: &Name) {
        if !is_word(&name.text) {
            self.refuse(format!("{:?} is no word", shown(&name.text)), NO_WORD);
        }
    }

    fn name(&mut self, name: &Name) {
        self.word(name);
        if is_reserved(&name.text) && name.text != "_" {
            self.refuse(format!("`{}` cannot be a name", name.text), RESERVED);
        }
    }

    fn type_name(&mut self, name: &str) {
        if !is_type_name(name) {
            self.refuse(format!("{:?} cannot name a type", shown(name)), NO_CAPITAL);
        }
    }

    fn comments(&mut self, comments: &[String]) {
        for comment in comments {
            if comment.contains(['\n', '\r']) || comment.contains(is_forbidden) {
                self.refuse(
                    "a comment has more than one line, or characters that cannot be seen",
                    "split it",
                );
            } else if comment.trim_end() != comment {
                self.refuse("a comment ends with a blank", "cut it");
            }
        }
    }

    fn item(&mut self, item: &Item) {
        self.comments(&item.comments);
        match &item.kind {
            ItemKind::Record(record) => {
                self.type_name(&record.name.text);
                record
                    .fields
                    .iter()
                    .for_each(|f| self.field(&f.name, &f.type_));
            }
            ItemKind::Enum(enum_) => {
                self.type_name(&enum_.name.text);
                if enum_.variants.is_empty() {
                    self.refuse("an enum has no alternatives", "name at least one");
                }
                for variant in &enum_.variants {
                    self.name(&variant.name);
                    variant.payload.iter().for_each(|t| self.type_(t));
                }
            }
            ItemKind::Define(define) => {
                self.name(&define.name);
                define
                    .parameters
                    .iter()
                    .for_each(|f| self.field(&f.name, &f.type_));
                self.type_(&define.result);
                self.inside("body", |t| t.expr(&define.body));
            }
            ItemKind::Tool(tool) => {
                self.name(&tool.name);
                self.body(&tool.body, true);
            }
            ItemKind::Protocol(text) => self.protocol(text),
        }
    }

    /// The text is what the formatter makes of one protocol, without comments before or behind it.
    fn protocol(&mut self, text: &str) {
        match voidstate_protocol::parse_after(text, &self.protocols) {
            Ok(found) => {
                let is_one = matches!(found.as_slice(), [one] if one.comments.is_empty() && one.after.is_empty());
                if !is_one || voidstate_protocol::format(&found).trim_end() != text {
                    self.refuse(
                        "this is not the canonical text of one protocol",
                        "write what `format` makes of it",
                    );
                }
                self.protocols.extend(found);
            }
            Err(wrong) => {
                let first = wrong.first().map(ToString::to_string).unwrap_or_default();
                self.refuse(
                    format!("this is no protocol: {first}"),
                    "parse it alone to see where",
                );
            }
        }
    }

    fn field(&mut self, name: &Name, type_: &TypeExpr) {
        self.name(name);
        self.type_(type_);
    }

    fn body(&mut self, body: &Body, tool: bool) {
        for (i, member) in body.members.iter().enumerate() {
            self.inside(format!("body[{i}]"), |t| t.member(member, tool));
        }
    }

    fn member(&mut self, member: &Member, tool: bool) {
        self.comments(&member.comments);
        match &member.kind {
            MemberKind::Input(f) | MemberKind::Output(f) | MemberKind::State(f) => {
                self.field(&f.name, &f.type_)
            }
            MemberKind::Clause(clause) => self.inside("condition", |t| t.expr(&clause.condition)),
            MemberKind::Complexity(complexity) => {
                self.word(&complexity.operation);
                self.bound(&complexity.bound, 1);
                self.named(&complexity.variables);
            }
            MemberKind::Budget(budget) => {
                self.inside("limit", |t| t.expr(&budget.limit));
                budget
                    .when
                    .iter()
                    .for_each(|e| self.inside("when", |t| t.expr(e)));
            }
            MemberKind::Effects(words) => words.iter().for_each(|w| self.one_of_several(w)),
            MemberKind::Permissions(all) => all.iter().for_each(|p| self.one_of_several(&p.action)),
            MemberKind::Example(example) => {
                self.named(&example.inputs);
                self.outcome(Some(&example.outcome));
            }
            MemberKind::Scenario(scenario) => {
                for step in &scenario.steps {
                    self.name(&step.operation);
                    self.named(&step.inputs);
                    self.outcome(step.outcome.as_ref());
                }
            }
            MemberKind::Operation(operation) if tool => {
                self.name(&operation.name);
                self.body(&operation.body, false);
            }
            MemberKind::Operation(_) => self.refuse(
                "an operation stands in an operation",
                "put it beside the other",
            ),
        }
    }

    /// An effect or an action.
    fn one_of_several(&mut self, word: &Name) {
        self.word(word);
        if word.text == "none" {
            self.refuse(
                "`none` stands among others",
                "an empty list says that there is none",
            );
        }
    }

    fn named(&mut self, values: &[(Name, crate::ast::Expr)]) {
        for (name, value) in values {
            self.name(name);
            self.inside(shown(&name.text), |t| t.expr(value));
        }
    }

    fn outcome(&mut self, outcome: Option<&Outcome>) {
        if let Some(Outcome::Gives(outputs)) = outcome {
            self.named(outputs);
        }
    }

    fn type_(&mut self, type_: &TypeExpr) {
        self.type_at(type_, 1);
    }

    fn type_at(&mut self, type_: &TypeExpr, depth: u32) {
        if depth > MAX_DEPTH {
            return self.too_deep();
        }
        match &type_.kind {
            TypeKind::List(of) | TypeKind::Option(of) => self.type_at(of, depth + 1),
            TypeKind::Map(key, value) => {
                self.type_at(key, depth + 1);
                self.type_at(value, depth + 1);
            }
            TypeKind::Tuple(parts) => {
                if parts.len() < 2 {
                    self.refuse("a tuple has fewer than two parts", "leave the tuple away");
                }
                parts.iter().for_each(|p| self.type_at(p, depth + 1));
            }
            TypeKind::Named(name) => self.type_name(name),
            _ => {}
        }
    }

    fn bound(&mut self, bound: &Bound, depth: u32) {
        if depth > MAX_DEPTH {
            return self.too_deep();
        }
        match bound {
            Bound::Constant(_) => {}
            Bound::Variable(name) => {
                self.name(name);
                if matches!(name.text.as_str(), "log" | "sqrt") {
                    self.refuse(
                        format!("`{}` is a function of bounds", name.text),
                        "choose another variable",
                    );
                }
            }
            Bound::Log(of)
            | Bound::Sqrt(of)
            | Bound::Power(of, _)
            | Bound::Exponential(_, of)
            | Bound::Factorial(of) => self.bound(of, depth + 1),
            Bound::Product(parts) | Bound::Sum(parts) => {
                if parts.len() < 2 {
                    self.refuse("a sum or product has fewer than two parts", "leave it away");
                }
                parts.iter().for_each(|p| self.bound(p, depth + 1));
            }
        }
    }

    fn too_deep(&mut self) {
        self.refuse(
            format!("nested deeper than {MAX_DEPTH} levels"),
            "give parts of it a name with `define`",
        );
    }
}

/// Words of any length fit a message.
fn shown(word: &str) -> String {
    word.chars().take(40).collect()
}
