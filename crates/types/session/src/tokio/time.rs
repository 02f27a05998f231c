//! tokio's time.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use crate::Clock;

/// The clock of the tokio runtime it is polled in; it stands still where that runtime's does.
pub struct TokioClock {
    start: Instant,
    sleep: Option<(Duration, Pin<Box<Sleep>>)>,
}

impl TokioClock {
    /// A clock that starts now.
    #[must_use]
    pub fn new() -> Self {
        let start = Instant::now();
        Self { start, sleep: None }
    }
}

impl Default for TokioClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn poll_until(&mut self, cx: &mut Context<'_>, deadline: Duration) -> Poll<()> {
        if self.now() >= deadline {
            self.sleep = None;
            return Poll::Ready(());
        }
        // A time that cannot be told does not come.
        let Some(at) = self.start.checked_add(deadline) else {
            return Poll::Pending;
        };
        let sleep = match &mut self.sleep {
            Some((of, sleep)) if *of == deadline => sleep,
            other => {
                let (_, sleep) = other.insert((deadline, Box::pin(sleep_until(at))));
                sleep
            }
        };
        sleep.as_mut().poll(cx)
    }
}

impl fmt::Debug for TokioClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokioClock").finish_non_exhaustive()
    }
}
