//! Versions of a tool that take the place of others.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use voidstate_core::{
    Attributes, Config, Ctx, Effect, EffectSet, Firing, Grade, Lifecycle, LifecycleState,
    MetricName, Placement, Result, SeriesId, SeriesKey, SignalRef, Tool, ToolFactory, ToolId,
    ToolMeta, Verdict,
};
use voidstate_runtime::{Engine, EngineHandle, EngineTime, Policy};

use super::kit::{Collect, error, id, rounds};

/// Adds up what it sees and notes, with its version, every value and the sum so far.
struct Adder {
    meta: ToolMeta,
    heard: Arc<Mutex<Vec<(String, f64, f64)>>>,
    finished: Arc<AtomicU64>,
    /// Refuses what another version saved.
    is_strict: bool,
    panics: bool,
}

impl Adder {
    fn new(version: &str) -> Self {
        let mut meta = ToolMeta::new("adder", "host.**", "adds up").unwrap();
        version.clone_into(&mut meta.version);
        Self {
            meta,
            heard: Arc::default(),
            finished: Arc::default(),
            is_strict: false,
            panics: false,
        }
    }

    fn after(&self, version: &str) -> Self {
        Self {
            heard: Arc::clone(&self.heard),
            finished: Arc::clone(&self.finished),
            ..Self::new(version)
        }
    }

    fn meta(mut self, change: impl FnOnce(&mut ToolMeta)) -> Self {
        change(&mut self.meta);
        self
    }

    fn share(self) -> Arc<dyn ToolFactory> {
        Arc::new(self)
    }
}

impl ToolFactory for Adder {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        assert!(!self.panics, "it cannot be made");
        Ok(Box::new(Sum {
            version: self.meta.version.clone(),
            heard: Arc::clone(&self.heard),
            finished: Arc::clone(&self.finished),
            is_strict: self.is_strict,
            sum: 0.0,
        }))
    }
}

struct Sum {
    version: String,
    heard: Arc<Mutex<Vec<(String, f64, f64)>>>,
    finished: Arc<AtomicU64>,
    is_strict: bool,
    sum: f64,
}

impl Tool for Sum {
    fn observe(&mut self, firing: &Firing<'_>, _: &mut dyn Ctx) -> Result<()> {
        if let SignalRef::Sample { value, .. } = firing.signal {
            self.sum += value;
            let line = (self.version.clone(), value, self.sum);
            self.heard.lock().unwrap().push(line);
        }
        Ok(())
    }

