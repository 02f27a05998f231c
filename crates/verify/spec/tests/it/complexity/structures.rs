//! Data structures.

use std::collections::{BTreeMap, VecDeque};

use voidstate_spec::complexity::{Counted, tick};

use super::routine::{Routine, breaks, keeps, log, n, n_log, noise, numbers, one, size};
use super::searches::{Table, mixed};
use super::sorts::{sift_down, sift_up};

#[expect(clippy::too_many_lines, reason = "a table of routines")]
pub(super) fn routines() -> Vec<Routine> {
    vec![
        keeps("pushes onto a doubling array", n, |c| {
            c.count(|| pushes(c.sizes[0], |cap| cap * 2))
        }),
        keeps("one push onto a doubling array", one, |c| {
            let full = c.sizes[0].is_power_of_two();
            c.count(|| tick(if full { c.sizes[0] } else { 1 }))
        }),
        keeps("push onto a heap", log, |c| {
            let mut heap = heap(c.sizes[0]);
            c.count(|| {
                heap.push(i64::MAX);
                sift_up(&mut heap);
            })
        }),
        keeps("pop of a heap", log, |c| {
            let mut heap = heap(c.sizes[0]);
            c.count(|| {
                heap.swap_remove(0);
                sift_down(&mut heap, 0);
            })
        }),
        keeps("heap from all values", n, |c| {
            let mut v = numbers(c);
            c.count(|| {
                for i in (0..v.len() / 2).rev() {
                    sift_down(&mut v, i);
                }
            })
        }),
        keeps("union-find with halved paths", n, |c| {
            let mut random = noise(c.seed);
            c.count(|| unions(c.sizes[0], |k| random() % k, true))
        }),
        keeps("update of a Fenwick tree", log, |c| {
            let mut tree = vec![0; size(c) + 1];
            c.count(|| fenwick_add(&mut tree, size(c) / 3))
        }),
        keeps("building a Fenwick tree by updates", n_log, |c| {
            let mut tree = vec![0; size(c) + 1];
            c.count(|| {
                for i in 0..size(c) {
                    fenwick_add(&mut tree, i);
                }
            })
        }),
        keeps("look-up in a B-tree", log, |c| {
            let map: BTreeMap<_, ()> = (0..c.sizes[0]).map(|x| (Counted(x), ())).collect();
            c.count(|| assert!(map.contains_key(&Counted(c.seed % c.sizes[0]))))
        }),
        keeps("inserts into a B-tree", n_log, |c| {
            let v = numbers(c);
            c.count(|| {
                let map: BTreeMap<_, ()> = v.iter().map(|x| (Counted(*x), ())).collect();
                std::hint::black_box(map);
            })
        }),
        keeps("queue of two stacks", n, |c| {
            c.count(|| {
                let (mut inward, mut outward) = (Vec::new(), Vec::new());
                for i in 0..c.sizes[0] {
                    tick(1);
                    inward.push(i);
                    if i % 3 == 2 {
                        if outward.is_empty() {
                            tick(inward.len() as u64);
                            outward.extend(inward.drain(..).rev());
                        }
                        outward.pop();
                    }
                }
            })
        }),
        keeps("push onto a ring", one, |c| {
            let mut ring: VecDeque<u64> = (0..c.sizes[0]).collect();
            c.count(|| {
                tick(2);
                ring.pop_front();
                ring.push_back(1);
            })
        }),
        keeps("sum in a segment tree", log, |c| {
            let len = size(c).next_power_of_two();
            c.count(|| {
                let (mut low, mut high) = (len + size(c) / 5, len + size(c) - 1);
                while low < high {
                    tick(1);
                    low = low.div_ceil(2);
                    high /= 2;
                }
            })
        }),
        keeps("inserts into a hash table", n, |c| {
            let v = numbers(c);
            c.count(|| {
                let mut table = Table::new(mixed);
                for x in &v {
                    table.insert(*x as u64);
                }
            })
        }),
        keeps("increments of a binary counter", n, |c| {
            c.count(|| {
                for i in 0..c.sizes[0] {
                    tick(u64::from(i.trailing_ones()) + 1);
                }
            })
        }),
        breaks("taking from the front of an array", n, |c| {
            let mut v = numbers(c);
            c.count(|| {
                while !v.is_empty() {
                    tick(v.len() as u64);
                    v.remove(0);
                }
            })
        }),
        breaks("pushing onto the front of an array", n, |c| {
            c.count(|| {
                for i in 0..c.sizes[0] {
                    tick(i + 1);
                }
            })
        }),
        breaks("array that grows by 64", n, |c| {
            c.count(|| pushes(c.sizes[0], |cap| cap + 64))
        }),
        breaks("array that grows by the root", n, |c| {
            c.count(|| pushes(c.sizes[0], |cap| cap + cap.isqrt()))
        }),
        breaks("union-find without care", n, |c| {
            c.count(|| unions(c.sizes[0], |k| k - 1, false))
        }),
        breaks("union-find by size with long paths", n, |c| {
            c.count(|| tournament(size(c)))
        }),
        breaks("search tree without balance", n_log, |c| {
            let v = numbers(c);
            c.count(|| unbalanced(&v))
        }),
        breaks("list walked by index", n, |c| {
            c.count(|| {
                for i in 0..c.sizes[0] {
                    for _ in 0..i {
                        tick(1);
                    }
                }
            })
        }),
        breaks("push that builds the heap anew", log, |c| {
            let mut heap = heap(c.sizes[0]);
            c.count(|| {
                heap.push(i64::MAX);
                for i in (0..heap.len() / 2).rev() {
                    sift_down(&mut heap, i);
                }
            })
        }),
        breaks("distinct values by looking for each", n, |c| {
            let v = numbers(c);
            c.count(|| {
                let mut seen: Vec<i64> = Vec::new();
                for x in v {
                    let at = seen.iter().position(|y| *y == x);
                    tick(at.unwrap_or(seen.len()) as u64 + 1);
                    if at.is_none() {
                        seen.push(x);
                    }
                }
            })
        }),
        breaks("look-ups in a B-tree as linear", n, |c| {
            let map: BTreeMap<_, ()> = (0..c.sizes[0]).map(|x| (Counted(x), ())).collect();
            c.count(|| {
                for x in 0..c.sizes[0] {
                    assert!(map.contains_key(&Counted(x)));
                }
            })
        }),
        breaks("cache that looks through its entries", one, |c| {
            let entries: Vec<u64> = (0..c.sizes[0]).collect();
            c.count(|| {
                let found = entries.iter().position(|e| *e == c.seed % c.sizes[0]);
                tick(found.map_or(0, |at| at as u64));
            })
        }),
        breaks("prefix sums updated one by one", log, |c| {
            c.count(|| tick(c.sizes[0] - c.sizes[0] / 3))
        }),
        breaks("stack that copies itself", n, |c| {
            c.count(|| {
                let mut stack: Vec<u64> = Vec::new();
                for i in 0..c.sizes[0] {
                    tick(stack.len() as u64);
                    stack = stack.iter().copied().chain([i]).collect();
                }
            })
        }),
        breaks("update of a block as constant", one, |c| {
            c.count(|| tick(5 + c.sizes[0].isqrt()))
        }),
        breaks("Fenwick tree built by updates as linear", n, |c| {
            let mut tree = vec![0; size(c) + 1];
            c.count(|| {
                for i in 0..size(c) {
                    fenwick_add(&mut tree, i);
                }
            })
        }),
    ]
}

