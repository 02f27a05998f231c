//! Holding a subject against its spec.

use voidstate_language::node::Typed;
use voidstate_language::{CheckedExample, CheckedTool, Scope, Steps, Value};

use super::draw::{Draw, Wish};
use super::formula::Formula;
use super::judge::{Breach, Count, Counts, Judged, same};
use super::operation::{Operation, small, words};
use super::paste;
use super::pool::Pool;
use super::random::Random;
use super::report::{ClauseReport, Failure, FailureKind, OperationReport, Report, Share};
use super::sequence::{Call, Outcome, Stage};
use super::settings::Settings;
use super::watch::Watch;
use crate::{Called, Subject};

/// Holds a subject against its spec: every example, every scenario, then generated calls. Stops at the first failure and
/// makes it as small as it can.
///
/// Generated calls satisfy every `requires`, or make a `fails` true; nothing is promised outside of these, so nothing
/// is called there. For a tool without state the cases are: the rows of a [covering array](super::pairwise) of boundary
/// classes, every small value where the inputs have few of them, and random draws. For a tool with state they are
/// sequences of calls on one instance, each allowed in the state that the subject is then in.
///
/// Deterministic in the seed as far as the subject is. A panic of the subject is a failure (the subject catches it). A
/// call that hangs is reported on standard error with its inputs and waited for.
///
/// ```
/// use voidstate_spec::generate::{Settings, check};
/// use voidstate_spec::{Called, Subject, language::{Value, compile}};
///
/// struct Half;
/// impl Subject for Half {
///     fn reset(&mut self) {}
///     fn call(&mut self, _: usize, inputs: &[Value]) -> Called {
///         let [Value::Int(x)] = inputs else { return Called::NoInstance };
///         Called::Returned(vec![Value::Int(x / 2)])
///     }
///     fn state(&self) -> Option<Vec<Value>> { None }
/// }
/// let spec = compile("tool half { input x: int; output y: int; requires \"even\": x % 2 == 0; ensures \"half\": y + y == x }").unwrap();
/// assert!(check(spec.tool("half").unwrap(), &mut Half, &Settings::default()).passed());
/// ```
pub fn check(tool: &CheckedTool, subject: &mut dyn Subject, settings: &Settings) -> Report {
    let mut run = Run {
        tool,
        settings,
        stage: Stage {
            tool,
            subject,
            watch: Watch::new(settings.patience),
            limit: settings.evaluation,
        },
        operations: tool
            .operations
            .iter()
            .map(|operation| Operation::new(operation, tool, settings.cases / 2))
            .collect(),
        words: words(tool),
        judged: 0,
        scenarios: 0,
        sequences: 0,
    };
    let failure = run.all();
    run.report(failure)
}

/// Draws until one set of inputs satisfies the precondition.
const DRAWS: usize = 5;

struct Run<'a> {
    tool: &'a CheckedTool,
    settings: &'a Settings,
    stage: Stage<'a>,
    operations: Vec<Operation>,
    words: Pool,
    judged: usize,
    scenarios: usize,
    sequences: usize,
}

/// What a case aims at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    Success,
    /// That the `fails` of that number holds.
    Refusal(usize),
    /// That the goal of that number holds.
    Goal(usize),
    Anything,
}

