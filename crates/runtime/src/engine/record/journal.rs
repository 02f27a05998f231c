//! What one call does through its context: noted while recording, answered and compared while replaying.

use std::sync::{Arc, Mutex};

use voidstate_core::{Error, Finding, LogLevel, MetricName, Result, SeriesId, Timestamp};

use super::fault::Fault;
use super::wire::{Call, Op, Rows, SAID, Spoken};
use crate::engine::lock;
use crate::memory;

/// The journal of the call under way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journal(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_replaying: bool,
    ops: Vec<Op>,
    at: usize,
    divergence: Option<(String, String)>,
}

/// Stands for the end of what was recorded.
const NOTHING: &str = "nothing";

pub(super) fn diverged() -> Error {
    Error::Unavailable {
        what: "the recording",
        reason: "the tool asks for something else than it did when it was recorded",
    }
}

fn keep<T: Clone>(answer: &Result<T>) -> Result<T, Fault> {
    let _engine = memory::outside();
    answer
        .as_ref()
        .map_or_else(|error| Err(Fault::from(error)), |value| Ok(value.clone()))
}

fn give<T>(answer: Result<T, Fault>) -> Result<T> {
    answer.map_err(Error::from)
}

/// FNV-1a over the parts, each closed by a zero byte, folded to 32 bits.
pub(crate) fn hash(parts: &[&[u8]]) -> u32 {
    let hash = hash64(parts);
    ((hash ^ (hash >> 32)) & 0xffff_ffff) as u32
}

