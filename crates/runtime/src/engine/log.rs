//! Log lines of tools.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;

use voidstate_core::{LogLevel, Timestamp, ToolId};

use super::lock;

/// Longest message in bytes; the rest is cut.
const MESSAGE_BYTES_MAX: usize = 4096;

/// One line that a tool wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When, by the engine's time.
    pub time: Timestamp,
    /// Who.
    pub tool: ToolId,
    /// How important.
    pub level: LogLevel,
    /// What; at most 4 KiB.
    pub message: String,
}

/// Whoever wants lines at once.
pub(crate) type Listener = Box<dyn Fn(&LogLine) + Send + Sync>;

/// The latest lines, and whoever wants them at once.
pub(crate) struct Log {
    lines: Mutex<VecDeque<LogLine>>,
    lines_max: usize,
    listener: Option<Listener>,
}

impl Log {
    pub(crate) fn new(lines_max: usize, listener: Option<Listener>) -> Self {
        Self {
            lines: Mutex::default(),
            lines_max,
            listener,
        }
    }

    pub(crate) fn write(&self, line: LogLine) {
        if let Some(listener) = &self.listener {
            listener(&line);
        }
        let mut lines = lock(&self.lines);
        if lines.len() >= self.lines_max {
            lines.pop_front();
        }
        if self.lines_max > 0 {
            lines.push_back(line);
        }
    }

    pub(crate) fn lines(&self) -> Vec<LogLine> {
        lock(&self.lines).iter().cloned().collect()
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").finish_non_exhaustive()
    }
}

/// `message` cut to what a line may hold, at a character boundary.
pub(crate) fn cut(message: &str) -> &str {
    let mut end = message.len().min(MESSAGE_BYTES_MAX);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    message.get(..end).unwrap_or_default()
}
