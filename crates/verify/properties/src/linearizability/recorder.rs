//! Histories of real threads.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::{History, Operation};
use crate::Error;

/// Takes down what threads ask and are answered.
///
/// One counter, raised at every call and every answer, gives the times: what was answered before something was called has
/// the smaller number. Each thread writes into a log of its own ([`Client`]), so that recording orders the threads no
/// more than the counter does.
#[derive(Debug)]
pub struct Recorder<Op, Ret> {
    now: AtomicU64,
    clients: AtomicU32,
    operations: Mutex<Vec<Operation<Op, Ret>>>,
}

impl<Op, Ret> Default for Recorder<Op, Ret> {
    fn default() -> Self {
        Self {
            now: AtomicU64::new(0),
            clients: AtomicU32::new(0),
            operations: Mutex::default(),
        }
    }
}

impl<Op, Ret> Recorder<Op, Ret> {
    /// A recorder that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The log of a new client, for one thread. It is handed in when it is dropped.
    #[must_use]
    pub fn client(&self) -> Client<'_, Op, Ret> {
        Client {
            recorder: self,
            number: self.clients.fetch_add(1, Ordering::Relaxed),
            operations: Vec::new(),
        }
    }

    /// The history of all clients that were dropped; the borrow checker sees to it that all were.
    ///
    /// # Errors
    /// [`Error::History`], which a recorder does not give.
    pub fn finish(self) -> Result<History<Op, Ret>, Error> {
        let operations = self.operations.into_inner();
        History::new(operations.unwrap_or_else(PoisonError::into_inner))
    }
}

/// What one thread asks and is answered.
#[derive(Debug)]
pub struct Client<'a, Op, Ret> {
    recorder: &'a Recorder<Op, Ret>,
    number: u32,
    operations: Vec<Operation<Op, Ret>>,
}

impl<Op, Ret: Clone> Client<'_, Op, Ret> {
    /// Does `op` by `call` and takes down when, and what it answered.
    ///
    /// When `call` panics, the operation stays without an answer, and what the thread does later is done by a new client.
    pub fn run(&mut self, op: Op, call: impl FnOnce(&Op) -> Ret) -> Ret {
        if matches!(self.operations.last(), Some(last) if last.answer.is_none()) {
            self.number = self.recorder.clients.fetch_add(1, Ordering::Relaxed);
        }
        let at = self.operations.len();
        // The log grows before the call is stamped, so that no allocation lies between the stamps.
        self.operations.reserve(1);
        self.operations.push(Operation {
            client: self.number,
            op,
            call: self.recorder.now.fetch_add(1, Ordering::SeqCst),
            answer: None,
        });
        let operation = &mut self.operations[at];
        let ret = call(&operation.op);
        let now = self.recorder.now.fetch_add(1, Ordering::SeqCst);
        operation.answer = Some((ret.clone(), now));
        ret
    }
}

impl<Op, Ret> Drop for Client<'_, Op, Ret> {
    fn drop(&mut self) {
        let mut all = self
            .recorder
            .operations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.append(&mut self.operations);
    }
}
