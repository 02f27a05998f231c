//! Sinks: where samples and findings go.

use crate::{Finding, Point, Result, SeriesId, SeriesInfo};

/// Looks up series by the numbers that the engine issued.
pub trait Catalogue {
    /// What is known of a series.
    fn get(&self, id: SeriesId) -> Option<&SeriesInfo>;
}

/// Takes samples and findings. Called by the engine; implemented by the app around the store, the terminal, exporters.
///
/// A sink that fails is counted and reported, and the engine goes on.
pub trait Sink: Send {
    /// Its name, for counters and messages.
    fn name(&self) -> &str;

    /// Takes the points of one batch, in order of acceptance.
    ///
    /// # Errors
    /// [`Error::Sink`](crate::Error::Sink); the engine counts the points as not delivered.
    fn points(&mut self, points: &[Point], catalogue: &dyn Catalogue) -> Result<()>;

    /// Takes one finding.
    ///
    /// # Errors
    /// [`Error::Sink`](crate::Error::Sink); the engine counts the finding as not delivered.
    fn finding(&mut self, finding: &Finding) -> Result<()>;

    /// Called after each batch and before the end: hands on what it holds back.
    ///
    /// # Errors
    /// [`Error::Sink`](crate::Error::Sink).
    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
