//! A tool as a machine from moment to moment.

use std::sync::Arc;

use voidstate_category::Machine;
use voidstate_core::{
    Attributes, Config, Error, Event, Firing, HookName, Placement, Result, SeriesKey, SignalRef,
    Timestamp, Tool, ToolFactory, ToolMeta, wellknown,
};
use voidstate_equivalence::generate::Rng;

use super::context::World;

/// Seconds from one moment to the next.
const STEP_SECONDS: i64 = 1;
/// Series at each hook.
const SERIES: usize = 2;

/// A sample on its way.
#[derive(Debug, Clone)]
pub(super) struct Sounding {
    pub(super) hook: HookName,
    pub(super) key: SeriesKey,
    pub(super) value: f64,
}

impl PartialEq for Sounding {
    /// Bit for bit, so that NaN is itself.
    fn eq(&self, other: &Self) -> bool {
        (&self.hook, &self.key, self.value.to_bits())
            == (&other.hook, &other.key, other.value.to_bits())
    }
}

/// What flows at one moment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moment {
    pub(super) time: Timestamp,
    pub(super) samples: Vec<Sounding>,
    /// What the last tool said of it.
    pub(super) said: Vec<String>,
}

/// Hooks at which a tool is called and whose names can be fired at.
pub(super) fn hooks(meta: &ToolMeta) -> Vec<HookName> {
    const FIRED: [&str; 5] = [
        wellknown::HOST_CPU,
        wellknown::HOST_MEMORY,
        "file.row",
        wellknown::ENGINE_TOOL,
        wellknown::ENGINE_DERIVED,
    ];
    let is_seen = |hook: &&str| meta.subscriptions.iter().any(|s| s.pattern.matches(hook));
    let seen = FIRED.iter().filter(|hook| is_seen(hook));
    seen.filter_map(|hook| HookName::new(hook).ok()).collect()
}

/// Drawn moments: levels with noise, a step now and then so that detectors have something to say.
pub(super) fn sequence(hooks: &[HookName], length: usize, rng: &mut Rng) -> Vec<Moment> {
    let mut levels = vec![10.0; hooks.len() * SERIES];
    let moment = |at: usize| {
        let mut samples = Vec::new();
        for (n, level) in levels.iter_mut().enumerate() {
            if rng.below(50) == 0 {
                *level *= 8.0;
            }
            let noise = rng.below(1000) as f64 / 1000.0;
            let Some(hook) = hooks.get(n / SERIES) else {
                continue;
            };
            let name = voidstate_core::MetricName::sanitised(&format!("{hook}.value"));
            let Ok(key) = SeriesKey::new(name, [("part", (n % SERIES).to_string())]) else {
                continue;
            };
            samples.push(Sounding {
                hook: hook.clone(),
                key,
                value: *level + noise,
            });
        }
        let seconds = i64::try_from(at)
            .unwrap_or(i64::MAX)
            .saturating_mul(STEP_SECONDS);
        Moment {
            time: Timestamp::from_secs(1_700_000_000_i64.saturating_add(seconds)),
            samples,
            said: Vec::new(),
        }
    };
    (0..length).map(moment).collect()
}

/// A tool on its way.
pub(super) struct Morphism {
    factory: Arc<dyn ToolFactory>,
    config: Config,
    /// Or why there is none.
    tool: std::result::Result<Box<dyn Tool>, String>,
    world: World,
}

impl Morphism {
    pub(super) fn new(factory: Arc<dyn ToolFactory>, given: &Attributes) -> Result<Self> {
        let config = Config::checked(&factory.meta().config, given)?;
        Ok(Self {
            tool: Ok(factory.create(&config, Placement::ALONE)?),
            world: World::of(&factory.meta().id),
            factory,
            config,
        })
    }

    fn work(&mut self, moment: &Moment) -> Result<()> {
        let tool = match &mut self.tool {
            Ok(tool) => tool,
            Err(why) => {
                return Err(Error::Tool {
                    tool: self.factory.meta().id.to_string(),
                    message: why.clone(),
                });
            }
        };
        let world = &mut self.world;
        world.now = moment.time;
        let subscriptions = &self.factory.meta().subscriptions;
        let is_seen = |hook: &str| subscriptions.iter().any(|s| s.pattern.matches(hook));
        for sounding in moment.samples.iter().filter(|s| is_seen(s.hook.as_str())) {
            let signal = SignalRef::Sample {
                id: world.number(sounding),
                series: &sounding.key,
                time: moment.time,
                value: sounding.value,
            };
            let firing = Firing {
                hook: &sounding.hook,
                signal,
                sequence: 0,
            };
            tool.observe(&firing, world)?;
        }
        let hook: HookName = wellknown::HOST_TICK.parse()?;
        if is_seen(hook.as_str()) {
            let event = Event {
                name: wellknown::HOST_TICK.to_owned(),
                time: moment.time,
                attributes: Attributes::new(),
            };
            let firing = Firing {
                hook: &hook,
                signal: SignalRef::Event(&event),
                sequence: 0,
            };
            tool.observe(&firing, world)?;
        }
        tool.tick(world)
    }
}

impl Machine<Moment> for Morphism {
    type Out = Moment;

    /// What the engine would fire next: what was published, and what was said beside it.
    fn step(&mut self, moment: Moment) -> Moment {
        let outcome = self.work(&moment);
        let mut said = std::mem::take(&mut self.world.said);
        said.extend(outcome.err().map(|error| format!("error {error}")));
        Moment {
            time: moment.time,
            samples: std::mem::take(&mut self.world.published),
            said,
        }
    }
}

/// By its state, as the engine continues a tool.
impl Clone for Morphism {
    fn clone(&self) -> Self {
        let copy = || -> Result<Box<dyn Tool>> {
            let mut fresh = self.factory.create(&self.config, Placement::ALONE)?;
            if let Ok(tool) = &self.tool {
                fresh.restore(&tool.save()?)?;
            }
            Ok(fresh)
        };
        Self {
            factory: Arc::clone(&self.factory),
            config: self.config.clone(),
            tool: copy().map_err(|error| error.to_string()),
            world: self.world.clone(),
        }
    }
}
