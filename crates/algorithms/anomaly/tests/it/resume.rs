//! State written and read back goes on bit for bit.

use voidstate_anomaly::{Adwin, Panel, PanelConfig};

use crate::worlds::{Stream, World};

#[test]
fn a_panel_resumes_bit_identically() {
    let mut panel = Panel::new(PanelConfig::default()).unwrap();
    let mut streams: Vec<Stream> = World::ALL.iter().map(|w| Stream::new(*w, 4)).collect();
    for t in 0..1200 {
        // Cut in the middle of the warm-up, early, in an episode, late.
        if [7, 30, 905, 1100].contains(&t) {
            let text = serde_json::to_string(&panel).unwrap();
            let read: Panel = serde_json::from_str(&text).unwrap();
            let mut twin = streams.clone();
            let mut other = panel.clone();
            let mut resumed = read;
            for u in t..t + 200 {
                for (series, stream) in twin.iter_mut().enumerate() {
                    let value = stream.next() + if u >= 900 { 1e7 } else { 0.0 };
                    let expected = other.observe(series, u * 1_000_000_000, value).unwrap();
                    let actual = resumed.observe(series, u * 1_000_000_000, value).unwrap();
                    assert_eq!(expected.verdict.p_value.to_bits(), actual.verdict.p_value.to_bits());
                    assert_eq!(expected, actual);
                }
            }
        }
        for (series, stream) in streams.iter_mut().enumerate() {
            let value = stream.next() + if t >= 900 { 1e7 } else { 0.0 };
            panel.observe(series, t * 1_000_000_000, value).unwrap();
        }
    }
}

#[test]
fn adwin_resumes_bit_identically() {
    let mut adwin = Adwin::with_delta(0.002).unwrap();
    let mut stream = Stream::new(World::Ar1, 1);
    for _ in 0..5000 {
        adwin.update(stream.next()).unwrap();
    }
    let mut read: Adwin = serde_json::from_str(&serde_json::to_string(&adwin).unwrap()).unwrap();
    for _ in 0..5000 {
        let value = stream.next();
        assert_eq!(adwin.update(value), read.update(value));
    }
    assert_eq!(adwin, read);
}
