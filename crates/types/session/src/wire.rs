//! Messages as bytes.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use voidstate_codec::{HEADER_BYTES, Kind, Schema};

use crate::{Fault, Labelled, Leaving};

/// Longest frame in bytes that is read or written unless another limit is given.
pub const FRAME_BYTES_MAX: usize = 1 << 20;

const FRAME: Schema = Schema::new(Kind::new(b"SESF"), 1);
const PAYLOAD: Schema = Schema::new(Kind::new(b"SESP"), 1);
/// Longest label in bytes.
const LABEL_BYTES_MAX: usize = 256;

/// A message that can cross a wire. `protocol!` writes it where `#[wire]` stands before the protocol.
///
/// # Law
/// `unpack(m.label(), &m.pack()?)` is `m`; a label that is not the protocol's is [`Fault::UnknownLabel`].
pub trait Wire: Labelled + Sized {
    /// The payload as bytes.
    ///
    /// # Errors
    /// The payload cannot be encoded.
    fn pack(&self) -> Result<Vec<u8>, Fault>;

    /// The message of that label and payload.
    ///
    /// # Errors
    /// The label is unknown, or the bytes are no such payload.
    fn unpack(label: &str, payload: &[u8]) -> Result<Self, Fault>;
}

/// Encodes one payload.
///
/// # Errors
/// It takes more than the codec's limit, or cannot be serialised.
pub fn pack<T: Serialize + ?Sized>(payload: &T) -> Result<Vec<u8>, Fault> {
    Ok(PAYLOAD.encode(payload)?)
}

/// Decodes one payload.
///
/// # Errors
/// The bytes are damaged, of another version, or no `T`.
pub fn unpack<T: DeserializeOwned>(payload: &[u8]) -> Result<T, Fault> {
    Ok(PAYLOAD.decode(payload)?)
}

/// A message of any protocol: what a relay passes on and a monitor checks without knowing its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The label, as the protocol writes it.
    pub label: String,
    /// The payload, as [`pack`] wrote it.
    pub payload: Vec<u8>,
}

impl Frame {
    /// The frame of a typed message.
    ///
    /// # Errors
    /// The payload cannot be encoded.
    pub fn of(message: &impl Wire) -> Result<Self, Fault> {
        Ok(Self {
            label: message.label().to_owned(),
            payload: message.pack()?,
        })
    }

    /// The typed message.
    ///
    /// # Errors
    /// The label is unknown, or the bytes are no such payload.
    pub fn read<M: Wire>(&self) -> Result<M, Fault> {
        M::unpack(&self.label, &self.payload)
    }
}

impl Labelled for Frame {
    fn label(&self) -> &str {
        &self.label
    }
}

impl Wire for Frame {
    fn pack(&self) -> Result<Vec<u8>, Fault> {
        Ok(self.payload.clone())
    }

    fn unpack(label: &str, payload: &[u8]) -> Result<Self, Fault> {
        Ok(Self {
            label: label.to_owned(),
            payload: payload.to_owned(),
        })
    }
}

/// What crosses the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Packet {
    Message {
        sequence: u64,
        label: String,
        payload: Vec<u8>,
    },
    Cancelled {
        sequence: u64,
        by: String,
    },
    Done {
        sequence: u64,
    },
}

/// Writes frames: numbers them and holds them to the limit.
#[derive(Debug)]
pub struct Encoder {
    next: u64,
    limit: usize,
}

impl Encoder {
    /// Frames of at most `limit` bytes.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { next: 0, limit }
    }

    /// The frame of a message.
    ///
    /// # Errors
    /// The payload cannot be encoded, or the frame exceeds the limit; then nothing may be sent any more.
    pub fn message(&mut self, message: &impl Wire) -> Result<Vec<u8>, Fault> {
        let (label, payload) = (message.label().to_owned(), message.pack()?);
        let sequence = self.next;
        self.frame(&Packet::Message {
            sequence,
            label,
            payload,
        })
    }

    /// The frame that says why this end leaves.
    ///
    /// # Errors
    /// The frame exceeds the limit.
    pub fn leaving(&mut self, leaving: &Leaving) -> Result<Vec<u8>, Fault> {
        let sequence = self.next;
        self.frame(&match leaving {
            Leaving::Done => Packet::Done { sequence },
            Leaving::Cancelled(by) => Packet::Cancelled {
                sequence,
                by: by.clone().into_owned(),
            },
        })
    }

    fn frame(&mut self, packet: &Packet) -> Result<Vec<u8>, Fault> {
        let bytes = FRAME.encode(packet)?;
        if bytes.len() > self.limit {
            return Err(too_long(bytes.len(), self.limit));
        }
        self.next += 1;
        Ok(bytes)
    }
}

/// Reads frames out of a stream of bytes, however it is cut.
#[derive(Debug)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// Where in the buffer the next frame starts.
    start: usize,
    next: u64,
    limit: usize,
}

