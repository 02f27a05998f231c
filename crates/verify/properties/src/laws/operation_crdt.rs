//! Laws of replicated data that sends operations.

use std::fmt::Debug;

use proptest::strategy::Strategy;

use super::crdt::{Point, Seen, Step, check_replicas, histories, keys, same_seen_same_state};
use super::{Binding, Outcome, Report, Settings, Suite, agree, several, softened};
use crate::Error;

const NAME: &str = "operation CRDT";

/// Replicas that apply each other's operations once each, in any order that keeps cause before effect, converge.
///
/// An update of replica `n` is prepared there as an operation (`prepare(state, n, update)`), which every replica, the
/// first one at once, then applies (`effect(state, operation)`). The transport is taken to deliver exactly once and
/// causally; 3 to 8 replicas. The laws: operations that do not know of each other commute, replicas that applied the
/// same operations are equal at any time, and all are equal when everything has arrived.
///
/// Source: Shapiro, Preguiça, Baquero, Zawirski, Conflict-free replicated data types (2011).
///
/// # Errors
/// See [`Suite::law`]; [`Error::Parameter`] for too few or too many replicas.
pub fn operation_crdt<S, U, O>(
    settings: &Settings,
    replicas: usize,
    updates: &impl Strategy<Value = U>,
    initial: impl Fn(usize) -> S,
    prepare: impl Fn(&S, usize, &U) -> O,
    effect: impl Fn(&S, &O) -> S,
    eq: impl Fn(&S, &S) -> bool,
) -> Result<Report, Error>
where
    S: Clone + Debug,
    U: Clone + Debug,
    O: Clone + Debug,
{
    check_replicas(NAME, replicas, 3, "3 to 8")?;
    let mut suite = Suite::new(NAME, settings)?;
    let world = World {
        replicas,
        initial,
        prepare,
        effect,
    };
    let histories = histories(replicas, updates);
    suite.law(
        "concurrent operations commute",
        "o, p prepared at replicas 0 and 1 of one past: effect(effect(s, o), p) = effect(effect(s, p), o) at replica 2",
        &(&histories, keys(replicas), several(updates)),
        |(h, keys, [u, v])| {
            let pair = world.concurrent(h, keys, u, v).map(|c| {
                let s = Binding::new("s", &c.state);
                [s, Binding::new("o", &c.first), Binding::new("p", &c.second)]
            });
            let past = Binding::new("history", h);
            pair.into_iter().flatten().chain([past]).collect()
        },
        |(h, keys, [u, v])| {
            let Some(c) = world.concurrent(h, keys, u, v) else {
                return Outcome::Vacuous;
            };
            let both = |o, p| (world.effect)(&(world.effect)(&c.state, o), p);
            agree(&eq, &both(&c.first, &c.second), &both(&c.second, &c.first))
        },
    )?;
    suite.law(
        "strong convergence",
        "replicas that applied the same operations are equal",
        &histories,
        |h| vec![Binding::new("history", h)],
        |h| {
            let run = world.run(h);
            same_seen_same_state(&run.points.iter().collect::<Vec<_>>(), &eq)
        },
    )?;
    suite.law(
        "eventual convergence",
        "once everything has arrived, in any causal order, all are equal",
        &(softened(&histories), keys(replicas)),
        |(h, keys)| vec![Binding::new("history", h), Binding::new("choices", keys)],
        |(h, keys)| {
            let mut run = world.run(h);
            world.deliver_all(&mut run, keys);
            same_seen_same_state(&run.latest.iter().collect::<Vec<_>>(), &eq)
        },
    )?;
    Ok(suite.done())
}

struct World<I, P, E> {
    replicas: usize,
    initial: I,
    prepare: P,
    effect: E,
}

/// An operation and the operations its replica had applied when it was prepared.
struct Sent<O> {
    operation: O,
    after: Seen,
}

