//! Reading a recording, record by record.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use voidstate_codec::{HEADER_BYTES, PAYLOAD_BYTES_MAX};

use super::ration::Rationed;
use super::wire::{CHUNK, Chunk, HEAD, Head};
use crate::error::{Error, Result};

/// Most shards that a recording may claim: those of an engine and the one for single tools.
const SHARDS_MAX: u32 = 256;

/// A recording that is read from its beginning; give it to [`Replay`](super::Replay).
pub struct Recording {
    input: Box<dyn Read>,
    place: String,
    head: Head,
    /// Where the last whole record ends.
    offset: u64,
}

impl std::fmt::Debug for Recording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recording")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// What comes next in a file.
enum Bytes {
    Record(Vec<u8>),
    /// Nothing: the file ends between two records.
    End,
    /// Fewer bytes than the record needs.
    Torn(Vec<u8>),
}

/// What comes next in a recording.
pub(crate) enum Read1 {
    Chunk(Chunk),
    /// The file ends, between records or within one.
    End,
}

impl Recording {
    /// Opens a recording and reads its head.
    ///
    /// # Errors
    /// [`Error::RecordingFile`] when it cannot be read; [`Error::RecordingRecord`] when it is no recording, is cut off
    /// within its head, or was written by a newer version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let place = path.as_ref().display().to_string();
        match File::open(path.as_ref()) {
            Ok(file) => Self::of(Box::new(BufReader::new(file)), place),
            Err(cause) => Err(Error::RecordingFile {
                place,
                doing: "opened",
                cause,
            }),
        }
    }

    /// Reads a recording from anything that gives bytes.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn read(input: impl Read + 'static) -> Result<Self> {
        Self::of(Box::new(input), "a stream".to_owned())
    }

    fn of(input: Box<dyn Read>, place: String) -> Result<Self> {
        let mut recording = Self {
            input,
            head: Head::none(),
            place,
            offset: 0,
        };
        let bytes = match recording.bytes()? {
            Bytes::Record(bytes) | Bytes::Torn(bytes) => bytes,
            Bytes::End => Vec::new(),
        };
        let head = HEAD.open(&bytes).and_then(|record| record.decode());
        recording.head = head.map_err(|cause| recording.wrong(cause))?;
        let shards = recording.head.settings.shards;
        if !(1..=SHARDS_MAX).contains(&shards) {
            return Err(recording.garbled("its head claims a number of shards that no engine has"));
        }
        recording.offset = bytes.len() as u64;
        Ok(recording)
    }

    /// Who wrote it, when, and how the engine was set.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Where the last record that was read ends, in bytes.
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    fn wrong(&self, cause: voidstate_codec::Error) -> Error {
        Error::RecordingRecord {
            place: self.place.clone(),
            offset: self.offset,
            cause,
        }
    }

    /// A record that is sound and says something that cannot be.
    pub(crate) fn garbled(&self, what: &'static str) -> Error {
        Error::RecordingGarbled {
            place: self.place.clone(),
            offset: self.offset,
            what,
        }
    }

    /// The bytes of the next record, as its own header counts them.
    fn bytes(&mut self) -> Result<Bytes> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        self.fill(&mut bytes, HEADER_BYTES)?;
        let length = match bytes.get(10..14) {
            None if bytes.is_empty() => return Ok(Bytes::End),
            None => return Ok(Bytes::Torn(bytes)),
            Some(length) => length
                .iter()
                .rev()
                .fold(0_usize, |sum, b| sum << 8 | usize::from(*b)),
        };
        if bytes.len() < HEADER_BYTES {
            return Ok(Bytes::Torn(bytes));
        }
        // A length beyond the codec's limit is refused by the codec, with nothing read for it.
        if length > PAYLOAD_BYTES_MAX {
            return Ok(Bytes::Record(bytes));
        }
        self.fill(&mut bytes, HEADER_BYTES + length)?;
        Ok(if bytes.len() < HEADER_BYTES + length {
            Bytes::Torn(bytes)
        } else {
            Bytes::Record(bytes)
        })
    }

    fn fill(&mut self, bytes: &mut Vec<u8>, up_to: usize) -> Result<()> {
        let left = up_to.saturating_sub(bytes.len()) as u64;
        let read = (&mut self.input).take(left).read_to_end(bytes);
        read.map(drop).map_err(|cause| Error::RecordingFile {
            place: self.place.clone(),
            doing: "read",
            cause,
        })
    }

    /// The next record.
    pub(crate) fn next(&mut self) -> Result<Read1> {
        let bytes = match self.bytes()? {
            Bytes::End => return Ok(Read1::End),
            Bytes::Record(bytes) => bytes,
            // What is there must be the beginning of a record, or the file is no recording any more.
            Bytes::Torn(bytes) => {
                return match CHUNK.open(&bytes) {
                    Err(voidstate_codec::Error::Truncated { .. }) => Ok(Read1::End),
                    Err(cause) => Err(self.wrong(cause)),
                    Ok(_) => Err(self.garbled("a record is longer than it says")),
                };
            }
        };
        let chunk = CHUNK.open(&bytes).and_then(|record| record.decode());
        match chunk {
            Ok(Rationed(chunk)) => {
                self.offset += bytes.len() as u64;
                Ok(Read1::Chunk(chunk))
            }
            // The last record may have been half written when the machine stopped.
            Err(voidstate_codec::Error::Checksum { .. }) if self.is_at_end()? => Ok(Read1::End),
            Err(cause) => Err(self.wrong(cause)),
        }
    }

    fn is_at_end(&mut self) -> Result<bool> {
        let mut one = Vec::new();
        self.fill(&mut one, 1)?;
        Ok(one.is_empty())
    }

    /// Fails when bytes follow the end.
    pub(crate) fn check_end(&mut self) -> Result<()> {
        if self.is_at_end()? {
            Ok(())
        } else {
            Err(self.garbled("bytes follow its end"))
        }
    }
}
