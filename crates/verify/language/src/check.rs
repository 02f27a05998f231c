//! From a tree of words to one of places and types, or to everything that is wrong with it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::ast::{Document, Field, ItemKind, Name};
use crate::checked::Slot;
use crate::diagnostic::nearest;
use crate::node::Definition;
use crate::{Checked, Diagnostic, Diagnostics, EnumType, RecordType, Span, Type};

mod calls;
mod convert;
mod cost;
mod examples;
mod exprs;
mod literals;
mod matches;
mod names;
mod operators;
mod parts;
mod shapes;
mod tools;
mod types;

use names::Names;

/// More is not read by anybody.
const MAX_DIAGNOSTICS: usize = 100;

/// Gives every name a place and every expression a type.
///
/// Never panics, whatever the tree: it may come from anywhere. O(size of the document times its depth).
///
/// # Errors
/// Everything that is wrong, in the order of the text, each with its place and the way out.
pub fn check(document: &Document) -> Result<Checked, Diagnostics> {
    let mut checker = Checker::default();
    checker.types(document);
    let mut tools = Vec::new();
    let mut protocols = Vec::new();
    for item in &document.items {
        match &item.kind {
            ItemKind::Record(_) | ItemKind::Enum(_) => {}
            ItemKind::Define(define) => checker.define(define),
            ItemKind::Tool(tool) => tools.extend(checker.tool(tool, item.span)),
            ItemKind::Protocol(text) => protocols.push(text.clone()),
        }
    }
    checker.distinct_tools(document);
    let (records, enums) = checker.declared(document);
    let mut diagnostics = checker.diagnostics;
    diagnostics.sort();
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    Ok(Checked {
        records,
        enums,
        tools,
        protocols,
        warnings: diagnostics,
    })
}

/// Parses and checks.
///
/// # Errors
/// Everything that is wrong with the text, or else with what it says.
pub fn compile(source: &str) -> Result<Checked, Diagnostics> {
    check(&crate::parse(source)?)
}

/// What is known while a document is walked.
#[derive(Default)]
pub(crate) struct Checker {
    diagnostics: Diagnostics,
    records: HashMap<String, Arc<RecordType>>,
    enums: HashMap<String, Arc<EnumType>>,
    defines: HashMap<String, Arc<Definition>>,
    /// Names of `define`s that come later or are wrong, for better advice.
    later: HashMap<String, Span>,
    /// How deep the expression is at this point.
    depth: usize,
    /// The deepest point of the expression, bodies of called `define`s included.
    deepest: usize,
}

impl Checker {
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// An error; the expression has no type.
    pub(crate) fn fail<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.report(diagnostic);
        None
    }

    fn define(&mut self, define: &crate::ast::Define) {
        let name = &define.name;
        if self.defines.contains_key(&name.text) {
            let message = format!("`{}` is defined twice", name.text);
            return self
                .report(Diagnostic::error(name.span, message).advice("rename one of the two"));
        }
        if crate::Builtin::named(&name.text).is_some() {
            let message = format!("`{}` is a function of the language", name.text);
            return self
                .report(Diagnostic::error(name.span, message).advice("give yours another name"));
        }
        let parameters = self.fields(&define.parameters, "parameter");
        let result = self.resolve(&define.result);
        let (Some(parameters), Some(result)) = (parameters, result) else {
            return;
        };
        let mut names = Names::of_define(&parameters, name);
        (self.depth, self.deepest) = (0, 0);
        let body = self.expect(&define.body, &result, &mut names);
        let Some(body) = body else { return };
        let definition = Definition {
            name: name.text.clone(),
            parameters: names.locals(),
            body,
            depth: self.deepest,
        };
        self.later.remove(&name.text);
        self.defines.insert(name.text.clone(), Arc::new(definition));
    }

    /// The fields with their types, when all of them are in order.
    pub(crate) fn fields(&mut self, fields: &[Field], what: &str) -> Option<Vec<Slot>> {
        let mut slots: Vec<Slot> = Vec::new();
        let mut sound = true;
        for field in fields {
            sound &= self.distinct(&field.name, what, slots.iter().map(|s| (&*s.name, s.span)));
            match self.resolve(&field.type_) {
                Some(type_) => slots.push(Slot {
                    name: field.name.text.clone(),
                    type_,
                    span: field.name.span,
                }),
                None => sound = false,
            }
        }
        sound.then_some(slots)
    }

    /// That no earlier one bears the same name.
    pub(crate) fn distinct<'a>(
        &mut self,
        name: &Name,
        what: &str,
        mut earlier: impl Iterator<Item = (&'a str, Span)>,
    ) -> bool {
        let Some((_, span)) = earlier.find(|(other, _)| *other == name.text) else {
            return true;
        };
        let message = format!("two {what}s are called `{}`", name.text);
        self.report(
            Diagnostic::error(name.span, message)
                .label("the second")
                .related(span, "the first")
                .advice("rename one of the two"),
        );
        false
    }

    fn distinct_tools(&mut self, document: &Document) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for item in &document.items {
            let ItemKind::Tool(tool) = &item.kind else {
                continue;
            };
            let earlier = seen
                .get(&*tool.name.text)
                .map(|span| (&*tool.name.text, *span));
            self.distinct(&tool.name, "tool", earlier.into_iter());
            seen.entry(&tool.name.text).or_insert(tool.name.span);
        }
    }
}

/// ``; did you mean `x`?`` or the alternative advice.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    match nearest(word, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => otherwise(),
    }
}

/// Whether a value of type `actual` may stand where `expected` is asked for.
pub(crate) fn same_type(actual: &Type, expected: &Type) -> bool {
    actual == expected
}
