//! A layer that turns what a program tells `tracing` into signals.

use std::borrow::Cow;
use std::fmt;
use std::time::Instant;

use tracing_core::field::{Field, Visit};
use tracing_core::span::{Attributes, Id, Record as Values};
use tracing_core::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;
use voidstate_core::SpanStatus;

use crate::check::ATTRIBUTES_MAX;
use crate::ring::{self, Record, SpanRecord, Text};
use crate::span::{fresh_id, fresh_trace};
use crate::value::{Owned, ToValue, Value, cut};

/// Hook of `tracing` events.
const EVENT_HOOK: &str = "program.event";

/// Events become events at `program.event` (named by their target, with `level`, `message` and their fields), spans
/// become spans at `program.span`. A span in which an event of level `ERROR` was fired, or whose field `error` was set,
/// has the status error.
///
/// Cost: one relaxed load per event and span while nobody watches. Spans that began before somebody watched are not
/// told; their children are, without a parent.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct ObserverLayer;

impl ObserverLayer {
    /// The layer.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

/// What a span keeps while it is open.
struct Open {
    trace_id: u128,
    span_id: u64,
    parent: Option<u64>,
    start_ns: i64,
    clock: Instant,
    failed: bool,
    fields: Fields,
}

/// Fields gathered by name; a field that is set again replaces its value, as `tracing` means it.
#[derive(Default)]
struct Fields(Vec<(Text, Owned)>);

impl Fields {
    fn put(&mut self, key: Text, value: Value<'_>) {
        let Some(value) = Owned::new(value) else {
            return;
        };
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    fn set(&mut self, field: &Field, value: Value<'_>) {
        self.put(Cow::Borrowed(field.name()), value);
    }

    fn has_error(&self) -> bool {
        self.0.iter().any(|(key, _)| key == "error")
    }

    fn into_attributes(mut self) -> Vec<(Text, Owned)> {
        if self.0.len() > ATTRIBUTES_MAX {
            self.0.truncate(ATTRIBUTES_MAX - 1);
            self.0
                .push((Cow::Borrowed("attributes_cut"), Owned::Bool(true)));
        }
        self.0
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, Value::Real(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, Value::Int(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, Value::Unsigned(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, Value::Bool(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value.to_value());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field, Value::Text(&format!("{value:?}")));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for ObserverLayer {
    fn on_new_span(&self, given: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if !ring::is_watched() {
            return;
        }
        let Some(span) = context.span(id) else { return };
        let parent = span.parent().and_then(|parent| {
            parent
                .extensions()
                .get::<Open>()
                .map(|open| (open.trace_id, open.span_id))
        });
        let mut fields = Fields::default();
        given.record(&mut fields);
        span.extensions_mut().insert(Open {
            trace_id: parent.map_or_else(fresh_trace, |(trace, _)| trace),
            span_id: fresh_id(),
            parent: parent.map(|(_, span)| span),
            start_ns: ring::now_ns(),
            clock: Instant::now(),
            failed: false,
            fields,
        });
    }

    fn on_record(&self, id: &Id, values: &Values<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<Open>() {
            values.record(&mut open.fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if !ring::is_watched() {
            return;
        }
        let metadata = event.metadata();
        if *metadata.level() == Level::ERROR
            && let Some(span) = context.event_span(event)
            && let Some(open) = span.extensions_mut().get_mut::<Open>()
        {
            open.failed = true;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        // A field of the program's own called `level` is kept.
        if !fields.0.iter().any(|(key, _)| key == "level") {
            fields.0.insert(
                0,
                (
                    Cow::Borrowed("level"),
                    Owned::Text(metadata.level().to_string()),
                ),
            );
        }
        let attributes = fields.into_attributes();
        let name = cut(metadata.target()).into_owned();
        ring::outside(|| {
            let (hook, time) = (Cow::Borrowed(EVENT_HOOK), ring::now_ns());
            ring::push(Record::Event {
                hook,
                name: Cow::Owned(name),
                time,
                attributes,
            });
        });
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else {
            return;
        };
        let Some(open) = span.extensions_mut().remove::<Open>() else {
            return;
        };
        if !ring::is_watched() {
            return;
        }
        let took_ns = i64::try_from(open.clock.elapsed().as_nanos()).unwrap_or(i64::MAX);
        let failed = open.failed || open.fields.has_error();
        let record = SpanRecord {
            trace_id: open.trace_id,
            span_id: open.span_id,
            parent: open.parent,
            name: Cow::Borrowed(span.metadata().name()),
            start: open.start_ns,
            end: open.start_ns.saturating_add(took_ns),
            status: if failed {
                SpanStatus::Error
            } else {
                SpanStatus::Unset
            },
            attributes: open.fields.into_attributes(),
        };
        ring::outside(|| ring::push(Record::Span(Box::new(record))));
    }
}
