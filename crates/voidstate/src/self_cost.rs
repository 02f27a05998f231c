//! A tool that tells what this process costs, written as a program of effects.

use std::sync::Arc;

use voidstate_core::{
    Action, Allowed, Budget, Config, Error, Firing, Glob, Permission, Placement, Priority, Result,
    Scope, SignalRef, Tool, ToolFactory, ToolId, ToolMeta, TypedTool, effects, wellknown,
};
use voidstate_effects::standard::{
    Clock, EmitMetric, Failure, FailureKind, Io, Log, Moved, ReadState, WriteState,
};
use voidstate_effects::{Cap, Perform, program, row};
use voidstate_spec::implements;

use crate::surroundings;

/// The tool's id.
const ID: &str = "self_cost";
/// What the kernel says of the process that reads it.
const STAT: &str = "/proc/self/stat";
/// Longest text that is read of it; usual are 400 bytes.
const STAT_BYTES_MAX: u64 = 4096;
/// State: time and processor time of the last look.
const LAST: &str = "last";
/// State: whether it was said that nothing can be read.
const TOLD: &str = "told";

/// All that the program does to the world; the metadata's effects are made of it.
type Asks = row![ReadState, WriteState, EmitMetric, Log, Clock, Io];

/// What the kernel's numbers are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Units {
    ticks_per_second: u64,
    page_bytes: u64,
}

/// One look at the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    time_ns: i64,
    /// Processor time of all threads, in ticks.
    ticks: u64,
}

impl Look {
    fn to_bytes(self) -> Vec<u8> {
        let parts = [self.time_ns.to_le_bytes(), self.ticks.to_le_bytes()];
        parts.concat()
    }

    /// `None` when it is no look.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (time, ticks) = bytes.split_first_chunk()?;
        Some(Self {
            time_ns: i64::from_le_bytes(*time),
            ticks: u64::from_le_bytes(ticks.try_into().ok()?),
        })
    }

    /// Share of one core since `earlier`; `None` when no time has passed, or the process is another.
    fn core_share_since(self, earlier: Self, units: Units) -> Option<f64> {
        let passed_ns = self
            .time_ns
            .checked_sub(earlier.time_ns)
            .filter(|ns| *ns > 0)?;
        let ticks = self.ticks.checked_sub(earlier.ticks)?;
        Some(ticks as f64 / units.ticks_per_second as f64 / (passed_ns as f64 / 1e9))
    }
}

/// Processor time in ticks and resident pages of the text of `/proc/PID/stat`; `None` when it is none.
fn parse(stat: &[u8]) -> Option<(u64, u64)> {
    let text = std::str::from_utf8(stat).ok()?;
    // The name of the program stands in parentheses and may hold anything.
    let (_, fields) = text.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    let ticks = number(11)?.checked_add(number(12)?)?;
    Some((ticks, number(21)?))
}

/// Looks once, and publishes the share of a core since the last look and the resident memory.
async fn measure<C: Cap<R = Asks>>(c: &mut C, units: Units) -> std::result::Result<(), Failure> {
    let read = Io::Read {
        path: STAT.into(),
        bytes_max: STAT_BYTES_MAX,
    };
    let text = match c.perform(read).await {
        Ok(Moved::Bytes(bytes)) => Ok(bytes),
        Ok(Moved::Nothing) => Ok(Vec::new()),
        Err(failure) => Err(failure),
    };
    let seen = text.and_then(|text| {
        let strange = || Failure::new(FailureKind::Damaged, format!("{STAT} is not as expected"));
        parse(&text).ok_or_else(strange)
    });
    let (ticks, pages) = match seen {
        Ok(seen) => seen,
        Err(failure) => {
            if c.perform(ReadState::new(TOLD)).await?.is_none() {
                let line = format!("what this process costs cannot be told: {failure}");
                c.perform(Log::warn(line)).await;
                c.perform(WriteState::new(TOLD, [1])).await?;
            }
            return Ok(());
        }
    };
    let look = Look {
        time_ns: c.perform(Clock).await,
        ticks,
    };
    let last = c.perform(ReadState::new(LAST)).await?;
    c.perform(WriteState::new(LAST, look.to_bytes())).await?;
    let last = last.as_deref().and_then(Look::from_bytes);
    if let Some(share) = last.and_then(|last| look.core_share_since(last, units)) {
        c.perform(EmitMetric::new("core_share", share)).await;
    }
    let resident_bytes = pages.saturating_mul(units.page_bytes);
    c.perform(EmitMetric::new("resident_bytes", resident_bytes as f64))
        .await;
    Ok(())
}

