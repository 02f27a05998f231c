//! Tools: observers and analysers, and what they say about themselves.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    Attributes, Config, ConfigField, Ctx, EffectRow, EffectSet, Error, HookName, HookPattern,
    Permission, Result, SessionDecl, SignalRef, ToolId, TypedTool,
};

/// How early a tool matters, P0 first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Priority {
    /// Without it the house does not stand.
    P0,
    /// Important.
    P1,
    /// Good to have.
    P2,
}

/// How many instances of a tool run when the engine has several shards.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One per shard; each sees its share of the series, whole series only.
    Sharded,
    /// One in all; it sees every signal that it subscribes to.
    Single,
}

/// Which hooks a tool sees, and when among the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// Hooks by name or glob.
    pub pattern: HookPattern,
    /// Higher is called earlier; equal ones in order of attachment.
    #[serde(default)]
    pub priority: i32,
    /// Tools that must have been called before on the same hook, whatever the priorities.
    #[serde(default)]
    pub after: Vec<ToolId>,
}

/// What a tool may cost. The engine measures and suspends a tool that exceeds it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Longest single call; longer calls are counted, and a call that does not return is a hang.
    pub time_per_signal: Duration,
    /// Share of one core over a window of ten seconds, 1.0 = a whole core.
    #[serde(with = "crate::number")]
    pub core_share: f64,
    /// Most memory in bytes that it may hold, as measured by the engine's allocator.
    pub memory_bytes: u64,
}

impl Default for Budget {
    /// 10 ms per signal, half a core, 64 MiB.
    fn default() -> Self {
        Self {
            time_per_signal: Duration::from_millis(10),
            core_share: 0.5,
            memory_bytes: 64 << 20,
        }
    }
}

/// What a tool says about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolMeta {
    /// Identity.
    pub id: ToolId,
    /// Name for people.
    pub name: String,
    /// What kind of tool, for example `detector`.
    pub category: String,
    /// Semantic version of the tool.
    pub version: String,
    /// What it does, in a sentence.
    pub description: String,
    /// Layer 0 (sees raw signals) to 4 (works on tools).
    pub layer: u8,
    /// Phase 1 to 3 of the product in which it came.
    pub phase: u8,
    /// How early it matters.
    pub priority: Priority,
    /// How many instances run.
    pub scope: Scope,
    /// What it does to the world outside itself; of a [`TypedTool`], what its types say.
    pub effects: EffectSet,
    /// What it needs to be allowed.
    #[serde(default)]
    pub permissions: Vec<Permission>,
    /// Tools whose findings and outputs it receives.
    #[serde(default)]
    pub dependencies: Vec<ToolId>,
    /// Which hooks it sees.
    pub subscriptions: Vec<Subscription>,
    /// Its configuration keys.
    #[serde(default)]
    pub config: Vec<ConfigField>,
    /// What it may cost.
    pub budget: Budget,
    /// Sessions that it takes part in.
    #[serde(default)]
    pub sessions: Vec<SessionDecl>,
}

impl ToolMeta {
    /// A tool that sees the hooks of `pattern`, with no effects, no dependencies and the default budget.
    ///
    /// # Errors
    /// [`Error::Name`] when `id` or `pattern` is not valid.
    pub fn new(id: &str, pattern: &str, description: &str) -> Result<Self> {
        Ok(Self {
            id: ToolId::new(id)?,
            name: id.to_owned(),
            category: "observer".to_owned(),
            version: "0.1.0".to_owned(),
            description: description.to_owned(),
            layer: 1,
            phase: 1,
            priority: Priority::P1,
            scope: Scope::Sharded,
            effects: EffectSet::EMPTY,
            permissions: Vec::new(),
            dependencies: Vec::new(),
            subscriptions: vec![Subscription {
                pattern: HookPattern::new(pattern)?,
                priority: 0,
                after: Vec::new(),
            }],
            config: Vec::new(),
            budget: Budget::default(),
            sessions: Vec::new(),
        })
    }

    /// As [`new`](Self::new), for a tool whose effects are a type.
    ///
    /// # Errors
    /// As there.
    pub fn typed<T: TypedTool>(id: &str, pattern: &str, description: &str) -> Result<Self> {
        let meta = Self::new(id, pattern, description)?;
        Ok(Self {
            effects: <T::Effects as EffectRow>::SET,
            ..meta
        })
    }

