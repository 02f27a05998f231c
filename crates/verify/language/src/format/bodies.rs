//! Members as they are written.

use super::bounds::bound_text;
use super::layout::Pieces;
use super::{Output, head, text_text, type_text};
use crate::ast::{
    Body, Budget, BudgetKind, Clause, ClauseKind, Complexity, Example, Expr, Field, MemberKind,
    Name, Outcome, Permission, Scenario, Step,
};

impl Output {
    /// A head, and members between braces.
    pub(super) fn body(&mut self, head: &str, body: &Body) {
        if body.members.is_empty() {
            return self.line(&format!("{head} {{}}"));
        }
        self.line(&format!("{head} {{"));
        self.level += 1;
        let mut block_before = false;
        for (i, member) in body.members.iter().enumerate() {
            let block = matches!(
                member.kind,
                MemberKind::Operation(_) | MemberKind::Scenario(_)
            );
            if i > 0 && (block || block_before) {
                self.text.push('\n');
            }
            block_before = block;
            self.comments(&member.comments);
            self.member(&member.kind);
        }
        self.level -= 1;
        self.line("}");
    }

    fn member(&mut self, member: &MemberKind) {
        match member {
            MemberKind::Input(field) => self.field("input", field),
            MemberKind::Output(field) => self.field("output", field),
            MemberKind::State(field) => self.field("state", field),
            MemberKind::Clause(clause) => self.lines(&clause_pieces(clause)),
            MemberKind::Complexity(complexity) => self.lines(&complexity_pieces(complexity)),
            MemberKind::Budget(budget) => self.lines(&budget_pieces(budget)),
            MemberKind::Effects(words) => {
                self.words("effects", words, |p, word| p.text(word.text.clone()));
            }
            MemberKind::Permissions(permissions) => {
                self.words("permissions", permissions, permission)
            }
            MemberKind::Example(example) => self.lines(&example_pieces(example)),
            MemberKind::Scenario(scenario) => self.scenario(scenario),
            MemberKind::Operation(operation) => {
                let head = head("operation", &operation.name.text, operation.doc.as_deref());
                self.body(&head, &operation.body);
            }
        }
    }

    fn field(&mut self, keyword: &str, field: &Field) {
        self.line(&format!(
            "{keyword} {}: {}",
            field.name.text,
            type_text(&field.type_)
        ));
    }

    /// A keyword and words with commas between them, or `none`.
    fn words<T>(&mut self, keyword: &str, words: &[T], mut word: impl FnMut(&mut Pieces, &T)) {
        if words.is_empty() {
            return self.line(&format!("{keyword} none"));
        }
        let mut pieces = Pieces::default();
        pieces.open();
        pieces.text(keyword);
        pieces.indented(|p| {
            for (i, x) in words.iter().enumerate() {
                if i > 0 {
                    p.text(",");
                }
                p.soft(" ");
                word(p, x);
            }
        });
        pieces.close();
        self.lines(&pieces);
    }

    fn scenario(&mut self, scenario: &Scenario) {
        let head = format!("scenario {}", text_text(&scenario.label));
        if scenario.steps.is_empty() {
            return self.line(&format!("{head} {{}}"));
        }
        self.line(&format!("{head} {{"));
        self.level += 1;
        for step in &scenario.steps {
            self.lines(&step_pieces(step));
        }
        self.level -= 1;
        self.line("}");
    }
}

fn permission(pieces: &mut Pieces, permission: &Permission) {
    pieces.text(format!(
        "{} {}",
        permission.action.text,
        text_text(&permission.resource)
    ));
}

fn clause_pieces(clause: &Clause) -> Pieces {
    let keyword = match clause.kind {
        ClauseKind::Requires => "requires",
        ClauseKind::Fails => "fails",
        ClauseKind::Ensures => "ensures",
        ClauseKind::Invariant => "invariant",
    };
    let mut pieces = Pieces::default();
    pieces.open();
    pieces.text(format!("{keyword} {}:", text_text(&clause.label)));
    pieces.indented(|p| {
        p.soft(" ");
        p.expr(&clause.condition);
    });
    pieces.close();
    pieces
}

fn complexity_pieces(complexity: &Complexity) -> Pieces {
    let mut pieces = Pieces::default();
    pieces.open();
    let bound = bound_text(&complexity.bound);
    pieces.text(format!(
        "complexity {}: O({bound})",
        complexity.operation.text
    ));
    if !complexity.variables.is_empty() {
        pieces.indented(|p| {
            p.soft(" ");
            p.open();
            p.text("where ");
            for (i, (name, value)) in complexity.variables.iter().enumerate() {
                if i > 0 {
                    p.text(",");
                    p.soft(" ");
                }
                p.text(format!("{} = ", name.text));
                p.expr(value);
            }
            p.close();
        });
    }
    pieces.close();
    pieces
}

fn budget_pieces(budget: &Budget) -> Pieces {
    let kind = match budget.kind {
        BudgetKind::Time => "time",
        BudgetKind::Memory => "memory",
    };
    let mut pieces = Pieces::default();
    pieces.open();
    pieces.text(format!("budget {kind} "));
    pieces.expr(&budget.limit);
    if let Some(when) = &budget.when {
        pieces.indented(|p| {
            p.soft(" ");
            p.text("when ");
            p.expr(when);
        });
    }
    pieces.close();
    pieces
}

fn example_pieces(example: &Example) -> Pieces {
    let mut pieces = Pieces::default();
    pieces.text("example ");
    if let Some(label) = &example.label {
        pieces.text(format!("{} ", text_text(label)));
    }
    named(&mut pieces, &example.inputs);
    outcome(&mut pieces, &example.outcome);
    pieces
}

fn step_pieces(step: &Step) -> Pieces {
    let mut pieces = Pieces::default();
    pieces.text(step.operation.text.clone());
    named(&mut pieces, &step.inputs);
    if let Some(o) = &step.outcome {
        outcome(&mut pieces, o);
    }
    pieces
}

fn outcome(pieces: &mut Pieces, outcome: &Outcome) {
    pieces.text(" => ");
    match outcome {
        Outcome::Gives(outputs) => named(pieces, outputs),
        Outcome::Fails => pieces.text("fails"),
    }
}

/// `(name: value, …)`
fn named(pieces: &mut Pieces, values: &[(Name, Expr)]) {
    pieces.listed("(", ")", false, values, |p, (name, value)| {
        p.text(format!("{}: ", name.text));
        p.expr(value);
    });
}
