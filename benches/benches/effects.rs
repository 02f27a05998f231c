//! A thousand operations of the last effect of three, each a multiplication, beside the same multiplications without any
//! effect.
//!
//! Peer: a closure called directly; a method called through `Box<dyn Trait>`; corophage (effects as coroutines).

use std::hint::black_box;

use voidstate_benches::{Plan, calibration_loop_ns, pair, plan, report_fact, report_pair, single};
use voidstate_effects::send::SendPerform as _;
use voidstate_effects::{
    Cap, Effect, Interp, Journal, Perform, Record, SendCap, With, answer, direct, handlers, replay,
    row, suspend, suspend_send,
};

const OPERATIONS: u64 = 1000;

#[derive(Debug, serde::Serialize)]
struct Log;
#[derive(Debug, serde::Serialize)]
struct Ask;
#[derive(Debug, serde::Serialize)]
struct Mix(u64);
struct Outer(u64);

impl Effect for Log {
    type Out = ();
    const NAME: &'static str = "log";
}

impl Effect for Ask {
    type Out = u32;
    const NAME: &'static str = "ask";
}

impl Effect for Mix {
    type Out = u64;
    const NAME: &'static str = "mix";
}

impl Effect for Outer {
    type Out = u64;
    const NAME: &'static str = "outer";
}

type Three = row![Log, Ask, Mix];

#[inline(always)]
fn mixed(x: u64) -> u64 {
    x.rotate_left(5).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

async fn program<C: Cap<R = Three>>(c: &mut C, n: u64) -> u64 {
    let mut x = n;
    for _ in 0..n {
        x = c.perform(Mix(x)).await;
    }
    x
}

async fn program_send<C: SendCap<R = Three>>(c: &mut C, n: u64) -> u64 {
    let mut x = n;
    for _ in 0..n {
        x = c.perform(Mix(x)).await;
    }
    x
}

async fn within_sub_row<C: Cap<R = Three>>(c: &mut C, n: u64) -> u64 {
    sub_program(&mut c.narrow(), n).await
}

async fn sub_program<C: Cap<R = row![Mix, Log]>>(c: &mut C, n: u64) -> u64 {
    let mut x = n;
    for _ in 0..n {
        x = c.perform(Mix(x)).await;
    }
    x
}

async fn outer<C: Cap<R = row![Outer, ..Three]>>(c: &mut C, n: u64) -> u64 {
    let mut x = n;
    for _ in 0..n {
        x = c.perform(Outer(x)).await;
    }
    x
}

async fn handled_by_performing<C: Cap<R = Three>>(c: &mut C, n: u64) -> u64 {
    let mut with = With::new(c, async |Outer(x), c: &mut &mut C| c.perform(Mix(x)).await);
    outer(&mut with, n).await
}

fn three() -> impl Interp<Three> {
    handlers![answer(|Log| ()), answer(|Ask| 7), answer(|Mix(x)| mixed(x))]
}

#[unsafe(no_mangle)]
#[inline(never)]
fn voidstate_effects_performed(n: u64) -> u64 {
    direct(three(), async |c| program(c, n).await).unwrap_or_default()
}

#[unsafe(no_mangle)]
#[inline(never)]
fn voidstate_effects_called(n: u64) -> u64 {
    let handler = |x| mixed(x);
    let mut x = n;
    for _ in 0..n {
        x = handler(x);
    }
    x
}

trait Mixes {
    fn mix(&mut self, x: u64) -> u64;
}

struct Mixer;

impl Mixes for Mixer {
    fn mix(&mut self, x: u64) -> u64 {
        mixed(x)
    }
}

#[inline(never)]
fn called_through_box(mixes: &mut Box<dyn Mixes>, n: u64) -> u64 {
    let mut x = n;
    for _ in 0..n {
        x = mixes.mix(x);
    }
    x
}

mod peer {
    use corophage::prelude::*;

    use super::mixed;

    pub struct Log;
    pub struct Ask;
    pub struct Mix(pub u64);

    impl Effect for Log {
        type Resume<'r> = ();
        fn shorten_resume<'a: 'b, 'b>((): ()) {}
    }

    impl Effect for Ask {
        type Resume<'r> = u32;
        fn shorten_resume<'a: 'b, 'b>(resume: u32) -> u32 {
            resume
        }
    }

    impl Effect for Mix {
        type Resume<'r> = u64;
        fn shorten_resume<'a: 'b, 'b>(resume: u64) -> u64 {
            resume
        }
    }

    #[inline(never)]
    pub fn performed(n: u64) -> u64 {
        Program::new(
            move |mut y: Yielder<'_, Effects![Log, Ask, Mix]>| async move {
                let mut x = n;
                for _ in 0..n {
                    x = y.yield_(Mix(x)).await;
                }
                x
            },
        )
        .handle(|Log| Control::resume(()))
        .handle(|Ask| Control::resume(7_u32))
        .handle(|Mix(x)| Control::resume(mixed(x)))
        .run_sync()
        .unwrap_or_default()
    }

    #[inline(never)]
    pub fn performed_send(n: u64) -> u64 {
        Program::new_send(
            move |mut y: Yielder<'_, Effects![Log, Ask, Mix]>| async move {
                let mut x = n;
                for _ in 0..n {
                    x = y.yield_(Mix(x)).await;
                }
                x
            },
        )
        .handle(|Log| Control::resume(()))
        .handle(|Ask| Control::resume(7_u32))
        .handle(|Mix(x)| Control::resume(mixed(x)))
        .run_sync()
        .unwrap_or_default()
    }
}

