//! Complete deterministic machines with outputs.

use std::collections::HashMap;

use super::{Lts, SIZE_MAX};
use crate::Error;

/// A machine that is in one state, takes an input, gives an output and goes to the next state. It starts in state 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mealy {
    inputs: usize,
    /// Next state and output for each state and input.
    rows: Vec<(u32, u32)>,
}

/// Whether two machines do the same.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sameness {
    /// They give the same outputs for all inputs, for ever.
    Bisimilar {
        /// States that the two together have and that do different things.
        classes: usize,
    },
    /// They do not.
    Distinct {
        /// A shortest list of inputs whose last output differs; of those the least.
        trace: Vec<u32>,
    },
}

impl Mealy {
    /// The machine with `inputs` inputs whose state s, given input i, gives and does `rows[s * inputs + i]`: next state
    /// and output.
    ///
    /// # Errors
    /// [`Error::Rows`] when there is no state or a row is missing, [`Error::NoState`] when one leads to a state that
    /// there is not, [`Error::Limit`] beyond [`SIZE_MAX`].
    pub fn new(inputs: usize, rows: Vec<(u32, u32)>) -> Result<Self, Error> {
        if inputs == 0 || rows.is_empty() || !rows.len().is_multiple_of(inputs) {
            return Err(Error::Rows {
                rows: rows.len(),
                inputs,
            });
        }
        if rows.len() > SIZE_MAX {
            let (value, most) = (rows.len() as u64, SIZE_MAX as u64);
            return Err(Error::Limit {
                what: "transitions",
                value,
                least: 1,
                most,
            });
        }
        let states = rows.len() / inputs;
        match rows.iter().find(|(next, _)| *next as usize >= states) {
            Some((state, _)) => Err(Error::NoState {
                state: *state,
                states,
            }),
            None => Ok(Self { inputs, rows }),
        }
    }

    /// How many states it has.
    #[must_use]
    pub fn states(&self) -> usize {
        self.rows.len() / self.inputs
    }

    /// How many inputs it takes.
    #[must_use]
    pub const fn inputs(&self) -> usize {
        self.inputs
    }

    /// Next state and output; `None` for a state or input that there is not.
    #[must_use]
    pub fn step(&self, state: u32, input: u32) -> Option<(u32, u32)> {
        let (state, input) = (state as usize, input as usize);
        let is_input = input < self.inputs;
        is_input
            .then(|| self.rows.get(state * self.inputs + input).copied())
            .flatten()
    }

    /// The outputs for `trace` from state 0; ends at the first input that there is not.
    #[must_use]
    pub fn run(&self, trace: &[u32]) -> Vec<u32> {
        let mut state = 0;
        let step = |input: &u32| {
            let (next, output) = self.step(state, *input)?;
            state = next;
            Some(output)
        };
        trace.iter().map_while(step).collect()
    }

    /// The class of each state: equal numbers for states that give the same outputs for all inputs. O(m log n).
    #[must_use]
    pub fn classes(&self) -> Vec<u32> {
        self.lts(&mut HashMap::new(), 0)
            .map_or_else(|_| Vec::new(), |lts| lts.bisimilarity())
    }

    /// The machine with one state for each class that can be reached, which does the same.
    #[must_use]
    pub fn minimal(&self) -> Self {
        let classes = self.classes();
        let class = |state: u32| classes.get(state as usize).copied().unwrap_or(0);
        let mut names = HashMap::from([(class(0), 0_u32)]);
        let mut order = vec![0_u32];
        let mut rows = Vec::new();
        let mut done = 0;
        while let Some(state) = order.get(done).copied() {
            done += 1;
            for input in 0..self.inputs {
                let row = self.rows.get(state as usize * self.inputs + input);
                let (next, output) = row.copied().unwrap_or((0, 0));
                let fresh = u32::try_from(names.len()).unwrap_or(u32::MAX);
                let name = *names.entry(class(next)).or_insert_with(|| {
                    order.push(next);
                    fresh
                });
                rows.push((name, output));
            }
        }
        Self {
            inputs: self.inputs,
            rows,
        }
    }

