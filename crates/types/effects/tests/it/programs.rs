//! Programs and surroundings that several tests run.

use std::ops::ControlFlow;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use voidstate_effects::{Cap, Effect, Flow, Interp, Perform, Sum, Void, row};

/// Adds to a total and answers the new one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Add(pub(crate) i64);

/// Asks for a number that depends on everything that was asked before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ask(pub(crate) String);

/// Says something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tell(pub(crate) f64);

impl Effect for Add {
    type Out = i64;
    const NAME: &'static str = "add";
}

impl Effect for Ask {
    type Out = Result<u64, String>;
    const NAME: &'static str = "ask";
}

impl Effect for Tell {
    type Out = ();
    const NAME: &'static str = "tell";
}

/// The row of the test programs.
pub(crate) type Talk = row![Add, Ask, Tell];

/// A step of a drawn program.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Add(i64),
    Ask(String),
    Tell(f64),
    /// Adds what was answered last, so that later operations depend on earlier answers.
    AddLast,
    /// Tells in a row of another order.
    TellThroughSubRow(f64),
}

/// Drawn programs.
pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        any::<i64>().prop_map(Step::Add),
        "[a-c]{0,2}".prop_map(Step::Ask),
        any::<f64>().prop_map(Step::Tell),
        Just(Step::AddLast),
        any::<f64>().prop_map(Step::TellThroughSubRow),
    ];
    prop::collection::vec(step, 0..20)
}

/// Runs a drawn program, and answers everything it was answered.
pub(crate) async fn talk<C: Cap<R = Talk>>(c: &mut C, steps: &[Step]) -> Vec<i64> {
    let mut heard = Vec::new();
    for step in steps {
        match step {
            Step::Add(n) => heard.push(c.perform(Add(*n)).await),
            Step::Ask(what) => heard.push(match c.perform(Ask(what.clone())).await {
                Ok(n) => i64::try_from(n % 1000).unwrap(),
                Err(text) => -i64::try_from(text.len()).unwrap(),
            }),
            Step::Tell(x) => c.perform(Tell(*x)).await,
            Step::AddLast => {
                let last = heard.last().copied().unwrap_or(1);
                heard.push(c.perform(Add(last)).await);
            }
            Step::TellThroughSubRow(x) => tell(&mut c.narrow(), *x).await,
        }
    }
    heard
}

async fn tell<C: Cap<R = row![Tell, Add]>>(c: &mut C, x: f64) {
    c.perform(Tell(x)).await;
    c.perform(Add(1)).await;
}

/// Surroundings with a memory; they abort at the operation number `aborts_at`.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) total: i64,
    pub(crate) told: Vec<u64>,
    pub(crate) performed: usize,
    pub(crate) aborts_at: Option<usize>,
}

impl Interp<Talk> for World {
    fn step(
        &mut self,
        op: <Talk as voidstate_effects::Row>::Op,
    ) -> Flow<<Talk as voidstate_effects::Row>::Out> {
        self.performed += 1;
        if self.aborts_at == Some(self.performed - 1) {
            return ControlFlow::Break(voidstate_effects::Error::aborted("enough"));
        }
        ControlFlow::Continue(match op {
            Sum::Here(Add(n)) => {
                self.total = self.total.wrapping_add(n);
                Sum::Here(self.total)
            }
            Sum::There(Sum::Here(Ask(what))) if what.is_empty() => {
                Sum::There(Sum::Here(Err("nothing asked".to_owned())))
            }
            Sum::There(Sum::Here(Ask(what))) => {
                let seen = self.performed as u64 * 7919 + what.len() as u64;
                Sum::There(Sum::Here(Ok(seen)))
            }
            Sum::There(Sum::There(Sum::Here(Tell(x)))) => {
                self.told.push(x.to_bits());
                Sum::There(Sum::There(Sum::Here(())))
            }
            Sum::There(Sum::There(Sum::There(never))) => nothing(never),
        })
    }
}

fn nothing<T>(never: Void) -> T {
    match never {}
}
