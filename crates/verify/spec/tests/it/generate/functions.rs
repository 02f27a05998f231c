//! Subjects without state. Fault 0 is the right implementation.

use std::collections::BTreeMap;

use voidstate_spec::language::Value;
use voidstate_spec::{Called, Subject};

use super::support::{Functions, gave, int, ints, items, list, option, real, reals, refused, text};

fn boxed(f: impl FnMut(usize, &[Value]) -> Called + 'static) -> Box<dyn Subject> {
    Box::new(Functions(f))
}

pub(crate) const PATTERN_MATCHER: &str = r#"
tool pattern_matcher "finds every place where a pattern occurs" {
  input text: text
  input pattern: text
  output positions: [int]
  fails "no pattern": len(pattern) == 0
  ensures "all positions valid": all(positions, |p| 0 <= p <= len(text) - len(pattern))
  ensures "each is a match": all(positions, |p| text[p..p + len(pattern)] == pattern)
  ensures "every match is found": all(0..len(text) - len(pattern) + 1, |i| text[i..i + len(pattern)] == pattern => i in positions)
  ensures "in order": all(1..len(positions), |i| positions[i - 1] < positions[i])
  example (text: "abab", pattern: "ab") => (positions: [0, 2])
  example "empty pattern" (text: "abc", pattern: "") => fails
}"#;

/// Overlapping matches, by character.
pub(crate) fn find(text: &str, pattern: &str, fault: usize) -> Result<Vec<i64>, String> {
    let (t, p): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    if p.is_empty() {
        return if fault == 5 {
            Ok(Vec::new())
        } else {
            Err("no pattern".to_owned())
        };
    }
    if p.len() > t.len() {
        return Ok(Vec::new());
    }
    let end = t.len() - p.len() + usize::from(fault != 1);
    let mut found = Vec::new();
    let mut i = 0;
    while i < end {
        let hit = match fault {
            4 => t[i] == p[0],
            _ => t[i..i + p.len()] == p[..],
        };
        if hit {
            let at = if fault == 3 {
                t[..i].iter().map(|c| c.len_utf8()).sum()
            } else {
                i
            };
            found.push(i64::try_from(at).unwrap());
            if fault == 2 {
                i += p.len() - 1;
            }
        }
        i += 1;
    }
    Ok(found)
}

pub(crate) fn pattern_matcher(fault: usize) -> Box<dyn Subject> {
    boxed(
        move |_, inputs| match find(text(&inputs[0]), text(&inputs[1]), fault) {
            Ok(positions) => gave(list(positions)),
            Err(why) => refused(&why),
        },
    )
}

pub(crate) const BINARY_SEARCH: &str = r#"
tool binary_search "finds a value in a sorted list" {
  input xs: [int]
  input x: int
  output found: int?
  requires "sorted": all(1..len(xs), |i| xs[i - 1] <= xs[i])
  ensures "found is where it is": match found { some(i) -> xs[i] == x, none -> true }
  ensures "found when there": x in xs => is_some(found)
}"#;

pub(crate) fn binary_search(fault: usize) -> Box<dyn Subject> {
    boxed(move |_, inputs| {
        let (xs, x) = (ints(&inputs[0]), int(&inputs[1]));
        let (mut low, mut high) = (usize::from(fault == 2), xs.len());
        if fault == 1 {
            high = high.saturating_sub(1);
        }
        while low < high {
            let middle = low.midpoint(high);
            if xs[middle] == x && (fault != 4 || middle > 0) {
                return gave(option(Some(i64::try_from(middle).unwrap())));
            }
            if xs[middle] < x {
                low = middle + 1;
            } else if fault == 5 {
                high = middle.saturating_sub(1);
            } else {
                high = middle;
            }
        }
        if fault == 3 && low < xs.len() {
            return gave(option(Some(i64::try_from(low).unwrap())));
        }
        gave(option(None))
    })
}

pub(crate) const MERGE: &str = r#"
tool merge "merges two sorted lists" {
  input a: [int]
  input b: [int]
  output c: [int]
  requires "a is sorted": is_sorted(a)
  requires "b is sorted": is_sorted(b)
  ensures "sorted": is_sorted(c)
  ensures "nothing lost, nothing new": permutation(a ++ b, c)
  example (a: [1, 3], b: [2]) => (c: [1, 2, 3])
}"#;

