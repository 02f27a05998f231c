//! Tools that talk, and an engine on a simulated clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use voidstate_core::{
    Attributes, Ctx, Effect, Error, Firing, Lifecycle, LifecycleState, ManualClock, Next, Overflow,
    Result, SessionDecl, Timestamp, ToolFactory,
};
use voidstate_runtime::{Engine, EngineBuilder, EngineHandle, InlineEngine, SessionStats};

use crate::engine::kit::{Collect, FnSource, FnTool, id, info};

/// Asking and answering, again and again.
pub(crate) const PING: &str = "protocol Ping(role a, role b) {
  rec again {
    choice at a {
      Ask(int) from a to b;
      Tell(int, any) from b to a;
      continue again;
    } or {
      Bye() from a to b;
    }
  }
}";

/// What the tools of a test heard and met, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    pub(crate) fn add(&self, note: impl Into<String>) {
        self.0.lock().unwrap().push(note.into());
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// A tool that plays `role` of the session `talk`.
pub(crate) fn talker(
    name: &str,
    role: &str,
    protocol: &str,
    observe: impl Fn(u64, &Firing<'_>, &mut dyn Ctx) -> Result<()> + Send + Sync + 'static,
) -> Arc<FnTool> {
    let effects = [Effect::Session, Effect::Clock, Effect::EmitFinding];
    FnTool::new(name, &effects, observe)
        .meta(|meta| {
            meta.sessions = vec![SessionDecl {
                name: "talk".to_owned(),
                protocol: protocol.to_owned(),
                role: role.to_owned(),
            }];
        })
        .share()
}

/// An engine with these tools, and a source of one sample a second.
pub(crate) fn builder(tools: &[&Arc<FnTool>]) -> (EngineBuilder, Collect) {
    let tools = tools
        .iter()
        .map(|tool| -> Arc<dyn ToolFactory> { Arc::<FnTool>::clone(tool) });
    builder_with(tools.collect())
}

fn builder_with(tools: Vec<Arc<dyn ToolFactory>>) -> (EngineBuilder, Collect) {
    let mut series = None;
    let source = FnSource::boxed(Overflow::Drop, move |now, out| {
        let series = *series.get_or_insert_with(|| out.series(&info("m")));
        out.sample(series, now, 1.0);
        Ok(Next::At(now.saturating_add(Duration::from_secs(1))))
    });
    let sink = Collect::default();
    let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1000)));
    let mut builder = Engine::builder()
        .clock(clock)
        .source(source)
        .sink(Box::new(sink.clone()));
    for factory in tools {
        builder = builder.tool(factory, Attributes::new());
    }
    (builder, sink)
}

pub(crate) fn beat(tools: &[&Arc<FnTool>]) -> (InlineEngine, Collect, EngineHandle) {
    started(builder(tools))
}

pub(crate) fn beat_with(tools: Vec<Arc<dyn ToolFactory>>) -> (InlineEngine, Collect, EngineHandle) {
    started(builder_with(tools))
}

fn started((builder, sink): (EngineBuilder, Collect)) -> (InlineEngine, Collect, EngineHandle) {
    let engine = builder.build().unwrap().inline();
    let handle = engine.handle();
    (engine, sink, handle)
}

/// Seconds of the simulated clock; a second is one idle step and one with a sample.
pub(crate) fn seconds(engine: &mut InlineEngine, count: u32) {
    for _ in 0..2 * count {
        assert!(engine.step());
    }
}

pub(crate) fn reason(handle: &EngineHandle, tool: &str) -> String {
    match handle.state(&id(tool)).unwrap() {
        LifecycleState::Suspended { reason, .. } => reason,
        state => panic!("{tool} is {state}"),
    }
}

pub(crate) fn talk(handle: &EngineHandle) -> SessionStats {
    let stats = handle.stats();
    stats
        .sessions
        .into_iter()
        .find(|s| s.session == "talk")
        .unwrap()
}

/// Hears the answer to its last question, asks the next, and notes what it is told instead.
pub(crate) fn asker(notes: &Notes) -> Arc<FnTool> {
    let notes = notes.clone();
    let is_waiting = Mutex::new(false);
    talker("asker", "a", PING, move |call, _, ctx| {
        let mut is_waiting = is_waiting.lock().unwrap();
        let done = hear_and_ask(&notes, &mut is_waiting, call, ctx);
        told(&notes, "asker", &mut is_waiting, done)
    })
}

fn hear_and_ask(notes: &Notes, is_waiting: &mut bool, call: u64, ctx: &mut dyn Ctx) -> Result<()> {
    if !ctx.session_is_open("talk")? {
        notes.add("asker: closed");
        return Ok(());
    }
    if *is_waiting {
        let Some(message) = ctx.session_receive("talk")? else {
            return Ok(());
        };
        notes.add(format!("{} {:?}", message.label, message.payload));
    }
    let number = i64::try_from(call).unwrap();
    *is_waiting = true;
    ctx.session_send("talk", "b", "Ask", vec![number.into()])
}

/// Notes that a session did not go on, which is no failure of the tool.
fn told(notes: &Notes, who: &str, is_waiting: &mut bool, done: Result<()>) -> Result<()> {
    match done {
        Err(Error::Session { reason, .. }) => {
            *is_waiting = false;
            notes.add(format!("{who}: {reason}"));
            Ok(())
        }
        other => other,
    }
}

/// Answers every question with its double.
pub(crate) fn teller(notes: &Notes) -> Arc<FnTool> {
    let notes = notes.clone();
    talker("teller", "b", PING, move |_, _, ctx| {
        let done = (|| {
            let Some(message) = ctx.session_receive("talk")? else {
                return Ok(());
            };
            if message.label == "Bye" {
                notes.add("Bye");
                return Ok(());
            }
            let number = message.payload[0].as_int().unwrap();
            let answer = vec![(2 * number).into(), "x".into()];
            ctx.session_send("talk", "a", "Tell", answer)
        })();
        told(&notes, "teller", &mut false, done)
    })
}
