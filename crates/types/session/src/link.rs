//! The channels of one party, which every state of its endpoint hands on.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::{Channel, Clock, Error, Fault, Labelled, Leaving};

/// Messages of one peer that are kept while another peer is waited for.
pub const STASH_MESSAGES_MAX: usize = 64;

/// One role of a protocol, as the generated code describes it. `K` is the number of its peers.
pub trait Role<const K: usize> {
    /// Every message of the protocol.
    type Message: Labelled;
    /// Its name.
    const NAME: &'static str;
    /// The names of its peers, in the order of the channels.
    const PEERS: [&'static str; K];
    /// Whether the protocol says how to go on without that peer.
    const SURVIVES: [bool; K];
    /// All roles of the protocol.
    const ROLES: &'static [&'static str];
}

/// The channels of role `R` to its `K` peers. States of an endpoint are this and nothing else.
///
/// Dropping it before the protocol is over tells every peer that this role cancelled the session.
///
/// It lies behind one pointer, made once a session: states are moved at every step.
pub struct Link<R: Role<K>, C: Channel<R::Message>, const K: usize> {
    inner: Box<Inner<R, C, K>>,
}

struct Inner<R: Role<K>, C: Channel<R::Message>, const K: usize> {
    channels: [C; K],
    phase: Phase,
    aside: Option<Box<Aside<R::Message, K>>>,
    role: PhantomData<fn() -> R>,
}

/// How the session stands, seen from here.
#[derive(Clone, Copy)]
enum Phase {
    Running,
    Over,
    /// Who ended it.
    Cancelled(&'static str),
}

/// What other peers said while one was waited for.
struct Aside<M, const K: usize> {
    kept: [VecDeque<M>; K],
    gone: [Option<Fault>; K],
}

impl<M, const K: usize> Aside<M, K> {
    fn new() -> Self {
        Self {
            kept: std::array::from_fn(|_| VecDeque::new()),
            gone: std::array::from_fn(|_| None),
        }
    }
}

/// What came of waiting for a peer that the protocol can do without.
#[derive(Debug)]
pub enum Heard<M> {
    /// A message.
    Message(M),
    /// The peer is gone, or missed its time.
    Crashed,
}

impl<R: Role<K>, C: Channel<R::Message>, const K: usize> Link<R, C, K> {
    /// A session begins over these channels, in the order of [`Role::PEERS`].
    #[must_use]
    pub fn new(channels: [C; K]) -> Self {
        let inner = Box::new(Inner {
            channels,
            phase: Phase::Running,
            aside: None,
            role: PhantomData,
        });
        Self { inner }
    }

    /// Sends to the peer at `peer`. What is sent to one that is gone is lost where the protocol can do without it: the next
    /// time it is waited for tells.
    ///
    /// # Errors
    /// The peer or the session is gone, or the channel refuses the message.
    #[inline]
    pub async fn send(&mut self, peer: usize, message: R::Message) -> Result<(), Error> {
        let mut message = Some(message);
        poll_fn(|cx| self.inner.poll_send(cx, peer, &mut message)).await
    }

    /// Receives from the peer at `peer`.
    ///
    /// # Errors
    /// The peer or the session is gone, or the channel refuses what came.
    #[inline]
    pub async fn receive(&mut self, peer: usize) -> Result<R::Message, Error> {
        poll_fn(|cx| self.inner.poll_receive(cx, peer)).await
    }

    /// Receives from the peer at `peer`, or learns that it is gone, which the protocol foresees.
    ///
    /// # Errors
    /// As [`receive`](Self::receive), but for a peer that is gone.
    pub async fn receive_or_crash(&mut self, peer: usize) -> Result<Heard<R::Message>, Error> {
        let heard = poll_fn(|cx| self.inner.poll_receive_raw(cx, peer)).await;
        self.inner.heard(peer, heard?)
    }

    /// Receives from the peer at `peer` within `limit` of now.
    ///
    /// # Errors
    /// As [`receive`](Self::receive); [`Error::Timeout`] when nothing came in time.
    pub async fn receive_within(
        &mut self,
        peer: usize,
        limit: Duration,
        clock: &mut impl Clock,
    ) -> Result<R::Message, Error> {
        match self.inner.race(peer, limit, clock).await? {
            Some(Ok(message)) => Ok(message),
            Some(Err(fault)) => Err(self.inner.fail(peer, fault)),
            None => Err(self.inner.timeout(peer, limit)),
        }
    }

    /// Receives from the peer at `peer` within `limit` of now, or learns that it is gone or too late.
    ///
    /// # Errors
    /// As [`receive`](Self::receive), but for a peer that is gone or too late.
    pub async fn receive_within_or_crash(
        &mut self,
        peer: usize,
        limit: Duration,
        clock: &mut impl Clock,
    ) -> Result<Heard<R::Message>, Error> {
        match self.inner.race(peer, limit, clock).await? {
            Some(heard) => self.inner.heard(peer, heard),
            None => {
                self.inner.abandon(peer);
                Ok(Heard::Crashed)
            }
        }
    }

