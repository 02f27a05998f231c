//! Tools that say in types what they do.

use voidstate_core::effects::{
    Clock, EmitFinding, EmitMetric, Io, Log, Random, ReadState, ReadStore, Session, WriteState,
};
use voidstate_core::{
    Allowed, AttributeValue, Attributes, Confidence, Config, Ctx, DependencyView, Effect,
    EffectRow, EffectSet, Error, Finding, FindingKind, Firing, HookName, LogLevel, MetricName,
    Output, Result, SeriesId, SeriesInfo, SeriesKey, SessionMessage, Severity, SignalRef, Stage,
    StoreReader, Timestamp, Tool, ToolId, ToolMeta, TypedTool,
};

/// Every effect, in an order of its own.
type All = (
    Session,
    Io,
    EmitFinding,
    Random,
    ReadStore,
    Clock,
    Log,
    WriteState,
    EmitMetric,
    ReadState,
);

/// Does everything that a tool can do, once a call.
#[derive(Debug, Default)]
struct Everything {
    kept: Vec<u8>,
}

impl TypedTool for Everything {
    type Effects = All;

    fn observe(&mut self, _: &Firing<'_>, ctx: &mut Allowed<'_, All>) -> Result<()> {
        let now = ctx.now()?;
        let random = ctx.random()?;
        let state = ctx.read_state("in")?;
        ctx.write_state("out", &random.to_le_bytes())?;
        assert!(ctx.store().is_err());
        ctx.log(LogLevel::Warn, "line")?;
        ctx.metric(&MetricName::new("m")?, 2.0)?;
        ctx.emit(finding(now))?;
        let value = state.map_or(0, |state| state.len() as i64).into();
        ctx.output(Output {
            name: "length",
            value,
        });
        assert!(ctx.dependency(&ToolId::new("other")?).is_err());
        assert!(ctx.series(SeriesId(3)).is_none());
        ctx.read_file("/a", 5)?;
        let is_open = ctx.session_is_open("talk")?;
        ctx.session_send("talk", "other", "Say", vec![is_open.into()])?;
        assert!(ctx.session_receive("talk")?.is_none());
        Ok(())
    }

    fn tick(&mut self, ctx: &mut Allowed<'_, All>) -> Result<()> {
        write_down(&mut ctx.narrow())?;
        // What was narrowed is whole again.
        ctx.now().map(|_| ())
    }

    fn finish(&mut self, ctx: &mut Allowed<'_, All>) -> Result<()> {
        ctx.narrow::<(Random, Log), _>().random().map(|_| ())
    }

    fn reconfigure(&mut self, _: &Config) -> Result<()> {
        self.kept.push(1);
        Ok(())
    }

    fn save(&self) -> Result<Vec<u8>> {
        Ok(self.kept.clone())
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        self.kept = state.to_vec();
        Ok(())
    }
}

fn write_down(ctx: &mut Allowed<'_, (Log, Clock)>) -> Result<()> {
    let now = ctx.now()?;
    log_only(&mut ctx.narrow(), &now.to_string())
}

fn log_only(ctx: &mut Allowed<'_, (Log,)>, text: &str) -> Result<()> {
    ctx.log(LogLevel::Info, text)
}

/// Has no effects and nothing but defaults.
#[derive(Debug)]
struct Plain;

impl TypedTool for Plain {
    type Effects = ();

    fn observe(&mut self, _: &Firing<'_>, _: &mut Allowed<'_, ()>) -> Result<()> {
        Ok(())
    }
}

/// Has no effects, and says nothing of them.
#[derive(Debug)]
struct Untyped;

impl Tool for Untyped {
    fn observe(&mut self, _: &Firing<'_>, _: &mut dyn Ctx) -> Result<()> {
        Ok(())
    }
}

fn finding(start: Timestamp) -> Finding {
    Finding {
        tool: ToolId::new("everything").unwrap(),
        episode: 1,
        kind: FindingKind::Pattern,
        severity: Severity::Info,
        stage: Stage::Instant,
        start,
        end: None,
        series: Vec::new(),
        sentence: "it was called".to_owned(),
        evidence: Vec::new(),
        confidence: Confidence::saturating(1.0),
        refutation: "it was not".to_owned(),
    }
}

/// Writes down every call with its arguments.
#[derive(Debug, Default)]
struct Heard(Vec<String>);

impl Heard {
    fn hear(&mut self, call: impl Into<String>) {
        self.0.push(call.into());
    }
}

