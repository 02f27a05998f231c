//! An interpreter that lets things fail.

use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use crate::asynchronous::AsyncInterp;
use crate::error::Error;
use crate::interp::{Flow, Interp};
use crate::row::{Cons, Effect, Nil, Row, Sum, Void};
use crate::seeded::{PPM, Seeded, parts_per_million};
use crate::standard::{
    Clock, EmitMetric, Failure, FailureKind, Io, Log, Random, ReadState, WriteState,
};

/// An effect that knows what failing looks like.
pub trait Faulty: Effect {
    /// An answer that failing surroundings would give, chosen by `random`; `None` for an effect that cannot fail.
    fn fault(&self, random: u64) -> Option<Self::Out>;
}

/// A row whose effects are all [`Faulty`].
pub trait FaultyRow: Row {
    /// A failing answer to an operation.
    fn fault(op: &Self::Op, random: u64) -> Option<Self::Out>;
}

impl FaultyRow for Nil {
    fn fault(op: &Void, _: u64) -> Option<Void> {
        match *op {}
    }
}

impl<E: Faulty, T: FaultyRow> FaultyRow for Cons<E, T> {
    fn fault(op: &Self::Op, random: u64) -> Option<Self::Out> {
        match op {
            Sum::Here(effect) => effect.fault(random).map(Sum::Here),
            Sum::There(op) => T::fault(op, random).map(Sum::There),
        }
    }
}

/// Performs through `H`, but lets operations fail, the same ones for the same seed: half of them before they are performed,
/// half afterwards, so that something was done and its answer was lost.
pub struct Fault<R, H> {
    inner: H,
    random: Seeded,
    rate_ppm: u32,
    performed: u64,
    aborts_at: Option<u64>,
    injected: u64,
    row: PhantomData<fn() -> R>,
}

impl<R: FaultyRow, H> Fault<R, H> {
    /// Lets `rate_ppm` of a million operations fail.
    ///
    /// # Errors
    /// [`Error::Setting`] for more than a million.
    pub fn new(inner: H, seed: u64, rate_ppm: u32) -> Result<Self, Error> {
        Ok(Self {
            inner,
            random: Seeded::new(seed),
            rate_ppm: parts_per_million("rate_ppm", rate_ppm)?,
            performed: 0,
            aborts_at: None,
            injected: 0,
            row: PhantomData,
        })
    }

    /// Aborts the program at operation `n`, counted from 0, too.
    #[must_use]
    pub fn aborting_at(mut self, n: u64) -> Self {
        self.aborts_at = Some(n);
        self
    }

    /// How many operations were made to fail.
    #[must_use]
    pub fn injected(&self) -> u64 {
        self.injected
    }
}

/// What becomes of an operation.
enum Fate<T> {
    Performed,
    Instead(T),
    AfterIt(T),
    Aborted(Error),
}

impl<R: FaultyRow, H> Fault<R, H> {
    fn fate(&mut self, op: &R::Op) -> Fate<R::Out> {
        let at = self.performed;
        self.performed += 1;
        if self.aborts_at == Some(at) {
            return Fate::Aborted(Error::aborted(format!("fault at operation {at}")));
        }
        // Three numbers per operation whatever happens, so that one fault does not move the others.
        let dice = self.random.below(PPM);
        let (lost, which) = (self.random.next_u64(), self.random.next_u64());
        let failing = dice < u64::from(self.rate_ppm);
        let Some(fault) = failing.then(|| R::fault(op, which)).flatten() else {
            return Fate::Performed;
        };
        self.injected += 1;
        if lost & 1 == 1 {
            return Fate::AfterIt(fault);
        }
        Fate::Instead(fault)
    }
}

impl<R: FaultyRow, H: Interp<R>> Interp<R> for Fault<R, H> {
    fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        match self.fate(&op) {
            Fate::Performed => self.inner.step(op),
            Fate::Instead(fault) => ControlFlow::Continue(fault),
            Fate::AfterIt(fault) => self.inner.step(op).map_continue(|_| fault),
            Fate::Aborted(error) => ControlFlow::Break(error),
        }
    }
}

impl<R: FaultyRow, H: AsyncInterp<R>> AsyncInterp<R> for Fault<R, H> {
    async fn step(&mut self, op: R::Op) -> Flow<R::Out> {
        match self.fate(&op) {
            Fate::Performed => self.inner.step(op).await,
            Fate::Instead(fault) => ControlFlow::Continue(fault),
            Fate::AfterIt(fault) => self.inner.step(op).await.map_continue(|_| fault),
            Fate::Aborted(error) => ControlFlow::Break(error),
        }
    }
}

impl<R, H> fmt::Debug for Fault<R, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("rate_ppm", &self.rate_ppm)
            .field("performed", &self.performed)
            .field("injected", &self.injected)
            .finish_non_exhaustive()
    }
}

fn failure<T>(kinds: [FailureKind; 2], random: u64, what: &str) -> Option<Result<T, Failure>> {
    let [first, second] = kinds;
    let kind = if random & 1 == 0 { first } else { second };
    Some(Err(Failure::new(kind, format!("{what} (injected)"))))
}

impl Faulty for ReadState {
    fn fault(&self, random: u64) -> Option<Self::Out> {
        failure(
            [FailureKind::TimedOut, FailureKind::Damaged],
            random,
            &self.key,
        )
    }
}

impl Faulty for WriteState {
    fn fault(&self, random: u64) -> Option<Self::Out> {
        failure(
            [FailureKind::TimedOut, FailureKind::Full],
            random,
            &self.key,
        )
    }
}

impl Faulty for Io {
    fn fault(&self, random: u64) -> Option<Self::Out> {
        use FailureKind::{Damaged, Full, TimedOut};
        let (kinds, what) = match self {
            Self::Read { path, .. } => ([TimedOut, Damaged], path),
            Self::Write { path, .. } | Self::Sync { path } => ([TimedOut, Full], path),
            Self::Remove { path } => ([TimedOut, TimedOut], path),
            Self::Send { to, .. } => ([TimedOut, Full], to),
            Self::Receive { at } => ([TimedOut, Damaged], at),
        };
        failure(kinds, random, what)
    }
}

macro_rules! cannot_fail {
    ($($effect:ty),*) => {
        $(impl Faulty for $effect {
            fn fault(&self, _: u64) -> Option<Self::Out> {
                None
            }
        })*
    };
}

cannot_fail!(EmitMetric, Log, Clock, Random);
