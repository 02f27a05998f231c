//! Laws and cases of the file source.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "helpers of tests, which may fail loudly"
)]

mod compressed;
mod errors;
mod hosts;
mod laws;
mod layouts;
mod memory;
mod rows;
mod soak;
mod source;

use voidstate_file::{Error, Options, Reader, Stats};

/// One row as owned data, for comparisons.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Owned {
    pub(crate) line: u64,
    pub(crate) time_text: String,
    pub(crate) nanos: i64,
    /// Bits, so that NaN equals NaN.
    pub(crate) values: Vec<u64>,
    pub(crate) labels: Vec<String>,
}

pub(crate) fn open(bytes: &[u8]) -> Result<Reader, Error> {
    open_with(bytes, &Options::default())
}

pub(crate) fn open_with(bytes: &[u8], options: &Options) -> Result<Reader, Error> {
    Reader::from_stream(std::io::Cursor::new(bytes.to_vec()), "test", options)
}

/// All rows and the error that ended them, if one did.
pub(crate) fn drain(reader: &mut Reader) -> (Vec<Owned>, Option<Error>) {
    let mut rows = Vec::new();
    loop {
        match reader.next_row() {
            Ok(Some(row)) => rows.push(Owned {
                line: row.line,
                time_text: row.time_text.to_owned(),
                nanos: row.time.as_nanos(),
                values: row.values.iter().map(|v| v.to_bits()).collect(),
                labels: row.labels.to_vec(),
            }),
            Ok(None) => return (rows, None),
            Err(error) => return (rows, Some(error)),
        }
    }
}

pub(crate) fn read(text: &str) -> (Vec<Owned>, Stats, String) {
    let mut reader = open(text.as_bytes()).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    let said = reader.layout().to_string();
    let (rows, error) = drain(&mut reader);
    assert!(error.is_none(), "{error:?}");
    (rows, reader.stats().clone(), said)
}

pub(crate) fn values(rows: &[Owned]) -> Vec<Vec<f64>> {
    let bits = |row: &Owned| row.values.iter().map(|v| f64::from_bits(*v)).collect();
    rows.iter().map(bits).collect()
}
