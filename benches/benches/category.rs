//! Extent of 1,000 values.
//!
//! Peer: a fold of `f64::min` and `f64::max` from the standard library.

use std::hint::black_box;

use voidstate_benches::{Plan, pair, plan, report_pair};

fn main() {
    let values: Vec<f64> = (0..1000).map(|i| f64::from(i * 7919 % 1000)).collect();
    let found = pair(
        plan(Plan::USUAL),
        || {
            let _ = black_box(voidstate_category::extent(black_box(&values)));
        },
        || {
            let start = (f64::INFINITY, f64::NEG_INFINITY);
            let ends = black_box(&values)
                .iter()
                .fold(start, |(low, high), v| (low.min(*v), high.max(*v)));
            black_box(ends);
        },
    );
    report_pair("category", "extent", "fold", found);
}
