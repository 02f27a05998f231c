//! Metadata, configuration and instances.

use voidstate_anomaly::{Panel, PanelConfig};
use voidstate_core::{
    Budget, Config, ConfigField, ConfigKind, HookPattern, Placement, Priority, Result, Scope,
    Subscription, Tool, ToolFactory, ToolMeta, wellknown,
};

use crate::ID;
use crate::error::Error;
use crate::tool::AnomalyTool;

/// Configuration key: false episodes an hour over everything watched.
pub const FALSE_EPISODES_PER_HOUR: &str = "false_episodes_per_hour";
/// Configuration key: calm seconds after which an episode is over.
pub const MERGE_GAP_SECONDS: &str = "merge_gap_seconds";
/// Configuration key: longest episode in seconds.
pub const LENGTH_MAX_SECONDS: &str = "length_max_seconds";

/// Hooks whose samples are judged. Of the engine's own only what tools make of other series: the tool would watch itself.
const WATCHED: [&str; 8] = [
    "host.**",
    "program.**",
    "memory.**",
    "vm.**",
    "file.**",
    "otlp.**",
    "wasm.**",
    wellknown::ENGINE_DERIVED,
];

/// Makes instances of the anomaly tool.
#[derive(Debug)]
pub struct AnomalyFactory {
    meta: ToolMeta,
}

impl AnomalyFactory {
    /// The factory.
    ///
    /// # Errors
    /// None in practice: id and patterns are constants.
    pub fn new() -> Result<Self> {
        let description = "finds episodes of unusual behaviour and lasting change in any series, under one budget of \
                           false alarms, and names the process that stands out";
        let mut meta = ToolMeta::typed::<AnomalyTool>(ID, "host.**", description)?;
        meta.name = "Anomaly".to_owned();
        meta.category = "detector".to_owned();
        meta.version = env!("CARGO_PKG_VERSION").to_owned();
        meta.priority = Priority::P0;
        meta.scope = Scope::Sharded;
        meta.subscriptions = WATCHED
            .iter()
            .map(|pattern| {
                Ok(Subscription {
                    pattern: HookPattern::new(pattern)?,
                    priority: 0,
                    after: Vec::new(),
                })
            })
            .collect::<Result<_>>()?;
        meta.config = fields();
        meta.budget = Budget {
            memory_bytes: 1 << 30,
            core_share: 2.0,
            ..Budget::default()
        };
        meta.check()?;
        Ok(Self { meta })
    }
}

fn fields() -> Vec<ConfigField> {
    let field = |name: &str, min: f64, max: f64, default: f64, description: &str| ConfigField {
        name: name.to_owned(),
        kind: ConfigKind::Real { min, max },
        default: default.into(),
        description: description.to_owned(),
    };
    vec![
        field(
            FALSE_EPISODES_PER_HOUR,
            1e-3,
            1e3,
            1.0,
            "false episodes an hour that everything watched may cost together",
        ),
        field(
            MERGE_GAP_SECONDS,
            1e-3,
            1e9,
            10.0,
            "calm seconds after which an episode is over",
        ),
        field(
            LENGTH_MAX_SECONDS,
            1.0,
            1e12,
            3600.0,
            "seconds after which an episode is closed even if it goes on",
        ),
    ]
}

/// Settings of the panel that hold for `config` on one of several shards.
pub(crate) fn panel_config(config: &Config, placement: Placement) -> Result<PanelConfig> {
    let nanos = |key: &str| -> Result<i64> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the key's range, in nanoseconds, saturates at i64::MAX"
        )]
        Ok((config.real(key)? * 1e9) as i64)
    };
    let nanos_max = 1_000_000_000_000_000_000;
    Ok(PanelConfig {
        false_episodes_per_hour: config.real(FALSE_EPISODES_PER_HOUR)?,
        merge_gap_ns: nanos(MERGE_GAP_SECONDS)?.min(nanos_max),
        length_max_ns: nanos(LENGTH_MAX_SECONDS)?.min(nanos_max),
        series_max: crate::tool::SERIES_MAX,
        budget_share: 1.0 / placement.shards.max(1) as f64,
        // Leaves each shard room for 2^48 episodes of its own.
        first_id: (placement.shard as u64) << 48,
        ..PanelConfig::default()
    })
}

impl ToolFactory for AnomalyFactory {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, config: &Config, placement: Placement) -> Result<Box<dyn Tool>> {
        let settings = panel_config(config, placement)?;
        let panel =
            Panel::new(settings).map_err(|error| Error::from(error).into_core(&self.meta.id))?;
        Ok(Box::new(AnomalyTool::new(
            self.meta.id.clone(),
            panel,
            settings,
            placement,
        )?))
    }
}
