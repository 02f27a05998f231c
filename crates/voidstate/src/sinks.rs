//! Where points and findings of this program go: the screen and the store.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use voidstate_core::{
    Catalogue, Clock, Error, Evidence, Finding, FindingKind, Point, Result, SeriesId, Severity,
    Sink, Stage, Store, Timestamp,
};
use voidstate_runtime::SystemClock;

use crate::cli::FailOn;
use crate::lines;

/// Time between two tries to store again after the disk was full.
const RETRY_AFTER: Duration = Duration::from_secs(10);
/// Metric by which the anomaly tool tells how much it has learned.
const LEARNED: &str = "tool.anomaly.learning_percent";

/// What the sinks know and the summary tells.
#[derive(Debug, Default)]
pub(crate) struct Board {
    pub(crate) episodes: u64,
    pub(crate) learned_percent: Option<f64>,
    /// By tool and episode.
    open: BTreeSet<(String, u64)>,
    anomalies: u64,
    drifts: u64,
    /// Why storing does not work at present.
    pub(crate) storing: Option<String>,
    /// Points and findings that were seen but not stored.
    pub(crate) unstored: u64,
    /// Why the screen cannot be written any more.
    pub(crate) output: Option<std::io::Error>,
}

/// A board that several threads share.
pub(crate) type Shared = Arc<Mutex<Board>>;

/// The board, also after a panic of somebody who held it: counters stay readable.
pub(crate) fn lock(board: &Mutex<Board>) -> MutexGuard<'_, Board> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Board {
    pub(crate) fn open_episodes(&self) -> u64 {
        self.open.len() as u64
    }

    pub(crate) fn take_in(&mut self, finding: &Finding) {
        if finding.kind == FindingKind::Health {
            return;
        }
        let id = (finding.tool.to_string(), finding.episode);
        match finding.stage {
            Stage::Opened => {
                self.episodes += 1;
                self.open.insert(id);
            }
            Stage::Closed => {
                self.open.remove(&id);
                self.take_in_final(finding);
            }
            Stage::Instant => {
                self.episodes += 1;
                self.take_in_final(finding);
            }
            _ => {}
        }
    }

    /// Counts an episode as what it was told to be at its end; both verbs count so.
    pub(crate) fn take_in_final(&mut self, finding: &Finding) {
        match finding.kind {
            FindingKind::Anomaly => self.anomalies += 1,
            FindingKind::Drift => self.drifts += 1,
            _ => {}
        }
    }

    /// Whether a finding at or above `level` was made.
    pub(crate) const fn fails(&self, level: Option<FailOn>) -> bool {
        match level {
            None => false,
            Some(FailOn::Anomaly) => self.anomalies > 0,
            Some(FailOn::Drift) => self.anomalies > 0 || self.drifts > 0,
        }
    }
}

/// Prints findings as they come.
#[derive(Debug)]
pub(crate) struct Screen {
    board: Shared,
    clock: SystemClock,
    zone: TimeZone,
    json: bool,
}

