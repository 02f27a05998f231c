//! Numbers, tables and graphs.

use voidstate_spec::complexity::{Case, tick};

use super::routine::{
    Routine, breaks, cube, factorial, keeps, log, n, n_log, n_sqrt, noise, numbers, ordered,
    product, size, sqrt, square, sum, two_to,
};
use super::searches::binary;

#[expect(clippy::too_many_lines, reason = "a table of routines")]
pub(super) fn routines() -> Vec<Routine> {
    vec![
        keeps("prefix sums", n, |c| {
            let mut v = numbers(c);
            c.count(|| {
                for i in 1..v.len() {
                    tick(1);
                    v[i] += v[i - 1];
                }
            })
        }),
        keeps("product of matrices", cube, |c| {
            c.count(|| cubes(c.sizes[0], 0))
        }),
        keeps("sieve of primes", n_log, |c| {
            let mut composite = vec![false; size(c) + 1];
            c.count(|| {
                for p in 2..composite.len() {
                    tick(1);
                    if !composite[p] {
                        for q in (p * p..composite.len()).step_by(p) {
                            tick(1);
                            composite[q] = true;
                        }
                    }
                }
            })
        }),
        keeps("greatest common divisor", log, |c| {
            let mut random = noise(c.seed);
            c.count(|| {
                let (mut a, mut b) = (c.sizes[0], random() % c.sizes[0] + 1);
                while b > 0 {
                    tick(1);
                    (a, b) = (b, a % b);
                }
            })
        }),
        keeps("power by squares", log, |c| {
            c.count(|| {
                let mut e = c.sizes[0];
                while e > 0 {
                    tick(1 + (e & 1));
                    e >>= 1;
                }
            })
        }),
        keeps("Fourier transform padded to a power of two", n_log, |c| {
            c.count(|| {
                let len = c.sizes[0].next_power_of_two();
                tick(len * u64::from(len.ilog2()));
            })
        }),
        keeps("shortest paths between all", cube, |c| {
            c.count(|| cubes(c.sizes[0], 0))
        }),
        keeps("all subsets", two_to, |c| {
            c.count(|| subsets(c.sizes[0], 1))
        }),
        keeps("all permutations", factorial, |c| {
            c.count(|| permutations(c.sizes[0], 0))
        }),
        keeps("knapsack", product, |c| {
            c.count(|| {
                for _ in 0..c.sizes[0] {
                    tick(1);
                    for _ in 0..c.sizes[1] {
                        tick(1);
                    }
                }
            })
        })
        .of_two(),
        keeps("longest rising run by piles", n_log, |c| {
            let v = numbers(c);
            c.count(|| {
                let mut piles: Vec<u64> = Vec::new();
                for x in v {
                    let at = binary(&piles, x as u64, |_| ());
                    tick(1);
                    if at == piles.len() {
                        piles.push(x as u64)
                    } else {
                        piles[at] = x as u64
                    }
                }
            })
        }),
        keeps("trial division", sqrt, |c| {
            c.count(|| divide(c.sizes[0], true))
        }),
        keeps("breadth-first search", sum, |c| {
            let edges = graph(c);
            c.count(|| breadth_first(&edges, false))
        })
        .of_two(),
        keeps("linear work with a large start", n, |c| {
            c.count(|| {
                tick(5000);
                tick(3 * c.sizes[0]);
            })
        }),
        keeps("linear work with a discount", n, |c| {
            c.count(|| tick((8 * c.sizes[0]).saturating_sub(20 * c.sizes[0].isqrt())))
        }),
        breaks("prefix sums from the start each", n, |c| {
            c.count(|| {
                for i in 0..c.sizes[0] {
                    tick(i + 1);
                }
            })
        }),
        breaks("product of matrices with a look-up", cube, |c| {
            c.count(|| cubes(c.sizes[0], c.sizes[0]))
        }),
        breaks(
            "product of matrices with a logarithmic look-up",
            cube,
            |c| c.count(|| cubes(c.sizes[0], u64::from(c.sizes[0].ilog2()))),
        ),
        breaks("power by products", log, |c| c.count(|| tick(c.sizes[0]))),
        breaks("all subsets, each copied", two_to, |c| {
            c.count(|| subsets(c.sizes[0], c.sizes[0]))
        }),
        breaks("all permutations, each checked", factorial, |c| {
            c.count(|| permutations(c.sizes[0], c.sizes[0]))
        }),
        breaks("division by everything", sqrt, |c| {
            c.count(|| divide(c.sizes[0], false))
        }),
        breaks("knapsack as linear", sum, |c| {
            c.count(|| tick(c.sizes[0] * c.sizes[1]))
        })
        .of_two(),
        breaks("Fibonacci by recursion", square, |c| {
            fn fibonacci(n: u64) -> u64 {
                tick(1);
                if n < 2 {
                    n
                } else {
                    fibonacci(n - 1).wrapping_add(fibonacci(n - 2))
                }
            }
            c.count(|| {
                std::hint::black_box(fibonacci(c.sizes[0]));
            })
        }),
        breaks("greatest common divisor by subtraction", log, |c| {
            c.count(|| {
                let (mut a, mut b) = (c.sizes[0], 1);
                while a != b {
                    tick(1);
                    if a > b { a -= b } else { b -= a }
                }
            })
        }),
        breaks("longest rising run by a table", n_log, |c| {
            let v = numbers(c);
            c.count(|| {
                let mut best = vec![1; v.len()];
                for i in 0..v.len() {
                    for j in 0..i {
                        tick(1);
                        if v[j] < v[i] {
                            best[i] = best[i].max(best[j] + 1);
                        }
                    }
                }
            })
        }),
        breaks("triples of a table as pairs", square, |c| {
            c.count(|| tick(c.sizes[0].pow(3) / 6))
        }),
        breaks("three summands by binary searches", square, |c| {
            let v: Vec<u64> = ordered(c).iter().map(|x| *x as u64).collect();
            c.count(|| {
                for (i, x) in v.iter().enumerate() {
                    for y in &v[i + 1..] {
                        binary(&v, (4 * c.sizes[0]).saturating_sub(x + y), |_| ());
                    }
                }
            })
        }),
        breaks("blocks of the root, each of all", n_log, |c| {
            c.count(|| tick(c.sizes[0] * c.sizes[0].isqrt()))
        }),
        breaks("more than blocks of the root", n_sqrt, |c| {
            c.count(|| tick(c.sizes[0] * c.sizes[0].isqrt() * u64::from(c.sizes[0].ilog2())))
        }),
        breaks("breadth-first search in a matrix", sum, |c| {
            let edges = graph(c);
            c.count(|| breadth_first(&edges, true))
        })
        .of_two(),
        breaks("product of chains as quadratic", square, |c| {
            c.count(|| {
                for length in 1..c.sizes[0] {
                    for _ in 0..c.sizes[0] - length {
                        tick(length);
                    }
                }
            })
        }),
        breaks("quadratic beyond a threshold", n, |c| {
            c.count(|| {
                let beyond = c.sizes[0].saturating_sub(200);
                tick(10 * c.sizes[0] + beyond * beyond);
            })
        }),
        breaks("linear with a logarithm on top of much", n, |c| {
            c.count(|| tick(c.sizes[0] * (6 + u64::from(c.sizes[0].ilog2()))))
        }),
    ]
}

