//! One file through the engine: the same source, hooks and tools as `watch`, on the file's own time.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use voidstate_core::{
    Attributes, Catalogue, Finding, FindingKind, LifecycleState, ManualClock, Point, Sink,
    Timestamp, ToolFactory,
};
use voidstate_file::{FileSource, Reader};
use voidstate_runtime::{Engine, EngineStats, EngineTime, Policy, Recorder};
use voidstate_tool_anomaly::{LENGTH_MAX_SECONDS, MERGE_GAP_SECONDS};

use super::input::Input;
use crate::interrupt::Interrupt;
use crate::problem::{Exit, Problem, chain};
use crate::recording;
use crate::settings::Told;

/// Rows from which the usual time between rows is taken.
const INTERVAL_ROWS: usize = 2000;
/// Calm samples after which an episode is over, and most samples of one, whatever the time between them.
const GAP_SAMPLES: f64 = 10.0;
const LENGTH_SAMPLES: f64 = 3600.0;

/// What is told of a file besides its findings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Numbers {
    /// How the file was read.
    pub(crate) layout: String,
    pub(crate) samples: u64,
    pub(crate) series: u64,
    pub(crate) first: Option<Timestamp>,
    pub(crate) last: Option<Timestamp>,
    /// Usual seconds between two rows of one series.
    pub(crate) interval_seconds: Option<f64>,
    pub(crate) anomalies: u64,
    pub(crate) drifts: u64,
    /// Rows and values that could not be used.
    pub(crate) rejected: u64,
    /// Why, the first ones with their line numbers.
    pub(crate) reasons: Vec<String>,
    /// What is doubtful about the file, in sentences.
    pub(crate) notes: Vec<String>,
    /// Whether the user stopped before the end.
    pub(crate) cut_short: bool,
    pub(crate) seconds: f64,
}

/// What was found in one file.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Why the source ended before the end of the file.
    source_failure: Option<String>,
    /// Which tool was suspended, and why.
    tool_failure: Option<String>,
    /// Each episode as last told, in order of its start.
    pub(crate) findings: Vec<Finding>,
    pub(crate) numbers: Numbers,
}

impl Outcome {
    /// What keeps the analysis from being whole, if anything does; what was found before is still told.
    pub(crate) fn failure(&self, name: &str) -> Option<Problem> {
        if let Some(why) = &self.tool_failure {
            return Some(Problem::internal("a tool", why));
        }
        let next = "repair or fetch the file again; what was found before that place is told above";
        let why = self.source_failure.as_ref()?;
        Some(Problem::new(
            Exit::Input,
            "the file could not be read to its end",
            name,
            why,
            next,
        ))
    }
}

#[derive(Debug, Default)]
struct Kept {
    /// By tool and episode.
    findings: BTreeMap<(String, u64), Finding>,
    samples: u64,
    /// Whether the engine's series of that number was seen, and is the file's.
    seen: Vec<bool>,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

struct Collector(Arc<Mutex<Kept>>);

impl Sink for Collector {
    fn name(&self) -> &str {
        "table"
    }

    fn points(
        &mut self,
        points: &[Point],
        catalogue: &dyn Catalogue,
    ) -> voidstate_core::Result<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for point in points {
            let own = catalogue
                .get(point.series)
                .is_some_and(|info| info.hook.as_str() == voidstate_file::HOOK_ROW);
            if own {
                let slot = point.series.0 as usize;
                if kept.seen.len() <= slot {
                    kept.seen.resize(slot + 1, false);
                }
                if let Some(seen) = kept.seen.get_mut(slot) {
                    *seen = true;
                }
                kept.samples += 1;
                kept.first = Some(kept.first.map_or(point.time, |first| first.min(point.time)));
                kept.last = Some(kept.last.map_or(point.time, |last| last.max(point.time)));
            }
        }
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> voidstate_core::Result<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.findings
            .insert((finding.tool.to_string(), finding.episode), finding.clone());
        Ok(())
    }
}

/// Analyses one file.
pub(crate) fn run(
    input: &Input,
    interrupt: &Interrupt,
    record: Option<&Path>,
    tools: Vec<Told>,
) -> Result<Outcome, Problem> {
    let started = Instant::now();
    let interval = interval(input)?;
    let reader = input.open()?;
    let layout = reader.layout().to_string();
    let kept = Arc::new(Mutex::new(Kept::default()));
    let recorder = record.map(recording::create).transpose()?;
    let engine = engine(reader, interval, Arc::clone(&kept), recorder, tools)
        .map_err(|error| Problem::internal("starting the engine", chain(&error)))?;
    let mut engine = engine.inline();
    let handle = engine.handle();
    let mut progress = Progress::start();
    let mut cut_short = false;
    while engine.step() {
        progress.tell(&input.name, || handle.stats().delivered);
        if interrupt.is_asked() {
            cut_short = true;
            break;
        }
    }
    let report = engine.finish();
    if let Some(state) = handle.recording() {
        recording::tell(&state);
    }
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let mut findings: Vec<Finding> = std::mem::take(&mut kept.findings).into_values().collect();
    findings.sort_by(|a, b| a.start.cmp(&b.start).then(a.episode.cmp(&b.episode)));
    let of_kind = |kind| {
        findings
            .iter()
            .filter(|finding| finding.kind == kind)
            .count() as u64
    };
    let numbers = Numbers {
        layout,
        samples: kept.samples,
        series: kept.seen.iter().filter(|seen| **seen).count() as u64,
        first: kept.first,
        last: kept.last,
        interval_seconds: interval,
        anomalies: of_kind(FindingKind::Anomaly),
        drifts: of_kind(FindingKind::Drift),
        rejected: report
            .stats
            .sources
            .iter()
            .flat_map(|s| &s.rejected)
            .map(|(_, count)| count)
            .sum(),
        reasons: reasons(&report.stats),
        notes: notes(&report.stats),
        cut_short,
        seconds: started.elapsed().as_secs_f64(),
    };
    let suspended = report
        .stats
        .tools
        .iter()
        .find_map(|tool| match &tool.state {
            LifecycleState::Suspended { reason, .. } => {
                Some(format!("tool {} was suspended: {reason}", tool.tool))
            }
            _ => None,
        });
    Ok(Outcome {
        findings,
        numbers,
        source_failure: report
            .stats
            .sources
            .iter()
            .find_map(|source| source.failure.clone()),
        tool_failure: suspended,
    })
}

