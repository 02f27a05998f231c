//! Labelled transition systems and strong bisimilarity.

use super::SIZE_MAX;
use super::partition::Partition;
use crate::Error;

/// States, and transitions from state to state that bear a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lts {
    states: usize,
    /// Source, label, target; by source and label.
    transitions: Vec<(u32, u32, u32)>,
}

impl Lts {
    /// The system of `states` states, counted from 0, with `transitions` (source, label, target); repetitions are one.
    ///
    /// # Errors
    /// [`Error::NoState`] for a transition from or to a state that there is not, [`Error::Limit`] beyond [`SIZE_MAX`].
    pub fn new(states: usize, mut transitions: Vec<(u32, u32, u32)>) -> Result<Self, Error> {
        for (what, value) in [("states", states), ("transitions", transitions.len())] {
            if value > SIZE_MAX {
                let (value, most) = (value as u64, SIZE_MAX as u64);
                return Err(Error::Limit {
                    what,
                    value,
                    least: 0,
                    most,
                });
            }
        }
        let is_there = |state: u32| usize::try_from(state).is_ok_and(|s| s < states);
        let missing = transitions
            .iter()
            .flat_map(|(s, _, t)| [*s, *t])
            .find(|s| !is_there(*s));
        if let Some(state) = missing {
            return Err(Error::NoState { state, states });
        }
        transitions.sort_unstable();
        transitions.dedup();
        Ok(Self {
            states,
            transitions,
        })
    }

    /// How many states there are.
    #[must_use]
    pub const fn states(&self) -> usize {
        self.states
    }

    /// Its transitions by source, label and target.
    #[must_use]
    pub fn transitions(&self) -> &[(u32, u32, u32)] {
        &self.transitions
    }

    /// The class of each state under strong bisimilarity: equal numbers, and only those, for states that match each
    /// other's every move for ever. Classes are numbered in the order of their first states.
    ///
    /// O(m log n) for m transitions and n states (Paige, Tarjan, Three partition refinement algorithms, 1987, with
    /// labels), and O(m + n) memory.
    #[must_use]
    pub fn bisimilarity(&self) -> Vec<u32> {
        Refinement::new(self).run()
    }
}

/// Transitions carry the number of a counter: how many of the same source and label lead into the same coarse block.
struct Refinement<'a> {
    lts: &'a Lts,
    /// Transitions into each state: positions in `incoming`.
    first_in: Vec<u32>,
    incoming: Vec<u32>,
    counter_of: Vec<u32>,
    counters: Vec<u32>,
    fine: Partition,
    /// Fine blocks of each coarse block, and the coarse block of each fine one.
    coarse: Vec<Vec<u32>>,
    coarse_of: Vec<u32>,
    /// Coarse blocks of two or more fine ones.
    compound: Vec<u32>,
}

fn at(n: u32) -> usize {
    n as usize
}

#[expect(clippy::cast_possible_truncation, reason = "sizes are at most 2^26")]
const fn small(n: usize) -> u32 {
    n as u32
}

#[expect(
    clippy::indexing_slicing,
    reason = "all numbers are of states, transitions, counters and blocks that were made here"
)]
impl<'a> Refinement<'a> {
    fn new(lts: &'a Lts) -> Self {
        let n = lts.states;
        let mut first_in = vec![0_u32; n + 1];
        for (_, _, target) in &lts.transitions {
            first_in[at(*target) + 1] += 1;
        }
        for i in 0..n {
            first_in[i + 1] += first_in[i];
        }
        let mut place = first_in.clone();
        let mut incoming = vec![0; lts.transitions.len()];
        for (i, (_, _, target)) in lts.transitions.iter().enumerate() {
            incoming[at(place[at(*target)])] = small(i);
            place[at(*target)] += 1;
        }
        // At first all states are one coarse block: a counter for each source and label.
        let mut counters = Vec::new();
        let mut counter_of = Vec::with_capacity(lts.transitions.len());
        let mut last = None;
        for (source, label, _) in &lts.transitions {
            if last != Some((source, label)) {
                counters.push(0);
                last = Some((source, label));
            }
            let counter = counters.len() - 1;
            counters[counter] += 1;
            counter_of.push(small(counter));
        }
        let mut made = Self {
            lts,
            first_in,
            incoming,
            counter_of,
            counters,
            fine: Partition::one(n),
            coarse: vec![if n == 0 { Vec::new() } else { vec![0] }],
            coarse_of: vec![0],
            compound: Vec::new(),
        };
        made.split_by_labels();
        made
    }

