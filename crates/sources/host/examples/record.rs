//! Writes what the host source brings as one wide CSV: `record SECONDS > host.csv`.
//!
//! One row per tick, one column per series of the first two ticks; series that come later are counted on standard error.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example talks to its user"
)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use voidstate_core::{Emitter, HookName, Next, SeriesId, SeriesInfo, Signal, Source, Timestamp};
use voidstate_host::{HostConfig, HostSource};

#[derive(Default)]
struct Row {
    names: Vec<String>,
    values: Vec<Option<f64>>,
}

impl Emitter for Row {
    fn series(&mut self, info: &SeriesInfo) -> SeriesId {
        let name = info.key.to_string();
        let at = self
            .names
            .iter()
            .position(|known| *known == name)
            .unwrap_or_else(|| {
                self.names.push(name);
                self.values.push(None);
                self.names.len() - 1
            });
        SeriesId(u32::try_from(at).unwrap_or(u32::MAX))
    }
    fn sample(&mut self, series: SeriesId, _: Timestamp, value: f64) {
        if let Some(slot) = self.values.get_mut(series.0 as usize) {
            *slot = Some(value);
        }
    }
    fn signal(&mut self, _: &HookName, _: Signal) {}
    fn rejected(&mut self, count: u64, reason: &str) {
        eprintln!("rejected {count}: {reason}");
    }
    fn degraded(&mut self, part: &str, reason: &str) {
        eprintln!("degraded {part}: {reason}");
    }
    fn is_cancelled(&self) -> bool {
        false
    }
}

fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_nanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seconds: u64 = std::env::args()
        .nth(1)
        .ok_or("usage: record SECONDS")?
        .parse()?;
    let mut source = HostSource::new(HostConfig::default())?;
    let mut row = Row::default();
    let mut columns = 0;
    for tick in 0..seconds {
        let time = now();
        row.values.iter_mut().for_each(|value| *value = None);
        let next = source.poll(time, &mut row)?;
        if tick == 1 {
            columns = row.names.len();
            let quoted: Vec<String> = row
                .names
                .iter()
                .map(|name| format!("\"{}\"", name.replace('"', "\"\"")))
                .collect();
            println!("epoch_ms,{}", quoted.join(","));
        }
        if tick >= 1 {
            let text = |value: &Option<f64>| {
                value
                    .map(|v| ((v * 1e4).round() / 1e4).to_string())
                    .unwrap_or_default()
            };
            let cells: Vec<String> = row.values.iter().take(columns).map(text).collect();
            println!("{},{}", time.as_nanos() / 1_000_000, cells.join(","));
        }
        let wait = match next {
            Next::At(due) => due.since(now()),
            _ => Duration::ZERO,
        };
        std::thread::sleep(wait);
    }
    eprintln!("{columns} series, {} came later", row.names.len() - columns);
    Ok(())
}
