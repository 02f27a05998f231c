//! A tool that uses every effect, fails now and then, and says something that depends on all it saw.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use voidstate_core::{
    Action, AttributeValue, Attributes, Confidence, Config, ConfigField, ConfigKind, Ctx, Effect,
    Error, Finding, FindingKind, Firing, Glob, LogLevel, MetricName, Output, Permission, Placement,
    Result, Selector, SeriesInfo, SeriesKey, Severity, SignalRef, Stage, Stamped, StoreReader,
    StoreStatus, TimeRange, Timestamp, Tool, ToolFactory, ToolId, ToolMeta, Window,
};

/// The file that it reads.
pub(crate) const FILE: &str = "/data/numbers";

/// The version that also makes something of series.
const LATER: &str = "0.2.0";

/// What it does besides what it always does.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Habits {
    /// Panics, errors and hoarding.
    pub(crate) is_wild: bool,
    /// Tells its state in every call, so that the first call too many or too few is seen.
    pub(crate) is_chatty: bool,
    /// One operation more than when it was recorded, in the call of this number.
    pub(crate) differs_at: Option<u64>,
    /// Sleeps this long in the call of this number.
    pub(crate) hangs: Option<(u64, Duration)>,
}

pub(crate) struct BusyFactory {
    meta: ToolMeta,
    habits: Habits,
    /// Whether a hang is still to come, over all instances.
    left: Arc<AtomicI64>,
}

impl BusyFactory {
    pub(crate) fn new(id: &str, needs: &[&str], habits: Habits) -> Arc<Self> {
        let mut meta = ToolMeta::new(id, "host.**", "made for a test").unwrap();
        // The golden recording of version 1 knows it without sessions.
        let known = Effect::ALL.into_iter().filter(|e| *e != Effect::Session);
        meta.effects = known.collect();
        meta.permissions = vec![Permission {
            action: Action::ReadFile,
            resource: Glob::new("data.**").unwrap(),
        }];
        meta.dependencies = needs.iter().map(|id| ToolId::new(id).unwrap()).collect();
        meta.subscriptions.push(voidstate_core::Subscription {
            pattern: "engine.tool".parse().unwrap(),
            priority: 3,
            after: Vec::new(),
        });
        meta.config = vec![ConfigField {
            name: "every".to_owned(),
            kind: ConfigKind::Int { min: 1, max: 100 },
            default: 3.into(),
            description: "how often it speaks".to_owned(),
        }];
        meta.budget.memory_bytes = 256 << 10;
        Arc::new(Self {
            meta,
            habits,
            left: Arc::new(AtomicI64::new(1)),
        })
    }

    /// A later version of the same tool.
    pub(crate) fn later(id: &str, needs: &[&str], habits: Habits) -> Arc<Self> {
        let Self {
            mut meta,
            habits,
            left,
        } = Arc::into_inner(Self::new(id, needs, habits)).unwrap();
        meta.version = LATER.to_owned();
        Arc::new(Self { meta, habits, left })
    }
}

impl ToolFactory for BusyFactory {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, config: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        Ok(Box::new(Busy {
            id: self.meta.id.clone(),
            is_later: self.meta.version == LATER,
            needs: self.meta.dependencies.clone(),
            every: config.int("every")?,
            habits: self.habits,
            left: Arc::clone(&self.left),
            seen: 0,
            hash: 1,
            episode: 0,
            hoard: Vec::new(),
        }))
    }
}

struct Busy {
    id: ToolId,
    is_later: bool,
    needs: Vec<ToolId>,
    every: i64,
    habits: Habits,
    left: Arc<AtomicI64>,
    seen: u64,
    hash: u64,
    episode: u64,
    hoard: Vec<Vec<u8>>,
}

