//! Tools that go into an engine together, whose needs, order and costs are types.

mod budget;
mod count;
mod needs;
mod set;

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use voidstate_core::{Attributes, Config, Placement, Tool, ToolFactory, ToolId, ToolMeta};
use voidstate_dependent::{Budget, Plan};

pub use needs::{After, Behind, Exactly, Needs, Orderings, Within};
pub use set::{Here, Holds, Set, There};

pub(crate) use budget::{Limits, hold};

use crate::{EngineBuilder, Error, Result};

/// A tool that says in types whom it needs, after whom it is called and what it may cost. Implemented beside its factory;
/// [`Pipeline::tool`] writes what the types say into the metadata.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say in types what it needs and costs",
    note = "implement `voidstate_runtime::PipelineTool` for `{Self}`"
)]
pub trait PipelineTool: ToolFactory + 'static {
    /// The id in its metadata.
    const ID: &'static str;
    /// The tools whose findings it receives: a tuple of tools, or [`Exactly`] so many that are chosen later.
    type Needs: Needs;
    /// The tools that are called before it on the same hook: a tuple of [`After`].
    type After: Orderings;
    /// Most memory in bytes that it may hold.
    const MEMORY_BYTES: u64;
    /// Longest single call in nanoseconds.
    const TIME_PER_SIGNAL_NS: u64;
}

/// Tools within a budget of `MEMORY_BYTES` in all and `TIME_NS` for one signal that goes through all of them.
///
/// It does not build (`cargo check`) when a tool needs or comes after one that was not put in before it, or is given
/// another number of predecessors than it declares, and does not build (`cargo build`) when the tools together cost more
/// than the budget. For tools that are known only at run time see [`EngineBuilder::budget`] and
/// [`ToolRegistry::register_exactly`](crate::ToolRegistry::register_exactly).
///
/// ```
/// use std::sync::Arc;
/// use voidstate_core::{Attributes, Config, Placement, Result, Tool, ToolFactory, ToolMeta};
/// use voidstate_runtime::{After, Engine, Pipeline, PipelineTool};
/// # use voidstate_core::{Ctx, Firing};
/// # struct Quiet;
/// # impl Tool for Quiet {
/// #     fn observe(&mut self, _: &Firing<'_>, _: &mut dyn Ctx) -> Result<()> { Ok(()) }
/// # }
/// struct Drift(ToolMeta);
/// struct Cause(ToolMeta);
/// # impl ToolFactory for Drift {
/// #     fn meta(&self) -> &ToolMeta { &self.0 }
/// #     fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> { Ok(Box::new(Quiet)) }
/// # }
/// # impl ToolFactory for Cause {
/// #     fn meta(&self) -> &ToolMeta { &self.0 }
/// #     fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> { Ok(Box::new(Quiet)) }
/// # }
/// impl PipelineTool for Drift {
///     const ID: &'static str = "drift";
///     type Needs = ();
///     type After = ();
///     const MEMORY_BYTES: u64 = 1 << 20;
///     const TIME_PER_SIGNAL_NS: u64 = 40_000;
/// }
/// impl PipelineTool for Cause {
///     const ID: &'static str = "cause";
///     type Needs = (Drift,);
///     type After = (After<Drift>,);
///     const MEMORY_BYTES: u64 = 2 << 20;
///     const TIME_PER_SIGNAL_NS: u64 = 60_000;
/// }
/// let drift = Drift(ToolMeta::new("drift", "host.**", "sees drift")?);
/// let cause = Cause(ToolMeta::new("cause", "host.**", "names causes")?);
/// let pipeline = Pipeline::<(), { 3 << 20 }, 100_000>::new()
///     .tool(drift, (), Attributes::new())?
///     .tool(cause, (), Attributes::new())?;
/// let engine = pipeline.onto(Engine::builder()).build()?;
/// # drop(engine);
/// # Ok::<(), voidstate_runtime::Error>(())
/// ```
pub struct Pipeline<S, const MEMORY_BYTES: u64, const TIME_NS: u64> {
    tools: Vec<(Arc<dyn ToolFactory>, Attributes)>,
    set: PhantomData<fn() -> S>,
}

impl<const MEMORY_BYTES: u64, const TIME_NS: u64> Pipeline<(), MEMORY_BYTES, TIME_NS> {
    /// A pipeline without tools.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            tools: Vec::new(),
            set: PhantomData,
        }
    }
}

