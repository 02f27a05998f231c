//! Tools in processes of their own.
//!
//! A [`ProcessFactory`] is a `ToolFactory` whose instances live in child processes; the child calls [`host`] with the
//! factories that it knows. Both keep the protocol *ToolCoordination* (`specs/tool-coordination.vsp`) over the child's
//! standard input and output, in records of `voidstate-codec`.
//!
//! The child speaks through the typed endpoint of its role, so that no step out of turn compiles there. The engine trusts the
//! child with nothing all the same. A monitor of the protocol sees every frame; frames have a limit, in bytes and in what
//! they may take once decoded; whatever the tool asks is asked of the engine's own context, under the metadata that the
//! engine knows, and a child whose metadata differ is refused. A child that ends, breaks the protocol or does not answer in
//! time is killed and reaped, and the tool is suspended at once with what is known of the death; the usual retry starts
//! another process, which continues from what was last saved.

mod answering;
mod channel;
mod child;
mod descriptors;
mod host;
mod hosted;
mod isolated;
mod line;
mod link;
mod wire;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use voidstate_core::{Config, Error, Placement, Result, Tool, ToolFactory, ToolMeta};

pub use host::{end_with_engine, host};

use crate::engine::lock;
use child::spawn;
use isolated::Isolated;
use link::Link;

/// The protocol between the engine and a tool's process, in textual form.
pub const TOOL_COORDINATION: &str = include_str!("process/tool-coordination.vsp");

/// Process ids of living children.
type Living = Arc<Mutex<BTreeSet<u32>>>;

/// Makes instances of a tool in processes of their own, one for each.
///
/// The child has no environment but what [`env`](Self::env) gives it, no open files but its three, and a process group of
/// its own. Linux only, as the rest of this crate.
///
/// # Cost
/// A call takes two context switches, and each thing that the tool asks two more.
///
/// # Limits
/// A frame has at most 16 MiB. The memory of the child is not charged to the tool's budget: the attributing allocator sees
/// the engine's own.
#[derive(Debug)]
pub struct ProcessFactory {
    meta: ToolMeta,
    program: PathBuf,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    limit: Duration,
    living: Living,
}

impl ProcessFactory {
    /// A factory for the tool with these metadata, whose process is `program` called with `args`.
    #[must_use]
    pub fn new<A: Into<OsString>>(
        meta: ToolMeta,
        program: impl Into<PathBuf>,
        args: impl IntoIterator<Item = A>,
    ) -> Self {
        Self {
            meta,
            program: program.into(),
            args: args.into_iter().map(Into::into).collect(),
            env: Vec::new(),
            limit: Duration::from_secs(1),
            living: Living::default(),
        }
    }

    /// Gives the child a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// How long the child may take over one call before it is killed, one second unless told otherwise; a longer
    /// time-per-signal budget of the tool counts instead. The engine's own limit for hangs
    /// ([`Policy::hang_after`](crate::Policy::hang_after)) is what fits here.
    #[must_use]
    pub const fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The ids of its processes that live, as far as is known without asking the system.
    #[must_use]
    pub fn processes(&self) -> Vec<u32> {
        lock(&self.living).iter().copied().collect()
    }

    fn limit_of_call(&self) -> Duration {
        self.limit.max(self.meta.budget.time_per_signal)
    }
}

impl ToolFactory for ProcessFactory {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, config: &Config, placement: Placement) -> Result<Box<dyn Tool>> {
        let spawned = spawn(&self.program, &self.args, &self.env, &self.living);
        let (child, pipes) = spawned.map_err(|cause| Error::Tool {
            tool: self.meta.id.to_string(),
            message: format!(
                "its process {} cannot be started: {cause}",
                self.program.display()
            ),
        })?;
        let link = Link::new(pipes, Some(child), self.limit_of_call());
        Ok(Box::new(Isolated::begin(
            &self.meta, link, config, placement,
        )?))
    }

    /// A call is ended by killing the process, so the engine need not leave its thread behind: being started and being
    /// continued each have the limit of a call, and a machine that stands still gets as much again.
    fn grace(&self) -> Duration {
        self.limit_of_call().saturating_mul(3) + Duration::from_secs(1)
    }
}