fn engine(
    reader: Reader,
    interval: Option<f64>,
    kept: Arc<Mutex<Kept>>,
    recorder: Option<Recorder>,
    tools: Vec<Told>,
) -> Result<Engine, voidstate_runtime::Error> {
    let fail = |message: String| voidstate_core::Error::Source {
        source_name: "file".into(),
        message,
        cause: None,
    };
    let source = FileSource::from_reader(reader).map_err(|error| fail(error.to_string()))?;
    // Nobody goes on from the state of an analysis.
    let mut policy = Policy::default();
    policy.save_every = Duration::ZERO;
    let mut builder = Engine::builder()
        .clock(Arc::new(ManualClock::new(Timestamp::default())))
        .time(EngineTime::Signals)
        .policy(policy)
        .source(Box::new(source))
        .sink(Box::new(Collector(kept)));
    if let Some(recorder) = recorder {
        builder = builder.record(recorder);
    }
    for (tool, told) in tools {
        // What the user says counts more than what the file suggests.
        let mut given = config(tool.as_ref(), interval);
        given.extend(told);
        builder = builder.tool(tool, given);
    }
    builder.build()
}

/// Gaps and lengths in samples of this file instead of seconds of a live host.
fn config(tool: &dyn ToolFactory, interval: Option<f64>) -> Attributes {
    let mut given = Attributes::new();
    if tool.meta().id.as_str() == voidstate_tool_anomaly::ID
        && let Some(interval) = interval
    {
        let seconds =
            |samples: f64, least: f64, most: f64| (samples * interval).clamp(least, most).into();
        given.insert(
            MERGE_GAP_SECONDS.to_owned(),
            seconds(GAP_SAMPLES, 1e-3, 1e9),
        );
        given.insert(
            LENGTH_MAX_SECONDS.to_owned(),
            seconds(LENGTH_SAMPLES, 1.0, 1e9),
        );
    }
    given
}

/// Median seconds between rows of the same labels at the beginning of the file; `None` when there is no time.
fn interval(input: &Input) -> Result<Option<f64>, Problem> {
    let mut reader = input.open()?;
    let mut last: BTreeMap<u32, Timestamp> = BTreeMap::new();
    let mut gaps = Vec::new();
    for _ in 0..INTERVAL_ROWS {
        // Damage further down is told when the file is read through.
        let Ok(Some(row)) = reader.next_row() else {
            break;
        };
        if let Some(before) = last.insert(row.group, row.time) {
            let gap = row.time.since(before).as_secs_f64();
            if gap > 0.0 {
                gaps.push(gap);
            }
        }
    }
    gaps.sort_by(f64::total_cmp);
    Ok(gaps.get(gaps.len() / 2).copied())
}

fn reasons(stats: &EngineStats) -> Vec<String> {
    let told = |(reason, count): &(String, u64)| {
        if *count == 1 {
            reason.clone()
        } else {
            format!("{reason} ({count} times)")
        }
    };
    stats
        .sources
        .iter()
        .flat_map(|source| &source.rejected)
        .map(told)
        .collect()
}

fn notes(stats: &EngineStats) -> Vec<String> {
    let told = |(part, reason): &(String, String)| format!("{part}: {reason}");
    stats
        .sources
        .iter()
        .flat_map(|source| &source.degraded)
        .map(told)
        .collect()
}

/// A word on standard error once a second, when somebody watches and it takes long.
struct Progress {
    next: Option<Instant>,
}

impl Progress {
    fn start() -> Self {
        Self {
            next: std::io::stderr()
                .is_terminal()
                .then(|| Instant::now() + Duration::from_secs(1)),
        }
    }

    fn tell(&mut self, name: &str, samples: impl Fn() -> u64) {
        let now = Instant::now();
        if self.next.is_some_and(|next| now >= next) {
            eprintln!(
                "{name}: {} samples so far (Ctrl-C keeps what was found)",
                samples()
            );
            self.next = Some(now + Duration::from_secs(1));
        }
    }
}