impl Ctx for Heard {
    fn now(&mut self) -> Result<Timestamp> {
        self.hear("now");
        Ok(Timestamp::from_secs(7))
    }
    fn random(&mut self) -> Result<u64> {
        self.hear("random");
        Ok(4)
    }
    fn read_state(&mut self, key: &str) -> Result<Option<Vec<u8>>> {
        self.hear(format!("read_state {key}"));
        Ok(Some(vec![0; 9]))
    }
    fn write_state(&mut self, key: &str, value: &[u8]) -> Result<()> {
        self.hear(format!("write_state {key} {value:?}"));
        Ok(())
    }
    fn store(&mut self) -> Result<&dyn StoreReader> {
        self.hear("store");
        Err(Error::Unavailable {
            what: "a store",
            reason: "this is a test",
        })
    }
    fn log(&mut self, level: LogLevel, message: &str) -> Result<()> {
        self.hear(format!("log {level:?} {message}"));
        Ok(())
    }
    fn metric(&mut self, name: &MetricName, value: f64) -> Result<()> {
        self.hear(format!("metric {name} {value}"));
        Ok(())
    }
    fn emit(&mut self, finding: Finding) -> Result<()> {
        self.hear(format!("emit {}", finding.sentence));
        Ok(())
    }
    fn output(&mut self, output: Output) {
        self.hear(format!("output {} {:?}", output.name, output.value));
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
    fn read_file(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>> {
        self.hear(format!("read_file {path} {bytes_max}"));
        Ok(Vec::new())
    }
    fn session_is_open(&mut self, session: &str) -> Result<bool> {
        self.hear(format!("session_is_open {session}"));
        Ok(true)
    }
    fn session_send(
        &mut self,
        session: &str,
        to: &str,
        label: &str,
        payload: Vec<AttributeValue>,
    ) -> Result<()> {
        self.hear(format!("session_send {session} {to} {label} {payload:?}"));
        Ok(())
    }
    fn session_receive(&mut self, session: &str) -> Result<Option<SessionMessage>> {
        self.hear(format!("session_receive {session}"));
        Ok(None)
    }
}

fn observe(tool: &mut dyn Tool, ctx: &mut dyn Ctx) -> Result<()> {
    let hook = HookName::new("host.cpu").unwrap();
    let series = SeriesKey::plain(MetricName::new("host.cpu.busy").unwrap());
    let signal = SignalRef::Sample {
        id: SeriesId(0),
        series: &series,
        time: Timestamp::from_secs(1),
        value: 1.0,
    };
    let firing = Firing {
        hook: &hook,
        signal,
        sequence: 0,
    };
    tool.observe(&firing, ctx)
}

#[test]
fn a_typed_tool_is_a_tool_with_the_effects_of_its_row() {
    let tools: [(Box<dyn Tool>, Option<EffectSet>); 3] = [
        (
            Box::new(Everything::default()),
            Some(EffectSet::of(&Effect::ALL)),
        ),
        (Box::new(Plain), Some(EffectSet::EMPTY)),
        (Box::new(Untyped), None),
    ];
    for (tool, effects) in tools {
        assert_eq!(tool.effects(), effects);
    }
    let meta = ToolMeta::typed::<Everything>("everything", "host.**", "does it").unwrap();
    let mut same = ToolMeta::new("everything", "host.**", "does it").unwrap();
    same.effects = All::SET;
    assert_eq!(meta, same);
    assert!(ToolMeta::typed::<Plain>("no id", "host.**", "").is_err());
}

#[test]
fn every_call_reaches_the_context_as_it_was_made() {
    let (mut tool, mut ctx) = (Everything::default(), Heard::default());
    observe(&mut tool, &mut ctx).unwrap();
    let calls = std::mem::take(&mut ctx.0);
    assert_eq!(
        calls,
        [
            "now",
            "random",
            "read_state in",
            "write_state out [4, 0, 0, 0, 0, 0, 0, 0]",
            "store",
            "log Warn line",
            "metric m 2",
            "emit it was called",
            "output length Int(9)",
            "read_file /a 5",
            "session_is_open talk",
            "session_send talk other Say [Bool(true)]",
            "session_receive talk",
        ]
    );
    Tool::tick(&mut tool, &mut ctx).unwrap();
    Tool::finish(&mut tool, &mut ctx).unwrap();
    assert_eq!(ctx.0, ["now", "log Info 7000000000 ns", "now", "random"]);
}

#[test]
fn the_rest_of_a_tool_is_what_the_type_says_or_the_usual() {
    let (mut tool, mut ctx) = (Everything::default(), Heard::default());
    Tool::reconfigure(&mut tool, &Config::default()).unwrap();
    assert_eq!(Tool::save(&tool).unwrap(), [1]);
    Tool::restore(&mut tool, &[5, 6]).unwrap();
    assert_eq!(Tool::save(&tool).unwrap(), [5, 6]);

    let config = Config::checked(&[], &Attributes::new()).unwrap();
    let said = |tool: &mut dyn Tool, ctx: &mut dyn Ctx| {
        let all = (observe(tool, ctx), tool.tick(ctx), tool.finish(ctx));
        let rest = (
            tool.reconfigure(&config),
            tool.save(),
            tool.restore(&[]),
            tool.restore(&[1]),
        );
        format!("{all:?} {rest:?}")
    };
    assert_eq!(
        said(&mut Plain, &mut ctx),
        said(&mut Untyped, &mut ctx),
        "both have the same defaults"
    );
    assert!(ctx.0.is_empty());
}

#[test]
fn a_view_shows_its_row() {
    let mut ctx = Heard::default();
    let view = Allowed::<(Clock, Log)>::over(&mut ctx);
    assert_eq!(format!("{view:?}"), "Allowed(log clock)");
}
