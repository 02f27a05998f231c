//! Rows of delimited text.

use std::ops::Range;

use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};

use crate::lines::{LineAt, Lines};
use crate::options::COLUMNS_MAX;
use crate::stats::Reason;

/// What the next row is.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    /// Cells are ready.
    Row,
    /// An empty line.
    Blank,
    /// A row that cannot be used.
    Bad(Reason),
    /// Nothing more.
    End,
}

/// Splits lines into cells. A line without a quote is split where it lies; the others go through `csv-core`.
pub(crate) struct Delimited {
    delimiter: u8,
    limit: usize,
    quoted: csv_core::Reader,
    unquoted: Vec<u8>,
    ends: Vec<usize>,
    cells: Vec<Range<usize>>,
    in_place: bool,
}

impl Delimited {
    pub(crate) fn new(delimiter: u8, limit: usize) -> Self {
        let quoted = ReaderBuilder::new()
            .delimiter(delimiter)
            .terminator(Terminator::Any(b'\n'))
            .build();
        Self {
            delimiter,
            limit,
            quoted,
            unquoted: Vec::new(),
            ends: vec![0; COLUMNS_MAX],
            cells: Vec::new(),
            in_place: true,
        }
    }

    /// Number of cells of the present row.
    pub(crate) const fn width(&self) -> usize {
        self.cells.len()
    }

    /// A cell of the present row.
    pub(crate) fn cell<'a>(&'a self, lines: &'a Lines, index: usize) -> &'a [u8] {
        let Some(range) = self.cells.get(index) else {
            return &[];
        };
        if self.in_place {
            lines.slice(range.clone())
        } else {
            self.unquoted.get(range.clone()).unwrap_or_default()
        }
    }

    /// Goes to the next row.
    pub(crate) fn step(&mut self, lines: &mut Lines) -> Step {
        self.cells.clear();
        let (body, total) = match lines.line_at(0) {
            LineAt::Line { body, total } => (body, total),
            LineAt::End => return Step::End,
            LineAt::CutOff => {
                lines.skip_line();
                return Step::Bad(Reason::CutOff);
            }
            LineAt::TooLong => {
                lines.skip_line();
                return Step::Bad(Reason::TooLong { limit: self.limit });
            }
        };
        let start = lines.position();
        let line = lines.slice(start..start + body);
        if memchr::memchr(b'"', line).is_some() {
            return self.step_quoted(lines, body, total);
        }
        if line.is_empty() {
            lines.consume(total, 1);
            return Step::Blank;
        }
        self.in_place = true;
        let mut from = start;
        for at in memchr::memchr_iter(self.delimiter, line) {
            self.cells.push(from..start + at);
            from = start + at + 1;
        }
        self.cells.push(from..start + body);
        lines.consume(total, 1);
        if self.cells.len() > COLUMNS_MAX {
            return self.too_wide();
        }
        Step::Row
    }

    fn too_wide(&mut self) -> Step {
        let found = self.cells.len();
        self.cells.clear();
        Step::Bad(Reason::Fields {
            found,
            expected: COLUMNS_MAX,
        })
    }

    /// A row with quotes: it may go on over line ends. A quote that is never closed costs its own line, not the file.
    fn step_quoted(&mut self, lines: &mut Lines, body: usize, total: usize) -> Step {
        self.in_place = false;
        self.quoted.reset();
        let (mut written, mut fields) = (0, 0);
        let (mut from, mut body, mut after, mut count) = (0, body, total, 1);
        loop {
            let start = lines.position() + from;
            let line = lines.slice(start..start + body);
            match feed(
                &mut self.quoted,
                line,
                &mut self.unquoted,
                &mut self.ends,
                (&mut written, &mut fields),
            ) {
                Fed::InQuotes => {}
                Fed::TooWide => {
                    lines.consume(after, count);
                    return self.too_wide();
                }
                Fed::Row => {
                    lines.consume(after, count);
                    let mut start = 0;
                    for &end in self.ends.iter().take(fields) {
                        self.cells.push(start..end);
                        start = end;
                    }
                    return Step::Row;
                }
            }
            from = after;
            match lines.line_at(from) {
                LineAt::Line { body: next, total } => {
                    body = next;
                    after = from + total;
                    count += 1;
                }
                LineAt::CutOff | LineAt::TooLong | LineAt::End => {
                    lines.consume(total, 1);
                    return Step::Bad(Reason::OpenQuote);
                }
            }
        }
    }
}

enum Fed {
    Row,
    InQuotes,
    TooWide,
}

/// Feeds one line and its end.
fn feed(
    reader: &mut csv_core::Reader,
    line: &[u8],
    out: &mut Vec<u8>,
    ends: &mut [usize],
    (written, fields): (&mut usize, &mut usize),
) -> Fed {
    // A row never grows by being unquoted.
    let wanted = *written + line.len() + 1;
    if out.len() < wanted {
        out.resize(wanted, 0);
    }
    for mut input in [line, b"\n"] {
        while !input.is_empty() {
            let room = out.get_mut(*written..).unwrap_or_default();
            let (result, read, wrote, ended) =
                reader.read_record(input, room, ends.get_mut(*fields..).unwrap_or_default());
            *written += wrote;
            *fields += ended;
            input = input.get(read..).unwrap_or_default();
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => return Fed::Row,
                ReadRecordResult::OutputEndsFull => return Fed::TooWide,
                ReadRecordResult::OutputFull => out.resize(out.len() * 2 + 64, 0),
                ReadRecordResult::InputEmpty => {}
            }
        }
    }
    Fed::InQuotes
}
