//! Turns records into frames: names become rows of tables that are said once.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::ring::{Drop, Record, SpanRecord, Text};
use crate::value::Owned;
use crate::wire::{
    FRAME, FRAME_BYTES_AIM, Frame, SERIES_MAX, SeriesDef, SpanIds, TABLE_BYTES_MAX, TEXTS_MAX,
    WireSignal,
};

/// Hook of the spans of observed functions and of the `tracing` layer.
pub(crate) const SPAN_HOOK: &str = "program.span";
/// Hook of sampled allocations.
pub(crate) const ALLOCATION_HOOK: &str = "memory.after_allocation";

type Labels = Vec<(Text, String)>;

/// A frame as bytes, and how many signals are lost when it is not sent; tables must always be sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Encoded {
    pub(crate) bytes: Vec<u8>,
    pub(crate) signals: u64,
}

/// The tables of this process; they only grow.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    series_rows: HashMap<(Text, Labels), u32>,
    series: Vec<SeriesDef>,
    text_rows: HashMap<Text, u32>,
    texts: Vec<String>,
    bytes: usize,
    said_series: usize,
    said_texts: usize,
}

/// A `Signals` frame under construction.
#[derive(Debug, Default)]
struct Draft {
    base: i64,
    signals: Vec<WireSignal>,
    bytes: usize,
}

impl Tables {
    /// All that a new watcher must know before the next frame.
    ///
    /// # Errors
    /// The codec's.
    pub(crate) fn greeting(&self) -> Result<Vec<Encoded>, crate::Error> {
        self.definitions(0, 0)
    }

    /// The frames of a batch: first the new rows, then the signals.
    ///
    /// # Errors
    /// The codec's.
    pub(crate) fn encode(
        &mut self,
        records: impl IntoIterator<Item = Record>,
    ) -> Result<Vec<Encoded>, crate::Error> {
        let mut frames = Vec::new();
        let mut draft = Draft::default();
        for record in records {
            if draft.signals.is_empty() {
                draft.base = record.time();
            }
            match self.shorten(record, draft.base) {
                Some(signal) => {
                    draft.bytes += signal.bytes();
                    draft.signals.push(signal);
                }
                None => Drop::Table.count(1),
            }
            if draft.bytes >= FRAME_BYTES_AIM {
                self.close(std::mem::take(&mut draft), &mut frames)?;
            }
        }
        self.close(draft, &mut frames)?;
        Ok(frames)
    }

    fn close(&mut self, draft: Draft, frames: &mut Vec<Encoded>) -> Result<(), crate::Error> {
        frames.extend(self.definitions(self.said_series, self.said_texts)?);
        (self.said_series, self.said_texts) = (self.series.len(), self.texts.len());
        if !draft.signals.is_empty() {
            let signals = draft.signals.len() as u64;
            let bytes = FRAME.encode(&Frame::Signals {
                base: draft.base,
                signals: draft.signals,
            })?;
            frames.push(Encoded { bytes, signals });
        }
        Ok(())
    }

    /// The rows from these numbers on, in frames of bounded size.
    fn definitions(
        &self,
        from_series: usize,
        from_texts: usize,
    ) -> Result<Vec<Encoded>, crate::Error> {
        let mut frames = Vec::new();
        let (mut series, mut texts, mut bytes) = (Vec::new(), Vec::new(), 0);
        let mut close = |series: &mut Vec<SeriesDef>, texts: &mut Vec<String>| {
            let frame = Frame::Define {
                series: std::mem::take(series),
                texts: std::mem::take(texts),
            };
            FRAME
                .encode(&frame)
                .map(|bytes| frames.push(Encoded { bytes, signals: 0 }))
        };
        for row in self.series.iter().skip(from_series) {
            bytes += row.bytes();
            series.push(row.clone());
            if bytes >= FRAME_BYTES_AIM {
                close(&mut series, &mut texts)?;
                bytes = 0;
            }
        }
        for row in self.texts.iter().skip(from_texts) {
            bytes += 6 + row.len();
            texts.push(row.clone());
            if bytes >= FRAME_BYTES_AIM {
                close(&mut series, &mut texts)?;
                bytes = 0;
            }
        }
        if bytes > 0 {
            close(&mut series, &mut texts)?;
        }
        Ok(frames)
    }

