//! Streaming anomaly and drift detection without tuning.
#![forbid(unsafe_code)]

mod adwin;
mod control;
mod counter;
mod detector;
mod episode;
mod error;
mod evidence;
mod model;
mod num;
mod pace;
mod panel;
mod season;
mod tail;
mod verdict;

pub use adwin::{Adwin, AdwinConfig};
pub use control::Control;
pub use counter::{CounterRate, CounterStep};
pub use detector::{Detector, DetectorConfig};
pub use episode::{Episode, EpisodeEvent, EpisodeKind, Peak};
pub use error::Error;
pub use panel::{Panel, PanelConfig, PanelVerdict};
pub use verdict::{Direction, Kind, Reason, Verdict};
