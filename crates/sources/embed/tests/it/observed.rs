//! Functions under `#[observed]`: they mean what they meant, and their calls are seen.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use voidstate_core::{AttributeValue, SpanStatus};
use voidstate_embed::observed;

use crate::stage::Stage;

#[derive(Debug, thiserror::Error)]
#[error("refused {0}")]
struct Refused(i32);

#[derive(Default)]
struct Shop {
    sold: Vec<String>,
}

trait Counter {
    fn count(&self) -> usize;
    #[observed]
    fn twice(&self) -> usize {
        self.count() * 2
    }
}

impl Counter for Shop {
    #[observed(name = "shop.count")]
    fn count(&self) -> usize {
        self.sold.len()
    }
}

impl Shop {
    #[observed]
    fn sell<T: ToString + ?Sized>(&mut self, what: &T) -> &str {
        self.sold.push(what.to_string());
        self.sold.last().map_or("", String::as_str)
    }

    #[observed]
    fn long<'a>(&'a self, than: usize) -> impl Iterator<Item = &'a str> + 'a {
        self.sold
            .iter()
            .filter(move |name| name.len() > than)
            .map(String::as_str)
    }

    #[observed(err)]
    fn find(&self, name: &str) -> Result<impl Iterator<Item = char> + use<>, Refused> {
        let at = self
            .sold
            .iter()
            .position(|sold| sold == name)
            .ok_or(Refused(404))?;
        Ok(self.sold[at]
            .clone()
            .chars()
            .collect::<Vec<_>>()
            .into_iter())
    }
}

/// Divides.
#[observed]
#[must_use = "it is a quotient"]
fn halves(mut n: i32) -> Result<i32, Refused> {
    if n % 2 == 1 {
        return Err(Refused(n));
    }
    let parsed: i32 = "2".parse().map_err(|_| Refused(0))?;
    n /= parsed;
    Ok(n)
}

#[observed]
fn countdown(n: u32) -> u32 {
    if n == 0 { 0 } else { countdown(n - 1) + 1 }
}

#[observed]
fn breaks(when: bool) -> u8 {
    assert!(!when, "it breaks");
    1
}

#[observed]
fn r#match() {}

#[observed(err, name = "later")]
async fn later(n: i32) -> Result<i32, Refused> {
    Pause(false).await;
    if n < 0 {
        return Err(Refused(n));
    }
    let half = halves(n)?;
    Pause(false).await;
    Ok(half)
}

#[observed]
async fn gives(text: &str) -> impl Iterator<Item = char> + '_ {
    Pause(false).await;
    text.chars().rev()
}

#[observed]
async fn for_ever() {
    std::future::pending::<()>().await;
}

/// Pending once.
struct Pause(bool);

impl Future for Pause {
    type Output = ();

    fn poll(mut self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            return output;
        }
    }
}

fn everything_means_what_it_meant() {
    let mut shop = Shop::default();
    assert_eq!(shop.sell("tea"), "tea");
    assert_eq!(shop.sell(&12), "12");
    assert_eq!(shop.long(2).collect::<Vec<_>>(), ["tea"]);
    assert_eq!((shop.count(), shop.twice()), (2, 4));
    assert_eq!(shop.find("tea").unwrap().collect::<String>(), "tea");
    assert!(shop.find("coffee").is_err());
    assert_eq!(halves(8).unwrap(), 4);
    assert_eq!(halves(7).unwrap_err().0, 7);
    assert_eq!(countdown(5), 5);
    r#match();
    assert_eq!(block_on(later(4)).unwrap(), 2);
    assert_eq!(block_on(later(-4)).unwrap_err().0, -4);
    assert_eq!(block_on(gives("abc")).collect::<String>(), "cba");
}

#[test]
fn observed_keeps_meaning() {
    let stage = Stage::dark();
    everything_means_what_it_meant();
    drop(stage);
    let stage = Stage::lit();
    everything_means_what_it_meant();
    drop(stage);
}

