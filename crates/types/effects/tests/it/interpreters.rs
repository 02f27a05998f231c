//! Trace, fault and limit.

use std::ops::ControlFlow;

use proptest::prelude::*;
use voidstate_effects::standard::{Clock, Failure, Log, ReadState, WriteState};
use voidstate_effects::*;

use crate::programs::{Step, World, steps, talk};

#[test]
fn a_trace_tells_operations_and_outcomes() {
    let mut told = Vec::new();
    let world = World {
        aborts_at: Some(2),
        ..World::default()
    };
    let trace = Trace::new(world, |traced| told.push(traced));
    let steps = [Step::Add(3), Step::Tell(0.5), Step::Ask("x".into())];
    direct(trace, async |c| talk(c, &steps).await).unwrap_err();
    let lines: Vec<String> = told
        .iter()
        .map(|t| format!("{} {} {} {:?}", t.at, t.effect, t.operation, t.outcome))
        .collect();
    assert_eq!(
        lines,
        [
            "0 add Add(3) Ok(\"3\")",
            "1 tell Tell(0.5) Ok(\"()\")",
            "2 ask Ask(\"x\") Err(\"program was aborted: enough\")"
        ]
    );
}

proptest! {
    #[test]
    fn tracing_is_transparent(steps in steps()) {
        let bare = direct(World::default(), async |c| talk(c, &steps).await).unwrap();
        let mut told = 0;
        let traced = direct(Trace::new(World::default(), |_| told += 1), async |c| talk(c, &steps).await);
        prop_assert_eq!(traced.unwrap(), bare);
        let mut world = World::default();
        direct(&mut world, async |c| talk(c, &steps).await).unwrap();
        prop_assert_eq!(told, world.performed);
    }

    #[test]
    fn a_limit_ends_the_program_at_its_operation(steps in steps(), limit in 0_u64..30) {
        let mut world = World::default();
        let out = direct(Limit::new(&mut world, limit), async |c| talk(c, &steps).await);
        let mut free = World::default();
        direct(&mut free, async |c| talk(c, &steps).await).unwrap();
        let performed = free.performed as u64;
        prop_assert_eq!(out.is_ok(), performed <= limit);
        prop_assert_eq!(world.performed as u64, performed.min(limit));
        if let Err(error) = out {
            let named = matches!(error, Error::Limit { effect: "any effect", limit: l } if l == limit);
            prop_assert!(named, "{}", error);
        }
    }
}

#[test]
fn a_limit_of_one_effect_names_it() {
    let steps = [Step::Tell(0.0), Step::Add(1), Step::Tell(0.0)];
    let limit = Limit::new(World::default(), 100)
        .each::<crate::programs::Talk>("tell", 1)
        .unwrap();
    let error = direct(limit, async |c| talk(c, &steps).await).unwrap_err();
    assert_eq!(error.to_string(), "tell was performed more than 1 times");
    let error = Limit::new(World::default(), 1)
        .each::<row![Clock]>("tell", 1)
        .unwrap_err();
    assert!(matches!(error, Error::NotInRow { effect: "tell", .. }));
}

type Kept = row![WriteState, ReadState, Log];

async fn keeping<C: Cap<R = Kept>>(c: &mut C, n: u32) -> (u32, u32) {
    let (mut failed_writes, mut failed_reads) = (0, 0);
    for i in 0..n {
        let key = format!("k{i}");
        failed_writes += u32::from(c.perform(WriteState::new(key.clone(), [1])).await.is_err());
        failed_reads += u32::from(c.perform(ReadState::new(key)).await.is_err());
        c.perform(Log::info("kept")).await;
    }
    (failed_writes, failed_reads)
}

fn kept(writes: &mut u32) -> impl Interp<Kept> {
    handlers![
        answer(|_: WriteState| {
            *writes += 1;
            Ok::<(), Failure>(())
        }),
        answer(|_: ReadState| Ok(None)),
        answer(|_: Log| ())
    ]
}

#[test]
fn faults_follow_from_the_seed() {
    let run = |seed, rate| {
        let mut writes = 0;
        let mut fault = Fault::new(kept(&mut writes), seed, rate).unwrap();
        let out = direct(&mut fault, async |c| keeping(c, 500).await).unwrap();
        let injected = fault.injected();
        drop(fault);
        (out, injected, writes)
    };
    assert_eq!(run(7, 100_000), run(7, 100_000));
    assert_ne!(run(7, 100_000), run(8, 100_000));
    assert_eq!(run(7, 0), ((0, 0), 0, 500));
    let ((writes, reads), injected, done) = run(7, 1_000_000);
    assert_eq!((writes, reads, injected), (500, 500, 1000));
    // Of the writes that fail, about half were done.
    assert!((150..350).contains(&done), "{done}");
    let ((writes, reads), injected, _) = run(9, 200_000);
    assert_eq!(u64::from(writes + reads), injected);
    assert!((120..280).contains(&injected), "{injected}");
}

#[test]
fn a_fault_aborts_where_it_is_told() {
    let mut writes = 0;
    let fault = Fault::new(kept(&mut writes), 1, 0).unwrap().aborting_at(4);
    let error = direct(fault, async |c| keeping(c, 10).await).unwrap_err();
    assert_eq!(
        error.to_string(),
        "program was aborted: fault at operation 4"
    );
    assert_eq!(writes, 2);
    let error = Fault::<Kept, _>::new(kept(&mut writes), 1, 1_000_001).unwrap_err();
    assert!(matches!(error, Error::Setting { .. }), "{error}");
}

#[test]
fn interpreters_nest_in_async_too() {
    let mut told = 0;
    let inner = handlers![answer_async(async |Clock| ControlFlow::Continue(4))];
    let mut record = Record::<row![Clock], _>::new(Limit::new(Trace::new(inner, |_| told += 1), 2));
    async fn thrice<C: Cap<R = row![Clock]>>(c: &mut C) -> i64 {
        c.perform(Clock).await + c.perform(Clock).await + c.perform(Clock).await
    }
    let out = crate::runners::block_on(run_async(&mut record, async |c| thrice(c).await));
    assert!(matches!(out, Err(Error::Limit { limit: 2, .. })));
    let journal = record.into_journal();
    assert_eq!((journal.len(), told), (3, 2));
    let again = replay(&journal, async |c| thrice(c).await).unwrap_err();
    assert_eq!(
        again.to_string(),
        "program was aborted: any effect was performed more than 2 times"
    );
}
