//! Laws of replicated data that sends its whole state.

use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::sample::Index;
use proptest::strategy::Strategy;

use super::crdt::{Point, Step, check_replicas, histories, keys, order, same_seen_same_state};
use super::{Binding, Outcome, Report, Settings, Suite, agree, softened};
use crate::Error;

const NAME: &str = "state CRDT";

/// Replicas that merge each other's states converge, whatever is delayed, lost, repeated, reordered or cut off.
///
/// `initial` and `update` are told the replica's number, from 0 on. `eq` compares what replicas must agree on, so it
/// leaves out their numbers. Every state that is judged was reached by a history of up to 24 updates and deliveries of
/// present or past states among `replicas` replicas (2 to 8). The laws: `merge` is a join on those states, an update
/// only goes up, replicas that saw the same updates are equal at any time, and all are equal once each has heard from
/// each, also after a partition.
///
/// Source: Shapiro, Preguiça, Baquero, Zawirski, Conflict-free replicated data types (2011).
///
/// ```
/// use std::collections::BTreeSet;
/// use voidstate_properties::laws::{Settings, state_crdt};
///
/// type Set = BTreeSet<u8>;
/// let add = |s: &Set, _: usize, value: &u8| s.iter().copied().chain([*value]).collect();
/// let union = |a: &Set, b: &Set| a | b;
/// let settings = Settings::default();
/// state_crdt(&settings, 3, &(0_u8..9), |_| Set::new(), add, union, PartialEq::eq)?;
/// # Ok::<(), voidstate_properties::Error>(())
/// ```
///
/// # Errors
/// See [`Suite::law`]; [`Error::Parameter`] for too few or too many replicas.
pub fn state_crdt<S, U>(
    settings: &Settings,
    replicas: usize,
    updates: &impl Strategy<Value = U>,
    initial: impl Fn(usize) -> S,
    update: impl Fn(&S, usize, &U) -> S,
    merge: impl Fn(&S, &S) -> S,
    eq: impl Fn(&S, &S) -> bool,
) -> Result<Report, Error>
where
    S: Clone + Debug,
    U: Clone + Debug,
{
    check_replicas(NAME, replicas, 2, "2 to 8")?;
    let mut suite = Suite::new(NAME, settings)?;
    let world = World {
        replicas,
        initial,
        update,
        merge,
    };
    let histories = histories(replicas, updates);
    algebra(&mut suite, &world, &histories, &eq)?;
    inflation(&mut suite, &world, &histories, updates, &eq)?;
    convergence(&mut suite, &world, &histories, &eq)?;
    Ok(suite.done())
}

struct World<I, F, M> {
    replicas: usize,
    initial: I,
    update: F,
    merge: M,
}

/// Every state each replica was in, oldest first, and how many updates there were.
struct Run<S> {
    timelines: Vec<Vec<Point<S>>>,
    updates: u32,
}

impl<S> Run<S> {
    fn latest(&self) -> impl Iterator<Item = &Point<S>> {
        self.timelines.iter().filter_map(|t| t.last())
    }

    /// All states, those of the first replica first.
    fn points(&self) -> Vec<&Point<S>> {
        self.timelines.iter().flatten().collect()
    }
}

impl<I, F, M> World<I, F, M> {
    /// What becomes of the replicas; deliveries between the two `sides` are lost.
    fn run<S: Clone, U>(&self, history: &[Step<U>], sides: &[bool]) -> Run<S>
    where
        I: Fn(usize) -> S,
        F: Fn(&S, usize, &U) -> S,
        M: Fn(&S, &S) -> S,
    {
        let start = |replica| {
            vec![Point {
                replica,
                state: (self.initial)(replica),
                seen: 0,
            }]
        };
        let mut run = Run {
            timelines: (0..self.replicas).map(start).collect(),
            updates: 0,
        };
        for step in history {
            let (replica, state, seen) = match step {
                Step::Update { at, update } => {
                    let Some(now) = run.timelines.get(*at).and_then(|t| t.last()) else {
                        continue;
                    };
                    let seen = now.seen | 1 << run.updates;
                    run.updates += 1;
                    (*at, (self.update)(&now.state, *at, update), seen)
                }
                Step::Deliver { to, from, choice } => {
                    let sender = run.timelines.get(*from).and_then(|t| {
                        let newest = t.len().saturating_sub(1);
                        t.get(newest - newest.min(*choice))
                    });
                    let receiver = run.timelines.get(*to).and_then(|t| t.last());
                    let (Some(sender), Some(now)) = (sender, receiver) else {
                        continue;
                    };
                    if sides.get(*to) != sides.get(*from) {
                        continue;
                    }
                    let state = (self.merge)(&now.state, &sender.state);
                    (*to, state, now.seen | sender.seen)
                }
            };
            if let Some(timeline) = run.timelines.get_mut(replica) {
                timeline.push(Point {
                    replica,
                    state,
                    seen,
                });
            }
        }
        run
    }

    /// What every replica has once it has merged the latest state of each, in an order of its own, the first twice.
    fn exchanged<S: Clone>(&self, run: &Run<S>, keys: &[u8]) -> Vec<S>
    where
        M: Fn(&S, &S) -> S,
    {
        let latest: Vec<&Point<S>> = run.latest().collect();
        let one = |own: &&Point<S>| {
            let order = order(keys, own.replica);
            let again = order.first().copied();
            let heard = order.into_iter().chain(again);
            heard
                .filter_map(|i| latest.get(i))
                .fold(own.state.clone(), |state, other| {
                    (self.merge)(&state, &other.state)
                })
        };
        latest.iter().map(one).collect()
    }
}

