//! Sorting and selecting.

use voidstate_spec::complexity::{Counted, tick};

use super::routine::{Routine, breaks, keeps, n, n_log, noise, numbers, square, sum};

pub(super) fn routines() -> Vec<Routine> {
    vec![
        keeps("std stable sort", n_log, |c| {
            let mut v: Vec<_> = numbers(c).into_iter().map(Counted).collect();
            c.count(|| v.sort())
        }),
        keeps("std unstable sort", n_log, |c| {
            let mut v: Vec<_> = numbers(c).into_iter().map(Counted).collect();
            c.count(|| v.sort_unstable())
        }),
        keeps("merge sort", n_log, |c| {
            let mut v = numbers(c);
            c.count(|| merge_sort(&mut v, false))
        }),
        keeps("heap sort", n_log, |c| {
            let mut v = numbers(c);
            c.count(|| {
                for i in (0..v.len() / 2).rev() {
                    sift_down(&mut v, i);
                }
                let mut end = v.len();
                while end > 1 {
                    end -= 1;
                    v.swap(0, end);
                    sift_down(&mut v[..end], 0);
                }
            })
        }),
        keeps("quicksort with random pivots", n_log, |c| {
            let mut v = numbers(c);
            let mut random = noise(c.seed);
            c.count(|| quicksort(&mut v, &mut |len| random() as usize % len))
        }),
        keeps("insertion sort", square, |c| {
            let mut v = numbers(c);
            c.count(|| insertion_sort(&mut v))
        }),
        keeps("bubble sort", square, |c| {
            let mut v = numbers(c);
            c.count(|| bubble_sort(&mut v))
        }),
        keeps("shell sort", square, |c| {
            let mut v = numbers(c);
            c.count(|| {
                for gap in [1750, 701, 301, 132, 57, 23, 10, 4, 1] {
                    for i in gap..v.len() {
                        let mut j = i;
                        tick(1);
                        while j >= gap && v[j - gap] > v[j] {
                            tick(1);
                            v.swap(j - gap, j);
                            j -= gap;
                        }
                    }
                }
            })
        }),
        keeps("counting sort", sum, |c| {
            let keys: Vec<usize> = numbers(c)
                .iter()
                .map(|x| *x as usize % c.sizes[1].max(1) as usize)
                .collect();
            c.count(|| {
                let mut counts = vec![0_usize; c.sizes[1] as usize];
                tick(c.sizes[1]);
                for key in &keys {
                    tick(1);
                    counts[*key] += 1;
                }
                for count in counts {
                    tick(1 + count as u64);
                }
            })
        })
        .of_two(),
        keeps("radix sort", n, |c| {
            let mut v = numbers(c);
            c.count(|| {
                for pass in 0..8 {
                    let mut buckets = vec![Vec::new(); 256];
                    tick(256);
                    for x in &v {
                        tick(1);
                        buckets[(*x >> (8 * pass)) as usize & 255].push(*x);
                    }
                    v = buckets.concat();
                    tick(v.len() as u64);
                }
            })
        }),
        keeps("quickselect with random pivots", n, |c| {
            let mut v = numbers(c);
            let mut random = noise(c.seed);
            let k = v.len() / 2;
            c.count(|| select(&mut v, k, &mut |len| random() as usize % len))
        }),
        keeps("median of medians", n, |c| {
            let v = numbers(c);
            let k = v.len() / 2;
            c.count(|| {
                median_of_medians(v, k);
            })
        }),
        keeps("check of the order", n, |c| {
            let v: Vec<_> = numbers(c).into_iter().map(Counted).collect();
            c.count(|| {
                std::hint::black_box(v.is_sorted());
            })
        }),
        breaks("quicksort with the first as pivot", n_log, |c| {
            let mut v = numbers(c);
            c.count(|| quicksort(&mut v, &mut |_| 0))
        }),
        breaks("bubble sort as fast sort", n_log, |c| {
            let mut v = numbers(c);
            c.count(|| bubble_sort(&mut v))
        }),
        breaks("insertion sort as fast sort", n_log, |c| {
            let mut v = numbers(c);
            c.count(|| insertion_sort(&mut v))
        }),
        breaks("stable sort as linear", n, |c| {
            let mut v: Vec<_> = numbers(c).into_iter().map(Counted).collect();
            c.count(|| v.sort())
        }),
        breaks("merge sort as linear", n, |c| {
            let mut v = numbers(c);
            c.count(|| merge_sort(&mut v, false))
        }),
        breaks(
            "merge sort that sorts its halves by insertion",
            n_log,
            |c| {
                let mut v = numbers(c);
                c.count(|| {
                    let half = v.len() / 2;
                    insertion_sort(&mut v[..half]);
                    insertion_sort(&mut v[half..]);
                    merge_sort(&mut v, false);
                })
            },
        ),
        breaks("merge sort that merges by a sort", n_log, |c| {
            let mut v = numbers(c);
            c.count(|| merge_sort(&mut v, true))
        }),
        breaks("quickselect with the last as pivot", n, |c| {
            let mut v = numbers(c);
            let k = v.len() / 2;
            c.count(|| select(&mut v, k, &mut |len| len - 1))
        }),
        breaks("selection by removing the least", n_log, |c| {
            let mut v = numbers(c);
            c.count(|| {
                for _ in 0..v.len() / 2 {
                    tick(v.len() as u64);
                    let least = (0..v.len()).min_by_key(|i| v[*i]).unwrap();
                    v.swap_remove(least);
                }
            })
        }),
        breaks("heap by pushes as linear", n, |c| {
            let v = numbers(c);
            c.count(|| {
                let mut heap: Vec<i64> = Vec::new();
                for x in v {
                    heap.push(x);
                    sift_up(&mut heap);
                }
            })
        }),
    ]
}

