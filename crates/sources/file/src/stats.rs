//! What was read, and what could not be used.

use std::fmt;

use crate::Layout;

/// Bad rows that are kept with line number and reason; further ones are only counted.
pub const BAD_ROWS_KEPT: usize = 20;

/// Counts of what was read so far; every line is in exactly one of `rows`, `bad_rows` or `blank_rows` (or the header, or
/// inside the quotes of a row).
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stats {
    /// Usable rows.
    pub rows: u64,
    /// Rows that do not fit the layout.
    pub bad_rows: u64,
    /// The first [`BAD_ROWS_KEPT`] of them.
    pub bad: Vec<BadRow>,
    /// Bad rows because of more label combinations than [`Options::groups_max`](crate::Options::groups_max).
    pub group_overflow: u64,
    /// Empty lines.
    pub blank_rows: u64,
    /// Value cells without a number in usable rows.
    pub missing_values: u64,
    /// Rows earlier than the row of the same labels before them; passed on as they are.
    pub out_of_order: u64,
    /// Rows of the same time as the row of the same labels before them; passed on as they are.
    pub duplicate_times: u64,
    /// JSON members of usable rows that the layout does not know; not read.
    pub unknown_members: u64,
    /// Bytes read, after decompression.
    pub bytes: u64,
}

impl Stats {
    pub(crate) fn reject(&mut self, line: u64, reason: Reason) {
        self.bad_rows += 1;
        if matches!(reason, Reason::Groups { .. }) {
            self.group_overflow += 1;
        }
        if self.bad.len() < BAD_ROWS_KEPT {
            self.bad.push(BadRow { line, reason });
        }
    }
}

impl Stats {
    /// What a person should know of times that repeat or go back, one sentence each.
    pub(crate) fn doubts(&self, layout: &Layout) -> Vec<String> {
        let counts = [
            (
                self.duplicate_times,
                "repeat the time of",
                "repeats the time of",
            ),
            (self.out_of_order, "are earlier than", "is earlier than"),
        ];
        let sentence = |(count, many, one): (u64, &str, &str)| {
            let (rows, how) = if count == 1 {
                ("row", one)
            } else {
                ("rows", many)
            };
            (count > 0).then(|| format!("{count} {rows} {how} the row before in the same series"))
        };
        let mut told: Vec<_> = counts.into_iter().filter_map(sentence).collect();
        let doubtful = self.duplicate_times.saturating_add(self.out_of_order);
        if doubtful > self.rows / 2 {
            told.push(format!(
                "{doubtful} of {} rows do not follow in time, so a label column is probably missing and several series are \
                 read as one; {}",
                self.rows,
                left_out(layout)
            ));
        }
        told
    }
}

/// The text columns that are not read, as a clause.
fn left_out(layout: &Layout) -> String {
    const SHOWN: usize = 8;
    let ignored = layout.ignored.iter().filter(|ignored| ignored.is_text());
    let names: Vec<_> = ignored
        .map(|ignored| format!("{:?}", ignored.name))
        .collect();
    match names.len() {
        0 => "there is no text column besides; name the column that tells the series apart as label, or add it".to_owned(),
        count => format!(
            "text columns that are not read: {}{}; name those that tell the series apart as labels",
            names.get(..SHOWN).unwrap_or(&names).join(", "),
            if count > SHOWN { format!(" and {} more", count - SHOWN) } else { String::new() }
        ),
    }
}

/// A row that does not fit the layout.
#[derive(Debug, Clone, PartialEq)]
pub struct BadRow {
    /// Line on which it begins, from 1.
    pub line: u64,
    /// Why it does not fit.
    pub reason: Reason,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

/// Why a row does not fit the layout. Texts are cut to 64 bytes.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Reason {
    /// It is longer than the limit.
    #[error("longer than {limit} bytes")]
    TooLong {
        /// [`Options::row_bytes_max`](crate::Options::row_bytes_max).
        limit: usize,
    },
    /// It has too few or too many fields.
    #[error("{found} fields where the layout has {expected}")]
    Fields {
        /// Fields of this row.
        found: usize,
        /// Fields of the layout.
        expected: usize,
    },
    /// A value cell is not a number.
    #[error("column {column:?}: {text:?} is not a number")]
    NotNumber {
        /// The column.
        column: String,
        /// The cell.
        text: String,
    },
    /// The time cell cannot be read like the others.
    #[error("column {column:?}: {text:?} is not a time like the others")]
    NotTime {
        /// The column.
        column: String,
        /// The cell.
        text: String,
    },
    /// The time cell is empty.
    #[error("column {column:?} has no time")]
    NoTime {
        /// The column.
        column: String,
    },
    /// A cell that is used is not UTF-8.
    #[error("column {column:?} is not UTF-8; convert the file with iconv -f ISO-8859-1 -t UTF-8")]
    NotUtf8 {
        /// The column.
        column: String,
    },
    /// A label is longer than core allows.
    #[error("column {column:?}: a label of {bytes} bytes, the limit is 1024")]
    LongLabel {
        /// The column.
        column: String,
        /// Its length.
        bytes: usize,
    },
    /// A quote is opened and never closed.
    #[error("a quote is opened here and not closed within the row limit")]
    OpenQuote,
    /// The line is not one JSON object.
    #[error("not a JSON object: {message}")]
    Json {
        /// What the parser said.
        message: String,
    },
    /// A JSON member is given twice.
    #[error("member {name:?} is given twice")]
    Twice {
        /// Its name.
        name: String,
    },
    /// There are too many label combinations.
    #[error("more than {limit} combinations of labels")]
    Groups {
        /// [`Options::groups_max`](crate::Options::groups_max).
        limit: usize,
    },
    /// The file breaks off inside the row.
    #[error("cut off: the file breaks inside this row")]
    CutOff,
    /// It lies before the table.
    #[error("before the table begins")]
    Preamble,
}

/// At most 64 bytes of a cell, for messages.
pub(crate) fn excerpt(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..64).unwrap_or(bytes)).into_owned()
}
