//! The simulated world.

use proptest::prelude::*;
use voidstate_effects::standard::*;
use voidstate_effects::*;

type World = Direct<Standard, Simulated>;

fn run<T>(settings: &Settings, program: impl AsyncFnOnce(&mut World) -> T) -> T {
    direct(Simulated::new(settings).unwrap(), program).unwrap()
}

async fn wandering<C: Cap<R = Standard>>(c: &mut C, n: u64) -> Vec<String> {
    let mut seen = Vec::new();
    for i in 0..n {
        let dice = c.perform(Random).await;
        let name = format!("{}", dice % 3);
        let line = match dice % 7 {
            0 => format!("{:?}", c.perform(ReadState::new(name)).await),
            1 => format!(
                "{:?}",
                c.perform(WriteState::new(name, dice.to_le_bytes())).await
            ),
            2 => format!(
                "{:?}",
                c.perform(Io::Write {
                    path: name.into(),
                    bytes: vec![0; 5]
                })
                .await
            ),
            3 => format!(
                "{:?}",
                c.perform(Io::Read {
                    path: name.into(),
                    bytes_max: 3
                })
                .await
            ),
            4 => format!(
                "{:?}",
                c.perform(Io::Send {
                    to: name.into(),
                    bytes: vec![u8::try_from(i % 256).unwrap()]
                })
                .await
            ),
            5 => format!("{:?}", c.perform(Io::Receive { at: name.into() }).await),
            _ => format!("{}", c.perform(Clock).await),
        };
        seen.push(line);
    }
    seen
}

proptest! {
    #[test]
    fn everything_follows_from_the_seed(seed in any::<u64>()) {
        let settings = Settings { seed, loss_ppm: 100_000, duplicate_ppm: 100_000, ..Settings::default() };
        let once = run(&settings, async |c| wandering(c, 100).await);
        let again = run(&settings, async |c| wandering(c, 100).await);
        prop_assert_eq!(&once, &again);
        let other = Settings { seed: seed ^ 1, ..settings };
        prop_assert_ne!(once, run(&other, async |c| wandering(c, 100).await));
    }

    #[test]
    fn a_recorded_simulation_replays_without_it(seed in any::<u64>()) {
        let settings = Settings { seed, ..Settings::default() };
        let mut record = Record::new(Simulated::new(&settings).unwrap());
        let out = direct(&mut record, async |c| wandering(c, 60).await).unwrap();
        let journal = Journal::from_bytes(&record.into_journal().to_bytes().unwrap()).unwrap();
        prop_assert_eq!(replay(&journal, async |c| wandering(c, 60).await).unwrap(), out);
    }

    /// After a crash a file is what was made durable, what was written last, or a beginning of that; what is durable stays.
    #[test]
    fn a_crash_keeps_what_is_durable(seed in any::<u64>(), written in prop::collection::vec(any::<u8>(), 0..50)) {
        let mut world = Simulated::new(&Settings { seed, ..Settings::default() }).unwrap();
        let bytes = written.clone();
        direct(&mut world, async |c: &mut Direct<Standard, &mut Simulated>| {
            c.perform(Io::Write { path: "kept".into(), bytes: vec![9; 3] }).await.unwrap();
            c.perform(Io::Sync { path: "kept".into() }).await.unwrap();
            c.perform(Io::Write { path: "torn".into(), bytes: vec![7; 4] }).await.unwrap();
            c.perform(Io::Sync { path: "torn".into() }).await.unwrap();
            c.perform(Io::Write { path: "torn".into(), bytes }).await.unwrap();
        }).unwrap();
        world.crash();
        let (kept, torn) = direct(&mut world, async |c: &mut Direct<Standard, &mut Simulated>| {
            let read = |path: &'static str| Io::Read { path: path.into(), bytes_max: 1000 };
            (c.perform(read("kept")).await, c.perform(read("torn")).await)
        }).unwrap();
        prop_assert_eq!(kept, Ok(Moved::Bytes(vec![9; 3])));
        let Ok(Moved::Bytes(torn)) = torn else { return Err(TestCaseError::fail("the file is gone")) };
        prop_assert!(torn == [7; 4] || written.starts_with(&torn), "{:?}", torn);
    }
}

