//! Words for series and numbers.

use voidstate_anomaly::Direction;
use voidstate_core::{SeriesInfo, SeriesKey, Unit};

/// What a series is, in words a person would use; `name` and labels where nothing better is known.
pub(crate) fn subject(info: &SeriesInfo) -> String {
    printable(&in_words(&info.key))
}

/// The text without control characters: whoever names a device, a column or a process may not write to the terminal.
pub(crate) fn printable(text: &str) -> String {
    let shown = |c: char| if c.is_control() { '?' } else { c };
    text.chars().map(shown).collect()
}

fn in_words(key: &SeriesKey) -> String {
    let label = |name: &str| key.label(name).unwrap_or("?");
    let metric = key.metric().as_str();
    let Some((_, words)) = PHRASES.iter().find(|(name, _)| *name == metric) else {
        return plain(key);
    };
    let mut out = String::with_capacity(words.len() + 16);
    let mut rest = *words;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(label(name));
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// A key as text; of a file's column, the column's own name.
fn plain(key: &SeriesKey) -> String {
    let column = key.label("column").unwrap_or(key.metric().as_str());
    let mut labels = key
        .labels()
        .filter(|(name, _)| *name != "column" && *name != "file")
        .peekable();
    if labels.peek().is_none() {
        return format!("`{column}`");
    }
    let labels: Vec<String> = labels
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    format!("`{column}` ({})", labels.join(", "))
}

/// A number with its unit, with about three significant digits.
pub(crate) fn quantity(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Percent => format!("{} %", short(value)),
        Unit::Bytes => scaled(value, "B"),
        Unit::BytesPerSecond => scaled(value, "B/s"),
        Unit::PerSecond => format!("{}/s", short(value)),
        Unit::Seconds => format!("{} s", short(value)),
        _ => short(value),
    }
}

/// A value beside its usual band: where both would read the same, by how much it differs.
pub(crate) fn beside(value: f64, low: f64, high: f64, unit: Unit) -> (String, String) {
    let (text, usual) = (quantity(value, unit), band(low, high, unit));
    if text != usual
        && !usual.ends_with(&format!(" {text}"))
        && !usual.starts_with(&format!("{text} to"))
    {
        return (text, usual);
    }
    let (away, word) = if value > high {
        (value - high, "more")
    } else {
        (low - value, "less")
    };
    (
        format!(
            "{text}, {} {word} than usual",
            quantity(away.max(0.0), unit)
        ),
        usual,
    )
}

/// `low – high` with the unit once.
pub(crate) fn band(low: f64, high: f64, unit: Unit) -> String {
    // A share or a size below nothing is no news to anybody.
    let low = if unit == Unit::None {
        low
    } else {
        low.max(0.0)
    };
    let (low_text, high_text) = (quantity(low, unit), quantity(high, unit));
    if low_text == high_text {
        return low_text;
    }
    let shared = |text: &str| text.split_once(' ').map(|(_, unit)| unit.to_owned());
    match (shared(&low_text), shared(&high_text)) {
        (Some(a), Some(b)) if a == b => {
            format!(
                "{} to {high_text}",
                low_text.split(' ').next().unwrap_or_default()
            )
        }
        _ => format!("{low_text} to {high_text}"),
    }
}

fn scaled(value: f64, unit: &str) -> String {
    let steps = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
    let mut value = value;
    let mut step = 0;
    while value.abs() >= 1000.0 && step + 1 < steps.len() {
        value /= 1024.0;
        step += 1;
    }
    format!(
        "{} {}{unit}",
        short(value),
        steps.get(step).copied().unwrap_or_default()
    )
}

fn short(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() || size >= 1e7 {
        format!("{value:.3e}")
    } else if !(5e-7..100.0).contains(&size) {
        format!("{value:.0}")
    } else if size >= 10.0 {
        trimmed(format!("{value:.1}"))
    } else if size >= 0.01 {
        trimmed(format!("{value:.2}"))
    } else {
        format!("{value:.2e}")
    }
}

fn trimmed(text: String) -> String {
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// How rare something is that chance brings about `per_hour` times an hour.
pub(crate) fn rarity(per_hour: f64) -> String {
    let hours = 1.0 / per_hour.max(1e-12);
    let (number, unit) = match hours {
        h if h < 2.0 => (h * 60.0, "minutes"),
        h if h < 48.0 => (h, "hours"),
        h if h < 24.0 * 365.0 * 2.0 => (h / 24.0, "days"),
        h if h < 24.0 * 365.0 * 1000.0 => (h / (24.0 * 365.0), "years"),
        _ => return "by chance less than once in 1,000 years".to_owned(),
    };
    format!("by chance about once in {} {unit}", short(number.max(1.0)))
}

/// How long something lasted, in the largest fitting unit.
pub(crate) fn lasted(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => "a moment".to_owned(),
        s if s < 120.0 => format!("{} s", short(s)),
        s if s < 7200.0 => format!("{} min", short(s / 60.0)),
        s if s < 172_800.0 => format!("{} h", short(s / 3600.0)),
        s => format!("{} days", short(s / 86_400.0)),
    }
}

