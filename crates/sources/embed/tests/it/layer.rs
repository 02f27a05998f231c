//! What `tracing` tells.

use tracing_subscriber::layer::SubscriberExt;
use voidstate_core::{AttributeValue, SpanStatus};
use voidstate_embed::ObserverLayer;

use crate::stage::Stage;

#[test]
fn events_and_spans_of_tracing_become_signals() {
    let mut stage = Stage::lit();
    let subscriber = tracing_subscriber::registry().with(ObserverLayer::new());
    tracing::subscriber::with_default(subscriber, || {
        let outer = tracing::info_span!("outer", user = 7, late = tracing::field::Empty);
        let _in = outer.enter();
        outer.record("late", "yes");
        tracing::info_span!("inner")
            .in_scope(|| tracing::error!(code = -3, ok = false, "it {}", "broke"));
        tracing::debug!(ratio = 0.5, "fine");
    });
    stage.until(|s| !s.seen.spans("outer").is_empty());
    let (outer, inner) = (stage.seen.spans("outer")[0], stage.seen.spans("inner")[0]);
    assert_eq!(inner.parent, Some(outer.span_id));
    assert_eq!(
        (inner.trace_id, inner.status),
        (outer.trace_id, SpanStatus::Error)
    );
    assert_eq!((outer.parent, outer.status), (None, SpanStatus::Unset));
    assert!(outer.start <= inner.start && outer.start <= outer.end);
    assert_eq!(outer.attributes["user"], AttributeValue::Int(7));
    assert_eq!(
        outer.attributes["late"],
        AttributeValue::Text("yes".to_owned())
    );
    let events = stage.seen.events("program.event");
    assert_eq!(events.len(), 2);
    assert_eq!(events[0].name, module_path!());
    assert_eq!(events[0].attributes["level"].as_text(), Some("ERROR"));
    assert_eq!(events[0].attributes["message"].as_text(), Some("it broke"));
    assert_eq!(events[0].attributes["code"], AttributeValue::Int(-3));
    assert_eq!(events[0].attributes["ok"], AttributeValue::Bool(false));
    assert_eq!(events[1].attributes["ratio"], AttributeValue::Real(0.5));
}
