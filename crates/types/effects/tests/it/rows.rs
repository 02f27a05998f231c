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

struct Nth<const N: usize>;

impl<const N: usize> Effect for Nth<N> {
    type Out = ();
    const NAME: &'static str = "................................................................"
        .split_at(N)
        .0;
}

#[test]
fn sixty_four_effects_have_names() {
    type Many = row![
        Nth<1>,
        Nth<2>,
        Nth<3>,
        Nth<4>,
        Nth<5>,
        Nth<6>,
        Nth<7>,
        Nth<8>,
        Nth<9>,
        Nth<10>,
        Nth<11>,
        Nth<12>,
        Nth<13>,
        Nth<14>,
        Nth<15>,
        Nth<16>,
        Nth<17>,
        Nth<18>,
        Nth<19>,
        Nth<20>,
        Nth<21>,
        Nth<22>,
        Nth<23>,
        Nth<24>,
        Nth<25>,
        Nth<26>,
        Nth<27>,
        Nth<28>,
        Nth<29>,
        Nth<30>,
        Nth<31>,
        Nth<32>,
        Nth<33>,
        Nth<34>,
        Nth<35>,
        Nth<36>,
        Nth<37>,
        Nth<38>,
        Nth<39>,
        Nth<40>,
        Nth<41>,
        Nth<42>,
        Nth<43>,
        Nth<44>,
        Nth<45>,
        Nth<46>,
        Nth<47>,
        Nth<48>,
        Nth<49>,
        Nth<50>,
        Nth<51>,
        Nth<52>,
        Nth<53>,
        Nth<54>,
        Nth<55>,
        Nth<56>,
        Nth<57>,
        Nth<58>,
        Nth<59>,
        Nth<60>,
        Nth<61>,
        Nth<62>,
        Nth<63>,
        Nth<64>
    ];
    const NAMES: &[&str] = Many::NAMES;
    assert_eq!((NAMES.len(), Many::COUNT), (64, ROW_EFFECTS_MAX));
    assert!(
        NAMES
            .iter()
            .enumerate()
            .all(|(at, name)| name.len() == at + 1)
    );
    let mut heard = 0;
    struct Last<'a>(&'a mut u32);
    impl Interp<Many> for Last<'_> {
        fn step(&mut self, op: <Many as Row>::Op) -> Flow<<Many as Row>::Out> {
            *self.0 = u32::try_from(Many::place(&op)).unwrap();
            std::ops::ControlFlow::Continue(<Many as Has<Nth<64>, _>>::answer(()))
        }
    }
    async fn asks<C: Cap<R = Many>>(c: &mut C) {
        c.perform(Nth::<64>).await;
    }
    direct(Last(&mut heard), async |c| asks(c).await).unwrap();
    assert_eq!(heard, 63);
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
