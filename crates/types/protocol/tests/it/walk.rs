//! Random runs of machines.

use voidstate_protocol::{Machine, Transition};

/// Numbers without a pattern (splitmix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`, which is not 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n).unwrap()).unwrap()
    }
}

/// A random run from the first state, of at most `most` steps.
pub(crate) fn walk(machine: &Machine, dice: &mut Dice, most: usize) -> Vec<Transition> {
    let mut run = Vec::new();
    let mut state = 0;
    while run.len() < most && !machine.is_final(state) {
        let all = machine.transitions(state);
        let t = all[dice.below(all.len())].clone();
        state = t.target;
        run.push(t);
    }
    run
}