fn cubes(n: u64, more: u64) {
    for _ in 0..n {
        for _ in 0..n {
            tick(n * (1 + more));
        }
    }
}

fn subsets(n: u64, each: u64) {
    tick(each);
    if n > 0 {
        subsets(n - 1, each);
        subsets(n - 1, each);
    }
}

fn permutations(n: u64, each: u64) {
    tick(1);
    if n == 0 {
        tick(each);
    }
    for _ in 0..n {
        permutations(n - 1, each);
    }
}

fn divide(n: u64, stop_at_root: bool) {
    for d in 2..=n {
        tick(1);
        if stop_at_root && d * d > n {
            return;
        }
    }
}

/// `n` nodes in a ring and `m` further edges.
fn graph(c: &Case) -> Vec<Vec<usize>> {
    let nodes = size(c);
    let mut random = noise(c.seed);
    let mut edges: Vec<Vec<usize>> = (0..nodes).map(|i| vec![(i + 1) % nodes]).collect();
    for _ in 0..c.sizes[1] {
        let from = random() as usize % nodes;
        edges[from].push(random() as usize % nodes);
    }
    edges
}

fn breadth_first(edges: &[Vec<usize>], matrix: bool) {
    let mut seen = vec![false; edges.len()];
    let mut queue = std::collections::VecDeque::from([0]);
    seen[0] = true;
    while let Some(node) = queue.pop_front() {
        tick(
            1 + if matrix {
                edges.len() as u64
            } else {
                edges[node].len() as u64
            },
        );
        for next in &edges[node] {
            if !seen[*next] {
                seen[*next] = true;
                queue.push_back(*next);
            }
        }
    }
}
