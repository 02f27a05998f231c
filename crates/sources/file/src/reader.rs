//! Rows of a file, one at a time.

use std::fmt;
use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use voidstate_core::{LABEL_VALUE_BYTES_MAX, Timestamp};

use crate::delimited::{Delimited, Step};
use crate::detect::{self, Found, Given};
use crate::groups::{Groups, Order};
use crate::input::Input;
use crate::json::Json;
use crate::lines::Lines;
use crate::number::{boolean, is_missing, parse, trim};
use crate::options::{SAMPLE_BYTES, SAMPLE_ROWS_MAX};
use crate::stats::{Reason, excerpt};
use crate::time::{self, Zone};
use crate::{Compression, Error, Format, Layout, NumberStyle, Options, Stats, TimeKind};

/// A usable row, borrowed from its reader.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'a> {
    /// Line on which it begins, from 1.
    pub line: u64,
    /// The time cell as it is written, quotes removed; the row number when there is no time column.
    pub time_text: &'a str,
    /// When.
    pub time: Timestamp,
    /// One number per [`Layout::values`]; NaN where the cell is empty or says that there is none.
    pub values: &'a [f64],
    /// Number of the combination of labels, from 0 in order of appearance.
    pub group: u32,
    /// One text per [`Layout::labels`]; empty where the cell is.
    pub labels: &'a [String],
}

enum Rows {
    Delimited(Box<Delimited>),
    Json(Json),
}

/// Reads a file row by row in constant memory.
///
/// Memory: two row limits plus 128 KiB of text, the decoder's window, and the label combinations.
pub struct Reader {
    path: String,
    layout: Layout,
    zone: Zone,
    lines: Lines,
    rows: Rows,
    groups: Groups,
    stats: Stats,
    values: Vec<f64>,
    time_text: String,
    time: Timestamp,
    line: u64,
    group: u32,
    skip_header: bool,
    preamble: usize,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("path", &self.path)
            .field("layout", &self.layout)
            .field("stats", &self.stats)
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// Opens a file (`-` is standard input) and finds its layout.
    ///
    /// It reads until it has [`Options::sample_rows`] lines, 1 MiB or the end, and waits for them on a pipe; up to 1 MiB where these
    /// lines leave open which texts split series.
    ///
    /// # Errors
    /// [`Error`] when the file cannot be opened, is no text, or holds nothing usable.
    pub fn open(path: impl AsRef<Path>, options: &Options) -> Result<Self, Error> {
        Self::start(Input::open(path.as_ref())?, options)
    }

