//! Turns frames of a peer that is not trusted into signals.

use std::collections::HashMap;

use voidstate_core::{
    AttributeValue, Attributes, Emitter, Event, HookName, LABELS_MAX, MetricName, SeriesId,
    SeriesInfo, SeriesKey, Signal, Span, Timestamp,
};

use crate::Error;
use crate::check::ATTRIBUTES_MAX;
use crate::tables::SPAN_HOOK;
use crate::value::{Owned, cut};
use crate::wire::{Frame, SERIES_MAX, SeriesDef, SpanIds, TABLE_BYTES_MAX, TEXTS_MAX, WireSignal};

/// Label and attribute that name the program.
pub const PROGRAM: &str = "program";

/// The tables of one connection, and the series of all of them.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    program: String,
    rows: Vec<Option<SeriesId>>,
    texts: Vec<String>,
    hooks: HashMap<u32, HookName>,
    bytes: usize,
    /// Over all connections, so that a peer that comes back with new names cannot fill the engine.
    known: HashMap<SeriesKey, SeriesId>,
}

/// Why a signal is not usable.
type Refusal = &'static str;

impl Intake {
    pub(crate) fn set_program(&mut self, name: &str) {
        cut(name).as_ref().clone_into(&mut self.program);
    }

    /// The next connection begins with empty tables.
    pub(crate) fn forget_tables(&mut self) {
        self.rows = Vec::new();
        self.texts = Vec::new();
        self.hooks = HashMap::new();
        self.bytes = 0;
    }

    /// Hands a frame's content over; single signals that are not usable are rejected with the reason.
    ///
    /// # Errors
    /// [`Error::Protocol`] when the tables outgrow their limits.
    pub(crate) fn take(&mut self, frame: Frame, out: &mut dyn Emitter) -> Result<(), Error> {
        match frame {
            Frame::Define { series, texts } => self.define(series, texts, out),
            Frame::Signals { base, signals } => {
                for signal in signals {
                    if let Err(reason) = self.fire(base, signal, out) {
                        out.rejected(1, reason);
                    }
                }
                Ok(())
            }
            Frame::Dropped { count, reason } => {
                out.rejected(count, &cut(&reason));
                Ok(())
            }
        }
    }

    fn define(
        &mut self,
        series: Vec<SeriesDef>,
        texts: Vec<String>,
        out: &mut dyn Emitter,
    ) -> Result<(), Error> {
        let within = |rule, limit: usize, found: usize| {
            if found <= limit {
                return Ok(());
            }
            Err(Error::Protocol {
                rule,
                limit: limit as u64,
                found: found as u64,
            })
        };
        self.bytes += series.iter().map(SeriesDef::bytes).sum::<usize>();
        self.bytes += texts.iter().map(|text| 6 + text.len()).sum::<usize>();
        within(
            "series of a program",
            SERIES_MAX,
            self.rows.len() + series.len(),
        )?;
        within(
            "texts of a program",
            TEXTS_MAX,
            self.texts.len() + texts.len(),
        )?;
        within("bytes of the tables", TABLE_BYTES_MAX, self.bytes)?;
        for definition in series {
            let row = self.admit(definition, out);
            self.rows.push(row);
        }
        self.texts.extend(texts);
        Ok(())
    }

    fn admit(&mut self, definition: SeriesDef, out: &mut dyn Emitter) -> Option<SeriesId> {
        let info = match self.info(definition) {
            Ok(info) => info,
            Err(error) => {
                out.rejected(1, &format!("a series of the program is not valid: {error}"));
                return None;
            }
        };
        if !self.known.contains_key(&info.key) && self.known.len() >= SERIES_MAX {
            out.rejected(
                1,
                "the program has shown more than 4096 series over its restarts",
            );
            return None;
        }
        let id = out.series(&info);
        self.known.insert(info.key, id);
        Some(id)
    }

    fn info(&self, definition: SeriesDef) -> voidstate_core::Result<SeriesInfo> {
        let SeriesDef {
            name,
            unit,
            mut labels,
        } = definition;
        let said = labels.iter().any(|(label, _)| label == PROGRAM);
        if !said && labels.len() < LABELS_MAX {
            labels.push((PROGRAM.to_owned(), self.program.clone()));
        }
        Ok(SeriesInfo {
            key: SeriesKey::new(MetricName::new(&name)?, labels)?,
            hook: HookName::new(&name)?,
            unit,
            limit: None,
        })
    }

    fn fire(
        &mut self,
        base: i64,
        signal: WireSignal,
        out: &mut dyn Emitter,
    ) -> Result<(), Refusal> {
        match signal {
            WireSignal::Sample {
                series,
                time,
                value,
            } => {
                let row = self
                    .rows
                    .get(series as usize)
                    .ok_or("a sample of a series that was never defined")?;
                let id = row.ok_or("a sample of a series that is not valid")?;
                out.sample(id, at(base, time), value);
            }
            WireSignal::Event {
                hook,
                name,
                time,
                attributes,
            } => {
                let name = self.text(name)?.to_owned();
                let event = Event {
                    name,
                    time: at(base, time),
                    attributes: self.attributes(attributes)?,
                };
                let hook = self.hook(hook)?;
                out.signal(hook, Signal::Event(event));
            }
            WireSignal::Span {
                ids,
                name,
                start,
                took,
                status,
                attributes,
            } => {
                let SpanIds {
                    trace: trace_id,
                    span: span_id,
                    parent,
                } = ids;
                let start = at(base, start);
                let end = start
                    .as_nanos()
                    .checked_add_unsigned(took)
                    .ok_or("a span ends after the year 2262")?;
                let name = self.text(name)?.to_owned();
                let attributes = self.attributes(attributes)?;
                let end = Timestamp::from_nanos(end);
                let span = Span {
                    trace_id,
                    span_id,
                    parent,
                    name,
                    start,
                    end,
                    status,
                    attributes,
                };
                let hook = HookName::new(SPAN_HOOK)
                    .map_err(|_| "the hook of spans is not a valid name")?;
                out.signal(&hook, Signal::Span(span));
            }
        }
        Ok(())
    }

    fn text(&self, row: u32) -> Result<&str, Refusal> {
        self.texts
            .get(row as usize)
            .map(String::as_str)
            .ok_or("a signal names a text that was never defined")
    }

    fn hook(&mut self, row: u32) -> Result<&HookName, Refusal> {
        if !self.hooks.contains_key(&row) {
            let hook = HookName::new(self.text(row)?)
                .map_err(|_| "an event is fired at a hook that is not a valid name")?;
            self.hooks.insert(row, hook);
        }
        self.hooks.get(&row).ok_or("a hook that is not known")
    }

    fn attributes(&self, given: Vec<(u32, Owned)>) -> Result<Attributes, Refusal> {
        if given.len() > ATTRIBUTES_MAX {
            return Err("a signal has more than 32 attributes");
        }
        let mut attributes = Attributes::new();
        for (key, value) in given {
            if attributes
                .insert(self.text(key)?.to_owned(), value.into())
                .is_some()
            {
                return Err("an attribute is given twice");
            }
        }
        attributes
            .entry(PROGRAM.to_owned())
            .or_insert_with(|| AttributeValue::Text(self.program.clone()));
        Ok(attributes)
    }
}

/// Wraps around like the writer's subtraction does, so that every pair of times survives.
const fn at(base: i64, time: i64) -> Timestamp {
    Timestamp::from_nanos(base.wrapping_add(time))
}

#[cfg(test)]
#[path = "../tests/it/collect.rs"]
mod collect;

#[cfg(test)]
mod tests;
