//! Texts and patterns: `n` is the text's length, `m` the pattern's.

use voidstate_spec::complexity::{Case, Shape, tick};

use super::routine::{Routine, breaks, keeps, n, n_log, numbers, product, sum};

pub(super) fn routines() -> Vec<Routine> {
    vec![
        keeps("search with failure links", sum, |c| {
            let (text, pattern) = text_and_pattern(c);
            c.count(|| links(&text, &pattern, false))
        })
        .of_two(),
        keeps("search at every place", product, |c| {
            let (text, pattern) = text_and_pattern(c);
            c.count(|| naive(&text, &pattern))
        })
        .of_two(),
        keeps("search by a rolling hash", sum, |c| {
            let (text, pattern) = text_and_pattern(c);
            c.count(|| {
                tick(pattern.len() as u64 * 2);
                for _ in pattern.len()..text.len() {
                    tick(2);
                }
            })
        })
        .of_two(),
        keeps("lengths of common prefixes", n, |c| {
            let text = letters(c);
            c.count(|| prefixes(&text))
        }),
        keeps("longest palindromes", n, |c| {
            let text = letters(c);
            c.count(|| palindromes(&text, true))
        }),
        keeps("edit distance", product, |c| {
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
        keeps("longest common subsequence", product, |c| {
            let (a, b) = text_and_pattern(c);
            c.count(|| subsequence(&a, &b))
        })
        .of_two(),
        keeps("join into one buffer", n, |c| {
            c.count(|| {
                let mut out = Vec::with_capacity(4);
                for i in 0..c.sizes[0] {
                    if out.len() == out.capacity() {
                        tick(out.len() as u64);
                        out.reserve_exact(out.len());
                    }
                    tick(1);
                    out.push(i);
                }
            })
        }),
        breaks("search at every place as linear", sum, |c| {
            let (text, pattern) = text_and_pattern(c);
            c.count(|| naive(&text, &pattern))
        })
        .of_two(),
        breaks("search whose links are made anew", sum, |c| {
            let (text, pattern) = text_and_pattern(c);
            c.count(|| links(&text, &pattern, true))
        })
        .of_two(),
        breaks("join by copies", n, |c| {
            c.count(|| {
                let mut out = String::new();
                for _ in 0..c.sizes[0] {
                    tick(out.len() as u64 + 1);
                    out = format!("{out}x");
                }
            })
        }),
        breaks("palindromes from every middle", n, |c| {
            let text = letters(c);
            c.count(|| palindromes(&text, false))
        }),
        breaks("edit distance as linear", sum, |c| {
            let (a, b) = text_and_pattern(c);
            c.count(|| subsequence(&a, &b))
        })
        .of_two(),
        breaks("sorted suffixes by comparing them", n_log, |c| {
            let text = letters(c);
            c.count(|| {
                let mut order: Vec<usize> = (0..text.len()).collect();
                order.sort_by(|a, b| {
                    let same = text[*a..]
                        .iter()
                        .zip(&text[*b..])
                        .take_while(|(x, y)| x == y)
                        .count();
                    tick(same as u64 + 1);
                    text[*a..].cmp(&text[*b..])
                });
            })
        }),
        breaks("replacement that moves the rest", n, |c| {
            let text = letters(c);
            c.count(|| {
                for (at, letter) in text.iter().enumerate() {
                    tick(1);
                    if *letter == b'b' {
                        tick((text.len() - at) as u64);
                    }
                }
            })
        }),
        breaks("common prefixes from the start each", n, |c| {
            let text = letters(c);
            c.count(|| {
                for at in 1..text.len() {
                    let same = text[at..]
                        .iter()
                        .zip(&text)
                        .take_while(|(x, y)| x == y)
                        .count();
                    tick(same as u64 + 1);
                }
            })
        }),
        breaks("characters by their number", n, |c| {
            c.count(|| {
                for i in 0..c.sizes[0] {
                    tick(i + 1);
                }
            })
        }),
    ]
}

/// Values of the shape as two letters: much repetition.
fn letters(c: &Case) -> Vec<u8> {
    numbers(c).iter().map(|x| b'a' + (*x % 2) as u8).collect()
}

/// A pattern that often nearly fits; the variables are lengths of a text and a pattern of any lengths.
fn text_and_pattern(c: &Case) -> (Vec<u8>, Vec<u8>) {
    let text = letters(c);
    let m = usize::try_from(c.sizes[1]).unwrap();
    let mut pattern: Vec<u8> = text.iter().copied().cycle().take(m).collect();
    if let Some(last) = pattern.last_mut() {
        *last = if c.shape == Shape::Random { b'a' } else { b'z' };
    }
    (text, pattern)
}

fn failure_links(pattern: &[u8]) -> Vec<usize> {
    let mut links = vec![0; pattern.len()];
    let mut k = 0;
    for i in 1..pattern.len() {
        tick(1);
        while k > 0 && pattern[i] != pattern[k] {
            tick(1);
            k = links[k - 1];
        }
        if pattern[i] == pattern[k] {
            k += 1;
        }
        links[i] = k;
    }
    links
}

fn links(text: &[u8], pattern: &[u8], anew: bool) {
    let mut links = failure_links(pattern);
    let mut k = 0;
    for x in text {
        tick(1);
        while k > 0 && (k == pattern.len() || *x != pattern[k]) {
            tick(1);
            if anew {
                links = failure_links(pattern);
            }
            k = links[k - 1];
        }
        if pattern.get(k) == Some(x) {
            k += 1;
        }
    }
}

fn naive(text: &[u8], pattern: &[u8]) {
    for at in 0..(text.len() + 1).saturating_sub(pattern.len()) {
        tick(1);
        for (x, y) in text[at..].iter().zip(pattern) {
            tick(1);
            if x != y {
                break;
            }
        }
    }
}

fn prefixes(text: &[u8]) {
    let mut z = vec![0; text.len()];
    let (mut low, mut high) = (0, 0);
    for i in 1..text.len() {
        tick(1);
        if i < high {
            z[i] = z[i - low].min(high - i);
        }
        while i + z[i] < text.len() && text[z[i]] == text[i + z[i]] {
            tick(1);
            z[i] += 1;
        }
        if i + z[i] > high {
            (low, high) = (i, i + z[i]);
        }
    }
}

/// Odd palindromes; `clever` reuses the mirror image's (Manacher).
fn palindromes(text: &[u8], clever: bool) {
    let mut radius = vec![0_usize; text.len()];
    let (mut centre, mut right) = (0, 0);
    for i in 0..text.len() {
        tick(1);
        if clever && i < right {
            radius[i] = radius[2 * centre - i].min(right - i);
        }
        while let (Some(low), high) = (i.checked_sub(radius[i] + 1), i + radius[i] + 1) {
            if high >= text.len() || text[low] != text[high] {
                break;
            }
            tick(1);
            radius[i] += 1;
        }
        if i + radius[i] > right {
            (centre, right) = (i, i + radius[i]);
        }
    }
}

fn subsequence(a: &[u8], b: &[u8]) {
    let mut row = vec![0_u32; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            tick(1);
            let above = row[j + 1];
            row[j + 1] = if x == y {
                diagonal + 1
            } else {
                above.max(row[j])
            };
            diagonal = above;
        }
    }
}