#[test]
fn time_passes_and_never_runs_backwards() {
    let settings = Settings {
        start_ns: i64::MAX - 2_500,
        ..Settings::default()
    };
    let times = run(&settings, async |c| {
        let mut times = Vec::new();
        for _ in 0..20 {
            times.push(c.perform(Clock).await);
        }
        times
    });
    assert!(times.is_sorted() && times[0] > settings.start_ns && times[0] < times[1]);
    assert_eq!(times.last(), Some(&i64::MAX));
}

#[test]
fn messages_get_lost_come_twice_and_overtake() {
    let exchanged = |settings: &Settings| {
        let mut world = Simulated::new(settings).unwrap();
        direct(
            &mut world,
            async |c: &mut Direct<Standard, &mut Simulated>| {
                for i in 0..200_u8 {
                    c.perform(Io::Send {
                        to: "b".into(),
                        bytes: vec![i],
                    })
                    .await
                    .unwrap();
                }
            },
        )
        .unwrap();
        world.advance(1 << 40);
        direct(
            &mut world,
            async |c: &mut Direct<Standard, &mut Simulated>| {
                let mut got = Vec::new();
                while let Ok(Moved::Bytes(bytes)) = c.perform(Io::Receive { at: "b".into() }).await
                {
                    got.extend(bytes);
                }
                got
            },
        )
        .unwrap()
    };
    let calm = Settings {
        latency_ns_max: 0,
        ..Settings::default()
    };
    assert_eq!(exchanged(&calm), (0..200).collect::<Vec<u8>>());
    let mut late = exchanged(&Settings::default());
    assert!(!late.is_sorted());
    late.sort_unstable();
    assert_eq!(late, (0..200).collect::<Vec<u8>>());
    let rough = Settings {
        loss_ppm: 1_000_000,
        ..Settings::default()
    };
    assert!(exchanged(&rough).is_empty());
    let doubled = Settings {
        duplicate_ppm: 1_000_000,
        ..calm
    };
    assert_eq!(exchanged(&doubled).len(), 400);
}

#[test]
fn there_is_an_end_to_disk_and_inbox() {
    let settings = Settings {
        disk_bytes_max: 10,
        inbox_messages_max: 1,
        ..Settings::default()
    };
    run(&settings, async |c| {
        let write = |path: &'static str, n| Io::Write {
            path: path.into(),
            bytes: vec![0; n],
        };
        c.perform(write("a", 10)).await.unwrap();
        assert_eq!(
            c.perform(write("b", 1)).await.unwrap_err().kind,
            FailureKind::Full
        );
        c.perform(write("a", 9)).await.unwrap();
        c.perform(write("b", 1)).await.unwrap();
        c.perform(Io::Remove { path: "a".into() }).await.unwrap();
        let gone = c
            .perform(Io::Read {
                path: "a".into(),
                bytes_max: 1,
            })
            .await;
        assert_eq!(gone.unwrap_err().kind, FailureKind::NotFound);
        c.perform(write("b", 10)).await.unwrap();
        let send = || Io::Send {
            to: "x".into(),
            bytes: vec![],
        };
        c.perform(send()).await.unwrap();
        assert_eq!(c.perform(send()).await.unwrap_err().kind, FailureKind::Full);
    });
}

#[test]
fn settings_outside_their_domain_are_refused() {
    let refused =
        |settings: Settings| matches!(Simulated::new(&settings), Err(Error::Setting { .. }));
    assert!(refused(Settings {
        operation_ns_max: 0,
        ..Settings::default()
    }));
    assert!(refused(Settings {
        loss_ppm: 1_000_001,
        ..Settings::default()
    }));
    assert!(refused(Settings {
        duplicate_ppm: u32::MAX,
        ..Settings::default()
    }));
}
