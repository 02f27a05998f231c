//! Embedded time-series segment store.
