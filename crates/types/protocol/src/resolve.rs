//! Names: what stands for what, before any number is known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ast::{
    Crash, Expr, ExprKind, Global, GlobalKind, Name, Payload, Protocol, Range, RoleRef,
};
use crate::graph::Graph;
use crate::{Diagnostic, Span};

/// Finds what every name of the protocols stands for; those of `known` may be named too.
pub(crate) fn resolve(
    protocols: Vec<Protocol>,
    known: &[Protocol],
) -> Result<Vec<Arc<Protocol>>, Vec<Diagnostic>> {
    let mut wrong = Vec::new();
    // Who may be delegated: every protocol, before or behind.
    let mut shapes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for protocol in known.iter().chain(&protocols) {
        let roles = protocol.roles.iter().map(|r| r.name.text.clone()).collect();
        shapes.insert(protocol.name.text.clone(), roles);
    }
    let mut before: BTreeMap<String, Arc<Protocol>> = known
        .iter()
        .map(|p| (p.name.text.clone(), Arc::new(p.clone())))
        .collect();
    let mut own: BTreeMap<String, Span> = BTreeMap::new();
    let mut done = Vec::new();
    for mut protocol in protocols {
        let name = protocol.name.clone();
        if known.iter().any(|k| k.name.text == name.text) {
            let d = Diagnostic::new(name.span, format!("there is a protocol `{name}` already"));
            wrong.push(d.advice("rename one of them"));
        }
        if let Some(first) = own.insert(name.text.clone(), name.span) {
            let d = Diagnostic::new(name.span, format!("there are two protocols `{name}`"));
            wrong.push(
                d.related(first, "the first one")
                    .advice("rename one of them"),
            );
        }
        let found = wrong.len();
        let mut names = Names {
            shapes: &shapes,
            before: &before,
            families: BTreeMap::new(),
            numbers: Vec::new(),
            loops: Vec::new(),
            wrong: &mut wrong,
        };
        names.protocol(&mut protocol);
        let is_fixed = protocol.params.iter().all(|p| p.value.is_some());
        if wrong.len() == found
            && is_fixed
            && let Err(diagnostic) = Graph::new(&protocol)
        {
            wrong.push(*diagnostic);
        }
        let protocol = Arc::new(protocol);
        before.insert(name.text, Arc::clone(&protocol));
        done.push(protocol);
    }
    if wrong.is_empty() {
        drop(before);
        Ok(done)
    } else {
        Err(wrong)
    }
}

struct Names<'a> {
    shapes: &'a BTreeMap<String, BTreeSet<String>>,
    before: &'a BTreeMap<String, Arc<Protocol>>,
    /// Each role, and whether it is a family.
    families: BTreeMap<String, bool>,
    /// Parameters and variables.
    numbers: Vec<String>,
    loops: Vec<String>,
    wrong: &'a mut Vec<Diagnostic>,
}

