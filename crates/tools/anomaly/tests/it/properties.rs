//! Laws of every tool, held against this one.

use std::collections::BTreeMap;

use proptest::prelude::*;
use voidstate_core::{Attributes, Config, Placement, Stage};

use crate::context::{Host, factory, tool, tool_at};

fn values() -> impl Strategy<Value = Vec<[f64; 4]>> {
    let value = prop_oneof![
        10 => -1.0..1.0_f64,
        2 => -1e3..1e3_f64,
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, 1e300, -1e300]),
    ];
    prop::collection::vec(
        [value.clone(), value.clone(), value.clone(), value],
        30..120,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn suspend_and_resume_equals_uninterrupted(rows in values(), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(rows.len());
        let (mut whole, mut parts) = (Host::new(), Host::new());
        for (n, row) in rows.iter().enumerate() {
            if n == cut {
                let saved = parts.tool.save().unwrap();
                parts.tool = tool();
                parts.tool.restore(&saved).unwrap();
            }
            whole.tick(*row, row[0].abs(), 1 << 20, 0.0);
            parts.tick(*row, row[0].abs(), 1 << 20, 0.0);
        }
        whole.tool.finish(&mut whole.kept).unwrap();
        parts.tool.finish(&mut parts.kept).unwrap();
        prop_assert_eq!(format!("{:?}", whole.kept.findings), format!("{:?}", parts.kept.findings));
        prop_assert_eq!(whole.tool.save().unwrap(), parts.tool.save().unwrap());
    }

    #[test]
    fn every_incident_opens_once_and_closes_once(rows in values()) {
        let mut host = Host::new();
        for row in &rows {
            host.tick(*row, row[0].abs(), 1 << 20, 0.0);
        }
        host.tool.finish(&mut host.kept).unwrap();
        let mut stages: BTreeMap<u64, Vec<Stage>> = BTreeMap::new();
        for finding in &host.kept.findings {
            stages.entry(finding.episode).or_default().push(finding.stage);
            prop_assert!(!finding.sentence.is_empty() && !finding.refutation.is_empty());
        }
        for (episode, stages) in stages {
            prop_assert_eq!(stages.first(), Some(&Stage::Opened), "episode {}", episode);
            prop_assert_eq!(stages.last(), Some(&Stage::Closed), "episode {}", episode);
            prop_assert_eq!(stages.iter().filter(|s| **s == Stage::Closed).count(), 1);
        }
    }

    #[test]
    fn hostile_state_is_refused(junk in any::<Vec<u8>>(), flip in any::<prop::sample::Index>()) {
        let mut host = Host::new();
        host.calm(30);
        let before = host.tool.save().unwrap();
        prop_assert!(host.tool.restore(&junk).is_err());
        let mut damaged = before.clone();
        let at = flip.index(damaged.len());
        damaged[at] ^= 1;
        prop_assert!(host.tool.restore(&damaged).is_err());
        prop_assert_eq!(host.tool.save().unwrap(), before);
    }
}

#[test]
fn shards_never_share_an_episode_number() {
    let mut seen = std::collections::BTreeSet::new();
    for shard in 0..4 {
        let mut host = Host::new();
        host.tool = tool_at(Placement { shard, shards: 4 });
        host.calm(120);
        for _ in 0..15 {
            host.tick([97.0, 99.0, 1e9, 2e4], 99.0, 10 << 20, 0.0);
        }
        let opened = host
            .kept
            .findings
            .iter()
            .find(|finding| finding.stage == Stage::Opened);
        assert!(seen.insert(opened.unwrap().episode), "shard {shard}");
    }
}

#[test]
fn it_is_reconfigured_while_running_and_refuses_nonsense() {
    let mut host = Host::new();
    host.calm(60);
    let fields = factory().meta().config.clone();
    let given = Attributes::from([("false_episodes_per_hour".to_owned(), 0.01.into())]);
    host.tool
        .reconfigure(&Config::checked(&fields, &given).unwrap())
        .unwrap();
    host.calm(60);
    let given = Attributes::from([("false_episodes_per_hour".to_owned(), 0.0.into())]);
    assert!(Config::checked(&fields, &given).is_err());
}
