//! Laws of encoders and decoders.

use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::sample::Index;
use proptest::strategy::Strategy;

use super::{Binding, Outcome, Report, Settings, Suite, agree, holds, implies, softened};
use crate::Error;

/// What is asked of a codec beyond that decoding gives back what was encoded.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Codec {
    /// Every proper prefix of an encoding is refused.
    pub refuses_prefixes: bool,
    /// An encoding followed by further bytes is refused.
    pub refuses_suffixes: bool,
    /// A value has one encoding: whatever decodes encodes to the same bytes again.
    pub canonical: bool,
    /// An encoding with any one bit changed is refused.
    pub refuses_flips: bool,
}

impl Default for Codec {
    /// Prefixes and suffixes are refused; nothing is asked about canonical form and changed bits.
    fn default() -> Self {
        Self {
            refuses_prefixes: true,
            refuses_suffixes: true,
            canonical: false,
            refuses_flips: false,
        }
    }
}

impl Codec {
    /// A codec that cannot notice cuts and additions, such as text.
    #[must_use]
    pub const fn unframed() -> Self {
        Self {
            refuses_prefixes: false,
            refuses_suffixes: false,
            canonical: false,
            refuses_flips: false,
        }
    }

    /// Asks for canonical form too.
    #[must_use]
    pub const fn canonical(mut self) -> Self {
        self.canonical = true;
        self
    }

    /// Asks that changed bits are noticed too.
    #[must_use]
    pub const fn checked(mut self) -> Self {
        self.refuses_flips = true;
        self
    }
}

/// `decode(encode(a)) = a`, and the decoder refuses what the encoder does not write, as far as `codec` asks.
///
/// The decoder is given whole inputs, so it must look at where they end.
///
/// ```
/// use proptest::prelude::*;
/// use voidstate_properties::laws::{Codec, Settings, round_trip};
///
/// let encode = |a: &u32| Ok::<_, ()>(a.to_le_bytes());
/// let decode = |b: &[u8]| b.try_into().map(u32::from_le_bytes);
/// let codec = Codec::default().canonical();
/// round_trip(&Settings::default(), &any::<u32>(), codec, encode, decode, PartialEq::eq)?;
/// # Ok::<(), voidstate_properties::Error>(())
/// ```
///
/// # Errors
/// See [`Suite::law`].
pub fn round_trip<A, B, E, D>(
    settings: &Settings,
    values: &impl Strategy<Value = A>,
    codec: Codec,
    encode: impl Fn(&A) -> Result<B, E>,
    decode: impl Fn(&[u8]) -> Result<A, D>,
    eq: impl Fn(&A, &A) -> bool,
) -> Result<Report, Error>
where
    A: Debug,
    B: AsRef<[u8]>,
    E: Debug,
    D: Debug,
{
    let mut suite = Suite::new("round trip", settings)?;
    let bytes = |a: &A| encode(a).map(|b| b.as_ref().to_vec());
    let show = |a: &A| Binding::new("a", a);
    suite.law(
        "round trip",
        "decode(encode(a)) = a",
        &softened(values),
        |a| vec![show(a)],
        |a| match bytes(a).map(|b| decode(&b)) {
            Ok(Ok(back)) => agree(&eq, &back, a),
            Ok(Err(error)) => refused("decode", &error, a),
            Err(error) => refused("encode", &error, a),
        },
    )?;
    suite.law(
        "repeatable",
        "encode(a) = encode(a)",
        &softened(values),
        |a| vec![show(a)],
        |a| agree(PartialEq::eq, &bytes(a).ok(), &bytes(a).ok()),
    )?;
    if codec.refuses_prefixes {
        suite.law(
            "prefixes are refused",
            "decode(first n bytes of encode(a)) is an error, n < all",
            &(softened(values), any::<Index>()),
            |(a, n)| {
                let length = bytes(a).map_or(0, |b| b.len());
                vec![show(a), Binding::new("n", &cut(*n, length))]
            },
            |(a, n)| {
                let whole = bytes(a).unwrap_or_default();
                let prefix = whole.get(..cut(*n, whole.len())).unwrap_or_default();
                implies(prefix.len() < whole.len(), || must_fail(decode(prefix)))
            },
        )?;
    }
    if codec.refuses_suffixes {
        suite.law(
            "suffixes are refused",
            "decode(encode(a) and then x) is an error, x not empty",
            &(softened(values), vec(any::<u8>(), 1..9)),
            |(a, x)| vec![show(a), Binding::new("x", x)],
            |(a, x)| match bytes(a) {
                Ok(whole) => must_fail(decode(&[whole, x.clone()].concat())),
                Err(_) => Outcome::Vacuous,
            },
        )?;
    }
    if codec.refuses_flips {
        suite.law(
            "changed bits are refused",
            "decode(encode(a) with one bit changed) is an error",
            &(softened(values), any::<Index>()),
            |(a, at)| {
                let bits = bytes(a).map_or(0, |b| b.len() * 8);
                let bit = (bits > 0).then(|| at.index(bits));
                vec![show(a), Binding::new("bit", &bit)]
            },
            |(a, at)| {
                let whole = bytes(a).unwrap_or_default();
                implies(!whole.is_empty(), || {
                    must_fail(decode(&flipped(whole.clone(), *at)))
                })
            },
        )?;
    }
    if codec.canonical {
        suite.law(
            "canonical form",
            "decode(b) = Ok(a) ⇒ encode(a) = b",
            &(softened(values), any::<Index>(), any::<bool>()),
            |(a, at, change)| vec![Binding::new("b", &altered(bytes(a), *at, *change))],
            |(a, at, change)| {
                let whole = altered(bytes(a), *at, *change);
                match decode(&whole) {
                    Ok(read) => agree(PartialEq::eq, &bytes(&read).ok(), &Some(whole)),
                    Err(_) => Outcome::Vacuous,
                }
            },
        )?;
    }
    suite.law(
        "any bytes",
        "decode(b) ends with a value or an error",
        &softened(vec(any::<u8>(), 0..64)),
        |b| vec![Binding::new("b", b)],
        |b| {
            // A panic breaks the law; there is nothing else to see.
            let _ = decode(b);
            Outcome::Holds
        },
    )?;
    Ok(suite.done())
}

fn refused(what: &str, error: &dyn Debug, a: &dyn Debug) -> Outcome {
    Outcome::Broken {
        left: format!("{what}: {error:?}"),
        right: format!("{a:?}"),
    }
}

fn must_fail<A: Debug, D>(decoded: Result<A, D>) -> Outcome {
    let found = || {
        decoded
            .as_ref()
            .map_or_else(|_| String::new(), |a| format!("Ok({a:?})"))
    };
    holds(decoded.is_err(), found, "an error")
}

/// A length below `length`.
fn cut(at: Index, length: usize) -> usize {
    if length == 0 { 0 } else { at.index(length) }
}

fn flipped(mut bytes: Vec<u8>, at: Index) -> Vec<u8> {
    if !bytes.is_empty() {
        let bit = at.index(bytes.len() * 8);
        if let Some(byte) = bytes.get_mut(bit / 8) {
            *byte ^= 1 << (bit % 8);
        }
    }
    bytes
}

fn altered<E>(bytes: Result<Vec<u8>, E>, at: Index, change: bool) -> Vec<u8> {
    let bytes = bytes.unwrap_or_default();
    if change { flipped(bytes, at) } else { bytes }
}