impl Names<'_> {
    fn wrong(&mut self, span: Span, message: String, advice: String) {
        self.wrong
            .push(Diagnostic::new(span, message).advice(advice));
    }

    fn protocol(&mut self, protocol: &mut Protocol) {
        for param in &protocol.params {
            if self.numbers.contains(&param.name.text) {
                self.wrong(
                    param.name.span,
                    format!("there are two parameters `{}`", param.name),
                    "rename one".to_owned(),
                );
            }
            self.numbers.push(param.name.text.clone());
        }
        for role in &protocol.roles {
            if let Some(size) = &role.size {
                self.expr(size);
            }
            if self
                .families
                .insert(role.name.text.clone(), role.size.is_some())
                .is_some()
            {
                self.wrong(
                    role.name.span,
                    format!("there are two roles `{}`", role.name),
                    "rename one".to_owned(),
                );
            }
        }
        if protocol.roles.is_empty() {
            let advice = "write `protocol NAME(role a, role b) { … }`".to_owned();
            self.wrong(
                protocol.name.span,
                format!("protocol `{}` has no roles", protocol.name),
                advice,
            );
        }
        self.steps(&mut protocol.body);
    }

    fn steps(&mut self, steps: &mut [Global]) {
        let mut over: Option<Span> = None;
        for step in steps {
            if matches!(step.kind, GlobalKind::Comment(_)) {
                continue;
            }
            if let Some(by) = over.take() {
                self.wrong.push(
                    Diagnostic::new(step.span, "this is never reached")
                        .related(by, "every way through this goes back to a loop")
                        .advice("remove it, or move it before the `continue`"),
                );
            }
            self.step(&mut step.kind);
            if goes_back(&step.kind) {
                over = Some(step.span);
            }
        }
    }

    fn step(&mut self, kind: &mut GlobalKind) {
        match kind {
            GlobalKind::Comment(_) => {}
            GlobalKind::Message(m) => {
                self.role(&m.from, false);
                self.role(&m.to, false);
                for part in &m.payload {
                    self.payload(part, m.label.span);
                }
            }
            GlobalKind::Choice(choice) => {
                self.role(&choice.at, false);
                for branch in &mut choice.branches {
                    self.steps(branch);
                }
                self.crashes(&mut choice.crashes);
            }
            GlobalKind::Scope(scope) => {
                self.steps(&mut scope.body);
                self.crashes(&mut scope.crashes);
            }
            GlobalKind::Rec(rec) => {
                if self.loops.contains(&rec.name.text) {
                    let message = format!("a loop `{}` is around this one already", rec.name);
                    self.wrong(rec.name.span, message, "rename one of them".to_owned());
                }
                self.loops.push(rec.name.text.clone());
                self.steps(&mut rec.body);
                self.loops.pop();
            }
            GlobalKind::Continue(name) => {
                if !self.loops.contains(&name.text) {
                    let around = listed(self.loops.iter());
                    let advice = if around.is_empty() {
                        format!("no loop is around this; write `rec {name} {{ … }}`")
                    } else {
                        format!("the loops around this are {around}")
                    };
                    self.wrong(
                        name.span,
                        format!("there is no loop `{name}` to go back to"),
                        advice,
                    );
                }
            }
            GlobalKind::Do(call) => {
                for value in &call.values {
                    self.expr(value);
                }
                for role in &call.roles {
                    self.role(role, true);
                }
                self.call(call);
            }
            GlobalKind::For(each) => {
                match &each.range {
                    Range::Family(name) => match self.families.get(&name.text) {
                        Some(true) => {}
                        Some(false) => self.wrong(
                            name.span,
                            format!("`{name}` is one role, no family"),
                            format!("declare it as `role {name}[3]`"),
                        ),
                        None => self.no_role(name),
                    },
                    Range::Numbers(from, to) => {
                        self.expr(from);
                        self.expr(to);
                    }
                }
                if self.numbers.contains(&each.variable.text) {
                    let message = format!("`{}` stands for another number already", each.variable);
                    self.wrong(each.variable.span, message, "rename one of them".to_owned());
                }
                self.numbers.push(each.variable.text.clone());
                self.steps(&mut each.body);
                self.numbers.pop();
            }
        }
    }

    fn call(&mut self, call: &mut crate::ast::Do) {
        let name = &call.protocol;
        let Some(target) = self.before.get(&name.text) else {
            let (message, advice) = if self.shapes.contains_key(&name.text) {
                (
                    format!("protocol `{name}` stands behind this or around it"),
                    "a protocol inlines only what stands before it; write `rec` for loops"
                        .to_owned(),
                )
            } else {
                let known = listed(self.before.keys());
                let known = if known.is_empty() {
                    "none stands before this one".to_owned()
                } else {
                    format!("known are {known}")
                };
                (format!("there is no protocol `{name}`"), known)
            };
            return self.wrong(name.span, message, advice);
        };
        let (roles, params) = (target.roles.len(), target.params.len());
        let target = Arc::clone(target);
        if roles != call.roles.len() {
            let message = format!(
                "protocol `{name}` has {roles} roles, {} are given",
                call.roles.len()
            );
            return self.wrong(
                name.span,
                message,
                format!(
                    "they are {}",
                    listed(target.roles.iter().map(|r| &r.name.text))
                ),
            );
        }
        let open = target.params.iter().filter(|p| p.value.is_none()).count();
        if call.values.len() > params || call.values.len() < open {
            let message = format!(
                "protocol `{name}` has {params} parameters, {} are given",
                call.values.len()
            );
            return self.wrong(name.span, message, format!("write `do {name}<…>(…)`"));
        }
        call.target = Some(target);
    }

    fn crashes(&mut self, crashes: &mut [Crash]) {
        for crash in crashes {
            self.role(&crash.role, false);
            // A role is gone for good: no loop around the crash is entered again.
            let loops = std::mem::take(&mut self.loops);
            self.steps(&mut crash.body);
            self.loops = loops;
        }
    }

    fn no_role(&mut self, name: &Name) {
        let known = listed(self.families.keys());
        self.wrong(
            name.span,
            format!("there is no role `{name}`"),
            format!("the roles are {known}"),
        );
    }

    fn role(&mut self, role: &RoleRef, may_be_whole: bool) {
        let name = &role.name;
        match (self.families.get(&name.text), &role.index) {
            (None, _) => self.no_role(name),
            (Some(true), None) if !may_be_whole => {
                self.wrong(
                    name.span,
                    format!("`{name}` is a family of roles"),
                    format!("say which: `{name}[0]`"),
                );
            }
            (Some(false), Some(index)) => {
                self.wrong(
                    index.span,
                    format!("`{name}` is one role, no family"),
                    format!("write `{name}`"),
                );
            }
            (Some(_), index) => {
                if let Some(index) = index {
                    self.expr(index);
                }
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Number(_) => {}
            ExprKind::Name(name) => {
                if !self.numbers.contains(name) {
                    let known = listed(self.numbers.iter());
                    let advice = if known.is_empty() {
                        "no number has a name here".to_owned()
                    } else {
                        format!("known are {known}")
                    };
                    self.wrong(expr.span, format!("there is no number `{name}`"), advice);
                }
            }
            ExprKind::Binary(_, left, right) => {
                self.expr(left);
                self.expr(right);
            }
        }
    }

    fn payload(&mut self, payload: &Payload, span: Span) {
        let Payload::Session { protocol, role } = payload else {
            return;
        };
        match self.shapes.get(protocol) {
            None => {
                let known = listed(self.shapes.keys());
                self.wrong(
                    span,
                    format!("there is no protocol `{protocol}` whose session could change hands"),
                    format!("known are {known}"),
                );
            }
            Some(roles) if !roles.contains(&role.name) => {
                let known = listed(roles.iter());
                self.wrong(
                    span,
                    format!("protocol `{protocol}` has no role `{role}`"),
                    format!("its roles are {known}"),
                );
            }
            Some(_) => {}
        }
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let all: Vec<String> = names.take(20).map(|n| format!("`{n}`")).collect();
    all.join(", ")
}

/// Whether every way through the step ends in a `continue`.
fn goes_back(kind: &GlobalKind) -> bool {
    let all = |steps: &[Global]| steps.iter().any(|s| goes_back(&s.kind));
    match kind {
        GlobalKind::Continue(_) => true,
        GlobalKind::Choice(choice) => choice.branches.iter().all(|b| all(b)),
        GlobalKind::Scope(scope) => all(&scope.body),
        GlobalKind::Rec(rec) => all(&rec.body),
        GlobalKind::For(each) => all(&each.body),
        GlobalKind::Message(_) | GlobalKind::Do(_) | GlobalKind::Comment(_) => false,
    }
}
