//! Recorded signals for a check: steps of an earlier check, or a file as `analyze` reads it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

use voidstate_core::{
    Emitter, HookName, Next, Sample, SeriesId, SeriesInfo, Signal, Source, Timestamp,
};
use voidstate_file::{FileSource, Options, Reader};
use voidstate_properties::tool::{RECORDING_STEPS_MAX, Step, from_json_lines};

use crate::problem::{Exit, Problem, chain};
use crate::words;

/// Longest recording of steps that is read, in bytes.
const BYTES_MAX: u64 = 256 << 20;
/// Most reasons told of rows that are left out.
const REASONS_TOLD_MAX: usize = 3;
/// Time between two ticks of the engine.
const TICK_NS: i64 = 1_000_000_000;

pub(super) fn read(path: &Path) -> Result<Vec<Step>, Problem> {
    let name = path.display().to_string();
    let fail = |error: &dyn std::error::Error, exit| {
        let next = "give the steps that an earlier check printed, or a CSV, TSV or JSON-lines file of numbers";
        let what = "the recording cannot be used";
        Problem::new(exit, what, name.clone(), chain(error), next)
    };
    let of_io = |error: std::io::Error| {
        let exit = match error.kind() {
            std::io::ErrorKind::PermissionDenied => Exit::Permission,
            _ => Exit::Input,
        };
        fail(&error, exit)
    };
    let facts = std::fs::metadata(path).map_err(of_io)?;
    if !facts.is_file() {
        let next = "write what it gives into a file first, and name that";
        return Err(Problem::new(
            Exit::Input,
            "the recording cannot be used",
            name,
            "it is no regular file, and a recording is looked at before it is read",
            next,
        ));
    }
    let steps = if begins_with_a_step(path).map_err(of_io)? {
        if facts.len() > BYTES_MAX {
            return Err(too_long(&name));
        }
        let text = std::fs::read_to_string(path).map_err(of_io)?;
        from_json_lines(&text).map_err(|error| fail(&error, Exit::Input))?
    } else {
        let reader = Reader::open(path, &Options::default());
        let reader = reader.map_err(|error| fail(&error, Exit::Input))?;
        let source = FileSource::from_reader(reader);
        let mut source = source.map_err(|error| fail(&error, Exit::Input))?;
        let mut steps = Collector::default();
        loop {
            let next = source.poll(steps.now, &mut steps);
            match next.map_err(|error| fail(&error, Exit::Input))? {
                Next::Done => break,
                _ if steps.steps.len() > RECORDING_STEPS_MAX => break,
                _ => {}
            }
        }
        if !steps.rejected.is_empty() {
            let rows = words::count(steps.rejected.values().sum(), "row");
            let mut reasons: Vec<&str> = steps.rejected.keys().map(String::as_str).collect();
            if reasons.len() > REASONS_TOLD_MAX {
                reasons.truncate(REASONS_TOLD_MAX);
                reasons.push("…");
            }
            eprintln!("warning: {name}: {rows} left out: {}", reasons.join("; "));
        }
        steps.steps
    };
    if steps.len() > RECORDING_STEPS_MAX {
        return Err(too_long(&name));
    }
    if steps.is_empty() {
        let next = "give a recording with at least one signal";
        let why = "it holds no signal";
        return Err(Problem::new(
            Exit::Input,
            "the recording cannot be used",
            name,
            why,
            next,
        ));
    }
    Ok(steps)
}

fn too_long(name: &str) -> Problem {
    Problem::new(
        Exit::Input,
        "the recording cannot be used",
        name,
        format!(
            "it has more than {RECORDING_STEPS_MAX} steps, and every law runs it several times"
        ),
        "cut it to the part that matters",
    )
}

/// Whether the first line that is not blank is a step; a table is anything else.
fn begins_with_a_step(path: &Path) -> std::io::Result<bool> {
    let mut reader = BufReader::new(std::fs::File::open(path)?);
    // A first line is not read further than the names of steps reach.
    let start = reader.fill_buf()?;
    let text = start.trim_ascii_start();
    Ok(["{\"series\":{", "{\"fire\":{", "{\"tick\":"]
        .iter()
        .any(|name| text.starts_with(name.as_bytes())))
}

/// Steps from what a source brings, with a tick for each second that passes.
#[derive(Default)]
struct Collector {
    steps: Vec<Step>,
    infos: Vec<SeriesInfo>,
    now: Timestamp,
    ticked: Option<Timestamp>,
    /// What could not be used, by reason.
    rejected: BTreeMap<String, u64>,
}

impl Collector {
    fn push(&mut self, hook: &HookName, signal: Signal) {
        let time = signal.time();
        let is_due = self
            .ticked
            .is_none_or(|last| time.as_nanos().saturating_sub(last.as_nanos()) >= TICK_NS);
        if is_due && let Some(last) = self.ticked.replace(time) {
            self.steps.push(Step::Tick(last));
        }
        self.now = self.now.max(time);
        self.steps.push(Step::Fire {
            hook: hook.clone(),
            signal,
            unnumbered: false,
        });
    }
}

impl Emitter for Collector {
    fn series(&mut self, info: &SeriesInfo) -> SeriesId {
        let known = self.infos.iter().position(|known| known.key == info.key);
        let at = known.unwrap_or_else(|| {
            self.infos.push(info.clone());
            self.steps.push(Step::Series(info.clone()));
            self.infos.len() - 1
        });
        SeriesId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    fn sample(&mut self, series: SeriesId, time: Timestamp, value: f64) {
        let Some(info) = self.infos.get(series.0 as usize).cloned() else {
            return;
        };
        let signal = Signal::Sample(Sample {
            series: info.key,
            time,
            value,
        });
        self.push(&info.hook, signal);
    }

    fn signal(&mut self, hook: &HookName, signal: Signal) {
        self.push(hook, signal);
    }

    fn rejected(&mut self, count: u64, reason: &str) {
        *self.rejected.entry(reason.to_owned()).or_default() += count;
    }

    fn degraded(&mut self, _: &str, _: &str) {}

    fn is_cancelled(&self) -> bool {
        self.steps.len() > RECORDING_STEPS_MAX
    }
}
