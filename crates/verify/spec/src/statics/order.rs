//! Differences of numbers: whether `a - b <= c` can hold for all of many pairs.
//!
//! A set of such bounds has a solution unless they form a circle of negative length (Bellman 1958, Ford 1956).

use std::collections::BTreeMap;

/// Bounds on differences of named numbers; the number without a name is zero.
#[derive(Debug, Default)]
pub(super) struct Order {
    names: BTreeMap<String, usize>,
    bounds: Vec<(usize, usize, Length)>,
}

/// A length; `strict` counts the bounds that exclude equality.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Length {
    distance: f64,
    strict: u32,
}

impl Length {
    fn plus(self, other: Self) -> Self {
        Self {
            distance: self.distance + other.distance,
            strict: self.strict.saturating_add(other.strict),
        }
    }

    fn shorter_than(self, other: Self) -> bool {
        match self.distance.total_cmp(&other.distance) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal => self.strict > other.strict,
            std::cmp::Ordering::Greater => false,
        }
    }
}

impl Order {
    fn number(&mut self, name: Option<&str>) -> usize {
        let Some(name) = name else { return 0 };
        let next = self.names.len() + 1;
        *self.names.entry(name.to_owned()).or_insert(next)
    }

    /// `a - b <= c`, or `<` when strict.
    pub(super) fn bound(&mut self, a: Option<&str>, b: Option<&str>, c: f64, strict: bool) {
        let (a, b) = (self.number(a), self.number(b));
        // -0 is 0 here.
        let distance = if c == 0.0 { 0.0 } else { c };
        let length = Length {
            distance,
            strict: u32::from(strict),
        };
        self.bounds.push((b, a, length));
    }

    /// Whether no numbers satisfy all bounds.
    pub(super) fn impossible(&self) -> bool {
        let zero = Length {
            distance: 0.0,
            strict: 0,
        };
        let mut lengths = vec![zero; self.names.len() + 1];
        for _ in 0..=lengths.len() {
            let mut changed = false;
            for (from, to, length) in &self.bounds {
                let Some(through) = lengths.get(*from).map(|l| l.plus(*length)) else {
                    continue;
                };
                if let Some(known) = lengths.get_mut(*to)
                    && through.shorter_than(*known)
                {
                    *known = through;
                    changed = true;
                }
            }
            if !changed {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn impossible(bounds: &[(&str, &str, f64, bool)]) -> bool {
        let mut order = Order::default();
        for (a, b, c, strict) in bounds {
            let name = |s: &'static str| if s == "0" { None } else { Some(s) };
            let leak = |s: &&str| -> &'static str {
                if *s == "x" {
                    "x"
                } else if *s == "y" {
                    "y"
                } else {
                    "0"
                }
            };
            order.bound(name(leak(a)), name(leak(b)), *c, *strict);
        }
        order.impossible()
    }

    #[test]
    fn circles_of_negative_length_are_impossible() {
        assert!(!impossible(&[
            ("x", "0", 5.0, false),
            ("0", "x", -5.0, false)
        ]));
        assert!(impossible(&[
            ("x", "0", 5.0, true),
            ("0", "x", -5.0, false)
        ]));
        assert!(impossible(&[
            ("x", "0", 5.0, false),
            ("0", "x", -6.0, false)
        ]));
        assert!(impossible(&[("x", "y", 0.0, true), ("y", "x", 0.0, false)]));
        assert!(!impossible(&[
            ("x", "y", 0.0, false),
            ("y", "x", 0.0, false)
        ]));
        assert!(impossible(&[("x", "x", -1.0, false)]));
        assert!(!impossible(&[]));
        assert!(impossible(&[
            ("x", "y", -1.0, false),
            ("y", "0", 3.0, false),
            ("0", "x", -3.0, false)
        ]));
    }
}