impl Decoder {
    /// Frames of at most `limit` bytes.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self {
            buffer: Vec::new(),
            start: 0,
            next: 0,
            limit,
        }
    }

    /// Takes bytes that came.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start.min(self.buffer.len()));
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next message, or nothing when more bytes are needed.
    ///
    /// # Errors
    /// The bytes are no frame, damaged, too long or out of order; or the other end left.
    pub fn take<M: Wire>(&mut self) -> Result<Option<M>, Fault> {
        let bytes = self.buffer.get(self.start..).unwrap_or_default();
        let Some(header) = bytes.first_chunk::<HEADER_BYTES>() else {
            return Ok(None);
        };
        let need = HEADER_BYTES + payload_bytes(header)?;
        if need > self.limit {
            return Err(too_long(need, self.limit));
        }
        let Some(frame) = bytes.get(..need) else {
            return Ok(None);
        };
        let packet = FRAME.decode(frame)?;
        self.start += need;
        self.accept(packet).map(Some)
    }

    fn accept<M: Wire>(&mut self, packet: Packet) -> Result<M, Fault> {
        let (Packet::Message { sequence, .. }
        | Packet::Cancelled { sequence, .. }
        | Packet::Done { sequence }) = packet;
        if sequence != self.next {
            return Err(Fault::Sequence {
                found: sequence,
                expected: self.next,
            });
        }
        self.next += 1;
        match packet {
            Packet::Message { label, .. } if label.len() > LABEL_BYTES_MAX => {
                Err(too_long(label.len(), LABEL_BYTES_MAX))
            }
            Packet::Message { label, payload, .. } => M::unpack(&label, &payload),
            Packet::Cancelled { by, .. } => Err(Fault::Cancelled { by: by.into() }),
            Packet::Done { .. } => Err(Fault::Done),
        }
    }

    /// Whether bytes of an unfinished frame are left.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.start < self.buffer.len()
    }
}

/// What the header claims, before any of it is believed: wrong magic or kind is refused here, not after buffering.
fn payload_bytes(header: &[u8; HEADER_BYTES]) -> Result<usize, Fault> {
    let [.., l0, l1, l2, l3, _, _, _, _] = *header;
    // Without its payload a sound header is only ever cut off; any other error is final.
    match FRAME.open(header) {
        Ok(_) | Err(voidstate_codec::Error::Truncated { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(u32::from_le_bytes([l0, l1, l2, l3]) as usize)
}

const fn too_long(bytes: usize, limit: usize) -> Fault {
    Fault::TooLong {
        bytes: bytes as u64,
        limit: limit as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(label: &str) -> Frame {
        Frame {
            label: label.to_owned(),
            payload: vec![1, 2, 3],
        }
    }

    #[test]
    fn a_stream_is_read_however_it_is_cut() {
        let mut encoder = Encoder::new(FRAME_BYTES_MAX);
        let mut bytes = encoder.message(&frame("Ask")).unwrap();
        bytes.extend(encoder.message(&frame("Answer")).unwrap());
        for step in 1..bytes.len() {
            let mut decoder = Decoder::new(FRAME_BYTES_MAX);
            let mut seen = Vec::new();
            for piece in bytes.chunks(step) {
                decoder.push(piece);
                while let Some(found) = decoder.take::<Frame>().unwrap() {
                    seen.push(found);
                }
            }
            assert_eq!(seen, [frame("Ask"), frame("Answer")]);
            assert!(!decoder.is_cut());
        }
    }

    #[test]
    fn a_long_claim_is_refused_before_it_is_buffered() {
        let mut bytes = Encoder::new(FRAME_BYTES_MAX)
            .message(&frame("Ask"))
            .unwrap();
        bytes[10..14].copy_from_slice(&(2_000_000_u32).to_le_bytes());
        let mut decoder = Decoder::new(FRAME_BYTES_MAX);
        decoder.push(&bytes);
        let refused = decoder.take::<Frame>();
        assert!(matches!(refused, Err(Fault::TooLong { .. })));
        let long = Encoder::new(24).message(&frame("Ask"));
        assert!(matches!(long, Err(Fault::TooLong { limit: 24, .. })));
    }

    #[test]
    fn what_is_doubled_or_lost_is_noticed() {
        let mut encoder = Encoder::new(FRAME_BYTES_MAX);
        let first = encoder.message(&frame("Ask")).unwrap();
        let second = encoder.message(&frame("Ask")).unwrap();
        let mut doubled = Decoder::new(FRAME_BYTES_MAX);
        doubled.push(&first);
        doubled.push(&first);
        assert!(doubled.take::<Frame>().is_ok());
        let is_sequence = |r| matches!(r, Err(Fault::Sequence { .. }));
        assert!(is_sequence(doubled.take::<Frame>()));
        let mut lost = Decoder::new(FRAME_BYTES_MAX);
        lost.push(&second);
        assert!(is_sequence(lost.take::<Frame>()));
    }
}
