//! Holding a subject against its spec.

mod reporting;
mod sequences;
mod written;

use super::draw::{Draw, Wish};
use super::formula::Formula;
use super::operation::{Operation, small, words};
use super::pool::Pool;
use super::random::Random;
use super::report::{Failure, Report};
use super::sequence::{Call, Outcome, Stage};
use super::settings::Settings;
use super::watch::Watch;
use crate::Subject;
use voidstate_language::node::Typed;
use voidstate_language::{CheckedTool, Scope, Steps, Value};

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
}
