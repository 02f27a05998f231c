//! What was found in a file.

use std::fmt;

/// How the text is organised.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Rows of fields between delimiters, quoted by `"` where needed.
    Delimited {
        /// The delimiter: an ASCII character that is no quote and no line end.
        delimiter: u8,
    },
    /// One JSON object per line; members of nested objects are named `outer.inner`.
    JsonLines,
}

/// How the bytes are compressed, found by the first bytes and not by the name.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, one member or several.
    Gzip,
    /// Zstandard, one frame or several.
    Zstd,
}

/// How numbers are written.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberStyle {
    /// `1234.5`
    Point,
    /// `1,234.5`, in groups of exactly three digits; also reads `1234.5`.
    ThousandsComma,
    /// `1234,5` or `1.234,5`.
    DecimalComma,
}

/// Unit of a number that counts time.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
    /// Nanoseconds.
    Nanos,
}

impl TimeUnit {
    pub(crate) const ALL: [Self; 4] = [Self::Seconds, Self::Millis, Self::Micros, Self::Nanos];

    /// Nanoseconds in one.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        match self {
            Self::Seconds => 1_000_000_000,
            Self::Millis => 1_000_000,
            Self::Micros => 1000,
            Self::Nanos => 1,
        }
    }
}

/// How times are written.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeKind {
    /// ISO-8601 and its relatives, with a zone in the text.
    IsoZoned,
    /// ISO-8601 and its relatives without a zone; [`TimeColumn::zone`] says which is assumed.
    IsoLocal,
    /// `YYYYMMDD`.
    CompactDate,
    /// RFC 2822: `Tue, 01 Apr 2014 00:00:00 +0000`.
    Rfc2822,
    /// Since 1970-01-01T00:00:00Z; the unit was found by magnitude (years 1990 to 2100).
    Epoch(TimeUnit),
    /// Since an unknown beginning, which is put at 1970-01-01T00:00:00Z.
    Elapsed(TimeUnit),
    /// The pattern that the caller gave.
    Custom(String),
    /// No time column: usable rows are counted, one second each, from 1970-01-01T00:00:00Z.
    RowNumber,
}

/// Where times come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeColumn {
    /// Position among the columns; `None` with [`TimeKind::RowNumber`].
    pub index: Option<usize>,
    /// Its name; `row` with [`TimeKind::RowNumber`].
    pub name: String,
    /// How times are written.
    pub kind: TimeKind,
    /// Zone of times without one.
    pub zone: String,
}

/// A column that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Position among the columns.
    pub index: usize,
    /// Its name: from the header or the JSON path, otherwise `column_1`…; unique.
    pub name: String,
    /// Whether it holds `true` and `false`, which are read as 1 and 0.
    pub boolean: bool,
}

/// A column that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// Its name.
    pub name: String,
    /// Why not.
    pub reason: &'static str,
}

impl Ignored {
    pub(crate) const TEXT: &'static str = "text of too many kinds to split series";
    pub(crate) const TEXT_NOT_ASKED: &'static str = "text that was not asked for";

    /// Whether it holds text that might tell rows apart.
    pub(crate) fn is_text(&self) -> bool {
        [Self::TEXT, Self::TEXT_NOT_ASKED].contains(&self.reason)
    }
}

/// What was found in a file; its `Display` says it in a sentence.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// How the text is organised.
    pub format: Format,
    /// How the bytes are compressed.
    pub compression: Compression,
    /// Whether the first row of the table is a header.
    pub header: bool,
    /// Fields of a row.
    pub width: usize,
    /// Where times come from.
    pub time: TimeColumn,
    /// Columns of numbers, at least one.
    pub values: Vec<Column>,
    /// Columns that split series.
    pub labels: Vec<Column>,
    /// Columns that are not read.
    pub ignored: Vec<Ignored>,
    /// How numbers are written.
    pub numbers: NumberStyle,
    /// What a person should know: doubts and their way out.
    pub notes: Vec<String>,
}

/// Writes the common name.
impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

/// Writes the unit in full.
impl fmt::Display for TimeUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Seconds => "seconds",
            Self::Millis => "milliseconds",
            Self::Micros => "microseconds",
            Self::Nanos => "nanoseconds",
        })
    }
}

/// Writes what kind of text it is.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::JsonLines => f.write_str("JSON lines"),
            Self::Delimited { delimiter: b',' } => f.write_str("CSV"),
            Self::Delimited { delimiter: b'\t' } => f.write_str("TSV"),
            Self::Delimited { delimiter } => {
                write!(
                    f,
                    "text delimited by {:?}",
                    char::from(*delimiter).to_string()
                )
            }
        }
    }
}

/// Writes where times come from.
impl fmt::Display for TimeColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name, kind, zone, ..
        } = self;
        match kind {
            TimeKind::RowNumber => f.write_str("no time column, so rows count as one second each"),
            TimeKind::IsoZoned => write!(f, "time from {name:?} (ISO-8601 with zone)"),
            TimeKind::IsoLocal => {
                write!(
                    f,
                    "time from {name:?} (ISO-8601 without zone, taken as {zone})"
                )
            }
            TimeKind::CompactDate => write!(f, "time from {name:?} (YYYYMMDD, taken as {zone})"),
            TimeKind::Rfc2822 => write!(f, "time from {name:?} (RFC 2822)"),
            TimeKind::Epoch(unit) => write!(f, "time from {name:?} ({unit} since 1970)"),
            TimeKind::Elapsed(unit) => write!(
                f,
                "time from {name:?} (elapsed {unit}, begun at 1970-01-01)"
            ),
            TimeKind::Custom(pattern) => {
                write!(
                    f,
                    "time from {name:?} (pattern {pattern:?}, taken as {zone} where it names no zone)"
                )
            }
        }
    }
}

fn list<'a>(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    names: impl ExactSizeIterator<Item = &'a str>,
) -> fmt::Result {
    const SHOWN: usize = 8;
    let count = names.len();
    if count == 0 {
        return Ok(());
    }
    write!(f, "; {count} {what}: ")?;
    for (i, name) in names.take(SHOWN).enumerate() {
        write!(f, "{}{name:?}", if i == 0 { "" } else { ", " })?;
    }
    if count > SHOWN {
        write!(f, " and {} more", count - SHOWN)?;
    }
    Ok(())
}

/// Writes the layout in a sentence.
impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.format)?;
        if self.compression != Compression::None {
            write!(f, " ({})", self.compression)?;
        }
        if matches!(self.format, Format::Delimited { .. }) {
            f.write_str(if self.header {
                " with a header"
            } else {
                " without a header"
            })?;
        }
        write!(f, "; {}", self.time)?;
        list(f, "numeric", self.values.iter().map(|c| c.name.as_str()))?;
        list(
            f,
            "splitting series",
            self.labels.iter().map(|c| c.name.as_str()),
        )?;
        list(f, "not read", self.ignored.iter().map(|c| c.name.as_str()))?;
        match self.numbers {
            NumberStyle::Point => {}
            NumberStyle::DecimalComma => f.write_str("; decimal comma")?,
            NumberStyle::ThousandsComma => f.write_str("; commas between thousands")?,
        }
        for note in &self.notes {
            write!(f, "; note: {note}")?;
        }
        Ok(())
    }
}
