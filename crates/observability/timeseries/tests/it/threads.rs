//! Many readers beside one writer.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use voidstate_core::{StoreReader, StoreWriter, TimeRange};
use voidstate_timeseries::SegmentStore;

use crate::help::{all, info, key, point, small};

#[test]
fn readers_see_every_acknowledged_sample_while_heads_are_sealed() {
    let store = SegmentStore::temporary(small()).unwrap();
    let id = store.series(&info(0)).unwrap();
    let (acked, done) = (AtomicI64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Acquire) {
                    let least = acked.load(Ordering::Acquire);
                    let got = all(&store, 0);
                    assert!(got.len() as i64 >= least, "{} of {least}", got.len());
                    assert!(
                        got.iter()
                            .zip(0..)
                            .all(|(sample, tick)| *sample == (tick, (tick as f64).to_bits()))
                    );
                    let windows = store
                        .windows(&key(0), TimeRange::ALL, Duration::from_nanos(64))
                        .unwrap();
                    assert!(windows.iter().map(|w| w.count).sum::<u64>() as i64 >= least);
                }
            });
        }
        for tick in 0..3000 {
            store.append(&[point(id, tick, tick as f64)]).unwrap();
            acked.store(tick + 1, Ordering::Release);
        }
        done.store(true, Ordering::Release);
    });
    store.sync().unwrap();
    assert_eq!(all(&store, 0).len(), 3000);
}
