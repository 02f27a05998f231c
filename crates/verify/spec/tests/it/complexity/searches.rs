//! Searching in ordered and hashed values.

use std::collections::VecDeque;

use voidstate_spec::complexity::tick;

use super::routine::{Routine, breaks, keeps, log, n, noise, numbers, one, ordered, size, sqrt};

pub(super) fn routines() -> Vec<Routine> {
    vec![
        keeps("binary search", log, |c| {
            let v: Vec<u64> = (0..c.sizes[0]).collect();
            let wanted = c.seed % c.sizes[0];
            c.count(|| {
                assert_eq!(binary(&v, wanted, |_| ()), wanted as usize);
            })
        }),
        keeps("range by two binary searches", log, |c| {
            let v: Vec<u64> = ordered(c).iter().map(|x| *x as u64).collect();
            let wanted = v[size(c) / 3];
            c.count(|| {
                let low = binary(&v, wanted, |_| ());
                let high = binary(&v, wanted + 1, |_| ());
                assert!(low < high);
            })
        }),
        keeps("exponential search", log, |c| {
            let v: Vec<u64> = (0..c.sizes[0]).collect();
            let wanted = c.seed % c.sizes[0];
            c.count(|| {
                let mut end = 1;
                while end < v.len() && v[end] < wanted {
                    tick(1);
                    end *= 2;
                }
                let part = &v[end / 2..(end + 1).min(v.len())];
                assert_eq!(binary(part, wanted, |_| ()) + end / 2, wanted as usize);
            })
        }),
        keeps("linear search", n, |c| {
            let v = numbers(c);
            c.count(|| {
                let wanted = v[v.len() - 1];
                for x in &v {
                    tick(1);
                    if *x == wanted {
                        return;
                    }
                }
            })
        }),
        keeps("jump search", sqrt, |c| {
            let v: Vec<u64> = (0..c.sizes[0]).collect();
            let wanted = c.seed % c.sizes[0];
            c.count(|| jump(&v, wanted))
        }),
        keeps("pair with a sum by two ends", n, |c| {
            let v = ordered(c);
            c.count(|| {
                let (mut i, mut j) = (0, v.len() - 1);
                while i < j {
                    tick(1);
                    if v[i] + v[j] < 3 { i += 1 } else { j -= 1 }
                }
            })
        }),
        keeps("look-up in a hash table", one, |c| {
            let table = Table::filled(&numbers(c), mixed);
            let wanted = numbers(c)[0] as u64;
            c.count(|| assert!(table.contains(wanted)))
        }),
        keeps("greatest sum of a run", n, |c| {
            let v = numbers(c);
            c.count(|| {
                let (mut best, mut here) = (i64::MIN, 0_i64);
                for x in &v {
                    tick(1);
                    here = here.max(0) + x - 3;
                    best = best.max(here);
                }
                std::hint::black_box(best);
            })
        }),
        keeps("greatest of each window by a queue", n, |c| {
            let v = numbers(c);
            c.count(|| {
                let mut queue = VecDeque::new();
                for (i, x) in v.iter().enumerate() {
                    tick(1);
                    while queue.back().is_some_and(|j: &usize| v[*j] <= *x) {
                        tick(1);
                        queue.pop_back();
                    }
                    queue.push_back(i);
                    if queue[0] + v.len() / 2 <= i {
                        queue.pop_front();
                    }
                }
            })
        }),
        keeps("a claim that is too modest", n, |c| {
            let v: Vec<u64> = (0..c.sizes[0]).collect();
            c.count(|| {
                binary(&v, c.seed % c.sizes[0], |_| ());
            })
        }),
        breaks("binary search on copies", log, |c| {
            let v: Vec<u64> = (0..c.sizes[0]).collect();
            c.count(|| {
                binary(&v, c.seed % c.sizes[0], |rest| tick(rest as u64));
            })
        }),
        breaks("linear search as binary", log, |c| {
            let v: Vec<u64> = (0..c.sizes[0]).collect();
            let wanted = c.seed % c.sizes[0];
            c.count(|| {
                for x in &v {
                    tick(1);
                    if *x == wanted {
                        return;
                    }
                }
            })
        }),
        breaks("binary search as constant", one, |c| {
            let v: Vec<u64> = (0..c.sizes[0]).collect();
            c.count(|| {
                binary(&v, c.seed % c.sizes[0], |_| ());
            })
        }),
        breaks("jump search as binary", log, |c| {
            let v: Vec<u64> = (0..c.sizes[0]).collect();
            c.count(|| jump(&v, c.seed % c.sizes[0]))
        }),
        breaks("hash table that never grows", one, |c| {
            let v = numbers(c);
            let mut chains = vec![Vec::new(); 8];
            for x in &v {
                chains[mixed(*x as u64) as usize % 8].push(*x);
            }
            c.count(|| {
                let chain = &chains[mixed(v[0] as u64) as usize % 8];
                tick(chain.iter().rev().map(|x| u64::from(*x >= 0)).sum());
            })
        }),
        breaks("pair with a sum by all pairs", n, |c| {
            let v = numbers(c);
            c.count(|| {
                for (i, x) in v.iter().enumerate() {
                    for y in &v[i + 1..] {
                        tick(1);
                        if x + y == -1 {
                            return;
                        }
                    }
                }
            })
        }),
        breaks("pair with a sum by binary searches", n, |c| {
            let v: Vec<u64> = ordered(c).iter().map(|x| *x as u64).collect();
            c.count(|| {
                for x in &v {
                    binary(&v, (3 * c.sizes[0]).saturating_sub(*x), |_| ());
                }
            })
        }),
        breaks("greatest of each window by looking at it", n, |c| {
            let v = numbers(c);
            c.count(|| {
                let width = v.len() / 2;
                for w in v.windows(width.max(1)) {
                    tick(w.len() as u64);
                }
            })
        }),
        breaks("binary search with a logarithmic probe", log, |c| {
            let v: Vec<u64> = (0..c.sizes[0]).collect();
            c.count(|| {
                binary(&v, c.seed % c.sizes[0], |_| {
                    binary(&v, c.seed % c.sizes[0] / 2, |_| ());
                });
            })
        }),
        breaks("block scan as constant", one, |c| {
            let v: Vec<u64> = (0..c.sizes[0]).collect();
            c.count(|| jump(&v, c.sizes[0] - 1))
        }),
        breaks("random restarts that grow with the size", sqrt, |c| {
            let mut random = noise(c.seed);
            c.count(|| {
                for _ in 0..c.sizes[0] {
                    tick(1);
                    if random().is_multiple_of(10_000_000) {
                        return;
                    }
                }
            })
        }),
    ]
}