    /// The protocol is over for this role: dropping this no longer cancels anything.
    pub fn finish(&mut self) {
        self.inner.phase = Phase::Over;
    }

    /// A message came that is not foreseen; ends the session.
    #[must_use]
    #[cold]
    pub fn unexpected(&mut self, peer: usize, found: &R::Message, expected: &'static str) -> Error {
        self.inner.phase = Phase::Cancelled(R::NAME);
        Error::Unexpected {
            peer: Inner::<R, C, K>::name(peer),
            found: found.label().to_owned(),
            expected,
        }
    }
}

impl<R: Role<K>, C: Channel<R::Message>, const K: usize> Inner<R, C, K> {
    fn name(peer: usize) -> &'static str {
        R::PEERS.get(peer).copied().unwrap_or("?")
    }

    #[inline]
    fn poll_send(
        &mut self,
        cx: &mut Context<'_>,
        peer: usize,
        message: &mut Option<R::Message>,
    ) -> Poll<Result<(), Error>> {
        match self.poll_send_raw(cx, peer, message) {
            Poll::Ready(Ok(Ok(()))) => Poll::Ready(Ok(())),
            Poll::Ready(Ok(Err(fault))) => Poll::Ready(self.unsent(peer, fault)),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }

    #[cold]
    fn unsent(&mut self, peer: usize, fault: Fault) -> Result<(), Error> {
        if Self::survives(peer) && is_crash::<R, K>(peer, &fault) {
            Ok(())
        } else {
            Err(self.fail(peer, fault))
        }
    }

    /// Whether the protocol says how to go on without that peer.
    fn survives(peer: usize) -> bool {
        R::SURVIVES.get(peer).copied().unwrap_or(false)
    }

    /// The outer error is about another peer.
    #[inline]
    fn poll_send_raw(
        &mut self,
        cx: &mut Context<'_>,
        peer: usize,
        message: &mut Option<R::Message>,
    ) -> Poll<Result<Result<(), Fault>, Error>> {
        let Some(channel) = self.channels.get_mut(peer) else {
            return Poll::Ready(Ok(Err(Fault::Closed)));
        };
        if let Poll::Ready(sent) = channel.poll_send(message, cx) {
            return Poll::Ready(Ok(sent));
        }
        // Two parties that both wait for room would wait forever, did neither read.
        match self.listen_aside(cx, None) {
            Ok(()) => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    #[inline]
    fn poll_receive(
        &mut self,
        cx: &mut Context<'_>,
        peer: usize,
    ) -> Poll<Result<R::Message, Error>> {
        match self.poll_receive_raw(cx, peer) {
            Poll::Ready(Ok(Ok(message))) => Poll::Ready(Ok(message)),
            Poll::Ready(Ok(Err(fault))) => Poll::Ready(Err(self.fail(peer, fault))),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }

    /// The outer error is about another peer.
    #[inline]
    fn poll_receive_raw(
        &mut self,
        cx: &mut Context<'_>,
        peer: usize,
    ) -> Poll<Result<Result<R::Message, Fault>, Error>> {
        if self.aside.is_some()
            && let Some(before) = self.said_before(peer)
        {
            return Poll::Ready(Ok(before));
        }
        let Some(channel) = self.channels.get_mut(peer) else {
            return Poll::Ready(Ok(Err(Fault::Closed)));
        };
        if let Poll::Ready(heard) = channel.poll_receive(cx) {
            return Poll::Ready(Ok(heard));
        }
        if K > 1
            && let Err(error) = self.listen_aside(cx, Some(peer))
        {
            return Poll::Ready(Err(error));
        }
        Poll::Pending
    }

    fn said_before(&mut self, peer: usize) -> Option<Result<R::Message, Fault>> {
        let aside = self.aside.as_mut()?;
        if let Some(message) = aside.kept.get_mut(peer)?.pop_front() {
            return Some(Ok(message));
        }
        aside.gone.get_mut(peer)?.take().map(Err)
    }

    /// Listens to all peers but the one that is waited for, so that one that leaves is noticed at once.
    #[cold]
    fn listen_aside(
        &mut self,
        cx: &mut Context<'_>,
        waited_for: Option<usize>,
    ) -> Result<(), Error> {
        for peer in (0..K).filter(|peer| Some(*peer) != waited_for) {
            while self.has_room(peer) {
                let Some(channel) = self.channels.get_mut(peer) else {
                    break;
                };
                match channel.poll_receive(cx) {
                    Poll::Pending => break,
                    Poll::Ready(Ok(message)) => self.keep(peer, message),
                    Poll::Ready(Err(fault)) => self.gone(peer, fault)?,
                }
            }
        }
        Ok(())
    }

    /// Whether more of what `peer` says can be kept.
    fn has_room(&self, peer: usize) -> bool {
        self.aside.as_ref().is_none_or(|aside| {
            let is_here = aside.gone.get(peer).is_some_and(Option::is_none);
            let kept = aside.kept.get(peer).map_or(0, VecDeque::len);
            is_here && kept < STASH_MESSAGES_MAX
        })
    }

    fn keep(&mut self, peer: usize, message: R::Message) {
        let aside = self.aside.get_or_insert_with(|| Box::new(Aside::new()));
        if let Some(kept) = aside.kept.get_mut(peer) {
            kept.push_back(message);
        }
    }

    /// A peer that nobody waits for is gone: an error, unless it is done or can be done without.
    fn gone(&mut self, peer: usize, fault: Fault) -> Result<(), Error> {
        let is_foreseen = Self::survives(peer) && is_crash::<R, K>(peer, &fault);
        if !matches!(fault, Fault::Done) && !is_foreseen {
            return Err(self.fail(peer, fault));
        }
        let aside = self.aside.get_or_insert_with(|| Box::new(Aside::new()));
        if let Some(gone) = aside.gone.get_mut(peer) {
            *gone = Some(fault);
        }
        Ok(())
    }

    /// Waits for a message or the time; `None` is the time.
    async fn race(
        &mut self,
        peer: usize,
        limit: Duration,
        clock: &mut impl Clock,
    ) -> Result<Option<Result<R::Message, Fault>>, Error> {
        let deadline = clock.now().saturating_add(limit);
        poll_fn(|cx| {
            if let Poll::Ready(heard) = self.poll_receive_raw(cx, peer) {
                return Poll::Ready(heard.map(Some));
            }
            clock.poll_until(cx, deadline).map(|()| Ok(None))
        })
        .await
    }

    fn heard(
        &mut self,
        peer: usize,
        heard: Result<R::Message, Fault>,
    ) -> Result<Heard<R::Message>, Error> {
        match heard {
            Ok(message) => Ok(Heard::Message(message)),
            Err(fault) => self.crash(peer, fault).map(|()| Heard::Crashed),
        }
    }

    /// Takes a fault for a crash of `peer`, if it is one.
    fn crash(&mut self, peer: usize, fault: Fault) -> Result<(), Error> {
        if is_crash::<R, K>(peer, &fault) {
            self.abandon(peer);
            Ok(())
        } else {
            Err(self.fail(peer, fault))
        }
    }

    /// Goes on without `peer`, which is told so, should it still live.
    fn abandon(&mut self, peer: usize) {
        if let Some(channel) = self.channels.get_mut(peer) {
            channel.close(Leaving::Cancelled(R::NAME.into()));
        }
        let aside = self.aside.get_or_insert_with(|| Box::new(Aside::new()));
        if let Some(gone) = aside.gone.get_mut(peer) {
            *gone = Some(Fault::Closed);
        }
    }

    #[cold]
    fn timeout(&mut self, peer: usize, limit: Duration) -> Error {
        self.phase = Phase::Cancelled(R::NAME);
        let peer = Self::name(peer);
        Error::Timeout { peer, limit }
    }

    /// Ends the session for a fault of `peer`, and says who is to blame.
    #[cold]
    fn fail(&mut self, peer: usize, fault: Fault) -> Error {
        let peer = Self::name(peer);
        let (by, error) = match fault {
            Fault::Cancelled { by } => match R::ROLES.iter().find(|role| ***role == *by) {
                Some(by) => (*by, Error::Cancelled { by }),
                None => {
                    let role = by.into_owned();
                    let fault = Fault::UnknownRole { role };
                    (R::NAME, Error::Channel { peer, fault })
                }
            },
            Fault::Closed | Fault::Done => (peer, Error::Closed { peer }),
            fault => (R::NAME, Error::Channel { peer, fault }),
        };
        self.phase = Phase::Cancelled(by);
        error
    }
}

/// Whether a fault of the channel to `peer` means that `peer` itself is gone.
fn is_crash<R: Role<K>, const K: usize>(peer: usize, fault: &Fault) -> bool {
    match fault {
        Fault::Closed | Fault::Io(_) => true,
        Fault::Cancelled { by } => R::PEERS.get(peer).is_some_and(|name| *name == by),
        _ => false,
    }
}

impl<R: Role<K>, C: Channel<R::Message>, const K: usize> Drop for Inner<R, C, K> {
    fn drop(&mut self) {
        let leaving = match self.phase {
            Phase::Running => Leaving::Cancelled(R::NAME.into()),
            Phase::Cancelled(by) => Leaving::Cancelled(by.into()),
            Phase::Over => Leaving::Done,
        };
        for channel in &mut self.channels {
            channel.close(leaving.clone());
        }
    }
}

impl<R: Role<K>, C: Channel<R::Message>, const K: usize> fmt::Debug for Link<R, C, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("role", &R::NAME)
            .finish_non_exhaustive()
    }
}
