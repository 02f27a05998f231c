//! The search for an order.

use std::collections::HashSet;
use std::hash::Hash;

use super::done::{Done, Image};
use super::{Model, Operation};

/// The front of the list of events; no event has this number.
const HEAD: usize = 0;
/// What stands behind the last event.
const END: usize = usize::MAX;

/// An event in a doubly linked list. All numbers are positions in [`Search::links`], made together with it, so that
/// indexing cannot fail.
#[derive(Debug, Clone, Copy)]
struct Link {
    operation: usize,
    /// For a call, where its answer stands ([`END`] without one); for an answer and the head, `None`.
    answer: Option<usize>,
    before: usize,
    after: usize,
}

/// An operation that was given effect, what was there before, and what else it may have left.
struct Frame<S> {
    call: usize,
    before: S,
    others: std::vec::IntoIter<S>,
}

/// What happens at the end of an order.
enum Goal<'a, S> {
    First,
    All(&'a mut HashSet<S>),
}

pub(super) struct Search<'a, M: Model> {
    model: &'a M,
    operations: &'a [&'a Operation<M::Op, M::Ret>],
    links: Vec<Link>,
    done: Done,
    seen: HashSet<(Image, M::State)>,
    /// Answered operations that did not take effect yet.
    left: usize,
    frames: Vec<Frame<M::State>>,
}

