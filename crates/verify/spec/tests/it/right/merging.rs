//! Two sorted lists as one.

use voidstate_spec::implements;

#[implements(inline = r#"
tool merge "two sorted lists as one" {
  input a: [int]
  input b: [int]
  output c: [int]
  requires "a is sorted": is_sorted(a)
  requires "b is sorted": is_sorted(b)
  ensures "sorted": is_sorted(c)
  ensures "nothing lost, nothing new": permutation(a ++ b, c)
}"#)]
pub(crate) fn merge(a: &[i64], b: &[i64]) -> Vec<i64> {
    let (mut i, mut j) = (0, 0);
    let mut merged = Vec::new();
    while i < a.len() && j < b.len() {
        if a[i] < b[j] {
            merged.push(a[i]);
            i += 1;
        } else {
            merged.push(b[j]);
            j += 1;
        }
    }
    merged.extend(&a[i..]);
    merged.extend(&b[j..]);
    merged
}