/// Pushes with copies when the room is used up.
fn pushes(count: u64, grow: impl Fn(u64) -> u64) {
    let mut capacity = 4;
    for len in 0..count {
        tick(1);
        if len == capacity {
            tick(len);
            capacity = grow(capacity);
        }
    }
}

fn heap(count: u64) -> Vec<i64> {
    (0..i64::try_from(count).unwrap()).rev().collect()
}

fn fenwick_add(tree: &mut [u64], at: usize) {
    let mut i = at + 1;
    while i < tree.len() {
        tick(1);
        tree[i] += 1;
        i += i & i.wrapping_neg();
    }
}

fn find(parents: &mut [usize], mut x: usize, halve: bool) -> usize {
    tick(1);
    while parents[x] != x {
        tick(1);
        if halve {
            parents[x] = parents[parents[x]];
        }
        x = parents[x];
    }
    x
}

/// Joins each element with an earlier one.
fn unions(count: u64, mut partner: impl FnMut(u64) -> u64, care: bool) {
    let count = usize::try_from(count).unwrap();
    let mut parents: Vec<usize> = (0..count).collect();
    let mut sizes = vec![1; count];
    for k in 1..count {
        let from = if care {
            usize::try_from(partner(k as u64)).unwrap()
        } else {
            0
        };
        let (a, b) = (find(&mut parents, from, care), find(&mut parents, k, care));
        let (small, large) = if care && sizes[a] > sizes[b] {
            (b, a)
        } else {
            (a, b)
        };
        if small != large {
            parents[small] = large;
            sizes[large] += sizes[small];
        }
    }
}

/// Joins equals with equals, which makes the deepest trees there are, and then finds every root.
fn tournament(count: usize) {
    let mut parents: Vec<usize> = (0..count).collect();
    let mut step = 1;
    while step < count {
        for i in (0..count.saturating_sub(step)).step_by(2 * step) {
            let (a, b) = (
                find(&mut parents, i, false),
                find(&mut parents, i + step, false),
            );
            parents[b] = a;
        }
        step *= 2;
    }
    for x in 0..count {
        find(&mut parents, x, false);
    }
}

fn unbalanced(values: &[i64]) {
    let mut nodes: Vec<(i64, [usize; 2])> = Vec::new();
    for x in values {
        let new = nodes.len();
        let mut at = 0;
        while at < new {
            tick(1);
            let side = usize::from(*x > nodes[at].0);
            if nodes[at].1[side] == 0 {
                nodes[at].1[side] = new;
                break;
            }
            at = nodes[at].1[side];
        }
        nodes.push((*x, [0, 0]));
    }
}
