//! The thread that writes a recording, and the bounded queue in front of it.

use std::collections::{HashMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use voidstate_core::{Clock, Timestamp};

use super::pack::Memory;
use super::tape::{Note, Pending};
use super::wire::{CHUNK, Chunk, ENGINE_TAPE, EndWhy, Entry, HEAD, Head, Placed, Settings};
use crate::engine::lock;
use crate::error::{Error, Result};

/// What may wait for the disk, unless the recorder says otherwise.
const BUFFER_BYTES: usize = 64 << 20;
/// How often what the engine noted is handed on when no shard does it.
const PERIOD: Duration = Duration::from_millis(200);
/// How long the end of an engine waits for the disk.
const FINISH_WITHIN: Duration = Duration::from_secs(10);

/// Where bytes go, with a way to take back what was only half written.
trait Out: Write + Send {
    fn cut_to(&mut self, bytes: u64) -> io::Result<()>;
}

impl Out for File {
    fn cut_to(&mut self, bytes: u64) -> io::Result<()> {
        self.set_len(bytes)?;
        self.seek(SeekFrom::Start(bytes)).map(drop)
    }
}

struct Stream<W>(W);

impl<W: Write> Write for Stream<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W: Write + Send> Out for Stream<W> {
    fn cut_to(&mut self, _: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Where a recording goes; give it to [`EngineBuilder::record`](super::super::EngineBuilder::record).
pub struct Recorder {
    out: Box<dyn Out>,
    place: String,
    program: String,
    buffer_bytes: usize,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl Recorder {
    /// Records into a new file that only its owner may read.
    ///
    /// # Errors
    /// [`Error::RecordingFile`] when the file is there already or cannot be made.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let path: PathBuf = path.as_ref().to_owned();
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path);
        let file = made.map_err(|cause| Error::RecordingFile {
            place: path.display().to_string(),
            doing: "made",
            cause,
        })?;
        Ok(Self::new(Box::new(file), path.display().to_string()))
    }

    /// Records into anything that bytes can be written to.
    #[must_use]
    pub fn stream(out: impl Write + Send + 'static) -> Self {
        Self::new(Box::new(Stream(out)), "a stream".to_owned())
    }

    fn new(out: Box<dyn Out>, place: String) -> Self {
        Self {
            out,
            place,
            program: concat!("voidstate-runtime ", env!("CARGO_PKG_VERSION")).to_owned(),
            buffer_bytes: BUFFER_BYTES,
        }
    }

    /// Names the program in the recording.
    #[must_use]
    pub fn program(mut self, program: &str) -> Self {
        program.clone_into(&mut self.program);
        self
    }

    /// How many bytes may wait for the disk, 64 MiB unless told; when more would, the recording ends with a mark.
    #[must_use]
    pub const fn buffer(mut self, bytes: usize) -> Self {
        self.buffer_bytes = bytes;
        self
    }
}

/// How a recording is going.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingState {
    /// Where it goes.
    pub place: String,
    /// Bytes written so far.
    pub bytes: u64,
    /// Signals written so far.
    pub signals: u64,
    /// Why it ended before the engine did, if it did.
    pub trouble: Option<String>,
}

#[derive(Debug, Default)]
struct Waiting {
    chunks: VecDeque<Pending>,
    weight: usize,
    end: Option<(EndWhy, Timestamp)>,
}

/// Everything that is noted, on its way to the writer.
pub(crate) struct Tapes {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    engine: Mutex<Pending>,
    is_over: AtomicBool,
    is_told: AtomicBool,
    trouble: Mutex<Option<String>>,
    bytes: AtomicU64,
    signals: AtomicU64,
    buffer_bytes: usize,
    place: String,
    clock: Arc<dyn Clock>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl std::fmt::Debug for Tapes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tapes").finish_non_exhaustive()
    }
}

