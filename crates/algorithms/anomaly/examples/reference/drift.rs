//! Seeded drift streams: false alarms before the change, delay after it.

use std::path::Path;

use voidstate_anomaly::{Adwin, Detector, Kind};

use crate::Failure;

#[path = "../../tests/it/drift_streams.rs"]
mod drift_streams;
use drift_streams::{CHANGE, LENGTH, NAMES, stream};

const SEEDS: u64 = 20;

struct Tally {
    false_alarms: usize,
    delays: Vec<usize>,
    seconds: f64,
}

pub(crate) fn run(root: &Path, out: Option<&Path>) -> Result<(), Failure> {
    check_streams(root)?;
    let mut report = String::from("detector,stream,runs,false_alarms_per_run,found,median_delay\n");
    for name in NAMES {
        let mut adwin = Tally { false_alarms: 0, delays: Vec::new(), seconds: 0.0 };
        let mut default = Tally { false_alarms: 0, delays: Vec::new(), seconds: 0.0 };
        for seed in 1..=SEEDS {
            let values = stream(name, seed).ok_or_else(|| format!("no stream {name}"))?;
            adwin.run(&values, || {
                let mut adwin = Adwin::new(voidstate_anomaly::AdwinConfig::default())?;
                Ok(move |_, v| adwin.update(v))
            })?;
            default.run(&values, || {
                let mut detector = Detector::default();
                let mut inside = false;
                Ok(move |t: i64, v| {
                    let kind = detector.observe(t * 1_000_000_000, v).kind;
                    let now = matches!(kind, Kind::Anomaly | Kind::Drift);
                    let alarm = now && !inside;
                    inside = kind == Kind::Anomaly;
                    Ok(alarm)
                })
            })?;
        }
        for (label, tally) in [("adwin", &mut adwin), ("default", &mut default)] {
            tally.print(label, name, &mut report);
        }
    }
    if let Some(out) = out {
        std::fs::create_dir_all(out)?;
        std::fs::write(out.join("drift.csv"), report)?;
    }
    Ok(())
}

/// The folder may hold streams of another definition: its own documentation of the constants must match.
fn check_streams(root: &Path) -> Result<(), Failure> {
    let text = std::fs::read_to_string(root.join("streams.py"))?;
    if !text.contains("N, C = 100_000, 50_000") {
        return Err("streams.py does not define N, C = 100_000, 50_000: these are other streams".into());
    }
    for name in NAMES {
        if !text.contains(&format!("\"{name}\"")) {
            return Err(format!("streams.py does not define {name}").into());
        }
    }
    Ok(())
}

impl Tally {
    fn run<F: FnMut(i64, f64) -> Result<bool, voidstate_anomaly::Error>>(
        &mut self,
        values: &[f64],
        make: impl FnOnce() -> Result<F, voidstate_anomaly::Error>,
    ) -> Result<(), Failure> {
        let mut update = make()?;
        let started = std::time::Instant::now();
        let mut first = None;
        for (t, value) in values.iter().enumerate() {
            if update(t as i64, *value)? {
                if t < CHANGE {
                    self.false_alarms += 1;
                } else {
                    first = first.or(Some(t - CHANGE));
                }
            }
        }
        self.seconds += started.elapsed().as_secs_f64();
        self.delays.extend(first);
        Ok(())
    }

    fn print(&mut self, label: &str, name: &str, report: &mut String) {
        self.delays.sort_unstable();
        let median = self.delays.get(self.delays.len() / 2).map_or("-".into(), ToString::to_string);
        let per_run = self.false_alarms as f64 / SEEDS as f64;
        let speed = (LENGTH as u64 * SEEDS) as f64 / self.seconds / 1e6;
        let found = self.delays.len();
        println!(
            "{label:<8} {name:<10} runs {SEEDS}  false alarms before the change {per_run:.2} a run  \
             alarm after it in {found}, median delay {median}  {speed:.1} M items/s"
        );
        report.push_str(&format!("{label},{name},{SEEDS},{per_run},{found},{median}\n"));
    }
}
