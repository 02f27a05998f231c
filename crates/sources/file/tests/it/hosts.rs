//! Text columns that tell rows of one time apart, and what is said when none does.

use std::fmt::Write as _;

use proptest::prelude::*;
use voidstate_file::{Options, Reader};

use crate::{drain, open, open_with};

/// One row per host and minute, hosts beside each other.
fn fleet(hosts: usize, times: usize) -> String {
    let mut text = "time,host,v\n".to_owned();
    for time in 0..times {
        for host in 0..hosts {
            let _ = writeln!(text, "{},h{host},{time}.5", 1_397_088_000 + 60 * time);
        }
    }
    text
}

fn labels(reader: &Reader) -> Vec<&str> {
    let labels = reader.layout().labels.iter();
    labels.map(|column| column.name.as_str()).collect()
}

fn assert_apart(text: &str, groups: usize) {
    let mut reader = open(text.as_bytes()).unwrap();
    assert_eq!(labels(&reader), ["host"], "{}", reader.layout());
    let (rows, error) = drain(&mut reader);
    assert!(error.is_none());
    let stats = reader.stats();
    assert_eq!(reader.groups(), groups);
    assert_eq!(
        (
            rows.len() as u64,
            stats.bad_rows,
            stats.duplicate_times + stats.out_of_order
        ),
        (stats.rows, 0, 0)
    );
}

#[test]
fn a_text_column_that_tells_rows_of_one_time_apart_splits_series() {
    // Within the sample each host comes back; with 700 only some, with 3000 none.
    for hosts in [300, 700, 3000] {
        assert_apart(&fleet(hosts, 8), hosts);
    }
    // One time only: nothing else tells the rows apart.
    assert_apart(&fleet(400, 1), 400);
}

#[test]
fn as_many_columns_split_series_as_are_needed() {
    let mut text = "time,host,disk,note,v\n".to_owned();
    for time in 0..4 {
        for host in 0..300 {
            for disk in 0..2 {
                let _ = writeln!(
                    text,
                    "{},h{host},d{},n{time}_{host}_{disk},1",
                    1_397_088_000 + time,
                    host * 2 + disk
                );
            }
        }
    }
    let reader = open(text.as_bytes()).unwrap();
    // `disk` alone is enough.
    assert_eq!(labels(&reader), ["disk"], "{}", reader.layout());
    let text = text.replace(",d", ",").replace(",n", ",x");
    let reader = open(text.as_bytes()).unwrap();
    assert_eq!(labels(&reader), ["host"], "{}", reader.layout());
}

#[test]
fn text_that_never_comes_back_splits_nothing() {
    let mut text = "time,request,v\n".to_owned();
    for row in 0..60_000 {
        let _ = writeln!(text, "{},r{row},1", 1_397_088_000 + row / 7);
    }
    let mut reader = open(text.as_bytes()).unwrap();
    assert!(reader.layout().labels.is_empty(), "{}", reader.layout());
    assert_eq!(drain(&mut reader).0.len(), 60_000);
}

#[test]
fn text_beside_times_of_their_own_splits_nothing() {
    let mut text = "time,note,v\n".to_owned();
    for row in 0..3000 {
        let _ = writeln!(text, "{},n{},1", 1_397_088_000 + row, row % 400);
    }
    let reader = open(text.as_bytes()).unwrap();
    assert!(reader.layout().labels.is_empty(), "{}", reader.layout());
}

#[test]
fn labels_that_are_given_stay_as_they_are() {
    let mut options = Options::default();
    options.labels = Some(Vec::new());
    let reader = open_with(fleet(300, 8).as_bytes(), &options).unwrap();
    assert!(reader.layout().labels.is_empty(), "{}", reader.layout());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, rng_seed: prop::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn every_fleet_is_told_apart(hosts in 2_usize..2500, times in 3_usize..6) {
        let mut reader = open(fleet(hosts, times).as_bytes()).unwrap();
        drain(&mut reader);
        let stats = reader.stats();
        prop_assert_eq!((reader.groups(), stats.duplicate_times, stats.bad_rows), (hosts, 0, 0));
    }
}
