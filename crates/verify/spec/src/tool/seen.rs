//! A context that hands everything on and keeps what the spec reads.

use voidstate_core::{
    AttributeValue, Ctx, DependencyView, Effect, EffectSet, Finding, LogLevel, MetricName, Output,
    Result, SeriesId, SeriesInfo, SessionMessage, StoreReader, Timestamp, ToolId,
};

use super::views::{Given, Named};

/// What a spec reads of a call; nothing else is kept.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    pub(super) findings: bool,
    pub(super) metrics: bool,
    pub(super) given: bool,
}

/// What a tool did in one call.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) findings: Vec<Finding>,
    pub(super) metrics: Vec<Named>,
    pub(super) given: Vec<Given>,
    pub(super) logs: usize,
    pub(super) effects: EffectSet,
    /// What surrounds the tool refused something.
    pub(super) was_refused: bool,
}

/// The context around the real one.
pub(super) struct Seen<'a> {
    pub(super) ctx: &'a mut dyn Ctx,
    pub(super) wanted: Wanted,
    pub(super) done: Done,
}

impl Seen<'_> {
    fn note<T>(&mut self, effect: Effect, result: Result<T>) -> Result<T> {
        self.done.effects = self.done.effects.union(EffectSet::of(&[effect]));
        self.done.was_refused |= result.is_err();
        result
    }
}

impl Ctx for Seen<'_> {
    fn now(&mut self) -> Result<Timestamp> {
        let result = self.ctx.now();
        self.note(Effect::Clock, result)
    }

    fn random(&mut self) -> Result<u64> {
        let result = self.ctx.random();
        self.note(Effect::Random, result)
    }

    fn read_state(&mut self, key: &str) -> Result<Option<Vec<u8>>> {
        let result = self.ctx.read_state(key);
        self.note(Effect::ReadState, result)
    }

    fn write_state(&mut self, key: &str, value: &[u8]) -> Result<()> {
        let result = self.ctx.write_state(key, value);
        self.note(Effect::WriteState, result)
    }

    fn store(&mut self) -> Result<&dyn StoreReader> {
        self.done.effects = self.done.effects.union(EffectSet::of(&[Effect::ReadStore]));
        let result = self.ctx.store();
        self.done.was_refused |= result.is_err();
        result
    }

    fn log(&mut self, level: LogLevel, message: &str) -> Result<()> {
        self.done.logs += 1;
        let result = self.ctx.log(level, message);
        self.note(Effect::Log, result)
    }

    fn metric(&mut self, name: &MetricName, value: f64) -> Result<()> {
        if self.wanted.metrics {
            self.done.metrics.push(Named {
                name: name.to_string(),
                value,
            });
        }
        let result = self.ctx.metric(name, value);
        self.note(Effect::EmitMetric, result)
    }

    fn metric_like(&mut self, name: &MetricName, like: SeriesId, value: f64) -> Result<()> {
        if self.wanted.metrics {
            self.done.metrics.push(Named {
                name: name.to_string(),
                value,
            });
        }
        let result = self.ctx.metric_like(name, like, value);
        self.note(Effect::EmitMetric, result)
    }

    fn emit(&mut self, finding: Finding) -> Result<()> {
        if self.wanted.findings {
            self.done.findings.push(finding.clone());
        }
        let result = self.ctx.emit(finding);
        self.note(Effect::EmitFinding, result)
    }

    fn output(&mut self, output: Output) {
        if self.wanted.given {
            self.done.given.push(Given(output.clone()));
        }
        self.ctx.output(output);
    }

    fn dependency(&self, tool: &ToolId) -> Result<DependencyView<'_>> {
        self.ctx.dependency(tool)
    }

    fn series(&self, id: SeriesId) -> Option<&SeriesInfo> {
        self.ctx.series(id)
    }

    fn read_file(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>> {
        let result = self.ctx.read_file(path, bytes_max);
        self.note(Effect::Io, result)
    }

    fn session_is_open(&mut self, session: &str) -> Result<bool> {
        let result = self.ctx.session_is_open(session);
        self.note(Effect::Session, result)
    }

    fn session_send(
        &mut self,
        session: &str,
        to: &str,
        label: &str,
        payload: Vec<AttributeValue>,
    ) -> Result<()> {
        let result = self.ctx.session_send(session, to, label, payload);
        self.note(Effect::Session, result)
    }

    fn session_receive(&mut self, session: &str) -> Result<Option<SessionMessage>> {
        let result = self.ctx.session_receive(session);
        self.note(Effect::Session, result)
    }
}
