//! Endpoints on plain threads: an executor for one future, and channels over anything that reads and writes.
//!
//! This crate starts no thread. Whoever owns the threads runs [`Pump::run`] on one of them.

use std::io::{self, Read, Write};
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use crate::memory::{self, Memory};
use crate::wire::{Decoder, Encoder, Wire};
use crate::{Channel, Clock, Fault, Leaving};

/// Runs `future` to its end on this thread.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let parker = Arc::new(Parker::default());
    run(&parker, future, || None)
}

/// Time for endpoints that run on plain threads: [`Timer::block_on`] wakes up for its deadlines.
///
/// `F` tells the time since any fixed point, never going back.
#[derive(Debug)]
pub struct Timer<F> {
    now: F,
    deadline: Arc<Mutex<Option<Duration>>>,
}

impl<F: Fn() -> Duration + Clone> Clone for Timer<F> {
    fn clone(&self) -> Self {
        Self {
            now: self.now.clone(),
            deadline: Arc::clone(&self.deadline),
        }
    }
}

impl<F: Fn() -> Duration + Clone> Timer<F> {
    /// A timer that reads `now`.
    pub fn new(now: F) -> Self {
        Self {
            now,
            deadline: Arc::default(),
        }
    }

    /// Runs the future that `make` makes with a clock of this timer, to its end, on this thread.
    pub fn block_on<T: Future>(&self, make: impl FnOnce(Self) -> T) -> T::Output {
        let parker = Arc::new(Parker::default());
        let own = Self::new(self.now.clone());
        let deadline = Arc::clone(&own.deadline);
        run(&parker, make(own), || {
            let deadline = *deadline.lock().unwrap_or_else(PoisonError::into_inner);
            deadline.map(|deadline| deadline.saturating_sub((self.now)()))
        })
    }
}

impl<F: Fn() -> Duration> Clock for Timer<F> {
    fn now(&self) -> Duration {
        (self.now)()
    }

    fn poll_until(&mut self, _: &mut Context<'_>, deadline: Duration) -> Poll<()> {
        let is_due = (self.now)() >= deadline;
        let wanted = (!is_due).then_some(deadline);
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = wanted;
        if is_due {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

#[derive(Debug, Default)]
struct Parker {
    is_woken: Mutex<bool>,
    bell: Condvar,
}

impl Parker {
    fn wait(&self, limit: Option<Duration>) {
        let woken = self.is_woken.lock().unwrap_or_else(PoisonError::into_inner);
        let asleep = |woken: &mut bool| !*woken;
        let mut woken = match limit {
            None => self
                .bell
                .wait_while(woken, asleep)
                .unwrap_or_else(PoisonError::into_inner),
            Some(limit) => {
                let waited = self.bell.wait_timeout_while(woken, limit, asleep);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        *woken = false;
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        *self.is_woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_one();
    }
}

fn run<F: Future>(
    parker: &Arc<Parker>,
    future: F,
    limit: impl Fn() -> Option<Duration>,
) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::clone(parker));
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        parker.wait(limit());
    }
}

/// A channel over a reader and a writer, for example those of a child process. Give the [`Pump`] a thread.
///
/// `limit` is the longest frame in bytes.
pub fn pipe<M: Wire, R: Read, W: Write>(
    reader: R,
    writer: W,
    limit: usize,
) -> (Pipe<M, W>, Pump<M, R>) {
    let (mine, theirs) = memory::pair();
    let pipe = Pipe {
        read: mine,
        writer: Some(writer),
        encoder: Encoder::new(limit),
    };
    let pump = Pump {
        reader,
        decoder: Decoder::new(limit),
        to: theirs,
    };
    (pipe, pump)
}

/// The writing and receiving half of [`pipe`], a [`Channel`].
///
/// Sending blocks the thread while the operating system's pipe is full; a peer that does not read is unblocked by ending
/// it.
#[derive(Debug)]
pub struct Pipe<M, W: Write> {
    read: Memory<Result<M, Fault>>,
    writer: Option<W>,
    encoder: Encoder,
}

impl<M, W: Write> Pipe<M, W> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let Some(writer) = &mut self.writer else {
            return Err(Fault::Closed);
        };
        let written = writer.write_all(bytes).and_then(|()| writer.flush());
        written.map_err(|error| {
            self.writer = None;
            gone(error)
        })
    }
}

/// A pipe whose reader is gone is a peer that is gone.
fn gone(error: io::Error) -> Fault {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    match error.kind() {
        BrokenPipe | ConnectionReset | ConnectionAborted | UnexpectedEof => Fault::Closed,
        _ => Fault::Io(error),
    }
}

impl<M: Wire, W: Write> Channel<M> for Pipe<M, W> {
    fn poll_send(
        &mut self,
        message: &mut Option<M>,
        _: &mut Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        let Some(message) = message.take() else {
            return Poll::Ready(Ok(()));
        };
        let sent = self.encoder.message(&message);
        Poll::Ready(sent.and_then(|bytes| self.write(&bytes)))
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Result<M, Fault>> {
        self.read.poll_receive(cx).map(|heard| heard?)
    }

    fn close(&mut self, leaving: Leaving) {
        if self.writer.is_some() {
            // The other end may be gone already; its reader sees the end of the stream in any case.
            if let Ok(bytes) = self.encoder.leaving(&leaving) {
                self.write(&bytes).unwrap_or_default();
            }
            self.writer = None;
        }
        Channel::close(&mut self.read, leaving);
    }
}

/// The reading half of [`pipe`].
#[derive(Debug)]
pub struct Pump<M, R> {
    reader: R,
    decoder: Decoder,
    to: Memory<Result<M, Fault>>,
}

impl<M: Wire, R: Read> Pump<M, R> {
    /// Reads until the stream ends, a frame is not sound, or the session is over. Blocks; meant for a thread of its own.
    ///
    /// It learns that the session is over when it next reads; close the stream to end it at once.
    pub fn run(mut self) {
        let mut bytes = [0; 8192];
        loop {
            let heard = match self.reader.read(&mut bytes) {
                Ok(0) => Err(Fault::Closed),
                Ok(n) => {
                    self.decoder.push(bytes.get(..n).unwrap_or_default());
                    self.pass_on()
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
                Err(error) => Err(gone(error)),
            };
            if let Err(fault) = heard {
                // Where nobody listens any more, nobody misses it.
                block_on(self.to.send(Err(fault))).unwrap_or_default();
                return;
            }
        }
    }

    fn pass_on(&mut self) -> Result<(), Fault> {
        while let Some(message) = self.decoder.take()? {
            block_on(self.to.send(Ok(message)))?;
        }
        Ok(())
    }
}
