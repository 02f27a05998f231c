//! A pair of tokio's bounded channels.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use tokio::sync::mpsc::error::{SendError, TrySendError};
use tokio::sync::mpsc::{OwnedPermit, Receiver, Sender, channel};

use crate::{Channel, Fault, Leaving};

/// One end of two tokio mpsc channels. Messages travel as they are: what leaving means is told beside them.
pub struct Mpsc<M> {
    to: Option<Sender<M>>,
    from: Receiver<M>,
    parting: Arc<Parting>,
    is_second: bool,
    waiting: Option<Waiting<M>>,
}

type Waiting<M> = Pin<Box<dyn Future<Output = Result<OwnedPermit<M>, SendError<()>>> + Send>>;

/// What the two ends said when they left.
#[derive(Debug, Default)]
struct Parting {
    first: OnceLock<Leaving>,
    second: OnceLock<Leaving>,
}

/// Two ends that hold `capacity` messages in each direction; at least one.
#[must_use]
pub fn mpsc<M>(capacity: usize) -> (Mpsc<M>, Mpsc<M>) {
    let (to_second, from_first) = channel(capacity.max(1));
    let (to_first, from_second) = channel(capacity.max(1));
    let parting = Arc::new(Parting::default());
    let end = |to, from, is_second| Mpsc {
        to: Some(to),
        from,
        parting: Arc::clone(&parting),
        is_second,
        waiting: None,
    };
    (
        end(to_second, from_second, false),
        end(to_first, from_first, true),
    )
}

impl<M> Mpsc<M> {
    #[cold]
    fn gone(&self) -> Fault {
        let theirs = if self.is_second {
            &self.parting.first
        } else {
            &self.parting.second
        };
        theirs.get().cloned().map_or(Fault::Closed, Fault::from)
    }
}

impl<M: Send + 'static> Mpsc<M> {
    #[cold]
    fn poll_room(
        &mut self,
        message: &mut Option<M>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        if self.waiting.is_none() {
            let to = self.to.clone();
            self.waiting = to.map(|to| Box::pin(to.reserve_owned()) as Waiting<M>);
        }
        let Some(waiting) = &mut self.waiting else {
            return Poll::Ready(Err(Fault::Closed));
        };
        let Poll::Ready(permit) = waiting.as_mut().poll(cx) else {
            return Poll::Pending;
        };
        self.waiting = None;
        match (permit, message.take()) {
            (Ok(permit), Some(message)) => {
                permit.send(message);
                Poll::Ready(Ok(()))
            }
            (Ok(_), None) => Poll::Ready(Ok(())),
            (Err(_), _) => Poll::Ready(Err(self.gone())),
        }
    }
}

impl<M: Send + 'static> Channel<M> for Mpsc<M> {
    #[inline]
    fn poll_send(
        &mut self,
        message: &mut Option<M>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        if self.waiting.is_some() {
            return self.poll_room(message, cx);
        }
        let (Some(to), Some(taken)) = (&self.to, message.take()) else {
            return Poll::Ready(Err(Fault::Closed));
        };
        match to.try_send(taken) {
            Ok(()) => Poll::Ready(Ok(())),
            Err(TrySendError::Closed(_)) => Poll::Ready(Err(self.gone())),
            Err(TrySendError::Full(taken)) => {
                *message = Some(taken);
                self.poll_room(message, cx)
            }
        }
    }

    #[inline]
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Result<M, Fault>> {
        match self.from.poll_recv(cx) {
            Poll::Ready(Some(message)) => Poll::Ready(Ok(message)),
            Poll::Ready(None) => Poll::Ready(Err(self.gone())),
            Poll::Pending => Poll::Pending,
        }
    }

    fn close(&mut self, leaving: Leaving) {
        let mine = if self.is_second {
            &self.parting.second
        } else {
            &self.parting.first
        };
        // The first word counts.
        mine.set(leaving).unwrap_or_default();
        self.waiting = None;
        self.to = None;
        self.from.close();
    }
}

impl<M> fmt::Debug for Mpsc<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mpsc").finish_non_exhaustive()
    }
}