/// Whether this departure may come from a process that uses more: what is left over falls, everything else rises.
pub(crate) fn rises_with_use(key: &SeriesKey, direction: Direction) -> bool {
    let metric = key.metric().as_str();
    let is_left_over = metric.ends_with(".available_bytes")
        || metric.ends_with(".free_bytes")
        || key.label("mode") == Some("idle");
    match direction {
        Direction::Down => is_left_over,
        Direction::Up => !is_left_over,
        _ => true,
    }
}

/// How much a series tells a person: its place in the table of phrases, unknown ones last.
pub(crate) fn rank(key: &SeriesKey) -> usize {
    let metric = key.metric().as_str();
    PHRASES
        .iter()
        .position(|(name, _)| *name == metric)
        .unwrap_or(PHRASES.len())
}

/// Metric and the words for it, the most telling first; `{label}` stands for the label's value.
const PHRASES: &[(&str, &str)] = &[
    ("host.cpu.busy_percent", "processor use"),
    ("host.memory.used_bytes", "memory in use"),
    (
        "host.disk.written_bytes_per_second",
        "writing to disk {device}",
    ),
    (
        "host.disk.read_bytes_per_second",
        "reading from disk {device}",
    ),
    (
        "host.network.received_bytes_per_second",
        "rate of data received on {device}",
    ),
    (
        "host.network.sent_bytes_per_second",
        "rate of data sent on {device}",
    ),
    ("host.cpu.core_busy_percent", "use of core {core}"),
    ("host.memory.swap_used_bytes", "swap in use"),
    ("host.filesystem.used_bytes", "space used on {device}"),
    ("host.filesystem.used_inodes", "number of files on {device}"),
    ("host.disk.busy_percent", "busy time of disk {device}"),
    (
        "host.pressure.stalled_percent",
        "time that {tasks} tasks stalled for {resource}",
    ),
    (
        "host.network.tcp_retransmits_per_second",
        "rate of TCP retransmissions",
    ),
    (
        "host.kernel.forks_per_second",
        "rate of new processes and threads",
    ),
    ("host.kernel.open_files", "number of open files"),
    ("host.kernel.processes", "number of processes"),
    ("host.kernel.threads", "number of threads"),
    ("host.kernel.run_queue", "number of tasks that want to run"),
    ("host.kernel.blocked", "number of tasks blocked on storage"),
    ("host.memory.anonymous_bytes", "memory of programs"),
    ("host.memory.available_bytes", "memory available"),
    (
        "host.memory.dirty_bytes",
        "amount of data waiting to be written",
    ),
    (
        "host.memory.writeback_bytes",
        "amount of data being written back",
    ),
    ("host.memory.cached_bytes", "file cache"),
    (
        "host.memory.major_faults_per_second",
        "rate of pages loaded from storage",
    ),
    ("host.memory.swap_in_bytes_per_second", "swapping in"),
    ("host.memory.swap_out_bytes_per_second", "swapping out"),
    (
        "host.memory.out_of_memory_kills_per_second",
        "rate of kills for lack of memory",
    ),
    ("host.cpu.percent", "processor time in mode {mode}"),
    (
        "host.cpu.core_percent",
        "time of core {core} in mode {mode}",
    ),
    (
        "host.disk.writes_per_second",
        "rate of writes to disk {device}",
    ),
    (
        "host.disk.reads_per_second",
        "rate of reads from disk {device}",
    ),
    ("host.disk.queue_length", "queue of disk {device}"),
    (
        "host.kernel.context_switches_per_second",
        "rate of context switches",
    ),
    ("host.kernel.interrupts_per_second", "rate of interrupts"),
    (
        "host.kernel.soft_interrupts_per_second",
        "rate of soft interrupts",
    ),
    (
        "host.network.received_packets_per_second",
        "rate of packets received on {device}",
    ),
    (
        "host.network.sent_packets_per_second",
        "rate of packets sent on {device}",
    ),
    (
        "host.network.receive_drops_per_second",
        "rate of packets dropped on arrival at {device}",
    ),
    (
        "host.network.send_drops_per_second",
        "rate of packets dropped before leaving {device}",
    ),
    (
        "host.network.tcp_established",
        "number of established TCP connections",
    ),
    (
        "host.network.tcp_resets_sent_per_second",
        "rate of TCP resets sent",
    ),
    ("host.memory.minor_faults_per_second", "rate of page faults"),
    ("host.memory.free_bytes", "memory left empty"),
    ("host.memory.page_in_bytes_per_second", "paging in"),
    ("host.memory.page_out_bytes_per_second", "paging out"),
    (
        "host.pressure.avg10_percent",
        "ten-second average of time that {tasks} tasks stalled for {resource}",
    ),
    ("host.cpu.load_1m", "load over one minute"),
    ("host.cpu.load_5m", "load over five minutes"),
    ("host.cpu.load_15m", "load over fifteen minutes"),
    (
        "host.disk.flushes_per_second",
        "rate of flushes of disk {device}",
    ),
    (
        "host.disk.in_flight",
        "number of requests in flight at disk {device}",
    ),
    (
        "host.disk.discarded_bytes_per_second",
        "discarding on disk {device}",
    ),
    ("host.network.sockets", "number of sockets"),
    (
        "host.network.tcp_time_wait",
        "number of TCP connections that wait to be forgotten",
    ),
    (
        "host.network.tcp_orphans",
        "number of TCP connections without an owner",
    ),
    (
        "host.network.tcp_segments_received_per_second",
        "rate of TCP segments received",
    ),
    (
        "host.network.tcp_segments_sent_per_second",
        "rate of TCP segments sent",
    ),
    (
        "host.network.tcp_opens_active_per_second",
        "rate of TCP connections opened from here",
    ),
    (
        "host.network.tcp_opens_passive_per_second",
        "rate of TCP connections opened to here",
    ),
    (
        "host.network.tcp_opens_failed_per_second",
        "rate of failed TCP connections",
    ),
    (
        "host.network.udp_received_per_second",
        "rate of UDP packets received",
    ),
    (
        "host.network.udp_sent_per_second",
        "rate of UDP packets sent",
    ),
    (
        "host.kernel.uninterruptible",
        "number of tasks that cannot be interrupted",
    ),
    (
        "host.kernel.zombies",
        "number of processes that nobody buried",
    ),
    ("host.memory.committed_bytes", "memory promised to programs"),
    ("host.memory.shared_bytes", "shared memory"),
    ("host.memory.mapped_bytes", "memory mapped from files"),
    ("host.memory.buffers_bytes", "memory for buffers"),
    ("host.memory.slab_bytes", "memory of the kernel's objects"),
    (
        "host.memory.slab_unreclaimable_bytes",
        "memory of the kernel's objects that it cannot give back",
    ),
    ("host.memory.kernel_stack_bytes", "memory of kernel stacks"),
    ("host.memory.page_tables_bytes", "memory of page tables"),
    (
        "host.memory.refaults_per_second",
        "rate of pages loaded again soon after they were given up",
    ),
    ("host.tick.late_seconds", "delay of voidstate's own look"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use voidstate_core::{HookName, MetricName};

    #[test]
    fn numbers_are_short() {
        assert_eq!(quantity(98.234, Unit::Percent), "98.2 %");
        assert_eq!(quantity(0.0, Unit::Percent), "0 %");
        assert_eq!(quantity(314_572_800.0, Unit::BytesPerSecond), "300 MiB/s");
        assert_eq!(quantity(512.0, Unit::Bytes), "512 B");
        assert_eq!(quantity(1.5e12, Unit::PerSecond), "1.500e12/s");
        assert_eq!(quantity(f64::INFINITY, Unit::None), "inf");
        assert_eq!(band(-3.0, 7.0, Unit::Percent), "0 to 7 %");
        assert_eq!(band(2.0, 2.0, Unit::Count), "2");
        let far = beside(98.2, 2.0, 7.0, Unit::Percent);
        assert_eq!(far, ("98.2 %".to_owned(), "2 to 7 %".to_owned()));
        let near = beside(
            24_705_000_000.0,
            24_690_000_000.0,
            24_700_000_000.0,
            Unit::Bytes,
        );
        assert_eq!(
            near,
            (
                "23 GiB, 4.77 MiB more than usual".to_owned(),
                "23 GiB".to_owned()
            )
        );
        assert_eq!(rarity(1.0 / 72.0), "by chance about once in 3 days");
        assert_eq!(rarity(0.0), "by chance less than once in 1,000 years");
        assert_eq!(rarity(1.0), "by chance about once in 60 minutes");
    }

    #[test]
    fn an_unknown_series_keeps_its_name() {
        let key = SeriesKey::new(
            MetricName::new("latency").unwrap(),
            [("file", "a.csv"), ("host", "h1")],
        )
        .unwrap();
        let hook = HookName::new("file.row").unwrap();
        let info = SeriesInfo {
            key,
            hook,
            unit: Unit::None,
            limit: None,
        };
        assert_eq!(subject(&info), "`latency` (host h1)");
    }
}
