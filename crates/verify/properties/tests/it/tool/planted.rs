//! Tools with one planted fault each, and which law must name it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use voidstate_core::{
    Action, Allowed, Config, Ctx, Effect, EffectSet, Error, Firing, Glob, LogLevel, MetricName,
    Permission, Placement, Result, SignalRef, Timestamp, Tool, ToolFactory, ToolMeta, TypedTool,
    effects,
};
use voidstate_properties::tool::{
    Account, Meter, Outcome, Settings, Step, ThreadClock, check, check_with,
};

use super::good::{Flaws, Good};
use super::{broken, report, settings};

type Observe = dyn Fn(&mut Memory, &Firing<'_>, &mut dyn Ctx) -> Result<()> + Send + Sync;
type Plain = dyn Fn(&mut Memory, &mut dyn Ctx) -> Result<()> + Send + Sync;

/// What a planted tool may keep; none of it is saved.
#[derive(Default)]
struct Memory {
    count: u64,
    names: HashSet<String>,
    is_poisoned: bool,
    held: Vec<Vec<u8>>,
}

/// A tool made of closures.
struct Planted {
    meta: ToolMeta,
    observe: Arc<Observe>,
    tick: Arc<Plain>,
}

impl Planted {
    fn new(
        effects: &[Effect],
        observe: impl Fn(&mut Memory, &Firing<'_>, &mut dyn Ctx) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        let mut meta = ToolMeta::new("planted", "host.*", "has a fault").unwrap();
        meta.effects = EffectSet::of(effects);
        Self {
            meta,
            observe: Arc::new(observe),
            tick: Arc::new(|_, _| Ok(())),
        }
    }

    fn tick(
        mut self,
        tick: impl Fn(&mut Memory, &mut dyn Ctx) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.tick = Arc::new(tick);
        self
    }

    fn meta(mut self, change: impl FnOnce(&mut ToolMeta)) -> Self {
        change(&mut self.meta);
        self
    }
}

impl ToolFactory for Planted {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        Ok(Box::new(Instance {
            observe: Arc::clone(&self.observe),
            tick: Arc::clone(&self.tick),
            memory: Memory::default(),
        }))
    }
}

struct Instance {
    observe: Arc<Observe>,
    tick: Arc<Plain>,
    memory: Memory,
}

impl Tool for Instance {
    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()> {
        (self.observe)(&mut self.memory, firing, ctx)
    }

    fn tick(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        (self.tick)(&mut self.memory, ctx)
    }
}

fn value(firing: &Firing<'_>) -> f64 {
    match firing.signal {
        SignalRef::Sample { value, .. } => value,
        _ => 0.0,
    }
}

fn metric(ctx: &mut dyn Ctx, value: f64) -> Result<()> {
    ctx.metric(&MetricName::new("m")?, value)
}

pub(crate) fn panics_at_666() -> impl ToolFactory {
    Planted::new(&[], |_, firing, _| {
        assert!(
            value(firing).to_bits() != 666.25_f64.to_bits(),
            "the number of the beast"
        );
        Ok(())
    })
}

/// The good tool, which does not save its open episodes.
pub(crate) fn forgets() -> Good {
    Good::with(Flaws {
        forgets_open: true,
        ..Flaws::default()
    })
}

/// Asserts that exactly `laws` are broken, the first one by at most `steps` steps.
#[track_caller]
fn assert_caught(factory: &dyn ToolFactory, laws: &[&str], steps: usize) {
    let report = report(factory);
    assert_eq!(broken(&report), laws, "{report}");
    let (_, violation) = report.violations().next().unwrap();
    assert!(violation.steps.len() <= steps, "{report}");
    if steps > 0 {
        assert!(!violation.steps.is_empty(), "{report}");
        let read = voidstate_properties::tool::from_json_lines(&violation.json_lines()).unwrap();
        assert_eq!(read.len(), violation.steps.len());
    }
}

#[test]
fn each_planted_fault_is_caught_by_the_name_of_its_law() {
    let flaw = |change: fn(&mut Flaws)| {
        let mut flaws = Flaws::default();
        change(&mut flaws);
        Good::with(flaws)
    };
    assert_caught(&forgets(), &["resumes_as_if_uninterrupted"], 23);
    let counts = flaw(|f| f.counts_restores = true);
    let laws = ["resumes_as_if_uninterrupted", "state_round_trips"];
    assert_caught(&counts, &laws, 1);
    assert_caught(
        &flaw(|f| f.keys_by_number = true),
        &["resumes_as_if_uninterrupted"],
        30,
    );
    assert_caught(
        &flaw(|f| f.half_restores = true),
        &["bad_state_changes_nothing"],
        2,
    );
    assert_caught(
        &flaw(|f| f.leaves_open = true),
        &["episodes_open_and_close_once"],
        22,
    );
    let everywhere = [
        "findings_are_sound",
        "lifecycle_holds",
        "takes_every_valid_configuration",
    ];
    assert_caught(&flaw(|f| f.upside_down = true), &everywhere, 23);
    assert_caught(&flaw(|f| f.nan_evidence = true), &everywhere, 23);
    assert_caught(
        &flaw(|f| f.half_reconfigures = true),
        &["refused_configuration_changes_nothing"],
        2,
    );
    assert_caught(&flaw(|f| f.zero_divides = true), &["never_panics"], 0);
    assert_caught(
        &flaw(|f| f.output_changes_kind = true),
        &["outputs_keep_their_kind"],
        7,
    );
}

#[test]
fn a_panic_on_nan_is_caught_with_one_signal() {
    let tool = Planted::new(&[], |_, firing, _| {
        assert!(!value(firing).is_nan(), "NaN");
        Ok(())
    });
    assert_caught(&tool, &["never_panics"], 1);
}

#[test]
fn the_order_of_a_hash_map_is_caught() {
    let tool = Planted::new(&[Effect::Log], |memory, firing, _| {
        if let SignalRef::Sample { series, .. } = firing.signal {
            memory.names.insert(series.to_string());
        }
        Ok(())
    })
    .tick(|memory, ctx| {
        let names: Vec<&str> = memory.names.iter().map(String::as_str).collect();
        ctx.log(LogLevel::Info, &names.join(" "))
    });
    let report = report(&tool);
    assert!(broken(&report).contains(&"is_deterministic"), "{report}");
}

#[test]
fn a_clock_of_its_own_is_caught_also_in_whole_seconds() {
    let nanos = Planted::new(&[Effect::EmitMetric], |_, _, ctx| {
        let time = SystemTime::UNIX_EPOCH.elapsed().unwrap();
        metric(ctx, f64::from(time.subsec_nanos()))
    });
    assert!(broken(&report(&nanos)).contains(&"is_deterministic"));
    let seconds = Planted::new(&[Effect::EmitMetric], |_, _, ctx| {
        let time = SystemTime::UNIX_EPOCH.elapsed().unwrap();
        metric(ctx, time.as_secs() as f64)
    });
    let settings = Settings {
        pause: Duration::from_millis(1100),
        cases: 1,
        ..settings()
    };
    let report = check(&seconds, &settings).unwrap();
    assert!(broken(&report).contains(&"is_deterministic"), "{report}");
}

#[test]
fn an_instance_that_knows_its_thread_is_caught() {
    let tool = Planted::new(&[Effect::Log], |_, _, ctx| {
        ctx.log(
            LogLevel::Info,
            &format!("{:?}", std::thread::current().id()),
        )
    });
    assert_caught(&tool, &["is_deterministic"], 1);
}

#[test]
fn an_undeclared_effect_is_caught_with_one_step() {
    let tool = Planted::new(&[Effect::Log], |_, _, ctx| ctx.now().map(drop));
    let report = report(&tool);
    assert_eq!(broken(&report), ["used_effects_are_declared"], "{report}");
    let (_, violation) = report.violations().next().unwrap();
    assert!(violation.message.contains("uses clock"), "{report}");
    assert_eq!(violation.steps.len(), 1, "{report}");
    // Declared and never used: no breach, but said.
    let unused = report.law("declared_effects_are_used").unwrap();
    assert_eq!(unused.outcome, Outcome::Warned);
    assert!(unused.notes[0].starts_with("log is declared"), "{report}");
}

#[test]
fn types_that_allow_other_effects_than_the_metadata_says_are_caught() {
    /// Asks for nothing; its types allow it the clock.
    struct Typed;
    impl TypedTool for Typed {
        type Effects = (effects::Clock,);
        fn observe(&mut self, _: &Firing<'_>, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> {
            ctx.now().map(drop)
        }
    }
    struct Factory(ToolMeta);
    impl ToolFactory for Factory {
        fn meta(&self) -> &ToolMeta {
            &self.0
        }
        fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
            Ok(Box::new(Typed))
        }
    }
    let typed = ToolMeta::typed::<Typed>("typed", "host.*", "looks at the clock").unwrap();
    let said = report(&Factory(typed.clone()));
    assert!(said.holds(), "{said}");
    for effects in [
        &[] as &[Effect],
        &[Effect::Log],
        &[Effect::Clock, Effect::Log],
    ] {
        let mut meta = typed.clone();
        meta.effects = EffectSet::of(effects);
        let report = report(&Factory(meta));
        assert_eq!(broken(&report), ["used_effects_are_declared"], "{report}");
        let (_, violation) = report.violations().next().unwrap();
        let words = "its types allow clock, its metadata says";
        assert!(violation.message.contains(words), "{report}");
    }
}

