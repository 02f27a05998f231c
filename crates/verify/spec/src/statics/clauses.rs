//! Clauses that contradict each other or say nothing.

use std::collections::BTreeMap;

use voidstate_language::ast::BinaryOp;
use voidstate_language::node::{Node, Typed};
use voidstate_language::{CheckedClause, CheckedOperation, CheckedTool, Slot, Type};

use super::condition::{Condition, Key, Part, Values};
use super::solve::{Answer, ask};
use super::{Checks, Finding, Rule, Settings};

/// Types of every value that the clauses of an operation may read.
pub(crate) fn types(
    tool: &CheckedTool,
    operation: Option<&CheckedOperation>,
) -> BTreeMap<Key, Type> {
    let mut out = BTreeMap::new();
    let mut add = |part: Part, slots: &[Slot]| {
        for (index, slot) in slots.iter().enumerate() {
            out.insert(Key { part, index }, slot.type_.clone());
        }
    };
    add(Part::State, &tool.state);
    add(Part::OldState, &tool.state);
    if let Some(operation) = operation {
        add(Part::Input, &operation.inputs);
        add(Part::Output, &operation.outputs);
    }
    out
}

/// What the questions about one operation, or about a tool alone, have in common.
struct Asker<'a> {
    name: &'a str,
    types: BTreeMap<Key, Type>,
    settings: &'a Settings,
}

