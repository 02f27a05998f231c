//! Embedded time-series segment store.

#![forbid(unsafe_code)]

mod aggregate;
mod background;
mod bytes;
mod catalogue;
mod column;
mod error;
mod files;
mod findings;
mod head;
mod header;
mod log;
mod notes;
mod open;
mod options;
mod read;
mod retention;
mod segment;
mod segment_index;
mod segment_write;
mod state;
mod store;
mod verify;
mod wal;
mod window;
mod write;

pub use catalogue::SERIES_MAX;
pub use error::{Error, Result};
pub use options::Options;
pub use store::SegmentStore;
pub use verify::VerifyReport;
pub use wal::APPEND_POINTS_MAX;