struct Run<S, O> {
    sent: Vec<Sent<O>>,
    latest: Vec<Point<S>>,
    /// Every state of every replica.
    points: Vec<Point<S>>,
}

/// Two operations that do not know of each other, and a state that knows of neither.
struct Concurrent<S, O> {
    state: S,
    first: O,
    second: O,
}

impl<I, P, E> World<I, P, E> {
    fn run<S, U, O>(&self, history: &[Step<U>]) -> Run<S, O>
    where
        S: Clone,
        I: Fn(usize) -> S,
        P: Fn(&S, usize, &U) -> O,
        E: Fn(&S, &O) -> S,
    {
        let start = |replica| Point {
            replica,
            state: (self.initial)(replica),
            seen: 0,
        };
        let latest: Vec<_> = (0..self.replicas).map(start).collect();
        let mut run = Run {
            sent: Vec::new(),
            points: latest.clone(),
            latest,
        };
        for step in history {
            match step {
                Step::Update { at, update } => {
                    let Some(now) = run.latest.get(*at) else {
                        continue;
                    };
                    let number = run.sent.len();
                    run.sent.push(Sent {
                        operation: (self.prepare)(&now.state, *at, update),
                        after: now.seen,
                    });
                    self.apply(&mut run, *at, number);
                }
                Step::Deliver { to, choice, .. } => {
                    let ready = ready(&run, *to);
                    let chosen = choice.checked_rem(ready.len());
                    if let Some(number) = chosen.and_then(|c| ready.get(c)) {
                        self.apply(&mut run, *to, *number);
                    }
                }
            }
        }
        run
    }

    /// Replica `at` applies operation `number`.
    fn apply<S: Clone, O>(&self, run: &mut Run<S, O>, at: usize, number: usize)
    where
        E: Fn(&S, &O) -> S,
    {
        if let (Some(now), Some(sent)) = (run.latest.get_mut(at), run.sent.get(number)) {
            now.state = (self.effect)(&now.state, &sent.operation);
            now.seen |= 1 << number;
            run.points.push(now.clone());
        }
    }

    /// Everything that is under way arrives, at each replica in an order of its own.
    fn deliver_all<S: Clone, O>(&self, run: &mut Run<S, O>, keys: &[u8])
    where
        E: Fn(&S, &O) -> S,
    {
        for at in 0..self.replicas {
            let mut turn = at;
            loop {
                let ready = ready(run, at);
                let key = keys.get(turn % self.replicas).copied().unwrap_or(0);
                let chosen = usize::from(key).checked_rem(ready.len());
                let Some(number) = chosen.and_then(|c| ready.get(c)) else {
                    break;
                };
                self.apply(run, at, *number);
                turn += 1;
            }
        }
    }

    /// After `history` and the arrival of everything, replicas 0 and 1 prepare one update each.
    fn concurrent<S, U, O>(
        &self,
        history: &[Step<U>],
        keys: &[u8],
        u: &U,
        v: &U,
    ) -> Option<Concurrent<S, O>>
    where
        S: Clone,
        I: Fn(usize) -> S,
        P: Fn(&S, usize, &U) -> O,
        E: Fn(&S, &O) -> S,
    {
        let mut run = self.run(history);
        self.deliver_all(&mut run, keys);
        let [first, second, third, ..] = run.latest.as_slice() else {
            return None;
        };
        Some(Concurrent {
            state: third.state.clone(),
            first: (self.prepare)(&first.state, 0, u),
            second: (self.prepare)(&second.state, 1, v),
        })
    }
}

/// The operations replica `at` may apply next: not yet applied, all causes applied.
fn ready<S, O>(run: &Run<S, O>, at: usize) -> Vec<usize> {
    let seen = run.latest.get(at).map_or(0, |p| p.seen);
    let may = |(number, sent): (usize, &Sent<O>)| {
        let new = seen & 1 << number == 0;
        (new && sent.after & !seen == 0).then_some(number)
    };
    run.sent.iter().enumerate().filter_map(may).collect()
}