    /// Like [`Reader::open`] for any stream; `name` stands for the path in messages.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn from_stream(
        stream: impl Read + Send + 'static,
        name: &str,
        options: &Options,
    ) -> Result<Self, Error> {
        Self::start(Input::wrap(stream, name.to_owned())?, options)
    }

    fn start(input: Input, options: &Options) -> Result<Self, Error> {
        let Input {
            stream,
            path,
            compression,
        } = input;
        let zone = Zone::new(options.zone.as_deref())?;
        let limit = options.row_bytes();
        let mut lines = Lines::new(stream, limit);
        lines.prefill(options.rows().saturating_add(1), SAMPLE_BYTES);
        skip_mark(&mut lines);
        lines.terminator = detect::terminator(lines.window());
        let sample = detect::cut_sample(lines.window(), lines.ended(), lines.terminator).to_vec();
        let given = Given {
            path: &path,
            compression,
            options,
            zone: &zone,
            terminator: lines.terminator,
        };
        let found = match detect::detect(&sample, &given) {
            Ok(found) if found.is_unsure => look_further(&mut lines, found, &given),
            Ok(found) => found,
            // Of a stream that broke before anything usable, the break is the news.
            Err(error) => {
                return Err(failure(&mut lines, &path, compression, 0).unwrap_or(error));
            }
        };
        let rows = match found.layout.format {
            Format::Delimited { delimiter } => {
                Rows::Delimited(Box::new(Delimited::new(delimiter, limit)))
            }
            Format::JsonLines => Rows::Json(Json::new(found.names, limit)),
        };
        Ok(Self {
            path,
            skip_header: found.layout.header,
            preamble: found.preamble,
            layout: found.layout,
            zone,
            lines,
            rows,
            groups: Groups::new(options.groups_max),
            stats: Stats::default(),
            values: Vec::new(),
            time_text: String::new(),
            time: Timestamp::default(),
            line: 0,
            group: 0,
        })
    }

    /// What was found.
    #[must_use]
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// What was read so far.
    #[must_use]
    pub const fn stats(&self) -> &Stats {
        &self.stats
    }

    /// The path as given, or the name of the stream.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The texts of a combination of labels, one per [`Layout::labels`]; empty for a number that was not issued.
    #[must_use]
    pub fn labels(&self, group: u32) -> &[String] {
        self.groups.labels(group)
    }

    /// How many combinations of labels were seen.
    #[must_use]
    pub const fn groups(&self) -> usize {
        self.groups.len()
    }

    /// The next usable row; `None` at the end. Rows that are not usable are counted in [`Reader::stats`] and passed over.
    ///
    /// Amortised O(bytes of the row), without allocation for delimited rows whose labels are known.
    ///
    /// # Errors
    /// [`Error::Damaged`] or [`Error::Read`] once, after the last row before the break; then `None`.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, Error> {
        if !self.advance()? {
            return Ok(None);
        }
        Ok(Some(Row {
            line: self.line,
            time_text: &self.time_text,
            time: self.time,
            values: &self.values,
            group: self.group,
            labels: self.groups.labels(self.group),
        }))
    }

    /// Goes to the next usable row.
    fn advance(&mut self) -> Result<bool, Error> {
        loop {
            self.line = self.lines.line;
            let step = match &mut self.rows {
                Rows::Delimited(rows) => rows.step(&mut self.lines),
                Rows::Json(rows) => rows.step(&mut self.lines),
            };
            self.stats.bytes = self.lines.bytes;
            let verdict = match step {
                Step::End => return self.end(),
                Step::Blank => {
                    self.stats.blank_rows += 1;
                    continue;
                }
                Step::Bad(reason) => Err(reason),
                Step::Row if self.is_before_table() => Err(Reason::Preamble),
                Step::Row if std::mem::take(&mut self.skip_header) => continue,
                Step::Row => self.take_row(),
            };
            match verdict {
                Ok(()) => {
                    self.stats.rows += 1;
                    return Ok(true);
                }
                Err(reason) => self.stats.reject(self.line, reason),
            }
        }
    }

    fn is_before_table(&mut self) -> bool {
        let before = self.preamble > 0;
        self.preamble = self.preamble.saturating_sub(1);
        before
    }

    fn end(&mut self) -> Result<bool, Error> {
        let compression = self.layout.compression;
        match failure(&mut self.lines, &self.path, compression, self.stats.rows) {
            Some(error) => Err(error),
            None => Ok(false),
        }
    }

    /// Reads the cells of the present row; counts only when all of them fit.
    fn take_row(&mut self) -> Result<(), Reason> {
        if let Rows::Delimited(rows) = &self.rows
            && rows.width() != self.layout.width
        {
            return Err(Reason::Fields {
                found: rows.width(),
                expected: self.layout.width,
            });
        }
        self.take_time()?;
        let missing = self.take_values()?;
        self.take_labels()?;
        self.stats.missing_values += missing;
        if let Rows::Json(rows) = &self.rows {
            self.stats.unknown_members += rows.unknown();
        }
        match self.groups.place(self.group, self.time) {
            Order::Forward => {}
            Order::Same => self.stats.duplicate_times += 1,
            Order::Back => self.stats.out_of_order += 1,
        }
        Ok(())
    }

    fn take_time(&mut self) -> Result<(), Reason> {
        let column = &self.layout.time;
        self.time_text.clear();
        let Some(index) = column.index else {
            let row = self.stats.rows;
            self.time = Timestamp::from_secs(i64::try_from(row).unwrap_or(i64::MAX));
            // Writing to a String cannot fail.
            let _ = write!(self.time_text, "{row}");
            return Ok(());
        };
        let cell = cell(&self.rows, &self.lines, index);
        if is_missing(trim(cell)) {
            return Err(Reason::NoTime {
                column: column.name.clone(),
            });
        }
        let time = match &column.kind {
            TimeKind::RowNumber => None,
            kind => time::parse(cell, kind, &self.zone),
        };
        let (Some(time), Ok(text)) = (time, std::str::from_utf8(cell)) else {
            return Err(Reason::NotTime {
                column: column.name.clone(),
                text: excerpt(cell),
            });
        };
        self.time = time;
        self.time_text.push_str(text);
        Ok(())
    }

    /// Reads the numbers and returns how many are missing.
    fn take_values(&mut self) -> Result<u64, Reason> {
        self.values.clear();
        let mut missing = 0;
        let style: NumberStyle = self.layout.numbers;
        for column in &self.layout.values {
            let cell = trim(cell(&self.rows, &self.lines, column.index));
            let read = if column.boolean {
                boolean(cell)
            } else {
                parse(cell, style)
            };
            let value = match read {
                Some(value) => value,
                None if is_missing(cell) => {
                    missing += 1;
                    f64::NAN
                }
                None => {
                    return Err(Reason::NotNumber {
                        column: column.name.clone(),
                        text: excerpt(cell),
                    });
                }
            };
            self.values.push(value);
        }
        Ok(missing)
    }

    fn take_labels(&mut self) -> Result<(), Reason> {
        self.groups.begin();
        for column in &self.layout.labels {
            let cell = cell(&self.rows, &self.lines, column.index);
            if cell.len() > LABEL_VALUE_BYTES_MAX {
                return Err(Reason::LongLabel {
                    column: column.name.clone(),
                    bytes: cell.len(),
                });
            }
            let Ok(text) = std::str::from_utf8(cell) else {
                return Err(Reason::NotUtf8 {
                    column: column.name.clone(),
                });
            };
            self.groups.add(text.trim());
        }
        self.group = self.groups.finish().ok_or(Reason::Groups {
            limit: self.groups.limit(),
        })?;
        Ok(())
    }
}