/// Makes instances of the tool.
#[derive(Debug)]
pub(crate) struct SelfCostFactory {
    meta: ToolMeta,
}

impl SelfCostFactory {
    /// The factory.
    ///
    /// # Errors
    /// None in practice: the names in it are constants that are valid.
    pub(crate) fn new() -> Result<Self> {
        let description =
            "what this program itself costs, as the metrics core_share and resident_bytes";
        let mut meta = ToolMeta::new(ID, wellknown::HOST_TICK, description)?;
        meta.name = "Own cost".to_owned();
        meta.version = env!("CARGO_PKG_VERSION").to_owned();
        meta.priority = Priority::P2;
        meta.scope = Scope::Single;
        meta.effects = surroundings::effects_of::<Asks>()?;
        meta.permissions = vec![Permission {
            action: Action::ReadFile,
            // Read by its real path, whose number differs from run to run.
            resource: Glob::new("proc.*.stat")?,
        }];
        meta.budget = Budget {
            core_share: 0.1,
            memory_bytes: 1 << 20,
            ..Budget::default()
        };
        meta.check()?;
        Ok(Self { meta })
    }

    /// The same as what the engine takes.
    pub(crate) fn shared() -> Result<Arc<dyn ToolFactory>> {
        Ok(Arc::new(Self::new()?))
    }
}

impl ToolFactory for SelfCostFactory {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, _: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        Ok(Box::new(SelfCost {
            id: self.meta.id.clone(),
            units: Units {
                ticks_per_second: rustix::param::clock_ticks_per_second().max(1),
                page_bytes: rustix::param::page_size() as u64,
            },
        }))
    }
}

/// An instance: what it remembers is state of its surroundings.
struct SelfCost {
    id: ToolId,
    units: Units,
}

