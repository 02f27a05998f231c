//! Seeded random numbers: SplitMix64 (Steele, Lea, Flood 2014).

use crate::error::Error;

/// One million.
pub(crate) const PPM: u64 = 1_000_000;

/// A rate in parts per million, checked.
pub(crate) fn parts_per_million(what: &'static str, rate_ppm: u32) -> Result<u32, Error> {
    if u64::from(rate_ppm) <= PPM {
        return Ok(rate_ppm);
    }
    Err(Error::Setting {
        what,
        value: rate_ppm.to_string().into(),
        domain: "between 0 and 1000000 parts per million",
    })
}

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Seeded(u64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A stream of its own for one purpose, so that draws of one do not move those of another.
    pub(crate) fn stream(seed: u64, purpose: u64) -> Self {
        let mut source = Self(seed ^ purpose.wrapping_mul(0xd1b5_4a32_d192_ed03));
        Self(source.next_u64())
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound` (0 for a bound of 0); the bias is less than `bound` / 2^64.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.next_u64()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or(u64::MAX)
    }

    /// Whether something of this rate happens.
    pub(crate) fn happens(&mut self, rate_ppm: u32) -> bool {
        self.below(PPM) < u64::from(rate_ppm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        let mut random = Seeded::new(1_234_567);
        let drawn = [random.next_u64(), random.next_u64(), random.next_u64()];
        assert_eq!(
            drawn,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }
}
