//! Linearizability: against all permutations, planted faults, objects that are right.

mod planted;
mod threads;

use proptest::prelude::*;
use voidstate_properties::Error;
use voidstate_properties::linearizability::models::{
    Counter, CounterOp, Map, MapOp, Queue, QueueOp, Register, RegisterOp,
};
use voidstate_properties::linearizability::{
    Event, History, HistoryOf, Limits, Model, Operation, Verdict, VerdictOf, check, check_by_key,
};

/// Whether some permutation of the answered operations and some of the others explains all answers: tried one by one,
/// nothing remembered.
fn naive<M: Model>(
    model: &M,
    starts: &[M::State],
    operations: &[Operation<M::Op, M::Ret>],
) -> bool {
    fn go<M: Model>(model: &M, state: &M::State, left: &[&Operation<M::Op, M::Ret>]) -> bool {
        if left.iter().all(|o| o.answer.is_none()) {
            return true;
        }
        (0..left.len()).any(|at| {
            let chosen = left[at];
            let is_late = left
                .iter()
                .any(|o| matches!(&o.answer, Some((_, answered)) if *answered < chosen.call));
            let mut rest = left.to_vec();
            rest.remove(at);
            let nexts: Vec<_> = match &chosen.answer {
                Some((ret, _)) => model.allows(state, &chosen.op, ret).into_iter().collect(),
                None => model.outcomes(state, &chosen.op),
            };
            !is_late && nexts.iter().any(|next| go(model, next, &rest))
        })
    }
    let all: Vec<_> = operations.iter().collect();
    starts.iter().any(|start| go(model, start, &all))
}

/// What a client has called, and its answer once it took effect.
type Open<M> = (<M as Model>::Op, Option<<M as Model>::Ret>);

/// What can be done to the history next, drawn so that most histories are nearly right.
fn histories<M: Model>(
    model: M,
    op: impl Strategy<Value = M::Op>,
    wrong: impl Strategy<Value = M::Ret>,
    moves: usize,
) -> impl Strategy<Value = HistoryOf<M>> {
    let step = (0..3_u32, op, wrong, 0..4_u8, 0..3_u8);
    prop::collection::vec(step, 1..moves).prop_map(move |steps| {
        let mut state = model.init();
        let mut open: Vec<Option<Open<M>>> = vec![None; 3];
        let mut events = Vec::new();
        for (client, op, wrong, is_wrong, what) in steps {
            let slot = &mut open[client as usize];
            match slot.take() {
                None => {
                    events.push(Event::Call(client, op.clone()));
                    *slot = Some((op, None));
                }
                Some((op, None)) if what > 0 => {
                    // It takes effect now, and answers later.
                    let (next, ret) = model.step(&state, &op);
                    state = next;
                    *slot = Some((op, Some(ret)));
                }
                Some((op, None)) => *slot = Some((op, None)),
                Some((_, Some(ret))) => {
                    let ret = if is_wrong == 0 { wrong } else { ret };
                    events.push(Event::Answer(client, ret));
                }
            }
        }
        History::from_events(events).unwrap()
    })
}

fn verdict<M: Model>(model: &M, history: &HistoryOf<M>) -> VerdictOf<M> {
    check(model, history, Limits::default()).unwrap()
}

/// The order explains every answer and puts nothing before what was answered before it was called.
fn assert_explains<M: Model>(model: &M, history: &HistoryOf<M>, order: &[usize]) {
    let operations = history.operations();
    let mut state = model.init();
    for (position, at) in order.iter().enumerate() {
        let chosen = &operations[*at];
        for later in &order[position..] {
            let answered = operations[*later].answer.as_ref().map(|(_, at)| *at);
            assert!(answered.is_none_or(|answered| answered >= chosen.call));
        }
        state = match &chosen.answer {
            Some((ret, _)) => model.allows(&state, &chosen.op, ret).unwrap(),
            None => model.step(&state, &chosen.op).0,
        };
    }
    let answered = (0..operations.len()).filter(|at| operations[*at].answer.is_some());
    assert!(answered.into_iter().all(|at| order.contains(&at)));
}