impl<'a, M: Model> Search<'a, M> {
    /// `operations` are in order of their calls, with unique times.
    pub(super) fn new(model: &'a M, operations: &'a [&'a Operation<M::Op, M::Ret>]) -> Self {
        let mut events: Vec<(u64, bool, usize)> = Vec::with_capacity(operations.len() * 2);
        for (number, operation) in operations.iter().enumerate() {
            events.push((operation.call, false, number));
            if let Some((_, at)) = &operation.answer {
                events.push((*at, true, number));
            }
        }
        events.sort_unstable();
        let mut links = Vec::with_capacity(events.len() + 1);
        links.push(Link {
            operation: END,
            answer: None,
            before: END,
            after: if events.is_empty() { END } else { 1 },
        });
        let mut calls = vec![END; operations.len()];
        let count = events.len();
        for (at, (_, is_answer, operation)) in (1..).zip(events) {
            if is_answer {
                links[calls[operation]].answer = Some(at);
            } else {
                calls[operation] = at;
            }
            links.push(Link {
                operation,
                answer: (!is_answer).then_some(END),
                before: at - 1,
                after: if at == count { END } else { at + 1 },
            });
        }
        Self {
            model,
            operations,
            links,
            done: Done::new(operations.len()),
            seen: HashSet::new(),
            left: operations.iter().filter(|o| o.answer.is_some()).count(),
            frames: Vec::new(),
        }
    }

    /// An order from one of `starts`: `Some(None)` when there is none, `None` when `steps` does not suffice.
    pub(super) fn order(
        &mut self,
        starts: &[M::State],
        steps: &mut u64,
    ) -> Option<Option<Vec<usize>>> {
        for start in starts {
            if self.run(start.clone(), steps, Goal::First)? {
                let calls = self.frames.iter().map(|frame| frame.call);
                return Some(Some(calls.map(|at| self.links[at].operation).collect()));
            }
        }
        Some(None)
    }

    /// All states that orders from `starts` may end in; `None` when `steps` does not suffice.
    pub(super) fn ends(
        &mut self,
        starts: &[M::State],
        steps: &mut u64,
    ) -> Option<HashSet<M::State>> {
        let mut ends = HashSet::new();
        for start in starts {
            self.run(start.clone(), steps, Goal::All(&mut ends))?;
        }
        Some(ends)
    }

    /// All states that were gone through.
    pub(super) fn states(&self) -> impl Iterator<Item = &M::State> {
        self.seen.iter().map(|(_, state)| state)
    }

    fn run(
        &mut self,
        mut state: M::State,
        steps: &mut u64,
        mut goal: Goal<'_, M::State>,
    ) -> Option<bool> {
        let mut at = self.links[HEAD].after;
        loop {
            if self.left == 0 {
                match &mut goal {
                    Goal::First => return Some(true),
                    Goal::All(ends) => ends.insert(state.clone()),
                };
            } else {
                *steps = steps.checked_sub(1)?;
                // An answered operation is left, so its answer stands ahead and `at` is no end.
                let link = self.links[at];
                if let Some(answer) = link.answer {
                    let (first, others) = self.nexts(&state, link.operation, answer);
                    match self.enter(at, &state, first, others) {
                        Some(next) => {
                            state = next;
                            at = self.links[HEAD].after;
                        }
                        None => at = link.after,
                    }
                    continue;
                }
            }
            // An answer whose operation took no effect yet, or the end of an order: back.
            let Some(frame) = self.frames.pop() else {
                return Some(false);
            };
            self.unlift(frame.call);
            match self.enter(frame.call, &frame.before, None, frame.others) {
                Some(next) => {
                    state = next;
                    at = self.links[HEAD].after;
                }
                None => {
                    state = frame.before;
                    at = self.links[frame.call].after;
                }
            }
        }
    }

    /// What an operation may leave: one state when it was answered, perhaps several otherwise. An operation that
    /// nobody saw an answer of and that changes nothing may as well not have happened.
    fn nexts(
        &self,
        state: &M::State,
        operation: usize,
        answer: usize,
    ) -> (Option<M::State>, std::vec::IntoIter<M::State>) {
        let operation = self.operations[operation];
        match &operation.answer {
            Some((ret, _)) if answer != END => (
                self.model.allows(state, &operation.op, ret),
                Vec::new().into_iter(),
            ),
            _ => {
                let mut outcomes = self.model.outcomes(state, &operation.op);
                outcomes.retain(|next| next != state);
                (None, outcomes.into_iter())
            }
        }
    }

    /// Gives effect to the call at `at` with the first result that leads somewhere new.
    fn enter(
        &mut self,
        at: usize,
        before: &M::State,
        first: Option<M::State>,
        mut others: std::vec::IntoIter<M::State>,
    ) -> Option<M::State> {
        if first.is_none() && others.len() == 0 {
            return None;
        }
        let operation = self.links[at].operation;
        self.done.insert(operation);
        let image = self.done.image();
        let seen = &mut self.seen;
        let next = first
            .into_iter()
            .chain(others.by_ref())
            .find(|next| seen.insert((image.clone(), next.clone())));
        if next.is_none() {
            self.done.remove(operation);
            return None;
        }
        self.lift(at);
        self.frames.push(Frame {
            call: at,
            before: before.clone(),
            others,
        });
        next
    }

    fn lift(&mut self, call: usize) {
        let link = self.links[call];
        self.unlink(link);
        if let Some(answer) = link.answer.filter(|answer| *answer != END) {
            self.unlink(self.links[answer]);
            self.left -= 1;
        }
    }

    fn unlink(&mut self, link: Link) {
        self.links[link.before].after = link.after;
        if link.after != END {
            self.links[link.after].before = link.before;
        }
    }

    fn unlift(&mut self, call: usize) {
        let link = self.links[call];
        if let Some(answer) = link.answer.filter(|answer| *answer != END) {
            self.relink(answer);
            self.left += 1;
        }
        self.relink(call);
        self.done.remove(link.operation);
    }

    fn relink(&mut self, at: usize) {
        let link = self.links[at];
        self.links[link.before].after = at;
        if link.after != END {
            self.links[link.after].before = at;
        }
    }
}

/// Whether `operation` was possible in one of `states` and changed none of them.
pub(super) fn only_observes<'s, M: Model>(
    model: &M,
    operation: &Operation<M::Op, M::Ret>,
    states: impl Iterator<Item = &'s M::State>,
) -> bool
where
    M::State: 's + Hash,
{
    let mut is_possible = false;
    for state in states {
        let nexts = match &operation.answer {
            Some((ret, _)) => model
                .allows(state, &operation.op, ret)
                .into_iter()
                .collect(),
            None => model.outcomes(state, &operation.op),
        };
        is_possible |= !nexts.is_empty();
        if nexts.iter().any(|next| next != state) {
            return false;
        }
    }
    is_possible
}