    fn finish(&mut self, _: &mut dyn Ctx) -> Result<()> {
        self.finished.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn save(&self) -> Result<Vec<u8>> {
        Ok(self.sum.to_le_bytes().to_vec())
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        if self.is_strict {
            return Err(error("adder", "a state of another version"));
        }
        let bytes = state
            .try_into()
            .map_err(|_| error("adder", "not eight bytes"))?;
        self.sum = f64::from_le_bytes(bytes);
        Ok(())
    }
}

fn proved() -> Verdict {
    Verdict {
        grade: Grade::Proved,
        sentence: "by 2 steps".to_owned(),
    }
}

fn engine(
    tool: Arc<dyn ToolFactory>,
    shards: usize,
    policy: Policy,
) -> (Engine, EngineHandle, Collect) {
    let sink = Collect::default();
    let engine = Engine::builder()
        .time(EngineTime::Signals)
        .shards(shards)
        .policy(policy)
        .capacity(64, 4)
        .source(rounds(3, 200))
        .sink(Box::new(sink.clone()))
        .tool(tool, Attributes::new())
        .build()
        .unwrap();
    let handle = engine.handle();
    (engine, handle, sink)
}

#[test]
fn a_version_that_is_proved_takes_over_and_misses_nothing() {
    for shards in [1, 3] {
        let old = Adder::new("1.0.0");
        let new = old.after("1.1.0").share();
        let (heard, finished) = (Arc::clone(&old.heard), Arc::clone(&old.finished));
        let (engine, handle, sink) = engine(old.share(), shards, Policy::default());
        let mut inline = engine.inline();
        for _ in 0..20 {
            assert!(inline.step());
        }
        assert!(!heard.lock().unwrap().is_empty());
        handle.upgrade(&new, &Attributes::new(), &proved()).unwrap();
        assert_eq!(
            handle.state(&id("adder")).unwrap(),
            LifecycleState::Attached
        );
        while inline.step() {}
        let report = inline.finish();
        assert_eq!(report.stats.accepted, report.stats.delivered);
        let heard = heard.lock().unwrap();
        assert_eq!(heard.len(), 600, "every sample once");
        let total: f64 = heard.iter().map(|(_, value, _)| value).sum();
        let mut last = heard.iter().rev().map(|(_, _, sum)| *sum);
        if shards == 1 {
            assert_eq!(last.next(), Some(total), "the sum went on");
        }
        let versions: Vec<_> = heard.iter().map(|(v, ..)| v.as_str()).collect();
        assert!(versions.contains(&"1.0.0") && versions.ends_with(&["1.1.0"]));
        let turned = versions.iter().position(|v| *v == "1.1.0").unwrap();
        assert!(
            versions[turned..].iter().all(|v| *v == "1.1.0"),
            "never back"
        );
        assert_eq!(
            finished.load(Ordering::SeqCst),
            shards as u64,
            "only what runs at the end"
        );
        assert_eq!(
            handle.registry().get(&id("adder")).unwrap().meta().version,
            "1.1.0"
        );
        let said = sink.given();
        let said = said.sentences();
        let expected = "tool adder goes on in version 1.1.0 in place of 1.0.0: proved, by 2 steps";
        assert!(said.contains(&expected), "{said:?}");
    }
}

#[test]
fn a_running_engine_is_upgraded_again_and_again() {
    let old = Adder::new("0.0.1");
    let heard = Arc::clone(&old.heard);
    let next: Vec<_> = (0..20)
        .map(|n| old.after(&format!("1.{n}.0")).share())
        .collect();
    let (engine, handle, _) = engine(old.share(), 2, Policy::default());
    let running = engine.start().unwrap();
    let mut done = 0;
    for version in &next {
        // Refused once the engine is done.
        done += u32::from(
            handle
                .upgrade(version, &Attributes::new(), &proved())
                .is_ok(),
        );
    }
    let report = running.wait();
    assert_eq!(report.stats.accepted, report.stats.delivered);
    assert!(done > 0);
    assert_eq!(heard.lock().unwrap().len(), 600, "every sample once");
}

#[test]
fn evidence_that_is_too_weak_is_refused_with_the_evidence() {
    for required in Grade::ALL {
        for grade in Grade::ALL {
            let old = Adder::new("1.0.0");
            let new = old.after("1.1.0").share();
            let mut policy = Policy::default();
            policy.upgrade_grade = required;
            let (_engine, handle, _) = engine(old.share(), 1, policy);
            let verdict = Verdict {
                grade,
                sentence: "they differ on [1.0, 2.0]".to_owned(),
            };
            let outcome = handle.upgrade(&new, &Attributes::new(), &verdict);
            if grade >= required {
                outcome.unwrap();
                continue;
            }
            let error = outcome.unwrap_err().to_string();
            for part in [
                "1.1.0",
                "1.0.0",
                required.name(),
                grade.name(),
                "[1.0, 2.0]",
            ] {
                assert!(error.contains(part), "{part}: {error}");
            }
            assert_eq!(
                handle.registry().get(&id("adder")).unwrap().meta().version,
                "1.0.0"
            );
        }
    }
}

#[test]
fn a_version_that_wants_more_or_cannot_go_on_changes_nothing() {
    let old = Adder::new("1.0.0");
    let heard = Arc::clone(&old.heard);
    let more = |change: fn(&mut ToolMeta)| old.after("2.0.0").meta(change);
    let versions = [
        (
            more(|meta| meta.effects = EffectSet::of(&[Effect::Io])),
            "the effects io",
        ),
        (
            more(|meta| meta.scope = voidstate_core::Scope::Single),
            "another scope",
        ),
        (
            more(|meta| meta.dependencies.push(ToolId::new("x").unwrap())),
            "other tools",
        ),
        (
            Adder {
                is_strict: true,
                ..more(|_| ())
            },
            "cannot continue from its state",
        ),
        (
            Adder {
                panics: true,
                ..more(|_| ())
            },
            "it cannot be made",
        ),
        (
            more(|meta| meta.id = ToolId::new("other").unwrap()),
            "other",
        ),
    ];
    let (engine, handle, _) = engine(old.share(), 1, Policy::default());
    let mut inline = engine.inline();
    for _ in 0..9 {
        assert!(inline.step());
    }
    for (version, why) in versions {
        let error = handle.upgrade(&version.share(), &Attributes::new(), &proved());
        let error = error.unwrap_err().to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
    while inline.step() {}
    let report = inline.finish();
    assert_eq!(report.stats.accepted, report.stats.delivered);
    let heard = heard.lock().unwrap();
    assert!(heard.len() == 600 && heard.iter().all(|(v, ..)| v == "1.0.0"));
}

#[test]
fn what_is_made_of_a_series_bears_its_labels_and_is_seen_by_others() {
    let like = super::kit::FnTool::new("half", &[Effect::EmitMetric], |_, firing, ctx| {
        let SignalRef::Sample { id, value, .. } = firing.signal else {
            return Ok(());
        };
        assert!(
            ctx.metric_like(&MetricName::new("of")?, SeriesId(77), 1.0)
                .is_err()
        );
        ctx.metric_like(&MetricName::new("of")?, id, value / 2.0)
    });
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted: Arc<Mutex<Vec<(String, f64)>>> = Arc::clone(&seen);
    let watcher = super::kit::FnTool::new("watcher", &[], move |_, firing, _| {
        if let SignalRef::Sample { series, value, .. } = firing.signal {
            noted.lock().unwrap().push((series.to_string(), value));
        }
        Ok(())
    })
    .meta(|meta| meta.subscriptions[0].pattern = "engine.derived".parse().unwrap());
    let mut id = None;
    let mut round = 0;
    let source = super::kit::FnSource::boxed(voidstate_core::Overflow::Wait, move |now, out| {
        let id = *id.get_or_insert_with(|| {
            let mut info = super::kit::info("m");
            info.key = SeriesKey::new(MetricName::new("m").unwrap(), [("core", "3")]).unwrap();
            out.series(&info)
        });
        round += 1;
        out.sample(id, now, f64::from(round));
        Ok(if round < 3 {
            voidstate_core::Next::Now
        } else {
            voidstate_core::Next::Done
        })
    });
    let (engine, _, _) = super::kit::engine(&[&like.share(), &watcher.share()], source);
    let report = engine.run_inline();
    assert_eq!(report.stats.accepted, report.stats.delivered);
    let key = "tool.half.of{core=\"3\"}".to_owned();
    let expected: Vec<_> = [0.5, 1.0, 1.5].map(|v| (key.clone(), v)).to_vec();
    assert_eq!(*seen.lock().unwrap(), expected);
}