/// It has no order; without the one answer it has; nothing that only observes could be left out; it begins when nobody
/// waited.
fn assert_is_minimal<M: Model>(model: &M, history: &HistoryOf<M>, verdict: &VerdictOf<M>) {
    let found = verdict.counterexample().unwrap();
    assert!(found.is_minimal);
    assert!(!naive(model, &found.starts, &found.operations), "{found}");
    let mut without = found.operations.clone();
    let culprit = without.get_mut(found.culprit).unwrap();
    let last = culprit.answer.take().unwrap().1;
    assert!(naive(model, &found.starts, &without), "{found}");
    for operation in &found.operations {
        assert!(operation.call < last);
        let original = history
            .operations()
            .iter()
            .find(|o| o.call == operation.call)
            .unwrap();
        match (&operation.answer, &original.answer) {
            (Some(shown), Some(given)) => assert_eq!(shown, given),
            (None, Some((_, at))) => assert!(*at > last, "an answer was left out"),
            (None, None) => {}
            (Some(_), None) => panic!("an answer was made up"),
        }
    }
}

/// Checks one model over many histories, and that both verdicts came often enough for the agreement to mean something.
fn agrees<M: Model + Clone + 'static>(
    model: M,
    op: impl Strategy<Value = M::Op>,
    wrong: impl Strategy<Value = M::Ret>,
    seed: u64,
) {
    const CASES: u32 = 3000;
    let config = ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(seed),
        ..ProptestConfig::default()
    };
    let broken = std::cell::Cell::new(0);
    proptest::test_runner::TestRunner::new(config)
        .run(&histories(model.clone(), op, wrong, 22), |history| {
            let found = verdict(&model, &history);
            let expected = naive(&model, &[model.init()], history.operations());
            prop_assert_eq!(found.is_linearizable(), expected, "{}", history);
            match &found {
                Verdict::Linearizable(order) => assert_explains(&model, &history, order),
                Verdict::Broken(_) => {
                    broken.set(broken.get() + 1);
                    assert_is_minimal(&model, &history, &found);
                }
            }
            Ok(())
        })
        .unwrap();
    let broken = broken.get();
    assert!((CASES / 10..CASES * 9 / 10).contains(&broken), "{broken}");
}

#[test]
fn verdicts_agree_with_all_permutations() {
    let counter = prop_oneof![
        2 => (1..3_i64).prop_map(CounterOp::Add),
        1 => Just(CounterOp::Read),
    ];
    agrees(Counter, counter, 0..6_i64, 1);
    let value = 0..3_u8;
    let register = prop_oneof![
        value.clone().prop_map(RegisterOp::Write),
        Just(RegisterOp::Read),
        (value.clone(), value.clone()).prop_map(|(from, to)| RegisterOp::Swap(from, to)),
    ];
    agrees(Register(0), register, prop::option::of(value.clone()), 2);
    let queue = prop_oneof![value.clone().prop_map(QueueOp::Push), Just(QueueOp::Pop)];
    agrees(Queue::default(), queue, prop::option::of(value), 3);
}

/// A coin that falls as it likes, and shows how it lies.
#[derive(Clone)]
struct Coin;

impl Model for Coin {
    type State = u8;
    type Op = bool;
    type Ret = u8;

    fn init(&self) -> u8 {
        0
    }

    fn step(&self, state: &u8, _: &bool) -> (u8, u8) {
        (*state, *state)
    }

    fn allows(&self, state: &u8, is_thrown: &bool, answer: &u8) -> Option<u8> {
        let may_be = if *is_thrown {
            *answer < 3
        } else {
            answer == state
        };
        may_be.then_some(*answer)
    }

    fn outcomes(&self, state: &u8, is_thrown: &bool) -> Vec<u8> {
        if *is_thrown {
            vec![0, 1, 2]
        } else {
            vec![*state]
        }
    }
}

