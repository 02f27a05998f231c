//! Lines out of a stream, in bounded memory.

use std::io::{self, Read};
use std::ops::Range;

/// Bytes read at once.
const CHUNK: usize = 64 << 10;

/// A line that begins at an offset from the present position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineAt {
    /// `body` bytes, and `total` with its end.
    Line { body: usize, total: usize },
    /// No end within the limit.
    TooLong,
    /// The stream broke inside it.
    CutOff,
    /// There is none.
    End,
}

/// A sliding window over a stream.
pub(crate) struct Lines {
    stream: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    failure: Option<io::Error>,
    /// What ends a line: `\n`, or `\r` where there is no `\n`.
    pub(crate) terminator: u8,
    limit: usize,
    /// Number of the line at the present position, from 1.
    pub(crate) line: u64,
    /// Bytes read so far.
    pub(crate) bytes: u64,
}

impl Lines {
    pub(crate) fn new(stream: Box<dyn Read + Send>, limit: usize) -> Self {
        Self {
            stream,
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
            ended: false,
            failure: None,
            terminator: b'\n',
            limit,
            line: 1,
            bytes: 0,
        }
    }

    /// Reads ahead until there are `lines` lines, `bytes` bytes or nothing more.
    pub(crate) fn prefill(&mut self, lines: usize, bytes: usize) {
        let mut counted = 0;
        let mut seen = 0;
        while counted < lines && seen < bytes && !self.ended {
            self.fill();
            let window = self.window();
            counted += memchr::memchr_iter(b'\n', window.get(seen..).unwrap_or_default()).count();
            seen = window.len();
        }
    }

    /// What is in memory from the present position on.
    pub(crate) fn window(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether the stream has nothing more than the window.
    pub(crate) const fn ended(&self) -> bool {
        self.ended
    }

    /// The error that ended the stream, once.
    pub(crate) const fn take_failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    /// Bytes of the window.
    pub(crate) fn slice(&self, range: Range<usize>) -> &[u8] {
        self.buffer.get(range).unwrap_or_default()
    }

    /// Position in the buffer; valid until the next line is asked for.
    pub(crate) const fn position(&self) -> usize {
        self.start
    }

    /// Moves past `bytes` bytes that hold `lines` lines.
    pub(crate) fn consume(&mut self, bytes: usize, lines: u64) {
        self.start = (self.start + bytes).min(self.end);
        self.line += lines;
    }

    /// The line that begins `offset` bytes after the present position. It may move the buffer.
    pub(crate) fn line_at(&mut self, offset: usize) -> LineAt {
        let mut scanned = offset;
        loop {
            let window = self.window();
            let unseen = window.get(scanned..).unwrap_or_default();
            if let Some(at) = memchr::memchr(self.terminator, unseen) {
                let end = scanned + at;
                if end > self.limit {
                    return LineAt::TooLong;
                }
                let with_cr =
                    end > offset && self.terminator == b'\n' && window.get(end - 1) == Some(&b'\r');
                return LineAt::Line {
                    body: end - offset - usize::from(with_cr),
                    total: end + 1 - offset,
                };
            }
            scanned = window.len().max(offset);
            if scanned > self.limit {
                return LineAt::TooLong;
            }
            if self.ended {
                let left = window.len().saturating_sub(offset);
                return match (left, self.failure.is_some()) {
                    (0, _) => LineAt::End,
                    (_, true) => LineAt::CutOff,
                    (left, false) => LineAt::Line {
                        body: left,
                        total: left,
                    },
                };
            }
            self.fill();
        }
    }

    /// Moves past the rest of a line that is too long.
    pub(crate) fn skip_line(&mut self) {
        loop {
            let window = self.window();
            if let Some(at) = memchr::memchr(self.terminator, window) {
                self.consume(at + 1, 1);
                return;
            }
            let all = window.len();
            self.consume(all, 0);
            if self.ended {
                return;
            }
            self.fill();
        }
    }

    fn fill(&mut self) {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        } else if self.buffer.len() - self.end < CHUNK && self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() - self.end < CHUNK {
            let wanted = (self.buffer.len() * 2).max(self.end + CHUNK);
            self.buffer.resize(wanted, 0);
        }
        let end = (self.end + CHUNK).min(self.buffer.len());
        let room = self.buffer.get_mut(self.end..end).unwrap_or_default();
        match self.stream.read(room) {
            Ok(0) => self.ended = true,
            Ok(read) => {
                // A reader that claims more than the room it was given must not move the end beyond the buffer.
                let read = read.min(end - self.end);
                self.end += read;
                self.bytes += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                self.failure = Some(error);
                self.ended = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &'static str, limit: usize) -> Lines {
        Lines::new(Box::new(text.as_bytes()), limit)
    }

    #[test]
    fn line_ends_and_limits() {
        let mut lines = lines("ab\r\n\nlonger than ten\nend", 10);
        assert_eq!(lines.line_at(0), LineAt::Line { body: 2, total: 4 });
        assert_eq!(lines.line_at(4), LineAt::Line { body: 0, total: 1 });
        lines.consume(5, 2);
        assert_eq!(lines.line_at(0), LineAt::TooLong);
        lines.skip_line();
        assert_eq!(
            (lines.line, lines.line_at(0)),
            (4, LineAt::Line { body: 3, total: 3 })
        );
        lines.consume(3, 1);
        assert_eq!(lines.line_at(0), LineAt::End);
    }
}