impl Asker<'_> {
    fn ask(
        &self,
        what: &str,
        conditions: &[Condition<'_>],
        fixed: &Values,
        checks: &mut Checks,
    ) -> Answer {
        let question = format!("{}: {what}", self.name);
        ask(
            &question,
            conditions,
            &self.types,
            fixed,
            self.settings,
            checks,
        )
    }

    fn possible(&self, what: &str, conditions: &[Condition<'_>], checks: &mut Checks) -> Answer {
        self.ask(what, conditions, &Values::default(), checks)
    }
}

pub(super) fn check(tool: &CheckedTool, settings: &Settings, checks: &mut Checks) {
    let asker = Asker {
        name: &tool.name,
        types: types(tool, None),
        settings,
    };
    let invariants: Vec<Condition<'_>> = tool.invariants.iter().map(Condition::after).collect();
    let mut sound = true;
    if !invariants.is_empty() {
        let answer = asker.possible("can the invariants hold together?", &invariants, checks);
        if let Some(core) = answer.core() {
            sound = false;
            checks.findings.push(contradiction(
                Rule::ContradictoryInvariants,
                &invariants,
                core,
                "no state satisfies",
                "drop one of them or widen it",
            ));
        }
        says_nothing(&asker, tool.invariants.iter(), false, checks);
    }
    for operation in &tool.operations {
        let asker = Asker {
            name: &operation.name,
            types: types(tool, Some(operation)),
            settings,
        };
        check_operation(
            &asker,
            operation,
            if sound { &invariants } else { &[] },
            checks,
        );
    }
}

fn check_operation(
    asker: &Asker<'_>,
    operation: &CheckedOperation,
    invariants: &[Condition<'_>],
    checks: &mut Checks,
) {
    says_nothing(asker, operation.requires.iter(), true, checks);
    says_nothing(
        asker,
        operation.ensures.iter().filter(|c| speaks(c)),
        false,
        checks,
    );
    let requires: Vec<Condition<'_>> = operation.requires.iter().map(Condition::before).collect();
    let allowed = asker.possible("can the preconditions hold together?", &requires, checks);
    if let Some(core) = allowed.core() {
        checks.findings.push(contradiction(
            Rule::ContradictoryRequires,
            &requires,
            core,
            "no input satisfies",
            "drop one of them or widen it: nothing may be called as it stands",
        ));
        return;
    }
    redundant(asker, &requires, checks);
    let mut accepted = requires.clone();
    if !fails(asker, operation, &mut accepted, checks) {
        return;
    }
    ensures(asker, operation, &accepted, invariants, checks);
}

/// A finding on clauses that exclude each other.
fn contradiction(
    rule: Rule,
    conditions: &[Condition<'_>],
    core: &[usize],
    what: &str,
    advice: &str,
) -> Finding {
    let chosen: Vec<&Condition<'_>> = core.iter().filter_map(|i| conditions.get(*i)).collect();
    let labels: Vec<String> = chosen.iter().map(|c| format!("\"{}\"", c.label)).collect();
    let message = match labels.split_last() {
        Some((last, [])) => format!("{what} {last}"),
        Some((last, others)) => format!("{what} {} and {last} together", others.join(", ")),
        None => format!("{what} the clauses"),
    };
    let span = chosen.last().map(|c| c.span()).unwrap_or_default();
    let mut finding = Finding::new(rule, span, message, advice);
    let others = chosen.iter().rev().skip(1).rev();
    finding.related = others
        .map(|c| (c.span(), "contradicts this".to_owned()))
        .collect();
    finding
}

/// Whether a promise is about something that the operation makes; others are told on their own.
pub(super) fn speaks(clause: &CheckedClause) -> bool {
    let keys = Condition::after(clause).keys();
    keys.iter()
        .any(|k| matches!(k.part, Part::Output | Part::State))
}

/// Clauses that hold whatever happens.
fn says_nothing<'a>(
    asker: &Asker<'_>,
    clauses: impl Iterator<Item = &'a CheckedClause>,
    before: bool,
    checks: &mut Checks,
) {
    for clause in clauses {
        let condition = if before {
            Condition::before(clause)
        } else {
            Condition::after(clause)
        };
        let what = format!("can \"{}\" be broken?", clause.label);
        if asker
            .possible(&what, &[condition.not()], checks)
            .core()
            .is_some()
        {
            checks.findings.push(Finding::new(
                Rule::SaysNothing,
                condition.span(),
                format!(
                    "\"{}\" holds whatever happens: its types already say so",
                    clause.label
                ),
                "drop it, or say what was meant",
            ));
        }
    }
}

fn redundant(asker: &Asker<'_>, requires: &[Condition<'_>], checks: &mut Checks) {
    if requires.len() < 2 {
        return;
    }
    for (i, condition) in requires.iter().enumerate() {
        // Of two that say the same the later one is superfluous.
        let mut others: Vec<Condition<'_>> = Vec::new();
        others.extend(
            requires
                .iter()
                .enumerate()
                .filter(|(j, _)| *j != i)
                .map(|(_, c)| *c),
        );
        let what = format!(
            "can \"{}\" be broken where the other preconditions hold?",
            condition.label
        );
        let mut asked = others.clone();
        asked.push(condition.not());
        let answer = asker.possible(&what, &asked, checks);
        let Some(core) = answer.core() else { continue };
        let from: Vec<&Condition<'_>> = core.iter().filter_map(|c| others.get(*c)).collect();
        // On its own it says nothing, which is told elsewhere.
        if from.is_empty() {
            continue;
        }
        let labels: Vec<String> = from.iter().map(|c| format!("\"{}\"", c.label)).collect();
        let mut finding = Finding::new(
            Rule::Redundant,
            condition.span(),
            format!(
                "\"{}\" follows from {}",
                condition.label,
                labels.join(" and ")
            ),
            "drop it",
        );
        finding.related = from
            .iter()
            .map(|c| (c.span(), "from this".to_owned()))
            .collect();
        checks.findings.push(finding);
    }
}

/// Clauses of refusal; adds their opposites to what is accepted. `false` when nothing is.
fn fails<'a>(
    asker: &Asker<'_>,
    operation: &'a CheckedOperation,
    accepted: &mut Vec<Condition<'a>>,
    checks: &mut Checks,
) -> bool {
    for clause in &operation.fails {
        let condition = Condition::before(clause);
        let what = format!("can \"{}\" come true?", clause.label);
        if asker.possible(&what, &[condition], checks).core().is_some() {
            checks.findings.push(Finding::new(
                Rule::SaysNothing,
                condition.span(),
                format!(
                    "\"{}\" never comes true: nothing is refused for it",
                    clause.label
                ),
                "drop it, or say what was meant",
            ));
        }
        accepted.push(condition.not());
    }
    if operation.fails.is_empty() {
        return true;
    }
    let answer = asker.possible("is anything allowed that is not refused?", accepted, checks);
    let Some(core) = answer.core() else {
        return true;
    };
    checks.findings.push(contradiction(
        Rule::NeverSucceeds,
        accepted,
        core,
        "every allowed input must be refused:",
        "narrow what is refused, or widen what is allowed",
    ));
    false
}

/// How many accepted calls are looked at one by one.
const CALLS_MAX: usize = 6;

