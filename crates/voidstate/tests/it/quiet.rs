//! A recording of a quiet host, replayed at its own hooks: nothing happened there, so nothing may be said.
//!
//! Made with `cargo run --release -p voidstate-host --example record -- 781 | gzip -9` on an idle two-core machine.

use std::path::Path;
use std::sync::{Arc, Mutex};

use voidstate_core::{
    Attributes, Catalogue, Emitter, Event, Finding, FindingKind, HookName, ManualClock, MetricName,
    Next, Overflow, Point, Result, SeriesId, SeriesInfo, SeriesKey, Signal, Sink, Source,
    SourceInfo, Stage, Timestamp, Unit, wellknown,
};
use voidstate_file::{Options, Reader};
use voidstate_runtime::{Engine, EngineTime};
use voidstate_tool_anomaly::AnomalyFactory;

/// The rows of a recording, fired at the hooks that the host source uses.
struct Replay {
    reader: Reader,
    series: Vec<SeriesInfo>,
    ids: Vec<SeriesId>,
}

/// `host.cpu.percent{mode="user"}` as the host source would describe it.
fn describe(column: &str) -> SeriesInfo {
    let (metric, labels) = column.split_once('{').unwrap_or((column, ""));
    let pairs = labels
        .trim_end_matches('}')
        .split(',')
        .filter(|pair| !pair.is_empty());
    let labels: Vec<(&str, &str)> = pairs
        .map(|pair| {
            pair.split_once('=')
                .map(|(name, value)| (name, value.trim_matches('"')))
                .unwrap()
        })
        .collect();
    let hook = match metric
        .splitn(3, '.')
        .take(2)
        .collect::<Vec<_>>()
        .join(".")
        .as_str()
    {
        "host.tick" => wellknown::HOST_KERNEL.to_owned(),
        other => other.to_owned(),
    };
    let unit = match metric {
        m if m.ends_with("percent") => Unit::Percent,
        m if m.ends_with("bytes_per_second") => Unit::BytesPerSecond,
        m if m.ends_with("per_second") => Unit::PerSecond,
        m if m.ends_with("bytes") => Unit::Bytes,
        m if m.ends_with("seconds") => Unit::Seconds,
        _ => Unit::Count,
    };
    let key = SeriesKey::new(MetricName::new(metric).unwrap(), labels).unwrap();
    SeriesInfo {
        key,
        hook: HookName::new(&hook).unwrap(),
        unit,
        limit: None,
    }
}

impl Source for Replay {
    fn info(&self) -> SourceInfo {
        let (name, description) = ("replay".to_owned(), "a recording".to_owned());
        SourceInfo {
            name,
            description,
            overflow: Overflow::Wait,
        }
    }

    fn poll(&mut self, _: Timestamp, out: &mut dyn Emitter) -> Result<Next> {
        if self.ids.is_empty() {
            self.ids = self.series.iter().map(|info| out.series(info)).collect();
        }
        let Some(row) = self.reader.next_row().unwrap() else {
            return Ok(Next::Done);
        };
        for (id, value) in self.ids.iter().zip(row.values) {
            if !value.is_nan() {
                out.sample(*id, row.time, *value);
            }
        }
        let tick = Event {
            name: wellknown::HOST_TICK.into(),
            time: row.time,
            attributes: Attributes::new(),
        };
        out.signal(&HookName::new(wellknown::HOST_TICK)?, Signal::Event(tick));
        Ok(Next::Now)
    }
}

#[derive(Default)]
struct Kept {
    findings: Vec<Finding>,
    samples: usize,
}

struct Collector(Arc<Mutex<Kept>>);

impl Sink for Collector {
    fn name(&self) -> &str {
        "collector"
    }
    fn points(&mut self, points: &[Point], _: &dyn Catalogue) -> Result<()> {
        self.0.lock().unwrap().samples += points.len();
        Ok(())
    }
    fn finding(&mut self, finding: &Finding) -> Result<()> {
        self.0.lock().unwrap().findings.push(finding.clone());
        Ok(())
    }
}

#[test]
fn a_quiet_host_is_left_in_peace() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/quiet-host.csv.gz");
    let reader = Reader::open(&path, &Options::default()).unwrap();
    let series: Vec<SeriesInfo> = reader
        .layout()
        .values
        .iter()
        .map(|column| describe(&column.name))
        .collect();
    assert!(series.len() >= 100, "{} series", series.len());
    let kept = Arc::new(Mutex::new(Kept::default()));
    let engine = Engine::builder()
        .clock(Arc::new(ManualClock::new(Timestamp::default())))
        .time(EngineTime::Signals)
        .source(Box::new(Replay {
            reader,
            series,
            ids: Vec::new(),
        }))
        .sink(Box::new(Collector(Arc::clone(&kept))))
        .tool(Arc::new(AnomalyFactory::new().unwrap()), Attributes::new());
    let report = engine.build().unwrap().run_inline();
    assert!(report.leftovers.is_empty(), "{:?}", report.leftovers);
    let kept = kept.lock().unwrap();
    assert!(kept.samples > 50_000, "{} samples", kept.samples);
    let opened: Vec<&str> = kept
        .findings
        .iter()
        .filter(|finding| finding.stage == Stage::Opened && finding.kind != FindingKind::Health)
        .map(|finding| finding.sentence.as_str())
        .collect();
    // The budget is one false episode an hour over everything watched; this is less than a quarter of an hour.
    assert!(opened.is_empty(), "{opened:#?}");
}