    /// States that have a label and states that have not are told apart by it.
    fn split_by_labels(&mut self) {
        let mut by_label: Vec<(u32, u32)> = self
            .lts
            .transitions
            .iter()
            .map(|(s, l, _)| (*l, *s))
            .collect();
        by_label.sort_unstable();
        by_label.dedup();
        for group in by_label.chunk_by(|a, b| a.0 == b.0) {
            self.split(group.iter().map(|(_, s)| *s));
        }
    }

    /// Splits each fine block into the part in `states` and the rest.
    fn split(&mut self, states: impl Iterator<Item = u32>) {
        for state in states {
            self.fine.mark(state);
        }
        for (block, new) in self.fine.split() {
            let coarse = self.coarse_of[at(block)];
            debug_assert_eq!(at(new), self.coarse_of.len());
            self.coarse_of.push(coarse);
            self.coarse[at(coarse)].push(new);
            if self.coarse[at(coarse)].len() == 2 {
                self.compound.push(coarse);
            }
        }
    }

    fn run(mut self) -> Vec<u32> {
        let mut new_count = vec![0_u32; self.lts.states];
        let mut new_counter = vec![0_u32; self.lts.states];
        while let Some(coarse) = self.compound.pop() {
            let blocks = &mut self.coarse[at(coarse)];
            // The smaller of two is at most half of the coarse block: each state is looked at O(log n) times.
            let smaller = usize::from(self.fine.size(blocks[0]) > self.fine.size(blocks[1]));
            let splitter = blocks.swap_remove(smaller);
            if blocks.len() >= 2 {
                self.compound.push(coarse);
            }
            self.coarse_of[at(splitter)] = small(self.coarse.len());
            self.coarse.push(vec![splitter]);
            let mut into: Vec<u32> = Vec::new();
            for state in self.fine.members(splitter) {
                let (from, to) = (self.first_in[at(*state)], self.first_in[at(*state) + 1]);
                into.extend_from_slice(&self.incoming[at(from)..at(to)]);
            }
            into.sort_unstable_by_key(|t| self.lts.transitions[at(*t)].1);
            let lts = self.lts;
            let label = |t: &u32| lts.transitions[at(*t)].1;
            for group in into.chunk_by(|a, b| label(a) == label(b)) {
                self.refine(group, &mut new_count, &mut new_counter);
            }
        }
        self.fine.numbered()
    }

    fn source(&self, transition: u32) -> u32 {
        self.lts.transitions[at(transition)].0
    }

    /// Splits by the transitions of one label into the splitter, and by those that lead nowhere else in what it was
    /// cut from.
    fn refine(&mut self, group: &[u32], new_count: &mut [u32], new_counter: &mut [u32]) {
        for t in group {
            new_count[at(self.source(*t))] += 1;
        }
        let sources: Vec<u32> = group.iter().map(|t| self.source(*t)).collect();
        self.split(sources.into_iter());
        let only: Vec<u32> = group
            .iter()
            .filter(|t| {
                let old = self.counter_of[at(**t)];
                self.counters[at(old)] == new_count[at(self.source(**t))]
            })
            .map(|t| self.source(*t))
            .collect();
        self.split(only.into_iter());
        for t in group {
            let source = at(self.source(*t));
            if new_count[source] > 0 {
                new_counter[source] = small(self.counters.len());
                self.counters.push(new_count[source]);
                new_count[source] = 0;
            }
            let old = at(self.counter_of[at(*t)]);
            self.counters[old] -= 1;
            self.counter_of[at(*t)] = new_counter[source];
        }
    }
}
