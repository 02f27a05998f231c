use voidstate_dependent::{NonEmpty, Sorted};

fn main() {
    let mut sorted = Sorted::sort(vec![1, 2]);
    sorted.reverse();
    sorted[0] = 9;
    sorted.push(0);
    let mut list = NonEmpty::of(1, vec![]);
    list.clear();
}
