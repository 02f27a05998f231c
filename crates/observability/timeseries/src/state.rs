//! What readers see of a store, and the pieces of it that a read walks through.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use voidstate_core::{SeriesKey, TimeRange};

use crate::catalogue::Catalogue;
use crate::findings::Findings;
use crate::head::{Head, Run};
use crate::segment::Segment;
use crate::segment_index::{Chunk, Times};

/// A head that waits for its segment.
#[derive(Debug)]
pub(crate) struct Frozen {
    pub(crate) head: Head,
    pub(crate) wal: PathBuf,
    pub(crate) wal_bytes: u64,
}

/// What readers see.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) catalogue: Catalogue,
    pub(crate) head: Head,
    /// The oldest first.
    pub(crate) frozen: VecDeque<Arc<Frozen>>,
    /// The oldest generation first.
    pub(crate) segments: Arc<Vec<Arc<Segment>>>,
    pub(crate) findings: Findings,
    /// Bytes of the catalogue and of the active write-ahead log.
    pub(crate) catalogue_bytes: u64,
    pub(crate) wal_bytes: u64,
}

/// Samples of one series that were written together.
#[derive(Debug)]
pub(crate) enum Piece {
    /// On the disk.
    Chunk {
        segment: Arc<Segment>,
        chunk: Chunk,
        times: Times,
    },
    /// In memory.
    Run(Run<'static>),
}

impl Piece {
    /// Earliest and latest stamp.
    pub(crate) fn span(&self) -> (i64, i64) {
        match self {
            Self::Chunk { times, .. } => (times.start, times.end),
            Self::Run(run) => (
                run.times.first().copied().unwrap_or(i64::MAX),
                run.times.last().copied().unwrap_or(i64::MIN),
            ),
        }
    }
}

impl State {
    pub(crate) fn bytes(&self) -> u64 {
        let segments: u64 = self.segments.iter().map(|s| s.bytes).sum();
        let frozen: u64 = self.frozen.iter().map(|f| f.wal_bytes).sum();
        segments + frozen + self.wal_bytes + self.catalogue_bytes + self.findings.bytes()
    }

    pub(crate) fn samples(&self) -> u64 {
        let segments: u64 = self.segments.iter().map(|s| s.samples).sum();
        let frozen: u64 = self.frozen.iter().map(|f| f.head.points()).sum();
        segments + frozen + self.head.points()
    }

    /// The pieces of a series that touch `range`, in the order in which they were written; empty for an unknown series.
    pub(crate) fn pieces(&self, key: &SeriesKey, range: TimeRange) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let Some(id) = self.catalogue.id(key) else {
            return pieces;
        };
        let (from, to) = (range.start().as_nanos(), range.end().as_nanos());
        let touches = |start: i64, end: i64| start < to && end >= from;
        for segment in self.segments.iter().filter(|s| touches(s.start, s.end)) {
            let chunks = segment.chunks(id).filter(|(_, t)| touches(t.start, t.end));
            pieces.extend(chunks.map(|(chunk, times)| Piece::Chunk {
                segment: Arc::clone(segment),
                chunk: *chunk,
                times: *times,
            }));
        }
        let heads = self.frozen.iter().map(|f| &f.head).chain([&self.head]);
        pieces.extend(
            heads
                .filter_map(|head| head.run(id).within(range))
                .map(Piece::Run),
        );
        pieces
    }
}

/// Puts pieces into groups in order of time: pieces of one group overlap each other, those of different groups do not.
/// Within a group the order of writing stays.
pub(crate) fn groups(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut order: Vec<(usize, Piece)> = pieces.into_iter().enumerate().collect();
    order.sort_by_key(|(_, piece)| piece.span().0);
    let mut groups: Vec<Vec<(usize, Piece)>> = Vec::new();
    let mut reach = i64::MIN;
    for (at, piece) in order {
        let (start, end) = piece.span();
        match groups.last_mut() {
            Some(group) if start <= reach => group.push((at, piece)),
            _ => groups.push(vec![(at, piece)]),
        }
        reach = reach.max(end);
    }
    groups
        .into_iter()
        .map(|mut group| {
            group.sort_by_key(|(at, _)| *at);
            group.into_iter().map(|(_, piece)| piece).collect()
        })
        .collect()
}
