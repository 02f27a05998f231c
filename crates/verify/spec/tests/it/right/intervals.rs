//! Overlapping intervals as few as cover the same.

use voidstate_spec::implements;

#[implements(inline = r#"
define covers(all_of: [(int, int)], x: int): bool = any(all_of, |low, high| low <= x < high)
tool united "intervals, from the first up to but not including the second, as few as cover the same" {
  input intervals: [(int, int)]
  output united: [(int, int)]
  requires "small": all(intervals, |p| -50 <= p.0 <= 50 and -50 <= p.1 <= 50)
  ensures "none is empty": all(united, |low, high| low < high)
  ensures "in order, apart": all(1..len(united), |i| united[i - 1].1 < united[i].0)
  ensures "they cover the same": all(-50..50, |x| covers(intervals, x) <=> covers(united, x))
}"#)]
pub(crate) fn united(intervals: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    let mut sorted: Vec<(i64, i64)> = intervals
        .into_iter()
        .filter(|(low, high)| low < high)
        .collect();
    sorted.sort_unstable();
    let mut united: Vec<(i64, i64)> = Vec::new();
    for (low, high) in sorted {
        match united.last_mut() {
            Some(last) if low <= last.1 => last.1 = last.1.max(high),
            _ => united.push((low, high)),
        }
    }
    united
}