pub(crate) fn merge(fault: usize) -> Box<dyn Subject> {
    boxed(move |_, inputs| {
        let (a, b) = (ints(&inputs[0]), ints(&inputs[1]));
        let (mut i, mut j) = (0, 0);
        let mut c = Vec::new();
        while i < a.len() && j < b.len() {
            if fault == 2 && a[i] == b[j] {
                i += 1;
                continue;
            }
            let first = if fault == 4 {
                a[i].abs() <= b[j].abs()
            } else {
                a[i] <= b[j]
            };
            if first {
                c.push(a[i]);
                i += 1;
            } else {
                c.push(b[j]);
                j += 1;
            }
        }
        c.extend(&a[i..]);
        if fault != 1 {
            c.extend(&b[j..]);
        }
        if fault == 3 && a.len() == b.len() && a.len() > 2 {
            c.pop();
        }
        if fault == 5 && c.len() > 6 {
            c.dedup();
        }
        gave(list(c))
    })
}

pub(crate) const RUN_LENGTH: &str = r#"
tool run_length "lists as runs and back" {
  operation encode {
    input xs: [int]
    output runs: [(int, int)]
    ensures "no run is empty": all(runs, |r| r.1 >= 1)
    ensures "neighbours differ": all(1..len(runs), |i| runs[i - 1].0 != runs[i].0)
    ensures "says the same": flat_map(runs, |r| map(0..r.1, |k| r.0)) == xs
  }
  operation decode {
    input runs: [(int, int)]
    output xs: [int]
    requires "counts": all(runs, |r| 0 <= r.1 <= 20)
    ensures "says the same": flat_map(runs, |r| map(0..r.1, |k| r.0)) == xs
    example (runs: [(7, 2), (8, 1)]) => (xs: [7, 7, 8])
  }
}"#;

pub(crate) fn run_length(fault: usize) -> Box<dyn Subject> {
    boxed(move |operation, inputs| {
        if operation == 0 {
            let xs = ints(&inputs[0]);
            let mut runs: Vec<(i64, i64)> = Vec::new();
            for x in &xs {
                match runs.last_mut() {
                    Some((value, count)) if value == x && !(fault == 2 && *count == 4) => {
                        *count += 1
                    }
                    _ => runs.push((*x, 1)),
                }
            }
            if fault == 1 && runs.len() > 1 {
                runs.pop();
            }
            if fault == 3 && xs.len() > 1 && xs.first() == xs.last() {
                runs[0].1 += 1;
            }
            let pairs = runs
                .into_iter()
                .map(|(value, count)| Value::tuple(vec![Value::Int(value), Value::Int(count)]));
            return gave(Value::list(pairs.collect::<Vec<_>>()));
        }
        let mut xs = Vec::new();
        for run in items(&inputs[0]) {
            let (value, count) = (int(&items(run)[0]), int(&items(run)[1]));
            let count = match fault {
                4 => count.max(1),
                5 if count == 20 => 19,
                6 if value < 0 => count - 1,
                _ => count,
            };
            for _ in 0..count {
                xs.push(value);
            }
        }
        gave(list(xs))
    })
}

pub(crate) const CLAMP: &str = r#"
tool clamp "puts a number between two ends" {
  input x: real
  input low: real
  input high: real
  output y: real
  requires "ends in order": low <= high
  fails "no number": is_nan(x)
  ensures "within": low <= y <= high
  ensures "unchanged inside": low <= x <= high => y == x
  ensures "low below": x < low => y == low
  ensures "high above": x > high => y == high
}"#;

#[expect(clippy::cast_possible_truncation, reason = "the fault that is planted")]
pub(crate) fn clamp(fault: usize) -> Box<dyn Subject> {
    boxed(move |_, inputs| {
        let (x, low, high) = (real(&inputs[0]), real(&inputs[1]), real(&inputs[2]));
        if x.is_nan() {
            return if fault == 5 {
                gave(Value::Real(low))
            } else {
                refused("nan")
            };
        }
        let y = match fault {
            1 => x.min(high),
            2 if x < low => f64::midpoint(low, high),
            3 => f64::from(x as f32).max(low).min(high),
            4 if x > high && high > 0.0 => high.next_down(),
            6 if x.is_infinite() => panic!("infinite"),
            _ => x.max(low).min(high),
        };
        gave(Value::Real(y))
    })
}

pub(crate) const MEDIAN: &str = r#"
tool median_of "the middle" {
  input xs: [real]
  output m: real
  requires "some": len(xs) > 0
  requires "ordinary": all(xs, |x| abs(x) <= 1e100)
  ensures "middle": let s = sorted(xs) in let n = len(xs) in
    if n % 2 == 1 then m == s[n / 2] else m ~= (s[n / 2 - 1] + s[n / 2]) / 2.0 within 1e-9 relative
}"#;