#[test]
fn calls_become_spans_with_their_ends() {
    let mut stage = Stage::lit();
    everything_means_what_it_meant();
    stage.until(|s| !s.seen.spans("observed::gives").is_empty());
    let status = |name: &str| {
        stage
            .seen
            .spans(name)
            .iter()
            .map(|span| span.status)
            .collect::<Vec<_>>()
    };
    assert_eq!(status("observed::sell"), [SpanStatus::Unset; 2]);
    assert_eq!(
        status("observed::find"),
        [SpanStatus::Ok, SpanStatus::Error]
    );
    assert_eq!(status("observed::match"), [SpanStatus::Unset]);
    assert_eq!(status("shop.count").len(), 2);
    assert_eq!(status("later"), [SpanStatus::Ok, SpanStatus::Error]);
    assert_eq!(status("observed::gives"), [SpanStatus::Unset]);
    let text = |name: &str, at: usize| stage.seen.spans(name)[at].attributes.get("error").cloned();
    assert_eq!(
        text("observed::find", 1),
        Some(AttributeValue::Text("refused 404".to_owned()))
    );
    assert_eq!(
        text("later", 1),
        Some(AttributeValue::Text("refused -4".to_owned()))
    );
    assert_eq!(text("later", 0), None);
    assert!(
        stage
            .seen
            .spans("")
            .iter()
            .all(|span| span.end >= span.start && span.trace_id != 0 && span.span_id != 0)
    );
}

#[test]
fn spans_know_their_parents() {
    let mut stage = Stage::lit();
    assert_eq!(countdown(3), 3);
    assert_eq!(block_on(later(4)).unwrap(), 2);
    stage.until(|s| !s.seen.spans("later").is_empty());
    let mut spans = stage.seen.spans("observed::countdown");
    assert_eq!(spans.len(), 4);
    spans.reverse();
    assert_eq!(spans[0].parent, None);
    for pair in spans.windows(2) {
        assert_eq!(
            (pair[1].parent, pair[1].trace_id),
            (Some(pair[0].span_id), pair[0].trace_id)
        );
    }
    let (outer, inner) = (
        stage.seen.spans("later")[0],
        stage.seen.spans("observed::halves")[0],
    );
    assert_eq!(
        (inner.parent, inner.trace_id, outer.parent),
        (Some(outer.span_id), outer.trace_id, None)
    );
    assert_ne!(outer.trace_id, spans[0].trace_id);
}

#[test]
fn futures_that_take_turns_keep_their_own_children() {
    let mut stage = Stage::lit();
    let (mut a, mut b) = (pin!(later(2)), pin!(later(6)));
    let mut context = Context::from_waker(Waker::noop());
    let mut ready = 0;
    while ready < 2 {
        ready += usize::from(a.as_mut().poll(&mut context).is_ready());
        ready += usize::from(b.as_mut().poll(&mut context).is_ready());
    }
    stage.until(|s| s.seen.spans("later").len() == 2);
    let parents: Vec<_> = stage
        .seen
        .spans("observed::halves")
        .iter()
        .map(|span| span.parent)
        .collect();
    let outer: Vec<_> = stage
        .seen
        .spans("later")
        .iter()
        .map(|span| Some(span.span_id))
        .collect();
    assert_eq!(parents, outer);
}

#[test]
fn a_panic_is_an_error_and_passes_on() {
    let mut stage = Stage::lit();
    assert!(catch_unwind(AssertUnwindSafe(|| breaks(true))).is_err());
    assert_eq!(breaks(false), 1);
    stage.until(|s| s.seen.spans("observed::breaks").len() == 2);
    let spans = stage.seen.spans("observed::breaks");
    assert_eq!(
        (spans[0].status, spans[1].status),
        (SpanStatus::Error, SpanStatus::Unset)
    );
    assert_eq!(spans[0].attributes["panicked"], AttributeValue::Bool(true));
}

#[test]
fn a_future_dropped_before_its_end_is_cancelled() {
    let mut stage = Stage::lit();
    {
        let mut future = pin!(for_ever());
        assert!(
            future
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
    }
    drop(for_ever());
    stage.until(|s| !s.seen.spans("observed::for_ever").is_empty());
    let spans = stage.seen.spans("observed::for_ever");
    assert_eq!(spans.len(), 1, "a future that was never polled did nothing");
    assert_eq!(spans[0].attributes["cancelled"], AttributeValue::Bool(true));
}

#[test]
fn calls_errors_and_latency_are_counted_per_function() {
    let mut stage = Stage::lit();
    for n in 0..100 {
        let _counted = halves(n);
    }
    let labels = format!(
        "{{function=\"{}::halves\",program=\"tests\"}}",
        module_path!()
    );
    stage.until(|s| s.seen.values(&format!("program.latency_max{labels}")).len() == 1);
    let first = |name: &str| stage.seen.values(&format!("program.{name}{labels}"))[0];
    let (calls, errors) = (first("calls"), first("errors"));
    assert!(
        calls > 0.0 && (errors / calls - 0.5).abs() < 1e-9,
        "{errors} of {calls}"
    );
    assert!(
        first("latency") > 0.0
            && first("latency") <= first("latency_max")
            && first("latency_max") < 10.0
    );
}