#[implements("specs/self-cost.spec")]
impl TypedTool for SelfCost {
    type Effects = (
        effects::ReadState,
        effects::WriteState,
        effects::EmitMetric,
        effects::Log,
        effects::Clock,
        effects::Io,
    );

    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut Allowed<'_, Self::Effects>) -> Result<()> {
        if !matches!(firing.signal, SignalRef::Event(_)) {
            return Ok(());
        }
        let units = self.units;
        let mut look = program(async |c| measure(&mut Perform::narrow(c), units).await);
        surroundings::run(self.id.as_str(), &mut look, ctx.untyped())?.map_err(|failure| {
            Error::Tool {
                tool: self.id.to_string(),
                message: failure.to_string(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    use voidstate_core::{EffectRow, EffectSet};
    use voidstate_effects::{Record, answer, direct, handlers, replay};

    use super::*;

    const UNITS: Units = Units {
        ticks_per_second: 100,
        page_bytes: 4096,
    };

    /// `/proc/PID/stat` of a program that has used so many ticks.
    fn stat(ticks: u64) -> Vec<u8> {
        let before = "1 ".repeat(10);
        let between = "0 ".repeat(8);
        format!("42 (a) b) c) S {before}{ticks} 5 {between}3 9 9\n").into_bytes()
    }

    #[test]
    fn the_text_of_the_kernel_is_read_whatever_the_program_is_called() {
        assert_eq!(parse(&stat(20)), Some((25, 3)));
        for strange in [
            "",
            ")",
            "1 (x) S",
            "1 (x) S 1 1 1 1 1 1 1 1 1 1 -7 0 0 0 0 0 0 0 0 0 3",
        ] {
            assert_eq!(parse(strange.as_bytes()), None, "{strange}");
        }
        assert_eq!(parse(&[0xff; 8]), None);
        let own = std::fs::read("/proc/self/stat").unwrap();
        assert!(parse(&own).is_some_and(|(_, pages)| pages > 0));
    }

    #[test]
    fn a_share_needs_time_and_the_same_process() {
        let at = |time_ns, ticks| Look { time_ns, ticks };
        let share = |later: Look, earlier| later.core_share_since(earlier, UNITS);
        assert_eq!(share(at(2_000_000_000, 150), at(0, 50)), Some(0.5));
        assert_eq!(share(at(5, 1), at(5, 0)), None);
        assert_eq!(share(at(4, 1), at(5, 0)), None);
        assert_eq!(share(at(i64::MAX, 1), at(i64::MIN, 0)), None);
        assert_eq!(share(at(6, 0), at(5, 1)), None);
        assert_eq!(Look::from_bytes(&at(-7, 9).to_bytes()), Some(at(-7, 9)));
        for bytes in [&[][..], &[0; 15], &[0; 17]] {
            assert_eq!(Look::from_bytes(bytes), None);
        }
    }

    #[test]
    fn the_same_text_is_measured_recorded_and_replayed() {
        let state: RefCell<BTreeMap<String, Vec<u8>>> = RefCell::default();
        let said = RefCell::new(Vec::new());
        let looks = RefCell::new((0_i64, 0_u64, true));
        let mut world = Record::new(handlers![
            answer(|read: ReadState| Ok(state.borrow().get(&*read.key).cloned())),
            answer(|write: WriteState| {
                state
                    .borrow_mut()
                    .insert(write.key.into_owned(), write.value);
                Ok(())
            }),
            answer(|metric: EmitMetric| said
                .borrow_mut()
                .push((metric.name.into_owned(), metric.value))),
            answer(|line: Log| said.borrow_mut().push((line.message.into_owned(), 0.0))),
            answer(|Clock| {
                looks.borrow_mut().0 += 2_000_000_000;
                looks.borrow().0
            }),
            answer(|_: Io| {
                looks.borrow_mut().1 += 50;
                let (_, ticks, is_there) = *looks.borrow();
                match is_there {
                    true => Ok(Moved::Bytes(stat(ticks))),
                    false => Err(Failure::new(FailureKind::NotFound, "it is gone")),
                }
            }),
        ]);
        for _ in 0..2 {
            direct(&mut world, async |c| measure(c, UNITS).await)
                .unwrap()
                .unwrap();
        }
        looks.borrow_mut().2 = false;
        for _ in 0..2 {
            direct(&mut world, async |c| measure(c, UNITS).await)
                .unwrap()
                .unwrap();
        }
        let told = said.borrow().clone();
        let memory = ("resident_bytes".to_owned(), 12_288.0);
        assert_eq!(
            told[..3],
            [memory.clone(), ("core_share".to_owned(), 0.25), memory]
        );
        assert_eq!(told.len(), 4, "the failure is told once: {told:?}");
        assert!(told[3].0.contains("cannot be told: not found"), "{told:?}");
        let again = replay(world.journal(), async |c| {
            for _ in 0..4 {
                measure(c, UNITS).await?;
            }
            Ok::<_, Failure>(())
        });
        again.unwrap().unwrap();
        assert_eq!(said.borrow().len(), 4, "a replay does nothing to the world");
    }

    #[test]
    fn its_effects_are_those_of_its_row() {
        let factory = SelfCostFactory::new().unwrap();
        let typed = <<SelfCost as TypedTool>::Effects as EffectRow>::SET;
        assert_eq!(factory.meta().effects, typed);
        assert_eq!(typed, surroundings::effects_of::<Asks>().unwrap());
        assert_ne!(typed, EffectSet::EMPTY);
    }

    #[test]
    fn metadata_and_spec_agree() {
        let factory = SelfCostFactory::new().unwrap();
        let spec = voidstate_language::compile(include_str!("../specs/self-cost.spec")).unwrap();
        let tool = spec.tool(ID).unwrap();
        let differences = voidstate_spec::tool::disagreements(factory.meta(), tool);
        assert!(differences.is_empty(), "{differences:?}");
    }
}
