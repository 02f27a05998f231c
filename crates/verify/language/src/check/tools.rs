//! Tools: members find their place, and every clause its names.

use super::Checker;
use super::names::Names;
use crate::ast::{
    Body, Budget, Clause, ClauseKind, Complexity, Example, Field, Member, MemberKind, Name,
    Operation, Permission, Scenario, Tool,
};
use crate::checked::{
    CheckedBudget, CheckedClause, CheckedComplexity, CheckedExample, CheckedOperation, CheckedTool,
    Slot,
};
use crate::{Diagnostic, Span, Type};

/// The members of one body, sorted by kind.
#[derive(Default)]
struct Members<'a> {
    inputs: Vec<Field>,
    outputs: Vec<Field>,
    state: Vec<Field>,
    clauses: Vec<(&'a Clause, Span)>,
    complexity: Vec<(&'a Complexity, Span)>,
    budgets: Vec<(&'a Budget, Span)>,
    examples: Vec<(&'a Example, Span)>,
    scenarios: Vec<(&'a Scenario, Span)>,
    effects: Option<&'a [Name]>,
    permissions: Vec<&'a Permission>,
    operations: Vec<(&'a Operation, Span)>,
}

/// An operation's names, before its clauses are looked at.
struct Signature {
    name: String,
    doc: Option<String>,
    span: Span,
    inputs: Vec<Slot>,
    outputs: Vec<Slot>,
}

impl Checker {
    pub(super) fn tool(&mut self, tool: &Tool, span: Span) -> Option<CheckedTool> {
        let members = self.members(&tool.body);
        let state = self.fields(&members.state, "state variable");
        let single = members.operations.is_empty();
        if !single {
            self.only_in_operations(&members);
        }
        let state = state?;
        let operations = if single {
            vec![self.operation(&tool.name, tool.doc.as_ref(), span, &members, &state)?]
        } else {
            self.operations(&members, &state)
        };
        let invariants = self.clauses(&members, ClauseKind::Invariant, || {
            Names::before(&[], &state, "`invariant`")
        });
        let mut checked = CheckedTool {
            name: tool.name.text.clone(),
            doc: tool.doc.clone(),
            span,
            invariants,
            operations,
            scenarios: Vec::new(),
            effects: members.effects.map(|words| {
                let words = words.iter();
                words.map(|word| word.text.clone()).collect()
            }),
            permissions: members.permissions.into_iter().cloned().collect(),
            budgets: Vec::new(),
            state,
        };
        if !single {
            let names = Names::before(&[], &checked.state, "a budget of the whole tool");
            checked.budgets = self.budgets(&members.budgets, names);
            for (complexity, span) in &members.complexity {
                self.complexity_of(complexity, *span, &mut checked);
            }
        }
        for (scenario, _) in &members.scenarios {
            let scenario = self.scenario(scenario, &checked);
            checked.scenarios.extend(scenario);
        }
        Some(checked)
    }

    fn members<'a>(&mut self, body: &'a Body) -> Members<'a> {
        let mut members = Members::default();
        for Member { kind, span, .. } in &body.members {
            let span = *span;
            match kind {
                MemberKind::Input(field) => members.inputs.push(field.clone()),
                MemberKind::Output(field) => members.outputs.push(field.clone()),
                MemberKind::State(field) => members.state.push(field.clone()),
                MemberKind::Clause(clause) => members.clauses.push((clause, span)),
                MemberKind::Complexity(complexity) => members.complexity.push((complexity, span)),
                MemberKind::Budget(budget) => members.budgets.push((budget, span)),
                MemberKind::Example(example) => members.examples.push((example, span)),
                MemberKind::Scenario(scenario) => members.scenarios.push((scenario, span)),
                MemberKind::Operation(operation) => members.operations.push((operation, span)),
                MemberKind::Permissions(permissions) => members.permissions.extend(permissions),
                MemberKind::Effects(words) => {
                    if members.effects.is_some() {
                        let diagnostic = Diagnostic::error(span, "effects are declared twice");
                        self.report(diagnostic.advice("join both: `effects clock, log`"));
                    }
                    for (i, word) in words.iter().enumerate() {
                        let earlier = words.iter().take(i).map(|w| (&*w.text, w.span));
                        self.distinct(word, "effect", earlier);
                    }
                    members.effects = Some(words);
                }
            }
        }
        members
    }

    /// That a tool with operations says nothing itself that only an operation can say.
    fn only_in_operations(&mut self, members: &Members<'_>) {
        let fields = members.inputs.iter().map(|f| ("an input", f.name.span));
        let fields = fields.chain(members.outputs.iter().map(|f| ("an output", f.name.span)));
        let examples = members
            .examples
            .iter()
            .map(|(_, span)| ("an example", *span));
        let clauses = members.clauses.iter();
        let clauses = clauses.filter(|(clause, _)| clause.kind != ClauseKind::Invariant);
        let clauses = clauses.map(|(_, span)| ("a condition on a call", *span));
        let wrong: Vec<(&str, Span)> = fields.chain(examples).chain(clauses).collect();
        for (what, span) in wrong {
            let message = format!("{what} stands outside the operations of the tool");
            let advice = "move it into the `operation` that it is about";
            self.report(Diagnostic::error(span, message).advice(advice));
        }
    }

    fn operations(&mut self, members: &Members<'_>, state: &[Slot]) -> Vec<CheckedOperation> {
        let mut operations = Vec::new();
        for (i, (operation, span)) in members.operations.iter().enumerate() {
            let earlier = members.operations.iter().take(i);
            let earlier = earlier.map(|(o, _)| (&*o.name.text, o.name.span));
            self.distinct(&operation.name, "operation", earlier);
            let inner = self.members(&operation.body);
            self.only_in_tools(&inner);
            for (complexity, _) in &inner.complexity {
                if complexity.operation.text != operation.name.text {
                    let message = format!(
                        "complexity of `{}` in operation `{}`",
                        complexity.operation.text, operation.name.text
                    );
                    let advice = format!("write `complexity {}: …`", operation.name.text);
                    self.report(
                        Diagnostic::error(complexity.operation.span, message).advice(advice),
                    );
                }
            }
            let doc = operation.doc.as_ref();
            operations.extend(self.operation(&operation.name, doc, *span, &inner, state));
        }
        operations
    }

    /// That an operation says nothing that only its tool can say.
    fn only_in_tools(&mut self, members: &Members<'_>) {
        let state = members.state.iter().map(|f| ("state", f.name.span));
        let scenarios = members.scenarios.iter();
        let scenarios = scenarios.map(|(_, span)| ("a scenario", *span));
        let inner = members.operations.iter();
        let inner = inner.map(|(_, span)| ("an operation", *span));
        let clauses = members.clauses.iter();
        let clauses = clauses.filter(|(clause, _)| clause.kind == ClauseKind::Invariant);
        let clauses = clauses.map(|(_, span)| ("an invariant", *span));
        let effects = members.effects.iter().filter_map(|words| words.first());
        let effects = effects.map(|word| ("an effect", word.span));
        let permissions = members.permissions.first();
        let permissions = permissions.map(|p| ("a permission", p.action.span));
        let wrong: Vec<(&str, Span)> = state
            .chain(scenarios)
            .chain(inner)
            .chain(clauses)
            .chain(effects)
            .chain(permissions)
            .collect();
        for (what, span) in wrong {
            let message = format!("{what} stands inside an operation");
            self.report(Diagnostic::error(span, message).advice("move it out, into the tool"));
        }
    }

    fn operation(
        &mut self,
        name: &Name,
        doc: Option<&String>,
        span: Span,
        members: &Members<'_>,
        state: &[Slot],
    ) -> Option<CheckedOperation> {
        let inputs = self.fields(&members.inputs, "input");
        let outputs = self.fields(&members.outputs, "output");
        let signature = Signature {
            name: name.text.clone(),
            doc: doc.cloned(),
            span,
            inputs: inputs?,
            outputs: outputs?,
        };
        Some(self.contract(signature, members, state))
    }

    fn contract(
        &mut self,
        signature: Signature,
        members: &Members<'_>,
        state: &[Slot],
    ) -> CheckedOperation {
        let (inputs, outputs) = (&signature.inputs, &signature.outputs);
        let before = |place| Names::before(inputs, state, place).hiding(outputs);
        let requires = self.clauses(members, ClauseKind::Requires, || before("`requires`"));
        let fails = self.clauses(members, ClauseKind::Fails, || before("`fails`"));
        let ensures = self.clauses(members, ClauseKind::Ensures, || {
            Names::after(inputs, outputs, state)
        });
        self.distinct_labels(members);
        let mut complexity: Vec<CheckedComplexity> = Vec::new();
        // In a tool with operations the complexities that stand outside are given to them later.
        for (of, span) in &members.complexity {
            complexity.extend(self.complexity(of, *span, before("`complexity`")));
        }
        let budgets: Vec<CheckedBudget> = self.budgets(&members.budgets, before("`budget`"));
        let mut examples: Vec<CheckedExample> = Vec::new();
        for (number, (example, span)) in members.examples.iter().enumerate() {
            let label = example.label.clone();
            let label = label.unwrap_or_else(|| format!("example {}", number + 1));
            let call = (&*example.inputs, Some(&example.outcome));
            examples.extend(self.example(label, call, (inputs, outputs), *span));
        }
        CheckedOperation {
            requires,
            fails,
            ensures,
            examples,
            complexity,
            budgets,
            name: signature.name,
            doc: signature.doc,
            span: signature.span,
            inputs: signature.inputs,
            outputs: signature.outputs,
        }
    }

    fn clauses<'n>(
        &mut self,
        members: &Members<'_>,
        kind: ClauseKind,
        names: impl Fn() -> Names<'n>,
    ) -> Vec<CheckedClause> {
        let mut clauses = Vec::new();
        for (clause, _) in &members.clauses {
            if clause.kind != kind {
                continue;
            }
            let mut names = names();
            let condition = self.root(&clause.condition, &Type::Bool, &mut names);
            clauses.extend(condition.map(|condition| CheckedClause {
                kind: clause.kind,
                label: clause.label.clone(),
                text: crate::format::expr_text(&clause.condition),
                condition,
            }));
        }
        clauses
    }

    /// A whole expression of that type.
    pub(super) fn root(
        &mut self,
        expr: &crate::ast::Expr,
        type_: &Type,
        names: &mut Names<'_>,
    ) -> Option<crate::Typed> {
        (self.depth, self.deepest) = (0, 0);
        self.expect(expr, type_, names)
    }

    /// That a report can name each clause.
    fn distinct_labels(&mut self, members: &Members<'_>) {
        for (i, (clause, span)) in members.clauses.iter().enumerate() {
            let earlier = members.clauses.iter().take(i);
            let mut earlier = earlier.filter(|(c, _)| c.kind == clause.kind);
            if let Some((_, first)) = earlier.find(|(c, _)| c.label == clause.label) {
                let message = format!(
                    "two clauses of the same kind are called \"{}\"",
                    clause.label
                );
                self.report(
                    Diagnostic::error(*span, message)
                        .label("the second")
                        .related(*first, "the first")
                        .advice("say in each label what it promises"),
                );
            }
        }
    }

    /// A complexity that stands outside the operation that it is about.
    fn complexity_of(&mut self, of: &Complexity, span: Span, tool: &mut CheckedTool) {
        let number = tool
            .operations
            .iter()
            .position(|o| o.name == of.operation.text);
        let Some(operation) = number.and_then(|n| tool.operations.get_mut(n)) else {
            let known: Vec<String> = tool.operations.iter().map(|o| o.name.clone()).collect();
            self.no_such::<()>(&of.operation, "operation", &known);
            return;
        };
        let names = Names::before(&operation.inputs, &tool.state, "`complexity`");
        let checked = self.complexity(of, span, names.hiding(&operation.outputs));
        operation.complexity.extend(checked);
    }
}