impl Run<'_> {
    fn all(&mut self) -> Option<Failure> {
        let said = self.examples().or_else(|| self.all_scenarios());
        let generated = if self.tool.state.is_empty() {
            (0..self.operations.len()).find_map(|operation| self.cases(operation))
        } else {
            self.all_sequences()
        };
        // What was generated has been made small; an example is as large as it was written.
        generated.or(said)
    }

    fn examples(&mut self) -> Option<Failure> {
        for (index, operation) in self.tool.operations.iter().enumerate() {
            for example in &operation.examples {
                self.stage.reset();
                let call = Call {
                    operation: index,
                    inputs: example.inputs.clone(),
                };
                if let Some(breach) = self.expected(&call, example) {
                    let mut breach = *breach;
                    breach.explanation =
                        format!("example \"{}\": {}", example.label, breach.explanation);
                    return Some(self.failure(&[call], breach, 0));
                }
                if let Some(operation) = self.operations.get_mut(index) {
                    operation.examples += 1;
                }
            }
        }
        None
    }

    fn all_scenarios(&mut self) -> Option<Failure> {
        for scenario in &self.tool.scenarios {
            self.stage.reset();
            let mut calls: Vec<Call> = Vec::new();
            for (operation, step) in &scenario.steps {
                let call = Call {
                    operation: *operation,
                    inputs: step.inputs.clone(),
                };
                calls.push(call.clone());
                if let Some(breach) = self.expected(&call, step) {
                    let mut breach = *breach;
                    if breach.kind == FailureKind::Example {
                        breach.label.clone_from(&scenario.label);
                    }
                    breach.explanation = format!(
                        "scenario \"{}\", step {}: {}",
                        scenario.label,
                        calls.len(),
                        breach.explanation
                    );
                    return Some(self.failure(&calls, breach, 0));
                }
            }
            self.scenarios += 1;
        }
        None
    }

    /// Makes a call that must come out as said.
    fn expected(&mut self, call: &Call, example: &CheckedExample) -> Option<Box<Breach>> {
        let operation = self.tool.operations.get(call.operation)?;
        let before = self.stage.state().unwrap_or_default();
        let called = self.stage.call(call);
        self.judged += 1;
        let after = match called {
            Called::Panicked(_) => None,
            _ => self.stage.state(),
        };
        let judged = Judged {
            tool: self.tool,
            operation,
            inputs: &call.inputs,
            before: &before,
            called: &called,
            after: after.as_deref(),
            limit: self.settings.evaluation,
        };
        let wrong =
            |what: String| Some(judged.wrong(FailureKind::Example, &example.label, "", what));
        let outcome =
            |kind: FailureKind, what: String| Some(judged.wrong(kind, &example.label, "", what));
        match (&called, &example.outputs) {
            (Called::Refused(_), None) => return None,
            (Called::Returned(_), None) => {
                return outcome(
                    FailureKind::ShouldRefuse,
                    "it must refuse and succeeded".to_owned(),
                );
            }
            (Called::NoInstance, _) => {
                return wrong(
                    "there is no instance to call it on; make it a step of a scenario".to_owned(),
                );
            }
            (Called::Inexpressible(what), _) => {
                return wrong(format!(
                    "its values have no counterpart in the subject: {what}"
                ));
            }
            (Called::Refused(why), Some(_)) => {
                let what = format!("it must succeed and refused: {why}");
                return outcome(FailureKind::ShouldSucceed, what);
            }
            (Called::Returned(outputs), Some(wanted)) => {
                for (number, value) in wanted {
                    let name = operation.outputs.get(*number).map_or("", |slot| &slot.name);
                    match outputs.get(*number) {
                        Some(given) if same(given, value) => {}
                        Some(given) => {
                            return wrong(format!("{name} must be {value} and is {given}"));
                        }
                        None => return wrong(format!("{name} must be {value} and is missing")),
                    }
                }
            }
            (Called::Panicked(_), _) => {}
        }
        let counts = self
            .operations
            .get_mut(call.operation)
            .map(|o| &mut o.counts)?;
        judged.breach(counts)
    }

    /// All cases of an operation without state.
    fn cases(&mut self, index: usize) -> Option<Failure> {
        let rows = self.operations.get(index)?.rows.clone();
        for (number, row) in rows.iter().enumerate() {
            let wishes = self.operations.get(index)?.wishes(row);
            let mut random = self.random(index, number);
            let aim = if number % 4 == 3 {
                Aim::Anything
            } else {
                Aim::Success
            };
            if let Some(failure) = self.case(index, &mut random, aim, wishes) {
                return Some(failure);
            }
        }
        if let Some(failure) = self.small_scope(index) {
            return Some(failure);
        }
        for number in rows.len()..self.settings.cases {
            let mut random = self.random(index, number);
            let aim = self.aim(index, number, &mut random);
            let wishes = if number % 3 == 0 {
                self.operations.get(index)?.any_wish(&mut random)
            } else {
                Vec::new()
            };
            if let Some(failure) = self.case(index, &mut random, aim, wishes) {
                return Some(failure);
            }
        }
        None
    }

    fn random(&self, index: usize, number: usize) -> Random {
        let part = (u64::try_from(index).unwrap_or(0) << 32) | u64::try_from(number).unwrap_or(0);
        Random::stream(self.settings.seed, part)
    }

    fn aim(&self, index: usize, number: usize, random: &mut Random) -> Aim {
        let Some(operation) = self.operations.get(index) else {
            return Aim::Anything;
        };
        if !operation.fails.is_empty() && number.is_multiple_of(6) {
            Aim::Refusal(random.below(operation.fails.len()))
        } else if !operation.goals.is_empty() && number % 3 == 1 {
            Aim::Goal(random.below(operation.goals.len()))
        } else if number % 8 == 7 {
            Aim::Anything
        } else {
            Aim::Success
        }
    }

    fn case(
        &mut self,
        index: usize,
        random: &mut Random,
        aim: Aim,
        wishes: Vec<Wish>,
    ) -> Option<Failure> {
        let mut pool = Pool::default();
        let call = self.draw(index, random, aim, wishes, &mut pool, None)?;
        self.stage.reset();
        self.play(&[], call, None)
    }

    /// Every combination of small values, where there are few.
    fn small_scope(&mut self, index: usize) -> Option<Failure> {
        const MOST: usize = 40;
        let budget = self.settings.cases.min(1000);
        let types = self.operations.get(index)?.types.clone();
        let choices: Option<Vec<Vec<Value>>> = types.iter().map(|t| small(t, MOST)).collect();
        let choices = choices?;
        let all = choices
            .iter()
            .try_fold(1_usize, |n, c| n.checked_mul(c.len()))?;
        if all > budget || types.is_empty() {
            return None;
        }
        for mut number in 0..all {
            let mut inputs = Vec::with_capacity(choices.len());
            for choice in &choices {
                inputs.push(choice.get(number % choice.len())?.clone());
                number /= choice.len();
            }
            let call = Call {
                operation: index,
                inputs,
            };
            if self.stage.allows(&call, &[], None) || self.stage.must_refuse(&call, &[]) {
                self.stage.reset();
                if let Some(failure) = self.play(&[], call, None) {
                    return Some(failure);
                }
            }
        }
        None
    }

    /// Inputs that the operation may be called with in that state.
    fn draw(
        &mut self,
        index: usize,
        random: &mut Random,
        aim: Aim,
        wishes: Vec<Wish>,
        pool: &mut Pool,
        state: Option<&[Value]>,
    ) -> Option<Call> {
        let limit = self.settings.evaluation;
        let evaluate = |typed: &Typed| -> Option<Value> {
            let state = state.unwrap_or_default();
            let scope = Scope {
                state,
                old_state: state,
                ..Scope::default()
            };
            typed.eval(&scope, &mut Steps::new(limit)).ok()
        };
        // Where the state alone makes a `fails` true, no input can keep it from refusing.
        let possible = |formula: &&Formula| match formula {
            Formula::Fixed(typed, wanted) => {
                matches!(evaluate(typed), Some(Value::Bool(is)) if is == *wanted)
            }
            _ => true,
        };
        for attempt in 0..DRAWS {
            let operation = self.operations.get(index)?;
            let mut formulas: Vec<&Formula> = Vec::new();
            match aim {
                // A refusal is wanted even where the caller breaks its part, if it cannot be had otherwise.
                Aim::Refusal(number) => {
                    formulas.extend(operation.fails.get(number));
                    if attempt < 2 {
                        formulas.extend(&operation.requires);
                    }
                }
                Aim::Goal(number) => {
                    formulas.extend(&operation.requires);
                    formulas.extend(operation.succeeds.iter().filter(possible));
                    // The goal may contradict the precondition.
                    if attempt < 2 {
                        formulas.extend(operation.goals.get(number));
                    }
                }
                Aim::Success => {
                    formulas.extend(&operation.requires);
                    formulas.extend(operation.succeeds.iter().filter(possible));
                }
                Aim::Anything => formulas.extend(&operation.requires),
            }
            let mut draw = Draw::new(
                random.clone(),
                &self.words,
                pool,
                &evaluate,
                self.settings.longest,
            );
            draw.wishes.clone_from(&wishes);
            let inputs = draw.inputs(&operation.types, &formulas);
            let granted = std::mem::take(&mut draw.wishes);
            *random = draw.random;
            let operation = self.operations.get_mut(index)?;
            let Some(inputs) = inputs else {
                if matches!(aim, Aim::Success | Aim::Anything) {
                    operation.rejected += 1;
                }
                continue;
            };
            let call = Call {
                operation: index,
                inputs,
            };
            let state = state.unwrap_or_default();
            if self.stage.allows(&call, state, Some(&mut operation.counts)) {
                operation.reach(&granted);
                return Some(call);
            }
            if self.stage.must_refuse(&call, state) {
                return Some(call);
            }
            operation.rejected += 1;
        }
        None
    }

    /// Makes a generated call after others and judges it.
    fn play(&mut self, earlier: &[Call], call: Call, state: Option<&[Value]>) -> Option<Failure> {
        let operation = self.operations.get_mut(call.operation)?;
        let outcome = self
            .stage
            .play(&call, state.unwrap_or_default(), &mut operation.counts);
        match outcome {
            Outcome::Kept { refused } => {
                operation.cases += 1;
                operation.refused += usize::from(refused);
                self.judged += 1;
                None
            }
            Outcome::NoInstance => None,
            Outcome::Inexpressible => {
                operation.inexpressible += 1;
                None
            }
            Outcome::Broken(breach) => {
                operation.cases += 1;
                self.judged += 1;
                let mut calls = earlier.to_vec();
                calls.push(call);
                let (calls, breach, tried) =
                    self.stage.shrink(calls, breach, self.settings.shrinking);
                Some(self.failure(&calls, *breach, tried))
            }
        }
    }

    fn all_sequences(&mut self) -> Option<Failure> {
        let count = self.settings.cases.div_ceil(3);
        for number in 0..count {
            let mut random = self.random(usize::from(u16::MAX), number);
            self.sequences += 1;
            if let Some(failure) = self.sequence(number, &mut random) {
                return Some(failure);
            }
        }
        None
    }

    /// Calls on one instance, each allowed in the state at hand.
    fn sequence(&mut self, number: usize, random: &mut Random) -> Option<Failure> {
        self.stage.reset();
        let mut pool = Pool::default();
        let mut calls: Vec<Call> = Vec::new();
        let steps = 1 + random.below(self.settings.steps.max(1));
        // In some sequences few operations take turns, so that a state is driven to its ends.
        let favourite = random
            .chance(1, 3)
            .then(|| random.below(self.operations.len()));
        let mut makers: Vec<usize> = (0..self.operations.len())
            .filter(|i| self.operations.get(*i).is_some_and(|o| !o.reads_state))
            .collect();
        random.shuffle(&mut makers);
        while calls.len() < steps {
            let state = self.stage.state();
            let index = match (&state, favourite) {
                (None, _) => makers.pop()?,
                (Some(_), Some(index)) if random.chance(2, 3) => index,
                _ => random.below(self.operations.len()),
            };
            if state.is_some()
                && calls.first().is_some_and(|c| c.operation == index)
                && !random.chance(1, 16)
            {
                // The one that made the instance is seldom called again.
                if self.operations.len() > 1 {
                    if random.chance(1, 64) {
                        break;
                    }
                    continue;
                }
            }
            if !self.enabled(index, state.as_deref()) {
                if let Some(operation) = self.operations.get_mut(index) {
                    operation.unreachable += 1;
                }
                if random.chance(1, 24) {
                    break;
                }
                continue;
            }
            if let (Some(state), true) = (&state, random.chance(1, 2)) {
                for (slot, value) in self.tool.state.iter().zip(state) {
                    pool.add(&slot.type_, value);
                }
            }
            let wishes = if random.chance(1, 4) {
                self.operations.get(index)?.any_wish(random)
            } else {
                Vec::new()
            };
            let aim = self.aim(index, number + calls.len(), random);
            let Some(call) = self.draw(index, random, aim, wishes, &mut pool, state.as_deref())
            else {
                if random.chance(1, 8) {
                    break;
                }
                continue;
            };
            if let Some(failure) = self.play(&calls, call.clone(), state.as_deref()) {
                return Some(failure);
            }
            if state.is_some() || self.stage.state().is_some() {
                calls.push(call);
            }
        }
        None
    }

    /// Whether the conditions that read the state alone allow the operation: it can be called, or it must refuse.
    fn enabled(&self, index: usize, state: Option<&[Value]>) -> bool {
        let Some(operation) = self.tool.operations.get(index) else {
            return false;
        };
        let state = state.unwrap_or_default();
        let scope = Scope {
            state,
            old_state: state,
            ..Scope::default()
        };
        let mut fixed = operation.requires.iter().filter(|clause| {
            clause.condition.free_slots().iter().all(|place| {
                matches!(
                    place.kind,
                    voidstate_language::node::PlaceKind::State
                        | voidstate_language::node::PlaceKind::OldState
                )
            })
        });
        let holds = fixed.all(|clause| {
            matches!(
                clause.holds(&scope, &mut Steps::new(self.settings.evaluation)),
                Ok(true)
            )
        });
        holds || !operation.fails.is_empty()
    }

    fn failure(&self, calls: &[Call], breach: Breach, tried: usize) -> Failure {
        let operation = calls
            .last()
            .and_then(|call| self.tool.operations.get(call.operation))
            .map(|operation| operation.name.clone());
        Failure {
            operation: operation.unwrap_or_default(),
            kind: breach.kind,
            label: breach.label.clone(),
            explanation: breach.explanation.trim_end().to_owned(),
            calls: calls
                .iter()
                .map(|call| paste::call(self.tool, call))
                .collect(),
            outcome: breach.outcome.clone(),
            shrinking: tried,
            rust_test: paste::rust_test(self.tool, calls, &breach),
            spec_example: paste::spec_example(self.tool, calls, &breach),
        }
    }

    fn report(self, failure: Option<Failure>) -> Report {
        let mut invariants: Vec<Count> = vec![Count::default(); self.tool.invariants.len()];
        for operation in &self.operations {
            for (sum, count) in invariants.iter_mut().zip(&operation.counts.invariants) {
                sum.checked += count.checked;
                sum.exercised += count.exercised;
                sum.too_costly += count.too_costly;
            }
        }
        let invariants = self
            .tool
            .invariants
            .iter()
            .zip(invariants)
            .map(|(clause, count)| clause_report("invariant", &clause.label, count))
            .collect();
        let operations = self
            .tool
            .operations
            .iter()
            .zip(&self.operations)
            .map(|(checked, operation)| {
                let (reached, of) = operation.boundaries();
                let (paired, pairs) = operation.paired();
                let drawn = operation.rejected + operation.cases;
                OperationReport {
                    name: checked.name.clone(),
                    cases: operation.cases,
                    refused: operation.refused,
                    rejected: operation.rejected,
                    rejection: if drawn == 0 {
                        0.0
                    } else {
                        operation.rejected as f64 / drawn as f64
                    },
                    unreachable: operation.unreachable,
                    inexpressible: operation.inexpressible,
                    clauses: clauses(checked, &operation.counts),
                    boundaries: Share { reached, of },
                    pairs: Share {
                        reached: paired,
                        of: pairs,
                    },
                    examples: Share {
                        reached: operation.examples,
                        of: checked.examples.len(),
                    },
                }
            })
            .collect();
        Report {
            tool: self.tool.name.clone(),
            seed: self.settings.seed,
            cases: self.judged,
            operations,
            invariants,
            scenarios: Share {
                reached: self.scenarios,
                of: self.tool.scenarios.len(),
            },
            sequences: self.sequences,
            failure,
        }
    }
}

fn clauses(operation: &voidstate_language::CheckedOperation, counts: &Counts) -> Vec<ClauseReport> {
    let kinds = [
        ("requires", &operation.requires, &counts.requires),
        ("fails", &operation.fails, &counts.fails),
        ("ensures", &operation.ensures, &counts.ensures),
    ];
    let mut all = Vec::new();
    for (kind, clauses, counts) in kinds {
        for (clause, count) in clauses.iter().zip(counts) {
            all.push(clause_report(kind, &clause.label, *count));
        }
    }
    all
}

fn clause_report(kind: &str, label: &str, count: Count) -> ClauseReport {
    ClauseReport {
        kind: kind.to_owned(),
        label: label.to_owned(),
        checked: count.checked,
        exercised: count.exercised,
        too_costly: count.too_costly,
    }
}
