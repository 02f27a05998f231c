//! Tools: what they see, say and use.

use voidstate_core::effects::{EmitFinding, EmitMetric};
use voidstate_core::{
    Allowed, AttributeValue, Attributes, Confidence, Ctx, DependencyView, Effect, EffectSet, Error,
    Event, Evidence, Finding, FindingKind, Firing, HookName, LogLevel, MetricName, Output, Result,
    SeriesId, SeriesInfo, SeriesKey, Severity, SignalRef, Span, SpanStatus, Stage, State,
    StoreReader, Timestamp, Tool, ToolId, ToolMeta, TypedTool,
};
use voidstate_spec::language::{Checked, compile};
use voidstate_spec::tool::{Given, Named, VOCABULARY, disagreements};
use voidstate_spec::{SpecValue, implements};

use crate::breach_of;

/// A tool with every fault that the spec knows.
#[derive(Debug, Default)]
struct Teller {
    open: Vec<u64>,
    next: u64,
    fault: Option<Fault>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    OpensTwice,
    SaysNothing,
    Logs,
    BadScore,
    Refuses,
    LeavesOpen,
    TakesNan,
    WrongScoreType,
}

impl Teller {
    fn open(&self) -> Vec<u64> {
        self.open.clone()
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn finding(&self, stage: Stage, time: Timestamp) -> Finding {
        Finding {
            tool: ToolId::new("teller").unwrap(),
            episode: self.next,
            kind: FindingKind::Anomaly,
            severity: Severity::Notice,
            stage,
            start: time,
            end: None,
            series: Vec::new(),
            sentence: if self.has(Fault::SaysNothing) {
                String::new()
            } else {
                "too high".into()
            },
            evidence: Vec::new(),
            confidence: Confidence::new(0.5).unwrap(),
            refutation: "it falls".into(),
        }
    }
}

#[implements("tests/specs/teller.spec", methods(open: Vec<u64>))]
impl Tool for Teller {
    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()> {
        self.see(firing, ctx)
    }

    fn finish(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        self.close(ctx)
    }
}

/// The same, with its effects as a type, which it gets round when it logs.
#[derive(Debug)]
struct TypedTeller(Teller);

impl TypedTeller {
    fn open(&self) -> Vec<u64> {
        self.0.open()
    }
}

#[implements("tests/specs/teller.spec", methods(open: Vec<u64>))]
impl TypedTool for TypedTeller {
    type Effects = (EmitMetric, EmitFinding);

    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        self.0.see(firing, ctx.untyped())
    }

    fn finish(&mut self, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        let ctx: &mut Allowed<'_, Self::Effects> = ctx;
        self.0.close(ctx.untyped())
    }
}

