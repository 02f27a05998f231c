//! A small tool that keeps every law: per series, it says when a value is far from the mean of those before.

use std::collections::BTreeMap;

use voidstate_core::{
    Confidence, Config, ConfigField, ConfigKind, Ctx, Effect, EffectSet, Error, Evidence, Finding,
    FindingKind, Firing, LogLevel, MetricName, Output, Placement, Result, SeriesKey, Severity,
    SignalRef, Stage, Timestamp, Tool, ToolFactory, ToolId, ToolMeta, Unit,
};

/// What the good tool knows of a series.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Seen {
    pub(crate) count: u64,
    pub(crate) mean: f64,
    /// Number and start of the open episode.
    pub(crate) open: Option<(u64, i64)>,
}

/// How a planted fault changes the good tool; the default changes nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flaws {
    pub(crate) forgets_open: bool,
    pub(crate) keys_by_number: bool,
    pub(crate) takes_bad_state: bool,
    pub(crate) half_restores: bool,
    pub(crate) leaves_open: bool,
    pub(crate) nan_evidence: bool,
    pub(crate) upside_down: bool,
    pub(crate) half_reconfigures: bool,
    pub(crate) zero_divides: bool,
    pub(crate) output_changes_kind: bool,
    pub(crate) counts_restores: bool,
}

#[derive(Debug)]
pub(crate) struct Good {
    meta: ToolMeta,
    flaws: Flaws,
}

impl Good {
    pub(crate) fn factory() -> Self {
        Self::with(Flaws::default())
    }

    /// The same tool, called elsewhere.
    pub(crate) fn at(mut self, pattern: &str) -> Self {
        self.meta.subscriptions[0].pattern = pattern.parse().unwrap();
        self
    }

    pub(crate) fn with(flaws: Flaws) -> Self {
        let mut meta = ToolMeta::new("good", "host.*", "says what is far from the mean").unwrap();
        meta.effects = EffectSet::of(&[Effect::EmitFinding, Effect::EmitMetric, Effect::Log]);
        meta.config = vec![ConfigField {
            name: "factor".to_owned(),
            kind: ConfigKind::Real {
                min: 0.0,
                max: 10.0,
            },
            default: 0.5.into(),
            description: "how far is far, in means".to_owned(),
        }];
        Self { meta, flaws }
    }
}

impl ToolFactory for Good {
    fn meta(&self) -> &ToolMeta {
        &self.meta
    }

    fn create(&self, config: &Config, _: Placement) -> Result<Box<dyn Tool>> {
        let factor = config.real("factor")?;
        Ok(Box::new(GoodTool {
            id: self.meta.id.clone(),
            flaws: self.flaws,
            factor,
            series: BTreeMap::new(),
            episodes: 0,
            ticks: 0,
        }))
    }
}

struct GoodTool {
    id: ToolId,
    flaws: Flaws,
    factor: f64,
    series: BTreeMap<SeriesKey, Seen>,
    episodes: u64,
    ticks: u64,
}

impl GoodTool {
    fn finding(
        &self,
        key: &SeriesKey,
        episode: u64,
        value: f64,
        stage: Stage,
        times: (i64, Option<i64>),
    ) -> Finding {
        let evidence = if self.flaws.nan_evidence && stage == Stage::Closed {
            f64::NAN
        } else {
            value
        };
        let (start, end) = match times {
            (start, Some(end)) if self.flaws.upside_down => (end, Some(start - 1)),
            times => times,
        };
        Finding {
            tool: self.id.clone(),
            episode,
            kind: FindingKind::Anomaly,
            severity: Severity::Notice,
            stage,
            start: Timestamp::from_nanos(start),
            end: end.map(Timestamp::from_nanos),
            series: vec![key.clone()],
            sentence: format!("{} is far from its mean", key.metric()),
            evidence: vec![Evidence::Value {
                series: key.clone(),
                time: Timestamp::from_nanos(start),
                value: evidence,
                unit: Unit::None,
            }],
            confidence: Confidence::saturating(0.5),
            refutation: "the mean was wrong".to_owned(),
        }
    }

    fn sample(&mut self, key: &SeriesKey, time: i64, value: f64, ctx: &mut dyn Ctx) -> Result<()> {
        if !value.is_finite() || value.abs() > 1e100 {
            return Err(Error::Domain {
                what: "value",
                value,
                domain: "numbers up to 1e100",
            });
        }
        let seen = self.series.entry(key.clone()).or_default();
        let far =
            seen.count > 20 && (value - seen.mean).abs() > self.factor * seen.mean.abs() + 1.0;
        if !far {
            seen.count += 1;
            seen.mean += (value - seen.mean) / seen.count as f64;
        }
        let said = match (far, seen.open) {
            (true, None) => {
                seen.open = Some((self.episodes, time));
                self.episodes += 1;
                Some((self.episodes - 1, Stage::Opened, (time, None)))
            }
            (false, Some((episode, start))) => {
                seen.open = None;
                Some((episode, Stage::Closed, (start.min(time), Some(time))))
            }
            _ => None,
        };
        let score = if self.flaws.output_changes_kind && seen.count == 7 {
            "unknown".into()
        } else {
            f64::from(u8::from(far)).into()
        };
        ctx.output(Output {
            name: "far",
            value: score,
        });
        match said {
            Some((episode, stage, times)) => {
                ctx.log(LogLevel::Info, "far")?;
                ctx.emit(self.finding(key, episode, value, stage, times))
            }
            None => Ok(()),
        }
    }
}

