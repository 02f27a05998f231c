//! Paths and streams to plain bytes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::zstd::ZstdReader;
use crate::{Compression, Error};

/// Bytes of the compressed side that are read at once.
const BUFFER_BYTES: usize = 64 << 10;

/// A stream of plain bytes and where it comes from.
pub(crate) struct Input {
    pub(crate) stream: Box<dyn Read + Send>,
    pub(crate) path: String,
    pub(crate) compression: Compression,
}

impl Input {
    /// Opens a path; `-` is standard input.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let shown = path.display().to_string();
        if shown == "-" {
            return Self::wrap(io::stdin(), "standard input".to_owned());
        }
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?.is_dir(), file)));
        match opened {
            Ok((true, _)) => Err(Error::Directory { path: shown }),
            Ok((false, file)) => Self::wrap(file, shown),
            Err(cause) => Err(Error::Open { path: shown, cause }),
        }
    }

    /// Looks at the first bytes of a stream and decompresses it where they say so.
    pub(crate) fn wrap(stream: impl Read + Send + 'static, path: String) -> Result<Self, Error> {
        let mut stream = BufReader::with_capacity(BUFFER_BYTES, stream);
        let (compression, head) = match magic(&mut stream) {
            Ok(found) => found,
            Err(cause) => return Err(Error::Open { path, cause }),
        };
        // A pipe may hand over its first bytes one by one: what was taken for the look goes back in front.
        let stream = BufReader::with_capacity(BUFFER_BYTES, io::Cursor::new(head).chain(stream));
        let stream: Box<dyn Read + Send> = match compression {
            Compression::None => Box::new(stream),
            Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(stream)),
            Compression::Zstd => Box::new(ZstdReader::new(stream)),
        };
        Ok(Self {
            stream,
            path,
            compression,
        })
    }
}

fn magic(stream: &mut impl BufRead) -> io::Result<(Compression, Vec<u8>)> {
    let mut head = Vec::with_capacity(4);
    stream.take(4).read_to_end(&mut head)?;
    let compression = match *head.as_slice() {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd] => Compression::Zstd,
        // A skippable frame may come first.
        [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Compression::Zstd,
        _ => Compression::None,
    };
    Ok((compression, head))
}

/// What bytes that are no text look like, and the way out.
pub(crate) fn not_text(sample: &[u8]) -> Option<(&'static str, &'static str)> {
    const KINDS: [(&[u8], &str, &str); 9] = [
        (
            b"\xff\xfe",
            "UTF-16 text",
            "convert it with iconv -f UTF-16 -t UTF-8",
        ),
        (
            b"\xfe\xff",
            "UTF-16 text",
            "convert it with iconv -f UTF-16 -t UTF-8",
        ),
        (b"\xfd7zXZ", "an xz archive", "unpack it with xz -d"),
        (b"BZh", "a bzip2 archive", "unpack it with bzip2 -d"),
        (
            b"PK\x03\x04",
            "a zip archive or a spreadsheet",
            "unpack it, or save the sheet as CSV",
        ),
        (b"PAR1", "a Parquet file", "export it as CSV"),
        (
            b"SQLite format 3",
            "an SQLite database",
            "export a table with sqlite3 -csv",
        ),
        (
            b"\x1f\x8b",
            "compressed twice",
            "unpack it once with gzip -d",
        ),
        (
            b"\x28\xb5\x2f\xfd",
            "compressed twice",
            "unpack it once with zstd -d",
        ),
    ];
    if let Some((_, found, fix)) = KINDS.iter().find(|(head, ..)| sample.starts_with(head)) {
        return Some((found, fix));
    }
    let nuls = memchr::memchr_iter(0, sample).count();
    if nuls == 0 {
        None
    } else if nuls * 3 >= sample.len() {
        Some((
            "UTF-16 text without a mark, or binary data",
            "convert it with iconv -f UTF-16LE -t UTF-8",
        ))
    } else {
        Some((
            "binary data (it contains zero bytes)",
            "give CSV, TSV or JSON lines",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_binary_data_are_named() {
        assert!(not_text(b"a,b\n1,2\n").is_none());
        assert!(not_text(b"").is_none());
        assert!(
            not_text(b"\xff\xfea\0")
                .is_some_and(|(found, fix)| found.contains("UTF-16") && fix.contains("iconv"))
        );
        assert!(not_text(b"a\0,\0b\0\n\0").is_some_and(|(found, _)| found.contains("UTF-16")));
        assert!(not_text(b"abcdefgh\0").is_some_and(|(found, _)| found.contains("zero bytes")));
    }
}