fn ensures(
    asker: &Asker<'_>,
    operation: &CheckedOperation,
    accepted: &[Condition<'_>],
    invariants: &[Condition<'_>],
    checks: &mut Checks,
) {
    let ensures = operation.ensures.iter().filter(|c| speaks(c));
    let ensures: Vec<Condition<'_>> = ensures.map(Condition::after).collect();
    let mut all = accepted.to_vec();
    all.extend(&ensures);
    let answer = asker.possible("can the promises be kept for any input?", &all, checks);
    if let Some(core) = answer.core() {
        checks.findings.push(contradiction(
            Rule::ContradictoryEnsures,
            &all,
            core,
            "no result satisfies",
            "drop one of them or make it depend on the input",
        ));
        return;
    }
    if !invariants.is_empty() {
        let mut kept = all.clone();
        kept.extend(invariants);
        let answer = asker.possible("can the invariants be kept?", &kept, checks);
        if let Some(core) = answer.core() {
            checks.findings.push(contradiction(
                Rule::ContradictoryInvariants,
                &kept,
                core,
                &format!("`{}` cannot keep", operation.name),
                "promise a state that the invariants allow",
            ));
            return;
        }
    }
    single_calls(asker, operation, accepted, &ensures, checks);
    never_applies(asker, accepted, operation, checks);
}

/// Accepted inputs for which no result is possible.
fn single_calls(
    asker: &Asker<'_>,
    operation: &CheckedOperation,
    accepted: &[Condition<'_>],
    ensures: &[Condition<'_>],
    checks: &mut Checks,
) {
    let inputs = operation.inputs.len();
    if inputs == 0 || ensures.is_empty() {
        return;
    }
    for values in calls(asker, operation, accepted) {
        let fixed = Values {
            inputs: values.inputs.clone(),
            ..Values::default()
        };
        let mut asked = accepted.to_vec();
        asked.extend(ensures);
        let shown: Vec<String> = operation
            .inputs
            .iter()
            .zip(&fixed.inputs)
            .map(|(slot, value)| format!("{}: {value}", slot.name))
            .collect();
        let shown = shown.join(", ");
        let what = format!("can the promises be kept for ({shown})?");
        // What cannot be answered for one call is no open question about the clauses.
        let mut aside = Checks::default();
        let answer = asker.ask(&what, &asked, &fixed, &mut aside);
        checks.questions += aside.questions;
        if let Some(core) = answer.core() {
            checks.findings.push(contradiction(
                Rule::ContradictoryEnsures,
                &asked,
                core,
                &format!("for ({shown}), which is allowed, no result satisfies"),
                "require what excludes such inputs, or promise what can be kept",
            ));
            return;
        }
    }
}

/// A few accepted inputs that differ from each other.
fn calls(
    asker: &Asker<'_>,
    operation: &CheckedOperation,
    accepted: &[Condition<'_>],
) -> Vec<Values> {
    use super::search::various;
    let wanted: Vec<Key> = (0..operation.inputs.len())
        .map(|index| Key {
            part: Part::Input,
            index,
        })
        .collect();
    let ensures: Vec<Condition<'_>> = operation.ensures.iter().map(Condition::after).collect();
    various(
        accepted,
        &ensures,
        &wanted,
        &asker.types,
        asker.settings.evaluations_max,
        CALLS_MAX,
    )
}

/// `a => b` where `a` never holds.
fn never_applies(
    asker: &Asker<'_>,
    accepted: &[Condition<'_>],
    operation: &CheckedOperation,
    checks: &mut Checks,
) {
    for clause in &operation.ensures {
        let mut antecedents = Vec::new();
        implications(&clause.condition, &mut antecedents);
        for antecedent in antecedents {
            let mut asked = accepted.to_vec();
            asked.push(Condition::of(antecedent, &clause.label));
            let what = format!("can the condition of \"{}\" come true?", clause.label);
            if asker.possible(&what, &asked, checks).core().is_some() {
                checks.findings.push(Finding::new(
                    Rule::NeverApplies,
                    antecedent.span(),
                    format!("`{antecedent}` never holds where the operation is allowed: \"{}\" says nothing", clause.label),
                    "drop the clause, or correct its condition",
                ));
            }
        }
    }
}

/// The conditions of implications that are not inside anything that binds names.
fn implications<'a>(expr: &'a Typed, out: &mut Vec<&'a Typed>) {
    match expr.node() {
        Node::Binary(BinaryOp::Implies, a, b) => {
            out.push(a);
            implications(b, out);
        }
        Node::Binary(BinaryOp::And, a, b) => {
            implications(a, out);
            implications(b, out);
        }
        _ => {}
    }
}
