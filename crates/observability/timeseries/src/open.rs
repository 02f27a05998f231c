//! Opening: what is on the disk becomes the state.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, RwLock};

use crate::background::Signal;
use crate::catalogue::{self, Catalogue};
use crate::error::{Error, Result};
use crate::files::{self, Listing};
use crate::findings::{self, FindingLog, Findings};
use crate::head::Head;
use crate::header::FileKind;
use crate::log::Log;
use crate::notes::Notes;
use crate::options::Options;
use crate::segment::Segment;
use crate::state::{Frozen, State};
use crate::store::{Inner, Writer};
use crate::transaction::{Acknowledged, Extent};
use crate::wal;

/// Opens everything but the threads.
pub(crate) fn open(dir: &Path, options: Options) -> Result<Inner> {
    files::make(dir)?;
    let lock = files::lock(dir)?;
    let listing = files::list(dir)?;
    for path in &listing.unfinished {
        files::remove(path)?;
    }
    let notes = Notes::default();
    let open_files = Arc::new(AtomicUsize::new(0));
    let mut opening = Opening {
        dir,
        notes: &notes,
        catalogue: Catalogue::default(),
        orphans: BTreeSet::new(),
    };
    let catalogue_log = opening.catalogue()?;
    let (segments, wals) = opening.segments(&listing, &open_files)?;
    let newest = segments.last().map_or(0, |s| s.generation);
    let (mut frozen, active) = opening.wals(&wals)?;
    let (head, wal) = match active {
        Some((head, log)) if head.generation > newest => (head, log),
        other => {
            let before = other.map_or(0, |(head, log)| {
                let generation = head.generation;
                freeze(head, &log, &mut frozen);
                generation
            });
            let generation = newest.max(before) + 1;
            let log = Log::create(&files::wal(dir, generation), FileKind::Wal, generation)?;
            (Head::new(generation), log)
        }
    };
    let (findings, finding_log) = opening.findings(&listing)?;
    opening.tell_orphans();
    let pending = frozen.len();
    let state = State {
        catalogue: opening.catalogue,
        frozen,
        segments: Arc::new(segments),
        findings,
        catalogue_bytes: catalogue_log.len(),
        wal_bytes: wal.len(),
        head,
    };
    let writer = Writer {
        generation: state.head.generation,
        wal,
        catalogue: catalogue_log,
        findings: finding_log,
        buffer: Vec::new(),
        left: Vec::new(),
        names_dirty: true,
    };
    Ok(Inner {
        dir: dir.to_owned(),
        options,
        notes,
        syncing: Mutex::new(()),
        writer: Mutex::new(writer),
        state: RwLock::new(state),
        signal: Signal::new(pending),
        _lock: lock,
        open_files,
    })
}

fn freeze(head: Head, log: &Log, frozen: &mut Waiting) {
    frozen.push_back(Arc::new(Frozen {
        head,
        wal: log.path().to_owned(),
        wal_bytes: log.len(),
    }));
}

/// Heads that wait for their segments, the oldest first.
type Waiting = VecDeque<Arc<Frozen>>;

struct Opening<'a> {
    dir: &'a Path,
    notes: &'a Notes,
    catalogue: Catalogue,
    /// Numbers of series that the catalogue does not know.
    orphans: BTreeSet<u32>,
}