fn cell<'a>(rows: &'a Rows, lines: &'a Lines, index: usize) -> &'a [u8] {
    match rows {
        Rows::Delimited(rows) => rows.cell(lines, index),
        Rows::Json(rows) => rows.cell(index),
    }
}

/// Finds the layout again from all that a sample may hold.
fn look_further(lines: &mut Lines, found: Found, given: &Given<'_>) -> Found {
    lines.prefill(usize::MAX, SAMPLE_BYTES);
    let sample = detect::cut_sample(lines.window(), lines.ended(), lines.terminator);
    let mut options = given.options.clone();
    options.format = Some(found.layout.format);
    options.sample_rows = SAMPLE_ROWS_MAX;
    let given = Given {
        options: &options,
        ..*given
    };
    detect::detect(sample, &given).unwrap_or(found)
}

/// Moves past a UTF-8 byte order mark.
fn skip_mark(lines: &mut Lines) {
    if lines.window().starts_with(b"\xef\xbb\xbf") {
        lines.consume(3, 0);
    }
}

fn failure(lines: &mut Lines, path: &str, compression: Compression, rows: u64) -> Option<Error> {
    let cause = lines.take_failure()?;
    let path = path.to_owned();
    let line = lines.line.saturating_sub(1);
    Some(if compression == Compression::None {
        Error::Read {
            path,
            line,
            rows,
            cause,
        }
    } else {
        Error::Damaged {
            path,
            compression,
            line,
            rows,
            cause,
        }
    })
}