impl Tapes {
    /// Writes the head and starts the thread.
    pub(crate) fn start(
        recorder: Recorder,
        settings: Settings,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>> {
        let Recorder {
            mut out,
            place,
            program,
            buffer_bytes,
        } = recorder;
        let head = Head {
            program,
            started: clock.now(),
            settings,
        };
        let head = HEAD.encode(&head).map_err(Error::RecordingEncode)?;
        out.write_all(&head).map_err(|cause| Error::RecordingFile {
            place: place.clone(),
            doing: "written",
            cause,
        })?;
        let tapes = Arc::new(Self {
            waiting: Mutex::default(),
            filled: Condvar::new(),
            engine: Mutex::new(Pending::new(ENGINE_TAPE)),
            is_over: AtomicBool::new(false),
            is_told: AtomicBool::new(false),
            trouble: Mutex::default(),
            bytes: AtomicU64::new(head.len() as u64),
            signals: AtomicU64::new(0),
            buffer_bytes,
            place,
            clock,
            thread: Mutex::default(),
        });
        let writer = Writer {
            out,
            tapes: Arc::clone(&tapes),
            tapes_seen: HashMap::new(),
            last: None,
        };
        let thread = std::thread::Builder::new()
            .name("recorder".to_owned())
            .spawn(move || writer.run())
            .map_err(|cause| Error::Thread { cause })?;
        *lock(&tapes.thread) = Some(thread);
        Ok(tapes)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Notes something of the whole engine.
    pub(crate) fn note(&self, entry: Entry) {
        if !self.is_over() {
            lock(&self.engine).add(0, Note::Entry(entry));
        }
    }

    /// Queues what the engine noted, then a shard's notes, which may rest on it.
    pub(crate) fn push(&self, pending: Pending) {
        let mut engine = lock(&self.engine);
        let own = engine.take();
        let mut waiting = lock(&self.waiting);
        for pending in [own, pending] {
            if pending.notes.is_empty() || waiting.end.is_some() {
                continue;
            }
            if waiting.weight + pending.weight > self.buffer_bytes {
                let why = format!(
                    "the disk is too slow: more than {} bytes waited for it",
                    self.buffer_bytes
                );
                self.stop(&mut waiting, why);
                break;
            }
            waiting.weight += pending.weight;
            waiting.chunks.push_back(pending);
        }
        drop(waiting);
        drop(engine);
        self.filled.notify_one();
    }

    fn flush_engine(&self) {
        if !lock(&self.engine).notes.is_empty() {
            self.push(Pending::new(ENGINE_TAPE));
        }
    }

    fn stop(&self, waiting: &mut Waiting, why: String) {
        if waiting.end.is_none() {
            waiting.end = Some((EndWhy::Stopped(why.clone()), self.clock.now()));
        }
        lock(&self.trouble).get_or_insert(why);
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// Why it ended early, once.
    pub(crate) fn news(&self) -> Option<String> {
        if !self.is_over() || self.is_told.load(Ordering::Relaxed) {
            return None;
        }
        let trouble = lock(&self.trouble).clone()?;
        (!self.is_told.swap(true, Ordering::Relaxed)).then_some(trouble)
    }

    pub(crate) fn state(&self) -> RecordingState {
        RecordingState {
            place: self.place.clone(),
            bytes: self.bytes.load(Ordering::Relaxed),
            signals: self.signals.load(Ordering::Relaxed),
            trouble: lock(&self.trouble).clone(),
        }
    }

    /// Writes what is left and the end, and waits for it, though not for ever; false when it did not come to its end.
    pub(crate) fn finish(&self) -> bool {
        self.flush_engine();
        let mut waiting = lock(&self.waiting);
        if waiting.end.is_none() {
            waiting.end = Some((EndWhy::Finished, self.clock.now()));
        }
        drop(waiting);
        self.is_over.store(true, Ordering::Relaxed);
        self.filled.notify_one();
        let Some(thread) = lock(&self.thread).take() else {
            return true;
        };
        let until = Instant::now() + FINISH_WITHIN;
        while !thread.is_finished() {
            if Instant::now() >= until {
                let why = "the disk did not take what was left";
                lock(&self.trouble).get_or_insert_with(|| why.to_owned());
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let _ = thread.join();
        true
    }
}

struct Writer {
    out: Box<dyn Out>,
    tapes: Arc<Tapes>,
    /// Of each tape: what both ends remember, and its last position.
    tapes_seen: HashMap<u32, (Memory, u64)>,
    /// Where the last record began that was written, and how many signals it holds.
    last: Option<(u64, u64)>,
}

enum Next {
    Chunk(Pending),
    End(EndWhy, Timestamp),
    Nothing,
}

impl Writer {
    fn run(mut self) {
        loop {
            match self.next() {
                Next::Nothing => self.tapes.flush_engine(),
                Next::Chunk(pending) => {
                    if let Err(why) = self.write(pending) {
                        let mut waiting = lock(&self.tapes.waiting);
                        self.tapes.stop(&mut waiting, why.clone());
                        // What follows rests on what could not be written.
                        waiting.chunks.clear();
                        let at = waiting
                            .end
                            .take()
                            .map_or_else(Timestamp::default, |end| end.1);
                        waiting.end = Some((EndWhy::Stopped(why), at));
                    }
                }
                Next::End(why, at) => return self.end(why, at),
            }
        }
    }

    /// Writes the end. Where there is no room for it, a mark takes the place of the last record.
    fn end(&mut self, why: EndWhy, at: Timestamp) {
        let mark = |why| {
            let mut pending = Pending::new(ENGINE_TAPE);
            pending.add(0, Note::Entry(Entry::End { why, at }));
            pending
        };
        let Err(trouble) = self.write(mark(why)) else {
            return;
        };
        let trouble = lock(&self.tapes.trouble).get_or_insert(trouble).clone();
        let Some((start, signals)) = self.last else {
            return;
        };
        if self.out.cut_to(start).is_ok() {
            self.tapes.bytes.store(start, Ordering::Relaxed);
            self.tapes.signals.fetch_sub(signals, Ordering::Relaxed);
            // When there is no room for it either, the recording is one that was cut off.
            let _ = self.write(mark(EndWhy::Stopped(trouble)));
        }
    }

    fn next(&self) -> Next {
        let mut waiting = lock(&self.tapes.waiting);
        if waiting.chunks.is_empty() && waiting.end.is_none() {
            let waited = self.tapes.filled.wait_timeout(waiting, PERIOD);
            waiting = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        match waiting.chunks.pop_front() {
            Some(pending) => {
                waiting.weight -= pending.weight;
                Next::Chunk(pending)
            }
            None => match waiting.end.clone() {
                Some((why, at)) => Next::End(why, at),
                None => Next::Nothing,
            },
        }
    }

    fn write(&mut self, pending: Pending) -> std::result::Result<(), String> {
        let (memory, last) = self.tapes_seen.entry(pending.tape).or_default();
        let mut signals = 0;
        let mut place = |(position, note): (u64, Note)| {
            let what = match note {
                Note::Batch(first, batch) => {
                    signals += batch.len() as u64;
                    Entry::Batch(memory.pack(&batch, first))
                }
                Note::Entry(mut entry) => {
                    memory.shrink(&mut entry);
                    entry
                }
            };
            let step = position.saturating_sub(*last);
            *last = position.max(*last);
            Placed { step, what }
        };
        let chunk = Chunk {
            tape: pending.tape,
            through: pending.through,
            entries: pending.notes.into_iter().map(&mut place).collect(),
        };
        let bytes = CHUNK
            .encode(&chunk)
            .map_err(|error| format!("what happened cannot be encoded: {error}"))?;
        let before = self.tapes.bytes.load(Ordering::Relaxed);
        match self.out.write_all(&bytes).and_then(|()| self.out.flush()) {
            Ok(()) => {
                let after = before + bytes.len() as u64;
                self.tapes.bytes.store(after, Ordering::Relaxed);
                self.tapes.signals.fetch_add(signals, Ordering::Relaxed);
                self.last = Some((before, signals));
                Ok(())
            }
            Err(error) => {
                // A half-written record would hide the mark that is written next.
                let cut = self.out.cut_to(before);
                let more = cut.err().map_or_else(String::new, |error| {
                    format!("; what was half written stays: {error}")
                });
                Err(format!("the recording cannot be written: {error}{more}"))
            }
        }
    }
}
