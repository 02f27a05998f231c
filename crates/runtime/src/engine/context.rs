//! The context of one call of a tool.

use voidstate_core::{
    Catalogue, Ctx, DependencyView, Effect, Error, Finding, LogLevel, MetricName, Output, Result,
    SeriesId, SeriesInfo, StoreReader, Timestamp, ToolId,
};

use super::files;
use super::frame::{Frame, Scratch};
use super::log::{LogLine, cut};
use super::random::SplitMix64;
use super::slot::Slot;
use crate::memory;

/// What stands behind a tool's `ctx` in production.
pub(crate) struct CallContext<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) slot: &'a Slot,
    pub(crate) scratch: &'a mut Scratch,
    pub(crate) random: &'a mut SplitMix64,
    pub(crate) ticket: u64,
}

impl CallContext<'_> {
    /// Lets the effect through when it is declared and the call is still one that anybody waits for.
    fn permit(&mut self, effect: Effect) -> Result<()> {
        if !self.slot.meta.effects.contains(effect) {
            self.scratch.violation.get_or_insert(effect);
            return Err(Error::UndeclaredEffect {
                tool: self.slot.meta.id.to_string(),
                effect,
            });
        }
        if !self.frame.shard.beat.is_open(self.ticket) {
            return Err(Error::Unavailable {
                what: "the engine",
                reason: "the call took too long and was abandoned",
            });
        }
        Ok(())
    }

    fn state_key<'k>(&self, key: &'k str) -> Result<&'k str> {
        if key.is_empty() || key.starts_with('.') || key.len() > 256 {
            return Err(Error::Tool {
                tool: self.slot.meta.id.to_string(),
                message: format!(
                    "state key {:?} is not accepted: 1 to 256 bytes, not starting with a dot",
                    cut(key).chars().take(64).collect::<String>()
                ),
            });
        }
        Ok(key)
    }
}

impl Ctx for CallContext<'_> {
    fn now(&mut self) -> Result<Timestamp> {
        self.permit(Effect::Clock)?;
        Ok(self.frame.now())
    }

    fn random(&mut self) -> Result<u64> {
        self.permit(Effect::Random)?;
        Ok(self.random.next())
    }

    fn read_state(&mut self, key: &str) -> Result<Option<Vec<u8>>> {
        self.permit(Effect::ReadState)?;
        let key = self.state_key(key)?;
        let state = &self.frame.shared.state;
        state.read(&self.slot.meta.id, self.slot.shard, key)
    }

    fn write_state(&mut self, key: &str, value: &[u8]) -> Result<()> {
        self.permit(Effect::WriteState)?;
        let key = self.state_key(key)?;
        let state = &self.frame.shared.state;
        state.write(&self.slot.meta.id, self.slot.shard, key, value)
    }

    fn store(&mut self) -> Result<&dyn StoreReader> {
        self.permit(Effect::ReadStore)?;
        self.frame
            .shared
            .store
            .as_deref()
            .ok_or(Error::Unavailable {
                what: "the store",
                reason: "the engine runs without one",
            })
    }

    fn log(&mut self, level: LogLevel, message: &str) -> Result<()> {
        self.permit(Effect::Log)?;
        let _engine = memory::outside();
        self.frame.shared.log.write(LogLine {
            time: self.frame.now(),
            tool: self.slot.meta.id.clone(),
            level,
            message: cut(message).to_owned(),
        });
        Ok(())
    }

    fn metric(&mut self, name: &MetricName, value: f64) -> Result<()> {
        self.permit(Effect::EmitMetric)?;
        let _engine = memory::outside();
        self.scratch.metrics.push((name.clone(), value));
        Ok(())
    }

    fn emit(&mut self, finding: Finding) -> Result<()> {
        self.permit(Effect::EmitFinding)?;
        if finding.tool != self.slot.meta.id {
            return Err(Error::Tool {
                tool: self.slot.meta.id.to_string(),
                message: format!(
                    "it said a finding in the name of {:?}",
                    finding.tool.as_str()
                ),
            });
        }
        let _engine = memory::outside();
        self.scratch.findings.push(finding);
        Ok(())
    }

    fn output(&mut self, output: Output) {
        if self.slot.has_dependents() {
            let _engine = memory::outside();
            self.scratch.outputs.push(output);
        }
    }

    fn dependency(&self, tool: &ToolId) -> Result<DependencyView<'_>> {
        let declared = &self.slot.meta.dependencies;
        let at = declared.iter().position(|id| id == tool);
        let said = at.and_then(|at| self.scratch.heard.get(at));
        let said = said.ok_or_else(|| Error::Missing {
            kind: "dependency",
            name: tool.to_string(),
        })?;
        Ok(DependencyView {
            findings: &said.findings,
            outputs: &said.outputs,
        })
    }

    fn series(&self, id: SeriesId) -> Option<&SeriesInfo> {
        self.frame.shared.names.get(id)
    }

    fn read_file(&mut self, path: &str, bytes_max: usize) -> Result<Vec<u8>> {
        self.permit(Effect::Io)?;
        let meta = &self.slot.meta;
        files::read(&meta.id, &meta.permissions, path, bytes_max)
    }
}
