//! What goes to the sinks: points, what tools said, and the engine's own series.

use std::sync::Arc;

use voidstate_core::{
    Catalogue, HookName, MetricName, Point, SeriesId, SeriesInfo, SeriesKey, Unit, wellknown,
};

use super::Fate::{self, Lives, Replaced};
use super::Worker;
use crate::engine::batch::Batch;
use crate::engine::lock;
use crate::engine::names::{NO_SERIES, Named};
use crate::engine::shard::{Entry, Metric, Phase};
use crate::engine::sinks::Parcel;

impl Worker {
    pub(super) fn flush_keeping_phase(&mut self) -> Fate {
        let fate = self.flush(None);
        self.shard().set_phase(Phase::Finishing);
        fate
    }

    /// Hands the points of a batch, then what was said, then the tools' metrics to the sinks.
    pub(super) fn flush(&mut self, entry: Option<Entry>) -> Fate {
        if let Some(entry) = entry {
            let shared = self.shared();
            let is_own = entry.batch.source == shared.own_source();
            let is_for_sinks = is_own || self.shard().number < shared.spread;
            if is_for_sinks && !entry.batch.points.is_empty() {
                shared
                    .sinks
                    .send(Parcel::Points(entry.batch), &shared.names, &shared.pool);
            } else {
                shared.pool.give(entry.batch);
            }
        }
        self.send_findings();
        if lock(&self.shard().metrics).is_empty() {
            return Lives;
        }
        self.publish()
    }

    fn send_findings(&self) {
        let mut findings = lock(&self.shard().findings);
        if findings.is_empty() {
            return;
        }
        let findings = std::mem::take(&mut *findings);
        let shared = self.shared();
        shared
            .sinks
            .send(Parcel::Findings(findings), &shared.names, &shared.pool);
    }

    /// Fires the tools' metrics at their hook. What tools publish while they see a metric goes to the sinks alone, so
    /// that tools cannot keep each other busy for ever.
    fn publish(&mut self) -> Fate {
        if let Some(batch) = self.metric_batch() {
            let entry = self.number_own(batch);
            self.note_batch(&entry);
            *lock(&self.shard().entry) = Some(entry.clone());
            survive!(self.fire_all(&entry, 0, false));
            let shared = self.shared();
            shared
                .sinks
                .send(Parcel::Points(entry.batch), &shared.names, &shared.pool);
            self.send_findings();
        }
        if let Some(batch) = self.metric_batch() {
            let entry = self.number_own(batch);
            self.shard().delivered.bump(entry.batch.len() as u64);
            let shared = self.shared();
            shared
                .sinks
                .send(Parcel::Points(entry.batch), &shared.names, &shared.pool);
        }
        Lives
    }

    /// Numbers a batch of the engine's own.
    fn number_own(&self, batch: Arc<Batch>) -> Entry {
        let shared = self.shared();
        if let Some(own) = shared.sources.get(shared.own_source()) {
            own.accepted.add(batch.len() as u64);
        }
        self.number(batch)
    }

    fn metric_batch(&mut self) -> Option<Arc<Batch>> {
        let mut metrics = std::mem::take(&mut self.metrics);
        std::mem::swap(&mut metrics, &mut lock(&self.shard().metrics));
        let shared = &self.frame.shared;
        let mut batch = shared.pool.take(shared.own_source());
        let inner = Arc::get_mut(&mut batch)?;
        for metric in metrics.drain(..) {
            let series = self.metric_series(&metric);
            if series != NO_SERIES {
                inner.points.push(Point {
                    series,
                    time: metric.time,
                    value: metric.value,
                });
            } else if let Some(own) = shared.sources.get(shared.own_source()) {
                own.reject(1, "there are too many series");
            }
        }
        let is_empty = inner.points.is_empty();
        self.metrics = metrics;
        if is_empty {
            self.frame.shared.pool.give(batch);
            return None;
        }
        Some(batch)
    }

    fn metric_series(&self, metric: &Metric) -> SeriesId {
        let slot = &metric.slot;
        let mut known = lock(&slot.metrics);
        let asked = (metric.name.clone(), metric.like);
        if let Some(id) = known.get(&asked) {
            return *id;
        }
        let name = format!("tool.{}.{}", slot.meta.id, metric.name);
        let name = MetricName::sanitised(&name);
        let (key, hook) = match metric.like.map(|like| self.shared().names.get(like)) {
            Some(like) => {
                let labels = like.map(|info| info.key.labels()).into_iter().flatten();
                let key = SeriesKey::new(name.clone(), labels);
                (key, wellknown::ENGINE_DERIVED)
            }
            None => {
                // Several instances publish under the same name: the label keeps them apart.
                let shard = slot.placement.shard.to_string();
                let labels = (slot.placement.shards > 1).then_some(("shard", shard));
                (SeriesKey::new(name.clone(), labels), wellknown::ENGINE_TOOL)
            }
        };
        let key = key.unwrap_or_else(|_| SeriesKey::plain(name));
        let id = self.name_own(key, hook, Unit::None);
        known.insert(asked, id);
        id
    }

    fn name_own(&self, key: SeriesKey, hook: &str, unit: Unit) -> SeriesId {
        let Ok(hook) = HookName::new(hook) else {
            return NO_SERIES;
        };
        let info = SeriesInfo {
            key,
            hook,
            unit,
            limit: None,
        };
        match self.shared().names.name(&info) {
            Named::Is(id) | Named::But(id, _) => id,
            Named::Full => NO_SERIES,
        }
    }

    /// Publishes the number of dropped signals by source and reason, once a second while it changes.
    pub(super) fn report_drops(&mut self) {
        let shared = Arc::clone(&self.frame.shared);
        let mut changed = Vec::new();
        for (source, counts) in shared.sources.iter().enumerate() {
            for (reason, count) in counts.dropped() {
                let mut known = self.own_series.iter_mut();
                let known = known.find(|(s, r, ..)| (*s, *r) == (source, reason));
                match known {
                    Some((.., before)) if *before == count => {}
                    Some((.., series, before)) => {
                        *before = count;
                        changed.push((*series, count));
                    }
                    None => {
                        let labels = [
                            ("reason", reason.as_str()),
                            ("source", counts.name.as_str()),
                        ];
                        let metric = MetricName::sanitised("engine.dropped");
                        let key = SeriesKey::new(metric.clone(), labels);
                        let key = key.unwrap_or_else(|_| SeriesKey::plain(metric));
                        let series = self.name_own(key, "engine.dropped", Unit::Count);
                        self.own_series.push((source, reason, series, count));
                        changed.push((series, count));
                    }
                }
            }
        }
        changed.retain(|(series, _)| *series != NO_SERIES);
        if changed.is_empty() {
            return;
        }
        let time = self.frame.now();
        let mut batch = shared.pool.take(shared.own_source());
        if let Some(inner) = Arc::get_mut(&mut batch) {
            inner
                .points
                .extend(changed.into_iter().map(|(series, count)| Point {
                    series,
                    time,
                    value: count as f64,
                }));
        }
        let entry = self.number_own(batch);
        self.shard().delivered.bump(entry.batch.len() as u64);
        shared
            .sinks
            .send(Parcel::Points(entry.batch), &shared.names, &shared.pool);
    }
}
