//! Families of series that one cause moves together, and the process quantity that may explain them.

use voidstate_core::{SeriesInfo, wellknown};

/// What a process does that may move a series.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub(crate) enum Family {
    /// Processor time, run queue, load, switches.
    Cpu,
    /// Memory and swap.
    Memory,
    /// Disks.
    Disk,
    /// Interfaces and protocols; no process quantity is known for them.
    Network,
    /// One family per series: nothing is known of what moves together.
    Alone,
}

impl Family {
    pub(crate) fn of(info: &SeriesInfo) -> Self {
        match info.hook.as_str() {
            wellknown::HOST_CPU | wellknown::HOST_KERNEL => Self::Cpu,
            wellknown::HOST_MEMORY => Self::Memory,
            wellknown::HOST_DISK => Self::Disk,
            wellknown::HOST_NETWORK => Self::Network,
            wellknown::HOST_PRESSURE => match info.key.label("resource") {
                Some("memory") => Self::Memory,
                Some("io") => Self::Disk,
                _ => Self::Cpu,
            },
            _ => Self::Alone,
        }
    }
}
