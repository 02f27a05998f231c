//! Streaming anomaly and drift detection for many series of numbers, without tuning.
//!
//! It is not a forecaster, keeps no samples, reads no clock and no files, and knows nothing of where numbers come
//! from: slices of time come in, verdicts and episodes go out.
//!
//! ```
//! use voidstate_anomaly::{EpisodeEvent, Panel, PanelConfig};
//!
//! let mut panel = Panel::new(PanelConfig::default())?;
//! let mut opened = None;
//! for second in 0..400_i64 {
//!     let usual = 100.0 + (second * 7919 % 13) as f64;
//!     let value = if second < 350 { usual } else { usual + 500.0 };
//!     let outcome = panel.observe(0, second * 1_000_000_000, value)?;
//!     if let Some(EpisodeEvent::Opened(episode)) = outcome.event {
//!         opened = opened.or(Some(episode.start_ns / 1_000_000_000));
//!     }
//! }
//! assert_eq!(opened, Some(350));
//! # Ok::<(), voidstate_anomaly::Error>(())
//! ```
//!
//! # Main items
//! [`Panel`] (many series, one budget of false episodes, [`Episode`]s out), [`Detector`] (one series, [`Verdict`]s out),
//! [`Control`] (the budget alone), [`Adwin`] (drift of a mean, alarm for alarm like river's), [`CounterRate`].
//!
//! # What odd input means
//! | input | meaning |
//! |---|---|
//! | NaN; infinite or above 1e100 in magnitude | `Invalid(NotANumber)`; `Invalid(Unbounded)`; counted, state untouched |
//! | time equal to the last | `Invalid(Duplicate)`; counted, state untouched |
//! | time before the last | `Invalid(OutOfOrder)`; after 8 such in a row, in order among themselves, the clock was set back and is followed |
//! | pause of more than 5.5 usual intervals | no verdict on the pause; memory of the last samples is dropped, level and tails stay |
//! | constant | normal; the first sample that differs is as unusual as the series is long (p about `1 / n`) but opens nothing alone |
//! | integers that move by at most 2 | never evidence, except that a constant 0 or 1 that leaves for good is |
//! | counter | not a series: [`CounterRate`] turns it into one and tells resets from wraps |
//!
//! # Invariants
//! Each is covered by a test of the name in brackets.
//! * Every verdict is finite and its probabilities lie in \[0, 1\] \[`every_verdict_is_sound`\].
//! * Equal input gives equal output, bit for bit \[`runs_are_deterministic`\], across serialisation too
//!   \[`a_panel_resumes_bit_identically`\].
//! * Refused samples leave no trace but their count \[`invalid_samples_change_nothing_but_their_count`\].
//! * The unit of a series does not matter \[`scores_do_not_depend_on_the_unit`\].
//! * Budgets of shards add up \[`budgets_of_shards_add_up`\].
//!
//! # How
//! A robust level, a scale, the autocorrelation and a period found online give four views of each sample: innovation,
//! deviation, short mean, spread. Each view's tail is learned from the stream itself, so nothing is assumed Gaussian or
//! independent. Surprises add up to evidence whose own excursions are learned in turn, which calibrates bursts and
//! autocorrelation. See the modules' sources: Page 1954 (cumulative sums), Dekkers, Einmahl, de Haan 1989 (tails),
//! Bifet, Gavaldà 2007 (ADWIN2), Ramdas et al. 2017 and Xu, Ramdas 2024 (online false discoveries).
//!
//! # Cost and limits
//! O(1) per sample apart from one vectorised pass over 400 lags on every second one; below 16 KiB per series
//! ([`Detector::state_bytes`]); no allocation once a series is warm, unless the slow drift test restarts. Periods of 4
//! to 400 samples are found. A series needs some hundreds of samples before faint faults (3 scales) are found; a panel
//! of which most series burst opens some episodes in its first minutes.
//!
//! # Features
//! `serde`: all state can be written and read back. None is on by default.
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

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