#[test]
fn an_effect_whose_error_is_swallowed_is_caught_too() {
    let tool = Planted::new(&[], |_, _, ctx| {
        let _ = ctx.random();
        Ok(())
    });
    assert_caught(&tool, &["used_effects_are_declared"], 1);
}

#[test]
fn a_file_without_a_permission_is_caught_and_an_idle_permission_is_told() {
    let permission = |glob: &str| Permission {
        action: Action::ReadFile,
        resource: Glob::new(glob).unwrap(),
    };
    let reads = |path: &'static str| {
        Planted::new(&[Effect::Io], move |_, _, ctx| {
            let _ = ctx.read_file(path, 100);
            Ok(())
        })
    };
    let sneaks = reads("/etc/../secret").meta(|meta| meta.permissions = vec![permission("etc.**")]);
    assert_caught(&sneaks, &["permissions_are_kept"], 0);
    let keeps = reads("/etc/hostname").meta(|meta| {
        meta.permissions = vec![permission("etc.*"), permission("proc.**")];
    });
    let report = report(&keeps);
    assert!(report.holds(), "{report}");
    let notes = &report.law("permissions_are_kept").unwrap().notes;
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].contains("proc.**"), "{notes:?}");
}

#[test]
fn an_error_that_poisons_is_caught_loud_or_silent() {
    let poison = |is_loud: bool| {
        Planted::new(&[Effect::EmitMetric], move |memory, firing, ctx| {
            let value = value(firing);
            if !value.is_finite() {
                memory.is_poisoned = true;
            }
            match (memory.is_poisoned, is_loud) {
                (true, true) => Err(Error::Domain {
                    what: "value",
                    value,
                    domain: "finite numbers",
                }),
                (true, false) => Ok(()),
                (false, _) => metric(ctx, 1.0),
            }
        })
    };
    for is_loud in [true, false] {
        let report = report(&poison(is_loud));
        let laws = broken(&report);
        assert!(laws.contains(&"goes_on_after_hostile_signals"), "{report}");
        let (_, violation) = report.violations().next().unwrap();
        assert_eq!(violation.steps.len(), 1, "{report}");
    }
}

