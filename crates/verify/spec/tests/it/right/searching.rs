//! The first place of a value in a sorted list.

use voidstate_spec::implements;

#[implements(inline = r#"
tool first_place "where a value stands first in a sorted list" {
  input xs: [int]
  input x: int
  output place: int?
  requires "sorted": is_sorted(xs)
  ensures "it is there": match place { some(i) -> xs[i] == x, none -> not (x in xs) }
  ensures "none before it": match place { some(i) -> i == 0 or xs[i - 1] < x, none -> true }
}"#)]
pub(crate) fn first_place(xs: &[i64], x: i64) -> Option<usize> {
    let (mut low, mut high) = (0, xs.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if xs[middle] < x {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (low < xs.len() && xs[low] == x).then_some(low)
}
