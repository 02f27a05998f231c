//! The order of a write: log, then disk where that is asked for, then memory. No other order compiles.
//!
//! A record that was written is either kept and then published, or taken back; the scope of [`transact`] does not end before.
//! Memory takes in only what [`Acknowledged`] stands for.

use voidstate_linear::{Done, Linear, Scope};

/// What records are written to.
pub(crate) trait Journal {
    type Error;

    /// Appends all of `bytes` or none and gives their offset.
    fn write(&mut self, bytes: &[u8]) -> Result<u64, Self::Error>;

    /// Forces the last `bytes` onto the disk, or takes them back.
    fn force(&mut self, bytes: u64) -> Result<(), Self::Error>;
}

/// Proof that the log holds what memory is about to take in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Acknowledged(());

impl Acknowledged {
    /// For what was read from the disk.
    pub(crate) const fn on_disk() -> Self {
        Self(())
    }
}

/// Where a record stands in its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) offset: u64,
    /// The log's length behind it.
    pub(crate) end: u64,
}

struct Record<'j, J> {
    journal: &'j mut J,
    extent: Extent,
}

/// A record that is in the log and that nobody was told of.
#[must_use = "a record that was written is kept and published, or taken back"]
pub(crate) struct Written<'j, 'id, J>(Linear<Record<'j, J>, Scope<'id>>);

/// A record that stays in the log; memory must take it in.
#[must_use = "a record that is kept is published"]
pub(crate) struct Kept<'j, 'id, J>(Linear<Record<'j, J>, Scope<'id>>);

/// A record that the log does not hold any more.
#[must_use = "the writer is told that it was taken back"]
pub(crate) struct TakenBack<'id, E>(Done<'id, E>);

/// Writes `bytes` and has `work` bring the transaction to its end.
pub(crate) fn transact<J: Journal, R>(
    journal: &mut J,
    bytes: &[u8],
    work: impl for<'j, 'id> FnOnce(Written<'j, 'id, J>) -> Done<'id, Result<R, J::Error>>,
) -> Result<R, J::Error> {
    let offset = journal.write(bytes)?;
    let end = offset.saturating_add(bytes.len() as u64);
    let extent = Extent { offset, end };
    Linear::with(Record { journal, extent }, |record| work(Written(record)))
}

impl<'j, 'id, J: Journal> Written<'j, 'id, J> {
    /// Keeps it, on the disk when it `is_forced`.
    pub(crate) fn keep(
        self,
        is_forced: bool,
    ) -> Result<Kept<'j, 'id, J>, TakenBack<'id, J::Error>> {
        let (outcome, record) = self.0.apply(|record| {
            let Extent { offset, end } = record.extent;
            if is_forced {
                record.journal.force(end - offset)
            } else {
                Ok(())
            }
        });
        match outcome {
            Ok(()) => Ok(Kept(record)),
            Err(error) => Err(TakenBack(record.finish().1.giving(error))),
        }
    }
}

impl<'id, J: Journal> Kept<'_, 'id, J> {
    /// Has memory take it in.
    pub(crate) fn publish<R>(
        self,
        take_in: impl FnOnce(Acknowledged, Extent) -> R,
    ) -> Done<'id, Result<R, J::Error>> {
        self.0
            .finish_by(|record| Ok(take_in(Acknowledged(()), record.extent)))
    }
}

impl<'id, E> TakenBack<'id, E> {
    /// Tells the writer.
    pub(crate) fn tell<R>(self) -> Done<'id, Result<R, E>> {
        self.0.map(Err)
    }
}
