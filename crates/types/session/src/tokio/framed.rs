//! Frames over a stream of bytes: TCP, TLS, a Unix socket, a pipe.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::wire::{Decoder, Encoder, FRAME_BYTES_MAX, Wire};
use crate::{Channel, Fault, Leaving};

/// Bytes read at once.
const READ_BYTES: usize = 8192;

/// A channel over a stream, which both ends number and check.
pub struct Framed<M, S> {
    stream: S,
    encoder: Encoder,
    decoder: Decoder,
    /// Bytes that are not written yet, and how many of them are.
    unwritten: Vec<u8>,
    written: usize,
    is_over: bool,
    messages: PhantomData<fn() -> M>,
}

/// A channel over `stream`, with frames of at most [`FRAME_BYTES_MAX`] bytes.
#[must_use]
pub const fn framed<M: Wire, S: AsyncRead + AsyncWrite + Unpin>(stream: S) -> Framed<M, S> {
    Framed::with_limit(stream, FRAME_BYTES_MAX)
}

impl<M: Wire, S: AsyncRead + AsyncWrite + Unpin> Framed<M, S> {
    /// A channel over `stream`, with frames of at most `limit` bytes.
    #[must_use]
    pub const fn with_limit(stream: S, limit: usize) -> Self {
        Self {
            stream,
            encoder: Encoder::new(limit),
            decoder: Decoder::new(limit),
            unwritten: Vec::new(),
            written: 0,
            is_over: false,
            messages: PhantomData,
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        while let Some(rest) = self.unwritten.get(self.written..)
            && !rest.is_empty()
        {
            match Pin::new(&mut self.stream).poll_write(cx, rest) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(Fault::Closed)),
                Poll::Ready(Ok(n)) => self.written += n,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(gone(error))),
                Poll::Pending => return Poll::Pending,
            }
        }
        self.unwritten.clear();
        self.written = 0;
        Pin::new(&mut self.stream).poll_flush(cx).map_err(gone)
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        let mut bytes = [0; READ_BYTES];
        let mut buffer = ReadBuf::new(&mut bytes);
        match Pin::new(&mut self.stream).poll_read(cx, &mut buffer) {
            Poll::Ready(Ok(())) if buffer.filled().is_empty() => Poll::Ready(Err(Fault::Closed)),
            Poll::Ready(Ok(())) => {
                self.decoder.push(buffer.filled());
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(gone(error))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn next(&mut self) -> Result<Option<M>, Fault> {
        let found = self.decoder.take();
        self.is_over |= found.is_err();
        found
    }
}

/// A connection that breaks is a peer that is gone.
fn gone(error: io::Error) -> Fault {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    match error.kind() {
        BrokenPipe | ConnectionReset | ConnectionAborted | UnexpectedEof => Fault::Closed,
        _ => Fault::Io(error),
    }
}

impl<M: Wire, S: AsyncRead + AsyncWrite + Unpin> Channel<M> for Framed<M, S> {
    fn poll_send(
        &mut self,
        message: &mut Option<M>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        if self.is_over {
            return Poll::Ready(Err(Fault::Closed));
        }
        if let Some(message) = message.take() {
            let bytes = self.encoder.message(&message)?;
            self.unwritten.extend(bytes);
        }
        self.poll_write(cx)
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Result<M, Fault>> {
        loop {
            if self.is_over {
                return Poll::Ready(Err(Fault::Closed));
            }
            if let Some(message) = self.next()? {
                return Poll::Ready(Ok(message));
            }
            match self.poll_read(cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(fault)) => {
                    self.is_over = true;
                    return Poll::Ready(Err(fault));
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Writes the word of leaving as far as the stream takes it at once; the end of the stream says the rest.
    fn close(&mut self, leaving: Leaving) {
        let Ok(bytes) = self.encoder.leaving(&leaving) else {
            return;
        };
        self.unwritten.extend(bytes);
        let mut cx = Context::from_waker(Waker::noop());
        if self.poll_write(&mut cx).is_ready() {
            // Whether it is shut down now or when it is dropped is the stream's affair.
            let shut = Pin::new(&mut self.stream).poll_shutdown(&mut cx);
            drop(shut);
        }
        self.is_over = true;
    }
}

impl<M, S> fmt::Debug for Framed<M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Framed").finish_non_exhaustive()
    }
}
