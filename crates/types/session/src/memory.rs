//! Channels within one process, for any executor or none.

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::{Channel, Fault, Leaving};

/// Messages a channel of [`pair`] holds in each direction.
pub const CAPACITY: NonZeroUsize = match NonZeroUsize::new(16) {
    Some(n) => n,
    None => NonZeroUsize::MIN,
};

/// One end of an in-memory channel. `Send` where its messages are.
pub struct Memory<M> {
    shared: Arc<Mutex<Shared<M>>>,
    is_second: bool,
}

struct Shared<M> {
    capacity: usize,
    first: Side<M>,
    second: Side<M>,
}

/// What one end has sent, and how it left.
struct Side<M> {
    sent: VecDeque<M>,
    left: Option<Left>,
    /// Waits for a message of the other end.
    reader: Option<Waker>,
    /// Waits for room.
    writer: Option<Waker>,
}

enum Left {
    Silently,
    Saying(Leaving),
}

impl Left {
    fn fault(&self) -> Fault {
        match self {
            Self::Silently => Fault::Closed,
            Self::Saying(leaving) => leaving.clone().into(),
        }
    }
}

impl<M> Side<M> {
    const fn new() -> Self {
        Self {
            sent: VecDeque::new(),
            left: None,
            reader: None,
            writer: None,
        }
    }
}

/// Two ends that hold [`CAPACITY`] messages in each direction.
#[must_use]
pub fn pair<M>() -> (Memory<M>, Memory<M>) {
    pair_with_capacity(CAPACITY)
}

/// Two ends that hold `capacity` messages in each direction; who sends more waits.
#[must_use]
pub fn pair_with_capacity<M>(capacity: NonZeroUsize) -> (Memory<M>, Memory<M>) {
    let shared = Arc::new(Mutex::new(Shared {
        capacity: capacity.get(),
        first: Side::new(),
        second: Side::new(),
    }));
    let first = Memory {
        shared: Arc::clone(&shared),
        is_second: false,
    };
    let second = Memory {
        shared,
        is_second: true,
    };
    (first, second)
}

impl<M> Memory<M> {
    fn lock(&self) -> MutexGuard<'_, Shared<M>> {
        // Nothing that can panic runs while it is held.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leave(&mut self, left: Left) {
        let mut shared = self.lock();
        let (mine, theirs) = shared.sides(self.is_second);
        if mine.left.is_some() {
            return;
        }
        mine.left = Some(left);
        let wakers = [theirs.reader.take(), theirs.writer.take()];
        // Unread messages may hold endpoints of other sessions, whose destructors reach back into channels.
        let unread = std::mem::take(&mut theirs.sent);
        drop(shared);
        drop(unread);
        wakers.into_iter().flatten().for_each(Waker::wake);
    }
}

impl<M> Shared<M> {
    const fn sides(&mut self, is_second: bool) -> (&mut Side<M>, &mut Side<M>) {
        if is_second {
            (&mut self.second, &mut self.first)
        } else {
            (&mut self.first, &mut self.second)
        }
    }
}

impl<M> Channel<M> for Memory<M> {
    fn poll_send(
        &mut self,
        message: &mut Option<M>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        let mut shared = self.lock();
        let capacity = shared.capacity;
        let (mine, theirs) = shared.sides(self.is_second);
        if let Some(left) = &theirs.left {
            return Poll::Ready(Err(left.fault()));
        }
        if mine.left.is_some() {
            return Poll::Ready(Err(Fault::Closed));
        }
        if mine.sent.len() >= capacity {
            mine.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        mine.sent.extend(message.take());
        let reader = theirs.reader.take();
        drop(shared);
        reader.into_iter().for_each(Waker::wake);
        Poll::Ready(Ok(()))
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Result<M, Fault>> {
        let mut shared = self.lock();
        let (mine, theirs) = shared.sides(self.is_second);
        if let Some(message) = theirs.sent.pop_front() {
            let writer = theirs.writer.take();
            drop(shared);
            writer.into_iter().for_each(Waker::wake);
            return Poll::Ready(Ok(message));
        }
        if let Some(left) = &theirs.left {
            return Poll::Ready(Err(left.fault()));
        }
        if mine.left.is_some() {
            return Poll::Ready(Err(Fault::Closed));
        }
        mine.reader = Some(cx.waker().clone());
        Poll::Pending
    }

    fn close(&mut self, leaving: Leaving) {
        self.leave(Left::Saying(leaving));
    }
}

impl<M> Drop for Memory<M> {
    fn drop(&mut self) {
        self.leave(Left::Silently);
    }
}

impl<M> fmt::Debug for Memory<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}
