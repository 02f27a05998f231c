//! Peer: irithyll-core (ADWIN).
//!
//! ADWIN beside irithyll-core's, and the whole path (detector, control, episodes) per sample.

use std::hint::black_box;

use irithyll_core::drift::DriftDetector as _;
use irithyll_core::drift::adwin::Adwin as PeerAdwin;
use voidstate_anomaly::{Adwin, AdwinConfig, Detector, Panel, PanelConfig};
use voidstate_benches::{Plan, calibration_loop_ns, pair, plan, report_fact, report_pair, single};

const KRATE: &str = "anomaly";
const BATCH: usize = 1024;

/// Deterministic noise around 0.3: sums of uniforms.
fn noise() -> Vec<f64> {
    let mut state = 1_u64;
    let mut unit = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..1 << 16)
        .map(|_| 0.3 + 0.1 * ((0..12).map(|_| unit()).sum::<f64>() - 6.0))
        .collect()
}

fn main() {
    let values = noise();
    println!("anomaly (calibration loop {:.1} ns)", calibration_loop_ns());
    let plan = plan(Plan {
        window: std::time::Duration::from_millis(1),
        ..Plan::USUAL
    });
    adwin(plan, &values);
    whole(plan, &values);
}

/// Both windows are filled before the first measured item.
fn adwin(plan: Plan, values: &[f64]) {
    let mut ours = Adwin::new(AdwinConfig::default()).expect("default settings");
    let mut peer = PeerAdwin::with_delta(0.002);
    for v in values {
        ours.update(*v).expect("finite");
        peer.update(*v);
    }
    let (mut i, mut j) = (0, 0);
    let p = pair(
        plan,
        || {
            for _ in 0..BATCH {
                i = (i + 1) % values.len();
                black_box(ours.update(values[i]).expect("finite"));
            }
        },
        || {
            for _ in 0..BATCH {
                j = (j + 1) % values.len();
                black_box(peer.update(values[j]));
            }
        },
    );
    report_pair(KRATE, "adwin_update", "irithyll-core", per_item(p));
}

fn whole(plan: Plan, values: &[f64]) {
    let mut detector = Detector::default();
    let mut peer = PeerAdwin::with_delta(0.002);
    for (t, v) in values.iter().enumerate() {
        detector.observe(t as i64 * 1_000_000_000, *v);
        peer.update(*v);
    }
    let (mut i, mut j) = (values.len(), 0);
    let p = pair(
        plan,
        || {
            for _ in 0..BATCH {
                i += 1;
                black_box(detector.observe(i as i64 * 1_000_000_000, values[i % values.len()]));
            }
        },
        || {
            for _ in 0..BATCH {
                j = (j + 1) % values.len();
                black_box(peer.update(values[j]));
            }
        },
    );
    report_pair(
        KRATE,
        "detector_observe",
        "irithyll-core ADWIN alone",
        per_item(p),
    );
    report_fact(
        KRATE,
        "detector_state",
        detector.state_bytes() as f64,
        "bytes",
    );

    let mut panel = Panel::new(PanelConfig::default()).expect("default settings");
    let mut time = 0_i64;
    for t in 0..200_usize {
        time += 1_000_000_000;
        for series in 0..150 {
            panel
                .observe(series, time, values[(t * 150 + series) % values.len()])
                .expect("below the limit");
        }
    }
    let mut k = 0_usize;
    let ns = single(plan, || {
        time += 1_000_000_000;
        for series in 0..150 {
            k += 1;
            black_box(
                panel
                    .observe(series, time, values[k % values.len()])
                    .expect("below the limit"),
            );
        }
    }) / 150.0;
    report_fact(KRATE, "panel_observe_150_series", ns, "ns of CPU a sample");
    report_fact(
        KRATE,
        "panel_samples",
        1e3 / ns,
        "million samples per CPU second",
    );
}

fn per_item(p: voidstate_benches::Pair) -> voidstate_benches::Pair {
    voidstate_benches::Pair {
        ours_ns: p.ours_ns / BATCH as f64,
        peer_ns: p.peer_ns / BATCH as f64,
        ratio: p.ratio,
    }
}
