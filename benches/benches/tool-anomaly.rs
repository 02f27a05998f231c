//! Peer: the bare panel of voidstate-anomaly (what the tool adds to the mathematics).

use std::hint::black_box;

use voidstate_anomaly::{Panel, PanelConfig};
use voidstate_benches::{Plan, pair, plan, report_pair};
use voidstate_core::{
    Attributes, Config, Ctx, DependencyView, Error, Finding, Firing, HookName, LogLevel,
    MetricName, Output, Placement, Result, SeriesId, SeriesInfo, SeriesKey, SignalRef, StoreReader,
    Timestamp, ToolFactory, ToolId, Unit,
};
use voidstate_tool_anomaly::AnomalyFactory;

const SERIES: u32 = 200;

struct Nobody(Vec<SeriesInfo>);

fn refused<T>() -> Result<T> {
    Err(Error::Unavailable {
        what: "effect",
        reason: "not in this bench",
    })
}

impl Ctx for Nobody {
    fn now(&mut self) -> Result<Timestamp> {
        refused()
    }
    fn random(&mut self) -> Result<u64> {
        refused()
    }
    fn read_state(&mut self, _: &str) -> Result<Option<Vec<u8>>> {
        refused()
    }
    fn write_state(&mut self, _: &str, _: &[u8]) -> Result<()> {
        refused()
    }
    fn store(&mut self) -> Result<&dyn StoreReader> {
        refused()
    }
    fn log(&mut self, _: LogLevel, _: &str) -> Result<()> {
        refused()
    }
    fn metric(&mut self, _: &MetricName, _: f64) -> Result<()> {
        Ok(())
    }
    fn emit(&mut self, finding: Finding) -> Result<()> {
        black_box(finding);
        Ok(())
    }
    fn output(&mut self, output: Output) {
        black_box(output);
    }
    fn dependency(&self, _: &ToolId) -> Result<DependencyView<'_>> {
        refused()
    }
    fn series(&self, id: SeriesId) -> Option<&SeriesInfo> {
        self.0.get(id.0 as usize)
    }
    fn read_file(&mut self, _: &str, _: usize) -> Result<Vec<u8>> {
        refused()
    }
}

/// SplitMix64, as a sum of four uniforms around zero.
fn noise(seed: &mut u64) -> f64 {
    let mut sum = -2.0;
    for _ in 0..4 {
        *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = *seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        sum += ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
    }
    sum
}

fn main() {
    let hook = HookName::new("host.cpu").expect("valid");
    let key = |n: u32| {
        SeriesKey::new(
            MetricName::new("host.cpu.x").expect("valid"),
            [("n", n.to_string())],
        )
    };
    let info = |n| SeriesInfo {
        key: key(n).expect("valid"),
        hook: hook.clone(),
        unit: Unit::Percent,
        limit: None,
    };
    let mut ctx = Nobody((0..SERIES).map(info).collect());
    let factory = AnomalyFactory::new().expect("constant");
    let config = Config::checked(&factory.meta().config, &Attributes::new()).expect("defaults");
    let mut tool = factory.create(&config, Placement::ALONE).expect("defaults");
    let mut panel = Panel::new(PanelConfig::default()).expect("defaults");
    let (mut seed_a, mut seed_b) = (1, 1);
    let (mut second_a, mut second_b) = (0_i64, 0_i64);
    let keys: Vec<SeriesKey> = ctx.0.iter().map(|info| info.key.clone()).collect();
    let plan = Plan {
        window: std::time::Duration::from_millis(1),
        ..plan(Plan::USUAL)
    };
    let result = pair(
        plan,
        || {
            second_a += 1;
            let time = Timestamp::from_secs(second_a);
            for (n, series) in (0..).zip(&keys) {
                let signal = SignalRef::Sample {
                    id: SeriesId(n),
                    series,
                    time,
                    value: noise(&mut seed_a),
                };
                tool.observe(
                    &Firing {
                        hook: &hook,
                        signal,
                        sequence: 0,
                    },
                    &mut ctx,
                )
                .expect("no failure");
            }
        },
        || {
            second_b += 1;
            for n in 0..SERIES as usize {
                black_box(
                    panel
                        .observe(n, second_b * 1_000_000_000, noise(&mut seed_b))
                        .expect("in range"),
                );
            }
        },
    );
    println!(
        "  per sample: tool {:.0} ns, panel {:.0} ns",
        result.ours_ns / 200.0,
        result.peer_ns / 200.0
    );
    report_pair(
        "tool-anomaly",
        "over_panel",
        "bare panel (200 samples)",
        result,
    );
}