pub(crate) fn median(fault: usize) -> Box<dyn Subject> {
    boxed(move |_, inputs| {
        let mut xs = reals(&inputs[0]);
        match fault {
            2 => {}
            5 => xs.sort_by(|a, b| a.abs().total_cmp(&b.abs())),
            _ => xs.sort_by(f64::total_cmp),
        }
        let n = xs.len();
        let m = if n % 2 == 1 {
            if fault == 3 && n > 4 {
                xs[n / 2 + 1]
            } else {
                xs[n / 2]
            }
        } else {
            let (a, b) = (xs[n / 2 - 1], xs[n / 2]);
            match fault {
                1 => b,
                4 => f64::midpoint(a, b).trunc(),
                _ => (a + b) / 2.0,
            }
        };
        gave(Value::Real(m))
    })
}

pub(crate) const LOOKUP: &str = r#"
tool lookup "the value of a key, or what stands in for it" {
  input table: {text: int}
  input key: text
  input fallback: int?
  output value: int
  fails "absent": not (key in table) and is_none(fallback)
  ensures "of the table": key in table => value == table[key]
  ensures "of the fallback": not (key in table) => some(value) == fallback
}"#;

pub(crate) fn lookup(fault: usize) -> Box<dyn Subject> {
    boxed(move |_, inputs| {
        let Value::Map(table) = &inputs[0] else {
            unreachable!()
        };
        let fallback = match &inputs[2] {
            Value::Option(inner) => inner.as_deref().map(int),
            other => unreachable!("{other:?}"),
        };
        let table: &BTreeMap<Value, Value> = table;
        let mut found = table.get(&inputs[1]).map(int);
        if fault == 1 && text(&inputs[1]).is_empty() {
            found = None;
        }
        if fault == 2 && fallback.is_some() {
            found = None;
        }
        if fault == 3 && found == Some(0) {
            found = None;
        }
        if fault == 5 && found.is_none() && fallback.is_none() {
            return gave(Value::Int(0));
        }
        match found.or(if fault == 4 { None } else { fallback }) {
            Some(value) => gave(Value::Int(value)),
            None => refused("absent"),
        }
    })
}

pub(crate) const OVERLAP: &str = r#"
enum Side { left, right, both }
record Period { start: int<ms>, end: int<ms> }
tool overlap "how long two periods share, and which one is longer" {
  input a: Period
  input b: Period
  output shared: int<ms>
  output longer: Side
  requires "a in order": 0 <= a.start <= a.end <= 1_000_000_000
  requires "b in order": 0 <= b.start <= b.end <= 1_000_000_000
  ensures "what both have": shared == max(0, min(a.end, b.end) - max(a.start, b.start))
  ensures "longer": match longer {
    left -> a.end - a.start > b.end - b.start,
    right -> a.end - a.start < b.end - b.start,
    both -> a.end - a.start == b.end - b.start
  }
}"#;

pub(crate) fn overlap(fault: usize) -> Box<dyn Subject> {
    use std::sync::Arc;
    use voidstate_spec::language::{EnumType, compile};
    let spec = compile(OVERLAP).unwrap();
    let side: Arc<EnumType> = Arc::clone(&spec.enums[0]);
    boxed(move |_, inputs| {
        let (a, b) = (ints(&inputs[0]), ints(&inputs[1]));
        let mut shared = a[1].min(b[1]) - a[0].max(b[0]);
        if fault != 1 {
            shared = shared.max(0);
        }
        if fault == 2 && a[0] < b[0] && b[1] < a[1] {
            shared = a[1] - b[0];
        }
        if fault == 3 && a[1] == b[0] {
            shared = 1;
        }
        let (long_a, long_b) = (a[1] - a[0], b[1] - b[0]);
        let tag = match long_a.cmp(&long_b) {
            std::cmp::Ordering::Greater => 0,
            std::cmp::Ordering::Less => 1,
            std::cmp::Ordering::Equal => {
                if fault == 4 {
                    0
                } else {
                    2
                }
            }
        };
        Called::Returned(vec![
            Value::Int(shared),
            Value::Enum(Arc::clone(&side), tag, [].into()),
        ])
    })
}

pub(crate) const SPLIT: &str = r#"
tool split_evenly "equal shares" {
  input total: int
  input parts: int
  output shares: [int]
  requires "some parts": 1 <= parts <= 12
  requires "divisible": total % parts == 0
  ensures "as many": len(shares) == parts
  ensures "equal": all(shares, |s| s * parts == total)
}"#;

pub(crate) fn split(fault: usize) -> Box<dyn Subject> {
    boxed(move |_, inputs| {
        let (total, parts) = (int(&inputs[0]), int(&inputs[1]));
        let share = match fault {
            1 if total < 0 => total / parts - 1,
            2 if total > i64::MAX / 2 => 0,
            _ => total / parts,
        };
        let count = if fault == 3 && parts == 12 { 11 } else { parts };
        gave(list((0..count).map(|_| share)))
    })
}
