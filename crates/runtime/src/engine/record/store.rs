//! The time-series store behind a recorded or replayed call.

use std::sync::Arc;
use std::time::Duration;

use voidstate_core::{
    Finding, Result, Selector, SeriesInfo, SeriesKey, Stamped, StoreReader, StoreStatus, TimeRange,
    Timestamp, Window,
};

use super::journal::{Journal, diverged};
use super::wire::Rows;

/// The store as a recorded or replayed call sees it. While replaying there is none behind it.
pub(crate) struct JournalledStore {
    pub(crate) journal: Journal,
    pub(crate) behind: Option<Arc<dyn StoreReader>>,
}

impl std::fmt::Debug for JournalledStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JournalledStore")
    }
}

impl JournalledStore {
    fn ask(
        &self,
        asked: &str,
        live: impl FnOnce(&dyn StoreReader) -> Result<Rows>,
    ) -> Result<Rows> {
        self.journal.read(asked, || match &self.behind {
            Some(store) => live(&**store),
            None => Err(diverged()),
        })
    }
}

impl StoreReader for JournalledStore {
    fn list(&self, selector: &Selector) -> Result<Vec<SeriesInfo>> {
        let asked = format!("list {selector:?}");
        match self.ask(&asked, |store| store.list(selector).map(Rows::List))? {
            Rows::List(rows) => Ok(rows),
            _ => Err(diverged()),
        }
    }

    fn range(&self, series: &SeriesKey, range: TimeRange) -> Result<Vec<Stamped>> {
        let asked = format!("range {series} {range:?}");
        match self.ask(&asked, |store| store.range(series, range).map(Rows::Range))? {
            Rows::Range(rows) => Ok(rows),
            _ => Err(diverged()),
        }
    }

    fn windows(
        &self,
        series: &SeriesKey,
        range: TimeRange,
        window: Duration,
    ) -> Result<Vec<Window>> {
        let asked = format!("windows {series} {range:?} {window:?}");
        let live = |store: &dyn StoreReader| store.windows(series, range, window);
        match self.ask(&asked, |store| live(store).map(Rows::Windows))? {
            Rows::Windows(rows) => Ok(rows),
            _ => Err(diverged()),
        }
    }

    fn quantiles(
        &self,
        series: &SeriesKey,
        range: TimeRange,
        window: Duration,
        q: &[f64],
    ) -> Result<Vec<(Timestamp, Vec<f64>)>> {
        let asked = format!("quantiles {series} {range:?} {window:?} {q:?}");
        let live = |store: &dyn StoreReader| store.quantiles(series, range, window, q);
        match self.ask(&asked, |store| live(store).map(Rows::Quantiles))? {
            Rows::Quantiles(rows) => Ok(rows),
            _ => Err(diverged()),
        }
    }

    fn findings(&self, range: TimeRange) -> Result<Vec<Finding>> {
        let asked = format!("findings {range:?}");
        match self.ask(&asked, |store| store.findings(range).map(Rows::Findings))? {
            Rows::Findings(rows) => Ok(rows),
            _ => Err(diverged()),
        }
    }

    fn status(&self) -> StoreStatus {
        let answer = self.ask("status", |store| Ok(Rows::Status(store.status())));
        match answer {
            Ok(Rows::Status(status)) => status,
            _ => StoreStatus {
                place: "nowhere".to_owned(),
                series: 0,
                samples: 0,
                bytes: 0,
                notes: vec!["the recording holds no such answer".to_owned()],
            },
        }
    }
}
