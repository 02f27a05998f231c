//! What a caller may fix beforehand.

use crate::{Format, NumberStyle};

/// What a caller may fix beforehand; everything that is left alone is found by itself.
///
/// Start from [`Options::default`] and set fields.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The text format; found by itself when `None`.
    pub format: Option<Format>,
    /// Whether the first row is a header; found by itself when `None`. JSON lines have none.
    pub header: Option<bool>,
    /// Name of the time column; found by itself when `None`.
    pub time_column: Option<String>,
    /// A `strptime` pattern such as `%d.%m.%Y %H:%M` for the time column; needs `time_column`.
    pub time_format: Option<String>,
    /// IANA name (`Europe/Paris`) or offset (`+02:00`) for times without a zone; UTC when `None`.
    pub zone: Option<String>,
    /// Names of the value columns; found by itself when empty.
    pub values: Vec<String>,
    /// Names of the label columns; found by itself when `None`, and `Some(vec![])` means no labels.
    pub labels: Option<Vec<String>>,
    /// How numbers are written; found by itself when `None`.
    pub numbers: Option<NumberStyle>,
    /// Rows that the layout is found from; clamped to 1 to 100,000. Default 1000. Where these leave open whether a
    /// text column splits series, the first MiB is looked at.
    pub sample_rows: usize,
    /// Longest row in bytes, a longer one is a bad row; clamped to 64 to 16 MiB. Default 1 MiB.
    pub row_bytes_max: usize,
    /// Most label combinations; rows of further ones are bad rows. Default 10,000.
    pub groups_max: usize,
}

/// Most columns of a row; a wider one is a bad row.
pub const COLUMNS_MAX: usize = 4096;
/// Bytes that the layout is found from at most.
pub(crate) const SAMPLE_BYTES: usize = 1 << 20;
/// Rows that the layout is found from at most.
pub(crate) const SAMPLE_ROWS_MAX: usize = 100_000;
/// Most label columns: a series takes 32 labels, and two are kept for `file` and `column`.
pub(crate) const LABEL_COLUMNS_MAX: usize = voidstate_core::LABELS_MAX - 2;

impl Default for Options {
    fn default() -> Self {
        Self {
            format: None,
            header: None,
            time_column: None,
            time_format: None,
            zone: None,
            values: Vec::new(),
            labels: None,
            numbers: None,
            sample_rows: 1000,
            row_bytes_max: 1 << 20,
            groups_max: 10_000,
        }
    }
}

impl Options {
    pub(crate) fn rows(&self) -> usize {
        self.sample_rows.clamp(1, SAMPLE_ROWS_MAX)
    }

    pub(crate) fn row_bytes(&self) -> usize {
        self.row_bytes_max.clamp(64, 16 << 20)
    }
}