impl Teller {
    fn see(&mut self, firing: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()> {
        let SignalRef::Sample { time, value, .. } = firing.signal else {
            return Ok(());
        };
        if value.is_nan() && !self.has(Fault::TakesNan) || self.has(Fault::Refuses) {
            return Err(Error::Domain {
                what: "value",
                value,
                domain: "numbers",
            });
        }
        let score = if self.has(Fault::BadScore) { 2.0 } else { 0.5 };
        let value_out = if self.has(Fault::WrongScoreType) {
            "half".into()
        } else {
            AttributeValue::Real(score)
        };
        ctx.output(Output {
            name: "score",
            value: value_out,
        });
        if self.has(Fault::Logs) {
            ctx.log(LogLevel::Info, "hello")?;
        }
        if value > 10.0 && (self.open.is_empty() || self.has(Fault::OpensTwice)) {
            if self.open.is_empty() {
                self.open.push(self.next);
            }
            ctx.metric(&MetricName::new("opened").unwrap(), 1.0)?;
            ctx.emit(self.finding(Stage::Opened, time))?;
        }
        Ok(())
    }

    fn close(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        for _ in &self.open {
            ctx.emit(self.finding(Stage::Closed, Timestamp::default()))?;
        }
        if !self.has(Fault::LeavesOpen) {
            self.open.clear();
        }
        Ok(())
    }
}

/// Counts what is said; refuses findings when it is told to.
#[derive(Debug, Default)]
struct Around {
    findings: usize,
    outputs: usize,
    is_full: bool,
}

impl Ctx for Around {
    fn now(&mut self) -> Result<Timestamp> {
        Ok(Timestamp::default())
    }
    fn random(&mut self) -> Result<u64> {
        Ok(4)
    }
    fn read_state(&mut self, _: &str) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }
    fn write_state(&mut self, _: &str, _: &[u8]) -> Result<()> {
        Ok(())
    }
    fn store(&mut self) -> Result<&dyn StoreReader> {
        Err(Error::Missing {
            kind: "store",
            name: String::new(),
        })
    }
    fn log(&mut self, _: LogLevel, _: &str) -> Result<()> {
        Ok(())
    }
    fn metric(&mut self, _: &MetricName, _: f64) -> Result<()> {
        Ok(())
    }
    fn emit(&mut self, _: Finding) -> Result<()> {
        self.findings += 1;
        if self.is_full {
            return Err(Error::Unavailable {
                what: "the store",
                reason: "it is full",
            });
        }
        Ok(())
    }
    fn output(&mut self, _: Output) {
        self.outputs += 1;
    }
    fn dependency(&self, tool: &ToolId) -> Result<DependencyView<'_>> {
        Err(Error::Missing {
            kind: "dependency",
            name: tool.to_string(),
        })
    }
    fn series(&self, _: SeriesId) -> Option<&SeriesInfo> {
        None
    }
    fn read_file(&mut self, _: &str, _: usize) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }
}

fn fire(tool: &mut dyn Tool, ctx: &mut Around, value: f64) -> Result<()> {
    let series = SeriesKey::plain(MetricName::new("host.cpu.busy").unwrap());
    let hook = HookName::new("host.cpu").unwrap();
    let signal = SignalRef::Sample {
        id: SeriesId(0),
        series: &series,
        time: Timestamp::from_secs(1),
        value,
    };
    tool.observe(
        &Firing {
            hook: &hook,
            signal,
            sequence: 7,
        },
        ctx,
    )
}

/// The tool with that fault, and its typed twin.
fn both(fault: Option<Fault>) -> [Box<dyn Tool>; 2] {
    let teller = || Teller {
        fault,
        ..Teller::default()
    };
    [Box::new(teller()), Box::new(TypedTeller(teller()))]
}

#[test]
fn a_tool_that_keeps_its_contract_is_not_disturbed() {
    let event = Event {
        name: "x".into(),
        time: Timestamp::default(),
        attributes: [("a".to_owned(), 1_i64.into())].into(),
    };
    let state = State {
        name: "x".into(),
        time: Timestamp::default(),
        variables: Attributes::new(),
    };
    let span = Span {
        trace_id: 1,
        span_id: 2,
        parent: None,
        name: "x".into(),
        start: Timestamp::default(),
        end: Timestamp::default(),
        status: SpanStatus::Ok,
        attributes: Attributes::new(),
    };
    let hook = HookName::new("otlp.span").unwrap();
    for mut tool in both(None) {
        let mut ctx = Around::default();
        for value in [1.0, 20.0, 30.0] {
            fire(&mut *tool, &mut ctx, value).unwrap();
        }
        assert!(fire(&mut *tool, &mut ctx, f64::NAN).is_err());
        for signal in [
            SignalRef::Event(&event),
            SignalRef::State(&state),
            SignalRef::Span(&span),
        ] {
            let firing = Firing {
                hook: &hook,
                signal,
                sequence: 0,
            };
            tool.observe(&firing, &mut ctx).unwrap();
        }
        tool.finish(&mut ctx).unwrap();
        assert_eq!((ctx.findings, ctx.outputs), (2, 3));
    }
}