impl Busy {
    fn mix(&mut self, text: &str) {
        for byte in text.bytes() {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn mix_bits(&mut self, bits: u64) {
        self.mix(&bits.to_string());
    }

    fn say(
        &mut self,
        what: &str,
        time: Timestamp,
        series: Vec<SeriesKey>,
        ctx: &mut dyn Ctx,
    ) -> Result<()> {
        self.episode += 1;
        ctx.emit(Finding {
            tool: self.id.clone(),
            episode: self.episode,
            kind: FindingKind::Pattern,
            severity: Severity::Info,
            stage: Stage::Instant,
            start: time,
            end: None,
            series,
            sentence: format!("{what} {:016x}", self.hash),
            evidence: Vec::new(),
            confidence: Confidence::saturating(0.5),
            refutation: "nothing".to_owned(),
        })
    }

    /// Every effect once in a while, chosen by what was seen so far.
    fn work(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        match self.hash % 11 {
            0 => {
                let now = ctx.now()?;
                self.mix(&now.to_string());
            }
            1 | 2 => {
                let number = ctx.random()?;
                self.mix_bits(number);
            }
            3 => {
                let key = format!("k{}", self.hash % 5);
                let value = ctx.read_state(&key)?;
                self.mix(&format!("{value:?}"));
            }
            4 => {
                let key = format!("k{}", self.hash % 5);
                ctx.write_state(&key, &self.hash.to_le_bytes())?;
            }
            5 => {
                let selector = Selector::all()?;
                let answer = match ctx.store() {
                    Ok(store) => format!(
                        "{:?} {:?} {:?}",
                        store.list(&selector),
                        store.findings(TimeRange::ALL),
                        store.status()
                    ),
                    Err(error) => error.to_string(),
                };
                self.mix(&answer);
            }
            6 => ctx.log(LogLevel::Info, &format!("seen {}", self.hash))?,
            7 if self.is_later => {
                let like = voidstate_core::SeriesId((self.hash % 7) as u32);
                let name = MetricName::new("hash")?;
                let answer = ctx.metric_like(&name, like, (self.hash % 1000) as f64);
                self.mix(&format!("{answer:?}"));
            }
            7 => ctx.metric(&MetricName::new("hash")?, (self.hash % 1000) as f64)?,
            8 => {
                let path = if self.hash.is_multiple_of(2) {
                    FILE
                } else {
                    "/secret"
                };
                let answer = ctx.read_file(path, 5 + (self.hash % 3) as usize);
                self.mix(&format!("{answer:?}"));
            }
            9 => {
                let series = voidstate_core::SeriesId((self.hash % 7) as u32);
                let limit = ctx.series(series).map(|info| info.limit);
                self.mix(&format!("{limit:?}"));
            }
            _ => ctx.output(Output {
                name: "hash",
                value: AttributeValue::Int((self.hash % 1000) as i64),
            }),
        }
        Ok(())
    }
}

impl Tool for Busy {
    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()> {
        self.seen += 1;
        if self.habits.is_chatty {
            ctx.log(
                LogLevel::Info,
                &format!("signal {} {}", self.seen, self.hash),
            )?;
        }
        self.mix_bits(firing.sequence);
        self.mix(firing.hook.as_str());
        let mut series = Vec::new();
        match firing.signal {
            SignalRef::Sample {
                series: key, value, ..
            } => {
                self.mix_bits(value.to_bits());
                series.push(key.clone());
            }
            other => self.mix(&format!("{other:?}")),
        }
        for need in self.needs.clone() {
            let heard = ctx.dependency(&need)?;
            let heard = format!("{:?} {:?}", heard.findings, heard.outputs);
            self.mix(&heard);
        }
        self.work(ctx)?;
        if let Some((at, long)) = self.habits.hangs
            && self.seen == at
            && self.left.fetch_sub(1, Ordering::SeqCst) > 0
        {
            std::thread::sleep(long);
        }
        if self.habits.differs_at == Some(self.seen) {
            ctx.log(LogLevel::Warn, "something new")?;
        }
        if self.hash % 100 < 60 / self.every.unsigned_abs().max(1) {
            self.say("saw", firing.signal.time(), series, ctx)?;
        }
        if self.habits.is_wild {
            match self.hash % 101 {
                0 => panic!("it was {}", self.hash),
                1..=12 => {
                    return Err(Error::Tool {
                        tool: self.id.to_string(),
                        message: "it did not like it".to_owned(),
                    });
                }
                13..=15 => self.hoard.push(vec![1; 300 << 10]),
                _ => {}
            }
        }
        Ok(())
    }

    fn tick(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        if self.habits.is_chatty {
            ctx.log(LogLevel::Info, &format!("tick {} {}", self.seen, self.hash))?;
        }
        self.work(ctx)?;
        self.say(
            "ticked",
            Timestamp::from_secs((self.hash % 50) as i64),
            Vec::new(),
            ctx,
        )
    }

    fn finish(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        self.say("ended", Timestamp::from_secs(1000), Vec::new(), ctx)
    }

    fn reconfigure(&mut self, config: &Config) -> Result<()> {
        let every = config.int("every")?;
        if every % 2 == 0 {
            return Err(Error::Unavailable {
                what: "an even number",
                reason: "only a fresh instance takes it",
            });
        }
        self.every = every;
        Ok(())
    }

    fn save(&self) -> Result<Vec<u8>> {
        assert!(
            !self.habits.is_wild || !self.hash.is_multiple_of(53),
            "it cannot be saved"
        );
        let parts = [self.seen, self.hash, self.episode];
        Ok(parts.iter().flat_map(|part| part.to_le_bytes()).collect())
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        let mut parts = state
            .chunks_exact(8)
            .map(|part| u64::from_le_bytes(part.try_into().unwrap()));
        let mut next = || {
            parts.next().ok_or(Error::Unavailable {
                what: "the state",
                reason: "it is too short",
            })
        };
        (self.seen, self.hash, self.episode) = (next()?, next()?, next()?);
        Ok(())
    }
}

/// A store whose answers never repeat.
#[derive(Debug, Default)]
pub(crate) struct Moody(Mutex<u64>);

impl Moody {
    fn next(&self) -> u64 {
        let mut asked = self.0.lock().unwrap();
        *asked += 1;
        *asked
    }
}

impl StoreReader for Moody {
    fn list(&self, _: &Selector) -> Result<Vec<SeriesInfo>> {
        let name = format!("store.{}", self.next());
        Ok(vec![super::super::engine::kit::info(&name)])
    }

    fn range(&self, _: &SeriesKey, _: TimeRange) -> Result<Vec<Stamped>> {
        Ok(Vec::new())
    }

    fn windows(&self, _: &SeriesKey, _: TimeRange, _: Duration) -> Result<Vec<Window>> {
        Ok(Vec::new())
    }

    fn quantiles(
        &self,
        _: &SeriesKey,
        _: TimeRange,
        _: Duration,
        _: &[f64],
    ) -> Result<Vec<(Timestamp, Vec<f64>)>> {
        Ok(Vec::new())
    }

    fn findings(&self, _: TimeRange) -> Result<Vec<Finding>> {
        Err(Error::Store {
            message: format!("no findings today ({})", self.next()),
            no_space: false,
            cause: Some("a deep reason".into()),
        })
    }

    fn status(&self) -> StoreStatus {
        StoreStatus {
            place: "memory".to_owned(),
            series: self.next(),
            samples: 0,
            bytes: 0,
            notes: Vec::new(),
        }
    }
}

pub(crate) fn every(number: i64) -> Attributes {
    Attributes::from([("every".to_owned(), number.into())])
}
