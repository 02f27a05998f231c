//! Prints two looks at this machine: `cargo run -p voidstate-host --example look`.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::thread::sleep;
use std::time::{Duration, SystemTime};

use voidstate_core::{Emitter, HookName, SeriesId, SeriesInfo, Signal, Source as _, Timestamp};
use voidstate_host::{HostConfig, HostSource};

#[derive(Default)]
struct Printer(Vec<SeriesInfo>);

impl Emitter for Printer {
    fn series(&mut self, info: &SeriesInfo) -> SeriesId {
        let at = self.0.iter().position(|known| known.key == info.key);
        let at = at.unwrap_or_else(|| {
            self.0.push(info.clone());
            self.0.len() - 1
        });
        SeriesId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    fn sample(&mut self, series: SeriesId, _: Timestamp, value: f64) {
        if let Some(info) = self.0.get(series.0 as usize) {
            println!("{} {} = {value}", info.hook, info.key);
        }
    }

    fn signal(&mut self, hook: &HookName, signal: Signal) {
        println!("{hook} {signal:?}");
    }

    fn rejected(&mut self, count: u64, reason: &str) {
        println!("rejected {count}: {reason}");
    }

    fn degraded(&mut self, part: &str, reason: &str) {
        println!("degraded {part}: {reason}");
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut source = HostSource::new(HostConfig::default())?;
    let mut printer = Printer::default();
    for _ in 0..2 {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        let now = Timestamp::from_nanos(i64::try_from(now.as_nanos())?);
        source.poll(now, &mut printer)?;
        sleep(Duration::from_millis(1100));
    }
    Ok(())
}