    /// Transitions whose labels are pairs of input and output, numbered by `labels`.
    fn labelled(&self, labels: &mut HashMap<(usize, u32), u32>, from: u32) -> Vec<(u32, u32, u32)> {
        let rows = self.rows.iter().enumerate();
        rows.map(|(i, (next, output))| {
            let fresh = u32::try_from(labels.len()).unwrap_or(u32::MAX);
            let label = *labels.entry((i % self.inputs, *output)).or_insert(fresh);
            let state = u32::try_from(i / self.inputs).unwrap_or(u32::MAX);
            (from + state, label, from + next)
        })
        .collect()
    }

    fn lts(&self, labels: &mut HashMap<(usize, u32), u32>, from: u32) -> Result<Lts, Error> {
        Lts::new(self.states(), self.labelled(labels, from))
    }
}

/// Whether two machines with the same inputs do the same from their first states.
///
/// O(m log n) where they do; a shortest trace takes another O(m · length).
///
/// # Errors
/// [`Error::Inputs`] when they do not take the same inputs, [`Error::Limit`] when the two together are too large.
pub fn compare(a: &Mealy, b: &Mealy) -> Result<Sameness, Error> {
    if a.inputs != b.inputs {
        return Err(Error::Inputs {
            left: a.inputs,
            right: b.inputs,
        });
    }
    let mut labels = HashMap::new();
    let offset = u32::try_from(a.states()).unwrap_or(u32::MAX);
    let transitions = [a.labelled(&mut labels, 0), b.labelled(&mut labels, offset)].concat();
    let classes = Lts::new(a.states() + b.states(), transitions)?.bisimilarity();
    if classes.first() == classes.get(a.states()) {
        let classes = classes.iter().max().map_or(0, |c| *c as usize + 1);
        return Ok(Sameness::Bisimilar { classes });
    }
    Ok(Sameness::Distinct {
        trace: shortest(a, b),
    })
}

/// Moore's rounds: after round k, states are in one class when no k + 1 inputs tell them apart.
#[expect(clippy::indexing_slicing, reason = "both machines are complete")]
fn shortest(a: &Mealy, b: &Mealy) -> Vec<u32> {
    let (n, k) = (a.states(), a.inputs);
    let shifted = |(next, output): &(u32, u32)| (*next as usize + n, *output);
    let kept = |(next, output): &(u32, u32)| (*next as usize, *output);
    let rows: Vec<(usize, u32)> = a
        .rows
        .iter()
        .map(kept)
        .chain(b.rows.iter().map(shifted))
        .collect();
    let named = |signatures: Vec<Vec<u32>>| -> Vec<u32> {
        let mut names = HashMap::new();
        let name = |s: Vec<u32>| {
            let fresh = u32::try_from(names.len()).unwrap_or(u32::MAX);
            *names.entry(s).or_insert(fresh)
        };
        signatures.into_iter().map(name).collect()
    };
    let outputs = rows
        .chunks(k)
        .map(|row| row.iter().map(|r| r.1).collect())
        .collect();
    let mut rounds = vec![named(outputs)];
    while let Some(last) = rounds.last() {
        if last[0] != last[n] {
            break;
        }
        let signature = |(state, row): (usize, &[(usize, u32)])| {
            let mut s = vec![last[state]];
            s.extend(row.iter().map(|(next, _)| last[*next]));
            s
        };
        let next = named(rows.chunks(k).enumerate().map(signature).collect());
        rounds.push(next);
    }
    let (mut left, mut right) = (0, n);
    let mut trace = Vec::new();
    for round in (0..rounds.len()).rev() {
        let pair = |i: usize| (rows[left * k + i], rows[right * k + i]);
        let found = (0..k).find(|i| {
            let ((x, out_x), (y, out_y)) = pair(*i);
            if round == 0 {
                out_x != out_y
            } else {
                rounds[round - 1][x] != rounds[round - 1][y]
            }
        });
        let Some(input) = found else { break };
        trace.push(u32::try_from(input).unwrap_or(u32::MAX));
        let ((x, _), (y, _)) = pair(input);
        (left, right) = (x, y);
    }
    trace
}
