//! No room: appends fail as a whole, nothing stored is hurt, and appends work again when there is room.

use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use voidstate_core::{Error as CoreError, Point, StoreReader, StoreWriter};
use voidstate_timeseries::SegmentStore;

use crate::help::{all, info, open, point, small};

const CHILD_DIR: &str = "VOIDSTATE_TIMESERIES_FULL_DIR";

fn batch(store: &SegmentStore, tick: i64) -> Vec<Point> {
    (0..20)
        .map(|s| point(store.series(&info(s)).unwrap(), tick, tick as f64 / 3.0))
        .collect()
}

/// Appends until there is no room; gives how many ticks were acknowledged.
fn until_full(store: &SegmentStore, mut tick: i64) -> i64 {
    loop {
        match store.append(&batch(store, tick)) {
            Ok(()) => tick += 1,
            Err(CoreError::Store { no_space: true, .. }) => return tick,
            Err(other) => panic!("{other:?}"),
        }
        assert!(tick < 1_000_000, "the limit does not hold");
    }
}

fn check(store: &SegmentStore, ticks: i64) {
    for series in [0, 19] {
        let expected: Vec<_> = (0..ticks)
            .map(|t| (t, (t as f64 / 3.0).to_bits()))
            .collect();
        assert!(
            all(store, series) == expected,
            "{} of {ticks}",
            all(store, series).len()
        );
    }
}

/// Runs in a child whose files may not grow over 30,000 bytes.
#[test]
fn limited_child() {
    let Ok(dir) = std::env::var(CHILD_DIR) else {
        return;
    };
    let dir = Path::new(&dir);
    let options = voidstate_timeseries::Options {
        head_points_min: 1 << 20,
        ..small()
    };
    let store = SegmentStore::open(dir, options.clone()).unwrap();
    let _ = batch(&store, 0);
    let before = getrlimit(Resource::Fsize);
    setrlimit(
        Resource::Fsize,
        Rlimit {
            current: Some(30_000),
            maximum: before.maximum,
        },
    )
    .unwrap();
    let ticks = until_full(&store, 0);
    assert!(ticks > 50, "{ticks}");
    check(&store, ticks);
    let wal = std::fs::metadata(dir.join("wal-0000000001.log"))
        .unwrap()
        .len();
    assert!(
        wal < 30_000,
        "the part that was written is taken back: {wal}"
    );
    assert_eq!(until_full(&store, ticks), ticks, "and again");
    setrlimit(Resource::Fsize, before).unwrap();
    store.append(&batch(&store, ticks)).unwrap();
    check(&store, ticks + 1);
    drop(store);
    let store = SegmentStore::open(dir, options).unwrap();
    check(&store, ticks + 1);
    assert_eq!(store.status().notes, Vec::<String>::new());
    println!("child is through");
}

#[test]
fn a_file_that_may_not_grow_refuses_appends_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    // The shell makes the child ignore the signal that comes with the error.
    let out = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; exec \"$0\" --exact full::limited_child --nocapture",
        ])
        .arg(std::env::current_exe().unwrap())
        .env(CHILD_DIR, dir.path())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout);
    assert!(
        out.status.success() && text.contains("child is through"),
        "{text}"
    );
}

/// A file system of half a megabyte, where mounting is allowed.
struct Mount(tempfile::TempDir);

impl Mount {
    fn new() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=512k", "none"])
            .arg(dir.path())
            .stderr(Stdio::null())
            .status();
        mounted.is_ok_and(|s| s.success()).then(|| Self(dir))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_refuses_appends_and_loses_nothing() {
    let Some(mount) = Mount::new() else {
        eprintln!("skipped: mounting a small file system is not allowed here");
        return;
    };
    let dir = mount.0.path().join("store");
    let filler = mount.0.path().join("filler");
    std::fs::write(&filler, vec![0; 200 << 10]).unwrap();
    let store = open(&dir);
    let ticks = until_full(&store, 0);
    assert!(ticks > 50, "{ticks}");
    check(&store, ticks);
    let faults = store.verify().unwrap().faults;
    assert_eq!(faults, Vec::<String>::new());
    drop(store);
    // A store on a full disk opens and is read.
    let store = open(&dir);
    check(&store, ticks);
    std::fs::remove_file(&filler).unwrap();
    let works_again = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        store.append(&batch(&store, ticks)).is_ok()
    });
    assert!(works_again, "{:?}", store.status());
    check(&store, ticks + 1);
    drop(store);
    check(&open(&dir), ticks + 1);
}
