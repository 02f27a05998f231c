//! The context as a tool sees it that says in types what it does.

use std::fmt;
use std::marker::PhantomData;

use crate::effects::{
    Clock, EmitFinding, EmitMetric, Io, Log, Random, ReadState, ReadStore, Session, WriteState,
};
use crate::{
    Allows, AttributeValue, Ctx, DependencyView, EffectRow, Finding, Includes, LogLevel,
    MetricName, Output, Result, SeriesId, SeriesInfo, SessionMessage, StoreReader, Timestamp,
    ToolId,
};

/// A [`Ctx`] of which only what `Row` allows can be called.
///
/// It has the methods of [`Ctx`]; one that needs an effect outside of `Row` does not compile:
///
/// ```
/// use voidstate_core::effects::{Clock, EmitMetric, Log};
/// use voidstate_core::{Allowed, LogLevel, Result};
///
/// fn greet(ctx: &mut Allowed<'_, (Log,)>) -> Result<()> {
///     ctx.log(LogLevel::Info, "hello")
/// }
///
/// fn tell_time(ctx: &mut Allowed<'_, (Clock, EmitMetric, Log)>) -> Result<()> {
///     greet(&mut ctx.narrow())?;
///     let now = ctx.now()?;
///     ctx.log(LogLevel::Debug, &now.to_string())
/// }
/// ```
///
/// ```compile_fail,E0277
/// use voidstate_core::effects::Log;
/// use voidstate_core::{Allowed, Result, Timestamp};
///
/// fn tell_time(ctx: &mut Allowed<'_, (Log,)>) -> Result<Timestamp> {
///     ctx.now()
/// }
/// ```
///
/// # Cost
/// That of the `&mut dyn Ctx` which it is.
pub struct Allowed<'a, Row> {
    ctx: &'a mut dyn Ctx,
    row: PhantomData<fn() -> Row>,
}

impl<Row: EffectRow> fmt::Debug for Allowed<'_, Row> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Allowed({})", Row::SET)
    }
}

impl<'a, Row: EffectRow> Allowed<'a, Row> {
    /// A view of `ctx`. For whoever calls tools; a tool has no `Ctx` to make one of.
    #[inline]
    #[must_use]
    pub fn over(ctx: &'a mut dyn Ctx) -> Self {
        Self {
            ctx,
            row: PhantomData,
        }
    }

    /// A view that allows less, for a function that needs less. The row is found from where the view goes; written out,
    /// it is `narrow::<(Log,), _>()`.
    #[inline]
    #[must_use]
    pub fn narrow<Sub: EffectRow, At>(&mut self) -> Allowed<'_, Sub>
    where
        Row: Includes<Sub, At>,
    {
        Allowed::over(&mut *self.ctx)
    }

    /// The context below, with all of its methods. For what stands around a tool (contracts, recorders); in `tools/` its
    /// call is a lint error.
    #[inline]
    #[must_use]
    pub fn untyped(&mut self) -> &mut dyn Ctx {
        &mut *self.ctx
    }

    /// As [`Ctx::now`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn now<At>(&mut self) -> Result<Timestamp>
    where
        Row: Allows<Clock, At>,
    {
        self.ctx.now()
    }

    /// As [`Ctx::random`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn random<At>(&mut self) -> Result<u64>
    where
        Row: Allows<Random, At>,
    {
        self.ctx.random()
    }

    /// As [`Ctx::read_state`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn read_state<At>(&mut self, key: &str) -> Result<Option<Vec<u8>>>
    where
        Row: Allows<ReadState, At>,
    {
        self.ctx.read_state(key)
    }

    /// As [`Ctx::write_state`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn write_state<At>(&mut self, key: &str, value: &[u8]) -> Result<()>
    where
        Row: Allows<WriteState, At>,
    {
        self.ctx.write_state(key, value)
    }

    /// As [`Ctx::store`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn store<At>(&mut self) -> Result<&dyn StoreReader>
    where
        Row: Allows<ReadStore, At>,
    {
        self.ctx.store()
    }

    /// As [`Ctx::log`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn log<At>(&mut self, level: LogLevel, message: &str) -> Result<()>
    where
        Row: Allows<Log, At>,
    {
        self.ctx.log(level, message)
    }

    /// As [`Ctx::metric`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn metric<At>(&mut self, name: &MetricName, value: f64) -> Result<()>
    where
        Row: Allows<EmitMetric, At>,
    {
        self.ctx.metric(name, value)
    }

    /// As [`Ctx::metric_like`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn metric_like<At>(&mut self, name: &MetricName, like: SeriesId, value: f64) -> Result<()>
    where
        Row: Allows<EmitMetric, At>,
    {
        self.ctx.metric_like(name, like, value)
    }

    /// As [`Ctx::emit`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn emit<At>(&mut self, finding: Finding) -> Result<()>
    where
        Row: Allows<EmitFinding, At>,
    {
        self.ctx.emit(finding)
    }

    /// As [`Ctx::output`].
    #[inline]
    pub fn output(&mut self, output: Output) {
        self.ctx.output(output);
    }

    /// As [`Ctx::dependency`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn dependency(&self, tool: &ToolId) -> Result<DependencyView<'_>> {
        self.ctx.dependency(tool)
    }

    /// As [`Ctx::series`].
    #[inline]
    #[must_use]
    pub fn series(&self, id: SeriesId) -> Option<&SeriesInfo> {
        self.ctx.series(id)
    }

    /// As [`Ctx::read_file`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn read_file<At>(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>>
    where
        Row: Allows<Io, At>,
    {
        self.ctx.read_file(path, bytes_max)
    }

    /// As [`Ctx::session_is_open`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn session_is_open<At>(&mut self, session: &str) -> Result<bool>
    where
        Row: Allows<Session, At>,
    {
        self.ctx.session_is_open(session)
    }

    /// As [`Ctx::session_send`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn session_send<At>(
        &mut self,
        session: &str,
        to: &str,
        label: &str,
        payload: Vec<AttributeValue>,
    ) -> Result<()>
    where
        Row: Allows<Session, At>,
    {
        self.ctx.session_send(session, to, label, payload)
    }

    /// As [`Ctx::session_receive`].
    ///
    /// # Errors
    /// As there.
    #[inline]
    pub fn session_receive<At>(&mut self, session: &str) -> Result<Option<SessionMessage>>
    where
        Row: Allows<Session, At>,
    {
        self.ctx.session_receive(session)
    }
}