/// Position of the first that is not below; `probe` is told how many are left.
pub(super) fn binary(v: &[u64], wanted: u64, mut probe: impl FnMut(usize)) -> usize {
    let (mut low, mut high) = (0, v.len());
    while low < high {
        tick(1);
        probe(high - low);
        let middle = low + (high - low) / 2;
        if v[middle] < wanted {
            low = middle + 1
        } else {
            high = middle
        }
    }
    low
}

fn jump(v: &[u64], wanted: u64) {
    let step = v.len().isqrt().max(1);
    let mut at = 0;
    while at + step < v.len() && v[at + step] <= wanted {
        tick(1);
        at += step;
    }
    while v[at] != wanted {
        tick(1);
        at += 1;
    }
}

/// A hash whose every bit depends on every bit.
pub(super) fn mixed(x: u64) -> u64 {
    let x = (x ^ (x >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 32)
}

/// Open addressing with linear probes, half full at most.
pub(super) struct Table {
    slots: Vec<Option<u64>>,
    used: usize,
    hash: fn(u64) -> u64,
}

impl Table {
    pub(super) fn new(hash: fn(u64) -> u64) -> Self {
        Self {
            slots: vec![None; 8],
            used: 0,
            hash,
        }
    }

    fn filled(values: &[i64], hash: fn(u64) -> u64) -> Self {
        let mut table = Self::new(hash);
        for x in values {
            table.insert(*x as u64);
        }
        table
    }

    fn place(&self, x: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (self.hash)(x) as usize & mask;
        tick(1);
        while self.slots[at].is_some_and(|y| y != x) {
            tick(1);
            at = (at + 1) & mask;
        }
        at
    }

    pub(super) fn insert(&mut self, x: u64) {
        if self.used * 2 >= self.slots.len() {
            let doubled = vec![None; self.slots.len() * 2];
            let old = std::mem::replace(&mut self.slots, doubled);
            for y in old.into_iter().flatten() {
                let at = self.place(y);
                self.slots[at] = Some(y);
            }
        }
        let at = self.place(x);
        if self.slots[at].is_none() {
            self.used += 1;
            self.slots[at] = Some(x);
        }
    }

    fn contains(&self, x: u64) -> bool {
        self.slots[self.place(x)].is_some()
    }
}
