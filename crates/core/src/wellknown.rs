//! Names that sources and tools have agreed on.

/// Hook of processor load and time.
pub const HOST_CPU: &str = "host.cpu";
/// Hook of memory and swap.
pub const HOST_MEMORY: &str = "host.memory";
/// Hook of disks.
pub const HOST_DISK: &str = "host.disk";
/// Hook of file systems.
pub const HOST_FILESYSTEM: &str = "host.filesystem";
/// Hook of network interfaces and protocols.
pub const HOST_NETWORK: &str = "host.network";
/// Hook of pressure stall information.
pub const HOST_PRESSURE: &str = "host.pressure";
/// Hook of kernel counters: context switches, interrupts, forks, run queue, file descriptors.
pub const HOST_KERNEL: &str = "host.kernel";
/// Hook at which one [`State`](crate::State) per outstanding process is fired each tick, after that tick's samples.
pub const HOST_PROCESS: &str = "host.process";
/// Hook fired once at the end of each tick of the host, as an [`Event`](crate::Event) of the same name.
pub const HOST_TICK: &str = "host.tick";

/// Hook of what tools publish about themselves.
pub const ENGINE_TOOL: &str = "engine.tool";
/// Hook of what tools make of series and publish with the series' labels; detectors see it like any source's samples.
pub const ENGINE_DERIVED: &str = "engine.derived";

/// Variables of a process state at [`HOST_PROCESS`].
pub mod process {
    /// Process id (int).
    pub const PID: &str = "pid";
    /// Name as the kernel keeps it, at most 15 bytes (text).
    pub const COMM: &str = "comm";
    /// Processor use since the last tick, in per cent of one core (real).
    pub const CPU_PERCENT: &str = "cpu_percent";
    /// Resident memory in bytes (int).
    pub const RSS_BYTES: &str = "rss_bytes";
    /// Change of resident memory since the last tick, in bytes per second (real).
    pub const RSS_CHANGE: &str = "rss_bytes_per_second";
    /// Bytes read from storage per second (real); absent when not readable.
    pub const READ_RATE: &str = "read_bytes_per_second";
    /// Bytes written to storage per second (real); absent when not readable.
    pub const WRITE_RATE: &str = "write_bytes_per_second";
    /// When it started, nanoseconds since the epoch (int).
    pub const STARTED: &str = "started_ns";
    /// Command line (text); present only on request.
    pub const ARGUMENTS: &str = "arguments";
}

/// Label that names a device: disk, interface, file system.
pub const LABEL_DEVICE: &str = "device";
/// Label that names a processor core.
pub const LABEL_CORE: &str = "core";
