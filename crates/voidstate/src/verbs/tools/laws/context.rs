//! What stands behind a tool while its laws are tried: what it publishes and says is kept, nothing of the machine is there.

use std::collections::BTreeMap;

use voidstate_core::{
    Ctx, DependencyView, Error, Finding, LogLevel, MetricName, Output, Result, SeriesId,
    SeriesInfo, SeriesKey, StoreReader, Timestamp, ToolId, Unit, wellknown,
};

use super::morphism::Sounding;

/// The context of one tool.
#[derive(Debug, Clone, Default)]
pub(super) struct World {
    pub(super) now: Timestamp,
    pub(super) infos: Vec<SeriesInfo>,
    numbers: BTreeMap<SeriesKey, SeriesId>,
    state: BTreeMap<String, Vec<u8>>,
    drawn: u64,
    /// What it published in this moment: hook, series, value.
    pub(super) published: Vec<Sounding>,
    /// What it said in this moment.
    pub(super) said: Vec<String>,
    id: String,
}

impl World {
    pub(super) fn of(id: &ToolId) -> Self {
        Self {
            id: id.to_string(),
            ..Self::default()
        }
    }

    /// The number of a series, given to it when it is new.
    pub(super) fn number(&mut self, sounding: &Sounding) -> SeriesId {
        if let Some(id) = self.numbers.get(&sounding.key) {
            return *id;
        }
        let id = SeriesId(u32::try_from(self.infos.len()).unwrap_or(u32::MAX));
        self.infos.push(SeriesInfo {
            key: sounding.key.clone(),
            hook: sounding.hook.clone(),
            unit: Unit::None,
            limit: None,
        });
        self.numbers.insert(sounding.key.clone(), id);
        id
    }

    fn publish(&mut self, name: &MetricName, like: Option<SeriesId>, value: f64) -> Result<()> {
        let (hook, labels) = match like.and_then(|id| self.infos.get(id.0 as usize)) {
            Some(info) => (wellknown::ENGINE_DERIVED, info.key.labels().collect()),
            None => (wellknown::ENGINE_TOOL, Vec::new()),
        };
        let name = MetricName::sanitised(&format!("tool.{}.{name}", self.id));
        let key = SeriesKey::new(name, labels)?;
        self.published.push(Sounding {
            hook: hook.parse()?,
            key,
            value,
        });
        Ok(())
    }
}

fn absent<T>(what: &'static str) -> Result<T> {
    Err(Error::Unavailable {
        what,
        reason: "laws are tried without the machine",
    })
}

impl Ctx for World {
    fn now(&mut self) -> Result<Timestamp> {
        Ok(self.now)
    }

    fn random(&mut self) -> Result<u64> {
        self.drawn = self.drawn.wrapping_add(0x9e37_79b9_7f4a_7c15);
        Ok(self.drawn)
    }

    fn read_state(&mut self, key: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.state.get(key).cloned())
    }

    fn write_state(&mut self, key: &str, value: &[u8]) -> Result<()> {
        self.state.insert(key.to_owned(), value.to_vec());
        Ok(())
    }

    fn store(&mut self) -> Result<&dyn StoreReader> {
        absent("the store")
    }

    fn log(&mut self, level: LogLevel, message: &str) -> Result<()> {
        self.said.push(format!("log {level:?} {message}"));
        Ok(())
    }

    fn metric(&mut self, name: &MetricName, value: f64) -> Result<()> {
        self.publish(name, None, value)
    }

    fn metric_like(&mut self, name: &MetricName, like: SeriesId, value: f64) -> Result<()> {
        self.publish(name, Some(like), value)
    }

    fn emit(&mut self, finding: Finding) -> Result<()> {
        self.said.push(format!("{finding:?}"));
        Ok(())
    }

    fn output(&mut self, output: Output) {
        self.said.push(format!("{output:?}"));
    }

    fn dependency(&self, tool: &ToolId) -> Result<DependencyView<'_>> {
        Err(Error::Missing {
            kind: "dependency",
            name: tool.to_string(),
        })
    }

    fn series(&self, id: SeriesId) -> Option<&SeriesInfo> {
        self.infos.get(id.0 as usize)
    }

    fn read_file(&mut self, path: &str, _: usize) -> Result<Vec<u8>> {
        Err(Error::Missing {
            kind: "file",
            name: path.to_owned(),
        })
    }
}
