//! A journal as bytes: a head, blocks of entries, an end. Each is a record of the codec with its own checksum; the end holds
//! the count and a chain over all keys, so a journal that was cut, or whose blocks were lost, doubled or moved, is refused.

use serde::{Deserialize, Serialize};
use voidstate_codec::{Kind, Schema};

use crate::error::Error;
use crate::journal::{Entry, Journal, Outcome};
use crate::row::ROW_EFFECTS_MAX;

const HEAD: Schema = Schema::new(Kind::new(b"EFJH"), 1);
const BLOCK: Schema = Schema::new(Kind::new(b"EFJB"), 1);
const END: Schema = Schema::new(Kind::new(b"EFJE"), 1);

/// Entries of a block, and answer bytes of one, after which [`Journal::to_bytes`] begins the next.
const BLOCK_ENTRIES: usize = 1024;
const BLOCK_BYTES: usize = 1 << 20;

#[derive(Serialize)]
struct Block<'a> {
    first: u64,
    entries: &'a [Entry],
}

#[derive(Deserialize)]
struct OwnedBlock {
    first: u64,
    entries: Vec<Entry>,
}

#[derive(Serialize, Deserialize, PartialEq)]
struct End {
    entries: u64,
    chain: u64,
}

/// Writes a journal in parts: [`head`](Self::head) once, then [`block`](Self::block) as entries come, then
/// [`end`](Self::end). The parts in a row are what [`Journal::from_bytes`] reads.
#[derive(Debug, Clone, Default)]
pub struct Encoder {
    entries: u64,
    chain: u64,
}

impl Encoder {
    /// Starts a journal with the row of `journal`, and gives its first bytes.
    ///
    /// # Errors
    /// The row cannot be encoded (names of more than 64 MiB).
    pub fn head(journal: &Journal) -> Result<(Self, Vec<u8>), Error> {
        let bytes = HEAD
            .encode(journal.row())
            .map_err(Error::codec("journal head"))?;
        Ok((Self::default(), bytes))
    }

    /// The bytes of some more entries.
    ///
    /// # Errors
    /// They take more than 64 MiB; nothing is counted then, and fewer at a time may do.
    pub fn block(&mut self, entries: &[Entry]) -> Result<Vec<u8>, Error> {
        let block = Block {
            first: self.entries,
            entries,
        };
        let bytes = BLOCK
            .encode(&block)
            .map_err(Error::codec("journal block"))?;
        self.count(entries);
        Ok(bytes)
    }

    /// The last bytes.
    ///
    /// # Errors
    /// None in practice: the end is small.
    pub fn end(self) -> Result<Vec<u8>, Error> {
        END.encode(&self.as_end())
            .map_err(Error::codec("journal end"))
    }

    fn count(&mut self, entries: &[Entry]) {
        self.entries += entries.len() as u64;
        self.chain = entries.iter().fold(self.chain, |chain, entry| {
            (chain.rotate_left(5) ^ entry.key.hash()).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        });
    }

    fn as_end(&self) -> End {
        End {
            entries: self.entries,
            chain: self.chain,
        }
    }
}

impl Journal {
    /// The journal as bytes.
    ///
    /// # Errors
    /// One entry takes more than 64 MiB.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let (mut encoder, mut out) = Encoder::head(self)?;
        let mut rest = self.entries();
        while !rest.is_empty() {
            let (block, others) = rest.split_at(block_length(rest));
            out.extend(encoder.block(block)?);
            rest = others;
        }
        out.extend(encoder.end()?);
        Ok(out)
    }

    /// Reads a journal back.
    ///
    /// # Errors
    /// The bytes are not one whole journal: cut off, damaged, of another version, or its records do not follow one another.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader { bytes, at: 0 };
        let row = reader.head()?;
        let mut journal = Self {
            row,
            entries: Vec::new(),
        };
        let mut counted = Encoder::default();
        loop {
            let start = reader.at;
            match reader.next()? {
                Part::Block(block) if block.first == counted.entries => {
                    journal.check_entries(&block.entries, start)?;
                    counted.count(&block.entries);
                    journal.entries.extend(block.entries);
                }
                Part::Block(_) => {
                    return Err(wrong("a block is missing, doubled or out of order", start));
                }
                Part::End(end) if end == counted.as_end() => {
                    let whole = reader.at == bytes.len();
                    return if whole {
                        Ok(journal)
                    } else {
                        Err(wrong("bytes follow the end", reader.at))
                    };
                }
                Part::End(_) => return Err(wrong("the end is that of another journal", start)),
            }
        }
    }

    fn check_entries(&self, entries: &[Entry], start: usize) -> Result<(), Error> {
        if entries.iter().all(|e| e.key.effect() < self.row.len()) {
            return Ok(());
        }
        Err(wrong(
            "an entry names an effect that the row does not have",
            start,
        ))
    }
}

/// How many of the entries go into the next block: at least one.
fn block_length(entries: &[Entry]) -> usize {
    let mut bytes = 0;
    let fit = entries.iter().take(BLOCK_ENTRIES).take_while(|entry| {
        bytes += match &entry.outcome {
            Outcome::Answered(answer) => answer.len(),
            Outcome::Aborted(reason) => reason.len(),
        };
        bytes <= BLOCK_BYTES
    });
    fit.count().max(1).min(entries.len())
}

fn wrong(what: &'static str, byte: usize) -> Error {
    Error::Journal {
        what,
        byte: byte as u64,
    }
}

enum Part {
    Block(OwnedBlock),
    End(End),
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn head(&mut self) -> Result<Vec<Box<str>>, Error> {
        let record = HEAD
            .open(self.bytes)
            .map_err(Error::codec("journal head"))?;
        let row: Vec<Box<str>> = record.decode().map_err(Error::codec("journal head"))?;
        self.at = record.bytes();
        let doubled = row
            .iter()
            .enumerate()
            .any(|(at, name)| row.iter().skip(at + 1).any(|n| n == name));
        match row.len() {
            0..=ROW_EFFECTS_MAX if !doubled => Ok(row),
            0..=ROW_EFFECTS_MAX => Err(wrong("its row names an effect twice", 0)),
            _ => Err(wrong("its row has more than 64 effects", 0)),
        }
    }

    fn next(&mut self) -> Result<Part, Error> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return Err(wrong("it is cut off before its end", self.at));
        }
        let found = voidstate_codec::open(rest)
            .map_err(Error::codec(format!("journal at byte {}", self.at)))?;
        let part = if found.kind() == Kind::new(b"EFJE") {
            END.open(rest).and_then(|r| r.decode()).map(Part::End)
        } else {
            BLOCK.open(rest).and_then(|r| r.decode()).map(Part::Block)
        };
        let part = part.map_err(Error::codec(format!("journal at byte {}", self.at)))?;
        self.at += found.bytes();
        Ok(part)
    }
}
