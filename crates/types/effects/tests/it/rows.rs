//! Rows, places and sub-rows.

use proptest::prelude::*;
use voidstate_effects::standard::{Clock, Log, Random, Standard};
use voidstate_effects::*;

use crate::programs::{Add, Ask, Talk, Tell};

#[test]
fn a_row_names_its_effects() {
    const NAMES: &[&str] = <Standard as RowEffects>::NAMES;
    assert_eq!(
        NAMES,
        [
            "read_state",
            "write_state",
            "emit_metric",
            "log",
            "clock",
            "random",
            "io"
        ]
    );
    assert_eq!(
        <row![Clock, ..row![Log, Random]] as RowEffects>::NAMES,
        ["clock", "log", "random"]
    );
    assert_eq!(
        (
            <row![] as RowEffects>::COUNT,
            <row![] as RowEffects>::NAMES.len()
        ),
        (0, 0)
    );
}

type Small = row![Tell, Add];
type Middle = row![Ask, Tell, Add];

fn up<R: Embed<S, Is>, S: Row, Is>(op: S::Op) -> R::Op {
    R::up(op)
}

fn down<R: Embed<S, Is>, S: Row, Is>(out: R::Out) -> Option<S::Out> {
    R::down(out).ok()
}

proptest! {
    #[test]
    fn embedding_is_coherent(n in any::<i64>(), x in any::<f64>(), first in any::<bool>()) {
        let op = || if first { Sum::Here(Tell(x)) } else { Sum::There(Sum::Here(Add(n))) };
        let at_once = up::<Talk, Small, _>(op());
        let through: <Talk as Row>::Op = up::<Talk, Middle, _>(up::<Middle, Small, _>(op()));
        prop_assert_eq!(format!("{at_once:?}"), format!("{through:?}"));
        let add = <Talk as Has<Add, _>>::answer(n);
        for out in [<Talk as Has<Tell, _>>::answer(()), add, <Talk as Has<Ask, _>>::answer(Ok(3))] {
            let at_once = down::<Talk, Small, _>(out.clone());
            let through = down::<Talk, Middle, _>(out).and_then(down::<Middle, Small, _>);
            prop_assert_eq!(at_once, through);
        }
    }

    #[test]
    fn answers_are_taken_out_where_they_were_put(n in any::<i64>()) {
        let out = <Talk as Has<Add, _>>::answer(n);
        prop_assert_eq!(<Talk as Has<Add, _>>::project(out.clone()), Ok(n));
        prop_assert_eq!(<Talk as Has<Tell, _>>::project(out.clone()), Err(out));
    }
}

#[test]
fn sub_rows_embed_in_any_order() {
    async fn three<C: Cap<R = row![Clock, Random, Log]>>(c: &mut C) -> u64 {
        let now = c.perform(Clock).await;
        two(&mut c.narrow()).await;
        c.perform(Random).await + u64::try_from(now).unwrap()
    }
    async fn two<C: Cap<R = row![Log, Clock]>>(c: &mut C) {
        let now = c.perform(Clock).await;
        one(&mut c.narrow(), format!("at {now}")).await;
    }
    async fn one<C: Cap<R = row![Log]>>(c: &mut C, line: String) {
        c.perform(Log::info(line)).await;
    }
    let mut lines = Vec::new();
    let handlers = handlers![
        answer(|Clock| 7),
        answer(|Random| 35),
        answer(|line: Log| lines.push(line.message)),
    ];
    assert_eq!(direct(handlers, async |c| three(c).await).unwrap(), 42);
    assert_eq!(lines, ["at 7"]);
}