#[test]
fn objects_that_may_answer_in_several_ways_are_checked_in_all_of_them() {
    let config = ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest::test_runner::TestRunner::new(config)
        .run(&histories(Coin, any::<bool>(), 0..4_u8, 22), |history| {
            let expected = naive(&Coin, &[0], history.operations());
            prop_assert_eq!(verdict(&Coin, &history).is_linearizable(), expected);
            Ok(())
        })
        .unwrap();
    // Nobody saw how it fell: 2 is as good as 1, but not one after the other.
    use Event::{Answer, Call};
    let thrown = |second| {
        let events = [
            Call(0, true),
            Call(1, false),
            Answer(1, 2),
            Call(1, false),
            Answer(1, second),
        ];
        History::from_events(events).unwrap()
    };
    assert!(verdict(&Coin, &thrown(2)).is_linearizable());
    assert!(!verdict(&Coin, &thrown(1)).is_linearizable());
}

#[test]
fn checking_by_key_gives_the_same_verdict() {
    let key = 0..3_u8;
    let op = prop_oneof![
        (key.clone(), 0..3_u8).prop_map(|(k, v)| MapOp::Insert(k, v)),
        key.clone().prop_map(MapOp::Remove),
        key.prop_map(MapOp::Get),
    ];
    let model = Map::<u8, u8>::default();
    let config = ProptestConfig {
        cases: 1500,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let broken = std::cell::Cell::new(0);
    proptest::test_runner::TestRunner::new(config)
        .run(
            &histories(model, op, prop::option::of(0..3_u8), 30),
            |history| {
                let whole = verdict(&model, &history);
                let parts =
                    check_by_key(&model, &history, |op| *op.key(), Limits::default()).unwrap();
                prop_assert_eq!(whole.is_linearizable(), parts.is_linearizable());
                if let Verdict::Broken(found) = &parts {
                    broken.set(broken.get() + 1);
                    let first = found.operations[0].op.key();
                    prop_assert!(found.operations.iter().all(|o| o.op.key() == first));
                } else if let Verdict::Linearizable(order) = &parts {
                    let mut sorted = order.clone();
                    sorted.sort_unstable();
                    sorted.dedup();
                    prop_assert_eq!(sorted.len(), order.len());
                }
                Ok(())
            },
        )
        .unwrap();
    assert!(broken.get() > 100, "{}", broken.get());
}

#[test]
fn a_limit_is_an_error_and_not_a_verdict() {
    // Twenty writes of different values overlap, and a read of none of them: every order must be tried.
    let mut events: Vec<_> = (0..20)
        .map(|i| Event::Call(i, RegisterOp::Write(i)))
        .collect();
    events.push(Event::Call(20, RegisterOp::Read));
    events.push(Event::Answer(20, Some(99)));
    let history = History::from_events(events).unwrap();
    let limits = Limits { steps_max: 1000 };
    let undecided = check(&Register(0), &history, limits);
    assert!(matches!(undecided, Err(Error::Undecided { steps: 1000 })));
    assert!(
        check(
            &Register(0),
            &History::from_events([]).unwrap(),
            Limits { steps_max: 0 }
        )
        .is_ok()
    );
}

#[test]
fn a_long_history_costs_little_where_few_overlap() {
    let mut events = Vec::new();
    for round in 0..20_000_i64 {
        let adds = (0..3).map(|client| Event::Call(client, CounterOp::Add(1)));
        events.extend(adds);
        events.extend(
            (0..3).map(|client| Event::Answer(client, 3 * round + (2 - i64::from(client)))),
        );
    }
    let history = History::from_events(events.clone()).unwrap();
    let limits = Limits {
        steps_max: 1_000_000,
    };
    assert!(check(&Counter, &history, limits).unwrap().is_linearizable());
    // One answer in the middle was given twice.
    let at = events.len() / 2 + 3;
    events[at] = Event::Answer(0, 0);
    let history = History::from_events(events).unwrap();
    let found = check(&Counter, &history, Limits::default()).unwrap();
    let found = found.counterexample().unwrap();
    assert!(found.is_minimal && found.operations.len() == 3, "{found}");
    assert_eq!(found.starts, [30_000]);
}