impl Screen {
    pub(crate) fn new(board: Shared, zone: TimeZone, json: bool) -> Self {
        Self {
            board,
            clock: SystemClock::new(),
            zone,
            json,
        }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Whether a finding is worth a line: what began, grew much or ended, and of the observer itself what needs somebody.
fn is_for_people(finding: &Finding) -> bool {
    let grew =
        |evidence: &Evidence| matches!(evidence, Evidence::Fact { name, .. } if name == "grew");
    match (finding.kind, finding.stage) {
        (FindingKind::Health, _) => finding.severity >= Severity::Warning,
        (_, Stage::Updated) => finding.evidence.iter().any(grew),
        _ => true,
    }
}

/// Prints one line, or remembers why that is not possible.
pub(crate) fn print(board: &Mutex<Board>, line: &str) {
    let mut out = anstream::AutoStream::auto(std::io::stdout()).lock();
    if let Err(error) = writeln!(out, "{line}").and_then(|()| out.flush()) {
        lock(board).output.get_or_insert(error);
    }
}

#[derive(serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Record<'a> {
    Finding(&'a Finding),
    Summary(&'a lines::Summary),
}

/// One JSON line.
pub(crate) fn json(record: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(record).map_err(|error| Error::Sink {
        sink: "screen".to_owned(),
        message: "a record cannot be written as JSON".to_owned(),
        cause: Some(Box::new(error)),
    })
}

impl Sink for Screen {
    fn name(&self) -> &str {
        "screen"
    }

    fn points(&mut self, points: &[Point], catalogue: &dyn Catalogue) -> Result<()> {
        for point in points {
            let Some(info) = catalogue.get(point.series) else {
                continue;
            };
            if info.key.metric().as_str() == LEARNED {
                lock(&self.board).learned_percent = Some(point.value);
            }
        }
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> Result<()> {
        lock(&self.board).take_in(finding);
        if self.json {
            print(&self.board, &json(&Record::Finding(finding))?);
        } else if is_for_people(finding) {
            print(
                &self.board,
                &lines::finding(finding, self.now(), &self.zone),
            );
        }
        Ok(())
    }
}

/// Writes points and findings to the store; a full disk is said, and tried again.
pub(crate) struct Keeper {
    board: Shared,
    store: Arc<dyn Store>,
    /// The engine's number of a series → the store's.
    numbers: Vec<Option<SeriesId>>,
    batch: Vec<Point>,
    paused_until: Option<Instant>,
    /// When this run began, in nanoseconds: what is added to the numbers of episodes.
    run: u64,
}

impl Keeper {
    pub(crate) fn new(board: Shared, store: Arc<dyn Store>) -> Self {
        Self {
            board,
            store,
            numbers: Vec::new(),
            batch: Vec::new(),
            paused_until: None,
            run: SystemClock::new().now().as_nanos().unsigned_abs(),
        }
    }

    fn number(&mut self, id: SeriesId, catalogue: &dyn Catalogue) -> Result<SeriesId> {
        let slot = id.0 as usize;
        if let Some(Some(number)) = self.numbers.get(slot) {
            return Ok(*number);
        }
        let missing = || Error::Missing {
            kind: "series",
            name: format!("number {}", id.0),
        };
        let number = self.store.series(catalogue.get(id).ok_or_else(missing)?)?;
        if self.numbers.len() <= slot {
            self.numbers.resize(slot + 1, None);
        }
        if let Some(entry) = self.numbers.get_mut(slot) {
            *entry = Some(number);
        }
        Ok(number)
    }

    fn is_paused(&self) -> bool {
        self.paused_until
            .is_some_and(|until| Instant::now() < until)
    }

    fn keep(&mut self, points: &[Point], catalogue: &dyn Catalogue) -> Result<()> {
        self.batch.clear();
        // The very last instant lies in no half-open range, so no store can give it back.
        for point in points.iter().filter(|point| point.time < Timestamp::MAX) {
            let series = self.number(point.series, catalogue)?;
            self.batch.push(Point { series, ..*point });
        }
        self.store.append(&self.batch)
    }

    /// What a failed write means: a full disk pauses storing, anything else is the engine's to report.
    fn settle(&mut self, outcome: Result<()>, lost: usize) -> Result<()> {
        let mut board = lock(&self.board);
        match outcome {
            Ok(()) => {
                self.paused_until = None;
                board.storing = None;
                Ok(())
            }
            Err(error) => {
                board.unstored += lost as u64;
                let full = matches!(error, Error::Store { no_space: true, .. });
                let why = if full {
                    "there is no room left"
                } else {
                    "the store cannot be written"
                };
                board.storing = Some(format!("watching without storing: {why} ({error})"));
                self.paused_until = Some(Instant::now() + RETRY_AFTER);
                if full { Ok(()) } else { Err(error) }
            }
        }
    }
}

impl Sink for Keeper {
    fn name(&self) -> &str {
        "store"
    }

    fn points(&mut self, points: &[Point], catalogue: &dyn Catalogue) -> Result<()> {
        if self.is_paused() {
            lock(&self.board).unstored += points.len() as u64;
            return Ok(());
        }
        let outcome = self.keep(points, catalogue);
        self.settle(outcome, points.len())
    }

    fn finding(&mut self, finding: &Finding) -> Result<()> {
        if self.is_paused() {
            lock(&self.board).unstored += 1;
            return Ok(());
        }
        // Tools number their episodes from the start of each run; in the store they must not meet those of other runs.
        let episode = self.run.wrapping_add(finding.episode);
        let outcome = self.store.append_finding(&Finding {
            episode,
            ..finding.clone()
        });
        self.settle(outcome, 1)
    }
}
