//! Sequences of calls on a tool with state.

use super::super::pool::Pool;
use super::super::random::Random;
use super::super::report::Failure;
use super::super::sequence::Call;
use super::Run;
use voidstate_language::{Scope, Steps, Value};

impl Run<'_> {
    pub(super) fn all_sequences(&mut self) -> Option<Failure> {
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
    pub(super) fn sequence(&mut self, number: usize, random: &mut Random) -> Option<Failure> {
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
    pub(super) fn enabled(&self, index: usize, state: Option<&[Value]>) -> bool {
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
}