#[test]
fn a_refused_call_that_poisons_is_caught() {
    let tool = Planted::new(&[Effect::EmitMetric], |memory, _, ctx| {
        if memory.is_poisoned {
            return Ok(());
        }
        let told = metric(ctx, 1.0);
        memory.is_poisoned = told.is_err();
        told
    });
    let report = report(&tool);
    assert!(
        broken(&report).contains(&"goes_on_after_refusals"),
        "{report}"
    );
}

#[test]
fn spoilt_states_that_are_taken_are_told() {
    let tool = Good::with(Flaws {
        takes_bad_state: true,
        ..Flaws::default()
    });
    let report = report(&tool);
    let law = report.law("bad_state_changes_nothing").unwrap();
    match &law.outcome {
        Outcome::Warned => assert!(law.notes[0].contains("without an error"), "{report}"),
        // A turned bit may also make a finding that is not sound.
        Outcome::Violated(violation) => assert!(violation.message.contains("at step"), "{report}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_call_over_its_time_is_caught() {
    let tool = Planted::new(&[], |memory, firing, _| {
        memory.count += 1;
        if memory.count.is_multiple_of(500) && value(firing) != 0.0 {
            let until = Instant::now() + Duration::from_millis(3);
            while Instant::now() < until {
                std::hint::black_box(value(firing));
            }
        }
        Ok(())
    })
    .meta(|meta| meta.budget.time_per_signal = Duration::from_micros(200));
    let report = report(&tool);
    assert_eq!(broken(&report), ["time_within_budget"], "{report}");
    let (_, violation) = report.violations().next().unwrap();
    assert_eq!(violation.steps.len(), 1);
    let figures = &report.law("time_within_budget").unwrap().figures;
    assert!(
        figures
            .iter()
            .any(|f| f.name == "cpu_max_us" && f.value > 200.0)
    );
}

#[test]
fn a_share_of_a_core_over_budget_is_caught() {
    let tool = Planted::new(&[], |_, _, _| {
        std::hint::black_box((0..2000_u64).fold(0, |a, b| std::hint::black_box(a ^ b)));
        Ok(())
    })
    .meta(|meta| meta.budget.core_share = 1e-6);
    assert_eq!(broken(&report(&tool)), ["core_share_within_budget"]);
}

/// An allocator's account that counts what the tool says that it holds.
#[derive(Default)]
struct Counted(std::sync::atomic::AtomicU64);

static HELD: Counted = Counted(std::sync::atomic::AtomicU64::new(0));

impl Meter for Counted {
    fn cpu_time(&self) -> Option<Duration> {
        ThreadClock.cpu_time()
    }

    fn account(&self) -> Option<Box<dyn Account>> {
        self.0.store(0, std::sync::atomic::Ordering::SeqCst);
        Some(Box::new(Open))
    }
}

struct Open;

impl Account for Open {
    fn inside(&self, work: &mut dyn FnMut()) {
        work();
    }

    fn outside(&self, work: &mut dyn FnMut()) {
        work();
    }

    fn live_bytes(&self) -> u64 {
        HELD.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

#[test]
fn memory_over_budget_is_caught_and_a_slow_leak_is_foretold() {
    let leak = |budget: u64| {
        Planted::new(&[], |memory, _, _| {
            memory.held.push(vec![1; 100]);
            HELD.0.fetch_add(100, std::sync::atomic::Ordering::SeqCst);
            Ok(())
        })
        .meta(|meta| meta.budget.memory_bytes = budget)
    };
    let go_on = |_| std::ops::ControlFlow::Continue(());
    let checked = |budget| check_with(&leak(budget), &settings(), &HELD, &go_on).unwrap();
    let report = checked(50_000);
    assert_eq!(broken(&report), ["memory_within_budget"], "{report}");
    let report = checked(1 << 28);
    assert!(report.holds(), "{report}");
    let law = report.law("memory_within_budget").unwrap();
    assert_eq!(law.outcome, Outcome::Warned);
    assert!(law.notes[0].contains("grows evenly by 100."), "{report}");
}

#[test]
fn metadata_that_is_not_sound_is_all_that_is_said() {
    let tool = Planted::new(&[], |_, _, _| Ok(())).meta(|meta| meta.layer = 9);
    let report = report(&tool);
    assert_eq!(broken(&report), ["metadata_is_sound"]);
    assert_eq!(report.laws.len(), 1);
    let deaf = Planted::new(&[], |_, _, _| Ok(())).meta(|meta| {
        meta.subscriptions[0].pattern = Glob::new("Host.*").unwrap();
    });
    assert_eq!(broken(&super::report(&deaf)), ["metadata_is_sound"]);
}

#[test]
fn a_tool_that_never_speaks_is_told() {
    let tool = Planted::new(&[Effect::EmitFinding], |_, _, _| Ok(()));
    let report = report(&tool);
    assert!(report.holds(), "{report}");
    let said = |name: &str| report.law(name).unwrap().notes.join(" ");
    assert!(
        said("declared_effects_are_used").contains("never spoke"),
        "{report}"
    );
    assert!(
        said("findings_are_sound").contains("never spoke"),
        "{report}"
    );
}

#[test]
fn a_panic_in_a_destructor_is_caught() {
    struct Bad(u64);
    impl Tool for Bad {
        fn observe(&mut self, _: &Firing<'_>, _: &mut dyn Ctx) -> Result<()> {
            self.0 += 1;
            Ok(())
        }
    }
    impl Drop for Bad {
        fn drop(&mut self) {
            assert!(self.0 != 3, "three");
        }
    }
    struct Bads(ToolMeta);
    impl ToolFactory for Bads {
        fn meta(&self) -> &ToolMeta {
            &self.0
        }
        fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
            Ok(Box::new(Bad(0)))
        }
    }
    let three: Vec<Step> = (0..3)
        .map(|n| Step::Fire {
            hook: voidstate_core::HookName::new("host.x").unwrap(),
            signal: voidstate_core::Signal::Event(voidstate_core::Event {
                name: "e".to_owned(),
                time: Timestamp::from_secs(n),
                attributes: HashMap::<String, _>::new().into_iter().collect(),
            }),
            unnumbered: false,
        })
        .collect();
    let bads = Bads(ToolMeta::new("bads", "host.x", "drops badly").unwrap());
    let settings = Settings {
        recording: three,
        ..settings()
    };
    let report = check(&bads, &settings).unwrap();
    assert_eq!(broken(&report), ["never_panics"], "{report}");
}