    /// Checks what the types do not say: layer 0–4, phase 1–3, a share in (0, 1000], at least one subscription, defaults
    /// that their own kinds accept, no dependency on itself, sessions with a name and a role, each once, and with their effect.
    ///
    /// # Errors
    /// [`Error::Tool`], [`Error::Config`], [`Error::Cycle`] or [`Error::Session`] with the first breach.
    pub fn check(&self) -> Result<()> {
        let fail = |message: String| {
            Err(Error::Tool {
                tool: self.id.to_string(),
                message,
            })
        };
        if self.layer > 4 {
            return fail(format!("layer is {}, expected 0 to 4", self.layer));
        }
        if !(1..=3).contains(&self.phase) {
            return fail(format!("phase is {}, expected 1 to 3", self.phase));
        }
        if !(self.budget.core_share > 0.0 && self.budget.core_share <= 1000.0) {
            return fail(format!(
                "budget is {} of a core, expected more than 0",
                self.budget.core_share
            ));
        }
        if self.subscriptions.is_empty() {
            return fail("it subscribes to no hook, so it would never be called".to_owned());
        }
        if self.dependencies.contains(&self.id) {
            let id = self.id.to_string();
            return Err(Error::Cycle {
                what: "dependencies",
                cycle: vec![id.clone(), id],
            });
        }
        self.check_sessions()?;
        Config::checked(&self.config, &Attributes::new()).map(|_| ())
    }
}

/// Which part of the series an instance of a tool sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Number of the shard, from 0.
    pub shard: usize,
    /// How many shards there are, at least 1.
    pub shards: usize,
}

impl Placement {
    /// The only shard there is.
    pub const ALONE: Self = Self {
        shard: 0,
        shards: 1,
    };
}

/// One signal at one hook.
#[derive(Debug, Clone, Copy)]
pub struct Firing<'a> {
    /// The hook.
    pub hook: &'a HookName,
    /// The signal.
    pub signal: SignalRef<'a>,
    /// Counts the signals that the engine accepted; gaps are signals of other shards.
    pub sequence: u64,
}

/// An observer or analyser. Called by the engine, one call at a time; implemented by users, and for every
/// [`TypedTool`](crate::TypedTool), which is what the crates under `tools/` are: there the compiler refuses an effect that
/// is not declared, here the engine does when it is used.
///
/// # Laws
/// - It touches nothing outside itself but through `ctx`.
/// - The same configuration, signals and answers of `ctx` give the same findings and outputs.
/// - `restore(save())` on a fresh instance of the same configuration continues as if nothing had happened.
pub trait Tool: Send {
    /// Sees one signal.
    ///
    /// # Errors
    /// When it cannot go on; the engine counts it, and suspends the tool when it repeats.
    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()>;

    /// Called about once a second of the engine's clock, also when no signal comes.
    ///
    /// # Errors
    /// As for [`observe`](Self::observe).
    fn tick(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        let _ = ctx;
        Ok(())
    }

    /// Called once when it is detached or the engine drains: closes what is open.
    ///
    /// # Errors
    /// As for [`observe`](Self::observe).
    fn finish(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        let _ = ctx;
        Ok(())
    }

    /// What its types allow it to do; `None` when they do not say, and it is held to its metadata at run time alone.
    /// [`TypedTool`](crate::TypedTool)s have this from their types.
    fn effects(&self) -> Option<EffectSet> {
        None
    }

    /// Takes a new configuration while running.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when only a fresh instance can take it; the engine then makes one.
    fn reconfigure(&mut self, config: &Config) -> Result<()> {
        let _ = config;
        Err(needs_fresh_instance())
    }

    /// Its state as bytes that [`restore`](Self::restore) reads; empty when it keeps none.
    ///
    /// # Errors
    /// When the state cannot be written.
    fn save(&self) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    /// Continues from what [`save`](Self::save) gave, of this version or an older one.
    ///
    /// # Errors
    /// When the bytes are not such a state; the tool is then unchanged.
    fn restore(&mut self, state: &[u8]) -> Result<()> {
        if state.is_empty() {
            return Ok(());
        }
        Err(keeps_no_state())
    }
}

/// What a tool answers that takes no configuration while it runs.
pub(crate) const fn needs_fresh_instance() -> Error {
    Error::Unavailable {
        what: "reconfiguration while running",
        reason: "this tool needs a fresh instance",
    }
}

/// What a tool answers that has no use for a state.
pub(crate) const fn keeps_no_state() -> Error {
    Error::Unavailable {
        what: "restoring state",
        reason: "this tool keeps none",
    }
}

/// Makes instances of one tool. Called by the lifecycle; implemented beside each tool.
pub trait ToolFactory: Send + Sync {
    /// What the tool says about itself; always the same.
    fn meta(&self) -> &ToolMeta;

    /// A fresh instance.
    ///
    /// # Errors
    /// When the configuration cannot be worked with.
    fn create(&self, config: &Config, placement: Placement) -> Result<Box<dyn Tool>>;

    /// For how long beyond its limit a call is waited for before it counts as a hang. Longer than nothing for tools whose
    /// calls are ended by themselves in time, such as those in processes of their own: a hang takes a thread, an error does
    /// not.
    fn grace(&self) -> Duration {
        Duration::ZERO
    }
}
