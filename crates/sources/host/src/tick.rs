//! What the parts share during one tick.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use voidstate_core::{Emitter, SeriesId, Timestamp};

use crate::files::ProcFile;
use crate::text::complete;

/// Most different complaints that are remembered, so that ever new reasons cannot fill the memory.
const SAID_MAX: usize = 1024;

/// Complaints that were made already.
#[derive(Debug, Default)]
pub(crate) struct Said(BTreeSet<(&'static str, String)>);

/// Where time stands, as far as rates are concerned.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Moment {
    /// Seconds since the first tick.
    pub(crate) at: f64,
    /// Counts the jumps over which no rate is known.
    pub(crate) epoch: u32,
}

impl Moment {
    /// Seconds since `earlier`; none when a jump lies between them or no time has passed.
    pub(crate) fn since(self, earlier: Self) -> Option<f64> {
        let elapsed = self.at - earlier.at;
        (self.epoch == earlier.epoch && elapsed > 1e-3).then_some(elapsed)
    }
}

/// One tick: the time, the way out, and what was said before.
pub(crate) struct Tick<'a> {
    pub(crate) out: &'a mut dyn Emitter,
    pub(crate) time: Timestamp,
    pub(crate) moment: Moment,
    /// Samples given out so far.
    pub(crate) samples: u64,
    /// Parts that could be read so far.
    pub(crate) readable: u32,
    pub(crate) said: &'a mut Said,
}

impl Tick<'_> {
    /// Gives out a sample; what is not finite never leaves this crate.
    pub(crate) fn sample(&mut self, series: SeriesId, value: f64) {
        if value.is_finite() {
            self.samples += 1;
            self.out.sample(series, self.time, value);
        }
    }

    /// Complains once per part and reason.
    pub(crate) fn degraded(&mut self, part: &'static str, reason: String) {
        if self.said.0.len() < SAID_MAX && !self.said.0.contains(&(part, reason.clone())) {
            self.out.degraded(part, &reason);
            self.said.0.insert((part, reason));
        }
    }

    /// Reads a file into `buffer` and returns its complete lines; complains when there are none or the last is cut.
    pub(crate) fn read<'b>(
        &mut self,
        part: &'static str,
        file: &mut ProcFile,
        buffer: &'b mut Vec<u8>,
    ) -> Option<&'b [u8]> {
        if let Err(error) = file.read(buffer) {
            self.degraded(part, unreadable(file.path(), &error));
            return None;
        }
        let (text, cut) = complete(buffer);
        if cut {
            let reason = format!(
                "{} ends in the middle of a line, which is left out",
                file.path().display()
            );
            self.degraded(part, reason);
        } else if text.is_empty() {
            self.degraded(part, format!("{} is empty", file.path().display()));
        }
        if text.is_empty() {
            return None;
        }
        self.readable += 1;
        Some(text)
    }

    /// Complains about a line of a file.
    pub(crate) fn malformed(&mut self, part: &'static str, file: &ProcFile, what: &str) {
        let path = file.path().display();
        self.degraded(
            part,
            format!("{path}: {what} is not as the kernel writes it and is left out"),
        );
    }
}

/// Why a file cannot be read, in words.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => format!("{path} is not there"),
        io::ErrorKind::PermissionDenied => format!("{path}: permission denied"),
        _ => format!("{path}: {error}"),
    }
}
