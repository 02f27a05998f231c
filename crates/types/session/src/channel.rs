//! What carries messages between two parties.

use std::borrow::Cow;
use std::future::poll_fn;
use std::task::{Context, Poll};

use crate::Fault;

/// Why a party leaves its end of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaving {
    /// Its part of the protocol is over.
    Done,
    /// The session is over; this role left first.
    Cancelled(Cow<'static, str>),
}

impl From<Leaving> for Fault {
    fn from(leaving: Leaving) -> Self {
        match leaving {
            Leaving::Done => Self::Done,
            Leaving::Cancelled(by) => Self::Cancelled { by },
        }
    }
}

/// One end of a reliable, ordered line between two parties, for messages `M`.
///
/// Endpoints call it; transports implement it. It polls instead of being `async`, so that it is an object, futures over
/// it are `Send` where it is, and an endpoint can listen to all of its peers at once.
///
/// # Laws
/// - Messages arrive once, in the order in which they were sent, or a [`Fault`] arrives instead.
/// - What was sent before [`close`](Self::close) arrives before the word of leaving.
/// - After a fault both directions answer with faults.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not carry messages of type `{M}`",
    note = "a channel of a session carries that protocol's `Message`"
)]
pub trait Channel<M> {
    /// Takes `message` out of its place once the channel has room for it; pending until then.
    ///
    /// # Errors
    /// A [`Fault`] when the other end is gone or the message cannot be sent.
    fn poll_send(
        &mut self,
        message: &mut Option<M>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Fault>>;

    /// The next message.
    ///
    /// # Errors
    /// A [`Fault`] when the other end left, or what came is not a message.
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Result<M, Fault>>;

    /// Tells the other end why this one leaves, as far as that is possible without waiting. Nothing is sent afterwards.
    fn close(&mut self, leaving: Leaving);

    /// Sends `message`.
    ///
    /// # Errors
    /// Those of [`poll_send`](Self::poll_send).
    fn send(&mut self, message: M) -> impl Future<Output = Result<(), Fault>>
    where
        Self: Sized,
    {
        let mut message = Some(message);
        poll_fn(move |cx| self.poll_send(&mut message, cx))
    }

    /// Waits for the next message.
    ///
    /// # Errors
    /// Those of [`poll_receive`](Self::poll_receive).
    fn receive(&mut self) -> impl Future<Output = Result<M, Fault>>
    where
        Self: Sized,
    {
        poll_fn(move |cx| self.poll_receive(cx))
    }
}

/// A channel of any kind, for endpoints whose peers are reached in different ways.
pub type BoxChannel<M> = Box<dyn Channel<M> + Send>;

impl<M, C: Channel<M> + ?Sized> Channel<M> for Box<C> {
    fn poll_send(
        &mut self,
        message: &mut Option<M>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        (**self).poll_send(message, cx)
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Result<M, Fault>> {
        (**self).poll_receive(cx)
    }

    fn close(&mut self, leaving: Leaving) {
        (**self).close(leaving);
    }
}

/// A message that tells its label.
pub trait Labelled {
    /// The label, as the protocol writes it.
    fn label(&self) -> &str;
}