impl<const MEMORY_BYTES: u64, const TIME_NS: u64> Default for Pipeline<(), MEMORY_BYTES, TIME_NS> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Set, const MEMORY_BYTES: u64, const TIME_NS: u64> Pipeline<S, MEMORY_BYTES, TIME_NS> {
    /// Puts a tool in, after those that it needs and comes after. `predecessors` is `()` when its type names them, and an
    /// array of exactly so many ids when its type gives their number.
    ///
    /// # Errors
    /// [`Error::Core`] when the factory's metadata have another id, or other dependencies than its type gives (none at
    /// all will do: they are filled in), [`Error::DependencyCount`] when predecessors are given twice.
    pub fn tool<T: PipelineTool, I, J>(
        mut self,
        tool: T,
        predecessors: <T::Needs as Needs>::Given,
        config: Attributes,
    ) -> Result<Pipeline<(T, S), MEMORY_BYTES, TIME_NS>>
    where
        T::Needs: Within<S, I>,
        T::After: Behind<S, J>,
    {
        // Refuses when the program is built.
        let _ = Plan::<_, Budget<MEMORY_BYTES, TIME_NS>>::new(set::Total::<(T, S)>::new());
        let meta = lowered::<T>(tool.meta().clone(), predecessors)?;
        self.tools.push((Arc::new(Lowered { tool, meta }), config));
        Ok(Pipeline {
            tools: self.tools,
            set: PhantomData,
        })
    }

    /// Gives the tools to an engine that is put together.
    #[must_use]
    pub fn onto(self, builder: EngineBuilder) -> EngineBuilder {
        let tools = self.tools.into_iter();
        tools.fold(builder, |builder, (tool, config)| {
            builder.tool(tool, config)
        })
    }

    /// The metadata of the tools as they will be registered, in order.
    pub fn metas(&self) -> impl ExactSizeIterator<Item = &ToolMeta> {
        self.tools.iter().map(|(tool, _)| tool.meta())
    }
}

impl<S, const MEMORY_BYTES: u64, const TIME_NS: u64> std::fmt::Debug
    for Pipeline<S, MEMORY_BYTES, TIME_NS>
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids = self.tools.iter().map(|(tool, _)| &tool.meta().id);
        f.debug_list().entries(ids).finish()
    }
}

/// What the types say, in metadata.
fn lowered<T: PipelineTool>(
    mut meta: ToolMeta,
    given: <T::Needs as Needs>::Given,
) -> Result<ToolMeta> {
    let refuse = |meta: &ToolMeta, message: String| {
        Err(Error::Core(voidstate_core::Error::Tool {
            tool: meta.id.to_string(),
            message,
        }))
    };
    if meta.id.as_str() != T::ID {
        let text = format!("its type has the id {:?}; give both the same", T::ID);
        return refuse(&meta, text);
    }
    let needs = T::Needs::ids(&meta.id, given)?;
    let is_same = needs.len() == meta.dependencies.len()
        && needs.iter().all(|id| meta.dependencies.contains(id));
    if !meta.dependencies.is_empty() && !is_same {
        let texts = |ids: &[ToolId]| {
            let ids: Vec<_> = ids.iter().map(ToolId::as_str).collect();
            ids.join(", ")
        };
        let text = format!(
            "its metadata name the dependencies [{}], its type [{}]; drop those of the metadata",
            texts(&meta.dependencies),
            texts(&needs)
        );
        return refuse(&meta, text);
    }
    meta.dependencies = needs;
    for id in T::After::ids()? {
        for subscription in &mut meta.subscriptions {
            if !subscription.after.contains(&id) {
                subscription.after.push(id.clone());
            }
        }
    }
    meta.budget.memory_bytes = T::MEMORY_BYTES;
    meta.budget.time_per_signal = Duration::from_nanos(T::TIME_PER_SIGNAL_NS);
    Ok(meta)
}

/// A factory with the metadata that its types say.
struct Lowered<T> {
    tool: T,
    meta: ToolMeta,
}

impl<T: ToolFactory> ToolFactory for Lowered<T> {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(
        &self,
        config: &Config,
        placement: Placement,
    ) -> voidstate_core::Result<Box<dyn Tool>> {
        self.tool.create(config, placement)
    }
}
