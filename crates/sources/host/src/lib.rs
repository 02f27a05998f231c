//! Watches a Linux machine: one look at `/proc` per interval, about 150 series and the leading processes.
//!
//! It is *not* a profiler and no agent: it never traces a process, never reads arguments or environments unless asked,
//! starts no thread and keeps no history. It brings samples; judging them is the work of tools.
//!
//! ```
//! use voidstate_host::{HostConfig, HostSource, doctor};
//!
//! let config = HostConfig::default();
//! match HostSource::new(config.clone()) {
//!     Ok(source) => assert_eq!(voidstate_core::Source::info(&source).name, "host"),
//!     Err(error) => assert!(!error.to_string().is_empty(), "not Linux, or no procfs here"),
//! }
//! for part in doctor(&config).iter().filter(|part| !part.readable) {
//!     println!("{}: {} hides {}", part.name, part.reason.as_deref().unwrap_or("?"), part.effect);
//! }
//! ```
//!
//! # Items
//! [`HostSource`] implements [`Source`](voidstate_core::Source); [`HostConfig`] says how; [`doctor`] tells as [`Part`]s
//! what can be read here.
//!
//! # Invariants
//! - Every sample is finite and no rate is negative, whatever the files hold: `mangled_files_never_panic_or_lie`.
//! - A counter that went back gives no rate for its device in that tick: `a_reset_is_a_gap`; one of 32 bits that wrapped
//!   gives the true one: `a_wrap_is_no_gap`.
//! - The first tick gives levels only, and percentages of a core sum to 100: `two_polls_of_this_machine`.
//! - A process is its id and its start: `a_reused_process_id_is_another_process`,
//!   `a_process_born_between_ticks_is_charged_from_its_start`.
//! - What a child read and wrote is not its parent's: `a_parent_that_reaped_is_not_charged_for_its_child`.
//! - A part that cannot be read is said once and hides nothing else: `each_missing_part_is_said_once`.
//! - Arguments are read only on request: `arguments_are_shown_only_on_request`.
//! - Values agree with those that the `procfs` crate reads from the same bytes: `agrees_with_procfs`.
//!
//! # Cost
//! O(lines + processes) per tick, no allocation that grows with the age of the source. Measured figures are in the
//! README. Files of a mounted procfs stay open (16 descriptors).
//!
//! # Limits
//! 1024 cores, 64 disks, 64 interfaces (8 of containers and tunnels), 32 file systems, 8192 processes, files of 8 MiB;
//! beyond them the rest is left out and said. A process that begins and ends between two ticks is not seen. A process
//! that reaped a child since the last tick has no read and write rate in this one, because the kernel adds the child's
//! bytes to its own; neither it nor the child is then shown with them. Network and FUSE file systems are not asked for
//! their size, because asking may wait for ever. Rates rest on the time between ticks, taken once per tick.
//!
//! # Sources
//! proc(5), proc_pid_stat(5), proc_pid_io(5); kernel documentation: `admin-guide/iostats`, `accounting/psi`,
//! `filesystems/proc`.
//!
//! # Features
//! None.

#![forbid(unsafe_code)]

mod config;
mod error;
mod part;

#[cfg(target_os = "linux")]
mod cpu;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod doctor;
#[cfg(any(not(target_os = "linux"), test))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod filesystem;
#[cfg(target_os = "linux")]
mod group;
#[cfg(target_os = "linux")]
mod kernel;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(target_os = "linux")]
mod network;
#[cfg(target_os = "linux")]
mod pressure;
#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
mod protocol;
#[cfg(target_os = "linux")]
mod schedule;
#[cfg(target_os = "linux")]
mod source;
#[cfg(target_os = "linux")]
mod text;
#[cfg(target_os = "linux")]
mod tick;

pub use config::{HostConfig, INTERVAL_MAX, INTERVAL_MIN, TOP_MAX};
#[cfg(target_os = "linux")]
pub use doctor::doctor;
#[cfg(not(target_os = "linux"))]
pub use elsewhere::{HostSource, doctor};
pub use error::{Error, Result};
pub use part::Part;
#[cfg(target_os = "linux")]
pub use source::HostSource;

/// The vocabulary, so that this crate can be used alone.
pub use voidstate_core;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