fn merge_sort(v: &mut [i64], by_sort: bool) {
    let len = v.len();
    if len < 2 {
        return;
    }
    let (left, right) = v.split_at_mut(len / 2);
    merge_sort(left, by_sort);
    merge_sort(right, by_sort);
    if by_sort {
        let mut counted: Vec<_> = v.iter().copied().map(Counted).collect();
        // From the far end, so that no run helps.
        counted.sort_unstable_by(|a, b| (b.0 % 7, b).cmp(&(a.0 % 7, a)));
        counted.sort_unstable();
        tick(len as u64);
        return;
    }
    let (left, right) = (left.to_vec(), right.to_vec());
    let (mut i, mut j) = (0, 0);
    for slot in v {
        tick(1);
        if j == right.len() || (i < left.len() && left[i] <= right[j]) {
            *slot = left[i];
            i += 1;
        } else {
            *slot = right[j];
            j += 1;
        }
    }
}

pub(super) fn sift_down(v: &mut [i64], mut i: usize) {
    loop {
        tick(1);
        let mut child = 2 * i + 1;
        if child >= v.len() {
            return;
        }
        if child + 1 < v.len() && v[child + 1] > v[child] {
            child += 1;
        }
        if v[i] >= v[child] {
            return;
        }
        v.swap(i, child);
        i = child;
    }
}

pub(super) fn sift_up(v: &mut [i64]) {
    let mut i = v.len() - 1;
    tick(1);
    while i > 0 && v[(i - 1) / 2] < v[i] {
        tick(1);
        v.swap(i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

/// Three-way; iterative on the larger part, so that the stack stays shallow.
fn quicksort(mut v: &mut [i64], pivot: &mut impl FnMut(usize) -> usize) {
    while v.len() > 1 {
        let p = v[pivot(v.len())];
        let (less, equal) = partition(v, p);
        let (left, rest) = v.split_at_mut(less);
        let right = &mut rest[equal..];
        if left.len() < right.len() {
            quicksort(left, pivot);
            v = right;
        } else {
            quicksort(right, pivot);
            v = left;
        }
    }
}

/// Numbers of the smaller and of the equal ones, which are moved to the front in that order.
fn partition(v: &mut [i64], p: i64) -> (usize, usize) {
    let (mut less, mut i, mut greater) = (0, 0, v.len());
    while i < greater {
        tick(1);
        match v[i].cmp(&p) {
            std::cmp::Ordering::Less => {
                v.swap(less, i);
                less += 1;
                i += 1;
            }
            std::cmp::Ordering::Equal => i += 1,
            std::cmp::Ordering::Greater => {
                greater -= 1;
                v.swap(i, greater);
            }
        }
    }
    (less, greater - less)
}

fn select(mut v: &mut [i64], mut k: usize, pivot: &mut impl FnMut(usize) -> usize) {
    while v.len() > 1 {
        let p = v[pivot(v.len())];
        let (less, equal) = partition(v, p);
        if k < less {
            v = &mut v[..less];
        } else if k < less + equal {
            return;
        } else {
            k -= less + equal;
            v = &mut v[less + equal..];
        }
    }
}

fn median_of_medians(mut v: Vec<i64>, mut k: usize) -> i64 {
    loop {
        if v.len() <= 5 {
            insertion_sort(&mut v);
            return v[k];
        }
        let medians: Vec<i64> = v
            .chunks_mut(5)
            .map(|five| {
                insertion_sort(five);
                five[five.len() / 2]
            })
            .collect();
        let middle = medians.len() / 2;
        let p = median_of_medians(medians, middle);
        let (less, equal) = partition(&mut v, p);
        if k < less {
            v.truncate(less);
        } else if k < less + equal {
            return p;
        } else {
            k -= less + equal;
            v.drain(..less + equal);
        }
    }
}

fn insertion_sort(v: &mut [i64]) {
    for i in 1..v.len() {
        let mut j = i;
        tick(1);
        while j > 0 && v[j - 1] > v[j] {
            tick(1);
            v.swap(j - 1, j);
            j -= 1;
        }
    }
}

fn bubble_sort(v: &mut [i64]) {
    for end in (1..v.len()).rev() {
        let mut swapped = false;
        for i in 0..end {
            tick(1);
            if v[i] > v[i + 1] {
                v.swap(i, i + 1);
                swapped = true;
            }
        }
        if !swapped {
            return;
        }
    }
}