    /// The short form, or nothing when a table is full.
    fn shorten(&mut self, record: Record, base: i64) -> Option<WireSignal> {
        let time = record.time().wrapping_sub(base);
        Some(match record {
            Record::Sample {
                name,
                unit,
                labels,
                value,
                ..
            } => {
                let series = self.series_row(name, unit, labels)?;
                WireSignal::Sample {
                    series,
                    time,
                    value,
                }
            }
            Record::Event {
                hook,
                name,
                attributes,
                ..
            } => {
                let (hook, name) = (self.text_row(hook)?, self.text_row(name)?);
                WireSignal::Event {
                    hook,
                    name,
                    time,
                    attributes: self.attributes(attributes)?,
                }
            }
            Record::Span(span) => {
                let SpanRecord {
                    trace_id,
                    span_id,
                    parent,
                    name,
                    start,
                    end,
                    status,
                    attributes,
                } = *span;
                WireSignal::Span {
                    ids: SpanIds {
                        trace: trace_id,
                        span: span_id,
                        parent,
                    },
                    name: self.text_row(name)?,
                    start: time,
                    took: end.saturating_sub(start).max(0).unsigned_abs(),
                    status,
                    attributes: self.attributes(attributes)?,
                }
            }
            Record::Allocation {
                bytes,
                align,
                estimated_bytes,
                kind,
                ..
            } => {
                let hook = self.text_row(Cow::Borrowed(ALLOCATION_HOOK))?;
                let whole = |n: u64| Owned::Int(i64::try_from(n).unwrap_or(i64::MAX));
                let attributes = vec![
                    (Cow::Borrowed("bytes"), whole(bytes)),
                    (Cow::Borrowed("align_bytes"), whole(align)),
                    (
                        Cow::Borrowed("estimated_bytes"),
                        Owned::Real(estimated_bytes),
                    ),
                    (Cow::Borrowed("kind"), Owned::Text(kind.to_owned())),
                ];
                WireSignal::Event {
                    hook,
                    name: hook,
                    time,
                    attributes: self.attributes(attributes)?,
                }
            }
        })
    }

    fn attributes(&mut self, attributes: Vec<(Text, Owned)>) -> Option<Vec<(u32, Owned)>> {
        attributes
            .into_iter()
            .map(|(key, value)| Some((self.text_row(key)?, value)))
            .collect()
    }

    fn text_row(&mut self, text: Text) -> Option<u32> {
        if let Some(row) = self.text_rows.get(&text) {
            return Some(*row);
        }
        let row = self.admit(self.texts.len(), TEXTS_MAX, 6 + text.len())?;
        self.texts.push(text.clone().into_owned());
        self.text_rows.insert(text, row);
        Some(row)
    }

    fn series_row(
        &mut self,
        name: Text,
        unit: voidstate_core::Unit,
        labels: Labels,
    ) -> Option<u32> {
        let key = (name, labels);
        if let Some(row) = self.series_rows.get(&key) {
            return Some(*row);
        }
        let owned = key
            .1
            .iter()
            .map(|(name, value)| (name.clone().into_owned(), value.clone()))
            .collect();
        let definition = SeriesDef {
            name: key.0.clone().into_owned(),
            unit,
            labels: owned,
        };
        let row = self.admit(self.series.len(), SERIES_MAX, definition.bytes())?;
        self.series.push(definition);
        self.series_rows.insert(key, row);
        Some(row)
    }

    fn admit(&mut self, rows: usize, rows_max: usize, bytes: usize) -> Option<u32> {
        if rows >= rows_max || self.bytes + bytes > TABLE_BYTES_MAX {
            return None;
        }
        self.bytes += bytes;
        u32::try_from(rows).ok()
    }
}

impl Record {
    fn time(&self) -> i64 {
        match self {
            Self::Sample { time, .. }
            | Self::Event { time, .. }
            | Self::Allocation { time, .. } => *time,
            Self::Span(span) => span.start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use voidstate_core::Unit;

    fn sample(series: usize) -> Record {
        let name = Cow::Owned(format!("program.s{series}"));
        Record::Sample {
            name,
            unit: Unit::None,
            labels: Vec::new(),
            time: 1,
            value: 0.5,
        }
    }

    #[test]
    fn a_row_is_said_once() {
        let mut tables = Tables::default();
        let first = tables.encode([sample(0), sample(1), sample(0)]).unwrap();
        assert_eq!(first.iter().map(|f| f.signals).collect::<Vec<_>>(), [0, 3]);
        let second = tables.encode([sample(1)]).unwrap();
        assert_eq!(second.iter().map(|f| f.signals).collect::<Vec<_>>(), [1]);
        assert_eq!(tables.greeting().unwrap().len(), 1);
    }

    #[test]
    fn a_full_table_drops_and_frames_stay_bounded() {
        let mut tables = Tables::default();
        let frames = tables.encode((0..SERIES_MAX + 10).map(sample)).unwrap();
        assert_eq!(
            frames.iter().map(|f| f.signals).sum::<u64>(),
            SERIES_MAX as u64
        );
        assert!(
            frames
                .iter()
                .all(|f| f.bytes.len() <= crate::wire::FRAME_BYTES_MAX)
        );
    }
}
