//! The generator behind a tool's `random`.

use voidstate_core::ToolId;

/// `SplitMix64` (Steele, Lea and Flood 2014): 64 bits of state, period 2⁶⁴, about a nanosecond a number.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix64(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl SplitMix64 {
    /// A stream of its own for each tool and shard.
    pub(crate) fn of(seed: u64, tool: &ToolId, shard: usize) -> Self {
        let mut stream = Self(seed);
        for byte in tool.as_str().bytes() {
            stream.0 = stream.next() ^ u64::from(byte);
        }
        stream.0 = stream.next() ^ shard as u64;
        Self(stream.next())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vector() {
        let mut stream = SplitMix64(1_234_567);
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973];
        assert_eq!([stream.next(), stream.next()], expected);
    }

    #[test]
    fn streams_differ_by_tool_shard_and_seed() {
        let id = |t: &str| ToolId::new(t).unwrap();
        let first = |seed, tool: &str, shard| SplitMix64::of(seed, &id(tool), shard).next();
        let base = first(1, "a", 0);
        assert_eq!(base, first(1, "a", 0));
        assert!(
            [first(2, "a", 0), first(1, "b", 0), first(1, "a", 1)]
                .iter()
                .all(|x| *x != base)
        );
    }
}