/// `merge` is a join on states that were reached.
fn algebra<S, U, I, F, M>(
    suite: &mut Suite<'_>,
    world: &World<I, F, M>,
    histories: &impl Strategy<Value = Vec<Step<U>>>,
    eq: &impl Fn(&S, &S) -> bool,
) -> Result<(), Error>
where
    S: Clone + Debug,
    U: Clone + Debug,
    I: Fn(usize) -> S,
    F: Fn(&S, usize, &U) -> S,
    M: Fn(&S, &S) -> S,
{
    let reached = |history: &[Step<U>], picks: &[Index]| -> Vec<S> {
        let run = world.run(history, &[]);
        let points = run.points();
        let state = |pick: &Index| pick.get(&points).state.clone();
        picks.iter().map(state).collect()
    };
    let show = |history: &Vec<Step<U>>, picks: &[Index]| -> Vec<Binding> {
        let states = reached(history, picks);
        let states = ["a", "b", "c"].into_iter().zip(&states);
        let states = states.map(|(name, state)| Binding::new(name, state));
        [Binding::new("history", history)]
            .into_iter()
            .chain(states)
            .collect()
    };
    let merge = &world.merge;
    let drawn = |states: usize| (histories, vec(any::<Index>(), states));
    suite.law(
        "idempotence",
        "merge(a, a) = a",
        &drawn(1),
        |(h, picks)| show(h, picks),
        |(h, picks)| match reached(h, picks).as_slice() {
            [a] => agree(eq, &merge(a, a), a),
            _ => Outcome::Vacuous,
        },
    )?;
    suite.law(
        "commutativity",
        "merge(a, b) = merge(b, a)",
        &drawn(2),
        |(h, picks)| show(h, picks),
        |(h, picks)| match reached(h, picks).as_slice() {
            [a, b] => agree(eq, &merge(a, b), &merge(b, a)),
            _ => Outcome::Vacuous,
        },
    )?;
    suite.law(
        "associativity",
        "merge(merge(a, b), c) = merge(a, merge(b, c))",
        &drawn(3),
        |(h, picks)| show(h, picks),
        |(h, picks)| match reached(h, picks).as_slice() {
            [a, b, c] => agree(eq, &merge(&merge(a, b), c), &merge(a, &merge(b, c))),
            _ => Outcome::Vacuous,
        },
    )
}

/// What an update gives is above what it was given.
fn inflation<S, U, I, F, M>(
    suite: &mut Suite<'_>,
    world: &World<I, F, M>,
    histories: &impl Strategy<Value = Vec<Step<U>>>,
    updates: &impl Strategy<Value = U>,
    eq: &impl Fn(&S, &S) -> bool,
) -> Result<(), Error>
where
    S: Clone + Debug,
    U: Clone + Debug,
    I: Fn(usize) -> S,
    F: Fn(&S, usize, &U) -> S,
    M: Fn(&S, &S) -> S,
{
    let latest = |history: &[Step<U>], at: &usize| {
        let run = world.run(history, &[]);
        let timeline = run.timelines.into_iter().nth(*at);
        timeline.and_then(|t| t.into_iter().next_back())
    };
    suite.law(
        "inflation",
        "merge(a, update(a)) = update(a)",
        &(histories, 0..world.replicas, softened(updates)),
        |(h, at, u)| {
            let a = latest(h, at).map(|p| Binding::new("a", &p.state));
            let update = Binding::new("update", u);
            [Binding::new("history", h), Binding::new("replica", at)]
                .into_iter()
                .chain(a)
                .chain([update])
                .collect()
        },
        |(h, at, u)| {
            let Some(a) = latest(h, at) else {
                return Outcome::Vacuous;
            };
            let after = (world.update)(&a.state, *at, u);
            agree(eq, &(world.merge)(&a.state, &after), &after)
        },
    )
}

/// Replicas agree as soon as they know the same, and come to know the same.
fn convergence<S, U, I, F, M>(
    suite: &mut Suite<'_>,
    world: &World<I, F, M>,
    histories: &impl Strategy<Value = Vec<Step<U>>>,
    eq: &impl Fn(&S, &S) -> bool,
) -> Result<(), Error>
where
    S: Clone + Debug,
    U: Clone + Debug,
    I: Fn(usize) -> S,
    F: Fn(&S, usize, &U) -> S,
    M: Fn(&S, &S) -> S,
{
    suite.law(
        "strong convergence",
        "replicas that the same updates have reached are equal",
        histories,
        |h| vec![Binding::new("history", h)],
        |h| same_seen_same_state(&world.run(h, &[]).points(), eq),
    )?;
    let all_equal = |states: &[S]| {
        for (a, b) in states.iter().zip(states.iter().skip(1)) {
            let outcome = agree(eq, a, b);
            if outcome != Outcome::Holds {
                return outcome;
            }
        }
        Outcome::Holds
    };
    suite.law(
        "eventual convergence",
        "once each has heard from each, in any order and twice from one, all are equal",
        &(histories, keys(world.replicas)),
        |(h, keys)| {
            vec![
                Binding::new("history", h),
                Binding::new("order", &order(keys, 0)),
            ]
        },
        |(h, keys)| all_equal(&world.exchanged(&world.run(h, &[]), keys)),
    )?;
    let sides = |keys: &[u8]| -> Vec<bool> { keys.iter().map(|k| k % 2 == 1).collect() };
    suite.law(
        "a partition heals",
        "nothing crosses between the sides, then each hears from each: all are equal",
        &(histories, keys(world.replicas)),
        |(h, keys)| {
            vec![
                Binding::new("history", h),
                Binding::new("sides", &sides(keys)),
            ]
        },
        |(h, keys)| all_equal(&world.exchanged(&world.run(h, &sides(keys)), keys)),
    )
}