pub(crate) fn hash64(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.iter().chain(&[0]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

/// At most 80 characters of what was asked for.
fn brief(text: &str) -> String {
    let mut brief: String = text.chars().take(80).collect();
    if brief.len() < text.len() {
        brief.push('…');
    }
    brief
}

impl Op {
    /// What was done, for people; of what went out only the hash is known.
    fn told(&self) -> String {
        match self {
            Self::Now(_) => "now".to_owned(),
            Self::Random(_) => "random".to_owned(),
            Self::ReadState { hash, .. } => format!("read_state #{hash:08x}"),
            Self::WriteState { hash, .. } => format!("write_state #{hash:08x}"),
            Self::Store(_) => "store".to_owned(),
            Self::ReadStore { hash, .. } => format!("read of the store #{hash:08x}"),
            Self::Log { hash } => format!("log #{hash:08x}"),
            Self::Metric { hash } => format!("metric #{hash:08x}"),
            Self::Emit(finding) => told_finding(finding),
            Self::ReadFile { hash, .. } => format!("read_file #{hash:08x}"),
            Self::Series { series, .. } => format!("series {}", series.0),
            Self::Session { hash, .. } => format!("session #{hash:08x}"),
        }
    }
}

fn told_finding(finding: &Finding) -> String {
    format!(
        "emit {:?} from {} to {:?}, episode {}: {} #{:08x}",
        finding.kind,
        finding.start,
        finding.end.map(Timestamp::as_nanos),
        finding.episode,
        brief(&finding.sentence),
        SAID.encode(finding).map_or(0, |bytes| hash(&[&bytes])),
    )
}

/// Whether two findings are the same to the last bit.
pub(crate) fn same(a: &Finding, b: &Finding) -> bool {
    match (SAID.encode(a), SAID.encode(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

impl Journal {
    /// Begins the journal of a call that is recorded.
    pub(crate) fn record(&self) {
        *lock(&self.0) = State::default();
    }

    /// Begins a call that is answered from what was recorded.
    pub(crate) fn replay(&self, ops: Vec<Op>) {
        *lock(&self.0) = State {
            is_replaying: true,
            ops,
            ..State::default()
        };
    }

    /// What a recorded call did.
    pub(crate) fn take(&self) -> Vec<Op> {
        std::mem::take(&mut lock(&self.0).ops)
    }

    /// The first difference of a replayed call: what was recorded, and what it did instead.
    pub(crate) fn divergence(&self) -> Option<(String, String)> {
        let state = lock(&self.0);
        if state.divergence.is_some() || !state.is_replaying {
            return state.divergence.clone();
        }
        let left = state.ops.get(state.at)?;
        Some((left.told(), NOTHING.to_owned()))
    }

    fn add(&self, op: Op) {
        let _engine = memory::outside();
        lock(&self.0).ops.push(op);
    }

    /// The recorded operation that comes now, if `is_it`; otherwise the divergence is kept and everything fails from here.
    fn next(&self, is_it: impl FnOnce(&Op) -> bool, asked: impl FnOnce() -> String) -> Result<Op> {
        let mut state = lock(&self.0);
        if state.divergence.is_some() {
            return Err(diverged());
        }
        let op = state.ops.get(state.at).cloned();
        match op {
            Some(op) if is_it(&op) => {
                state.at += 1;
                Ok(op)
            }
            other => {
                let recorded = other.map_or_else(|| NOTHING.to_owned(), |op| op.told());
                state.divergence = Some((recorded, asked()));
                Err(diverged())
            }
        }
    }

    fn is_replaying(&self) -> bool {
        lock(&self.0).is_replaying
    }

    pub(crate) fn now(&self, live: impl FnOnce() -> Timestamp) -> Result<Timestamp> {
        if !self.is_replaying() {
            let now = live();
            self.add(Op::Now(now.as_nanos()));
            return Ok(now);
        }
        match self.next(|op| matches!(op, Op::Now(_)), || "now".to_owned())? {
            Op::Now(now) => Ok(Timestamp::from_nanos(now)),
            _ => Err(diverged()),
        }
    }

    pub(crate) fn random(&self, live: impl FnOnce() -> u64) -> Result<u64> {
        if !self.is_replaying() {
            let number = live();
            self.add(Op::Random(number));
            return Ok(number);
        }
        match self.next(|op| matches!(op, Op::Random(_)), || "random".to_owned())? {
            Op::Random(number) => Ok(number),
            _ => Err(diverged()),
        }
    }

    pub(crate) fn read_state(
        &self,
        key: &str,
        live: impl FnOnce() -> Result<Option<Vec<u8>>>,
    ) -> Result<Option<Vec<u8>>> {
        let hash = hash(&[key.as_bytes()]);
        if !self.is_replaying() {
            let answer = live();
            self.add(Op::ReadState {
                hash,
                answer: keep(&answer),
            });
            return answer;
        }
        let is_it = |op: &Op| matches!(op, Op::ReadState { hash: h, .. } if *h == hash);
        match self.next(is_it, || format!("read_state {:?} #{hash:08x}", brief(key)))? {
            Op::ReadState { answer, .. } => give(answer),
            _ => Err(diverged()),
        }
    }

    pub(crate) fn write_state(
        &self,
        key: &str,
        value: &[u8],
        live: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let hash = hash(&[key.as_bytes(), value]);
        if !self.is_replaying() {
            let answer = live();
            self.add(Op::WriteState {
                hash,
                answer: keep(&answer),
            });
            return answer;
        }
        let is_it = |op: &Op| matches!(op, Op::WriteState { hash: h, .. } if *h == hash);
        let asked = || {
            let bytes = value.len();
            format!("write_state {:?}, {bytes} bytes #{hash:08x}", brief(key))
        };
        match self.next(is_it, asked)? {
            Op::WriteState { answer, .. } => give(answer),
            _ => Err(diverged()),
        }
    }

    /// Notes or answers that the store was asked for, and whether there is one.
    pub(crate) fn store(&self, live: impl FnOnce() -> Result<()>) -> Result<()> {
        if !self.is_replaying() {
            let answer = live();
            self.add(Op::Store(keep(&answer)));
            return answer;
        }
        match self.next(|op| matches!(op, Op::Store(_)), || "store".to_owned())? {
            Op::Store(answer) => give(answer),
            _ => Err(diverged()),
        }
    }

    pub(crate) fn log(&self, level: LogLevel, message: &str) -> Result<()> {
        let hash = hash(&[format!("{level:?}").as_bytes(), message.as_bytes()]);
        self.out(Op::Log { hash }, || {
            format!("log {:?} #{hash:08x}", brief(message))
        })
    }

    pub(crate) fn metric(&self, name: &MetricName, value: f64) -> Result<()> {
        let hash = hash(&[name.as_str().as_bytes(), &value.to_bits().to_le_bytes()]);
        self.out(Op::Metric { hash }, || {
            format!("metric {name} {value} #{hash:08x}")
        })
    }

    pub(crate) fn metric_like(&self, name: &MetricName, like: SeriesId, value: f64) -> Result<()> {
        let (number, bits) = (like.0.to_le_bytes(), value.to_bits().to_le_bytes());
        let hash = hash(&[name.as_str().as_bytes(), &number, &bits]);
        self.out(Op::Metric { hash }, || {
            format!("metric {name} like series {} {value} #{hash:08x}", like.0)
        })
    }

    /// Something that goes out and is not answered.
    fn out(&self, op: Op, asked: impl FnOnce() -> String) -> Result<()> {
        if !self.is_replaying() {
            self.add(op);
            return Ok(());
        }
        let is_it = |recorded: &Op| match (recorded, &op) {
            (Op::Log { hash: a }, Op::Log { hash: b })
            | (Op::Metric { hash: a }, Op::Metric { hash: b }) => a == b,
            _ => false,
        };
        self.next(is_it, asked).map(drop)
    }

    pub(crate) fn emit(&self, finding: &Finding) -> Result<()> {
        if !self.is_replaying() {
            let copy = {
                let _engine = memory::outside();
                Box::new(finding.clone())
            };
            self.add(Op::Emit(copy));
            return Ok(());
        }
        let is_it = |op: &Op| matches!(op, Op::Emit(said) if same(said, finding));
        self.next(is_it, || told_finding(finding)).map(drop)
    }

    pub(crate) fn read_file(
        &self,
        path: &str,
        bytes_max: usize,
        live: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<Vec<u8>> {
        let hash = hash(&[path.as_bytes(), &(bytes_max as u64).to_le_bytes()]);
        if !self.is_replaying() {
            let answer = live();
            self.add(Op::ReadFile {
                hash,
                answer: keep(&answer),
            });
            return answer;
        }
        let is_it = |op: &Op| matches!(op, Op::ReadFile { hash: h, .. } if *h == hash);
        match self.next(is_it, || format!("read_file {:?} #{hash:08x}", brief(path)))? {
            Op::ReadFile { answer, .. } => give(answer),
            _ => Err(diverged()),
        }
    }

    /// What a session answered, and whether the tool broke its protocol by asking.
    pub(crate) fn session(
        &self,
        asked: &str,
        live: impl FnOnce() -> (Result<Spoken>, bool),
    ) -> (Result<Spoken>, bool) {
        let hash = hash(&[asked.as_bytes()]);
        if !self.is_replaying() {
            let (answer, is_breach) = live();
            self.add(Op::Session {
                hash,
                answer: keep(&answer),
                is_breach,
            });
            return (answer, is_breach);
        }
        let is_it = |op: &Op| matches!(op, Op::Session { hash: h, .. } if *h == hash);
        match self.next(is_it, || format!("session: {} #{hash:08x}", brief(asked))) {
            Ok(Op::Session {
                answer, is_breach, ..
            }) => (give(answer), is_breach),
            Ok(_) => (Err(diverged()), false),
            Err(error) => (Err(error), false),
        }
    }

    /// Notes that the call saw another edition of what is known of a series than `expected`.
    pub(crate) fn saw(&self, series: SeriesId, expected: u32, edition: u32) {
        let mut state = lock(&self.0);
        let within = state.ops.iter().rev().find_map(|op| match op {
            Op::Series { series: s, edition } if *s == series => Some(*edition),
            _ => None,
        });
        if within.unwrap_or(expected) != edition {
            state.ops.push(Op::Series { series, edition });
        }
    }

    /// The edition that was recorded next, when it is of this series.
    pub(crate) fn edition(&self, series: SeriesId) -> Option<u32> {
        let mut state = lock(&self.0);
        match state.ops.get(state.at) {
            Some(Op::Series { series: s, edition }) if *s == series && state.is_replaying => {
                let edition = *edition;
                state.at += 1;
                Some(edition)
            }
            _ => None,
        }
    }

    pub(super) fn read(&self, asked: &str, live: impl FnOnce() -> Result<Rows>) -> Result<Rows> {
        let hash = hash(&[asked.as_bytes()]);
        if !self.is_replaying() {
            let answer = live();
            self.add(Op::ReadStore {
                hash,
                answer: keep(&answer),
            });
            return answer;
        }
        let is_it = |op: &Op| matches!(op, Op::ReadStore { hash: h, .. } if *h == hash);
        match self.next(is_it, || {
            format!("read of the store: {} #{hash:08x}", brief(asked))
        })? {
            Op::ReadStore { answer, .. } => give(answer),
            _ => Err(diverged()),
        }
    }
}

impl Call {
    /// The first thing it did, for people.
    pub(crate) fn told(&self) -> String {
        match self.ops.first() {
            Some(op) => op.told(),
            None => "a call".to_owned(),
        }
    }
}

impl Rows {
    /// About how many bytes they hold.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::List(rows) => rows.len() * 256,
            Self::Range(rows) => rows.len() * 16,
            Self::Windows(rows) => rows.len() * 48,
            Self::Quantiles(rows) => rows.iter().map(|(_, q)| 40 + q.len() * 8).sum(),
            Self::Findings(rows) => rows.len() * 1024,
            Self::Status(_) => 256,
        }
    }
}