#[inline(never)]
fn sub_row(n: u64) -> u64 {
    direct(three(), async |c| within_sub_row(c, n).await).unwrap_or_default()
}

#[inline(never)]
fn performing_handler(n: u64) -> u64 {
    direct(three(), async |c| handled_by_performing(c, n).await).unwrap_or_default()
}

#[inline(never)]
fn erased(handlers: &mut Box<dyn Interp<Three>>, n: u64) -> u64 {
    direct(&mut **handlers, async |c| program(c, n).await).unwrap_or_default()
}

#[unsafe(no_mangle)]
#[inline(never)]
fn voidstate_effects_suspended(n: u64) -> u64 {
    suspend(|mut c| async move { program(&mut c, n).await })
        .finish(three())
        .unwrap_or_default()
}

#[inline(never)]
fn suspended_send(n: u64) -> u64 {
    suspend_send(|mut c| async move { program_send(&mut c, n).await })
        .finish(three())
        .unwrap_or_default()
}

fn main() {
    let n = || black_box(OPERATIONS);
    let expected = voidstate_effects_called(OPERATIONS);
    let answers = [
        voidstate_effects_performed(OPERATIONS),
        sub_row(OPERATIONS),
        performing_handler(OPERATIONS),
        voidstate_effects_suspended(OPERATIONS),
        suspended_send(OPERATIONS),
        peer::performed(OPERATIONS),
        peer::performed_send(OPERATIONS),
    ];
    assert!(
        answers.iter().all(|a| *a == expected),
        "all compute the same"
    );
    report_fact("effects", "calibration_loop", calibration_loop_ns(), "ns");

    let usual = plan(Plan::USUAL);
    let call = || {
        black_box(voidstate_effects_called(n()));
    };
    let against_call = |name: &str, ours: fn(u64) -> u64| {
        let found = pair(
            usual,
            || {
                black_box(ours(n()));
            },
            call,
        );
        report_pair("effects", name, "direct call (1000 each)", found);
    };
    against_call("direct", voidstate_effects_performed);
    against_call("sub_row", sub_row);
    against_call("performing_handler", performing_handler);

    let mut boxed: Box<dyn Mixes> = Box::new(Mixer);
    let mut other_box: Box<dyn Mixes> = Box::new(Mixer);
    let found = pair(
        usual,
        || {
            black_box(voidstate_effects_performed(n()));
        },
        || {
            black_box(called_through_box(black_box(&mut boxed), n()));
        },
    );
    report_pair(
        "effects",
        "direct_vs_box_dyn",
        "Box<dyn Trait> (1000 each)",
        found,
    );
    let mut handlers: Box<dyn Interp<Three>> = Box::new(three());
    let found = pair(
        usual,
        || {
            black_box(erased(black_box(&mut handlers), n()));
        },
        || {
            black_box(called_through_box(black_box(&mut other_box), n()));
        },
    );
    report_pair(
        "effects",
        "erased_vs_box_dyn",
        "Box<dyn Trait> (1000 each)",
        found,
    );

    let found = pair(
        usual,
        || {
            black_box(voidstate_effects_performed(n()));
        },
        || {
            black_box(peer::performed(n()));
        },
    );
    report_pair(
        "effects",
        "direct_vs_corophage",
        "corophage (1000 each)",
        found,
    );
    let found = pair(
        usual,
        || {
            black_box(voidstate_effects_suspended(n()));
        },
        || {
            black_box(peer::performed(n()));
        },
    );
    report_pair(
        "effects",
        "suspended_vs_corophage",
        "corophage (1000 each)",
        found,
    );
    let found = pair(
        usual,
        || {
            black_box(suspended_send(n()));
        },
        || {
            black_box(peer::performed_send(n()));
        },
    );
    report_pair(
        "effects",
        "suspended_send_vs_corophage",
        "corophage, Send (1000 each)",
        found,
    );

    let per_operation = 1.0 / OPERATIONS as f64;
    let mut journal = Journal::of::<Three>();
    let recording = single(usual, || {
        let mut record = Record::new(three());
        black_box(direct(&mut record, async |c| program(c, n()).await).unwrap_or_default());
        journal = record.into_journal();
    });
    report_fact(
        "effects",
        "record",
        recording * per_operation,
        "ns per operation",
    );
    let replaying = single(usual, || {
        black_box(replay(&journal, async |c| program(c, n()).await).unwrap_or_default());
    });
    report_fact(
        "effects",
        "replay",
        replaying * per_operation,
        "ns per operation",
    );
    let bytes = journal.to_bytes().map_or(f64::NAN, |b| b.len() as f64);
    report_fact(
        "effects",
        "journal",
        bytes * per_operation,
        "bytes per operation",
    );
}
