//! Tools that say in types what they do to the world.

use crate::tool::{keeps_no_state, needs_fresh_instance};
use crate::{Allowed, Config, Ctx, EffectRow, EffectSet, Firing, Result, Tool};

/// A [`Tool`] whose effects are a type: it cannot do what it does not declare, and what it declares need not be written a
/// second time. Implemented by the crates under `tools/` and by users; every such type is a [`Tool`], which is what the
/// engine calls.
///
/// Make its metadata with [`ToolMeta::typed`](crate::ToolMeta::typed): the engine refuses an instance whose types allow
/// anything else than its metadata says.
///
/// ```
/// use voidstate_core::effects::EmitMetric;
/// use voidstate_core::{
///     Allowed, Effect, EffectSet, Firing, MetricName, Result, SignalRef, Tool, ToolMeta, TypedTool,
/// };
///
/// struct Peak(f64, MetricName);
/// impl TypedTool for Peak {
///     type Effects = (EmitMetric,);
///
///     fn observe(&mut self, firing: &Firing<'_>, ctx: &mut Allowed<'_, (EmitMetric,)>) -> Result<()> {
///         let SignalRef::Sample { value, .. } = firing.signal else { return Ok(()) };
///         self.0 = self.0.max(value);
///         ctx.metric(&self.1, self.0)
///     }
/// }
///
/// let tool: Box<dyn Tool> = Box::new(Peak(0.0, MetricName::new("peak")?));
/// assert_eq!(tool.effects(), Some(EffectSet::of(&[Effect::EmitMetric])));
/// let meta = ToolMeta::typed::<Peak>("peak", "host.**", "the highest value so far")?;
/// assert_eq!(Some(meta.effects), tool.effects());
/// # Ok::<(), voidstate_core::Error>(())
/// ```
///
/// # Laws
/// Those of [`Tool`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say in types what it does",
    label = "no `TypedTool`",
    note = "implement `TypedTool` for `{Self}`, with its effects as `type Effects = (EmitFinding, …)`"
)]
pub trait TypedTool: Send {
    /// What it may do: a tuple of types of [`effects`](crate::effects), for example `(EmitFinding, Log)`.
    type Effects: EffectRow;

    /// As [`Tool::observe`].
    ///
    /// # Errors
    /// As there.
    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()>;

    /// As [`Tool::tick`].
    ///
    /// # Errors
    /// As there.
    fn tick(&mut self, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        let _ = ctx;
        Ok(())
    }

    /// As [`Tool::finish`].
    ///
    /// # Errors
    /// As there.
    fn finish(&mut self, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        let _ = ctx;
        Ok(())
    }

    /// As [`Tool::reconfigure`].
    ///
    /// # Errors
    /// As there.
    fn reconfigure(&mut self, config: &Config) -> Result<()> {
        let _ = config;
        Err(needs_fresh_instance())
    }

    /// As [`Tool::save`].
    ///
    /// # Errors
    /// As there.
    fn save(&self) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    /// As [`Tool::restore`].
    ///
    /// # Errors
    /// As there.
    fn restore(&mut self, state: &[u8]) -> Result<()> {
        if state.is_empty() {
            return Ok(());
        }
        Err(keeps_no_state())
    }
}

impl<T: TypedTool> Tool for T {
    #[inline]
    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()> {
        TypedTool::observe(self, firing, &mut Allowed::over(ctx))
    }

    #[inline]
    fn tick(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        TypedTool::tick(self, &mut Allowed::over(ctx))
    }

    #[inline]
    fn finish(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        TypedTool::finish(self, &mut Allowed::over(ctx))
    }

    #[inline]
    fn effects(&self) -> Option<EffectSet> {
        Some(T::Effects::SET)
    }

    #[inline]
    fn reconfigure(&mut self, config: &Config) -> Result<()> {
        TypedTool::reconfigure(self, config)
    }

    #[inline]
    fn save(&self) -> Result<Vec<u8>> {
        TypedTool::save(self)
    }

    #[inline]
    fn restore(&mut self, state: &[u8]) -> Result<()> {
        TypedTool::restore(self, state)
    }
}
