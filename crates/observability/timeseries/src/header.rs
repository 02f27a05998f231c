//! The 20 bytes with which every file of a store starts.

/// Bytes of the header.
pub(crate) const HEADER_BYTES: usize = 20;
/// The version that is written, and the newest that is read.
pub(crate) const VERSION: u16 = 1;

const MAGIC: [u8; 4] = *b"VSTS";

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Wal,
    Segment,
    Catalogue,
    Findings,
}

impl FileKind {
    const fn letters(self) -> [u8; 2] {
        match self {
            Self::Wal => *b"WL",
            Self::Segment => *b"SG",
            Self::Catalogue => *b"CT",
            Self::Findings => *b"FD",
        }
    }
}

/// What a header turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Header {
    /// As it should be.
    Sound,
    /// Written by a newer version.
    Newer(u16),
    /// Anything else.
    Damaged(&'static str),
}

/// The header of a new file.
pub(crate) fn encode(kind: FileKind, generation: u64) -> [u8; HEADER_BYTES] {
    stamped(kind, generation, VERSION)
}

fn stamped(kind: FileKind, generation: u64, version: u16) -> [u8; HEADER_BYTES] {
    let mut out = [0; HEADER_BYTES];
    let fields = MAGIC
        .into_iter()
        .chain(version.to_le_bytes())
        .chain(kind.letters())
        .chain(generation.to_le_bytes());
    out.iter_mut().zip(fields).for_each(|(to, from)| *to = from);
    let crc = out
        .first_chunk::<16>()
        .map_or(0, |fields| crc32fast::hash(fields));
    out.iter_mut()
        .skip(16)
        .zip(crc.to_le_bytes())
        .for_each(|(to, from)| *to = from);
    out
}

/// Judges the header at the start of `bytes`.
pub(crate) fn check(bytes: &[u8], kind: FileKind, generation: u64) -> Header {
    let Some((header, _)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
        return Header::Damaged("its header is cut off");
    };
    let [.., c0, c1, c2, c3] = *header;
    let crc = header
        .first_chunk::<16>()
        .map_or(0, |fields| crc32fast::hash(fields));
    if crc != u32::from_le_bytes([c0, c1, c2, c3]) || !header.starts_with(&MAGIC) {
        return Header::Damaged("its header is damaged");
    }
    let [_, _, _, _, v0, v1, ..] = *header;
    match u16::from_le_bytes([v0, v1]) {
        VERSION if *header == encode(kind, generation) => Header::Sound,
        VERSION | 0 => Header::Damaged("its header belongs to another file"),
        newer => Header::Newer(newer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_newer_from_damaged() {
        let good = encode(FileKind::Wal, 7);
        assert_eq!(check(&good, FileKind::Wal, 7), Header::Sound);
        assert_eq!(
            check(&stamped(FileKind::Wal, 7, 2), FileKind::Wal, 7),
            Header::Newer(2)
        );
        assert!(matches!(check(&good, FileKind::Wal, 8), Header::Damaged(_)));
        assert!(matches!(
            check(&good, FileKind::Segment, 7),
            Header::Damaged(_)
        ));
        for bit in 0..HEADER_BYTES * 8 {
            let mut bad = good;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(
                matches!(check(&bad, FileKind::Wal, 7), Header::Damaged(_)),
                "bit {bit}"
            );
        }
        assert!(matches!(
            check(&good[..19], FileKind::Wal, 7),
            Header::Damaged(_)
        ));
    }
}
