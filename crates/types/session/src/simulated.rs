//! Bad networks, on purpose and again: every run of a seed is the same.

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use crate::wire::{Decoder, Encoder, FRAME_BYTES_MAX, Wire};
use crate::{Channel, Clock, Fault, Leaving, ManualClock};

/// What goes wrong, each in thousandths of the frames.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    /// Frames that are lost.
    pub lost: u16,
    /// Frames that arrive twice.
    pub doubled: u16,
    /// Frames that later ones overtake.
    pub overtaken: u16,
    /// Frames with a flipped bit.
    pub damaged: u16,
    /// Longest time a frame takes.
    pub delay_max: Duration,
    /// Frames after which a line is cut.
    pub cut_after: Option<u64>,
}

/// Where lines between parties run.
#[derive(Debug, Clone)]
pub struct Network {
    clock: ManualClock,
    faults: Faults,
    random: Arc<Mutex<u64>>,
}

impl Network {
    /// A network with these faults, drawn from `seed`.
    #[must_use]
    pub fn new(seed: u64, faults: Faults) -> Self {
        Self {
            clock: ManualClock::new(),
            faults,
            random: Arc::new(Mutex::new(seed)),
        }
    }

    /// The network's time.
    #[must_use]
    pub fn clock(&self) -> ManualClock {
        self.clock.clone()
    }

    /// The two ends of a new line.
    #[must_use]
    pub fn pair(&self) -> (Simulated, Simulated) {
        let lines = [Arc::default(), Arc::default()];
        let [forth, back] = &lines;
        let end = |out: &Arc<Mutex<Line>>, back: &Arc<Mutex<Line>>| Simulated {
            network: self.clone(),
            out: Arc::clone(out),
            back: Arc::clone(back),
            encoder: Encoder::new(FRAME_BYTES_MAX),
            decoder: Decoder::new(FRAME_BYTES_MAX),
        };
        (end(forth, back), end(back, forth))
    }

    fn draw(&self) -> u64 {
        let mut state = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn happens(&self, thousandths: u16) -> bool {
        self.draw() % 1000 < u64::from(thousandths)
    }

    fn delay(&self) -> Duration {
        let longest = u64::try_from(self.faults.delay_max.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(self.draw() % longest.saturating_add(1).max(1))
    }
}

/// One direction.
#[derive(Debug, Default)]
struct Line {
    /// When it arrives, in which order it was sent, what.
    frames: Vec<(Duration, u64, Vec<u8>)>,
    sent: u64,
    last_due: Duration,
    is_cut: bool,
    reader: Option<Waker>,
}

/// One end of a simulated line.
#[derive(Debug)]
pub struct Simulated {
    network: Network,
    out: Arc<Mutex<Line>>,
    back: Arc<Mutex<Line>>,
    encoder: Encoder,
    decoder: Decoder,
}

fn lock(line: &Mutex<Line>) -> MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Simulated {
    fn put(&self, mut bytes: Vec<u8>) {
        let (network, faults) = (&self.network, self.network.faults);
        // Every frame draws the same numbers, whatever becomes of it.
        let is_lost = network.happens(faults.lost);
        let is_doubled = network.happens(faults.doubled);
        let is_overtaken = network.happens(faults.overtaken);
        let is_damaged = network.happens(faults.damaged);
        let (delay, where_damaged) = (network.delay(), network.draw());
        let mut line = lock(&self.out);
        let arrives = network.clock.now().saturating_add(delay);
        let due = arrives.max(line.last_due);
        line.last_due = due;
        line.sent += 1;
        let order = line.sent;
        if faults.cut_after.is_some_and(|limit| order > limit) {
            line.is_cut = true;
        } else if !is_lost {
            if is_damaged {
                let bits = bytes.len() as u64 * 8;
                let bit = where_damaged % bits.max(1);
                let at = usize::try_from(bit / 8).unwrap_or(0);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << (bit % 8);
                }
            }
            let late = faults.delay_max.saturating_add(Duration::from_nanos(1));
            let due = if is_overtaken {
                due.saturating_add(late)
            } else {
                due
            };
            if is_doubled {
                line.frames.push((due, order, bytes.clone()));
            }
            line.frames.push((due, order, bytes));
        }
        let reader = line.reader.take();
        drop(line);
        reader.into_iter().for_each(Waker::wake);
    }

    /// The next frame that has arrived; the time of the next that will.
    fn take(&self) -> Result<Vec<u8>, Option<Duration>> {
        let mut line = lock(&self.back);
        let next = line
            .frames
            .iter()
            .enumerate()
            .min_by_key(|(_, (due, order, _))| (*due, *order));
        let Some((at, due)) = next.map(|(at, (due, ..))| (at, *due)) else {
            return Err(None);
        };
        if due > self.network.clock.now() {
            return Err(Some(due));
        }
        Ok(line.frames.remove(at).2)
    }
}

impl<M: Wire> Channel<M> for Simulated {
    fn poll_send(
        &mut self,
        message: &mut Option<M>,
        _: &mut Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        if lock(&self.out).is_cut {
            return Poll::Ready(Err(Fault::Closed));
        }
        if let Some(message) = message.take() {
            let bytes = self.encoder.message(&message)?;
            self.put(bytes);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Result<M, Fault>> {
        loop {
            if let Some(message) = self.decoder.take()? {
                return Poll::Ready(Ok(message));
            }
            match self.take() {
                Ok(bytes) => self.decoder.push(&bytes),
                Err(None) if lock(&self.back).is_cut => return Poll::Ready(Err(Fault::Closed)),
                Err(due) => {
                    lock(&self.back).reader = Some(cx.waker().clone());
                    if let Some(due) = due {
                        let is_due = self.network.clock.poll_until(cx, due).is_ready();
                        debug_assert!(!is_due, "it was taken, had it arrived");
                    }
                    return Poll::Pending;
                }
            }
        }
    }

    fn close(&mut self, leaving: Leaving) {
        if let Ok(bytes) = self.encoder.leaving(&leaving) {
            self.put(bytes);
        }
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        let mut line = lock(&self.out);
        line.is_cut = true;
        let reader = line.reader.take();
        drop(line);
        reader.into_iter().for_each(Waker::wake);
    }
}

/// A task of [`run`].
pub type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Runs tasks to their ends, in their order, on this thread. When all of them wait, time moves to the next deadline; when
/// there is none, those that still wait end without an output: they would wait for ever.
pub fn run<T>(clock: &ManualClock, tasks: Vec<Task<'_, T>>) -> Vec<Option<T>> {
    let mut running: Vec<_> = tasks
        .into_iter()
        .map(|task| (Some(task), Arc::new(Bell(AtomicBool::new(true)))))
        .collect();
    let mut outputs: Vec<Option<T>> = running.iter().map(|_| None).collect();
    loop {
        let mut moved = false;
        for ((task, bell), output) in running.iter_mut().zip(&mut outputs) {
            let Some(future) = task else { continue };
            if !bell.0.swap(false, Ordering::Relaxed) {
                continue;
            }
            moved = true;
            let waker = Waker::from(Arc::clone(bell));
            if let Poll::Ready(found) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                *output = Some(found);
                *task = None;
            }
        }
        if moved {
            continue;
        }
        if running.iter().all(|(task, _)| task.is_none()) {
            return outputs;
        }
        match clock.next_deadline() {
            Some(deadline) => clock.advance(deadline.saturating_sub(clock.now())),
            None => return outputs,
        }
    }
}

struct Bell(AtomicBool);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "lost {}, doubled {}, overtaken {}, damaged {} of a thousand",
            self.lost, self.doubled, self.overtaken, self.damaged
        )
    }
}
