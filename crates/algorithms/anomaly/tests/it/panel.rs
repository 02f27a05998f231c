//! Episodes and the life of a panel.

use voidstate_anomaly::{Direction, EpisodeEvent, EpisodeKind, Error, Panel, PanelConfig};

use crate::worlds::{Stream, World};

const SECOND_NS: i64 = 1_000_000_000;

fn panel() -> Panel {
    Panel::new(PanelConfig {
        series_min: 150,
        ..PanelConfig::default()
    })
    .unwrap()
}

/// Events of one Gaussian series with `extra` added.
fn events(seconds: i64, extra: impl Fn(i64) -> f64) -> Vec<(i64, EpisodeEvent)> {
    let (mut panel, mut stream) = (panel(), Stream::new(World::Gaussian, 77));
    let mut events = Vec::new();
    for t in 0..seconds {
        let value = stream.draw() + extra(t);
        events.extend(
            panel
                .observe(3, t * SECOND_NS, value)
                .unwrap()
                .event
                .map(|e| (t, e)),
        );
    }
    events.extend(panel.finish().into_iter().map(|e| (seconds, e)));
    assert_eq!(panel.open_episodes().count(), 0);
    events
}

#[test]
fn an_episode_opens_once_peaks_and_closes() {
    let events = events(1200, |t| {
        if (1000..1010).contains(&t) {
            50.0 + (t - 1000) as f64 * 10.0
        } else {
            0.0
        }
    });
    let opened: Vec<_> = events
        .iter()
        .filter(|(_, e)| matches!(e, EpisodeEvent::Opened(_)))
        .collect();
    assert_eq!(opened.len(), 1, "{events:?}");
    let Some((closed_at, EpisodeEvent::Closed(episode))) = events.last() else {
        panic!("{events:?}")
    };
    assert!(
        (1000..1003).contains(&(episode.start_ns / SECOND_NS)),
        "{episode:?}"
    );
    assert!(episode.start_ns <= episode.peak.time_ns && episode.peak.time_ns <= episode.end_ns);
    assert_eq!(episode.peak.time_ns / SECOND_NS, 1009);
    assert!(
        episode.series == 3
            && episode.direction == Direction::Up
            && episode.kind == EpisodeKind::Anomaly
    );
    assert!(
        (episode.expected - 50.0).abs() < 10.0 && episode.observed > 80.0,
        "{episode:?}"
    );
    assert!(episode.low < 50.0 && episode.high > 50.0 && episode.false_rate < 1e-6);
    assert!(*closed_at > 1015 && *closed_at < 1100, "{closed_at}");
}

#[test]
fn a_clock_set_back_in_an_episode_leaves_its_times_in_order() {
    let (mut panel, mut stream) = (panel(), Stream::new(World::Gaussian, 77));
    let mut events = Vec::new();
    // The clock jumps to the end of time with the first unusual sample and is set back with the next one.
    for t in 0..400_i64 {
        let time = if t == 200 { i64::MAX } else { t * SECOND_NS };
        let off = if (200..240).contains(&t) { 500.0 } else { 0.0 };
        let value = stream.draw() + off;
        events.extend(panel.observe(0, time, value).unwrap().event);
    }
    events.extend(panel.finish());
    assert!(
        matches!(events.first(), Some(EpisodeEvent::Opened(_))),
        "{events:?}"
    );
    let closed = events
        .iter()
        .filter(|e| matches!(e, EpisodeEvent::Closed(_)));
    assert_eq!(closed.count(), 1, "{events:?}");
    for event in &events {
        let episode = event.episode();
        let peak = episode.peak.time_ns;
        assert!(
            episode.start_ns <= peak && peak <= episode.end_ns,
            "{episode:?}"
        );
    }
    let last = events.last().unwrap().episode();
    assert!(last.end_ns < 300 * SECOND_NS, "{last:?}");
}

#[test]
fn two_bursts_within_the_merge_gap_are_one_episode() {
    let events = events(1300, |t| {
        if matches!(t, 1000..1010 | 1014..1024) {
            80.0
        } else {
            0.0
        }
    });
    assert_eq!(
        events
            .iter()
            .filter(|(_, e)| matches!(e, EpisodeEvent::Opened(_)))
            .count(),
        1,
        "{events:?}"
    );
}

#[test]
fn a_change_that_stays_is_told_as_drift() {
    let events = events(1500, |t| if t >= 1000 { 80.0 } else { 0.0 });
    let Some((_, EpisodeEvent::Closed(episode))) = events.last() else {
        panic!("{events:?}")
    };
    assert_eq!(episode.kind, EpisodeKind::Drift, "{events:?}");
    assert!(episode.samples < 120);
}

