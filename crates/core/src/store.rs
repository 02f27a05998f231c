//! The time-series store.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    Finding, Point, Result, Selector, SeriesId, SeriesInfo, SeriesKey, TimeRange, Timestamp,
};

/// A number and its time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stamped {
    /// When.
    pub time: Timestamp,
    /// The number.
    #[serde(with = "crate::number")]
    pub value: f64,
}

/// Summary of the samples of one window. NaN samples are counted in `nans` and in nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Start of the window; its length was the caller's.
    pub start: Timestamp,
    /// How many samples that are numbers.
    pub count: u64,
    /// How many samples that are NaN.
    pub nans: u64,
    /// Smallest; NaN when there is none.
    #[serde(with = "crate::number")]
    pub min: f64,
    /// Largest; NaN when there is none.
    #[serde(with = "crate::number")]
    pub max: f64,
    /// Sum; 0 when there is none.
    #[serde(with = "crate::number")]
    pub sum: f64,
}

impl Window {
    /// Arithmetic mean; NaN when there is no number.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.sum / self.count as f64
    }
}

/// What a store holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoreStatus {
    /// Where it is, for people; a path or `memory`.
    pub place: String,
    /// How many series.
    pub series: u64,
    /// How many samples.
    pub samples: u64,
    /// How many bytes it takes.
    pub bytes: u64,
    /// What was cut, repaired or is wrong, in sentences; empty when all is well.
    pub notes: Vec<String>,
}

/// Reads a store. Called by tools (through [`Ctx`](crate::Ctx)) and the app; implemented by stores.
///
/// # Laws
/// - What a writer acknowledged is seen by every later read, in order of time.
/// - Of several samples of one series at one time, the last one written is seen.
pub trait StoreReader: Send + Sync {
    /// The selected series, in order of their keys.
    ///
    /// # Errors
    /// [`Error::Store`](crate::Error::Store).
    fn list(&self, selector: &Selector) -> Result<Vec<SeriesInfo>>;

    /// Samples of one series in a range, in order of time; empty for an unknown series.
    ///
    /// # Errors
    /// [`Error::Store`](crate::Error::Store).
    fn range(&self, series: &SeriesKey, range: TimeRange) -> Result<Vec<Stamped>>;

    /// Windows of `window` length over a range, aligned to multiples of `window` since the epoch, without the empty ones.
    ///
    /// # Errors
    /// [`Error::Domain`](crate::Error::Domain) for a window of no length, otherwise [`Error::Store`](crate::Error::Store).
    fn windows(
        &self,
        series: &SeriesKey,
        range: TimeRange,
        window: Duration,
    ) -> Result<Vec<Window>>;

    /// Exact quantiles per window, each `q` in `[0, 1]` by linear interpolation between order statistics; one entry per
    /// window that holds a number, with one value per `q`.
    ///
    /// # Errors
    /// [`Error::Domain`](crate::Error::Domain) for a window of no length or a `q` outside `[0, 1]`.
    fn quantiles(
        &self,
        series: &SeriesKey,
        range: TimeRange,
        window: Duration,
        q: &[f64],
    ) -> Result<Vec<(Timestamp, Vec<f64>)>>;

    /// Findings that overlap a range, in order of their start; of several stages of one episode, the latest.
    ///
    /// # Errors
    /// [`Error::Store`](crate::Error::Store).
    fn findings(&self, range: TimeRange) -> Result<Vec<Finding>>;

    /// What it holds.
    fn status(&self) -> StoreStatus;
}

/// Writes a store. Called by the app's sink; implemented by stores.
///
/// Acknowledged (an `Ok`) means handed to the operating system: it survives the death of the process, and a power loss
/// once [`sync`](Self::sync) returned.
pub trait StoreWriter: Send + Sync {
    /// The store's own number for a series, issued at the first call with its key.
    ///
    /// # Errors
    /// [`Error::Store`](crate::Error::Store).
    fn series(&self, info: &SeriesInfo) -> Result<SeriesId>;

    /// Adds points, whose series numbers are this store's; all of them or none.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing) for a number it never issued, [`Error::Store`](crate::Error::Store) when
    /// it cannot be written (`no_space` tells a full disk).
    fn append(&self, points: &[Point]) -> Result<()>;

    /// Adds a finding; a later stage of the same tool and episode replaces the earlier one when read.
    ///
    /// # Errors
    /// [`Error::Store`](crate::Error::Store).
    fn append_finding(&self, finding: &Finding) -> Result<()>;

    /// Waits until everything acknowledged is on the disk.
    ///
    /// # Errors
    /// [`Error::Store`](crate::Error::Store).
    fn sync(&self) -> Result<()>;
}

/// A store that is read and written.
pub trait Store: StoreReader + StoreWriter {}

impl<S: StoreReader + StoreWriter> Store for S {}