impl Tool for GoodTool {
    fn observe(&mut self, firing: &Firing<'_>, ctx: &mut dyn Ctx) -> Result<()> {
        match firing.signal {
            SignalRef::Sample {
                id,
                series,
                time,
                value,
            } => {
                let key = if self.flaws.keys_by_number {
                    SeriesKey::plain(MetricName::sanitised(&format!("number{}", id.0)))
                } else {
                    series.clone()
                };
                self.sample(&key, time.as_nanos(), value, ctx)
            }
            _ => Ok(()),
        }
    }

    fn tick(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        self.ticks += 1;
        ctx.metric(&MetricName::new("series")?, self.series.len() as f64)?;
        ctx.metric(&MetricName::new("ticks")?, self.ticks as f64)
    }

    fn finish(&mut self, ctx: &mut dyn Ctx) -> Result<()> {
        if self.flaws.leaves_open {
            return Ok(());
        }
        let open: Vec<_> = self
            .series
            .iter_mut()
            .filter_map(|(key, seen)| seen.open.take().map(|open| (key.clone(), open)))
            .collect();
        for (key, (episode, start)) in open {
            let times = (start, Some(start));
            ctx.emit(self.finding(&key, episode, 0.0, Stage::Closed, times))?;
        }
        Ok(())
    }

    fn reconfigure(&mut self, config: &Config) -> Result<()> {
        if self.flaws.half_reconfigures {
            self.ticks = 0;
        }
        let factor = config.real("factor")?;
        if self.flaws.zero_divides && factor == 0.0 {
            panic!("division by zero");
        }
        self.factor = factor;
        Ok(())
    }

    fn save(&self) -> Result<Vec<u8>> {
        let text = format!("good1 {} {}\n", self.episodes, self.ticks);
        let rows: Vec<String> = self
            .series
            .iter()
            .map(|(key, seen)| {
                let open = match seen.open {
                    Some((episode, start)) if !self.flaws.forgets_open => {
                        format!("{episode} {start}")
                    }
                    _ => "- -".to_owned(),
                };
                let key = serde_json::to_string(key).unwrap();
                format!("{} {:x} {open} {key}\n", seen.count, seen.mean.to_bits())
            })
            .collect();
        let mut text = text + &rows.concat();
        let sum = text.bytes().fold(1_u64, |sum, byte| {
            sum.wrapping_mul(1_000_003).wrapping_add(u64::from(byte))
        });
        text.push_str(&format!("{sum}"));
        Ok(text.into_bytes())
    }

    fn restore(&mut self, state: &[u8]) -> Result<()> {
        let read = || -> Option<(u64, u64, BTreeMap<SeriesKey, Seen>)> {
            let text = std::str::from_utf8(state).ok()?;
            let (body, sum) = text.rsplit_once('\n')?;
            let found = format!("{body}\n").bytes().fold(1_u64, |sum, byte| {
                sum.wrapping_mul(1_000_003).wrapping_add(u64::from(byte))
            });
            if !self.flaws.takes_bad_state && found.to_string() != sum {
                return None;
            }
            let mut lines = body.lines();
            let mut head = lines.next()?.strip_prefix("good1 ")?.split_whitespace();
            let (episodes, ticks) = (head.next()?.parse().ok()?, head.next()?.parse().ok()?);
            let mut series = BTreeMap::new();
            for line in lines {
                let mut parts = line.splitn(5, ' ');
                let count = parts.next()?.parse().ok()?;
                let mean = f64::from_bits(u64::from_str_radix(parts.next()?, 16).ok()?);
                let (episode, start) = (parts.next()?, parts.next()?);
                let open = match episode {
                    "-" => None,
                    episode => Some((episode.parse().ok()?, start.parse().ok()?)),
                };
                let key = serde_json::from_str(parts.next()?).ok()?;
                series.insert(key, Seen { count, mean, open });
            }
            Some((episodes, ticks, series))
        };
        let Some((episodes, ticks, series)) = read() else {
            if self.flaws.half_restores {
                self.ticks = 0;
            }
            return Err(Error::Tool {
                tool: self.id.to_string(),
                message: "that is no state".to_owned(),
            });
        };
        (self.episodes, self.ticks, self.series) = (episodes, ticks, series);
        self.ticks += u64::from(self.flaws.counts_restores);
        Ok(())
    }
}