impl Opening<'_> {
    fn catalogue(&mut self) -> Result<Log> {
        let path = files::catalogue(self.dir);
        if !path.exists() {
            return Log::create(&path, FileKind::Catalogue, 0);
        }
        let mut refused = 0_u64;
        let each = |_, record: &[u8]| {
            let entered = catalogue::decode(record).is_some_and(|(id, info)| {
                self.catalogue.enter(Acknowledged::on_disk(), id.0, info)
            });
            refused += u64::from(!entered);
        };
        let log = Log::open(
            &path,
            FileKind::Catalogue,
            0,
            &catalogue::framing(),
            each,
            |note| self.notes.say(note),
        )?;
        if refused > 0 {
            self.notes.say(format!("{}: {refused} records contradict others or are of another version; they were skipped", path.display()));
        }
        Ok(log)
    }

    /// Segments, and the generations whose write-ahead logs are still needed.
    fn segments(
        &mut self,
        listing: &Listing,
        open_files: &Arc<AtomicUsize>,
    ) -> Result<(Vec<Arc<Segment>>, Vec<u64>)> {
        let mut wals = listing.wals.clone();
        let mut segments = Vec::new();
        for generation in &listing.segments {
            let path = files::segment(self.dir, *generation);
            let has_wal = wals.contains(generation);
            let mut faults = Vec::new();
            let segment =
                match Segment::open(&path, *generation, open_files, |note| faults.push(note)) {
                    Ok(segment) => segment,
                    Err(error @ Error::Version { .. }) => return Err(error),
                    Err(error) => {
                        self.notes.say(format!("{error}; the segment was skipped"));
                        continue;
                    }
                };
            if has_wal && !faults.is_empty() {
                // The log it was made of is still there: it is made again.
                files::remove(&path)?;
                self.notes.say(format!(
                    "{} is damaged and will be written again from its log",
                    path.display()
                ));
                continue;
            }
            faults.into_iter().for_each(|note| self.notes.say(note));
            if has_wal {
                files::remove(&files::wal(self.dir, *generation))?;
                wals.retain(|g| g != generation);
            }
            for chunk in &segment.index.chunks {
                self.check(chunk.id);
            }
            segments.push(Arc::new(segment));
        }
        Ok((segments, wals))
    }

    /// Whether the catalogue knows a series; where not, its number is not issued again.
    fn check(&mut self, id: u32) -> bool {
        let known = self.catalogue.knows(id);
        if !known {
            self.orphans.insert(id);
            self.catalogue.reserve(id);
        }
        known
    }

    /// Replays the logs: all but the last wait for their segments, the last goes on.
    fn wals(&mut self, generations: &[u64]) -> Result<(Waiting, Option<(Head, Log)>)> {
        let mut frozen = VecDeque::new();
        let mut active: Option<(Head, Log)> = None;
        for generation in generations {
            let path = files::wal(self.dir, *generation);
            let mut head = Head::new(*generation);
            let mut forged = 0_u64;
            let notes = self.notes;
            let each = |_, record: &[u8]| {
                let read = wal::decode(record, |point| {
                    if self.check(point.series.0) {
                        head.push(Acknowledged::on_disk(), point);
                    }
                });
                forged += u64::from(read.is_none());
            };
            let framing = wal::framing(*generation);
            let log = Log::open(&path, FileKind::Wal, *generation, &framing, each, |note| {
                notes.say(note)
            })?;
            if forged > 0 {
                notes.say(format!(
                    "{}: {forged} records are not what they claim; they were skipped",
                    path.display()
                ));
            }
            if let Some((head, log)) = active.replace((head, log)) {
                freeze(head, &log, &mut frozen);
            }
        }
        Ok((frozen, active))
    }

    fn findings(&mut self, listing: &Listing) -> Result<(Findings, Option<(u64, Log)>)> {
        let mut findings = Findings::default();
        let mut last = None;
        for generation in &listing.findings {
            let path = files::findings(self.dir, *generation);
            let mut read = Vec::new();
            let notes = self.notes;
            let each = |offset, record: &[u8]| match findings::decode(record) {
                Ok(finding) => {
                    let end = offset + record.len() as u64;
                    read.push((finding, Extent { offset, end }));
                }
                Err(error) => notes.say(format!(
                    "{}: finding at {offset} cannot be read ({error}); it was skipped",
                    path.display()
                )),
            };
            let log = Log::open(
                &path,
                FileKind::Findings,
                *generation,
                &catalogue::framing(),
                each,
                |note| notes.say(note),
            )?;
            findings.logs.insert(
                *generation,
                FindingLog {
                    path: path.clone(),
                    file: Arc::clone(log.file()),
                    bytes: log.len(),
                },
            );
            for (finding, extent) in read {
                findings.enter(Acknowledged::on_disk(), &finding, *generation, extent);
            }
            last = Some((*generation, log));
        }
        Ok((findings, last))
    }

    fn tell_orphans(&self) {
        if let Some(first) = self.orphans.first() {
            self.notes.say(format!(
                "{} series (the first has number {first}) are not in the catalogue any more; their samples cannot be read",
                self.orphans.len()
            ));
        }
    }
}