#[test]
fn every_fault_of_a_tool_is_a_breach() {
    for (fault, words) in [
        (Fault::BadScore, "ensures \"score\""),
        (Fault::SaysNothing, "ensures \"says something\""),
        (Fault::Logs, "it used emit_metric log emit_finding"),
        (Fault::Refuses, "so it must succeed"),
        (Fault::WrongScoreType, "the output `score`, a text"),
    ] {
        for mut tool in both(Some(fault)) {
            let text = breach_of(|| fire(&mut *tool, &mut Around::default(), 20.0));
            assert!(text.contains(words), "{words} in\n{text}");
            assert!(
                text.contains("`teller.observe`") && text.contains("20.0"),
                "{text}"
            );
        }
    }
    for mut tool in both(Some(Fault::OpensTwice)) {
        fire(&mut *tool, &mut Around::default(), 20.0).unwrap();
        let text = breach_of(|| fire(&mut *tool, &mut Around::default(), 20.0));
        assert!(text.contains("ensures \"in order\""), "{text}");
    }
    for mut tool in both(Some(Fault::TakesNan)) {
        let text = breach_of(|| fire(&mut *tool, &mut Around::default(), f64::NAN));
        assert!(text.contains("fails \"not a number\""), "{text}");
    }
    for mut tool in both(Some(Fault::LeavesOpen)) {
        fire(&mut *tool, &mut Around::default(), 20.0).unwrap();
        let text = breach_of(|| tool.finish(&mut Around::default()));
        assert!(text.contains("ensures \"all closed\""), "{text}");
    }
}

#[test]
fn what_the_surroundings_refuse_the_tool_may_refuse() {
    let mut ctx = Around {
        is_full: true,
        ..Around::default()
    };
    for mut tool in both(None) {
        assert!(fire(&mut *tool, &mut ctx, 20.0).is_err());
    }
}

fn vocabulary() -> Checked {
    compile(VOCABULARY).unwrap()
}

#[test]
fn the_vocabulary_is_what_the_types_are() {
    let checked = vocabulary();
    let record = |name: &str| {
        let found = checked.records.iter().find(|r| r.name == name).unwrap();
        voidstate_spec::language::Type::Record(found.clone())
    };
    let mut finding = Teller::default().finding(Stage::Closed, Timestamp::from_secs(1));
    let series = SeriesKey::plain(MetricName::new("host.cpu.busy").unwrap());
    finding.evidence = vec![
        Evidence::Value {
            series,
            time: Timestamp::default(),
            value: 1.0,
            unit: voidstate_core::Unit::Percent,
        },
        Evidence::PValue {
            test: "t".into(),
            p: 0.5,
        },
        Evidence::Samples { count: 3 },
        Evidence::Fact {
            name: "n".into(),
            value: "text".into(),
        },
    ];
    let text = finding.to_value(&record("Finding")).unwrap().to_string();
    for part in [
        "episode: 0",
        "stage: Stage.closed",
        "start: 1000000000",
        "kind: \"p_value\"",
        "\"host.cpu.busy\"",
        "confidence: 0.5",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let named = Named {
        name: "m".into(),
        value: 1.0,
    };
    assert!(named.to_value(&record("Metric")).is_ok());
    let given = Given(Output {
        name: "score",
        value: 1.0.into(),
    });
    assert!(
        given
            .to_value(&record("Given"))
            .unwrap()
            .to_string()
            .contains("some(1.0)")
    );
}

#[test]
fn metadata_and_spec_agree_or_the_difference_is_said() {
    let spec = compile("tool t { effects clock, log\n permissions read_file \"/proc/**\"\n budget time 10 ms\n budget memory 64 MiB\n operation tick {} }").unwrap();
    let mut meta = ToolMeta::new("t", "host.**", "does nothing").unwrap();
    meta.effects = EffectSet::of(&[Effect::Clock, Effect::Log]);
    meta.permissions = vec![voidstate_core::Permission {
        action: voidstate_core::Action::ReadFile,
        resource: voidstate_core::Glob::new("proc.**").unwrap(),
    }];
    assert_eq!(disagreements(&meta, &spec.tools[0]), Vec::<String>::new());
    meta.effects = EffectSet::EMPTY;
    meta.permissions.clear();
    meta.budget.memory_bytes = 1;
    let found = disagreements(&meta, &spec.tools[0]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(
        found[0],
        "effects: the metadata says none, the spec clock, log"
    );
}
