//! A watchdog that says which call hangs. It ends nothing: a thread cannot be killed.

use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use voidstate_language::Value;

/// The call that is running, and how many there were before it.
#[derive(Debug, Default)]
struct Shared {
    /// Even while nothing runs, odd during a call.
    turns: AtomicU64,
    call: Mutex<(String, Vec<Value>)>,
}

/// Reports calls that take longer than they may.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    shared: Arc<Shared>,
    thread: Option<(Sender<()>, JoinHandle<()>)>,
}

/// Looks per patience: a report is late by at most a quarter.
const LOOKS: u32 = 4;

impl Watch {
    /// Watches with that much patience; not at all without.
    pub(crate) fn new(patience: Option<Duration>) -> Self {
        let shared = Arc::new(Shared::default());
        let Some(patience) = patience else {
            return Self {
                shared,
                thread: None,
            };
        };
        let (stop, stopped) = channel();
        let seen = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("spec-watchdog".to_owned())
            .spawn(move || {
                let pause = (patience / LOOKS).max(Duration::from_millis(1));
                let (mut last, mut looks) = (0, 0);
                while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    let turn = seen.turns.load(Ordering::Acquire);
                    looks = if turn == last { looks + 1 } else { 0 };
                    last = turn;
                    if turn % 2 == 1 && looks == LOOKS {
                        report(&seen, patience);
                    }
                }
            });
        Self {
            shared,
            thread: thread.ok().map(|thread| (stop, thread)),
        }
    }

    /// Says that a call begins; the answer ends it when it is dropped.
    pub(crate) fn begin(&self, operation: &str, inputs: &[Value]) -> Running<'_> {
        if self.thread.is_some() {
            let mut call = self
                .shared
                .call
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            call.0.clear();
            call.0.push_str(operation);
            call.1.clear();
            call.1.extend_from_slice(inputs);
            drop(call);
            self.shared.turns.fetch_add(1, Ordering::Release);
        }
        Running(self)
    }
}

fn report(shared: &Shared, patience: Duration) {
    let call = shared.call.lock().unwrap_or_else(PoisonError::into_inner);
    let inputs: Vec<String> = call.1.iter().map(ToString::to_string).collect();
    let line = format!(
        "voidstate-spec: {}({}) has been running for more than {patience:?}\n",
        call.0,
        inputs.join(", ")
    );
    // Where standard error is gone there is nobody to tell.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// A call that is being watched.
#[derive(Debug)]
pub(crate) struct Running<'w>(&'w Watch);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if self.0.thread.is_some() {
            self.0.shared.turns.fetch_add(1, Ordering::Release);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.thread.take() {
            drop(stop);
            let _ = thread.join();
        }
    }
}
