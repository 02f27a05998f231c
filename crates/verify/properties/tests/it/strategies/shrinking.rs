//! What shrinking leaves is small enough to read.

use voidstate_core::{AttributeValue, Signal};
use voidstate_properties::strategies::{self as all, Disorder, Ramp, Seasonal, Sizes, Traces};

use super::smallest;

#[test]
fn values_shrink_to_the_fault() {
    assert_eq!(
        smallest(all::finite(), |n| *n >= 100.5).to_bits() >> 40,
        101.0_f64.to_bits() >> 40
    );
    assert!(smallest(all::number(), |n| n.is_nan()).is_nan());
    assert_eq!(
        smallest(all::hostile_text(50), |text| text.contains('\0')),
        "\0"
    );
    assert_eq!(smallest(all::text(50), |text| text.len() >= 3).len(), 3);
    let key = smallest(all::series_key(Sizes::default()), |key| {
        key.labels().len() >= 2
    });
    assert!(key.to_string().len() <= 20, "{key}");
    let deep = smallest(all::value(Sizes::default()), |value| {
        matches!(value, AttributeValue::List(items)
            if matches!(items.first(), Some(AttributeValue::List(inner)) if !inner.is_empty()))
    });
    assert_eq!(format!("{deep:?}"), "List([List([Bool(false)])])");
}

#[test]
fn signals_and_metadata_shrink_to_the_fault() {
    let signal = smallest(all::signal(Sizes::default()), |signal| match signal {
        Signal::Event(event) => !event.attributes.is_empty(),
        _ => false,
    });
    let Signal::Event(event) = &signal else {
        panic!("{signal:?}")
    };
    assert!(
        event.name.is_empty() && event.attributes.len() == 1,
        "{event:?}"
    );
    assert_eq!(event.time.as_nanos(), 0);
    let meta = smallest(all::tool_meta(Sizes::default()), |meta| meta.layer >= 3);
    assert_eq!(
        (meta.layer, meta.phase, meta.subscriptions.len()),
        (3, 1, 1)
    );
    assert!(meta.config.is_empty() && meta.permissions.is_empty() && meta.effects.is_empty());
    let (fields, given, name) = smallest(all::misfitting_value(Sizes::default()), |_| true);
    assert!(
        fields.len() <= 1 && given.len() == 1 && given.contains_key(&name),
        "{fields:?}"
    );
}

#[test]
fn shapes_shrink_to_few_points_without_noise() {
    let seasonal = smallest(Seasonal::default().strategy().unwrap(), |shaped| {
        shaped.points.len() >= 31
    });
    assert_eq!(seasonal.points.len(), 31);
    let arrivals = Disorder::default()
        .of(Ramp::default().strategy().unwrap())
        .unwrap();
    let late = smallest(arrivals, |points| {
        !points.is_sorted_by_key(|point| point.time)
    });
    let descents = late
        .windows(2)
        .filter(|pair| pair[0].time > pair[1].time)
        .count();
    assert_eq!((late.len(), descents), (20, 1), "{late:?}");
}

#[test]
fn traces_shrink_to_few_spans() {
    let spans = smallest(Traces::default().strategy().unwrap(), |spans| {
        spans.len() >= 3
    });
    assert_eq!(spans.len(), 3);
    assert_eq!(
        spans[0].span_id.max(spans[1].span_id).max(spans[2].span_id),
        3
    );
}