#[test]
fn a_series_that_falls_silent_is_closed_by_tick() {
    let (mut panel, mut stream) = (panel(), Stream::new(World::Gaussian, 1));
    let mut opened = None;
    for t in 0..1010 {
        let value = stream.draw() + if t >= 1000 { 100.0 } else { 0.0 };
        opened = opened.or(panel.observe(0, t * SECOND_NS, value).unwrap().event);
    }
    assert!(matches!(opened, Some(EpisodeEvent::Opened(_))));
    assert!(panel.tick(1012 * SECOND_NS).is_empty());
    let closed = panel.tick(1030 * SECOND_NS);
    assert!(matches!(closed.as_slice(), [EpisodeEvent::Closed(_)]));
    assert!(panel.tick(1030 * SECOND_NS).is_empty() && panel.finish().is_empty());
}

#[test]
fn removing_a_series_closes_its_episode_and_forgets_it() {
    let (mut panel, mut stream) = (panel(), Stream::new(World::Gaussian, 1));
    for t in 0..1010 {
        let value = stream.draw() + if t >= 1000 { 100.0 } else { 0.0 };
        panel.observe(0, t * SECOND_NS, value).unwrap();
    }
    assert!(matches!(panel.remove(0), Some(EpisodeEvent::Closed(_))));
    assert_eq!((panel.series_count(), panel.remove(0)), (0, None));
    assert!(panel.detector(0).is_none());
}

#[test]
fn an_index_beyond_the_limit_is_an_error() {
    let mut panel = Panel::new(PanelConfig {
        series_max: 4,
        ..PanelConfig::default()
    })
    .unwrap();
    assert_eq!(
        panel.observe(4, 0, 1.0),
        Err(Error::Series { index: 4, limit: 4 })
    );
    assert_eq!(
        panel.observe(usize::MAX, 0, 1.0),
        Err(Error::Series {
            index: usize::MAX,
            limit: 4
        })
    );
    assert_eq!(panel.series_count(), 0);
    assert!(panel.observe(3, 0, 1.0).is_ok());
}

#[test]
fn ids_rise_from_the_first_and_settings_are_checked() {
    let config = PanelConfig {
        first_id: 1000,
        series_min: 150,
        ..PanelConfig::default()
    };
    let mut panel = Panel::new(config).unwrap();
    let mut streams = [
        Stream::new(World::Gaussian, 1),
        Stream::new(World::Gaussian, 2),
    ];
    let mut ids = Vec::new();
    for t in 0..1030 {
        for (series, stream) in streams.iter_mut().enumerate() {
            let value = stream.draw() + if t >= 1000 { 100.0 } else { 0.0 };
            if let Some(EpisodeEvent::Opened(e)) =
                panel.observe(series, t * SECOND_NS, value).unwrap().event
            {
                ids.push(e.id);
            }
        }
    }
    assert_eq!(ids, [1000, 1001]);
    assert!(
        Panel::new(PanelConfig {
            budget_share: 0.0,
            ..config
        })
        .is_err()
    );
    assert!(
        Panel::new(PanelConfig {
            merge_gap_ns: -1,
            ..config
        })
        .is_err()
    );
    assert!(
        Panel::new(PanelConfig {
            false_episodes_per_hour: f64::NAN,
            ..config
        })
        .is_err()
    );
}

#[test]
fn new_settings_keep_episodes_and_refused_ones_change_nothing() {
    let (mut panel, mut stream) = (panel(), Stream::new(World::Gaussian, 1));
    for t in 0..1010 {
        let value = stream.draw() + if t >= 1000 { 100.0 } else { 0.0 };
        panel.observe(0, t * SECOND_NS, value).unwrap();
    }
    let open: Vec<_> = panel.open_episodes().copied().collect();
    assert_eq!(open.len(), 1);
    let before = panel.clone();
    let wanted = PanelConfig {
        series_min: 150,
        ..PanelConfig::default()
    };
    assert!(
        panel
            .reconfigure(PanelConfig {
                budget_share: f64::NAN,
                ..wanted
            })
            .is_err()
    );
    assert_eq!(panel, before);
    panel
        .reconfigure(PanelConfig {
            false_episodes_per_hour: 0.1,
            ..wanted
        })
        .unwrap();
    assert_eq!(panel.open_episodes().copied().collect::<Vec<_>>(), open);
    assert!(panel.control().base_level() < before.control().base_level());
}
